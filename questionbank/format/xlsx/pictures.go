package xlsx

import (
	"path"
	"strconv"
	"strings"

	"cakap/internal/fault"
	"cakap/internal/sheet"
	"cakap/questionbank"
	"cakap/questionbank/format/pack"
	"cakap/questionbank/format/tree"
)

// picture is one that lies on a sheet, by the cell its upper left corner is in.
type picture struct {
	row, column int // row from 1, column from 0
	option      int // whose cell it lies on, -1 for none
	name, alt   string
	data        []byte
}

// pictureSet is the pictures of a sheet that no question has taken yet.
type pictureSet struct {
	left []picture
	old  int // of an .xls, where nobody reads them
}

// take gives away those on rows first to last.
func (p *pictureSet) take(first, last int) []picture {
	if len(p.left) == 0 {
		return nil
	}
	var taken, left []picture
	for _, each := range p.left {
		if each.row >= first && each.row <= last {
			taken = append(taken, each)
		} else {
			left = append(left, each)
		}
	}
	p.left = left
	return taken
}

// lost says which pictures lie on no question's row.
func (p *pictureSet) lost(book *sheet.Book, s sheet.Sheet) []*fault.Fault {
	var found []*fault.Fault
	for _, each := range p.left {
		found = append(found, invalid("questionbank.xlsx.picture_lost", each.name).Place(book.At(s, each.row, each.column)))
	}
	if p.old > 0 {
		found = append(found, invalid("questionbank.xlsx.pictures_old", p.old).Place(s.Name))
	}
	return found
}

// pictures finds what lies on a sheet. A drawing that cannot be read loses its
// pictures and nothing else.
func (s *source) pictures(sh sheet.Sheet) (*pictureSet, error) {
	set := &pictureSet{old: s.book.OldPictures(sh)}
	if s.book.Format != "xlsx" {
		return set, nil
	}
	if s.parts == nil {
		p, err := pack.Open(s.content)
		if err != nil {
			return set, nil //nolint:nilerr // package sheet has read it; what only pack refuses costs the pictures
		}
		s.parts = p
	}
	for _, drawing := range s.drawings(sh.Name) {
		set.left = append(set.left, s.drawn(drawing)...)
	}
	return set, nil
}

// relations is what a part refers to, by id, of one kind ("drawing"), or all for "".
func (s *source) relations(part, kind string) map[string]string {
	found := map[string]string{}
	root := s.xml(path.Join(path.Dir(part), "_rels", path.Base(part)+".rels"))
	for _, rel := range root.All("Relationship") {
		if rel.Get("TargetMode") == "External" || kind != "" && path.Base(rel.Get("Type")) != kind {
			continue
		}
		target := rel.Get("Target")
		if !strings.HasPrefix(target, "/") {
			target = path.Join(path.Dir(part), target)
		}
		found[rel.Get("Id")] = strings.TrimPrefix(target, "/")
	}
	return found
}

// xml is a part's tree; an empty one where there is none.
func (s *source) xml(part string) *tree.Node {
	if !s.parts.Has(part) {
		return &tree.Node{}
	}
	data, err := s.parts.Read(part)
	if err != nil {
		return &tree.Node{}
	}
	root, err := tree.Parse(data)
	if err != nil {
		return &tree.Node{}
	}
	return root
}

const workbookPart = "xl/workbook.xml"

func (s *source) drawings(name string) []string {
	hasMedia := false
	for _, part := range s.parts.Names() {
		hasMedia = hasMedia || strings.HasPrefix(part, "xl/media/")
	}
	if !hasMedia {
		return nil
	}
	sheets := s.relations(workbookPart, "worksheet")
	for _, sh := range s.xml(workbookPart).Descendants("sheet") {
		if sh.Get("name") != name {
			continue
		}
		var parts []string
		for _, drawing := range s.relations(sheets[sh.Get("id")], "drawing") {
			parts = append(parts, drawing)
		}
		return parts
	}
	return nil
}

func (s *source) drawn(drawing string) []picture {
	images := s.relations(drawing, "image")
	var found []picture
	size := 0
	for _, anchor := range s.xml(drawing).Elements() {
		row, errRow := strconv.Atoi(strings.TrimSpace(anchor.Find("from", "row").Content()))
		column, errColumn := strconv.Atoi(strings.TrimSpace(anchor.Find("from", "col").Content()))
		if errRow != nil || errColumn != nil {
			continue
		}
		for _, pic := range anchor.Descendants("pic") {
			blips := pic.Descendants("blip")
			if len(blips) == 0 {
				continue
			}
			part := images[blips[0].Get("embed")]
			data, err := s.parts.Read(part)
			if size += len(data); err != nil || size > maxFiles {
				continue
			}
			alt := pic.Find("nvPicPr", "cNvPr").Get("descr")
			found = append(found, picture{row: row + 1, column: column, option: -1, name: questionbank.MediaName(part), alt: strings.TrimSpace(alt), data: data})
		}
	}
	return found
}
