package qti

import (
	"strconv"
	"strings"

	"cakap/questionbank"
	"cakap/questionbank/format/tree"
	"cakap/scoring"
)

// areas reads the places of a picture: their shapes, and the names they have.
func (it *item) areas(n *tree.Node, name string) ([]questionbank.Option, []string) {
	options, ids := []questionbank.Option{}, []string{}
	for _, c := range n.All(name) {
		options = append(options, questionbank.Option{
			Text: c.Get("hotspotLabel"), Ref: c.Get("identifier"), Shape: it.shape(c),
		})
		ids = append(ids, c.Get("identifier"))
	}
	return options, ids
}

// shape is where an area lies; nil where nobody can tell, which Validate refuses.
func (it *item) shape(n *tree.Node) *questionbank.Shape {
	s := &questionbank.Shape{Form: n.Get("shape")}
	for text := range strings.FieldsFuncSeq(n.Get("coords"), func(r rune) bool { return r == ',' || r == ' ' }) {
		x, err := strconv.ParseFloat(text, 64)
		if err != nil || x < -1e6 || x > 1e6 {
			return nil // per cent too: the size of the picture is not known here
		}
		s.Coords = append(s.Coords, int(x+0.5))
	}
	if s.Form == "" || s.Form == "default" {
		return nil
	}
	return s
}

func (it *item) hotspot(n *tree.Node) *tree.Node {
	p := &part{}
	p.Kind, p.Rule, p.Many = questionbank.HotspotKind, scoring.AllOrNothing, it.many(n)
	p.Image = it.picture(n)
	p.Options, p.ids = it.areas(n, "hotspotChoice")
	p.limits(n)
	return it.block(n, p)
}

// graphicOrder puts places of a picture in order. The list that is ordered
// needs names: areas without one get a number, and the author is told.
func (it *item) graphicOrder(n *tree.Node) *tree.Node {
	p := &part{}
	p.Kind, p.Rule = questionbank.OrderKind, scoring.OrderExact
	p.Options, p.ids = it.areas(n, "hotspotChoice")
	for i := range p.Options {
		if o := &p.Options[i]; o.Text == "" {
			o.Text = "Daerah " + strconv.Itoa(i+1)
			it.warn(n, "questionbank.qti.areas_unnamed")
		}
	}
	place := it.block(n, p)
	if image := it.picture(n); image != "" {
		alt := ""
		for _, m := range it.out.Content.Media {
			if m.Name == image {
				alt = m.Alt
			}
		}
		src := ""
		for from, name := range it.media {
			if name == image {
				src = from
			}
		}
		img := &tree.Node{Name: "p", Children: []*tree.Node{{Name: "img", Attr: map[string]string{"src": src, "alt": alt}}}}
		return &tree.Node{Name: "div", Children: []*tree.Node{img, place}}
	}
	return place
}

// graphicGapMatch gives labels to the areas of a picture.
func (it *item) graphicGapMatch(n *tree.Node) *tree.Node {
	p := &part{}
	p.Kind, p.Rule = questionbank.PairsKind, scoring.PerPair
	p.Image = it.picture(n)
	p.Options, p.ids = it.words(n)
	p.Targets, p.targets = it.areas(n, "associableHotspot")
	p.exclusive = exclusive(n.All("associableHotspot"))
	for _, c := range n.Elements() {
		if isWord(c.Name) && whole(c, "matchMax", 1) != 1 {
			p.Many = true
		}
	}
	return it.block(n, p)
}
