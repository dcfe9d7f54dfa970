package trainer

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"cakap/internal/locale"
	"cakap/internal/web/kit"
	"cakap/questionbank"
	"cakap/scoring"
)

// Values of the address that are words of ours and no names of the bank.
const (
	yes      = "ya"
	usedOnce = "sudah"
	usedNot  = "belum"
)

// soonDays is how long before its date an item is called due.
const soonDays = 60

// due is a reason to look at an item again.
type due string

// The reasons, as the address says them.
const (
	anyReason  due = ""
	dueExpired due = "lewat"
	dueSoon    due = "dekat"
	dueRule    due = "aturan"
	dueFlagged due = "masalah"
)

var reasons = []due{dueExpired, dueSoon, dueRule, dueFlagged}

func dueName(r due) string {
	return map[due]string{
		dueExpired: "Lewat tanggal tinjau", dueSoon: "Tanggal tinjau dalam 60 hari atau lewat", dueRule: "Kuncinya bertumpu pada aturan", dueFlagged: "Ditandai bermasalah",
	}[r]
}

// lens is a filter of the bank as an address tells it. The account of an
// author and the number of an import stand in it sealed.
type lens struct {
	questionbank.Filter
	Due   due
	today time.Time
	seal  func(kind string, id int64) string
}

// known are the ids that an address may name: sealed they are compared, so
// that no page needs a key to open them.
type known struct {
	authors, batches []int64
}

// read makes the lens of an address. A value that no list knows is left out
// and said: an old bookmark shows the bank, not an error.
func (l lens) read(query func(string) string, ids known) (_ lens, stale bool) {
	f := &l.Filter
	f.Text = query("q")
	if v := query("aspek"); v != "" {
		a, err := scoring.ParseAspect(v)
		f.Aspect, stale = a, err != nil
	}
	if v := query("indikator"); v != "" {
		_, isKnown := questionbank.StandardFramework().Indicator(v)
		if isKnown {
			f.Indicator = v
		}
		stale = stale || !isKnown
	}
	f.Type = one(questionbank.Type(query("tipe")), questionbank.Types[:], &stale)
	f.Level = one(questionbank.Level(query("level")), questionbank.Levels[:], &stale)
	f.Status = one(questionbank.Status(query("status")), questionbank.Statuses[:], &stale)
	f.Sort = one(questionbank.Sort(query("urut")), questionbank.Sorts[:], &stale)
	f.Author = l.opened(authorKind, query("penulis"), ids.authors, &stale)
	f.Batch = l.opened(batchKind, query("impor"), ids.batches, &stale)
	f.Tag, f.Lang = query("tag"), query("bahasa")
	switch query("dipakai") {
	case "":
	case usedOnce:
		f.Used = questionbank.Used
	case usedNot:
		f.Used = questionbank.Unused
	default:
		stale = true
	}
	f.Live, f.Media = query("pakai") == yes, query("media") == yes
	return l.because(one(due(query("tinjau")), reasons, &stale)), stale
}

// because narrows the lens to what has to be looked at again.
func (l lens) because(reason due) lens {
	l.Due = reason
	day := l.today.In(locale.Zone(""))
	switch reason {
	case dueExpired:
		l.Expiring, l.Live = day.AddDate(0, 0, -1).Format(time.DateOnly), true
	case dueSoon:
		l.Expiring, l.Live = day.AddDate(0, 0, soonDays).Format(time.DateOnly), true
	case dueRule:
		l.Cites, l.Live = true, true
	case dueFlagged:
		l.Flagged = true
	}
	return l
}

// opened finds the id that was sealed.
func (l lens) opened(kind, sealed string, ids []int64, stale *bool) int64 {
	if sealed == "" {
		return 0
	}
	i := slices.IndexFunc(ids, func(id int64) bool { return l.seal(kind, id) == sealed })
	if i < 0 {
		*stale = true
		return 0
	}
	return ids[i]
}

// one is value where it is one of known, else nothing, which makes the address stale.
func one[T ~string](value T, known []T, stale *bool) T {
	if value == "" || slices.Contains(known, value) {
		return value
	}
	*stale = true
	return ""
}

