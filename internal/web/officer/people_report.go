package officer

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"cakap/internal/fault"
	"cakap/internal/locale"
	"cakap/internal/people"
	"cakap/internal/web/kit"
)

// What of a roster a page shows.
const (
	showFindings = "periksa" // every row with something to say
	showTwins    = "kembar"
	showTransfer = "instansi"
	showNew      = "baru"
	showChanged  = "berubah"
	showMoved    = "pindah"
	showSame     = "sama"
	showMissing  = "hilang"
)

// rosterShown is how many rows a page shows.
const rosterShown = 100

// rosterReportPage is what saving a roster would do, by kind of row.
type rosterReportPage struct {
	kit.Base
	ID       int64
	File     string
	Headline string
	Sub      string
	Counts   people.Counts
	Good     int // rows that would be saved
	Fresh    int // of them those that change something
	Mode     string
	Bars     []bar
	Messages []string // about the file as a whole
	Filters  []rosterFilter
	Show     string
	Findings []finding
	Rows     []rosterRow
	Missing  []personRow
	Pages    []pageLink
	Reason   string // as typed

	absent []people.Person // those on this page whom the file does not name
}

// bar is a part of the verdict bar; X and Width are in percent.
type bar struct {
	Class    string
	X, Width string
}

// rosterFilter is a kind of rows with its number.
type rosterFilter struct {
	Show, Path string
	Tag        tag
	Count      int
	Current    bool
}

// finding is one thing to look at in one row.
type finding struct {
	At    string
	Tag   tag
	Who   string
	Texts []string
	Maybe []string // people known whom a damaged NIP may belong to
}

// rosterRow is a row that is new, changed, moved, a twin or another agency's.
type rosterRow struct {
	N       int
	Who     string
	Number  string // last four
	Unit    string
	Changes []string
	Twin    string
	Choice  string
}

func (p pages) rosterReport(c *kit.Ctx) (kit.Response, error) {
	page, err := p.rosterReportPage(c, c.Query("tampil"))
	if err != nil {
		return nil, err
	}
	return kit.HTML("officer/impor-hasil", page), nil
}

// refusedReport shows the report again where an act on it was refused.
func (p pages) refusedReport(c *kit.Ctx, errs kit.Errors) (kit.Response, error) {
	page, err := p.rosterReportPage(c, c.Form("tampil"))
	if err != nil {
		return nil, err
	}
	page.Errors, page.Reason = errs, c.Form("reason")
	return kit.Refused("officer/impor-hasil", page), nil
}

func (p pages) rosterReportPage(c *kit.Ctx, show string) (*rosterReportPage, error) {
	u, report, err := p.checkedRoster(c)
	if err != nil {
		return nil, err
	}
	page := rosterReportOf(report, show, c.QueryInt("h", 1), rosterPath(c, u.ID))
	page.Base, page.ID = c.Base(page.Headline).In(kit.SectionRoster), u.ID
	units, err := p.unitPaths(c.Context(), c.Scope(), page.absent)
	if err != nil {
		return nil, err
	}
	for _, one := range page.absent {
		page.Missing = append(page.Missing, personRowOf(one, units[one.UnitID], "", false))
	}
	return page, nil
}

// rosterReportOf is the page of a report: one kind of its rows, one part of them.
func rosterReportOf(report people.Report, show string, number int, path string) *rosterReportPage {
	v := report.Verdict(func(f *fault.Fault) string { return locale.Text(f.Key, f.Args...) })
	n := v.Counts
	page := &rosterReportPage{File: report.File, Counts: n, Good: n.Accepted + n.Warned, Fresh: n.New + n.Changed, Bars: barsOf(n), Mode: modeAll}
	if n.Rejected > 0 {
		page.Mode = modeGood
	}
	page.Headline, page.Sub = headlineOf(n)
	for _, m := range v.FileMessages {
		text := m.Text
		if m.At != "" {
			text = m.At + ": " + text
		}
		page.Messages = append(page.Messages, text)
	}
	kinds := sortRows(v.Rows)
	page.Filters, page.Show = rosterFilters(kinds, n.Missing, show, path)
	shown := kinds[page.Show]
	total := len(shown)
	if page.Show == showMissing {
		total = n.Missing
	}
	pages := max((total+rosterShown-1)/rosterShown, 1)
	number = min(max(number, 1), pages)
	from, to := (number-1)*rosterShown, min(number*rosterShown, total)
	page.Pages = pageLinks(path, url.Values{"tampil": {page.Show}}, number, pages)
	switch page.Show {
	case showMissing:
		missing := slices.Clone(report.Missing)
		slices.SortFunc(missing, func(a, b people.Person) int { return cmp.Or(strings.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID)) })
		page.absent = missing[from:to]
	case showFindings:
		for _, row := range shown[from:to] {
			page.Findings = append(page.Findings, findingOf(row))
		}
	default:
		for _, row := range shown[from:to] {
			page.Rows = append(page.Rows, rosterRowOf(row))
		}
		nameTwins(page.Rows, report.Rows)
	}
	return page
}

// sortRows puts rows by what a page shows, the rejected ones among the findings
// first.
func sortRows(rows []people.RowVerdict) map[string][]people.RowVerdict {
	groups := map[people.Group]string{
		people.GroupNew: showNew, people.GroupChanged: showChanged, people.GroupMoved: showMoved, people.GroupSame: showSame,
		people.GroupTwin: showTwins, people.GroupTransfer: showTransfer,
	}
	kinds := map[string][]people.RowVerdict{}
	for _, row := range rows {
		if show, ok := groups[row.Group]; ok {
			kinds[show] = append(kinds[show], row)
		}
	}
	for _, status := range []people.Status{people.Rejected, people.Warned} {
		for _, row := range rows {
			if row.Status == status {
				kinds[showFindings] = append(kinds[showFindings], row)
			}
		}
	}
	return kinds
}

