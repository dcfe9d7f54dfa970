package rich

import (
	"bytes"
	"html"
	"regexp"
	"strings"
	"sync"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"

	"cakap/questionbank"
)

var (
	paragraph = regexp.MustCompile(`(?s)^<p>(.*)</p>$`)
	mediaSrc  = regexp.MustCompile(`src="media:([^"]*)"`)
)

// renderer is made once: making one takes longer than a stem does.
var renderer = sync.OnceValue(func() goldmark.Markdown { return goldmark.New(goldmark.WithExtensions(extension.Table)) })

// ToHTML writes Markdown as HTML for a file of another system. Raw HTML in it
// never passes; src gives each medium its address there. A text of one
// paragraph comes without its paragraph.
func ToHTML(markdown string, src func(name string) string) string {
	markdown = questionbank.Bounded(markdown)
	var b bytes.Buffer
	if err := renderer().Convert([]byte(markdown), &b); err != nil {
		return html.EscapeString(markdown) // a buffer never refuses a write
	}
	text := strings.TrimSpace(b.String())
	if strings.Count(text, "<p>") == 1 {
		if m := paragraph.FindStringSubmatch(text); m != nil {
			text = m[1]
		}
	}
	return mediaSrc.ReplaceAllStringFunc(text, func(m string) string {
		name := html.UnescapeString(mediaSrc.FindStringSubmatch(m)[1])
		if src == nil {
			return `src="` + html.EscapeString(name) + `"`
		}
		return `src="` + html.EscapeString(src(name)) + `"`
	})
}
