package trainer

import (
	"bytes"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"cakap/internal/fault"
	"cakap/internal/locale"
	"cakap/internal/web/kit"
	"cakap/questionbank"
	"cakap/questionbank/format/xlsx"
	"cakap/scoring"
)

// What to do with a file.
const (
	modeCheck = "periksa" // look, save nothing
	modeReady = "siap"    // save what is not rejected
	modeAll   = "semua"   // save all or none
	modeNotes = "catatan" // give the workbook back with the verdicts in it
)

// importPage is the upload form, and what the last file came to.
type importPage struct {
	kit.Base
	Aspects []choice
	Groups  []group
	Mode    string
	Formats []string
	Report  *report
	MaxSize int64
}

// report is a file's verdicts in words.
type report struct {
	File, Format string
	Saved        bool
	DryRun       bool
	Headline     string
	Items        int
	Ready        int // accepted
	Warned       int
	Rejected     int
	Same         int // of the accepted, those that the bank holds already
	Types        string
	Homeless     int // ready, but nobody has said what they are about
	Bars         []bar
	Messages     []string
	Problems     []itemVerdict
	Fine         []itemVerdict
	More         int // problems and fine ones beyond what is shown
}

// bar is a part of the strip at the top of the report.
type bar struct {
	Class    string
	X, Width string
}

// itemVerdict is what became of one question.
type itemVerdict struct {
	At, Title, Type, Aspect string
	Tag                     tag
	Action                  string
	Messages                []placed
}

// placed is a message with the cell it is about.
type placed struct{ At, Text string }

// maxVerdicts is how many questions of each kind the page lists: more than
// anybody reads on a screen, and little enough for a phone.
const maxVerdicts = 300

func (d Deps) importPage(c *kit.Ctx, aspect scoring.Aspect, indicator, mode string) *importPage {
	p := &importPage{
		Base: c.Base("Impor soal").In(kit.SectionImport), Aspects: aspectChoices(aspect), Groups: indicatorGroups(indicator),
		Mode: mode, MaxSize: questionbank.MaxFile,
	}
	for _, f := range d.Bank.Formats {
		p.Formats = append(p.Formats, formatName(f.Name))
	}
	return p
}

// formatName is how people call the files of a format: by their endings.
func formatName(name string) string {
	if name == "xlsx" {
		return ".xlsx dan .csv" // one reader for both
	}
	return name
}

func (d Deps) importForm(c *kit.Ctx) (kit.Response, error) {
	return kit.HTML("trainer/impor", d.importPage(c, scoring.Total, "", modeCheck)), nil
}

// importFile checks or saves an upload. Nothing of it is kept between two
// requests: to save after a check, the same file is sent again.
func (d Deps) importFile(c *kit.Ctx) (kit.Response, error) {
	req, mode, err := importRequest(c)
	page := d.importPage(c, req.Aspect, req.Indicator, mode)
	var found questionbank.Report
	if err == nil {
		found, err = d.Bank.Import(c.Context(), req)
	}
	if err == nil && mode == modeNotes {
		var noted kit.Response
		if noted, err = annotated(req, found); err == nil {
			return noted, nil
		}
	}
	if err != nil {
		errs, ok := kit.FormErrors(err)
		if !ok {
			return nil, err
		}
		for i := range errs {
			if errs[i].Field == "" {
				errs[i].Field = "berkas"
			}
		}
		page.Errors = errs
		return kit.Refused("trainer/impor", page), nil
	}
	page.Report = reported(found, req.DryRun)
	if page.Report.Ask() {
		page.Mode = modeReady // the next step
	}
	return kit.HTML("trainer/impor", page), nil
}

func importRequest(c *kit.Ctx) (questionbank.ImportRequest, string, error) {
	req := questionbank.ImportRequest{Actor: c.Actor(), Indicator: c.Form("indikator")}
	mode := c.Form("mode")
	if a, err := scoring.ParseAspect(c.Form("aspek")); err == nil {
		req.Aspect = a
	}
	if _, known := questionbank.StandardFramework().Indicator(req.Indicator); req.Indicator != "" && !known {
		return req, modeCheck, fault.New(fault.Invalid, "trainer.import_indicator").On("indikator")
	}
	if !slices.Contains([]string{modeCheck, modeReady, modeAll, modeNotes}, mode) {
		return req, modeCheck, fault.New(fault.Invalid, "trainer.import_mode").On("mode")
	}
	req.DryRun, req.AllOrNothing = mode == modeCheck || mode == modeNotes, mode == modeAll
	name, body, err := c.Upload("berkas")
	req.File, req.Content = name, body
	return req, mode, err
}

// annotated is the uploaded workbook with the verdicts in it. It is made before
// the answer begins, so that a workbook nobody can write into is refused in
// the form.
func annotated(req questionbank.ImportRequest, found questionbank.Report) (kit.Response, error) {
	var out bytes.Buffer
	if err := xlsx.Annotate(&out, req.File, req.Content, found, words); err != nil {
		return nil, err
	}
	name := strings.TrimSuffix(req.File, path.Ext(req.File)) + "_catatan.xlsx"
	return workbook(name, func(w io.Writer) error {
		_, err := out.WriteTo(w)
		return err
	}), nil
}

