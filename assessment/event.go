package assessment

import (
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"cakap/internal/access"
	"cakap/internal/fault"
)

// EventState is where an event stands.
type EventState string

// An event goes draft → prepared → open → closed.
const (
	EventDraft    EventState = "draft"
	EventPrepared EventState = "prepared" // every enrolment has its form
	EventOpen     EventState = "open"
	EventClosed   EventState = "closed"
)

// Release says when participants may see their results.
type Release string

// The release policies.
const (
	ReleaseAtOnce Release = "at_once" // as soon as an attempt is scored
	ReleaseAt     Release = "at"      // at an instant
	ReleaseManual Release = "manual"  // when an officer says so
)

// Event (kegiatan) is a blueprint given to agencies in a period. Blueprint and
// level scheme are frozen when the event is made.
type Event struct {
	ID            int64
	Code          string
	Name          string
	Owner         int64 // agency that runs it; 0 where it spans the province
	Blueprint     int64
	Spec          Spec
	SchemeCode    string
	SchemeVersion int
	State         EventState
	OpensAt       time.Time
	ClosesAt      time.Time
	Grace         time.Duration // after an attempt's deadline, for late outboxes
	Zone          string        // WIB, WITA or WIT
	Seed          int64
	Release       Release
	ReleaseAt     time.Time // for ReleaseAt
	ReleasedAt    time.Time // when an officer released; zero until then
	Agencies      []int64
	CreatedBy     int64
	CreatedAt     time.Time
}

// ResultsVisible reports whether participants may see results at now. No door
// shows one earlier.
func (e Event) ResultsVisible(now time.Time) bool {
	switch {
	case !e.ReleasedAt.IsZero() && !now.Before(e.ReleasedAt):
		return true
	case e.Release == ReleaseAtOnce:
		return true
	case e.Release == ReleaseAt:
		return !e.ReleaseAt.IsZero() && !now.Before(e.ReleaseAt)
	}
	return false
}

// Drawn reports whether forms have been drawn, so that a late enrolment gets
// its own at once.
func (e Event) Drawn() bool { return e.State == EventPrepared || e.State == EventOpen }

// Enrolment is a person in an event, with everything reports print about the
// person as of the day of enrolment.
type Enrolment struct {
	ID            int64
	Event         int64
	Session       int64
	Person        int64
	Agency        int64
	Unit          int64 // 0 for none
	UnitPath      string
	OPD           string
	NIP           string // or participant number
	Name          string // with titles
	Kind          string
	Sex           string
	BirthDate     string
	Grade         string
	Position      string
	PositionKind  string
	TimeFactorPct int
	HasStartCode  bool
	DrawOrder     int
	NoticeAt      time.Time // the privacy notice was shown; zero until then
	Withdrawn     bool
}

// Actor is who acts in an officer's or proctor's use case, and on which
// agencies. What the scope does not cover does not exist for the actor.
type Actor struct {
	Account int64
	Scope   access.Scope
}

// manages reports whether the actor may change the event itself: a provincial
// one needs every agency.
func (a Actor) manages(e Event) bool {
	return a.Scope.All || e.Owner != 0 && a.Scope.Covers(e.Owner)
}

// sees reports whether the actor may know of the event: it is theirs, or some
// of their agencies take part.
func (a Actor) sees(e Event) bool {
	return a.manages(e) || slices.ContainsFunc(e.Agencies, a.Scope.Covers)
}

// reach is the agencies of the event the actor may see people of.
func (a Actor) reach(e Event) []int64 {
	return slices.DeleteFunc(slices.Clone(e.Agencies), func(id int64) bool { return !a.Scope.Covers(id) })
}

// NewEvent is what an officer fills in. Fields without a value take defaults:
// the blueprint's scheme, a grace of ten minutes, results released by an
// officer, one session as long as the event.
type NewEvent struct {
	Code      string
	Name      string
	Owner     int64
	Blueprint int64
	Agencies  []int64 // none: the owner
	OpensAt   time.Time
	ClosesAt  time.Time
	Zone      string
	Grace     time.Duration // negative: no grace
	Release   Release
	ReleaseAt time.Time
	Sessions  []NewSession
	Essays    bool     // cells may draw essays, whatever the blueprint says
	Marking   Marking  // of essays; "" leaves it to the blueprint
	Extra     []string // codes of survey and info items, behind those of the blueprint
	Policy    Policy
}

