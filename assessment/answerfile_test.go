package assessment

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"cakap/internal/fault"
)

// fileOf is an answer file as the page writes it.
func (w *world) fileOf(t Ticket, entries ...Entry) []byte {
	w.t.Helper()
	type entry struct {
		N int    `json:"n"`
		S int64  `json:"s"`
		V string `json:"v"`
		D bool   `json:"d"`
	}
	all := make([]entry, len(entries))
	for i, e := range entries {
		all[i] = entry{e.Position, e.Seq, e.Value, e.Doubt}
	}
	text, err := json.Marshal(map[string]any{
		"format": "cakap-jawaban", "version": 1, "code": "ABCD-EFGH", "saved": "2026-03-03T01:10:00.000Z",
		"token": AnswerFileToken(w.svc.keys, t), "entries": all,
	})
	w.must(err)
	return text
}

func (w *world) takeFile(actor Actor, event int64, data []byte) FileTaken {
	w.t.Helper()
	got, err := w.svc.TakeFile(w.ctx, actor, event, data)
	w.must(err)
	return got
}

// counts is an outcome without the person.
func (f FileTaken) counts() string {
	return fmt.Sprintf("%d: %d stored, %d already, %d late, %d newer, %d bad", f.Entries, f.Stored, f.Already, f.Late, f.Newer, f.Bad)
}

func TestAnswerFileInTime(t *testing.T) {
	each(t, 1, func(t *testing.T, w *world) {
		e := w.open(plan{agencies: []int64{agencyA}})
		tk := w.begin(w.enrolments(e)[0])
		w.save(tk, 1, 1, "A")
		file := w.fileOf(tk, Entry{Position: 1, Seq: 1, Value: "A"}, Entry{Position: 2, Seq: 2, Value: "B", Doubt: true}, Entry{Position: 2, Seq: 3, Value: "A"}, Entry{Position: 41, Seq: 4, Value: "A"}, Entry{Position: 3, Seq: 5, Value: "Z"})
		got := w.takeFile(officerA, e.ID, file)
		if want := "5: 2 stored, 1 already, 0 late, 0 newer, 2 bad"; got.counts() != want {
			t.Errorf("taken %s, want %s", got.counts(), want)
		}
		if again := w.takeFile(officerA, e.ID, file); again.counts() != "5: 0 stored, 3 already, 0 late, 0 newer, 2 bad" {
			t.Errorf("the same file again: %s", again.counts())
		}
		rows, err := w.svc.read.journal(w.ctx, tk.AttemptID)
		w.must(err)
		if len(rows) != 3 || latest(rows)[2].Value != "A" {
			t.Errorf("journal: %+v", rows)
		}
		var detail string
		w.must(w.db.Get(w.ctx, &detail, `SELECT detail FROM audit WHERE action = 'attempt.answer_file' ORDER BY seq LIMIT 1`))
		if !strings.Contains(detail, `"stored":2`) || strings.Contains(detail, "ABCD") {
			t.Errorf("audit: %s", detail)
		}
	})
}

// After the time, and even after the end, entries are kept and not scored until
// an officer accepts them.
func TestAnswerFileLate(t *testing.T) {
	each(t, 1, func(t *testing.T, w *world) {
		e := w.open(plan{agencies: []int64{agencyA}})
		tk := w.begin(w.enrolments(e)[0])
		w.save(tk, 1, 1, w.right(tk, 1))
		w.clock.Set(day.Add(time.Hour + time.Minute))
		got := w.takeFile(officerA, e.ID, w.fileOf(tk, Entry{Position: 2, Seq: 2, Value: w.right(tk, 2)}))
		if got.counts() != "1: 0 stored, 0 already, 1 late, 0 newer, 0 bad" {
			t.Errorf("after the deadline: %s", got.counts())
		}
		_, _, err := w.svc.Submit(w.ctx, tk, w.clock.Now(), Submission{})
		w.must(err)
		file := w.fileOf(tk, Entry{Position: 2, Seq: 2, Value: w.right(tk, 2)}, Entry{Position: 3, Seq: 3, Value: w.right(tk, 3)})
		if got := w.takeFile(officerA, e.ID, file); got.counts() != "2: 0 stored, 1 already, 1 late, 0 newer, 0 bad" {
			t.Errorf("after the submission: %s", got.counts())
		}
		if n := w.count(`SELECT count(*) FROM late_answer WHERE source = 'file'`); n != 2 {
			t.Errorf("%d late answers of files, want 2", n)
		}
		if n := w.count(`SELECT count(*) FROM answer`); n != 1 {
			t.Errorf("%d answers count before anybody decided", n)
		}
		n, err := w.svc.AcceptLate(w.ctx, officerA, tk.AttemptID, "jaringan putus sampai akhir")
		w.must(err)
		if n != 2 {
			t.Errorf("%d accepted, want 2", n)
		}
		if version := w.count(`SELECT max(version) FROM result WHERE enrolment_id = ?`, tk.Enrolment); version != 2 {
			t.Errorf("result version %d, want 2", version)
		}
	})
}

