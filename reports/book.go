package reports

import (
	"context"
	"fmt"
	"io"
	"math"
	"time"

	"cakap/internal/locale"
	"cakap/scoring"

	"github.com/xuri/excelize/v2"
)

// Paper is the sheet of paper that a workbook is laid out for.
type Paper int

// The papers. Government offices print on F4 (folio), so that is the zero value.
const (
	F4 Paper = iota
	A4
)

// size is the paper's code in SpreadsheetML.
func (p Paper) size() int {
	if p == A4 {
		return 9
	}
	return 14
}

// Options is what an officer may choose.
type Options struct {
	Paper    Paper
	Standard int    // level that people should reach; 0 is StandardLevel
	TempDir  string // where large sheets wait; empty is the system's
}

// The sheets, in order.
const (
	sheetCover      = "Sampul"
	sheetSummary    = "Ringkasan"
	sheetUnits      = "Rekap Unit"
	sheetPeople     = "Nilai Pegawai"
	sheetAspects    = "Per Aspek"
	sheetGroups     = "Kelompok"
	sheetNeeds      = "Kebutuhan Pelatihan"
	sheetAbsent     = "Tidak Hadir"
	sheetUpload     = "Unggah SIASN"
	sheetDictionary = "Kamus Data"
)

// contents tells what each sheet holds, for the cover.
var contents = []struct{ sheet, holds string }{
	{sheetSummary, "Rata-rata dan sebaran tingkat empat aspek, bagan, dan temuan utama"},
	{sheetUnits, "Partisipasi dan rata-rata tiap unit kerja"},
	{sheetPeople, "Nilai, galat, dan tingkat setiap pegawai"},
	{sheetAspects, "Statistik dan histogram nilai tiap aspek"},
	{sheetGroups, "Rata-rata menurut golongan, jenis pegawai, jabatan, usia, dan jenis kelamin"},
	{sheetNeeds, "Kesenjangan terhadap standar dan usulan pelatihan"},
	{sheetAbsent, "Pegawai terdaftar yang belum mengikuti asesmen"},
	{sheetUpload, "Daftar datar untuk riwayat di SIASN"},
	{sheetDictionary, "Arti setiap kolom dan cara menghitungnya"},
}

// book is a workbook being written. Its first error ends the work; until it is
// asked for, writing on does no harm.
type book struct {
	ctx      context.Context
	f        *excelize.File
	d        Data
	paper    Paper
	standard int
	all      Unit
	units    []Unit
	styles   map[look]int
	err      error
}

func (b *book) fail(err error) {
	if b.err == nil {
		b.err = err
	}
}

// WriteAgency writes the workbook of one agency (DESIGN 13). The same data and
// options give the same bytes.
func WriteAgency(ctx context.Context, w io.Writer, d Data, opts Options) (err error) {
	f := excelize.NewFile(excelize.Options{TmpDir: opts.TempDir})
	defer func() {
		if closed := f.Close(); err == nil && closed != nil {
			err = fmt.Errorf("write workbook: %w", closed)
		}
	}()
	b := newBook(ctx, f, d, opts)
	b.prepare()
	for _, write := range []func(){b.cover, b.summary, b.unitSheet, b.people, b.aspects, b.groups, b.needs, b.absent, b.upload, b.dictionary} {
		if b.err == nil {
			write()
		}
		if b.err == nil {
			b.err = ctx.Err()
		}
	}
	if b.err != nil {
		return fmt.Errorf("write workbook: %w", b.err)
	}
	f.SetZipWriter(func(io.Writer) excelize.ZipWriter { return &packer{out: w, at: b.stamp()} })
	if _, err := f.WriteToBuffer(); err != nil {
		return fmt.Errorf("write workbook: %w", err)
	}
	return nil
}

func newBook(ctx context.Context, f *excelize.File, d Data, opts Options) *book {
	standard := opts.Standard
	if standard < 1 || standard > len(d.Scheme.Bands) {
		standard = StandardLevel(d.Scheme)
	}
	return &book{
		ctx: ctx, f: f, d: d, paper: opts.Paper, standard: standard, styles: map[look]int{},
		all: summary(d.Agency.Name, d.Rows, d.Scheme, true), units: Units(d.Rows, d.Scheme),
	}
}

// prepare does what must precede any streaming: a later SetActiveSheet would
// parse every streamed sheet again.
func (b *book) prepare() {
	b.fail(b.f.SetSheetName("Sheet1", sheetCover))
	for _, c := range contents {
		_, err := b.f.NewSheet(c.sheet)
		b.fail(err)
	}
	b.f.SetActiveSheet(0)
	stamp := b.stamp().Format(time.RFC3339)
	b.fail(b.f.SetDocProps(&excelize.DocProperties{
		Title:      "Rekapitulasi Hasil Pemetaan Literasi Digital ASN",
		Subject:    b.d.Agency.Name + " – " + b.d.Event.Name,
		Identifier: b.d.Hash, Creator: "Cakap", LastModifiedBy: "Cakap", Language: "id-ID",
		Description: "RAHASIA – memuat data pribadi. Kode verifikasi " + b.d.code() + ".",
		Created:     stamp, Modified: stamp,
	}))
	b.fail(b.f.SetAppProps(&excelize.AppProperties{Application: "Cakap", Company: b.d.Agency.Name}))
}

// stamp is the cut time as a zip file can hold it.
func (b *book) stamp() time.Time {
	if b.d.Cut.Year() < 1980 {
		return time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	return b.d.Cut.UTC().Truncate(2 * time.Second)
}

// cutText is "3 Maret 2026 08.30 WIB".
func (b *book) cutText() string { return locale.DateTime(b.d.Cut.In(b.d.Event.Zone)) }

// period is "3 Maret 2026" or "3 Maret 2026 – 5 Maret 2026".
func (b *book) period() string {
	from, to := locale.Date(b.d.Event.OpensAt.In(b.d.Event.Zone)), locale.Date(b.d.Event.ClosesAt.In(b.d.Event.Zone))
	if from == to {
		return from
	}
	return from + " – " + to
}

// source is the line under every title.
func (b *book) source() string {
	return fmt.Sprintf("%s · %s (%s) · data sampai dengan %s", b.d.Agency.Name, b.d.Event.Name, b.d.Event.Code, b.cutText())
}

// standardText is "Sedang (71)".
func (b *book) standardText() string {
	band, _ := b.d.Scheme.Band(b.standard)
	return fmt.Sprintf("%s (%s)", band.Name, mark(band.Lower))
}

// mark prints a bound without needless decimals: 71, or 70,5.
func mark(m scoring.Mark) string {
	if m%100 == 0 {
		return locale.Int(int(m / 100))
	}
	return locale.Number(m.Percent(), 2)
}

// round1 keeps what "0.0" shows, so that a cell never holds more than it says.
func round1(x float64) float64 { return math.Round(x*10) / 10 }

// serial is a date as a spreadsheet counts it.
func serial(t time.Time, zone *time.Location) int {
	t = t.In(zone)
	day := time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
	return int(day.Sub(time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)) / (24 * time.Hour))
}
