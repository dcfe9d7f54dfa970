package xlsx

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"cakap/internal/sheet"
	"cakap/questionbank"
	"cakap/scoring"
)

// keyWords are what may stand between the letters of a key, and before them.
var (
	keyBetween = regexp.MustCompile(`(?i)\b(dan|and|opsi|pilihan|kunci|jawaban)\b|[\s,;.:/()\[\]"&+]+`)
	keyLetters = regexp.MustCompile(`^[A-Za-z]+$`)
	optionMark = regexp.MustCompile(`^\(?([A-La-l])[.)]\s+`)
)

// parseKey reads the places of the right options out of a key cell: "C",
// "a,c", "AC", "A dan C", "3", `["2","3"]`, "Opsi C", or the text of an option
// itself. ok is false for a key that says anything else.
func parseKey(raw string, options []questionbank.Option) (places []int, ok bool) {
	text := strings.TrimSpace(raw)
	for i, o := range options {
		if len([]rune(text)) > 1 && text == o.Text {
			return []int{i}, true
		}
	}
	if list, ok := jsonList(text); ok {
		text = strings.Join(list, " ")
	}
	for part := range strings.FieldsSeq(keyBetween.ReplaceAllString(text, " ")) {
		switch {
		case keyLetters.MatchString(part):
			for _, r := range strings.ToUpper(part) {
				places = append(places, int(r-'A'))
			}
		default:
			n, err := strconv.Atoi(part)
			if err != nil || n < 1 || n > 26 {
				return nil, false
			}
			places = append(places, n-1)
		}
	}
	slices.Sort(places)
	places = slices.Compact(places)
	return places, len(places) > 0 && places[len(places)-1] < 26
}

// jsonList reads a cell that holds a JSON list of texts or numbers.
func jsonList(text string) ([]string, bool) {
	var list []any
	if !strings.HasPrefix(text, "[") || json.Unmarshal([]byte(text), &list) != nil {
		return nil, false
	}
	all := make([]string, len(list))
	for i, v := range list {
		switch v := v.(type) {
		case string:
			all[i] = v
		case float64:
			all[i] = strconv.FormatFloat(v, 'f', -1, 64)
		case bool:
			all[i] = strings.ToUpper(strconv.FormatBool(v))
		default:
			return nil, false
		}
	}
	return all, true
}

// parseTruth reads the key of a true/false item: 0 for Benar, 1 for Salah. A
// lone "B" may mean Benar or option B, so it is not read.
func parseTruth(raw string) (place int, ok bool) {
	switch sheet.Title(raw) {
	case "BENAR", "TRUE", "YA":
		return 0, true
	case "SALAH", "FALSE", "TIDAK", "S":
		return 1, true
	}
	return 0, false
}

// parsePoints reads "A=1;B=3;C=2,5" into points by place.
func parsePoints(raw string) (map[int]scoring.Micro, error) {
	points := map[int]scoring.Micro{}
	for part := range strings.SplitSeq(strings.ReplaceAll(raw, "\n", ";"), ";") {
		if strings.TrimSpace(part) == "" {
			continue
		}
		letter, value, found := strings.Cut(part, "=")
		letter = strings.ToUpper(strings.TrimSpace(letter))
		if !found || len(letter) != 1 || letter[0] < 'A' || letter[0] > 'Z' {
			return nil, fmt.Errorf("%q names no option", part)
		}
		place := int(letter[0] - 'A')
		if _, twice := points[place]; twice {
			return nil, fmt.Errorf("option %s stands twice", letter)
		}
		micro, err := parseMicro(strings.TrimSpace(value))
		if err != nil {
			return nil, err
		}
		points[place] = micro
	}
	return points, nil
}

var decimal = regexp.MustCompile(`^(\d{1,6})(?:[.,](\d{1,6}))?$`)

// parseMicro reads a decimal number exactly.
func parseMicro(s string) (scoring.Micro, error) {
	m := decimal.FindStringSubmatch(s)
	if m == nil {
		return 0, fmt.Errorf("%q is no number of points", s)
	}
	n, err := strconv.ParseInt(m[1]+(m[2] + "000000")[:6], 10, 64)
	return scoring.Micro(n), err
}

// formatMicro is the shortest decimal that parseMicro reads back, with a
// decimal comma.
func formatMicro(m scoring.Micro) string {
	whole, rest := m/scoring.Point, m%scoring.Point
	if rest == 0 {
		return strconv.FormatInt(int64(whole), 10)
	}
	return strings.TrimRight(fmt.Sprintf("%d,%06d", whole, rest), "0")
}

// formatPoints writes "A=1;B=4;C=2".
func formatPoints(options []questionbank.Option) string {
	parts := make([]string, len(options))
	for i, o := range options {
		parts[i] = o.ID + "=" + formatMicro(o.Points)
	}
	return strings.Join(parts, ";")
}
