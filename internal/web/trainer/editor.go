package trainer

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"cakap/internal/fault"
	"cakap/internal/web/kit"
	"cakap/questionbank"
	"cakap/scoring"
)

// editPage is the editor, for a new item and for one that is there.
type editPage struct {
	kit.Base
	ID       int64 // 0 for a new item
	Code     string
	Rev      int // the revision the author started from
	Live     int
	Draft    draft
	Groups   []group
	Types    []choice
	Levels   []choice
	Shown    bool // there is something to preview
	Preview  preview
	Advice   []advice
	PhoneOK  bool
	Similar  []questionbank.Similar
	Previews bool // the author asked to see it, nothing was saved
}

func (d Deps) newForm(c *kit.Ctx) (kit.Response, error) {
	f, _ := queried(c)
	dr := draft{Type: questionbank.Single, Level: questionbank.L2, Indicator: f.Indicator, Shuffle: true}
	if f.Type != "" {
		dr.Type = f.Type
	}
	if of := questionbank.StandardFramework().Of(f.Aspect); dr.Indicator == "" && len(of) > 0 {
		dr.Indicator = of[0].Code
	}
	dr.fill()
	page := editing(dr)
	page.Base = c.Base("Tulis soal").In(kit.SectionNewItem)
	return kit.HTML("trainer/ubah", page), nil
}

func (d Deps) editForm(c *kit.Ctx) (kit.Response, error) {
	item, err := d.edited(c)
	if err != nil {
		return nil, err
	}
	latest := item.Latest()
	page := editing(draftOf(latest.Content))
	page.of(c, item, latest.Rev)
	if err := d.look(c, page, latest.Content); err != nil {
		return nil, err
	}
	return kit.HTML("trainer/ubah", page), nil
}

func (d Deps) edited(c *kit.Ctx) (questionbank.Item, error) {
	id, err := c.ID(itemKind, "id")
	if err != nil {
		return questionbank.Item{}, err
	}
	return d.Bank.Item(c.Context(), id)
}

// editing is the editor with what a draft holds.
func editing(dr draft) *editPage {
	return &editPage{
		Draft: dr, Groups: indicatorGroups(dr.Indicator),
		Types: choices(questionbank.Types[:], typeName, dr.Type), Levels: choices(questionbank.Levels[:], levelName, dr.Level),
	}
}

// of names the item that the page edits.
func (p *editPage) of(c *kit.Ctx, item questionbank.Item, rev int) {
	p.Base = c.Base("Ubah soal " + item.Code).In(kit.SectionBank)
	p.ID, p.Code, p.Rev, p.Live = item.ID, item.Code, rev, item.LiveRev
}

// look adds the preview and what the linter says.
func (d Deps) look(c *kit.Ctx, p *editPage, content questionbank.Content) error {
	content = content.Normalise()
	if content.Stem == "" {
		return nil
	}
	var err error
	if p.Preview, err = previewOf(content); err != nil {
		return err
	}
	p.Shown, p.Advice, p.PhoneOK = true, advised(content, c.Now()), content.PhoneOK()
	p.Similar, err = d.Bank.Similar(c.Context(), p.Code, content.Stem)
	return err
}

func (d Deps) create(c *kit.Ctx) (kit.Response, error) {
	base := func(p *editPage) { p.Base = c.Base("Tulis soal").In(kit.SectionNewItem) }
	return d.save(c, base, func(ctx context.Context, content questionbank.Content) (questionbank.Saved, error) {
		return d.Bank.Create(ctx, c.Actor(), content)
	})
}

func (d Deps) revise(c *kit.Ctx) (kit.Response, error) {
	item, err := d.edited(c)
	if err != nil {
		return nil, err
	}
	rev, err := revision(c, "rev")
	if err != nil {
		return nil, err
	}
	base := func(p *editPage) { p.of(c, item, rev) }
	return d.save(c, base, func(ctx context.Context, content questionbank.Content) (questionbank.Saved, error) {
		return d.Bank.Revise(ctx, c.Actor(), questionbank.Ref{Item: item.ID, Rev: rev}, content)
	})
}

