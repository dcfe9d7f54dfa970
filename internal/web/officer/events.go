package officer

import (
	"fmt"
	"slices"
	"time"

	"cakap/assessment"
	"cakap/internal/access"
	"cakap/internal/locale"
	"cakap/internal/web/kit"
)

// eventsPage lists the events a person may know of: what needs attention
// first, what is over last.
type eventsPage struct {
	kit.Base
	Now  []eventCard
	Past []eventCard
}

// eventCard is one event in the list.
type eventCard struct {
	ID       int64
	Name     string
	Code     string
	Window   string
	Tag      tag
	Enrolled int
	Working  int
	Done     int
	Next     string // what to do now, in words
}

func (p pages) events(c *kit.Ctx) (kit.Response, error) {
	all, err := p.Assessment.Events(c.Context(), actor(c))
	if err != nil {
		return nil, err
	}
	page := &eventsPage{Base: c.Base("Kegiatan").In(kit.SectionEvents)}
	may := rightsOf(c.Principal())
	for _, e := range all {
		card := cardOf(e, may, c.Now())
		if e.Event.State == assessment.EventClosed {
			page.Past = append(page.Past, card)
		} else {
			page.Now = append(page.Now, card)
		}
	}
	return kit.HTML("officer/kegiatan", page), nil
}

func cardOf(e assessment.EventSummary, may rights, now time.Time) eventCard {
	next := nextStep(e.Event, e.Enrolled, 0, may, now)
	return eventCard{
		ID: e.Event.ID, Name: e.Event.Name, Code: e.Event.Code, Window: locale.WindowIn(e.Event.OpensAt, e.Event.ClosesAt, e.Event.Zone),
		Tag: eventTag(e.Event.State), Enrolled: e.Enrolled, Working: e.Working, Done: e.Done, Next: next.Text,
	}
}

// rights are what a person may do with events, by the scope of each action:
// somebody may read all of them and manage a few.
type rights struct {
	Manage, Release, Watch, Codes, Report, Roster bool
	managing                                      assessment.Actor
}

func rightsOf(who *access.Principal) rights {
	can := func(a access.Action) bool { return access.Allow(who, a) == nil }
	return rights{
		Manage: can(access.EventManage), Release: can(access.EventRelease), Watch: can(access.Monitor),
		Codes: can(access.CodesIssue), Report: can(access.ReportDownload), Roster: can(access.RosterRead),
		managing: assessment.Actor{Scope: who.Scope(access.EventManage)},
	}
}

// manages reports whether the person may change the event itself.
func (r rights) manages(e assessment.Event) bool {
	return r.Manage && (r.managing.Scope.All || e.Owner != 0 && r.managing.Scope.Covers(e.Owner))
}

// step is the one thing to do next with an event.
type step struct {
	Text string
	Why  string
	Path string // below the event's address; "" where nothing can be pressed
	Post bool
}

// releasePath is where results are released.
const releasePath = "/rilis"

// nextStep decides what an event waits for.
func nextStep(e assessment.Event, enrolled, late int, may rights, now time.Time) step {
	manages := may.manages(e)
	switch {
	case enrolled == 0 && e.State != assessment.EventClosed && may.Manage:
		return step{"Daftarkan peserta", "Belum ada peserta. Pilih instansi atau unit yang ikut.", "/peserta#daftar", false}
	case e.State == assessment.EventOpen && now.Before(e.ClosesAt) && may.Watch:
		return step{"Pantau pelaksanaan", "Peserta dapat mengerjakan pada waktu sesinya.", "/pantau", false}
	case e.State == assessment.EventOpen && manages:
		return step{"Tutup kegiatan", "Waktu kegiatan sudah lewat. Yang masih mengerjakan tetap mendapat waktunya.", "/tutup", true}
	case e.State == assessment.EventClosed && late > 0 && may.Manage:
		return step{"Putuskan jawaban susulan", "Ada jawaban yang datang sesudah waktu habis.", "/susulan", false}
	case e.State == assessment.EventClosed && !e.ResultsVisible(now) && e.Release == assessment.ReleaseManual && manages && may.Release:
		return step{"Rilis hasil", "Peserta belum dapat melihat hasilnya.", releasePath, true}
	case e.State == assessment.EventClosed && may.Report:
		return step{"Lihat laporan", "Kegiatan selesai. Unduh buku kerja Excel per instansi.", "/laporan", false}
	case !manages:
		return step{Text: "Tidak ada yang perlu dilakukan", Why: "Kegiatan ini dikelola oleh pengelolanya."}
	case e.State == assessment.EventDraft:
		return step{"Siapkan paket soal", "Setiap peserta mendapat naskahnya sendiri. Sesudah itu bank soal boleh berubah tanpa memengaruhi kegiatan ini.", "/siapkan", true}
	case e.State == assessment.EventPrepared:
		return step{"Periksa lalu buka", "Semua paket siap. Lihat hasil pemeriksaan, lalu buka kegiatan.", "/pemeriksaan", false}
	}
	return step{Text: "Tidak ada yang perlu dilakukan"}
}

// eventForm is what an officer fills in, as typed.
type eventForm struct {
	Code, Name        string
	Opens, Closes     string
	Zone              string
	Release           string
	ReleaseAt         string
	Blueprints        []choice
	Owners            []choice
	Agencies          []choice
	OwnersAcross      bool // the whole province may own it
	Essays            bool
	Marking           string
	Markings          []choice
	Extra             []choice // survey and info items that may end the forms
	BlueprintsMissing bool
	Policy            policyForm
}

// choice is one entry of a select or a list of ticks.
type choice struct {
	Value, Text string
	On          bool
}

