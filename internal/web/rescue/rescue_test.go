package rescue

import (
	"testing"

	"cakap/assessment"
	"cakap/internal/web/kit/kittest"

	"github.com/google/go-cmp/cmp"
)

func TestViews(t *testing.T) { kittest.CheckViews(t, Views()) }

func TestRow(t *testing.T) {
	who := assessment.Enrolment{Name: "Ani", NIP: "199001012015031001"}
	for _, tt := range []struct {
		taken assessment.FileTaken
		want  row
	}{
		{assessment.FileTaken{Who: who, Entries: 3, Stored: 2, Already: 1}, row{File: "f", Who: "Ani, NIP •••• 1001", Entries: 3, Stored: 3}},
		{assessment.FileTaken{Who: who, Entries: 4, Late: 1, Newer: 2, Bad: 1}, row{
			File: "f", Who: "Ani, NIP •••• 1001", Entries: 4, Late: 1, Dropped: "2 sudah dijawab lagi di gawai lain; 1 bukan jawaban yang sah",
		}},
	} {
		if diff := cmp.Diff(tt.want, rowOf("f", tt.taken)); diff != "" {
			t.Errorf("rowOf (-want +got):\n%s", diff)
		}
	}
}
