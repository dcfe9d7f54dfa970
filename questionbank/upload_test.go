package questionbank_test

import (
	"testing"
	"time"

	"cakap/internal/fault"
	"cakap/internal/storage"
	"cakap/internal/storage/storagetest"
	"cakap/questionbank"
	"cakap/questionbank/questionbanktest"
)

func TestUpload(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		now := time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC)
		s := &questionbank.Service{DB: db, Now: func() time.Time { return now }}
		ctx := t.Context()
		id, err := s.KeepUpload(ctx, questionbank.Upload{Actor: 7, File: "soal.docx", Content: []byte("PK\x00\x01\xff")})
		if err != nil {
			t.Fatal(err)
		}
		mended := questionbanktest.Sample(questionbank.Match)
		choices := questionbank.UploadChoices{Indicator: "A1.2", Columns: map[string]string{"Soal!C": "stem"}, Mended: map[int]questionbank.Content{3: mended}, Skip: []int{2}}
		if err := s.ChangeUpload(ctx, 7, id, choices); err != nil {
			t.Fatal(err)
		}
		u, err := s.Upload(ctx, 7, id)
		if err != nil || string(u.Content) != "PK\x00\x01\xff" || u.Indicator != "A1.2" || u.Skip[0] != 2 || u.Mended[3].Hash() != mended.Hash() {
			t.Errorf("upload %+v, %v", u, err)
		}
		if _, err := s.Upload(ctx, 8, id); fault.KindOf(err) != fault.NotFound {
			t.Errorf("somebody else reads it: %v", err)
		}
		if err := s.ChangeUpload(ctx, 8, id, choices); fault.KindOf(err) != fault.NotFound {
			t.Errorf("somebody else changes it: %v", err)
		}
		now = now.Add(25 * time.Hour)
		if _, err := s.Upload(ctx, 7, id); fault.KindOf(err) != fault.NotFound {
			t.Errorf("it is there after a day: %v", err)
		}
		other, err := s.KeepUpload(ctx, questionbank.Upload{Actor: 7, File: "b", Content: []byte("b")})
		if err != nil {
			t.Fatal(err)
		}
		if err := s.DropUpload(ctx, 7, other); err != nil {
			t.Fatal(err)
		}
		var left int
		if err := db.Get(ctx, &left, `SELECT COUNT(*) FROM import_upload`); err != nil || left != 0 {
			t.Errorf("%d uploads left, %v", left, err)
		}
	})
}
