package tcexam

import (
	"encoding/base64"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"cakap/internal/fault"
	"cakap/questionbank"
	"cakap/questionbank/format/rich"
	"cakap/questionbank/format/tree"
	"cakap/scoring"
)

// reading is one question while it becomes an item.
type reading struct {
	questionbank.ParsedItem
	told map[string]bool
}

func (r *reading) reject(field, key string, args ...any) {
	r.Rejects = append(r.Rejects, fault.New(fault.Invalid, key, args...).On(field).Place(r.At))
}

func (r *reading) warn(field, key string, args ...any) {
	f := fault.New(fault.Invalid, key, args...).On(field).Place(r.At)
	if !r.told[f.Error()] {
		r.told[f.Error()] = true
		r.Warnings = append(r.Warnings, f)
	}
}

// item is the question as an item.
func (s source) item() questionbank.ParsedItem {
	r := &reading{told: map[string]bool{}}
	r.At, r.Raw = tree.Place(s.line), []byte(s.raw)
	c := &r.Content
	c.Category = category(s.module, s.subject)
	c.Stem = r.markdown("stem", s.description)
	c.Rationale = r.markdown("rationale", s.explanation)
	c.Seconds = number(s.timer)
	s.weigh(r)
	if s.extra.Disabled {
		r.warn("type", "questionbank.tcexam.disabled")
	}
	if s.extra != (extra{}) {
		if data, err := json.Marshal(s.extra); err == nil {
			c.Ext = map[string]json.RawMessage{"tcexam": data}
		}
	}
	s.interaction(r)
	for _, m := range c.Media {
		if m.Alt == "" {
			r.warn("media", "questionbank.import.alt_missing", m.Name)
		}
	}
	r.Type = string(c.Type)
	if c.Type == questionbank.Unsupported {
		c.Type = questionbank.Info
	}
	s.restore(&r.ParsedItem)
	return r.ParsedItem
}

// category joins module and subject, whose names may hold slashes.
func category(module, subject string) string {
	clean := func(s string) string { return strings.ReplaceAll(strings.TrimSpace(s), "/", "-") }
	return strings.Trim(clean(module)+"/"+clean(subject), "/")
}

// weigh takes the difficulty for what it is: a factor of the points.
func (s source) weigh(r *reading) {
	switch n, err := strconv.Atoi(s.difficulty); {
	case s.difficulty == "":
	case err != nil || n < 0 || n > 1000:
		r.warn("worth", "questionbank.tcexam.difficulty", s.difficulty)
	case n == 0:
		r.warn("worth", "questionbank.tcexam.worthless")
	case n > 1:
		r.Content.Worth = scoring.Micro(n) * scoring.Point
	}
}

func (r *reading) convert(field, text string) rich.Text {
	lost := func(what string) { r.warn(field, "questionbank.tcexam.lost", what) }
	t := rich.FromHTML(markup(text, lost), func(src string) string { return r.medium(field, src) })
	for _, img := range t.Images {
		for i := range r.Content.Media {
			if m := &r.Content.Media[i]; m.Name == img.Name && m.Alt == "" {
				m.Alt = img.Alt
			}
		}
	}
	for _, what := range t.Lost {
		if !strings.HasPrefix(what, "img") {
			lost(what)
		}
	}
	return t
}

func (r *reading) markdown(field, text string) string { return r.convert(field, text).Markdown }

// The largest picture that a text may hold in itself.
const maxInline = 8 << 20

// medium takes a picture that the text holds; others lie on TCExam's server and
// are only named.
func (r *reading) medium(field, src string) string {
	head, body, ok := strings.Cut(src, ",")
	if ok && strings.HasPrefix(head, "data:") && strings.HasSuffix(head, ";base64") && len(body) <= maxInline {
		data, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(body), ""))
		if err == nil && len(data) > 0 {
			_, kind, _ := strings.Cut(strings.TrimSuffix(head, ";base64"), "/")
			name := questionbank.MediaName("gambar" + strconv.Itoa(len(r.Files)+1) + "." + kind)
			r.Content.Media = append(r.Content.Media, questionbank.Media{Name: name})
			r.Files = append(r.Files, questionbank.File{Name: name, Data: data})
			return name
		}
	}
	if len(src) > 80 {
		src = src[:80] + "…"
	}
	r.warn(field, "questionbank.import.media_missing", src)
	return ""
}

func (s source) interaction(r *reading) {
	c := &r.Content
	answers := slices.DeleteFunc(slices.Clone(s.answers), func(a answer) bool { return a.disabled })
	if len(answers) < len(s.answers) {
		r.warn("options", "questionbank.tcexam.answers_disabled", len(s.answers)-len(answers))
	}
	switch s.kind {
	case "single", "multiple":
		s.choice(r, answers)
	case "text":
		r.text(answers)
	case "ordering":
		r.order(answers)
	case "matching":
		r.match(answers)
	default:
		c.Type = questionbank.Unsupported
		r.reject("type", "questionbank.tcexam.type", s.kind)
	}
}

