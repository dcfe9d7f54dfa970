package moodlexml

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"cakap/internal/fault"
	"cakap/questionbank"
	"cakap/questionbank/format/tree"
	"cakap/scoring"
)

var codePattern = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._/-]{0,39}$`)

// get is the question's child of a name, which counts as read then.
func (q *question) get(name string) *tree.Node {
	q.used[name] = true
	return q.n.Find(name)
}

// most is how many elements of a name a question may have: more than any item
// of ours can hold, and few enough for a hostile file to cost nothing.
const most = 200

// all is the question's children of a name. A question with too many is refused.
func (q *question) all(name string) []*tree.Node {
	q.used[name] = true
	found := q.n.All(name)
	if len(found) > most {
		q.reject(found[most], "questionbank.moodlexml.too_many", "options", name, len(found), most)
		found = found[:most]
	}
	return found
}

// common reads what questions of every qtype have, the stem of cloze excepted.
func (r *reader) common(q *question) {
	c := &q.item.Content
	c.Title, c.Category = title(q.get("name")), r.category
	q.extra.CategoryInfo, q.extra.CategoryID = r.info, r.id
	q.tags()
	if !gapped[q.qtype] {
		q.stem()
	}
	c.Rationale = q.text(q.get("generalfeedback"), "rationale").Markdown
	q.feedback()
	if n := q.get("defaultgrade"); n != nil {
		q.worth(n)
	}
	if n := q.n.Find("hidden"); n != nil && truth(n, false) {
		q.warn(n, "questionbank.moodlexml.hidden", "stem")
	}
	r.code(q)
}

// gapped are the qtypes whose stem is read with its gaps.
var gapped = map[string]bool{"cloze": true, "multianswer": true, "gapselect": true, "ddwtos": true}

// stem reads the question text, and the stimulus that our writer put above it.
func (q *question) stem() {
	n := q.get("questiontext")
	if n == nil {
		return
	}
	q.place("stem", n)
	files, below := q.stimulus(n)
	q.item.Content.Stem = q.convert(n, below, "stem", files).Markdown
	files.unused()
	q.picture()
}

// stimulusEnd parts the stimulus from the stem in a text that we wrote.
const stimulusEnd = `<hr class="cakap-stimulus">`

// stimulus reads what stands above the stem, and returns the rest of the text
// with the files that both share.
func (q *question) stimulus(n *tree.Node) (*files, string) {
	files := q.filesOf(n, "stem")
	text := source(n)
	above, below, ok := strings.Cut(text, stimulusEnd)
	if !ok {
		return files, text
	}
	q.item.Content.Stimulus = q.convert(n, above, "stimulus", files).Markdown
	return files, below
}

// picture is the one picture that a question of Moodle 1.9 could have.
func (q *question) picture() {
	n := q.get("image")
	raw := q.get("image_base64")
	if n == nil {
		return
	}
	file := plain(n)
	if raw == nil {
		if file != "" {
			q.warn(n, "questionbank.import.media_missing", "stem", file)
		}
		return
	}
	data, ok := decode(raw.Content())
	if !ok {
		q.warn(raw, "questionbank.moodlexml.file_damaged", "stem", file)
		return
	}
	name := q.addFile(path.Base("/"+file), "", data)
	q.item.Content.Stem = strings.TrimSpace(q.item.Content.Stem + "\n\n" + questionbank.MediaLink(name, ""))
}

// feedback reads what is said after an answer to the whole question.
func (q *question) feedback() {
	f := &questionbank.Feedback{
		Correct: q.text(q.get("correctfeedback"), "feedback").Markdown,
		Partial: q.text(q.get("partiallycorrectfeedback"), "feedback").Markdown,
		Wrong:   q.text(q.get("incorrectfeedback"), "feedback").Markdown,
	}
	var options [][]string
	for _, n := range q.all("hint") {
		hint := q.text(n, "feedback").Markdown
		if hint == "" {
			continue
		}
		f.Hints = append(f.Hints, hint)
		var set []string
		for _, e := range n.Elements() {
			switch e.Name {
			case "text", "file":
			case "options":
				if v := plain(e); v != "" {
					set = append(set, "options="+v)
				}
			default:
				set = append(set, e.Name)
			}
		}
		options = append(options, set)
	}
	if slices.ContainsFunc(options, func(set []string) bool { return len(set) > 0 }) {
		q.extra.HintOptions = options
	}
	if f.Correct != "" || f.Partial != "" || f.Wrong != "" || len(f.Hints) > 0 {
		q.item.Content.Feedback = f
	}
}

func (q *question) worth(n *tree.Node) {
	worth, ok := micro(plain(n))
	switch {
	case !ok || worth < 0:
		q.warn(n, "questionbank.moodlexml.number_ignored", "worth", "defaultgrade", plain(n))
	case worth == 0 && q.qtype != "description":
		q.extra.keep(q.qtype, "defaultgrade", "0")
	case worth != scoring.Point:
		q.item.Content.Worth = worth
	}
}

// code makes the idnumber the item's code where it can be one. Moodle wants
// them to differ within a category only, so a second of the same is no code.
func (r *reader) code(q *question) {
	id := plain(q.get("idnumber"))
	switch {
	case q.hints["code"] != "":
		q.item.Code, q.extra.IDNumber = q.hints["code"], id
	case id == "":
	case codePattern.MatchString(id) && !r.ids[strings.ToLower(id)]:
		q.item.Code = id
		r.ids[strings.ToLower(id)] = true
	default:
		q.extra.IDNumber = id
		q.warn(q.n.Find("idnumber"), "questionbank.moodlexml.idnumber_kept", "code", id)
	}
}

// rest keeps the elements that nobody read: simple ones for the way back to
// Moodle, the others only in the raw fragment.
func (q *question) rest() {
	for _, n := range q.n.Elements() {
		if q.used[n.Name] || n.Name == "text" {
			continue
		}
		value, simple := simpleValue(n)
		switch {
		case simple && value == "" && len(n.Elements()) > 0: // a text that nobody wrote
		case simple:
			q.extra.keep(q.qtype, n.Name, value)
		default:
			q.warn(n, "questionbank.moodlexml.element_lost", n.Name, n.Name)
		}
		q.used[n.Name] = true // twice the same is one
	}
}

// simpleValue is the value of an element that holds only one; an empty element
// is a flag.
func simpleValue(n *tree.Node) (string, bool) {
	const longest = 500
	elements := n.Elements()
	if len(elements) == 0 && len(n.Attr) == 0 {
		value := tidy(n.Content())
		return value, len(value) <= longest
	}
	if len(elements) == 1 && elements[0].Name == "text" && len(elements[0].Elements()) == 0 {
		value := strings.TrimSpace(elements[0].Content())
		return value, value == ""
	}
	return "", false
}

// finish ties the loose ends of an item.
func (q *question) finish() {
	c := &q.item.Content
	if q.hints["untitled"] != "" {
		c.Title = ""
	}
	c.Ext = q.extra.raw()
	q.sortMedia()
	for _, m := range c.Media {
		if kind := kindOfFile(m.Name); m.Alt == "" && (kind == "img" || kind == "") {
			q.item.Warnings = append(q.item.Warnings, fault.New(fault.Invalid, "questionbank.import.alt_missing", m.Name).On("media").Place(q.item.At))
		}
	}
}

// sortMedia lists the media as the texts name them, whatever order they were
// read in.
func (q *question) sortMedia() {
	c := &q.item.Content
	order := c.MediaNames()
	slices.SortStableFunc(c.Media, func(a, b questionbank.Media) int {
		return slices.Index(order, a.Name) - slices.Index(order, b.Name)
	})
	slices.SortStableFunc(q.item.Files, func(a, b questionbank.File) int {
		return slices.Index(order, a.Name) - slices.Index(order, b.Name)
	})
}
