package trainer

import (
	"cmp"
	"context"
	"slices"

	"cakap/internal/access"
	"cakap/internal/fault"
	"cakap/internal/web/kit"
	"cakap/questionbank"
)

// queuePage is what waits for a reviewer who did not write it.
type queuePage struct {
	kit.Base
	Items     []waiting
	More      int // that are not listed
	Own       int // more that this person wrote and others must decide
	Unchecked int
	First     string // the shipped item to begin with
}

// waiting is one item of the queue.
type waiting struct {
	row
	URL    string
	Author string
	Days   int
}

// queueSize is how much of the queue one page lists.
const queueSize = 200

// waits are the items that somebody may decide about, the one that waits
// longest first, and how many there are.
func (d Deps) waits(ctx context.Context, actor int64) ([]questionbank.Row, int, error) {
	found, err := d.Bank.List(ctx, questionbank.Filter{Status: questionbank.InReview, NotAuthor: actor, Sort: questionbank.ByOldest, PageSize: queueSize})
	return found.Rows, found.Total, err
}

func (d Deps) queue(c *kit.Ctx) (kit.Response, error) {
	ctx := c.Context()
	rows, total, err := d.waits(ctx, c.Actor())
	if err != nil {
		return nil, err
	}
	all, err := d.Bank.List(ctx, questionbank.Filter{Status: questionbank.InReview, PageSize: 1})
	if err != nil {
		return nil, err
	}
	name, err := d.names(ctx)
	if err != nil {
		return nil, err
	}
	page := &queuePage{Base: c.Base("Antrean telaah").In(kit.SectionReview), Own: all.Total - total, More: total - len(rows)}
	for _, r := range rows {
		days := max(int(c.Now().Sub(r.Updated()).Hours()/24), 0)
		page.Items = append(page.Items, waiting{row: listed(r), URL: itemAddress(c, r.Item), Author: name(r.Author), Days: days})
	}
	if page.Unchecked, err = questionbank.ShippedUnreviewed(ctx, d.Bank.DB); err != nil {
		return nil, err
	}
	if page.Unchecked > 0 {
		next, err := d.unread(ctx, 0)
		if err != nil {
			return nil, err
		}
		if next != 0 {
			page.First = itemAddress(c, next)
		}
	}
	return kit.HTML("trainer/telaah", page), nil
}

func itemAddress(c *kit.Ctx, id int64) string { return "/bank/" + c.Seal(itemKind, id) }

// inQueue is where an item stands in what a reviewer has to decide.
type inQueue struct {
	N, Of      int  // place from 1; 0 where it is none of the first
	Shipped    bool // an item of the product that nobody has read: those have no order of waiting
	Prev, Next int64
}

// place finds an item's neighbours in the reviewer's queue, or the shipped item
// to read after it.
func (d Deps) place(ctx context.Context, actor int64, r questionbank.Revision) (inQueue, error) {
	if r.Status != questionbank.InReview {
		next, err := d.unread(ctx, r.Item)
		return inQueue{Shipped: true, Next: next}, err
	}
	rows, total, err := d.waits(ctx, actor)
	if err != nil {
		return inQueue{}, err
	}
	i := slices.IndexFunc(rows, func(row questionbank.Row) bool { return row.Item == r.Item })
	q := inQueue{N: i + 1, Of: total}
	if i > 0 {
		q.Prev = rows[i-1].Item
	}
	if i+1 < len(rows) {
		q.Next = rows[i+1].Item
	}
	return q, nil
}

// unreadTried is how many items are looked at to find one that nobody of the
// agency has read: a decision moves an item to the end of the list.
const unreadTried = 20

// unread is the shipped item to read next, in the order of their codes from
// that of item on; 0 for none that is near.
func (d Deps) unread(ctx context.Context, item int64) (int64, error) {
	found, err := d.Bank.List(ctx, questionbank.Filter{Status: questionbank.Approved, Live: true, Sort: questionbank.ByOldest, PageSize: queueSize})
	if err != nil {
		return 0, err
	}
	rows := slices.DeleteFunc(found.Rows, func(r questionbank.Row) bool { return r.Provenance != questionbank.Shipped })
	slices.SortFunc(rows, func(a, b questionbank.Row) int { return cmp.Compare(a.Code, b.Code) })
	if i := slices.IndexFunc(rows, func(r questionbank.Row) bool { return r.Item == item }); i >= 0 {
		rows = slices.Concat(rows[i+1:], rows[:i])
	}
	for _, r := range rows[:min(len(rows), unreadTried)] {
		other, err := d.Bank.Item(ctx, r.Item)
		if err != nil {
			return 0, err
		}
		if unreadShipped(other.Latest()) {
			return r.Item, nil
		}
	}
	return 0, nil
}

// unreadShipped reports a revision that came with the product and that nobody
// of the agency has approved yet.
func unreadShipped(r questionbank.Revision) bool {
	return r.Status == questionbank.Approved && r.Provenance == questionbank.Shipped && r.Reviewer == 0
}

// reviewForm is the form of a review as it was typed.
type reviewForm struct {
	Marks   []markForm
	Comment string
}

// markForm is one block of it.
type markForm struct {
	Name, Title, Hint string
	Value             string // "baik", "perbaikan" or "" where nothing was chosen
	Note              string
}

// The judgements of a block.
const (
	markOK  = "baik"
	markBad = "perbaikan"
)

// blocks of the review form, as Indonesian item writing has them.
var blocks = []markForm{
	{Name: "materi", Title: "Materi", Hint: "Sesuai indikator, isinya benar dan mutakhir, kunci tepat, pengecoh masuk akal."},
	{Name: "konstruksi", Title: "Konstruksi", Hint: "Pokok soal jelas, tidak memberi petunjuk kunci, pilihan setara dan sepadan panjangnya."},
	{Name: "bahasa", Title: "Bahasa", Hint: "Baku, lugas, tidak menyinggung kelompok mana pun, dan mudah dipahami."},
}

func emptyReview() reviewForm { return reviewForm{Marks: slices.Clone(blocks)} }

func readReview(form func(string) string) reviewForm {
	f := emptyReview()
	f.Comment = form("comment")
	for i, b := range f.Marks {
		f.Marks[i].Value, f.Marks[i].Note = form(b.Name), form(b.Name+"_catatan")
	}
	return f
}

// marks are the three judgements. A review without all three is none.
func (f reviewForm) marks() (*questionbank.ReviewMarks, error) {
	var m questionbank.ReviewMarks
	var missing []*fault.Fault
	for i, into := range []*questionbank.Mark{&m.Materi, &m.Konstruksi, &m.Bahasa} {
		b := f.Marks[i]
		if b.Value != markOK && b.Value != markBad {
			missing = append(missing, fault.New(fault.Invalid, "trainer.review_mark", b.Title).On(b.Name))
		}
		into.OK, into.Note = b.Value == markOK, b.Note
	}
	return &m, fault.Join(missing)
}

// mayReview reports whether p may decide about others' items.
func mayReview(p *access.Principal) bool { return access.Allow(p, access.BankReview) == nil }
