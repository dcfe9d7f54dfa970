package trainer

import (
	"context"
	"strconv"

	"cakap/internal/fault"
	"cakap/internal/web/kit"
	"cakap/questionbank"
)

// step is one of the moves of an item's life.
type step func(ctx context.Context, ref questionbank.Ref) error

// settling is a step that a form of the item's page asks for.
type settling struct {
	take    step
	done    string // what to say afterwards
	field   string // of its comment
	reviews bool   // the next item of the queue follows
}

func (d Deps) submit(c *kit.Ctx) (kit.Response, error) {
	return d.decide(c, settling{done: "Soal diajukan. Penelaah lain akan memutuskan.", take: func(ctx context.Context, ref questionbank.Ref) error {
		return d.Bank.Submit(ctx, c.Actor(), ref)
	}})
}

func (d Deps) approve(c *kit.Ctx) (kit.Response, error) {
	return d.decide(c, settling{done: "Soal disetujui dan siap dipakai paket baru.", field: "comment", reviews: true, take: func(ctx context.Context, ref questionbank.Ref) error {
		return d.review(c, ref, questionbank.VerdictApproved)
	}})
}

func (d Deps) requestChanges(c *kit.Ctx) (kit.Response, error) {
	return d.decide(c, settling{done: "Soal dikembalikan kepada penulisnya dengan catatan Anda.", field: "comment", reviews: true, take: func(ctx context.Context, ref questionbank.Ref) error {
		return d.review(c, ref, questionbank.VerdictChangesWanted)
	}})
}

func (d Deps) review(c *kit.Ctx, ref questionbank.Ref, verdict questionbank.Verdict) error {
	item, err := d.Bank.Item(c.Context(), ref.Item)
	if err != nil {
		return err
	}
	if err := mayDecide(c.Actor(), item.Latest()); err != nil { // before the form is judged: it would be filled in for nothing
		return err
	}
	form := readReview(c.Form)
	marks, err := form.marks()
	if err != nil {
		return err
	}
	return d.Bank.Review(c.Context(), c.Actor(), ref, verdict, questionbank.ReviewForm{Marks: marks, Comment: form.Comment})
}

// mayDecide refuses a reviewer who wrote the revision, and one who comes after
// somebody else has decided.
func mayDecide(actor int64, r questionbank.Revision) error {
	switch {
	case r.Author == actor:
		return fault.New(fault.Forbidden, "questionbank.own_work")
	case r.Status != questionbank.InReview && !unreadShipped(r):
		return fault.New(fault.Conflict, "trainer.review_over", statusName(r.Status))
	}
	return nil
}

// reject is a reviewer's last word: the item is of no use, so it retires. What
// others wrote and use already is no longer a reviewer's to retire.
func (d Deps) reject(c *kit.Ctx) (kit.Response, error) {
	return d.decide(c, settling{done: "Soal ditolak dan dipensiunkan.", field: "comment", reviews: true, take: func(ctx context.Context, ref questionbank.Ref) error {
		item, err := d.Bank.Item(ctx, ref.Item)
		if err != nil {
			return err
		}
		if err := mayDecide(c.Actor(), item.Latest()); err != nil {
			return err
		}
		comment := c.Form("comment")
		if comment == "" {
			return fault.New(fault.Invalid, "questionbank.comment_empty").On("comment")
		}
		return d.Bank.Retire(ctx, c.Actor(), ref, comment)
	}})
}

func (d Deps) retire(c *kit.Ctx) (kit.Response, error) {
	return d.decide(c, settling{done: "Soal dipensiunkan. Paket yang sudah memuatnya tidak berubah.", field: "alasan", take: func(ctx context.Context, ref questionbank.Ref) error {
		return d.Bank.Retire(ctx, c.Actor(), ref, c.Form("alasan"))
	}})
}

// flag notes that something is wrong with an item, or that it was looked into.
func (d Deps) flag(c *kit.Ctx) (kit.Response, error) {
	if c.Form("aksi") == "cabut" {
		return d.decide(c, settling{done: "Tanda masalah dicabut.", field: "masalah", take: func(ctx context.Context, ref questionbank.Ref) error {
			return d.Bank.Unflag(ctx, c.Actor(), ref, c.Form("masalah"))
		}})
	}
	return d.decide(c, settling{done: "Masalahnya dicatat. Soal tampil di daftar Perlu ditinjau.", field: "masalah", take: func(ctx context.Context, ref questionbank.Ref) error {
		return d.Bank.Flag(ctx, c.Actor(), ref, c.Form("masalah"))
	}})
}

// decide takes the step with the revision that the person was looking at, so
// that nobody decides about a text they have not read. After a review the next
// item of the queue follows.
func (d Deps) decide(c *kit.Ctx, what settling) (kit.Response, error) {
	id, err := c.ID(itemKind, "id")
	if err != nil {
		return nil, err
	}
	rev, err := revision(c, "rev")
	if err != nil {
		return nil, err
	}
	next := itemAddress(c, id)
	if what.reviews {
		if next, err = d.after(c, next); err != nil {
			return nil, err
		}
	}
	err = what.take(c.Context(), questionbank.Ref{Item: id, Rev: rev})
	if err == nil {
		c.Flash(what.done)
		return kit.Redirect(next), nil
	}
	errs, ok := kit.FormErrors(err)
	if !ok {
		return nil, err
	}
	page, err := d.itemPage(c)
	if err != nil {
		return nil, err
	}
	for i := range errs {
		if errs[i].Field == "comment" {
			errs[i].Field = what.field
		}
	}
	page.Errors, page.Review, page.Reason, page.Problem = errs, readReview(c.Form), c.Form("alasan"), c.Form("masalah")
	return kit.Refused("trainer/butir", page), nil
}

// after is where a reviewer goes on after a decision: the next of the queue,
// or the item itself where nothing follows.
func (d Deps) after(c *kit.Ctx, here string) (string, error) {
	id, err := c.FormID(itemKind, "lanjut")
	if err != nil || id == 0 {
		return here, err
	}
	item, err := d.Bank.Item(c.Context(), id)
	if err != nil {
		return "", err
	}
	if r := item.Latest(); r.Status != questionbank.InReview && !unreadShipped(r) { // decided by somebody else meanwhile
		return "/bank/telaah", nil
	}
	return itemAddress(c, id), nil
}

// revision is the number of the revision that a form was made from.
func revision(c *kit.Ctx, field string) (int, error) {
	n, err := strconv.Atoi(c.Form(field))
	if err != nil || n < 1 {
		return 0, fault.New(fault.Malformed, "error.malformed")
	}
	return n, nil
}
