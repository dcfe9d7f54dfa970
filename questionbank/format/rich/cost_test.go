package rich

import (
	"strconv"
	"strings"
	"testing"
	"time"
)

// TestCost: what a stranger can write into one question costs no more time
// than its size, whatever it nests or repeats.
func TestCost(t *testing.T) {
	for _, tt := range []struct{ name, html string }{
		{"breaks", "a" + strings.Repeat("<br>", 200_000)},
		{"breaks and words", strings.Repeat("a <br>", 150_000)},
		{"list", "<ul>" + strings.Repeat("<li>a", 150_000)},
		{"numbered list", "<ol>" + strings.Repeat("<li>a", 150_000)},
		{"paragraphs", strings.Repeat("<p>a", 200_000)},
		{"bold in bold", strings.Repeat("<b>a", 200_000)},
		{"bold and italic crossing", strings.Repeat("<b><i>a</b></i>", 50_000)},
		{"tables in tables", strings.Repeat("<table><tr><td>a", 60)},
		{"table", "<table>" + strings.Repeat("<tr><td>a<td>b", 60_000)},
		{"wide table", "<table><tr>" + strings.Repeat("<td>a", 100_000) + strings.Repeat("<tr><td>b", 10_000)},
		{"divs", strings.Repeat("<div>", 100_000)},
		{"spans", strings.Repeat("<span>a", 100_000)},
		{"lists in lists", strings.Repeat("<ul><li>a", 50_000)},
		{"lost pictures", strings.Repeat("<img src=http://a/>", 50_000)},
		{"lost pictures of many names", manyPictures(40_000)},
		{"backquotes", "<code>" + strings.Repeat("`", 500_000) + "</code>"},
		{"backslashes", strings.Repeat(`\`, 500_000)},
		{"entities", strings.Repeat("&amp;lt;", 100_000)},
		{"attributes", "<p " + strings.Repeat("a=b ", 200_000) + ">"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			start := time.Now()
			got := FromHTML(tt.html, names)
			if took := time.Since(start); took > time.Minute {
				t.Errorf("%d bytes took %v and became %d", len(tt.html), took, len(got.Markdown))
			} else {
				t.Logf("%d bytes took %v and became %d", len(tt.html), took, len(got.Markdown))
			}
		})
	}
}

func manyPictures(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString("<img src=http://a/" + strconv.Itoa(i) + ">")
	}
	return b.String()
}
