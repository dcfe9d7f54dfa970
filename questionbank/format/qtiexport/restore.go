package qtiexport

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"cakap/questionbank"
	"cakap/questionbank/format/tree"
)

// Namespace is that of the element which carries an item of Cakap's in the
// metadata of its resource; the element's name is NoteName.
const (
	Namespace = "https://cakap.go.id/ns/item"
	NoteName  = "item"
)

// carried is what the element holds.
type carried struct {
	Code    string               `json:"code,omitempty"`
	Content questionbank.Content `json:"content"`
}

// note is the element: the item as it is in the bank, and the fingerprint of
// the item file beside which it is true. Files are known by name only; what
// they hold is in the package.
func note(file []byte, e questionbank.Exported) *node {
	c := e.Content
	c.Media = slices.Clone(c.Media)
	for i, m := range c.Media {
		c.Media[i] = questionbank.Media{Name: m.Name, Alt: m.Alt}
	}
	data, err := json.Marshal(carried{Code: e.Code, Content: c})
	if err != nil { // Ext is the author's own JSON and might be none
		c.Ext = nil
		data, _ = json.Marshal(carried{Code: e.Code, Content: c}) //nolint:errchkjson // strings and numbers always encode
	}
	n := html("cakap:"+NoteName, text(string(data)))
	return n.with("xmlns:cakap", Namespace, "version", "1", "fingerprint", fingerprint(file))
}

// fingerprint is a hash of what an item file says: names, attributes and text,
// whatever the white space, the order of attributes and the prefixes. It is ""
// of what is no XML.
func fingerprint(file []byte) string {
	root, err := tree.Parse(file)
	if err != nil {
		return ""
	}
	var b strings.Builder
	canonical(&b, root)
	sum := sha256.Sum256([]byte(b.String()))
	return hex.EncodeToString(sum[:])
}

func canonical(b *strings.Builder, n *tree.Node) {
	if n.Name == "" {
		b.WriteString(strings.Join(strings.Fields(n.Text), " ") + "\n")
		return
	}
	b.WriteString("<" + n.Name)
	for _, name := range slices.Sorted(maps.Keys(n.Attr)) {
		if name != "schemaLocation" && name != "toolName" && name != "toolVersion" && name != "tool-name" && name != "tool-version" {
			b.WriteString(" " + name + "=" + strings.Join(strings.Fields(n.Attr[name]), " "))
		}
	}
	b.WriteString("\n")
	for _, k := range n.Children {
		if k.Name != "" || strings.TrimSpace(k.Text) != "" {
			canonical(b, k)
		}
	}
	b.WriteString(">\n")
}

// Restore gives a question that was read from a package everything that Cakap
// wrote beside it. resource is its <resource> in the manifest, file the bytes of
// its item file, read opens a file of the package by the path that the manifest
// gives it. It does so only where the item file still says what it said when it
// was written, and reports whether it did; then what the reader could not make
// of the file is no longer of interest, and its rejects and warnings go.
func Restore(resource *tree.Node, file []byte, parsed *questionbank.ParsedItem, read func(path string) ([]byte, error)) bool {
	var n *tree.Node
	for _, each := range resource.Find("metadata").All(NoteName) {
		if each.Space == Namespace {
			n = each
		}
	}
	if n == nil || n.Get("version") != "1" || n.Get("fingerprint") == "" || n.Get("fingerprint") != fingerprint(file) {
		return false
	}
	var c carried
	if err := json.Unmarshal([]byte(n.Content()), &c); err != nil || !slices.Contains(questionbank.Types[:], c.Content.Type) {
		return false
	}
	parsed.Files = files(resource, c.Content.Media, parsed.Files, read)
	parsed.Code, parsed.Type, parsed.Content = c.Code, string(c.Content.Type), c.Content
	parsed.Aspect = c.Content.Aspect()
	parsed.Rejects, parsed.Warnings = nil, nil
	return true
}

// files is what the item's media name: what the reader found already, and what
// only reasons or feedback show.
func files(resource *tree.Node, media []questionbank.Media, found []questionbank.File, read func(string) ([]byte, error)) []questionbank.File {
	var out []questionbank.File
	for _, m := range media {
		if i := slices.IndexFunc(found, func(f questionbank.File) bool { return f.Name == m.Name }); i >= 0 {
			out = append(out, found[i])
			continue
		}
		for _, f := range resource.All("file") {
			path := f.Get("href")
			if read == nil || questionbank.MediaName(unescaped(path)) != questionbank.MediaName(m.Name) {
				continue
			}
			if data, err := read(path); err == nil {
				out = append(out, questionbank.File{Name: m.Name, Data: data})
			}
			break
		}
	}
	return out
}
