package moodlexml

import (
	"slices"
	"strconv"

	"cakap/questionbank"
	"cakap/questionbank/format/cloze"
	"cakap/questionbank/format/rich"
	"cakap/scoring"
)

// clozeKind is the qtype of a text with gaps: the one it came from, where its
// gaps are still lists of words.
func (o *output) clozeKind() (string, func(*output)) {
	words := func(in questionbank.Interaction) bool {
		return in.Kind == questionbank.InlineKind && in.Rule == scoring.AllOrNothing && len(in.Correct) == 1 && in.Share <= 1 && in.Shuffle == o.c.Choice().Shuffle &&
			!slices.ContainsFunc(in.Options, func(option questionbank.Option) bool { return option.Reason != "" || option.Points != 0 })
	}
	if gapped[o.extra.QType] && !slices.ContainsFunc(o.c.Interactions, func(in questionbank.Interaction) bool { return !words(in) }) {
		return o.extra.QType, (*output).gapselect
	}
	written := func(in questionbank.Interaction) bool {
		switch in.Kind {
		case questionbank.InlineKind, questionbank.ChoiceKind, questionbank.TextKind, questionbank.NumberKind:
			return in.Rule != scoring.None
		}
		return false
	}
	if slices.ContainsFunc(o.c.Interactions, func(in questionbank.Interaction) bool { return !written(in) }) {
		return "", nil
	}
	return "cloze", (*output).cloze
}

// held is the stem with its gaps held; parts that have none follow below it.
func (o *output) held() string {
	stem := o.c.Stem
	gaps := questionbank.Gaps(stem)
	for i, in := range o.c.Interactions {
		if !slices.Contains(gaps, i) {
			stem += "\n\n" + in.Prompt + " " + questionbank.Gap(i)
		}
	}
	return questionbank.HoldGaps(stem)
}

// cloze writes the answers into the text. Their pictures are files of it too.
func (o *output) cloze() {
	o.question(o.held(), func(m *markup) string {
		text, lost := cloze.WriteMedia(m.text, asInFile(o.c.Interactions), m.address)
		for _, f := range lost {
			o.w.losses = append(o.w.losses, f.Place(o.code))
		}
		return text
	})
}

// asInFile writes choices whose weights came from a file with those weights,
// though we mark them by another rule.
func asInFile(parts []questionbank.Interaction) []questionbank.Interaction {
	out := slices.Clone(parts)
	for i, in := range out {
		weighted := slices.ContainsFunc(in.Options, func(option questionbank.Option) bool { return option.Points != 0 })
		if in.Rule == scoring.PerOption && weighted {
			out[i].Rule = scoring.Mapped
		}
	}
	return out
}

// gapselect writes each list of words once, as a group.
func (o *output) gapselect() {
	element := map[string]string{"gapselect": "selectoption", "ddwtos": "dragbox"}[o.qtype]
	o.line("<shuffleanswers>" + map[bool]string{true: "1", false: "0"}[o.c.Choice().Shuffle] + "</shuffleanswers>")
	var lists [][]questionbank.Option
	var starts []int
	numbers := make([]int, len(o.c.Interactions))
	var words []string
	for i, in := range o.c.Interactions {
		same := slices.IndexFunc(lists, func(list []questionbank.Option) bool {
			return slices.EqualFunc(list, in.Options, func(a, b questionbank.Option) bool { return a.Text == b.Text && a.Rich == b.Rich })
		})
		if same < 0 {
			same = len(lists)
			lists, starts = append(lists, in.Options), append(starts, len(words))
			for _, option := range in.Options {
				m := toMarkup(rich.OptionMarkdown(option))
				words = append(words, "<"+element+` format="`+m.format+`"><text>`+cdata(m.text)+"</text>"+o.files(m.media)+"<group>"+strconv.Itoa(same+1)+"</group></"+element+">")
			}
		}
		right := slices.IndexFunc(in.Options, func(option questionbank.Option) bool { return option.ID == in.Correct[0] })
		numbers[i] = starts[same] + max(right, 0) + 1
	}
	o.question(o.held(), func(m *markup) string {
		return questionbank.FillGaps(m.text, func(i int) string {
			if i >= len(numbers) {
				return ""
			}
			return "[[" + strconv.Itoa(numbers[i]) + "]]"
		})
	})
	for _, word := range words {
		o.line(word)
	}
}
