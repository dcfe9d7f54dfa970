package text

import (
	"slices"
	"strconv"
	"strings"

	"cakap/internal/fault"
	"cakap/questionbank"
	"cakap/questionbank/format/rich"
	"cakap/scoring"
)

// Draft is a question as it was found, before anybody decided what it asks.
type Draft struct {
	At      string
	Number  string            // as the document counts it
	Type    questionbank.Type // what the question itself says it is, "" for nothing
	Section questionbank.Type // what the heading above says
	Stem    []Line
	Options []Option
	Targets []Option // of a match
	Key     []Line
	Fields  map[string][]Line
	Raw     []string
	Notes   []*fault.Fault // warnings
}

// Option is one alternative of a draft, or one row or target of a match.
type Option struct {
	Label string // the letter or code it has in the source, "" for its place
	Lines []Line
	Right bool   // marked as right
	Pairs string // of a row: the labels of its targets
	At    string
}

// Set puts a field's text, after what it has already.
func (d *Draft) Set(field string, lines ...Line) {
	if d.Fields == nil {
		d.Fields = map[string][]Line{}
	}
	d.Fields[field] = append(d.Fields[field], lines...)
}

// Empty reports a question of which nothing was filled in.
func (d *Draft) Empty() bool {
	filled := func(o Option) bool { return !empty(o.Lines) }
	return empty(d.Stem) && empty(d.Key) && !slices.ContainsFunc(d.Options, filled) && !slices.ContainsFunc(d.Targets, filled)
}

// builder makes an item of a draft.
type builder struct {
	*Draft
	item questionbank.ParsedItem
}

// Item decides the type and builds the item.
func (d *Draft) Item() questionbank.ParsedItem {
	b := &builder{Draft: d, item: questionbank.ParsedItem{At: d.At, Places: map[string]string{}}}
	b.item.Raw = []byte(strings.Join(d.Raw, "\n"))
	b.item.Warnings = append(b.item.Warnings, d.Notes...)
	b.lettered()
	b.marked()
	c := &b.item.Content
	c.Stem = markdown(trim(d.Stem)).Markdown
	b.place("stem", d.Stem)
	b.place("correct", d.Key)
	b.describe()
	t := b.kind()
	c.Type, b.item.Type = t, string(t)
	b.interaction(t)
	b.attach()
	return b.item
}

func (b *builder) warn(field string, f *fault.Fault) {
	b.item.Warnings = append(b.item.Warnings, b.here(field, f))
}

func (b *builder) reject(field string, f *fault.Fault) {
	b.item.Rejects = append(b.item.Rejects, b.here(field, f))
}

func (b *builder) here(field string, f *fault.Fault) *fault.Fault {
	at := b.item.Places[field]
	if at == "" {
		at = b.At
	}
	return f.On(field).Place(at)
}

func (b *builder) place(field string, lines []Line) {
	if lines = trim(lines); len(lines) > 0 && lines[0].At != "" {
		b.item.Places[field] = lines[0].At
	}
}

// lettered takes the label off an option that carries one in its text as well,
// where it is that of its place.
func (b *builder) lettered() {
	for i := range b.Options {
		o := &b.Options[i]
		o.Lines = trim(o.Lines)
		label := o.Label
		if label == "" {
			label = questionbank.OptionID(i)
		}
		if len(o.Lines) == 0 {
			continue
		}
		if m := ownLabel.FindStringSubmatchIndex(o.Lines[0].String()); m != nil && strings.EqualFold(o.Lines[0].String()[m[2]:m[3]], label) {
			o.Lines = slices.Clone(o.Lines)
			o.Lines[0] = o.Lines[0].Tail(m[1])
		}
	}
}

// marked reads bold print or colour on some of the options as the author's
// mark of the right ones, and takes it off: participants would see it.
func (b *builder) marked() {
	for _, is := range []func(Span) bool{func(s Span) bool { return s.Mark }, func(s Span) bool { return s.Bold }} {
		var found []int
		for i, o := range b.Options {
			if whole(o.Lines, is) {
				found = append(found, i)
			}
		}
		if len(found) == 0 || len(found) == len(b.Options) || len(b.Options) < 2 {
			continue
		}
		said := b.rightOnes()
		if len(said) > 0 && !slices.Equal(said, found) {
			b.warn("correct", fault.New(fault.Invalid, "questionbank.text.mark_differs"))
			continue
		}
		for _, i := range found {
			b.Options[i].Lines = unbold(b.Options[i].Lines)
			b.Options[i].Right = true
		}
		if len(said) == 0 {
			b.warn("correct", fault.New(fault.Invalid, "questionbank.text.key_marked", letters(found)))
		}
	}
}

// rightOnes is the places of the options that the key or a star says are right.
func (b *builder) rightOnes() []int {
	var places []int
	for i, o := range b.Options {
		if o.Right {
			places = append(places, i)
		}
	}
	if len(places) > 0 {
		return places
	}
	places, _ = b.readKey()
	return places
}

func whole(lines []Line, is func(Span) bool) bool {
	found := false
	for _, l := range lines {
		if l.Blank() || strings.TrimSpace(strings.ReplaceAll(l.String(), object, "")) == "" {
			continue
		}
		if !l.all(is) {
			return false
		}
		found = true
	}
	return found
}

func unbold(lines []Line) []Line {
	lines = slices.Clone(lines)
	for i := range lines {
		lines[i].Spans = slices.Clone(lines[i].Spans)
		for j := range lines[i].Spans {
			lines[i].Spans[j].Bold, lines[i].Spans[j].Mark = false, false
		}
	}
	return lines
}

func letters(places []int) string {
	names := make([]string, len(places))
	for i, p := range places {
		names[i] = questionbank.OptionID(p)
	}
	return strings.Join(names, ", ")
}

