package trainer

import (
	"context"
	"strconv"

	"cakap/internal/fault"
	"cakap/internal/web/kit"
	"cakap/questionbank"
)

// step is one of the moves of an item's life.
type step func(ctx context.Context, actor int64, ref questionbank.Ref, comment string) error

func (d Deps) submit(c *kit.Ctx) (kit.Response, error) {
	return d.decide(c, "Soal diajukan. Penelaah lain akan memutuskan.", func(ctx context.Context, actor int64, ref questionbank.Ref, _ string) error {
		return d.Bank.Submit(ctx, actor, ref)
	})
}

func (d Deps) approve(c *kit.Ctx) (kit.Response, error) {
	return d.decide(c, "Soal disetujui dan siap dipakai paket baru.", d.Bank.Approve)
}

func (d Deps) requestChanges(c *kit.Ctx) (kit.Response, error) {
	return d.decide(c, "Soal dikembalikan kepada penulisnya dengan catatan Anda.", d.Bank.RequestChanges)
}

func (d Deps) retire(c *kit.Ctx) (kit.Response, error) {
	return d.decide(c, "Soal dipensiunkan. Paket yang sudah memuatnya tidak berubah.", d.Bank.Retire)
}

// decide takes the step with the revision that the person was looking at, so
// that nobody decides about a text they have not read.
func (d Deps) decide(c *kit.Ctx, done string, take step) (kit.Response, error) {
	id, err := c.ID(itemKind, "id")
	if err != nil {
		return nil, err
	}
	rev, err := revision(c, "rev")
	if err != nil {
		return nil, err
	}
	comment := c.Form("comment")
	err = take(c.Context(), c.Actor(), questionbank.Ref{Item: id, Rev: rev}, comment)
	if err == nil {
		c.Flash(done)
		return kit.Redirect("/bank/" + c.Seal(itemKind, id)), nil
	}
	errs, ok := kit.FormErrors(err)
	if !ok {
		return nil, err
	}
	page, err := d.itemPage(c)
	if err != nil {
		return nil, err
	}
	page.Errors, page.Comment = errs, comment
	return kit.Refused("trainer/butir", page), nil
}

// revision is the number of the revision that a form was made from.
func revision(c *kit.Ctx, field string) (int, error) {
	n, err := strconv.Atoi(c.Form(field))
	if err != nil || n < 1 {
		return 0, fault.New(fault.Malformed, "error.malformed")
	}
	return n, nil
}
