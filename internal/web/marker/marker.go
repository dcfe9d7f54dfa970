// Package marker holds the pages of those who mark essays: the queue, and one
// answer at a time with its rubric. Nothing in them names a participant.
package marker

import (
	"embed"
	"fmt"
	"html/template"
	"net/http"
	"strconv"
	"strings"

	"cakap/assessment"
	"cakap/internal/access"
	"cakap/internal/fault"
	"cakap/internal/locale"
	"cakap/internal/web/kit"
	"cakap/questionbank"
)

//go:embed *.html
var files embed.FS

// Deps are the services behind these pages.
type Deps struct {
	Assessment *assessment.Service
}

// The kinds of the sealed ids in these addresses and forms.
const (
	scriptKind = "script"
	eventKind  = "event"
	itemKind   = "item"
)

// Routes are the doors of the markers.
func Routes(d Deps) []kit.Route {
	mark := access.EssayMark
	return []kit.Route{
		{Method: http.MethodGet, Path: "/penilaian", Action: mark, Handle: d.queue},
		{Method: http.MethodPost, Path: "/penilaian", Action: mark, Handle: d.begin},
		{Method: http.MethodGet, Path: "/penilaian/:id", Action: mark, Handle: d.script},
		{Method: http.MethodPost, Path: "/penilaian/:id", Action: mark, Handle: d.mark},
	}
}

// Views are the templates of this package.
func Views() kit.Views {
	return kit.Views{Name: "marker", Layout: "staff", FS: files, Examples: examples()}
}

// queuePage is what there is to mark.
type queuePage struct {
	kit.Base
	Groups  []group
	Waiting int
}

// group is the answers to one question of one event.
type group struct {
	Event, Item int64
	EventName   string
	Stem        string
	Total, Done int
	Mine, Third int
}

func actor(c *kit.Ctx) assessment.Actor {
	return assessment.Actor{Account: c.Actor(), Scope: c.Scope()}
}

func (d Deps) queue(c *kit.Ctx) (kit.Response, error) {
	all, err := d.Assessment.MarkingQueue(c.Context(), actor(c))
	if err != nil {
		return nil, err
	}
	page := &queuePage{Base: c.Base("Penilaian uraian").In(kit.SectionMarking)}
	for _, g := range all {
		page.Waiting += g.Mine
		page.Groups = append(page.Groups, group{
			Event: g.Event.ID, Item: g.Item, EventName: g.Event.Name, Stem: g.Stem, Total: g.Total, Done: g.Done, Mine: g.Mine, Third: g.Third,
		})
	}
	return kit.HTML("marker/antrean", page), nil
}

// begin leads to an answer that nobody else has before them.
func (d Deps) begin(c *kit.Ctx) (kit.Response, error) {
	event, err := c.FormID(eventKind, "kegiatan")
	if err != nil {
		return nil, err
	}
	item, err := c.FormID(itemKind, "soal")
	if err != nil {
		return nil, err
	}
	return d.next(c, event, item, "Tidak ada jawaban yang menunggu Anda pada soal ini. Mungkin sedang dibuka penilai lain.")
}

func (d Deps) next(c *kit.Ctx, event, item int64, none string) (kit.Response, error) {
	id, err := d.Assessment.NextScript(c.Context(), actor(c), event, item)
	if err != nil {
		return nil, err
	}
	if id == 0 {
		c.Flash(none)
		return kit.Redirect("/penilaian"), nil
	}
	return kit.Redirect("/penilaian/" + c.Seal(scriptKind, id)), nil
}

// scriptPage is one answer with its rubric.
type scriptPage struct {
	kit.Base
	ID        int64
	EventName string
	Stem      template.HTML
	Stimulus  template.HTML
	Rationale template.HTML
	Answers   [][][]string // texts, their paragraphs, the lines of those
	Criteria  []criterion
	Whole     int
	Stage     string
	Others    []string // what two markers gave who differ
	Again     bool     // the marker corrects the own mark
	Comment   string
}

// criterion is one line of the rubric with what was typed for it.
type criterion struct {
	Field, Name, Guide string
	Points             int
	Value              string
}

var stages = map[assessment.Stage]string{
	assessment.FirstMark: "Penilaian pertama", assessment.SecondMark: "Penilaian kedua",
	assessment.ThirdMark: "Penilaian penentu", assessment.Decided: "Sudah dinilai",
}

func (d Deps) script(c *kit.Ctx) (kit.Response, error) {
	page, _, err := d.page(c)
	if err != nil {
		return nil, err
	}
	return kit.HTML("marker/nilai", page), nil
}

func (d Deps) page(c *kit.Ctx) (*scriptPage, assessment.Script, error) {
	id, err := c.ID(scriptKind, "id")
	if err != nil {
		return nil, assessment.Script{}, err
	}
	s, err := d.Assessment.Script(c.Context(), actor(c), id)
	if err != nil {
		return nil, assessment.Script{}, err
	}
	page, err := newPage(s)
	if err == nil {
		page.Base = c.Base("Nilai jawaban uraian").In(kit.SectionMarking)
	}
	return page, s, err
}

