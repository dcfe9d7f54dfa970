package access

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cakap/internal/fault"
)

func TestLogin(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		id := w.staffAccount("petugas.a", Grant{Officer, agencyA})
		w.activated(siti, anotherPassword)
		token, p := w.login(" Petugas.A ", goodPassword)
		want := Principal{AccountID: id, Name: "Nama petugas.a", Roles: []Grant{{Officer, agencyA}}}
		if diff := cmp.Diff(want, p); diff != "" {
			t.Error(diff)
		}
		seen, err := w.Authenticate(ctx, token)
		if diff := cmp.Diff(want, seen); diff != "" || err != nil {
			t.Error(diff, err)
		}
		for _, typed := range []string{nipSiti, "19900101 201503 2 001", "'19900101.201503.2.001", "19900101\u00a0201503-2-001"} {
			if _, p := w.login(typed, anotherPassword); p.PersonID != siti || p.Name != "Siti Aminah" || !p.Has(Participant) {
				t.Errorf("login of %q is %+v", typed, p)
			}
		}
		for _, tt := range []struct{ username, password string }{
			{"petugas.a", anotherPassword}, {"petugas.a", ""}, {"", goodPassword}, {nipSiti, goodPassword}, {"petugas.b", goodPassword},
			{nipBudi, goodPassword}, {strings.Repeat("9", 5000), goodPassword}, {"petugas.a' OR 1=1 --", goodPassword},
		} {
			token, p, err := w.Login(ctx, tt.username, tt.password, testIP)
			wantRefusal(t, tt.username+" with a wrong password", err, fault.Unauthentic, "access.wrong_password")
			if token != "" || p.AccountID != 0 {
				t.Errorf("a refused login returned %q, %+v", token, p)
			}
		}
		_, _, err = w.Login(ctx, "petugas.a", strings.Repeat("x", 1<<20), testIP)
		wantRefusal(t, "a megabyte", err, fault.Invalid, "access.password_long")
	})
}

// AU-04: what is said of an account that is not there is what is said of one
// that is, throttle included.
func TestLoginTellsNotWhoExists(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.activated(siti, goodPassword)
		said := func(username string) (all []string) {
			for range 11 {
				_, _, err := w.Login(t.Context(), username, anotherPassword, testIP)
				all = append(all, fmt.Sprint(fault.KindOf(err), err))
			}
			return all
		}
		if diff := cmp.Diff(said(nipSiti), said(unknownNIP)); diff != "" {
			t.Error(diff)
		}
	})
}

// AU-01, AU-03.
func TestElevenWrongPasswords(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		w.activated(siti, goodPassword)
		w.activated(budi, goodPassword)
		for i := range 10 {
			_, _, err := w.Login(ctx, nipSiti, anotherPassword, fmt.Sprintf("192.0.2.%d", i)) // from everywhere
			wantRefusal(t, "a wrong password", err, fault.Unauthentic, "access.wrong_password")
		}
		for _, password := range []string{anotherPassword, goodPassword} {
			_, _, err := w.Login(ctx, nipSiti, password, testIP)
			wantRefusal(t, "the eleventh", err, fault.TooMany, "error.too_many")
			if f := fault.Of(err); f == nil || len(f.Args) != 1 || f.Args[0] != 900 {
				t.Errorf("told to wait %v seconds, want 900", f)
			}
		}
		w.login(nipBudi, goodPassword) // others are unaffected
		w.at = w.at.Add(15*minute - time.Second)
		_, _, err := w.Login(ctx, nipSiti, goodPassword, testIP)
		wantRefusal(t, "before the window ends", err, fault.TooMany, "error.too_many")
		w.at = w.at.Add(time.Second)
		w.login(nipSiti, goodPassword)
		if n := w.count(`SELECT count(*) FROM throttle`); n != 0 {
			t.Errorf("%d throttle rows after a success, want 0", n)
		}
	})
}

func TestParallelGuessesAreCountedBeforeTheyAreChecked(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.activated(siti, goodPassword)
		errs := make(chan error)
		const guesses = 20
		for range guesses {
			go func() {
				_, _, err := w.Login(t.Context(), nipSiti, anotherPassword, testIP)
				errs <- err
			}()
		}
		wrong := 0
		for range guesses {
			switch err := <-errs; fault.KindOf(err) {
			case fault.Unauthentic:
				wrong++
			case fault.TooMany, fault.Unavailable:
			default:
				t.Errorf("a guess: %v", err)
			}
		}
		if wrong > passwordLimit.most {
			t.Errorf("%d guesses were checked, want at most %d", wrong, passwordLimit.most)
		}
	})
}

