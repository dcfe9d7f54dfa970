package trainer

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"cakap/internal/fault"
	"cakap/internal/locale"
	"cakap/internal/web/kit"
	"cakap/questionbank"
)

// pick is an item that somebody ticked, at the revision they were looking at.
type pick struct {
	Code string
	Rev  int
}

// String is how forms write it; no code has a colon.
func (p pick) String() string { return p.Code + ":" + strconv.Itoa(p.Rev) }

func parsePick(text string) (pick, bool) {
	code, rev, found := strings.Cut(text, ":")
	n, err := strconv.Atoi(rev)
	return pick{code, n}, found && code != "" && err == nil && n > 0
}

// selection is what a step is taken for: ticked items, or all that a filter
// finds.
type selection struct {
	Picks []string
	Whole bool
	Query string // of the filter
}

// selected reads a selection out of a form.
func selected(c *kit.Ctx) selection {
	return selection{Picks: slices.Compact(slices.Sorted(slices.Values(c.FormAll("pilih")))), Whole: c.Form("cakupan") == scopeWhole, Query: c.Form("saring")}
}

// Back is the list the selection was made on.
func (s selection) Back() string {
	if s.Query == "" {
		return "/bank"
	}
	return "/bank?" + s.Query
}

// Scope is how forms carry the scope.
func (s selection) Scope() string {
	if s.Whole {
		return scopeWhole
	}
	return scopePicked
}

// The scopes of a step.
const (
	scopePicked = "pilihan"
	scopeWhole  = "semua"
)

// maxWhole is how many items one step may change through a filter: a request
// must come to an end.
const maxWhole = 2000

// target is an item of a selection.
type target struct {
	questionbank.Ref
	Code, Stem string
}

var errEnough = errors.New("more than a step may take")

// targets finds the items of a selection.
func (d Deps) targets(c *kit.Ctx, s selection) ([]target, error) {
	if s.Whole {
		return d.wholeFilter(c, s)
	}
	var all []target
	for _, text := range s.Picks {
		p, ok := parsePick(text)
		if !ok {
			return nil, fault.New(fault.Malformed, "error.malformed")
		}
		item, err := d.Bank.ItemByCode(c.Context(), p.Code)
		if err != nil {
			return nil, err
		}
		all = append(all, target{questionbank.Ref{Item: item.ID, Rev: p.Rev}, item.Code, short(item.Latest().Content.Stem)})
	}
	if len(all) > maxWhole {
		return nil, fault.New(fault.Invalid, "trainer.bulk_many", maxWhole)
	}
	return all, nil
}

func (d Deps) wholeFilter(c *kit.Ctx, s selection) ([]target, error) {
	l, stale, err := d.lensOf(c, carried(s.Query))
	if err != nil {
		return nil, err
	}
	if stale { // the step would be taken for more than the person saw
		return nil, fault.New(fault.Invalid, "trainer.bulk_stale")
	}
	var all []target
	err = d.Bank.Export(c.Context(), l.Filter, func(r questionbank.Revision) error {
		if len(all) == maxWhole {
			return errEnough
		}
		all = append(all, target{r.Ref, r.Code, short(r.Content.Stem)})
		return nil
	})
	if errors.Is(err, errEnough) {
		return nil, fault.New(fault.Invalid, "trainer.bulk_many", maxWhole)
	}
	return all, err
}

// bulkAct is a step for many items.
type bulkAct struct {
	Value  string
	Ask    string // "Ajukan %s ke telaah?"
	Button string
	Done   string // "%s diajukan"
	run    func(d Deps, c *kit.Ctx, refs []questionbank.Ref) ([]questionbank.Result, error)
}

var bulkActs = []bulkAct{
	{Value: "ajukan", Ask: "Ajukan %s ke telaah?", Button: "Ajukan ke telaah", Done: "%s diajukan ke telaah", run: func(d Deps, c *kit.Ctx, refs []questionbank.Ref) ([]questionbank.Result, error) {
		return d.Bank.SubmitMany(c.Context(), c.Actor(), refs)
	}},
	{Value: "tag", Ask: "Ubah tag %s", Button: "Simpan tag", Done: "Tag %s diubah", run: func(d Deps, c *kit.Ctx, refs []questionbank.Ref) ([]questionbank.Result, error) {
		return d.Bank.TagMany(c.Context(), c.Actor(), refs, commas(c.Form("tag")), commas(c.Form("lepas")))
	}},
	{Value: "pensiun", Ask: "Pensiunkan %s?", Button: "Pensiunkan", Done: "%s dipensiunkan", run: func(d Deps, c *kit.Ctx, refs []questionbank.Ref) ([]questionbank.Result, error) {
		return d.Bank.RetireMany(c.Context(), c.Actor(), refs, c.Form("comment"))
	}},
}

