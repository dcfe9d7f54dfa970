package trainer

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"

	"cakap/internal/fault"
	"cakap/internal/locale"
	"cakap/internal/web/kit"
	"cakap/questionbank"
	"cakap/scoring"
)

// What the report can be narrowed to, as its address says it.
const (
	onlyReady    = "siap"
	onlyWarned   = "diperingatkan"
	onlyRejected = "ditolak"
	onlySkipped  = "dilewati"
)

// only names the questions of one outcome.
func only(o questionbank.Outcome) string {
	switch o {
	case questionbank.Accepted:
		return onlyReady
	case questionbank.Warned:
		return onlyWarned
	case questionbank.Skipped:
		return onlySkipped
	default:
		return onlyRejected
	}
}

// reportPage is what an upload came to, question by question.
type reportPage struct {
	kit.Base
	summary
	Here    string // address of the upload
	Only    string // the outcome it is narrowed to, "" for none
	Tabs    []outcomeTab
	Rows    []verdict
	Pager   []link
	N       int // page
	Aspects []choice
	Groups  []group
	Bulk    bool // an aspect or an indicator was chosen for all
	Mapped  bool // its columns can be arranged
	Notes   bool // it can be given back with notes
}

// outcomeTab is an outcome with how many questions came to it.
type outcomeTab struct {
	Text, URL string
	N         int
	Current   bool
}

// verdict is what became of one question.
type verdict struct {
	N                       int
	At, Title, Type, Aspect string
	Tag                     tag
	Action                  string
	Messages                []placed
	More                    int // messages beyond those
	Address                 string
	Choose                  bool    // an indicator may be chosen here
	Assumed                 string  // what stands where none was chosen
	Groups                  []group // of indicators
	Skipped, Mended         bool
}

// placed is a message with the cell it is about.
type placed struct{ At, Text string }

const (
	verdictsPerPage = 50
	mostMessages    = 8 // of a question; more say the same in other words
)

// importReport shows what saving would do.
func (d Deps) importReport(c *kit.Ctx) (kit.Response, error) {
	u, err := d.ownUpload(c)
	if err != nil {
		return nil, err
	}
	parsed, report, err := d.judged(c.Context(), u)
	if err != nil {
		return d.unreadable(c, u, err)
	}
	page := reported(u, parsed, report, uploadAddress(c, u.ID), c.Query("hasil"), c.QueryInt("hal", 1))
	page.Base = c.Base("Periksa impor").In(kit.SectionImport)
	page.Mapped = mappedKind(parsed.Format)
	return kit.HTML("trainer/imporperiksa", page), nil
}

// unreadable leads on where an upload could be kept but not read: to its
// columns, where they can be arranged.
func (d Deps) unreadable(c *kit.Ctx, u questionbank.Upload, err error) (kit.Response, error) {
	if fault.Of(err) != nil && d.mappable(u) {
		return kit.Redirect(uploadAddress(c, u.ID) + "/kolom"), nil
	}
	return nil, err
}

// reported puts a page of a report into words.
func reported(u questionbank.Upload, parsed *questionbank.Parsed, report *questionbank.Report, here, narrow string, n int) *reportPage {
	p := &reportPage{
		summary: summed(*report), Here: here, Aspects: aspectChoices(u.Aspect), Groups: indicatorGroups(u.Indicator),
		Bulk: u.Aspect != scoring.Total || u.Indicator != "", Notes: report.Format == "xlsx",
	}
	p.tabs(narrow)
	var found []int
	for i, item := range report.Items {
		if p.Only == "" || only(item.Outcome) == p.Only {
			found = append(found, i)
		}
	}
	pages := max((len(found)+verdictsPerPage-1)/verdictsPerPage, 1)
	p.N = min(max(n, 1), pages)
	p.Pager = paged(p.N, pages, func(n int) string { return reportAddress(here, p.Only, n) })
	first := (p.N - 1) * verdictsPerPage
	for _, i := range found[first:min(first+verdictsPerPage, len(found))] {
		p.Rows = append(p.Rows, p.verdict(u, parsed.Items[i], report.Items[i]))
	}
	return p
}

// reportAddress is a page of a report; from leads back to where a row was.
func reportAddress(here, narrow string, n int) string {
	v := url.Values{}
	if narrow != "" {
		v.Set("hasil", narrow)
	}
	if n > 1 {
		v.Set("hal", strconv.Itoa(n))
	}
	return address(here, v)
}

func (p *reportPage) tabs(narrow string) {
	p.Tabs = []outcomeTab{
		{Text: "Semua", N: p.Items, URL: p.Here},
		{Text: "Ditolak", N: p.Rejected, URL: reportAddress(p.Here, onlyRejected, 1)},
		{Text: "Diperingatkan", N: p.Warned, URL: reportAddress(p.Here, onlyWarned, 1)},
		{Text: "Siap", N: p.Ready, URL: reportAddress(p.Here, onlyReady, 1)},
		{Text: "Dilewati", N: p.Skipped, URL: reportAddress(p.Here, onlySkipped, 1)},
	}
	names := []string{"", onlyRejected, onlyWarned, onlyReady, onlySkipped}
	at := max(slices.Index(names, narrow), 0) // an old address shows all
	p.Only, p.Tabs[at].Current = names[at], true
}

