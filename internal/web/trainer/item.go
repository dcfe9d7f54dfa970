package trainer

import (
	"fmt"
	"html/template"
	"slices"
	"strings"
	"time"

	"cakap/internal/access"
	"cakap/internal/fault"
	"cakap/internal/locale"
	"cakap/internal/web/kit"
	"cakap/internal/web/question"
	"cakap/questionbank"
	"cakap/questionbank/lint"
)

// itemPage is one revision of an item with all that is known about it.
type itemPage struct {
	kit.Base
	ID        int64
	Code      string
	Rev       int // shown
	Latest    int
	Live      int // in use, 0 for none
	Status    tag
	Subject   string // its indicator
	Facts     []fact
	Preview   preview
	Keys      []keyPart
	Graded    bool
	Rationale template.HTML
	Feedback  []fact
	Advice    []advice
	PhoneOK   bool
	Similar   []questionbank.Similar
	Uses      usage
	Reminders []string
	Flagged   *decision // the note that still stands
	Raw       bool      // the file's own words are kept
	Tags      []string
	History   history
	Queue     *inQueue // where a reviewer is on the way through
	Review    reviewForm
	Reason    string // of retiring, kept where the form was refused
	Problem   string // of a note
	May       may
}

// fact is a name with a value.
type fact struct{ Name, Value string }

// may is what this person can do with the revision now.
type may struct {
	Edit, Submit, Retire bool
	Approve, Return      bool // and reject
	Flag                 bool
	OwnWork              bool // it waits for a reviewer, and this one wrote it
}

// preview is a question as a participant sees it.
type preview struct {
	question.View
	Aspect string
}

// advice is a remark about style; Field is the form field it is about.
type advice struct{ Field, Text string }

func (d Deps) item(c *kit.Ctx) (kit.Response, error) {
	page, err := d.itemPage(c)
	if err != nil {
		return nil, err
	}
	return kit.HTML("trainer/butir", page), nil
}

// itemPage shows the revision that the address asks for, else the latest.
func (d Deps) itemPage(c *kit.Ctx) (*itemPage, error) {
	id, err := c.ID(itemKind, "id")
	if err != nil {
		return nil, err
	}
	item, err := d.Bank.Item(c.Context(), id)
	if err != nil {
		return nil, err
	}
	rev := c.QueryInt("versi", item.LatestRev)
	i := slices.IndexFunc(item.Revisions, func(r questionbank.Revision) bool { return r.Rev == rev })
	if i < 0 {
		return nil, fault.New(fault.NotFound, "questionbank.no_item")
	}
	name, err := d.names(c.Context())
	if err != nil {
		return nil, err
	}
	r := item.Revisions[i]
	page, err := viewed(item, r, name, c.Now())
	if err != nil {
		return nil, err
	}
	page.Base = c.Base("Soal " + item.Code).In(kit.SectionBank)
	page.Scripts = []string{"bank.js"}
	page.May, page.Review = allowed(c.Principal(), item, r), emptyReview()
	return page, d.lookUp(c, page, r)
}

// lookUp adds what stands elsewhere: similar items, uses, tags, the place in
// the queue, and whether the file's own words were kept.
func (d Deps) lookUp(c *kit.Ctx, page *itemPage, r questionbank.Revision) error {
	ctx := c.Context()
	var err error
	if page.Similar, err = d.Bank.Similar(ctx, page.Code, r.Content.Stem); err != nil {
		return err
	}
	used, err := d.Bank.Usage(ctx, r.Item)
	if err != nil {
		return err
	}
	page.Uses = usageOf(used)
	if page.Tags, _, err = d.Bank.ItemTags(ctx, r.Item); err != nil {
		return err
	}
	if r.Provenance == questionbank.Imported {
		raw, err := d.Bank.Raw(ctx, r.Ref)
		if err != nil {
			return err
		}
		page.Raw = len(raw) > 0
	}
	if page.May.Approve || page.May.Return {
		page.Section = kit.SectionReview
		queue, err := d.place(ctx, c.Actor(), r)
		if err != nil {
			return err
		}
		page.Queue = &queue
	}
	return nil
}

