package proctor

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"time"

	"cakap/assessment"
	"cakap/internal/fault"
	"cakap/internal/locale"
	"cakap/internal/web/kit"
)

// actKind is something a proctor does for people of a session.
type actKind struct {
	name  string
	text  string // on the link and the button
	whole string // on the link that does it for everybody it fits, "" for none
	hint  string
	bad   bool // it cannot be taken back
	asks  bool // for a reason
	fits  func(n assessment.Session, w assessment.Watched) bool
	do    func(p pages, c *kit.Ctx, f *actForm) (string, error)
}

// acts are the acts in the order menus list them.
var acts = []actKind{
	{
		name: "izin", text: "Izinkan mulai", whole: "Izinkan semua yang menunggu", do: pages.admit,
		hint: "Cocokkan wajah dengan kartu identitas dahulu. Sesudah diizinkan, peserta menekan Mulai mengerjakan sendiri.",
		fits: func(n assessment.Session, w assessment.Watched) bool {
			waits := w.Standing == assessment.AtDoor || w.Standing == assessment.Absent || w.Standing == assessment.InRoom
			return n.Admit && n.ClosedAt.IsZero() && w.AdmittedAt.IsZero() && waits
		},
	},
	{
		name: "waktu", text: "Tambah waktu", whole: "Tambah waktu seruangan", asks: true, do: pages.addTime, fits: underWay,
		hint: "Untuk gangguan yang bukan kesalahan peserta. Yang waktunya sudah habis tetapi belum terkirim dapat mengerjakan lagi.",
	},
	{
		name: "jeda", text: "Jeda pengerjaan", whole: "Jeda seruangan", asks: true, do: pages.pause,
		hint: "Waktu berhenti sampai Anda melanjutkannya. Jawaban yang sudah dipilih tetap aman.",
		fits: func(_ assessment.Session, w assessment.Watched) bool {
			return w.Standing == assessment.AtWork || w.Standing == assessment.Unheard
		},
	},
	{
		name: "lanjut", text: "Lanjutkan pengerjaan", whole: "Lanjutkan semua yang dijeda", do: pages.resume,
		hint: "Waktu berjalan lagi, dan batas waktunya bergeser selama jeda.",
		fits: func(_ assessment.Session, w assessment.Watched) bool { return w.Standing == assessment.Held },
	},
	{
		name: "gawai", text: "Buka kunci gawai", asks: true, do: pages.release, fits: underWay,
		hint: "Peserta yang berganti gawai atau terkunci dapat masuk lagi di gawai mana pun tanpa ditanya. Sambungkan gawai lama ke jaringan dahulu bila masih menyimpan jawaban.",
	},
	{
		name: "catat", text: "Catat kejadian", do: pages.note,
		hint: "Catatan ini masuk ke berita acara. Tulis apa yang terjadi dan kapan.",
		fits: func(assessment.Session, assessment.Watched) bool { return true },
	},
	{
		name: "akhiri", text: "Akhiri pengerjaan", bad: true, asks: true, do: pages.end, fits: underWay,
		hint: "Jawaban yang sudah tersimpan di server dikirim dan dinilai. Ini tidak dapat dibatalkan.",
	},
}

func underWay(_ assessment.Session, w assessment.Watched) bool { return w.Attempt.UnderWay() }

func wholeActs(seen assessment.Console, at, session string) []wholeAct {
	var all []wholeAct
	for _, a := range acts {
		if a.whole == "" {
			continue
		}
		n := 0
		for _, w := range seen.People {
			if a.fits(seen.Session, w) && (a.name != "izin" || w.Standing == assessment.AtDoor) {
				n++
			}
		}
		if n > 0 {
			all = append(all, wholeAct{at + "/tindakan?" + kit.QueryOf("act", a.name, "sesi", session, "semua", "ya").Encode(), a.whole, n})
		}
	}
	return all
}

// actForm is an act with the people it is about and what was typed.
type actForm struct {
	actKind
	seen    assessment.Console
	people  []assessment.Watched // those it fits
	passed  int                  // chosen, and it does not fit them
	all     bool                 // everybody it fits
	minutes string
	cause   string
	note    string
}

func (f *actForm) attempts() []assessment.AttemptID {
	ids := make([]assessment.AttemptID, len(f.people))
	for i, w := range f.people {
		ids[i] = w.Attempt.AttemptID
	}
	return ids
}

