package kit

import (
	"bytes"
	"html/template"
	"regexp"
	"strings"
	"sync"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
)

// narrow is what an item's Markdown may become: words, emphasis, lists, code.
// No link, no image, no raw HTML: an item must not fetch or run anything.
var narrow = sync.OnceValue(func() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "strong", "em", "ul", "ol", "li", "code", "br", "blockquote")
	return p
})

var outerP = regexp.MustCompile(`(?s)^<p>(.*)</p>$`)

// Markdown renders an author's Markdown for a page. A text of one paragraph
// comes without its paragraph, so that it fits into a heading.
func Markdown(source string) (template.HTML, error) {
	var out bytes.Buffer
	if err := goldmark.Convert([]byte(source), &out); err != nil {
		return "", err
	}
	text := strings.TrimSpace(string(narrow().SanitizeBytes(out.Bytes())))
	if strings.Count(text, "<p>") == 1 {
		if m := outerP.FindStringSubmatch(text); m != nil {
			text = m[1]
		}
	}
	return template.HTML(text), nil //nolint:gosec // sanitised two lines above
}
