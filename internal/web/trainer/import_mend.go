package trainer

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"cakap/internal/fault"
	"cakap/internal/web/kit"
	"cakap/questionbank"
)

// uploaded is one question of an upload.
type uploaded struct {
	questionbank.Upload
	parsed *questionbank.Parsed
	n      int // from 1
}

func (q uploaded) item() questionbank.ParsedItem { return q.parsed.Items[q.n-1] }

// question is the one of the address.
func (d Deps) question(c *kit.Ctx) (uploaded, error) {
	u, err := d.ownUpload(c)
	if err != nil {
		return uploaded{}, err
	}
	parsed, err := d.read(u)
	if err != nil {
		return uploaded{}, err
	}
	n := number(c.Param("n"))
	if n < 1 || n > len(parsed.Items) {
		return uploaded{}, fault.New(fault.NotFound, "questionbank.no_item")
	}
	return uploaded{u, parsed, n}, nil
}

// mendForm opens a question of an upload in the editor, with what was found at
// its fields.
func (d Deps) mendForm(c *kit.Ctx) (kit.Response, error) {
	e, found, err := d.mending(c)
	if err != nil {
		return nil, err
	}
	page := edited(c, e.place, draftOf(e.base))
	if found.Outcome == questionbank.Rejected {
		if errs, ok := kit.FormErrors(fault.Join(unplacedAll(found.Messages))); ok {
			page.Errors = errs
		}
	}
	return kit.HTML("trainer/ubah", page), d.look(c, page, e.base)
}

// unplacedAll are messages without the cells of the file, and without the
// field of the code: the form has neither.
func unplacedAll(faults []*fault.Fault) []*fault.Fault {
	all := make([]*fault.Fault, len(faults))
	for i, f := range faults {
		bare := *f
		if bare.At = ""; bare.Field == "code" {
			bare.Field = ""
		}
		all[i] = &bare
	}
	return all
}

// mend keeps a mended question with its upload. It is saved with the others.
func (d Deps) mend(c *kit.Ctx) (kit.Response, error) {
	e, _, err := d.mending(c)
	if err != nil {
		return nil, err
	}
	return d.save(c, e)
}

// mending is the editor of one question of an upload.
func (d Deps) mending(c *kit.Ctx) (editing, questionbank.ItemReport, error) {
	q, err := d.question(c)
	if err != nil {
		return editing{}, questionbank.ItemReport{}, err
	}
	found, err := d.found(c.Context(), q)
	if err != nil {
		return editing{}, found, err
	}
	if err := d.keepFiles(c, q, &found.Content); err != nil {
		return editing{}, found, err
	}
	if !slices.Contains(questionbank.Types[:], found.Content.Type) {
		found.Content.Type = questionbank.Single // the form has to begin with something
	}
	here, from := uploadAddress(c, q.ID), narrowed(c.Query("dari"))
	e := editing{base: following(found.Content), place: place{
		Heading: fmt.Sprintf("Perbaiki soal nomor %d", q.n), Part: kit.SectionImport, Action: fromAddress(fmt.Sprintf("%s/soal/%d", here, q.n), from),
		Back: reportAddress(here, from, 1), Save: "Simpan perbaikan", Hint: hintOf(q, found),
	}}
	e.store = func(ctx context.Context, content questionbank.Content) (string, string, error) {
		content = content.Normalise()
		if err := content.Validate(); err != nil {
			return "", "", err
		}
		choices := q.UploadChoices
		choices.Mended = maps.Clone(choices.Mended)
		if choices.Mended == nil {
			choices.Mended = map[int]questionbank.Content{}
		}
		choices.Mended[q.n] = content
		choices.Skip = slices.DeleteFunc(slices.Clone(choices.Skip), func(n int) bool { return n == q.n })
		if err := d.Bank.ChangeUpload(ctx, c.Actor(), q.ID, choices); err != nil {
			return "", "", err
		}
		return reportAddress(here, from, 1), fmt.Sprintf("Perbaikan soal nomor %d disimpan bersama unggahan ini. Soalnya belum masuk bank.", q.n), nil
	}
	return e, found, nil
}

// fromAddress remembers which part of the report led here.
func fromAddress(at, from string) string {
	if from == "" {
		return at
	}
	return at + "?dari=" + from
}

// hintOf says where the question stands and what to look at besides its errors.
func hintOf(q uploaded, found questionbank.ItemReport) string {
	text := fmt.Sprintf("%s, %s. Perbaikan disimpan bersama unggahan ini; soal baru masuk bank setelah Anda menyimpan impornya.", q.File, q.item().At)
	if found.Outcome == questionbank.Warned {
		for _, f := range found.Messages {
			text += " " + unplaced(f)
		}
	}
	return text
}

// keepFiles stores the files that came with a question, as the editor can show
// only what is stored, and names them in its content. One that cannot be stored
// is told among the errors of the question.
func (d Deps) keepFiles(c *kit.Ctx, q uploaded, content *questionbank.Content) error {
	for _, f := range q.item().Files {
		i := slices.IndexFunc(content.Media, func(m questionbank.Media) bool { return m.Name == f.Name })
		if i < 0 {
			continue
		}
		own := content.Media[i]
		if own.SHA256 != "" {
			if _, err := d.Bank.Media(c.Context(), own.SHA256); err == nil {
				continue // stored when it was opened before
			}
		}
		m, _, err := d.Bank.SaveMedia(c.Context(), c.Actor(), f.Name, f.Data)
		if fault.Of(err) != nil {
			continue
		}
		if err != nil {
			return err
		}
		if own.SHA256 == "" || own.SHA256 == m.SHA256 {
			m.Name, m.Alt = own.Name, own.Alt
			content.Media[i] = m
		}
	}
	return nil
}
