package docx

import (
	"encoding/xml"
	"strconv"
	"strings"

	"cakap/internal/fault"
	"cakap/questionbank/format/text"
)

// para is a paragraph while it is read.
type para struct {
	lines []text.Line // finished by line breaks
	line  text.Line
	boxes []block // text boxes, which go below
	notes []*fault.Fault
	num   string
	level string
	style string
}

// paragraph is the lines of a paragraph: Word's line breaks often stand between
// options.
func (r *reader) paragraph() ([]text.Line, error) {
	p := &para{line: text.Line{At: r.at}}
	if err := r.each(func(e xml.StartElement) error { return r.inline(p, e) }); err != nil {
		return nil, err
	}
	p.lines = append(p.lines, p.line)
	p.lines[0].Label = r.doc.counters.label(p.num, p.level, p.style)
	for i := range p.lines {
		p.lines[i].Soft = i > 0
	}
	p.lines[0].Notes = append(p.lines[0].Notes, p.notes...)
	return append(p.lines, flat(p.boxes)...), nil
}

func (p *para) text(s string, style text.Span) {
	if s == "" {
		return
	}
	style.Text = s
	p.line.Spans = append(p.line.Spans, style)
}

func (p *para) lineBreak() {
	p.lines = append(p.lines, p.line)
	p.line = text.Line{At: p.line.At}
}

// lost notes once what cannot be shown.
func (r *reader) lost(p *para, key string, args ...any) {
	f := r.note(key, args...)
	for _, n := range p.notes {
		if n.Error() == f.Error() {
			return
		}
	}
	p.notes = append(p.notes, f)
}

// inline reads what stands in a paragraph.
func (r *reader) inline(p *para, e xml.StartElement) error {
	switch {
	case e.Name.Local == "pPr":
		return r.properties(p)
	case e.Name.Local == "r":
		return r.run(p)
	case e.Name.Local == "oMath", e.Name.Local == "oMathPara":
		linear, err := r.math()
		p.text(linear, text.Span{})
		r.lost(p, "questionbank.docx.equation")
		return err
	case wrapper[e.Name.Local]:
		return r.each(func(e xml.StartElement) error { return r.inline(p, e) })
	}
	return r.skip()
}

func (r *reader) properties(p *para) error {
	return r.each(func(e xml.StartElement) error {
		switch e.Name.Local {
		case "pStyle":
			p.style = attr(e, "val")
		case "numPr":
			return r.each(func(e xml.StartElement) error {
				switch e.Name.Local {
				case "numId":
					p.num = attr(e, "val")
				case "ilvl":
					p.level = attr(e, "val")
				}
				return r.skip()
			})
		}
		return r.skip()
	})
}

// run reads text of one style.
func (r *reader) run(p *para) error {
	var style runStyle
	return r.each(func(e xml.StartElement) error { return r.inRun(p, &style, e) })
}

type runStyle struct {
	text.Span
	hidden bool
}

func (r *reader) inRun(p *para, style *runStyle, e xml.StartElement) error {
	switch e.Name.Local {
	case "rPr":
		return r.runStyle(p, style)
	case "t":
		s, err := r.chars()
		if style.hidden && strings.TrimSpace(s) != "" {
			r.lost(p, "questionbank.docx.hidden")
			return err
		}
		p.text(s, style.Span)
		return err
	case "tab", "ptab":
		p.text("\t", style.Span)
	case "br", "cr":
		if kind := attr(e, "type"); kind == "" || kind == "textWrapping" {
			p.lineBreak()
		}
	case "noBreakHyphen":
		p.text("-", style.Span)
	case "sym":
		p.text(symbol(attr(e, "font"), attr(e, "char")), style.Span)
	case "footnoteReference", "endnoteReference":
		r.lost(p, "questionbank.docx.footnote")
	case "drawing", "pict", "object":
		return r.graphic(p, e)
	case "AlternateContent", "Choice", "ruby", "rubyBase", "r":
		return r.each(func(e xml.StartElement) error { return r.inRun(p, style, e) })
	}
	return r.skip()
}

func (r *reader) runStyle(p *para, style *runStyle) error {
	return r.each(func(e xml.StartElement) error {
		on := attr(e, "val") != "0" && attr(e, "val") != "false" && attr(e, "val") != "none"
		switch e.Name.Local {
		case "b":
			style.Bold = on
		case "i":
			style.Italic = on
		case "u":
			if on {
				style.Italic = true
				r.lost(p, "questionbank.docx.underline")
			}
		case "strike", "dstrike":
			if on {
				r.lost(p, "questionbank.docx.strike")
			}
		case "vanish":
			style.hidden = on
		case "highlight":
			style.Mark = style.Mark || on
		case "color":
			style.Mark = style.Mark || reddish(attr(e, "val"))
		case "vertAlign":
			style.Script = map[string]int{"superscript": 1, "subscript": -1}[attr(e, "val")]
		}
		return r.skip()
	})
}

