package web_test

import "testing"

// calm leaves a storm out under the race detector, where it would measure the
// detector. What races could be in it, kit's lane tests and assessment's look for.
func calm(t *testing.T) {
	t.Helper()
	if raced {
		t.Skip("a storm: not under the race detector")
	}
}
