package jsonsoal

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cakap/internal/fault"
	"cakap/internal/locale"
	"cakap/questionbank"
	"cakap/questionbank/format/conformance"
)

func read(t *testing.T, content string) questionbank.Parsed {
	t.Helper()
	parsed, err := Read(questionbank.Input{Name: "soal.json", Content: []byte(content)})
	if err != nil {
		t.Fatalf("%s: %v", content, err)
	}
	return parsed
}

// shown is an item as a line: type, options, key, then what was said about it.
func shown(p questionbank.ParsedItem) string {
	var b strings.Builder
	in := p.Content.Normalise().Choice()
	fmt.Fprintf(&b, "%s %q", p.Type, p.Content.Stem)
	for _, o := range in.Options {
		fmt.Fprintf(&b, " %s=%s", o.ID, o.Text)
		if o.Points != 0 {
			fmt.Fprintf(&b, "(%d)", o.Points/1_000_000)
		}
	}
	for _, t := range in.Texts {
		b.WriteString(" ~" + t.Text)
	}
	for _, n := range in.Numbers {
		b.WriteString(" #" + n.Value)
	}
	fmt.Fprintf(&b, " %v", in.Correct)
	for _, f := range append(p.Rejects, p.Warnings...) {
		fmt.Fprintf(&b, " !%s@%s", strings.TrimPrefix(f.Key, "questionbank."), f.At)
	}
	return b.String()
}

