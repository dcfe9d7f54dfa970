package assessment

import (
	"bytes"
	"context"
	"crypto/hmac"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"cakap/internal/access"
	"cakap/internal/fault"
)

// The answer file is the last resort: a phone that finds no network to the end
// of the exam saves what it holds, and an officer uploads it.

// MaxAnswerFile is how large an answer file may be.
const MaxAnswerFile = 256 << 10

// answerFileVersion is the version of the format. The page writes it.
const answerFileVersion = 1

// answerFile is what the page writes.
type answerFile struct {
	Format  string `json:"format"`
	Version int    `json:"version"`
	Code    string `json:"code"`  // what the page calls the attempt, for people
	Saved   string `json:"saved"` // the phone's clock: for people, it decides nothing
	Token   string `json:"token"`
	Entries []struct {
		Position int    `json:"n"`
		Seq      int64  `json:"s"`
		Value    string `json:"v"`
		Doubt    bool   `json:"d"`
	} `json:"entries"`
}

// answerFilePurpose keeps a file's token from passing as any other: with it
// nothing can be saved through the door of browsers.
const answerFilePurpose = "answerfile"

// AnswerFileToken names a ticket's attempt and device in an answer file.
func AnswerFileToken(keys *access.Keys, t Ticket) string {
	sealed := keys.Seal(answerFilePurpose, t.Enrolment)
	rest := fmt.Sprintf("%s.%d.%d", sealed, t.No, t.Epoch)
	return rest + "." + keys.Code(answerFilePurpose, rest)
}

// parseAnswerFileToken is the attempt and the device's epoch.
func parseAnswerFileToken(keys *access.Keys, token string) (id AttemptID, epoch int, err error) {
	refused := fault.New(fault.Invalid, "assessment.file_token")
	at := strings.LastIndexByte(token, '.')
	if at < 0 || len(token) > 200 || !hmac.Equal([]byte(token[at+1:]), []byte(keys.Code(answerFilePurpose, token[:at]))) {
		return id, 0, refused
	}
	parts := strings.Split(token[:at], ".")
	if len(parts) != 3 {
		return id, 0, refused
	}
	id.Enrolment, err = keys.Open(answerFilePurpose, parts[0])
	no, noErr := strconv.Atoi(parts[1])
	epoch, epochErr := strconv.Atoi(parts[2])
	if err := errors.Join(err, noErr, epochErr); err != nil {
		return id, 0, refused.Because(err)
	}
	id.No = no
	return id, epoch, nil
}

// FileTaken says what became of an answer file.
type FileTaken struct {
	AttemptID
	Who     Enrolment
	State   State
	Entries int // in the file
	Stored  int // in the journal now: they count
	Already int // the server had them
	Late    int // kept for an officer to decide about
	Newer   int // left out: the position was answered since, on another device
	Bad     int // left out: not an answer that this form can have
}

// TakeFile takes an answer file in. Its entries count as received now: in time
// they go to the journal by the statement that every save goes by, later they
// are kept as late answers, even behind a submission, and an officer decides.
// Taking the same file again changes nothing.
func (s *Service) TakeFile(ctx context.Context, actor Actor, event int64, data []byte) (FileTaken, error) {
	file, err := parseAnswerFile(data)
	if err != nil {
		return FileTaken{}, err
	}
	id, epoch, err := parseAnswerFileToken(s.keys, file.Token)
	if err != nil {
		return FileTaken{}, err
	}
	en, err := enrolmentFor(ctx, s.read, actor, id.Enrolment)
	if err != nil {
		return FileTaken{}, err
	}
	if en.Event != event {
		return FileTaken{}, fault.New(fault.Conflict, "assessment.file_other_event")
	}
	a, err := s.read.attempt(ctx, id)
	if err != nil {
		return FileTaken{}, missing(err, "load attempt", "assessment.not_started")
	}
	f, err := s.read.form(ctx, a.Enrolment, a.FormNo)
	if err != nil {
		return FileTaken{}, fmt.Errorf("load form: %w", err)
	}
	in := filing{ticket: Ticket{AttemptID: id, Person: en.Person, Epoch: epoch, Shape: f.Shape()}, received: s.now()}
	in.read(file)
	detail := map[string]any{"attempt": id.No}
	err = s.onEnrolment(ctx, actor, id.Enrolment, "attempt.answer_file", detail, func(st store, _ Enrolment) error {
		if err := st.lock(ctx, []int64{id.Enrolment}, in.received); err != nil {
			return err
		}
		if err := in.take(ctx, st); err != nil {
			return err
		}
		detail["entries"], detail["stored"], detail["already"], detail["late"] = len(file.Entries), in.out.Stored, in.out.Already, in.out.Late
		detail["newer"], detail["bad"] = in.out.Newer, in.out.Bad
		return nil
	})
	if err != nil {
		return FileTaken{}, err
	}
	in.out.AttemptID, in.out.Who, in.out.Entries = id, en, len(file.Entries)
	return in.out, nil
}

