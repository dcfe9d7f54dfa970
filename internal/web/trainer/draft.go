package trainer

import (
	"slices"
	"strconv"
	"strings"

	"cakap/questionbank"
	"cakap/scoring"
)

// draft is what the editor's form holds, as it was typed. Which lists are
// shown depends on the type; what no field shows stays in Base.
type draft struct {
	Base      questionbank.Content // where the author started; empty for a new item
	Type      questionbank.Type
	Indicator string
	Level     questionbank.Level

	Stimulus, Stem                  string
	Rationale, Basis, Expires, Comp string
	Title, Tags, Seconds            string
	Correct, Partial, Wrong         string // feedback
	Shuffle                         bool
	Many                            bool   // of a hotspot and a matrix
	Rule                            string // of an order
	Image                           string // of a hotspot
	Lines                           string // of an essay

	Options  []rowDraft // choices, rows of a match, entries, areas
	Targets  []rowDraft
	Answers  []rowDraft // of short and numeric
	Parts    []partDraft
	Criteria []criterionDraft
	Media    []mediaDraft
}

// rowDraft is a row of a list; the template names its fields.
type rowDraft struct {
	List                 string // "option", "target", "answer"
	I                    int    // from 0
	Text, Reason, Points string
	Key                  bool
	Pair                 string // targets of a match's row; place of an entry
	Area                 string // of a hotspot: "rect 10,10,90,40"
	Case, Wild           bool   // of a short answer
}

// Letter is what the row is called: "A", or "1" for a target.
func (r rowDraft) Letter() string {
	if r.List == "target" {
		return questionbank.TargetID(r.I)
	}
	return questionbank.OptionID(r.I)
}

// Field is the name of one of the row's fields: "option_a", "target_a".
func (r rowDraft) Field(name string) string { return questionbank.OptionField(name, r.I) }

// partDraft is a gap of a cloze item: its key is a line for each alternative.
type partDraft struct {
	I     int
	Kind  string // "inline", "text", "number"
	Key   string
	Share string
}

// Field is the name of one of the gap's fields: "part_1.key".
func (p partDraft) Field(name string) string { return questionbank.PartField(p.I) + "." + name }

// No is the gap's number in the stem.
func (p partDraft) No() int { return p.I + 1 }

type criterionDraft struct {
	I                   int
	Name, Guide, Points string
}

// Field is the name of one of the criterion's fields.
func (c criterionDraft) Field(name string) string { return name + "_" + strconv.Itoa(c.I+1) }

// mediaDraft is a file of the item.
type mediaDraft struct {
	questionbank.Media
	I    int
	Used bool
}

// Field is the name of one of the file's fields.
func (m mediaDraft) Field(name string) string { return name + "_" + strconv.Itoa(m.I+1) }

// Mark is what to write into a text to show the file there.
func (m mediaDraft) Mark() string { return questionbank.MediaLink(m.Name, m.Alt) }

// Picture reports whether the file can be looked at.
func (m mediaDraft) Picture() bool { return strings.HasPrefix(m.MIME, "image/") }

// Lists of the form, how long each begins and may become.
var lists = map[string]struct{ least, most int }{
	"option": {4, questionbank.MaxRows}, "target": {3, questionbank.MaxRows}, "answer": {2, questionbank.MaxRows},
	"part": {2, questionbank.MaxParts}, "criterion": {2, 10},
}

// Whole reports an item whose interactions the form cannot take apart: a
// composite one, or a kind of its own. They are kept as they are.
func (dr draft) Whole() bool {
	c := dr.Base
	if c.Type != dr.Type || len(c.Interactions) == 0 {
		return false
	}
	first := c.Interactions[0]
	switch c.Type {
	case questionbank.Cloze:
		inGap := func(in questionbank.Interaction) bool {
			return in.Kind == questionbank.InlineKind && in.Rule == scoring.AllOrNothing && !in.Many ||
				in.Kind == questionbank.TextKind || in.Kind == questionbank.NumberKind
		}
		return slices.ContainsFunc(c.Interactions, func(in questionbank.Interaction) bool { return !inGap(in) })
	case questionbank.Hotspot:
		return len(c.Interactions) > 1 || first.Kind != questionbank.HotspotKind
	case questionbank.Survey:
		return len(c.Interactions) > 1 || first.Kind != questionbank.ChoiceKind
	default:
		return len(c.Interactions) > 1
	}
}

