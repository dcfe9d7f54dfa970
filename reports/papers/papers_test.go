package papers

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/go-fonts/liberation/liberationmonobold"
	"github.com/go-fonts/liberation/liberationsansbold"
	"github.com/google/go-cmp/cmp"

	"cakap/internal/locale"
	"cakap/internal/testtool"
)

func someHead(f Format) Head {
	zone := locale.Zone("WITA")
	return Head{
		Format: f, Letterhead: []string{"Pemerintah Provinsi Nusa Contoh", "Badan Kepegawaian Daerah"},
		Event: "Asesmen Literasi Digital 2026", Code: "LD-2026-01", Session: "Sesi 1", Place: "Ruang Lab Komputer 2, Gedung B lantai 3",
		Opens: time.Date(2026, 11, 24, 8, 0, 0, 0, zone), Closes: time.Date(2026, 11, 24, 11, 30, 0, 0, zone),
	}
}

// somePeople are n people, among them the names that break tables.
func somePeople(n int) []Person {
	odd := []Person{
		{Name: "Drs. R. M. Adipati Koesoemadiningrat Soerjosoebandoro, M.Si., M.Kom., Ph.D.", Unit: "Dinas Pemberdayaan Masyarakat, Desa, Kependudukan, dan Pencatatan Sipil / Bidang Pemberdayaan Lembaga Kemasyarakatan / Seksi Pembinaan"},
		{Name: "Ma’mun Nu'man Sa'id", Unit: "Dinas Pendidikan"},
		{Name: "Ḥasan 漢字 😀 Ñoño", Unit: "Sekretariat"},
		{Name: strings.Repeat("Panjangsekalitanpaspasi", 6), Unit: "UPT"},
	}
	var all []Person
	for i := range n {
		p := Person{Name: fmt.Sprintf("Pegawai Nomor %03d", i+1), Unit: "Dinas Komunikasi dan Informatika", Agency: "Kabupaten Contoh"}
		if i < len(odd) {
			p.Name, p.Unit = odd[i].Name, odd[i].Unit
		}
		p.Number = fmt.Sprintf("19900101 201503 1 %03d", i+1)
		all = append(all, p)
	}
	return all
}

func someCards(f Format, n int) CardSheet {
	in := CardSheet{Head: someHead(f), Site: "https://cakap.contoh.go.id"}
	for i, p := range somePeople(n) {
		code := fmt.Sprintf("7KQ2M%05d", i+1)
		in.Cards = append(in.Cards, Card{
			Person: p, Session: "Sesi 1", Window: locale.Window(in.Head.Opens, in.Head.Closes), Place: in.Head.Place, Code: code[:5] + "-" + code[5:],
			Link: in.Site + "/masuk/kode#" + strings.ReplaceAll(p.Number, " ", "") + "." + code,
		})
	}
	return in
}

func someMinutes(f Format, absent int) Minutes {
	return Minutes{
		Head: someHead(f), Counts: Counts{Registered: 34, Present: 34 - absent, Absent: absent, Done: 33 - absent, ByServer: 3, Cancelled: 1},
		Absent:    somePeople(absent),
		Credits:   []Note{{"09.12 WITA", "Pegawai Nomor 005, 10 menit: listrik padam di ruang."}},
		Incidents: []Note{{"09.10 WITA", "Listrik: padam di seluruh gedung, menyala lagi 09.19."}, {"10.02 WITA", "Kesehatan, Pegawai Nomor 009: pusing, istirahat lima menit."}},
	}
}

func someViolation(f Format) Violation {
	h := someHead(f)
	return Violation{Head: h, Person: somePeople(5)[4], At: h.Opens.Add(75 * time.Minute), Note: "Membuka aplikasi percakapan dan memotret soal nomor 12."}
}

