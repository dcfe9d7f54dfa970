package officer

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"cakap/assessment"
	"cakap/internal/locale"
	"cakap/internal/web/kit"
)

// unfinishedPage is who has not finished, per OPD, with a text for its group.
type unfinishedPage struct {
	kit.Base
	eventHead
	Headline string
	Agency   string // sealed
	Agencies []choice
	Units    []unfinishedUnit
	Clear    int // OPDs where everybody is done
}

// unfinishedUnit is one OPD.
type unfinishedUnit struct {
	ID       string // of the text, for the button that copies it
	OPD      string
	Agency   string
	Enrolled int
	Done     int
	Idle     int
	Working  int
	Voided   int
	Text     string
}

func (p pages) unfinished(c *kit.Ctx) (kit.Response, error) {
	id, err := c.ID(kindEvent, "id")
	if err != nil {
		return nil, err
	}
	agency, err := p.queryID(c, kindAgency, "instansi")
	if err != nil {
		return nil, err
	}
	e, units, err := p.Assessment.Unfinished(c.Context(), actor(c), id, agency)
	if err != nil {
		return nil, err
	}
	agencies, err := p.People.Agencies(c.Context(), c.Scope())
	if err != nil {
		return nil, err
	}
	page := &unfinishedPage{Base: c.Base("Belum selesai").In(kit.SectionEvents), eventHead: headOf(c, e, "/belum"), Agency: c.Query("instansi")}
	names := map[int64]string{}
	for _, a := range agencies {
		if slices.Contains(e.Agencies, a.ID) {
			names[a.ID] = a.Name
			page.Agencies = append(page.Agencies, choice{c.Seal(kindAgency, a.ID), a.Name, a.ID == agency})
		}
	}
	page.fill(e, units, names)
	return kit.HTML("officer/belum", page), nil
}

func (page *unfinishedPage) fill(e assessment.Event, units []assessment.UnitProgress, names map[int64]string) {
	missing, total := 0, 0
	for i, u := range units {
		missing, total = missing+u.Unfinished(), total+u.Enrolled
		if u.Unfinished() == 0 {
			page.Clear++
			continue
		}
		one := unfinishedUnit{
			ID: "teks-" + strconv.Itoa(i+1), OPD: u.OPD, Enrolled: u.Enrolled, Done: u.Done, Idle: len(u.Idle), Working: len(u.Working),
			Voided: len(u.Voided), Text: unfinishedText(e, u),
		}
		if one.OPD == "" {
			one.OPD = "Tanpa unit kerja"
		}
		if len(names) > 1 {
			one.Agency = names[u.Agency]
		}
		page.Units = append(page.Units, one)
	}
	page.Headline = fmt.Sprintf("%s dari %s peserta belum selesai", locale.Int(missing), locale.Int(total))
	if missing == 0 {
		page.Headline = "Semua peserta sudah selesai"
	}
}

// unfinishedText is the message for the group of an OPD: names, never numbers.
func unfinishedText(e assessment.Event, u assessment.UnitProgress) string {
	var b strings.Builder
	fmt.Fprintf(&b, "*%s*\n%s: %s dari %s orang sudah selesai.\n", e.Name, u.OPD, locale.Int(u.Done), locale.Int(u.Enrolled))
	part := func(title string, names []string) {
		if len(names) == 0 {
			return
		}
		fmt.Fprintf(&b, "\n%s (%s):\n", title, locale.Int(len(names)))
		for i, name := range names {
			fmt.Fprintf(&b, "%d. %s\n", i+1, name)
		}
	}
	part("Belum mulai", u.Idle)
	part("Masih mengerjakan", u.Working)
	part("Pengerjaan dibatalkan, hubungi admin", u.Voided)
	fmt.Fprintf(&b, "\nBatas waktu: %s.", locale.DateTime(e.ClosesAt.In(locale.Zone(e.Zone))))
	return b.String()
}
