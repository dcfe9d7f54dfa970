package access

import (
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"cakap/internal/fault"
)

// AU-07.
func TestSetup(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		if n := w.count(`SELECT count(*) FROM account`); n != 0 {
			t.Errorf("a new database has %d accounts", n)
		}
		if needed, err := w.NeedsSetup(ctx); err != nil || !needed {
			t.Errorf("NeedsSetup = %v, %v", needed, err)
		}
		first, err := w.IssueSetupToken(ctx)
		if err != nil {
			t.Fatal(err)
		}
		second, err := w.IssueSetupToken(ctx)
		if err != nil {
			t.Fatal(err)
		}
		for _, token := range []string{first, "", "x", second + "x"} {
			err := w.CompleteSetup(ctx, token, "Rina", "admin.bkd", goodPassword)
			wantRefusal(t, "a replaced or invented link", err, fault.Gone, "access.setup_link")
		}
		err = w.CompleteSetup(ctx, second, "Rina", "admin.bkd", "pendek")
		wantRefusal(t, "a short password", err, fault.Invalid, "access.password_short")
		if err := w.CompleteSetup(ctx, second, "Rina", "Admin.BKD", goodPassword); err != nil {
			t.Fatal(err)
		}
		_, p := w.login("admin.bkd", goodPassword)
		if !p.Has(Admin) || !p.Scope(AccountManage).All || p.Name != "Rina" {
			t.Errorf("the first administrator is %+v", p)
		}
		if needed, err := w.NeedsSetup(ctx); err != nil || needed {
			t.Errorf("NeedsSetup = %v, %v", needed, err)
		}
		err = w.CompleteSetup(ctx, second, "Jahat", "admin.dua", goodPassword)
		wantRefusal(t, "the link a second time", err, fault.Gone, "access.setup_done")
		_, err = w.IssueSetupToken(ctx)
		wantRefusal(t, "another link", err, fault.Gone, "access.setup_done")
		if got := w.actions(); !slices.Equal(got, []string{"account.create", "account.login"}) {
			t.Errorf("audited %v", got)
		}
	})
}

func TestSetupLinkLivesForAnHour(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		token, err := w.IssueSetupToken(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		w.at = w.at.Add(time.Hour)
		err = w.CompleteSetup(t.Context(), token, "Rina", "admin.bkd", goodPassword)
		wantRefusal(t, "after an hour", err, fault.Gone, "access.setup_link")
	})
}

func TestSetupMakesOneAdministrator(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		token, err := w.IssueSetupToken(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		var made atomic.Int32
		var wg sync.WaitGroup
		for _, name := range []string{"admin.satu", "admin.dua", "admin.tiga", "admin.empat"} {
			wg.Go(func() {
				err := w.CompleteSetup(t.Context(), token, "Rina", name, goodPassword)
				if err == nil {
					made.Add(1)
				} else if fault.KindOf(err) != fault.Gone {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if n := w.count(`SELECT count(*) FROM account`); made.Load() != 1 || n != 1 {
			t.Errorf("%d set-ups succeeded and made %d accounts", made.Load(), n)
		}
	})
}
