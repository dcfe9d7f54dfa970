package jsonsoal

import (
	"encoding/base64"
	"regexp"
	"slices"
	"strings"

	"cakap/internal/fault"
	"cakap/questionbank"
	"cakap/questionbank/format/rich"
	"cakap/scoring"
)

// reader makes one entry a question.
type reader struct {
	doc     *document
	q       question
	base    int // what the file's keys call the first option
	unknown []string
	out     questionbank.ParsedItem
}

func (r *reader) reject(f *fault.Fault, field string) {
	r.out.Rejects = append(r.out.Rejects, f.On(field).Place(r.at(field)))
}

func (r *reader) warn(f *fault.Fault, field string) {
	r.out.Warnings = append(r.out.Warnings, f.On(field).Place(r.at(field)))
}

// at is the line of a member, or of the whole entry.
func (r *reader) at(field string) string {
	if v, ok := r.q.value.field(field); ok {
		return r.doc.at(v.start)
	}
	return r.doc.at(r.q.value.start)
}

func (r *reader) item() questionbank.ParsedItem {
	v := r.q.value
	r.out = questionbank.ParsedItem{At: r.doc.at(v.start), Type: questionbank.Unsupported, Raw: r.doc.raw(v), Places: map[string]string{}}
	if v.kind != object {
		r.reject(fault.New(fault.Invalid, "questionbank.jsonsoal.no_object"), "")
		return r.out
	}
	for _, field := range []string{fStem, fOptions, fCorrect, fType, fReason} {
		r.out.Places[field] = r.at(field)
	}
	r.out.Code = v.string(fCode)
	c := questionbank.Content{
		Stem: r.text(v.string(fStem), fStem), Stimulus: r.text(v.string(fStimulus), fStimulus), Rationale: r.text(v.string(fReason), fReason),
		Category: r.category(), Title: v.string(fTitle), Level: r.level(), Tags: r.tags(),
	}
	r.out.Aspect = r.aspect()
	options := r.options()
	r.out.Type = r.typeOf(options)
	if c.Type = questionbank.Type(r.out.Type); slices.Contains(questionbank.Types[:], c.Type) {
		c.Interactions = r.interactions(&c, options)
	} else {
		r.reject(fault.New(fault.Unsupported, "questionbank.jsonsoal.type_unsupported", v.string(fType)), fType)
	}
	r.media(&c)
	r.out.Type, r.out.Content = string(c.Type), c
	r.notice()
	return r.out
}

var htmlStart = regexp.MustCompile(`(?i)^\s*<(p|div|span|b|strong|i|em|u|ul|ol|table|img|h[1-6]|br)\b[^>]*>`)

// text is a text as Markdown. One that begins with a tag was meant as HTML; any
// other "<" is what the author asks about.
func (r *reader) text(s, field string) string {
	if !htmlStart.MatchString(s) {
		return rich.PlainToText(s).Markdown
	}
	t := rich.FromHTML(s, func(string) string { return "" })
	if t.Markdown == "" && len(t.Lost) == 0 {
		return rich.PlainToText(s).Markdown // a lone tag is what is asked about
	}
	for _, lost := range t.Lost {
		r.warn(fault.New(fault.Invalid, "questionbank.jsonsoal.html_lost", lost), field)
	}
	return t.Markdown
}

func (r *reader) category() string {
	if own := r.q.value.string(fCategory); own != "" {
		return own
	}
	return r.q.path
}

func (r *reader) level() questionbank.Level {
	raw := strings.ToUpper(r.q.value.string(fLevel))
	for _, l := range questionbank.Levels {
		if raw == string(l) {
			return l
		}
	}
	if raw != "" {
		r.warn(fault.New(fault.Invalid, "questionbank.import.level_unreadable", raw), fLevel)
	}
	return ""
}

func (r *reader) tags() []string {
	v, ok := r.q.value.field(fTags)
	if !ok {
		return nil
	}
	if v.kind == text {
		return strings.FieldsFunc(v.text, func(c rune) bool { return c == ',' || c == ';' })
	}
	var tags []string
	for _, each := range v.values {
		if each.kind == text {
			tags = append(tags, each.text)
		}
	}
	return tags
}

