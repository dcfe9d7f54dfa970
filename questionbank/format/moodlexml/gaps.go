package moodlexml

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"cakap/internal/fault"
	"cakap/questionbank"
	"cakap/questionbank/format/cloze"
	"cakap/questionbank/format/tree"
	"cakap/scoring"
)

// cloze is a text with its answers written into it.
func (q *question) cloze() {
	n := q.get("questiontext")
	if n == nil {
		q.set(questionbank.Cloze)
		return
	}
	q.place("stem", n)
	files, below := q.stimulus(n)
	if strings.Count(below, ";base64,") <= most {
		below = files.players(files.data(below))
	}
	if braces := strings.Count(below, "{"); braces > most || len(below) > longestText {
		q.reject(n, "questionbank.moodlexml.too_many", "stem", "{", braces, most)
		q.set(questionbank.Cloze)
		return
	}
	text, parts, images, found := cloze.ParseMedia(below, files.name)
	for _, image := range images {
		q.describe(image.Name, image.Alt)
	}
	for _, f := range found {
		f.At = place(n)
		if f.Kind == fault.Conflict {
			q.item.Warnings = append(q.item.Warnings, f)
		} else {
			q.item.Rejects = append(q.item.Rejects, f)
		}
	}
	q.set(questionbank.Cloze, parts...)
	q.item.Content.Stem = questionbank.ReleaseGaps(q.convert(n, text, "stem", files).Markdown)
	files.unused()
	q.get("answer")
}

var numberedGap = regexp.MustCompile(`\[\[([1-9][0-9]{0,2})\]\]`)

// gapselect and ddwtos have the words apart from the text: "[[2]]" is the place
// of the second. A gap offers the words of its group.
func (q *question) gapselect() {
	n := q.get("questiontext")
	if n == nil {
		q.set(questionbank.Cloze)
		return
	}
	q.place("stem", n)
	words, groups := q.words()
	shuffle := truth(q.get("shuffleanswers"), false)
	files, below := q.stimulus(n)
	var parts []questionbank.Interaction
	text := numberedGap.ReplaceAllStringFunc(below, func(mark string) string {
		word, err := strconv.Atoi(strings.Trim(mark, "[]"))
		switch {
		case len(parts) >= most:
			return mark // refused when it is saved: an item has fewer parts
		case err != nil || word > len(words):
			q.reject(n, "questionbank.moodlexml.gap_without_word", "stem", mark)
			return mark
		}
		parts = append(parts, q.gap(n, words, groups, word-1, shuffle))
		return questionbank.HeldGap(len(parts) - 1)
	})
	if len(parts) == 0 {
		q.reject(n, "questionbank.moodlexml.no_gap", "stem")
	}
	q.set(questionbank.Cloze, parts...)
	q.item.Content.Stem = questionbank.ReleaseGaps(q.convert(n, text, "stem", files).Markdown)
	files.unused()
	q.extra.QType = q.qtype
}

// words is the words with their groups, by number.
func (q *question) words() ([]questionbank.Option, []string) {
	var words []questionbank.Option
	var groups []string
	for _, n := range slices.Concat(q.all("selectoption"), q.all("dragbox")) {
		words = append(words, q.optionText(n, "options"))
		group := plain(n.Find("group"))
		if group == "" {
			group = "1"
		}
		groups = append(groups, group)
	}
	return words, groups
}

// gap is one place. A group of a single word offers nothing to choose from, so
// its gap has the words of all groups; a word that stands there twice is one.
func (q *question) gap(n *tree.Node, words []questionbank.Option, groups []string, right int, shuffle bool) questionbank.Interaction {
	in := questionbank.Interaction{Kind: questionbank.InlineKind, Rule: scoring.AllOrNothing, Shuffle: shuffle}
	in.Options = choices(words, func(i int) bool { return groups[i] == groups[right] })
	if all := choices(words, func(int) bool { return true }); len(in.Options) == 1 && len(all) > 1 {
		q.warnOnce(n, "questionbank.moodlexml.group_of_one", "stem")
		in.Options = all
	}
	for _, option := range in.Options {
		if option.Text == words[right].Text {
			in.Correct = []string{option.ID}
		}
	}
	return in
}

// choices is the different words that want takes.
func choices(words []questionbank.Option, want func(i int) bool) []questionbank.Option {
	var out []questionbank.Option
	seen := map[string]bool{}
	for i, word := range words {
		if want(i) && !seen[word.Text] {
			seen[word.Text] = true
			word.ID = questionbank.OptionID(len(out))
			out = append(out, word)
		}
	}
	return out
}
