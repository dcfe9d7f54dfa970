package trainer

import (
	"context"
	"fmt"
	"slices"

	"cakap/internal/fault"
	"cakap/internal/locale"
	"cakap/internal/web/kit"
	"cakap/questionbank"
	"cakap/scoring"
)

// editPage is the editor: of a new item, of one that is there, of a question
// of an import that has to be mended, or of an edit that a reviewer suggests.
type editPage struct {
	kit.Base
	place
	Draft    draft
	Groups   []group
	Types    []choice
	Levels   []choice
	Rules    []choice
	Pictures []choice
	Shown    bool // there is something to preview
	Preview  preview
	Advice   []advice
	PhoneOK  bool
	Similar  []questionbank.Similar
	Previews bool   // the author asked to see it, nothing was saved
	Notice   string // what a button of the form did
	Other    string // what somebody else saved meanwhile, in Markdown
}

// place is where the editor stands: what it edits and where it posts to.
type place struct {
	Heading string
	Part    string
	Action  string // address of the form
	Back    string // where "Batal" leads
	Code    string // of the item, "" for none
	Rev     int    // the revision the author started from, 0 for none
	Live    int    // the revision in use
	Save    string // words of the button that saves
	Submits bool   // it can be sent to review at once
	Hint    string
}

// editing is one use of the editor.
type editing struct {
	place
	base  questionbank.Content
	store func(ctx context.Context, c questionbank.Content) (next string, said string, err error)
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
	return kit.HTML("trainer/ubah", edited(c, d.creating(c).place, dr)), nil
}

func (d Deps) creating(c *kit.Ctx) editing {
	e := editing{place: place{Heading: "Tulis soal", Part: kit.SectionNewItem, Action: "/bank/baru", Back: "/bank", Save: "Simpan draf", Submits: true}}
	e.store = func(ctx context.Context, content questionbank.Content) (string, string, error) {
		saved, err := d.Bank.Create(ctx, c.Actor(), content)
		return d.saved(c, saved, err)
	}
	return e
}

func (d Deps) create(c *kit.Ctx) (kit.Response, error) { return d.save(c, d.creating(c)) }

func (d Deps) editForm(c *kit.Ctx) (kit.Response, error) {
	e, err := d.revising(c, 0)
	if err != nil {
		return nil, err
	}
	page := edited(c, e.place, draftOf(e.base))
	return kit.HTML("trainer/ubah", page), d.look(c, page, e.base)
}

func (d Deps) revise(c *kit.Ctx) (kit.Response, error) {
	rev, err := revision(c, "rev")
	if err != nil {
		return nil, err
	}
	e, err := d.revising(c, rev)
	if err != nil {
		return nil, err
	}
	return d.save(c, e)
}

// revising edits revision rev of the item in the address, 0 for the latest.
func (d Deps) revising(c *kit.Ctx, rev int) (editing, error) {
	id, err := c.ID(itemKind, "id")
	if err != nil {
		return editing{}, err
	}
	item, err := d.Bank.Item(c.Context(), id)
	if err != nil {
		return editing{}, err
	}
	if rev == 0 {
		rev = item.LatestRev
	}
	i := slices.IndexFunc(item.Revisions, func(r questionbank.Revision) bool { return r.Rev == rev })
	if i < 0 {
		return editing{}, fault.New(fault.NotFound, "questionbank.no_item")
	}
	here := "/bank/" + c.Seal(itemKind, item.ID)
	e := editing{base: item.Revisions[i].Content, place: place{
		Heading: "Ubah soal " + item.Code, Part: kit.SectionBank, Action: here + "/ubah", Back: here, Code: item.Code, Rev: rev, Live: item.LiveRev,
		Save: "Simpan draf", Submits: true,
	}}
	e.store = func(ctx context.Context, content questionbank.Content) (string, string, error) {
		saved, err := d.Bank.Revise(ctx, c.Actor(), questionbank.Ref{Item: item.ID, Rev: rev}, content)
		return d.saved(c, saved, err)
	}
	return e, nil
}