// parseAnswerFile reads strictly: what a page of ours did not write is refused.
func parseAnswerFile(data []byte) (answerFile, error) {
	if len(data) > MaxAnswerFile {
		return answerFile{}, fault.New(fault.TooLarge, "assessment.file_large", MaxAnswerFile>>10)
	}
	bad := fault.New(fault.Invalid, "assessment.file_bad")
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	var file answerFile
	if err := dec.Decode(&file); err != nil {
		return file, bad.Because(err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return file, bad
	}
	if file.Format != "cakap-jawaban" || file.Version != answerFileVersion || len(file.Entries) == 0 || len(file.Entries) > maxEntries {
		return file, bad
	}
	return file, nil
}

// filing is the work on one file inside its transaction.
type filing struct {
	ticket   Ticket
	received time.Time
	entries  []Entry
	bad      int
	out      FileTaken
}

// read keeps the entries that the form can have.
func (f *filing) read(file answerFile) {
	for _, e := range file.Entries {
		entry := Entry{Position: e.Position, Seq: e.Seq, Value: canonical(f.ticket.Shape, e.Position, e.Value), Doubt: e.Doubt}
		if f.ticket.check(entry) != nil || e.Seq < 1 || e.Seq > maxSeq {
			f.bad++
			continue
		}
		f.entries = append(f.entries, entry)
	}
}

func (f *filing) take(ctx context.Context, st store) error {
	f.out = FileTaken{Bad: f.bad}
	a, err := st.attempt(ctx, f.ticket.AttemptID)
	if err != nil {
		return err
	}
	if a.State == Voided {
		return fault.New(fault.Conflict, "assessment.voided")
	}
	f.out.State = a.State
	entries := f.entries
	if a.DeviceEpoch != f.ticket.Epoch {
		if entries, err = f.behind(ctx, st); err != nil {
			return err
		}
	}
	for _, e := range entries {
		if err := f.one(ctx, st, e); err != nil {
			return err
		}
	}
	return nil
}

// behind is what a device holds that another one has taken over from: the last
// answer of each position that nobody has answered since. It gets the lowest
// number there is, so that it can never stand over an answer of the new device.
func (f *filing) behind(ctx context.Context, st store) ([]Entry, error) {
	rows, err := st.journal(ctx, f.ticket.AttemptID)
	if err != nil {
		return nil, err
	}
	since, last := latest(rows), map[int]Entry{}
	for _, e := range f.entries {
		if have, ok := last[e.Position]; !ok || e.Seq > have.Seq {
			last[e.Position] = e
		}
	}
	var kept []Entry
	for position := 1; position <= len(f.ticket.Shape); position++ {
		e, ok := last[position]
		if !ok {
			continue
		}
		switch have := since[position]; {
		case have.Seq == 0:
			e.Seq = 1
			kept = append(kept, e)
		case have.Value == e.Value && have.Doubt == e.Doubt:
			f.out.Already++
		default:
			f.out.Newer++
		}
	}
	return kept, nil
}

// one puts an entry where it belongs.
func (f *filing) one(ctx context.Context, st store, e Entry) error {
	stored, err := st.append(ctx, f.ticket, e, f.received.UnixMilli())
	if err != nil {
		return err
	}
	if stored {
		f.out.Stored++
		return nil
	}
	journal, late, err := st.has(ctx, f.ticket.AttemptID, e)
	if err != nil {
		return err
	}
	if journal || late {
		f.out.Already++
		return nil
	}
	kept, err := st.keepFile(ctx, f.ticket.AttemptID, e, f.received.UnixMilli())
	switch {
	case err != nil:
		return err
	case kept:
		f.out.Late++
	default: // the number is taken by another answer: the first stands
		f.out.Newer++
	}
	return nil
}

// keepFile keeps an answer of a file whatever the attempt's state, unless a
// row with its number is there already, in time or late.
func (s store) keepFile(ctx context.Context, id AttemptID, e Entry, received int64) (bool, error) {
	n, err := s.db.Exec(ctx, `
		INSERT INTO late_answer (enrolment_id, attempt_no, position, seq, value, doubt, received_ms, source)
		SELECT enrolment_id, attempt_no, ?, ?, ?, ?, ?, 'file'
		FROM attempt
		WHERE enrolment_id = ? AND attempt_no = ? AND state <> 'voided' AND ? BETWEEN 1 AND items
			AND NOT EXISTS (SELECT 1 FROM answer AS a WHERE a.enrolment_id = attempt.enrolment_id AND a.attempt_no = attempt.attempt_no
				AND a.position = ? AND a.seq = ?)
		ON CONFLICT (enrolment_id, attempt_no, position, seq) DO NOTHING`,
		e.Position, e.Seq, e.Value, e.Doubt, received, id.Enrolment, id.No, e.Position, e.Position, e.Seq)
	return n == 1, err
}