func newPage(s assessment.Script) (*scriptPage, error) {
	p := &scriptPage{ID: s.ID, EventName: s.Event.Name, Whole: s.Whole, Stage: stages[s.Stage], Again: s.Own != nil}
	var err error
	for to, source := range map[*template.HTML]string{&p.Stem: s.Delivery.Stem, &p.Stimulus: s.Delivery.Stimulus, &p.Rationale: s.Rationale} {
		if *to, err = kit.MarkdownMedia(questionbank.HoldGaps(source), s.Delivery.Media); err != nil {
			return nil, fmt.Errorf("render item: %w", err)
		}
		*to = template.HTML(questionbank.FillGaps(string(*to), func(i int) string { return fmt.Sprintf("… (%d)", i+1) })) //nolint:gosec // sanitised, and a number
	}
	for _, text := range s.Texts {
		p.Answers = append(p.Answers, paragraphs(text))
	}
	for i, r := range s.Rubric {
		one := criterion{Field: assessment.CriterionField(i), Name: r.Name, Guide: r.Guide, Points: r.Points}
		if one.Name == "" {
			one.Name = "Nilai"
		}
		if s.Own != nil && i < len(s.Own.Points) {
			one.Value = strconv.Itoa(s.Own.Points[i])
		}
		p.Criteria = append(p.Criteria, one)
	}
	if s.Own != nil {
		p.Comment = s.Own.Comment
	}
	for _, m := range s.Others {
		text := fmt.Sprintf("Penilai ke-%d memberi %d dari %d.", m.Place, m.Total(), s.Whole)
		if m.Comment != "" {
			text += " Catatannya: " + m.Comment
		}
		p.Others = append(p.Others, text)
	}
	return p, nil
}

// paragraphs splits a text at its empty lines, and each part at its breaks.
func paragraphs(text string) [][]string {
	var all [][]string
	for block := range strings.SplitSeq(text, "\n\n") {
		if block = strings.Trim(block, "\n"); block != "" {
			all = append(all, strings.Split(block, "\n"))
		}
	}
	return all
}

// mark keeps the points and goes on with the next answer to the same question.
func (d Deps) mark(c *kit.Ctx) (kit.Response, error) {
	page, s, err := d.page(c)
	if err != nil {
		return nil, err
	}
	page.Comment = c.Form("comment")
	points := make([]int, len(page.Criteria))
	for i := range page.Criteria {
		r := &page.Criteria[i]
		r.Value = c.Form(r.Field)
		if points[i], err = strconv.Atoi(r.Value); err != nil {
			points[i] = -1 // which no rubric has
		}
	}
	stage, err := d.Assessment.MarkScript(c.Context(), actor(c), s.ID, points, page.Comment)
	if err != nil {
		errs, ok := kit.FormErrors(err)
		if !ok || fault.KindOf(err) == fault.Malformed {
			return nil, err
		}
		page.Errors = errs
		return kit.Refused("marker/nilai", page), nil
	}
	sum := 0
	for _, p := range points {
		sum += p
	}
	done := fmt.Sprintf("Nilai %s dari %s tersimpan.", locale.Int(sum), locale.Int(s.Whole))
	if stage == assessment.ThirdMark {
		done += " Kedua penilai berbeda jauh, jadi orang ketiga yang menentukan."
	}
	if page.Again {
		c.Flash(done)
		return kit.Redirect("/penilaian"), nil
	}
	next, err := d.next(c, s.Event.ID, s.Item, done+" Tidak ada lagi jawaban yang menunggu Anda pada soal ini.")
	if err == nil && next != kit.Redirect("/penilaian") {
		c.Flash(done + " Ini jawaban berikutnya.")
	}
	return next, err
}

func examples() map[string]kit.Page {
	script := assessment.Script{
		Event: assessment.Event{Name: "Pemetaan"}, Delivery: questionbank.Delivery{Stem: "Jelaskan [[1]].", Stimulus: "Bacaan"}, Rationale: "Pembahasan",
		Texts: []string{"Satu\ndua\n\ntiga"}, Rubric: []questionbank.Criterion{{Name: "Isi", Guide: "Lengkap", Points: 4}, {Points: 6}}, Whole: 10, Stage: assessment.ThirdMark,
		Own: &assessment.Mark{Points: []int{3, 5}, Comment: "Baik"}, Others: []assessment.Mark{{Place: 1, Points: []int{1, 1}}, {Place: 2, Points: []int{4, 6}, Comment: "Tepat"}},
	}
	page, err := newPage(script)
	if err != nil {
		panic(err) // Markdown of our own always renders
	}
	page.Base = kit.Base{Title: "Nilai jawaban", Errors: kit.Errors{{Field: "pa", Text: "Nilai kriteria 1 harus 0 sampai 4."}}}
	return map[string]kit.Page{
		"antrean": &queuePage{Base: kit.Base{Title: "Penilaian uraian"}, Waiting: 3, Groups: []group{
			{EventName: "Pemetaan", Stem: "Jelaskan", Total: 9, Done: 5, Mine: 3, Third: 1}, {EventName: "Pemetaan", Stem: "Uraikan", Total: 2, Done: 2},
		}},
		"nilai": page,
	}
}
