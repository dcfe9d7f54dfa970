package xlsx

import (
	"slices"
	"strconv"
	"strings"

	"cakap/questionbank"
	"cakap/scoring"
)

// pairs is a match or a matrix: the rows in the option cells, what they are
// paired with in the cell pasangan, one a line, and "A-2, B-1" as the key. A
// stranger's sheet may keep both sides in one cell, "kiri :: kanan".
func (r *row) pairs(t questionbank.Type, rows []questionbank.Option) questionbank.Interaction {
	in := questionbank.Interaction{Kind: questionbank.PairsKind, Rule: scoring.PerPair, Options: rows, Targets: r.targets(t), Shuffle: t == questionbank.Match}
	if len(in.Targets) == 0 {
		if in.Options, in.Targets, in.Correct = sides(rows, r.text(fCorrect)); len(in.Targets) > 0 {
			return r.shuffled(in)
		}
		r.reject(invalid("questionbank.xlsx.targets_empty"), fTargets)
		in.Options = rows
		letter(in.Options)
		return in
	}
	letter(in.Options)
	for i := range in.Targets {
		in.Targets[i].ID = questionbank.TargetID(i)
	}
	in.Correct = r.pairKey(in)
	in.Many = t == questionbank.Matrix && severalInARow(in.Correct)
	return r.shuffled(in)
}

func (r *row) targets(t questionbank.Type) []questionbank.Option {
	var targets []questionbank.Option
	for text := range strings.SplitSeq(r.plain(fTargets), "\n") {
		if text = strings.TrimSpace(text); text != "" {
			targets = append(targets, questionbank.Option{Text: text})
		}
	}
	if len(targets) == 1 && strings.Contains(targets[0].Text, ";") {
		parts := strings.Split(targets[0].Text, ";")
		targets = targets[:0]
		for _, p := range parts {
			targets = append(targets, questionbank.Option{Text: strings.TrimSpace(p)})
		}
	}
	if len(targets) == 0 && t == questionbank.Matrix {
		return []questionbank.Option{{Text: questionbank.TrueText}, {Text: questionbank.FalseText}}
	}
	return targets
}

// pairKey reads the key cell, or of statements the cell beside each.
func (r *row) pairKey(in questionbank.Interaction) []string {
	key := r.text(fCorrect)
	if key == "" && r.has(truthFields[0]) {
		var words []string
		for i := range in.Options {
			words = append(words, r.text(truthFields[i]))
		}
		key = strings.Join(words, ",")
	}
	if key == "" && len(in.Targets) >= len(in.Options) && !r.has(truthFields[0]) && r.text(fTargets) != "" {
		var pairs []string // line by line; what is left over pairs with nothing
		for i := range in.Options {
			pairs = append(pairs, in.Options[i].ID+" "+in.Targets[i].ID)
		}
		return pairs
	}
	if strings.Trim(key, ", ") == "" {
		r.reject(invalid("questionbank.key_empty"), fCorrect)
		return nil
	}
	pairs, ok := parsePairs(key, in.Options, in.Targets)
	if !ok {
		r.reject(invalid("questionbank.xlsx.pairs_unreadable", key), fCorrect)
	}
	return pairs
}

// pairMarks are what may stand between a row and its targets.
var pairMarks = strings.NewReplacer("->", "-", "→", "-", "=", "-", ":", "-", "–", "-", "+", ",", "&", ",", "/", ",")

// parsePairs reads "A-3, B-1", "1-A; 2-B" or "A-1,2", and where no part names a
// row, one target for each row in turn: "B, S, B".
func parsePairs(raw string, rows, targets []questionbank.Option) ([]string, bool) {
	parts := strings.FieldsFunc(pairMarks.Replace(raw), func(c rune) bool { return c == ',' || c == ';' || c == '\n' })
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	var pairs []string
	named := slices.ContainsFunc(parts, func(p string) bool {
		left, _, ok := strings.Cut(p, "-")
		_, known := parsePlace(strings.TrimSpace(left))
		return ok && known
	})
	current := -1
	for _, part := range parts {
		if !named {
			current++
		} else if left, right, ok := strings.Cut(part, "-"); ok {
			place, known := parsePlace(strings.TrimSpace(left))
			if !known {
				return nil, false
			}
			current, part = place, strings.TrimSpace(right)
		}
		target, ok := findTarget(part, targets)
		if !ok || current < 0 || current >= len(rows) {
			return nil, false
		}
		pairs = append(pairs, questionbank.OptionID(current)+" "+questionbank.TargetID(target))
	}
	if !named && len(pairs) != len(rows) {
		return nil, false
	}
	slices.Sort(pairs)
	return slices.Compact(pairs), len(pairs) > 0
}

// findTarget is the place of a target that is called by its text, its number or
// its letter. "B" and "S" are Benar and Salah where those are the targets.
func findTarget(word string, targets []questionbank.Option) (int, bool) {
	for i, t := range targets {
		if strings.EqualFold(t.Text, word) {
			return i, true
		}
	}
	if len(targets) == 2 && isTruth(targets) {
		if strings.EqualFold(word, "B") {
			return 0, true
		}
		if place, ok := parseTruth(word); ok {
			return place, true
		}
	}
	place, ok := parsePlace(word)
	return place, ok && place < len(targets)
}

// parsePlace reads a letter or a number as a place from 0.
func parsePlace(word string) (int, bool) {
	if len(word) == 1 && keyLetters.MatchString(word) {
		return int(strings.ToUpper(word)[0] - 'A'), true
	}
	n, err := strconv.Atoi(word)
	return n - 1, err == nil && n >= 1 && n <= mostOptions
}

func severalInARow(pairs []string) bool {
	for i := 1; i < len(pairs); i++ {
		if pairs[i][0] == pairs[i-1][0] {
			return true
		}
	}
	return false
}

// formatPairs writes "A-1, B-2".
func formatPairs(pairs []string) string {
	all := make([]string, len(pairs))
	for i, p := range pairs {
		all[i] = strings.Replace(p, " ", "-", 1)
	}
	return strings.Join(all, ", ")
}

// sides reads pairs that stand as "kiri :: kanan" in the option cells or, line by
// line, in the key.
func sides(rows []questionbank.Option, key string) (left, right []questionbank.Option, pairs []string) {
	lines := strings.Split(key, "\n")
	if len(rows) > 0 && strings.Contains(rows[0].Text, "::") {
		lines = lines[:0]
		for _, o := range rows {
			lines = append(lines, o.Text)
		}
	}
	for _, l := range lines {
		a, b, ok := strings.Cut(l, "::")
		if !ok {
			a, b, ok = strings.Cut(l, "->")
		}
		a, b = strings.TrimSpace(a), strings.TrimSpace(b)
		if !ok || a == "" || b == "" || len(left) == mostOptions {
			return nil, nil, nil
		}
		t := slices.IndexFunc(right, func(o questionbank.Option) bool { return o.Text == b })
		if t < 0 {
			t = len(right)
			right = append(right, questionbank.Option{ID: questionbank.TargetID(t), Text: b})
		}
		left = append(left, questionbank.Option{ID: questionbank.OptionID(len(left)), Text: a})
		pairs = append(pairs, left[len(left)-1].ID+" "+questionbank.TargetID(t))
	}
	return left, right, pairs
}
