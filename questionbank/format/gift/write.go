package gift

import (
	"encoding/json"
	"io"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"cakap/internal/fault"
	"cakap/questionbank"
	"cakap/scoring"
)

// write writes what GIFT can say of the items and returns what it cannot.
func write(w io.Writer, bank questionbank.Export) ([]*fault.Fault, error) {
	var losses []*fault.Fault
	var b strings.Builder
	category := ""
	for _, item := range bank.Items {
		o := output{code: item.Code, c: item.Content}
		text, ok := o.item()
		losses = append(losses, o.losses...)
		if !ok {
			continue
		}
		if item.Content.Category != category {
			category = item.Content.Category
			b.WriteString(categoryLine(category))
		}
		b.WriteString(text)
	}
	_, err := io.WriteString(w, b.String())
	return losses, err
}

func categoryLine(category string) string {
	if category == "" {
		category = "top"
	}
	return categoryMark + " " + strings.Join(strings.Fields(category), " ") + "\n\n"
}

// output is one item being written.
type output struct {
	code   string
	c      questionbank.Content
	extra  extra
	format format // of the stem
	marks  []string
	losses []*fault.Fault
}

func (o *output) lose(key string, args ...any) {
	o.losses = append(o.losses, fault.New(fault.Invalid, key, args...).Place(o.code))
}

// mark notes something for our own reader.
func (o *output) mark(key, value string) {
	o.marks = append(o.marks, "[cakap:"+bracket(key+"="+quote(value))+"]")
}

func (o *output) markJSON(key string, value any) {
	raw, err := json.Marshal(value)
	if err == nil { // texts and numbers always encode
		o.mark(key, string(raw))
	}
}

