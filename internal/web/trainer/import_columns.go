package trainer

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"

	"cakap/internal/web/kit"
	"cakap/questionbank"
	"cakap/questionbank/format/xlsx"
)

// columnsPage is where somebody says what the columns of a spreadsheet are.
type columnsPage struct {
	kit.Base
	Here, File string
	Sheets     []sheetView
	Chosen     bool // differs from what was found
	Lost       int  // mended questions that a new arrangement forgets
}

// sheetView is one sheet.
type sheetView struct {
	I            int
	Name, Layout string
	Header       string // row of the titles
	Columns      []columnView
}

// Field is the name of the sheet's field for the row of the titles.
func (s sheetView) Field() string { return fmt.Sprintf("judul_%d", s.I) }

// columnView is one column with the first of what is in it.
type columnView struct {
	Field, Letters, Title string
	Samples               []string
	Choices               []choice
}

// unused is a column that is left out, in Input.Columns.
const unused = "-"

// sheetFormats are what the reader of spreadsheets calls what it read.
var sheetFormats = []string{"xlsx", "xls", "ods", "csv", "tsv"}

// mappable reports whether an upload is a spreadsheet whose columns can be
// arranged, whatever its titles are.
func (d Deps) mappable(u questionbank.Upload) bool {
	ends := strings.TrimPrefix(strings.ToLower(path.Ext(u.File)), ".")
	if !slices.Contains(sheetFormats, ends) || u.Format != "" && u.Format != "xlsx" {
		return false
	}
	found, err := xlsx.Preview(questionbank.Input{Name: u.File, Content: u.Content, Columns: u.Columns})
	return err == nil && slices.ContainsFunc(found.Sheets, func(s xlsx.SheetMapping) bool { return len(s.Columns) > 0 })
}

func (d Deps) importColumns(c *kit.Ctx) (kit.Response, error) {
	u, err := d.ownUpload(c)
	if err != nil {
		return nil, err
	}
	found, err := mapping(u)
	if err != nil {
		return nil, err
	}
	page := arranged(c, u, found)
	if _, err := d.read(u); err != nil { // why this page was opened
		errs, ok := kit.FormErrors(err)
		if !ok {
			return nil, err
		}
		page.Errors = onto(errs, "kolom")
	}
	return kit.HTML("trainer/imporkolom", page), nil
}

func mapping(u questionbank.Upload) (xlsx.Mapping, error) {
	return xlsx.Preview(questionbank.Input{Name: u.File, Content: u.Content, Columns: u.Columns})
}

// onto gives errors without a field one, so that the summary leads there.
func onto(errs kit.Errors, field string) kit.Errors {
	for i := range errs {
		errs[i].Field = field
	}
	return errs
}

func arranged(c *kit.Ctx, u questionbank.Upload, found xlsx.Mapping) *columnsPage {
	page := &columnsPage{
		Base: c.Base("Atur kolom").In(kit.SectionImport), Here: uploadAddress(c, u.ID), File: u.File,
		Sheets: sheetViews(found), Chosen: len(u.Columns) > 0, Lost: len(u.Mended),
	}
	return page
}

func sheetViews(found xlsx.Mapping) []sheetView {
	var all []sheetView
	for i, s := range found.Sheets {
		v := sheetView{I: i, Name: s.Name, Layout: layoutText(s.Layout), Header: strconv.Itoa(s.Header)}
		for j, col := range s.Columns {
			one := columnView{Field: columnField(i, j), Letters: col.Letters, Title: col.Title, Samples: col.Samples}
			for _, f := range xlsx.Fields() {
				one.Choices = append(one.Choices, choice{Value: f.Name, Text: f.Label, Chosen: f.Name == col.Field})
			}
			v.Columns = append(v.Columns, one)
		}
		all = append(all, v)
	}
	return all
}

func columnField(sheet, column int) string { return fmt.Sprintf("kolom_%d_%d", sheet, column) }

func layoutText(layout string) string {
	switch layout {
	case "template":
		return "Templat Cakap"
	case "rows":
		return "Satu soal per baris"
	case "qa":
		return "Satu soal beberapa baris"
	default:
		return "Belum dikenali"
	}
}

// importArrange reads the file with the columns that somebody chose, and keeps
// them if it can be read so. What was mended or left out belonged to other
// questions then, and is forgotten.
func (d Deps) importArrange(c *kit.Ctx) (kit.Response, error) {
	u, err := d.ownUpload(c)
	if err != nil {
		return nil, err
	}
	found, err := mapping(u)
	if err != nil {
		return nil, err
	}
	before := u.Columns
	if c.Form("aksi") == "bawaan" {
		u.Columns = nil
	} else {
		u.Columns = differing(found, before, c.Form)
	}
	parsed, err := d.Bank.Parse(questionbank.Input{Name: u.File, Content: u.Content, Columns: u.Columns}, u.Format)
	if err != nil {
		errs, ok := kit.FormErrors(err)
		if !ok {
			return nil, err
		}
		if now, err := mapping(u); err == nil {
			found = now
		}
		page := arranged(c, u, found)
		page.asked(c.Form)
		page.Errors = onto(errs, "kolom")
		return kit.Refused("trainer/imporkolom", page), nil
	}
	if !maps.Equal(before, u.Columns) {
		u.Mended, u.Skip = nil, nil
	}
	if err := d.Bank.ChangeUpload(c.Context(), c.Actor(), u.ID, u.UploadChoices); err != nil {
		return nil, err
	}
	d.checks.read(u, parsed)
	c.Flash("Susunan kolom dipakai. Hasil periksa diperbarui.")
	return kit.Redirect(uploadAddress(c, u.ID)), nil
}

// asked shows a refused form as it was sent.
func (p *columnsPage) asked(form func(string) string) {
	for i, s := range p.Sheets {
		if row := form(s.Field()); row != "" {
			p.Sheets[i].Header = row
		}
		for _, col := range s.Columns {
			for k := range col.Choices {
				col.Choices[k].Chosen = col.Choices[k].Value == form(col.Field)
			}
		}
	}
}

// differing adds to what was chosen before what the form says otherwise than
// was found. The rest stays found by its titles: a layout of ours, or one that
// takes several rows for a question, knows more than single columns say.
func differing(found xlsx.Mapping, before map[string]string, form func(string) string) map[string]string {
	now := maps.Clone(before)
	if now == nil {
		now = map[string]string{}
	}
	for i, s := range found.Sheets {
		view := sheetView{I: i}
		if row := form(view.Field()); row != "" && row != strconv.Itoa(s.Header) {
			now[s.Name+"!#"] = row
		}
		for j, col := range s.Columns {
			field := form(columnField(i, j))
			if field == col.Field {
				continue
			}
			if field == "" {
				field = unused
			}
			now[col.Key] = field
		}
	}
	return now
}

// mappedKind reports whether what was read came out of columns.
func mappedKind(format string) bool { return slices.Contains(sheetFormats, format) }