// commas splits what is separated by commas.
func commas(text string) []string {
	var all []string
	for _, part := range strings.Split(text, ",") {
		if part = strings.TrimSpace(part); part != "" {
			all = append(all, part)
		}
	}
	return all
}

// bulkPage asks before a step is taken for many items, and says what became
// of each.
type bulkPage struct {
	kit.Base
	selection
	Act                   bulkAct
	Heading               string
	N                     int
	Some                  []target // the first of them
	Rest                  int      // how many more
	Changed               bool     // the filter finds others than the person was told
	Tag, Drop, Comment    string   // typed
	Ran                   bool
	Refused               []refusal
	RefusedN, RefusedMore int
}

// refusal is an item whose state did not allow the step.
type refusal struct{ Code, URL, Text string }

// How much of a selection and of its result a page lists.
const (
	someTargets  = 5
	someRefusals = 200
)

func (d Deps) bulk(c *kit.Ctx) (kit.Response, error) {
	i := slices.IndexFunc(bulkActs, func(a bulkAct) bool { return a.Value == c.Form("aksi") })
	if i < 0 {
		return nil, fault.New(fault.Malformed, "error.malformed")
	}
	page := &bulkPage{Base: c.Base("Beberapa soal sekaligus").In(kit.SectionBank), selection: selected(c), Act: bulkActs[i], Tag: c.Form("tag"), Drop: c.Form("lepas"), Comment: c.Form("comment")}
	all, err := d.targets(c, page.selection)
	if err == nil && len(all) == 0 {
		err = fault.New(fault.Invalid, "trainer.bulk_none")
	}
	if err != nil {
		return page.refuse(err)
	}
	page.tell(all)
	told, counted := c.Form("n"), strconv.Itoa(len(all))
	if c.Form("langkah") != "jalan" || told != counted {
		page.Changed = told != "" && told != counted
		return kit.HTML("trainer/massal", page), nil
	}
	return d.runBulk(c, page, all)
}

// tell names what the step would be taken for.
func (p *bulkPage) tell(all []target) {
	p.N, p.Some, p.Rest = len(all), all[:min(len(all), someTargets)], max(len(all)-someTargets, 0)
	p.Heading = strings.Replace(p.Act.Ask, "%s", count(p.N), 1)
	p.Title = p.Heading
}

// refuse shows the page with what is wrong.
func (p *bulkPage) refuse(err error) (kit.Response, error) {
	errs, ok := kit.FormErrors(err)
	if !ok {
		return nil, err
	}
	if p.Heading == "" {
		p.Heading = p.Title
	}
	p.Errors = errs
	return kit.Refused("trainer/massal", p), nil
}

func (d Deps) runBulk(c *kit.Ctx, page *bulkPage, all []target) (kit.Response, error) {
	if page.Act.Value == "tag" && len(commas(page.Tag)) == 0 && len(commas(page.Drop)) == 0 {
		return page.refuse(fault.New(fault.Invalid, "trainer.bulk_no_tag").On("tag"))
	}
	codes := map[int64]string{}
	done := 0
	for chunk := range slices.Chunk(all, questionbank.MaxBulk) {
		refs := make([]questionbank.Ref, len(chunk))
		for i, t := range chunk {
			refs[i], codes[t.Item] = t.Ref, t.Code
		}
		results, err := page.Act.run(d, c, refs)
		if err != nil {
			return page.refuse(err)
		}
		for _, r := range results {
			if r.Err == nil {
				done++
				continue
			}
			page.RefusedN++
			if len(page.Refused) < someRefusals {
				page.Refused = append(page.Refused, refusal{codes[r.Item], "/bank/" + c.Seal(itemKind, r.Item), locale.Fault(fault.Of(r.Err))})
			}
		}
	}
	page.RefusedMore = page.RefusedN - len(page.Refused)
	page.Ran, page.Heading = true, strings.Replace(page.Act.Done, "%s", count(done), 1)
	page.Title = page.Heading
	return kit.HTML("trainer/massal", page), nil
}
