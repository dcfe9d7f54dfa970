// Package chart draws the charts of the web pages as SVG, in the classes of the
// design language (mockups/design, "charts"): percent units and no viewBox
// where text must keep its size, a title and a description in each, colours
// from the stylesheet alone. Every text is escaped, so the result may be put
// into a page as it is. Each chart wants a table with the same figures near it.
package chart

import (
	"fmt"
	"html"
	"math"
	"strconv"
	"strings"

	"cakap/internal/locale"
	"cakap/reports"
	"cakap/scoring"
)

// Score is the bar of one person's score in an aspect: the value, its error
// band and the bounds of the levels. Without enough evidence it is the band
// alone, and without items an empty track. The id must be unique in the page.
func Score(id, label string, s scoring.AspectScore, scheme scoring.Scheme) string {
	if s.Verdict == scoring.NoItems {
		return withheld(id, label, 0, 0)
	}
	value, se := s.Score.Percent(), s.SE.Percent()
	if s.Verdict != scoring.Supported {
		return withheld(id, label, value, se)
	}
	band, _ := scheme.Band(s.Level)
	return bar(id, label, value, se, band.Name, scheme)
}

// Mean is the bar of a group's mean. A group too small to be shown is an empty
// track that says so.
func Mean(id, label string, s reports.Stats, scheme scoring.Scheme) string {
	if !s.Shown() {
		return figure(id, 46, label+": belum ditampilkan", fmt.Sprintf("Kurang dari %d orang.", reports.Suppress), track)
	}
	band, _ := scheme.Band(s.Level(scheme))
	return bar(id, label, s.Mean, s.SE, band.Name, scheme)
}

const track = `<rect class="c-track" width="100%" height="18" y="4" rx="3"/>`

func bar(id, label string, value, se float64, level string, scheme scoring.Scheme) string {
	low, high := max(value-se, 0), min(value+se, 100)
	var b strings.Builder
	b.WriteString(track)
	fmt.Fprintf(&b, `<rect class="c-bar" width="%s" height="18" y="4" rx="3"/>`, at(value))
	var bounds []string
	for _, band := range scheme.Bands[1:] {
		bound := band.Lower.Percent()
		bounds = append(bounds, short(bound))
		fmt.Fprintf(&b, `<line class="c-th" x1="%[1]s" x2="%[1]s" y1="0" y2="30"/><text x="%[1]s" y="43" text-anchor="middle">%[2]s</text>`, at(bound), short(bound))
	}
	fmt.Fprintf(&b, `<line class="c-halo" x1="%[1]s" x2="%[2]s" y1="13" y2="13"/><g class="c-cap"><line x1="%[1]s" x2="%[2]s" y1="13" y2="13"/>`+
		`<line x1="%[1]s" x2="%[1]s" y1="8" y2="18"/><line x1="%[2]s" x2="%[2]s" y1="8" y2="18"/></g>`, at(low), at(high))
	title := fmt.Sprintf("%s: %s, %s", label, number(value), level)
	desc := fmt.Sprintf("Nilai %s dengan rentang keyakinan %s sampai %s. Batas tingkat: %s.", number(value), number(low), number(high), list(bounds))
	return figure(id, 46, title, desc, b.String())
}

// withheld shows the width of what is not known instead of a value.
func withheld(id, label string, value, se float64) string {
	body := track
	if se > 0 {
		low, high := max(value-se, 0), min(value+se, 100)
		body += fmt.Sprintf(`<rect class="c-err" x="%s" width="%s" height="18" y="4" rx="3"/>`, at(low), at(high-low))
	}
	return figure(id, 46, label+": belum cukup bukti", "Jawaban belum cukup untuk menyebut tingkat.", body)
}

// Levels is a bar of 100 %, cut by how many people reached each level of the
// scheme, lowest first. Nobody gives an empty track.
func Levels(id, label string, people []int, scheme scoring.Scheme) string {
	shares := reports.Percents(people)
	var b strings.Builder
	var parts []string
	x, total := 0, 0
	for i, share := range shares {
		total += people[i]
		band, _ := scheme.Band(i + 1)
		parts = append(parts, fmt.Sprintf("%s %d %%", band.Name, share))
		if share == 0 {
			continue
		}
		fmt.Fprintf(&b, `<rect class="c-v c-%s" x="%d%%" width="%d%%" height="30"/>`, token(band), x, share)
		if share >= 5 { // narrower ones have no room for their figure
			fmt.Fprintf(&b, `<text class="c-n" x="%s" y="20" text-anchor="middle">%d</text>`, at(float64(x)+float64(share)/2), share)
		}
		x += share
	}
	if total == 0 {
		return figure(id, 30, "Sebaran tingkat "+label, "Belum ada nilai.", `<rect class="c-track" width="100%" height="30" rx="3"/>`)
	}
	return figure(id, 30, "Sebaran tingkat "+label, strings.Join(parts, ", "), b.String())
}

