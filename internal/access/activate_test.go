package access

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cakap/internal/fault"
)

func TestActivation(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		codes, err := w.IssueActivation(ctx, 7, Scope{Agencies: []int64{agencyA}}, []int64{siti, budi})
		if err != nil {
			t.Fatal(err)
		}
		if len(codes) != 2 || codes[0].PersonID != siti || codes[1].PersonID != budi || codes[0].Code == codes[1].Code ||
			len(codes[0].Code) != len("ABCD-EFGH-JKMN") || !codes[0].Expires.Equal(opens.Add(ActivationLife)) {
			t.Fatalf("issued %+v", codes)
		}
		token, p, err := w.Activate(ctx, " "+codes[0].Code+" ", goodPassword, testIP)
		if err != nil {
			t.Fatal(err)
		}
		want := Principal{AccountID: p.AccountID, PersonID: siti, Name: "Siti Aminah", Roles: []Grant{{Role: Participant}}}
		if diff := cmp.Diff(want, p); diff != "" || p.AccountID == 0 {
			t.Error(diff)
		}
		if !w.alive(token) {
			t.Error("activation did not let the person in")
		}
		if _, again := w.login(nipSiti, goodPassword); again.AccountID != p.AccountID {
			t.Error("the password opens another account")
		}
		_, _, err = w.Activate(ctx, codes[0].Code, anotherPassword, testIP)
		wantRefusal(t, "a code used twice", err, fault.Gone, "access.code_used")
		w.login(nipSiti, goodPassword)
	})
}

func TestActivationRefuses(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		old, err := w.IssueActivation(ctx, 7, Scope{All: true}, []int64{siti})
		if err != nil {
			t.Fatal(err)
		}
		w.at = w.at.Add(time.Hour)
		fresh, err := w.IssueActivation(ctx, 7, Scope{All: true}, []int64{siti})
		if err != nil {
			t.Fatal(err)
		}
		for _, tt := range []struct {
			what, code, password string
			kind                 fault.Kind
			key                  string
		}{
			{"a replaced code", old[0].Code, goodPassword, fault.Gone, "access.code_expired"},
			{"an unknown code", "AAAABBBBCCCC", goodPassword, fault.Unauthentic, "access.code_wrong"},
			{"a short code", "AAAABBBB", goodPassword, fault.Invalid, "access.code_length"},
			{"a short password", fresh[0].Code, "pendek", fault.Invalid, "access.password_short"},
			{"the NIP", fresh[0].Code, nipSiti, fault.Invalid, "access.password_own"},
			{"the agency", fresh[0].Code, "Pemerintah Kota Salatiga", fault.Invalid, "access.password_own"},
			{"a common password", fresh[0].Code, "Semarang2026!", fault.Invalid, "access.password_common"},
		} {
			_, _, err := w.Activate(ctx, tt.code, tt.password, testIP)
			wantRefusal(t, tt.what, err, tt.kind, tt.key)
		}
		w.at = w.at.Add(ActivationLife)
		_, _, err = w.Activate(ctx, fresh[0].Code, goodPassword, testIP)
		wantRefusal(t, "an expired code", err, fault.Gone, "access.code_expired")
		if n := w.count(`SELECT count(*) FROM account`); n != 0 {
			t.Errorf("%d accounts were made by refused codes", n)
		}
	})
}

// A new password throws out whoever is in with the old one, and lifts the
// throttle that forgetting it had brought.
func TestActivationResets(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		before, _ := w.activated(siti, goodPassword)
		for range passwordLimit.most {
			_, _, _ = w.Login(t.Context(), nipSiti, "lupa kata sandinya", testIP)
		}
		after, _ := w.activated(siti, anotherPassword)
		if w.alive(before) || !w.alive(after) {
			t.Error("the old session lives, or the new one does not")
		}
		w.login(nipSiti, anotherPassword)
		_, _, err := w.Login(t.Context(), nipSiti, goodPassword, testIP)
		wantRefusal(t, "the old password", err, fault.Unauthentic, "access.wrong_password")
	})
}

func TestOneCodeActivatesOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		codes, err := w.IssueActivation(t.Context(), 7, Scope{All: true}, []int64{siti})
		if err != nil {
			t.Fatal(err)
		}
		var in atomic.Int32
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				_, _, err := w.Activate(t.Context(), codes[0].Code, goodPassword, testIP)
				switch {
				case err == nil:
					in.Add(1)
				case key(err) != "access.code_used":
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if in.Load() != 1 {
			t.Errorf("one code let %d in", in.Load())
		}
	})
}

// AU-08.
func TestActivationGuessing(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		codes, err := w.IssueActivation(ctx, 7, Scope{All: true}, []int64{siti})
		if err != nil {
			t.Fatal(err)
		}
		for range activationLimit.most {
			_, _, err := w.Activate(ctx, NewCode(ActivationLength), goodPassword, testIP)
			wantRefusal(t, "a guess", err, fault.Unauthentic, "access.code_wrong")
		}
		_, _, err = w.Activate(ctx, codes[0].Code, goodPassword, testIP)
		wantRefusal(t, "one more", err, fault.TooMany, "error.too_many")
		if _, _, err := w.Activate(ctx, codes[0].Code, goodPassword, anotherIP); err != nil {
			t.Errorf("from elsewhere: %v", err)
		}
	})
}

func TestIssueActivationStaysWithinTheScope(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		for _, tt := range []struct {
			what   string
			scope  Scope
			people []int64
		}{
			{"a person of B", Scope{Agencies: []int64{agencyA}}, []int64{siti, wati}},
			{"nobody", Scope{All: true}, []int64{siti, 99999}},
			{"no scope", Scope{}, []int64{siti}},
		} {
			codes, err := w.IssueActivation(ctx, 7, tt.scope, tt.people)
			wantRefusal(t, tt.what, err, fault.NotFound, "error.not_found")
			if len(codes) != 0 {
				t.Errorf("%s: codes were returned", tt.what)
			}
		}
		w.exec(`UPDATE person SET active = FALSE WHERE id = ?`, budi)
		_, err := w.IssueActivation(ctx, 7, Scope{All: true}, []int64{siti, budi})
		wantRefusal(t, "an inactive person", err, fault.Conflict, "access.person_inactive")
		if n := w.count(`SELECT count(*) FROM activation_code`); n != 0 {
			t.Errorf("%d codes are left of refused issues", n)
		}
		if all := w.actions(); len(all) != 0 {
			t.Errorf("audited %v", all)
		}
	})
}

// An officer who prints codes must not be able to become an administrator.
func TestNoActivationCodeForStaff(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		early, err := w.IssueActivation(ctx, 7, Scope{All: true}, []int64{siti})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.CreateAccount(ctx, 0, NewAccount{PersonID: siti, Password: goodPassword, Grants: []Grant{{Role: Admin}}}); err != nil {
			t.Fatal(err)
		}
		_, err = w.IssueActivation(ctx, 7, Scope{All: true}, []int64{siti})
		wantRefusal(t, "a code for an admin", err, fault.Conflict, "access.person_is_staff")
		_, _, err = w.Activate(ctx, early[0].Code, anotherPassword, testIP)
		wantRefusal(t, "a code from before", err, fault.Gone, "access.code_expired")
		w.login(nipSiti, goodPassword)
	})
}

func TestIssueActivationIsAudited(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		for _, people := range [][]int64{{siti, budi, wati}, {wati}} {
			if _, err := w.IssueActivation(ctx, 7, Scope{All: true}, people); err != nil {
				t.Fatal(err)
			}
		}
		got, err := Entries(ctx, w.db, EntryFilter{Scope: Scope{All: true}})
		if err != nil {
			t.Fatal(err)
		}
		type line struct {
			kind           string
			object, agency int64
			detail         string
		}
		var lines []line
		for _, e := range got {
			if e.ActorID != 7 || e.Action != "activation.issue" {
				t.Errorf("entry %+v", e)
			}
			lines = append(lines, line{e.ObjectKind, e.ObjectID, e.AgencyID, e.Detail})
		}
		want := []line{
			{"person", wati, agencyB, `null`}, {"person", wati, agencyB, `null`}, {"agency", agencyA, agencyA, `{"people":[101,102]}`},
		}
		if diff := cmp.Diff(want, lines, cmp.AllowUnexported(line{})); diff != "" {
			t.Error(diff)
		}
	})
}
