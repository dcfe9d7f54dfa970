package papers

import (
	"fmt"
	"io"
	"net/url"
	"strings"
	"time"

	"cakap/assessment"
	"cakap/internal/access"
	"cakap/internal/fault"
	"cakap/internal/locale"
	"cakap/internal/people"
	"cakap/internal/web/kit"
	"cakap/reports/papers"
)

// print answers with one of the papers that may be printed at any time.
func (d Deps) print(c *kit.Ctx) (kit.Response, error) {
	make, known := map[string]func(Deps, job) (kit.Response, error){
		"kartu-tanpa-kode": Deps.plainCards,
		"daftar-hadir":     Deps.attendance,
		"berita-acara":     Deps.minutes,
		"pelanggaran":      Deps.violation,
		"tata-tertib":      Deps.rules,
	}[c.Param("paper")]
	if !known {
		return nil, fault.New(fault.NotFound, "error.not_found")
	}
	j, err := d.job(c, c.Query)
	if err != nil {
		return nil, err
	}
	return make(d, j)
}

// chosen is the session of the paper, the first where none was chosen.
func (j *job) chosen() (assessment.Session, error) {
	for _, s := range j.sessions {
		if j.session == 0 || s.ID == j.session {
			j.session = s.ID
			return s, nil
		}
	}
	return assessment.Session{}, fault.New(fault.NotFound, "assessment.no_session")
}

// people of the session and agency of a job, sorted by name.
func (d Deps) people(j job) ([]assessment.Participant, error) {
	page, err := d.Assessment.Participants(j.c.Context(), actor(j.c), j.event.ID, assessment.ParticipantFilter{Agency: j.agency, Session: j.session})
	return page.Rows, err
}

func (j job) person(en assessment.Enrolment) papers.Person {
	return papers.Person{Name: en.Name, Number: people.Grouped(en.NIP), Unit: en.UnitPath, Agency: j.agencyName(en.Agency)}
}

// signers are the roles that sign, with the session's proctors for the first
// ones; what is not known is left to the pen.
func (j job) signers(s assessment.Session, roles ...string) []papers.Signer {
	all := make([]papers.Signer, len(roles))
	for i, role := range roles {
		all[i].Role = role
		if i < len(s.Proctors) {
			all[i].Name = j.proctors[s.Proctors[i]]
		}
	}
	return all
}

func (d Deps) attendance(j job) (kit.Response, error) {
	s, err := j.chosen()
	if err != nil {
		return nil, err
	}
	all, err := d.people(j)
	if err != nil {
		return nil, err
	}
	in := papers.AttendanceList{Head: j.head(s), Signers: j.signers(s, "Pengawas 1", "Pengawas 2")}
	for _, p := range all {
		in.People = append(in.People, j.person(p.Enrolment))
	}
	return d.file(j, "attendance", papers.FileName("daftar-hadir", j.event.Code, s.Name), len(all), func(w io.Writer) error { return papers.Attendance(w, in) })
}

func (d Deps) rules(j job) (kit.Response, error) {
	s, err := j.chosen()
	if err != nil {
		return nil, err
	}
	in := papers.RuleSheet{Head: j.head(s), Items: j.event.Spec.Items(), Minutes: j.event.Spec.Minutes, Order: papers.Order(j.event.Spec.Delivery)}
	return d.file(j, "rules", papers.FileName("tata-tertib", j.event.Code, s.Name), 0, func(w io.Writer) error { return papers.WriteRules(w, in) })
}

func (d Deps) minutes(j job) (kit.Response, error) {
	s, err := j.chosen()
	if err != nil {
		return nil, err
	}
	all, err := d.people(j)
	if err != nil {
		return nil, err
	}
	in := papers.Minutes{Head: j.head(s), Signers: j.signers(s, "Pengawas 1", "Pengawas 2", "Proktor")}
	for _, p := range all {
		count(&in.Counts, p)
		if absent(p) {
			in.Absent = append(in.Absent, j.person(p.Enrolment))
		}
	}
	if in.Credits, err = d.credits(j); err != nil {
		return nil, err
	}
	if in.Incidents, err = d.incidents(j); err != nil {
		return nil, err
	}
	return d.file(j, "minutes", papers.FileName("berita-acara", j.event.Code, s.Name), len(all), func(w io.Writer) error { return papers.WriteMinutes(w, in) })
}

func absent(p assessment.Participant) bool {
	return p.Progress == assessment.NotStarted || p.Progress == assessment.Present
}

func count(n *papers.Counts, p assessment.Participant) {
	n.Registered++
	if absent(p) {
		n.Absent++
		return
	}
	n.Present++
	switch p.Progress {
	case assessment.Done:
		n.Done++
	case assessment.TimedOut:
		n.Done++
		n.ByServer++
	case assessment.Cancelled:
		n.Cancelled++
	default:
		n.Working++
	}
}

func (d Deps) credits(j job) ([]papers.Note, error) {
	all, err := d.Assessment.SessionCredits(j.c.Context(), actor(j.c), j.event.ID, j.session)
	if err != nil {
		return nil, err
	}
	var notes []papers.Note
	for _, one := range all {
		if j.agency != 0 && one.Who.Agency != j.agency {
			continue
		}
		text := fmt.Sprintf("%s, NIP %s, %s: %s", one.Who.Name, people.Grouped(one.Who.NIP), duration(one), one.Reason)
		notes = append(notes, papers.Note{At: j.clock(one.At), Text: text})
	}
	return notes, nil
}

// duration is the time given: "10 menit", in seconds below a minute.
func duration(c assessment.SessionCredit) string {
	if seconds := int(c.More.Seconds()); seconds < 60 {
		return fmt.Sprintf("%d detik", seconds)
	}
	return locale.Number(c.More.Minutes(), 0) + " menit"
}

