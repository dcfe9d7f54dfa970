package questionbank

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"cakap/scoring"
)

// Change is a field in which two contents differ.
type Change struct {
	Field         string // a form field: "stem", "option_a", "part_2.answer_a"
	Before, After string // "" where the field is not there
	Segments      []Segment
}

// Segment is a run of text that stayed, went or came. All segments but the new
// ones are the text before, all but the old ones the text after.
type Segment struct {
	Op   Op
	Text string
}

// Op is what became of a segment.
type Op string

// The fates of a segment.
const (
	Kept    Op = "kept"
	Removed Op = "removed"
	Added   Op = "added"
)

// Diff lists what differs between two contents, field by field, in the order of
// the form, texts with the words that changed. Contents that read the same
// differ in nothing.
func Diff(a, b Content) []Change {
	before, order := a.fields()
	after, others := b.fields()
	for i, name := range others {
		if _, known := before[name]; known || slices.Contains(order, name) {
			continue
		}
		at := len(order)
		if i > 0 { // behind the field that stands before it in b
			at = slices.Index(order, others[i-1]) + 1
		}
		order = slices.Insert(order, at, name)
	}
	var changes []Change
	for _, name := range order {
		if before[name] != after[name] {
			changes = append(changes, Change{Field: name, Before: before[name], After: after[name], Segments: wordDiff(before[name], after[name])})
		}
	}
	return changes
}

// fields writes a content as texts by form field, and the fields' order.
func (c Content) fields() (map[string]string, []string) {
	all := map[string]string{}
	var order []string
	set := func(name, text string) {
		if text != "" {
			all[name] = text
			order = append(order, name)
		}
	}
	set("type", string(c.Type))
	set("indicator", c.Indicator)
	set("level", string(c.Level))
	set("stimulus", c.Stimulus)
	set("stem", c.Stem)
	for i, in := range c.Interactions {
		part := ""
		if len(c.Interactions) > 1 {
			part = PartField(i)
		}
		in.fields(func(name, text string) { set(within(part, name), text) })
	}
	set("rationale", c.Rationale)
	if f := c.Feedback; f != nil {
		set("feedback_correct", f.Correct)
		set("feedback_partial", f.Partial)
		set("feedback_wrong", f.Wrong)
		set("hints", strings.Join(f.Hints, "\n"))
	}
	for i, r := range c.Rubric {
		set(OptionField("rubric", i), strings.TrimSpace(fmt.Sprintf("%s (%d) %s", r.Name, r.Points, r.Guide)))
	}
	for _, m := range c.Media {
		set("media."+m.Name, strings.TrimSpace(m.Alt+" "+shortHash(m.SHA256)))
	}
	set("basis", c.Basis)
	set("expires", c.Expires)
	set("digcomp", strings.Join(c.DigComp, ", "))
	set("title", c.Title)
	set("lang", c.Lang)
	set("category", c.Category)
	set("tags", strings.Join(c.Tags, ", "))
	if c.Seconds > 0 {
		set("seconds", strconv.Itoa(c.Seconds))
	}
	return all, order
}

func shortHash(sha256 string) string { return sha256[:min(len(sha256), 8)] }

func (in Interaction) fields(set func(name, text string)) {
	set("kind", string(in.Kind))
	set("prompt", in.Prompt)
	set("image", in.Image)
	list := func(name string, options []Option) {
		for i, o := range options {
			set(OptionField(name, i), o.Text)
			set(OptionField(name+"_reason", i), o.Reason)
			if o.Points != 0 {
				set(OptionField(name+"_points", i), pointsText(o.Points))
			}
			if o.Shape != nil {
				set(OptionField(name+"_area", i), o.Shape.Form+strings.Trim(fmt.Sprint(o.Shape.Coords), "[]"))
			}
		}
	}
	list("option", in.Options)
	list("target", in.Targets)
	set("correct", strings.Join(in.Correct, ", "))
	for i, t := range in.Texts {
		set(OptionField("answer", i), t.Text+share(t.Points)+mark(t.Wild, " *")+mark(t.Case, " Aa"))
		set(OptionField("answer_reason", i), t.Reason)
	}
	for i, n := range in.Numbers {
		low, high := n.Range()
		text := low + " … " + high
		if low == high {
			text = low
		}
		if n.Any {
			text = "*"
		}
		set(OptionField("answer", i), text+share(n.Points)+mark(n.OpenLow, " >")+mark(n.OpenHigh, " <"))
		set(OptionField("answer_reason", i), n.Reason)
	}
	set("rule", string(in.Rule))
	set("shuffle", mark(in.Shuffle, "ya"))
	set("many", mark(in.Many, "ya"))
}

