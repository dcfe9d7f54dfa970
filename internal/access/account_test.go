package access

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cakap/internal/fault"
)

func TestCreateAccountRefuses(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.staffAccount("petugas.a", Grant{Officer, agencyA})
		good := NewAccount{Username: "petugas.b", Name: "Rina", Password: goodPassword, Grants: []Grant{{Officer, agencyA}}}
		for _, tt := range []struct {
			what   string
			change func(*NewAccount)
			key    string
		}{
			{"a taken name", func(n *NewAccount) { n.Username = "PETUGAS.A" }, "access.username_taken"},
			{"a short user name", func(n *NewAccount) { n.Username = "abc" }, "access.username_bad"},
			{"a long user name", func(n *NewAccount) { n.Username = strings.Repeat("a", 41) }, "access.username_bad"},
			{"a number as user name", func(n *NewAccount) { n.Username = nipSiti }, "access.username_bad"},
			{"a user name with a space", func(n *NewAccount) { n.Username = "rina admin" }, "access.username_bad"},
			{"no name", func(n *NewAccount) { n.Name = " " }, "access.name_bad"},
			{"a formula as name", func(n *NewAccount) { n.Name = "=cmd()" }, "access.name_bad"},
			{"a line break in the name", func(n *NewAccount) { n.Name = "Rina\nAdmin" }, "access.name_bad"},
			{"no role", func(n *NewAccount) { n.Grants = nil }, "access.role_missing"},
			{"an invented role", func(n *NewAccount) { n.Grants = []Grant{{"root", 0}} }, "access.role_unknown"},
			{"a participant who is nobody", func(n *NewAccount) { n.Grants = []Grant{{Role: Participant}} }, "access.role_participant"},
			{"an agency that is not there", func(n *NewAccount) { n.Grants = []Grant{{Officer, 99}} }, "access.agency_unknown"},
			{"eleven characters", func(n *NewAccount) { n.Password = "abcdefgh-12" }, "access.password_short"},
			{"the user name as password", func(n *NewAccount) { n.Username, n.Password = "petugas.kota", "Petugas-Kota" }, "access.password_own"},
			{"a person who is not there", func(n *NewAccount) { n.PersonID = 99999 }, "error.not_found"},
		} {
			n := good
			tt.change(&n)
			if _, err := w.CreateAccount(t.Context(), 0, n); key(err) != tt.key {
				t.Errorf("%s: %v, want %s", tt.what, err, tt.key)
			}
		}
		if n := w.count(`SELECT count(*) FROM account`); n != 1 {
			t.Errorf("%d accounts, want 1", n)
		}
		_, err := w.CreateAccount(t.Context(), 0, NewAccount{})
		f := fault.Of(err)
		if f == nil || len(f.Faults) != 4 {
			t.Fatalf("an empty form: %v, want all four faults at once", err)
		}
		var fields []string
		for _, each := range f.Faults {
			fields = append(fields, each.Field)
		}
		if want := []string{FieldUsername, FieldName, FieldRoles, FieldPassword}; !slices.Equal(fields, want) {
			t.Errorf("fields %v, want %v", fields, want)
		}
	})
}

func TestAPersonsAccountTakesTheirNumberAndName(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id, err := w.CreateAccount(t.Context(), 0, NewAccount{PersonID: siti, Password: goodPassword, Grants: []Grant{{Officer, agencyA}, {Role: Participant}}})
		if err != nil {
			t.Fatal(err)
		}
		_, p := w.login(nipSiti, goodPassword)
		want := Principal{AccountID: id, PersonID: siti, Name: "Siti Aminah", Roles: []Grant{{Officer, agencyA}, {Role: Participant}}}
		if diff := cmp.Diff(want, p); diff != "" {
			t.Error(diff)
		}
		_, err = w.CreateAccount(t.Context(), 0, NewAccount{PersonID: siti, Username: "siti.dua", Password: goodPassword, Grants: []Grant{{Officer, agencyA}}})
		wantRefusal(t, "a second account of one person", err, fault.Conflict, "access.username_taken")
	})
}

