package officer

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"strings"

	"cakap/internal/access"
	"cakap/internal/fault"
	"cakap/internal/locale"
	"cakap/internal/people"
	"cakap/internal/sheet"
	"cakap/internal/storage"
	"cakap/internal/web/kit"
)

// downloadRosterReport is the whole report as a table, for who mends the file
// beside it. It names rows by their place, and numbers by their last four.
func (p pages) downloadRosterReport(c *kit.Ctx) (kit.Response, error) {
	u, report, err := p.checkedRoster(c)
	if err != nil {
		return nil, err
	}
	entry := access.Entry{
		At: c.Now(), Actor: c.Actor(), Action: "roster.report", ObjectKind: "agency", ObjectID: u.AgencyID, AgencyID: u.AgencyID,
		Detail: map[string]int{"rows": len(report.Rows)},
	}
	err = p.DB.Tx(c.Context(), func(db storage.Querier) error { return access.Record(c.Context(), db, entry) })
	if err != nil {
		return nil, err
	}
	body, err := rosterTable(report)
	if err != nil {
		return nil, err
	}
	return kit.File{Name: "Hasil pemeriksaan pegawai.csv", Type: kit.CSV, Write: func(w io.Writer) error {
		_, err := w.Write(body)
		return err
	}}, nil
}

var groupNames = map[people.Group]string{
	people.GroupNew: "Baru", people.GroupChanged: "Berubah", people.GroupMoved: "Pindah unit", people.GroupTransfer: "Di instansi lain",
	people.GroupTwin: "Mungkin orang yang sama", people.GroupSame: "Sama", people.GroupRejected: "Ditolak",
}

// rosterTable is a report as a CSV that Excel here opens as a table.
func rosterTable(report people.Report) ([]byte, error) {
	v := report.Verdict(func(f *fault.Fault) string { return locale.Text(f.Key, f.Args...) })
	var b bytes.Buffer
	b.WriteString("\ufeff")
	w := csv.NewWriter(&b)
	w.Comma = ';'
	lines := [][]string{{"Baris", "Tempat", "NIP (akhir)", "Nama", "Kelompok", "Keadaan", "Perubahan", "Catatan"}}
	for _, row := range v.Rows {
		lines = append(lines, []string{
			fmt.Sprint(row.N), row.At, lastDigits(row.NIPMasked), row.Name, groupNames[row.Group], statusTag(row.Status).Text,
			strings.Join(changesOf(row), "; "), strings.Join(textsOf(row), " "),
		})
	}
	for _, one := range report.Missing {
		lines = append(lines, []string{"", "", kit.LastFour(numberOf(one)), one.FullName(), "Tidak ada di berkas", "Tetap tersimpan", "", ""})
	}
	for _, line := range lines {
		for i, cell := range line {
			if sheet.FormulaStart(cell) {
				line[i] = "'" + cell
			}
		}
		if err := w.Write(line); err != nil {
			return nil, err
		}
	}
	w.Flush()
	return b.Bytes(), w.Error()
}