func (f *actForm) enrolments() []int64 {
	ids := make([]int64, len(f.people))
	for i, w := range f.people {
		ids[i] = w.Enrolment.ID
	}
	return ids
}

func (f *actForm) reason() string { return reasonOf(f.cause, f.note) }

// actPage asks for what an act needs, and says whom it is about.
type actPage struct {
	kit.Base
	head
	Act     string
	Text    string
	Hint    string
	Bad     bool
	Asks    bool // a category and a note
	Time    bool // minutes
	Kinds   []choice
	People  []actRow
	Passed  int
	All     bool
	Minutes string
	Causes  []choice
	Note    string
}

// actRow is a person the act is about.
type actRow struct {
	Key    string
	Name   string
	Number string
	Tag    tag
	Until  string // the deadline as it stands
}

// chosen reads which act, on whom. Somebody outside the actor's agencies or the
// session is not there.
func (p pages) chosen(c *kit.Ctx, get func(string) string, all func(string) []string) (*actForm, error) {
	seen, err := p.watch(c)
	if err != nil {
		return nil, err
	}
	f := &actForm{seen: seen, all: get("semua") != "", minutes: get("minutes"), cause: get("cause"), note: get("note")}
	i := slices.IndexFunc(acts, func(a actKind) bool { return a.name == get("act") })
	if i < 0 {
		return f, nil
	}
	f.actKind = acts[i]
	if f.all && f.whole != "" {
		for _, w := range seen.People {
			if f.fits(seen.Session, w) && (f.name != "izin" || w.Standing == assessment.AtDoor) {
				f.people = append(f.people, w)
			}
		}
		return f, nil
	}
	for _, sealed := range all("p") {
		id, err := p.Keys.Open(kindEnrolment, sealed)
		if err != nil {
			return nil, err
		}
		at := slices.IndexFunc(seen.People, func(w assessment.Watched) bool { return w.Enrolment.ID == id })
		switch {
		case at < 0:
			return nil, fault.New(fault.NotFound, "assessment.no_enrolment")
		case f.fits(seen.Session, seen.People[at]):
			f.people = append(f.people, seen.People[at])
		default:
			f.passed++
		}
	}
	return f, nil
}

func (p pages) actForm(c *kit.Ctx) (kit.Response, error) {
	f, err := p.chosen(c, c.Query, c.QueryAll)
	if err != nil {
		return nil, err
	}
	if f.minutes == "" {
		f.minutes = "10"
	}
	return kit.HTML("proctor/tindakan", actPageOf(c, f)), nil
}

func actPageOf(c *kit.Ctx, f *actForm) *actPage {
	page := actView(f)
	title := cmp.Or(f.text, "Pilih tindakan")
	page.Base = c.Base(title).In(kit.SectionWatch)
	page.head = headOf(c, f.seen.Event, f.seen.Session.ID)
	for i, w := range f.people {
		page.People[i].Key = c.Seal(kindEnrolment, w.Enrolment.ID)
	}
	return page
}

// actView is the part of the page that needs no request.
func actView(f *actForm) *actPage {
	page := &actPage{
		Act: f.name, Text: f.text, Hint: f.hint, Bad: f.bad, Asks: f.asks, Time: f.name == "waktu", Passed: f.passed, All: f.all,
		Minutes: f.minutes, Note: f.note, Causes: causeChoices(f.cause),
	}
	if f.name == "catat" {
		page.Kinds = incidentChoices(f.cause)
	}
	zone := locale.Zone(f.seen.Event.Zone)
	for _, w := range f.people {
		r := actRow{Name: w.Enrolment.Name, Number: kit.LastFour(w.Enrolment.NIP), Tag: standingTag(w.Standing)}
		if w.Attempt.UnderWay() {
			r.Until = locale.Clock(w.Attempt.Deadline.In(zone))
		}
		page.People = append(page.People, r)
	}
	return page
}

// act does what the form asks for. What is refused is shown with the form.
func (p pages) act(c *kit.Ctx) (kit.Response, error) {
	f, err := p.chosen(c, c.Form, c.FormAll)
	if err != nil {
		return nil, err
	}
	said := ""
	if f.name == "" || len(f.people) == 0 {
		err = errNobody
	} else {
		said, err = f.do(p, c, f)
	}
	if err != nil {
		errs, err := inPlace(err)
		if err != nil {
			return nil, err
		}
		page := actPageOf(c, f)
		page.Errors = errs
		return kit.Refused("proctor/tindakan", page), nil
	}
	c.Flash(said)
	return kit.Redirect(eventPath(c, f.seen.Event.ID, "?"+kit.QueryOf("sesi", c.Seal(kindSession, f.seen.Session.ID)).Encode())), nil
}

