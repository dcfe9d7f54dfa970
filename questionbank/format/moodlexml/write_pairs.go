package moodlexml

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"cakap/questionbank"
	"cakap/questionbank/format/rich"
	"cakap/scoring"
)

// targetsOf is the right targets of each row, by place.
func targetsOf(in questionbank.Interaction) [][]int {
	rows := make([][]int, len(in.Options))
	for _, pair := range in.Correct {
		row, target, _ := strings.Cut(pair, " ")
		r := slices.IndexFunc(in.Options, func(o questionbank.Option) bool { return o.ID == row })
		t := slices.IndexFunc(in.Targets, func(o questionbank.Option) bool { return o.ID == target })
		if r >= 0 && t >= 0 {
			rows[r] = append(rows[r], t)
		}
	}
	return rows
}

// matching writes the rows, and below them what is right for none.
func (o *output) matching() {
	in := o.c.Choice()
	o.line("<shuffleanswers>" + strconv.FormatBool(in.Shuffle) + "</shuffleanswers>")
	var order []int
	for r, targets := range targetsOf(in) {
		t := -1
		if len(targets) == 0 {
			o.lose("questionbank.moodlexml.lost_row", in.Options[r].ID)
		} else {
			t = targets[0]
		}
		o.subquestion(in.Options[r], in.Targets, t, !slices.Contains(order, t))
		if t >= 0 && !slices.Contains(order, t) {
			order = append(order, t)
		}
	}
	for t := range in.Targets {
		if !slices.Contains(order, t) {
			o.subquestion(questionbank.Option{}, in.Targets, t, true)
			order = append(order, t)
		}
	}
	o.order("targets", order)
	o.reasons(slices.Concat(in.Options, in.Targets))
}

// subquestion is one row with its target; -1 is none.
func (o *output) subquestion(row questionbank.Option, targets []questionbank.Option, t int, first bool) {
	answer := "<answer><text></text></answer>"
	if t >= 0 {
		text, reason := targets[t].Text, ""
		if targets[t].Rich {
			text = questionbank.Plain(text)
			if first {
				o.lose("questionbank.moodlexml.lost_format", text)
			}
		}
		if first {
			reason = o.remark(targets[t].Reason)
		}
		answer = "<answer>" + plainText(text) + reason + "</answer>"
	}
	o.element("subquestion", toMarkup(rich.OptionMarkdown(row)), answer, o.remark(row.Reason))
}

// order notes where each entry of the file stood, unless it stands there still.
func (o *output) order(key string, places []int) {
	if slices.IsSorted(places) {
		return
	}
	texts := make([]string, len(places))
	for i, p := range places {
		texts[i] = strconv.Itoa(p + 1)
	}
	o.note(key, strings.Join(texts, ","))
}

// reasons of entries that Moodle shows none for stay in the file only.
func (o *output) reasons(options []questionbank.Option) {
	if slices.ContainsFunc(options, func(o questionbank.Option) bool { return o.Reason != "" }) {
		o.lose("questionbank.moodlexml.lost_reasons")
	}
}

// ordering writes the entries in their right order, which is what Moodle goes
// by, whatever the fractions say.
func (o *output) ordering() {
	in := o.c.Choice()
	o.line("<gradingtype>" + gradingName(o.extra, in.Rule) + "</gradingtype>")
	var order []int
	for i, id := range in.Correct {
		at := slices.IndexFunc(in.Options, func(o questionbank.Option) bool { return o.ID == id })
		if at < 0 {
			continue
		}
		order = append(order, at)
		o.answer(strconv.Itoa(i+1)+".0000000", in.Options[at])
	}
	o.order("order", order)
	o.reasons(in.Options)
}

// markers writes areas of a picture: markers for its zones, or one marker for
// what is to be clicked. Zones that are right for nothing have the choice 0,
// which Moodle leaves out.
func (o *output) markers() {
	in := o.c.Choice()
	if in.Shuffle {
		o.line("<shuffleanswers/>")
	}
	o.line(o.file(in.Image))
	if in.Kind == questionbank.HotspotKind {
		o.clicked(in)
		return
	}
	rows := targetsOf(in)
	for r, row := range in.Options {
		o.drag(r, row, "<noofdrags>"+strconv.Itoa(max(len(rows[r]), 1))+"</noofdrags>")
	}
	for t, target := range in.Targets {
		o.drop(t, target, o.choiceOf(rows, t))
	}
	o.reasons(slices.Concat(in.Options, in.Targets))
}

// choiceOf is the number of the row that is right for a target, 0 for none.
func (o *output) choiceOf(rows [][]int, t int) int {
	choice := 0
	for r, targets := range rows {
		if !slices.Contains(targets, t) {
			continue
		}
		if choice > 0 {
			o.lose("questionbank.moodlexml.lost_pair", t+1)
			return choice
		}
		choice = r + 1
	}
	if choice == 0 {
		o.lose("questionbank.moodlexml.lost_zone", t+1)
	}
	return choice
}

