package xlsx

import (
	"html"
	"regexp"
	"slices"
	"strings"
	"time"

	"cakap/internal/fault"
	"cakap/internal/sheet"
	"cakap/questionbank"
	"cakap/scoring"
)

// Format is this format, for questionbank.Service. It reads .csv as well.
func Format() questionbank.Format { return questionbank.Format{Name: "xlsx", Read: Read} }

// Read finds the questions of a spreadsheet, on every sheet that has a header
// we know. Of our own template only the sheet of questions is read, for the
// examples beside it are not meant.
func Read(in questionbank.Input) (questionbank.Parsed, error) {
	name, content := in.Name, in.Content
	book, err := sheet.OpenBytes(name, content, sheet.Limits{Bytes: questionbank.MaxFile})
	if err != nil {
		return questionbank.Parsed{}, err
	}
	parsed := questionbank.Parsed{Format: book.Format, Encoding: book.Encoding}
	tables, err := findTables(book)
	if err != nil {
		return questionbank.Parsed{}, err
	}
	for _, t := range tables {
		parsed.Messages = append(parsed.Messages, notices(t)...)
		items, err := readTable(t)
		if err != nil {
			return questionbank.Parsed{}, err
		}
		parsed.Items = append(parsed.Items, items...)
	}
	if len(parsed.Items) == 0 {
		parsed.Messages = append(parsed.Messages, fault.New(fault.Invalid, "questionbank.import.no_items"))
	}
	return parsed, nil
}

// findTables is the sheets with questions. The refusal of the most promising
// sheet is kept for a book where none has any.
func findTables(book *sheet.Book) ([]*sheet.Table, error) {
	var tables []*sheet.Table
	var refusal error
	for _, s := range book.Sheets() {
		if s.Hidden {
			continue
		}
		t, err := book.TableIn(s, aliases, fStem, questionbank.OptionField("option", 0)+"|"+fCorrect+"|"+fType)
		switch {
		case fault.KindOf(err) == fault.TooLarge:
			return nil, err
		case err != nil && fault.Of(err) == nil:
			return nil, err
		case err != nil:
			if refusal == nil || fault.Of(err).Key == "sheet.no_column" {
				refusal = err
			}
		case own(t) && s.Name == sheetItems:
			return []*sheet.Table{t}, nil
		default:
			tables = append(tables, t)
		}
	}
	switch {
	case len(tables) > 0:
		return tables, nil
	case refusal != nil:
		return nil, fault.New(fault.Invalid, "questionbank.import.no_header").Because(refusal)
	default:
		return nil, fault.New(fault.Invalid, "sheet.all_hidden")
	}
}

// own reports whether a table is our template's: its texts are Markdown then.
func own(t *sheet.Table) bool {
	return sheet.Title(t.HeaderTitle(fStem)) == "POKOK SOAL" && sheet.Title(t.HeaderTitle(fCode)) == "KODE BUTIR"
}

// notices says what of a table is left out.
func notices(t *sheet.Table) []*fault.Fault {
	var found []*fault.Fault
	for _, d := range t.Duplicates {
		found = append(found, fault.New(fault.Invalid, "questionbank.import.column_twice", d.Title, d.Kept).Place(d.Left))
	}
	return found
}

func readTable(t *sheet.Table) ([]questionbank.ParsedItem, error) {
	var items []questionbank.ParsedItem
	for record, err := range t.Rows() {
		if err != nil {
			return nil, err
		}
		r := row{record: record, own: own(t), kprim: t.Has(truthField(0))}
		if r.empty() {
			continue
		}
		items = append(items, r.item())
	}
	return items, nil
}

// row is one row of a sheet on its way to a question.
type row struct {
	record sheet.Record
	own    bool
	kprim  bool
	html   bool // the row was told that its tags went
	found  questionbank.ParsedItem
}

