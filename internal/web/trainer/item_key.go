package trainer

import (
	"fmt"
	"html/template"
	"slices"
	"strings"

	"cakap/internal/web/kit"
	"cakap/questionbank"
	"cakap/scoring"
)

// keyPart is what is right in one part of an item, and why.
type keyPart struct {
	Title string // of a part of several
	Rule  string // how it is scored
	Rows  []keyRow
}

// keyRow is one alternative, row, step, area, answer or criterion.
type keyRow struct {
	Letter string
	Text   template.HTML
	Answer string // what is right for it: "→ HTTPS", "50 %"
	Key    bool
	Best   bool // of a situational item: the best option
	Points string
	Reason template.HTML
	Asked  bool // a reason belongs to it
}

// optionView is an option with its key, in plain words.
type optionView struct {
	Letter, Text, Reason string
	Key                  bool
	Points               string
}

// keysOf is what is right in every part of an item.
func keysOf(c questionbank.Content) ([]keyPart, error) {
	k := keyMaker{media: c.Delivery().Media, sjt: c.Type == questionbank.SJT}
	var all []keyPart
	for i, in := range c.Interactions {
		p := keyPart{Rule: scoredBy(in)}
		if len(c.Interactions) > 1 {
			p.Title = fmt.Sprintf("Bagian %d", i+1)
			if c.Type == questionbank.Cloze {
				p.Title = fmt.Sprintf("Rumpang %d", i+1)
			}
			if in.Share > 1 {
				p.Rule += fmt.Sprintf(" Bobot bagian ini %d.", in.Share)
			}
		}
		p.Rows = k.rows(in)
		all = append(all, p)
	}
	if len(c.Rubric) > 0 {
		all = append(all, k.rubric(c.Rubric))
	}
	return all, k.err
}

// keyMaker renders the words of keys and keeps the first error.
type keyMaker struct {
	media []questionbank.DeliveryMedia
	sjt   bool
	err   error
}

func (k *keyMaker) rows(in questionbank.Interaction) []keyRow {
	switch in.Kind {
	case questionbank.TextKind:
		return k.texts(in.Texts)
	case questionbank.NumberKind:
		return k.numbers(in.Numbers)
	case questionbank.PairsKind:
		return k.pairs(in)
	case questionbank.OrderKind:
		return k.sequence(in)
	case questionbank.EssayKind:
		return nil
	default:
		return k.options(in)
	}
}

func (k *keyMaker) options(in questionbank.Interaction) []keyRow {
	var all []keyRow
	for _, o := range in.Options {
		row := keyRow{Letter: o.ID, Text: k.option(o), Key: slices.Contains(in.Correct, o.ID), Reason: k.text(o.Reason), Asked: in.Rule != scoring.None}
		if o.Shape != nil {
			row.Answer = o.Shape.Form + " " + strings.Trim(fmt.Sprint(o.Shape.Coords), "[]")
		}
		if in.Rule == scoring.Graded || in.Rule == scoring.Mapped {
			row.Points = formatPoints(o.Points)
		}
		row.Best = k.sjt && o.Points == best(in.Options)
		all = append(all, row)
	}
	return all
}

// best is what the best option is worth.
func best(options []questionbank.Option) scoring.Micro {
	most := options[0].Points
	for _, o := range options {
		most = max(most, o.Points)
	}
	return most
}

func (k *keyMaker) pairs(in questionbank.Interaction) []keyRow {
	var all []keyRow
	for _, o := range in.Options {
		var right []string
		for _, t := range in.Targets {
			if slices.Contains(in.Correct, o.ID+" "+t.ID) {
				right = append(right, plain(t))
			}
		}
		answer := "tanpa pasangan"
		if len(right) > 0 {
			answer = "→ " + strings.Join(right, "; ")
		}
		all = append(all, keyRow{Letter: o.ID, Text: k.option(o), Answer: answer, Reason: k.text(o.Reason)})
	}
	for _, t := range in.Targets {
		if !slices.ContainsFunc(in.Correct, func(pair string) bool { return strings.HasSuffix(pair, " "+t.ID) }) {
			all = append(all, keyRow{Letter: t.ID, Text: k.option(t), Answer: "pengecoh", Reason: k.text(t.Reason)})
		}
	}
	return all
}

// plain is an option as a few words.
func plain(o questionbank.Option) string {
	switch {
	case o.Shape != nil && o.Text == "":
		return "daerah " + o.ID
	case o.Rich:
		return questionbank.Plain(o.Text)
	default:
		return o.Text
	}
}

