package questionbank

import (
	"embed"
	"encoding/json"
	"fmt"
	"strings"

	"cakap/scoring"
)

//go:embed shipped/*.json
var shippedFiles embed.FS

// ShippedItem is an item that comes with the product.
type ShippedItem struct {
	Code    string
	Content Content
}

// shippedFile is the format of shipped/*.json, made to be written by hand.
type shippedFile struct {
	Code      string                   `json:"code"`
	Indicator string                   `json:"indicator"`
	Type      Type                     `json:"type"`
	Level     Level                    `json:"level"`
	Stimulus  string                   `json:"stimulus"`
	Stem      string                   `json:"stem"`
	Options   []Option                 `json:"options"`
	Key       []string                 `json:"key"`
	Points    map[string]scoring.Micro `json:"points"` // whole points by letter, for sjt
	Rationale string                   `json:"rationale"`
	Rule      string                   `json:"rule"`
	Expires   string                   `json:"expires"`
}

// ShippedBank reads the items that come with the product, in the order of
// their codes.
func ShippedBank() ([]ShippedItem, error) {
	var all []ShippedItem
	for _, a := range scoring.Aspects {
		name := "shipped/" + strings.ToLower(a.Code()) + ".json"
		body, err := shippedFiles.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("questionbank: %w", err)
		}
		var written []shippedFile
		dec := json.NewDecoder(strings.NewReader(string(body)))
		dec.DisallowUnknownFields()
		if err := dec.Decode(&written); err != nil {
			return nil, fmt.Errorf("questionbank: %s: %w", name, err)
		}
		for _, w := range written {
			c, err := w.content()
			if err != nil {
				return nil, fmt.Errorf("questionbank: %s: %s: %w", name, w.Code, err)
			}
			all = append(all, ShippedItem{Code: w.Code, Content: c})
		}
	}
	return all, nil
}

func (w shippedFile) content() (Content, error) {
	var correct []int
	for _, letter := range w.Key {
		i := strings.Index("ABCDEF", letter)
		if len(letter) != 1 || i < 0 || i >= len(w.Options) {
			return Content{}, fmt.Errorf("key %q names no option", letter)
		}
		correct = append(correct, i)
	}
	for i := range w.Options {
		w.Options[i].Points = w.Points[OptionID(i)] * scoring.Point
	}
	c := Content{
		Type: w.Type, Indicator: w.Indicator, Level: w.Level, Stimulus: w.Stimulus, Stem: w.Stem, Rationale: w.Rationale,
		Basis: w.Rule, Expires: w.Expires,
		Interactions: []Interaction{NewChoice(w.Type, w.Options, correct)},
	}.Normalise()
	return c, c.Validate()
}
