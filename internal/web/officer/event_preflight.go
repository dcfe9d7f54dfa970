package officer

import (
	"fmt"

	"cakap/assessment"
	"cakap/internal/locale"
	"cakap/internal/web/kit"
)

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
	People   []clashRow // in two events at once
	More     int
	Proctors []clashRow // in two rooms at once
}

// clashRow is somebody who would have to be in two places at once.
type clashRow struct {
	ID           int64 // of the enrolment, 0 for a proctor
	Name         string
	Here, Beside string
}

// checkRow is a check in words; Path and Link lead to where it is put right.
type checkRow struct {
	Tag  tag
	Text string
	Path string // below the event's address
	Link string
}

// cures is where each obstacle is put right.
var cures = map[string][2]string{
	"agencies": {"/ubah", "Tambah instansi"}, "enrolled": {"/peserta#daftar", "Daftarkan peserta"}, "forms_drawn": {"/pemeriksaan#siapkan", "Siapkan paket soal"},
	"approved": {"/pemeriksaan#draf", "Kembalikan ke draf"}, "phones": {"/pemeriksaan#draf", "Kembalikan ke draf"}, "expired": {"/pemeriksaan#draf", "Kembalikan ke draf"},
	"window": {"#sesi", "Ubah sesi"}, "capacity": {"/peserta", "Pindahkan peserta"}, "proctors": {"#sesi", "Tunjuk pengawas"},
	"admit": {"#sesi", "Tunjuk pengawas"}, "proctor_rooms": {"#sesi", "Ganti pengawas"}, "overlaps": {"/peserta", "Pindahkan peserta"},
	"start_codes": {"/kartu", "Buat kode mulai"}, "way_in": {"/kartu", "Buat kode mulai"}, "load": {"/beban", "Simulasi beban"},
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
	people, proctors, err := p.Assessment.Clashes(c.Context(), actor(c), id)
	if err != nil {
		return nil, err
	}
	page.clashes(people, proctors)
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
		if k.Verdict != assessment.Pass {
			row.Path, row.Link = cures[k.Name][0], cures[k.Name][1]
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

// clashes names who would have to be in two places at once.
func (page *preflightPage) clashes(people, proctors []assessment.Clash) {
	rows := func(all []assessment.Clash) []clashRow {
		var out []clashRow
		for _, one := range all[:min(len(all), mostLines)] {
			beside := one.OtherName
			if one.Other != "" {
				beside = one.Other + ", " + one.OtherName
			}
			out = append(out, clashRow{one.Enrolment, one.Name, one.Session, beside})
		}
		return out
	}
	page.People, page.Proctors = rows(people), rows(proctors)
	page.More = max(len(people)-mostLines, 0)
}