// TE-04 and its kin: who may do what to whose account.
func TestManagingStaysWithinTheScope(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		root := w.staffAccount("admin.provinsi", Grant{Admin, 0})
		adminA := w.staffAccount("admin.a", Grant{Admin, agencyA})
		officerA := w.staffAccount("petugas.a", Grant{Officer, agencyA})
		officerB := w.staffAccount("petugas.b", Grant{Officer, agencyB})
		both := w.staffAccount("petugas.ab", Grant{Officer, agencyA}, Grant{Proctor, agencyB})
		shut := w.staffAccount("admin.lama", Grant{Admin, 0})
		if err := w.SetActive(ctx, 0, shut, false); err != nil {
			t.Fatal(err)
		}
		acts := map[string]func(actor, target int64) error{
			"SetActive":   func(actor, target int64) error { return w.SetActive(ctx, actor, target, true) },
			"SetPassword": func(actor, target int64) error { return w.SetPassword(ctx, actor, target, anotherPassword) },
			"SetRoles": func(actor, target int64) error {
				roles, err := store{w.db}.roles(ctx, target)
				if err != nil {
					return err
				}
				return w.SetRoles(ctx, actor, target, roles)
			},
		}
		for _, tt := range []struct {
			what          string
			actor, target int64
			want          string
		}{
			{"all, over one agency's", root, officerB, ""},
			{"all, over all", root, root, ""},
			{"A over A", adminA, officerA, ""},
			{"A over B", adminA, officerB, "error.not_found"},
			{"A over A and B", adminA, both, "error.not_found"},
			{"A over all", adminA, root, "error.not_found"},
			{"an officer", officerA, officerA, "error.forbidden"},
			{"somebody shut out", shut, officerA, "error.not_found"},
			{"nobody", 12345, officerA, "error.unauthentic"},
			{"over nobody", root, 12345, "error.not_found"},
		} {
			for name, act := range acts {
				if err := act(tt.actor, tt.target); key(err) != tt.want {
					t.Errorf("%s by %s: %v, want %q", name, tt.what, err, tt.want)
				}
			}
		}
		for _, tt := range []struct {
			what   string
			grants []Grant
			want   string
		}{
			{"within A", []Grant{{Proctor, agencyA}}, ""},
			{"for B", []Grant{{Officer, agencyB}}, "error.not_found"},
			{"for all", []Grant{{Officer, 0}}, "error.not_found"},
			{"an admin for all", []Grant{{Admin, 0}}, "error.not_found"},
		} {
			err := w.SetRoles(ctx, adminA, officerA, tt.grants)
			if key(err) != tt.want {
				t.Errorf("A grants a role %s: %v, want %q", tt.what, err, tt.want)
			}
			_, err = w.CreateAccount(ctx, adminA, NewAccount{Username: "baru." + strings.ReplaceAll(strings.ToLower(tt.what), " ", "-"), Name: "Baru", Password: goodPassword, Grants: tt.grants})
			if key(err) != tt.want {
				t.Errorf("A makes an account %s: %v, want %q", tt.what, err, tt.want)
			}
		}
		_, err := w.CreateAccount(ctx, adminA, NewAccount{PersonID: wati, Password: goodPassword, Grants: []Grant{{Officer, agencyA}}})
		wantRefusal(t, "A makes an account for a person of B", err, fault.NotFound, "error.not_found")
	})
}

