package questionbank

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
	"sync"

	"cakap/scoring"
)

// Framework is a version of what is measured. The aspects are a closed set in
// code; the indicators are data, because no published framework defines the
// four aspects and agencies will sharpen ours.
type Framework struct {
	Version    string       `json:"version"`
	Name       string       `json:"name"`
	Aspects    []AspectInfo `json:"aspects"`
	Indicators []Indicator  `json:"indicators"`
}

// AspectInfo is what people read about an aspect.
type AspectInfo struct {
	Code string `json:"code"` // "A1"
	Name string `json:"name"`
}

// Indicator is one thing an item can test.
type Indicator struct {
	Code    string   `json:"code"` // "A1.4"
	Name    string   `json:"name"`
	URI     string   `json:"uri"`     // stable, for CASE and badges
	DigComp []string `json:"digcomp"` // DigComp 2.2 competences
}

// Aspect is the aspect the indicator belongs to.
func (i Indicator) Aspect() scoring.Aspect { return AspectOf(i.Code) }

//go:embed framework.json
var frameworkJSON []byte

//go:embed schemes.json
var schemesJSON []byte

var loadFramework = sync.OnceValue(func() Framework {
	var f Framework
	if err := json.Unmarshal(frameworkJSON, &f); err != nil {
		panic(fmt.Sprintf("questionbank: framework.json: %v", err)) // embedded, and covered by a test
	}
	for i, ind := range f.Indicators {
		f.Indicators[i].URI = "urn:cakap:kerangka:" + f.Version + ":" + ind.Code
	}
	return f
})

// StandardFramework is the framework this release comes with.
func StandardFramework() Framework { return loadFramework() }

// Indicator finds an indicator by code.
func (f Framework) Indicator(code string) (Indicator, bool) {
	i := slices.IndexFunc(f.Indicators, func(ind Indicator) bool { return ind.Code == code })
	if i < 0 {
		return Indicator{}, false
	}
	return f.Indicators[i], true
}

// Of returns the indicators of one aspect, in order.
func (f Framework) Of(a scoring.Aspect) []Indicator {
	var of []Indicator
	for _, ind := range f.Indicators {
		if ind.Aspect() == a {
			of = append(of, ind)
		}
	}
	return of
}

// AspectName is the Indonesian name of an aspect.
func (f Framework) AspectName(a scoring.Aspect) string {
	for _, info := range f.Aspects {
		if info.Code == a.Code() {
			return info.Name
		}
	}
	return ""
}

// PresetScheme is a level scheme this release comes with.
type PresetScheme struct {
	scoring.Scheme
	Default bool   `json:"default"`
	Source  string `json:"source"` // where its bounds come from
}

// PresetSchemes is every level scheme this release comes with, the default first.
func PresetSchemes() ([]PresetScheme, error) {
	var all []PresetScheme
	if err := json.Unmarshal(schemesJSON, &all); err != nil {
		return nil, fmt.Errorf("questionbank: schemes.json: %w", err)
	}
	for _, s := range all {
		if err := s.Validate(); err != nil {
			return nil, err
		}
	}
	return all, nil
}
