package access

import (
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cakap/internal/fault"
	"cakap/internal/storage"
)

func TestStartCode(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		token, p, err := w.LoginStartCode(ctx, "19900101 201503 2 001", "aaaa-bbbb cc", testIP)
		if err != nil {
			t.Fatal(err)
		}
		want := Principal{AccountID: p.AccountID, PersonID: siti, EnrolmentID: enrolSiti, Name: "Siti Aminah", Roles: []Grant{{Role: Participant}}}
		if diff := cmp.Diff(want, p); diff != "" || p.AccountID == 0 {
			t.Error(diff)
		}
		seen, err := w.Authenticate(ctx, token)
		if diff := cmp.Diff(want, seen); diff != "" || err != nil {
			t.Error(diff, err)
		}
		again, p, err := w.LoginStartCode(ctx, nipSiti, codeSiti, anotherIP) // the phone was lost
		if err != nil || p.AccountID != want.AccountID || again == token {
			t.Errorf("a second way in: account %d, %v", p.AccountID, err)
		}
		if _, p, err = w.LoginStartCode(ctx, "np-0007", codeWati, testIP); err != nil || p.PersonID != wati {
			t.Errorf("by participant number: %+v, %v", p, err)
		}
	})
}

func TestStartCodeRefuses(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for _, tt := range []struct {
			what, number, code string
			kind               fault.Kind
			key                string
		}{
			{"another person's code", nipBudi, codeSiti, fault.Unauthentic, "access.start_code_wrong"},
			{"an unknown number", unknownNIP, codeSiti, fault.Unauthentic, "access.start_code_wrong"},
			{"an unknown code", nipBudi, "ZZZZZZZZZZ", fault.Unauthentic, "access.start_code_wrong"},
			{"no number", " ", codeSiti, fault.Unauthentic, "access.start_code_wrong"},
			{"no code", nipSiti, "", fault.Invalid, "access.code_empty"},
			{"a short code", nipSiti, "AAAA-BBBB-C", fault.Invalid, "access.code_length"},
			{"a misread sign", nipSiti, "AAAABBBBC0", fault.Invalid, "access.code_character"},
		} {
			_, _, err := w.LoginStartCode(t.Context(), tt.number, tt.code, testIP)
			wantRefusal(t, tt.what, err, tt.kind, tt.key)
		}
		w.exec(`UPDATE enrolment SET withdrawn = TRUE WHERE id = ?`, enrolWati)
		_, _, err := w.LoginStartCode(t.Context(), noWati, codeWati, testIP)
		wantRefusal(t, "withdrawn", err, fault.Unauthentic, "access.start_code_wrong")
		if n := w.count(`SELECT count(*) FROM account`); n != 0 {
			t.Errorf("%d accounts were made by refused codes", n)
		}
		if n := w.count(`SELECT count(*) FROM login_session`); n != 0 {
			t.Errorf("%d sessions were made by refused codes", n)
		}
	})
}

func TestStartCodeWindow(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for _, tt := range []struct {
			at   time.Time
			kind fault.Kind
			key  string
		}{
			{opens.Add(-startEarly - time.Second), fault.Conflict, "access.start_code_early"},
			{opens.Add(-startEarly), fault.Internal, ""},
			{closes, fault.Internal, ""},
			{closes.Add(time.Second), fault.Gone, "access.start_code_late"},
		} {
			w.at = tt.at
			_, _, err := w.LoginStartCode(t.Context(), nipSiti, codeSiti, testIP)
			wantRefusal(t, tt.at.String(), err, tt.kind, tt.key)
		}
		w.attempt(enrolSiti)
		if _, _, err := w.LoginStartCode(t.Context(), nipSiti, codeSiti, testIP); err != nil {
			t.Errorf("who began in time comes back in until the attempt ends: %v", err)
		}
		w.exec(`UPDATE attempt SET state = 'submitted'`)
		_, _, err := w.LoginStartCode(t.Context(), nipSiti, codeSiti, testIP)
		wantRefusal(t, "after the attempt", err, fault.Gone, "access.start_code_late")
	})
}

