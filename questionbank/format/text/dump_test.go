package text

import (
	"fmt"
	"strings"

	"cakap/internal/fault"
	"cakap/questionbank"
)

// dump writes what a reader found, one line for each thing, for golden files.
func dump(p questionbank.Parsed) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s\n", p.Format, p.Encoding)
	for _, item := range p.Items {
		c := item.Content.Normalise()
		fmt.Fprintf(&b, "\n[%s] %s", item.At, item.Type)
		for _, f := range [...]string{item.Code, c.Indicator, string(c.Level), c.Category} {
			if f != "" {
				b.WriteString(" " + f)
			}
		}
		if item.Aspect != 0 {
			b.WriteString(" " + item.Aspect.Code())
		}
		b.WriteString("\n")
		if c.Stimulus != "" {
			fmt.Fprintf(&b, "  stimulus %q\n", c.Stimulus)
		}
		fmt.Fprintf(&b, "  %q\n", c.Stem)
		for _, in := range c.Interactions {
			dumpInteraction(&b, in)
		}
		if c.Rationale != "" {
			fmt.Fprintf(&b, "  pembahasan %q\n", c.Rationale)
		}
		if c.Worth != 0 {
			fmt.Fprintf(&b, "  bobot %d\n", c.Worth)
		}
		for _, r := range c.Rubric {
			fmt.Fprintf(&b, "  rubrik %s %d %q\n", r.Name, r.Points, r.Guide)
		}
		for _, m := range c.Media {
			fmt.Fprintf(&b, "  media %s %q\n", m.Name, m.Alt)
		}
		faults(&b, "  ! ", item.Rejects)
		faults(&b, "  ? ", item.Warnings)
	}
	b.WriteString("\n")
	faults(&b, "# ", p.Messages)
	return b.String()
}

func dumpInteraction(b *strings.Builder, in questionbank.Interaction) {
	for _, o := range in.Options {
		mark := " "
		for _, id := range in.Correct {
			if id == o.ID {
				mark = "*"
			}
		}
		fmt.Fprintf(b, "  %s%s %s", mark, o.ID, o.Text)
		if o.Points != 0 {
			fmt.Fprintf(b, " = %d", o.Points)
		}
		b.WriteString("\n")
	}
	for _, o := range in.Targets {
		fmt.Fprintf(b, "   %s %s\n", o.ID, o.Text)
	}
	if in.Kind == questionbank.PairsKind || in.Kind == questionbank.OrderKind {
		fmt.Fprintf(b, "  kunci %s\n", strings.Join(in.Correct, ", "))
	}
	for _, t := range in.Texts {
		fmt.Fprintf(b, "  = %s\n", t.Text)
	}
	for _, n := range in.Numbers {
		fmt.Fprintf(b, "  = %s±%s [%s %s]\n", n.Value, n.Tolerance, n.Low, n.High)
	}
}

func faults(b *strings.Builder, mark string, list []*fault.Fault) {
	for _, f := range list {
		fmt.Fprintf(b, "%s%s %s: %s %v\n", mark, f.At, f.Field, strings.TrimPrefix(f.Key, "questionbank."), f.Args)
	}
}
