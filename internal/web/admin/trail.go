package admin

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"cakap/internal/access"
	"cakap/internal/locale"
	"cakap/internal/web/kit"
)

// trailPage is a part of the audit trail, newest first.
type trailPage struct {
	kit.Base
	Actions []option
	Action  string
	Rows    []trailRow
	Older   string // address of the next page, "" where there is none
	Newest  string // address of the first page, "" where this is it
}

// trailRow is an entry in words.
type trailRow struct {
	Seq                    int64
	When, Who, Did, Detail string
	Agency                 string
}

// trailShown is how many entries a page lists.
const trailShown = 50

func (d Deps) trail(c *kit.Ctx) (kit.Response, error) {
	f := access.EntryFilter{Scope: c.Scope(), Limit: trailShown + 1}
	if _, known := acts[c.Query("aksi")]; known {
		f.Action = c.Query("aksi")
	}
	f.Before = int64(max(c.QueryInt("sebelum", 0), 0))
	found, err := d.Access.Entries(c.Context(), f)
	if err != nil {
		return nil, err
	}
	agencies, err := d.People.Agencies(c.Context(), c.Scope())
	if err != nil {
		return nil, err
	}
	names := make(map[int64]string, len(agencies))
	for _, a := range agencies {
		names[a.ID] = a.ShortName
	}
	page := &trailPage{Base: c.Base("Jejak audit").In(kit.SectionAudit), Actions: actionOptions(f.Action), Action: f.Action}
	if f.Before > 0 {
		page.Newest = trailAddress(f.Action, 0)
	}
	if len(found) > trailShown {
		found = found[:trailShown]
		page.Older = trailAddress(f.Action, found[trailShown-1].Seq)
	}
	for _, e := range found {
		page.Rows = append(page.Rows, trailed(e, names[e.AgencyID]))
	}
	return kit.HTML("admin/jejak", page), nil
}

func trailAddress(action string, before int64) string {
	v := url.Values{}
	if action != "" {
		v.Set("aksi", action)
	}
	if before > 0 {
		v.Set("sebelum", strconv.FormatInt(before, 10))
	}
	if len(v) == 0 {
		return "/admin/jejak"
	}
	return "/admin/jejak?" + v.Encode()
}

func trailed(e access.Recorded, agency string) trailRow {
	at := e.At().In(locale.Zone(""))
	row := trailRow{Seq: e.Seq, When: locale.ShortDate(at) + " " + locale.Clock(at), Who: e.ActorName, Did: act(e.Action), Detail: detail(e.Detail), Agency: agency}
	switch {
	case e.ActorID == 0:
		row.Who = "Sistem"
	case row.Who == "":
		row.Who = fmt.Sprintf("Akun %d", e.ActorID)
	}
	return row
}

func actionOptions(chosen string) []option {
	var all []option
	for action, text := range acts {
		all = append(all, option{Value: action, Text: text, Chosen: action == chosen})
	}
	slices.SortFunc(all, func(a, b option) int { return strings.Compare(a.Text, b.Text) })
	return all
}
