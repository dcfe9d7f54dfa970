package officer

import (
	"fmt"
	"strconv"
	"strings"

	"cakap/assessment"
	"cakap/internal/web/kit"
)

// policyForm is what an officer decides about attempts, as typed.
type policyForm struct {
	Shown      bool // it may still be decided
	Attempts   []choice
	Rules      []choice
	Cooldown   string
	Deliveries []choice
	Phones     bool
}

var rules = map[assessment.AttemptRule]string{
	assessment.FirstAttempt: "Yang pertama",
	assessment.LastAttempt:  "Yang terakhir",
	assessment.BestAttempt:  "Yang nilainya tertinggi",
}

var deliveries = []choice{
	{Value: assessment.DeliverAll, Text: "Semua soal terbuka, boleh maju mundur"},
	{Value: assessment.DeliverAspect, Text: "Per aspek: aspek yang sudah dilewati terkunci"},
	{Value: assessment.DeliverOne, Text: "Satu per satu: tidak dapat kembali. Rentan bila jaringan buruk, karena setiap soal menunggu server"},
}

// policyFormOf is the form with what a spec says chosen.
func policyFormOf(s assessment.Spec) policyForm {
	f := policyForm{Shown: true, Phones: s.Phones}
	for n := 1; n <= 5; n++ {
		f.Attempts = append(f.Attempts, choice{strconv.Itoa(n), strconv.Itoa(n) + " kali", n == s.Attempts})
	}
	for _, r := range []assessment.AttemptRule{assessment.FirstAttempt, assessment.LastAttempt, assessment.BestAttempt} {
		f.Rules = append(f.Rules, choice{string(r), rules[r], r == s.AttemptRule})
	}
	for _, d := range deliveries {
		f.Deliveries = append(f.Deliveries, choice{d.Value, d.Text, d.Value == s.Delivery})
	}
	if s.CooldownDays > 0 {
		f.Cooldown = strconv.Itoa(s.CooldownDays)
	}
	return f
}

// typedPolicy reads the form. A request without it (the form of a programme,
// or a page that does not show it) leaves everything to the blueprint.
func typedPolicy(c *kit.Ctx) (assessment.Policy, assessment.Spec, kit.Errors) {
	var errs kit.Errors
	if c.Form("policy") == "" {
		return assessment.Policy{}, assessment.Spec{}, nil
	}
	days := typedInt("cooldown_days", c.Form("cooldown_days"), 0, &errs)
	phones := c.Form("phones") != ""
	p := assessment.Policy{
		Attempts: typedInt("attempts", c.Form("attempts"), 1, &errs), Rule: assessment.AttemptRule(c.Form("attempt_rule")),
		CooldownDays: &days, Delivery: c.Form("delivery"), Phones: &phones,
	}
	shown := assessment.Spec{Attempts: p.Attempts, AttemptRule: p.Rule, CooldownDays: days, Delivery: p.Delivery, Phones: phones}
	return p, shown, errs
}

// policyText is how an event deals with attempts, in a line.
func policyText(s assessment.Spec) string {
	parts := []string{"sekali"}
	if s.Attempts > 1 {
		parts = []string{fmt.Sprintf("paling banyak %d kali, dihitung %s", s.Attempts, strings.ToLower(rules[s.AttemptRule]))}
	}
	if s.Attempts > 1 && s.CooldownDays > 0 {
		parts = append(parts, fmt.Sprintf("jeda %d hari", s.CooldownDays))
	}
	switch s.Delivery {
	case assessment.DeliverAspect:
		parts = append(parts, "soal per aspek")
	case assessment.DeliverOne:
		parts = append(parts, "soal satu per satu")
	}
	if !s.Phones {
		parts = append(parts, "bukan untuk ponsel")
	}
	return strings.Join(parts, "; ")
}
