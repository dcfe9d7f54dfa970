package questionbank

import (
	"regexp"
	"strconv"
)

// gapMark is the place of an interaction in a cloze item's stem. A text that
// only looks like one has its brackets escaped ("\[\[1]]").
var gapMark = regexp.MustCompile(`(\\?)\[\[([1-9][0-9]?)\]\]`)

// The characters that stand around a gap's number while Markdown is rendered;
// private use, so no text holds them.
const (
	gapOpen  = "\ue000"
	gapClose = "\ue001"
)

// Gap is the mark of interaction i, counted from 0, in a stem.
func Gap(i int) string { return "[[" + strconv.Itoa(i+1) + "]]" }

// Gaps lists the interactions, counted from 0, whose places a stem marks, in
// the order of the text.
func Gaps(stem string) []int {
	var found []int
	for _, m := range gapMark.FindAllStringSubmatch(stem, -1) {
		if n, err := strconv.Atoi(m[2]); err == nil && m[1] == "" {
			found = append(found, n-1)
		}
	}
	return found
}

// HoldGaps replaces the marks by characters that pass through Markdown and
// sanitising unchanged; FillGaps then puts what belongs there in their place.
func HoldGaps(stem string) string {
	return gapMark.ReplaceAllStringFunc(stem, func(mark string) string {
		m := gapMark.FindStringSubmatch(mark)
		if m[1] != "" {
			return mark
		}
		return gapOpen + m[2] + gapClose
	})
}

// maxGap is the largest number that a mark may have.
const maxGap = 99

var heldGap = regexp.MustCompile(gapOpen + `([0-9]+)` + gapClose)

// FillGaps puts fill(i) where HoldGaps held the place of interaction i.
func FillGaps(html string, fill func(i int) string) string {
	return heldGap.ReplaceAllStringFunc(html, func(mark string) string {
		n, err := strconv.Atoi(heldGap.FindStringSubmatch(mark)[1])
		if err != nil || n < 1 || n > maxGap { // an author's "&#xe000;0&#xe001;", which no mark was
			return ""
		}
		return fill(n - 1)
	})
}

// HeldGap is the held mark of interaction i, for a reader that builds HTML
// before it becomes Markdown; ReleaseGaps turns held marks into those of a stem.
func HeldGap(i int) string { return gapOpen + strconv.Itoa(i+1) + gapClose }

// ReleaseGaps is the inverse of HoldGaps.
func ReleaseGaps(markdown string) string { return FillGaps(markdown, Gap) }
