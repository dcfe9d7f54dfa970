package officer

import (
	"context"
	"fmt"

	"cakap/assessment"
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

// preflightPage says in plain words what stands in the way of opening.
type preflightPage struct {
	kit.Base
	eventHead
	Headline string
	Checks   []checkRow
	Bad      int
	Warned   int
	Ready    bool // may be opened now
	Draft    bool
	Prepared bool
}

type checkRow struct {
	Tag  tag
	Text string
}

func (p pages) preflight(c *kit.Ctx) (kit.Response, error) {
	id, err := c.ID(kindEvent, "id")
	if err != nil {
		return nil, err
	}
	checks, err := p.Assessment.Preflight(c.Context(), actor(c), id, p.around())
	if err != nil {
		return nil, err
	}
	d, err := p.Assessment.Event(c.Context(), actor(c), id)
	if err != nil {
		return nil, err
	}
	page := preflightOf(d.Event.State, checks)
	page.Base = c.Base("Pemeriksaan").In(kit.SectionEvents)
	page.eventHead = headOf(c, d.Event, "/pemeriksaan")
	return kit.HTML("officer/pemeriksaan", page), nil
}

func preflightOf(state assessment.EventState, checks []assessment.Check) *preflightPage {
	page := &preflightPage{Draft: state == assessment.EventDraft, Prepared: state == assessment.EventPrepared}
	for _, k := range checks {
		row := checkRow{Tag: tag{"check", "Baik"}, Text: locale.Text(k.Key, k.Args...)}
		switch k.Verdict {
		case assessment.Fail:
			page.Bad++
			row.Tag = tag{"ex bad", "Harus diperbaiki"}
		case assessment.Warn:
			page.Warned++
			row.Tag = tag{"tri warn", "Perhatikan"}
		}
		page.Checks = append(page.Checks, row)
	}
	page.Ready = page.Bad == 0 && page.Prepared
	switch {
	case page.Bad > 0:
		page.Headline = fmt.Sprintf("%d hal harus diperbaiki sebelum dibuka", page.Bad)
	case state == assessment.EventOpen || state == assessment.EventClosed:
		page.Headline = "Tidak ada masalah pada kegiatan ini"
	case page.Warned > 0:
		page.Headline = fmt.Sprintf("Boleh dibuka, %d hal perlu diperhatikan", page.Warned)
	default:
		page.Headline = "Semua siap dibuka"
	}
	return page
}
