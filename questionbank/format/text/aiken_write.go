package text

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"

	"cakap/internal/fault"
	"cakap/questionbank"
)

// writeAiken writes what Aiken can say: a stem, options, and one key.
func writeAiken(w io.Writer, bank questionbank.Export) ([]*fault.Fault, error) {
	out := bufio.NewWriter(w)
	var lost []*fault.Fault
	written := 0
	for _, e := range bank.Items {
		text, why := aikenText(e.Content)
		if why != nil {
			lost = append(lost, why.Place(e.Code))
			continue
		}
		if written++; written > 1 {
			fmt.Fprintln(out)
		}
		if _, err := out.WriteString(text); err != nil {
			return lost, fmt.Errorf("write aiken: %w", err)
		}
		if names := unsaid(e.Content); len(names) > 0 {
			lost = append(lost, fault.New(fault.Invalid, "questionbank.aiken.lost", strings.Join(names, ", ")).Place(e.Code))
		}
	}
	if err := out.Flush(); err != nil {
		return lost, fmt.Errorf("write aiken: %w", err)
	}
	return lost, nil
}

// aikenText is one question, or why it cannot be one.
func aikenText(c questionbank.Content) (string, *fault.Fault) {
	in := c.Choice()
	if c.Type != questionbank.Single && c.Type != questionbank.TrueFalse || len(c.Interactions) != 1 || len(in.Correct) != 1 {
		return "", fault.New(fault.Invalid, "questionbank.aiken.type", string(c.Type))
	}
	stem := questionbank.Plain(withoutPictures(c.Stem))
	if len(stem) < 2 || aikenOption.MatchString(stem) || aikenAnswer.MatchString(stem) {
		return "", fault.New(fault.Invalid, "questionbank.aiken.stem")
	}
	var b strings.Builder
	b.WriteString(stem + "\n")
	for i, o := range in.Options {
		text := o.Text
		if o.Rich {
			text = questionbank.Plain(withoutPictures(o.Text))
		}
		if text == "" {
			return "", fault.New(fault.Invalid, "questionbank.aiken.option_picture", questionbank.OptionID(i))
		}
		b.WriteString(questionbank.OptionID(i) + ". " + text + "\n")
	}
	b.WriteString("ANSWER: " + in.Correct[0] + "\n")
	return b.String(), nil
}

// withoutPictures leaves the descriptions of pictures, in brackets.
func withoutPictures(markdown string) string {
	return pictureMark.ReplaceAllStringFunc(markdown, func(m string) string {
		if alt := pictureMark.FindStringSubmatch(m)[1]; alt != "" {
			return "(" + alt + ")"
		}
		return ""
	})
}

// unsaid names what an item has and Aiken has no place for.
func unsaid(c questionbank.Content) []string {
	in := c.Choice()
	reason := func(o questionbank.Option) bool { return o.Reason != "" }
	styled := func(o questionbank.Option) bool { return o.Rich }
	var names []string
	for _, each := range []struct {
		name string
		has  bool
	}{
		{"indikator", c.Indicator != ""}, {"level", c.Level != ""}, {"stimulus", c.Stimulus != ""}, {"pembahasan", c.Rationale != ""},
		{"alasan opsi", slices.ContainsFunc(in.Options, reason)}, {"umpan balik", c.Feedback != nil}, {"gambar", len(c.Media) > 0},
		{"format teks", questionbank.Markdown(questionbank.Plain(c.Stem)) != c.Stem || slices.ContainsFunc(in.Options, styled)},
		{"judul", c.Title != ""}, {"kategori", c.Category != ""}, {"tag", len(c.Tags) > 0}, {"dasar hukum", c.Basis != ""},
		{"kedaluwarsa", c.Expires != ""}, {"DigComp", len(c.DigComp) > 0}, {"bobot", c.Worth != 0}, {"waktu", c.Seconds != 0},
	} {
		if each.has {
			names = append(names, each.name)
		}
	}
	return names
}
