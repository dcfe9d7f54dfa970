package officer

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"

	"cakap/internal/fault"
	"cakap/internal/locale"
	"cakap/internal/people"
	"cakap/internal/web/kit"
)

// What an officer may want of a file.
const (
	modeCheck = "periksa" // only report
	modeGood  = "siap"    // save the rows that are right
	modeAll   = "semua"   // save all rows or none
)

// mostRows is how many findings a page shows; more help nobody, and a phone
// could not hold them.
const mostRows = 200

// rosterPage asks for a roster and shows what became of it.
type rosterPage struct {
	kit.Base
	Agencies []choice // where there are several to choose from
	Agency   string   // the only one
	Modes    []choice
	Result   *rosterResult
}

// rosterResult is a report in words.
type rosterResult struct {
	File     string
	Headline string
	Sub      string
	Saved    bool
	Step     int // of three: upload, check, save
	Counts   people.Counts
	Bars     []bar
	Messages []string // about the file as a whole
	Findings []finding
	Hidden   int // findings beyond those shown
	Changes  []rosterChange
}

// bar is a part of the verdict bar; X and Width are in percent.
type bar struct {
	Class    string
	X, Width string
}

// finding is one thing to look at in one row.
type finding struct {
	At    string
	Tag   tag
	Who   string
	Texts []string
	Maybe []string // people known whom a damaged NIP may belong to
}

// rosterChange is somebody known whom the file changes.
type rosterChange struct {
	Name   string
	Fields []string
}

func (p pages) rosterForm(c *kit.Ctx) (kit.Response, error) {
	page, err := p.rosterPage(c, 0, modeCheck)
	if err != nil {
		return nil, err
	}
	return kit.HTML("officer/impor", page), nil
}

func (p pages) rosterPage(c *kit.Ctx, chosen int64, mode string) (*rosterPage, error) {
	agencies, err := p.People.Agencies(c.Context(), c.Scope())
	if err != nil {
		return nil, err
	}
	page := &rosterPage{Base: c.Base("Impor pegawai").In(kit.SectionRoster)}
	for _, m := range []choice{
		{Value: modeCheck, Text: "Periksa saja, jangan simpan apa pun"},
		{Value: modeGood, Text: "Simpan baris yang siap; baris yang ditolak dilewati"},
		{Value: modeAll, Text: "Simpan semua, atau tidak sama sekali bila ada yang ditolak"},
	} {
		m.On = m.Value == mode
		page.Modes = append(page.Modes, m)
	}
	agencies = slices.DeleteFunc(agencies, func(a people.Agency) bool { return !a.Active })
	if len(agencies) == 1 {
		page.Agency = agencies[0].Name
		return page, nil
	}
	for _, a := range agencies {
		page.Agencies = append(page.Agencies, choice{c.Seal(kindAgency, a.ID), a.Name, a.ID == chosen})
	}
	return page, nil
}

// roster reads the file and reports on every row. Nothing of an upload is kept
// on the server, so to save is to send the same file again.
func (p pages) roster(c *kit.Ctx) (kit.Response, error) {
	agency, err := c.FormID(kindAgency, "agency")
	if err != nil {
		return nil, err
	}
	mode := c.Form("mode")
	if mode != modeGood && mode != modeAll {
		mode = modeCheck
	}
	page, err := p.rosterPage(c, agency, mode)
	if err != nil {
		return nil, err
	}
	report, err := p.importRoster(c, agency, mode)
	if err != nil {
		errs, err := inPlace(err)
		if err != nil {
			return nil, err
		}
		for i := range errs {
			errs[i].Field = cmp.Or(errs[i].Field, "berkas")
		}
		page.Errors = errs
		return kit.Refused("officer/impor", page), nil
	}
	page.Result = resultOf(report)
	page.Title = page.Result.Headline
	if page.Result.Step == 2 && report.Counts.Rejected == 0 {
		page.Modes = chooseMode(page.Modes, modeAll)
	} else if page.Result.Step == 2 {
		page.Modes = chooseMode(page.Modes, modeGood)
	}
	return kit.HTML("officer/impor", page), nil
}

func chooseMode(modes []choice, mode string) []choice {
	for i := range modes {
		modes[i].On = modes[i].Value == mode
	}
	return modes
}

func (p pages) importRoster(c *kit.Ctx, agency int64, mode string) (people.Report, error) {
	if agency == 0 {
		agencies, err := p.People.Agencies(c.Context(), c.Scope())
		if err != nil {
			return people.Report{}, err
		}
		agencies = slices.DeleteFunc(agencies, func(a people.Agency) bool { return !a.Active })
		if len(agencies) != 1 {
			return people.Report{}, fault.New(fault.Invalid, "officer.agency").On("agency")
		}
		agency = agencies[0].ID
	}
	name, body, err := c.Upload("berkas")
	if err != nil {
		return people.Report{}, err
	}
	return p.People.Import(c.Context(), people.ImportRequest{
		FileName: name, File: bytes.NewReader(body), Size: int64(len(body)), AgencyID: agency, By: by(c),
		DryRun: mode == modeCheck, SkipRejected: mode == modeGood,
	})
}

