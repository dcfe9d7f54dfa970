package lint

import (
	"slices"
	"strings"
	"unicode/utf8"

	"cakap/internal/fault"
	"cakap/questionbank"
)

// interaction checks one place of an item that takes an answer; part goes
// before the names of its fields where there are several.
func (f *findings) interaction(c questionbank.Content, in questionbank.Interaction, part string) {
	switch in.Kind {
	case questionbank.ChoiceKind, questionbank.InlineKind:
		if c.Type != questionbank.TrueFalse && c.Type != questionbank.Survey && len(in.Options) > 1 {
			f.options(c, in, part)
		}
	case questionbank.PairsKind:
		if c.Type == questionbank.Match && !in.Many && len(in.Targets) == len(in.Options) && len(in.Options) > 1 {
			f.add(fault.New(fault.Invalid, "questionbank.lint.match_equal", len(in.Targets)).On(part + "targets"))
		}
	case questionbank.OrderKind:
		if len(in.Options) < 3 {
			f.add(fault.New(fault.Invalid, "questionbank.lint.order_few").On(part + "options"))
		}
	}
}

func (f *findings) options(c questionbank.Content, in questionbank.Interaction, part string) {
	shortest, longest := lengths(in.Options)
	if longest > ratioFloor && longest*100 > shortest*MaxLengthRatio {
		f.add(fault.New(fault.Invalid, "questionbank.lint.length_ratio", longest, shortest).On(part + "options"))
	}
	best := bestOf(in)
	f.keyLeads(in, best, part)
	ends := map[bool]int{}
	var withAbsolute []int
	for i, o := range in.Options {
		ends[strings.HasSuffix(o.Text, ".")]++
		if allOf.MatchString(o.Text) {
			f.add(fault.New(fault.Invalid, "questionbank.lint.all_of_the_above", o.ID).On(part + questionbank.OptionField("option", i)))
		}
		if absolute.MatchString(o.Text) {
			withAbsolute = append(withAbsolute, i)
		}
	}
	if len(ends) > 1 {
		f.add(fault.New(fault.Invalid, "questionbank.lint.ends_differ").On(part + "options"))
	}
	if given := onlyDistractors(best, withAbsolute); len(given) > 0 {
		f.add(fault.New(fault.Invalid, "questionbank.lint.absolute_words", strings.Join(given, ", ")).On(part + "options"))
	}
	if c.Type == questionbank.Multiple && part == "" && len(in.Correct) == 1 {
		f.add(fault.New(fault.Invalid, "questionbank.lint.multiple_one_key").On("correct"))
	}
}

// keyLeads finds a key that stands out by its length: authors explain what is
// right, and test-wise people know it.
func (f *findings) keyLeads(in questionbank.Interaction, best []int, part string) {
	if len(best) != 1 {
		return
	}
	key, next := 0, 0
	for i, o := range in.Options {
		n := utf8.RuneCountInString(o.Text)
		if i == best[0] {
			key = n
		} else {
			next = max(next, n)
		}
	}
	if key > ratioFloor && key*100 > next*MaxKeyLead {
		f.add(fault.New(fault.Invalid, "questionbank.lint.key_leads", in.Options[best[0]].ID, key, next).On(part + questionbank.OptionField("option", best[0])))
	}
}

// onlyDistractors names the options with absolute words, unless the key has
// one too: then the word gives nothing away.
func onlyDistractors(best, with []int) []string {
	var letters []string
	for _, i := range with {
		if slices.Contains(best, i) {
			return nil
		}
		letters = append(letters, questionbank.OptionID(i))
	}
	return letters
}

// bestOptions is the places of the right options of an item's first
// interaction, of an sjt item the best one.
func bestOptions(c questionbank.Content) []int { return bestOf(c.Choice()) }

func bestOf(in questionbank.Interaction) []int {
	k := in.Key()
	if len(k.Points) == 0 {
		return k.Correct
	}
	return []int{slices.Index(k.Points, slices.Max(k.Points))}
}

func lengths(options []questionbank.Option) (shortest, longest int) {
	shortest = utf8.RuneCountInString(options[0].Text)
	for _, o := range options {
		n := utf8.RuneCountInString(o.Text)
		shortest, longest = min(shortest, n), max(longest, n)
	}
	return shortest, longest
}
