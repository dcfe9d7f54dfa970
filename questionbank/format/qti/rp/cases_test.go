package rp_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"cakap/questionbank/format/qti/rp"
	"cakap/questionbank/format/tree"
)

const corpus = "../../../../../shared/corpus"

// fixture is a file of responses and what they must come to.
type fixture struct {
	Cases []struct {
		Name      string
		Responses map[string]any
		XFail     bool
		Expect    struct {
			Score, MaxScore *float64
			Outcomes        map[string]any
			Feedbacks       *[]string `json:"modalFeedbackIdentifiers"`
		}
	}
}

// refused are the fixtures whose rules Cakap does not run, and the element that
// is the reason: chance, the whole test, a vendor's own, other files.
var refused = map[string]string{
	"outcomeProcessing_numberExpressions":          "numberResponded",
	"outcomeProcessing_outcomeMaximum":             "outcomeMaximum",
	"responseProcessing_customOperator":            "customOperator",
	"responseProcessing_random_lookupOutcomeValue": "random",
	"responseProcessing_xiInclude":                 "include",
}

func TestCorpusCases(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(corpus, "qti*", "*", "*__cases.json"))
	if err != nil || len(files) == 0 {
		t.Skip("the corpus is not there: ", corpus)
	}
	passed, turned := 0, map[string]int{}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), "__cases.json")
		var f fixture
		if err := json.Unmarshal(mustRead(t, file), &f); err != nil {
			t.Fatal(err)
		}
		item := mustItem(t, mustRead(t, strings.TrimSuffix(file, "__cases.json")+"__item.xml"))
		program, err := rp.Parse(item)
		if want := refused[name]; want != "" {
			var unsupported *rp.Unsupported
			if !errors.As(err, &unsupported) || unsupported.Element != want {
				t.Errorf("%s: got %v, want %s refused", name, err, want)
			}
			turned[want] += len(f.Cases)
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for _, c := range f.Cases {
			if c.XFail {
				t.Errorf("%s: %s: ran what should be refused", name, c.Name)
			}
			outcomes, err := program.Run(responses(program, c.Responses))
			if err != nil {
				t.Errorf("%s: %s: %v", name, c.Name, err)
				continue
			}
			want := c.Expect.Outcomes
			if want == nil {
				want = map[string]any{}
			}
			if c.Expect.Score != nil {
				want["SCORE"] = *c.Expect.Score
			}
			if c.Expect.MaxScore != nil {
				want["MAXSCORE"] = *c.Expect.MaxScore
			}
			for id, w := range want {
				if got := outcomes[id]; !is(got, w) {
					t.Errorf("%s: %s: %s = %q, want %v", name, c.Name, id, got.Texts(), w)
				}
			}
			if shown := rp.Shown(item, outcomes); c.Expect.Feedbacks != nil && !slices.Equal(shown, *c.Expect.Feedbacks) {
				t.Errorf("%s: %s: shows %q, want %q", name, c.Name, shown, *c.Expect.Feedbacks)
			}
			passed++
		}
	}
	if passed < 100 {
		t.Errorf("only %d cases ran", passed)
	}
	t.Logf("%d cases as stated; refused by name: %v", passed, turned)
}

func mustRead(t *testing.T, file string) []byte {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func mustItem(t *testing.T, source []byte) *tree.Node {
	t.Helper()
	item, err := tree.Parse(source)
	if err != nil {
		t.Fatal(err)
	}
	rp.Normalise(item)
	return item
}

func responses(p *rp.Program, given map[string]any) map[string]rp.Value {
	out := map[string]rp.Value{}
	for id, v := range given {
		d := p.Response(id)
		if d == nil {
			continue
		}
		switch v := v.(type) {
		case nil:
			out[id] = d.Value()
		case []any:
			var texts []string
			for _, x := range v {
				texts = append(texts, fmt.Sprint(x))
			}
			out[id] = d.Value(texts...)
		default:
			out[id] = d.Value(fmt.Sprint(v))
		}
	}
	return out
}

// is compares an outcome with a value of the fixture's JSON.
func is(got rp.Value, want any) bool {
	switch w := want.(type) {
	case nil:
		return got.Null()
	case float64:
		x, ok := got.Number()
		return ok && x.Cmp(new(big.Rat).SetFloat64(w)) == 0
	case bool:
		return slices.Equal(got.Texts(), []string{fmt.Sprint(w)})
	case []any:
		if len(w) == 0 {
			return got.Null()
		}
		var texts []string
		for _, x := range w {
			texts = append(texts, fmt.Sprint(x))
		}
		return slices.Equal(got.Texts(), texts)
	}
	return slices.Equal(got.Texts(), []string{fmt.Sprint(want)})
}