// AU-02: one address may fail only so often, and may succeed as often as it likes.
func TestAddressLimit(t *testing.T) {
	a, now := &addresses{}, opens
	for i := range failuresAMinute {
		if err := a.refuse(testIP, now); err != nil {
			t.Fatalf("failure %d: %v", i, err)
		}
		a.failed(testIP, now)
	}
	wantRefusal(t, "one more", a.refuse(testIP, now), fault.TooMany, "error.too_many")
	wantRefusal(t, "the same address as IPv6 writes it", a.refuse("::ffff:"+testIP, now), fault.TooMany, "error.too_many")
	if err := a.refuse(anotherIP, now); err != nil {
		t.Errorf("another address: %v", err)
	}
	if err := a.refuse(testIP, now.Add(minute)); err != nil {
		t.Errorf("a minute later: %v", err)
	}
	for i := range 3 * mostAddresses {
		a.failed(fmt.Sprintf("2001:db8:%x:%x::1", i/65536, i%65536), now)
	}
	if n := len(a.known); n > mostAddresses {
		t.Errorf("%d addresses are kept, want at most %d", n, mostAddresses)
	}
	for ip, want := range map[string]string{
		"203.0.113.7": "203.0.113.7", "2001:db8::1": "2001:db8::/64", "2001:db8::ffff:1%eth0": "2001:db8::/64", "": "", "unix": "unix",
	} {
		if got := networkOf(ip); got != want {
			t.Errorf("networkOf(%q) = %q, want %q", ip, got, want)
		}
	}
}

func TestAddressLimitHoldsAtEveryDoor(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		w.activated(siti, goodPassword)
		for range failuresAMinute {
			w.ips.failed(testIP, w.at)
		}
		_, _, err := w.Login(ctx, nipSiti, goodPassword, testIP)
		wantRefusal(t, "password", err, fault.TooMany, "error.too_many")
		_, _, err = w.LoginStartCode(ctx, nipSiti, codeSiti, testIP)
		wantRefusal(t, "start code", err, fault.TooMany, "error.too_many")
		_, _, err = w.Activate(ctx, "AAAABBBBCCCC", goodPassword, testIP)
		wantRefusal(t, "activation", err, fault.TooMany, "error.too_many")
	})
}

// A person whose NIP changed keeps the account, and logs in with either number.
func TestLoginAfterTheNIPChanged(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		_, before := w.activated(siti, goodPassword)
		w.exec(`UPDATE person SET nip = ? WHERE id = ?`, unknownNIP, siti)
		for _, nip := range []string{unknownNIP, nipSiti} {
			if _, p := w.login(nip, goodPassword); p.AccountID != before.AccountID {
				t.Errorf("%s logs into account %d, want %d", nip, p.AccountID, before.AccountID)
			}
		}
	})
}

func TestOnlyStaffLoginsAreAudited(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.activated(siti, goodPassword)
		w.login(nipSiti, goodPassword)
		w.staffAccount("petugas.a", Grant{Officer, agencyA})
		w.login("petugas.a", goodPassword)
		want := []string{"activation.issue", "account.password", "account.create", "account.login"}
		if got := w.actions(); !slices.Equal(got, want) {
			t.Errorf("audited %v, want %v", got, want)
		}
	})
}

// No NIP, name or secret may be in the audit trail, and none in the clear
// among what is stored of sessions, codes and failures.
func TestNothingSecretIsStored(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		codes, err := w.IssueActivation(ctx, 0, Scope{All: true}, []int64{siti, budi})
		if err != nil {
			t.Fatal(err)
		}
		token, _, err := w.Activate(ctx, codes[0].Code, goodPassword, testIP)
		if err != nil {
			t.Fatal(err)
		}
		_, _, _ = w.Login(ctx, nipSiti, anotherPassword, testIP)
		id := w.staffAccount("petugas.a", Grant{Officer, agencyA})
		if err := w.SetRoles(ctx, 0, id, []Grant{{Proctor, agencyB}}); err != nil {
			t.Fatal(err)
		}
		var stored []string
		for _, q := range []string{
			`SELECT action || object_kind || detail FROM audit`, `SELECT token_hash FROM login_session`, `SELECT code_hash FROM activation_code`,
			`SELECT subject FROM throttle`, `SELECT password_hash FROM account`,
		} {
			var part []string
			if err := w.db.Select(ctx, &part, q); err != nil {
				t.Fatal(err)
			}
			stored = append(stored, part...)
		}
		plain, _ := NormalCode(codes[0].Code)
		for _, secret := range []string{nipSiti, nipBudi, "Siti", "Budi", "Nama petugas", token, plain, codes[0].Code, goodPassword, testIP} {
			for _, s := range stored {
				if strings.Contains(s, secret) {
					t.Errorf("%q is stored in %q", secret, s)
				}
			}
		}
		if len(stored) < 10 {
			t.Errorf("only %d values were looked at", len(stored))
		}
	})
}
