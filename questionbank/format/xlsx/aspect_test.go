package xlsx

import (
	"testing"

	"cakap/internal/sheet/sheettest"
	"cakap/scoring"
)

// A stranger's sheet that names the aspect but no indicator keeps the aspect.
func TestAspectWithoutIndicator(t *testing.T) {
	for _, tt := range []struct {
		cell string
		want scoring.Aspect
	}{
		{"A3", scoring.AdvancedMedia}, {"Etika dan Keamanan", scoring.EthicsSecurity}, {"Bab 2", scoring.Total}, {"", scoring.Total},
	} {
		parsed, err := read("soal.xlsx", sheettest.Workbook(sheettest.Sheet{Name: "Sheet1", Rows: [][]any{
			{"No", "Soal", "Opsi A", "Opsi B", "Opsi C", "Opsi D", "Kunci", "Aspek"},
			{1, "Langkah mana yang paling tepat?", "Menyimpan berkas.", "Menghapus berkas.", "Mengirim berkas.", "Mencetak berkas.", "B", tt.cell},
		}}))
		if err != nil || len(parsed.Items) != 1 {
			t.Fatalf("%q: %d items, %v", tt.cell, len(parsed.Items), err)
		}
		if got := parsed.Items[0].Aspect; got != tt.want {
			t.Errorf("%q: aspect %v, want %v", tt.cell, got, tt.want)
		}
	}
}
