package questionbanktest

import (
	"encoding/json"
	"strings"
	"testing"

	"cakap/questionbank"
)

func TestSamplesAreValidAndCoverEveryType(t *testing.T) {
	seen := map[questionbank.Type]bool{}
	for _, c := range Samples() {
		seen[c.Type] = true
		if err := c.Validate(); err != nil {
			t.Errorf("%s: %v", c.Type, err)
		}
		body, err := json.Marshal(c.Delivery())
		if err != nil || strings.Contains(string(body), Canary) {
			t.Errorf("%s delivers what it must not: %s, %v", c.Type, body, err)
		}
	}
	for _, typ := range questionbank.Types {
		if !seen[typ] {
			t.Errorf("no sample of %s", typ)
		}
	}
}
