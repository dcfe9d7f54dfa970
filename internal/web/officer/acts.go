package officer

import (
	"context"
	"fmt"

	"cakap/internal/locale"
	"cakap/internal/web/kit"
)

// act runs one step of an event. A refusal is shown on the page it was
// pressed on, with the reasons.
func (p pages) act(c *kit.Ctx, do func(ctx context.Context, id int64) (string, error), then string) (kit.Response, error) {
	id, err := c.ID(kindEvent, "id")
	if err != nil {
		return nil, err
	}
	text, err := do(c.Context(), id)
	if err != nil {
		errs, err := inPlace(err)
		if err != nil {
			return nil, err
		}
		page, err := p.eventPage(c, id)
		if err != nil {
			return nil, err
		}
		page.Errors = errs
		return kit.Refused("officer/ringkasan", page), nil
	}
	c.Flash(text)
	return kit.Redirect(eventPath(c, id, then)), nil
}

func (p pages) prepare(c *kit.Ctx) (kit.Response, error) {
	return p.act(c, func(ctx context.Context, id int64) (string, error) {
		out, err := p.Assessment.Prepare(ctx, actor(c), id)
		return fmt.Sprintf("Paket soal siap: %s naskah dari %s butir.", locale.Int(out.Forms), locale.Int(out.Items)), err
	}, "/pemeriksaan")
}

func (p pages) unprepare(c *kit.Ctx) (kit.Response, error) {
	return p.act(c, func(ctx context.Context, id int64) (string, error) {
		return "Kegiatan kembali menjadi draf. Siapkan paket soal lagi bila sudah siap.", p.Assessment.Unprepare(ctx, actor(c), id)
	}, "")
}

func (p pages) open(c *kit.Ctx) (kit.Response, error) {
	return p.act(c, func(ctx context.Context, id int64) (string, error) {
		return "Kegiatan dibuka. Peserta dapat mulai pada waktu sesinya.", p.Assessment.Open(ctx, actor(c), id, p.around())
	}, "")
}

func (p pages) close(c *kit.Ctx) (kit.Response, error) {
	return p.act(c, func(ctx context.Context, id int64) (string, error) {
		return "Kegiatan ditutup. Yang masih mengerjakan tetap mendapat waktunya.", p.Assessment.Close(ctx, actor(c), id)
	}, "")
}

func (p pages) release(c *kit.Ctx) (kit.Response, error) {
	return p.act(c, func(ctx context.Context, id int64) (string, error) {
		return "Hasil dirilis. Peserta dapat melihat hasilnya sekarang.", p.Assessment.ReleaseResults(ctx, actor(c), id, c.Form("unmarked") != "")
	}, "")
}
