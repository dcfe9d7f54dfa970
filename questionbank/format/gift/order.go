package gift

import (
	"slices"
	"strconv"
	"strings"

	"cakap/questionbank"
	"cakap/scoring"
)

// gradings are the grading types of Moodle's ordering questions with the rule
// of ours that marks alike, or comes nearest. The first of a rule is the one we
// write.
var gradings = []struct {
	name  string
	rule  scoring.Rule
	exact bool
}{
	{"ALL_OR_NOTHING", scoring.OrderExact, true},
	{"ABSOLUTE_POSITION", scoring.OrderAbsolute, true},
	{"ABSOLUTE", scoring.OrderAbsolute, true},
	{"ABS", scoring.OrderAbsolute, true},
	{"RELATIVE_NEXT_EXCLUDE_LAST", scoring.OrderNext, true},
	{"RELATIVE", scoring.OrderNext, true},
	{"REL", scoring.OrderNext, true},
	{"RELATIVE_NEXT_INCLUDE_LAST", scoring.OrderNext, false},
	{"RELATIVE_ONE_PREVIOUS_AND_NEXT", scoring.OrderPrevNext, true},
	{"RELATIVE_ALL_PREVIOUS_AND_NEXT", scoring.OrderPrevNext, false},
	{"RELATIVE_TO_CORRECT", scoring.OrderAbsolute, false},
	{"LONGEST_ORDERED_SUBSET", scoring.OrderLongestSubset, true},
	{"LONGEST_CONTIGUOUS_SUBSET", scoring.OrderLongestRun, true},
}

// The words behind the ">", in their order: which entries are shown, the
// layout, the grading (above), whether that is shown, and the numbering. Any
// may be missing. They are those of qtype_ordering.
var (
	selections = []string{"ALL", "EXACT", "RANDOM", "REL", "CONTIGUOUS", "CONTIG"}
	layouts    = []string{"HORIZONTAL", "HORI", "H", "1", "VERTICAL", "VERT", "V", "0"}
	showings   = []string{"SHOW", "TRUE", "YES", "1", "HIDE", "FALSE", "NO", "0"}
	numberings = []string{"none", "123", "abc", "ABC", "iii", "III"}
)

// settings is the first line of an ordering question.
type settings struct {
	count     int
	selection string
	grading   string
	words     []string // all of the above
}

// settingsOf takes the settings off a line; what is left is the first entry.
func settingsOf(line string) (s settings, rest string) {
	take := func(known func(string) bool) string {
		rest = strings.TrimLeft(rest, " \t")
		word, after, _ := strings.Cut(rest, " ")
		if word == "" || !known(word) {
			return ""
		}
		rest = after
		s.words = append(s.words, word)
		return word
	}
	of := func(list []string) func(string) bool {
		return func(word string) bool { return slices.Contains(list, word) }
	}
	rest = line
	number := take(func(word string) bool {
		n, err := strconv.Atoi(word)
		s.count = n
		return err == nil && n >= 0 && n < 1000
	})
	if number == "" {
		s.count = 0
	}
	s.selection = take(of(selections))
	take(of(layouts))
	s.grading = take(func(word string) bool {
		return word == "ABS" || strings.HasPrefix(word, "RELATIVE") || strings.HasPrefix(word, "LONGEST_") || strings.HasPrefix(word, "A") && ruleOf(word) != ""
	})
	take(of(showings))
	take(of(numberings))
	return s, strings.TrimSpace(rest)
}

func ruleOf(grading string) scoring.Rule {
	for _, g := range gradings {
		if g.name == grading {
			return g.rule
		}
	}
	return ""
}

// order reads Moodle's ordering plugin: a line of settings, then an entry in
// each line, in the right order.
func (q *question) order(text string) {
	in := questionbank.Interaction{Kind: questionbank.OrderKind, Rule: scoring.OrderAbsolute, Shuffle: true, Options: []questionbank.Option{}}
	skip := strings.IndexByte(text, '>') + 1
	lines := strings.Split(text[skip:], "\n")
	set, first := settingsOf(strings.TrimRight(lines[0], "\r"))
	offset := q.braces + skip
	for i, line := range lines {
		entry := line
		if i == 0 {
			entry = first
		}
		if len(in.Options) >= maxEntries {
			q.reject(q.braces, "questionbank.gift.many_entries", "options", maxEntries)
			break
		}
		if strings.TrimSpace(entry) != "" {
			field := questionbank.OptionField("option", min(len(in.Options), 25))
			q.item.Places[field] = q.at(offset)
			o := q.pairText(entry, offset, field)
			o.ID = questionbank.OptionID(len(in.Options))
			in.Options = append(in.Options, o)
			in.Correct = append(in.Correct, o.ID)
		}
		offset += len(line) + 1
	}
	q.grading(&in, set.grading)
	if set.count > 0 && set.count < len(in.Options) && set.selection != "ALL" && set.selection != "EXACT" {
		q.warn(q.braces, "questionbank.gift.order_subset", "options", set.count)
	}
	if was := strings.Join(set.words, " "); was != strings.TrimPrefix(orderSettings(in, ""), ">") {
		q.extra.Order = was
	}
	q.set(questionbank.Order, in)
}

// grading sets the rule; Moodle takes places where none is named.
func (q *question) grading(in *questionbank.Interaction, name string) {
	for _, g := range gradings {
		if g.name != name {
			continue
		}
		in.Rule = g.rule
		if !g.exact {
			q.warn(q.braces, "questionbank.gift.grading_near", "type", name)
		}
		return
	}
	if name != "" {
		q.warn(q.braces, "questionbank.gift.grading_near", "type", name)
	}
}

// orderSettings is the line of settings: the source's where it still says what
// the item does, else one of our own.
func orderSettings(in questionbank.Interaction, was string) string {
	if was != "" {
		set, rest := settingsOf(was)
		rule := ruleOf(set.grading)
		if rule == "" {
			rule = scoring.OrderAbsolute
		}
		if rest == "" && rule == in.Rule {
			return ">" + was
		}
	}
	for _, g := range gradings {
		if g.exact && g.rule == in.Rule {
			return ">" + strconv.Itoa(len(in.Options)) + " ALL VERTICAL " + g.name + " SHOW none"
		}
	}
	return ""
}