// words is a message in Indonesian.
func words(f *fault.Fault) string { return locale.Fault(f) }

// savable is how many questions a commit would save or keep.
func (r *report) savable() int { return r.Ready + r.Warned }

// Ask reports whether the check found something that could be saved now.
func (r *report) Ask() bool { return r.DryRun && r.savable() > 0 }

// reported puts a report into words.
func reported(found questionbank.Report, dryRun bool) *report {
	counts, texts := found.Counts(), found.JSON(words)
	r := &report{
		File: found.File, Format: found.Format, Saved: found.Saved, DryRun: dryRun, Items: counts.Items,
		Ready: counts.Accepted, Warned: counts.Warned, Rejected: counts.Rejected, Types: typeCounts(counts.ByType),
	}
	for _, m := range texts.FileMessages {
		r.Messages = append(r.Messages, m.Text)
	}
	for i, item := range found.Items {
		if item.Action == questionbank.ActionSame {
			r.Same++
		}
		if slices.ContainsFunc(item.Messages, func(f *fault.Fault) bool { return f.Key == "questionbank.import.no_aspect" }) {
			r.Homeless++
		}
		r.add(item, texts.Items[i].Messages)
	}
	r.Headline, r.Bars = r.headline(), r.bars()
	return r
}

func (r *report) add(item questionbank.ItemReport, messages []questionbank.MessageJSON) {
	v := itemVerdict{At: item.At, Title: item.Title, Type: typeName(questionbank.Type(item.Type)), Aspect: aspectCode(item.Aspect), Tag: outcomeTag(item.Outcome, r.Saved), Action: r.action(item)}
	for _, m := range messages {
		place := m.At
		if place == item.At {
			place = ""
		}
		v.Messages = append(v.Messages, placed{place, m.Text})
	}
	list := &r.Problems
	if item.Outcome == questionbank.Accepted {
		list = &r.Fine
	}
	if len(*list) == maxVerdicts {
		r.More++
		return
	}
	*list = append(*list, v)
}

func aspectCode(a scoring.Aspect) string {
	if !a.Valid() {
		return ""
	}
	return a.Code()
}

func outcomeTag(o questionbank.Outcome, saved bool) tag {
	switch {
	case o == questionbank.Rejected:
		return tag{"ex bad", "Ditolak"}
	case o == questionbank.Warned:
		return tag{"tri warn", "Peringatan"}
	case saved:
		return tag{"check", "Tersimpan"}
	default:
		return tag{"check", "Siap"}
	}
}

// action says what saving did, or would do.
func (r *report) action(item questionbank.ItemReport) string {
	code := item.Code
	switch {
	case item.Action == questionbank.ActionSame:
		return "Sudah ada, sama dengan " + code
	case item.Action == questionbank.ActionRevised && r.Saved:
		return "Versi baru dari " + code
	case item.Action == questionbank.ActionRevised:
		return "Akan menjadi versi baru dari " + code
	case item.Action == questionbank.ActionNew && r.Saved:
		return "Soal baru " + code
	case item.Action == questionbank.ActionNew:
		return "Akan menjadi soal baru"
	default:
		return "Tidak masuk"
	}
}

// headline is the finding in a sentence.
func (r *report) headline() string {
	switch {
	case r.Items == 0:
		return "Tidak ada soal di berkas ini"
	case r.Saved && r.savable() == r.Same:
		return "Tidak ada yang baru: soalnya sudah ada di bank"
	case r.Saved:
		return fmt.Sprintf("%s tersimpan sebagai draf", count(r.savable()-r.Same))
	case !r.DryRun:
		return fmt.Sprintf("Tidak ada yang disimpan: %s ditolak", count(r.Rejected))
	default:
		return fmt.Sprintf("%s dari %s siap disimpan", locale.Int(r.savable()), count(r.Items))
	}
}

// bars is the strip: ready, warned and rejected as shares of all.
func (r *report) bars() []bar {
	var all []bar
	at := 0
	for _, part := range []struct {
		n     int
		class string
	}{{r.Ready, "c-bar"}, {r.Warned, "c-warn"}, {r.Rejected, "c-bad"}} {
		if part.n == 0 {
			continue
		}
		width := part.n * 1000 / r.Items
		all = append(all, bar{Class: part.class, X: permille(at), Width: permille(width)})
		at += width
	}
	return all
}

// permille writes 933 as "93.3%", the way SVG reads it.
func permille(n int) string { return fmt.Sprintf("%d.%d%%", n/10, n%10) }

func typeCounts(by map[string]int) string {
	kinds := make([]string, 0, len(by))
	for kind := range by {
		kinds = append(kinds, kind)
	}
	slices.Sort(kinds)
	for i, kind := range kinds {
		name := typeName(questionbank.Type(kind))
		if kind == "" {
			name = "tipe tidak dikenal"
		}
		kinds[i] = fmt.Sprintf("%s %s", name, locale.Int(by[kind]))
	}
	return strings.Join(kinds, ", ")
}
