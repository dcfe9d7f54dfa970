package moodlexml

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cakap/internal/fault"
	"cakap/questionbank"
	"cakap/questionbank/questionbanktest"
	"cakap/scoring"
)

// one reads a quiz of a single question.
func one(t *testing.T, qtype, inner string) questionbank.ParsedItem {
	t.Helper()
	parsed, err := Read(questionbank.Input{Content: []byte(quiz(qtype, inner))})
	if err != nil {
		t.Fatalf("%v\n%s", err, inner)
	}
	if len(parsed.Items) != 1 {
		t.Fatalf("%d items, messages %v", len(parsed.Items), parsed.Messages)
	}
	return parsed.Items[0]
}

func quiz(qtype, inner string) string {
	return "<?xml version=\"1.0\"?>\n<quiz>\n<question type=\"" + qtype + "\">\n<name><text>Nama</text></name>\n" + inner + "\n</question>\n</quiz>"
}

func text(name, content string) string {
	return "<" + name + ` format="html"><text><![CDATA[` + content + "]]></text></" + name + ">"
}

func picture() string { return base64.StdEncoding.EncodeToString(questionbanktest.Picture()) }

// short is a message's key without the package.
func short(faults []*fault.Fault) []string {
	var all []string
	for _, f := range faults {
		all = append(all, strings.TrimPrefix(strings.TrimPrefix(f.Key, "questionbank."), "moodlexml."))
	}
	return all
}

