package trainer

import (
	"context"
	"strings"

	"cakap/internal/locale"
	"cakap/internal/web/kit"
	"cakap/questionbank"
	"cakap/scoring"
)

// listPage is the bank, or the part of it that the filter finds.
type listPage struct {
	kit.Base
	Filter    lens
	Stale     bool // the address asked for something that no longer exists
	Advanced  bool // one of the filters behind "Saringan lain" is set
	Aspects   []choice
	Groups    []group
	Types     []choice
	Levels    []choice
	Statuses  []choice
	Authors   []choice
	Tags      []choice
	Uses      []choice
	Reasons   []choice
	Sorts     []choice
	Batch     string // sealed, where the list is of one import
	Chips     []chip
	Cover     []cover
	Tabs      []tab
	Rows      []row
	Total     int
	More      bool // there may be more than Total
	From, To  int  // places of the first and the last row
	All       int  // of the whole bank
	Live      int
	Pager     []link
	Query     string // the filter, for the forms of the page
	Export    string
	Unchecked int // shipped items in use that nobody of the agency has reviewed
	Due       int // items that should be looked at again
}

// tab is a status with how many items of the filter have it.
type tab struct {
	Text    string
	N       int
	URL     string
	Current bool
}

// row is a line of the list.
type row struct {
	ID        int64
	Code      string
	Rev       int
	Aspect    string
	Indicator string
	Stem      string
	Type      string
	Level     string
	Status    tag
	Live      int // the revision in use where it is not the latest, else 0
	Uses      int // forms that hold it
	Flagged   bool
	Media     bool
	Updated   string
}

// Pick is what the form says to mean this row, as the person saw it.
func (r row) Pick() string { return pick{r.Code, r.Rev}.String() }

func (d Deps) list(c *kit.Ctx) (kit.Response, error) {
	l, stale, err := d.lensOf(c, c.Query)
	if err != nil {
		return nil, err
	}
	l.Page = c.QueryInt("hal", 1)
	found, err := d.Bank.List(c.Context(), l.Filter)
	if err != nil {
		return nil, err
	}
	page := listing(l, found)
	page.Base = c.Base("Bank soal").In(kit.SectionBank)
	page.Scripts = []string{"bank.js"}
	page.Stale = stale
	if err := d.surround(c, page, l); err != nil {
		return nil, err
	}
	return kit.HTML("trainer/daftar", page), nil
}

// surround adds what stands around the list: people, tags, and the state of
// the bank as a whole.
func (d Deps) surround(c *kit.Ctx, page *listPage, l lens) error {
	ctx := c.Context()
	if err := d.peopleAndTags(c, page, l); err != nil {
		return err
	}
	if err := d.countUses(ctx, page.Rows); err != nil {
		return err
	}
	whole, err := d.Bank.List(ctx, questionbank.Filter{PageSize: 1})
	if err != nil {
		return err
	}
	coverage, err := questionbank.LiveCoverage(ctx, d.Bank.DB)
	if err != nil {
		return err
	}
	if page.Unchecked, err = questionbank.ShippedUnreviewed(ctx, d.Bank.DB); err != nil {
		return err
	}
	blueprints, err := d.blueprints(ctx)
	if err != nil {
		return err
	}
	reminders, err := d.Bank.Reminders(ctx, c.Now())
	if err != nil {
		return err
	}
	page.All, page.Due = whole.Total, remind(reminders).Total
	page.Cover, page.Live = covers(coverage, blueprints), coverage.Count(scoring.Total, "", "")
	return nil
}

// peopleAndTags fills the lists of who wrote what and of the tags in use.
func (d Deps) peopleAndTags(c *kit.Ctx, page *listPage, l lens) error {
	name, err := d.names(c.Context())
	if err != nil {
		return err
	}
	authors, err := d.Bank.Authors(c.Context())
	if err != nil {
		return err
	}
	for _, id := range authors {
		if id != 0 {
			page.Authors = append(page.Authors, choice{Value: c.Seal(authorKind, id), Text: name(id), Chosen: id == l.Author})
		}
	}
	page.Chips = l.chips(name(l.Author))
	tags, err := d.Bank.Tags(c.Context(), manyTags)
	if err != nil {
		return err
	}
	for _, t := range tags {
		page.Tags = append(page.Tags, choice{Value: t.Name, Text: t.Name, Chosen: t.Name == l.Tag})
	}
	return nil
}

