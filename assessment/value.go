package assessment

import "strings"

// A shape says what values an attempt takes, one character per position:
// the last letter on display, upper case where one option is chosen ('D' for
// four options) and lower case where several may be ('e' for five). It travels
// in the signed bearer of an attempt, so the save path reads nothing.

// shapeOf is the character of a position.
func shapeOf(options int, many bool) byte {
	if many {
		return byte('a' + options - 1)
	}
	return byte('A' + options - 1)
}

// ValidValue reports whether value is an answer that position can take: "" for
// none, one letter on display, or several in ascending order where the item
// allows several.
func ValidValue(shape string, position int, value string) bool {
	if position < 1 || position > len(shape) {
		return false
	}
	last, many := shape[position-1], false
	if last >= 'a' {
		last, many = last-'a'+'A', true
	}
	if len(value) > 1 && !many {
		return false
	}
	previous := byte(0)
	for i := range len(value) {
		c := value[i]
		if c < 'A' || c > last || c <= previous {
			return false
		}
		previous = c
	}
	return true
}

// Letters joins the places a form without JavaScript sends ("D", "A") into a
// value ("AD").
func Letters(places []string) string {
	var b strings.Builder
	for c := byte('A'); c <= 'Z'; c++ {
		for _, p := range places {
			if p == string(c) {
				b.WriteByte(c)
				break
			}
		}
	}
	return b.String()
}
