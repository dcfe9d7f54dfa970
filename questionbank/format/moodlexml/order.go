package moodlexml

import (
	"slices"
	"strconv"
	"strings"

	"cakap/questionbank"
	"cakap/scoring"
)

// sequence is the ids in the order of their places.
func sequence(options []questionbank.Option, places []scoring.Micro) []string {
	order := make([]int, len(options))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return int(places[a] - places[b]) })
	ids := make([]string, len(order))
	for i, o := range order {
		ids[i] = options[o].ID
	}
	return ids
}

// rearranged puts the entries into the author's order, which our writer noted:
// "2,1,3" says that the first in the file stood second.
func rearranged(in questionbank.Interaction, order string) questionbank.Interaction {
	texts := strings.Split(order, ",")
	if len(texts) != len(in.Options) {
		return in
	}
	options := make([]questionbank.Option, len(texts))
	to := map[string]string{}
	for i, text := range texts {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > len(options) || options[n-1].ID != "" {
			return in
		}
		options[n-1] = in.Options[i]
		options[n-1].ID = questionbank.OptionID(n - 1)
		to[in.Options[i].ID] = options[n-1].ID
	}
	correct := make([]string, len(in.Correct))
	for i, id := range in.Correct {
		correct[i] = to[id]
	}
	in.Options, in.Correct = options, correct
	return in
}

// gradingTypes are the nine of qtype_ordering with the rule of ours that marks
// alike, or comes nearest.
var gradingTypes = []struct {
	name   string
	number string
	rule   scoring.Rule
	exact  bool
}{
	{"ALL_OR_NOTHING", "-1", scoring.OrderExact, true},
	{"ABSOLUTE_POSITION", "0", scoring.OrderAbsolute, true},
	{"RELATIVE_NEXT_EXCLUDE_LAST", "1", scoring.OrderNext, true},
	{"RELATIVE_NEXT_INCLUDE_LAST", "2", scoring.OrderNext, false},
	{"RELATIVE_ONE_PREVIOUS_AND_NEXT", "3", scoring.OrderPrevNext, true},
	{"RELATIVE_ALL_PREVIOUS_AND_NEXT", "4", scoring.OrderPrevNext, false},
	{"LONGEST_ORDERED_SUBSET", "5", scoring.OrderLongestSubset, true},
	{"LONGEST_CONTIGUOUS_SUBSET", "6", scoring.OrderLongestRun, true},
	{"RELATIVE_TO_CORRECT", "7", scoring.OrderAbsolute, false},
}

// gradingType is the rule for the question's; one without an equal is kept for
// the way back and spoken of. Moodle takes ABSOLUTE_POSITION where none stands.
func (q *question) gradingType() scoring.Rule {
	n := q.get("gradingtype")
	text := strings.ToUpper(plain(n))
	for _, g := range gradingTypes {
		if text != g.name && text != g.number {
			continue
		}
		if !g.exact {
			q.warn(n, "questionbank.moodlexml.grading_near", "type", g.name)
			q.extra.keep(q.qtype, "gradingtype", g.name)
		}
		return g.rule
	}
	if text != "" {
		q.warn(n, "questionbank.moodlexml.grading_near", "type", text)
	}
	return scoring.OrderAbsolute
}

// gradingName is the way back.
func gradingName(e extra, rule scoring.Rule) string {
	for _, g := range gradingTypes {
		if g.name == e.Settings["gradingtype"] && g.rule == rule {
			return g.name
		}
	}
	for _, g := range gradingTypes {
		if g.exact && g.rule == rule {
			return g.name
		}
	}
	return gradingTypes[1].name
}

// selection speaks of a question that would show some of its entries only.
func (q *question) selection(entries int) {
	kind := strings.ToUpper(plain(q.n.Find("selecttype")))
	count, err := strconv.Atoi(plain(q.n.Find("selectcount")))
	if kind != "" && kind != "ALL" && kind != "0" && err == nil && count > 0 && count < entries {
		q.warn(q.n.Find("selecttype"), "questionbank.moodlexml.selection", "options", entries)
	}
}