// manyTags is how many tags the filter offers; any other can still be asked
// for by an address or a word.
const manyTags = 100

// countUses says of every row how many forms hold it.
func (d Deps) countUses(ctx context.Context, rows []row) error {
	for i := range rows {
		u, err := d.Bank.Usage(ctx, rows[i].ID)
		if err != nil {
			return err
		}
		rows[i].Uses = u.Forms
	}
	return nil
}

// listing is the part of the page that the filter and what it found make.
func listing(l lens, found questionbank.Page) *listPage {
	p := &listPage{
		Filter: l, Aspects: aspectChoices(l.Aspect), Groups: indicatorGroups(l.Indicator),
		Types: choices(questionbank.Types[:], typeName, l.Type), Levels: choices(questionbank.Levels[:], levelName, l.Level),
		Statuses: choices(questionbank.Statuses[:], statusName, l.Status), Reasons: choices(reasons, dueName, l.Due),
		Sorts: choices(questionbank.Sorts[:], sortName, l.Sort),
		Uses: []choice{
			{Value: usedOnce, Text: useName(questionbank.Used), Chosen: l.Used == questionbank.Used},
			{Value: usedNot, Text: useName(questionbank.Unused), Chosen: l.Used == questionbank.Unused},
		},
		Advanced: l.Indicator != "" || l.Level != "" || l.Live || l.Author != 0 || l.Tag != "" || l.Used != questionbank.AnyUse || l.Due != anyReason || l.Media || l.Lang != "",
		Total:    found.Total, More: found.More, Pager: l.pager(found.Page, found.Pages), Query: l.values().Encode(), Export: address("/bank/ekspor", l.values()),
	}
	if l.Batch != 0 {
		p.Batch = l.seal(batchKind, l.Batch)
	}
	p.Tabs = tabs(l, found.ByStatus)
	for _, r := range found.Rows {
		p.Rows = append(p.Rows, listed(r))
	}
	if len(p.Rows) > 0 {
		p.From = (found.Page-1)*perPage + 1
		p.To = p.From + len(p.Rows) - 1
	}
	return p
}

// perPage is how many rows a page of the list has.
const perPage = 50

func tabs(l lens, by map[questionbank.Status]int) []tab {
	current := l.Status
	l.Status = ""
	all := tab{Text: "Semua", URL: l.URL(), Current: current == ""}
	var each []tab
	for _, s := range questionbank.Statuses {
		l.Status = s
		all.N += by[s]
		each = append(each, tab{Text: statusName(s), N: by[s], URL: l.URL(), Current: current == s})
	}
	return append([]tab{all}, each...)
}

func listed(r questionbank.Row) row {
	out := row{
		ID: r.Item, Code: r.Code, Rev: r.Rev, Aspect: r.Aspect.Code(), Indicator: r.Indicator, Stem: short(r.Stem), Flagged: r.FlaggedMS > 0, Media: r.Media,
		Type: typeName(r.Type), Level: string(r.Level), Status: statusTag(r.Status), Updated: locale.ShortDate(r.Updated().In(locale.Zone(""))),
	}
	if r.LiveRev != 0 && r.LiveRev != r.Rev {
		out.Live = r.LiveRev
	}
	return out
}

// stemRunes is how much of a stem a list shows.
const stemRunes = 80

func short(stem string) string {
	stem = questionbank.Plain(stem)
	if runes := []rune(stem); len(runes) > stemRunes {
		return strings.TrimSpace(string(runes[:stemRunes-1])) + "…"
	}
	if stem == "" {
		return "(tanpa pokok soal)"
	}
	return stem
}