// SE-02.
func TestChangesEndTheSessions(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		id := w.staffAccount("petugas.a", Grant{Officer, agencyA})
		password := goodPassword
		for _, tt := range []struct {
			what string
			act  func() error
			now  string // the password afterwards
		}{
			{"a new password", func() error { return w.SetPassword(ctx, 0, id, anotherPassword) }, anotherPassword},
			{"other roles", func() error { return w.SetRoles(ctx, 0, id, []Grant{{Proctor, agencyA}}) }, anotherPassword},
			{"a shut account", func() error { return w.SetActive(ctx, 0, id, false) }, ""},
		} {
			token, _ := w.login("petugas.a", password)
			if err := tt.act(); err != nil {
				t.Fatal(err)
			}
			if w.alive(token) {
				t.Errorf("%s: the session lives on", tt.what)
			}
			password = tt.now
		}
		_, _, err := w.Login(ctx, "petugas.a", anotherPassword, testIP)
		wantRefusal(t, "a shut account", err, fault.Forbidden, "access.account_shut")
		_, _, err = w.Login(ctx, "petugas.a", goodPassword, testIP)
		wantRefusal(t, "a shut account by who does not know its password", err, fault.Unauthentic, "access.wrong_password")
		if err := w.SetActive(ctx, 0, id, true); err != nil {
			t.Fatal(err)
		}
		if _, p := w.login("petugas.a", anotherPassword); !p.Has(Proctor) || p.Has(Officer) {
			t.Errorf("roles are %v", p.Roles)
		}
	})
}

func TestTheLastAdministratorStays(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		one := w.staffAccount("admin.satu", Grant{Admin, 0})
		err := w.SetActive(ctx, one, one, false)
		wantRefusal(t, "shutting out oneself", err, fault.Conflict, "access.not_yourself")
		err = w.SetActive(ctx, 0, one, false)
		wantRefusal(t, "shutting out the last", err, fault.Conflict, "access.last_admin")
		err = w.SetRoles(ctx, one, one, []Grant{{Officer, agencyA}})
		wantRefusal(t, "taking the last one's role", err, fault.Conflict, "access.last_admin")
		w.staffAccount("admin.a", Grant{Admin, agencyA}) // of one agency: not enough
		err = w.SetActive(ctx, 0, one, false)
		wantRefusal(t, "shutting out the last of all agencies", err, fault.Conflict, "access.last_admin")
		w.login("admin.satu", goodPassword)

		two := w.staffAccount("admin.dua", Grant{Admin, 0})
		var wg sync.WaitGroup
		for _, pair := range [][2]int64{{one, two}, {two, one}} { // at each other's throats
			wg.Go(func() {
				if err := w.SetActive(ctx, pair[0], pair[1], false); err != nil && fault.Of(err) == nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if n := w.count(`SELECT count(*) FROM account AS a JOIN account_role AS r ON r.account_id = a.id WHERE r.role = 'admin' AND r.agency_id = 0 AND a.active`); n != 1 {
			t.Errorf("%d administrators are left, want 1", n)
		}
	})
}

// A participant's password may be shorter than staff's: with the role comes a
// new one.
func TestBecomingStaffNeedsANewPassword(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		_, p := w.activated(siti, "delapan8")
		if err := w.SetRoles(ctx, 0, p.AccountID, []Grant{{Officer, agencyA}, {Role: Participant}}); err != nil {
			t.Fatal(err)
		}
		_, _, err := w.Login(ctx, nipSiti, "delapan8", testIP)
		wantRefusal(t, "the participant's password", err, fault.Unauthentic, "access.wrong_password")
		err = w.SetPassword(ctx, 0, p.AccountID, "sembilan9")
		wantRefusal(t, "a short one", err, fault.Invalid, "access.password_short")
		if err := w.SetPassword(ctx, 0, p.AccountID, goodPassword); err != nil {
			t.Fatal(err)
		}
		w.login(nipSiti, goodPassword)
	})
}

