package qtiexport

import (
	"net/url"
	"strconv"
	"strings"

	"cakap/questionbank"
	"cakap/questionbank/format/rich"
)

// interaction is part i as an element; prompt is what stands in it above the
// answer.
func (w *writer) interaction(i int, prompt []*node) *node {
	in := w.c.Interactions[i]
	var n *node
	switch in.Kind {
	case questionbank.InlineKind:
		n = w.inlineChoice(in)
	case questionbank.TextKind, questionbank.NumberKind:
		n = el("textEntryInteraction")
		if in.Lines > 0 {
			n.with("expectedLength", strconv.Itoa(in.Lines))
		}
	case questionbank.PairsKind:
		n = w.pairs(in, prompt)
	case questionbank.OrderKind:
		n = w.choices("orderInteraction", in, prompt)
	case questionbank.HotspotKind:
		n = w.hotspot(in, prompt)
	case questionbank.EssayKind:
		n = el("extendedTextInteraction").add(prompted(prompt)...)
		if in.Lines > 0 {
			n.with("expectedLines", strconv.Itoa(in.Lines))
		}
	default:
		n = w.choices("choiceInteraction", in, prompt)
		limits(n, in)
	}
	n.attrs = append([]attr{{"responseIdentifier", w.ids[i]}}, n.attrs...)
	return n
}

func prompted(prompt []*node) []*node {
	if len(prompt) == 0 {
		return nil
	}
	return []*node{el("prompt", prompt...)}
}

// limits says how many may be chosen; 0 is any number.
func limits(n *node, in questionbank.Interaction) {
	most := 1
	if in.Many {
		most = in.Max
	}
	n.with("maxChoices", strconv.Itoa(most))
	if in.Min > 0 {
		n.with("minChoices", strconv.Itoa(in.Min))
	}
}

func (w *writer) choices(name string, in questionbank.Interaction, prompt []*node) *node {
	n := el(name).with("shuffle", strconv.FormatBool(in.Shuffle)).add(prompted(prompt)...)
	ids := identifiers(in.Options, "")
	for i, o := range in.Options {
		choice := el("simpleChoice", w.option(o)...).with("identifier", ids[i])
		if o.Fixed {
			choice.with("fixed", "true")
		}
		n.add(choice)
	}
	return n
}

func (w *writer) option(o questionbank.Option) []*node {
	return w.markup(rich.OptionMarkdown(o), nil)
}

// inlineChoice holds plain text only.
func (w *writer) inlineChoice(in questionbank.Interaction) *node {
	n := el("inlineChoiceInteraction").with("shuffle", strconv.FormatBool(in.Shuffle))
	ids := identifiers(in.Options, "")
	for i, o := range in.Options {
		plain := o.Text
		if o.Rich {
			plain = questionbank.Plain(o.Text)
			w.lose("questionbank.qtiexport.marks")
		}
		choice := el("inlineChoice", text(plain)).with("identifier", ids[i])
		if o.Fixed {
			choice.with("fixed", "true")
		}
		n.add(choice)
	}
	return n
}

// pairs is a table of rows and targets, or labels for the areas of a picture.
func (w *writer) pairs(in questionbank.Interaction, prompt []*node) *node {
	if in.Image != "" && w.dialect == v30 {
		return w.labels(in, prompt)
	}
	if in.Image != "" {
		w.lose("questionbank.qtiexport.labels")
		prompt = append(prompt, text(" "), w.medium(in.Image, ""))
	}
	rows, targets := pairIDs(in)
	n := el("matchInteraction").with("shuffle", strconv.FormatBool(in.Shuffle), "maxAssociations", "0").add(prompted(prompt)...)
	each := "1"
	if in.Many {
		each = "0"
	}
	left, right := el("simpleMatchSet"), el("simpleMatchSet")
	for i, o := range in.Options {
		left.add(el("simpleAssociableChoice", w.option(o)...).with("identifier", rows[i], "matchMax", each))
	}
	for i, o := range in.Targets {
		content := w.option(o)
		if len(content) == 0 {
			content = []*node{text(strconv.Itoa(i + 1))}
		}
		right.add(el("simpleAssociableChoice", content...).with("identifier", targets[i], "matchMax", "0"))
	}
	return n.add(left, right)
}