// all is every paper, in one size.
func all(f Format) map[string]func(io.Writer) error {
	return map[string]func(io.Writer) error{
		"kartu": func(w io.Writer) error { return Cards(w, someCards(f, 11)) },
		"daftar-hadir": func(w io.Writer) error {
			return Attendance(w, AttendanceList{Head: someHead(f), People: somePeople(34)})
		},
		"berita-acara":    func(w io.Writer) error { return WriteMinutes(w, someMinutes(f, 4)) },
		"pelanggaran":     func(w io.Writer) error { return WriteViolation(w, someViolation(f)) },
		"pelanggaran-isi": func(w io.Writer) error { return WriteViolation(w, Violation{Head: someHead(f)}) },
		"tata-tertib":     func(w io.Writer) error { return WriteRules(w, RuleSheet{Head: someHead(f), Items: 40, Minutes: 60}) },
		"kartu-tanpa-kode": func(w io.Writer) error {
			in := someCards(f, 3)
			for i := range in.Cards {
				in.Cards[i].Code, in.Cards[i].Link = "", ""
			}
			return Cards(w, in)
		},
	}
}

func written(t *testing.T, write func(io.Writer) error) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := write(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// text is what a reader finds on a page range of a PDF ("" for all).
func text(t *testing.T, pdf []byte, args ...string) string {
	t.Helper()
	testtool.Path(t, "pdftotext")
	file := filepath.Join(t.TempDir(), "a.pdf")
	if err := os.WriteFile(file, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), "pdftotext", append(args, "-layout", file, "-")...).CombinedOutput()
	if err != nil {
		t.Fatalf("pdftotext: %v: %s", err, out)
	}
	return string(out)
}

// squeezed has one space where the layout has many.
func squeezed(s string) string { return strings.Join(strings.Fields(s), " ") }

var leaf = regexp.MustCompile(`/Type /Page\b[^s]`)

func pages(pdf []byte) int { return len(leaf.FindAll(pdf, -1)) }

