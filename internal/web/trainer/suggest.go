package trainer

import (
	"context"
	"fmt"

	"cakap/internal/fault"
	"cakap/internal/web/kit"
	"cakap/questionbank"
)

// suggesting is the editor of what a reviewer would write instead. It saves no
// revision: the author takes it over or does not.
func (d Deps) suggesting(c *kit.Ctx, rev int) (editing, error) {
	item, latest, err := d.revisionAsked(c, "")
	if err != nil {
		return editing{}, err
	}
	if rev == 0 {
		rev = latest.Rev
	}
	r, err := revisionOf(item, rev)
	if err != nil {
		return editing{}, err
	}
	if err := mayDecide(c.Actor(), r); err != nil {
		return editing{}, err
	}
	here := itemAddress(c, item.ID)
	e := editing{base: r.Content, place: place{
		Heading: "Usulkan perbaikan soal " + item.Code, Part: kit.SectionReview, Action: here + "/usul", Back: here, Code: item.Code, Rev: rev,
		Save: "Kirim usulan dan minta revisi",
		Hint: "Soal kembali kepada penulisnya bersama usulan ini. Ia dapat memakainya dengan satu klik; sesudah itu penelaah lain yang menyetujui.",
	}}
	e.store = func(ctx context.Context, content questionbank.Content) (string, string, error) {
		if content.Normalise().Hash() == r.Hash {
			return "", "", fault.New(fault.Conflict, "questionbank.unchanged")
		}
		err := d.Bank.Review(ctx, c.Actor(), r.Ref, questionbank.VerdictChangesWanted, questionbank.ReviewForm{Suggestion: &content})
		return here, fmt.Sprintf("Usulan untuk soal %s terkirim kepada penulisnya.", item.Code), err
	}
	return e, nil
}

func (d Deps) suggestForm(c *kit.Ctx) (kit.Response, error) {
	e, err := d.suggesting(c, 0)
	if err != nil {
		return nil, err
	}
	page := edited(c, e.place, draftOf(e.base))
	return kit.HTML("trainer/ubah", page), d.look(c, page, e.base)
}

func (d Deps) suggest(c *kit.Ctx) (kit.Response, error) {
	rev, err := revision(c, "rev")
	if err != nil {
		return nil, err
	}
	e, err := d.suggesting(c, rev)
	if err != nil {
		return nil, err
	}
	return d.save(c, e)
}

// adopt makes a reviewer's suggestion the next draft.
func (d Deps) adopt(c *kit.Ctx) (kit.Response, error) {
	id, err := c.ID(itemKind, "id")
	if err != nil {
		return nil, err
	}
	rev, err := revision(c, "rev")
	if err != nil {
		return nil, err
	}
	review, err := c.FormID(reviewKind, "usul")
	if err != nil {
		return nil, err
	}
	saved, err := d.Bank.AdoptSuggestion(c.Context(), c.Actor(), review, questionbank.Ref{Item: id, Rev: rev})
	if err != nil {
		return nil, err
	}
	c.Flash(fmt.Sprintf("Usulan menjadi versi %d, sebuah draf. Periksa, lalu ajukan ke telaah.", saved.Rev))
	return kit.Redirect(itemAddress(c, id)), nil
}
