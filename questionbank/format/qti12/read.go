package qti12

import (
	"bytes"
	"path"
	"regexp"
	"slices"
	"strings"

	"cakap/internal/fault"
	"cakap/questionbank"
	"cakap/questionbank/format/pack"
	"cakap/questionbank/format/tree"
)

// Format reads QTI 1.2 and its kin; it writes nothing, as 2.1 and 3.0 say more.
func Format() questionbank.Format {
	return questionbank.Format{Name: "qti12", Ext: ".zip", Read: read}
}

// maxQuestions is far beyond any bank, and keeps memory in bounds.
const maxQuestions = 50_000

func tooMany() error {
	return fault.New(fault.TooLarge, "questionbank.import.too_many", maxQuestions)
}

// reader collects the questions of one upload.
type reader struct {
	parsed questionbank.Parsed
	pack   *pack.Pack // nil where the upload is one file
	file   string     // the file of the package that is being read
	budget int        // conditions that may still be judged
}

// judgements bounds what running the conditions of one upload may cost. An
// honest question takes some thousands.
const judgements = 10_000_000

func read(in questionbank.Input) (questionbank.Parsed, error) {
	r := &reader{budget: judgements, parsed: questionbank.Parsed{Format: "qti12", Encoding: "utf-8"}}
	switch {
	case pack.IsZip(in.Content):
		return r.readPack(in.Content)
	case isQuestions(in.Content):
		if err := r.readXML(in.Content); err != nil {
			return questionbank.Parsed{}, err
		}
	case isUpload(in.Content):
		if bytes.Count(in.Content, []byte("\n")) > maxQuestions {
			return questionbank.Parsed{}, tooMany()
		}
		r.readUpload(in.Content)
	default:
		return questionbank.Parsed{}, fault.New(fault.Unsupported, "questionbank.qti12.other_kind")
	}
	if len(r.parsed.Items) == 0 {
		r.parsed.Messages = append(r.parsed.Messages, fault.New(fault.Invalid, "questionbank.qti12.no_items"))
	}
	return r.parsed, nil
}

// sniffed is how much of a file may stand before its root element: classic
// files begin with a long document type.
const sniffed = 64 << 10

var root = regexp.MustCompile(`^<(?:[A-Za-z0-9_]+:)?(questestinterop|POOL)[\s>/]`)

func isQuestions(data []byte) bool {
	head := data[:min(len(data), sniffed)]
	if bytes.HasPrefix(head, []byte("\xff\xfe")) || bytes.HasPrefix(head, []byte("\xfe\xff")) {
		head = bytes.ReplaceAll(head, []byte{0}, nil)
	}
	head = bytes.TrimPrefix(head, []byte("\xef\xbb\xbf"))
	return root.Match(bytes.TrimLeft(markup.ReplaceAll(head, nil), " \t\r\n\xff\xfe"))
}

// markup is what may stand before the root.
var markup = regexp.MustCompile(`(?s)<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^\[>]*(\[.*?\]\s*)?>`)

func (r *reader) readPack(data []byte) (questionbank.Parsed, error) {
	p, err := pack.Open(data)
	if err != nil {
		return questionbank.Parsed{}, err
	}
	r.pack = p
	files := map[string][]byte{}
	var names []string
	for _, name := range p.Names() {
		switch strings.ToLower(path.Ext(name)) {
		case ".xml", ".qti", ".dat":
			content, err := p.Read(name)
			if err == nil && isQuestions(content) {
				files[name], names = content, append(names, name)
			}
		}
	}
	if len(names) == 0 {
		return questionbank.Parsed{}, fault.New(fault.Unsupported, "questionbank.qti12.other_kind")
	}
	for _, name := range r.ordered(withoutCopies(names)) {
		r.file = name
		if err := r.readXML(files[name]); err != nil {
			f := fault.Of(err)
			if f == nil {
				return questionbank.Parsed{}, err
			}
			broken := *f
			broken.At = strings.TrimSpace(name + " " + f.At)
			r.parsed.Messages = append(r.parsed.Messages, &broken)
		}
	}
	if len(r.parsed.Items) == 0 && len(r.parsed.Messages) == 0 {
		r.parsed.Messages = append(r.parsed.Messages, fault.New(fault.Invalid, "questionbank.qti12.no_items"))
	}
	return r.parsed, nil
}

