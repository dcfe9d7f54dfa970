package scoring

import "math"

// State is what became of one position of a form.
type State string

// The response states. NotPresented positions count nowhere: they were never
// part of what the person is measured by, or their item was taken out of the
// scores since; Lost ones were answered on a device whose
// answers did not arrive, which an officer decides about.
const (
	Answered     State = "answered"
	Omitted      State = "omitted"     // seen and left empty: scores 0
	NotReached   State = "not_reached" // the trailing block never shown before time ran out: scores 0
	NotPresented State = "not_presented"
	Lost         State = "lost"
	// Pending answers wait for a marker. Until then they count nowhere, and no
	// level is named.
	Pending State = "pending"
)

// Response is one position of a form, scored.
type Response struct {
	Aspect Aspect
	State  State
	Points Micro
	Max    Micro
}

// Evidence is what a level must rest on; it is part of a result's rules.
type Evidence struct {
	MinAnswered int  `json:"min_answered"` // answers in the aspect
	MinShare    int  `json:"min_share"`    // percent of the aspect's items that were answered
	MaxSE       Mark `json:"max_se"`       // largest standard error that still supports a level
}

// DefaultEvidence asks for six answers and 60 % of the items, and a standard
// error of at most 17 points: what ten items give in the worst case.
var DefaultEvidence = Evidence{MinAnswered: 6, MinShare: 60, MaxSE: 1700}

// Verdict says whether a score supports a level.
type Verdict string

// The verdicts. The others are why a level is withheld ("belum cukup bukti").
const (
	Supported  Verdict = "supported"
	NoItems    Verdict = "no_items"    // the form has none of this aspect
	FewAnswers Verdict = "few_answers" // too few of the items were answered
	LargeError Verdict = "large_error" // the error is too large for any level
	Unmarked   Verdict = "unmarked"    // essays wait for their markers
)

// AspectScore is the score of one aspect, or of the total.
type AspectScore struct {
	Aspect     Aspect  `json:"aspect"`
	Items      int     `json:"items"` // presented; Answered+Omitted+NotReached+Lost+Pending
	Answered   int     `json:"answered"`
	Omitted    int     `json:"omitted"`
	NotReached int     `json:"not_reached"`
	Lost       int     `json:"lost"`
	Pending    int     `json:"pending,omitempty"` // answered, and waiting for a marker
	Points     Micro   `json:"points"`
	Max        Micro   `json:"max"`
	Score      Mark    `json:"score"`      // 0–100 in hundredths; meaningless where Verdict is NoItems
	SE         Mark    `json:"se"`         // standard error of Score, in the same unit
	Level      int     `json:"level"`      // 1 is the lowest; 0 where the evidence supports none
	LevelLow   int     `json:"level_low"`  // level at Score − SE
	LevelHigh  int     `json:"level_high"` // level at Score + SE
	Verdict    Verdict `json:"verdict"`
}

// Result is a person's scores on one attempt.
type Result struct {
	Total   AspectScore    `json:"total"`
	Aspects [4]AspectScore `json:"aspects"` // in the order of Aspects
}

// Of returns the score of one aspect, or of Total.
func (r Result) Of(a Aspect) AspectScore {
	if a == Total {
		return r.Total
	}
	return r.Aspects[a-1]
}

// Compute scores one attempt. Lost positions leave both numerator and
// denominator: the person did answer, and no zero may stand for that; so do
// Pending ones until they are marked. The total is the sum of all points over the sum of all maxima.
//
// The standard error of an aspect is Lord's (1955) binomial one,
//
//	SE = 100·sqrt(p(1−p)/(J−1))
//
// with p the share of points, shrunk to (x+1)/(J+2) in the error alone so that
// a perfect score does not claim to be certain, and J the effective number of
// items (Σm)²/Σm² for items of different maxima m. Partial credit varies less
// than right/wrong with the same mean, so for such items it is an upper bound.
// The total's error is stratified: SE² = Σ (m_a/M)²·SE_a² (Cronbach, Schönemann
// & McKie 1965), which assumes errors of different aspects to be independent.
func Compute(responses []Response, scheme Scheme, need Evidence) Result {
	var r Result
	var squares [4]float64 // Σm² of scored items, in points
	r.Total.Aspect = Total
	for i, a := range Aspects {
		r.Aspects[i].Aspect = a
	}
	for _, resp := range responses {
		if resp.State == NotPresented || !resp.Aspect.Valid() {
			continue
		}
		i := int(resp.Aspect) - 1
		r.Aspects[i].count(resp)
		if resp.State != Lost && resp.State != Pending {
			m := float64(resp.Max) / float64(Point)
			squares[i] += m * m
		}
	}
	variance := 0.0
	for i := range r.Aspects {
		s := &r.Aspects[i]
		se := s.error(squares[i])
		s.SE = Mark(math.Round(se * 100))
		s.judge(scheme, need)
		r.Total.add(*s)
		m := float64(s.Max) / float64(Point)
		variance += m * m * se * se
	}
	if r.Total.Max > 0 {
		m := float64(r.Total.Max) / float64(Point)
		r.Total.SE = Mark(math.Round(100 * math.Sqrt(variance) / m))
	}
	r.Total.judge(scheme, need)
	return r
}

func (s *AspectScore) count(resp Response) {
	s.Items++
	switch resp.State {
	case Answered:
		s.Answered++
		s.Points += resp.Points
	case NotReached:
		s.NotReached++
	case Lost:
		s.Lost++
		return
	case Pending:
		s.Pending++
		return
	default:
		s.Omitted++
	}
	s.Max += resp.Max
}

func (s *AspectScore) add(o AspectScore) {
	s.Items += o.Items
	s.Answered += o.Answered
	s.Omitted += o.Omitted
	s.NotReached += o.NotReached
	s.Lost += o.Lost
	s.Pending += o.Pending
	s.Points += o.Points
	s.Max += o.Max
}

// error is the standard error on the scale 0–100.
func (s *AspectScore) error(squares float64) float64 {
	if s.Max <= 0 || squares <= 0 {
		return 0
	}
	most := float64(s.Max) / float64(Point)
	items := most * most / squares
	if items < 2 {
		return 100 // one item says nothing about its own error
	}
	share := (float64(s.Points)/float64(s.Max)*items + 1) / (items + 2)
	return 100 * math.Sqrt(share*(1-share)/(items-1))
}

// judge sets score, verdict and levels.
func (s *AspectScore) judge(scheme Scheme, need Evidence) {
	s.Score = Of(s.Points, s.Max)
	switch {
	case s.Pending > 0:
		s.Verdict = Unmarked
	case s.Items == 0 || s.Max == 0:
		s.Verdict = NoItems
	case s.Answered < need.MinAnswered || s.Answered*100 < need.MinShare*s.Items:
		s.Verdict = FewAnswers
	case s.SE > need.MaxSE:
		s.Verdict = LargeError
	default:
		s.Verdict = Supported
		s.Level = scheme.Level(s.Score)
		s.LevelLow = scheme.Level(max(s.Score-s.SE, 0))
		s.LevelHigh = scheme.Level(min(s.Score+s.SE, 10000))
	}
}
