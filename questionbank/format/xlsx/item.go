package xlsx

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"cakap/internal/sheet"
	"cakap/questionbank"
	"cakap/scoring"
)

// item reads the whole row. What cannot be read is said and the rest read all
// the same, so that one upload tells of every fault.
func (r *row) item() questionbank.ParsedItem {
	r.found = questionbank.ParsedItem{At: r.At(fStem), Code: r.text(fCode), Places: map[string]string{}}
	for _, field := range r.fields {
		r.found.Places[field] = r.At(field)
	}
	for _, field := range [...]string{fStem, fType, fLevel, fIndicator, fCorrect, fPoints, fTargets, fRationale} {
		r.found.Places[field] = r.At(field)
	}
	r.found.Places["options"] = r.At(optionField(0))
	r.found.Places["answers"] = r.At(fCorrect)
	r.found.Raw = r.raw()
	if r.stored() {
		return r.found
	}
	c := r.content()
	if r.own {
		r.compare(c)
	}
	r.found.Type, r.found.Content = string(c.Type), c
	return r.found
}

// content is what the cells that people see and fill in say.
func (r *row) content() questionbank.Content {
	c := questionbank.Content{
		Stem: r.markdown(fStem), Stimulus: r.markdown(fStimulus), Rationale: r.markdown(fRationale), Basis: r.text(fBasis),
		Level: r.level(), Indicator: r.indicator(), Expires: r.expires(), DigComp: r.list(fDigComp, digcompBetween),
		Title: r.text(fTitle), Category: r.text(fCategory), Tags: r.list(fTags, tagsBetween), Seconds: r.seconds(), Worth: r.worth(),
	}
	options := r.options()
	c.Type = r.typeOf(options)
	r.answer(&c, options)
	r.media(&c)
	return c
}

func digcompBetween(r rune) bool { return r == ',' || r == ';' || r == ' ' || r == '\n' }

func tagsBetween(r rune) bool { return r == ',' || r == ';' || r == '\n' }

// list is the parts of a cell, nil where there are none.
func (r *row) list(field string, between func(rune) bool) []string {
	var parts []string
	for _, part := range strings.FieldsFunc(r.text(field), between) {
		if part = strings.TrimSpace(part); part != "" {
			parts = append(parts, part)
		}
	}
	return parts
}

func (r *row) seconds() int {
	raw := r.text(fSeconds)
	n, err := strconv.Atoi(raw)
	switch {
	case raw == "":
	case err != nil || n < 0 || n > 86400:
		r.warn(invalid("questionbank.xlsx.seconds_unreadable", raw), fSeconds)
		return 0
	}
	return n
}

// worth is the points of a stranger's question; in ours they stand in the data.
func (r *row) worth() scoring.Micro {
	raw := r.text(fWorth)
	if raw == "" || strings.Contains(raw, "=") {
		return 0
	}
	m, err := parseMicro(raw)
	if err != nil {
		r.warn(invalid("questionbank.xlsx.worth_unreadable", raw), fWorth)
		return 0
	}
	if m == scoring.Point {
		return 0
	}
	return m
}

func (r *row) level() questionbank.Level {
	raw := strings.ToUpper(strings.ReplaceAll(r.text(fLevel), " ", ""))
	for _, l := range questionbank.Levels {
		if raw == string(l) || raw == strings.TrimPrefix(string(l), "L") || strings.HasPrefix(raw, string(l)+"(") || strings.HasPrefix(raw, string(l)+"-") {
			return l
		}
	}
	if raw != "" {
		r.warn(invalid("questionbank.import.level_unreadable", r.text(fLevel)), fLevel)
	}
	return ""
}

var indicatorCode = regexp.MustCompile(`^(?i)(A[1-4])\s*[.\-]\s*(\d{1,2})\b`)

// indicator reads "A1.4 Berkomunikasi lewat surel …" by its code. Where aspect
// and indicator disagree nothing is guessed.
func (r *row) indicator() string {
	raw, aspect := r.text(fIndicator), r.aspect()
	r.found.Aspect = aspect
	if raw == "" {
		if aspect != scoring.Total && r.own {
			r.reject(invalid("questionbank.indicator_empty"), fIndicator)
		}
		return ""
	}
	m := indicatorCode.FindStringSubmatch(raw)
	if m == nil {
		if r.own {
			r.reject(invalid("questionbank.indicator_unknown", raw), fIndicator)
		}
		return ""
	}
	code := strings.ToUpper(m[1]) + "." + m[2]
	if _, known := questionbank.StandardFramework().Indicator(code); !known {
		r.reject(invalid("questionbank.indicator_unknown", raw), fIndicator)
		return ""
	}
	if aspect != scoring.Total && questionbank.AspectOf(code) != aspect {
		r.reject(invalid("questionbank.import.aspect_differs", code, aspect.Code()), fIndicator)
	}
	return code
}

