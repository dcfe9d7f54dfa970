package officer

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"cakap/assessment"
	"cakap/internal/fault"
	"cakap/internal/locale"
	"cakap/internal/web/kit"
)

// sessionRow is a session in words.
type sessionRow struct {
	ID       int64
	Name     string
	Window   string
	Place    string
	Token    string
	People   string // "38 dari 40 tempat"
	Full     bool   // more people than places
	Proctors string
	Start    string // how people begin
	Ended    bool   // a proctor has closed it
	Empty    bool
}

func sessionRowOf(d assessment.EventDetail, s assessment.Session) sessionRow {
	n := d.Seated[s.ID]
	r := sessionRow{
		ID: s.ID, Name: s.Name, Window: locale.WindowIn(s.OpensAt, s.ClosesAt, d.Event.Zone), Place: s.Place, Token: s.Token,
		People: locale.Int(n) + " orang", Full: s.Capacity > 0 && n > s.Capacity, Ended: !s.ClosedAt.IsZero(), Empty: n == 0,
	}
	if s.Capacity > 0 {
		r.People = fmt.Sprintf("%s dari %s tempat", locale.Int(n), locale.Int(s.Capacity))
	}
	var names []string
	for _, id := range s.Proctors {
		names = append(names, d.Proctors[id])
	}
	r.Proctors = strings.Join(names, ", ")
	switch {
	case s.Admit:
		r.Start = "Diizinkan pengawas satu per satu"
	case s.Jitter > 0:
		r.Start = fmt.Sprintf("Dalam %d detik sesudah bel", int(s.Jitter.Seconds()))
	default:
		r.Start = "Serentak saat bel"
	}
	return r
}

// sessionForm is a session as typed; ID is sealed, "" for a new one.
type sessionForm struct {
	ID, Name, Opens, Closes, Place, Token string
	Capacity, Jitter                      string
	Admit                                 bool
	Proctors                              []choice
	Removable                             bool // nobody is in it
}

// sessionForm is the form for a new session, or for the one the address names.
func (p pages) sessionForm(c *kit.Ctx, d assessment.EventDetail) (sessionForm, error) {
	form := sessionForm{Opens: localTime(d.Event.OpensAt, d.Event.Zone), Closes: localTime(d.Event.ClosesAt, d.Event.Zone), Jitter: "20"}
	chosen, err := p.queryID(c, kindSession, "sesi")
	if err != nil {
		return form, err
	}
	var proctors []int64
	if i := slices.IndexFunc(d.Sessions, func(s assessment.Session) bool { return s.ID == chosen }); i >= 0 {
		s := d.Sessions[i]
		proctors = s.Proctors
		form = sessionForm{
			ID: c.Seal(kindSession, s.ID), Name: s.Name, Place: s.Place, Token: s.Token, Opens: localTime(s.OpensAt, d.Event.Zone),
			Closes: localTime(s.ClosesAt, d.Event.Zone), Jitter: strconv.Itoa(int(s.Jitter.Seconds())), Admit: s.Admit,
			Removable: d.Seated[s.ID] == 0 && len(d.Sessions) > 1,
		}
		if s.Capacity > 0 {
			form.Capacity = strconv.Itoa(s.Capacity)
		}
	}
	return form, p.offerProctors(c, d, &form, proctors)
}

// offerProctors lists who may be named. Somebody named earlier who may not any
// more stays until an officer takes the tick away.
func (p pages) offerProctors(c *kit.Ctx, d assessment.EventDetail, form *sessionForm, named []int64) error {
	all, err := p.Assessment.Proctors(c.Context(), actor(c), d.Event.ID)
	if fault.KindOf(err) == fault.Forbidden {
		return nil
	}
	if err != nil {
		return err
	}
	for _, id := range named {
		if !slices.ContainsFunc(all, func(one assessment.Proctor) bool { return one.Account == id }) {
			all = append(all, assessment.Proctor{Account: id, Name: d.Proctors[id]})
		}
	}
	for _, one := range all {
		form.Proctors = append(form.Proctors, choice{c.Seal(kindAccount, one.Account), one.Name, slices.Contains(named, one.Account)})
	}
	return nil
}