// empty reports whether the row asks nothing: sheets come with their rows
// numbered in advance, and some with the type filled in too.
func (r *row) empty() bool {
	if r.own && r.text(fCode) != "" {
		return false
	}
	for _, field := range []string{fStem, fCorrect, fStimulus, fRationale} {
		if r.text(field) != "" {
			return false
		}
	}
	for i := range questionbank.MaxOptions {
		if r.text(questionbank.OptionField("option", i)) != "" {
			return false
		}
	}
	return true
}

// text is a cell's text with its line breaks.
func (r *row) text(field string) string {
	return strings.TrimSpace(strings.ReplaceAll(r.record.Cell(field).Text, "\u00a0", " "))
}

func (r *row) reject(f *fault.Fault, field string) {
	r.found.Rejects = append(r.found.Rejects, f.On(field).Place(r.record.At(field)))
}

func (r *row) warn(f *fault.Fault, field string) {
	r.found.Warnings = append(r.found.Warnings, f.On(field).Place(r.record.At(field)))
}

// item reads the whole row. What cannot be read is said and the rest read all
// the same, so that one upload tells of every fault.
func (r *row) item() questionbank.ParsedItem {
	r.found = questionbank.ParsedItem{At: r.record.At(fStem), Code: r.text(fCode), Places: map[string]string{}}
	for field := range aliases {
		r.found.Places[field] = r.record.At(field)
	}
	r.found.Places["options"] = r.record.At(questionbank.OptionField("option", 0))
	c := questionbank.Content{
		Stem: r.markdown(fStem), Stimulus: r.markdown(fStimulus), Rationale: r.markdown(fRationale), Basis: r.text(fBasis),
		Level: r.level(), Indicator: r.indicator(), Expires: r.expires(), DigComp: strings.FieldsFunc(r.text(fDigComp), separator),
	}
	if len(c.DigComp) == 0 {
		c.DigComp = nil
	}
	options := r.options()
	r.found.Type = r.typeOf(options)
	c.Type = questionbank.Type(r.found.Type)
	if slices.Contains(questionbank.Types[:], c.Type) {
		c.Interactions = []questionbank.Interaction{r.interaction(c.Type, options)}
	} else {
		r.reject(fault.New(fault.Unsupported, "questionbank.import.type_unsupported", unsupportedNames[r.found.Type]), fType)
	}
	r.media()
	r.found.Content = c
	return r.found
}

func separator(r rune) bool { return r == ',' || r == ';' || r == ' ' || r == '\n' }

// markdown is a cell as Markdown: of our template as it stands, of another
// sheet with everything escaped that Markdown would take for a mark.
func (r *row) markdown(field string) string {
	text := r.plain(field)
	if r.own {
		return text
	}
	return questionbank.Markdown(text)
}

var (
	htmlStart = regexp.MustCompile(`(?i)^\s*<(p|div|span|b|strong)\b[^>]*>`)
	htmlBreak = regexp.MustCompile(`(?i)<br\s*/?>|</p>\s*<p[^>]*>`)
	htmlTag   = regexp.MustCompile(`(?i)</?(p|div|span|br|b|strong|i|em|u)(\s[^>]*)?/?>`)
)

// plain is a cell as text. A cell that begins with a paragraph tag was meant
// as HTML by the program it comes from: its simplest tags go, with a word.
// Any other "<" is what the author asks about.
func (r *row) plain(field string) string {
	text := r.text(field)
	if r.own || !htmlStart.MatchString(text) {
		return text
	}
	if !r.html {
		r.warn(fault.New(fault.Invalid, "questionbank.import.html_removed"), field)
	}
	r.html = true
	return strings.TrimSpace(html.UnescapeString(htmlTag.ReplaceAllString(htmlBreak.ReplaceAllString(text, "\n"), "")))
}

func (r *row) level() questionbank.Level {
	raw := strings.ToUpper(strings.ReplaceAll(r.text(fLevel), " ", ""))
	for _, l := range questionbank.Levels {
		if raw == string(l) || raw == strings.TrimPrefix(string(l), "L") || strings.HasPrefix(raw, string(l)+"(") || strings.HasPrefix(raw, string(l)+"-") {
			return l
		}
	}
	if raw != "" {
		r.warn(fault.New(fault.Invalid, "questionbank.import.level_unreadable", r.text(fLevel)), fLevel)
	}
	return ""
}

