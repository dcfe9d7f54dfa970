package commit

import "time"

// NewBroken starts a writer that LIES: it answers its callers before it
// commits, and holds the commit back for a while. A crash then loses answers
// that people were told are safe.
//
// IT EXISTS ONLY TO PROVE THAT THE CRASH RIG SEES SUCH A LOSS (`make crash`
// runs against it once and must fail). No flag of `cakap serve` reaches it;
// only the environment variable CAKAP_CRASH_RIG=ack-before-commit does, and
// the server logs it as an error at start.
func NewBroken(db DB, opts Options) *Writer { return start(db, opts, 20*time.Millisecond) }

// lie answers a batch that is not committed yet, in a broken writer only.
func (w *Writer) lie(batch []*request) {
	if w.broken == 0 {
		return
	}
	for _, r := range batch {
		r.reply(nil)
	}
	time.Sleep(w.broken)
}