// Shows reports whether the form has a list of this name for the type.
func (dr draft) Shows(list string) bool {
	if dr.Whole() {
		return false
	}
	switch dr.Type {
	case questionbank.Match, questionbank.Matrix:
		return list == "option" || list == "target"
	case questionbank.Short, questionbank.Numeric:
		return list == "answer"
	case questionbank.Cloze:
		return list == "part"
	case questionbank.Essay:
		return list == "criterion"
	case questionbank.Info:
		return false
	default:
		return list == "option"
	}
}

// Is reports whether the type is one of names.
func (dr draft) Is(names ...string) bool { return slices.Contains(names, string(dr.Type)) }

// fill gives every list its first rows.
func (dr *draft) fill() {
	for len(dr.Options) < lists["option"].least && dr.Shows("option") && dr.Type != questionbank.TrueFalse {
		dr.Options = append(dr.Options, rowDraft{})
	}
	for dr.Type == questionbank.TrueFalse && len(dr.Options) < 2 {
		dr.Options = append(dr.Options, rowDraft{Text: []string{questionbank.TrueText, questionbank.FalseText}[len(dr.Options)]})
	}
	for len(dr.Targets) < lists["target"].least && dr.Shows("target") {
		dr.Targets = append(dr.Targets, rowDraft{})
	}
	for len(dr.Answers) < lists["answer"].least && dr.Shows("answer") {
		dr.Answers = append(dr.Answers, rowDraft{})
	}
	for len(dr.Parts) < lists["part"].least && dr.Shows("part") {
		dr.Parts = append(dr.Parts, partDraft{Kind: string(questionbank.InlineKind)})
	}
	for len(dr.Criteria) < lists["criterion"].least && dr.Shows("criterion") {
		dr.Criteria = append(dr.Criteria, criterionDraft{})
	}
	dr.number()
}

// number names the rows by their places.
func (dr *draft) number() {
	for list, rows := range map[string][]rowDraft{"option": dr.Options, "target": dr.Targets, "answer": dr.Answers} {
		for i := range rows {
			rows[i].List, rows[i].I = list, i
			if dr.Type == questionbank.Order && list == "option" && rows[i].Pair == "" && rows[i].Text == "" {
				rows[i].Pair = strconv.Itoa(i + 1)
			}
		}
	}
	for i := range dr.Parts {
		dr.Parts[i].I = i
	}
	for i := range dr.Criteria {
		dr.Criteria[i].I = i
	}
	for i := range dr.Media {
		dr.Media[i].I = i
	}
}

// move carries out what a button of a list asks: "tambah:option",
// "hapus:option:2", "naik:option:2", "turun:option:2" (rows from 0). It is
// false for any other act.
func (dr *draft) move(act string) bool {
	words := strings.Split(act, ":")
	if len(words) < 2 {
		return false
	}
	at := -1
	if len(words) == 3 {
		var err error
		if at, err = strconv.Atoi(words[2]); err != nil {
			return false
		}
	}
	moved := false
	switch words[1] {
	case "option":
		dr.Options, moved = changed(dr.Options, words[0], at, lists["option"].most)
	case "target":
		dr.Targets, moved = changed(dr.Targets, words[0], at, lists["target"].most)
	case "answer":
		dr.Answers, moved = changed(dr.Answers, words[0], at, lists["answer"].most)
	case "part":
		dr.Parts, moved = changed(dr.Parts, words[0], at, lists["part"].most)
	case "criterion":
		dr.Criteria, moved = changed(dr.Criteria, words[0], at, lists["criterion"].most)
	case "media":
		if words[0] == "hapus" {
			dr.Media, moved = changed(dr.Media, words[0], at, len(dr.Media))
		}
	}
	dr.number()
	return moved
}

func changed[T any](rows []T, act string, at, most int) ([]T, bool) {
	inside := at >= 0 && at < len(rows)
	switch {
	case act == "tambah" && len(rows) < most:
		var row T
		return append(rows, row), true
	case act == "hapus" && inside:
		return slices.Delete(rows, at, at+1), true
	case act == "naik" && inside && at > 0:
		rows[at-1], rows[at] = rows[at], rows[at-1]
		return rows, true
	case act == "turun" && inside && at+1 < len(rows):
		rows[at+1], rows[at] = rows[at], rows[at+1]
		return rows, true
	}
	return rows, act == "tambah" || act == "naik" || act == "turun" || act == "hapus"
}
