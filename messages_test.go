package cakap_test

import (
	"regexp"
	"testing"

	"cakap/internal/locale"
)

// messageKey is what the keys of refusals look like: their domain, then words.
var messageKey = regexp.MustCompile(`^(access|admin|officer|trainer|assessment|error|people|questionbank|reports|sheet|web)(\.[a-z0-9_]+)+$`)

// Every message key in the program must have its Indonesian text: a key on the
// screen of a civil servant is a defect that only this test sees in time.
func TestEveryMessageHasItsText(t *testing.T) {
	found := 0
	literals(t, func(_, at, text string) {
		if !messageKey.MatchString(text) {
			return
		}
		found++
		if !locale.Has(text) {
			t.Errorf("%s: %q has no text in internal/locale/id", at, text)
		}
	})
	if found < 100 {
		t.Fatalf("found %d keys: the search is broken", found)
	}
}