// verdict is a row of the report.
func (p *reportPage) verdict(u questionbank.Upload, read questionbank.ParsedItem, item questionbank.ItemReport) verdict {
	mended, wasMended := u.Mended[item.N]
	v := verdict{
		N: item.N, At: item.At, Title: item.Title, Type: importedType(item.Type), Aspect: aspectCode(item.Aspect), Tag: outcomeTag(item.Outcome),
		Action: action(item), Skipped: item.Outcome == questionbank.Skipped, Mended: wasMended,
		Address: fmt.Sprintf("%s/soal/%d", p.Here, item.N),
	}
	v.Messages, v.More = placedMessages(item)
	// Of a question that nobody can use yet, the indicator is chosen while it is mended.
	v.Choose = !v.Skipped && item.Action != questionbank.ActionSame && (wasMended || len(read.Rejects) == 0)
	if v.Choose {
		chosen := read.Content.Indicator
		if wasMended {
			chosen = mended.Indicator
		}
		v.Groups = indicatorGroups(chosen)
		if v.Assumed = "Pilih indikator"; item.Content.Indicator != "" {
			v.Assumed = "Sementara " + item.Content.Indicator
		}
	}
	return v
}

func placedMessages(item questionbank.ItemReport) (all []placed, more int) {
	for _, f := range item.Messages {
		if len(all) == mostMessages {
			more++
			continue
		}
		place := f.At
		if place == item.At {
			place = ""
		}
		all = append(all, placed{place, unplaced(f)})
	}
	return all, more
}

// unplaced is a message without its place, which is shown beside it.
func unplaced(f *fault.Fault) string {
	bare := *f
	bare.At = ""
	return words(&bare)
}

// words is a message in Indonesian.
func words(f *fault.Fault) string { return locale.Fault(f) }

// importedType names the type of a question, also one that no format knows.
func importedType(t string) string {
	if t == "" || t == string(questionbank.Unsupported) {
		return "tipe tidak dikenal"
	}
	return typeName(questionbank.Type(t))
}

func aspectCode(a scoring.Aspect) string {
	if !a.Valid() {
		return ""
	}
	return a.Code()
}

func outcomeTag(o questionbank.Outcome) tag {
	switch o {
	case questionbank.Accepted:
		return tag{"check", "Siap"}
	case questionbank.Warned:
		return tag{"tri warn", "Peringatan"}
	case questionbank.Skipped:
		return tag{"box", "Dilewati"}
	default:
		return tag{"ex bad", "Ditolak"}
	}
}

// action says what saving would do.
func action(item questionbank.ItemReport) string {
	switch item.Action {
	case questionbank.ActionSame:
		return "Sudah ada, sama dengan " + item.Code
	case questionbank.ActionRevised:
		return "Akan menjadi versi baru dari " + item.Code
	case questionbank.ActionNew:
		return "Akan menjadi soal baru"
	default:
		return "Tidak masuk"
	}
}

// summary is a report in numbers.
type summary struct {
	File     string
	Headline string
	Items    int
	Ready    int // accepted
	Warned   int
	Rejected int
	Skipped  int
	Same     int // of those, what the bank holds already
	Homeless int // judged, but nobody has said what they are about
	Types    string
	Bars     []bar
	Messages []string
}

// bar is a part of the strip at the top of the report.
type bar struct {
	Class    string
	X, Width string
}

// Savable is how many questions saving would keep.
func (s summary) Savable() int { return s.Ready + s.Warned - s.Homeless }

func summed(found questionbank.Report) summary {
	counts := found.Counts()
	s := summary{
		File: found.File, Items: counts.Items, Ready: counts.Accepted, Warned: counts.Warned, Rejected: counts.Rejected, Skipped: counts.Skipped,
		Types: typeCounts(counts.ByType),
	}
	for _, f := range found.Messages {
		s.Messages = append(s.Messages, words(f))
	}
	for _, item := range found.Items {
		if item.Action == questionbank.ActionSame {
			s.Same++
		}
		if homeless(item) {
			s.Homeless++
		}
	}
	s.Headline, s.Bars = s.headline(), s.bars()
	return s
}

// homeless reports a question that was judged without an aspect, and that
// saving would refuse.
func homeless(item questionbank.ItemReport) bool {
	return item.Outcome == questionbank.Warned && item.Content.Indicator == ""
}

func (s summary) headline() string {
	switch {
	case s.Items == 0:
		return "Tidak ada soal di berkas ini"
	case s.Same > 0 && s.Savable() == s.Same && s.Rejected+s.Homeless == 0:
		return "Tidak ada yang baru: soalnya sudah ada di bank"
	default:
		return fmt.Sprintf("%s dari %s siap disimpan", locale.Int(s.Savable()), count(s.Items))
	}
}

// bars is the strip: ready, warned and rejected as shares of all.
func (s summary) bars() []bar {
	var all []bar
	at := 0
	for _, part := range []struct {
		n     int
		class string
	}{{s.Ready, "c-bar"}, {s.Warned, "c-warn"}, {s.Rejected, "c-bad"}} {
		if part.n == 0 {
			continue
		}
		width := part.n * 1000 / s.Items
		all = append(all, bar{Class: part.class, X: permille(at), Width: permille(width)})
		at += width
	}
	return all
}

// permille writes 933 as "93.3%", the way SVG reads it.
func permille(n int) string { return fmt.Sprintf("%d.%d%%", n/10, n%10) }