// save reads the form and stores it, or shows it again: with what is wrong, or
// because the author asked only for a preview.
func (d Deps) save(c *kit.Ctx, base func(*editPage), store func(context.Context, questionbank.Content) (questionbank.Saved, error)) (kit.Response, error) {
	dr := readDraft(c.Form)
	content, err := dr.content()
	again := func(errs kit.Errors) (*editPage, error) {
		page := editing(dr)
		base(page)
		page.Errors = errs
		return page, d.look(c, page, content)
	}
	if c.Form("aksi") == "pratinjau" {
		page, err := again(nil)
		if err != nil {
			return nil, err
		}
		page.Previews = true
		return kit.HTML("trainer/ubah", page), nil
	}
	var saved questionbank.Saved
	if err == nil {
		saved, err = store(c.Context(), content)
	}
	if err == nil {
		return d.saved(c, saved)
	}
	errs, ok := kit.FormErrors(err)
	if !ok {
		return nil, err
	}
	page, err := again(errs)
	if err != nil {
		return nil, err
	}
	return kit.Refused("trainer/ubah", page), nil
}

// saved goes on to the item, after asking for its review where that was wanted.
func (d Deps) saved(c *kit.Ctx, saved questionbank.Saved) (kit.Response, error) {
	text := fmt.Sprintf("Soal %s versi %d tersimpan sebagai draf.", saved.Code, saved.Rev)
	if c.Form("aksi") == "ajukan" {
		if err := d.Bank.Submit(c.Context(), c.Actor(), saved.Ref); err != nil {
			return nil, err
		}
		text = fmt.Sprintf("Soal %s versi %d tersimpan dan diajukan untuk telaah.", saved.Code, saved.Rev)
	}
	if len(saved.Similar) > 0 {
		text += fmt.Sprintf(" Soal ini mirip %d %% dengan %s.", saved.Similar[0].Share, saved.Similar[0].Code)
	}
	c.Flash(text)
	return kit.Redirect("/bank/" + c.Seal(itemKind, saved.Item)), nil
}

// draft is what the form holds, as it was typed.
type draft struct {
	Type                            questionbank.Type
	Indicator                       string
	Level                           questionbank.Level
	Stimulus, Stem                  string
	Rationale, Basis, Expires, Comp string
	Shuffle                         bool
	Options                         []optionDraft
}

// optionDraft is a row of the form; the template names its fields.
type optionDraft struct {
	Letter               string
	Text, Reason, Points string
	Key                  bool
}

// Field is the name of one of the row's fields: "option_a".
func (o optionDraft) Field(name string) string { return name + "_" + strings.ToLower(o.Letter) }

// clean forgets what a row says that items of type t have no use for: the form
// keeps those fields out of sight.
func (o optionDraft) clean(t questionbank.Type) optionDraft {
	if t == questionbank.SJT {
		o.Key = false
	} else {
		o.Points = ""
	}
	return o
}

func (o optionDraft) empty() bool {
	return o.Text == "" && o.Reason == "" && o.Points == "" && !o.Key
}

// fill makes the rows of the form complete: all six of them.
func (dr *draft) fill() {
	for i := len(dr.Options); i < questionbank.MaxOptions; i++ {
		dr.Options = append(dr.Options, optionDraft{Letter: questionbank.OptionID(i)})
	}
}

func draftOf(c questionbank.Content) draft {
	in := c.Choice()
	dr := draft{
		Type: c.Type, Indicator: c.Indicator, Level: c.Level, Stimulus: c.Stimulus, Stem: c.Stem, Rationale: c.Rationale,
		Basis: c.Basis, Expires: c.Expires, Comp: strings.Join(c.DigComp, ", "), Shuffle: in.Shuffle,
	}
	for _, o := range in.Options {
		row := optionDraft{Letter: o.ID, Text: o.Text, Reason: o.Reason, Key: slices.Contains(in.Correct, o.ID)}
		if c.Type == questionbank.SJT {
			row.Points = formatPoints(o.Points)
		}
		dr.Options = append(dr.Options, row)
	}
	dr.fill()
	return dr
}