// AU-08: guessing one person's code ends after eight.
func TestStartCodeGuessing(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		for range startCodeLimit.most {
			_, _, err := w.LoginStartCode(ctx, nipSiti, NewCode(StartLength), testIP)
			wantRefusal(t, "a guess", err, fault.Unauthentic, "access.start_code_wrong")
		}
		for _, code := range []string{NewCode(StartLength), codeSiti} {
			_, _, err := w.LoginStartCode(ctx, nipSiti, code, testIP)
			wantRefusal(t, "the ninth", err, fault.TooMany, "error.too_many")
		}
		if _, _, err := w.LoginStartCode(ctx, nipBudi, codeBudi, testIP); err != nil {
			t.Errorf("another person: %v", err)
		}
		w.at = w.at.Add(startCodeLimit.window)
		if _, _, err := w.LoginStartCode(ctx, nipSiti, codeSiti, testIP); err != nil {
			t.Errorf("after the window: %v", err)
		}
	})
}

// The card has the number of its day; the person may have another by now.
func TestStartCodeAfterTheNIPChanged(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.exec(`UPDATE person SET nip = ? WHERE id = ?`, unknownNIP, siti)
		for _, nip := range []string{nipSiti, unknownNIP} {
			if _, _, err := w.LoginStartCode(t.Context(), nip, codeSiti, testIP); err != nil {
				t.Errorf("with %s: %v", nip, err)
			}
		}
	})
}

// A start code opens an assessment, never the rest of what the person may do.
func TestStartCodeOfStaffOpensNoStaffDoor(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		_, err := w.CreateAccount(ctx, 0, NewAccount{PersonID: siti, Password: goodPassword, Grants: []Grant{{Role: Admin}}})
		if err != nil {
			t.Fatal(err)
		}
		token, _, err := w.LoginStartCode(ctx, nipSiti, codeSiti, testIP)
		if err != nil {
			t.Fatal(err)
		}
		p, err := w.Authenticate(ctx, token)
		if err != nil {
			t.Fatal(err)
		}
		wantRefusal(t, "an admin's action", Allow(&p, AccountManage), fault.Forbidden, "error.forbidden")
		if err := Allow(&p, AttemptTake); err != nil {
			t.Errorf("the assessment itself: %v", err)
		}
		if _, err := w.ChangePassword(ctx, p, goodPassword, anotherPassword, testIP); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("a start code changed a password: %v", err)
		}
	})
}

func TestStartCodeOfAShutAccount(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		_, p, err := w.LoginStartCode(t.Context(), nipSiti, codeSiti, testIP)
		if err != nil {
			t.Fatal(err)
		}
		if err := w.SetActive(t.Context(), 0, p.AccountID, false); err != nil {
			t.Fatal(err)
		}
		_, _, err = w.LoginStartCode(t.Context(), nipSiti, codeSiti, testIP)
		wantRefusal(t, "a shut account", err, fault.Forbidden, "access.account_shut")
	})
}

func TestParallelFirstLoginsMakeOneAccount(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		var wg sync.WaitGroup
		for range 16 {
			wg.Go(func() {
				if _, _, err := w.LoginStartCode(t.Context(), nipSiti, codeSiti, testIP); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if n := w.count(`SELECT count(*) FROM account`); n != 1 {
			t.Errorf("%d accounts, want 1", n)
		}
	})
}

// A participant number that is a staff account's name must not open it.
func TestNumberLikeAStaffAccountsName(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.staffAccount("np-0007", Grant{Role: Admin})
		_, _, err := w.LoginStartCode(t.Context(), noWati, codeWati, testIP)
		wantRefusal(t, "the number of an admin", err, fault.Conflict, "access.number_taken")
	})
}

// BenchmarkStartCode is the bell: the design asks for 1,000 log-ins a second.
func BenchmarkStartCode(b *testing.B) {
	db, err := storage.Open(b.Context(), filepath.Join(b.TempDir(), "cakap.db"))
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	if err := db.Migrate(b.Context()); err != nil {
		b.Fatal(err)
	}
	w := &world{t: b, at: opens, key: testKeys()}
	w.Service = New(db, w.key, func() time.Time { return w.at })
	w.fill()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if _, _, err := w.LoginStartCode(b.Context(), nipSiti, codeSiti, testIP); err != nil {
				b.Error(err)
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "logins/s")
}
