package proctor

import (
	"slices"
	"strings"
	"time"

	"cakap/assessment"
	"cakap/internal/fault"
	"cakap/internal/locale"
	"cakap/internal/web/kit"
)

// perPage is how many people a page of the console lists.
const perPage = 100

// consolePage is what a proctor watches. With its script it renews itself every
// few seconds, row by row, so that focus and open menus stay where they are.
type consolePage struct {
	kit.Base
	head
	Where    string // of the session
	Token    string
	Closed   bool
	At       string
	Minute   string // of the last look, for "stopped since"
	Sessions []choice
	Chips    []chip
	State    string
	Text     string
	Here     string // this list's address, with its filters
	Rows     []row
	Total    int
	Pages    []pageLink
	Whole    []wholeAct // acts on everybody in a state
	Bulk     []choice   // acts on who is ticked
	Reports  []reportCard
	Running  bool // somebody is under way
	Notes    int
	Rooms    []room // per session, where there are several

	Failed string // the report whose form was refused
	Typed  string
}

// chip is a counter that narrows the list.
type chip struct {
	Key     string
	Path    string
	Tag     tag
	Count   int
	Current bool
}

// row is a person of the list.
type row struct {
	Key      string // sealed enrolment
	Name     string
	Number   string
	Unit     string
	Tag      tag
	Concern  string
	Alert    bool
	Done     string // "12/40"
	Left     string
	Credited int // minutes
	Heard    string
	Moves    int
	Reports  int
	Acts     []rowAct
}

// rowAct leads to the form of an act for one person.
type rowAct struct{ Path, Text string }

// wholeAct leads to the form of an act for everybody it fits.
type wholeAct struct {
	Path, Text string
	Count      int
}

// reportCard is what a participant says of an item.
type reportCard struct {
	Name   string // of the report, in its forms
	Code   string
	Stem   string
	Place  int // on the person's form
	Kind   string
	Note   string
	Who    string
	Number string
	Unit   string
	When   string
	Faulty tag // what is known of the item already
}

// room is the numbers of one session.
type room struct {
	Path                                    string
	Name                                    string
	Enrolled, Waiting, Working, Quiet, Done int
}

func (p pages) console(c *kit.Ctx) (kit.Response, error) {
	page, err := p.consolePage(c)
	if err != nil {
		return nil, err
	}
	c.Quiet()
	return kit.HTML("proctor/konsol", page), nil
}

// watch loads the console of the event and session of the request; a form names
// its session as the address does.
func (p pages) watch(c *kit.Ctx) (assessment.Console, error) {
	id, err := c.ID(kindEvent, "id")
	if err != nil {
		return assessment.Console{}, err
	}
	sealed := c.Query("sesi")
	if sealed == "" {
		sealed = c.Form("sesi")
	}
	session, err := p.open(kindSession, sealed)
	if err != nil {
		return assessment.Console{}, err
	}
	return p.Assessment.Console(c.Context(), actor(c), id, session)
}

func (p pages) consolePage(c *kit.Ctx) (*consolePage, error) {
	seen, err := p.watch(c)
	if err != nil {
		return nil, err
	}
	page := consoleOf(seen)
	page.Base = c.Base("Pengawasan " + seen.Session.Name).In(kit.SectionWatch)
	page.Scripts = []string{"proctor.js"}
	page.head = headOf(c, seen.Event, seen.Session.ID)
	at := eventPath(c, seen.Event.ID, "")
	for _, s := range seen.Sessions {
		page.Sessions = append(page.Sessions, choice{c.Seal(kindSession, s.ID), s.Name, s.ID == seen.Session.ID})
	}
	if page.State = c.Query("s"); !knownState(page.State) {
		page.State = ""
	}
	if text := c.Query("q"); !kit.LongNumber(text) {
		page.Text = text
	}
	people := seen.Find(standingOf(page.State), page.State == attention, page.Text)
	if only := c.Query("orang"); only != "" {
		people = slices.DeleteFunc(people, func(w assessment.Watched) bool { return c.Seal(kindEnrolment, w.Enrolment.ID) != only })
	}
	page.Total = len(people)
	number := min(max(c.QueryInt("h", 1), 1), max((len(people)+perPage-1)/perPage, 1))
	page.Pages = pageLinks(at, kit.QueryOf("sesi", page.Session, "s", page.State, "q", page.Text), number, (len(people)+perPage-1)/perPage)
	from := min((number-1)*perPage, len(people))
	for _, w := range people[from:min(from+perPage, len(people))] {
		page.Rows = append(page.Rows, rowOf(c, seen, w))
	}
	page.Chips = chips(seen, page.State, func(state string) string {
		return at + "?" + kit.QueryOf("sesi", page.Session, "s", state).Encode()
	})
	page.Here = at + "?" + kit.QueryOf("sesi", page.Session, "s", page.State, "q", page.Text).Encode()
	page.Whole = wholeActs(seen, at, page.Session)
	return page, p.fill(c, page, seen)
}

