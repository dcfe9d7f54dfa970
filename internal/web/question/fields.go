package question

import "strconv"

// Field is the form field of an item's part, counted from 0: "jawab",
// "jawab2", …
func Field(part int) string {
	if part == 0 {
		return "jawab"
	}
	return "jawab" + strconv.Itoa(part+1)
}

// RowField is the field of a row of it: "jawab-1".
func RowField(part, row int) string { return Field(part) + "-" + strconv.Itoa(row+1) }
