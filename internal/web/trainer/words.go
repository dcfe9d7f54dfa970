package trainer

import (
	"fmt"
	"time"

	"cakap/internal/locale"
	"cakap/questionbank"
	"cakap/scoring"
)

// choice is an entry of a select, with what it means.
type choice struct {
	Value, Text string
	Chosen      bool
}

// choices makes a select of values, one of them chosen.
func choices[T ~string](values []T, text func(T) string, chosen T) []choice {
	all := make([]choice, len(values))
	for i, v := range values {
		all[i] = choice{Value: string(v), Text: text(v), Chosen: v == chosen}
	}
	return all
}

// typeNames is what people call the types.
var typeNames = map[questionbank.Type]string{
	questionbank.Single:    "Pilihan ganda",
	questionbank.Multiple:  "Pilihan ganda kompleks",
	questionbank.TrueFalse: "Benar atau salah",
	questionbank.Match:     "Menjodohkan",
	questionbank.Matrix:    "PGK tabel",
	questionbank.Order:     "Mengurutkan",
	questionbank.Numeric:   "Isian angka",
	questionbank.Short:     "Isian singkat",
	questionbank.Cloze:     "Isian rumpang",
	questionbank.SJT:       "Situasional",
	questionbank.Hotspot:   "Tunjuk gambar",
	questionbank.Essay:     "Uraian",
	questionbank.Survey:    "Angket",
	questionbank.Info:      "Bacaan",
}

func typeName(t questionbank.Type) string {
	if name, known := typeNames[t]; known {
		return name
	}
	return string(t) // of a file, a kind that cannot be used
}

func levelName(l questionbank.Level) string {
	switch l {
	case questionbank.L1:
		return "L1 memahami"
	case questionbank.L2:
		return "L2 menerapkan"
	case questionbank.L3:
		return "L3 menalar"
	default:
		return string(l)
	}
}

// tag is a state with its shape, so that it is told from others without hues.
type tag struct{ Class, Text string }

func statusTag(s questionbank.Status) tag {
	switch s {
	case questionbank.Draft:
		return tag{"", "Draf"}
	case questionbank.InReview:
		return tag{"half", "Ditelaah"}
	case questionbank.ChangesWanted:
		return tag{"tri warn", "Perlu revisi"}
	case questionbank.Approved:
		return tag{"check", "Disetujui"}
	default:
		return tag{"box", "Pensiun"}
	}
}

func statusName(s questionbank.Status) string { return statusTag(s).Text }

// provenance says where a revision came from.
func provenance(r questionbank.Revision) string {
	switch r.Provenance {
	case questionbank.Shipped:
		return "bawaan Cakap"
	case questionbank.Imported:
		return fmt.Sprintf("impor %s, %s", r.Source.File, r.Source.At)
	default:
		return "ditulis di sini"
	}
}

func verdictName(v questionbank.Verdict) string {
	switch v {
	case questionbank.VerdictSubmitted:
		return "Diajukan untuk telaah"
	case questionbank.VerdictApproved:
		return "Disetujui"
	case questionbank.VerdictChangesWanted:
		return "Diminta revisi"
	case questionbank.VerdictFlagged:
		return "Ditandai bermasalah"
	case questionbank.VerdictUnflagged:
		return "Tanda masalah dicabut"
	default:
		return "Dipensiunkan"
	}
}

func aspectName(a scoring.Aspect) string {
	if !a.Valid() {
		return ""
	}
	return a.Code() + " " + questionbank.StandardFramework().AspectName(a)
}

// group is the indicators of one aspect, as an optgroup.
type group struct {
	Text    string
	Choices []choice
}

// indicatorGroups are all indicators under their aspects.
func indicatorGroups(chosen string) []group {
	fw := questionbank.StandardFramework()
	var all []group
	for _, a := range scoring.Aspects {
		g := group{Text: aspectName(a)}
		for _, ind := range fw.Of(a) {
			g.Choices = append(g.Choices, choice{Value: ind.Code, Text: ind.Code + " " + ind.Name, Chosen: ind.Code == chosen})
		}
		all = append(all, g)
	}
	return all
}

func aspectChoices(chosen scoring.Aspect) []choice {
	all := make([]choice, 0, len(scoring.Aspects))
	for _, a := range scoring.Aspects {
		all = append(all, choice{Value: a.Code(), Text: aspectName(a), Chosen: a == chosen})
	}
	return all
}

// count writes "12 soal".
func count(n int) string { return locale.Int(n) + " soal" }

// instant is a stored time, where its day is read.
func instant(ms int64) time.Time { return time.UnixMilli(ms).In(locale.Zone("")) }