func (k *keyMaker) sequence(in questionbank.Interaction) []keyRow {
	var all []keyRow
	for place, id := range in.Correct {
		i := slices.IndexFunc(in.Options, func(o questionbank.Option) bool { return o.ID == id })
		if i >= 0 {
			all = append(all, keyRow{Letter: fmt.Sprint(place + 1), Text: k.option(in.Options[i]), Reason: k.text(in.Options[i].Reason)})
		}
	}
	return all
}

func (k *keyMaker) texts(answers []questionbank.TextAnswer) []keyRow {
	var all []keyRow
	for i, a := range answers {
		row := keyRow{Letter: fmt.Sprint(i + 1), Text: escaped(a.Text), Reason: k.text(a.Reason), Key: a.Points == scoring.Point, Points: partly(a.Points)}
		var notes []string
		if a.Case {
			notes = append(notes, "huruf besar dibedakan")
		}
		if a.Wild {
			notes = append(notes, "* mewakili teks apa pun")
		}
		row.Answer = strings.Join(notes, ", ")
		all = append(all, row)
	}
	return all
}

func (k *keyMaker) numbers(answers []questionbank.Number) []keyRow {
	var all []keyRow
	for i, a := range answers {
		all = append(all, keyRow{Letter: fmt.Sprint(i + 1), Text: escaped(numberWords(a)), Reason: k.text(a.Reason), Key: a.Points == scoring.Point, Points: partly(a.Points)})
	}
	return all
}

// numberWords writes what counts as a number: "12", "12 ± 0,5", "7 sampai 9".
func numberWords(n questionbank.Number) string {
	switch {
	case n.Any:
		return "jawaban lain"
	case n.Value != "" && n.Tolerance == "":
		return comma(n.Value)
	case n.Value != "" && !n.Relative:
		return comma(n.Value) + " ± " + comma(n.Tolerance)
	}
	low, high := n.Range()
	from, to := "", ""
	if n.OpenLow {
		from = "lebih dari "
	}
	if n.OpenHigh {
		to = "kurang dari "
	}
	return from + comma(low) + " sampai " + to + comma(high)
}

func partly(p scoring.Micro) string {
	if p == scoring.Point {
		return ""
	}
	return formatPoints(p*100) + " %"
}

func (k *keyMaker) rubric(criteria []questionbank.Criterion) keyPart {
	part := keyPart{Title: "Rubrik"}
	for i, c := range criteria {
		part.Rows = append(part.Rows, keyRow{Letter: fmt.Sprint(i + 1), Text: escaped(c.Name), Points: fmt.Sprint(c.Points), Reason: k.text(c.Guide)})
	}
	return part
}

func (k *keyMaker) option(o questionbank.Option) template.HTML {
	if o.Rich {
		return k.text(o.Text)
	}
	return escaped(o.Text)
}

func escaped(text string) template.HTML {
	return template.HTML(template.HTMLEscapeString(text)) //nolint:gosec // escaped
}

func (k *keyMaker) text(markdown string) template.HTML {
	if markdown == "" {
		return ""
	}
	out, err := kit.MarkdownMedia(markdown, k.media)
	if k.err == nil {
		k.err = err
	}
	return out
}

// scoredBy says how a part is scored.
func scoredBy(in questionbank.Interaction) string {
	if text := ruleName(in.Rule); text != "" {
		return text + "."
	}
	switch in.Rule {
	case scoring.AllOrNothing:
		if in.Many {
			return "Benar bila tepat semua kunci yang dipilih."
		}
		return ""
	case scoring.PerOption:
		return "Setiap pilihan yang dinilai dengan tepat menambah nilai; memilih semua tidak menguntungkan."
	case scoring.Graded:
		return "Nilai mengikuti bobot pilihan."
	case scoring.Mapped:
		return "Nilai adalah jumlah bobot yang dipilih."
	case scoring.PerPair:
		return "Setiap pasangan yang benar bernilai."
	case scoring.TextList, scoring.NumberList:
		return "Dicoba dari atas; yang pertama cocok menentukan nilai."
	case scoring.Manual:
		return "Dinilai orang."
	case scoring.None:
		return "Tidak dinilai."
	default:
		return ""
	}
}

func optionViews(c questionbank.Content) []optionView {
	in := c.Choice()
	all := make([]optionView, len(in.Options))
	for i, o := range in.Options {
		all[i] = optionView{Letter: o.ID, Text: plain(o), Reason: questionbank.Plain(o.Reason), Key: slices.Contains(in.Correct, o.ID)}
		if c.Type == questionbank.SJT {
			all[i].Key, all[i].Points = o.Points == best(in.Options), formatPoints(o.Points)
		}
	}
	return all
}
