package reports_test

import (
	"os"
	"strings"
	"testing"

	"cakap/reports"
	"cakap/reports/reportstest"
	"cakap/scoring"
)

func TestZZ(t *testing.T) {
	write := func(name string, d reports.Data, o reports.Options) {
		d.Seal()
		f, _ := os.Create("/tmp/rep/" + name + ".xlsx")
		defer f.Close()
		if err := reports.WriteAgency(t.Context(), f, d, o); err != nil {
			t.Fatal(err)
		}
	}
	d := reportstest.Data(60, 1)
	write("a", d, reports.Options{})
	write("zero", reportstest.Data(0, 1), reports.Options{})
	one := reportstest.Data(1, 3)
	one.Rows[0].Name = "=HYPERLINK(\"http://x\") " + strings.Repeat("Panjang Sekali ", 13)
	write("one", one, reports.Options{Paper: reports.A4})
	abs := reportstest.Data(8, 3)
	for i := range abs.Rows {
		abs.Rows[i].Status, abs.Rows[i].Taken, abs.Rows[i].Result = reports.NotStarted, 0, scoring.Result{}
	}
	write("absent", abs, reports.Options{})
	no := reportstest.Data(30, 4)
	for i := range no.Rows {
		no.Rows[i].Result.Aspects[2] = scoring.AspectScore{Aspect: 3, Verdict: scoring.NoItems}
	}
	no.Scheme.Bands = []scoring.Band{{Name: "Kurang Memenuhi Syarat", Colour: "v1", Advice: "x"}, {Name: "Masih Memenuhi Syarat", Lower: 6800, Colour: "v3", Advice: "x"}, {Name: "Memenuhi Syarat", Lower: 8000, Colour: "v5"}}
	no.Scheme.Name = "JPM"
	for i := range no.Rows {
		for k := range no.Rows[i].Result.Aspects {
			no.Rows[i].Result.Aspects[k].Level = min(no.Rows[i].Result.Aspects[k].Level, 3)
		}
		no.Rows[i].Result.Total.Level = min(no.Rows[i].Result.Total.Level, 3)
	}
	write("no", no, reports.Options{})
}