var indicatorCode = regexp.MustCompile(`^(?i)(A[1-4])\s*[.\-]\s*(\d{1,2})\b`)

// indicator reads "A1.4 Berkomunikasi lewat surel …" by its code. Where aspect
// and indicator disagree nothing is guessed.
func (r *row) indicator() string {
	raw, aspect := r.text(fIndicator), r.aspect()
	r.found.Aspect = aspect
	if raw == "" {
		if aspect != scoring.Total && r.own {
			r.reject(fault.New(fault.Invalid, "questionbank.indicator_empty"), fIndicator)
		}
		return ""
	}
	m := indicatorCode.FindStringSubmatch(raw)
	if m == nil {
		if r.own {
			r.reject(fault.New(fault.Invalid, "questionbank.indicator_unknown", raw), fIndicator)
		}
		return ""
	}
	code := strings.ToUpper(m[1]) + "." + m[2]
	if _, known := questionbank.StandardFramework().Indicator(code); !known {
		r.reject(fault.New(fault.Invalid, "questionbank.indicator_unknown", raw), fIndicator)
		return ""
	}
	if aspect != scoring.Total && questionbank.AspectOf(code) != aspect {
		r.reject(fault.New(fault.Invalid, "questionbank.import.aspect_differs", code, aspect.Code()), fIndicator)
	}
	return code
}

var aspectCode = regexp.MustCompile(`^(?i)A?([1-4])(\b|\s|$)`)

// aspect reads "A1 …" or the name of an aspect. Other sheets keep chapters and
// topics in that column, which say nothing.
func (r *row) aspect() scoring.Aspect {
	raw := r.text(fAspect)
	if m := aspectCode.FindStringSubmatch(raw); m != nil && (r.own || strings.HasPrefix(strings.ToUpper(raw), "A")) {
		return scoring.Aspect(m[1][0] - '0')
	}
	for _, a := range scoring.Aspects {
		if strings.EqualFold(raw, questionbank.StandardFramework().AspectName(a)) {
			return a
		}
	}
	if r.own && raw != "" {
		r.reject(fault.New(fault.Invalid, "questionbank.import.aspect_unknown", raw), fAspect)
	}
	return scoring.Total
}

func (r *row) expires() string {
	raw := r.text(fExpires)
	if raw == "" {
		return ""
	}
	day, ok := r.record.Cell(fExpires).Date()
	if !ok {
		r.reject(fault.New(fault.Invalid, "questionbank.expires_unreadable", raw), fExpires)
		return ""
	}
	return day.Format(time.DateOnly)
}

// options is the row's options up to the last that is filled.
func (r *row) options() []questionbank.Option {
	options := make([]questionbank.Option, questionbank.MaxOptions)
	last := 0
	for i := range options {
		options[i].Text = r.plain(questionbank.OptionField("option", i))
		options[i].Reason = r.text(questionbank.OptionField("reason", i))
		if options[i].Text != "" || options[i].Reason != "" {
			last = i + 1
		}
	}
	options = options[:last]
	if !r.own {
		unmark(options)
	}
	return options
}

// unmark takes the letters off options that carry their own "A.".
func unmark(options []questionbank.Option) {
	for i, o := range options {
		m := optionMark.FindStringSubmatch(o.Text)
		if m == nil || !strings.EqualFold(m[1], questionbank.OptionID(i)) {
			return // not all of them: then it belongs to the text
		}
	}
	for i := range options {
		options[i].Text = optionMark.ReplaceAllString(options[i].Text, "")
	}
}

// media warns of pictures and sounds, which a sheet names but cannot carry.
func (r *row) media() {
	for _, field := range mediaFields {
		if name := r.text(field); name != "" {
			r.warn(fault.New(fault.Invalid, "questionbank.import.media_missing", name), field)
		}
	}
}

var mediaFields = []string{"media_1", "media_2", "media_a", "media_b", "media_c", "media_d", "media_e", "media_f"}
