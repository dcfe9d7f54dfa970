package moodlexml

import (
	"bytes"
	"image"
	_ "image/gif"  // the kinds of pictures that Moodle's
	_ "image/jpeg" // questions have below their
	_ "image/png"  // drop zones
	"slices"
	"strconv"
	"strings"

	"cakap/questionbank"
	"cakap/questionbank/format/rich"
	"cakap/questionbank/format/tree"
	"cakap/scoring"
)

// background is the picture that the zones lie on, which stands beside the
// texts rather than in one.
func (q *question) background() (string, []byte) {
	q.used["file"] = true
	f := q.filesOf(q.n, "image")
	if len(f.held) == 0 {
		q.reject(q.n, "questionbank.image_missing", "image")
		return "", nil
	}
	for _, more := range f.held[1:] {
		q.warn(q.n, "questionbank.moodlexml.file_unused", "image", more.path)
	}
	first := f.held[0]
	return q.addFile(first.path, first.alt, first.data), first.data
}

// size is a picture's, 0 where it cannot be told. Only its head is decoded.
func size(data []byte) (width, height int) {
	config, _, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return 0, 0
	}
	return config.Width, config.Height
}

// drag is what is put on a zone.
type drag struct {
	no            string
	group         string
	width, height int // of its picture
	row           string
}

// labels are texts or pictures to be dragged to places of a picture.
func (q *question) labels() {
	in, drags := q.drags()
	var width, height int
	name, data := q.background()
	in.Image = name
	width, height = size(data)
	for _, n := range q.all("drop") {
		x, y := coordinate(n, "xleft"), coordinate(n, "ytop")
		d := find(drags, plain(n.Find("choice")))
		w, h := zone(drags, d)
		if width > 0 && height > 0 {
			w, h = min(w, max(width-x, 1)), min(h, max(height-y, 1))
		}
		q.drop(&in, n, d, &questionbank.Shape{Form: "rect", Coords: []int{x, y, x + w, y + h}})
	}
	q.extra.QType = q.qtype
	q.counts(in)
	q.set(questionbank.Hotspot, many(in))
}

// markers are put anywhere on a picture; right is where their shapes are.
func (q *question) markers() {
	in, drags := q.drags()
	in.Image, _ = q.background()
	for _, n := range q.all("drop") {
		shape, ok := shapeOf(strings.ToLower(plain(n.Find("shape"))), plain(n.Find("coords")))
		if !ok {
			q.reject(n, "questionbank.area_unreadable", "targets", plain(n.Find("shape"))+" "+plain(n.Find("coords")))
			continue
		}
		q.drop(&in, n, find(drags, plain(n.Find("choice"))), shape)
	}
	q.counts(in)
	q.set(questionbank.Hotspot, q.clicked(many(in)))
}

// counts keeps how often a drag may be used, unless it is as often as it is right.
func (q *question) counts(in questionbank.Interaction) {
	rows := targetsOf(in)
	for i, count := range q.extra.DragCounts {
		if count != "" && count != strconv.Itoa(max(len(rows[i]), 1)) {
			return
		}
	}
	q.extra.DragCounts = nil
}

// clicked turns the zones of the one marker back into areas to be clicked,
// where our writer notes that they are: "many,per_option".
func (q *question) clicked(in questionbank.Interaction) questionbank.Interaction {
	several, rule, ok := strings.Cut(q.hints["hotspot"], ",")
	if !ok || len(in.Options) != 1 {
		return in
	}
	out := questionbank.Interaction{
		Kind: questionbank.HotspotKind, Image: in.Image, Shuffle: in.Shuffle, Options: slices.Clone(in.Targets),
		Many: several == "many", Rule: scoring.Rule(rule),
	}
	for i := range out.Options {
		out.Options[i].ID = questionbank.OptionID(i)
		if slices.Contains(in.Correct, "A "+questionbank.TargetID(i)) {
			out.Correct = append(out.Correct, out.Options[i].ID)
		}
	}
	return out
}

