package trainer

import (
	"net/http"
	"unicode/utf8"

	"cakap/internal/access"
	"cakap/internal/fault"
	"cakap/internal/web/kit"
	"cakap/questionbank"
	"cakap/scoring"
)

// Kinds of the sealed ids in these addresses.
const (
	uploadKind = "upload"
	batchKind  = "batch"
)

// importRoutes are the steps of an import: choose a file, check it, mend what
// is wrong, save, and take back. Judging a large file takes a while.
func (d Deps) importRoutes() []kit.Route {
	edit := access.BankEdit
	return []kit.Route{
		{Method: http.MethodGet, Path: "/bank/impor", Action: edit, Handle: d.importForm},
		{Method: http.MethodPost, Path: "/bank/impor", Action: edit, Handle: d.importFile, MaxBody: uploadLimit, Slow: true},
		{Method: http.MethodGet, Path: "/bank/impor/:upload", Action: edit, Handle: d.importReport, Slow: true},
		{Method: http.MethodPost, Path: "/bank/impor/:upload", Action: edit, Handle: d.importChoose, Slow: true},
		{Method: http.MethodGet, Path: "/bank/impor/:upload/kolom", Action: edit, Handle: d.importColumns, Slow: true},
		{Method: http.MethodPost, Path: "/bank/impor/:upload/kolom", Action: edit, Handle: d.importArrange, Slow: true},
		{Method: http.MethodGet, Path: "/bank/impor/:upload/unduh", Action: edit, Handle: d.importNotes, Slow: true},
		{Method: http.MethodGet, Path: "/bank/impor/:upload/soal/:n", Action: edit, Handle: d.mendForm, Slow: true},
		{Method: http.MethodPost, Path: "/bank/impor/:upload/soal/:n", Action: edit, Handle: d.mend, MaxBody: editLimit, Slow: true},
		{Method: http.MethodGet, Path: "/bank/impor/:upload/soal/:n/lihat", Action: edit, Handle: d.importLook, Slow: true},
		{Method: http.MethodGet, Path: "/bank/impor/:upload/soal/:n/berkas/:k", Action: edit, Handle: d.importPicture, Slow: true},
		{Method: http.MethodPost, Path: "/bank/impor/:upload/simpan", Action: edit, Handle: d.importSave, Slow: true},
		{Method: http.MethodPost, Path: "/bank/impor/:upload/batal", Action: edit, Handle: d.importDrop},
		{Method: http.MethodGet, Path: "/bank/impor/hasil/:batch", Action: edit, Handle: d.importDone},
		{Method: http.MethodPost, Path: "/bank/impor/hasil/:batch/ajukan", Action: edit, Handle: d.importSubmit, Slow: true},
		{Method: http.MethodPost, Path: "/bank/impor/hasil/:batch/urungkan", Action: edit, Handle: d.importUndo, Slow: true},
	}
}

// importPage is the form that takes a file, or text from the clipboard.
type importPage struct {
	kit.Base
	Aspects []choice
	Groups  []group
	Kinds   []choice // of files, for who knows better than we guess
	Names   []string // the same, for the hint
	Text    string   // pasted
	MaxSize int64
}

func (d Deps) importPage(c *kit.Ctx, u questionbank.Upload, text string) *importPage {
	p := &importPage{
		Base: c.Base("Impor soal").In(kit.SectionImport), Aspects: aspectChoices(u.Aspect), Groups: indicatorGroups(u.Indicator),
		Text: text, MaxSize: questionbank.MaxFile,
	}
	for _, f := range d.Bank.Formats {
		if f.Read != nil {
			name := formatName(f.Name)
			p.Kinds = append(p.Kinds, choice{Value: f.Name, Text: name, Chosen: f.Name == u.Format})
			p.Names = append(p.Names, name)
		}
	}
	return p
}

func (d Deps) importForm(c *kit.Ctx) (kit.Response, error) {
	return kit.HTML("trainer/impor", d.importPage(c, questionbank.Upload{}, "")), nil
}