func TestTexts(t *testing.T) {
	for _, tt := range []struct {
		name, inner, want string
		warned            []string
		files             []string
	}{
		{"markup", text("questiontext", "<p>Satu <b>dua</b></p><script>x()</script>"), "Satu **dua**", []string{"lost"}, nil},
		{"no text element", `<questiontext format="html">Langsung</questiontext>`, "Langsung", nil, nil},
		{"markup nobody escaped", `<questiontext format="html"><text>Satu <b>dua</b></text></questiontext>`, "Satu **dua**", nil, nil},
		{"lines of plain text", `<questiontext format="plain_text"><text>a*b` + "\n" + `&lt;c&gt;</text></questiontext>`, "a\\*b\\\n\\<c>", nil, nil},
		{"lines of Moodle's own", `<questiontext format="moodle_auto_format"><text>a <![CDATA[<i>b</i>]]>` + "\n" + `c</text></questiontext>`, "a *b*\\\nc", nil, nil},
		{"no format", "<questiontext><text>a &lt; b\nc</text></questiontext>", "a \\< b\\\nc", nil, nil},
		{"Markdown stays", `<questiontext format="markdown"><text>a **b** ` + "`&lt;i&gt;`" + ` \[\[1]]</text></questiontext>`, "a **b** `<i>` \\[\\[1]]", nil, nil},
		{"HTML in Markdown", `<questiontext format="markdown"><text><![CDATA[a<br>b <mark>c</mark> <span>d</span> ![x](https://x.id/a.png)]]></text></questiontext>`, "a\\\nb c d x", []string{"lost", "lost"}, nil},
		{"remote picture", text("questiontext", `Ini <img src="https://evil.id/t.gif" alt="peta">`), "Ini peta", []string{"lost"}, nil},
		{"javascript", text("questiontext", `<a href="javascript:alert(1)">klik</a> <img src=x onerror=alert(1)>ya`), "klik ya", []string{"lost"}, nil},
		{"formula", text("questiontext", `Nilai \(x^2\)`), `Nilai \\(x^2\\)`, []string{"formula"}, nil},
		{"held gap from a stranger", text("questiontext", "a "+questionbank.HeldGap(0)+"b"), "a 1b", nil, nil},
		{
			"picture that is there",
			`<questiontext format="html"><text><![CDATA[<img src="@@PLUGINFILE@@/a%20b.png?x=1" alt="Teks">]]></text><file name="a b.png" path="/" encoding="base64">` + picture() + "</file></questiontext>",
			"![Teks](media:a_b.png)", nil, []string{"a_b.png"},
		},
		{
			"picture in a folder, without a text",
			`<questiontext format="html"><text><![CDATA[<img src="@@PLUGINFILE@@/x/a.png">]]></text><file name="a.png" path="/x/" encoding="base64">` + picture() + "</file></questiontext>",
			"![](media:a.png)", []string{"import.alt_missing"}, []string{"a.png"},
		},
		{
			"pictures in Markdown",
			`<questiontext format="markdown"><text><![CDATA[<img src="@@PLUGINFILE@@/a.png" alt="x"> ![y](@@PLUGINFILE@@/a.png)]]></text><file name="a.png" encoding="base64">` + picture() + "</file></questiontext>",
			"![x](media:a.png) ![y](media:a.png)", nil, []string{"a.png"},
		},
		{"hidden", text("questiontext", "Lihat") + "<hidden>1</hidden>", "Lihat", []string{"hidden"}, nil},
		{"picture that did not come", text("questiontext", `Lihat <img src="@@PLUGINFILE@@/a.png" alt="peta">`), "Lihat peta", []string{"import.media_missing", "lost"}, nil},
		{
			"picture that is broken", `<questiontext format="html"><text>Lihat</text><file name="a.png" encoding="base64">@@@</file></questiontext>`,
			"Lihat", []string{"file_damaged"}, nil,
		},
		{
			"picture that nobody shows", `<questiontext format="html"><text>Lihat</text><file name="a.png" encoding="base64">` + picture() + "</file></questiontext>",
			"Lihat", []string{"file_unused"}, nil,
		},
		{"picture in the text", text("questiontext", `<img alt="Teks" src="data:image/png;base64,`+picture()+`">`), "![Teks](media:gambar-1.png)", nil, []string{"gambar-1.png"}},
		{"broken picture in the text", text("questiontext", `a <img alt="Teks" src="data:image/png;base64,A">`), "a Teks", []string{"file_damaged", "lost"}, nil},
		{
			"sound behind a link",
			`<questiontext format="html"><text><![CDATA[<a href="@@PLUGINFILE@@/a.mp3">Dengar <b>ini</b></a>]]></text><file name="a.mp3" encoding="base64">QUJD</file></questiontext>`,
			"![Dengar ini](media:a.mp3)", nil, []string{"a.mp3"},
		},
		{
			"Moodle 1.9's picture", text("questiontext", "Lihat") + "<image>folder/a.png</image><image_base64>\n" + picture() + "\n</image_base64>",
			"Lihat\n\n![](media:a.png)", []string{"import.alt_missing"}, []string{"a.png"},
		},
		{"Moodle 1.9's picture elsewhere", text("questiontext", "Lihat") + "<image>a.png</image>", "Lihat", []string{"import.media_missing"}, nil},
	} {
		p := one(t, "description", tt.inner)
		if p.Content.Stem != tt.want {
			t.Errorf("%s: stem %q, want %q", tt.name, p.Content.Stem, tt.want)
		}
		if diff := cmp.Diff(tt.warned, short(p.Warnings)); diff != "" {
			t.Errorf("%s warns (-want +got):\n%s", tt.name, diff)
		}
		for _, f := range p.Warnings {
			if f.At == "" {
				t.Errorf("%s: %v has no place", tt.name, f)
			}
		}
		var files []string
		for _, f := range p.Files {
			files = append(files, f.Name)
		}
		if diff := cmp.Diff(tt.files, files); diff != "" {
			t.Errorf("%s has files (-want +got):\n%s", tt.name, diff)
		}
		if names := p.Content.MediaNames(); !slices.Equal(names, files) {
			t.Errorf("%s names %v", tt.name, names)
		}
	}
}

// Two files of a name are two media; the same file twice is one.
func TestFilesOfOneName(t *testing.T) {
	file := func(data string) string {
		return `<text><![CDATA[<img src="@@PLUGINFILE@@/a.png" alt="x">]]></text><file name="a.png" encoding="base64">` + data + "</file>"
	}
	p := one(t, "multichoice", `<questiontext format="html">`+file("QUJD")+`</questiontext><answer fraction="100" format="html">`+file("QUJD")+
		`</answer><answer fraction="0" format="html">`+file("REVG")+"</answer>")
	options := p.Content.Interactions[0].Options
	if p.Content.Stem != "![x](media:a.png)" || options[0].Text != "![x](media:a.png)" || options[1].Text != "![x](media:a-2.png)" || len(p.Files) != 2 {
		t.Errorf("%q, %q, %q, %d files", p.Content.Stem, options[0].Text, options[1].Text, len(p.Files))
	}
}