// fill adds what other tables know of the session.
func (p pages) fill(c *kit.Ctx, page *consolePage, seen assessment.Console) error {
	reports, err := p.Assessment.ItemReports(c.Context(), actor(c), seen.Event.ID, seen.Session.ID)
	if err != nil {
		return err
	}
	for _, r := range reports {
		if r.SeenAt.IsZero() {
			page.Reports = append(page.Reports, reportCardOf(reportName(c, r), r, seen.At))
		}
	}
	notes, err := p.Assessment.Incidents(c.Context(), actor(c), seen.Event.ID, seen.Session.ID)
	if err != nil {
		return err
	}
	page.Notes = len(notes)
	if len(seen.Sessions) < 2 {
		return nil
	}
	live, err := p.Assessment.Monitor(c.Context(), actor(c), seen.Event.ID, 0)
	if err != nil {
		return err
	}
	for _, s := range live.Sessions {
		page.Rooms = append(page.Rooms, room{
			Path: eventPath(c, seen.Event.ID, "?"+kit.QueryOf("sesi", c.Seal(kindSession, s.Session.ID)).Encode()), Name: s.Session.Name,
			Enrolled: s.Enrolled, Waiting: s.NotStarted(), Working: s.Working, Quiet: s.Silent, Done: s.Done,
		})
	}
	return nil
}

// consoleOf is the part of the page that depends on the session alone.
func consoleOf(seen assessment.Console) *consolePage {
	n, at := seen.Session, seen.At.In(locale.Zone(seen.Event.Zone))
	page := &consolePage{
		Where: locale.WindowIn(n.OpensAt, n.ClosesAt, seen.Event.Zone), Token: n.Token, Closed: !n.ClosedAt.IsZero(),
		At: at.Format("15.04.05"), Minute: at.Format("15.04"),
	}
	if n.Place != "" {
		page.Where += ", " + n.Place
	}
	for _, a := range acts {
		if a.name != "izin" || n.Admit {
			page.Bulk = append(page.Bulk, choice{Value: a.name, Text: a.text})
		}
	}
	page.Running = seen.Counts[assessment.AtWork]+seen.Counts[assessment.Unheard]+seen.Counts[assessment.Held]+seen.Counts[assessment.OutOfTime] > 0
	return page
}

// attention is the filter that shows whom to look after.
const attention = "perhatian"

func standingOf(state string) assessment.Standing {
	if slices.Contains(assessment.Standings[:], assessment.Standing(state)) {
		return assessment.Standing(state)
	}
	return ""
}

func knownState(state string) bool { return state == attention || standingOf(state) != "" }

func chips(seen assessment.Console, chosen string, path func(string) string) []chip {
	all := []chip{
		{"semua", path(""), tag{"box", "Semua"}, len(seen.People), chosen == ""},
		{attention, path(attention), tag{"tri warn", "Perlu perhatian"}, seen.Concerns, chosen == attention},
	}
	for _, s := range assessment.Standings {
		n := seen.Counts[s]
		if n == 0 && (s == assessment.Annulled || s == assessment.AtDoor && !seen.Session.Admit) {
			continue
		}
		all = append(all, chip{string(s), path(string(s)), standingTag(s), n, chosen == string(s)})
	}
	return all
}

func rowOf(c *kit.Ctx, seen assessment.Console, w assessment.Watched) row {
	r := rowView(w, seen.At)
	r.Key = c.Seal(kindEnrolment, w.Enrolment.ID)
	at := eventPath(c, seen.Event.ID, "/tindakan")
	for _, a := range acts {
		if a.fits(seen.Session, w) {
			r.Acts = append(r.Acts, rowAct{at + "?" + kit.QueryOf("act", a.name, "sesi", c.Seal(kindSession, seen.Session.ID), "p", r.Key).Encode(), a.text})
		}
	}
	return r
}

// rowView is the part of a row that depends on the person alone.
func rowView(w assessment.Watched, now time.Time) row {
	en, a := w.Enrolment, w.Attempt
	r := row{
		Name: en.Name, Number: kit.LastFour(en.NIP), Unit: en.UnitPath, Tag: standingTag(w.Standing), Concern: concerns[w.Concern],
		Alert: w.Concern == assessment.HasReport || w.Concern == assessment.IsUnheard || w.Concern == assessment.IsAtDoor, Moves: w.Moves, Reports: w.Reports,
	}
	if a.No == 0 {
		if w.Standing == assessment.InRoom || w.Standing == assessment.AtDoor {
			r.Heard = ago(w.WaitingAt, now)
		}
		return r
	}
	r.Done, r.Credited = locale.Int(w.Answered)+"/"+locale.Int(a.Items), int(a.Credited.Minutes())
	if a.UnderWay() {
		r.Left, r.Heard = kit.Left(w.Left), ago(w.SeenAt, now)
	}
	return r
}

