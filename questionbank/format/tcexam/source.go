package tcexam

import (
	"bytes"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"cakap/internal/fault"
	"cakap/questionbank"
	"cakap/questionbank/format/tree"
)

// Format reads and writes TCExam's XML, and reads its TSV.
func Format() questionbank.Format {
	return questionbank.Format{Name: "tcexam", Ext: ".xml", Read: read, Write: write}
}

// source is a question as both kinds of files hold it.
type source struct {
	line                     int
	raw                      string
	note                     *tree.Node // what only Cakap understands
	print                    string     // fingerprint of the rest
	module, subject          string
	kind                     string // single, multiple, text, ordering, matching
	difficulty, timer        string
	description, explanation string
	extra                    extra
	answers                  []answer
}

// extra is what is kept for the way back.
type extra struct {
	Disabled   bool   `json:"disabled,omitempty"`
	Position   string `json:"position,omitempty"`
	Fullscreen bool   `json:"fullscreen,omitempty"`
	Inline     bool   `json:"inline_answers,omitempty"`
	Next       bool   `json:"auto_next,omitempty"`
	Subject    string `json:"subject_description,omitempty"`
}

type answer struct {
	disabled, right          bool
	position                 int // 0 for none
	description, explanation string
}

var (
	root     = regexp.MustCompile(`^<(?:[A-Za-z0-9_]+:)?tcexamquestions[\s>/]`)
	prologue = regexp.MustCompile(`(?s)<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^\[>]*(\[.*?\]\s*)?>`)
	tsv      = regexp.MustCompile(`^\s*(M=MODULE\t|M\t[01]\t)`)
)

// sniffed is how much of a file may stand before what tells its kind.
const sniffed = 16 << 10

func read(in questionbank.Input) (questionbank.Parsed, error) {
	head := bytes.TrimPrefix(in.Content[:min(len(in.Content), sniffed)], []byte("\xef\xbb\xbf"))
	parsed := questionbank.Parsed{Format: "tcexam", Encoding: "utf-8"}
	var sources []source
	switch {
	case root.Match(bytes.TrimSpace(prologue.ReplaceAll(head, nil))):
		n, err := tree.Parse(in.Content)
		if err != nil {
			return questionbank.Parsed{}, err
		}
		sources = fromXML(n)
	case tsv.Match(head):
		text := string(bytes.TrimPrefix(in.Content, []byte("\xef\xbb\xbf")))
		if !utf8.ValidString(text) {
			return questionbank.Parsed{}, fault.New(fault.Invalid, "questionbank.tcexam.encoding")
		}
		sources = fromTSV(text)
	default:
		return questionbank.Parsed{}, fault.New(fault.Unsupported, "questionbank.tcexam.other_kind")
	}
	if len(sources) > maxQuestions {
		return questionbank.Parsed{}, fault.New(fault.TooLarge, "questionbank.import.too_many", maxQuestions)
	}
	for _, s := range sources {
		parsed.Items = append(parsed.Items, s.item())
	}
	if len(sources) == 0 {
		parsed.Messages = append(parsed.Messages, fault.New(fault.Invalid, "questionbank.tcexam.no_items"))
	}
	return parsed, nil
}

// maxQuestions is far beyond any bank, and keeps memory in bounds: whoever finds
// one more stops.
const (
	maxQuestions = 50_000
	maxAnswers   = 1000
)

func fromXML(n *tree.Node) []source {
	var out []source
	for _, module := range n.Descendants("module") {
		moduleName := field(module, "name")
		for _, subject := range module.All("subject") {
			name, about := field(subject, "name"), field(subject, "description")
			for _, q := range subject.All("question") {
				if len(out) > maxQuestions {
					return out
				}
				s := source{
					line: q.Line, raw: q.Outer(), note: q.Find(noteName), print: fingerprint(q),
					module: moduleName, subject: name,
					kind: strings.ToLower(field(q, "type")), difficulty: field(q, "difficulty"), timer: field(q, "timer"),
					description: q.Find("description").Content(), explanation: q.Find("explanation").Content(),
				}
				s.extra = extra{
					Disabled: off(field(q, "enabled")), Position: field(q, "position"), Fullscreen: on(field(q, "fullscreen")),
					Inline: on(field(q, "inline_answers")), Next: on(field(q, "auto_next")), Subject: about,
				}
				for _, a := range q.All("answer") {
					s.answers = append(s.answers, answer{
						disabled: off(field(a, "enabled")), right: on(field(a, "isright")), position: number(field(a, "position")),
						description: a.Find("description").Content(), explanation: a.Find("explanation").Content(),
					})
				}
				out = append(out, s)
			}
		}
	}
	return out
}

func field(n *tree.Node, name string) string { return strings.TrimSpace(n.Find(name).Content()) }

func on(s string) bool {
	s = strings.ToLower(s)
	return s == "true" || s == "1" || s == "t"
}

// off is said outright; what says nothing is enabled.
func off(s string) bool { return s != "" && !on(s) }

func number(s string) int {
	n, err := strconv.Atoi(strings.TrimSpace(s))
	if err != nil || n < 0 || n > 1_000_000 {
		return 0
	}
	return n
}

var tsvKinds = map[string]string{"S": "single", "M": "multiple", "T": "text", "O": "ordering"}

// fromTSV reads lines that begin with what they are: M(odule), S(ubject),
// Q(uestion), A(nswer); those that explain the columns begin "M=MODULE".
func fromTSV(text string) []source {
	var out []source
	var module, subject, about string
	lines := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	var raw []string // the lines of the last question
	whole := func() {
		if len(out) > 0 {
			out[len(out)-1].raw = strings.Join(raw, "\n")
		}
	}
	for i, line := range lines {
		cells := strings.Split(line, "\t")
		cell := func(n int) string {
			if n >= len(cells) {
				return ""
			}
			return unescaped(cells[n])
		}
		switch strings.TrimSpace(cells[0]) {
		case "M":
			module, subject, about = cell(2), "", ""
		case "S":
			subject, about = cell(2), cell(3)
		case "Q":
			if len(out) > maxQuestions {
				return out
			}
			whole()
			raw = []string{line}
			s := source{
				line: i + 1, module: module, subject: subject, description: cell(2), explanation: cell(3),
				kind: tsvKinds[strings.TrimSpace(cell(4))], difficulty: cell(5), timer: cell(7),
				extra: extra{Disabled: off(cell(1)), Position: cell(6), Fullscreen: on(cell(8)), Inline: on(cell(9)), Next: on(cell(10)), Subject: about},
			}
			if s.kind == "" {
				s.kind = cell(4)
			}
			out = append(out, s)
		case "A":
			if len(out) == 0 || len(out[len(out)-1].answers) > maxAnswers {
				continue // a question of so many is rejected for their number
			}
			q := &out[len(out)-1]
			raw = append(raw, line)
			q.answers = append(q.answers, answer{
				disabled: off(cell(1)), description: cell(2), explanation: cell(3), right: on(cell(4)), position: number(cell(5)),
			})
		}
	}
	whole()
	return out
}

// unescaped undoes TCExam's escapes, and the quotes that spreadsheets add.
func unescaped(s string) string {
	if len(s) > 1 && s[0] == '"' && s[len(s)-1] == '"' && !strings.Contains(strings.ReplaceAll(s[1:len(s)-1], `""`, ""), `"`) {
		s = strings.ReplaceAll(s[1:len(s)-1], `""`, `"`)
	}
	return escapes.Replace(s)
}

var escapes = strings.NewReplacer(`\t`, "\t", `\n`, "\n", `\r`, "")
