package qti12

import (
	"encoding/base64"
	"html"
	"net/url"
	"path"
	"regexp"
	"strconv"
	"strings"

	"cakap/internal/fault"
	"cakap/questionbank"
	"cakap/questionbank/format/rich"
	"cakap/questionbank/format/tree"
)

// question is one item while it is read.
type question struct {
	*reader
	questionbank.ParsedItem
	names map[string]string // media by what the text called them
	lost  map[string]bool
}

func (r *reader) question(line int, typ questionbank.Type, raw string) *question {
	q := &question{reader: r, names: map[string]string{}, lost: map[string]bool{}}
	q.At, q.Type, q.Content.Type, q.Raw = r.at(line), string(typ), typ, []byte(raw)
	return q
}

func (q *question) done() { q.parsed.Items = append(q.parsed.Items, q.ParsedItem) }

func (q *question) reject(field, key string, args ...any) {
	q.Rejects = append(q.Rejects, fault.New(fault.Invalid, key, args...).On(field).Place(q.At))
}

func (q *question) warn(field, key string, args ...any) {
	q.Warnings = append(q.Warnings, fault.New(fault.Invalid, key, args...).On(field).Place(q.At))
}

var looksHTML = regexp.MustCompile(`<(/?(p|br|b|i|u|em|strong|div|span|img|table|tr|td|ul|ol|li|sub|sup|font|pre|code|a|h[1-6])\b[^>]*|!--.*?--)>`)

// markupOf is a material as HTML.
func markupOf(n *tree.Node) string {
	var b strings.Builder
	for _, k := range n.Children {
		switch k.Name {
		case "mattext", "mat_formattedtext", "matemtext":
			b.WriteString(textOf(k))
		case "matbreak":
			b.WriteString("<br>")
		case "matimage":
			b.WriteString(`<img src="` + html.EscapeString(source(k)) + `" alt="` + html.EscapeString(k.Get("label")) + `">`)
		case "mataudio", "matvideo":
			b.WriteString(`<` + k.Name[3:] + ` src="` + html.EscapeString(source(k)) + `"></` + k.Name[3:] + `>`)
		case "matapplet", "matapplication", "matref":
			b.WriteString(`<applet></applet>`)
		case "material", "mat_extension", "flow_mat", "altmaterial":
			if k.Name != "altmaterial" { // the same again, in another language
				b.WriteString(markupOf(k))
			}
		}
	}
	if b.Len() > 0 && n.Name == "flow_mat" {
		return "<div>" + b.String() + "</div>"
	}
	return b.String()
}

// source is a picture's address, or its bytes where the file holds them.
func source(n *tree.Node) string {
	if uri := n.Get("uri"); uri != "" {
		return uri
	}
	if data := strings.Join(strings.Fields(n.Content()), ""); strings.EqualFold(n.Get("embedded"), "base64") && data != "" {
		kind := n.Get("imagtype")
		if kind == "" {
			kind = "image/png"
		}
		return "data:" + kind + ";base64," + data
	}
	return n.Get("entityref")
}

// textOf is a text as HTML. What it says of itself is often wrong: plain text
// that is full of tags is HTML.
func textOf(n *tree.Node) string {
	content := n.Content()
	if len(n.Elements()) > 0 {
		return n.Inner() // XHTML that was not escaped
	}
	kind := strings.ToLower(n.Get("texttype") + n.Get("type"))
	switch {
	case strings.TrimSpace(content) == "":
		return ""
	case n.Name == "matemtext":
		return "<em>" + html.EscapeString(content) + "</em>"
	case strings.Contains(kind, "html"), kind == "smart_text" && looksHTML.MatchString(content), kind == "" && looksHTML.MatchString(content):
		return content
	}
	return strings.ReplaceAll(html.EscapeString(strings.TrimSpace(content)), "\n", "<br>")
}

