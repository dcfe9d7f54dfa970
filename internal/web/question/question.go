// Package question shows an item as its participant sees it: on the take page,
// and to authors and reviewers who look at it beforehand. The templates of its
// parts are in the layout of the kit.
package question

import (
	"fmt"
	"html/template"
	"slices"
	"strings"
	"sync"

	"cakap/assessment"
	"cakap/internal/web/kit"
	"cakap/questionbank"
)

// Item is what is shown.
type Item struct {
	N        int // its number on the page; begins the ids of its fields
	Delivery questionbank.Delivery
	Values   []string  // the answer so far, one a part; nil for none
	Known    *sync.Map // texts rendered before; nil keeps none
	Key      any       // names the revision in Known
}

// View is an item on a page.
type View struct {
	Stimulus template.HTML
	Stem     template.HTML
	Below    bool // the stem stands below the heading: it has blocks, pictures or gaps
	Note     string
	Parts    []Part // but those within the stem
	Several  bool   // the item has several parts
}

// Show makes the view of an item.
func Show(item Item) (View, error) {
	parts := item.Delivery.Parts
	for len(item.Values) < len(parts) {
		item.Values = append(item.Values, "")
	}
	a := asking{Item: item, view: &View{Several: len(parts) > 1}}
	if len(parts) == 1 {
		a.view.Note = noteOf(parts[0])
	}
	err := a.fill()
	return *a.view, err
}

// Part is one place of a question that takes an answer.
type Part struct {
	Kind    questionbank.Kind
	I       int    // counted from 0
	ID      string // "q3", "q3p2": begins the ids within it
	Field   string // name of its form field
	Prompt  template.HTML
	Many    bool
	Options []Option // of a choice, or areas
	Rows    []Row    // of pairs and orders
	Targets []Option // listed above the rows, where they hold more than plain text
	Picture template.HTML
	Value   string // of a text
	Lines   int
	Limit   int
}

// Row is an entry with what may be chosen for it.
type Row struct {
	ID, Field string
	Letter    string
	Text      template.HTML
	Options   []Option
}

// Option is what may be chosen.
type Option struct {
	Letter string
	Shown  string // in its place, where that is something else
	Text   string
	HTML   template.HTML // where there is more than text
	Chosen bool
}

func letter(place int) string { return string(rune('A' + place)) }

// notes say how an answer of a kind is given.
var notes = map[questionbank.Kind]string{
	questionbank.PairsKind:   "Pilih satu pasangan untuk setiap baris.",
	questionbank.OrderKind:   "Beri setiap baris nomor urut; 1 adalah yang pertama.",
	questionbank.HotspotKind: "Pilih daerah pada gambar, atau nomornya di bawah gambar.",
}

func noteOf(d questionbank.DeliveryPart) string {
	switch {
	case d.Kind == questionbank.PairsKind && d.Many:
		return "Centang semua yang sesuai pada setiap baris."
	case d.Max > 0 && d.Many:
		return fmt.Sprintf("Pilih paling banyak %d.", d.Max)
	}
	return notes[d.Kind]
}

type asking struct {
	Item
	view *View
}

func (a asking) fill() (err error) {
	v, d := a.view, a.Delivery
	if v.Stimulus, err = a.text(d.Stimulus); err != nil {
		return err
	}
	if v.Stem, err = a.text(questionbank.HoldGaps(d.Stem)); err != nil {
		return err
	}
	inStem := map[int]bool{}
	v.Stem = template.HTML(questionbank.FillGaps(string(v.Stem), func(i int) string { //nolint:gosec // sanitised Markdown, and controls that a template made
		if i >= len(d.Parts) || inStem[i] { // an author's draft may lack what its stem promises
			return fmt.Sprintf("<b>(%d)</b>", i+1)
		}
		control, ok := gap(i, d.Parts[i], a.Values[i])
		if !ok {
			return fmt.Sprintf("<b>(%d)</b>", i+1)
		}
		inStem[i], v.Below = true, true
		return control
	}))
	v.Below = v.Below || blocks(v.Stem)
	for i, p := range d.Parts {
		if inStem[i] {
			continue
		}
		shown, err := a.part(i, p, a.Values[i])
		if err != nil {
			return err
		}
		v.Parts = append(v.Parts, shown)
	}
	return nil
}

// blocks reports whether a text cannot stand in a heading.
func blocks(text template.HTML) bool {
	return slices.ContainsFunc([]string{"<p", "<ul", "<ol", "<table", "<blockquote", "<img", "<audio", "<video"}, func(tag string) bool {
		return strings.Contains(string(text), tag)
	})
}

type textKey struct {
	item   any
	source string
}

