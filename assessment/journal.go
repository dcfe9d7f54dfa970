package assessment

import (
	"cmp"
	"slices"
	"strconv"

	"cakap/scoring"
)

// Entry is the participant's seq-th word on a position, as a client sends it.
type Entry struct {
	Position int
	Seq      int64
	Value    string
	Doubt    bool
}

// Row is an entry of the journal. The journal is appended to and never
// changed: the answer to a position is its highest seq.
type Row struct {
	Position   int    `db:"position"`
	Seq        int64  `db:"seq"`
	Value      string `db:"value"`
	Doubt      bool   `db:"doubt"`
	ReceivedMS int64  `db:"received_ms"`
	Late       bool   `db:"late"` // accepted by an officer after the deadline
}

// Outcome is what became of an entry.
type Outcome string

// The outcomes. A client may forget an entry for all but Refused.
const (
	Stored  Outcome = "stored"
	Already Outcome = "already" // the same entry came before; nothing changed
	Late    Outcome = "late"    // kept apart, not scored unless an officer accepts it
	Refused Outcome = "refused"
)

// latest is the answer to each position.
func latest(rows []Row) map[int]Row {
	last := make(map[int]Row, len(rows))
	for _, r := range rows {
		if old, ok := last[r.Position]; !ok || r.Seq > old.Seq {
			last[r.Position] = r
		}
	}
	return last
}

// lastSeq is the highest sequence of rows.
func lastSeq(rows []Row) int64 {
	var last int64
	for _, r := range rows {
		last = max(last, r.Seq)
	}
	return last
}

// gaps is the sequences from 1 to last that are neither in have nor given up.
func gaps(have []int64, last int64, without []int64) []int64 {
	const most = 500 // a client that names more is broken; it need not hear them all
	present := make(map[int64]bool, len(have)+len(without))
	for _, seq := range have {
		present[seq] = true
	}
	for _, seq := range without {
		present[seq] = true
	}
	var missing []int64
	for seq := int64(1); seq <= last && len(missing) < most; seq++ {
		if !present[seq] {
			missing = append(missing, seq)
		}
	}
	return missing
}

// journalHash fixes every row of the journal, so a later change of any is found.
func journalHash(rows []Row) string {
	sorted := slices.Clone(rows)
	slices.SortFunc(sorted, func(a, b Row) int { return cmp.Or(cmp.Compare(a.Seq, b.Seq), cmp.Compare(a.Position, b.Position)) })
	text := make([]byte, 0, 32*len(rows))
	for _, r := range sorted {
		text = strconv.AppendInt(text, r.Seq, 10)
		text = append(text, '|')
		text = strconv.AppendInt(text, int64(r.Position), 10)
		text = append(text, '|')
		text = append(text, r.Value...)
		text = append(text, '|')
		text = strconv.AppendBool(text, r.Doubt)
		text = append(text, '|')
		text = strconv.AppendInt(text, r.ReceivedMS, 10)
		text = append(text, '|')
		text = strconv.AppendBool(text, r.Late)
		text = append(text, '\n')
	}
	return hashText(string(text))
}

// answersHash fixes what the participant answered in the end; its first
// characters stand on the receipt.
func answersHash(rows []Row, items int) string {
	last := latest(rows)
	var text []byte
	for position := 1; position <= items; position++ {
		text = strconv.AppendInt(text, int64(position), 10)
		text = append(text, ':')
		text = append(text, last[position].Value...)
		text = append(text, '\n')
	}
	return hashText(string(text))
}

// answered counts the positions with an answer.
func answered(rows []Row) int {
	n := 0
	for _, r := range latest(rows) {
		if r.Value != "" {
			n++
		}
	}
	return n
}

// responses scores each position; marks holds the decided ones of answers that
// people mark, by position. What the participant left empty is omitted. Where
// time ran out, the positions behind the last one with any entry were not
// reached. What is not scored counts nowhere.
func responses(form Form, keys []scoring.Key, rows []Row, ended Ending, marks map[int]share) []scoring.Response {
	last := latest(rows)
	reached := len(form.Items)
	if ended != ByParticipant {
		reached = 0
		for position := range last {
			reached = max(reached, position)
		}
	}
	all := make([]scoring.Response, len(form.Items))
	for i, item := range form.Items {
		r := scoring.Response{Aspect: item.Aspect, State: scoring.Omitted, Max: keys[i].Max}
		switch row := last[i+1]; {
		case !keys[i].Scored():
			r.State = scoring.NotPresented
		case row.Value != "":
			r.State, r.Points = scoring.Answered, keys[i].Mark(item.answer(row.Value))
			if !forMarker(keys[i], row.Value) {
				break
			}
			if m, done := marks[i+1]; done {
				r.Points += m.of(byHand(keys[i]))
			} else {
				r.State, r.Points = scoring.Pending, 0
			}
		case i+1 > reached:
			r.State = scoring.NotReached
		}
		all[i] = r
	}
	return all
}