// reddish reports the colours that authors mark right answers with.
func reddish(hex string) bool {
	n, err := strconv.ParseUint(hex, 16, 32)
	if err != nil || len(hex) != 6 {
		return false
	}
	red, green, blue := n>>16, n>>8&0xff, n&0xff
	return red >= 0xb0 && green <= 0x50 && blue <= 0x50
}

// symbol is a character of the fonts that hold check marks and bullets.
func symbol(font, char string) string {
	n, err := strconv.ParseUint(char, 16, 32)
	if err != nil {
		return ""
	}
	code := n & 0xff
	switch {
	case strings.EqualFold(font, "Wingdings 2") && (code == 0x50 || code == 0x52), strings.EqualFold(font, "Wingdings") && (code == 0xfc || code == 0xfe):
		return "✓"
	case strings.EqualFold(font, "Wingdings") && code == 0xe0, strings.EqualFold(font, "Symbol") && code == 0xae:
		return "→"
	case strings.EqualFold(font, "Symbol"):
		return symbols[code]
	case n < 0xf000:
		return string(rune(n))
	}
	return "•"
}

// symbols is what of the font Symbol texts about numbers use.
var symbols = map[uint64]string{
	0x61: "α", 0x62: "β", 0x67: "γ", 0x64: "δ", 0x70: "π", 0x71: "θ", 0x6c: "λ", 0x6d: "μ", 0x73: "σ", 0x77: "ω", 0x44: "Δ", 0x53: "Σ", 0x57: "Ω",
	0xb0: "°", 0xb1: "±", 0xb4: "×", 0xb8: "÷", 0xa3: "≤", 0xb3: "≥", 0xb9: "≠", 0xbb: "≈", 0xa5: "∞", 0xd6: "√", 0xb7: "•", 0x2d: "−",
}

// graphic reads pictures and text boxes, of DrawingML and of old VML.
func (r *reader) graphic(p *para, e xml.StartElement) error {
	alt, shown := "", false
	var visit func(e xml.StartElement) error
	visit = func(e xml.StartElement) error {
		switch e.Name.Local {
		case "docPr":
			alt = describe(attr(e, "descr"), attr(e, "title"))
		case "shape", "rect":
			if a := describe(attr(e, "alt"), attr(e, "title")); a != "" {
				alt = a
			}
		case "blip", "imagedata":
			id := attr(e, "embed")
			if id == "" && e.Name.Local == "imagedata" {
				id = attr(e, "id")
			}
			if id == "" {
				id = attr(e, "link")
			}
			shown = r.picture(p, id, alt) || shown
			return r.skip()
		case "txbxContent":
			shown = true
			r.inCell++ // what stands in a box is no paragraph of the body
			blocks, err := r.flow()
			r.inCell--
			p.boxes = append(p.boxes, blocks...)
			return err
		case "Fallback":
			return r.skip()
		case "chart", "relIds":
			shown = true
			r.lost(p, "questionbank.docx.lost", e.Name.Local)
		case "OLEObject":
			if strings.HasPrefix(attr(e, "ProgID"), "Equation") {
				shown = true
				r.lost(p, "questionbank.docx.old_equation")
			}
		}
		return r.each(visit)
	}
	name := e.Name.Local
	err := r.each(visit)
	if !shown {
		r.lost(p, "questionbank.docx.lost", name)
	}
	return err
}

// machineMade is what Word's own description of a picture ends with.
const machineMade = "Description automatically generated"

func describe(descr, title string) string {
	for _, s := range [...]string{descr, title} {
		s = strings.Join(strings.Fields(strings.ReplaceAll(s, machineMade, "")), " ")
		if s != "" {
			return strings.NewReplacer("[", "(", "]", ")").Replace(s)
		}
	}
	return ""
}

// picture shows the file of a relationship; true also where it says why not.
func (r *reader) picture(p *para, id, alt string) bool {
	if id == "" {
		return false
	}
	pic, why := r.doc.picture(id)
	if why != "" {
		r.lost(p, why, name(r.doc.rels[id].target))
		if alt != "" {
			p.text(alt, text.Span{})
		}
		return true
	}
	shown := *pic
	shown.Alt = alt
	p.line.Spans = append(p.line.Spans, text.Span{Picture: &shown})
	return true
}

// name is a file's without its folders, short enough for a message.
func name(target string) string {
	target = target[strings.LastIndexByte(target, '/')+1:]
	if r := []rune(target); len(r) > 60 {
		target = string(r[:60]) + "…"
	}
	return target
}
