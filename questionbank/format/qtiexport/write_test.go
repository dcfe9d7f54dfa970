package qtiexport

import (
	"bytes"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cakap/questionbank"
	"cakap/questionbank/format/pack"
	"cakap/questionbank/format/tree"
	"cakap/questionbank/questionbanktest"
	"cakap/scoring"
)

var update = flag.Bool("update", false, "write the golden files anew")

func media(sha256 string) ([]byte, error) {
	if sha256 == questionbanktest.PictureSHA256 {
		return questionbanktest.Picture(), nil
	}
	return nil, errors.New("no such file")
}

func bank(contents ...questionbank.Content) questionbank.Export {
	e := questionbank.Export{Media: media}
	for i, c := range contents {
		e.Items = append(e.Items, questionbank.Exported{Code: "A1-" + string(rune('a'+i)) + "/" + string(c.Type), Content: c})
	}
	return e
}

// written is the package as its files by name, and the losses by key.
func written(t *testing.T, f questionbank.Format, e questionbank.Export) (*pack.Pack, []string) {
	t.Helper()
	var b bytes.Buffer
	losses, err := f.Write(&b, e)
	if err != nil {
		t.Fatal(err)
	}
	var keys []string
	for _, l := range losses {
		keys = append(keys, l.At+" "+strings.TrimPrefix(l.Key, "questionbank.qtiexport."))
	}
	p, err := pack.Open(b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	return p, keys
}

func read(t *testing.T, p *pack.Pack, name string) string {
	t.Helper()
	data, err := p.Read(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestGolden(t *testing.T) {
	for name, f := range map[string]questionbank.Format{"qti21": Format21(), "qti30": Format30()} {
		p, _ := written(t, f, bank(questionbanktest.Samples()...))
		var got strings.Builder
		for _, file := range p.Names() {
			if strings.HasSuffix(file, ".xml") {
				got.WriteString("== " + file + "\n" + read(t, p, file))
			}
		}
		golden := filepath.Join("testdata", name+".txt")
		if *update {
			if err := os.WriteFile(golden, []byte(got.String()), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), got.String()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// The same items give the same bytes.
func TestDeterministic(t *testing.T) {
	var first []byte
	for range 3 {
		var b bytes.Buffer
		if _, err := Format30().Write(&b, bank(questionbanktest.Samples()...)); err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = b.Bytes()
		}
		if !bytes.Equal(first, b.Bytes()) {
			t.Fatal("two packages of the same items differ")
		}
	}
}

// Every file that an item or the manifest names is in the package, every
// identifier that a key names is declared.
func TestPackageIsWhole(t *testing.T) {
	for _, f := range []questionbank.Format{Format21(), Format30()} {
		p, _ := written(t, f, bank(questionbanktest.Samples()...))
		manifest, err := tree.Parse([]byte(read(t, p, "imsmanifest.xml")))
		if err != nil {
			t.Fatal(err)
		}
		resources := manifest.Find("resources").All("resource")
		if len(resources) != len(questionbank.Types) {
			t.Errorf("%s: %d resources, want %d", f.Name, len(resources), len(questionbank.Types))
		}
		for _, r := range resources {
			for _, file := range r.All("file") {
				if !p.Has(file.Get("href")) {
					t.Errorf("%s: %s is not in the package", f.Name, file.Get("href"))
				}
			}
			checkItem(t, f.Name, read(t, p, r.Get("href")))
		}
	}
}

func checkItem(t *testing.T, format, source string) {
	t.Helper()
	item, err := tree.Parse([]byte(source))
	if err != nil {
		t.Fatalf("%s: %v\n%s", format, err, source)
	}
	known, declared := map[string]bool{}, map[string]bool{}
	item.Walk(func(n *tree.Node) bool {
		if id := n.Get("identifier"); id != "" {
			known[id] = true
		}
		if strings.HasSuffix(n.Name, "Declaration") || strings.HasSuffix(n.Name, "-declaration") {
			declared[n.Get("identifier")] = true
		}
		return true
	})
	item.Walk(func(n *tree.Node) bool {
		for _, name := range []string{"responseIdentifier", "response-identifier"} {
			if id := n.Get(name); id != "" && !declared[id] {
				t.Errorf("%s: %s answers to %s, which is not declared", format, n.Name, id)
			}
		}
		base := n.Get("baseType") + n.Get("base-type")
		if strings.HasSuffix(n.Name, "esponseDeclaration") || strings.HasSuffix(n.Name, "response-declaration") {
			for _, v := range append(n.Descendants("value"), n.Descendants("qti-value")...) {
				for word := range strings.FieldsSeq(v.Content()) {
					if (base == "identifier" || base == "directedPair") && !known[word] {
						t.Errorf("%s: the key names %s, which is nowhere", format, word)
					}
				}
			}
		}
		return true
	})
	if strings.Contains(source, `style="`) || strings.Contains(source, "<script") {
		t.Errorf("%s: the item holds markup that QTI has not:\n%s", format, source)
	}
}

func TestLosses(t *testing.T) {
	short := questionbanktest.Sample(questionbank.Short)
	order := questionbanktest.Sample(questionbank.Order)
	order.Interactions[0].Rule = scoring.OrderLongestRun
	order.Worth = 3 * scoring.Point
	info := questionbanktest.Sample(questionbank.Info)
	info.Media = []questionbank.Media{{Name: "hilang.png", SHA256: strings.Repeat("0", 64), MIME: "image/png", Alt: "x"}}
	broken := questionbanktest.Sample(questionbank.Single)
	broken.Interactions[0].Kind = "hologram"
	_, got := written(t, Format21(), bank(short, order, info, broken))
	want := []string{
		"A1-a/short wildcard", "A1-a/short reasons", "A1-b/order order", "A1-b/order reasons", "A1-b/order worth",
		"A1-c/info media", "A1-d/single skipped",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("losses (-want +got):\n%s", diff)
	}
}

func TestIdentifiers(t *testing.T) {
	c := questionbanktest.Sample(questionbank.Single)
	same := questionbank.Export{Items: []questionbank.Exported{{Code: "A1/1", Content: c}, {Code: "a1_1", Content: c}, {Code: "1", Content: c}, {Content: c}}}
	p, _ := written(t, Format21(), same)
	want := []string{"imsmanifest.xml", "items/A1_1.xml", "items/a1_1_2.xml", "items/item-4.xml", "items/item_1.xml"}
	if diff := cmp.Diff(want, p.Names()); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	in := questionbank.Interaction{Options: []questionbank.Option{{ID: "A", Ref: "B"}, {ID: "B"}, {ID: "C", Ref: "tidak sah"}}}
	if diff := cmp.Diff([]string{"O1", "O2", "O3"}, identifiers(in.Options, "")); diff != "" {
		t.Errorf("clashing identifiers (-want +got):\n%s", diff)
	}
}

// Hostile text never becomes markup, and gaps land where the stem has them.
func TestMarkup(t *testing.T) {
	c := questionbanktest.Sample(questionbank.Cloze)
	c.Stem = "Isi \\<b> & [[2]] lalu [[1]]\n\n- satu [[3]]\n- <script>alert(1)</script>"
	p, _ := written(t, Format30(), bank(c))
	got := read(t, p, "items/A1-a_cloze.xml")
	for _, want := range []string{
		`Isi &lt;b&gt; &amp; <qti-text-entry-interaction response-identifier="RESPONSE_2"/> lalu <qti-inline-choice-interaction response-identifier="RESPONSE_1" `,
		`<li>satu <qti-text-entry-interaction response-identifier="RESPONSE_3"/></li>`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s in\n%s", want, got)
		}
	}
	if strings.Contains(got, "<script") {
		t.Errorf("a script in\n%s", got)
	}
}

// What Validate would refuse is written or skipped, and never panics: a file
// must not fail for one damaged item.
func TestDamagedItems(t *testing.T) {
	for _, c := range questionbanktest.Samples() {
		for i, damage := range []func(in *questionbank.Interaction){
			func(in *questionbank.Interaction) { *in = questionbank.Interaction{Kind: in.Kind, Rule: in.Rule} },
			func(in *questionbank.Interaction) { in.Correct = []string{"Z 9", "Q", ""} },
			func(in *questionbank.Interaction) { in.Options, in.Many = nil, !in.Many },
			func(in *questionbank.Interaction) { in.Targets, in.Texts, in.Numbers = nil, nil, nil },
			func(in *questionbank.Interaction) {
				in.Rule, in.Numbers = scoring.NumberList, []questionbank.Number{{Low: "x"}, {Any: true}}
			},
			func(in *questionbank.Interaction) {
				in.Rule, in.Texts = scoring.TextList, []questionbank.TextAnswer{{Text: "*", Wild: true}}
			},
			func(in *questionbank.Interaction) { in.Rule = scoring.OrderLongestSubset },
			func(in *questionbank.Interaction) { in.Rule = scoring.PerPair },
			func(in *questionbank.Interaction) { in.Rule = scoring.Graded },
			func(in *questionbank.Interaction) { in.Kind, in.Prompt = questionbank.InlineKind, "a\n\n- \x00b" },
		} {
			damaged := c
			damaged.Interactions = slices.Clone(c.Interactions)
			for j := range damaged.Interactions {
				damage(&damaged.Interactions[j])
			}
			damaged.Stem += " [[1]] [[9]]"
			damaged.Title = strings.Repeat("\x01", 100)
			p, _ := written(t, Format21(), bank(damaged))
			for _, name := range p.Names() {
				if _, err := tree.Parse([]byte(read(t, p, name))); strings.HasSuffix(name, ".xml") && err != nil {
					t.Errorf("%s with damage %d: %v", c.Type, i, err)
				}
			}
		}
	}
}
