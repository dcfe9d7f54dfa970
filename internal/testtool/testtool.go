// Package testtool finds the programs that some tests need.
package testtool

import (
	"os"
	"os/exec"
	"testing"
)

// Path is where a program is. Without it the test is skipped, or fails where
// CAKAP_TEST_REQUIRE_TOOLS says that nothing may be.
func Path(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	switch {
	case err == nil:
	case os.Getenv("CAKAP_TEST_REQUIRE_TOOLS") != "":
		t.Fatalf("%s is not installed, and here it must be", name)
	default:
		t.Skipf("%s is not installed", name)
	}
	return path
}