// TestDump writes the papers to a folder, to be looked at: PAPERS=/tmp/x.
func TestDump(t *testing.T) {
	dir := os.Getenv("PAPERS")
	if dir == "" {
		t.Skip("set PAPERS to a folder to look at the papers")
	}
	for _, f := range []Format{F4, A4} {
		for name, write := range all(f) {
			if err := os.WriteFile(filepath.Join(dir, name+"-"+string(f)+".pdf"), written(t, write), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
}

var update = flag.Bool("update", false, "write the golden texts")

// Each paper says what its golden text says, in the order it was written. A4
// holds the same words as F4.
func TestText(t *testing.T) {
	for name, write := range all(F4) {
		t.Run(name, func(t *testing.T) {
			got := text(t, written(t, write), "-raw")
			file := filepath.Join("testdata", name+".txt")
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(words(string(want)), words(got)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// words leaves out what another release of pdftotext may do otherwise.
func words(s string) []string { return strings.Fields(strings.ReplaceAll(s, "\f", " ")) }

func TestSameDataSameBytes(t *testing.T) {
	for _, f := range []Format{F4, A4} {
		for name, write := range all(f) {
			if first, second := written(t, write), written(t, write); !bytes.Equal(first, second) {
				t.Errorf("%s on %s: two runs differ", name, f)
			}
		}
	}
}

func TestPages(t *testing.T) {
	cards := func(f Format, n int) func(io.Writer) error {
		return func(w io.Writer) error { return Cards(w, someCards(f, n)) }
	}
	list := func(f Format, n int) func(io.Writer) error {
		return func(w io.Writer) error {
			return Attendance(w, AttendanceList{Head: someHead(f), People: somePeople(n)})
		}
	}
	for _, tt := range []struct {
		name  string
		write func(io.Writer) error
		want  int
		box   string
	}{
		{"no card", cards(F4, 0), 1, "[0 0 609.45 935.43]"},
		{"a page of cards", cards(F4, 8), 1, "[0 0 609.45 935.43]"},
		{"one card more", cards(A4, 9), 2, "[0 0 595.28 841.89]"},
		{"500 cards", cards(F4, 500), 63, "[0 0 609.45 935.43]"},
		{"nobody", list(F4, 0), 1, "[0 0 609.45 935.43]"},
		{"500 people", list(F4, 500), 19, "[0 0 609.45 935.43]"},
		{"violation", func(w io.Writer) error { return WriteViolation(w, someViolation(A4)) }, 1, "[0 0 595.28 841.89]"},
		{"a blank violation", func(w io.Writer) error { return WriteViolation(w, Violation{Head: someHead(A4)}) }, 1, "[0 0 595.28 841.89]"},
		{"the rules", func(w io.Writer) error { return WriteRules(w, RuleSheet{Head: someHead(A4), Items: 40, Minutes: 60}) }, 1, "[0 0 595.28 841.89]"},
		{"minutes", func(w io.Writer) error { return WriteMinutes(w, someMinutes(F4, 0)) }, 1, "[0 0 609.45 935.43]"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			pdf := written(t, tt.write)
			if got := pages(pdf); got != tt.want {
				t.Errorf("%d pages, want %d", got, tt.want)
			}
			if !bytes.Contains(pdf, []byte("/MediaBox "+tt.box)) {
				t.Errorf("no page of %s", tt.box)
			}
			if !bytes.Contains(pdf, []byte("/Lang (id-ID)")) {
				t.Error("the language is not told")
			}
		})
	}
}

// Everybody is on a list of many pages, in order, and each page has heading and
// number.
func TestLongList(t *testing.T) {
	pdf := written(t, func(w io.Writer) error {
		return Attendance(w, AttendanceList{Head: someHead(A4), People: somePeople(500)})
	})
	all := strings.Split(strings.TrimSuffix(text(t, pdf), "\f"), "\f")
	if len(all) != pages(pdf) {
		t.Fatalf("%d pages of text, %d pages", len(all), pages(pdf))
	}
	at, whole := 0, strings.Join(all, " ")
	for i := 5; i <= 500; i++ {
		next := strings.Index(whole[at:], fmt.Sprintf("Pegawai Nomor %03d", i))
		if next < 0 {
			t.Fatalf("person %d is missing or out of order", i)
		}
		at += next
	}
	for i, page := range all {
		got := squeezed(page)
		if !strings.Contains(got, "Tanda tangan") && i < len(all)-1 {
			t.Errorf("page %d has no heading", i+1)
		}
		if foot := fmt.Sprintf("halaman %d dari %d", i+1, len(all)); !strings.Contains(got, foot) {
			t.Errorf("page %d does not say %q", i+1, foot)
		}
	}
}

// Number, session, time and code stand whole on every card, whatever else has
// to be cut.
func TestCardKeepsWhatMatters(t *testing.T) {
	for _, f := range []Format{F4, A4} {
		in := someCards(f, 4)
		for i := range in.Cards {
			in.Cards[i].Agency = "Pemerintah Kabupaten Kepulauan Contoh Selatan Daya Bagian Barat Laut"
			in.Cards[i].Unit = strings.Repeat("Bidang Pemberdayaan ", 9)
		}
		got := squeezed(text(t, written(t, func(w io.Writer) error { return Cards(w, in) }), "-raw"))
		for _, c := range in.Cards {
			for _, want := range []string{c.Number, c.Code} {
				if !strings.Contains(got, want) {
					t.Errorf("%s: no %q", f, want)
				}
			}
		}
		if n := strings.Count(got, "08.00–11.30 WITA"); n != len(in.Cards) {
			t.Errorf("%s: the time stands %d times, want %d", f, n, len(in.Cards))
		}
	}
}

// A card without a code has no QR code either: no rectangle is filled.
func TestCardWithoutCode(t *testing.T) {
	in := someCards(F4, 2)
	for i := range in.Cards {
		in.Cards[i].Code, in.Cards[i].Link = "", ""
	}
	got := text(t, written(t, func(w io.Writer) error { return Cards(w, in) }))
	for _, not := range []string{"Kode mulai", "7KQ2M", "Pindai"} {
		if strings.Contains(got, not) {
			t.Errorf("a card without a code says %q", not)
		}
	}
}

func TestSpelled(t *testing.T) {
	for n, want := range map[int]string{
		0: "nol", 1: "satu", 10: "sepuluh", 11: "sebelas", 12: "dua belas", 19: "sembilan belas", 20: "dua puluh", 21: "dua puluh satu",
		31: "tiga puluh satu", 100: "seratus", 111: "seratus sebelas", 999: "sembilan ratus sembilan puluh sembilan",
		1000: "seribu", 1945: "seribu sembilan ratus empat puluh lima", 2000: "dua ribu", 2026: "dua ribu dua puluh enam",
	} {
		if got := spelled(n); got != want {
			t.Errorf("%d is %q, want %q", n, got, want)
		}
	}
	day := time.Date(2026, 11, 24, 23, 30, 0, 0, locale.Zone("WIT"))
	want := "Selasa, tanggal dua puluh empat bulan November tahun dua ribu dua puluh enam (24-11-2026)"
	if got := dayInWords(day); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestPlain(t *testing.T) {
	for in, want := range map[string]string{
		"Ma’mun Nu'man": "Ma’mun Nu'man", "Ḥasan Ñoño": "Ḥasan Ñoño", "漢 😀": "? ?", "a\tb\nc": "a b c", "x\x00y\u202ez": "xyz", "“…” – · ×": "“…” – · ×",
	} {
		if got := plain(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

// The bold fonts have the letters that coverage was read for.
func TestFontsCoverTheSame(t *testing.T) {
	sansBold, monoBold := coverageOf(liberationsansbold.TTF), coverageOf(liberationmonobold.TTF)
	n := 0
	for r := rune(' '); r < 0x2100; r++ {
		if !covered().has(r) {
			continue
		}
		n++
		if !sansBold.has(r) {
			t.Errorf("the bold font has no %U", r)
		}
	}
	if n < 1000 {
		t.Errorf("only %d letters are covered", n)
	}
	for _, r := range "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-" {
		if !monoBold.has(r) {
			t.Errorf("the font of codes has no %c", r)
		}
	}
}

func TestFileName(t *testing.T) {
	for _, tt := range []struct{ got, want string }{
		{FileName("daftar-hadir", "LD-2026-01", "Sesi 1"), "daftar-hadir-ld-2026-01-sesi-1.pdf"},
		{FileName("kartu", "A/B", "../../x\n"), "kartu-a-b-x.pdf"},
	} {
		if tt.got != tt.want {
			t.Errorf("got %q, want %q", tt.got, tt.want)
		}
	}
}

// Nothing the data may hold makes a paper fail or lose its order of bytes.
func FuzzPlain(f *testing.F) {
	f.Add("Ma'mun (Sa\\id) 漢")
	f.Fuzz(func(t *testing.T, name string) {
		h := someHead(A4)
		h.Event, h.Place, h.Session = name, name, name
		p := Person{Name: name, Number: name, Unit: name, Agency: name}
		for _, write := range []func(io.Writer) error{
			func(w io.Writer) error {
				return Cards(w, CardSheet{Head: h, Site: name, Cards: []Card{{Person: p, Session: name, Code: "A", Link: "x"}}})
			},
			func(w io.Writer) error { return Attendance(w, AttendanceList{Head: h, People: []Person{p}}) },
			func(w io.Writer) error {
				return WriteMinutes(w, Minutes{Head: h, Absent: []Person{p}, Incidents: []Note{{name, name}}})
			},
			func(w io.Writer) error { return WriteViolation(w, Violation{Head: h, Person: p, Note: name}) },
		} {
			if err := write(io.Discard); err != nil {
				t.Fatal(err)
			}
		}
	})
}

func BenchmarkCards500(b *testing.B) {
	in := someCards(F4, 500)
	var size int
	for b.Loop() {
		var out bytes.Buffer
		if err := Cards(&out, in); err != nil {
			b.Fatal(err)
		}
		size = out.Len()
	}
	b.ReportMetric(float64(size), "bytes/file")
}