// describe reads the fields that are the same for every type.
func (b *builder) describe() {
	c := &b.item.Content
	for field, lines := range b.Fields {
		b.place(field, lines)
	}
	c.Rationale = markdown(trim(b.Fields[Rationale])).Markdown
	c.Stimulus = markdown(trim(b.Fields[Stimulus])).Markdown
	c.Category, c.Basis, c.Title, c.Expires = b.line(Category), b.line(Basis), b.line(Title), b.line(Expires)
	b.item.Code = b.line(Code)
	c.Tags, c.DigComp = b.list(Tags), b.list(DigComp)
	b.aspect()
	b.level()
	if raw := b.line(Worth); raw != "" {
		worth, ok := micro(strings.TrimSuffix(strings.TrimSpace(strings.ToLower(raw)), " poin"))
		switch {
		case !ok && pointList.MatchString(raw):
			b.Set(Points, b.Fields[Worth]...)
		case !ok || worth <= 0:
			b.warn(Worth, fault.New(fault.Invalid, "questionbank.text.field_unreadable", "Bobot", short(raw)))
		case worth != scoring.Point:
			c.Worth = worth
		}
	}
	if raw := b.line(Unused); raw != "" {
		b.warn(Unused, fault.New(fault.Invalid, "questionbank.text.field_unused", short(raw)))
	}
}

func (b *builder) line(field string) string {
	return strings.Join(strings.Fields(plain(b.Fields[field])), " ")
}

func (b *builder) list(field string) []string {
	var all []string
	for part := range strings.FieldsFuncSeq(plain(b.Fields[field]), func(r rune) bool { return r == ',' || r == ';' || r == '\n' }) {
		if part = strings.TrimSpace(part); part != "" {
			all = append(all, part)
		}
	}
	return all
}

// aspect reads "A1", "1", "Aspek 1" or an indicator's code "A1.4".
func (b *builder) aspect() {
	raw := b.line(Aspect)
	if m := aspectCode.FindStringSubmatch(raw); m != nil {
		if a, err := scoring.ParseAspect("A" + m[1]); err == nil {
			b.item.Aspect = a
		}
	}
	if raw != "" && b.item.Aspect == scoring.Total {
		b.warn(Aspect, fault.New(fault.Invalid, "questionbank.import.aspect_unknown", short(raw)))
	}
	raw = b.line(Indicator)
	if raw == "" {
		return
	}
	code := strings.ToUpper(indicatorCode.FindString(raw))
	if _, known := questionbank.StandardFramework().Indicator(code); known {
		b.item.Content.Indicator = code
		return
	}
	b.warn(Indicator, fault.New(fault.Invalid, "questionbank.indicator_unknown", short(raw)))
}

// level reads L1 to L3, and Bloom's C1 to C6.
func (b *builder) level() {
	raw := b.line(Level)
	if raw == "" {
		return
	}
	switch m := levelCode.FindStringSubmatch(raw); {
	case m == nil:
		b.warn(Level, fault.New(fault.Invalid, "questionbank.import.level_unreadable", short(raw)))
	case strings.EqualFold(m[1], "C"):
		b.item.Content.Level = map[string]questionbank.Level{"1": questionbank.L1, "2": questionbank.L1, "3": questionbank.L2}[m[2]]
		if b.item.Content.Level == "" {
			b.item.Content.Level = questionbank.L3
		}
	case m[2] > "3":
		b.warn(Level, fault.New(fault.Invalid, "questionbank.import.level_unreadable", short(raw)))
	default:
		b.item.Content.Level = questionbank.Level("L" + m[2])
	}
}

// attach hands over the pictures that the item's texts show.
func (b *builder) attach() {
	lines := slices.Concat(b.Fields[Stimulus], b.Stem)
	for _, o := range slices.Concat(b.Options, b.Targets) {
		lines = append(lines, o.Lines...)
	}
	lines = slices.Concat(lines, b.Fields[Rationale], b.Key)
	all, files := media(pictures(lines))
	shown := b.item.Content.MediaNames()
	for _, criterion := range b.item.Content.Rubric {
		shown = append(shown, mediaIn(criterion.Guide)...)
	}
	for i, m := range all {
		if !slices.Contains(shown, m.Name) {
			b.warn("media", fault.New(fault.Invalid, "questionbank.text.picture_lost", m.Name))
			continue
		}
		b.item.Content.Media = append(b.item.Content.Media, m)
		b.item.Files = append(b.item.Files, files[i])
		if strings.TrimSpace(m.Alt) == "" {
			b.warn("media", fault.New(fault.Invalid, "questionbank.import.alt_missing", m.Name))
		}
	}
	for _, l := range lines {
		b.item.Warnings = append(b.item.Warnings, l.Notes...)
	}
}

func mediaIn(markdown string) []string {
	return questionbank.Content{Stem: markdown}.MediaNames()
}

// options is the draft's alternatives as an item has them.
func (b *builder) options(from []Option, name string) []questionbank.Option {
	out := make([]questionbank.Option, 0, len(from))
	for i, o := range from {
		b.place(questionbank.OptionField(name, i), o.Lines)
		if field := questionbank.OptionField(name, i); b.item.Places[field] == "" && o.At != "" {
			b.item.Places[field] = o.At
		}
		out = append(out, rich.Option(markdown(o.Lines)))
	}
	return out
}

// micro reads a decimal of at most six places.
func micro(s string) (scoring.Micro, bool) {
	m := decimal.FindStringSubmatch(strings.TrimSpace(s))
	if m == nil {
		return 0, false
	}
	n, err := strconv.ParseInt(m[1]+(m[2] + "000000")[:6], 10, 64)
	return scoring.Micro(n), err == nil
}