func TestChangePassword(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		w.staffAccount("petugas.a", Grant{Officer, agencyA})
		old, p := w.login("petugas.a", goodPassword)
		_, err := w.ChangePassword(ctx, p, anotherPassword, anotherPassword, testIP)
		wantRefusal(t, "a wrong old password", err, fault.Invalid, "access.current_wrong")
		_, err = w.ChangePassword(ctx, p, goodPassword, "petugas-a", testIP)
		wantRefusal(t, "a short new password", err, fault.Invalid, "access.password_short")
		token, err := w.ChangePassword(ctx, p, goodPassword, anotherPassword, testIP)
		if err != nil {
			t.Fatal(err)
		}
		if w.alive(old) || !w.alive(token) {
			t.Error("the old session lives, or the new one does not")
		}
		for range passwordLimit.most {
			_, _ = w.ChangePassword(ctx, p, goodPassword, goodPassword, testIP)
		}
		_, err = w.ChangePassword(ctx, p, anotherPassword, goodPassword, testIP)
		wantRefusal(t, "guessing the old password of an open session", err, fault.TooMany, "error.too_many")
	})
}

func TestAccountsAreListedWithinTheScope(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		w.activated(budi, goodPassword) // a participant, in no list
		w.staffAccount("admin.provinsi", Grant{Admin, 0})
		a := w.staffAccount("petugas.a", Grant{Officer, agencyA}, Grant{Trainer, agencyA})
		w.staffAccount("petugas.b", Grant{Officer, agencyB})
		w.staffAccount("petugas.ab", Grant{Officer, agencyA}, Grant{Proctor, agencyB})
		if err := w.SetActive(ctx, 0, a, false); err != nil {
			t.Fatal(err)
		}
		w.login("petugas.b", goodPassword)
		for _, tt := range []struct {
			what string
			f    AccountFilter
			want string
		}{
			{"all", AccountFilter{Scope: Scope{All: true}}, "admin.provinsi petugas.a petugas.ab petugas.b / 4"},
			{"no scope", AccountFilter{}, " / 0"},
			{"A", AccountFilter{Scope: Scope{Agencies: []int64{agencyA}}}, "petugas.a / 1"},
			{"A and B", AccountFilter{Scope: Scope{Agencies: []int64{agencyA, agencyB}}}, "petugas.a petugas.ab petugas.b / 3"},
			{"text", AccountFilter{Scope: Scope{All: true}, Text: " PETUGAS.A "}, "petugas.a petugas.ab / 2"},
			{"role", AccountFilter{Scope: Scope{All: true}, Role: Trainer}, "petugas.a / 1"},
			{"agency", AccountFilter{Scope: Scope{All: true}, AgencyID: agencyB}, "petugas.ab petugas.b / 2"},
			{"shut", AccountFilter{Scope: Scope{All: true}, Shut: true}, "petugas.a / 1"},
			{"a page", AccountFilter{Scope: Scope{All: true}, Limit: 2, Offset: 1}, "petugas.a petugas.ab / 4"},
			{"past the end", AccountFilter{Scope: Scope{All: true}, Limit: 2, Offset: 9}, " / 4"},
		} {
			page, total, err := w.Accounts(ctx, tt.f)
			if err != nil {
				t.Fatal(err)
			}
			var names []string
			for _, each := range page {
				names = append(names, each.Username)
			}
			if got := fmt.Sprintf("%s / %d", strings.Join(names, " "), total); got != tt.want {
				t.Errorf("%s: %s, want %s", tt.what, got, tt.want)
			}
		}
		got, err := w.Account(ctx, Scope{Agencies: []int64{agencyA}}, a)
		want := Account{
			ID: a, Username: "petugas.a", Name: "Nama petugas.a", HasPassword: true, CreatedAt: opens,
			Grants: []Grant{{Officer, agencyA}, {Trainer, agencyA}}, Agencies: []string{"Kota Salatiga", "Kota Salatiga"},
		}
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Error(diff, err)
		}
		_, err = w.Account(ctx, Scope{Agencies: []int64{agencyB}}, a)
		wantRefusal(t, "A's account by B", err, fault.NotFound, "error.not_found")
		all, err := w.StaffAccounts(ctx)
		if err != nil || len(all) != 4 || !all[3].SeenAt.Equal(opens) || !all[0].SeenAt.IsZero() {
			t.Errorf("StaffAccounts = %+v, %v", all, err)
		}
	})
}