// bracket escapes what would end a mark. A backslash at its end would escape
// the bracket; the space after it is trimmed by the reader.
func bracket(s string) string {
	s = strings.ReplaceAll(s, "]", `\]`)
	if strings.HasSuffix(s, `\`) {
		s += " "
	}
	return s
}

// item is the item with its comments; ok is false for one that GIFT has no
// question for.
func (o *output) item() (text string, ok bool) {
	if raw := o.c.Ext["gift"]; raw != nil {
		_ = json.Unmarshal(raw, &o.extra) // what another program left there says nothing
	}
	if !o.expressible() {
		o.lose("questionbank.gift.loss_type", string(o.c.Type))
		return "", false
	}
	stem, gap := o.stem()
	answer := o.answer()
	o.rest()
	line := stem + answer
	if gap >= 0 {
		line = stem[:gap] + answer + stem[gap:]
	}
	if o.c.Title != "" {
		line = "::" + escape(o.c.Title) + "::" + line
	} else if strings.HasPrefix(line, "//") {
		line = "[" + string(o.format) + "]" + line
	}
	return o.comments() + line + "\n\n", true
}

// expressible reports whether GIFT has a question of the item's kind.
func (o *output) expressible() bool {
	in := o.c.Choice()
	switch o.c.Type {
	case questionbank.Info:
		return true
	case questionbank.Survey, questionbank.Matrix, questionbank.Hotspot:
		return false
	case questionbank.Cloze:
		known := []questionbank.Kind{questionbank.InlineKind, questionbank.TextKind, questionbank.NumberKind}
		return len(o.c.Interactions) == 1 && slices.Contains(known, in.Kind) && len(questionbank.Gaps(o.c.Stem)) == 1
	case questionbank.Match:
		return len(o.c.Interactions) == 1 && !in.Many
	}
	return len(o.c.Interactions) == 1
}

var mediaMark = regexp.MustCompile(`!\[(.*?)\]\(media:([^)\s"]+)[^)]*\)`)

// clean takes pictures out of Markdown and leaves their description.
func (o *output) clean(md string) string {
	return mediaMark.ReplaceAllStringFunc(md, func(m string) string {
		parts := mediaMark.FindStringSubmatch(m)
		o.lose("questionbank.gift.loss_media", parts[2])
		return parts[1]
	})
}

// stem is the text, with the place in it where the answer goes, −1 for its end.
func (o *output) stem() (text string, gap int) {
	stem := o.clean(o.c.Stem)
	if o.c.Type == questionbank.Cloze {
		stem = questionbank.HoldGaps(stem)
		o.mark("type", string(questionbank.Cloze))
	} else if at := nth(stem, blankMark, o.extra.Gap); at >= 0 && o.c.Type != questionbank.Info && strings.TrimSpace(stem[at+len(blankMark):]) != "" {
		stem = stem[:at] + questionbank.HeldGap(0) + stem[at+len(blankMark):]
	}
	if stimulus := o.clean(o.c.Stimulus); stimulus != "" {
		o.mark("stimulus", strconv.Itoa(len([]rune(stimulus))))
		stem = stimulus + "\n\n" + stem
	}
	text = auto.write(stem)
	o.format, _ = formatOf(text, auto)
	gap = strings.Index(text, questionbank.HeldGap(0))
	return strings.Replace(text, questionbank.HeldGap(0), "", 1), gap
}

// nth is where the n-th mark begins in a text, counted from 1, −1 for none.
func nth(text, mark string, n int) int {
	at := -1
	for from := 0; n > 0; n-- {
		i := strings.Index(text[from:], mark)
		if i < 0 {
			return -1
		}
		at = from + i
		from = at + len(mark)
	}
	return at
}

// comments is what stands above the question.
func (o *output) comments() string {
	var b strings.Builder
	line := func(marks []string) {
		if len(marks) > 0 {
			b.WriteString("// " + strings.Join(marks, " ") + "\n")
		}
	}
	var tags []string
	if codeLike.MatchString(o.code) {
		tags = append(tags, "[id:"+o.code+"]")
	}
	add := func(tag string) { tags = append(tags, "[tag:"+bracket(strings.Join(strings.Fields(tag), " "))+"]") }
	for _, tag := range o.c.Tags {
		add(tag)
	}
	for _, field := range [][2]string{
		{"indicator", o.c.Indicator}, {"level", string(o.c.Level)}, {"basis", o.c.Basis}, {"expires", o.c.Expires}, {"digcomp", strings.Join(o.c.DigComp, ",")},
	} {
		if field[1] != "" {
			add(tagPrefix + field[0] + "=" + field[1])
		}
	}
	line(tags)
	for _, mark := range o.marks {
		line([]string{mark})
	}
	return b.String()
}

// rest notes what GIFT has no place for but our reader takes back; what people
// would miss elsewhere is a loss.
func (o *output) rest() {
	c, in := o.c, o.c.Choice()
	if c.Lang != "" {
		o.mark("lang", c.Lang)
	}
	if c.Seconds > 0 {
		o.mark("seconds", strconv.Itoa(c.Seconds))
	}
	if c.Worth != 0 {
		o.mark("worth", strconv.FormatInt(int64(c.Worth), 10))
	}
	if c.Feedback != nil {
		o.markJSON("feedback", c.Feedback)
		o.lose("questionbank.gift.loss_feedback")
	}
	if o.extra.ID != "" {
		o.mark("id", o.extra.ID)
	}
	if len(c.Rubric) > 0 {
		o.markJSON("rubric", c.Rubric)
		o.lose("questionbank.gift.loss_rubric")
	}
	if in.Prompt != "" {
		o.mark("prompt", in.Prompt)
		o.lose("questionbank.gift.loss_prompt")
	}
	if !in.Shuffle && slices.Contains([]questionbank.Kind{questionbank.ChoiceKind, questionbank.InlineKind, questionbank.PairsKind, questionbank.OrderKind}, in.Kind) && c.Type != questionbank.TrueFalse {
		o.mark("shuffle", "no")
		o.lose("questionbank.gift.loss_shuffle")
	}
	for _, limit := range []struct {
		key string
		n   int
	}{{"min", in.Min}, {"max", in.Max}, {"lines", in.Lines}} {
		if limit.n > 0 {
			o.mark(limit.key, strconv.Itoa(limit.n))
		}
	}
	if in.Min > 0 || in.Max > 0 {
		o.lose("questionbank.gift.loss_limits")
	}
	o.fixed(in)
}

func (o *output) fixed(in questionbank.Interaction) {
	var ids []string
	for _, option := range in.Options {
		if option.Fixed {
			ids = append(ids, option.ID)
		}
	}
	if len(ids) > 0 {
		o.mark("fixed", strings.Join(ids, ","))
		o.lose("questionbank.gift.loss_shuffle")
	}
}

// percent writes points as Moodle does; a third and its like with the five
// decimals by which Moodle knows them.
func percent(points scoring.Micro) string {
	x := float64(points) * 100 / float64(scoring.Point)
	for _, g := range moodleGrades {
		switch {
		case math.Abs(x-g) < 0.0002:
			x = g
		case math.Abs(x+g) < 0.0002:
			x = -g
		}
	}
	return strconv.FormatFloat(x, 'f', -1, 64)
}