func (r *reading) options(answers []answer) []questionbank.Option {
	out := make([]questionbank.Option, len(answers))
	for i, a := range answers {
		field, reason := "options", "options"
		if i < questionbank.MaxRows {
			field, reason = questionbank.OptionField("option", i), questionbank.OptionField("reason", i)
		}
		out[i] = rich.Option(r.convert(field, a.description))
		out[i].ID, out[i].Reason = questionbank.OptionID(i), r.markdown(reason, a.explanation)
	}
	return out
}

func (s source) choice(r *reading, answers []answer) {
	options := r.options(answers)
	var correct []int
	for i, a := range answers {
		if a.right {
			correct = append(correct, i)
		}
	}
	typ := questionbank.Single
	switch {
	case s.kind == "multiple":
		typ = questionbank.Multiple
	case truth(options):
		typ = questionbank.TrueFalse
		if strings.EqualFold(options[0].Text, "salah") || strings.EqualFold(options[0].Text, "false") {
			slices.Reverse(options)
			for i := range correct {
				correct[i] = 1 - correct[i]
			}
		}
		options[0].Text, options[1].Text = questionbank.TrueText, questionbank.FalseText
	}
	in := questionbank.NewChoice(typ, options, correct)
	in.Rule = scoring.AllOrNothing // partial credit is a matter of TCExam's tests
	r.Content.Type, r.Content.Interactions = typ, []questionbank.Interaction{in}
	if len(correct) == 0 {
		r.reject("correct", "questionbank.key_empty")
	}
}

func truth(options []questionbank.Option) bool {
	if len(options) != 2 {
		return false
	}
	pair := []string{strings.ToLower(options[0].Text), strings.ToLower(options[1].Text)}
	slices.Sort(pair)
	return pair[0] == "benar" && pair[1] == "salah" || pair[0] == "false" && pair[1] == "true"
}

// text is a short answer where it has answers, else an essay.
func (r *reading) text(answers []answer) {
	in := questionbank.Interaction{Kind: questionbank.TextKind, Rule: scoring.TextList, Options: []questionbank.Option{}}
	for _, a := range answers {
		text := questionbank.Plain(r.markdown("answers", a.description))
		if !a.right || text == "" {
			r.warn("answers", "questionbank.tcexam.wrong_text", text)
			continue
		}
		in.Texts = append(in.Texts, questionbank.TextAnswer{Text: text, Points: scoring.Point, Reason: r.markdown("answers", a.explanation)})
	}
	r.Content.Type = questionbank.Short
	if len(in.Texts) == 0 {
		r.Content.Type, in.Kind, in.Rule = questionbank.Essay, questionbank.EssayKind, scoring.Manual
	}
	r.Content.Interactions = []questionbank.Interaction{in}
}

// order is told by the positions.
func (r *reading) order(answers []answer) {
	in := questionbank.Interaction{Kind: questionbank.OrderKind, Rule: scoring.OrderExact, Shuffle: true, Options: r.options(answers)}
	r.Content.Type = questionbank.Order
	places := make([]int, len(answers))
	for i := range places {
		places[i] = i
	}
	slices.SortStableFunc(places, func(a, b int) int { return answers[a].position - answers[b].position })
	for i, p := range places {
		in.Correct = append(in.Correct, questionbank.OptionID(p))
		if answers[p].position == 0 || i > 0 && answers[p].position == answers[places[i-1]].position {
			in.Correct = nil
			r.reject("correct", "questionbank.tcexam.position")
			break
		}
	}
	r.Content.Interactions = []questionbank.Interaction{in}
}

// match is of newer copies: each answer has the number of what belongs to it,
// which the question lists.
func (r *reading) match(answers []answer) {
	in := questionbank.Interaction{Kind: questionbank.PairsKind, Rule: scoring.PerPair, Options: r.options(answers)}
	most := len(answers)
	for i, a := range answers {
		if a.position == 0 {
			r.reject("correct", "questionbank.tcexam.position")
			break
		}
		most = max(most, a.position)
		in.Correct = append(in.Correct, questionbank.OptionID(i)+" "+questionbank.TargetID(a.position-1))
	}
	for i := range min(most, questionbank.MaxRows) {
		in.Targets = append(in.Targets, questionbank.Option{ID: questionbank.TargetID(i), Text: questionbank.TargetID(i)})
	}
	r.warn("options", "questionbank.tcexam.matching")
	r.Content.Type, r.Content.Interactions = questionbank.Match, []questionbank.Interaction{in}
}
