package gift

import (
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"cakap/questionbank"
	"cakap/scoring"
)

// What a comment may hold: Moodle's "[id:…]" and "[tag:…]", where "\]" is a
// bracket, and our own "[cakap:key=value]", which Moodle does not see.
var (
	metaMark = regexp.MustCompile(`\[(id|tag|cakap):((?:\\\]|[^\]])*)\]`)
	codeLike = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._/-]{0,39}$`)
)

// tagPrefix is how tags begin that are fields of ours.
const tagPrefix = "cakap:"

// hints is what our writer noted in "[cakap:key=value]".
type hints map[string]string

func (q *question) meta(comment string) {
	for _, m := range metaMark.FindAllStringSubmatch(comment, -1) {
		value := strings.TrimSpace(strings.ReplaceAll(m[2], `\]`, "]"))
		switch {
		case m[1] == "cakap":
			if key, hint, ok := strings.Cut(value, "="); ok {
				q.hints[key] = unquote(hint)
			}
		case m[1] == "tag":
			q.tag(value)
		case codeLike.MatchString(value):
			q.item.Code = value
		default:
			q.extra.ID = value
		}
	}
}

// tag reads a tag: ours are fields of the content.
func (q *question) tag(value string) {
	c := &q.item.Content
	field, ours := strings.CutPrefix(value, tagPrefix)
	key, text, pair := strings.Cut(field, "=")
	if ours && pair {
		switch key {
		case "indicator":
			c.Indicator = text
			return
		case "level":
			c.Level = questionbank.Level(text)
			return
		case "basis":
			c.Basis = text
			return
		case "expires":
			c.Expires = text
			return
		case "digcomp":
			c.DigComp = strings.Split(text, ",")
			return
		}
	}
	if value != "" {
		c.Tags = append(c.Tags, value)
	}
}

var (
	quoted   = strings.NewReplacer(`\`, `\\`, "\n", `\n`)
	unquoted = strings.NewReplacer(`\\`, `\`, `\n`, "\n")
)

// quote writes a hint's value on one line; unquote is its inverse. Brackets are
// escaped by whoever writes the mark.
func quote(s string) string { return quoted.Replace(s) }

func unquote(s string) string { return unquoted.Replace(s) }

// restore gives back what our writer noted, where the file still says the same.
func (q *question) restore() {
	c := &q.item.Content
	c.Lang = q.hints["lang"]
	c.Seconds = q.hints.number("seconds")
	if worth, err := strconv.ParseInt(q.hints["worth"], 10, 64); err == nil && worth > 0 {
		c.Worth = scoring.Micro(worth)
	}
	if text, ok := q.hints["rationale"]; ok && c.Rationale == "" {
		c.Rationale = text
	}
	q.hints.read("feedback", &c.Feedback)
	q.stimulus()
	if id, ok := q.hints["id"]; ok {
		q.extra.ID = id
	}
	if len(c.Interactions) != 1 {
		return
	}
	in := &c.Interactions[0]
	if q.hints["shuffle"] == "no" {
		in.Shuffle = false
	}
	in.Prompt = q.hints["prompt"]
	in.Min, in.Max, in.Lines = q.hints.number("min"), q.hints.number("max"), q.hints.number("lines")
	switch in.Kind {
	case questionbank.ChoiceKind:
		q.restoreChoice(in)
	case questionbank.OrderKind:
		q.restoreOrder(in)
	case questionbank.PairsKind:
		q.restoreTargets(in)
	case questionbank.TextKind:
		for i := range in.Texts {
			in.Texts[i].Case = q.hints["case"] == "yes" || slices.Contains(strings.Split(q.hints["case"], ","), strconv.Itoa(i+1))
		}
	case questionbank.NumberKind:
		q.restoreNumbers(in)
	case questionbank.EssayKind:
		q.hints.read("rubric", &c.Rubric)
	}
	if q.hints["type"] == string(questionbank.Cloze) && (in.Kind == questionbank.ChoiceKind && !in.Many || in.Kind == questionbank.TextKind || in.Kind == questionbank.NumberKind) {
		if in.Kind == questionbank.ChoiceKind {
			in.Kind = questionbank.InlineKind
		}
		q.set(questionbank.Cloze, *in)
	}
	q.restoreReasons()
}

// number is a small positive number, 0 for none.
func (h hints) number(key string) int {
	n, err := strconv.Atoi(h[key])
	if err != nil || n < 0 || n > 1_000_000 {
		return 0
	}
	return n
}

// read decodes a hint of several values; one that is broken is none.
func (h hints) read(key string, into any) {
	if text, ok := h[key]; ok && json.Valid([]byte(text)) {
		_ = json.Unmarshal([]byte(text), into) // one of another shape fills what fits
	}
}

// stimulus is the beginning of the text, as long as the hint says.
func (q *question) stimulus() {
	n := q.hints.number("stimulus")
	text := []rune(q.item.Content.Stem)
	if n == 0 || len(text) < n+3 || string(text[n:n+2]) != "\n\n" {
		return
	}
	q.item.Content.Stimulus, q.item.Content.Stem = string(text[:n]), string(text[n+2:])
	if q.extra.Gap > 0 {
		q.extra.Gap -= strings.Count(q.item.Content.Stimulus, blankMark)
	}
}

// near is how far a percentage in the file may lie from its share.
const near = scoring.Point / 1000

// restoreChoice gives the author's points back, where the file's percentages
// are still theirs, and the rule.
func (q *question) restoreChoice(in *questionbank.Interaction) {
	rule := scoring.Rule(q.hints["rule"])
	points := q.hintedPoints(len(in.Options))
	switch {
	case rule == scoring.Graded && !in.Many && len(q.points) == len(in.Options):
		options := slices.Clone(in.Options)
		for i := range options {
			options[i].Points = q.points[i]
			if points != nil {
				options[i].Points = points[i]
			}
		}
		shuffle := in.Shuffle
		*in = questionbank.NewChoice(questionbank.SJT, options, nil)
		in.Shuffle = shuffle
		q.item.Type, q.item.Content.Type = string(questionbank.SJT), questionbank.SJT
	case rule == scoring.Mapped && in.Many && points != nil:
		in.Rule = scoring.Mapped
		for i := range in.Options {
			in.Options[i].Points = points[i]
		}
		if bound, err := strconv.ParseInt(q.hints["cap"], 10, 64); err == nil && bound > 0 {
			in.Cap = scoring.Micro(bound)
		}
	case rule == scoring.AllOrNothing && in.Many:
		in.Rule = rule
	}
	for i := range in.Options {
		in.Options[i].Fixed = slices.Contains(strings.Split(q.hints["fixed"], ","), in.Options[i].ID)
	}
}

// hintedPoints is the hint's list where the percentages of the file are its
// shares of the best.
func (q *question) hintedPoints(n int) []scoring.Micro {
	texts := strings.Split(q.hints["points"], ",")
	if len(texts) != n || len(q.points) != n {
		return nil
	}
	points := make([]scoring.Micro, n)
	for i, text := range texts {
		p, err := strconv.ParseInt(text, 10, 64)
		if err != nil || p > 1e12 || p < -1e12 {
			return nil
		}
		points[i] = scoring.Micro(p)
	}
	most := whole(points, q.hints.micro("cap"), q.hints["rule"] == string(scoring.Mapped))
	for i, p := range points {
		if most <= 0 {
			return nil
		}
		if diff := ratio(p, most) - q.points[i]; diff > near || diff < -near {
			return nil
		}
	}
	return points
}

func (h hints) micro(key string) scoring.Micro {
	n, err := strconv.ParseInt(h[key], 10, 64)
	if err != nil {
		return 0
	}
	return scoring.Micro(n)
}

// whole is what 100 % stands for: the best option of a choice, all good ones
// of a map, or its bound.
func whole(points []scoring.Micro, bound scoring.Micro, mapped bool) scoring.Micro {
	var best, sum scoring.Micro
	for _, p := range points {
		best = max(best, p)
		sum += max(p, 0)
	}
	if !mapped {
		return best
	}
	if bound > 0 {
		return min(sum, bound)
	}
	return sum
}

// ratio is p/most in millionths, rounded.
func ratio(p, most scoring.Micro) scoring.Micro {
	if p < 0 {
		return -ratio(-p, most)
	}
	return scoring.Micro(float64(p)/float64(most)*float64(scoring.Point) + 0.5)
}

// restoreOrder gives the entries the places in which the author had them:
// "2,1,3" says that the first of the right order stood second.
func (q *question) restoreOrder(in *questionbank.Interaction) {
	places := strings.Split(q.hints["order"], ",")
	if len(places) != len(in.Options) {
		return
	}
	options, correct := make([]questionbank.Option, len(places)), make([]string, len(places))
	for i, text := range places {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > len(options) || options[n-1].ID != "" {
			return
		}
		options[n-1] = in.Options[i]
		options[n-1].ID = questionbank.OptionID(n - 1)
		correct[i] = options[n-1].ID
	}
	in.Options, in.Correct = options, correct
}

// restoreTargets gives the right sides the places in which the author had them:
// "2,1,3" says that the first in the file stood second.
func (q *question) restoreTargets(in *questionbank.Interaction) {
	ids := strings.Split(q.hints["targets"], ",")
	if len(ids) != len(in.Targets) {
		return
	}
	targets, to := make([]questionbank.Option, len(ids)), map[string]string{}
	for i, id := range ids {
		n, err := strconv.Atoi(id)
		if err != nil || n < 1 || n > len(targets) || targets[n-1].ID != "" {
			return
		}
		targets[n-1] = in.Targets[i]
		targets[n-1].ID = id
		to[in.Targets[i].ID] = id
	}
	for i, pair := range in.Correct {
		row, target, _ := strings.Cut(pair, " ")
		in.Correct[i] = row + " " + to[target]
	}
	in.Targets = targets
}

// restoreNumbers gives back ranges that GIFT cannot say, where it says what we
// wrote in their place.
func (q *question) restoreNumbers(in *questionbank.Interaction) {
	var noted []questionbank.Number
	q.hints.read("numbers", &noted)
	if len(noted) != len(in.Numbers) {
		return
	}
	for i, n := range noted {
		was, ok := number(numberText(n))
		was.Points, was.Reason = in.Numbers[i].Points, in.Numbers[i].Reason
		if !ok || was != in.Numbers[i] {
			return
		}
		noted[i].Points, noted[i].Reason = was.Points, was.Reason
	}
	in.Numbers = noted
}

// restoreReasons gives pairs and entries the reasons that GIFT has no place
// for, by id.
func (q *question) restoreReasons() {
	var reasons map[string]string
	q.hints.read("reasons", &reasons)
	in := &q.item.Content.Interactions[0]
	for _, list := range [][]questionbank.Option{in.Options, in.Targets} {
		for i := range list {
			if r, ok := reasons[list[i].ID]; ok && list[i].Reason == "" {
				list[i].Reason = r
			}
		}
	}
}
