package moodlexml

import (
	"bytes"
	"encoding/base64"
	"html"
	"net/url"
	"path"
	"regexp"
	"strconv"
	"strings"

	"cakap/questionbank"
	"cakap/questionbank/format/tree"
)

// files is the files of one text element, by the name with which its text asks
// for them, and the media that the question has already.
type files struct {
	q     *question
	n     *tree.Node
	field string
	held  []*held
}

type held struct {
	path string // "name.png" or "folder/name.png"
	alt  string
	data []byte
	used bool
}

const pluginfile = "@@PLUGINFILE@@/"

// filesOf reads the element's files. One that cannot be decoded is missing.
func (q *question) filesOf(n *tree.Node, field string) *files {
	f := &files{q: q, n: n, field: field}
	for i, file := range n.All("file") {
		if i == most {
			q.reject(file, "questionbank.moodlexml.too_many", "media", "file", len(n.All("file")), most)
			break
		}
		data, ok := decode(file.Content())
		name := file.Get("name")
		if !ok || file.Get("encoding") != "base64" && file.Get("encoding") != "" {
			q.warn(file, "questionbank.moodlexml.file_damaged", field, name)
			continue
		}
		f.held = append(f.held, &held{path: strings.TrimPrefix(path.Join("/", file.Get("path"), name), "/"), alt: file.Get("alt"), data: data})
	}
	return f
}

func decode(text string) ([]byte, bool) {
	text = strings.Map(func(r rune) rune {
		if r == ' ' || r == '\n' || r == '\r' || r == '\t' {
			return -1
		}
		return r
	}, text)
	data, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		data, err = base64.RawStdEncoding.DecodeString(text)
	}
	return data, err == nil && len(data) > 0
}

// name is the medium that a src means, "" for what did not come with the file.
func (f *files) name(src string) string {
	rest, ok := strings.CutPrefix(src, pluginfile)
	if !ok {
		return "" // another server's; never fetched
	}
	rest, _, _ = strings.Cut(rest, "?")
	if decoded, err := url.PathUnescape(rest); err == nil {
		rest = decoded
	}
	for _, h := range f.held {
		if h.path == rest || path.Base(h.path) == rest {
			h.used = true
			return f.q.addFile(h.path, h.alt, h.data)
		}
	}
	f.q.warn(f.n, "questionbank.import.media_missing", f.field, rest)
	return ""
}

// unused speaks of files that the text does not show.
func (f *files) unused() {
	for _, h := range f.held {
		if !h.used {
			f.q.warn(f.n, "questionbank.moodlexml.file_unused", f.field, h.path)
		}
	}
}

// addFile gives a medium its name in the question: the same bytes have one
// name, and a name has one file.
func (q *question) addFile(file, alt string, data []byte) string {
	name := questionbank.MediaName(file)
	if name == "" {
		name = "berkas"
	}
	ext := path.Ext(name)
	stem := strings.TrimSuffix(name, ext)
	for i := 2; ; i++ {
		taken := false
		for _, have := range q.item.Files {
			if have.Name == name {
				if bytes.Equal(have.Data, data) {
					return name
				}
				taken = true
			}
		}
		if !taken {
			break
		}
		name = stem + "-" + strconv.Itoa(i) + ext
	}
	q.item.Files = append(q.item.Files, questionbank.File{Name: name, Data: data})
	q.item.Content.Media = append(q.item.Content.Media, questionbank.Media{Name: name, Alt: alt})
	return name
}

func (q *question) has(name string) bool {
	for _, f := range q.item.Files {
		if f.Name == name {
			return true
		}
	}
	return false
}

// describe notes the texts that stand for pictures, where the file says none.
func (q *question) describe(name, alt string) {
	for i := range q.item.Content.Media {
		if m := &q.item.Content.Media[i]; m.Name == name && m.Alt == "" {
			m.Alt = alt
		}
	}
}

var (
	dataURI  = regexp.MustCompile(`data:([a-z]+)/([a-z0-9.+-]+)(?:;[a-z0-9=-]+)*;base64,([A-Za-z0-9+/=\s%]+)`)
	fileLink = regexp.MustCompile(`(?is)<a\s[^>]*href="(@@PLUGINFILE@@/[^"]+)"[^>]*>(.*?)</a>`)
)

// data takes the files that stand in the text itself out of it.
func (f *files) data(source string) string {
	if !strings.Contains(source, ";base64,") {
		return source
	}
	return dataURI.ReplaceAllStringFunc(source, func(uri string) string {
		m := dataURI.FindStringSubmatch(uri)
		text := m[3]
		if decoded, err := url.PathUnescape(text); err == nil {
			text = decoded
		}
		data, ok := decode(text)
		if len(f.held) >= most {
			ok = false
		}
		if !ok {
			f.q.warn(f.n, "questionbank.moodlexml.file_damaged", f.field, "data:"+m[1]+"/"+m[2])
			return "data:"
		}
		ext, _, _ := strings.Cut(m[2], "+")
		name := "gambar-" + strconv.Itoa(len(f.q.item.Files)+len(f.held)+1) + "." + strings.Replace(ext, "jpeg", "jpg", 1)
		f.held = append(f.held, &held{path: name, data: data})
		return pluginfile + name
	})
}

var mediaExt = map[string]string{
	".mp3": "audio", ".ogg": "audio", ".oga": "audio", ".wav": "audio", ".m4a": "audio", ".aac": "audio", ".flac": "audio",
	".mp4": "video", ".webm": "video", ".ogv": "video", ".mov": "video", ".m4v": "video",
	".png": "img", ".jpg": "img", ".jpeg": "img", ".gif": "img", ".webp": "img", ".svg": "img",
}

func kindOfFile(name string) string { return mediaExt[strings.ToLower(path.Ext(name))] }

// players turns links to sounds, films and pictures that came along into the
// media themselves: a link would lead nowhere.
func (f *files) players(source string) string {
	return fileLink.ReplaceAllStringFunc(source, func(link string) string {
		m := fileLink.FindStringSubmatch(link)
		file, _, _ := strings.Cut(m[1], "?")
		text := strings.Join(strings.Fields(anyTag.ReplaceAllString(m[2], " ")), " ")
		switch kind := kindOfFile(file); {
		case strings.Contains(m[2], "<img"):
			return m[2]
		case kind == "img":
			return `<img src="` + m[1] + `" alt="` + html.EscapeString(text) + `">`
		case kind != "":
			return "<" + kind + ` src="` + m[1] + `" title="` + html.EscapeString(text) + `"></` + kind + ">"
		}
		return link
	})
}