// withoutCopies drops the Common Cartridge copy of each quiz that Canvas also
// wrote in its own words: those say more.
func withoutCopies(names []string) []string {
	return slices.DeleteFunc(slices.Clone(names), func(name string) bool {
		own := "non_cc_assessments/" + path.Base(path.Dir(name)) + ".xml.qti"
		return path.Base(name) == "assessment_qti.xml" && slices.ContainsFunc(names, func(n string) bool { return n == own || strings.HasSuffix(n, "/"+own) })
	})
}

// ordered sorts the files as the manifest names them, and says which of them it
// names that are not there.
func (r *reader) ordered(names []string) []string {
	i := slices.IndexFunc(r.pack.Names(), func(n string) bool { return path.Base(n) == "imsmanifest.xml" })
	if i < 0 {
		return names
	}
	at := r.pack.Names()[i]
	data, err := r.pack.Read(at)
	if err != nil {
		return names
	}
	manifest, err := tree.Parse(data)
	if err != nil {
		r.parsed.Messages = append(r.parsed.Messages, fault.New(fault.Invalid, "questionbank.qti12.manifest").Place(at))
		return names
	}
	place := map[string]int{}
	for _, res := range manifest.Descendants("resource") {
		hrefs := []string{res.Get("href"), res.Get("file")} // Blackboard's is "file"
		for _, f := range res.All("file") {
			hrefs = append(hrefs, f.Get("href"))
		}
		for _, h := range hrefs {
			name := path.Join(path.Dir(at), h)
			if h == "" {
				continue
			}
			if _, known := place[name]; !known {
				place[name] = len(place)
			}
			if !r.pack.Has(name) && strings.Contains(res.Get("type"), "qti") {
				r.parsed.Messages = append(r.parsed.Messages, fault.New(fault.NotFound, "questionbank.zip.missing", h).Place(at))
			}
		}
	}
	slices.SortStableFunc(names, func(a, b string) int {
		pa, okA := place[a]
		pb, okB := place[b]
		switch {
		case okA && okB:
			return pa - pb
		case okA:
			return -1
		case okB:
			return 1
		}
		return strings.Compare(a, b)
	})
	return names
}

func (r *reader) readXML(data []byte) error {
	root, err := tree.Parse(data)
	if err != nil {
		return err
	}
	questions := 0
	root.Walk(func(n *tree.Node) bool {
		if n.Name == "item" || strings.HasPrefix(n.Name, "QUESTION_") {
			questions++
		}
		return true
	})
	if questions > maxQuestions {
		return tooMany()
	}
	if root.Name == "POOL" {
		r.readPool(root)
		return nil
	}
	r.section(root, "")
	return nil
}

// section reads the questions of an assessment, section or bank; their titles
// are the category.
func (r *reader) section(n *tree.Node, category string) {
	for _, k := range n.Elements() {
		switch k.Name {
		case "item":
			r.item(k, category)
		case "assessment", "section", "objectbank":
			name := k.Get("title")
			if name == "" {
				name = metadata(k)["bank_title"]
			}
			r.section(k, join(category, name))
		}
	}
}

func join(category, name string) string {
	name = strings.ReplaceAll(strings.TrimSpace(name), "/", "-")
	if category == "" || name == "" {
		return category + name
	}
	return category + "/" + name
}

// at is where a line is, as reports call it.
func (r *reader) at(line int) string {
	if r.file == "" {
		return tree.Place(line)
	}
	return r.file + " " + tree.Place(line)
}
