package kit

import (
	"bytes"
	"fmt"
	"html/template"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/util"

	"cakap/questionbank"
)

// narrow is what an item's Markdown may become: words, emphasis, lists, tables,
// code. No link, no raw HTML: an item must not fetch or run anything. Its own
// pictures are put in afterwards, from the list of its files.
var narrow = sync.OnceValue(func() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "strong", "em", "ul", "ol", "li", "code", "pre", "br", "blockquote", "table", "thead", "tbody", "tr", "th", "td")
	return p
})

// The characters that stand around the number of a picture while the text is
// sanitised; private use, and taken out of what authors write.
const (
	mediaOpen  = "\ue002"
	mediaClose = "\ue003"
)

var (
	outerP    = regexp.MustCompile(`(?s)^<p>(.*)</p>$`)
	heldMedia = regexp.MustCompile(mediaOpen + `([0-9]+)` + mediaClose)
	noMarks   = strings.NewReplacer(mediaOpen, "", mediaClose, "")
	tables    = strings.NewReplacer("<table>", `<div class="scroll" role="region" tabindex="0" aria-label="Tabel"><table>`, "</table>", "</table></div>")
)

// Markdown renders an author's Markdown for a page. A text of one paragraph
// comes without its paragraph, so that it fits into a heading.
func Markdown(source string) (template.HTML, error) { return MarkdownMedia(source, nil) }

// MarkdownMedia is Markdown with the files of an item: "![alt](media:NAME)"
// becomes a picture, or a player for sound and film. Any other picture is not
// shown.
func MarkdownMedia(source string, media []questionbank.DeliveryMedia) (template.HTML, error) {
	held := &mediaRenderer{}
	md := goldmark.New(goldmark.WithExtensions(extension.Table), goldmark.WithRendererOptions(renderer.WithNodeRenderers(util.Prioritized(held, 100))))
	var out bytes.Buffer
	if err := md.Convert([]byte(questionbank.Bounded(noMarks.Replace(source))), &out); err != nil {
		return "", err
	}
	text := tables.Replace(strings.TrimSpace(string(narrow().SanitizeBytes(out.Bytes()))))
	if strings.Count(text, "<p>") == 1 {
		if m := outerP.FindStringSubmatch(text); m != nil {
			text = m[1]
		}
	}
	text = heldMedia.ReplaceAllStringFunc(text, func(mark string) string {
		n, err := strconv.Atoi(heldMedia.FindStringSubmatch(mark)[1])
		if err != nil || n >= len(held.found) {
			return ""
		}
		return string(held.found[n].html(media))
	})
	return template.HTML(text), nil //nolint:gosec // sanitised above; what was put in since is escaped
}

// picture is an image of a Markdown text.
type picture struct{ source, alt string }

// mediaRenderer holds the places of images while their text is sanitised.
type mediaRenderer struct{ found []picture }

// RegisterFuncs implements goldmark's renderer.NodeRenderer.
func (r *mediaRenderer) RegisterFuncs(to renderer.NodeRendererFuncRegisterer) {
	to.Register(ast.KindImage, func(w util.BufWriter, source []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
		if img, ok := node.(*ast.Image); ok && entering {
			if _, err := w.WriteString(mediaOpen + strconv.Itoa(len(r.found)) + mediaClose); err != nil {
				return ast.WalkStop, err
			}
			r.found = append(r.found, picture{string(img.Destination), words(node, source)})
		}
		return ast.WalkSkipChildren, nil
	})
}

// words is the text within a node.
func words(node ast.Node, source []byte) string {
	var b strings.Builder
	for c := node.FirstChild(); c != nil; c = c.NextSibling() {
		switch t := c.(type) {
		case *ast.Text:
			b.Write(t.Segment.Value(source))
		case *ast.String:
			b.Write(t.Value)
		default:
			b.WriteString(words(c, source))
		}
	}
	return b.String()
}

func (p picture) html(media []questionbank.DeliveryMedia) template.HTML {
	name, ours := strings.CutPrefix(p.source, "media:")
	i := slices.IndexFunc(media, func(m questionbank.DeliveryMedia) bool { return ours && m.Name == name && m.SHA256 != "" })
	if i < 0 {
		return "[Gambar tidak tersedia]"
	}
	m := media[i]
	if alt := questionbank.Plain(p.alt); alt != "" {
		m.Alt = alt
	}
	return Media(m)
}

// MediaPath is where pages find a file of an item, by its hash: the name its
// author gave it might tell the answer.
const MediaPath = "/media/"

// Media shows a file of an item: a picture, or a player for sound and film.
func Media(m questionbank.DeliveryMedia) template.HTML {
	at, alt := template.HTMLEscapeString(MediaPath+m.SHA256), template.HTMLEscapeString(m.Alt)
	size := ""
	if m.Width > 0 && m.Height > 0 {
		size = fmt.Sprintf(` width="%d" height="%d"`, m.Width, m.Height)
	}
	var tag string
	switch {
	case strings.HasPrefix(m.MIME, "audio/"):
		tag = fmt.Sprintf(`<audio controls preload="none" src="%s" aria-label="%s"></audio>`, at, alt)
	case strings.HasPrefix(m.MIME, "video/"):
		tag = fmt.Sprintf(`<video controls preload="none" src="%s"%s aria-label="%s"></video>`, at, size, alt)
	default:
		tag = fmt.Sprintf(`<img src="%s" alt="%s"%s loading="lazy" decoding="async">`, at, alt, size)
	}
	return template.HTML(tag) //nolint:gosec // every value is escaped or a number
}
