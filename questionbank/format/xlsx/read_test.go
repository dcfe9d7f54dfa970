package xlsx

import (
	"slices"
	"strings"
	"testing"

	"cakap/internal/fault"
	"cakap/internal/sheet/sheettest"
	"cakap/questionbank"
	"cakap/scoring"
)

func TestParseKey(t *testing.T) {
	options := []questionbank.Option{{Text: "Satu"}, {Text: "Dua"}, {Text: "Tiga"}, {Text: "Dua puluh"}}
	for _, tt := range []struct {
		raw  string
		want []int
		ok   bool
	}{
		{"C", []int{2}, true}, {" c. ", []int{2}, true}, {"A,C", []int{0, 2}, true}, {"c;a", []int{0, 2}, true}, {"AC", []int{0, 2}, true},
		{"A dan C", []int{0, 2}, true}, {"Opsi B", []int{1}, true}, {"3", []int{2}, true}, {"1,3", []int{0, 2}, true}, {`["2","3"]`, []int{1, 2}, true},
		{"Dua puluh", []int{3}, true}, {"Dua", []int{1}, true}, {"(B)", []int{1}, true}, {"A,A", []int{0}, true},
		{"", nil, false}, {"0", nil, false}, {"27", nil, false}, {"?", nil, false}, {"-", nil, false}, {"C?", nil, false}, {"1,5x", nil, false},
	} {
		got, ok := parseKey(tt.raw, options)
		if ok != tt.ok || ok && !slices.Equal(got, tt.want) {
			t.Errorf("parseKey(%q) = %v, %v, want %v, %v", tt.raw, got, ok, tt.want, tt.ok)
		}
	}
}

func TestParsePoints(t *testing.T) {
	for _, tt := range []struct {
		raw  string
		want map[int]scoring.Micro
		ok   bool
	}{
		{"A=1;B=4", map[int]scoring.Micro{0: 1_000_000, 1: 4_000_000}, true},
		{" a = 2,5 ; b=0.25;", map[int]scoring.Micro{0: 2_500_000, 1: 250_000}, true},
		{"A=0,333333\nB=1", map[int]scoring.Micro{0: 333_333, 1: 1_000_000}, true},
		{"A=1;A=2", nil, false}, {"A", nil, false}, {"A=x", nil, false}, {"A=-1", nil, false}, {"AB=1", nil, false}, {"A=1e9", nil, false}, {"1=1", nil, false},
	} {
		got, err := parsePoints(tt.raw)
		if (err == nil) != tt.ok {
			t.Errorf("parsePoints(%q): %v", tt.raw, err)
		}
		for i, want := range tt.want {
			if got[i] != want {
				t.Errorf("parsePoints(%q)[%d] = %d, want %d", tt.raw, i, got[i], want)
			}
		}
	}
	for _, m := range []scoring.Micro{0, 1, 333_333, 500_000, 1_000_000, 12_345_678} {
		if back, err := parseMicro(formatMicro(m)); err != nil || back != m {
			t.Errorf("%d writes as %q and reads as %d, %v", m, formatMicro(m), back, err)
		}
	}
}

