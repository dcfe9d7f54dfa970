package trainer

import (
	"bytes"
	"fmt"
	"io"
	"net/url"
	"path"
	"slices"
	"strings"
	"time"

	"cakap/internal/fault"
	"cakap/internal/web/kit"
	"cakap/questionbank"
	"cakap/questionbank/format/xlsx"
)

// What to do with an upload.
const (
	modeReady = "siap"  // save what is not rejected
	modeAll   = "semua" // save all or none
)

// importSave saves the questions of an upload as drafts. Where some were
// refused the upload stays, so that they can be mended without sending the
// file again; what was saved is then left out.
func (d Deps) importSave(c *kit.Ctx) (kit.Response, error) {
	u, err := d.ownUpload(c)
	if err != nil {
		return nil, err
	}
	mode := c.Form("mode")
	if mode != modeReady && mode != modeAll {
		return nil, fault.New(fault.Malformed, "trainer.import_mode")
	}
	parsed, err := d.read(u)
	if err != nil {
		return d.unreadable(c, u, err)
	}
	req := request(u, parsed)
	req.AllOrNothing = mode == modeAll
	report, err := d.Bank.Import(c.Context(), req)
	if err != nil {
		return nil, err
	}
	rejected := report.Counts().Rejected
	here := uploadAddress(c, u.ID)
	if !report.Saved || report.Batch == 0 && rejected > 0 {
		c.Flash("Tidak ada yang disimpan: " + count(rejected) + " ditolak.")
		return kit.Redirect(reportAddress(here, onlyRejected, 1)), d.kept(c, u, report)
	}
	next := "/bank/impor"
	if report.Batch != 0 {
		next += "/hasil/" + c.Seal(batchKind, report.Batch)
	} else {
		c.Flash("Tidak ada yang baru: soalnya sudah ada di bank.")
	}
	if rejected == 0 {
		d.checks.forget(u.ID)
		return kit.Redirect(next), d.Bank.DropUpload(c.Context(), c.Actor(), u.ID)
	}
	return kit.Redirect(address(next, url.Values{"unggahan": {c.Seal(uploadKind, u.ID)}})), d.kept(c, u, report)
}

// kept leaves what was saved out of an upload that goes on.
func (d Deps) kept(c *kit.Ctx, u questionbank.Upload, report questionbank.Report) error {
	d.checks.stale(u.ID)
	if !report.Saved {
		return nil
	}
	choices := u.UploadChoices
	for _, item := range report.Items {
		if item.Outcome == questionbank.Accepted || item.Outcome == questionbank.Warned {
			choices.Skip = append(choices.Skip, item.N)
		}
	}
	slices.Sort(choices.Skip)
	choices.Skip = slices.Compact(choices.Skip)
	return d.Bank.ChangeUpload(c.Context(), c.Actor(), u.ID, choices)
}

// importDrop forgets an upload that its owner does not want.
func (d Deps) importDrop(c *kit.Ctx) (kit.Response, error) {
	u, err := d.ownUpload(c)
	if err != nil {
		return nil, err
	}
	if err := d.Bank.DropUpload(c.Context(), c.Actor(), u.ID); err != nil {
		return nil, err
	}
	d.checks.forget(u.ID)
	c.Flash("Unggahan dihapus. Tidak ada yang disimpan.")
	return kit.Redirect("/bank/impor"), nil
}

// importNotes is the uploaded workbook with the verdicts in it. It is made
// before the answer begins, so that a workbook nobody can write into is refused
// in words.
func (d Deps) importNotes(c *kit.Ctx) (kit.Response, error) {
	u, err := d.ownUpload(c)
	if err != nil {
		return nil, err
	}
	_, report, err := d.judged(c.Context(), u)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := xlsx.Annotate(&out, u.File, u.Content, *report, words); err != nil {
		if f := fault.Of(err); f != nil {
			c.Flash(words(f))
			return kit.Redirect(uploadAddress(c, u.ID)), nil
		}
		return nil, err
	}
	name := strings.TrimSuffix(u.File, path.Ext(u.File)) + "_catatan.xlsx"
	return workbook(name, func(w io.Writer) error {
		_, err := out.WriteTo(w)
		return err
	}), nil
}

// donePage is an import that was saved.
type donePage struct {
	kit.Base
	questionbank.ImportBatch
	Here    string
	When    string
	Saved   int  // questions that became drafts
	MayUndo bool // within its day
	Until   string
	Rest    string // address of what was refused, "" for nothing
	Listed  string // address of the drafts in the bank
	Drafts  int    // that can be sent to review
	Rows    []savedRow
	Pager   []link
}

