package xlsx

import (
	"slices"
	"strconv"
	"strings"

	"cakap/questionbank"
	"cakap/scoring"
)

// maxCell is the longest text that is put into a cell that people see, in letters
// that may take two of the format's 32,767; what is longer is cut there and whole
// in the data.
const maxCell = 16_300

// values is an item in the columns of the template, by field, with its data where
// those cannot say all of it. fits is false where not even the data could.
func values(item Item) (cells texts, fits bool) {
	cells = visible(item.Content)
	cells[fCode] = item.Code
	if again := reread(cells); string(again.JSON()) == string(plainMedia(item.Content).JSON()) {
		return cells, true
	}
	data := packData(item.Content, seal(func(field string) string { return tidyCell(cells[field]) }))
	for i, text := range data {
		cells[dataField(i)] = text
	}
	return cells, data != nil
}

// reread is what our reader makes of the cells, so that whether they say
// everything is never a guess.
func reread(cells texts) questionbank.Content {
	r := row{record: cells, own: true}
	return r.content().Normalise()
}

// plainMedia leaves of the files what a sheet can say of them.
func plainMedia(c questionbank.Content) questionbank.Content {
	c.Media = slices.Clone(c.Media)
	for i, m := range c.Media {
		c.Media[i] = questionbank.Media{Name: m.Name, Alt: m.Alt}
	}
	return c.Normalise()
}

// visible is what people see of an item.
func visible(c questionbank.Content) texts {
	v := texts{}
	put := func(field, text string) {
		if runes := []rune(text); len(runes) > maxCell {
			text = string(runes[:maxCell])
		}
		if v[field] = text; text == "" {
			delete(v, field)
		}
	}
	for field, text := range map[string]string{
		fAspect: aspectName(c), fIndicator: c.Indicator, fType: typeNames[c.Type], fLevel: string(c.Level), fStimulus: c.Stimulus, fStem: c.Stem,
		fRationale: c.Rationale, fBasis: c.Basis, fDigComp: strings.Join(c.DigComp, ", "), fExpires: c.Expires,
		fTags: strings.Join(c.Tags, ", "), fCategory: c.Category, fTitle: c.Title,
	} {
		put(field, text)
	}
	if ind, ok := questionbank.StandardFramework().Indicator(c.Indicator); ok {
		put(fIndicator, indicatorName(ind))
	}
	if c.Seconds > 0 {
		put(fSeconds, strconv.Itoa(c.Seconds))
	}
	var names, alts []string
	for _, m := range c.Media {
		names, alts = append(names, m.Name), append(alts, m.Alt)
	}
	put(fMedia, strings.Join(names, "\n"))
	put(fAlt, strings.TrimRight(strings.Join(alts, "\n"), "\n"))
	visibleAnswer(c, put)
	return v
}

func visibleAnswer(c questionbank.Content, put func(field, text string)) {
	in := c.Choice()
	for i, o := range in.Options {
		if i < mostOptions {
			put(optionField(i), o.Text)
			put(reasonField(i), o.Reason)
		}
	}
	put(fCorrect, strings.Join(in.Correct, ","))
	switch c.Type {
	case questionbank.TrueFalse:
		put(fCorrect, "SALAH")
		if len(in.Correct) > 0 && in.Correct[0] == "A" {
			put(fCorrect, "BENAR")
		}
	case questionbank.SJT:
		put(fPoints, formatPoints(in.Options))
		var letters []string
		for _, i := range best(in.Options) {
			letters = append(letters, questionbank.OptionID(i))
		}
		put(fCorrect, strings.Join(letters, ","))
	case questionbank.Match, questionbank.Matrix:
		put(fTargets, lines(in.Targets))
		put(fCorrect, formatPairs(in.Correct))
	case questionbank.Short:
		put(fCorrect, formatTexts(in.Texts))
		for i, t := range in.Texts[:min(len(in.Texts), mostOptions)] {
			put(reasonField(i), t.Reason)
		}
	case questionbank.Numeric:
		put(fCorrect, formatNumbers(in.Numbers))
		for i, n := range in.Numbers[:min(len(in.Numbers), mostOptions)] {
			put(reasonField(i), n.Reason)
		}
	case questionbank.Cloze:
		clearOptions(in, put)
		formatGaps(c.Interactions, put)
	case questionbank.Hotspot:
		for i, o := range in.Options[:min(len(in.Options), mostOptions)] {
			put(optionField(i), formatArea(o))
		}
		if in.Kind == questionbank.PairsKind {
			put(fTargets, lines(in.Targets))
			put(fCorrect, formatPairs(in.Correct))
		}
	case questionbank.Essay:
		visibleRubric(c.Rubric, put)
	}
	visibleShuffle(c.Type, in, put)
}

// clearOptions makes room where the option cells mean gaps.
func clearOptions(in questionbank.Interaction, put func(field, text string)) {
	for i := range in.Options[:min(len(in.Options), mostOptions)] {
		put(optionField(i), "")
		put(reasonField(i), "")
	}
}

func visibleRubric(rubric []questionbank.Criterion, put func(field, text string)) {
	var points []string
	for i, c := range rubric[:min(len(rubric), mostOptions)] {
		put(optionField(i), c.Name)
		put(reasonField(i), c.Guide)
		points = append(points, questionbank.OptionID(i)+"="+strconv.Itoa(c.Points))
	}
	put(fPoints, strings.Join(points, ";"))
}

// visibleShuffle says "Tidak" or "Ya" only where the type's own way is another.
func visibleShuffle(t questionbank.Type, in questionbank.Interaction, put func(field, text string)) {
	switch t {
	case questionbank.Single, questionbank.Multiple, questionbank.SJT, questionbank.Match, questionbank.Order:
		if !in.Shuffle {
			put(fShuffle, "Tidak")
		}
	case questionbank.Matrix, questionbank.Survey:
		if in.Shuffle {
			put(fShuffle, "Ya")
		}
	}
}

func lines(options []questionbank.Option) string {
	all := make([]string, len(options))
	for i, o := range options {
		all[i] = o.Text
	}
	return strings.Join(all, "\n")
}

func aspectName(c questionbank.Content) string {
	a := c.Aspect()
	if a == scoring.Total {
		return ""
	}
	return a.Code() + " " + questionbank.StandardFramework().AspectName(a)
}

func indicatorName(ind questionbank.Indicator) string { return ind.Code + " " + ind.Name }