// Our template is strict where a stranger's sheet is read with good will.
func TestTemplateRows(t *testing.T) {
	columns := newLayout(templateOptions).columns
	head := make([]any, len(columns))
	for i, c := range columns {
		head[i] = c.title
	}
	row := func(set map[string]any) []any {
		cells := make([]any, len(columns))
		defaults := map[string]any{
			fAspect: "A4 Etika dan Keamanan", fIndicator: "A4.1 Mengamankan", fType: "PG", fLevel: "L1", fStem: "Apa yang ditanyakan?",
			"option_a": "Satu", "option_b": "Dua", "option_c": "Tiga", fCorrect: "A",
		}
		for i, c := range columns {
			cells[i] = defaults[c.field]
			if v, ok := set[c.field]; ok {
				cells[i] = v
			}
		}
		return cells
	}
	for _, tt := range []struct {
		name string
		set  map[string]any
		key  string
		at   string
	}{
		{"good", nil, "", ""},
		{"a code alone", map[string]any{fCode: "A1-1", fStem: nil, "option_a": nil, "option_b": nil, "option_c": nil, fCorrect: nil}, "questionbank.key_empty", "Soal!N2"},
		{"no indicator", map[string]any{fIndicator: nil}, "questionbank.indicator_empty", "Soal!C2"},
		{"unknown indicator", map[string]any{fIndicator: "A4.9 x"}, "questionbank.indicator_unknown", "Soal!C2"},
		{"another aspect's indicator", map[string]any{fIndicator: "A1.1 x"}, "questionbank.import.aspect_differs", "Soal!C2"},
		{"unknown aspect", map[string]any{fAspect: "Etika"}, "questionbank.import.aspect_unknown", "Soal!B2"},
		{"unknown type", map[string]any{fType: "PGX"}, "questionbank.xlsx.type_unknown", "Soal!D2"},
		{"a match without its other side", map[string]any{fType: "JODOH"}, "questionbank.xlsx.targets_empty", "Soal!AA2"},
		{"key beyond", map[string]any{fCorrect: "D"}, "questionbank.key_no_option", "Soal!N2"},
		{"key no letter", map[string]any{fCorrect: "??"}, "questionbank.import.key_unreadable", "Soal!N2"},
		{"a hole", map[string]any{"option_b": nil}, "questionbank.option_empty", "Soal!I2"},
		{"true/false with B", map[string]any{fType: "BS", "option_a": nil, "option_b": nil, "option_c": nil, fCorrect: "B"}, "questionbank.import.truth_unreadable", "Soal!N2"},
		{"true/false with other options", map[string]any{fType: "BS", "option_a": "Ya", "option_b": "Tidak", "option_c": nil, fCorrect: "BENAR"}, "", ""},
		{"true/false reversed", map[string]any{fType: "BS", "option_a": "Salah", "option_b": "Benar", "option_c": nil, fCorrect: "BENAR"}, "questionbank.truefalse_options", "Soal!H2"},
		{"a boolean key", map[string]any{fType: "BS", "option_a": nil, "option_b": nil, "option_c": nil, fCorrect: true}, "", ""},
		{"sjt without points", map[string]any{fType: "SJT", fCorrect: nil}, "questionbank.import.points_unreadable", "Soal!O2"},
		{"sjt with too few points", map[string]any{fType: "SJT", fCorrect: nil, fPoints: "A=1;B=2"}, "questionbank.import.points_unreadable", "Soal!O2"},
		{"sjt whose key is not the best", map[string]any{fType: "SJT", fPoints: "A=1;B=2;C=3"}, "questionbank.import.key_not_best", "Soal!N2"},
		{"sjt", map[string]any{fType: "SJT", fPoints: "A=3;B=2;C=1"}, "", ""},
		{"a date as people write it", map[string]any{fExpires: "31-12-2028"}, "", ""},
		{"a date serial", map[string]any{fExpires: sheettest.Raw("47118")}, "", ""},
		{"no date", map[string]any{fExpires: "akhir tahun"}, "questionbank.expires_unreadable", "Soal!Y2"},
	} {
		parsed, err := read("x.xlsx", sheettest.Workbook(sheettest.Sheet{Name: "Soal", Rows: [][]any{head, row(tt.set)}}))
		if err != nil || len(parsed.Items) != 1 {
			t.Errorf("%s: %d items, %v", tt.name, len(parsed.Items), err)
			continue
		}
		p := parsed.Items[0]
		switch {
		case tt.key == "" && len(p.Rejects) > 0:
			t.Errorf("%s: refused: %v", tt.name, p.Rejects)
		case tt.key != "" && (len(p.Rejects) != 1 || p.Rejects[0].Key != tt.key || p.Rejects[0].At != tt.at):
			t.Errorf("%s: got %v, want %s at %s", tt.name, p.Rejects, tt.key, tt.at)
		}
		if e := p.Content.Expires; tt.key == "" && tt.set[fExpires] != nil && e != "2028-12-31" {
			t.Errorf("%s: expires %q", tt.name, e)
		}
	}
}

// A row read from any text ends in a question or in refusals, never in a panic
// or in a question that the bank cannot hold.
func FuzzRow(f *testing.F) {
	f.Add("PG", "Apa itu?", "Satu", "Dua", "A", "", "L1")
	f.Add("SJT", "Apa itu?", "Satu", "Dua", "", "A=1;B=2", "")
	f.Add("2", "<p>x&amp;</p>", "A. Satu", "b. Dua", `["1","2"]`, "A=", "3")
	f.Add("BS", "=x", "", "", "benar", ";;=", "\x00")
	f.Fuzz(func(t *testing.T, kind, stem, a, b, key, points, level string) {
		for _, titles := range [][]string{
			{"tipe", "pokok_soal", "opsi_a", "opsi_b", "kunci", "bobot_opsi", "level", "kode_butir"},
			{"jenis", "soal", "a", "b", "jawaban", "skor opsi", "level", "no"},
		} {
			var csv strings.Builder
			for i, line := range [][]string{titles, {kind, stem, a, b, key, points, level, "1"}} {
				for j, text := range line {
					if j > 0 {
						csv.WriteByte(';')
					}
					csv.WriteString(`"` + strings.ReplaceAll(text, `"`, `""`) + `"`)
				}
				if i == 0 {
					csv.WriteByte('\n')
				}
			}
			parsed, err := read("x.csv", []byte(csv.String()))
			if err != nil && fault.Of(err) == nil {
				t.Fatalf("an internal error: %v", err)
			}
			for _, p := range parsed.Items {
				c := p.Content
				c.Indicator, c.Level = "A1.1", questionbank.L1
				c = c.Normalise()
				if len(p.Rejects) == 0 && c.Validate() == nil && !c.Key().Valid() {
					t.Fatalf("accepted without a key that scores: %s", c.JSON())
				}
				if again := c.Normalise(); again.Hash() != c.Hash() {
					t.Fatalf("normalising twice differs:\n%s\n%s", c.JSON(), again.JSON())
				}
			}
		}
	})
}