func (p pages) saveSession(c *kit.Ctx) (kit.Response, error) {
	d, err := p.detail(c)
	if err != nil {
		return nil, err
	}
	id := d.Event.ID
	session, err := c.FormID(kindSession, "session")
	if err != nil {
		return nil, err
	}
	proctors, err := p.formIDs(c, kindAccount, "proctors")
	if err != nil {
		return nil, err
	}
	form := sessionForm{
		ID: c.Form("session"), Name: c.Form("session_name"), Opens: c.Form("session_opens"), Closes: c.Form("session_closes"),
		Place: c.Form("place"), Token: c.Form("session_token"), Capacity: c.Form("capacity"), Jitter: c.Form("jitter"), Admit: c.Form("admit") != "",
		Removable: session != 0 && d.Seated[session] == 0 && len(d.Sessions) > 1,
	}
	in, errs := form.session(d.Event.Zone)
	in.Proctors = proctors
	if len(errs) == 0 {
		if session == 0 {
			_, err = p.Assessment.AddSession(c.Context(), actor(c), id, in)
		} else {
			_, err = p.Assessment.ChangeSession(c.Context(), actor(c), id, session, in)
		}
		if err != nil {
			if errs, err = inPlace(err); err != nil {
				return nil, err
			}
		}
	}
	if len(errs) > 0 {
		if err := p.offerProctors(c, d, &form, proctors); err != nil {
			return nil, err
		}
		page, err := p.eventPage(c, id)
		if err != nil {
			return nil, err
		}
		page.Session, page.Errors = form, errs
		return kit.Refused("officer/ringkasan", page), nil
	}
	c.Flash("Sesi disimpan.")
	return kit.Redirect(eventPath(c, id, "")), nil
}

func (p pages) removeSession(c *kit.Ctx) (kit.Response, error) {
	session, err := c.FormID(kindSession, "session")
	if err != nil {
		return nil, err
	}
	id, err := c.ID(kindEvent, "id")
	if err != nil {
		return nil, err
	}
	if err := p.Assessment.RemoveSession(c.Context(), actor(c), id, session); err != nil {
		errs, err := inPlace(err)
		if err != nil {
			return nil, err
		}
		page, err := p.eventPage(c, id)
		if err != nil {
			return nil, err
		}
		page.Errors = errs
		return kit.Refused("officer/ringkasan", page), nil
	}
	c.Flash("Sesi dihapus.")
	return kit.Redirect(eventPath(c, id, "")), nil
}

func (f sessionForm) session(zone string) (assessment.NewSession, kit.Errors) {
	var errs kit.Errors
	in := assessment.NewSession{
		Name: f.Name, OpensAt: typedTime("session_opens", f.Opens, zone, &errs), ClosesAt: typedTime("session_closes", f.Closes, zone, &errs),
		Place: f.Place, Token: strings.TrimSpace(f.Token), Admit: f.Admit, Capacity: typedInt("capacity", f.Capacity, 0, &errs),
	}
	// An empty field takes the usual jitter, a typed 0 is none.
	if seconds := typedInt("jitter", f.Jitter, 20, &errs); seconds == 0 {
		in.Jitter = -1
	} else {
		in.Jitter = time.Duration(min(seconds, 86400)) * time.Second
	}
	return in, errs
}

// typedInt reads a whole number of at least 0; an empty field is otherwise.
func typedInt(field, text string, otherwise int, errs *kit.Errors) int {
	if text == "" {
		return otherwise
	}
	n, err := strconv.Atoi(strings.ReplaceAll(text, ".", ""))
	if err != nil || n < 0 {
		more, _ := kit.FormErrors(fault.New(fault.Invalid, "officer.number").On(field))
		*errs = append(*errs, more...)
		return otherwise
	}
	return n
}