// markerText is the one marker that stands for a click.
const markerText = "Penanda"

func (o *output) clicked(in questionbank.Interaction) {
	o.note("hotspot", map[bool]string{true: "many", false: "one"}[in.Many]+","+string(in.Rule))
	o.drag(0, questionbank.Option{Text: markerText}, "<noofdrags>"+strconv.Itoa(max(len(in.Correct), 1))+"</noofdrags>")
	for i, area := range in.Options {
		choice := 0
		if slices.Contains(in.Correct, area.ID) {
			choice = 1
		}
		o.drop(i, area, choice)
	}
	o.lose("questionbank.moodlexml.lost_clicks")
	if in.Rule == scoring.Mapped || in.Rule == scoring.Graded {
		o.lose("questionbank.moodlexml.lost_rule")
	}
	o.reasons(in.Options)
}

func (o *output) drag(i int, row questionbank.Option, more string) {
	m := toMarkup(rich.OptionMarkdown(row))
	if len(m.media) > 0 {
		o.lose("questionbank.moodlexml.lost_format", row.ID)
	}
	if i < len(o.extra.DragCounts) && o.extra.DragCounts[i] != "" {
		if more = "<noofdrags>" + escape(o.extra.DragCounts[i]) + "</noofdrags>"; o.extra.DragCounts[i] == "infinite" {
			more = "<noofdrags>1</noofdrags><infinite/>"
		}
	}
	o.line(`<drag format="` + m.format + `"><no>` + strconv.Itoa(i+1) + "</no><text>" + cdata(m.text) + "</text>" + o.files(m.media) + more + o.remark(row.Reason) + "</drag>")
}

func (o *output) drop(i int, target questionbank.Option, choice int) {
	shape, coords := "circle", "0,0;1"
	if target.Shape != nil {
		var exact bool
		if shape, coords, exact = shapeText(*target.Shape); !exact {
			o.lose("questionbank.moodlexml.lost_shape", i+1)
		}
	}
	o.line("<drop>" + plainText(target.Text) + "<no>" + strconv.Itoa(i+1) + "</no><shape>" + shape + "</shape><coords>" + coords + "</coords><choice>" +
		strconv.Itoa(choice) + "</choice>" + o.remark(target.Reason) + "</drop>")
}

// shapeText is a shape as Moodle writes it; an ellipse is the rectangle round it.
func shapeText(s questionbank.Shape) (shape, coords string, exact bool) {
	c := s.Coords
	switch {
	case s.Form == "circle" && len(c) == 3:
		return "circle", pair(c[0], c[1]) + ";" + strconv.Itoa(c[2]), true
	case s.Form == "rect" && len(c) == 4:
		return "rectangle", pair(c[0], c[1]) + ";" + pair(c[2]-c[0], c[3]-c[1]), true
	case s.Form == "ellipse" && len(c) == 4:
		return "rectangle", pair(c[0]-c[2], c[1]-c[3]) + ";" + pair(2*c[2], 2*c[3]), false
	}
	var corners []string
	for i := 0; i+1 < len(c); i += 2 {
		corners = append(corners, pair(c[i], c[i+1]))
	}
	return "polygon", strings.Join(corners, ";"), s.Form == "poly"
}

func pair(x, y int) string { return strconv.Itoa(x) + "," + strconv.Itoa(y) }

var onlyImage = regexp.MustCompile(`^!\[([^\]]*)\]\(media:([^)\s"]+)\)$`)

// labels writes a question that came from ddimageortext as one again.
func (o *output) labels() {
	in := o.c.Choice()
	if in.Shuffle {
		o.line("<shuffleanswers/>")
	}
	o.line(o.file(in.Image))
	for r, row := range in.Options {
		group, more := "1", ""
		if r < len(o.extra.DragGroups) {
			group = o.extra.DragGroups[r]
		}
		if r < len(o.extra.DragCounts) && o.extra.DragCounts[r] == "infinite" {
			more = "<infinite/>"
		}
		m := toMarkup(rich.OptionMarkdown(row))
		text, file := cdata(m.text), o.files(m.media)
		if image := onlyImage.FindStringSubmatch(row.Text); row.Rich && image != nil {
			text, file = escape(questionbank.Plain(image[1])), o.file(image[2])
		}
		o.line(`<drag format="` + m.format + `"><no>` + strconv.Itoa(r+1) + "</no><text>" + text + "</text>" + file +
			"<draggroup>" + escape(group) + "</draggroup>" + more + o.remark(row.Reason) + "</drag>")
	}
	rows := targetsOf(in)
	for t, target := range in.Targets {
		o.line("<drop>" + plainText(target.Text) + "<no>" + strconv.Itoa(t+1) + "</no><choice>" + strconv.Itoa(o.choiceOf(rows, t)) + "</choice><xleft>" +
			strconv.Itoa(target.Shape.Coords[0]) + "</xleft><ytop>" + strconv.Itoa(target.Shape.Coords[1]) + "</ytop></drop>")
	}
	o.reasons(slices.Concat(in.Options, in.Targets))
}
