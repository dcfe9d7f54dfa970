package kit

import (
	"fmt"
	"net/url"
	"time"
)

// Left is a remaining time as "42:18".
func Left(d time.Duration) string {
	s := max(int(d.Seconds()), 0)
	return fmt.Sprintf("%d:%02d", s/60, s%60)
}

// LastFour is what a staff list shows of a number.
func LastFour(number string) string { return endOf(number, "···") }

// Masked is what a person needs to know their own number by.
func Masked(number string) string { return endOf(number, "•••• ") }

func endOf(number, hidden string) string {
	if len(number) <= 4 {
		return number
	}
	return hidden + number[len(number)-4:]
}

// LongNumber reports whether text holds so many digits that it may be a NIP,
// which never stands in an address.
func LongNumber(text string) bool {
	n := 0
	for _, r := range text {
		if r >= '0' && r <= '9' {
			n++
		}
	}
	return n > 6
}

// QueryOf makes a query of names and values in turn and leaves out what is empty.
func QueryOf(pairs ...string) url.Values {
	q := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			q.Set(pairs[i], pairs[i+1])
		}
	}
	return q
}
