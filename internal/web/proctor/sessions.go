package proctor

import (
	"cakap/assessment"
	"cakap/internal/locale"
	"cakap/internal/web/kit"
)

// sessionsPage lists the sessions that the person may run, the own ones first.
type sessionsPage struct {
	kit.Base
	Own    []sessionCard
	Others []sessionCard
}

// sessionCard is a session in the list.
type sessionCard struct {
	Path    string
	Event   string
	Session string
	Window  string
	Place   string
	Tag     tag
}

func (p pages) sessions(c *kit.Ctx) (kit.Response, error) {
	all, err := p.Assessment.Watches(c.Context(), actor(c))
	if err != nil {
		return nil, err
	}
	page := &sessionsPage{Base: c.Base("Pengawasan").In(kit.SectionWatch)}
	for _, w := range all {
		card := sessionCardOf(w)
		card.Path = eventPath(c, w.Event.ID, "?"+kit.QueryOf("sesi", c.Seal(kindSession, w.Session.ID)).Encode())
		if w.Named {
			page.Own = append(page.Own, card)
		} else {
			page.Others = append(page.Others, card)
		}
	}
	return kit.HTML("proctor/awal", page), nil
}

func sessionCardOf(w assessment.Watch) sessionCard {
	card := sessionCard{
		Event: w.Event.Name, Session: w.Session.Name, Window: locale.WindowIn(w.Session.OpensAt, w.Session.ClosesAt, w.Event.Zone), Place: w.Session.Place,
		Tag: tag{"", "Belum mulai"},
	}
	switch {
	case w.Running:
		card.Tag = tag{"half act", "Berlangsung"}
	case !w.Session.ClosedAt.IsZero():
		card.Tag = tag{"check", "Ditutup"}
	case w.Event.State == assessment.EventClosed:
		card.Tag = tag{"check", "Kegiatan ditutup"}
	case w.Event.State != assessment.EventOpen:
		card.Tag = tag{"half", "Kegiatan belum dibuka"}
	}
	return card
}
