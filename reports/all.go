package reports

import (
	"archive/zip"
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"cakap/internal/fault"
	"cakap/internal/locale"
	"cakap/scoring"
)

// Written tells what a zip of workbooks holds, for the audit trail.
type Written struct {
	Agencies int
	People   int
}

// IndexName is the list inside a zip of workbooks.
const IndexName = "Daftar Isi.csv"

// ZipName is the name of the zip of an event's workbooks.
func ZipName(e Event) string { return "Rekap_LiterasiDigital_" + fileSafe(e.Code) + ".zip" }

// WriteAll writes a zip with the workbook of each agency named and an index.
// One agency is in memory at a time; the same data give the same bytes. The
// caller has decided that the reader may see these agencies.
func (s *Service) WriteAll(ctx context.Context, w io.Writer, event int64, agencies []int64, opts Options) (Written, error) {
	out, err := s.writeAll(ctx, w, event, agencies, opts)
	if err != nil {
		return out, fmt.Errorf("write all workbooks: %w", err)
	}
	return out, nil
}

func (s *Service) writeAll(ctx context.Context, w io.Writer, event int64, agencies []int64, opts Options) (Written, error) {
	var out Written
	order, err := s.inOrder(ctx, event, agencies)
	if err != nil {
		return out, err
	}
	zw := zip.NewWriter(w)
	index, last := newIndex(), time.Time{}
	var workbook bytes.Buffer
	for _, agency := range order {
		d, err := s.load(ctx, event, agency.ID)
		if err != nil {
			return out, err
		}
		workbook.Reset()
		if err := WriteAgency(ctx, &workbook, d, opts); err != nil {
			return out, err
		}
		if err := put(zw, d.FileName(), d.Cut, &workbook); err != nil {
			return out, err
		}
		index.add(d)
		last = slices.MaxFunc([]time.Time{last, d.Cut}, time.Time.Compare)
		out.Agencies, out.People = out.Agencies+1, out.People+len(d.Rows)
	}
	if err := put(zw, IndexName, last, &index.body); err != nil {
		return out, err
	}
	return out, zw.Close()
}

// inOrder finds the agencies by id and puts them in order of code.
func (s *Service) inOrder(ctx context.Context, event int64, ids []int64) ([]Agency, error) {
	all, err := s.Agencies(ctx, event)
	if err != nil {
		return nil, err
	}
	var order []Agency
	for _, id := range ids {
		i := slices.IndexFunc(all, func(a Agency) bool { return a.ID == id })
		if i < 0 {
			return nil, fault.New(fault.NotFound, "reports.agency_not_found")
		}
		order = append(order, all[i])
	}
	if len(order) == 0 {
		return nil, fault.New(fault.NotFound, "reports.agency_not_found")
	}
	slices.SortFunc(order, func(a, b Agency) int { return cmp.Compare(a.Code, b.Code) })
	return slices.CompactFunc(order, func(a, b Agency) bool { return a.ID == b.ID }), nil
}

// put adds a file as it is: workbooks are compressed already.
func put(zw *zip.Writer, name string, at time.Time, body *bytes.Buffer) error {
	if at.Year() < 1980 {
		at = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	to, err := zw.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store, Modified: at.UTC().Truncate(2 * time.Second)})
	if err != nil {
		return err
	}
	_, err = body.WriteTo(to)
	return err
}

// index is a CSV that Indonesian Excel opens by a double click: a mark for
// UTF-8, semicolons, CRLF.
type index struct{ body bytes.Buffer }

func newIndex() *index {
	x := &index{}
	x.body.WriteString("\ufeff")
	x.line("Berkas", "Kode Instansi", "Instansi", "Terdaftar", "Selesai", "Nilai Akhir Rata-rata", "Data Sampai Dengan", "SHA-256 Nilai")
	return x
}

func (x *index) add(d Data) {
	mean := ""
	if total := Describe(d.Rows, scoring.Total, d.Scheme); total.Shown() {
		mean = decimal(total.Mean)
	}
	c := Count(d.Rows)
	x.line(d.FileName(), d.Agency.Code, d.Agency.Name, strconv.Itoa(c.Enrolled), strconv.Itoa(c.Done), mean, locale.DateTime(d.Cut.In(d.Event.Zone)), d.Hash)
}

// line quotes every field. One that a spreadsheet would take for a formula, or
// that holds its separator, begins with an apostrophe.
func (x *index) line(fields ...string) {
	for i, f := range fields {
		if i > 0 {
			x.body.WriteByte(';')
		}
		if f != "" && strings.ContainsRune("=+-@\t\r\n;", rune(f[0])) || strings.Contains(f, ";") {
			f = "'" + f
		}
		x.body.WriteString(`"` + strings.ReplaceAll(f, `"`, `""`) + `"`)
	}
	x.body.WriteString("\r\n")
}
