package assessment

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"cakap/internal/fault"
	"cakap/internal/people"
)

// maxListLines is how many lines a pasted list may have.
const maxListLines = 20_000

// List is what a pasted list of numbers says, before anything is saved.
type List struct {
	People  []ListPerson // to enrol, in the order of the list
	Already int          // in the event already
	Twice   int          // named more than once in the list
	Bad     []ListLine   // name nobody who can be enrolled
}

// Persons is the ids of who would be enrolled.
func (l List) Persons() []int64 {
	ids := make([]int64, len(l.People))
	for i, p := range l.People {
		ids[i] = p.Person
	}
	return ids
}

// ListPerson is a person found by number.
type ListPerson struct {
	Line   int
	Person int64
	Name   string
	Unit   string
}

// ListLine is a line of a pasted list that names nobody, and why. The text is
// masked, for it may hold most of a NIP.
type ListLine struct {
	Line   int
	Masked string
	Fault  *fault.Fault
}

// numberRow is a person of an agency with the numbers to be found by.
type numberRow struct {
	ID            int64   `db:"id"`
	NIP           *string `db:"nip"`
	ParticipantNo *string `db:"participant_no"`
	Name          string  `db:"name"`
	UnitPath      *string `db:"unit_path"`
	Active        bool    `db:"active"`
}

// ReadList finds the people that a pasted list names by NIP or participant
// number, one a line, in whatever spaces, quotes and dots; what stands behind
// a tab or semicolon is left out. People of agencies that are not the actor's
// or not the event's are as unknown as a number that nobody has.
func (s *Service) ReadList(ctx context.Context, actor Actor, event int64, text string) (List, error) {
	e, err := eventFor(ctx, s.read, actor, event)
	if err != nil {
		return List{}, err
	}
	lines := strings.Split(text, "\n")
	if len(lines) > maxListLines {
		return List{}, fault.New(fault.TooLarge, "assessment.list_long", maxListLines).On("list")
	}
	known := map[string]numberRow{}
	for _, agency := range actor.reach(e) {
		rows, err := s.read.numbers(ctx, agency)
		if err != nil {
			return List{}, fmt.Errorf("list numbers: %w", err)
		}
		for _, r := range rows {
			known[bare(value(r.NIP))] = r
			known[bare(value(r.ParticipantNo))] = r
		}
	}
	delete(known, "")
	inside, err := s.read.inside(ctx, event)
	if err != nil {
		return List{}, fmt.Errorf("list who is in: %w", err)
	}
	l := readList(lines, known, inside)
	if len(l.People)+l.Already+len(l.Bad) == 0 {
		return List{}, fault.New(fault.Invalid, "assessment.list_empty").On("list")
	}
	return l, nil
}

func readList(lines []string, known map[string]numberRow, inside map[int64]bool) (l List) {
	seen := map[int64]bool{}
	for i, line := range lines {
		typed := numberOn(line)
		if typed == "" {
			continue
		}
		row, ok := known[bare(typed)]
		switch {
		case ok && seen[row.ID]:
			l.Twice++
		case ok && inside[row.ID]:
			seen[row.ID] = true
			l.Already++
		case ok && row.Active:
			seen[row.ID] = true
			l.People = append(l.People, ListPerson{i + 1, row.ID, row.Name, value(row.UnitPath)})
		case ok:
			l.Bad = append(l.Bad, ListLine{i + 1, masked(typed), fault.New(fault.Invalid, "assessment.list_inactive")})
		case i == 0 && digitsIn(typed) == 0: // the heading of a copied column
		default:
			l.Bad = append(l.Bad, ListLine{i + 1, masked(typed), unknownNumber(typed)})
		}
	}
	return l
}

// numberOn is the cell of a line that holds the number: the one with the most
// digits, for people copy the name's column too.
func numberOn(line string) string {
	best, most := "", 0
	for _, cell := range strings.FieldsFunc(line, func(r rune) bool { return r == '\t' || r == ';' }) {
		cell = strings.TrimFunc(cell, func(r rune) bool {
			return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) || strings.ContainsRune(`"'‘’“”`+"`,", r)
		})
		if n := digitsIn(cell); n > most || best == "" {
			best, most = cell, n
		}
	}
	return best
}

func digitsIn(s string) (n int) {
	for _, r := range s {
		if r >= '0' && r <= '9' {
			n++
		}
	}
	return n
}

// bare is a number without what people put between its parts.
func bare(s string) string {
	return strings.ToUpper(strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) || r == '.' || r == '-' || r == '–' || r == '\'' || r == '"' {
			return -1
		}
		return r
	}, s))
}

// spoiled is what a spreadsheet writes for a number too long for it.
var spoiled = regexp.MustCompile(`^\d(?:[.,]\d+)?[eE]\+?\d{1,2}$`)

// unknownNumber says why a line names nobody: a number that a spreadsheet has
// spoiled, one that cannot be a NIP, or one that nobody has here.
func unknownNumber(typed string) *fault.Fault {
	if spoiled.MatchString(strings.ReplaceAll(typed, " ", "")) {
		return fault.New(fault.Invalid, "people.nip_damaged")
	}
	if digits := digitsIn(typed); digits == len(bare(typed)) && digits > 0 {
		if _, err := people.ParseNIP(typed); err != nil {
			return fault.Of(err)
		}
	}
	return fault.New(fault.NotFound, "assessment.list_unknown")
}

// masked keeps the last four signs of what was typed, and says how long it was.
func masked(typed string) string {
	letters := []rune(bare(typed))
	if len(letters) > 40 {
		letters = letters[:40]
	}
	for i := range len(letters) - min(4, len(letters)/2) {
		letters[i] = '•'
	}
	return string(letters)
}

// numbers is everybody of an agency with the numbers they have.
func (s store) numbers(ctx context.Context, agency int64) ([]numberRow, error) {
	var rows []numberRow
	err := s.db.Select(ctx, &rows, `
		SELECT p.id, p.nip, p.participant_no, p.name, u.path AS unit_path, p.active
		FROM person p LEFT JOIN unit u ON u.id = p.unit_id
		WHERE p.agency_id = ? ORDER BY p.id`, agency)
	return rows, err
}

// EnrolList enrols who a pasted list names; lines that name nobody are left
// out, as the list read before has shown.
func (s *Service) EnrolList(ctx context.Context, actor Actor, in EnrolRequest, text string) (Enrolled, error) {
	l, err := s.ReadList(ctx, actor, in.Event, text)
	if err != nil {
		return Enrolled{}, err
	}
	if len(l.People) == 0 {
		return Enrolled{}, fault.New(fault.Invalid, "assessment.list_nobody").On("list")
	}
	in.Persons, in.Agencies, in.Units = slices.Sorted(slices.Values(l.Persons())), nil, nil
	return s.Enrol(ctx, actor, in)
}
