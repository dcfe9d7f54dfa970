package trainer

import (
	"slices"
	"strconv"
	"strings"

	"cakap/questionbank"
	"cakap/scoring"
)

// draftOf fills the form from an item.
func draftOf(c questionbank.Content) draft {
	dr := draft{
		Base: c, Type: c.Type, Indicator: c.Indicator, Level: c.Level, Stimulus: c.Stimulus, Stem: c.Stem, Rationale: c.Rationale,
		Basis: c.Basis, Expires: c.Expires, Comp: strings.Join(c.DigComp, ", "), Title: c.Title, Tags: strings.Join(c.Tags, ", "),
	}
	if c.Seconds > 0 {
		dr.Seconds = strconv.Itoa(c.Seconds)
	}
	if f := c.Feedback; f != nil {
		dr.Correct, dr.Partial, dr.Wrong = f.Correct, f.Partial, f.Wrong
	}
	in := c.Choice()
	dr.Shuffle, dr.Many, dr.Rule, dr.Image = in.Shuffle, in.Many, string(in.Rule), in.Image
	if in.Lines > 0 {
		dr.Lines = strconv.Itoa(in.Lines)
	}
	if !dr.Whole() {
		dr.lists(c, in)
	}
	for _, r := range c.Rubric {
		dr.Criteria = append(dr.Criteria, criterionDraft{Name: r.Name, Guide: r.Guide, Points: strconv.Itoa(r.Points)})
	}
	used := c.MediaNames()
	for _, m := range c.Media {
		dr.Media = append(dr.Media, mediaDraft{Media: m, Used: slices.Contains(used, m.Name)})
	}
	dr.fill()
	return dr
}

// lists fills the lists that the type shows.
func (dr *draft) lists(c questionbank.Content, in questionbank.Interaction) {
	if c.Type == questionbank.Cloze {
		for _, part := range c.Interactions {
			dr.Parts = append(dr.Parts, partDraft{Kind: string(part.Kind), Key: keyText(part), Share: shareText(part.Share)})
		}
		return
	}
	for i, o := range in.Options {
		row := rowDraft{Text: o.Text, Reason: o.Reason, Key: slices.Contains(in.Correct, o.ID)}
		switch {
		case in.Rule == scoring.Graded || in.Rule == scoring.Mapped:
			row.Key, row.Points = false, formatPoints(o.Points)
		case in.Kind == questionbank.PairsKind:
			row.Key, row.Pair = false, pairText(in, o.ID)
		case in.Kind == questionbank.OrderKind:
			row.Key, row.Pair = false, strconv.Itoa(slices.Index(in.Correct, o.ID)+1)
		}
		if o.Shape != nil {
			row.Area = areaText(*o.Shape)
		}
		row.I = i
		dr.Options = append(dr.Options, row)
	}
	for _, o := range in.Targets {
		dr.Targets = append(dr.Targets, rowDraft{Text: o.Text, Reason: o.Reason})
	}
	for _, t := range in.Texts {
		dr.Answers = append(dr.Answers, rowDraft{Text: t.Text, Reason: t.Reason, Points: percentText(t.Points), Case: t.Case, Wild: t.Wild})
	}
	for _, n := range in.Numbers {
		dr.Answers = append(dr.Answers, rowDraft{Text: numberText(n), Reason: n.Reason, Points: percentText(n.Points)})
	}
}

func pairText(in questionbank.Interaction, row string) string {
	var targets []string
	for _, pair := range in.Correct {
		if id, target, _ := strings.Cut(pair, " "); id == row {
			targets = append(targets, target)
		}
	}
	return strings.Join(targets, ", ")
}

// fields reads a posted form.
type fields func(string) string

func (f fields) ticked(name string) bool { return f(name) == "ya" }

func (f fields) count(list string, most int) int {
	n, err := strconv.Atoi(f("n_" + list))
	if err != nil || n < 0 {
		return 0
	}
	return min(n, most)
}

// readDraft reads the form's fields; base is where the author started.
func readDraft(form func(string) string, base questionbank.Content) draft {
	f := fields(form)
	dr := draft{
		Base: base, Type: questionbank.Type(f("type")), Indicator: f("indicator"), Level: questionbank.Level(f("level")),
		Stimulus: f("stimulus"), Stem: f("stem"), Rationale: f("rationale"), Basis: f("basis"), Expires: f("expires"), Comp: f("digcomp"),
		Title: f("title"), Tags: f("tags"), Seconds: f("seconds"), Correct: f("fb_correct"), Partial: f("fb_partial"), Wrong: f("fb_wrong"),
		Shuffle: f.ticked("shuffle"), Many: f.ticked("many"), Rule: f("rule"), Image: f("image"), Lines: f("lines"),
	}
	dr.Options = f.rows("option", "option", "reason", "points", "correct", "pair", "area")
	dr.Targets = f.rows("target", "target", "", "", "", "", "")
	dr.Answers = f.rows("answer", "answer", "why", "percent", "", "", "")
	for i := range f.count("part", lists["part"].most) {
		p := partDraft{I: i}
		p.Kind, p.Key, p.Share = f(p.Field("kind")), f(p.Field("key")), f(p.Field("share"))
		dr.Parts = append(dr.Parts, p)
	}
	for i := range f.count("criterion", lists["criterion"].most) {
		r := criterionDraft{I: i}
		r.Name, r.Guide, r.Points = f(r.Field("criterion")), f(r.Field("guide")), f(r.Field("worth"))
		dr.Criteria = append(dr.Criteria, r)
	}
	dr.Media = f.media()
	dr.number()
	return dr
}

func (f fields) rows(list, text, reason, points, key, pair, area string) []rowDraft {
	var rows []rowDraft
	get := func(r rowDraft, name string) string {
		if name == "" {
			return ""
		}
		return f(r.Field(name))
	}
	for i := range f.count(list, lists[list].most) {
		r := rowDraft{List: list, I: i}
		r.Text, r.Reason, r.Points, r.Pair, r.Area = get(r, text), get(r, reason), get(r, points), get(r, pair), get(r, area)
		r.Key = get(r, key) == "ya"
		r.Case, r.Wild = list == "answer" && f.ticked(r.Field("case")), list == "answer" && f.ticked(r.Field("wild"))
		rows = append(rows, r)
	}
	return rows
}

// media reads the files that the form carries along. Only what the service
// stored is believed; the hash is looked up again when the item is saved.
func (f fields) media() []mediaDraft {
	var all []mediaDraft
	for i := range f.count("media", 30) {
		m := mediaDraft{I: i}
		m.Name, m.SHA256, m.MIME, m.Alt = f(m.Field("media_name")), f(m.Field("media_sha")), f(m.Field("media_mime")), f(m.Field("media_alt"))
		number := func(name string) int {
			n, err := strconv.Atoi(f(m.Field(name)))
			if err != nil || n < 0 {
				return 0
			}
			return n
		}
		m.Width, m.Height, m.Size = number("media_w"), number("media_h"), number("media_size")
		if m.Name != "" {
			all = append(all, m)
		}
	}
	return all
}
