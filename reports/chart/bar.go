package chart

import (
	"encoding/xml"
	"fmt"
	"strings"

	"cakap/internal/locale"
	"cakap/scoring"
)

// BarData is one score on the scale 0–100 with its error and the scheme's
// thresholds.
type BarData struct {
	ID     string // unique on the page
	Name   string
	Score  scoring.AspectScore
	Scheme scoring.Scheme
}

// Bar draws a score as a bar, its standard error as a whisker, and the lower
// bounds of the levels as dashed lines.
func Bar(d BarData) string {
	score, se := d.Score.Score.Percent(), d.Score.SE.Percent()
	low, high := max(score-se, 0), min(score+se, 100)
	level := "belum cukup bukti untuk menyebut tingkat"
	if band, ok := d.Scheme.Band(d.Score.Level); ok {
		level = "tingkat " + band.Name
	}
	var bounds []string
	var lines strings.Builder
	for _, b := range d.Scheme.Bands {
		if b.Lower == 0 {
			continue
		}
		at := b.Lower.Percent()
		bounds = append(bounds, locale.Number(at, 0))
		fmt.Fprintf(&lines, `<line class="c-th" x1="%.1f%%" x2="%.1f%%" y1="0" y2="30"/><text x="%.1f%%" y="43" text-anchor="middle">%s</text>`, at, at, at, locale.Number(at, 0))
	}
	var b strings.Builder
	fmt.Fprintf(&b, `<svg height="46" role="img" aria-labelledby="%[1]s-t %[1]s-d"><title id="%[1]s-t">%[2]s: %[3]s, %[4]s</title><desc id="%[1]s-d">Nilai %[3]s dengan rentang keyakinan %[5]s sampai %[6]s. Batas tingkat: %[7]s.</desc>`,
		escape(d.ID), escape(d.Name), locale.Number(score, 0), escape(level), locale.Number(low, 0), locale.Number(high, 0), strings.Join(bounds, ", "))
	fmt.Fprintf(&b, `<rect class="c-track" width="100%%" height="18" y="4" rx="3"/><rect class="c-bar" width="%.1f%%" height="18" y="4" rx="3"/>`, score)
	b.WriteString(lines.String())
	fmt.Fprintf(&b, `<line class="c-halo" x1="%[1].1f%%" x2="%[2].1f%%" y1="13" y2="13"/><g class="c-cap"><line x1="%[1].1f%%" x2="%[2].1f%%" y1="13" y2="13"/><line x1="%[1].1f%%" x2="%[1].1f%%" y1="8" y2="18"/><line x1="%[2].1f%%" x2="%[2].1f%%" y1="8" y2="18"/></g></svg>`, low, high)
	return b.String()
}

func escape(s string) string {
	var b strings.Builder
	if err := xml.EscapeText(&b, []byte(s)); err != nil {
		return "" // a strings.Builder does not fail
	}
	return b.String()
}