// allowed is what p may do with revision r: only the latest one moves on.
func allowed(p *access.Principal, item questionbank.Item, r questionbank.Revision) may {
	if r.Rev != item.LatestRev {
		return may{}
	}
	edits, reviews := access.Allow(p, access.BankEdit) == nil, mayReview(p)
	own := p != nil && r.Author == p.AccountID
	waits := r.Status == questionbank.InReview
	return may{
		Edit:    edits,
		Submit:  edits && (r.Status == questionbank.Draft || r.Status == questionbank.ChangesWanted),
		Approve: reviews && !own && (waits || unreadShipped(r)),
		Return:  reviews && !own && (waits || unreadShipped(r)),
		Retire:  edits && r.Status != questionbank.Retired,
		Flag:    r.Status != questionbank.Retired,
		OwnWork: reviews && own && waits,
	}
}

// viewed makes the page of revision r.
func viewed(item questionbank.Item, r questionbank.Revision, name func(int64) string, now time.Time) (*itemPage, error) {
	c := r.Content
	p := &itemPage{
		ID: item.ID, Code: item.Code, Rev: r.Rev, Latest: item.LatestRev, Live: item.LiveRev, Status: statusTag(r.Status), Subject: subject(c.Indicator),
		Facts: facts(r, name), Graded: c.Type == questionbank.SJT, PhoneOK: r.PhoneOK,
		Advice: advised(c, now), Reminders: reminded(item, r, now), History: historyOf(item, r, name), Flagged: flagged(item, name),
	}
	var err error
	if p.Preview, err = previewOf(c); err != nil {
		return nil, err
	}
	if p.Keys, err = keysOf(c); err != nil {
		return nil, err
	}
	p.Feedback = feedback(c)
	p.Rationale, err = kit.MarkdownMedia(c.Rationale, c.Delivery().Media)
	return p, err
}

func day(t time.Time) string { return locale.Date(t.In(locale.Zone(""))) }

// subject is an indicator with its name, as the framework writes it.
func subject(code string) string {
	if ind, ok := questionbank.StandardFramework().Indicator(code); ok {
		return code + " " + ind.Name
	}
	return code
}

func facts(r questionbank.Revision, name func(int64) string) []fact {
	c := r.Content
	all := []fact{
		{"Aspek", aspectName(c.Aspect())}, {"Tipe", typeName(c.Type)}, {"Level kognitif", levelName(c.Level)}, {"Judul", c.Title}, {"Kategori asal", c.Category},
		{"Rujukan", c.Basis}, {"Tinjau ulang pada", dateOf(c.Expires)}, {"DigComp", strings.Join(c.DigComp, ", ")}, {"Penulis", name(r.Author)}, {"Asal", provenance(r)},
	}
	if c.Lang != "" {
		all = append(all, fact{"Bahasa", languageName(c.Lang)})
	}
	if c.Seconds > 0 {
		all = append(all, fact{"Perkiraan waktu", fmt.Sprintf("%d detik", c.Seconds)})
	}
	if r.SuggestedBy != 0 {
		all = append(all, fact{"Atas usulan", name(r.SuggestedBy)})
	}
	if r.Reviewer != 0 {
		all = append(all, fact{"Ditelaah", name(r.Reviewer) + ", " + day(r.Reviewed)})
	}
	return slices.DeleteFunc(all, func(f fact) bool { return f.Value == "" })
}

// feedback is what participants may read after an answer.
func feedback(c questionbank.Content) []fact {
	f := c.Feedback
	if f == nil {
		return nil
	}
	all := []fact{{"Bila benar", questionbank.Plain(f.Correct)}, {"Bila benar sebagian", questionbank.Plain(f.Partial)}, {"Bila salah", questionbank.Plain(f.Wrong)}}
	for i, hint := range f.Hints {
		all = append(all, fact{fmt.Sprintf("Petunjuk %d", i+1), questionbank.Plain(hint)})
	}
	return slices.DeleteFunc(all, func(f fact) bool { return f.Value == "" })
}

// dateOf writes a stored date as people read it, and leaves alone what is none.
func dateOf(stored string) string {
	t, err := time.Parse(time.DateOnly, stored)
	if err != nil {
		return stored
	}
	return locale.Date(t)
}

func previewOf(c questionbank.Content) (preview, error) {
	var p preview
	if a := c.Aspect(); a.Valid() {
		p.Aspect = questionbank.StandardFramework().AspectName(a)
	}
	var err error
	p.View, err = question.Show(question.Item{N: 1, Delivery: c.Delivery()})
	return p, err
}

func advised(c questionbank.Content, now time.Time) []advice {
	var all []advice
	for _, f := range lint.Item(c, now.In(locale.Zone(""))) {
		all = append(all, advice{f.Field, locale.Fault(f)})
	}
	return all
}
