package question

import (
	"fmt"
	"html/template"
	"strings"

	"cakap/assessment"
	"cakap/internal/web/kit"
	"cakap/questionbank"
)

// missingPicture stands where an item names a picture that it does not have.
const missingPicture = template.HTML(`<p class="mut">[Gambar tidak tersedia]</p>`)

// areas is a picture with numbered areas over it. An area leads to the control
// of its number, which stands below and works without any of this.
func (a asking) areas(image string, areas []questionbank.DeliveryOption, id string) template.HTML {
	m, ok := a.Delivery.Medium(image)
	if !ok || m.SHA256 == "" {
		return missingPicture
	}
	if m.Width < 1 || m.Height < 1 { // nobody knows where the areas are
		return kit.Media(m)
	}
	var shapes, numbers strings.Builder
	for i, o := range areas {
		if o.Shape == nil {
			continue
		}
		control := ""
		if id != "" {
			control = fmt.Sprintf(` data-for="%s%s"`, id, letter(i))
		}
		drawn, x, y := drawing(*o.Shape, control)
		shapes.WriteString(drawn)
		fmt.Fprintf(&numbers, `<circle cx="%.1f%%" cy="%.1f%%" r="11"/><text x="%.1f%%" y="%.1f%%">%d</text>`,
			100*x/float64(m.Width), 100*y/float64(m.Height), 100*x/float64(m.Width), 100*y/float64(m.Height), i+1)
	}
	return template.HTML(fmt.Sprintf( //nolint:gosec // numbers, ids of ours and an escaped picture
		`<div class="map">%s<svg aria-hidden="true"><svg viewBox="0 0 %d %d" preserveAspectRatio="none" width="100%%" height="100%%">%s</svg>%s</svg></div>`,
		kit.Media(m), m.Width, m.Height, shapes.String(), numbers.String()))
}

// drawing is a shape in the picture's own pixels, and where its number goes.
func drawing(s questionbank.Shape, control string) (svg string, x, y float64) {
	c := make([]float64, max(len(s.Coords), 4))
	for i, v := range s.Coords {
		c[i] = float64(v)
	}
	switch s.Form {
	case "rect":
		left, top, wide, high := min(c[0], c[2]), min(c[1], c[3]), max(c[0], c[2])-min(c[0], c[2]), max(c[1], c[3])-min(c[1], c[3])
		return fmt.Sprintf(`<rect x="%g" y="%g" width="%g" height="%g"%s/>`, left, top, wide, high, control), left + wide/2, top + high/2
	case "circle":
		return fmt.Sprintf(`<circle cx="%g" cy="%g" r="%g"%s/>`, c[0], c[1], max(c[2], 0), control), c[0], c[1]
	case "ellipse":
		return fmt.Sprintf(`<ellipse cx="%g" cy="%g" rx="%g" ry="%g"%s/>`, c[0], c[1], max(c[2], 0), max(c[3], 0), control), c[0], c[1]
	}
	points := make([]string, 0, len(s.Coords)/2)
	for i := 0; i+1 < len(s.Coords); i += 2 {
		points = append(points, fmt.Sprintf("%g,%g", c[i], c[i+1]))
		x, y = x+c[i], y+c[i+1]
	}
	if n := float64(len(points)); n > 0 {
		x, y = x/n, y/n
	}
	return fmt.Sprintf(`<polygon points="%s"%s/>`, strings.Join(points, " "), control), x, y
}

// gaps are the controls within a sentence.
var gaps = template.Must(template.New("gap").Parse(
	`{{define "inline"}}<select class="in gap" name="{{.Field}}" data-part="text" data-i="{{.I}}" aria-label="Isian {{.No}}" autocomplete="off"><option value="">…</option>` +
		`{{range .Options}}<option value="{{.Letter}}"{{if .Chosen}} selected{{end}}>{{.Text}}</option>{{end}}</select>{{end}}` +
		`{{define "text"}}<input class="in gap" name="{{.Field}}" value="{{.Value}}" data-part="text" data-i="{{.I}}" aria-label="Isian {{.No}}" maxlength="{{.Limit}}"` +
		`{{if .Number}} inputmode="decimal"{{end}} autocomplete="off" autocapitalize="off" spellcheck="false">{{end}}`))

type gapView struct {
	Field, Value string
	I, No, Limit int
	Number       bool
	Options      []Option
}

// gap is the control of a part within the stem, false for a part that is too
// large for a sentence.
func gap(i int, d questionbank.DeliveryPart, value string) (string, bool) {
	v := gapView{Field: Field(i), Value: value, I: i, No: i + 1, Limit: assessment.MaxLine, Number: d.Kind == questionbank.NumberKind}
	name := "text"
	switch {
	case d.Kind == questionbank.TextKind, d.Kind == questionbank.NumberKind:
	case d.Kind == questionbank.InlineKind && !d.Many:
		name = "inline"
		for place, o := range d.Options {
			text := o.Text
			if o.Rich {
				text = questionbank.Plain(text)
			}
			v.Options = append(v.Options, Option{Letter: letter(place), Text: text, Chosen: value == letter(place)})
		}
	default:
		return "", false
	}
	var b strings.Builder
	if err := gaps.ExecuteTemplate(&b, name, v); err != nil {
		return "", false
	}
	return b.String(), true
}