// Radar compares a person's four aspects, as a filled shape, with the mean of a
// group, dashed; ref may be nil. Unlike the others it scales as a whole.
func Radar(id string, own [4]float64, ref *[4]float64) string {
	const cx, cy, radius = 140.0, 134.0, 84.0
	names := [4]string{"Dasar", "Platform", "Lanjut", "Etika"}
	var b strings.Builder
	for _, ring := range []float64{25, 50, 75, 100} {
		fmt.Fprintf(&b, `<polygon class="c-web" points="%s"/>`, diamond(cx, cy, radius, [4]float64{ring, ring, ring, ring}))
	}
	fmt.Fprintf(&b, `<path class="c-web" d="M56,134H224M140,50V218"/>`)
	if ref != nil {
		fmt.Fprintf(&b, `<polygon class="c-ref" points="%s"/>`, diamond(cx, cy, radius, *ref))
	}
	fmt.Fprintf(&b, `<polygon class="c-own" points="%s"/>`, diamond(cx, cy, radius, own))
	for i, place := range []struct {
		x, y   int
		anchor string
	}{{140, 24, "middle"}, {230, 126, "start"}, {140, 236, "middle"}, {50, 126, "end"}} {
		fmt.Fprintf(&b, `<text x="%d" y="%d" text-anchor="%[3]s">%[4]s</text><text class="c-n" x="%[1]d" y="%[5]d" text-anchor="%[3]s" font-weight="600">%[6]s</text>`,
			place.x, place.y, place.anchor, names[i], place.y+15, number(own[i]))
	}
	desc := "Nilai Anda: " + profile(names, own) + "."
	if ref != nil {
		desc += " Rata-rata pembanding: " + profile(names, *ref) + "."
	}
	return fmt.Sprintf(`<svg viewBox="0 0 282 262" width="282" role="img" aria-labelledby="%[1]st %[1]sd"><title id="%[1]st">Profil empat aspek</title><desc id="%[1]sd">%[2]s</desc>%[3]s</svg>`,
		html.EscapeString(id), html.EscapeString(desc), b.String())
}

func profile(names [4]string, values [4]float64) string {
	var parts []string
	for i, v := range values {
		parts = append(parts, names[i]+" "+number(v))
	}
	return strings.Join(parts, ", ")
}

// diamond places four values on the axes up, right, down and left.
func diamond(cx, cy, radius float64, v [4]float64) string {
	r := func(i int) float64 { return math.Round(radius * min(max(v[i], 0), 100) / 100) }
	return fmt.Sprintf("%.0f,%.0f %.0f,%.0f %.0f,%.0f %.0f,%.0f", cx, cy-r(0), cx+r(1), cy, cx, cy+r(2), cx-r(3), cy)
}

// HeatClass is the class of a cell in the map of competence: h1 … h5 by the
// level's colour, h0 where the figure is withheld.
func HeatClass(level int, scheme scoring.Scheme) string {
	band, ok := scheme.Band(level)
	if !ok {
		return "h0"
	}
	return "h" + token(band)[1:]
}

// token is the colour of a level, one of v1 … v5 whatever the scheme says.
func token(b scoring.Band) string {
	if len(b.Colour) == 2 && b.Colour[0] == 'v' && b.Colour[1] >= '1' && b.Colour[1] <= '5' {
		return b.Colour
	}
	return "v3"
}

// figure wraps a chart that keeps the size of its text.
func figure(id string, height int, title, desc, body string) string {
	return fmt.Sprintf(`<svg width="100%%" height="%d" role="img" aria-labelledby="%[2]st %[2]sd"><title id="%[2]st">%[3]s</title><desc id="%[2]sd">%[4]s</desc>%[5]s</svg>`,
		height, html.EscapeString(id), html.EscapeString(title), html.EscapeString(desc), body)
}

// at is a place on the scale as a length: "84.5%".
func at(x float64) string { return strconv.FormatFloat(math.Round(x*100)/100, 'f', -1, 64) + "%" }

// number is a score as people read it: "84,5". It keeps the decimal that
// decides whether a bound is reached.
func number(x float64) string { return locale.Number(x, 1) }

// short is a bound without needless decimals.
func short(x float64) string {
	if x == math.Trunc(x) {
		return locale.Number(x, 0)
	}
	return locale.Number(x, 1)
}

// list joins as a sentence does: "61, 71, 81, dan 91".
func list(parts []string) string {
	switch len(parts) {
	case 0, 1:
		return strings.Join(parts, "")
	case 2:
		return parts[0] + " dan " + parts[1]
	}
	return strings.Join(parts[:len(parts)-1], ", ") + ", dan " + parts[len(parts)-1]
}
