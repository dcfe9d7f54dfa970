package xlsx

import (
	"slices"
	"strconv"
	"strings"

	"cakap/internal/sheet"
	"cakap/questionbank"
)

// fileSource is where a question's files may come from.
type fileSource struct {
	named    func(name, code string) ([]byte, bool) // of the .zip around the sheet
	pictures []picture                              // that lie on the question's own rows
}

// pictureNames is the files that the row names, with their descriptions.
func (r *row) pictureNames() (names, alts []string) {
	for name := range strings.FieldsFuncSeq(r.text(fMedia), func(c rune) bool { return c == '\n' || c == ';' }) {
		if name = strings.TrimSpace(name); name != "" {
			names = append(names, questionbank.MediaName(name))
		}
	}
	alts = strings.Split(r.text(fAlt), "\n")
	return names, append(alts, make([]string, len(names))...)
}

// media gives the content its files: those it names, those of its options, and
// those that lie on its rows.
func (r *row) media(c *questionbank.Content) {
	names, alts := r.pictureNames()
	for i, name := range names {
		if !r.available(name, fMedia) {
			continue
		}
		r.add(c, name, strings.TrimSpace(alts[i]), -1)
	}
	if !r.own {
		r.strangersMedia(c)
	}
	for _, p := range r.files.pictures {
		name := r.unused(c, p.name)
		r.found.Files = append(r.found.Files, questionbank.File{Name: name, Data: p.data})
		r.add(c, name, p.alt, p.option)
	}
	if r.own {
		r.attach(c)
	}
	for _, m := range c.Media {
		if m.Alt == "" {
			r.warn(invalid("questionbank.import.alt_missing", m.Name), fAlt)
		}
	}
}

// strangersMedia is the columns in which other programs name files.
func (r *row) strangersMedia(c *questionbank.Content) {
	named := func(field string, option int) {
		name := r.text(field)
		if !r.has(field) || name == "" {
			return
		}
		name = questionbank.MediaName(name)
		if r.available(name, field) {
			r.add(c, name, "", option)
		}
	}
	named(fMedia2, -1)
	for i := range strangeOptions {
		named(mediaFields[i], i)
	}
}

// available takes a file from around the sheet. In our own template a missing
// one is for the importer to judge, which may have it already.
func (r *row) available(name, field string) bool {
	if r.own {
		return true
	}
	data, ok := r.file(name)
	if !ok {
		r.warn(invalid("questionbank.import.media_missing", r.text(field)), field)
		return false
	}
	r.keep(name, data)
	return true
}

func (r *row) file(name string) ([]byte, bool) {
	if r.files.named == nil {
		return nil, false
	}
	return r.files.named(name, r.text(fCode))
}

func (r *row) keep(name string, data []byte) {
	if !slices.ContainsFunc(r.found.Files, func(f questionbank.File) bool { return f.Name == name }) {
		r.found.Files = append(r.found.Files, questionbank.File{Name: name, Data: data})
	}
}

// attach hands over the bytes of what the content names, as far as they are there.
func (r *row) attach(c *questionbank.Content) {
	for _, m := range c.Media {
		if slices.ContainsFunc(r.found.Files, func(f questionbank.File) bool { return f.Name == m.Name }) {
			continue
		}
		if data, ok := r.file(m.Name); ok {
			r.keep(m.Name, data)
		} else if r.At(fStem) != "" {
			r.warn(invalid("questionbank.xlsx.media_absent", m.Name), fMedia)
		}
	}
}

// add lists a file and shows it where no text does so yet: in the option, or
// below the stem.
func (r *row) add(c *questionbank.Content, name, alt string, option int) {
	if slices.ContainsFunc(c.Media, func(m questionbank.Media) bool { return m.Name == name }) {
		return
	}
	shown := slices.Contains(c.MediaNames(), name)
	c.Media = append(c.Media, questionbank.Media{Name: name, Alt: alt})
	if shown {
		return
	}
	link := questionbank.MediaLink(name, alt)
	if option >= 0 && len(c.Interactions) == 1 && option < len(c.Interactions[0].Options) {
		o := &c.Interactions[0].Options[option]
		if !o.Rich && !r.own {
			o.Text = questionbank.Markdown(o.Text)
		}
		o.Text, o.Rich = strings.TrimSpace(o.Text+"\n\n"+link), true
		return
	}
	c.Stem = strings.TrimSpace(c.Stem + "\n\n" + link)
}

// unused is a name that no other file of the item has.
func (r *row) unused(c *questionbank.Content, name string) string {
	base, ext := name, ""
	if i := strings.LastIndexByte(name, '.'); i > 0 {
		base, ext = name[:i], name[i:]
	}
	for n := 2; slices.ContainsFunc(c.Media, func(m questionbank.Media) bool { return m.Name == name }); n++ {
		name = base + "_" + strconv.Itoa(n) + ext
	}
	return name
}

// optionUnder is the option whose column a picture lies on, -1 for none.
func optionUnder(t *sheet.Table, column int) int {
	for i := range mostOptions {
		if at, ok := t.Column(optionField(i)); ok && at == column {
			return i
		}
	}
	return -1
}

// pictured reports whether an option is a picture, so that it needs no text.
func (r *row) pictured(i int) bool {
	if slices.ContainsFunc(r.files.pictures, func(p picture) bool { return p.option == i }) {
		return true
	}
	if r.own || i >= strangeOptions || !r.has(mediaFields[i]) {
		return false
	}
	name := r.text(mediaFields[i])
	if name == "" {
		return false
	}
	_, ok := r.file(questionbank.MediaName(name))
	return ok
}
