package xlsx

import (
	"path"
	"slices"
	"strings"

	"cakap/internal/fault"
	"cakap/internal/sheet"
	"cakap/questionbank"
	"cakap/questionbank/format/pack"
)

// source is an opened file: a sheet, alone or in a .zip with the files that it
// names.
type source struct {
	book    *sheet.Book
	content []byte // of the sheet itself
	files   fileSource
	around  *around // nil where the sheet came alone
	parts   *pack.Pack
}

// open looks into a .zip for the one sheet in it; whatever else comes is for
// package sheet to judge.
func open(in questionbank.Input) (*source, error) {
	s := &source{content: in.Content}
	name := in.Name
	if p, err := pack.Open(in.Content); pack.IsZip(in.Content) && err == nil {
		inner := sheetsIn(p)
		switch {
		case len(inner) > 1:
			return nil, invalid("questionbank.xlsx.zip_many", strings.Join(inner[:2], ", "))
		case len(inner) == 1:
			if s.content, err = p.Read(inner[0]); err != nil {
				return nil, err
			}
			name = path.Base(inner[0])
			s.around = newAround(p, inner[0])
			s.files.named = s.around.find
		}
	}
	var err error
	s.book, err = sheet.OpenBytes(name, s.content, sheet.Limits{Bytes: questionbank.MaxFile})
	return s, err
}

// sheetsIn lists the sheets in a package that is neither a workbook itself nor
// of another format.
func sheetsIn(p *pack.Pack) []string {
	for _, own := range []string{"[Content_Types].xml", "xl/workbook.xml", "xl/workbook.bin", "content.xml", "imsmanifest.xml", "word/document.xml"} {
		if p.Has(own) {
			return nil
		}
	}
	var found []string
	for _, name := range p.Names() {
		if slices.Contains([]string{".xlsx", ".xls", ".csv", ".tsv"}, strings.ToLower(path.Ext(name))) {
			found = append(found, name)
		}
	}
	return found
}

// Together the files of one upload may not take more memory than this.
const maxFiles = 96 << 20

// around is the files of a .zip beside the sheet.
type around struct {
	pack   *pack.Pack
	byName map[string][]string // as items call them → entries
	read   map[string][]byte
	size   int
	asked  map[string]bool
}

func newAround(p *pack.Pack, inner string) *around {
	a := &around{pack: p, byName: map[string][]string{}, read: map[string][]byte{}, asked: map[string]bool{}}
	for _, entry := range p.Names() {
		if entry != inner {
			name := questionbank.MediaName(entry)
			a.byName[name] = append(a.byName[name], entry)
		}
	}
	return a
}

// find reads the file that an item calls name. Two items may call different
// files so; then each has its own in a folder of its code.
func (a *around) find(name, code string) ([]byte, bool) {
	entries := a.byName[name]
	if len(entries) == 0 {
		return nil, false
	}
	entry := entries[0] // the one nearest to the top, unless a folder has the code
	for _, e := range entries {
		if code != "" && path.Base(path.Dir(e)) == folderOf(code) {
			entry = e
			break
		}
		if strings.Count(e, "/") < strings.Count(entry, "/") {
			entry = e
		}
	}
	a.asked[entry] = true
	if data, ok := a.read[entry]; ok {
		return data, true
	}
	data, err := a.pack.Read(entry)
	if err != nil || a.size+len(data) > maxFiles {
		return nil, false
	}
	a.size += len(data)
	a.read[entry] = data
	return data, true
}

// folderOf is an item's own folder for files.
func folderOf(code string) string { return questionbank.MediaName(strings.ReplaceAll(code, "/", "_")) }

// unused says which files of the .zip no question names.
func (s *source) unused() []*fault.Fault {
	if s.around == nil {
		return nil
	}
	var left []string
	for _, entries := range s.around.byName {
		for _, e := range entries {
			if !s.around.asked[e] {
				left = append(left, e)
			}
		}
	}
	if len(left) == 0 {
		return nil
	}
	slices.Sort(left)
	const most = 10
	if len(left) > most {
		left = append(left[:most], "…")
	}
	return []*fault.Fault{invalid("questionbank.xlsx.files_unused", strings.Join(left, ", "))}
}
