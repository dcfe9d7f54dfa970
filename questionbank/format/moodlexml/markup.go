package moodlexml

import (
	"encoding/base64"
	"html"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"cakap/questionbank"
	"cakap/questionbank/format/rich"
)

// markup is a text as Moodle shall have it.
type markup struct {
	format string // "html" or "markdown"
	text   string
	media  []string // what it shows, by name
}

var imageTag = regexp.MustCompile(`<img src="(@@PLUGINFILE@@/[^"]*)" alt="([^"]*)"[^>]*>`)

// toMarkup makes HTML of Markdown. Where it would come back as another Markdown
// it stays what it is; Moodle reads that too.
func toMarkup(markdown string) markup {
	m := markup{format: "html"}
	if markdown == "" {
		return m
	}
	m.text = rich.ToHTML(markdown, m.address)
	m.text = imageTag.ReplaceAllStringFunc(m.text, func(tag string) string {
		t := imageTag.FindStringSubmatch(tag)
		if kind := kindOfFile(t[1]); kind == "audio" || kind == "video" {
			return "<" + kind + ` controls="controls" src="` + t[1] + `" title="` + t[2] + `"></` + kind + ">"
		}
		return tag
	})
	if rich.FromHTML(m.text, shown).Markdown != markdown {
		return asMarkdown(markdown)
	}
	return m
}

// shown is the name of a medium in a text of our own.
func shown(src string) string {
	name, err := url.PathUnescape(strings.TrimPrefix(src, pluginfile))
	if err != nil {
		return ""
	}
	return name
}

// address is a medium's in Moodle; the element has to hold its file then.
func (m *markup) address(name string) string {
	if decoded, err := url.PathUnescape(name); err == nil {
		name = decoded // as Markdown's links are encoded
	}
	m.show(name)
	return pluginfile + url.PathEscape(name)
}

func (m *markup) show(name string) {
	if !slices.Contains(m.media, name) {
		m.media = append(m.media, name)
	}
}

var mediaTarget = regexp.MustCompile(`\]\(media:([^)\s"]+)\)`)

func asMarkdown(markdown string) markup {
	m := markup{format: "markdown"}
	m.text = mediaTarget.ReplaceAllStringFunc(markdown, func(target string) string {
		name := mediaTarget.FindStringSubmatch(target)[1]
		m.show(name)
		return "](" + pluginfile + url.PathEscape(name) + ")"
	})
	return m
}

// rich writes an element with a text and its files.
func (o *output) rich(name, markdown string) { o.element(name, toMarkup(markdown)) }

// element writes m as the element that opens with tag; more follows the text.
func (o *output) element(tag string, m markup, more ...string) {
	name, _, _ := strings.Cut(tag, " ")
	o.line("<" + tag + ` format="` + m.format + `">`)
	o.line("  <text>" + cdata(m.text) + "</text>" + o.files(m.media))
	for _, each := range more {
		if each != "" {
			o.line("  " + each)
		}
	}
	o.line("</" + name + ">")
}

// files are the media of one element; each element has its own, as Moodle wants.
func (o *output) files(names []string) string {
	var b strings.Builder
	for _, name := range names {
		b.WriteString(o.file(name))
	}
	return b.String()
}

func (o *output) file(name string) string {
	i := slices.IndexFunc(o.c.Media, func(m questionbank.Media) bool { return m.Name == name })
	if i < 0 || o.w.bank.Media == nil {
		o.lose("questionbank.moodlexml.lost_file", name)
		return ""
	}
	data, err := o.w.bank.Media(o.c.Media[i].SHA256)
	if err != nil || len(data) == 0 {
		o.lose("questionbank.moodlexml.lost_file", name)
		return ""
	}
	alt := ""
	if text := o.c.Media[i].Alt; text != "" {
		alt = ` alt="` + escape(text) + `"`
	}
	return `<file name="` + escape(name) + `" path="/"` + alt + ` encoding="base64">` + base64.StdEncoding.EncodeToString(data) + "</file>"
}

// cdata leaves HTML readable; what needs no care stays bare.
func cdata(text string) string {
	text = strings.Map(allowed, text)
	if html.EscapeString(text) == text {
		return text
	}
	return "<![CDATA[" + strings.ReplaceAll(text, "]]>", "]]]]><![CDATA[>") + "]]>"
}

// plainText is the element of a text that Moodle shows as it is.
func plainText(text string) string { return "<text>" + escape(text) + "</text>" }
