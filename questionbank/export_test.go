package questionbank_test

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"cakap/internal/fault"
	"cakap/internal/storage"
	"cakap/internal/storage/storagetest"
	"cakap/questionbank"
	"cakap/questionbank/questionbanktest"
	"cakap/scoring"
)

func TestExportFile(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		ctx := t.Context()
		s := bank(t, db)
		s.Formats = []questionbank.Format{{Name: "baca", Read: func(questionbank.Input) (questionbank.Parsed, error) { return questionbank.Parsed{}, nil }}, {
			Name: "tulis", Ext: ".tes", Extension: func(questionbank.Export) string { return ".zip" }, Write: func(w io.Writer, bank questionbank.Export) ([]*fault.Fault, error) {
				for _, item := range bank.Items {
					fmt.Fprintln(w, item.Code)
					for _, m := range item.Content.Media {
						data, err := bank.Media(m.SHA256)
						if err != nil {
							return nil, err
						}
						fmt.Fprintln(w, len(data))
					}
				}
				return []*fault.Fault{fault.New(fault.Invalid, "questionbank.export.reasons_lost").Place(bank.Items[0].Code)}, nil
			},
		}}
		if _, _, err := s.SaveMedia(ctx, author, "jendela.png", questionbanktest.Picture()); err != nil {
			t.Fatal(err)
		}
		saved, err := s.Create(ctx, author, questionbanktest.Sample(questionbank.Hotspot))
		if err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		export := func(req questionbank.ExportRequest) ([]*fault.Fault, error) {
			t.Helper()
			out.Reset()
			e, err := s.ExportFile(ctx, req)
			if err != nil {
				return nil, err
			}
			if e.Ext != ".zip" || e.Items != 1 {
				t.Errorf("%d items in a %s", e.Items, e.Ext)
			}
			return e.Write(&out)
		}
		losses, err := export(questionbank.ExportRequest{Format: "tulis", Filter: questionbank.Filter{Type: questionbank.Hotspot}, Actor: third})
		if want := fmt.Sprintf("%s\n%d\n", saved.Code, len(questionbanktest.Picture())); err != nil || out.String() != want || len(losses) != 1 || losses[0].At != saved.Code {
			t.Errorf("export %q, %v, %v", out.String(), losses, err)
		}
		if _, err := export(questionbank.ExportRequest{Format: "tulis", Items: []int64{saved.Item}}); err != nil || !strings.HasPrefix(out.String(), saved.Code) {
			t.Errorf("by id: %q, %v", out.String(), err)
		}
		if n := count(t, db, `SELECT count(*) FROM audit WHERE action = 'bank.export' AND actor_id = 13`); n != 1 {
			t.Errorf("%d entries in the audit trail", n)
		}
		for format, key := range map[string]string{"baca": "questionbank.export.format_unknown", "lain": "questionbank.export.format_unknown"} {
			if _, err := export(questionbank.ExportRequest{Format: format}); keyOf(err) != key {
				t.Errorf("%s: %v", format, err)
			}
		}
		if _, err := export(questionbank.ExportRequest{Format: "tulis", Filter: questionbank.Filter{Text: "tidakada"}}); keyOf(err) != "questionbank.export.none" {
			t.Errorf("nothing: %v", err)
		}
		if got := s.Writable(); !slices.Equal(got, []string{"tulis"}) {
			t.Errorf("writable %v", got)
		}
	})
}

func TestListOrders(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		ctx := t.Context()
		s := bank(t, db)
		for i, expires := range []string{"2029-01-01", "", "2027-01-01", "2028-01-01"} {
			c := content(fmt.Sprintf("Kata burungnuri dalam soal urutan %d, apa artinya?", i))
			c.Expires = expires
			if i == 3 {
				c.Lang = "en"
			}
			if _, err := s.Create(ctx, author, c); err != nil {
				t.Fatal(err)
			}
		}
		for order, want := range map[questionbank.Sort]string{
			questionbank.ByCode: "1001 1002 1003 1004", questionbank.ByNewest: "1004 1003 1002 1001",
			questionbank.ByOldest: "1001 1002 1003 1004", questionbank.ByExpires: "1003 1004 1001 1002",
		} {
			for _, f := range []questionbank.Filter{{Text: "burungnuri", Sort: order}, {Author: author, Sort: order}} {
				page, err := s.List(ctx, f)
				if err != nil {
					t.Fatal(err)
				}
				var got []string
				for _, r := range page.Rows {
					got = append(got, strings.TrimPrefix(r.Code, "A2-"))
				}
				if strings.Join(got, " ") != want {
					t.Errorf("%+v: %v, want %s", f, got, want)
				}
			}
		}
		for lang, want := range map[string]int{"en": 1, "id": 163, "": 164} {
			if page, err := s.List(ctx, questionbank.Filter{Lang: lang}); err != nil || page.Total != want {
				t.Errorf("language %q: %d, %v", lang, page.Total, err)
			}
		}
		if page, err := s.List(ctx, questionbank.Filter{Text: "burungnuri", Page: 2, PageSize: 3, Aspect: scoring.LearningPlatform}); err != nil || len(page.Rows) != 1 || page.Pages != 2 || page.More {
			t.Errorf("second page: %+v, %v", page, err)
		}
		if ids, err := s.Authors(ctx); err != nil || !slices.Equal(ids, []int64{0, author}) {
			t.Errorf("authors %v, %v", ids, err)
		}
	})
}
