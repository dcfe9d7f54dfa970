package trainer

import (
	"net/url"
	"slices"
	"strconv"

	"cakap/internal/web/kit"
	"cakap/questionbank"
	"cakap/scoring"
)

// filter reads what the address asks for. A value that no list knows is left
// out and said: an old bookmark shows the bank, not an error.
func filter(query func(string) string) (f questionbank.Filter, stale bool) {
	f.Text = query("q")
	if v := query("aspek"); v != "" {
		a, err := scoring.ParseAspect(v)
		f.Aspect, stale = a, err != nil
	}
	if v := query("indikator"); v != "" {
		_, known := questionbank.StandardFramework().Indicator(v)
		if known {
			f.Indicator = v
		}
		stale = stale || !known
	}
	f.Type = one(query("tipe"), questionbank.Types[:], &stale)
	f.Level = one(query("level"), questionbank.Levels[:], &stale)
	f.Status = one(query("status"), questionbank.Statuses[:], &stale)
	f.Live = query("pakai") == "ya"
	return f, stale
}

// one is value where it is one of known, else nothing, which makes the address stale.
func one[T ~string](value string, known []T, stale *bool) T {
	if value == "" || slices.Contains(known, T(value)) {
		return T(value)
	}
	*stale = true
	return ""
}

// values writes a filter as an address does.
func values(f questionbank.Filter) url.Values {
	v := url.Values{}
	set := func(name, value string) {
		if value != "" {
			v.Set(name, value)
		}
	}
	set("q", f.Text)
	if f.Aspect.Valid() {
		set("aspek", f.Aspect.Code())
	}
	set("indikator", f.Indicator)
	set("tipe", string(f.Type))
	set("level", string(f.Level))
	set("status", string(f.Status))
	if f.Live {
		set("pakai", "ya")
	}
	return v
}

func address(path string, v url.Values) string {
	if len(v) == 0 {
		return path
	}
	return path + "?" + v.Encode()
}

// chip is an active filter with the address that goes without it.
type chip struct{ Text, URL string }

func chips(f questionbank.Filter) []chip {
	var all []chip
	add := func(name, text string) {
		v := values(f)
		v.Del(name)
		all = append(all, chip{text, address("/bank", v)})
	}
	if f.Text != "" {
		add("q", "“"+f.Text+"”")
	}
	if f.Aspect.Valid() {
		add("aspek", aspectName(f.Aspect))
	}
	if f.Indicator != "" {
		add("indikator", "Indikator "+f.Indicator)
	}
	if f.Type != "" {
		add("tipe", typeName(f.Type))
	}
	if f.Level != "" {
		add("level", levelName(f.Level))
	}
	if f.Status != "" {
		add("status", statusName(f.Status))
	}
	if f.Live {
		add("pakai", "Siap dipakai paket baru")
	}
	return all
}

// link is an entry of the row of pages; one without an address is where we are
// or a gap.
type link struct {
	Text, URL string
	Current   bool
}

// pager lists the first, the last and those beside the current page.
func pager(f questionbank.Filter, page, pages int) []link {
	if pages < 2 {
		return nil
	}
	at := func(n int) string {
		v := values(f)
		if n > 1 {
			v.Set("hal", strconv.Itoa(n))
		}
		return address("/bank", v)
	}
	var all []link
	if page > 1 {
		all = append(all, link{Text: "Sebelumnya", URL: at(page - 1)})
	}
	last := 0
	for n := 1; n <= pages; n++ {
		if n != 1 && n != pages && (n < page-1 || n > page+1) {
			continue
		}
		if n > last+1 {
			all = append(all, link{Text: "…"})
		}
		all = append(all, link{Text: strconv.Itoa(n), URL: at(n), Current: n == page})
		last = n
	}
	if page < pages {
		all = append(all, link{Text: "Berikutnya", URL: at(page + 1)})
	}
	return all
}

func queried(c *kit.Ctx) (questionbank.Filter, bool) { return filter(c.Query) }
