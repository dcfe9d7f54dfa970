package docx

import (
	"path"
	"strings"

	"cakap/questionbank"
	"cakap/questionbank/format/pack"
	"cakap/questionbank/format/text"
	"cakap/questionbank/format/tree"
)

// document is a Word file and what its parts say about one another.
type document struct {
	pack     *pack.Pack
	main     string
	rels     map[string]relation
	counters counters
	pictures map[string]*text.Picture // by part, so that one shown twice is read once
	refused  map[string]string        // likewise, and why
	taken    int                      // bytes of pictures
}

type relation struct {
	target   string
	external bool
}

// maxPictures is how many bytes of pictures one document may bring.
const maxPictures = 64 << 20

// find looks for the main part; files that Word did not write may call it
// something else.
func (d *document) find() bool {
	if d.pack.Has(d.main) {
		return true
	}
	data, err := d.pack.Read("_rels/.rels")
	if err != nil {
		return false
	}
	root, err := tree.Parse(data)
	if err != nil {
		return false
	}
	for _, r := range root.All("Relationship") {
		target := strings.TrimPrefix(r.Get("Target"), "/")
		if strings.HasSuffix(r.Get("Type"), "/officeDocument") && strings.HasPrefix(target, "word/") && d.pack.Has(target) {
			d.main = target
			return true
		}
	}
	return false
}

// part reads one of the small parts beside the main one; nil where it is not
// there.
func (d *document) part(name string) (*tree.Node, error) {
	if !d.pack.Has(name) {
		return nil, nil //nolint:nilnil // a part that is not there says nothing, and a nil node says so
	}
	data, err := d.pack.Read(name)
	if err != nil {
		return nil, err
	}
	return tree.Parse(data)
}

// support reads relationships, styles and numbering.
func (d *document) support() error {
	dir, base := path.Split(d.main)
	rels, err := d.part(dir + "_rels/" + base + ".rels")
	if err != nil {
		return err
	}
	d.rels, d.pictures, d.refused = map[string]relation{}, map[string]*text.Picture{}, map[string]string{}
	for _, r := range rels.All("Relationship") {
		target := r.Get("Target")
		if strings.HasPrefix(target, "/") {
			target = strings.TrimPrefix(target, "/")
		} else {
			target = path.Join(dir, target)
		}
		d.rels[r.Get("Id")] = relation{target, strings.EqualFold(r.Get("TargetMode"), "External")}
	}
	numbering, err := d.part(dir + "numbering.xml")
	if err != nil {
		return err
	}
	styles, err := d.part(dir + "styles.xml")
	if err != nil {
		return err
	}
	d.counters = newCounters(numbering, styles)
	return nil
}

// picture reads the file of a relationship. why says what stands against it.
func (d *document) picture(id string) (p *text.Picture, why string) {
	rel, ok := d.rels[id]
	switch {
	case !ok:
		return nil, "questionbank.docx.picture_missing"
	case rel.external:
		return nil, "questionbank.docx.picture_linked"
	}
	if known, ok := d.pictures[rel.target]; ok {
		return known, ""
	}
	if why, known := d.refused[rel.target]; known {
		return nil, why
	}
	if p, why = d.load(rel.target); why != "" {
		d.refused[rel.target] = why
		return nil, why
	}
	d.pictures[rel.target] = p
	return p, ""
}

func (d *document) load(target string) (p *text.Picture, why string) {
	if d.taken > maxPictures {
		return nil, "questionbank.docx.pictures_large"
	}
	data, err := d.pack.Read(target)
	if err != nil {
		return nil, "questionbank.docx.picture_missing"
	}
	d.taken += len(data)
	ext := kindOf(data)
	switch {
	case ext == "":
		return nil, "questionbank.docx.picture_kind"
	case d.taken > maxPictures:
		return nil, "questionbank.docx.pictures_large"
	}
	name := questionbank.MediaName(target)
	if !strings.Contains(name, ".") {
		name += ext
	}
	return &text.Picture{Name: name, Data: data}, ""
}

// kindOf knows the pictures that browsers show by how they begin.
func kindOf(data []byte) string {
	switch head := string(data[:min(len(data), 8)]); {
	case strings.HasPrefix(head, "\x89PNG\r\n\x1a\n"):
		return ".png"
	case strings.HasPrefix(head, "\xff\xd8\xff"):
		return ".jpg"
	case strings.HasPrefix(head, "GIF87a"), strings.HasPrefix(head, "GIF89a"):
		return ".gif"
	}
	return ""
}