// readDraft reads the form's fields.
func readDraft(form func(string) string) draft {
	dr := draft{
		Type: questionbank.Type(form("type")), Indicator: form("indicator"), Level: questionbank.Level(form("level")),
		Stimulus: form("stimulus"), Stem: form("stem"), Rationale: form("rationale"), Basis: form("basis"),
		Expires: form("expires"), Comp: form("digcomp"), Shuffle: form("shuffle") == "ya",
	}
	for i := range questionbank.MaxOptions {
		row := optionDraft{Letter: questionbank.OptionID(i)}
		row.Text, row.Reason, row.Points = form(row.Field("option")), form(row.Field("reason")), form(row.Field("points"))
		row.Key = form(row.Field("correct")) == "ya"
		dr.Options = append(dr.Options, row)
	}
	return dr
}

// content is what the form says. Rows left empty at the end are no options;
// one left empty between others is, and the bank says what is wrong with it.
func (dr draft) content() (questionbank.Content, error) {
	c := questionbank.Content{
		Type: dr.Type, Indicator: dr.Indicator, Level: dr.Level, Stimulus: dr.Stimulus, Stem: dr.Stem, Rationale: dr.Rationale,
		Basis: dr.Basis, Expires: dr.Expires,
		DigComp: strings.FieldsFunc(dr.Comp, func(r rune) bool { return r == ',' || r == ';' || r == ' ' }),
	}
	rows := dr.rows()
	var options []questionbank.Option
	var correct []int
	var faults []*fault.Fault
	for i, row := range rows {
		o := questionbank.Option{Text: row.Text, Reason: row.Reason}
		if row.Points != "" {
			points, ok := parsePoints(row.Points)
			if !ok {
				faults = append(faults, fault.New(fault.Invalid, "trainer.points_unreadable", row.Letter).On(row.Field("points")))
			}
			o.Points = points
		}
		options = append(options, o)
		if row.Key {
			correct = append(correct, i)
		}
	}
	in := questionbank.NewChoice(dr.Type, options, correct)
	in.Shuffle = in.Shuffle && dr.Shuffle
	c.Interactions = []questionbank.Interaction{in}
	return c, fault.Join(faults)
}

// rows are those that count. A statement to judge needs no typing: its two
// options are always the same.
func (dr draft) rows() []optionDraft {
	rows := make([]optionDraft, len(dr.Options))
	for i, row := range dr.Options {
		rows[i] = row.clean(dr.Type)
	}
	for len(rows) > 0 && rows[len(rows)-1].empty() {
		rows = rows[:len(rows)-1]
	}
	if dr.Type != questionbank.TrueFalse {
		return rows
	}
	for i, text := range []string{questionbank.TrueText, questionbank.FalseText} {
		if i == len(rows) {
			rows = append(rows, optionDraft{Letter: questionbank.OptionID(i)})
		}
		if rows[i].Text == "" {
			rows[i].Text = text
		}
	}
	return rows
}

// parsePoints reads a number of points with a decimal comma or point.
func parsePoints(s string) (scoring.Micro, bool) {
	whole, fraction, _ := strings.Cut(strings.Replace(s, ",", ".", 1), ".")
	if whole == "" || len(whole) > 6 || len(fraction) > 6 {
		return 0, false
	}
	var n scoring.Micro
	for _, r := range whole + fraction + strings.Repeat("0", 6-len(fraction)) {
		if r < '0' || r > '9' {
			return 0, false
		}
		n = n*10 + scoring.Micro(r-'0')
	}
	return n, true
}

// formatPoints writes points as parsePoints reads them: "1", "0,5".
func formatPoints(m scoring.Micro) string {
	text := fmt.Sprintf("%d,%06d", m/scoring.Point, m%scoring.Point)
	return strings.TrimSuffix(strings.TrimRight(text, "0"), ",")
}
