package trainer

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"cakap/internal/fault"
	"cakap/internal/locale"
	"cakap/internal/web/kit"
	"cakap/questionbank"
	"cakap/questionbank/format/xlsx"
)

// maxExport is how many items a page writes into one file; the command line
// writes more.
const maxExport = 20_000

// exportPage lets somebody choose a format, and tells what it cannot carry
// before anything is downloaded.
type exportPage struct {
	kit.Base
	selection
	N       int
	More    bool // there may be more than N
	Formats []formatChoice
	Checked bool
	Format  string // chosen
	Name    string // of the format
	Items   int    // with something lost
	Losses  []loss
	Rest    int      // losses that are not listed
	Live    []string // codes of the events that are open: a file needs a reason
	Reason  string
}

// formatChoice is a format that files can be written in.
type formatChoice struct {
	choice
	Hint string
}

// loss is something that a format cannot carry, of one item or of many.
type loss struct {
	Text  string
	Codes []string // of the first items
	N     int
}

// Rest is how many items are not named.
func (l loss) Rest() int { return l.N - len(l.Codes) }

// How much a page lists; the report has all.
const (
	someLosses = 100
	someCodes  = 12
)

func writtenName(format string) (name, hint string) {
	switch format {
	case "xlsx":
		return "Excel Cakap (.xlsx)", "Lengkap untuk semua tipe; dapat diubah lalu diimpor kembali. Soal bergambar menjadi .zip."
	case "csv":
		return "CSV Cakap (.csv)", "Kolom yang sama seperti Excel, sebagai teks."
	case "gift":
		return "GIFT (.gift)", "Teks untuk Moodle, tanpa gambar."
	case "moodlexml":
		return "Moodle XML (.xml)", "Untuk Moodle, dengan gambar, umpan balik, dan nilai per jawaban."
	case "qti21":
		return "QTI 2.1 (.zip)", "Untuk TAO dan sistem lain yang membaca QTI."
	case "qti30":
		return "QTI 3.0 (.zip)", "Untuk sistem baru yang membaca QTI 3."
	case "aiken":
		return "Aiken (.txt)", "Teks sederhana; hanya pilihan ganda satu kunci."
	case "tcexam":
		return "TCExam (.xml)", "Untuk TCExam."
	default:
		return format, ""
	}
}

// exportForm begins with the format that carries all.
func (d Deps) exportForm(c *kit.Ctx) (kit.Response, error) {
	l, _, err := d.lensOf(c, c.Query)
	if err != nil {
		return nil, err
	}
	page := d.exporting(c, selection{Whole: true, Query: l.values().Encode()}, "")
	if err := d.live(c, page); err != nil {
		return nil, err
	}
	found, err := d.Bank.List(c.Context(), l.Filter)
	page.N, page.More = found.Total, found.More
	return kit.HTML("trainer/ekspor", page), err
}

func (d Deps) exporting(c *kit.Ctx, s selection, format string) *exportPage {
	p := &exportPage{Base: c.Base("Ekspor soal").In(kit.SectionBank), selection: s, Format: format}
	for i, f := range d.Bank.Writable() {
		name, hint := writtenName(f)
		p.Formats = append(p.Formats, formatChoice{choice{Value: f, Text: name, Chosen: f == format || format == "" && i == 0}, hint})
	}
	return p
}

// exportStep is what a button of the form asks for: to choose for another
// selection, to check, or to have the file.
func (d Deps) exportStep(c *kit.Ctx) (kit.Response, error) {
	page := d.exporting(c, selected(c), c.Form("format"))
	if err := d.live(c, page); err != nil {
		return nil, err
	}
	req, err := d.exportRequest(c, page)
	act := c.Form("aksi")
	if err == nil && act == "ekspor" { // from the list: choose first
		return kit.HTML("trainer/ekspor", page), nil
	}
	if err == nil && !slices.Contains(d.Bank.Writable(), req.Format) {
		err = fault.New(fault.Invalid, "trainer.export_format").On("format")
	}
	var refused error
	if err == nil && (act == "unduh" || act == "unduh-laporan") {
		if refused = page.reasoned(); refused == nil {
			return d.download(c, page, req, act == "unduh-laporan")
		}
	}
	if err == nil {
		err = errors.Join(refused, d.tryExport(c, page, req))
	}
	if err == nil {
		return kit.HTML("trainer/ekspor", page), nil
	}
	errs, ok := kit.FormErrors(err)
	if !ok {
		return nil, err
	}
	page.Errors = errs
	return kit.Refused("trainer/ekspor", page), nil
}

// exportRequest is what the page's selection asks the bank for; it counts the
// items on the way.
func (d Deps) exportRequest(c *kit.Ctx, page *exportPage) (questionbank.ExportRequest, error) {
	req := questionbank.ExportRequest{Format: page.Format, Actor: c.Actor()}
	if !page.Whole {
		all, err := d.targets(c, page.selection)
		for _, t := range all {
			req.Items = append(req.Items, t.Item)
		}
		page.N = len(req.Items)
		if err == nil && page.N == 0 {
			err = fault.New(fault.Invalid, "trainer.bulk_none")
		}
		return req, err
	}
	l, stale, err := d.lensOf(c, carried(page.Query))
	if err != nil {
		return req, err
	}
	if stale {
		return req, fault.New(fault.Invalid, "trainer.bulk_stale")
	}
	req.Filter = l.Filter
	found, err := d.Bank.List(c.Context(), l.Filter)
	page.N, page.More = found.Total, found.More
	switch {
	case err == nil && page.N == 0:
		err = fault.New(fault.Invalid, "questionbank.export.none")
	case err == nil && page.N > maxExport:
		err = fault.New(fault.Invalid, "trainer.export_many", maxExport)
	}
	return req, err
}