func reportCardOf(name string, r assessment.ItemReport, now time.Time) reportCard {
	stem := []rune(strings.Join(strings.Fields(r.Stem), " "))
	if len(stem) > 400 {
		stem = append(stem[:400], '…')
	}
	return reportCard{
		Name: name, Code: r.Code, Stem: string(stem), Place: r.Position, Kind: reportKinds[r.Kind], Note: r.Note, Who: r.Who.Name,
		Number: kit.LastFour(r.Who.NIP), Unit: r.Who.UnitPath, When: ago(r.At, now), Faulty: faultyTag(r.Faulty),
	}
}

// find looks for a person. A number as long as a NIP leads to the person alone
// and stands in no address.
func (p pages) find(c *kit.Ctx) (kit.Response, error) {
	seen, err := p.watch(c)
	if err != nil {
		return nil, err
	}
	text, sealed := c.Form("q"), c.Seal(kindSession, seen.Session.ID)
	if !kit.LongNumber(text) {
		return kit.Redirect(eventPath(c, seen.Event.ID, "?"+kit.QueryOf("sesi", sealed, "q", text).Encode())), nil
	}
	found := seen.Find("", false, text)
	if len(found) != 1 {
		c.Flash("Tidak ada peserta sesi ini dengan nomor itu. Periksa nomornya, atau cari dengan nama.")
		return kit.Redirect(eventPath(c, seen.Event.ID, "?"+kit.QueryOf("sesi", sealed).Encode())), nil
	}
	return kit.Redirect(eventPath(c, seen.Event.ID, "?"+kit.QueryOf("sesi", sealed, "orang", c.Seal(kindEnrolment, found[0].Enrolment.ID)).Encode())), nil
}

// settle keeps what a proctor makes of a report.
func (p pages) settle(c *kit.Ctx) (kit.Response, error) {
	id, err := c.ID(kindEvent, "id")
	if err != nil {
		return nil, err
	}
	if _, err := p.watch(c); err != nil { // somebody else's event is not there, whatever the form says
		return nil, err
	}
	name, reason, verdict := c.Form("r"), strings.Join(strings.Fields(c.Form("reason")), " "), assessment.ReportVerdict(c.Form("verdict"))
	attempt, report, err := p.parseReport(name)
	if err != nil {
		return nil, err
	}
	err = p.Assessment.SettleReport(c.Context(), actor(c), id, attempt, report, verdict, reason)
	if err != nil {
		errs, err := inPlace(err)
		if err != nil {
			return nil, err
		}
		page, err := p.consolePage(c)
		if err != nil {
			return nil, err
		}
		page.Errors, page.Failed, page.Typed = errs, name, reason
		return kit.Refused("proctor/konsol", page), nil
	}
	if verdict == assessment.VerdictFaulty {
		c.Flash("Butir diusulkan keluar dari skor. Petugas lain memutuskan; sampai saat itu nilai tidak berubah.")
	} else {
		c.Flash("Laporan ditandai selesai. Sampaikan kepada pesertanya bahwa pengerjaan dapat dilanjutkan.")
	}
	return kit.Redirect(eventPath(c, id, "?"+kit.QueryOf("sesi", c.Form("sesi")).Encode())), nil
}

// turn closes a session or opens it again.
func (p pages) turn(c *kit.Ctx) (kit.Response, error) {
	seen, err := p.watch(c)
	if err != nil {
		return nil, err
	}
	if c.Form("act") == "buka" {
		err = p.Assessment.ReopenSession(c.Context(), actor(c), seen.Event.ID, seen.Session.ID)
	} else {
		err = p.Assessment.CloseSession(c.Context(), actor(c), seen.Event.ID, seen.Session.ID)
	}
	if err != nil {
		errs, err := inPlace(err)
		if err != nil {
			return nil, err
		}
		page, err := p.consolePage(c)
		if err != nil {
			return nil, err
		}
		page.Errors = errs
		return kit.Refused("proctor/konsol", page), nil
	}
	if c.Form("act") == "buka" {
		c.Flash("Sesi dibuka lagi.")
	} else {
		c.Flash("Sesi ditutup. Tidak ada lagi yang dapat mulai, dan berita acaranya dapat ditandatangani.")
	}
	return kit.Redirect(eventPath(c, seen.Event.ID, "?"+kit.QueryOf("sesi", c.Seal(kindSession, seen.Session.ID)).Encode())), nil
}

var errNobody = fault.New(fault.Invalid, "officer.nobody_chosen").On("p")