// rosterFilters are the kinds there are; the one asked for, or the first that
// asks for a decision, is current.
func rosterFilters(kinds map[string][]people.RowVerdict, missing int, show, path string) ([]rosterFilter, string) {
	var all []rosterFilter
	for _, f := range []struct {
		show string
		tag  tag
	}{
		{showFindings, tag{"tri warn", "Perlu diperhatikan"}}, {showTwins, tag{"half warn", "Mungkin orang yang sama"}}, {showTransfer, tag{"ex bad", "Di instansi lain"}},
		{showNew, tag{"box act", "Baru"}}, {showChanged, tag{"half act", "Berubah"}}, {showMoved, tag{"half act", "Pindah unit"}},
		{showSame, tag{"check", "Sama"}}, {showMissing, tag{"box", "Tidak ada di berkas"}},
	} {
		n := len(kinds[f.show])
		if f.show == showMissing {
			n = missing
		}
		if n > 0 || f.show == show {
			all = append(all, rosterFilter{Show: f.show, Path: path + "?tampil=" + f.show, Tag: f.tag, Count: n})
		}
	}
	current := slices.IndexFunc(all, func(f rosterFilter) bool { return f.Show == show })
	if current < 0 {
		if current = 0; len(all) == 0 {
			return nil, showSame
		}
	}
	all[current].Current = true
	return all, all[current].Show
}

func headlineOf(n people.Counts) (headline, sub string) {
	switch {
	case n.New+n.Changed > 0:
		return fmt.Sprintf("%s dari %s baris siap disimpan", locale.Int(n.Accepted+n.Warned), locale.Int(n.Rows)), "Belum ada yang tersimpan dari perubahan di bawah ini."
	case n.Rejected > 0:
		return fmt.Sprintf("%s dari %s baris masih ditolak", locale.Int(n.Rejected), locale.Int(n.Rows)), "Baris lainnya sama dengan yang sudah tersimpan."
	default:
		return "Tidak ada yang perlu disimpan", "Semua baris sama dengan yang sudah tersimpan."
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
	f := finding{At: row.At, Tag: statusTag(row.Status), Who: row.Name}
	if f.At == "" {
		f.At = fmt.Sprintf("Baris %d", row.N)
	}
	if row.NIPMasked != "" {
		f.Who = fmt.Sprintf("%s (%s)", cmp.Or(row.Name, "tanpa nama"), row.NIPMasked)
	}
	f.Texts = textsOf(row)
	for _, known := range row.Candidates {
		f.Maybe = append(f.Maybe, fmt.Sprintf("%s (%s)", known.Name, known.NIPMasked))
	}
	return f
}

func statusTag(s people.Status) tag {
	switch s {
	case people.Rejected:
		return tag{"ex bad", "Ditolak"}
	case people.Warned:
		return tag{"tri warn", "Peringatan"}
	default:
		return tag{"check", "Siap"}
	}
}

func textsOf(row people.RowVerdict) []string {
	var texts []string
	for _, m := range row.Messages {
		text := m.Text
		if m.At != "" && m.At != row.At {
			text = m.At + ": " + text
		}
		texts = append(texts, text)
	}
	return texts
}

// fieldNames are the columns as officers call them.
var fieldNames = map[string]string{
	"nip": "NIP", "participant_no": "nomor peserta", "name": "nama", "title_front": "gelar depan", "title_back": "gelar belakang",
	"sex": "jenis kelamin", "birth_date": "tanggal lahir", "kind": "jenis", "grade": "golongan", "position": "jabatan",
	"position_kind": "jenis jabatan", "unit": "unit kerja", "unit_id": "unit kerja", "email": "surel", "phone": "telepon",
	"active": "keadaan", "legal_status": "kedudukan hukum", "legal_name": "kedudukan hukum", "time_factor": "waktu pengerjaan",
}

func changesOf(row people.RowVerdict) []string {
	var all []string
	for _, ch := range row.Changes {
		name := cmp.Or(fieldNames[ch.Field], ch.Field)
		all = append(all, fmt.Sprintf("%s: %s → %s", name, cmp.Or(ch.Old, "kosong"), cmp.Or(ch.New, "kosong")))
	}
	return all
}

func rosterRowOf(row people.RowVerdict) rosterRow {
	return rosterRow{N: row.N, Who: cmp.Or(row.Name, "tanpa nama"), Number: lastDigits(row.NIPMasked), Unit: row.UnitPath, Changes: changesOf(row), Choice: string(row.Choice)}
}

// nameTwins shows, of a number and the one it may replace, all but the birth
// date, which is the same: the last four alone are often the same too.
func nameTwins(shown []rosterRow, rows []*people.Row) {
	for i := range shown {
		at := slices.IndexFunc(rows, func(r *people.Row) bool { return r.N == shown[i].N })
		if at < 0 || rows[at].Twin == nil {
			continue
		}
		who := rows[at].Twin
		shown[i].Number = withoutBirth(numberOf(rows[at].Person))
		shown[i].Twin = fmt.Sprintf("%s, NIP %s", who.Name, withoutBirth(who.Number))
	}
}

func withoutBirth(number string) string {
	nip, err := people.ParseNIP(number)
	if err != nil {
		return kit.LastFour(number)
	}
	_, rest, _ := strings.Cut(nip.Grouped(), " ")
	return "··· " + rest
}

// lastDigits is a masked number as lists show it.
func lastDigits(masked string) string {
	if digits := strings.TrimLeft(masked, "•"); digits != masked {
		return "···" + digits
	}
	return masked
}