// drags are the rows. A picture without a text is called by its number.
func (q *question) drags() (questionbank.Interaction, []drag) {
	in := questionbank.Interaction{Kind: questionbank.PairsKind, Rule: scoring.PerPair, Shuffle: stands(q.get("shuffleanswers"))}
	var drags []drag
	var groups, counts []string
	for i, n := range q.all("drag") {
		field := optionField("option", i)
		q.place(field, n)
		d := drag{no: plain(n.Find("no")), group: plain(n.Find("draggroup")), row: questionbank.OptionID(i)}
		o := q.dragged(n, field, &d)
		o.ID, o.Reason = d.row, q.text(n.Find("feedback"), optionField("reason", i)).Markdown
		in.Options = append(in.Options, o)
		drags = append(drags, d)
		groups = append(groups, d.group)
		count := plain(n.Find("noofdrags"))
		if n.Find("infinite") != nil {
			count = "infinite"
		}
		counts = append(counts, count)
	}
	if len(slices.Compact(slices.Clone(groups))) > 1 {
		q.extra.DragGroups = groups
		q.warn(q.n, "questionbank.moodlexml.groups_open", "options")
	}
	q.extra.DragCounts = counts
	return in, drags
}

// dragged is the text of a drag, or its picture with the text for those who do
// not see it.
func (q *question) dragged(n *tree.Node, field string, d *drag) questionbank.Option {
	file := n.Find("file")
	if file == nil {
		return q.optionText(n, field)
	}
	f := q.filesOf(n, field)
	if len(f.held) == 0 {
		return questionbank.Option{Text: plain(n.Find("text"))}
	}
	d.width, d.height = size(f.held[0].data)
	alt := plain(n.Find("text"))
	name := q.addFile(f.held[0].path, f.held[0].alt, f.held[0].data)
	q.describe(name, alt)
	return rich.Option(rich.Text{Markdown: questionbank.MediaLink(name, strings.ReplaceAll(alt, "]", ")"))})
}

// stands is an element that says yes by standing there.
func stands(n *tree.Node) bool { return n != nil && truth(n, true) }

func find(drags []drag, no string) *drag {
	for i := range drags {
		if drags[i].no == no {
			return &drags[i]
		}
	}
	return nil
}

// drop is a target, and the pair that is right for it.
func (q *question) drop(in *questionbank.Interaction, n *tree.Node, d *drag, shape *questionbank.Shape) {
	target := questionbank.Option{ID: questionbank.TargetID(len(in.Targets)), Text: plain(n.Find("text")), Shape: shape}
	target.Reason = q.text(n.Find("feedback"), "targets").Markdown
	in.Targets = append(in.Targets, target)
	if plain(n.Find("choice")) == "0" {
		return // right for nothing
	}
	if d == nil {
		q.warn(n, "questionbank.moodlexml.pair_without_answer", "targets")
		return
	}
	in.Correct = append(in.Correct, d.row+" "+target.ID)
}

// many lets a drag go to several zones where the key does.
func many(in questionbank.Interaction) questionbank.Interaction {
	seen := map[string]bool{}
	for _, pair := range in.Correct {
		row, _, _ := strings.Cut(pair, " ")
		in.Many = in.Many || seen[row]
		seen[row] = true
	}
	slices.Sort(in.Correct)
	return in
}

// Moodle gives a zone the size of the biggest drag of its group; of texts it
// knows the size only on the screen.
const labelWidth, labelHeight = 100, 30

func zone(drags []drag, of *drag) (width, height int) {
	width, height = labelWidth, labelHeight
	if of == nil || of.width == 0 {
		return width, height
	}
	width, height = 0, 0
	for _, d := range drags {
		if d.group == of.group {
			width, height = max(width, d.width), max(height, d.height)
		}
	}
	return width, height
}

func coordinate(n *tree.Node, name string) int {
	x, ok := micro(plain(n.Find(name)))
	if !ok {
		return 0
	}
	return int(x / scoring.Point)
}

// shapeOf reads Moodle's "x,y;r", "x,y;width,height" and "x,y;x,y;x,y".
func shapeOf(form, coords string) (*questionbank.Shape, bool) {
	var all []int
	for _, c := range strings.FieldsFunc(coords, func(r rune) bool { return r == ',' || r == ';' }) {
		x, err := strconv.ParseFloat(strings.TrimSpace(c), 64)
		if err != nil || !(x >= -10_000 && x <= 100_000) {
			return nil, false
		}
		all = append(all, int(x))
	}
	switch {
	case form == "circle" && len(all) == 3:
		return &questionbank.Shape{Form: "circle", Coords: all}, true
	case form == "rectangle" && len(all) == 4:
		return &questionbank.Shape{Form: "rect", Coords: []int{all[0], all[1], all[0] + all[2], all[1] + all[3]}}, true
	case form == "polygon" && len(all) >= 6 && len(all)%2 == 0:
		return &questionbank.Shape{Form: "poly", Coords: all}, true
	}
	return nil, false
}
