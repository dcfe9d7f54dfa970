package qti12

import (
	"bytes"
	"html"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"cakap/questionbank"
	"cakap/scoring"
)

var uploadLine = regexp.MustCompile(`^(MC|MA|TF|ESS|ORD|MAT|FIB|FIB_PLUS|FIL|NUM|SR|OP|JUMBLED_SENTENCE|QUIZ_BOWL)\t[^\t]`)

// isUpload recognises Blackboard's tab-separated upload by its first line.
func isUpload(data []byte) bool {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	head := bytes.TrimLeft(data[:min(len(data), sniffed)], "\r\n")
	line, _, _ := bytes.Cut(head, []byte("\n"))
	return uploadLine.Match(line)
}

// readUpload reads a question a line.
func (r *reader) readUpload(data []byte) {
	text := string(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")))
	if !utf8.ValidString(text) { // what Excel saves as "Text (Tab delimited)"
		r.parsed.Encoding = "iso-8859-1"
		text = latin1(text)
	}
	number := 0
	for line := range strings.SplitSeq(strings.ReplaceAll(text, "\r\n", "\n"), "\n") {
		number++
		if strings.TrimSpace(line) == "" {
			continue
		}
		fields := strings.Split(strings.TrimRight(line, "\t"), "\t")
		for i := range fields {
			fields[i] = unquoted(fields[i])
		}
		q := r.question(number, questionbank.Single, line)
		if len(fields) < 2 || !uploadLine.MatchString(line) {
			q.Content.Stem = questionbank.Markdown(strings.TrimSpace(line))
			q.Content.Type = questionbank.Unsupported
			q.reject("type", "questionbank.qti12.line", fields[0])
			q.finish()
			continue
		}
		q.Content.Stem = q.markdown("stem", uploaded(fields[1]))
		q.upload(fields[0], fields[2:])
		q.finish()
	}
}

func latin1(s string) string {
	var b strings.Builder
	for i := range len(s) {
		b.WriteRune(rune(s[i]))
	}
	return b.String()
}

// unquoted undoes what spreadsheets do to cells with quotes in them.
func unquoted(s string) string {
	s = strings.TrimSpace(s)
	if len(s) > 1 && s[0] == '"' && s[len(s)-1] == '"' {
		return strings.ReplaceAll(s[1:len(s)-1], `""`, `"`)
	}
	return s
}

// uploaded is a cell as HTML, which Blackboard lets it be.
func uploaded(s string) string {
	if looksHTML.MatchString(s) {
		return s
	}
	return html.EscapeString(s)
}

func (q *question) upload(kind string, rest []string) {
	c := &q.Content
	part := questionbank.Interaction{Options: []questionbank.Option{}}
	switch kind {
	case "MC", "MA":
		q.uploadChoice(kind == "MA", rest)
		return
	case "TF":
		q.uploadTruth(rest)
		return
	case "ESS", "SR", "FIL":
		if kind == "FIL" {
			q.unsupported(kind)
			return
		}
		c.Type, part.Kind, part.Rule = questionbank.Essay, questionbank.EssayKind, scoring.Manual
		if len(rest) > 0 {
			c.Rationale = q.markdown("rationale", uploaded(rest[0]))
		}
	case "OP":
		likert := []string{"Sangat setuju", "Setuju", "Netral", "Tidak setuju", "Sangat tidak setuju"}
		options := make([]questionbank.Option, len(likert))
		for i, text := range likert {
			options[i].Text = text
		}
		c.Type, part = questionbank.Survey, questionbank.NewChoice(questionbank.Survey, options, nil)
	case "ORD":
		c.Type, part.Kind, part.Rule, part.Shuffle = questionbank.Order, questionbank.OrderKind, scoring.OrderExact, true
		for i, text := range rest {
			part.Options = append(part.Options, q.option("options", uploaded(text)))
			part.Correct = append(part.Correct, questionbank.OptionID(i))
		}
	case "MAT":
		c.Type, part = questionbank.Match, q.uploadPairs(rest)
	case "FIB":
		c.Type, part.Kind, part.Rule = questionbank.Short, questionbank.TextKind, scoring.TextList
		part.Texts = uploadTexts(rest)
	case "NUM":
		c.Type, part.Kind, part.Rule = questionbank.Numeric, questionbank.NumberKind, scoring.NumberList
		part.Numbers = []questionbank.Number{{Points: scoring.Point}}
		if len(rest) > 0 {
			part.Numbers[0].Value = rest[0]
		}
		if len(rest) > 1 {
			part.Numbers[0].Tolerance = rest[1]
		}
	case "FIB_PLUS":
		q.uploadGaps(rest)
		return
	default:
		q.unsupported(kind)
		return
	}
	c.Interactions = []questionbank.Interaction{part}
}

func uploadTexts(rest []string) []questionbank.TextAnswer {
	var out []questionbank.TextAnswer
	for _, text := range rest {
		if text != "" {
			out = append(out, questionbank.TextAnswer{Text: text, Points: scoring.Point})
		}
	}
	return out
}

func (q *question) uploadChoice(many bool, rest []string) {
	var options []questionbank.Option
	var correct []int
	for i := 0; i+1 < len(rest); i += 2 {
		switch strings.ToLower(rest[i+1]) {
		case "correct":
			correct = append(correct, len(options))
		case "incorrect":
		default:
			q.reject("correct", "questionbank.qti12.mark", rest[i+1])
		}
		options = append(options, q.option(questionbank.OptionField("option", min(len(options), questionbank.MaxRows-1)), uploaded(rest[i])))
	}
	if len(rest)%2 != 0 {
		q.reject("correct", "questionbank.qti12.mark", "")
	}
	typ := questionbank.Single
	if many {
		typ = questionbank.Multiple
	}
	in := questionbank.NewChoice(typ, options, correct)
	in.Rule = scoring.AllOrNothing
	q.Content.Type, q.Content.Interactions = typ, []questionbank.Interaction{in}
}

func (q *question) uploadTruth(rest []string) {
	options := []questionbank.Option{{Text: questionbank.TrueText}, {Text: questionbank.FalseText}}
	var correct []int
	if len(rest) > 0 {
		switch strings.ToLower(rest[0]) {
		case "true", "benar":
			correct = []int{0}
		case "false", "salah":
			correct = []int{1}
		}
	}
	q.Content.Type = questionbank.TrueFalse
	q.Content.Interactions = []questionbank.Interaction{questionbank.NewChoice(questionbank.TrueFalse, options, correct)}
	if correct == nil {
		q.reject("correct", "questionbank.key_empty")
	}
}

// uploadPairs reads a row and its target in turn; two rows may share a target.
func (q *question) uploadPairs(rest []string) questionbank.Interaction {
	in := questionbank.Interaction{Kind: questionbank.PairsKind, Rule: scoring.PerPair, Shuffle: true}
	for i := 0; i+1 < len(rest); i += 2 {
		target := q.option("options", uploaded(rest[i+1]))
		place := slices.IndexFunc(in.Targets, func(o questionbank.Option) bool { return o.Text == target.Text })
		if place < 0 {
			place = len(in.Targets)
			in.Targets = append(in.Targets, target)
		}
		if rest[i] == "" {
			continue // a distractor
		}
		in.Correct = append(in.Correct, questionbank.OptionID(len(in.Options))+" "+questionbank.TargetID(place))
		in.Options = append(in.Options, q.option("options", uploaded(rest[i])))
	}
	for i := range in.Options {
		in.Options[i].ID = questionbank.OptionID(i)
	}
	return in
}

// uploadGaps reads "[name]" gaps: a name, its answers, and an empty cell.
func (q *question) uploadGaps(rest []string) {
	c := &q.Content
	c.Type = questionbank.Cloze
	for len(rest) > 0 {
		end := slices.Index(rest, "")
		if end < 0 {
			end = len(rest)
		}
		group := rest[:end]
		rest = rest[min(end+1, len(rest)):]
		if len(group) == 0 {
			continue
		}
		mark := questionbank.Markdown("[" + group[0] + "]")
		if !strings.Contains(c.Stem, mark) {
			q.reject("stem", "questionbank.qti12.gap", group[0])
		}
		c.Stem = strings.Replace(c.Stem, mark, questionbank.Gap(len(c.Interactions)), 1)
		c.Interactions = append(c.Interactions, questionbank.Interaction{
			Kind: questionbank.TextKind, Rule: scoring.TextList, Options: []questionbank.Option{}, ID: group[0], Texts: uploadTexts(group[1:]),
		})
	}
}
