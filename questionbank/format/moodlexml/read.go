package moodlexml

import (
	"bytes"
	"regexp"
	"strings"

	"cakap/internal/fault"
	"cakap/questionbank"
	"cakap/questionbank/format/tree"
)

// Read reads a file of Moodle questions.
func Read(in questionbank.Input) (questionbank.Parsed, error) {
	kind := rootOf(in.Content)
	if kind != "quiz" && kind != "question" {
		return questionbank.Parsed{}, fault.New(fault.Unsupported, "questionbank.moodlexml.not_moodle")
	}
	root, err := tree.Parse(in.Content)
	if err != nil {
		return questionbank.Parsed{}, err
	}
	r := reader{parsed: questionbank.Parsed{Format: name, Encoding: "UTF-8"}, readers: readers(), ids: map[string]bool{}}
	questions := root.All("question")
	if kind == "question" {
		questions = []*tree.Node{root}
		r.say(root, "questionbank.moodlexml.no_quiz")
	}
	if len(questions) > maxQuestions {
		return questionbank.Parsed{}, fault.New(fault.TooLarge, "questionbank.moodlexml.questions", maxQuestions)
	}
	for _, n := range questions {
		r.question(n)
	}
	if len(questions) == 0 {
		r.say(root, "questionbank.moodlexml.no_questions")
	}
	return r.parsed, nil
}

// maxQuestions is far beyond any bank, and keeps memory in bounds.
const maxQuestions = 50_000

var (
	prolog  = regexp.MustCompile(`(?s)^(\s+|<\?.*?\?>|<!--.*?-->|<![A-Za-z][^>\[]*(?:\[[^\]]*\]\s*)?>)+`)
	element = regexp.MustCompile(`^<([A-Za-z_][A-Za-z0-9_.:-]*)`)
)

// rootOf is the name of the first element, which tells what sort of XML it is
// even where the rest is broken.
func rootOf(data []byte) string {
	const enough = 1 << 16
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if bytes.HasPrefix(data, []byte("\xff\xfe")) || bytes.HasPrefix(data, []byte("\xfe\xff")) {
		data = bytes.ReplaceAll(data[2:min(len(data), 2*enough)], []byte{0}, nil) // UTF-16: good enough for names
	}
	data = data[:min(len(data), enough)]
	if m := element.FindSubmatch(data[len(prolog.Find(data)):]); m != nil {
		return string(m[1])
	}
	return ""
}

// reader goes through a file: a category holds for the questions after it.
type reader struct {
	parsed   questionbank.Parsed
	readers  map[string]func(*question)
	category string
	info, id string          // of the category
	ids      map[string]bool // idnumbers that became codes
}

func (r *reader) say(n *tree.Node, key string, args ...any) {
	r.parsed.Messages = append(r.parsed.Messages, fault.New(fault.Invalid, key, args...).Place(place(n)))
}

// question is one question on its way to an item.
type question struct {
	n     *tree.Node
	qtype string
	item  *questionbank.ParsedItem
	extra extra
	hints hints           // what our own writer left in the tags
	used  map[string]bool // elements that were read
	said  map[string]bool // warnings that stand once
}

// skipped are the qtypes that hold no question of their own, or that only some
// plugin understands. Moodle without the plugin leaves them out too.
const skipped = ""

func (r *reader) question(n *tree.Node) {
	qtype := strings.ToLower(strings.TrimSpace(n.Get("type")))
	if qtype == "category" {
		r.switchTo(n)
		return
	}
	read, known := r.readers[qtype]
	if !known {
		r.say(n, "questionbank.moodlexml.type_skipped", qtype, title(n.Find("name")))
		return
	}
	q := &question{
		n: n, qtype: qtype, used: map[string]bool{}, said: map[string]bool{},
		item: &questionbank.ParsedItem{At: place(n), Raw: []byte(n.Outer()), Places: map[string]string{}},
	}
	r.common(q)
	read(q)
	if q.item.Type == skipped {
		r.say(n, "questionbank.moodlexml.type_skipped", qtype, q.item.Content.Title)
		return
	}
	q.rest()
	q.finish()
	r.parsed.Items = append(r.parsed.Items, *q.item)
}

// readers says what becomes of each qtype.
func readers() map[string]func(*question) {
	return map[string]func(*question){
		"multichoice": (*question).multichoice, "oumultiresponse": (*question).oumultiresponse, "truefalse": (*question).truefalse,
		"shortanswer": (*question).shortanswer, "numerical": (*question).numerical, "essay": (*question).essay, "description": (*question).description,
		"matching": (*question).matching, "match": (*question).matching, "mtf": (*question).judged, "kprime": (*question).judged,
		"cloze": (*question).cloze, "multianswer": (*question).cloze, "gapselect": (*question).gapselect, "ddwtos": (*question).gapselect,
		"ordering": (*question).ordering, "ddimageortext": (*question).labels, "ddmarker": (*question).markers,
		"calculated": (*question).calculated, "calculatedsimple": (*question).calculated, "calculatedmulti": (*question).calculated,
		"randomsamatch": (*question).calculated,
	}
}

// switchTo makes a category the one of what follows.
func (r *reader) switchTo(n *tree.Node) {
	r.category = category(plain(n.Find("category")))
	r.info, r.id = plain(n.Find("info")), plain(n.Find("idnumber"))
}

// category is a path without what names its place in Moodle: the context and
// the top category. A literal slash stays doubled, as Moodle writes it.
func category(path string) string {
	parts := strings.Split(strings.ReplaceAll(path, "//", "\x00"), "/")
	for len(parts) > 0 {
		first := strings.TrimSpace(parts[0])
		context := strings.HasPrefix(first, "$") && strings.HasSuffix(first, "$")
		if first != "top" && first != "" && !context {
			break
		}
		parts = parts[1:]
	}
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	return strings.ReplaceAll(strings.Join(parts, "/"), "\x00", "//")
}

// set makes the item what it is.
func (q *question) set(t questionbank.Type, parts ...questionbank.Interaction) {
	q.item.Type, q.item.Content.Type, q.item.Content.Interactions = string(t), t, parts
}

func (q *question) place(field string, n *tree.Node) { q.item.Places[field] = place(n) }