// text is the HTML of one of the item's texts, made once per revision.
func (a asking) text(source string) (template.HTML, error) {
	if source == "" {
		return "", nil
	}
	key := textKey{a.Key, source}
	if a.Known != nil {
		if known, ok := a.Known.Load(key); ok {
			if text, ok := known.(template.HTML); ok {
				return text, nil
			}
		}
	}
	text, err := kit.MarkdownMedia(source, a.Delivery.Media)
	if err != nil {
		return "", fmt.Errorf("render item: %w", err)
	}
	if a.Known != nil {
		a.Known.Store(key, text)
	}
	return text, nil
}

func (a asking) option(place int, o questionbank.DeliveryOption, value string) (Option, error) {
	out := Option{Letter: letter(place), Text: o.Text, Chosen: strings.Contains(value, letter(place))}
	if !o.Rich {
		return out, nil
	}
	var err error
	out.HTML, err = a.text(o.Text)
	out.Text = questionbank.Plain(o.Text)
	return out, err
}

func (a asking) options(all []questionbank.DeliveryOption, value string) ([]Option, error) {
	shown := make([]Option, len(all))
	for i, o := range all {
		var err error
		if shown[i], err = a.option(i, o, value); err != nil {
			return nil, err
		}
	}
	return shown, nil
}

func (a asking) part(i int, d questionbank.DeliveryPart, value string) (p Part, err error) {
	p = Part{Kind: d.Kind, I: i, ID: fmt.Sprintf("q%d", a.N), Field: Field(i), Many: d.Many, Value: value, Lines: min(max(d.Lines, 6), 20)}
	if i > 0 {
		p.ID = fmt.Sprintf("q%dp%d", a.N, i+1)
	}
	if p.Prompt, err = a.text(d.Prompt); err != nil {
		return p, err
	}
	if p.Prompt == "" && a.view.Several {
		p.Prompt = template.HTML(fmt.Sprintf("Bagian %d", i+1)) //nolint:gosec // a number
	}
	switch d.Kind {
	case questionbank.TextKind, questionbank.NumberKind:
		p.Limit = assessment.MaxLine
	case questionbank.EssayKind:
		p.Limit = assessment.MaxEssay
	case questionbank.OrderKind, questionbank.PairsKind:
		return p, a.rows(&p, d, value)
	case questionbank.HotspotKind:
		p.Picture = a.areas(d.Image, d.Options, p.ID)
		for place := range d.Options {
			o := Option{Letter: letter(place), Shown: fmt.Sprint(place + 1), Text: fmt.Sprintf("Daerah %d", place+1), Chosen: strings.Contains(value, letter(place))}
			p.Options = append(p.Options, o)
		}
	default: // a gap that no stem holds is a choice like another
		p.Kind = questionbank.ChoiceKind
		p.Options, err = a.options(d.Options, value)
	}
	return p, err
}

// rows fills the lines of pairs and orders.
func (a asking) rows(p *Part, d questionbank.DeliveryPart, value string) error {
	var targets []Option
	switch {
	case d.Kind == questionbank.OrderKind:
		for i := range d.Options {
			targets = append(targets, Option{Letter: fmt.Sprint(i + 1), Text: fmt.Sprint(i + 1)})
		}
	case d.Image != "":
		p.Picture = a.areas(d.Image, d.Targets, "")
		for i := range d.Targets {
			targets = append(targets, Option{Letter: letter(i), Text: fmt.Sprintf("Daerah %d", i+1)})
		}
	default:
		var err error
		if targets, err = a.options(d.Targets, ""); err != nil {
			return err
		}
		if slices.ContainsFunc(targets, func(o Option) bool { return o.HTML != "" }) {
			p.Targets = targets
		}
	}
	for i, o := range d.Options {
		text, err := a.option(i, o, "")
		if err != nil {
			return err
		}
		r := Row{ID: fmt.Sprintf("%sr%d", p.ID, i+1), Field: RowField(p.I, i), Letter: letter(i), Text: text.HTML, Options: slices.Clone(targets)}
		if r.Text == "" {
			r.Text = template.HTML(template.HTMLEscapeString(text.Text)) //nolint:gosec // escaped
		}
		chosen := assessment.TargetsOf(value, i)
		if d.Kind == questionbank.OrderKind {
			chosen = fmt.Sprint(assessment.Place(value, i))
		}
		for n := range r.Options {
			t := &r.Options[n]
			t.Chosen = t.Letter == chosen || d.Kind == questionbank.PairsKind && strings.Contains(chosen, t.Letter)
		}
		p.Rows = append(p.Rows, r)
	}
	return nil
}
