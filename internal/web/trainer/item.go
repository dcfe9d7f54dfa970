package trainer

import (
	"html/template"
	"slices"
	"strings"
	"time"

	"cakap/internal/access"
	"cakap/internal/fault"
	"cakap/internal/locale"
	"cakap/internal/web/kit"
	"cakap/questionbank"
	"cakap/questionbank/lint"
	"cakap/scoring"
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
	Options   []optionView
	Graded    bool
	Rationale template.HTML
	Advice    []advice
	PhoneOK   bool
	Similar   []questionbank.Similar
	Versions  []version
	Reviews   []decision
	Comment   string // typed, kept where the form was refused
	May       may
}

// fact is a name with a value.
type fact struct{ Name, Value string }

// may is what this person can do with the revision now.
type may struct {
	Edit, Submit, Approve, Return, Retire bool
	OwnWork                               bool // it waits for a reviewer, and this one wrote it
}

// Decide reports whether the item waits for something that this person can do.
func (m may) Decide() bool { return m.Submit || m.Approve || m.Return }

// preview is a question as a participant sees it.
type preview struct {
	Aspect   string
	Stimulus template.HTML
	Stem     template.HTML
	Options  []shown
	Many     bool
}

// shown is an option without what it is worth.
type shown struct{ Letter, Text string }

// optionView is an option with its key.
type optionView struct {
	Letter, Text, Reason string
	Key                  bool
	Points               string
}

// advice is a remark about style; Field is the form field it is about.
type advice struct{ Field, Text string }

// version is a line of the history of an item's text.
type version struct {
	Rev                int
	Status             tag
	Live, Shown        bool
	Author, Date, From string
}

// decision is a line of the history of its reviews.
type decision struct {
	Rev                      int
	What, Who, Date, Comment string
}

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
	page, err := viewed(item, item.Revisions[i], name, c.Now())
	if err != nil {
		return nil, err
	}
	if page.Similar, err = d.Bank.Similar(c.Context(), item.Code, item.Revisions[i].Content.Stem); err != nil {
		return nil, err
	}
	page.Base = c.Base("Soal " + item.Code).In(kit.SectionBank)
	page.May = allowed(c.Principal(), item, item.Revisions[i])
	return page, nil
}

// allowed is what p may do with revision r: only the latest one moves on.
func allowed(p *access.Principal, item questionbank.Item, r questionbank.Revision) may {
	if r.Rev != item.LatestRev {
		return may{}
	}
	edits := access.Allow(p, access.BankEdit) == nil
	reviews := access.Allow(p, access.BankReview) == nil
	own := p != nil && r.Author == p.AccountID
	waits := r.Status == questionbank.InReview
	unread := r.Status == questionbank.Approved && r.Provenance == questionbank.Shipped && r.Reviewer == 0
	return may{
		Edit:    edits,
		Submit:  edits && (r.Status == questionbank.Draft || r.Status == questionbank.ChangesWanted),
		Approve: reviews && !own && (waits || unread),
		Return:  reviews && !own && waits,
		Retire:  edits && r.Status != questionbank.Retired,
		OwnWork: reviews && own && waits,
	}
}

// viewed makes the page of revision r.
func viewed(item questionbank.Item, r questionbank.Revision, name func(int64) string, now time.Time) (*itemPage, error) {
	c := r.Content
	p := &itemPage{
		ID: item.ID, Code: item.Code, Rev: r.Rev, Latest: item.LatestRev, Live: item.LiveRev, Status: statusTag(r.Status), Subject: subject(c.Indicator),
		Facts: facts(r, name), Options: optionViews(c), Graded: c.Type == questionbank.SJT, PhoneOK: r.PhoneOK,
		Advice: advised(c, now),
	}
	var err error
	if p.Preview, err = previewOf(c); err != nil {
		return nil, err
	}
	if p.Rationale, err = kit.Markdown(c.Rationale); err != nil {
		return nil, err
	}
	for _, v := range item.Revisions {
		p.Versions = append(p.Versions, version{
			Rev: v.Rev, Status: statusTag(v.Status), Live: v.Rev == item.LiveRev, Shown: v.Rev == r.Rev,
			Author: name(v.Author), Date: day(v.Created), From: provenance(v),
		})
	}
	for _, v := range item.Reviews {
		p.Reviews = append(p.Reviews, decision{Rev: v.Rev, What: verdictName(v.Verdict), Who: name(v.Reviewer), Date: day(v.At), Comment: v.Comment})
	}
	return p, nil
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
		{"Aspek", aspectName(c.Aspect())}, {"Tipe", typeName(c.Type)}, {"Level kognitif", levelName(c.Level)},
		{"Rujukan", c.Basis}, {"Tinjau ulang pada", dateOf(c.Expires)}, {"DigComp", strings.Join(c.DigComp, ", ")}, {"Penulis", name(r.Author)}, {"Asal", provenance(r)},
	}
	if r.Reviewer != 0 {
		all = append(all, fact{"Ditelaah", name(r.Reviewer) + ", " + day(r.Reviewed)})
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

func optionViews(c questionbank.Content) []optionView {
	in := c.Choice()
	all := make([]optionView, len(in.Options))
	best := scoring.Micro(-1)
	for _, o := range in.Options {
		best = max(best, o.Points)
	}
	for i, o := range in.Options {
		all[i] = optionView{Letter: o.ID, Text: o.Text, Reason: o.Reason, Key: slices.Contains(in.Correct, o.ID)}
		if c.Type == questionbank.SJT {
			all[i].Key, all[i].Points = o.Points == best, formatPoints(o.Points)
		}
	}
	return all
}

func previewOf(c questionbank.Content) (preview, error) {
	d := c.Delivery()
	p := preview{Many: d.Part().Many}
	if a := c.Aspect(); a.Valid() {
		p.Aspect = questionbank.StandardFramework().AspectName(a)
	}
	var err error
	if d.Stimulus != "" {
		if p.Stimulus, err = kit.Markdown(d.Stimulus); err != nil {
			return preview{}, err
		}
	}
	if p.Stem, err = kit.Markdown(d.Stem); err != nil {
		return preview{}, err
	}
	for i, o := range d.Part().Options {
		p.Options = append(p.Options, shown{questionbank.OptionID(i), o.Text})
	}
	return p, nil
}

func advised(c questionbank.Content, now time.Time) []advice {
	var all []advice
	for _, f := range lint.Item(c, now.In(locale.Zone(""))) {
		all = append(all, advice{f.Field, locale.Fault(f)})
	}
	return all
}
