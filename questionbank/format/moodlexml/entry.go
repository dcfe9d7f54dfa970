package moodlexml

import (
	"strconv"
	"strings"

	"cakap/questionbank"
	"cakap/questionbank/format/rich"
	"cakap/questionbank/format/tree"
	"cakap/scoring"
)

// shortanswer keeps the answers in their order: the first that matches counts.
func (q *question) shortanswer() {
	in := questionbank.Interaction{Kind: questionbank.TextKind, Rule: scoring.TextList, Options: []questionbank.Option{}}
	capitals := truth(q.get("usecase"), false)
	for i, n := range q.all("answer") {
		field := optionField("answer", i)
		q.place(field, n)
		text, wild := pattern(plain(n))
		in.Texts = append(in.Texts, questionbank.TextAnswer{
			Text: text, Wild: wild, Case: capitals, Points: q.points(n, field), Reason: q.text(n.Find("feedback"), field).Markdown,
		})
	}
	q.mixedCase(in.Texts)
	shares := make([]scoring.Micro, len(in.Texts))
	for i, t := range in.Texts {
		shares[i] = t.Points
	}
	for i, s := range q.shares(shares) {
		in.Texts[i].Points = s
	}
	q.set(questionbank.Short, in)
}

// pattern reads Moodle's wildcards: where every star is escaped there are none.
func pattern(text string) (string, bool) {
	bare := strings.ReplaceAll(text, `\*`, "")
	if strings.Contains(bare, "*") {
		return text, true
	}
	return strings.ReplaceAll(text, `\*`, "*"), false
}

// mixedCase restores which answers care for capitals; Moodle knows only all or
// none.
func (q *question) mixedCase(texts []questionbank.TextAnswer) {
	marks := q.hints["case"]
	if len(marks) != len(texts) {
		return
	}
	for i := range texts {
		texts[i].Case = marks[i] == '1'
	}
}

// shares restores those that Moodle's list could not hold, where it still has
// the ones nearest to them.
func (q *question) shares(read []scoring.Micro) []scoring.Micro {
	texts := strings.Split(q.hints["points"], ",")
	if len(texts) != len(read) {
		return read
	}
	out := make([]scoring.Micro, len(read))
	for i, text := range texts {
		m, ok := micro(text)
		nearest, _ := snap(m)
		if back, _, _ := fraction(nearest); !ok || back != read[i] {
			return read
		}
		out[i] = m
	}
	return out
}

// numerical reads numbers with their tolerance. What the author typed stays as
// it is; Validate says what is no number.
func (q *question) numerical() {
	in := questionbank.Interaction{Kind: questionbank.NumberKind, Rule: scoring.NumberList, Options: []questionbank.Option{}}
	for i, n := range q.all("answer") {
		field := optionField("answer", i)
		q.place(field, n)
		number := questionbank.Number{Points: q.points(n, field), Reason: q.text(n.Find("feedback"), field).Markdown}
		value := plain(n)
		if value == "*" {
			number.Any = true
		} else {
			number.Value, number.Tolerance = value, tolerance(n)
		}
		in.Numbers = append(in.Numbers, q.asTyped(i, number))
	}
	shares := make([]scoring.Micro, len(in.Numbers))
	for i, n := range in.Numbers {
		shares[i] = n.Points
	}
	for i, s := range q.shares(shares) {
		in.Numbers[i].Points = s
	}
	q.units()
	q.set(questionbank.Numeric, in)
}

// tolerance is an answer's; none is the same as nought.
func tolerance(n *tree.Node) string {
	t := plain(n.Find("tolerance"))
	if x, ok := scoring.ParseNumber(t); ok && x.Sign() == 0 {
		return ""
	}
	return t
}

// asTyped restores a range or a relative tolerance, which Moodle holds as a
// number and its absolute tolerance: "cakap:answer_2=[7..9]".
func (q *question) asTyped(i int, n questionbank.Number) questionbank.Number {
	hint := q.hints["answer_"+strconv.Itoa(i+1)]
	if hint == "" || n.Any {
		return n
	}
	made, ok := parseTyped(hint)
	if !ok {
		return n
	}
	value, tol := centred(made)
	if !sameNumber(value, n.Value) || !sameNumber(tol, n.Tolerance) {
		return n // changed in Moodle
	}
	made.Points, made.Reason = n.Points, n.Reason
	return made
}

func sameNumber(a, b string) bool {
	zero := func(s string) string {
		if s == "" {
			return "0"
		}
		return s
	}
	x, okX := scoring.ParseNumber(zero(a))
	y, okY := scoring.ParseNumber(zero(b))
	return okX && okY && x.Cmp(y) == 0
}