// importFile keeps what was sent and goes on to what it came to. What nobody
// can read at all is refused in the form and not kept.
func (d Deps) importFile(c *kit.Ctx) (kit.Response, error) {
	u, err := d.incoming(c)
	if err == nil {
		var next string
		if next, err = d.receive(c, u); err == nil {
			return kit.Redirect(next), nil
		}
	}
	errs, ok := kit.FormErrors(err)
	if !ok {
		return nil, err
	}
	page := d.importPage(c, u, c.Form("teks"))
	field := "berkas"
	if page.Text != "" {
		field = "teks"
	}
	for i := range errs {
		if errs[i].Field == "" {
			errs[i].Field = field
		}
	}
	page.Errors = errs
	return kit.Refused("trainer/impor", page), nil
}

// pastedName is what pasted text is called where a file has its name.
const pastedName = "Teks tempelan.txt"

// maxName is how much of a file's name is kept.
const maxName = 200

// incoming is the upload that the form describes.
func (d Deps) incoming(c *kit.Ctx) (questionbank.Upload, error) {
	u := questionbank.Upload{Actor: c.Actor()}
	name, body, err := c.Upload("berkas")
	missing := fault.Of(err) != nil && fault.Of(err).Key == "web.file_missing"
	text := c.Form("teks")
	u.Indicator, u.Format = c.Form("indikator"), c.Form("jenis")
	u.Aspect = aspectOf(c.Form("aspek"))
	switch {
	case !knownIndicator(u.Indicator):
		u.Indicator = ""
		return u, fault.New(fault.Invalid, "trainer.import_indicator").On("indikator")
	case text != "" && missing:
		u.File, u.Content = pastedName, []byte(text)
	case err != nil:
		return u, err
	case text != "":
		return u, fault.New(fault.Invalid, "trainer.import_both").On("teks")
	default:
		u.File, u.Content = shorten(name, maxName), body
	}
	return u, nil
}

// aspectOf reads a code of the form; Total where there is none.
func aspectOf(code string) scoring.Aspect {
	if a, err := scoring.ParseAspect(code); err == nil {
		return a
	}
	return scoring.Total
}

// knownIndicator is true of "" too.
func knownIndicator(code string) bool {
	_, known := questionbank.StandardFramework().Indicator(code)
	return known || code == ""
}

func shorten(s string, most int) string {
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most-1]) + "…"
}

// receive keeps an upload and says where it goes on: to its report, or to its
// columns where the titles of a sheet tell nobody what they are.
func (d Deps) receive(c *kit.Ctx, u questionbank.Upload) (string, error) {
	parsed, refused := d.Bank.Parse(questionbank.Input{Name: u.File, Content: u.Content}, u.Format)
	if refused != nil && (fault.Of(refused) == nil || !d.mappable(u)) {
		if fault.KindOf(refused) == fault.Unsupported && u.Format == "" {
			return "", fault.New(fault.Unsupported, "trainer.import_unknown").Because(refused)
		}
		return "", refused
	}
	var err error
	if u.ID, err = d.Bank.KeepUpload(c.Context(), u); err != nil {
		return "", err
	}
	next := uploadAddress(c, u.ID)
	if refused == nil {
		d.checks.read(u, parsed)
	} else {
		next += "/kolom"
	}
	return next, nil
}

func uploadAddress(c *kit.Ctx, id int64) string { return "/bank/impor/" + c.Seal(uploadKind, id) }

// ownUpload is the one of the address, if it is this person's.
func (d Deps) ownUpload(c *kit.Ctx) (questionbank.Upload, error) {
	id, err := c.ID(uploadKind, "upload")
	if err != nil {
		return questionbank.Upload{}, err
	}
	return d.Bank.Upload(c.Context(), c.Actor(), id)
}

// formatName is how people call the files of a format.
func formatName(name string) string {
	switch name {
	case "xlsx":
		return "Excel atau CSV (.xlsx, .xls, .csv)"
	case "docx":
		return "Word (.docx)"
	case "text":
		return "Teks bernomor atau tempelan dari Word (.txt)"
	case "aiken":
		return "Aiken (.txt)"
	case "cloze":
		return "Teks rumpang Moodle (Cloze)"
	case "gift":
		return "GIFT"
	case "moodle", "moodlexml":
		return "Moodle XML"
	case "qti":
		return "QTI 2 atau 3"
	case "qti12":
		return "QTI 1.2: Canvas, Common Cartridge, Blackboard"
	case "tcexam":
		return "TCExam"
	case "jsonsoal", "json":
		return "JSON"
	default:
		return name
	}
}
