package question

import (
	"strings"
	"testing"

	"cakap/questionbank"
	"cakap/questionbank/questionbanktest"
)

// Every type has a view, with a control for each of its parts and nothing that
// only authors know.
func TestShowEveryType(t *testing.T) {
	for _, c := range questionbanktest.Samples() {
		v, err := Show(Item{N: 1, Delivery: c.Delivery()})
		if err != nil {
			t.Fatalf("%s: %v", c.Type, err)
		}
		if c.Type == questionbank.Cloze {
			if n := strings.Count(string(v.Stem), "jawab"); n != 3 || len(v.Parts) != 0 {
				t.Errorf("cloze has %d gaps in %s and %d parts", n, v.Stem, len(v.Parts))
			}
			continue
		}
		if len(v.Parts) != len(c.Interactions) {
			t.Errorf("%s shows %d of %d parts", c.Type, len(v.Parts), len(c.Interactions))
		}
		for _, p := range v.Parts {
			n := len(p.Options) + len(p.Rows)
			if want := len(c.Choice().Options); n != want {
				t.Errorf("%s shows %d of %d options", c.Type, n, want)
			}
		}
	}
}