func resultOf(report people.Report) *rosterResult {
	v := report.Verdict(func(f *fault.Fault) string { return locale.Text(f.Key, f.Args...) })
	r := &rosterResult{File: report.File, Saved: report.Saved, Step: 2, Counts: v.Counts, Bars: barsOf(v.Counts)}
	r.Headline, r.Sub = headlineOf(report)
	if report.Saved {
		r.Step = 3
	}
	for _, m := range v.FileMessages {
		text := m.Text
		if m.At != "" {
			text = m.At + ": " + text
		}
		r.Messages = append(r.Messages, text)
	}
	for _, status := range []people.Status{people.Rejected, people.Warned} {
		for _, row := range v.Rows {
			if row.Status != status {
				continue
			}
			if len(r.Findings) == mostRows {
				r.Hidden++
				continue
			}
			r.Findings = append(r.Findings, findingOf(row))
		}
	}
	for _, row := range v.Rows {
		if row.Action == people.ActionChanged && len(r.Changes) < mostRows {
			r.Changes = append(r.Changes, changeOf(row))
		}
	}
	return r
}

func headlineOf(report people.Report) (headline, sub string) {
	n := report.Counts
	good := n.Accepted + n.Warned
	switch {
	case report.Saved && n.New+n.Changed == 0:
		return "Tidak ada yang berubah", fmt.Sprintf("%s baris sama dengan yang sudah tersimpan.", locale.Int(n.Same))
	case report.Saved:
		return fmt.Sprintf("%s pegawai tersimpan", locale.Int(good)),
			fmt.Sprintf("%s baru, %s diperbarui, %s tidak berubah.", locale.Int(n.New), locale.Int(n.Changed), locale.Int(n.Same))
	case !report.DryRun:
		return "Belum ada yang disimpan", fmt.Sprintf("%s dari %s baris ditolak, dan Anda memilih semua atau tidak sama sekali.", locale.Int(n.Rejected), locale.Int(n.Rows))
	default:
		return fmt.Sprintf("%s dari %s baris siap disimpan", locale.Int(good), locale.Int(n.Rows)), "Belum ada yang tersimpan: ini baru pemeriksaan."
	}
}

// barsOf are the parts of the verdict bar, accepted first, with small gaps.
func barsOf(n people.Counts) []bar {
	if n.Rows == 0 {
		return nil
	}
	var all []bar
	at := 0.0
	for _, part := range []struct {
		class string
		count int
	}{{"c-bar", n.Accepted}, {"c-warn", n.Warned}, {"c-bad", n.Rejected}} {
		if part.count == 0 {
			continue
		}
		width := float64(part.count) / float64(n.Rows) * 100
		all = append(all, bar{part.class, fmt.Sprintf("%.1f%%", at), fmt.Sprintf("%.1f%%", width)})
		at += width
	}
	return all
}

func findingOf(row people.RowVerdict) finding {
	f := finding{At: row.At, Tag: tag{"tri warn", "Peringatan"}, Who: row.Name}
	if row.Status == people.Rejected {
		f.Tag = tag{"ex bad", "Ditolak"}
	}
	if f.At == "" {
		f.At = fmt.Sprintf("Baris %d", row.N)
	}
	if row.NIPMasked != "" {
		f.Who = fmt.Sprintf("%s (%s)", cmp.Or(row.Name, "tanpa nama"), row.NIPMasked)
	}
	for _, m := range row.Messages {
		text := m.Text
		if m.At != "" && m.At != row.At {
			text = m.At + ": " + text
		}
		f.Texts = append(f.Texts, text)
	}
	for _, known := range row.Candidates {
		f.Maybe = append(f.Maybe, fmt.Sprintf("%s (%s)", known.Name, known.NIPMasked))
	}
	return f
}

// fieldNames are the columns as officers call them.
var fieldNames = map[string]string{
	"nip": "NIP", "participant_no": "nomor peserta", "name": "nama", "title_front": "gelar depan", "title_back": "gelar belakang",
	"sex": "jenis kelamin", "birth_date": "tanggal lahir", "kind": "jenis", "grade": "golongan", "position": "jabatan",
	"position_kind": "jenis jabatan", "unit": "unit kerja", "unit_id": "unit kerja", "email": "surel", "phone": "telepon",
	"active": "keadaan", "legal_status": "kedudukan hukum", "legal_name": "kedudukan hukum",
}

func changeOf(row people.RowVerdict) rosterChange {
	out := rosterChange{Name: row.Name}
	for _, ch := range row.Changes {
		name := cmp.Or(fieldNames[ch.Field], ch.Field)
		out.Fields = append(out.Fields, fmt.Sprintf("%s: %s → %s", name, cmp.Or(ch.Old, "kosong"), cmp.Or(ch.New, "kosong")))
	}
	return out
}
