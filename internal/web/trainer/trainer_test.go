package trainer

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cakap/internal/fault"
	"cakap/internal/web/kit/kittest"
	"cakap/questionbank"
	"cakap/scoring"
)

func TestViews(t *testing.T) { kittest.CheckViews(t, Views()) }

func TestDraftKeepsAnItem(t *testing.T) {
	items, err := questionbank.ShippedBank()
	if err != nil {
		t.Fatal(err)
	}
	for _, item := range items {
		got, err := readDraft(posted(draftOf(item.Content)), item.Content).content()
		if err != nil {
			t.Fatalf("%s: %v", item.Code, err)
		}
		if got.Normalise().Hash() != item.Content.Hash() {
			t.Errorf("%s: %s", item.Code, cmp.Diff(item.Content, got.Normalise()))
		}
	}
}

func TestDraftRows(t *testing.T) {
	dr := draft{Type: questionbank.TrueFalse, Options: []rowDraft{{Key: true}}}
	dr.fill()
	c, err := dr.content()
	if err != nil {
		t.Fatal(err)
	}
	want := []questionbank.Option{{ID: "A", Text: "Benar"}, {ID: "B", Text: "Salah"}}
	if diff := cmp.Diff(want, c.Choice().Options); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"A"}, c.Choice().Correct); diff != "" {
		t.Error(diff)
	}

	gap := draft{Type: questionbank.Single, Options: []rowDraft{{Text: "satu"}, {}, {Text: "tiga", Key: true}, {}}}
	c, err = gap.content()
	if err != nil {
		t.Fatal(err)
	}
	if got := len(c.Choice().Options); got != 3 {
		t.Errorf("got %d options, want the empty one between others kept: 3", got)
	}
}

func TestPoints(t *testing.T) {
	for text, want := range map[string]scoring.Micro{"1": 1_000_000, "0,5": 500_000, "2.25": 2_250_000, "-1": -1_000_000, "100": 100_000_000} {
		got, ok := parsePoints(text)
		if !ok || got != want {
			t.Errorf("%s: got %d %v, want %d", text, got, ok, want)
		}
	}
	for _, text := range []string{"", "a", "--1", "1,2,3", "1e3", "0,1234567"} {
		if got, ok := parsePoints(text); ok {
			t.Errorf("%q was read as %d", text, got)
		}
	}
	for m, want := range map[scoring.Micro]string{0: "0", 500_000: "0,5", 3_000_000: "3", 10_000_000: "10"} {
		if got := formatPoints(m); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	dr := draft{Type: questionbank.SJT, Options: []rowDraft{{Text: "satu", Points: "banyak"}}}
	if _, err := dr.content(); fault.Of(err) == nil || fault.Of(err).Field != "points_a" {
		t.Errorf("got %v, want a fault at points_a", err)
	}
}

func TestPreviewHoldsNoKey(t *testing.T) {
	c := questionbank.Content{Type: questionbank.Single, Stem: "Apa **ini**?<script>", Interactions: []questionbank.Interaction{questionbank.NewChoice(questionbank.Single,
		[]questionbank.Option{{Text: "satu", Reason: "sebab"}, {Text: "dua"}}, []int{0})}}
	got, err := previewOf(c)
	if err != nil {
		t.Fatal(err)
	}
	if want := "Apa <strong>ini</strong>?"; string(got.Stem) != want {
		t.Errorf("the stem is %q, want %q", got.Stem, want)
	}
	if all := fmt.Sprintf("%+v", got); !strings.Contains(all, "satu") || strings.Contains(all, "sebab") {
		t.Errorf("the preview shows %s", all)
	}
}
