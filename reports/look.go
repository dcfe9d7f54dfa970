package reports

import (
	"cakap/scoring"

	"github.com/xuri/excelize/v2"
)

// Colours of the workbook. Levels take the tokens of the design language
// (light theme), from orange over cream to blue; their names always stand
// beside them, for a black-and-white printer.
const (
	navy  = "#12355B"
	ink   = "#1B1B18"
	grey  = "#5E5C55"
	line  = "#C9D1DA"
	paleB = "#EAF1F6"
	white = "#FFFFFF"
	mist  = "#F2F2F2"
)

var tokens = map[string]string{"v1": "#F0BD92", "v2": "#F7DFC4", "v3": "#F1ECE0", "v4": "#C9E0E5", "v5": "#97C3CF"}

// levelColour is the fill of a level of the scheme, white for one it lacks.
func levelColour(scheme scoring.Scheme, level int) string {
	band, _ := scheme.Band(level)
	if c, ok := tokens[band.Colour]; ok {
		return c
	}
	return white
}

// Number formats.
const (
	asText    = "@"
	asScore   = "0.0"
	asDate    = "dd-mm-yyyy"
	asPercent = "0%"
	asCount   = "#,##0"
)

// look is a cell style; equal looks share one style of the workbook.
type look struct {
	size      float64 // 0 is 10
	bold      bool
	italic    bool
	underline bool
	colour    string // of the text
	fill      string
	format    string
	align     string // left, center, right
	top       bool   // aligned to the top instead of the middle
	wrap      bool
	indent    int
	edge      edge
}

type edge int

const (
	noEdge edge = iota
	thin        // all four sides
	below       // a thin line under the cell
	double      // a double line under the cell
)

// style registers a look. The first error is kept and ends the workbook.
func (b *book) style(l look) int {
	if id, ok := b.styles[l]; ok {
		return id
	}
	size, colour := l.size, l.colour
	if size == 0 {
		size = 10
	}
	if colour == "" {
		colour = ink
	}
	font := &excelize.Font{Family: "Calibri", Size: size, Bold: l.bold, Italic: l.italic, Color: colour}
	if l.underline {
		font.Underline = "single"
	}
	style := &excelize.Style{
		Font:      font,
		Alignment: &excelize.Alignment{Horizontal: l.align, Vertical: "center", WrapText: l.wrap, Indent: l.indent},
		Border:    l.edge.borders(),
	}
	if l.top {
		style.Alignment.Vertical = "top"
	}
	if l.fill != "" {
		style.Fill = excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{l.fill}}
	}
	if l.format == asText {
		style.NumFmt = 49
	} else if l.format != "" {
		style.CustomNumFmt = &l.format
	}
	id, err := b.f.NewStyle(style)
	b.fail(err)
	b.styles[l] = id
	return id
}

func (e edge) borders() []excelize.Border {
	switch e {
	case thin:
		var all []excelize.Border
		for _, side := range []string{"left", "top", "right", "bottom"} {
			all = append(all, excelize.Border{Type: side, Color: line, Style: 1})
		}
		return all
	case below:
		return []excelize.Border{{Type: "bottom", Color: line, Style: 1}}
	case double:
		return []excelize.Border{{Type: "bottom", Color: ink, Style: 6}}
	default:
		return nil
	}
}

// Looks of tables.
var (
	lookTitle   = look{size: 14, bold: true, colour: navy}
	lookSub     = look{size: 9, colour: grey}
	lookSection = look{size: 12, bold: true, colour: navy}
	lookHead    = look{bold: true, colour: white, fill: navy, align: "center", wrap: true, edge: thin}
	lookText    = look{format: asText, wrap: true, edge: thin}
	lookMiddle  = look{format: asText, wrap: true, edge: thin, align: "center"}
	lookNIP     = look{format: asText, edge: thin}
	lookNo      = look{format: asCount, edge: thin, align: "center", colour: grey}
	lookCount   = look{format: asCount, edge: thin, align: "right", indent: 1}
	lookScore   = look{format: asScore, edge: thin, align: "center"}
	lookError   = look{format: asScore, edge: thin, align: "center", colour: grey}
	lookDate    = look{format: asDate, edge: thin, align: "center"}
	lookShare   = look{format: asPercent, edge: thin, align: "center"}
	lookHeld    = look{format: asText, wrap: true, edge: thin, italic: true, colour: grey, align: "center"}
	lookBlank   = look{format: asText, edge: thin}
)

func (l look) sized(size float64) look { l.size = size; return l }
func (l look) strong() look            { l.bold = true; return l }
func (l look) filled(c string) look    { l.fill = c; return l }
func (l look) indented(n int) look     { l.indent = n; return l }
func (l look) with(format string) look { l.format = format; return l }
