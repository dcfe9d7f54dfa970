package gift

import (
	"bytes"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"cakap/internal/fault"
	"cakap/internal/locale"
	"cakap/questionbank"
)

// check reads and writes what comes, and looks at what must always hold.
func check(t *testing.T, data []byte) {
	t.Helper()
	parsed, err := read(questionbank.Input{Content: data})
	if err != nil {
		if fault.Of(err) == nil {
			t.Errorf("no fault: %v", err)
		}
		return
	}
	bank := questionbank.Export{}
	for _, item := range parsed.Items {
		if item.At == "" || item.Type == "" {
			t.Errorf("item without place or type: %+v", item)
		}
		for _, f := range append(item.Rejects, item.Warnings...) {
			if f.At == "" {
				t.Errorf("%s has no place", f.Key)
			}
		}
		c := item.Content.Normalise()
		_ = c.Validate()
		bank.Items = append(bank.Items, questionbank.Exported{Code: "A1-1", Content: c})
	}
	if _, err := write(&bytes.Buffer{}, bank); err != nil {
		t.Error(err)
	}
}

func FuzzRead(f *testing.F) {
	f.Add(sample(f))
	for _, s := range []string{"q {T}", "q {#1..2}", "::a::[html]q {=a ~%50%b#c ####d}", "$CATEGORY: a/b\n\nq {}", "q{>\na\nb}", "// [id:a] [cakap:reasons={}] [cakap:points=1,2]\nq {=a ~b} c"} {
		f.Add([]byte(s))
	}
	if entries, err := os.ReadDir("../../../../shared/corpus/gift/pegjs"); err == nil {
		for _, e := range entries {
			if data, err := os.ReadFile("../../../../shared/corpus/gift/pegjs/" + e.Name()); err == nil {
				f.Add(data)
			}
		}
	}
	f.Fuzz(check)
}

func TestDamagedFiles(t *testing.T) {
	whole := sample(t)
	for i := range 20 {
		check(t, whole[:len(whole)*i/20])
	}
	r := rand.New(rand.NewPCG(3, 1)) // the same damage every time
	for range 20 {
		data := bytes.Clone(whole)
		for range len(data) / 100 {
			data[r.IntN(len(data))] ^= byte(1 + r.IntN(255))
		}
		check(t, data)
	}
}

// Files made to cost much are read in the time of others, or refused.
func TestHostileSizes(t *testing.T) {
	for name, data := range map[string]string{
		"options": "q {" + strings.Repeat("~a", 1<<20) + "}",
		"entries": "q {>\n" + strings.Repeat("a\n", 30_000) + "}",
		"breaks":  strings.Repeat("q "+strings.Repeat("a<br>", 12_000)+"{T}\n\n", 100),
		"braces":  strings.Repeat("{=a ~b\n\n", 1<<17),
		"lines":   "q {=a ~b" + strings.Repeat("\n", 1<<20) + "}",
		"names":   strings.Repeat("::a", 1<<19) + "{T}",
		"many":    strings.Repeat("q {T}\n\n", 20_000),
		"tags":    "// " + strings.Repeat("[tag:a", 9000) + "\nq {T}",
	} {
		start := time.Now()
		check(t, []byte(data))
		if took := time.Since(start); took > time.Minute {
			t.Errorf("%s took %v", name, took)
		}
	}
}

// A question of a size that no item may have is rejected, and the others read.
func TestTooLong(t *testing.T) {
	for name, text := range map[string]string{"bytes": strings.Repeat("kata ", maxBlock/5), "lines": strings.Repeat("a\n", maxBreaks+1)} {
		parsed := parse(t, "satu {T}\n\n"+text+"{T}\n\ntiga {F}")
		if len(parsed.Items) != 3 || len(parsed.Items[1].Rejects) != 1 || parsed.Items[1].At != "baris 3" || len(parsed.Items[1].Raw) > maxBlock {
			t.Errorf("%s: %d items, %q", name, len(parsed.Items), keys(parsed.Items[1].Rejects))
		}
		if len(parsed.Items[2].Rejects) > 0 {
			t.Errorf("%s: the next one has %q", name, keys(parsed.Items[2].Rejects))
		}
	}
	_, err := read(questionbank.Input{Content: []byte(strings.Repeat("q {T}\n\n", maxItems+1))})
	if f := fault.Of(err); f == nil || f.Kind != fault.TooLarge || f.At != "baris 20001" {
		t.Errorf("too many: %v", err)
	}
}