var aspectCode = regexp.MustCompile(`^(?i)A?([1-4])(\b|\s|$)`)

// aspect reads "A1 …" or the name of an aspect. Strangers keep chapters and
// topics in such a column, and aspects in those of categories.
func (r *row) aspect() scoring.Aspect {
	raw := r.text(fAspect)
	if a := aspectIn(raw, r.own); a != scoring.Total {
		return a
	}
	if r.own && raw != "" {
		r.reject(invalid("questionbank.import.aspect_unknown", raw), fAspect)
	}
	if !r.own {
		return aspectIn(r.text(fCategory), false)
	}
	return scoring.Total
}

func aspectIn(raw string, own bool) scoring.Aspect {
	if m := aspectCode.FindStringSubmatch(raw); m != nil && (own || strings.HasPrefix(strings.ToUpper(raw), "A")) {
		return scoring.Aspect(m[1][0] - '0')
	}
	for _, a := range scoring.Aspects {
		if strings.EqualFold(raw, questionbank.StandardFramework().AspectName(a)) {
			return a
		}
	}
	return scoring.Total
}

func (r *row) expires() string {
	raw := r.text(fExpires)
	if raw == "" {
		return ""
	}
	day, ok := r.Cell(fExpires).Date()
	if !ok {
		r.reject(invalid("questionbank.expires_unreadable", raw), fExpires)
		return ""
	}
	return day.Format(time.DateOnly)
}

// options is the row's options up to the last that is filled.
func (r *row) options() []questionbank.Option {
	options := make([]questionbank.Option, 0, templateOptions)
	last := 0
	for i := range mostOptions {
		field := optionField(i)
		if !r.has(field) && !r.has(reasonField(i)) && i >= templateOptions {
			break
		}
		o := questionbank.Option{Text: r.plain(field), Reason: r.text(reasonField(i))}
		o.Rich = r.own && strings.Contains(o.Text, "](media:") // only a Markdown text shows a picture
		if options = append(options, o); o.Text != "" || o.Reason != "" || r.pictured(i) {
			last = i + 1
		}
	}
	options = options[:last]
	if !r.own {
		if len(options) == 0 {
			options = r.optionsInOneCell()
		}
		unmark(options)
	}
	return options
}

// optionsInOneCell reads `["Satu","Dua"]`, or a line for each option.
func (r *row) optionsInOneCell() []questionbank.Option {
	text := r.text(fOptions)
	list, ok := jsonList(text)
	if !ok {
		list = strings.Split(text, "\n")
		if len(list) == 1 {
			list = strings.Split(text, ";")
		}
	}
	var options []questionbank.Option
	for _, each := range list {
		if each = strings.TrimSpace(each); each != "" {
			options = append(options, questionbank.Option{Text: each})
		}
	}
	return options
}

// unmark takes the letters off options that carry their own "A.".
func unmark(options []questionbank.Option) {
	for i, o := range options {
		m := optionMark.FindStringSubmatch(o.Text)
		if m == nil || !strings.EqualFold(m[1], questionbank.OptionID(i)) {
			return // not all of them: then it belongs to the text
		}
	}
	for i := range options {
		options[i].Text = optionMark.ReplaceAllString(options[i].Text, "")
	}
}

// shuffled takes "Tidak" in the column acak_opsi as: keep the author's order.
func (r *row) shuffled(in questionbank.Interaction) questionbank.Interaction {
	switch sheet.Title(r.text(fShuffle)) {
	case "TIDAK", "FALSE", "0", "N", "NO":
		in.Shuffle = false
	case "YA", "TRUE", "1", "Y", "YES":
		in.Shuffle = true
	case "":
	default:
		r.warn(invalid("questionbank.import.shuffle_unreadable", r.text(fShuffle)), fShuffle)
	}
	return in
}
