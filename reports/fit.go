package reports

import (
	"strings"
	"unicode"

	"cakap/scoring"
)

// Rows get their height from here: applications fit a row to its text only
// when they feel like it, and never one with merged cells.

// fit is the height, in points, of a row whose cells hold these texts in
// columns of these widths; 0 where one line is enough.
func fit(size float64, columns []column, at []int, texts ...string) float64 {
	most := 1
	for i, text := range texts {
		most = max(most, lines(text, columns[at[i]].width, size))
	}
	if most == 1 {
		return 0
	}
	return height(most, size)
}

func height(lines int, size float64) float64 { return float64(lines)*size*1.28 + 3 }

// lines is how many lines a text takes in a column: words are set one after
// another, and one that is longer than the column is broken.
func lines(text string, width, size float64) int {
	room := (width - 0.7) * 11 / size // in digits of the letter's size
	if float64(len(text))*1.7 < room {
		return 1
	}
	n, used := 1, 0.0
	for word := range strings.FieldsSeq(text) {
		long := textWidth(word)
		if used > 0 && used+0.45+long > room {
			n, used = n+1, 0
		}
		if used > 0 {
			used += 0.45
		}
		used += long
		for used > room {
			n, used = n+1, used-room
		}
	}
	return n
}

// levelWidths are the columns that a whole name of a level needs, and its
// longest word: "Sangat Tinggi" is short, "Masih Memenuhi Syarat" is not.
func levelWidths(bands []scoring.Band) (name, word float64) {
	for _, b := range bands {
		name = max(name, textWidth(b.Name)+2)
		for w := range strings.FieldsSeq(b.Name) {
			word = max(word, textWidth(w)+2)
		}
	}
	return name, word
}

// textWidth is the width of a text in digits of Calibri, a little generous.
func textWidth(text string) float64 {
	w := 0.0
	for _, r := range text {
		switch {
		case strings.ContainsRune("iljtfrI.,:;'|()/-!", r):
			w += 0.62
		case strings.ContainsRune("mwMW@%", r):
			w += 1.6
		case unicode.IsUpper(r):
			w += 1.16
		default:
			w += 0.98
		}
	}
	return w
}
