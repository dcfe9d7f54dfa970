package questionbank

import (
	"slices"

	"cakap/scoring"
)

// Delivery is what a participant's browser may have of an item before results
// are released. None of its types has a field for keys, points, reasons or the
// rationale, so no template can print one by mistake.
type Delivery struct {
	Type     Type            `json:"type"`
	Stimulus string          `json:"stimulus,omitempty"` // Markdown
	Stem     string          `json:"stem"`               // Markdown, with "[[1]]" for the gaps
	Parts    []DeliveryPart  `json:"parts"`              // one for each interaction
	Media    []DeliveryMedia `json:"media,omitempty"`
}

// DeliveryPart is one interaction as a participant sees it.
type DeliveryPart struct {
	Kind    Kind             `json:"kind"`
	Prompt  string           `json:"prompt,omitempty"`
	Options []DeliveryOption `json:"options,omitempty"` // in the author's order
	Targets []DeliveryOption `json:"targets,omitempty"`
	Many    bool             `json:"many,omitempty"` // check boxes rather than radio buttons
	Max     int              `json:"max,omitempty"`
	Image   string           `json:"image,omitempty"`
	Lines   int              `json:"lines,omitempty"`
}

// DeliveryOption is one alternative as a participant sees it. It carries no
// id: forms letter the options by the place they give them.
type DeliveryOption struct {
	Text  string `json:"text"`
	Rich  bool   `json:"rich,omitempty"`
	Shape *Shape `json:"shape,omitempty"`
}

// DeliveryMedia is a file that the item shows. Pages name it by its hash only:
// the name its author gave it might tell the answer ("benar.png").
type DeliveryMedia struct {
	Name   string `json:"name"`
	SHA256 string `json:"sha256"`
	MIME   string `json:"mime"`
	Alt    string `json:"alt"`
	Width  int    `json:"width,omitempty"`
	Height int    `json:"height,omitempty"`
}

// Delivery is the part of the content that may leave before release.
func (c Content) Delivery() Delivery {
	d := Delivery{Type: c.Type, Stimulus: c.Stimulus, Stem: c.Stem, Parts: make([]DeliveryPart, len(c.Interactions))}
	for i, in := range c.Interactions {
		part := DeliveryPart{
			Kind: in.Kind, Prompt: in.Prompt, Many: in.Many, Max: in.Max, Image: in.Image, Lines: in.Lines,
			Options: delivered(in.Options), Targets: delivered(in.Targets),
		}
		if in.Kind == HotspotKind {
			nameless(part.Options)
		}
		if in.Kind == PairsKind && in.Image != "" {
			nameless(part.Targets)
		}
		if in.Kind == TextKind || in.Kind == NumberKind {
			part.Lines = 0 // the length of the key is a hint
		}
		d.Parts[i] = part
	}
	for _, m := range c.Media {
		d.Media = append(d.Media, DeliveryMedia{Name: m.Name, SHA256: m.SHA256, MIME: m.MIME, Alt: m.Alt, Width: m.Width, Height: m.Height})
	}
	return d
}

func delivered(options []Option) []DeliveryOption {
	if len(options) == 0 {
		return nil
	}
	out := make([]DeliveryOption, len(options))
	for i, o := range options {
		out[i] = DeliveryOption{Text: o.Text, Rich: o.Rich, Shape: o.Shape}
	}
	return out
}

// nameless takes the names away that areas have for their author: pages number
// them, because a name may be what is asked for ("Jakarta").
func nameless(areas []DeliveryOption) {
	for i := range areas {
		areas[i].Text, areas[i].Rich = "", false
	}
}

// Part is the first part, of an item without any an empty one.
func (d Delivery) Part() DeliveryPart {
	if len(d.Parts) == 0 {
		return DeliveryPart{}
	}
	return d.Parts[0]
}

// Medium finds a file of the item by the name its texts use.
func (d Delivery) Medium(name string) (DeliveryMedia, bool) {
	i := slices.IndexFunc(d.Media, func(m DeliveryMedia) bool { return m.Name == name })
	if i < 0 {
		return DeliveryMedia{}, false
	}
	return d.Media[i], true
}

// Scored reports whether an answer to the item counts.
func (c Content) Scored() bool { return c.Key().Scored() }

// ByHand reports whether a marker has to look at the answers.
func (c Content) ByHand() bool {
	return slices.ContainsFunc(c.Interactions, func(in Interaction) bool { return in.Rule == scoring.Manual })
}
