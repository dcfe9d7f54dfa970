package marker

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"cakap/internal/web/kit/kittest"
)

func TestViews(t *testing.T) { kittest.CheckViews(t, Views()) }

func TestParagraphs(t *testing.T) {
	want := [][]string{{"Satu", "dua"}, {"tiga"}}
	if diff := cmp.Diff(want, paragraphs("\nSatu\ndua\n\n\n\ntiga\n")); diff != "" {
		t.Error(diff)
	}
	if got := paragraphs(""); len(got) != 0 {
		t.Errorf("nothing is %v", got)
	}
}