func answers(fractions ...string) string {
	var b strings.Builder
	for i, f := range fractions {
		fmt.Fprintf(&b, "<answer fraction=%q format=\"html\"><text>opsi %d</text></answer>", f, i+1)
	}
	return text("questiontext", "Pilih") + b.String()
}

func TestWeights(t *testing.T) {
	for _, tt := range []struct {
		name, inner string
		typ         questionbank.Type
		rule        scoring.Rule
		cap         scoring.Micro
		correct     []string
		warned      []string
		rejected    []string
	}{
		{"one right", answers("0", "100", "-33.33333"), questionbank.Single, scoring.AllOrNothing, 0, []string{"B"}, nil, nil},
		{"several worths", answers("100", "50", "0"), questionbank.SJT, scoring.Graded, 0, nil, nil, nil},
		{"several worths and less", answers("100", "50", "-50"), questionbank.SJT, scoring.Graded, 0, nil, []string{"negative_zero"}, nil},
		{"two wholly right", answers("100", "100", "0"), questionbank.Single, scoring.AllOrNothing, 0, []string{"A", "B"}, []string{"many_full"}, nil},
		{"none right", answers("0", "0"), questionbank.Single, scoring.AllOrNothing, 0, nil, nil, nil},
		{"even", "<single>false</single>" + answers("50", "50", "-100"), questionbank.Multiple, scoring.PerOption, 0, []string{"A", "B"}, nil, nil},
		{"all would pay", "<single>false</single>" + answers("50", "50", "0"), questionbank.Multiple, scoring.PerOption, 0, []string{"A", "B"}, []string{"select_all"}, nil},
		{"uneven", "<single>false</single>" + answers("60", "40", "-100"), questionbank.Multiple, scoring.Mapped, 0, []string{"A", "B"}, nil, nil},
		{"either is enough", "<single>false</single>" + answers("100", "100", "-100", "-100"), questionbank.Multiple, scoring.Mapped, scoring.Point, []string{"A", "B"}, nil, nil},
		{"not in the list", "<single>0</single>" + answers("67", "33", "-100"), questionbank.Multiple, scoring.Mapped, 0, []string{"A", "B"}, []string{"fraction_unlisted", "fraction_unlisted"}, nil},
		{"no number", answers("100", "banyak"), questionbank.Single, scoring.AllOrNothing, 0, []string{"A"}, nil, []string{"fraction_unreadable"}},
		{"not a number", answers("100", "NaN", "1e999"), questionbank.Single, scoring.AllOrNothing, 0, []string{"A"}, nil, []string{"fraction_unreadable", "fraction_unreadable"}},
	} {
		p := one(t, "multichoice", tt.inner)
		in := p.Content.Choice()
		if p.Type != string(tt.typ) || in.Rule != tt.rule || in.Cap != tt.cap || !slices.Equal(in.Correct, tt.correct) {
			t.Errorf("%s: %s %s cap %d %v", tt.name, p.Type, in.Rule, in.Cap, in.Correct)
		}
		if diff := cmp.Diff(tt.warned, short(p.Warnings)); diff != "" {
			t.Errorf("%s warns (-want +got):\n%s", tt.name, diff)
		}
		if diff := cmp.Diff(tt.rejected, short(p.Rejects)); diff != "" {
			t.Errorf("%s rejects (-want +got):\n%s", tt.name, diff)
		}
	}
}

