package assessment

import (
	"strings"
	"testing"

	"cakap/internal/access"
	"cakap/internal/fault"
)

func TestStartCodes(t *testing.T) {
	each(t, 3, func(t *testing.T, w *world) {
		e := w.open(plan{})
		codes, err := w.svc.IssueStartCodes(w.ctx, officerA, CodeRequest{Event: e.ID})
		w.must(err)
		if len(codes) != 3 || len(codes[0].Code) != access.StartLength || codes[0].Code == codes[1].Code || codes[0].Session.Name != "Sesi 1" {
			t.Fatalf("codes = %+v", codes)
		}
		hash := func(id int64) string {
			t.Helper()
			var h *string
			w.must(w.db.Get(w.ctx, &h, `SELECT start_code_hash FROM enrolment WHERE id = ?`, id))
			return value(h)
		}
		first := codes[0].Enrolment.ID
		if got := hash(first); got != w.svc.keys.Code(access.StartPurpose, codes[0].Code) || strings.Contains(got, codes[0].Code) {
			t.Errorf("kept %q", got)
		}
		_, err = w.svc.IssueStartCodes(w.ctx, officerA, CodeRequest{Event: e.ID})
		wantFault(t, err, fault.Conflict, "assessment.codes_all_made")
		again, err := w.svc.IssueStartCode(w.ctx, officerA, first)
		w.must(err)
		if again.Code == codes[0].Code || hash(first) != w.svc.keys.Code(access.StartPurpose, again.Code) {
			t.Error("the old code still works")
		}
		all, err := w.svc.IssueStartCodes(w.ctx, everyone, CodeRequest{Event: e.ID, Again: true})
		w.must(err)
		if len(all) != 6 {
			t.Errorf("%d codes, want 6", len(all))
		}
		var details []string
		w.must(w.db.Select(w.ctx, &details, `SELECT detail FROM audit WHERE action = 'code.issue' ORDER BY seq`))
		if len(details) != 3 || strings.Contains(strings.Join(details, " "), codes[0].Code) {
			t.Errorf("audit = %v", details)
		}
		if _, err := access.VerifyChain(w.ctx, w.db); err != nil {
			t.Error(err)
		}
	})
}

// A failed act leaves no audit entry, and a failed audit entry no act.
func TestAuditIsInTheTransaction(t *testing.T) {
	each(t, 1, func(t *testing.T, w *world) {
		e := w.event(plan{})
		before := w.count(`SELECT count(*) FROM audit`)
		if err := w.svc.Close(w.ctx, everyone, e.ID); err == nil {
			t.Error("a draft was closed")
		}
		if n := w.count(`SELECT count(*) FROM audit`); n != before {
			t.Error("an act that failed is in the trail")
		}
		err := w.svc.audited(w.ctx, everyone, access.Entry{Action: "x", Detail: func() {}}, func(st store, _ *access.Entry) error {
			_, err := st.moveEvent(w.ctx, e.ID, EventDraft, EventPrepared)
			return err
		})
		if err == nil {
			t.Errorf("an entry that cannot be written: %v", err)
		}
		if stored, _ := w.svc.read.event(w.ctx, e.ID); stored.State != EventDraft {
			t.Error("the act went through without its entry")
		}
	})
}
