package cloze

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cakap/internal/fault"
	"cakap/questionbank"
	"cakap/scoring"
)

func keys(faults []*fault.Fault) []string {
	var out []string
	for _, f := range faults {
		out = append(out, strings.TrimPrefix(f.Key, "questionbank.cloze."))
	}
	return out
}

func inline(rule scoring.Rule, correct []string, options ...questionbank.Option) questionbank.Interaction {
	for i := range options {
		options[i].ID = questionbank.OptionID(i)
	}
	return questionbank.Interaction{Kind: questionbank.InlineKind, Rule: rule, Correct: correct, Options: options}
}

func many(rule scoring.Rule, correct []string, options ...questionbank.Option) questionbank.Interaction {
	in := inline(rule, correct, options...)
	in.Kind, in.Many = questionbank.ChoiceKind, true
	return in
}

func texts(answers ...questionbank.TextAnswer) questionbank.Interaction {
	return questionbank.Interaction{Kind: questionbank.TextKind, Rule: scoring.TextList, Options: []questionbank.Option{}, Texts: answers}
}

func numbers(answers ...questionbank.Number) questionbank.Interaction {
	return questionbank.Interaction{Kind: questionbank.NumberKind, Rule: scoring.NumberList, Options: []questionbank.Option{}, Numbers: answers}
}

type (
	option = questionbank.Option
	typed  = questionbank.TextAnswer
)