// savedRow is a draft of an import.
type savedRow struct {
	Code, URL, Stem, Type string
	Status                tag
}

func (d Deps) importDone(c *kit.Ctx) (kit.Response, error) {
	page, err := d.donePage(c)
	if err != nil {
		return nil, err
	}
	return kit.HTML("trainer/imporselesai", page), nil
}

func (d Deps) donePage(c *kit.Ctx) (*donePage, error) {
	id, err := c.ID(batchKind, "batch")
	if err != nil {
		return nil, err
	}
	b, err := d.Bank.ImportBatch(c.Context(), id)
	if err != nil {
		return nil, err
	}
	found, err := d.Bank.List(c.Context(), questionbank.Filter{Batch: id, Page: c.QueryInt("hal", 1), PageSize: verdictsPerPage})
	if err != nil {
		return nil, err
	}
	here := "/bank/impor/hasil/" + c.Seal(batchKind, id)
	page := &donePage{
		Base: c.Base("Impor tersimpan").In(kit.SectionImport), ImportBatch: b, Here: here, Listed: address("/bank", url.Values{"impor": {c.Seal(batchKind, id)}}), Saved: found.Total, MayUndo: b.Open(c.Now()),
		When: moment(b.Created), Until: moment(b.Created.Add(24 * time.Hour)),
		Drafts: found.ByStatus[questionbank.Draft] + found.ByStatus[questionbank.ChangesWanted],
		Pager:  paged(found.Page, found.Pages, func(n int) string { return reportAddress(here, "", n) }),
	}
	for _, r := range found.Rows {
		page.Rows = append(page.Rows, savedRow{Code: r.Code, URL: "/bank/" + c.Seal(itemKind, r.Item), Stem: short(r.Stem), Type: typeName(r.Type), Status: statusTag(r.Status)})
	}
	if sealed := c.Query("unggahan"); sealed != "" { // where what was refused waits
		page.Rest = reportAddress("/bank/impor/"+url.PathEscape(sealed), onlyRejected, 1)
	}
	return page, nil
}

// importSubmit sends every draft of an import to review.
func (d Deps) importSubmit(c *kit.Ctx) (kit.Response, error) {
	id, err := c.ID(batchKind, "batch")
	if err != nil {
		return nil, err
	}
	refs, err := d.drafts(c, id)
	if err != nil {
		return nil, err
	}
	done, held := 0, 0
	var why *fault.Fault
	for part := range slices.Chunk(refs, questionbank.MaxBulk) {
		results, err := d.Bank.SubmitMany(c.Context(), c.Actor(), part)
		if err != nil {
			return nil, err
		}
		for _, r := range results {
			if r.Err == nil {
				done++
				continue
			}
			if held++; why == nil {
				why = fault.Of(r.Err)
			}
		}
	}
	said := count(done) + " diajukan untuk telaah."
	if held > 0 {
		said += fmt.Sprintf(" %s belum diajukan, antara lain karena: %s", count(held), words(why))
	}
	c.Flash(said)
	return kit.Redirect("/bank/impor/hasil/" + c.Seal(batchKind, id)), nil
}

// drafts are the questions of an import that nobody has sent to review yet.
func (d Deps) drafts(c *kit.Ctx, batch int64) ([]questionbank.Ref, error) {
	var refs []questionbank.Ref
	for _, status := range []questionbank.Status{questionbank.Draft, questionbank.ChangesWanted} {
		for page := 1; ; page++ {
			found, err := d.Bank.List(c.Context(), questionbank.Filter{Batch: batch, Status: status, Page: page, PageSize: 200})
			if err != nil {
				return nil, err
			}
			for _, r := range found.Rows {
				refs = append(refs, r.Ref)
			}
			if page >= found.Pages {
				break
			}
		}
	}
	return refs, nil
}

// importUndo takes an import back.
func (d Deps) importUndo(c *kit.Ctx) (kit.Response, error) {
	id, err := c.ID(batchKind, "batch")
	if err != nil {
		return nil, err
	}
	n, err := d.Bank.UndoImport(c.Context(), c.Actor(), id)
	if err == nil {
		c.Flash(count(n) + " dari impor itu ditarik kembali.")
		return kit.Redirect("/bank/impor"), nil
	}
	errs, ok := kit.FormErrors(err)
	if !ok {
		return nil, err
	}
	page, err := d.donePage(c)
	if err != nil {
		return nil, err
	}
	page.Errors = errs
	return kit.Refused("trainer/imporselesai", page), nil
}