func TestShapes(t *testing.T) {
	for _, tt := range []struct{ name, content, want string }{
		{"Indonesian, from 0", `[{"pertanyaan":"Apa itu?","pilihan":["x","y"],"jawaban":0}]`, `single "Apa itu?" A=x B=y [A]`},
		{"English with a letter", `{"questions":[{"question":"What?","options":["x","y","z"],"answer":"C"}]}`, `single "What?" A=x B=y C=z [C]`},
		{"the text is the key", `[{"question":"What?","options":["10","2"],"answer":"2"}]`, `single "What?" A=10 B=2 [B]`},
		{"a letter that is an option", `[{"question":"What?","options":["B","A"],"answer":"A"}]`, `single "What?" A=B B=A [B]`},
		{"options by letter", `[{"soal":"Apa?","opsi":{"A":"x","B":"y"},"kunci":"b"}]`, `single "Apa?" A=x B=y [B]`},
		{"options beside the stem", `[{"soal":"Apa?","opsi_a":"x","opsi_b":"y","opsi_c":"z","kunci_jawaban":"A,C"}]`, `multiple "Apa?" A=x B=y C=z [A C]`},
		{"options with marks", `[{"text":"Apa?","answers":[{"text":"x","isCorrect":false},{"text":"y","isCorrect":true}]}]`, `single "Apa?" A=x B=y [B]`},
		{"several marks", `[{"text":"Apa?","options":[{"text":"x","benar":1},{"text":"y","benar":0},{"text":"z","benar":1}]}]`, `multiple "Apa?" A=x B=y C=z [A C]`},
		{"worth of options", `[{"soal":"Apa?","pilihan":[{"teks":"x","nilai":1},{"teks":"y","nilai":5},{"teks":"z","nilai":3}]}]`, `sjt "Apa?" A=x(1) B=y(5) C=z(3) []`},
		{"one option is worth all", `[{"soal":"Apa?","pilihan":[{"teks":"x","skor":0},{"teks":"y","skor":5}]}]`, `single "Apa?" A=x B=y [B]`},
		{"a list is the key", `[{"question":"What?","options":["x","y","z"],"correct":[0,2]}]`, `multiple "What?" A=x B=y C=z [A C]`},
		{"wrong ones apart", `{"results":[{"question":"What?","correct_answer":"x","incorrect_answers":["y","z"],"type":"multiple"}]}`, `multiple "What?" A=x B=y C=z [A]`},
		{"a boolean", `[{"question":"Is it?","answer":false}]`, `truefalse "Is it?" A=Benar B=Salah [B]`},
		{"a statement", `[{"soal":"Betul?","pilihan":["Benar","Salah"],"jawaban":1}]`, `truefalse "Betul?" A=Benar B=Salah [B]`},
		{"a text", `[{"soal":"Ibu kota?","jawaban":"Jakarta"}]`, `short "Ibu kota?" ~Jakarta []`},
		{"texts", `[{"soal":"Ibu kota?","tipe":"isian","jawaban":["Jakarta","DKI"]}]`, `short "Ibu kota?" ~Jakarta ~DKI []`},
		{"a number", `[{"soal":"Berapa?","jawaban":12.5}]`, `numeric "Berapa?" #12.5 []`},
		{"an essay", `[{"soal":"Jelaskan.","tipe":"esai"}]`, `essay "Jelaskan." []`},
		{"lettered options", `[{"soal":"Apa?","pilihan":["A. x","B. y"],"jawaban":"A"}]`, `single "Apa?" A=x B=y [A]`},
		{"markup is text", `[{"soal":"Apa <b> itu *?","pilihan":["<p>","</p>"],"jawaban":0}]`, `single "Apa \\<b> itu \\*?" A=<p> B=</p> [A]`},
		{"markup was meant", `[{"soal":"<p>Apa <b>itu</b>?<script>x</script></p>","pilihan":["x","y"],"jawaban":0}]`, `single "Apa **itu**?" A=x B=y [A] !jsonsoal.html_lost@baris 1`},
		{"out of range", "[\n{\"soal\":\"Apa?\",\n\"pilihan\":[\"x\",\"y\"],\n\"jawaban\":0},{\"soal\":\"Apa lagi?\",\"pilihan\":[\"x\",\"y\"],\n\"jawaban\":2}]", `single "Apa?" A=x B=y [A]` + "\n" + `single "Apa lagi?" A=x B=y [] !jsonsoal.key_range@baris 5`},
		{"no key", `[{"soal":"Apa?","pilihan":["x","y"]}]`, `single "Apa?" A=x B=y [] !key_empty@baris 1`},
		{"a key that says nothing", `[{"soal":"Apa?","pilihan":["x","y"],"jawaban":"entah"}]`, `single "Apa?" A=x B=y [] !import.key_unreadable@baris 1`},
		{"a letter too far", `[{"soal":"Apa?","pilihan":["x","y"],"jawaban":"D"}]`, `single "Apa?" A=x B=y [] !key_no_option@baris 1`},
		{"an unknown kind", `[{"soal":"Apa?","tipe":"matching","pilihan":["x","y"]}]`, `unsupported "Apa?" [] !jsonsoal.type_unsupported@baris 1`},
		{"no object among them", `[{"soal":"Apa?","jawaban":"x"},7]`, `short "Apa?" ~x []` + "\n" + `unsupported "" [] !jsonsoal.no_object@baris 1`},
		{"a picture that is not there", `[{"soal":"Apa?","gambar":"https://x/y.png","jawaban":"x"}]`, `short "Apa?" ~x [] !import.media_missing@baris 1`},
		{"an empty picture", `[{"soal":"Apa?","gambar":"","jawaban":"x"}]`, `short "Apa?" ~x []`},
		{"a broken picture", `[{"soal":"Apa?","gambar":"data:image/png;base64,??","jawaban":"x"}]`, `short "Apa?" ~x [] !jsonsoal.picture_broken@baris 1`},
	} {
		parsed := read(t, tt.content)
		lines := make([]string, len(parsed.Items))
		for i, p := range parsed.Items {
			lines[i] = shown(p)
			if !json.Valid(p.Raw) {
				t.Errorf("%s: raw is %q", tt.name, p.Raw)
			}
			for _, f := range append(p.Rejects, p.Warnings...) {
				if !locale.Has(f.Key) && f.Key != "questionbank.import.alt_missing" {
					t.Errorf("%s has no text", f.Key)
				}
			}
		}
		if diff := cmp.Diff(tt.want, strings.Join(lines, "\n")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

// Numbers as keys count from 0 or from 1, and the file as a whole says which.
func TestCounting(t *testing.T) {
	entry := func(name string, key int) string {
		return fmt.Sprintf(`{"soal":"Apa %d?","pilihan":["x","y","z"],"%s":%d}`, key, name, key)
	}
	for _, tt := range []struct {
		name, content, want string
		message             bool
	}{
		{"a nought", "[" + entry("jawaban", 2) + "," + entry("jawaban", 0) + "]", "C A", false},
		{"as many as options", "[" + entry("jawaban", 1) + "," + entry("jawaban", 3) + "]", "A C", true},
		{"no proof", "[" + entry("jawaban", 1) + "," + entry("jawaban", 2) + "]", "B C", true},
		{"the name says it", "[" + entry("correctIndex", 1) + "]", "B", false},
	} {
		parsed := read(t, tt.content)
		var keys []string
		for _, p := range parsed.Items {
			keys = append(keys, p.Content.Choice().Correct...)
		}
		if got := strings.Join(keys, " "); got != tt.want || (len(parsed.Messages) > 0) != tt.message {
			t.Errorf("%s: %s with %v, want %s", tt.name, got, parsed.Messages, tt.want)
		}
	}
}

func TestRestOfAQuestion(t *testing.T) {
	p := read(t, `{"teknis": {"dasar": [{"id": 7, "soal": "Apa?", "pilihan": ["x", "y"], "jawaban": 0, "pembahasan": "Sebab.", "level": "L3", "aspek": "A2",
		"kode": "A2-7", "tags": ["a", "b"], "warna": "merah", "gambar": "data:image/png;base64,iVBORw0KGgo="}]}}`)
	got := p.Items[0]
	c := got.Content
	if c.Rationale != "Sebab." || c.Level != questionbank.L3 || got.Aspect.Code() != "A2" || got.Code != "A2-7" || c.Category != "teknis/dasar" || len(c.Tags) != 2 {
		t.Errorf("got %+v of %s", c, got.Code)
	}
	if len(got.Files) != 1 || got.Files[0].Name != "gambar.png" || !strings.HasPrefix(string(got.Files[0].Data), "\x89PNG") || c.Stem != "Apa?\n\n![](media:gambar.png)" {
		t.Errorf("the picture came as %+v in %q", got.Files, c.Stem)
	}
	if len(p.Messages) != 1 || fmt.Sprint(p.Messages[0].Args) != "[warna]" {
		t.Errorf("messages %v", p.Messages)
	}
}

func TestRefusals(t *testing.T) {
	deep := strings.Repeat("[", 100) + strings.Repeat("]", 100)
	for _, tt := range []struct {
		content, key, at string
		kind             fault.Kind
	}{
		{"", "no_json", "", fault.Unsupported}, {"[html]<p>Apa? {T}", "no_json", "", fault.Unsupported}, {"{T}", "no_json", "", fault.Unsupported}, {"Apa? {=a ~b}", "no_json", "", fault.Unsupported},
		{"{\"a\":\n[1,}", "broken", "baris 2", fault.Invalid}, {`[{"soal":"x"}] 7`, "broken", "baris 1", fault.Invalid}, {`[{"soal":"x"`, "broken", "baris 1", fault.Invalid},
		{`{"a":[1,2]}`, "no_questions", "", fault.Unsupported}, {deep, "too_large", "baris 1", fault.TooLarge},
		{"[" + strings.Repeat(`"",`, maxValues+1) + `""]`, "too_large", "baris 1", fault.TooLarge},
	} {
		_, err := Read(questionbank.Input{Content: []byte(tt.content)})
		f := fault.Of(err)
		if f == nil || f.Key != "questionbank.jsonsoal."+tt.key || f.At != tt.at || f.Kind != tt.kind || !locale.Has(f.Key) {
			t.Errorf("%.40s: %v, want %s at %s", tt.content, err, tt.key, tt.at)
		}
	}
}

const corpus = "../../../../shared/corpus"

func corpusFile(t testing.TB) []byte {
	content, err := os.ReadFile(filepath.Join(corpus, "json_soal", "vyc1224__soal.json"))
	if err != nil {
		t.Skipf("the corpus is not here: %v", err)
	}
	return content
}

func TestCorpus(t *testing.T) {
	parsed := read(t, string(corpusFile(t)))
	sections, rejected := map[string]int{}, []string{}
	for _, p := range parsed.Items {
		sections[p.Content.Category]++
		c := p.Content.Normalise()
		c.Indicator, c.Level = "A1.1", questionbank.L2
		if err := c.Validate(); err != nil && len(p.Rejects) == 0 {
			t.Errorf("%s: %v", p.At, err)
		}
		for _, f := range p.Rejects {
			rejected = append(rejected, f.Key+" "+f.At)
		}
	}
	if diff := cmp.Diff(map[string]int{"teknis": 313, "manajerial": 155, "sosio_kultural": 110, "wawancara": 87}, sections); diff != "" {
		t.Errorf("sections (-want +got):\n%s", diff)
	}
	if len(rejected) != 1 || !strings.HasPrefix(rejected[0], "questionbank.jsonsoal.key_range baris ") {
		t.Errorf("rejected %v", rejected)
	}
	rows, err := conformance.Run(corpus, Read)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		if strings.HasPrefix(row.File, "json_soal/") && !row.Equal {
			t.Errorf("%s: %s", row.File, row.Why)
		}
	}
}

// Damage anywhere ends in a refusal or in other questions, never in a panic.
func TestDamage(t *testing.T) {
	data := []byte(`{"a": [{"soal": "Apa?", "pilihan": ["x", "y"], "jawaban": 0}, {"soal": "Apa?", "pilihan": {"A": 1, "B": null}, "jawaban": ["A", 2]}, {"question": "x", "answers": [{"text": 1, "points": -2}], "type": "sjt"}]}`)
	try := func(content []byte) {
		if _, err := Read(questionbank.Input{Content: content}); err != nil && fault.Of(err) == nil {
			t.Errorf("%q: an internal error: %v", content, err)
		}
	}
	for i := range 21 {
		try(data[:len(data)*i/21])
	}
	rng := rand.New(rand.NewPCG(1, 2))
	for range 1000 {
		bad := append([]byte(nil), data...)
		for range 1 + len(bad)/100 {
			bad[rng.IntN(len(bad))] = byte(rng.Uint32())
		}
		try(bad)
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(`[{"soal":"Apa?","pilihan":[{"teks":"x","nilai":1},{"teks":"y","nilai":5}]},{"soal":"x","jawaban":[0,"A",true,null]}]`))
	f.Add([]byte(`{"q":[{"question":"x","a":"1","b":"2","answer":"B"}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		parsed, err := Read(questionbank.Input{Content: data})
		if err != nil && fault.Of(err) == nil {
			t.Fatalf("an internal error: %v", err)
		}
		for _, p := range parsed.Items {
			c := p.Content.Normalise()
			c.Indicator, c.Level = "A1.1", questionbank.L1
			if len(p.Rejects) == 0 && c.Validate() == nil && !c.Key().Valid() {
				t.Fatalf("accepted without a key that scores: %s", c.JSON())
			}
		}
	})
}