// What Moodle pays for a choice is what we pay.
func TestMoodlePaysAlike(t *testing.T) {
	p := one(t, "multichoice", "<single>false</single>"+answers("100", "100", "-100", "-100"))
	key := p.Content.Key()
	for _, tt := range []struct {
		chosen []int
		want   scoring.Micro
	}{
		{[]int{0}, scoring.Point}, {[]int{0, 1}, scoring.Point}, {[]int{0, 2}, 0}, {[]int{0, 1, 2}, scoring.Point}, {[]int{0, 1, 2, 3}, 0}, {[]int{3}, 0},
	} {
		if got := key.Score(tt.chosen); got != tt.want {
			t.Errorf("%v earns %d, want %d", tt.chosen, got, tt.want)
		}
	}
}

func TestGradingTypes(t *testing.T) {
	for _, g := range gradingTypes {
		for _, text := range []string{g.name, g.number} {
			p := one(t, "ordering", answers("1", "2", "3")+"<gradingtype>"+text+"</gradingtype>")
			if got := p.Content.Choice().Rule; got != g.rule {
				t.Errorf("%s: %s, want %s", text, got, g.rule)
			}
			if warned := len(p.Warnings) > 0; warned == g.exact {
				t.Errorf("%s: warnings %v", text, short(p.Warnings))
			}
			if _, _, file := trip(t, p.Content); !strings.Contains(file, "<gradingtype>"+g.name+"</gradingtype>") {
				t.Errorf("%s goes out otherwise:\n%s", text, file)
			}
		}
	}
	p := one(t, "ordering", answers("1", "2", "3")+"<selecttype>RANDOM</selecttype><selectcount>2</selectcount>")
	if diff := cmp.Diff([]string{"selection"}, short(p.Warnings)); diff != "" {
		t.Error(diff)
	}
}

func TestOddQuestions(t *testing.T) {
	drop := `<drop><shape>hexagon</shape><coords>1,2</coords><choice>1</choice></drop>`
	for _, tt := range []struct {
		name, qtype, inner string
		typ                string
		warned, rejected   []string
	}{
		{"calculated", "calculatedmulti", text("questiontext", "{a}+{b}"), questionbank.Unsupported, nil, []string{"calculated"}},
		{"true and false in other words", "truefalse", text("questiontext", "x") + `<answer fraction="100"><text>Oui</text></answer><answer fraction="0"><text>Non</text></answer>`, "truefalse", []string{"truth_unreadable", "truth_unreadable"}, nil},
		{"both true", "truefalse", text("questiontext", "x") + `<answer fraction="100"><text>true</text></answer><answer fraction="100"><text>false</text></answer>`, "truefalse", []string{"many_full"}, nil},
		{"pair without an answer", "matching", text("questiontext", "x") + `<subquestion><text>a</text><answer><text></text></answer></subquestion>`, "match", []string{"pair_without_answer"}, nil},
		{"gap without a word", "gapselect", text("questiontext", "x [[7]]") + `<selectoption><text>a</text></selectoption>`, "cloze", nil, []string{"gap_without_word", "no_gap"}},
		{"no gaps", "cloze", text("questiontext", "x"), "cloze", nil, []string{"cloze.no_answer"}},
		{"no background", "ddmarker", text("questiontext", "x") + drop, "hotspot", nil, []string{"image_missing", "area_unreadable"}},
		{"worth that is none", "description", text("questiontext", "x") + "<defaultgrade>-1</defaultgrade>", "info", []string{"number_ignored"}, nil},
		{"element of a plugin", "essay", text("questiontext", "x") + "<plagiarism><level>2</level></plagiarism>", "essay", []string{"element_lost"}, nil},
		{"attachments", "essay", text("questiontext", "x") + "<attachmentsrequired>1</attachmentsrequired>", "essay", []string{"attachments"}, nil},
	} {
		p := one(t, tt.qtype, tt.inner)
		if p.Type != tt.typ {
			t.Errorf("%s: type %q, want %q", tt.name, p.Type, tt.typ)
		}
		if diff := cmp.Diff(tt.warned, short(p.Warnings)); diff != "" {
			t.Errorf("%s warns (-want +got):\n%s", tt.name, diff)
		}
		if diff := cmp.Diff(tt.rejected, short(p.Rejects)); diff != "" {
			t.Errorf("%s rejects (-want +got):\n%s", tt.name, diff)
		}
	}
}

