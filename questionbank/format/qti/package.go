package qti

import (
	"crypto/sha256"
	"net/url"
	"path"
	"slices"
	"strings"

	"cakap/internal/fault"
	"cakap/questionbank"
	"cakap/questionbank/format/pack"
	"cakap/questionbank/format/qti/rp"
	"cakap/questionbank/format/qtiexport"
	"cakap/questionbank/format/tree"
)

const manifestName = "imsmanifest.xml"

// reader reads the items of one package, or one item without any.
type reader struct {
	pack    *pack.Pack
	stimuli map[string]*tree.Node // parsed shared passages by path; nil for unreadable ones
}

// entry is a file of the package that may be an item.
type entry struct {
	name     string
	resource *tree.Node // in the manifest; nil for a file that it does not name
}

// readPackage reads every item file of a zip, in the manifest's order, then
// those that the manifest forgot. A package without any file of QTI 2 or 3 is
// somebody else's.
func readPackage(data []byte) (questionbank.Parsed, error) {
	zip, err := pack.Open(data)
	if err != nil {
		if !strings.Contains(string(data), manifestName) {
			return questionbank.Parsed{}, errNotOurs()
		}
		return questionbank.Parsed{}, err
	}
	r := &reader{pack: zip, stimuli: map[string]*tree.Node{}}
	parsed := questionbank.Parsed{Format: "qti", Items: []questionbank.ParsedItem{}}
	entries, ours := r.entries(&parsed)
	if !ours {
		return questionbank.Parsed{}, errNotOurs()
	}
	for _, e := range entries {
		r.read(e, &parsed)
	}
	return parsed, nil
}

// entries lists the item files, and reports whether the package is QTI 2 or 3
// at all.
func (r *reader) entries(parsed *questionbank.Parsed) ([]entry, bool) {
	var found []entry
	listed := map[string]bool{}
	ours := false
	for _, name := range r.pack.Names() {
		if strings.EqualFold(path.Base(name), manifestName) {
			entries, qti := r.manifest(name, parsed)
			ours = ours || qti
			found = append(found, entries...)
		}
	}
	seen := map[[sha256.Size]byte]string{}
	for _, e := range found {
		listed[e.name] = true
		if content, err := r.pack.Read(e.name); err == nil {
			seen[sha256.Sum256(content)] = e.name
		}
	}
	for _, name := range r.pack.Names() {
		if listed[name] || !strings.HasSuffix(strings.ToLower(name), ".xml") || strings.HasPrefix(path.Base(name), ".") {
			continue
		}
		content, err := r.pack.Read(name)
		if err != nil {
			continue // it is no item then either, and the manifest does not ask for it
		}
		switch root := rootName(content); {
		case isItem(root):
			ours = true
			if first, copied := seen[sha256.Sum256(content)]; copied {
				parsed.Messages = append(parsed.Messages, fault.New(fault.Conflict, "questionbank.qti.copy_skipped", first).Place(name))
				continue
			}
			found = append(found, entry{name: name})
		case isTest(root):
			ours = true
			r.test(name, content, parsed)
		}
	}
	return found, ours
}

// manifest lists the item resources of one manifest whose files are there, and
// reports whether it has any of QTI 2 or 3.
func (r *reader) manifest(name string, parsed *questionbank.Parsed) ([]entry, bool) {
	content, err := r.pack.Read(name)
	if err == nil {
		var root *tree.Node
		if root, err = tree.Parse(content); err == nil {
			return r.resources(name, root, parsed)
		}
	}
	parsed.Messages = append(parsed.Messages, placed(fault.Of(err), name))
	return nil, false
}

func (r *reader) resources(manifest string, root *tree.Node, parsed *questionbank.Parsed) ([]entry, bool) {
	var found []entry
	ours := false
	for _, res := range root.Descendants("resource") {
		kind := strings.ToLower(res.Get("type"))
		if !strings.HasPrefix(kind, "imsqti_") || strings.Contains(kind, "xmlv1p") {
			continue
		}
		ours = true
		files := []string{res.Get("href")}
		for _, f := range res.All("file") {
			files = append(files, f.Get("href"))
		}
		place := manifest + " " + tree.Place(res.Line)
		missing := map[string]bool{}
		for _, href := range files {
			full := inPackage(path.Dir(manifest), href)
			if href != "" && !remote(href) && !r.pack.Has(full) && !missing[href] {
				missing[href] = true
				parsed.Messages = append(parsed.Messages, fault.New(fault.Invalid, "questionbank.qti.manifest_missing", href).Place(place))
			}
		}
		if full := inPackage(path.Dir(manifest), files[0]); strings.Contains(kind, "item") && r.pack.Has(full) {
			name := r.actual(full)
			if !slices.ContainsFunc(found, func(e entry) bool { return e.name == name }) {
				found = append(found, entry{name, res})
			}
		}
		r.dependencies(root, res, place, parsed)
	}
	return found, ours
}

