package qtiexport

import (
	"archive/zip"
	"cmp"
	"encoding/xml"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"cakap/internal/fault"
	"cakap/questionbank"
)

// Format21 writes packages of QTI 2.1.
func Format21() questionbank.Format { return format("qti21", v21) }

// Format30 writes packages of QTI 3.0.
func Format30() questionbank.Format { return format("qti30", v30) }

func format(name string, d dialect) questionbank.Format {
	return questionbank.Format{Name: name, Ext: ".zip", Write: func(w io.Writer, bank questionbank.Export) ([]*fault.Fault, error) {
		return write(w, bank, d)
	}}
}

// Namespaces, schemas and resource types of the manifest, by dialect.
var (
	manifestSpace = [...]string{"http://www.imsglobal.org/xsd/imscp_v1p1", "http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1"}
	schemaName    = [...]string{"QTIv2.1 Package", "QTI Package"}
	schemaVersion = [...]string{"1.0.0", "3.0.0"}
	resourceType  = [...]string{"imsqti_item_xmlv2p1", "imsqti_item_xmlv3p0"}
)

// archive is a package being written. Nothing in it depends on the time or on
// the order of a map, so the same items give the same bytes.
type archive struct {
	dialect
	zip       *zip.Writer
	bank      questionbank.Export
	resources *node
	written   map[string]bool // paths of media
	names     map[string]bool // identifiers of items, in lower case
	losses    []*fault.Fault
}

func write(w io.Writer, bank questionbank.Export, d dialect) ([]*fault.Fault, error) {
	a := &archive{dialect: d, zip: zip.NewWriter(w), bank: bank, resources: html("resources"), written: map[string]bool{}, names: map[string]bool{}}
	for i, item := range bank.Items {
		if err := a.item(i, item); err != nil {
			return a.losses, fmt.Errorf("write item %s: %w", item.Code, err)
		}
	}
	if err := a.file("imsmanifest.xml", a.manifest()); err != nil {
		return a.losses, fmt.Errorf("write manifest: %w", err)
	}
	if err := a.zip.Close(); err != nil {
		return a.losses, fmt.Errorf("close package: %w", err)
	}
	return a.losses, nil
}

func (a *archive) file(name string, data []byte) error {
	f, err := a.zip.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate})
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	return err
}

func (a *archive) item(i int, e questionbank.Exported) error {
	code := cmp.Or(e.Code, "item-"+strconv.Itoa(i+1))
	w := &writer{dialect: a.dialect, code: code, c: e.Content}
	if missing := w.cannot(); missing != "" {
		w.lose("questionbank.qtiexport.skipped", missing)
		a.losses = append(a.losses, w.losses...)
		return nil
	}
	var err error
	if w.paths, err = a.media(w); err != nil {
		return err
	}
	identifier := a.identifier(code)
	data := a.document(w.item(identifier))
	path := "items/" + identifier + ".xml"
	if err := a.file(path, data); err != nil {
		return err
	}
	a.losses = append(a.losses, w.losses...)
	a.resources.add(a.resource(identifier, path, data, w, e))
	return nil
}

// cannot names the kind of a part that a damaged item has; everything that
// Validate lets pass can be written.
func (w *writer) cannot() string {
	kinds := []questionbank.Kind{
		questionbank.ChoiceKind, questionbank.InlineKind, questionbank.TextKind, questionbank.NumberKind,
		questionbank.PairsKind, questionbank.OrderKind, questionbank.HotspotKind, questionbank.EssayKind,
	}
	for _, in := range w.c.Interactions {
		if !slices.Contains(kinds, in.Kind) {
			return cmp.Or(string(in.Kind), "?")
		}
	}
	return ""
}

// identifier makes an item's code a name that QTI and every file system take.
func (a *archive) identifier(code string) string {
	name := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '_' || r == '.' {
			return r
		}
		return '_'
	}, code)
	if !identifierPattern.MatchString(name) {
		name = "item_" + name
	}
	if len(name) > 60 {
		name = name[:60]
	}
	unique := name
	for n := 2; a.names[strings.ToLower(unique)]; n++ {
		unique = name + "_" + strconv.Itoa(n)
	}
	a.names[strings.ToLower(unique)] = true
	return unique
}

// media writes the files of an item that are not in the package yet. Two items
// may have different files of one name, so each stands in a folder of its hash.
func (a *archive) media(w *writer) (map[string]string, error) {
	paths := map[string]string{}
	for _, m := range w.c.Media {
		var data []byte
		err := error(nil)
		if len(m.SHA256) >= 12 && a.bank.Media != nil {
			data, err = a.bank.Media(m.SHA256)
		}
		if err != nil || data == nil {
			w.lose("questionbank.qtiexport.media", m.Name)
			continue
		}
		path := "media/" + m.SHA256[:12] + "/" + cmp.Or(questionbank.MediaName(m.Name), "_")
		paths[m.Name] = path
		if a.written[path] {
			continue
		}
		a.written[path] = true
		if err := a.file(path, data); err != nil {
			return nil, err
		}
	}
	return paths, nil
}

// resource is the item in the manifest: its file, its media, and what only
// Cakap understands.
func (a *archive) resource(identifier, path string, data []byte, w *writer, e questionbank.Exported) *node {
	r := html("resource", html("metadata", note(data, e))).
		with("identifier", "res-"+identifier, "type", resourceType[a.dialect], "href", path)
	r.add(html("file").with("href", path))
	for _, m := range w.c.Media {
		if p, ok := w.paths[m.Name]; ok {
			r.add(html("file").with("href", href(p)))
		}
	}
	return r
}

func (a *archive) manifest() []byte {
	root := html("manifest",
		html("metadata", html("schema", text(schemaName[a.dialect])), html("schemaversion", text(schemaVersion[a.dialect]))),
		html("organizations"), a.resources,
	).with("xmlns", manifestSpace[a.dialect], "identifier", "cakap")
	var b strings.Builder
	b.WriteString(xml.Header)
	v21.indented(&b, root, 0)
	return []byte(b.String())
}

// indented writes an element a line, for people; elements that hold text stay
// on their line.
func (d dialect) indented(b *strings.Builder, n *node, depth int) {
	pad := strings.Repeat("  ", depth)
	if len(n.kids) == 0 || n.mixed() {
		b.WriteString(pad)
		d.write(b, n, depth, false)
		b.WriteString("\n")
		return
	}
	b.WriteString(pad + "<" + n.name)
	for _, a := range n.attrs {
		b.WriteString(" " + a.name + `="` + escape(a.value) + `"`)
	}
	b.WriteString(">\n")
	for _, k := range n.kids {
		d.indented(b, k, depth+1)
	}
	b.WriteString(pad + "</" + n.name + ">\n")
}
