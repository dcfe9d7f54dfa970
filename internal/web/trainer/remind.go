package trainer

import (
	"cakap/internal/locale"
	"cakap/internal/web/kit"
	"cakap/questionbank"
)

// remindPage is what somebody should look at again.
type remindPage struct {
	kit.Base
	reminders
}

// reminders are the items, by the reason to look at them.
type reminders struct {
	Groups []reminder
	Total  int
	More   bool
}

// reminder is one reason with its items.
type reminder struct {
	ID, Title, Why string
	URL            string // the list of all of them
	Rows           []dueRow
}

// dueRow is an item with the day it is about.
type dueRow struct {
	row
	When string
}

// remind lays out what is due; the most urgent comes first.
func remind(all questionbank.Reminders) reminders {
	dated := func(word string) func(questionbank.Row) string {
		return func(r questionbank.Row) string { return word + dateOf(r.Expires) }
	}
	out := reminders{More: all.More}
	for _, g := range []struct {
		reminder
		rows []questionbank.Row
		when func(questionbank.Row) string
	}{
		{reminder{ID: "masalah", Title: "Ditandai bermasalah", Why: "Seseorang menemukan masalah. Ubah soalnya, atau cabut tandanya setelah diperiksa."}, all.Flagged, func(r questionbank.Row) string {
			return "Ditandai " + locale.Date(instant(r.FlaggedMS))
		}},
		{reminder{ID: "lewat", Title: "Lewat tanggal tinjau", Why: "Masih dipakai paket baru. Periksa isinya, lalu perbarui tanggalnya."}, all.Expired, dated("Sejak ")},
		{reminder{ID: "dekat", Title: "Tanggal tinjau dalam 60 hari", Why: "Periksa sebelum tanggalnya lewat."}, all.Expiring, dated("Pada ")},
		{reminder{ID: "aturan", Title: "Bertumpu pada aturan, setahun tidak diperiksa", Why: "Pastikan aturan yang dirujuk masih berlaku."}, all.Rules, func(r questionbank.Row) string {
			return "Diperiksa " + locale.Date(instant(r.CheckedMS))
		}},
	} {
		if len(g.rows) == 0 {
			continue
		}
		g.URL = "/bank?tinjau=" + g.ID
		for _, r := range g.rows {
			g.Rows = append(g.Rows, dueRow{listed(r), g.when(r)})
		}
		out.Total += len(g.Rows)
		out.Groups = append(out.Groups, g.reminder)
	}
	return out
}

func (d Deps) remindList(c *kit.Ctx) (kit.Response, error) {
	all, err := d.Bank.Reminders(c.Context(), c.Now())
	if err != nil {
		return nil, err
	}
	return kit.HTML("trainer/tinjau", &remindPage{c.Base("Perlu ditinjau").In(kit.SectionBank), remind(all)}), nil
}
