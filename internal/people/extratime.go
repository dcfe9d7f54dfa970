package people

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"cakap/internal/access"
	"cakap/internal/fault"
	"cakap/internal/sheet"
	"cakap/internal/storage"
)

// Working time is a factor in per cent of the usual.
const (
	usualTime = 100
	mostTime  = 400
)

// ExtraTimeKind is why somebody has more time, in words wide enough to name no
// diagnosis.
type ExtraTimeKind string

// The kinds; the zero value is none given.
const (
	ForVision  ExtraTimeKind = "vision"
	ForHearing ExtraTimeKind = "hearing"
	ForMotor   ExtraTimeKind = "motor"
	ForReading ExtraTimeKind = "reading"
	ForHealth  ExtraTimeKind = "health"
	ForOther   ExtraTimeKind = "other"
)

// ExtraTimeKinds are all kinds in the order of a form.
func ExtraTimeKinds() []ExtraTimeKind {
	return []ExtraTimeKind{ForVision, ForHearing, ForMotor, ForReading, ForHealth, ForOther}
}

// ExtraTime is an accommodation: stored once per person, for every event. Why
// is for the officers of the person's agency and stands in no list, report or
// audit entry.
type ExtraTime struct {
	Percent int           `db:"time_factor_pct"` // 100 to 400
	Kind    ExtraTimeKind `db:"extra_time_kind"`
	Note    string        `db:"extra_time_note"`
}

// ExtraTime is what somebody of the scope's agencies has.
func (s *Service) ExtraTime(ctx context.Context, scope access.Scope, personID int64) (ExtraTime, error) {
	if _, err := s.Person(ctx, scope, personID); err != nil {
		return ExtraTime{}, err
	}
	e, err := store{s.db}.extraTime(ctx, personID)
	if err != nil {
		return ExtraTime{}, fmt.Errorf("load extra time: %w", err)
	}
	return e, nil
}

// maxNote is how long the note may be, in characters.
const maxNote = 300

// SetExtraTime keeps an accommodation. Enrolments are another package's:
// assessment.ApplyAccommodation brings it to those there are already.
func (s *Service) SetExtraTime(ctx context.Context, by By, personID int64, e ExtraTime) error {
	e, err := checkExtraTime(e)
	if err != nil {
		return err
	}
	return s.db.Tx(ctx, func(db storage.Querier) error {
		st := store{db}
		// The trail says that it changed and not how: a factor is a hint at a
		// person's health.
		if err := st.change(ctx, by, personID, "person.time_factor", nil, func(p *Person) { p.TimeFactor = e.Percent }); err != nil {
			return err
		}
		if err := st.setExtraTimeReason(ctx, personID, e); err != nil {
			return fmt.Errorf("set extra time: %w", err)
		}
		return nil
	})
}

func checkExtraTime(e ExtraTime) (ExtraTime, error) {
	var faults []*fault.Fault
	if e.Percent < usualTime || e.Percent > mostTime {
		faults = append(faults, fault.New(fault.Invalid, "people.time_factor").On("time_factor"))
	}
	if e.Percent == usualTime { // nothing to give a reason for
		e.Kind, e.Note = "", ""
	} else if !slices.Contains(ExtraTimeKinds(), e.Kind) {
		faults = append(faults, fault.New(fault.Invalid, "people.extra_time_kind").On("extra_time_kind"))
	}
	note, ok := sheet.Clean(e.Note)
	if !ok || len([]rune(note)) > maxNote {
		faults = append(faults, fault.New(fault.Invalid, "people.extra_time_note", maxNote).On("extra_time_note"))
	}
	e.Note = note
	return e, fault.Join(faults)
}

func (s store) extraTime(ctx context.Context, id int64) (e ExtraTime, err error) {
	err = s.db.Get(ctx, &e, `SELECT time_factor_pct, extra_time_kind, extra_time_note FROM person WHERE id = ?`, id)
	return e, err
}

func (s store) setExtraTimeReason(ctx context.Context, id int64, e ExtraTime) error {
	_, err := s.db.Exec(ctx, `UPDATE person SET extra_time_kind = ?, extra_time_note = ? WHERE id = ?`, string(e.Kind), e.Note, id)
	return err
}

// extraTime reads the column "Tambahan waktu %". Only the factor is read; why
// is private and has no place in a spreadsheet that goes around.
func (p parser) extraTime(r *Row, rec sheet.Record) {
	text := p.text(r, rec, fieldExtraTime)
	if text == "" {
		return
	}
	factor, err := parseExtraTime(text)
	if err != nil {
		r.warn(fault.New(fault.Invalid, "people.extra_time", text), rec.At(fieldExtraTime))
		return
	}
	r.Person.TimeFactor = factor
}

var errNoTime = errors.New("no working time")

// leastAdded is the least that a bare number may add, in per cent. From 1 up to
// it nobody can know whether a multiple, a share or a percentage is meant.
const leastAdded = 5

// parseExtraTime reads what is added ("25", "25 %", "+25%", or "0,25" as a cell
// in per cent holds it), or a multiple ("1,5x", "2 kali").
func parseExtraTime(text string) (int, error) {
	t := strings.ToLower(strings.ReplaceAll(text, " ", ""))
	t = strings.TrimPrefix(strings.ReplaceAll(t, ",", "."), "+")
	digits, signed := strings.CutSuffix(t, "%")
	multiple := false
	for _, sign := range []string{"x", "kali", "×"} {
		cut, found := strings.CutSuffix(t, sign)
		if !found {
			cut, found = strings.CutPrefix(t, sign)
		}
		if found {
			digits, multiple = cut, true
		}
	}
	value, err := strconv.ParseFloat(digits, 64)
	if err != nil {
		return 0, errNoTime
	}
	switch {
	case multiple:
		value *= usualTime
	case !signed && value > 0 && value < 1:
		value = usualTime + value*100
	case !signed && value >= 1 && value < leastAdded:
		return 0, errNoTime
	default:
		value += usualTime
	}
	factor := math.Round(value)
	if !(value >= usualTime && factor <= mostTime) { // NaN is neither
		return 0, errNoTime
	}
	return int(factor), nil
}

func percent(factor int) string { return strconv.Itoa(factor) + " %" }