// tryExport writes the file to nowhere, to see what the format cannot carry.
// Nothing leaves, so the audit trail hears nothing of it.
func (d Deps) tryExport(c *kit.Ctx, page *exportPage, req questionbank.ExportRequest) error {
	bank := questionbank.Export{Media: func(sha256 string) ([]byte, error) {
		m, err := d.Bank.Media(c.Context(), sha256)
		return m.Data, err
	}}
	add := func(r questionbank.Revision) error {
		bank.Items = append(bank.Items, questionbank.Exported{Code: r.Code, Content: r.Content})
		return nil
	}
	for _, id := range req.Items {
		item, err := d.Bank.Item(c.Context(), id)
		if err == nil {
			err = add(item.Latest())
		}
		if err != nil {
			return err
		}
	}
	if len(req.Items) == 0 {
		if err := d.Bank.Export(c.Context(), req.Filter, add); err != nil {
			return err
		}
	}
	i := slices.IndexFunc(d.Bank.Formats, func(f questionbank.Format) bool { return f.Name == req.Format && f.Write != nil })
	losses, err := d.Bank.Formats[i].Write(io.Discard, bank)
	if err != nil {
		return err
	}
	page.N, page.More = len(bank.Items), false
	page.check(losses)
	return nil
}

// check notes what a trial has lost. Formats say the same of most items, so
// the items stand together by what they lose.
func (p *exportPage) check(losses []*fault.Fault) {
	p.Checked = true
	p.Name, _ = writtenName(p.Format)
	codes, places := map[string]bool{}, map[string]int{}
	for _, f := range losses {
		code, text := lossOf(f)
		codes[code] = true
		at, found := places[text]
		if !found {
			at = len(p.Losses)
			places[text] = at
			p.Losses = append(p.Losses, loss{Text: text})
		}
		l := &p.Losses[at]
		l.N++
		if code != "" && len(l.Codes) < someCodes {
			l.Codes = append(l.Codes, code)
		}
	}
	p.Items, p.Rest = len(codes), max(len(p.Losses)-someLosses, 0)
	p.Losses = p.Losses[:len(p.Losses)-p.Rest]
}

// lossOf takes the item's code out of the words: it has its own column.
func lossOf(f *fault.Fault) (code, text string) {
	bare := *f
	bare.At = ""
	return f.At, locale.Fault(&bare)
}

// download sends the file, with keys: the bank writes that into the audit
// trail. With a report it is a zip of both.
func (d Deps) download(c *kit.Ctx, page *exportPage, req questionbank.ExportRequest, report bool) (kit.Response, error) {
	mark, err := d.watermark(c, page.Live)
	if err != nil {
		return nil, err
	}
	if len(page.Live) > 0 {
		req.Reason = page.Reason
	}
	e, err := d.Bank.ExportFile(c.Context(), req)
	if err != nil {
		return nil, err
	}
	stem := "BankSoal_Cakap_" + c.Now().In(locale.Zone("")).Format("20060102")
	if !report {
		ext := markedExt(e.Ext, mark)
		return kit.File{Name: stem + ext, Type: fileType(ext), Write: func(w io.Writer) error {
			return writeMarked(w, stem, e.Ext, mark, func(w io.Writer) error {
				_, err := e.Write(w)
				return err
			})
		}}, nil
	}
	return kit.File{Name: stem + "_laporan.zip", Type: kit.ZIP, Write: func(w io.Writer) error {
		return writeMarked(w, stem, ".zip", mark, func(w io.Writer) error { return withReport(w, stem+e.Ext, e) })
	}}, nil
}

// withReport writes a zip of the file and of what its format could not carry.
func withReport(w io.Writer, name string, e questionbank.Exporting) error {
	z := zip.NewWriter(w)
	entry, err := z.Create(name)
	if err != nil {
		return err
	}
	losses, err := e.Write(entry)
	if err != nil {
		return err
	}
	if entry, err = z.Create("laporan.txt"); err != nil {
		return err
	}
	if _, err := io.WriteString(entry, lossReport(name, e.Items, losses)); err != nil {
		return err
	}
	return z.Close()
}

// lossReport is the report beside the file, for whoever takes it over.
func lossReport(name string, items int, losses []*fault.Fault) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s.\n", name, count(items))
	if len(losses) == 0 {
		b.WriteString("Semua isi soal terbawa.\n")
		return b.String()
	}
	fmt.Fprintf(&b, "%s tidak terbawa sepenuhnya:\n\n", locale.Int(len(losses))+" bagian")
	for _, f := range losses {
		code, text := lossOf(f)
		fmt.Fprintf(&b, "%s\t%s\n", code, text)
	}
	return b.String()
}

// fileType is the kind of a file by its ending.
func fileType(ext string) string {
	switch ext {
	case ".xlsx":
		return kit.XLSX
	case ".zip":
		return kit.ZIP
	case ".csv":
		return kit.CSV
	case ".xml":
		return "application/xml"
	default:
		return kit.TEXT
	}
}

func blank(*kit.Ctx) (kit.Response, error) {
	return workbook("Templat_Soal_Cakap.xlsx", xlsx.Template), nil
}

func workbook(name string, write func(io.Writer) error) kit.Response {
	return kit.File{Name: name, Type: kit.XLSX, Write: write}
}