// Plugins' questions are named, not counted; statements that our rule would
// mark otherwise are among them.
func TestSkippedQuestions(t *testing.T) {
	for _, source := range []string{
		quiz("stack", text("questiontext", "x")), quiz("", text("questiontext", "x")),
		quiz("kprime", text("questiontext", "x")+"<scoringmethod><text>kprimeonezero</text></scoringmethod>"),
	} {
		parsed, err := Read(questionbank.Input{Content: []byte(source)})
		if err != nil || len(parsed.Items) != 0 {
			t.Errorf("%d items, %v: %s", len(parsed.Items), err, source)
		}
		if diff := cmp.Diff([]string{"type_skipped"}, short(parsed.Messages)); diff != "" || parsed.Messages[0].At != "baris 3" {
			t.Errorf("%s (-want +got):\n%s", source, diff)
		}
	}
	p := one(t, "kprime", text("questiontext", "x")+`<scoringmethod><text>subpoints</text></scoringmethod><row number="1"><optiontext><text>a</text></optiontext></row>`+
		`<column number="1"><responsetext><text>ya</text></responsetext></column><column number="2"><responsetext><text>tidak</text></responsetext></column>`+
		`<weight rownumber="1" columnnumber="2"><value> 1.000 </value></weight><weight rownumber="9" columnnumber="2"><value>1</value></weight>`)
	if got := p.Content.Choice().Correct; p.Type != "matrix" || !slices.Equal(got, []string{"A 2"}) {
		t.Errorf("%s %v", p.Type, got)
	}
}

func TestCodes(t *testing.T) {
	q := func(id string) string {
		return `<question type="description"><name><text>n</text></name><questiontext><text>x</text></questiontext><idnumber>` + id + "</idnumber></question>"
	}
	parsed, err := Read(questionbank.Input{Content: []byte("<quiz>" + q("A1-3") + q("a1-3") + q("dua kata") + q("") + "</quiz>")})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, p := range parsed.Items {
		got = append(got, p.Code+"|"+extraOf(p.Content).IDNumber+"|"+strings.Join(short(p.Warnings), ","))
	}
	if diff := cmp.Diff([]string{"A1-3||", "|a1-3|idnumber_kept", "|dua kata|idnumber_kept", "||"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	back, _, _ := trip(t, parsed.Items[2].Content)
	if p := back.Items[0]; p.Code != "A1-1" || extraOf(p.Content).IDNumber != "dua kata" {
		t.Errorf("code %q, idnumber %q", p.Code, extraOf(p.Content).IDNumber)
	}
}

func TestCategories(t *testing.T) {
	for _, tt := range []struct{ path, want string }{
		{"$course$/top/Bab 1/Sub", "Bab 1/Sub"}, {"$system$/Bab", "Bab"}, {"top", ""}, {"Bab // dua/ Sub ", "Bab // dua/Sub"}, {"/Bab", "Bab"}, {"", ""}, {"$module$/top/Default for X", "Default for X"},
	} {
		if got := category(tt.path); got != tt.want {
			t.Errorf("%q is %q, want %q", tt.path, got, tt.want)
		}
	}
}

// A change made in Moodle wins over what our writer noted in a tag.
func TestChangedInMoodle(t *testing.T) {
	c := questionbanktest.Sample(questionbank.SJT)
	_, _, file := trip(t, c)
	if !strings.Contains(file, "cakap:points=1,2,3,4") {
		t.Fatalf("no note of the points:\n%s", file)
	}
	for _, tt := range []struct{ old, new string }{
		{`fraction="25"`, `fraction="20"`}, {"cakap:points=1,2,3,4", "cakap:points=1,2,3"}, {"cakap:points=1,2,3,4", "cakap:points=1,2,x,4"}, {"cakap:points=1,2,3,4", "cakap:points=4,3,2,1"},
	} {
		parsed, err := Read(questionbank.Input{Content: []byte(strings.Replace(file, tt.old, tt.new, 1))})
		if err != nil {
			t.Fatal(err)
		}
		if got := parsed.Items[0].Content.Choice().Options[3].Points; got != scoring.Point {
			t.Errorf("%s: the best option has %d points, want Moodle's 100 %%", tt.new, got)
		}
	}
}
