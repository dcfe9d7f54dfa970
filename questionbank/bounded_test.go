package questionbank

import (
	"slices"
	"strings"
	"testing"
)

func TestBounded(t *testing.T) {
	quotes := strings.Repeat("> ", maxNesting)
	for _, tt := range []struct{ name, in, want string }{
		{"plain", "Apa itu? 3 > 2", "Apa itu? 3 > 2"},
		{"list", "- a\n- b\n  1. c", "- a\n- b\n  1. c"},
		{"as deep as may be", quotes + "a", quotes + "a"},
		{"one quote too deep", quotes + "> > a", quotes + `\> > a`},
		{"quotes without spaces", strings.Repeat(">", 25), strings.Repeat(">", 20) + `\>>>>>`},
		{"list too deep", strings.Repeat("- ", 21) + "a", strings.Repeat("- ", 20) + `\- a`},
		{"numbers too deep", strings.Repeat("1. ", 21) + "a", strings.Repeat("1. ", 20) + `1\. a`},
		{"brackets too deep", strings.Repeat("12) ", 22), strings.Repeat("12) ", 20) + `12\) 12) `},
		{"mixed", strings.Repeat("> - ", 10) + "\t* x", strings.Repeat("> - ", 10) + "\t\\* x"},
		{"a rule is no nesting", strings.Repeat("-", 40), strings.Repeat("-", 40)},
		{"emphasis is no list", strings.Repeat("*", 40) + "a", strings.Repeat("*", 40) + "a"},
		{"the second line", "a\n" + quotes + ">", "a\n" + quotes + `\>`},
		{"a table", "| a | b |\n|---|---|\n| 1 | 2 |", "| a | b |\n|---|---|\n| 1 | 2 |"},
		{"too wide a table", strings.Repeat("|", 6000) + "\n-", `\` + strings.Repeat("|", 6000) + "\n-"},
		{"too long a text", strings.Repeat("é", maxRunes+5), strings.Repeat("é", maxRunes)},
	} {
		if got := Bounded(tt.in); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

// Whatever a picture's description holds, its file is found.
func TestMediaLinkIsFound(t *testing.T) {
	for _, markdown := range []string{
		MediaLink("a.png", "biasa"), MediaLink("a.png", ""), MediaLink("a.png", "Bagan [1"), MediaLink("a.png", "1] x"), MediaLink("a.png", `\`),
		MediaLink("a.png", "dua\nbaris"), MediaLink("a.png", "`a`"), `![satu \] dua](media:a.png)`, "![dua [2] dua](media:a.png)", "x ![a] ![b](media:a.png)",
	} {
		if got := mediaIn("Lihat " + markdown + " ini."); !slices.Equal(got, []string{"a.png"}) {
			t.Errorf("%q names %q", markdown, got)
		}
	}
	if got := mediaIn("[a](media:a.png) \\![b](https://x/media:b.png)"); got != nil {
		t.Errorf("found %q where nothing is", got)
	}
}