type newEventPage struct {
	kit.Base
	Form     eventForm
	Releases []choice
	Zones    []string
}

func (p pages) newEvent(c *kit.Ctx) (kit.Response, error) {
	day := c.Now().In(locale.Zone("WIB")).AddDate(0, 0, 7)
	at := func(hour int) string {
		return time.Date(day.Year(), day.Month(), day.Day(), hour, 0, 0, 0, day.Location()).Format(localLayout)
	}
	form := eventForm{Opens: at(8), Closes: at(16), Zone: "WIB", Release: string(assessment.ReleaseManual), Marking: string(assessment.MarkedByOne)}
	form.Policy = policyFormOf(assessment.Spec{Attempts: 1, AttemptRule: assessment.LastAttempt, Delivery: assessment.DeliverAll, Phones: true})
	page, err := p.eventFormPage(c, form, nil, 0, 0)
	if err != nil {
		return nil, err
	}
	return kit.HTML("officer/baru", page), nil
}

// eventFormPage offers the blueprints and agencies there are, with what was chosen.
func (p pages) eventFormPage(c *kit.Ctx, form eventForm, chosen []int64, owner, blueprint int64) (*newEventPage, error) {
	agencies, err := p.People.Agencies(c.Context(), c.Scope())
	if err != nil {
		return nil, err
	}
	blueprints, err := p.Assessment.Blueprints(c.Context())
	if err != nil {
		return nil, err
	}
	form.OwnersAcross = c.Scope().All
	for _, a := range agencies {
		if !a.Active {
			continue
		}
		sealed := c.Seal(kindAgency, a.ID)
		form.Owners = append(form.Owners, choice{sealed, a.Name, a.ID == owner})
		form.Agencies = append(form.Agencies, choice{sealed, a.Name, slices.Contains(chosen, a.ID) || len(agencies) == 1})
	}
	for _, b := range blueprints {
		form.Blueprints = append(form.Blueprints, choice{c.Seal(kindBlueprint, b.ID), b.Name, b.ID == blueprint || blueprint == 0 && b.Code == assessment.Ringkas})
	}
	form.BlueprintsMissing = len(form.Blueprints) == 0
	if err := p.offerExtras(c, &form); err != nil {
		return nil, err
	}
	return &newEventPage{
		Base: c.Base("Buat kegiatan").In(kit.SectionEvents), Form: form, Releases: releaseChoices(form.Release), Zones: zones(),
	}, nil
}

// offerExtras lists what may end the forms, with what was chosen.
func (p pages) offerExtras(c *kit.Ctx, form *eventForm) error {
	extras, err := p.Assessment.Extras(c.Context())
	if err != nil {
		return err
	}
	chosen := c.FormAll("extra")
	for _, e := range extras {
		text := fmt.Sprintf("%s, %s: %s", e.Code, extraKinds[e.Type], shorten(e.Stem, 90))
		form.Extra = append(form.Extra, choice{e.Code, text, slices.Contains(chosen, e.Code)})
	}
	for _, m := range []assessment.Marking{assessment.MarkedByOne, assessment.MarkedByTwo} {
		form.Markings = append(form.Markings, choice{string(m), markings[m], string(m) == form.Marking || form.Marking == "" && m == assessment.MarkedByOne})
	}
	return nil
}

func zones() []string { return []string{"WIB", "WITA", "WIT"} }

func releaseChoices(chosen string) []choice {
	var all []choice
	for _, r := range []assessment.Release{assessment.ReleaseManual, assessment.ReleaseAtOnce, assessment.ReleaseAt} {
		all = append(all, choice{string(r), releases[r], string(r) == chosen})
	}
	return all
}

func (p pages) createEvent(c *kit.Ctx) (kit.Response, error) {
	form := typedEvent(c)
	agencies, err := p.formIDs(c, kindAgency, "agencies")
	if err != nil {
		return nil, err
	}
	owner, err := c.FormID(kindAgency, "owner")
	if err != nil {
		return nil, err
	}
	blueprint, err := c.FormID(kindBlueprint, "blueprint")
	if err != nil {
		return nil, err
	}
	in, errs := form.event()
	policy, shown, more := typedPolicy(c)
	in.Policy, form.Policy, errs = policy, policyFormOf(shown), append(errs, more...)
	in.Owner, in.Agencies, in.Blueprint, in.Extra = owner, agencies, blueprint, c.FormAll("extra")
	var made assessment.Event
	if len(errs) == 0 {
		if made, err = p.Assessment.CreateEvent(c.Context(), actor(c), in); err != nil {
			if errs, err = inPlace(err); err != nil {
				return nil, err
			}
			errs = onlyOnce(errs)
		}
	}
	if len(errs) > 0 {
		page, err := p.eventFormPage(c, form, agencies, owner, blueprint)
		if err != nil {
			return nil, err
		}
		page.Errors = errs
		return kit.Refused("officer/baru", page), nil
	}
	c.Flash("Kegiatan dibuat. Daftarkan pesertanya.")
	return kit.Redirect(eventPath(c, made.ID, "")), nil
}

// onlyOnce leaves out what the event's one session repeats of the event.
func onlyOnce(errs kit.Errors) kit.Errors {
	return slices.DeleteFunc(errs, func(e kit.FieldError) bool {
		return len(errs) > 1 && (e.Field == "session_closes" || e.Field == "session_opens")
	})
}

// detail loads the event that the address names, for who may know of it.
func (p pages) detail(c *kit.Ctx) (assessment.EventDetail, error) {
	id, err := c.ID(kindEvent, "id")
	if err != nil {
		return assessment.EventDetail{}, err
	}
	return p.Assessment.Event(c.Context(), actor(c), id)
}