// labels is pairs on a picture, which 2.1 knows only with pictures for labels.
func (w *writer) labels(in questionbank.Interaction, prompt []*node) *node {
	rows, targets := pairIDs(in)
	n := el("graphicGapMatchInteraction").with("maxAssociations", "0").add(prompted(prompt)...).add(w.picture(in.Image))
	each := "1"
	if in.Many {
		each = "0"
	}
	for i, o := range in.Options {
		n.add(el("gapText", w.option(o)...).with("identifier", rows[i], "matchMax", each))
	}
	for i, o := range in.Targets {
		n.add(area("associableHotspot", targets[i], o).with("matchMax", "0"))
	}
	return n
}

func (w *writer) hotspot(in questionbank.Interaction, prompt []*node) *node {
	n := el("hotspotInteraction").add(prompted(prompt)...).add(w.picture(in.Image))
	limits(n, in)
	ids := identifiers(in.Options, "")
	for i, o := range in.Options {
		n.add(area("hotspotChoice", ids[i], o))
	}
	return n
}

// area is a shape of a picture; its name, which readers of screens hear, is
// plain text.
func area(name, id string, o questionbank.Option) *node {
	n := el(name).with("identifier", id)
	if o.Shape != nil {
		coords := make([]string, len(o.Shape.Coords))
		for i, c := range o.Shape.Coords {
			coords[i] = strconv.Itoa(c)
		}
		n.with("shape", o.Shape.Form, "coords", strings.Join(coords, ","))
	}
	if o.Text != "" {
		n.with("hotspotLabel", questionbank.Plain(rich.OptionMarkdown(o)))
	}
	return n
}

// file is a medium's place as an item file names it, and what is known of it.
func (w *writer) file(name string) (string, questionbank.Media) {
	name = unescaped(name) // HTML has it encoded
	m := questionbank.Media{Name: name}
	for _, each := range w.c.Media {
		if each.Name == name {
			m = each
		}
	}
	path, ok := w.paths[name]
	if !ok {
		path = "media/" + name
	}
	return "../" + href(path), m
}

// picture is what areas are drawn on.
func (w *writer) picture(name string) *node {
	src, m := w.file(name)
	if w.dialect == v30 {
		return sized(html("img").with("src", src, "alt", m.Alt), m)
	}
	mime := m.MIME
	if mime == "" {
		mime = "image/png"
	}
	n := sized(html("object").with("data", src, "type", mime), m)
	if m.Alt != "" {
		n.add(text(m.Alt))
	}
	return n
}

// medium is a picture, sound or film in a text.
func (w *writer) medium(name, alt string) *node {
	src, m := w.file(name)
	if alt == "" {
		alt = m.Alt
	}
	kind, _, _ := strings.Cut(m.MIME, "/")
	switch {
	case kind != "audio" && kind != "video":
		return sized(html("img").with("src", src, "alt", alt), m)
	case w.dialect == v30:
		return html(kind, html("source").with("src", src, "type", m.MIME)).with("controls", "controls", "title", alt)
	}
	n := sized(html("object").with("data", src, "type", m.MIME), m)
	if alt != "" {
		n.add(text(alt))
	}
	return n
}

func sized(n *node, m questionbank.Media) *node {
	if m.Width > 0 && m.Height > 0 {
		n.with("width", strconv.Itoa(m.Width), "height", strconv.Itoa(m.Height))
	}
	return n
}

// href is a path as an address.
func href(path string) string { return (&url.URL{Path: path}).EscapedPath() }

func unescaped(path string) string {
	if plain, err := url.PathUnescape(path); err == nil {
		return plain
	}
	return path
}
