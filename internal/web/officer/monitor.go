package officer

import (
	"cmp"
	"context"
	"slices"

	"cakap/assessment"
	"cakap/internal/locale"
	"cakap/internal/web/kit"
)

// monitorPage is what a proctor watches; its marked region refreshes itself.
type monitorPage struct {
	kit.Base
	eventHead
	Caption  string
	At       string
	Filters  []filterLink
	Sessions []choice
	Session  string // sealed, "" for all
	State    string // the chosen filter
	Heading  string
	Rows     []participantRow
	Total    int
	Pages    []pageLink
	Rooms    []roomRow // per session, where there are several
}

// filterLink is a counter that narrows the table.
type filterLink struct {
	Path    string
	Tag     tag
	Count   int
	Current bool
}

// roomRow is the numbers of one session.
type roomRow struct {
	Name                                     string
	Enrolled, Waiting, Working, Silent, Done int
}

// attention is the filter that shows whom to look after.
const attention = "perhatian"

func (p pages) monitor(c *kit.Ctx) (kit.Response, error) {
	id, err := c.ID(kindEvent, "id")
	if err != nil {
		return nil, err
	}
	session, err := p.queryID(c, kindSession, "sesi")
	if err != nil {
		return nil, err
	}
	live, err := p.Assessment.Monitor(c.Context(), actor(c), id, session)
	if err != nil {
		return nil, err
	}
	d, err := p.Assessment.Event(c.Context(), actor(c), id)
	if err != nil {
		return nil, err
	}
	page := monitorOf(live)
	page.Base = c.Base("Pantauan langsung").In(kit.SectionEvents)
	page.eventHead = headOf(c, live.Event, "/pantau")
	page.Session = c.Query("sesi")
	page.State = cmp.Or(c.Query("s"), attention)
	for _, s := range d.Sessions {
		page.Sessions = append(page.Sessions, choice{c.Seal(kindSession, s.ID), s.Name, s.ID == session})
	}
	at := eventPath(c, id, "/pantau")
	page.Filters = filters(live.Total, len(live.Silent), page.State, func(state string) string {
		return at + "?" + queryOf("s", state, "sesi", page.Session).Encode()
	})
	number := max(c.QueryInt("h", 1), 1)
	rows, total, err := p.watched(c.Context(), actor(c), live, page.State, session, number)
	if err != nil {
		return nil, err
	}
	for _, one := range rows {
		page.Rows = append(page.Rows, rowOf(one, live.At))
	}
	page.Total, page.Heading = total, headingOf(page.State)
	page.Pages = pageLinks(at, queryOf("s", page.State, "sesi", page.Session), number, (total+perPage-1)/perPage)
	c.Quiet()
	return kit.HTML("officer/pantau", page), nil
}

func headingOf(state string) string {
	if state == attention {
		return "Perlu perhatian"
	}
	if known := knownProgress(state); known != "" {
		return progressTag(known).Text
	}
	return "Semua peserta"
}

// watched are the people of the chosen filter, those to look after first.
// Everybody of an event is only loaded when somebody asks for a list.
func (p pages) watched(ctx context.Context, who assessment.Actor, live assessment.Live, state string, session int64, number int) ([]assessment.Participant, int, error) {
	if state == attention {
		rows := slices.Clone(live.Silent)
		if live.Total.Closing > 0 {
			more, err := p.Assessment.Participants(ctx, who, live.Event.ID, assessment.ParticipantFilter{Progress: assessment.TimeIsUp, Session: session, Page: 1, PerPage: perPage})
			if err != nil {
				return nil, 0, err
			}
			rows = append(rows, more.Rows...)
		}
		byAttention(rows)
		total := len(rows)
		return pageOf(rows, number), total, nil
	}
	list, err := p.Assessment.Participants(ctx, who, live.Event.ID, assessment.ParticipantFilter{Progress: knownProgress(state), Session: session})
	if err != nil {
		return nil, 0, err
	}
	byAttention(list.Rows)
	return pageOf(list.Rows, number), list.Total, nil
}

func pageOf(rows []assessment.Participant, number int) []assessment.Participant {
	from := min((number-1)*perPage, len(rows))
	return rows[from:min(from+perPage, len(rows))]
}

// weight is how much a person's state asks for a look, most first.
func weight(p assessment.Participant) int {
	if p.Progress == assessment.Silent {
		return 0
	}
	if p.Late > 0 {
		return 1
	}
	order := []assessment.Progress{assessment.TimeIsUp, assessment.NotStarted, assessment.Present, assessment.Working, assessment.TimedOut, assessment.Done}
	if i := slices.Index(order, p.Progress); i >= 0 {
		return i + 2
	}
	return len(order) + 2
}

// byAttention keeps the order of names among people alike; of the silent the
// longest comes first.
func byAttention(rows []assessment.Participant) {
	slices.SortStableFunc(rows, func(a, b assessment.Participant) int {
		if a.Progress == assessment.Silent && b.Progress == assessment.Silent {
			return a.SeenAt.Compare(b.SeenAt)
		}
		return cmp.Compare(weight(a), weight(b))
	})
}

func filters(n assessment.Counts, silent int, chosen string, path func(string) string) []filterLink {
	one := func(state string, t tag, count int) filterLink {
		return filterLink{Path: path(state), Tag: t, Count: count, Current: state == chosen}
	}
	all := []filterLink{one(attention, tag{"tri warn", "Perlu perhatian"}, silent+n.Closing)}
	for _, each := range []struct {
		p     assessment.Progress
		count int
	}{
		{assessment.NotStarted, n.NotStarted() - n.Present}, {assessment.Present, n.Present}, {assessment.Working, n.Working},
		{assessment.Silent, n.Silent}, {assessment.TimeIsUp, n.Closing}, {assessment.Done, n.Done - n.TimedOut}, {assessment.TimedOut, n.TimedOut},
	} {
		all = append(all, one(string(each.p), progressTag(each.p), each.count))
	}
	if n.Voided > 0 {
		all = append(all, one(string(assessment.Cancelled), progressTag(assessment.Cancelled), n.Voided))
	}
	return append(all, one("semua", tag{"box", "Semua"}, n.Enrolled))
}

func monitorOf(live assessment.Live) *monitorPage {
	zone := locale.Zone(live.Event.Zone)
	page := &monitorPage{At: live.At.In(zone).Format("15.04.05")}
	page.Caption = window(live.Event.OpensAt, live.Event.ClosesAt, live.Event.Zone)
	for _, s := range live.Sessions {
		page.Rooms = append(page.Rooms, roomRow{
			Name: s.Session.Name, Enrolled: s.Enrolled, Waiting: s.NotStarted(), Working: s.Working, Silent: s.Silent, Done: s.Done,
		})
		if len(live.Sessions) == 1 {
			page.Caption = s.Session.Name + ", " + window(s.Session.OpensAt, s.Session.ClosesAt, live.Event.Zone)
		}
	}
	return page
}
