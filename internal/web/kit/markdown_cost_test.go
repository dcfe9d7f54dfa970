package kit

import (
	"strings"
	"testing"
	"time"
)

// TestMarkdownCost: no text that an author can save, and none of an import's
// preview, holds up the page of whoever looks at it. A minute is for what grows
// without bound: how fast the rest is, machines differ.
func TestMarkdownCost(t *testing.T) {
	const most = 60_000
	for _, part := range []string{"> ", ">", "- ", "1. ", "- > ", "[a](", "*a_ ", "![", "`", "<a ", "> a\n", "\\", "|a"} {
		start := time.Now()
		out, err := Markdown(strings.Repeat(part, most/len(part)))
		if took := time.Since(start); err != nil || took > time.Minute || len(out) > 40*most {
			t.Errorf("%q: %v, %d bytes, %v", part, took, len(out), err)
		}
	}
	wide := strings.Repeat("|a", 8000) + "\n" + strings.Repeat("|-", 8000) + "\n" + strings.Repeat("|\n", 8000)
	start := time.Now()
	if out, err := Markdown(wide); err != nil || time.Since(start) > time.Minute || strings.Contains(string(out), "<table") {
		t.Errorf("a table of millions of cells: %v, %d bytes, %v", time.Since(start), len(out), err)
	}
	if out, err := Markdown("|a|b|\n|-|-|\n|1|2|\n\n> > - c"); err != nil || !strings.Contains(string(out), "<td>2</td>") || strings.Count(string(out), "<blockquote>") != 2 {
		t.Errorf("what authors write: %s, %v", out, err)
	}
}