// What an old device held fills gaps and never stands over what the new device
// has answered, before or after.
func TestAnswerFileOfTheDeviceBefore(t *testing.T) {
	each(t, 1, func(t *testing.T, w *world) {
		e := w.open(plan{agencies: []int64{agencyA}})
		id := w.enrolments(e)[0]
		old := w.begin(id)
		w.save(old, 1, 1, "A")
		_, err := w.svc.TakeOver(w.ctx, w.taker(id), id, "tablet", "")
		w.must(err)
		now, err := w.svc.Ticket(w.ctx, w.taker(id), id, "tablet")
		w.must(err)
		w.save(now, 2, 2, "B")
		file := w.fileOf(old, Entry{Position: 1, Seq: 1, Value: "A"}, Entry{Position: 2, Seq: 2, Value: "A"}, Entry{Position: 3, Seq: 3, Value: "A"}, Entry{Position: 4, Seq: 4, Value: "A"}, Entry{Position: 4, Seq: 5, Value: "B"})
		if got := w.takeFile(officerA, e.ID, file); got.counts() != "5: 0 stored, 1 already, 2 late, 1 newer, 0 bad" {
			t.Errorf("taken %s", got.counts())
		}
		w.save(now, 3, 3, "B") // answered after the upload
		_, _, err = w.svc.Submit(w.ctx, now, w.clock.Now(), Submission{LastSeq: 3})
		w.must(err)
		_, err = w.svc.AcceptLate(w.ctx, officerA, now.AttemptID, "gawai lama mati")
		w.must(err)
		rows, err := w.svc.read.journal(w.ctx, now.AttemptID)
		w.must(err)
		for position, want := range map[int]string{1: "A", 2: "B", 3: "B", 4: "B"} {
			if got := latest(rows)[position].Value; got != want {
				t.Errorf("position %d counts %q, want %q", position, got, want)
			}
		}
	})
}

func TestAnswerFileRefused(t *testing.T) {
	each(t, 1, func(t *testing.T, w *world) {
		e := w.open(plan{})
		w.clock.Set(day.Add(-time.Hour))
		other := w.open(plan{})
		tk := w.begin(w.enrolments(e)[0])
		good := w.fileOf(tk, Entry{Position: 1, Seq: 1, Value: "A"})
		mine := officerA
		if tk.Person/1_000_000 == agencyB {
			mine = officerB
		}
		theirs := Actor{Account: 9, Scope: mine.Scope}
		theirs.Scope.Agencies = []int64{agencyA + agencyB - mine.Scope.Agencies[0]}
		swap := func(from, to string) []byte { return bytes.Replace(good, []byte(from), []byte(to), 1) }
		token := AnswerFileToken(w.svc.keys, tk)
		epoch := fmt.Sprintf(".%d.", tk.Epoch)
		at := strings.LastIndex(token, epoch)
		forged := token[:at] + ".7." + token[at+len(epoch):]
		for name, tt := range map[string]struct {
			actor Actor
			event int64
			data  []byte
			want  string
		}{
			"not JSON":         {mine, e.ID, []byte("PK\x03\x04"), "assessment.file_bad"},
			"empty":            {mine, e.ID, nil, "assessment.file_bad"},
			"another format":   {mine, e.ID, swap("cakap-jawaban", "lain"), "assessment.file_bad"},
			"a later version":  {mine, e.ID, swap(`"version":1`, `"version":2`), "assessment.file_bad"},
			"a field too many": {mine, e.ID, swap(`"version":1`, `"version":1,"state":"open"`), "assessment.file_bad"},
			"two documents":    {mine, e.ID, append(bytes.Clone(good), good...), "assessment.file_bad"},
			"no entries":       {mine, e.ID, w.fileOf(tk), "assessment.file_bad"},
			"too large":        {mine, e.ID, bytes.Repeat([]byte(" "), MaxAnswerFile+1), "assessment.file_large"},
			"no token":         {mine, e.ID, swap(token, ""), "assessment.file_token"},
			"a forged token":   {mine, e.ID, swap(token, forged), "assessment.file_token"},
			"another event":    {mine, other.ID, good, "assessment.file_other_event"},
			"another agency":   {theirs, e.ID, good, "assessment.no_enrolment"},
		} {
			_, err := w.svc.TakeFile(w.ctx, tt.actor, tt.event, tt.data)
			if f := fault.Of(err); f == nil || f.Key != tt.want {
				t.Errorf("%s: %v, want %s", name, err, tt.want)
			}
		}
		w.must(w.svc.Void(w.ctx, mine, tk.AttemptID, "uji", false))
		if _, err := w.svc.TakeFile(w.ctx, mine, e.ID, good); fault.Of(err) == nil || fault.Of(err).Key != "assessment.voided" {
			t.Errorf("voided: %v", err)
		}
		if n := w.count(`SELECT count(*) FROM answer`) + w.count(`SELECT count(*) FROM late_answer`); n != 0 {
			t.Errorf("%d entries of refused files were kept", n)
		}
		if n := w.count(`SELECT count(*) FROM audit WHERE action = 'attempt.answer_file'`); n != 0 {
			t.Errorf("%d refused files are in the audit trail as taken", n)
		}
	})
}

// The token of a file opens no door: neither as a bearer nor as a sealed id.
func TestAnswerFileTokenIsNoTicket(t *testing.T) {
	each(t, 1, func(t *testing.T, w *world) {
		e := w.open(plan{agencies: []int64{agencyA}})
		tk := w.begin(w.enrolments(e)[0])
		token := AnswerFileToken(w.svc.keys, tk)
		if _, err := w.svc.keys.ParseBearer(token); err == nil {
			t.Error("the token passes as a bearer")
		}
		if _, err := w.svc.keys.Open("enrolment", strings.Split(token, ".")[0]); err == nil {
			t.Error("the token opens as an enrolment")
		}
		id, epoch, err := parseAnswerFileToken(w.svc.keys, token)
		if err != nil || id != tk.AttemptID || epoch != tk.Epoch {
			t.Errorf("parsed %v, %d, %v", id, epoch, err)
		}
	})
}