// incidentNames are the kinds of incidents as minutes name them.
var incidentNames = map[assessment.IncidentKind]string{
	assessment.PowerCut: "Listrik", assessment.NetworkDown: "Jaringan", assessment.BadDevice: "Gawai", assessment.BadIdentity: "Identitas",
	assessment.Violation: "Pelanggaran", assessment.Health: "Kesehatan", assessment.BadItem: "Butir soal", assessment.OtherKind: "Lainnya",
}

func (d Deps) incidents(j job) ([]papers.Note, error) {
	all, err := d.Assessment.Incidents(j.c.Context(), actor(j.c), j.event.ID, j.session)
	if err != nil {
		return nil, err
	}
	var notes []papers.Note
	for _, one := range all {
		text := incidentNames[one.Kind]
		if one.Who != "" {
			text += ", " + one.Who
		}
		notes = append(notes, papers.Note{At: j.clock(one.At), Text: text + ": " + one.Note})
	}
	return notes, nil
}

// violation is the minutes of the incident that was chosen, or a form for the pen.
func (d Deps) violation(j job) (kit.Response, error) {
	id, err := d.open(kindIncident, j.c.Query("kejadian"))
	if err != nil {
		return nil, err
	}
	in := papers.Violation{}
	if id != 0 {
		all, err := d.Assessment.Incidents(j.c.Context(), actor(j.c), j.event.ID, 0)
		if err != nil {
			return nil, err
		}
		for _, one := range all {
			if one.ID != id || one.Kind != assessment.Violation {
				continue
			}
			if in, err = d.told(j, one); err != nil {
				return nil, err
			}
			j.session = one.Session
		}
		if in.Note == "" {
			return nil, fault.New(fault.NotFound, "error.not_found")
		}
	}
	s, err := j.chosen()
	if err != nil {
		return nil, err
	}
	in.Head = j.head(s)
	in.Signers = append(j.signers(s, "Pengawas 1", "Pengawas 2"), papers.Signer{Role: "Peserta", Name: in.Person.Name, Number: in.Person.Number})
	return d.file(j, "violation", papers.FileName("pelanggaran", j.event.Code, s.Name), 0, func(w io.Writer) error { return papers.WriteViolation(w, in) })
}

// told is what is known of a violation.
func (d Deps) told(j job, one assessment.Incident) (papers.Violation, error) {
	in := papers.Violation{At: one.At.In(locale.Zone(j.event.Zone)), Note: one.Note}
	if one.Enrolment == 0 {
		return in, nil
	}
	who, err := d.Assessment.Enrolment(j.c.Context(), actor(j.c), one.Enrolment)
	in.Person = j.person(who.Enrolment)
	return in, err
}

// plainCards are cards that say who somebody is, without a code.
func (d Deps) plainCards(j job) (kit.Response, error) {
	all, err := d.people(j)
	if err != nil {
		return nil, err
	}
	var list []assessment.StartCode
	for _, p := range all {
		one := assessment.StartCode{Enrolment: p.Enrolment}
		for _, s := range j.sessions {
			if s.ID == p.Enrolment.Session {
				one.Session = s
			}
		}
		list = append(list, one)
	}
	return d.file(j, "plain_cards", papers.FileName("kartu-tanpa-kode", j.event.Code), len(all), j.cardSheet(list, ""))
}

// cards makes start codes and answers with the cards: codes are shown once, so
// the PDF is the answer to the form itself.
func (d Deps) cards(c *kit.Ctx) (kit.Response, error) {
	j, err := d.job(c, c.Form)
	if err != nil {
		return nil, err
	}
	in := assessment.CodeRequest{Event: j.event.ID, Agency: j.agency, Session: j.session, Again: c.Form("again") != ""}
	codes, err := d.Assessment.IssueStartCodes(c.Context(), actor(c), in)
	if err != nil {
		errs, ok := kit.FormErrors(err)
		if !ok {
			return nil, err
		}
		page, err := d.listPage(c)
		if err != nil {
			return nil, err
		}
		page.Errors, page.Again = errs, in.Again
		return kit.Refused("papers/berkas", page), nil
	}
	return d.file(j, "cards", papers.FileName("kartu-peserta", j.event.Code), len(codes), j.cardSheet(codes, c.Origin()))
}

// cardSheet is the cards of some people. The link carries number and code in
// its fragment, which a browser keeps to itself: no server and no log sees it.
func (j job) cardSheet(all []assessment.StartCode, origin string) func(io.Writer) error {
	zone := locale.Zone(j.event.Zone)
	in := papers.CardSheet{Head: papers.Head{Format: j.format, Event: j.event.Name, Opens: j.event.OpensAt}, Site: strings.TrimPrefix(origin, "https://")}
	for _, one := range all {
		card := papers.Card{
			Person: j.person(one.Enrolment), Session: one.Session.Name, Place: one.Session.Place,
			Window: locale.Window(one.Session.OpensAt.In(zone), one.Session.ClosesAt.In(zone)),
		}
		if one.Code != "" {
			card.Code = access.FormatCode(one.Code)
			card.Link = origin + "/masuk/kode#" + url.PathEscape(one.Enrolment.NIP) + "." + one.Code
		}
		in.Cards = append(in.Cards, card)
	}
	return func(w io.Writer) error { return papers.Cards(w, in) }
}

// clock is the time of day in the event's zone, with the date where the event
// is longer than a day.
func (j job) clock(at time.Time) string {
	at = at.In(locale.Zone(j.event.Zone))
	if j.event.ClosesAt.Sub(j.event.OpensAt) > 24*time.Hour {
		return locale.DateTime(at)
	}
	return locale.Clock(at)
}