func mark(is bool, text string) string {
	if is {
		return text
	}
	return ""
}

// pointsText writes points as a decimal: "0.333333".
func pointsText(p scoring.Micro) string {
	return strconv.FormatFloat(float64(p)/float64(scoring.Point), 'f', -1, 64)
}

// share writes what a part answer is worth.
func share(points scoring.Micro) string {
	if points == scoring.Point {
		return ""
	}
	return " (" + pointsText(points) + ")"
}

// mostWords is the length of texts, in words and spaces, up to which words are
// compared; longer ones differ as a whole but for what both begin and end with.
const mostWords = 2000

// wordDiff compares two texts word by word: the longest common sequence.
func wordDiff(a, b string) []Segment {
	x, y := split(a), split(b)
	var head, tail []string
	for len(x) > 0 && len(y) > 0 && x[0] == y[0] {
		head, x, y = append(head, x[0]), x[1:], y[1:]
	}
	for len(x) > 0 && len(y) > 0 && x[len(x)-1] == y[len(y)-1] {
		tail, x, y = append(tail, x[len(x)-1]), x[:len(x)-1], y[:len(y)-1]
	}
	slices.Reverse(tail)
	var out []Segment
	add := func(op Op, words ...string) {
		text := strings.Join(words, "")
		switch {
		case text == "":
		case len(out) > 0 && out[len(out)-1].Op == op:
			out[len(out)-1].Text += text
		default:
			out = append(out, Segment{op, text})
		}
	}
	add(Kept, head...)
	if len(x) > mostWords || len(y) > mostWords {
		add(Removed, x...)
		add(Added, y...)
	} else {
		between(x, y, add)
	}
	add(Kept, tail...)
	return out
}

// between walks the table of common lengths; what went stands before what came.
func between(x, y []string, add func(Op, ...string)) {
	common := make([][]int32, len(x)+1)
	for i := range common {
		common[i] = make([]int32, len(y)+1)
	}
	for i := len(x) - 1; i >= 0; i-- {
		for j := len(y) - 1; j >= 0; j-- {
			if common[i][j] = max(common[i+1][j], common[i][j+1]); x[i] == y[j] {
				common[i][j] = common[i+1][j+1] + 1
			}
		}
	}
	i, j := 0, 0
	for i < len(x) && j < len(y) {
		switch {
		case x[i] == y[j]:
			add(Kept, x[i])
			i, j = i+1, j+1
		case common[i+1][j] >= common[i][j+1]:
			add(Removed, x[i])
			i++
		default:
			add(Added, y[j])
			j++
		}
	}
	add(Removed, x[i:]...)
	add(Added, y[j:]...)
}

// split cuts a text into words, runs of spaces, and single other characters.
func split(s string) []string {
	var parts []string
	kind, start := 0, 0
	for i, r := range s {
		now := 3
		switch {
		case unicode.IsLetter(r) || unicode.IsNumber(r):
			now = 1
		case unicode.IsSpace(r):
			now = 2
		}
		if i > start && (now != kind || now == 3) {
			parts = append(parts, s[start:i])
			start = i
		}
		kind = now
	}
	if start < len(s) {
		parts = append(parts, s[start:])
	}
	return parts
}
