package access

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cakap/internal/fault"
)

// wanted is the policy as the design states it, by role, so that a change of
// the table by action is a change here too.
var wanted = map[Role]string{
	Participant: "attempt.take media.read result.own",
	Trainer:     "bank.edit bank.read media.read staff.home",
	Reviewer:    "bank.read bank.review essay.mark media.read staff.home",
	Officer:     "answerfile.take codes.issue event.manage event.read event.release faulty.decide integrity.read monitor.read paper.print report.download roster.import roster.read session.run staff.home",
	Proctor:     "answerfile.take codes.issue event.read monitor.read paper.print session.run staff.home",
	Admin:       "account.manage agency.manage audit.read event.read roster.import roster.read staff.home system.read",
}

func TestPolicyIsTheDesigns(t *testing.T) {
	for _, role := range Roles {
		var got []string
		for a := range policy {
			if Allow(&Principal{Roles: []Grant{{Role: role, AgencyID: 7}}}, a) == nil {
				got = append(got, string(a))
			}
		}
		slices.Sort(got)
		if diff := cmp.Diff(wanted[role], strings.Join(got, " ")); diff != "" {
			t.Errorf("%s: %s", role, diff)
		}
	}
}

func TestAllowSaysWhy(t *testing.T) {
	officer := &Principal{Roles: []Grant{{Officer, 7}}}
	for _, tt := range []struct {
		name string
		p    *Principal
		a    Action
		want fault.Kind
	}{
		{"nobody", nil, BankRead, fault.Unauthentic},
		{"no role", &Principal{AccountID: 1}, BankRead, fault.Forbidden},
		{"another role", officer, BankRead, fault.Forbidden},
		{"an action of no table", officer, "report.invent", fault.Forbidden},
		{"the empty action", officer, "", fault.Forbidden},
		{"a role of no table", &Principal{Roles: []Grant{{"root", 0}}}, SystemRead, fault.Forbidden},
	} {
		if err := Allow(tt.p, tt.a); fault.KindOf(err) != tt.want || err == nil {
			t.Errorf("%s: Allow = %v, want kind %v", tt.name, err, tt.want)
		}
	}
}

func TestScopeFollowsTheRoleThatAllows(t *testing.T) {
	p := &Principal{Roles: []Grant{{Officer, 7}, {Officer, 9}, {Trainer, 0}, {Proctor, 11}, {Participant, 0}}}
	for _, tt := range []struct {
		p    *Principal
		a    Action
		want string
	}{
		{p, ReportDownload, "[7 9]"},
		{p, CodesIssue, "[7 9 11]"},
		{p, BankEdit, "all"},
		{p, AuditRead, "[]"},
		{p, "report.invent", "[]"},
		{nil, ReportDownload, "[]"},
	} {
		s := tt.p.Scope(tt.a)
		got := fmt.Sprint(s.Agencies)
		if s.All {
			got = "all"
		}
		if got != tt.want {
			t.Errorf("Scope(%s) = %s, want %s", tt.a, got, tt.want)
		}
	}
	if (Scope{}).Covers(0) || (Scope{}).Covers(7) {
		t.Error("the empty scope covers something")
	}
	if s := p.Scope(ReportDownload); !s.Covers(9) || s.Covers(11) || s.Covers(0) {
		t.Errorf("scope %v covers what it should not, or not what it should", s)
	}
	if !(Scope{All: true}).Covers(0) {
		t.Error("a scope of all does not cover what is of no agency")
	}
	if id, ok := (Scope{Agencies: []int64{5}}).Single(); !ok || id != 5 {
		t.Errorf("Single = %d, %v", id, ok)
	}
	if _, ok := p.Scope(ReportDownload).Single(); ok {
		t.Error("two agencies are a single one")
	}
}

func TestHas(t *testing.T) {
	p := &Principal{Roles: []Grant{{Officer, 7}}}
	if !p.Has(Officer) || p.Has(Admin) || (*Principal)(nil).Has(Officer) {
		t.Error("Has is wrong")
	}
}
