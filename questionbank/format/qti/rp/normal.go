package rp

import (
	"strings"

	"cakap/questionbank/format/tree"
)

// Normalise gives the elements and attributes of QTI 3 (qti-simple-choice,
// response-identifier) the names that QTI 2 has for them (simpleChoice,
// responseIdentifier), so that one reader does for both. HTML stays as it is.
func Normalise(n *tree.Node) {
	n.Walk(func(n *tree.Node) bool {
		name, ok := strings.CutPrefix(n.Name, "qti-")
		if !ok {
			return true
		}
		n.Name = camel(name)
		if two, ok := renamed[n.Name]; ok {
			n.Name = two
		}
		for key, value := range n.Attr {
			if !strings.Contains(key, "-") || strings.HasPrefix(key, "data-") || strings.HasPrefix(key, "aria-") {
				continue
			}
			delete(n.Attr, key)
			n.Attr[camel(key)] = value
		}
		return true
	})
}

// renamed is what QTI 3 calls other than QTI 2 beyond the hyphens.
var renamed = map[string]string{"durationLt": "durationLT", "durationGte": "durationGTE"}

func camel(name string) string {
	parts := strings.Split(name, "-")
	for i, p := range parts {
		if i > 0 && p != "" {
			parts[i] = strings.ToUpper(p[:1]) + p[1:]
		}
	}
	return strings.Join(parts, "")
}