// Policy is what an event decides about attempts; zero fields leave it to the
// blueprint. A further attempt always has a form of its own, which avoids the
// items of the earlier ones.
type Policy struct {
	Attempts     int
	Rule         AttemptRule
	CooldownDays *int
	Delivery     string
	Phones       *bool // may be taken on a phone
}

// Same reports whether the policy leaves a spec as it is.
func (p Policy) Same(s Spec) bool {
	changed := s
	p.apply(&changed)
	return changed.Attempts == s.Attempts && changed.AttemptRule == s.AttemptRule && changed.CooldownDays == s.CooldownDays &&
		changed.Delivery == s.Delivery && changed.Phones == s.Phones
}

func (p Policy) apply(s *Spec) {
	if p.Attempts != 0 {
		s.Attempts = p.Attempts
	}
	if p.Rule != "" {
		s.AttemptRule = p.Rule
	}
	if p.CooldownDays != nil {
		s.CooldownDays = *p.CooldownDays
	}
	if p.Delivery != "" {
		s.Delivery = p.Delivery
	}
	if p.Phones != nil {
		s.Phones = *p.Phones
	}
}

// spec is the blueprint's, with what the officer adds for this event alone.
func (n NewEvent) spec(s Spec) Spec {
	n.Policy.apply(&s)
	s.Essays = s.Essays || n.Essays
	if n.Marking != "" {
		s.Marking = n.Marking
	}
	s.Extra = slices.Clone(s.Extra)
	for _, code := range n.Extra {
		if !slices.Contains(s.Extra, code) {
			s.Extra = append(s.Extra, code)
		}
	}
	return s
}

const (
	defaultGrace = 10 * time.Minute
	maxGrace     = 2 * time.Hour
)

func (n NewEvent) filled() NewEvent {
	n.Code = strings.ToUpper(strings.TrimSpace(n.Code))
	n.Name = strings.TrimSpace(n.Name)
	for i, code := range n.Extra {
		n.Extra[i] = strings.TrimSpace(code)
	}
	if n.Zone == "" {
		n.Zone = "WIB"
	}
	if n.Release == "" {
		n.Release = ReleaseManual
	}
	if n.Grace == 0 {
		n.Grace = defaultGrace
	}
	n.Grace = max(n.Grace, 0)
	if len(n.Agencies) == 0 && n.Owner != 0 {
		n.Agencies = []int64{n.Owner}
	}
	n.Agencies = slices.Compact(slices.Sorted(slices.Values(n.Agencies)))
	if len(n.Sessions) == 0 {
		n.Sessions = []NewSession{{Name: "Sesi 1", OpensAt: n.OpensAt, ClosesAt: n.ClosesAt}}
	}
	return n
}

var eventCode = regexp.MustCompile(`^[A-Z0-9][A-Z0-9-]{1,22}[A-Z0-9]$`)

// validate says everything that is wrong with what the officer filled in.
func (n NewEvent) validate() error {
	var faults []*fault.Fault
	refuse := func(field, key string, args ...any) {
		faults = append(faults, fault.New(fault.Invalid, key, args...).On(field))
	}
	if !eventCode.MatchString(n.Code) {
		refuse("code", "assessment.event_code")
	}
	if !plainName(n.Name) {
		refuse("name", "assessment.name_bad")
	}
	if !n.ClosesAt.After(n.OpensAt) {
		refuse("closes", "assessment.window")
	}
	if n.Zone != "WIB" && n.Zone != "WITA" && n.Zone != "WIT" {
		refuse("zone", "assessment.zone")
	}
	if n.Grace > maxGrace {
		refuse("grace", "assessment.grace")
	}
	switch {
	case n.Release != ReleaseAtOnce && n.Release != ReleaseAt && n.Release != ReleaseManual:
		refuse("release", "assessment.release")
	case n.Release == ReleaseAt && n.ReleaseAt.IsZero():
		refuse("release_at", "assessment.release_at")
	}
	for _, s := range n.Sessions {
		if f := s.validate(n.OpensAt, n.ClosesAt); f != nil {
			faults = append(faults, f)
		}
	}
	return fault.Join(faults)
}

const maxName = 200

func plainName(s string) bool { return plainText(s, maxName) }

func plainText(s string, most int) bool {
	return strings.TrimSpace(s) != "" && len(s) <= most && utf8.ValidString(s) && !strings.ContainsFunc(s, control)
}

func control(r rune) bool { return r < ' ' || r == 0x7f }