func TestOwnSample(t *testing.T) {
	parsed := parse(t, string(sample(t)))
	want := "single multiple truefalse sjt match order short numeric essay info"
	var got []string
	for _, item := range parsed.Items {
		got = append(got, item.Type)
		c := item.Content.Normalise()
		c.Indicator, c.Level = "A1.4", questionbank.L2
		if err := c.Validate(); err != nil || len(item.Rejects) > 0 {
			t.Errorf("%s: %v %q", item.At, err, keys(item.Rejects))
		}
	}
	if strings.Join(got, " ") != want {
		t.Errorf("types %q, want %q", got, want)
	}
}

// Every message key in the sources has a text with as many verbs as arguments
// are given there.
func TestMessagesHaveTexts(t *testing.T) {
	body, err := os.ReadFile("../../../internal/locale/id/gift.json")
	if err != nil {
		t.Fatal(err)
	}
	var texts map[string]string
	if err := json.Unmarshal(body, &texts); err != nil {
		t.Fatal(err)
	}
	used := map[string]bool{}
	for _, dir := range []string{".", "../cloze"} {
		entries, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			if strings.HasSuffix(e.Name(), ".go") && !strings.HasSuffix(e.Name(), "_test.go") {
				for _, key := range keysIn(t, dir+"/"+e.Name()) {
					used[key] = true
				}
			}
		}
	}
	for key := range used {
		if !locale.Has(key) {
			t.Errorf("%s has no text", key)
		}
	}
	for key := range texts {
		if !used[key] {
			t.Errorf("%s is never used", key)
		}
	}
	if len(used) < 50 {
		t.Errorf("%d keys found, want at least 50", len(used))
	}
}

func keysIn(t *testing.T, file string) []string {
	t.Helper()
	tree, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	ast.Inspect(tree, func(n ast.Node) bool {
		if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			if s, err := strconv.Unquote(lit.Value); err == nil && strings.HasPrefix(s, "questionbank.") {
				found = append(found, s)
			}
		}
		return true
	})
	return found
}

// What people read of the traps is whole: every argument has its verb.
func TestMessagesReadWell(t *testing.T) {
	for _, text := range []string{
		"q {#x}", "q {=a =b ~c}", "q {=~%50%a ~b}", "q {benar}", "q {=a ~75%b}", "q {=a ~b=c}", "q {=a -> b =c}", "q {=a -> }", "::a q {T}", "q {=a ~b}\";",
		"q {>2 RANDOM V RELATIVE_TO_CORRECT\na\nb\nc}", "[html]q <script>x</script><img src\\=\"a.png\"> {=a ~b}", "a {T}\n\nq {", "a {~b ~c}", "x {T}\ny {T}", "q {=" + strings.Repeat("~a", 200) + "}",
	} {
		for _, item := range parse(t, text).Items {
			for _, f := range append(item.Rejects, item.Warnings...) {
				if said := locale.Text(f.Key, f.Args...); strings.Contains(said, "%!") || strings.Contains(said, "questionbank.") {
					t.Errorf("%q says %q", text, said)
				}
			}
		}
	}
	for _, c := range []string{"loss_type", "loss_media", "loss_row"} {
		if said := fmt.Sprintf(locale.Text("questionbank.gift."+c), "x"); strings.Contains(said, "%!") {
			t.Errorf("%s says %q", c, said)
		}
	}
}
