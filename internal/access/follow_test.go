package access

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cakap/internal/fault"
	"cakap/internal/storage"
)

const newNIPSiti = "199001012026032001"

// follow gives Siti a new number as the roster does.
func (w *world) follow(number string) {
	w.t.Helper()
	w.exec(`INSERT INTO person_nip (nip, person_id, since_ms) VALUES (?, ?, 0)`, number, siti)
	w.exec(`UPDATE person SET nip = ? WHERE id = ?`, number, siti)
	err := w.db.Tx(w.t.Context(), func(db storage.Querier) error { return FollowNumber(w.t.Context(), db, siti, number) })
	if err != nil {
		w.t.Fatal(err)
	}
}

func TestAccountFollowsTheNumber(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.exec(`INSERT INTO person_nip (nip, person_id, since_ms) VALUES (?, ?, 0)`, nipSiti, siti)
		_, before := w.activated(siti, goodPassword)
		w.follow(newNIPSiti)
		for _, number := range []string{nipSiti, newNIPSiti} {
			if _, p := w.login(number, goodPassword); p.AccountID != before.AccountID {
				t.Errorf("the number ending in %s opens account %d, want %d", number[14:], p.AccountID, before.AccountID)
			}
		}
		if n := w.count(`SELECT count(*) FROM account WHERE username = ?`, newNIPSiti); n != 1 {
			t.Error("the account's name did not follow")
		}
	})
}

// A person with a staff name keeps it, and a name that is taken is left alone.
func TestAccountKeepsItsName(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.activated(siti, goodPassword)
		w.exec(`UPDATE account SET username = ? WHERE person_id = ?`, "siti.aminah", siti)
		w.follow(newNIPSiti)
		w.login("siti.aminah", goodPassword)
		w.login(newNIPSiti, goodPassword)

		w.activated(budi, anotherPassword)
		w.exec(`UPDATE account SET username = ? WHERE person_id = ?`, unknownNIP, budi)
		w.exec(`UPDATE account SET username = ? WHERE person_id = ?`, nipSiti, siti)
		w.exec(`DELETE FROM person_nip WHERE nip = ?`, newNIPSiti)
		w.follow(unknownNIP)
		if n := w.count(`SELECT count(*) FROM account WHERE person_id = ? AND username = ?`, siti, nipSiti); n != 1 {
			t.Error("the account lost its name to another's")
		}
	})
}

func TestMergeAccounts(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		merge := func(keep, drop int64) error {
			return w.db.Tx(t.Context(), func(db storage.Querier) error {
				return MergeAccounts(t.Context(), db, keep, drop, w.at.UnixMilli())
			})
		}
		// Only the one that goes has an account: it goes over.
		token, was := w.activated(budi, goodPassword)
		if err := merge(siti, budi); err != nil {
			t.Fatal(err)
		}
		if p, err := w.Authenticate(t.Context(), token); err != nil || p.PersonID != siti || p.AccountID != was.AccountID {
			t.Errorf("after the merge %+v, %v", p, err)
		}
		// Both have one: the other is shut, its session ends and its code too.
		other, _ := w.activated(wati, anotherPassword)
		code, err := w.IssueActivation(t.Context(), 0, Scope{All: true}, []int64{wati})
		if err != nil {
			t.Fatal(err)
		}
		if err := merge(siti, wati); err != nil {
			t.Fatal(err)
		}
		if w.alive(other) || !w.alive(token) {
			t.Error("the session of the account that went lives, or the kept one does not")
		}
		_, _, err = w.Login(t.Context(), noWati, anotherPassword, testIP)
		wantRefusal(t, "the account that went", err, fault.Unauthentic, "access.wrong_password")
		_, _, err = w.Activate(t.Context(), code[0].Code, anotherPassword, testIP)
		wantRefusal(t, "the code of who went", err, fault.Gone, "access.code_expired")
	})
}

func TestStaffAreNotMerged(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.activated(siti, goodPassword)
		w.activated(budi, anotherPassword)
		w.exec(`INSERT INTO account_role (account_id, role, agency_id) SELECT id, 'officer', 0 FROM account WHERE person_id = ?`, budi)
		for _, pair := range [][2]int64{{siti, budi}, {budi, siti}} {
			err := w.db.Tx(t.Context(), func(db storage.Querier) error { return MergeAccounts(t.Context(), db, pair[0], pair[1], 0) })
			wantRefusal(t, "staff", err, fault.Conflict, "access.merge_staff")
		}
	})
}

func TestActivationStates(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		a := Scope{Agencies: []int64{agencyA}}
		states := func() map[int64]ActivationState {
			t.Helper()
			got := map[int64]ActivationState{}
			listed, err := w.Activations(t.Context(), a, agencyA, 0)
			if err != nil {
				t.Fatal(err)
			}
			single, err := w.ActivationOf(t.Context(), a, []int64{siti, budi, wati})
			if err != nil {
				t.Fatal(err)
			}
			for _, one := range listed {
				got[one.PersonID] = one.State
				if single[one.PersonID].State != one.State {
					t.Errorf("person %d is %s in the list and %s alone", one.PersonID, one.State, single[one.PersonID].State)
				}
			}
			if len(single) != len(listed) {
				t.Errorf("%d alone, %d in the list", len(single), len(listed))
			}
			return got
		}
		check := func(what string, want map[int64]ActivationState) {
			t.Helper()
			if diff := cmp.Diff(want, states()); diff != "" {
				t.Errorf("%s: %s", what, diff)
			}
		}
		check("at first", map[int64]ActivationState{siti: NoCode, budi: NoCode})
		if _, err := w.IssueActivation(t.Context(), 0, a, []int64{siti}); err != nil {
			t.Fatal(err)
		}
		check("issued", map[int64]ActivationState{siti: CodeIssued, budi: NoCode})
		w.at = w.at.Add(ActivationLife)
		check("expired", map[int64]ActivationState{siti: CodeExpired, budi: NoCode})
		w.activated(siti, goodPassword)
		check("used", map[int64]ActivationState{siti: CodeUsed, budi: NoCode})
		if _, err := w.IssueActivation(t.Context(), 0, a, []int64{siti}); err != nil {
			t.Fatal(err)
		}
		check("reset", map[int64]ActivationState{siti: CodeIssued, budi: NoCode})
		w.at = w.at.Add(ActivationLife + time.Hour)
		check("a reset nobody used", map[int64]ActivationState{siti: CodeUsed, budi: NoCode})
		w.exec(`UPDATE person SET active = FALSE WHERE id = ?`, budi)
		w.exec(`INSERT INTO account_role (account_id, role, agency_id) SELECT id, 'officer', 0 FROM account WHERE person_id = ?`, siti)
		check("inactive people and staff", map[int64]ActivationState{})
		if other, err := w.Activations(t.Context(), a, agencyB, 0); err != nil || other != nil {
			t.Errorf("another agency's: %v, %v", other, err)
		}
	})
}