// saved goes on to the item, after asking for its review where that was wanted.
func (d Deps) saved(c *kit.Ctx, saved questionbank.Saved, err error) (next, said string, _ error) {
	if err != nil {
		return "", "", err
	}
	said = fmt.Sprintf("Soal %s versi %d tersimpan sebagai draf.", saved.Code, saved.Rev)
	if c.Form("aksi") == "ajukan" {
		err := d.Bank.Submit(c.Context(), c.Actor(), saved.Ref)
		switch f := fault.Of(err); {
		case err == nil:
			said = fmt.Sprintf("Soal %s versi %d tersimpan dan diajukan untuk telaah.", saved.Code, saved.Rev)
		case f != nil: // the draft is safe; say what still keeps it from review
			said += " Belum diajukan: " + locale.Fault(f)
		default:
			return "", "", err
		}
	}
	if len(saved.Similar) > 0 {
		said += fmt.Sprintf(" Soal ini mirip %d %% dengan %s.", saved.Similar[0].Share, saved.Similar[0].Code)
	}
	return "/bank/" + c.Seal(itemKind, saved.Item), said, nil
}

// edited is the editor with what a draft holds.
func edited(c *kit.Ctx, at place, dr draft) *editPage {
	page := editorOf(at, dr)
	page.Base = c.Base(at.Heading).In(at.Part)
	page.Scripts = []string{"editor.js"}
	return page
}

func editorOf(at place, dr draft) *editPage {
	page := &editPage{
		place: at, Draft: dr, Groups: indicatorGroups(dr.Indicator),
		Types: choices(questionbank.Types[:], typeName, dr.Type), Levels: choices(questionbank.Levels[:], levelName, dr.Level),
		Rules: choices(orderRules, ruleName, scoring.Rule(dr.Rule)),
	}
	for _, m := range dr.Media {
		if m.Picture() {
			page.Pictures = append(page.Pictures, choice{Value: m.Name, Text: m.Name, Chosen: m.Name == dr.Image})
		}
	}
	return page
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

// save reads the form and stores it, or shows it again: with what is wrong, or
// because a button asked for a row, another type, a file or a preview.
func (d Deps) save(c *kit.Ctx, e editing) (kit.Response, error) {
	dr := readDraft(c.Form, e.base)
	act := c.Form("aksi")
	notice, errs, redraw, err := d.act(c, &dr, act)
	if err != nil {
		return nil, err
	}
	content, wrong := dr.content()
	again := func(errs kit.Errors) (*editPage, error) {
		dr.fill()
		page := edited(c, e.place, dr)
		page.Errors, page.Notice = errs, notice
		return page, d.look(c, page, content)
	}
	if redraw {
		page, err := again(errs)
		if err != nil {
			return nil, err
		}
		page.Previews = act == "pratinjau"
		if len(errs) > 0 {
			return kit.Refused("trainer/ubah", page), nil
		}
		return kit.HTML("trainer/ubah", page), nil
	}
	if wrong == nil {
		next, said, err := e.store(c.Context(), content)
		if err == nil {
			c.Flash(said)
			return kit.Redirect(next), nil
		}
		wrong = err
	}
	errs, ok := kit.FormErrors(wrong)
	if !ok {
		return nil, wrong
	}
	page, err := again(errs)
	if err != nil {
		return nil, err
	}
	return kit.Refused("trainer/ubah", page), d.meanwhile(c, page, wrong)
}

// meanwhile shows what somebody else saved while this author typed.
func (d Deps) meanwhile(c *kit.Ctx, page *editPage, refused error) error {
	if f := fault.Of(refused); f == nil || f.Key != "questionbank.changed_meanwhile" || page.Code == "" {
		return nil
	}
	item, err := d.Bank.ItemByCode(c.Context(), page.Code)
	if err != nil {
		return err
	}
	page.Other = item.Latest().Content.Stem
	return nil
}

// act carries out a button of the form that saves nothing.
func (d Deps) act(c *kit.Ctx, dr *draft, act string) (notice string, errs kit.Errors, redraw bool, err error) {
	switch act {
	case "pratinjau":
		return "", nil, true, nil
	case "tipe":
		return "Isian disesuaikan dengan tipe " + typeName(dr.Type) + ". Belum ada yang disimpan.", nil, true, nil
	case "unggah":
		m, err := d.storeMedia(c)
		if errs, ok := kit.FormErrors(err); err != nil && ok {
			return "", errs, true, nil
		}
		if err != nil {
			return "", nil, false, err
		}
		notice = dr.attach(m)
		return notice, nil, true, nil
	}
	return "", nil, dr.move(act), nil
}