// parseTyped reads "[7..9)" and "8 ±0.1x", a range and a relative tolerance.
func parseTyped(hint string) (questionbank.Number, bool) {
	if value, share, ok := strings.Cut(hint, " ±"); ok && strings.HasSuffix(share, "x") {
		return questionbank.Number{Value: value, Tolerance: strings.TrimSuffix(share, "x"), Relative: true}, true
	}
	if len(hint) < 4 {
		return questionbank.Number{}, false
	}
	low, high, ok := strings.Cut(hint[1:len(hint)-1], "..")
	return questionbank.Number{Low: low, High: high, OpenLow: hint[0] == '(', OpenHigh: hint[len(hint)-1] == ')'}, ok
}

// units are kept for Moodle; our numbers are answered without.
func (q *question) units() {
	n := q.get("units")
	for _, u := range n.All("unit") {
		q.extra.Units = append(q.extra.Units, unit{Name: plain(u.Find("unit_name")), Multiplier: tidy(plain(u.Find("multiplier")))})
	}
	if len(q.extra.Units) > 0 {
		q.warn(n, "questionbank.moodlexml.units", "answers")
	}
}

// essay keeps the note for the markers as the rubric.
func (q *question) essay() {
	in := questionbank.Interaction{Kind: questionbank.EssayKind, Rule: scoring.Manual, Options: []questionbank.Option{}}
	if lines, err := strconv.Atoi(plain(q.get("responsefieldlines"))); err == nil && lines > 0 && lines < 1000 {
		in.Lines = lines
	}
	q.rubric()
	q.extra.Template = q.text(q.get("responsetemplate"), "stem").Markdown
	if q.extra.Template != "" {
		q.warn(q.n.Find("responsetemplate"), "questionbank.moodlexml.template", "stem")
	}
	if n := q.n.Find("attachmentsrequired"); n != nil && plain(n) != "0" && plain(n) != "" {
		q.warn(n, "questionbank.moodlexml.attachments", "stem")
	}
	q.set(questionbank.Essay, in)
}

// rubricName is how the one criterion is called that a marker's note becomes.
const rubricName = "Pedoman penilaian"

func (q *question) rubric() {
	n := q.get("graderinfo")
	if n == nil {
		return
	}
	if criteria, ok := q.criteria(n); ok {
		q.item.Content.Rubric = criteria
		return
	}
	guide := q.text(n, "rubric").Markdown
	if guide == "" {
		return
	}
	points := 10
	if worth := int(q.item.Content.Worth / scoring.Point); worth >= 2 && worth <= 100 {
		points = worth
	}
	q.item.Content.Rubric = []questionbank.Criterion{{Name: rubricName, Guide: guide, Points: points}}
}

// criterionHead begins each criterion in the note that our writer wrote.
const criterionHead, criterionEnd = `<h5 class="cakap-rubric">`, "</h5>"

// criteria reads the note that our writer made of a rubric; the hint has the
// points of each.
func (q *question) criteria(n *tree.Node) ([]questionbank.Criterion, bool) {
	points := strings.Split(q.hints["rubric"], ",")
	parts := strings.Split(source(n), criterionHead)
	if len(parts) != len(points)+1 {
		return nil, false
	}
	var criteria []questionbank.Criterion
	for i, part := range parts[1:] {
		head, guide, ok := strings.Cut(part, criterionEnd)
		full, err := strconv.Atoi(points[i])
		if !ok || err != nil {
			return nil, false
		}
		name := questionbank.Plain(rich.FromHTML(head, nil).Markdown)
		if suffix := " (" + points[i] + ")"; !strings.HasSuffix(name, suffix) {
			return nil, false // changed in Moodle
		}
		criteria = append(criteria, questionbank.Criterion{
			Name: strings.TrimSuffix(name, " ("+points[i]+")"), Guide: q.formatted(n, guide, "rubric").Markdown, Points: full,
		})
	}
	return criteria, true
}

func (q *question) description() { q.set(questionbank.Info) }

// calculated questions are made of formulas; nothing of a file is evaluated.
func (q *question) calculated() {
	q.reject(q.n, "questionbank.moodlexml.calculated", "type", q.qtype)
	for _, n := range q.n.Elements() {
		q.used[n.Name] = true // of no use without the formulas
	}
	q.item.Type = questionbank.Unsupported
}

// ordering reads the right sequence from the fractions, which are places; old
// files have the entries in order instead.
func (q *question) ordering() {
	in := questionbank.Interaction{Kind: questionbank.OrderKind, Shuffle: true}
	var places []scoring.Micro
	for i, n := range q.all("answer") {
		field := optionField("option", i)
		q.place(field, n)
		o := rich.Option(q.text(n, field))
		o.ID, o.Reason = questionbank.OptionID(i), q.text(n.Find("feedback"), optionField("reason", i)).Markdown
		in.Options = append(in.Options, o)
		at, ok := micro(n.Get("fraction"))
		if !ok {
			at = scoring.Micro(i+1) * scoring.Point
		}
		places = append(places, at)
	}
	in.Correct = sequence(in.Options, places)
	in = rearranged(in, q.hints["order"])
	in.Rule = q.gradingType()
	q.selection(len(in.Options))
	q.set(questionbank.Order, in)
}
