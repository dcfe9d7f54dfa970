package people

import (
	"regexp"
	"strconv"
	"strings"

	"cakap/internal/sheet"
)

// Damage is what is left of a NIP that a spreadsheet took for a number. It is
// reported and never repaired: fifteen digits are shared by everybody born and
// appointed in the same month.
type Damage struct {
	// Prefixes are the readings of the first fifteen digits: Excel cuts what
	// it cannot keep, other programs round it. None where fewer are left.
	Prefixes []string
	shown    string // what digits there are, for a masked display
}

// sound is how many digits of a number a spreadsheet keeps.
const sound = 15

var scientific = regexp.MustCompile(`^(\d)(?:[.,](\d+))?[eE]\+?0?1[567]$`)

// DetectDamage recognises a damaged NIP: a cell that holds a number of that
// size, text like "1,99301E+17", or eighteen digits that end in 000.
func DetectDamage(c sheet.Cell) (Damage, bool) {
	text, ok := sheet.Clean(c.Text)
	if !ok {
		return Damage{}, false
	}
	if m := scientific.FindStringSubmatch(strings.ReplaceAll(text, " ", "")); m != nil {
		return damageOf(m[1] + m[2]), true
	}
	digits, err := nipText(text)
	if err != nil {
		return Damage{}, false
	}
	// A fraction is no NIP; its dot must not vanish among the digits.
	if c.Number && len(digits) >= sound && digits == text {
		return damageOf(digits), true
	}
	if len(digits) == nipDigits && strings.HasSuffix(digits, "000") {
		return damageOf(digits), true
	}
	return Damage{}, false
}

func damageOf(digits string) Damage {
	d := Damage{shown: digits}
	if len(digits) < sound {
		if len(digits) > 8 { // zeros at the end of a short mantissa are not written
			d.Prefixes = []string{digits + strings.Repeat("0", sound-len(digits))}
		}
		return d
	}
	d.Prefixes = []string{digits[:sound]}
	if len(digits) > sound && digits[sound] >= '5' {
		if n, err := strconv.ParseInt(digits[:sound], 10, 64); err == nil {
			d.Prefixes = append(d.Prefixes, strconv.FormatInt(n+1, 10))
		}
	}
	return d
}

// masked shows nothing of a number that is known to be wrong at its end.
func (d Damage) masked() string { return mask(d.shown[:min(len(d.shown), sound)]) }