func TestParse(t *testing.T) {
	weighty := numbers(questionbank.Number{Value: "8", Points: scoring.Point})
	weighty.Share = 3
	shuffled := inline(scoring.AllOrNothing, []string{"A"}, option{Text: "a"}, option{Text: "b"})
	shuffled.Shuffle = true
	for _, tt := range []struct {
		answer string
		want   questionbank.Interaction
	}{
		{"{1:MULTICHOICE:California#Salah~%100%Arizona#Ya}", inline(scoring.AllOrNothing, []string{"B"}, option{Text: "California", Reason: "Salah"}, option{Text: "Arizona", Reason: "Ya"})},
		{"{:MC:=a~b}", inline(scoring.AllOrNothing, []string{"A"}, option{Text: "a"}, option{Text: "b"})},
		{"{1:MULTICHOICE:~=a~b}", inline(scoring.AllOrNothing, []string{"A"}, option{Text: "a"}, option{Text: "b"})},
		{"{1:MC:=a~%50%b~c}", inline(scoring.Graded, nil, option{Text: "a", Points: scoring.Point}, option{Text: "b", Points: scoring.Point / 2}, option{Text: "c"})},
		{"{1:MULTICHOICE:=a \\} \\# \\~ \\\\~&#39;b&#39;#&amp;#39;}", inline(scoring.AllOrNothing, []string{"A"}, option{Text: `a } # ~ \`}, option{Text: "'b'", Reason: `&\#39;`})},
		{"{1:MC:=<b>a</b>~b}", inline(scoring.AllOrNothing, []string{"A"}, option{Text: "**a**", Rich: true}, option{Text: "b"})},
		{"{1:MULTIRESPONSE:=a~b~=c~d}", many(scoring.PerOption, []string{"A", "C"}, option{Text: "a", Points: 500_000}, option{Text: "b"}, option{Text: "c", Points: 500_000}, option{Text: "d"})},
		{"{1:MR:=a~%-100%b~=c}", many(scoring.PerOption, []string{"A", "C"}, option{Text: "a"}, option{Text: "b"}, option{Text: "c"})},
		{"{1:SHORTANSWER:=Paris#Ya~%50%Mars*#Hampir~*#Tidak}", texts(
			typed{Text: "Paris", Points: scoring.Point, Reason: "Ya"}, typed{Text: "Mars*", Wild: true, Points: scoring.Point / 2, Reason: "Hampir"}, typed{Text: "*", Wild: true, Reason: "Tidak"})},
		{`{1:SA:=a\*b}`, texts(typed{Text: "a*b", Points: scoring.Point})},
		{"{1:MW:=R&amp;D~=H<sub>2</sub>O}", texts(typed{Text: "R&D", Points: scoring.Point}, typed{Text: "H2O", Points: scoring.Point})},
		{"{1:SAC:=Paris}", texts(typed{Text: "Paris", Case: true, Points: scoring.Point})},
		{"{3:NUMERICAL:=8}", weighty},
		{"{1:NM:=5,17:0.01#Ya~%50%6:0~%0%*#Jauh}", numbers(
			questionbank.Number{Value: "5.17", Tolerance: "0.01", Points: scoring.Point, Reason: "Ya"}, questionbank.Number{Value: "6", Points: scoring.Point / 2}, questionbank.Number{Any: true, Reason: "Jauh"})},
		{"{1:MULTICHOICE_VS:=a~b}", shuffled},
		{"{1:MCHS:=a~b}", shuffled},
	} {
		stem, parts, found := Parse("x " + tt.answer + " y")
		if stem != "x "+questionbank.HeldGap(0)+" y" {
			t.Errorf("%s: stem %q", tt.answer, stem)
		}
		for _, f := range found {
			if f.Kind != fault.Conflict {
				t.Errorf("%s: %v", tt.answer, f)
			}
		}
		if diff := cmp.Diff([]questionbank.Interaction{tt.want}, parts); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.answer, diff)
		}
	}
}

// Every name and abbreviation of Moodle's is known.
func TestTypes(t *testing.T) {
	for name, want := range map[string]kind{
		"MULTICHOICE": {base: choice}, "MC": {base: choice}, "MULTICHOICE_S": {base: choice, shuffle: true}, "MCS": {base: choice, shuffle: true},
		"MULTICHOICE_V": {base: choice}, "MCV": {base: choice}, "MULTICHOICE_H": {base: choice}, "MCH": {base: choice},
		"MULTICHOICE_VS": {base: choice, shuffle: true}, "MCVS": {base: choice, shuffle: true}, "MULTICHOICE_HS": {base: choice, shuffle: true}, "MCHS": {base: choice, shuffle: true},
		"MULTIRESPONSE": {base: multi}, "MR": {base: multi}, "MULTIRESPONSE_H": {base: multi}, "MRH": {base: multi},
		"MULTIRESPONSE_S": {base: multi, shuffle: true}, "MRS": {base: multi, shuffle: true}, "MULTIRESPONSE_HS": {base: multi, shuffle: true}, "MRHS": {base: multi, shuffle: true},
		"SHORTANSWER": {base: text}, "SA": {base: text}, "MW": {base: text}, "SHORTANSWER_C": {base: text, exact: true}, "SAC": {base: text, exact: true}, "MWC": {base: text, exact: true},
		"NUMERICAL": {base: number}, "NM": {base: number},
	} {
		if got, ok := kindOf(name); !ok || got != want {
			t.Errorf("%s = %+v, %v; want %+v", name, got, ok, want)
		}
	}
	for _, name := range []string{"MATCH", "NMV", "SAV", "MCX", ""} {
		if _, ok := kindOf(name); ok {
			t.Errorf("%q is known", name)
		}
	}
}

func TestFaults(t *testing.T) {
	for _, tt := range []struct {
		text            string
		stops, warnings []string
		parts           int
	}{
		{"{1:MULTICHOICE:=Apple#Correct}", []string{"one_choice"}, nil, 1},
		{"{3:NUMERICAL:=zero}", []string{"number"}, nil, 1},
		{"Please select the fruits.", []string{"no_answer"}, nil, 0},
		{"{1:MC:a~b}", []string{"no_key"}, nil, 1},
		{"{1:SA:a~b}", []string{"no_key"}, nil, 1},
		{"{1:NM:5}", []string{"no_key"}, nil, 1},
		{"{1:SA:=a} {1:MC:=a~b", []string{"unclosed"}, nil, 1},
		{"{1:SA:=}", []string{"answer_empty", "no_key"}, nil, 1},
		{"{1:SA:=a} {1:FOO:=a~b}", nil, []string{"type_unknown"}, 1},
		{"{1:MC:=a~=b~c}", nil, []string{"many_full"}, 1},
		{"{1:MR:=a~b~=c}", nil, []string{"select_all"}, 1},
		{"{1:MC:=a<script>x</script>~b}", nil, []string{"lost"}, 1},
		{"{99999:SA:=a}", nil, []string{"weight"}, 1},
		{`\{1:SA:=a} {1:SA:=b}`, nil, nil, 1},
		{"{1:SA:=a} {bukan rumpang}", nil, nil, 1},
	} {
		_, parts, found := Parse(tt.text)
		var stops, warnings []*fault.Fault
		for _, f := range found {
			if f.Kind == fault.Conflict {
				warnings = append(warnings, f)
			} else {
				stops = append(stops, f)
			}
		}
		if diff := cmp.Diff([][]string{tt.stops, tt.warnings}, [][]string{keys(stops), keys(warnings)}); diff != "" || len(parts) != tt.parts {
			t.Errorf("%s: %d parts (-want +got):\n%s", tt.text, len(parts), diff)
		}
	}
}

// The marks of gaps that a file holds already are nobody's.
func TestForeignMarks(t *testing.T) {
	stem, parts, _ := Parse(questionbank.HeldGap(5) + "{1:SA:=a}")
	if stem != "6"+questionbank.HeldGap(0) || len(parts) != 1 {
		t.Errorf("stem %q, %d parts", stem, len(parts))
	}
}

func TestRoundTrip(t *testing.T) {
	shuffled := inline(scoring.AllOrNothing, []string{"B"}, option{Text: "=a", Reason: `*sebab* \#1`}, option{Text: "%50%b"}, option{Text: "<c> ~ } \\ & 'd'"}, option{Text: "**e** ~\\\nf", Rich: true})
	shuffled.Shuffle = true
	exact := texts(typed{Text: "a & <b>", Case: true, Points: scoring.Point}, typed{Text: `c*\*`, Wild: true, Case: true}, typed{Text: "d*", Case: true, Points: scoring.Point / 4, Reason: "Hampir"})
	exact.Share = 4
	parts := []questionbank.Interaction{
		shuffled, exact,
		inline(scoring.Graded, nil, option{Text: "a", Points: scoring.Point}, option{Text: "b", Points: scoring.Point / 2}, option{Text: "c"}),
		many(scoring.PerOption, []string{"A", "C"}, option{Text: "a"}, option{Text: "b"}, option{Text: "c"}, option{Text: "d"}),
		numbers(questionbank.Number{Value: "5.17", Tolerance: "0.01", Points: scoring.Point, Reason: "Ya"}, questionbank.Number{Value: "-6", Points: scoring.Point / 2}, questionbank.Number{Any: true}),
	}
	stem := "<p>"
	for i := range parts {
		stem += "teks " + questionbank.HeldGap(i)
	}
	text, losses := Write(stem+"</p>", parts)
	gotStem, got, found := Parse(text)
	if len(losses) > 0 || len(found) > 0 || gotStem != stem+"</p>" {
		t.Errorf("losses %q, faults %q, stem %q", keys(losses), keys(found), gotStem)
	}
	if diff := cmp.Diff(parts, got); diff != "" {
		t.Errorf("text %s\n(-out +back):\n%s", text, diff)
	}
}

func TestWrite(t *testing.T) {
	ordered := questionbank.Interaction{Kind: questionbank.OrderKind, Rule: scoring.OrderExact, Options: []option{{ID: "A", Text: "a"}, {ID: "B", Text: "b"}}, Correct: []string{"A", "B"}}
	strict := many(scoring.AllOrNothing, []string{"A"}, option{Text: "a"}, option{Text: "b"})
	prompted := numbers(questionbank.Number{Low: "7", High: "9.5", OpenLow: true, Points: scoring.Point})
	prompted.Prompt = "**Berapa?**"
	buttons := inline(scoring.AllOrNothing, []string{"A"}, option{Text: "a"}, option{Text: "b"})
	buttons.Kind = questionbank.ChoiceKind
	for _, tt := range []struct {
		name, stem string
		part       questionbank.Interaction
		want       string
		losses     []string
	}{
		{"order", "x " + questionbank.HeldGap(0), ordered, "x ", []string{"part_lost"}},
		{"all or nothing", questionbank.HeldGap(0), strict, "{1:MULTIRESPONSE:=a~b}", []string{"all_or_nothing"}},
		{"without a gap", "x", prompted, "x<p><strong>Berapa?</strong> {1:NUMERICAL:=8.25:1.25}</p>", []string{"open_range"}},
		{"relative", questionbank.HeldGap(0), numbers(questionbank.Number{Value: "200", Tolerance: "0.05", Relative: true, Points: scoring.Point}), "{1:NUMERICAL:=200:10}", nil},
		{"buttons", questionbank.HeldGap(0), buttons, "{1:MULTICHOICE_V:=a~b}", nil},
		{"capitals differ", questionbank.HeldGap(0), texts(typed{Text: "a", Points: scoring.Point}, typed{Text: "b", Case: true}), "{1:SHORTANSWER_C:=a~b}", []string{"case_mixed"}},
		{"twice", questionbank.HeldGap(0) + questionbank.HeldGap(0), buttons, "{1:MULTICHOICE_V:=a~b}", nil},
	} {
		text, losses := Write(tt.stem, []questionbank.Interaction{tt.part})
		if diff := cmp.Diff(tt.losses, keys(losses)); diff != "" || text != tt.want {
			t.Errorf("%s: %s, want %s; losses (-want +got):\n%s", tt.name, text, tt.want, diff)
		}
	}
}

func TestPictures(t *testing.T) {
	name := func(src string) string { return questionbank.MediaName(src) }
	_, parts, images, found := ParseMedia(`{1:MC:=<img src="@@PLUGINFILE@@/a.png" alt="Bagan">~b}`, name)
	if len(found) > 0 || len(images) != 1 || images[0].Name != "a.png" || parts[0].Options[0].Text != "![Bagan](media:a.png)" {
		t.Fatalf("%v %v %+v", found, images, parts)
	}
	text, _ := WriteMedia(questionbank.HeldGap(0), parts, func(name string) string { return "@@PLUGINFILE@@/" + name })
	if !strings.Contains(text, `src="@@PLUGINFILE@@/a.png"`) {
		t.Errorf("wrote %s", text)
	}
}