func (p pages) admit(c *kit.Ctx, f *actForm) (string, error) {
	n, err := p.Assessment.Admit(c.Context(), actor(c), f.seen.Event.ID, f.seen.Session.ID, f.enrolments())
	return fmt.Sprintf("%d orang diizinkan mulai.", n), err
}

func (p pages) addTime(c *kit.Ctx, f *actForm) (string, error) {
	minutes, err := strconv.Atoi(f.minutes)
	if err != nil {
		return "", fault.New(fault.Invalid, "officer.minutes").On("minutes")
	}
	more := time.Duration(min(max(minutes, 0), 24*60)) * time.Minute
	n, err := p.Assessment.CreditOutage(c.Context(), actor(c), f.attempts(), more, f.reason())
	if err != nil {
		return "", onNote(err)
	}
	last := time.Time{}
	for _, w := range f.people {
		if end := w.Attempt.Deadline.Add(more); end.After(last) {
			last = end
		}
	}
	return fmt.Sprintf("Waktu ditambah %d menit untuk %d orang. Batas waktu paling akhir sekarang %s.", minutes, n, locale.Clock(last.In(locale.Zone(f.seen.Event.Zone)))), nil
}

func (p pages) pause(c *kit.Ctx, f *actForm) (string, error) {
	n, err := p.Assessment.Pause(c.Context(), actor(c), f.attempts(), f.reason())
	return fmt.Sprintf("Pengerjaan %d orang dijeda. Waktunya berhenti sampai Anda melanjutkan.", n), onNote(err)
}

func (p pages) resume(c *kit.Ctx, f *actForm) (string, error) {
	n, err := p.Assessment.Resume(c.Context(), actor(c), f.attempts())
	return fmt.Sprintf("Pengerjaan %d orang dilanjutkan.", n), err
}

func (p pages) release(c *kit.Ctx, f *actForm) (string, error) {
	n, err := eachOf(f.attempts(), func(id assessment.AttemptID) error {
		return p.Assessment.ReleaseDevice(c.Context(), actor(c), id, f.reason())
	})
	return fmt.Sprintf("Kunci gawai %d orang dibuka. Minta peserta masuk di gawai yang akan dipakai.", n), onNote(err)
}

func (p pages) end(c *kit.Ctx, f *actForm) (string, error) {
	n, err := eachOf(f.attempts(), func(id assessment.AttemptID) error {
		return p.Assessment.End(c.Context(), actor(c), id, f.reason())
	})
	return fmt.Sprintf("Pengerjaan %d orang diakhiri. Jawaban yang sudah tersimpan dinilai.", n), onNote(err)
}

func (p pages) note(c *kit.Ctx, f *actForm) (string, error) {
	for _, id := range f.enrolments() {
		_, err := p.Assessment.AddIncident(c.Context(), actor(c), assessment.NewIncident{
			Event: f.seen.Event.ID, Session: f.seen.Session.ID, Enrolment: id, Kind: assessment.IncidentKind(f.cause), Note: f.note,
		})
		if err != nil {
			return "", err
		}
	}
	return "Kejadian dicatat untuk berita acara.", nil
}

// eachOf does an act for one attempt after the other. Who has ended meanwhile
// is passed over; where that was everybody, the refusal is told.
func eachOf(ids []assessment.AttemptID, do func(assessment.AttemptID) error) (int, error) {
	done := 0
	var refused error
	for _, id := range ids {
		switch err := do(id); {
		case err == nil:
			done++
		case fault.KindOf(err) == fault.Conflict:
			refused = err
		default:
			return done, err
		}
	}
	if done == 0 {
		return 0, refused
	}
	return done, nil
}

// onNote puts the refusal of a reason at the field that asks for it here.
func onNote(err error) error {
	if f := fault.Of(err); f != nil && f.Field == "reason" {
		return &fault.Fault{Kind: f.Kind, Key: f.Key, Args: f.Args, Field: "note"}
	}
	return err
}
