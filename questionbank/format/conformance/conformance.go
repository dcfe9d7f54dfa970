// Package conformance compares what our readers make of a corpus of strangers'
// files with what people and other systems found in them: EXPECTED.csv, read as
// VOCABULARY.md beside it says.
package conformance

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"cakap/internal/fault"
	"cakap/questionbank"
)

// Row is one file of the corpus.
type Row struct {
	File        string
	Want, Got   int // questions
	WantTypes   string
	GotTypes    string
	MustSpeak   bool // the corpus names something that must be rejected or warned of
	Diagnostics int
	Equal       bool   // number, types, and a diagnostic where there must be one
	Why         string // where it is not equal
}

// Run reads every file that EXPECTED.csv names.
func Run(corpus string, read func(questionbank.Input) (questionbank.Parsed, error)) ([]Row, error) {
	f, err := os.Open(filepath.Join(corpus, "EXPECTED.csv"))
	if err != nil {
		return nil, fmt.Errorf("open corpus: %w", err)
	}
	defer f.Close() //nolint:errcheck // read only
	records, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("read EXPECTED.csv: %w", err)
	}
	var rows []Row
	for _, r := range records[1:] {
		content, err := os.ReadFile(filepath.Join(corpus, filepath.FromSlash(r[0])))
		if errors.Is(err, fs.ErrNotExist) {
			continue // not every collected file could be passed on
		}
		if err != nil {
			return nil, err
		}
		row := Row{File: r[0], WantTypes: r[3], MustSpeak: speaks(r[5])}
		if row.Want, err = strconv.Atoi(r[2]); err != nil {
			return nil, fmt.Errorf("EXPECTED.csv: %s: %w", r[0], err)
		}
		if strings.Contains(r[5], "REJECT whole file") {
			row.Want, row.WantTypes = 0, "" // VOCABULARY.md: unless the text says that the file is no question
		}
		row.judge(read(questionbank.Input{Name: filepath.Base(r[0]), Content: content}))
		rows = append(rows, row)
	}
	return rows, nil
}

// speaks reports whether a text asks for a diagnostic; the others only explain.
func speaks(text string) bool {
	upper := strings.ToUpper(text)
	for _, word := range []string{"REJECT", "WARN", "ERROR", "NOT SUPPORTED", "SKIP", "MALFORMED", "ABSENT", "MISSING", "HREF WRONG"} {
		if strings.Contains(upper, word) {
			return true
		}
	}
	return false
}

func (r *Row) judge(parsed questionbank.Parsed, err error) {
	types := map[string]int{}
	r.Got = len(parsed.Items)
	r.Diagnostics = placed(parsed.Messages, "berkas")
	if f := fault.Of(err); f != nil {
		r.Diagnostics++
	} else if err != nil {
		r.Why = err.Error()
		return
	}
	for _, item := range parsed.Items {
		types[item.Type]++
		r.Diagnostics += placed(item.Rejects, item.At) + placed(item.Warnings, item.At)
		c := item.Content.Normalise()
		c.Indicator, c.Level = "A1.1", questionbank.L2
		if f := fault.Of(c.Validate()); f != nil && item.At != "" {
			r.Diagnostics += len(f.Faults)
		}
	}
	r.GotTypes = summary(types)
	switch {
	case r.Got != r.Want:
		r.Why = fmt.Sprintf("%d questions", r.Got)
	case !fits(r.WantTypes, types) && r.Want > 0:
		r.Why = "types"
	case r.MustSpeak && r.Diagnostics == 0:
		r.Why = "no diagnostic"
	default:
		r.Equal = true
	}
}

// placed counts the diagnostics that say where.
func placed(faults []*fault.Fault, at string) int {
	n := 0
	for _, f := range faults {
		if f.At != "" || at != "" {
			n++
		}
	}
	return n
}

func summary(types map[string]int) string {
	var words []string
	for t, n := range types {
		words = append(words, t+"="+strconv.Itoa(n))
	}
	slices.Sort(words)
	return strings.Join(words, "; ")
}

// ours is VOCABULARY.md: what each of the corpus's words may be called here.
var ours = map[string][]string{
	"multichoice_single": {"single", "sjt", "truefalse"}, "single": {"single", "sjt", "truefalse"}, "response_lid:Single": {"single", "sjt", "truefalse"},
	"multichoice_multi": {"multiple"}, "response_lid:Multiple": {"multiple"}, "truefalse": {"truefalse"},
	"choiceInteraction": {"single", "sjt", "truefalse", "multiple"},
	"shortanswer":       {"short", "numeric"}, "textEntryInteraction": {"short", "numeric"}, "response_str:Single": {"short", "numeric"},
	"numerical": {"numeric"}, "essay": {"essay"}, "extendedTextInteraction": {"essay"},
	"match": {"match"}, "matchInteraction": {"match", "matrix"}, "kprim": {"matrix"}, "associateInteraction": {"matrix", "unsupported"},
	"ordering": {"order"}, "orderInteraction": {"order"}, "graphicOrderInteraction": {"order"},
	"multianswer": {"cloze"}, "gapselect": {"cloze"}, "ddwtos": {"cloze"}, "inlineChoiceInteraction": {"cloze"}, "gapMatchInteraction": {"cloze"}, "hottextInteraction": {"cloze"},
	"hotspotInteraction": {"hotspot"}, "graphicGapMatchInteraction": {"hotspot"}, "ddimageortext": {"hotspot"},
	"description": {"info"}, "noInteraction": {"info"}, "assessmentTest": {"info"},
}

// fits reports whether the types found can be what the corpus counted: the
// words with the fewest meanings take theirs first.
func fits(want string, got map[string]int) bool {
	left := map[string]int{}
	for t, n := range got {
		left[t] = n
	}
	type group struct {
		names []string
		n     int
	}
	var groups []group
	for part := range strings.SplitSeq(want, ";") {
		word, count, ok := strings.Cut(strings.TrimSpace(part), "=")
		n, err := strconv.Atoi(count)
		if !ok || err != nil || strings.HasPrefix(word, "rp:") {
			continue
		}
		groups = append(groups, group{names(word), n})
	}
	slices.SortStableFunc(groups, func(a, b group) int { return len(a.names) - len(b.names) })
	for _, g := range groups {
		for _, name := range g.names {
			take := min(g.n, left[name])
			left[name] -= take
			g.n -= take
		}
		if g.n > 0 {
			return false
		}
	}
	for _, n := range left {
		if n > 0 {
			return false
		}
	}
	return true
}

var gaps = []string{"textEntryInteraction", "inlineChoiceInteraction", "gapMatchInteraction", "hottextInteraction"}

// names is what a word may be called here. A composite item is of the type of
// its first interaction, or cloze where all are gaps.
func names(word string) []string {
	parts := strings.Split(word, "+")
	if len(parts) > 1 && !slices.ContainsFunc(parts, func(p string) bool { return !slices.Contains(gaps, p) }) {
		return []string{"cloze"}
	}
	var all []string
	for _, p := range parts { // the corpus lists the kinds of a composite by name, not by place
		if known, ok := ours[p]; ok {
			all = append(all, known...)
		} else {
			all = append(all, questionbank.Unsupported)
		}
	}
	return slices.Compact(slices.Sorted(slices.Values(all)))
}