// dependencies reports what a resource needs and the manifest does not have.
func (r *reader) dependencies(root, res *tree.Node, place string, parsed *questionbank.Parsed) {
	for _, d := range res.All("dependency") {
		ref := d.Get("identifierref")
		known := slices.ContainsFunc(root.Descendants("resource"), func(n *tree.Node) bool { return n.Get("identifier") == ref })
		if !known {
			parsed.Messages = append(parsed.Messages, fault.New(fault.Invalid, "questionbank.qti.dependency_missing", ref).Place(place))
		}
	}
}

// test says what of a test definition is not taken, and which items it names in
// vain.
func (r *reader) test(name string, content []byte, parsed *questionbank.Parsed) {
	root, err := tree.Parse(content)
	if err != nil {
		parsed.Messages = append(parsed.Messages, placed(fault.Of(err), name))
		return
	}
	rp.Normalise(root)
	if root.Name == "assessmentStimulus" {
		return // read where an item refers to it
	}
	parsed.Messages = append(parsed.Messages, fault.New(fault.Unsupported, "questionbank.qti.test_ignored", root.Get("title")).Place(name))
	for _, ref := range root.Descendants("assessmentItemRef") {
		if href := ref.Get("href"); !r.pack.Has(inPackage(path.Dir(name), href)) {
			parsed.Messages = append(parsed.Messages,
				fault.New(fault.Invalid, "questionbank.qti.manifest_missing", href).Place(name+" "+tree.Place(ref.Line)))
		}
	}
}

// read adds one item; one whose file cannot be read becomes a message.
func (r *reader) read(e entry, parsed *questionbank.Parsed) {
	content, err := r.pack.Read(e.name)
	if err == nil {
		var item questionbank.ParsedItem
		if item, err = r.item(content, e.name); err == nil {
			if e.resource != nil {
				r.metadata(e.resource, content, &item)
			}
			parsed.Items = append(parsed.Items, item)
			return
		}
	}
	parsed.Messages = append(parsed.Messages, placed(fault.Of(err), e.name))
}

// metadata adds what the manifest says of an item: everything, where it is an
// unchanged item of Cakap's; else its keywords.
func (r *reader) metadata(resource *tree.Node, content []byte, item *questionbank.ParsedItem) {
	if qtiexport.Restore(resource, content, item, r.pack.Read) {
		return
	}
	for _, keyword := range resource.Find("metadata").Descendants("keyword") {
		if word := strings.TrimSpace(keyword.Content()); word != "" {
			item.Content.Tags = append(item.Content.Tags, word)
		}
	}
}

// placed puts the file's name before the line that a fault names.
func placed(f *fault.Fault, name string) *fault.Fault {
	if f == nil {
		return fault.New(fault.Invalid, "questionbank.zip.damaged").Place(name)
	}
	if f.At != name && !strings.HasPrefix(f.At, name) {
		f.At = strings.TrimSpace(name + " " + f.At)
	}
	return f
}

// actual is the name of the file that the package opens for a path.
func (r *reader) actual(full string) string {
	plain, err := url.PathUnescape(full)
	if err != nil {
		plain = full
	}
	names := r.pack.Names()
	for _, name := range []string{full, plain} {
		if slices.Contains(names, name) {
			return name
		}
	}
	if i := slices.IndexFunc(names, func(n string) bool { return strings.EqualFold(n, plain) }); i >= 0 {
		return names[i]
	}
	return full
}

// inPackage is the place of an address in the package, "" for one outside.
func inPackage(dir, href string) string {
	if i := strings.IndexAny(href, "?#"); i >= 0 {
		href = href[:i]
	}
	full := path.Join("/", dir, strings.ReplaceAll(href, `\`, "/"))
	return strings.TrimPrefix(full, "/")
}

func remote(href string) bool {
	u, err := url.Parse(href)
	return err == nil && u.Scheme != "" || strings.HasPrefix(href, "//")
}
