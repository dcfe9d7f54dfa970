package qti12

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cakap/internal/fault"
	"cakap/questionbank"
	"cakap/questionbank/questionbanktest"
)

var update = flag.Bool("update", false, "write the golden files anew")

var fixtures = []string{"canvas.xml", "classic.xml", "pool.dat", "upload.txt"}

func fixture(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func parsed(t *testing.T, data []byte) questionbank.Parsed {
	t.Helper()
	p, err := Format().Read(questionbank.Input{Name: "x", Content: data})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// described is a file as people compare it.
func described(p questionbank.Parsed) string {
	var b strings.Builder
	for _, f := range p.Messages {
		fmt.Fprintf(&b, "pesan %v\n", f)
	}
	for _, item := range p.Items {
		fmt.Fprintf(&b, "== %s %s (%d berkas)\n", item.At, item.Type, len(item.Files))
		c := item.Content.Normalise()
		for _, part := range []struct{ name, text string }{
			{"judul", c.Title}, {"kategori", c.Category}, {"stem", c.Stem}, {"pembahasan", c.Rationale},
		} {
			if part.text != "" {
				fmt.Fprintf(&b, "%s: %s\n", part.name, strings.ReplaceAll(part.text, "\n", "⏎"))
			}
		}
		if c.Worth != 0 {
			fmt.Fprintf(&b, "bobot: %d\n", c.Worth)
		}
		if c.Feedback != nil {
			fmt.Fprintf(&b, "umpan balik: %+v\n", *c.Feedback)
		}
		for _, in := range c.Interactions {
			text, _ := json.Marshal(in)
			fmt.Fprintf(&b, "%s\n", text)
		}
		for _, f := range item.Rejects {
			fmt.Fprintf(&b, "TOLAK %s %v\n", f.Field, f)
		}
		for _, f := range item.Warnings {
			fmt.Fprintf(&b, "ingat %s %v\n", f.Field, f)
		}
	}
	return b.String()
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

func TestFixtures(t *testing.T) {
	for _, name := range fixtures {
		golden(t, name, described(parsed(t, fixture(t, name))))
	}
}

// What was read without a reject is an item that can be saved once it is known
// what it is about.
func TestAcceptedItemsAreValid(t *testing.T) {
	for _, name := range fixtures {
		for _, item := range parsed(t, fixture(t, name)).Items {
			c := item.Content.Normalise()
			c.Indicator, c.Level = "A1.1", questionbank.L1
			c = c.Normalise()
			if err := c.Validate(); len(item.Rejects) == 0 && err != nil {
				t.Errorf("%s %s: %v", name, item.At, fault.Of(err).Faults)
			}
			if len(item.Raw) == 0 {
				t.Errorf("%s %s has no source", name, item.At)
			}
		}
	}
}

func zipped(t testing.TB, files ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(files); i += 2 {
		w, err := z.Create(files[i])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(files[i+1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

const tiny = `<questestinterop><item title="%s"><presentation><material><mattext>Soal?</mattext></material></presentation></item></questestinterop>`

const manifest = `<manifest><resources>
<resource type="imsqti_xmlv1p2/imscc_xmlv1p1/assessment"><file href="b/assessment_qti.xml"/></resource>
<resource type="imsqti_xmlv1p2" href="hilang.xml"/>
<resource type="webcontent" href="web_resources/gambar/lembar sebar.png"/>
<resource><file href="z.xml"/><file href="a.xml"/></resource>
</resources></manifest>`

func TestPackage(t *testing.T) {
	data := zipped(t,
		"imsmanifest.xml", manifest,
		"a.xml", fmt.Sprintf(tiny, "a"), "z.xml", fmt.Sprintf(tiny, "z"), "rusak.xml", "<questestinterop><item>",
		"b/assessment_qti.xml", fmt.Sprintf(tiny, "salinan"), "b/assessment_meta.xml", "<quiz/>",
		"non_cc_assessments/b.xml.qti", string(fixture(t, "canvas.xml")),
		"web_resources/gambar/lembar sebar.png", string(questionbanktest.Picture()))
	p := parsed(t, data)
	var titles []string
	for _, item := range p.Items {
		titles = append(titles, item.Content.Title)
	}
	if got, want := strings.Join(titles[:3], " "), "z a Soal 1"; got != want {
		t.Errorf("order of the items: %s, want %s", got, want)
	}
	if strings.Contains(strings.Join(titles, " "), "salinan") {
		t.Error("the Common Cartridge copy was read beside Canvas' own")
	}
	first := p.Items[2]
	if len(first.Files) != 1 || !bytes.Equal(first.Files[0].Data, questionbanktest.Picture()) || first.Files[0].Name != "lembar_sebar.png" {
		t.Errorf("files of the first question: %d", len(first.Files))
	}
	if want := "![Lembar sebar](media:lembar_sebar.png)"; !strings.Contains(first.Content.Stem, want) {
		t.Errorf("stem %q, want %s in it", first.Content.Stem, want)
	}
	if !strings.HasPrefix(first.At, "non_cc_assessments/b.xml.qti baris ") {
		t.Errorf("place %q", first.At)
	}
	var keys []string
	for _, f := range p.Messages {
		keys = append(keys, f.At+" "+f.Key)
	}
	want := []string{"imsmanifest.xml questionbank.zip.missing", "rusak.xml baris 1 questionbank.xml.broken"}
	if diff := cmp.Diff(want, keys); diff != "" {
		t.Errorf("messages (-want +got):\n%s", diff)
	}
}

func TestOtherKinds(t *testing.T) {
	for name, data := range map[string][]byte{
		"empty": {}, "text": []byte("1. Soal?\nA. satu\n"), "QTI 2": []byte(`<assessmentItem/>`), "Moodle": []byte(`<quiz><question/></quiz>`),
		"inside":     []byte(`<rss><questestinterop/></rss>`),
		"other zip":  zipped(t, "imsmanifest.xml", "<manifest/>", "item.xml", "<assessmentItem/>"),
		"TSV":        []byte("M=MODULE\tmodule_enabled\tmodule_name\n"),
		"tabs":       []byte("MCX\ta\tb"),
		"mentioning": []byte("<html><body>&lt;questestinterop></body></html>"),
	} {
		_, err := Format().Read(questionbank.Input{Content: data})
		if fault.KindOf(err) != fault.Unsupported {
			t.Errorf("%s: %v, want that it is of another kind", name, err)
		}
	}
}

func TestBrokenFiles(t *testing.T) {
	for name, data := range map[string]string{
		"cut off":  "<questestinterop><item>",
		"entities": `<!DOCTYPE q [<!ENTITY x SYSTEM "file:///etc/passwd">]><questestinterop>&x;</questestinterop>`,
	} {
		_, err := Format().Read(questionbank.Input{Content: []byte(data)})
		if k := fault.KindOf(err); k == fault.Unsupported || k == fault.Internal {
			t.Errorf("%s: %v", name, err)
		}
	}
	p := parsed(t, []byte("<questestinterop/>"))
	if len(p.Messages) != 1 || p.Messages[0].Key != "questionbank.qti12.no_items" {
		t.Errorf("messages of an empty file: %v", p.Messages)
	}
}

// Conditions beyond number are not judged for minutes.
func TestBudget(t *testing.T) {
	var b strings.Builder
	b.WriteString(`<questestinterop>`)
	for range 40 {
		b.WriteString(`<item><presentation><response_lid ident="r" rcardinality="Multiple"><render_choice>`)
		for i := range 12 {
			fmt.Fprintf(&b, `<response_label ident="%d"><material><mattext>o%d</mattext></material></response_label>`, i, i)
		}
		b.WriteString(`</render_choice></response_lid></presentation><resprocessing><respcondition><conditionvar><and>`)
		for range 2000 {
			b.WriteString(`<not><varequal respident="r">x</varequal></not>`)
		}
		b.WriteString(`</and></conditionvar><setvar>1</setvar></respcondition></resprocessing></item>`)
	}
	b.WriteString(`</questestinterop>`)
	r := &reader{budget: 100_000}
	if err := r.readXML([]byte(b.String())); err != nil {
		t.Fatal(err)
	}
	last := r.parsed.Items[len(r.parsed.Items)-1]
	if len(r.parsed.Items) != 40 || len(last.Rejects) == 0 || last.Rejects[len(last.Rejects)-1].Key != "questionbank.qti12.too_complex" {
		t.Errorf("%d items, the last refused for %v", len(r.parsed.Items), last.Rejects)
	}
}

// Whatever is cut off or damaged is refused or read in part, and nothing panics.
func TestDamagedFiles(t *testing.T) {
	for _, name := range fixtures {
		data := fixture(t, name)
		for i := range 20 {
			_, _ = Format().Read(questionbank.Input{Content: data[:len(data)*i/20]})
		}
		flipped := bytes.Clone(data)
		for i := 7; i < len(flipped); i += 100 {
			flipped[i] ^= byte(i)
		}
		_, _ = Format().Read(questionbank.Input{Content: flipped})
	}
	z := zipped(t, "a.xml", string(fixture(t, "canvas.xml")))
	for i := range 20 {
		_, _ = Format().Read(questionbank.Input{Content: z[:len(z)*i/20]})
	}
}

func FuzzRead(f *testing.F) {
	for _, name := range fixtures {
		f.Add(fixture(f, name))
	}
	f.Add(zipped(f, "a.xml", string(fixture(f, "canvas.xml"))))
	if data, err := os.ReadFile(filepath.Join(corpus, "blackboard", "moodle__sample_blackboard_qti.dat")); err == nil {
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := Format().Read(questionbank.Input{Content: data})
		if err != nil && fault.Of(err) == nil {
			t.Fatalf("an error that is no fault: %v", err)
		}
		for _, item := range p.Items {
			_ = item.Content.Normalise().Validate()
			_ = item.Content.JSON()
		}
	})
}