// values writes a lens as an address does.
func (l lens) values() url.Values {
	v := url.Values{}
	set := func(name, value string) {
		if value != "" {
			v.Set(name, value)
		}
	}
	tick := func(name string, on bool) {
		if on {
			v.Set(name, yes)
		}
	}
	set("q", l.Text)
	if l.Aspect.Valid() {
		set("aspek", l.Aspect.Code())
	}
	set("indikator", l.Indicator)
	set("tipe", string(l.Type))
	set("level", string(l.Level))
	set("status", string(l.Status))
	set("urut", string(l.Sort))
	if l.Author != 0 {
		set("penulis", l.seal(authorKind, l.Author))
	}
	if l.Batch != 0 {
		set("impor", l.seal(batchKind, l.Batch))
	}
	set("tag", l.Tag)
	set("bahasa", l.Lang)
	set("dipakai", map[questionbank.Use]string{questionbank.Used: usedOnce, questionbank.Unused: usedNot}[l.Used])
	set("tinjau", string(l.Due))
	tick("pakai", l.Live && (l.Due == anyReason || l.Due == dueFlagged)) // the other reasons ask for it anyway
	tick("media", l.Media)
	return v
}

// URL is the address of the list through the lens.
func (l lens) URL() string { return address("/bank", l.values()) }

func address(path string, v url.Values) string {
	if len(v) == 0 {
		return path
	}
	return path + "?" + v.Encode()
}

// chip is an active filter with the address that goes without it.
type chip struct{ Text, URL string }

// chips are the active filters, in the order of the form; author is the name
// of the one that is asked for.
func (l lens) chips(author string) []chip {
	v := l.values()
	var all []chip
	for _, c := range []struct{ name, text string }{
		{"q", "“" + l.Text + "”"}, {"aspek", aspectName(l.Aspect)}, {"indikator", "Indikator " + l.Indicator}, {"tipe", typeName(l.Type)},
		{"level", levelName(l.Level)}, {"status", statusName(l.Status)}, {"penulis", "Ditulis " + author}, {"tag", "Tag " + l.Tag},
		{"dipakai", useName(l.Used)}, {"tinjau", dueName(l.Due)}, {"bahasa", languageName(l.Lang)}, {"impor", "Dari satu impor"},
		{"pakai", "Siap dipakai paket baru"}, {"media", "Bergambar atau bersuara"},
	} {
		if !v.Has(c.name) {
			continue
		}
		rest := l.values()
		rest.Del(c.name)
		all = append(all, chip{c.text, address("/bank", rest)})
	}
	return all
}

func useName(u questionbank.Use) string {
	return map[questionbank.Use]string{questionbank.Used: "Pernah dipakai", questionbank.Unused: "Belum pernah dipakai"}[u]
}

func sortName(o questionbank.Sort) string {
	return map[questionbank.Sort]string{
		questionbank.ByCode: "Kode", questionbank.ByNewest: "Terbaru diubah", questionbank.ByOldest: "Terlama tidak diubah", questionbank.ByExpires: "Tanggal tinjau",
	}[o]
}

// languageName tells the common languages by name, others by their code.
func languageName(code string) string {
	switch code {
	case "id":
		return "Bahasa Indonesia"
	case "en":
		return "Bahasa Inggris"
	default:
		return "Bahasa " + code
	}
}

// link is an entry of the row of pages; one without an address is where we are
// or a gap.
type link struct {
	Text, URL string
	Current   bool
}

// pager lists the first, the last and those beside the current page.
func (l lens) pager(page, pages int) []link {
	return paged(page, pages, func(n int) string {
		v := l.values()
		if n > 1 {
			v.Set("hal", strconv.Itoa(n))
		}
		return address("/bank", v)
	})
}

// queried is what an address asks for by itself: the editor begins a new item
// with it.
func queried(c *kit.Ctx) (questionbank.Filter, bool) {
	l, stale := lens{today: c.Now(), seal: c.Seal}.read(c.Query, known{})
	return l.Filter, stale
}

// lensOf is the lens of a request: of its address, or of a form that carries
// the address along.
func (d Deps) lensOf(c *kit.Ctx, query func(string) string) (lens, bool, error) {
	l := lens{today: c.Now(), seal: c.Seal}
	var ids known
	var err error
	if query("penulis") != "" {
		if ids.authors, err = d.Bank.Authors(c.Context()); err != nil {
			return l, false, err
		}
	}
	if query("impor") != "" {
		batches, err := d.Bank.ImportBatches(c.Context(), manyBatches)
		if err != nil {
			return l, false, err
		}
		for _, b := range batches {
			ids.batches = append(ids.batches, b.ID)
		}
	}
	l, stale := l.read(query, ids)
	return l, stale, nil
}

// manyBatches is how many of the last imports an address may name.
const manyBatches = 200

// authorKind is the kind of the sealed accounts in these addresses.
const authorKind = "author"

// carried reads a lens that a form carries as the query of an address.
func carried(text string) func(string) string {
	v, err := url.ParseQuery(strings.TrimPrefix(text, "?"))
	if err != nil {
		v = url.Values{}
	}
	return v.Get
}