// convert makes our Markdown of HTML and collects its pictures.
func (q *question) convert(field, source string) rich.Text {
	t := rich.FromHTML(source, func(src string) string { return q.medium(field, src) })
	for _, img := range t.Images {
		q.describe(img.Name, img.Alt)
	}
	for _, what := range t.Lost {
		if !q.lost[what] && !strings.HasPrefix(what, "img") && !strings.HasPrefix(what, "object") && !strings.HasPrefix(what, "embed") {
			q.lost[what] = true
			q.warn(field, "questionbank.qti12.lost", what)
		}
	}
	return t
}

func (q *question) markdown(field, source string) string { return q.convert(field, source).Markdown }

func (q *question) option(field, source string) questionbank.Option {
	return rich.Option(q.convert(field, source))
}

func (q *question) describe(name, alt string) {
	for i := range q.Content.Media {
		if m := &q.Content.Media[i]; m.Name == name && m.Alt == "" {
			m.Alt = alt
		}
	}
}

// medium finds what a text shows; "" where it cannot be had.
func (q *question) medium(field, src string) string {
	if name, known := q.names[src]; known {
		return name
	}
	data, base := q.open(src)
	name := ""
	if data != nil {
		name = q.unique(questionbank.MediaName(base))
		q.Content.Media = append(q.Content.Media, questionbank.Media{Name: name})
		q.Files = append(q.Files, questionbank.File{Name: name, Data: data})
	} else {
		if len(src) > 80 {
			src = src[:80] + "…"
		}
		q.warn(field, "questionbank.import.media_missing", src)
	}
	q.names[src] = name
	return name
}

func (q *question) unique(name string) string {
	if name == "" {
		name = "gambar"
	}
	taken := func(name string) bool {
		for _, m := range q.Content.Media {
			if m.Name == name {
				return true
			}
		}
		return false
	}
	unique := name
	for n := 2; taken(unique); n++ {
		ext := path.Ext(name)
		unique = strings.TrimSuffix(name, ext) + "_" + strconv.Itoa(n) + ext
	}
	return unique
}

// The largest picture that a text may hold in itself.
const maxInline = 8 << 20

// open reads what src names out of the text or the package, and never from
// anywhere else.
func (q *question) open(src string) (data []byte, base string) {
	if head, body, ok := strings.Cut(src, ","); ok && strings.HasPrefix(head, "data:") {
		if !strings.HasSuffix(head, ";base64") || len(body) > maxInline {
			return nil, ""
		}
		data, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(body), ""))
		if err != nil || len(data) == 0 {
			return nil, ""
		}
		_, kind, _ := strings.Cut(strings.TrimSuffix(strings.TrimPrefix(head, "data:"), ";base64"), "/")
		return data, "gambar." + kind
	}
	if q.pack == nil {
		return nil, ""
	}
	for _, name := range q.candidates(src) {
		if !q.pack.Has(name) {
			continue
		}
		if data, err := q.pack.Read(name); err == nil {
			return data, name
		}
	}
	return nil, ""
}

// Canvas and Blackboard write these for "the files of this package".
var fileBase = regexp.MustCompile(`(?i)^(\$|%24)(IMS-CC-FILEBASE|CANVAS_OBJECT_REFERENCE)(\$|%24)/?`)

var xid = regexp.MustCompile(`xid-[0-9]+_[0-9]+`)

// candidates are the paths of the package at which src may lie.
func (q *question) candidates(src string) []string {
	if id := xid.FindString(src); id != "" {
		for _, name := range q.pack.Names() {
			if strings.Contains(path.Base(name), id) && path.Ext(name) != ".xml" {
				return []string{name}
			}
		}
		return nil
	}
	local := fileBase.ReplaceAllString(src, "")
	if u, err := url.Parse(local); err == nil {
		if u.Scheme != "" || u.Host != "" {
			return nil
		}
		local = u.Path
	}
	local = strings.TrimPrefix(local, "/")
	if local == "" {
		return nil
	}
	folder := path.Dir(q.file)
	res := strings.TrimSuffix(path.Base(q.file), path.Ext(q.file))
	return []string{
		path.Join(folder, local), local, path.Join("web_resources", local), path.Join(path.Dir(folder), "web_resources", local),
		path.Join(folder, res, local), path.Join("csfiles/home_dir", local),
	}
}
