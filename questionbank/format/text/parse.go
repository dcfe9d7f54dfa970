package text

import (
	"slices"
	"strings"

	"cakap/internal/fault"
	"cakap/questionbank"
)

// Parse groups the lines of a document into questions. A document in which
// nothing looks like one is refused as Unsupported.
func Parse(lines []Line) (questionbank.Parsed, error) {
	s := scan(lines)
	if !s.found && !slices.ContainsFunc(s.drafts, evident) {
		return questionbank.Parsed{}, fault.New(fault.Unsupported, "questionbank.text.no_questions")
	}
	return s.parsed(), nil
}

func (s *scanner) parsed() questionbank.Parsed {
	p := questionbank.Parsed{Format: Name, Items: []questionbank.ParsedItem{}, Messages: s.messages}
	for _, d := range s.drafts {
		p.Items = append(p.Items, d.Item())
	}
	twins(p.Items)
	return p
}

// twins warns of a stem that stands twice in the file.
func twins(items []questionbank.ParsedItem) {
	seen := map[string]string{}
	for i := range items {
		stem := strings.ToLower(questionbank.Plain(items[i].Content.Stem))
		if stem == "" || items[i].Content.Type == questionbank.Info {
			continue
		}
		if first, twice := seen[stem]; twice {
			items[i].Warnings = append(items[i].Warnings, fault.New(fault.Conflict, "questionbank.text.stem_twice", first).On("stem").Place(items[i].At))
			continue
		}
		seen[stem] = items[i].At
	}
}