func (r *reader) aspect() scoring.Aspect {
	raw := r.q.value.string(fAspect)
	if a, err := scoring.ParseAspect(strings.ToUpper(raw)); err == nil {
		return a
	}
	for _, a := range scoring.Aspects {
		if strings.EqualFold(raw, questionbank.StandardFramework().AspectName(a)) {
			return a
		}
	}
	return scoring.Total
}

var optionMark = regexp.MustCompile(`^\(?([A-La-l])[.)]\s+`)

// options reads the list in any of its shapes.
func (r *reader) options() []questionbank.Option {
	values := optionValues(r.q.value)
	if wrong, ok := r.q.value.field(fWrong); ok && len(values) == 0 {
		if right, ok := r.q.value.field(fCorrect); ok && right.kind == text {
			values = append([]value{right}, wrong.values...)
		}
	}
	if len(values) == 0 {
		if key, ok := r.q.value.field(fCorrect); ok && key.kind == list && len(key.values) > 0 && key.values[0].kind == object {
			values = key.values
		}
	}
	texts, marked := make([]string, len(values)), len(values) > 0
	for i, v := range values {
		texts[i] = strings.TrimSpace(v.text)
		if v.kind == object {
			found, _, _ := v.get(optionText)
			texts[i] = strings.TrimSpace(found.text)
		}
		m := optionMark.FindStringSubmatch(texts[i])
		marked = marked && m != nil && strings.EqualFold(m[1], questionbank.OptionID(i))
	}
	options := make([]questionbank.Option, len(values))
	for i, s := range texts {
		if marked {
			s = optionMark.ReplaceAllString(s, "")
		}
		options[i] = r.option(s)
		if values[i].kind == object {
			reason, _, _ := values[i].get(optionReason)
			options[i].Reason = rich.PlainToText(reason.text).Markdown
		}
	}
	return options
}

func (r *reader) option(s string) questionbank.Option {
	if htmlStart.MatchString(s) {
		return rich.Option(rich.Text{Markdown: r.text(s, fOptions)})
	}
	return rich.Option(rich.PlainToText(s))
}

var dataURI = regexp.MustCompile(`^data:image/(png|jpeg|gif|webp);base64,`)

// media takes pictures that stand in the file itself. What is only named, here
// or somewhere else on the network, is not fetched.
func (r *reader) media(c *questionbank.Content) {
	for i, name := range r.q.value.names {
		v := r.q.value.values[i]
		if !slices.Contains(words[fMedia], plain(name)) || v.kind != text || strings.TrimSpace(v.text) == "" {
			continue
		}
		m := dataURI.FindStringSubmatch(v.text)
		if m == nil {
			r.warn(fault.New(fault.Invalid, "questionbank.import.media_missing", shorten(v.text)), fMedia)
			continue
		}
		data, err := base64.StdEncoding.DecodeString(v.text[len(m[0]):])
		if err != nil {
			r.warn(fault.New(fault.Invalid, "questionbank.jsonsoal.picture_broken").Because(err), fMedia)
			continue
		}
		file := questionbank.MediaName(plain(name) + "." + m[1])
		c.Stem = strings.TrimSpace(c.Stem + "\n\n" + questionbank.MediaLink(file, ""))
		c.Media = append(c.Media, questionbank.Media{Name: file})
		r.out.Files = append(r.out.Files, questionbank.File{Name: file, Data: data})
		r.warn(fault.New(fault.Invalid, "questionbank.import.alt_missing", file), fMedia)
	}
}

func shorten(s string) string {
	if runes := []rune(s); len(runes) > 80 {
		return string(runes[:79]) + "…"
	}
	return s
}

// notice gathers the names that mean nothing to us.
func (r *reader) notice() {
	_, letters := r.q.value.letters()
	for i, name := range r.q.value.names {
		if r.q.value.values[i].kind != null && !known(name, letters) {
			r.unknown = append(r.unknown, shorten(name))
		}
	}
}
