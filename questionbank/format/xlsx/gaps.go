package xlsx

import (
	"regexp"
	"strconv"
	"strings"

	"cakap/questionbank"
	"cakap/scoring"
)

// Gaps stand in the stem as [[1]], [[2]] or, as people write them, as "____".
// The key has a line for each, "1: Format; berkas", and where the option cell of
// a gap lists choices, "HTTP | HTTPS", the letter of the right one.

var underscores = regexp.MustCompile(`(?:\\?_){3,}|\.{5,}`)

// markGaps makes gaps of underscores where the stem has no marks yet.
func (r *row) markGaps(stem string) string {
	if len(questionbank.Gaps(stem)) > 0 {
		return stem
	}
	n := -1
	return underscores.ReplaceAllStringFunc(stem, func(string) string {
		n++
		return questionbank.Gap(n)
	})
}

var gapLine = regexp.MustCompile(`^\s*\[*(\d{1,2})\]*\s*[:.=)]\s*(.*)$`)

// gapKeys is the key of each gap by its place.
func gapKeys(raw string, gaps int) map[int]string {
	keys := map[int]string{}
	for i, line := range strings.Split(raw, "\n") {
		if m := gapLine.FindStringSubmatch(line); m != nil {
			n, err := strconv.Atoi(m[1])
			if err == nil {
				keys[n-1] = m[2]
			}
			continue
		}
		if gaps == 1 || strings.Contains(raw, "\n") {
			keys[i] = line
		}
	}
	return keys
}

// gapAnswers is an interaction for each gap of the stem.
func (r *row) gapAnswers(stem string) []questionbank.Interaction {
	gaps := questionbank.Gaps(stem)
	if len(gaps) == 0 {
		r.reject(invalid("questionbank.xlsx.gaps_missing"), fStem)
		return []questionbank.Interaction{}
	}
	count := 0
	for _, g := range gaps {
		count = max(count, g+1)
	}
	keys := gapKeys(r.text(fCorrect), count)
	parts := make([]questionbank.Interaction, min(count, questionbank.MaxParts))
	for i := range parts {
		key := strings.TrimSpace(keys[i])
		if key == "" {
			r.reject(invalid("questionbank.xlsx.gap_key", i+1), fCorrect)
		}
		parts[i] = r.gap(i, key)
	}
	return parts
}

func (r *row) gap(i int, key string) questionbank.Interaction {
	if i < mostOptions {
		if choices := r.text(optionField(i)); choices != "" {
			return r.inline(choices, key)
		}
	}
	answers := splitAnswers(key)
	numbers := questionbank.Interaction{Kind: questionbank.NumberKind, Rule: scoring.NumberList, Options: []questionbank.Option{}}
	texts := questionbank.Interaction{Kind: questionbank.TextKind, Rule: scoring.TextList, Options: []questionbank.Option{}}
	for _, answer := range answers {
		if n, ok := parseNumber(answer); ok {
			numbers.Numbers = append(numbers.Numbers, n)
		}
		texts.Texts = append(texts.Texts, parseText(answer))
	}
	if len(answers) > 0 && len(numbers.Numbers) == len(answers) {
		return numbers
	}
	return texts
}

// inline is a drop-down list.
func (r *row) inline(choices, key string) questionbank.Interaction {
	var options []questionbank.Option
	for text := range strings.FieldsFuncSeq(choices, func(c rune) bool { return c == '|' || c == '\n' }) {
		if text = strings.TrimSpace(text); text != "" {
			options = append(options, questionbank.Option{Text: text})
		}
	}
	places, ok := parseKey(key, options)
	if key != "" && (!ok || len(places) != 1 || places[0] >= len(options)) {
		r.reject(invalid("questionbank.import.key_unreadable", key), fCorrect)
		places = nil
	}
	in := questionbank.NewChoice(questionbank.Single, options, places)
	in.Kind = questionbank.InlineKind
	return in
}

// formatGaps is the option cells and the key of a cloze item.
func formatGaps(parts []questionbank.Interaction, put func(field, text string)) {
	var keys []string
	for i, in := range parts {
		var key string
		switch in.Kind {
		case questionbank.InlineKind:
			var choices []string
			for _, o := range in.Options {
				choices = append(choices, o.Text)
			}
			if i < mostOptions {
				put(optionField(i), strings.Join(choices, " | "))
			}
			key = strings.Join(in.Correct, ",")
		case questionbank.NumberKind:
			key = formatNumbers(in.Numbers)
		default:
			key = formatTexts(in.Texts)
		}
		keys = append(keys, strconv.Itoa(i+1)+": "+key)
	}
	put(fCorrect, strings.Join(keys, "\n"))
}

func formatTexts(all []questionbank.TextAnswer) string {
	texts := make([]string, len(all))
	for i, t := range all {
		texts[i] = formatText(t)
	}
	return strings.Join(texts, "; ")
}

func formatNumbers(all []questionbank.Number) string {
	texts := make([]string, len(all))
	for i, n := range all {
		texts[i] = formatNumber(n)
	}
	return strings.Join(texts, "; ")
}

// areaMark is the place of an area behind its name: "Tombol [rect 0 0 20 20]".
var areaMark = regexp.MustCompile(`(?i)\s*[\[(](rect|circle|ellipse|poly)[\s:]+([-0-9,;\s]+)[\])]$`)

// areas is a hotspot: an area of the first picture in each option cell.
func (r *row) areas(options []questionbank.Option) questionbank.Interaction {
	names, _ := r.pictureNames()
	in := questionbank.Interaction{Kind: questionbank.HotspotKind, Rule: scoring.AllOrNothing}
	if len(names) > 0 {
		in.Image = names[0]
	}
	for i := range options {
		o := &options[i]
		m := areaMark.FindStringSubmatchIndex(o.Text)
		if m == nil {
			r.reject(invalid("questionbank.xlsx.area_unreadable", o.Text), optionField(i))
			continue
		}
		o.Shape = &questionbank.Shape{Form: strings.ToLower(o.Text[m[2]:m[3]]), Coords: coords(o.Text[m[4]:m[5]])}
		o.Text = o.Text[:m[0]]
	}
	in.Options = options
	letter(in.Options)
	for _, p := range r.correct(options) {
		in.Correct = append(in.Correct, questionbank.OptionID(p))
	}
	in.Many = len(in.Correct) > 1
	if in.Many {
		in.Rule = scoring.PerOption
	}
	return in
}

func coords(text string) []int {
	var all []int
	for part := range strings.FieldsFuncSeq(text, func(c rune) bool { return c == ',' || c == ';' || c == ' ' || c == '\n' || c == '\t' }) {
		n, err := strconv.Atoi(part)
		if err != nil {
			return nil
		}
		all = append(all, n)
	}
	return all
}

func formatArea(o questionbank.Option) string {
	if o.Shape == nil {
		return o.Text
	}
	parts := make([]string, len(o.Shape.Coords))
	for i, c := range o.Shape.Coords {
		parts[i] = strconv.Itoa(c)
	}
	return strings.TrimSpace(o.Text + " [" + o.Shape.Form + " " + strings.Join(parts, " ") + "]")
}
