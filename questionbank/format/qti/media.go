package qti

import (
	"encoding/base64"
	"net/url"
	"path"
	"strconv"
	"strings"

	"cakap/questionbank"
	"cakap/questionbank/format/tree"
)

// medium gives a file that a text names its name in the item, and takes the
// file along; "" for one that is not in the package. Nothing is ever fetched.
func (it *item) medium(src string) string {
	if name, known := it.media[src]; known {
		return name
	}
	name, data := it.find(src)
	if name == "" {
		it.media[src] = ""
		return ""
	}
	name = it.unique(name)
	it.media[src] = name
	it.out.Files = append(it.out.Files, questionbank.File{Name: name, Data: data})
	it.out.Content.Media = append(it.out.Content.Media, questionbank.Media{Name: name})
	return name
}

func (it *item) find(src string) (name string, data []byte) {
	if rest, ok := strings.CutPrefix(src, "data:"); ok {
		return it.inline(rest)
	}
	full := inPackage(it.dir, src)
	if it.pack == nil || src == "" || remote(src) || !it.pack.Has(full) {
		return "", nil
	}
	data, err := it.pack.Read(full)
	if err != nil {
		return "", nil
	}
	name = questionbank.MediaName(it.actual(full))
	if name == "" {
		name = "berkas"
	}
	return name, data
}

// inline decodes a data: address.
func (it *item) inline(rest string) (name string, data []byte) {
	head, body, ok := strings.Cut(rest, ",")
	mime, _, _ := strings.Cut(head, ";")
	kind, sub, _ := strings.Cut(mime, "/")
	if !ok || !strings.HasSuffix(head, ";base64") || kind != "image" && kind != "audio" && kind != "video" {
		return "", nil
	}
	body = strings.Join(strings.Fields(body), "")
	if plain, err := url.PathUnescape(body); err == nil {
		body = plain
	}
	data, err := base64.StdEncoding.DecodeString(body)
	if err != nil || len(data) == 0 {
		return "", nil
	}
	sub, _, _ = strings.Cut(sub, "+")
	return questionbank.MediaName("sisipan-" + strconv.Itoa(len(it.out.Files)+1) + "." + sub), data
}

// unique makes a name that no other file of the item has.
func (it *item) unique(name string) string {
	taken := func(name string) bool {
		for _, m := range it.out.Content.Media {
			if strings.EqualFold(m.Name, name) {
				return true
			}
		}
		return false
	}
	ext := path.Ext(name)
	stem := strings.TrimSuffix(name, ext)
	for n := 2; taken(name); n++ {
		name = stem + "-" + strconv.Itoa(n) + ext
	}
	return name
}

// show notes that a text shows a file, and what describes it.
func (it *item) show(n *tree.Node, name, alt string) {
	for i := range it.out.Content.Media {
		m := &it.out.Content.Media[i]
		if m.Name != name {
			continue
		}
		if m.Alt == "" {
			m.Alt = alt
		}
		if m.Alt == "" {
			it.warn(n, "questionbank.import.alt_missing", name)
		}
	}
}

// picture reads the picture that a graphic interaction draws its areas on.
func (it *item) picture(n *tree.Node) string {
	for _, c := range n.Elements() {
		src, alt := "", c.Get("alt")
		switch c.Name {
		case "object":
			src, alt = c.Get("data"), strings.Join(strings.Fields(c.Content()), " ")
		case "img":
			src = c.Get("src")
		case "picture":
			if img := c.Find("img"); img != nil {
				src, alt = img.Get("src"), img.Get("alt")
			}
		}
		if src == "" {
			continue
		}
		name := it.medium(src)
		if name == "" {
			it.reject(c, "image", "questionbank.qti.picture_missing", src)
			return ""
		}
		it.show(c, name, alt)
		return name
	}
	it.reject(n, "image", "questionbank.qti.picture_missing", "—")
	return ""
}
