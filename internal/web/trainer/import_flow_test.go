package trainer_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"cakap/internal/access"
	"cakap/questionbank"
	"cakap/questionbank/format/xlsx"
)

// The whole way: a Word file with a picture and three questions that cannot be
// used, which are mended in the editor, saved, sent to review; and another
// import that is taken back.
func TestImportFromWord(t *testing.T) {
	d := newImports(t)
	writer := d.visitor(t, "rina", access.Trainer)
	writer.get(http.StatusOK, "/bank/impor")
	at := location(writer.send(http.StatusSeeOther, "soal lama.docx", wordFile(t), "aspek", "A4"))
	doc := writer.get(http.StatusOK, at)
	wants(t, doc, "h1", "2 dari 5 soal siap disimpan")
	if n := doc.Find("tbody tr").Length(); n != 5 {
		t.Fatalf("%d rows, want 5: %s", n, doc.Find("main").Text())
	}
	if d.drafts(t) != 0 {
		t.Error("a check saved something")
	}

	rejected := writer.get(http.StatusOK, at+"?hasil=ditolak")
	if n := rejected.Find("tbody tr").Length(); n != 3 {
		t.Errorf("%d rejected rows, want 3", n)
	}
	for n, key := range map[int]string{3: "correct_a", 4: "correct_a", 5: "correct_a"} {
		next := writer.mendKey(fmt.Sprintf("%s/soal/%d?dari=ditolak", at, n), key)
		if next != at+"?hasil=ditolak" {
			t.Errorf("after mending it goes on at %q", next)
		}
	}
	doc = writer.get(http.StatusOK, at)
	wants(t, doc, "h1", "5 dari 5 soal siap disimpan")
	wants(t, doc, "#s3", "Anda mengubahnya")
	if d.drafts(t) != 0 {
		t.Error("mending saved something in the bank")
	}

	done := location(writer.post(http.StatusSeeOther, at+"/simpan", url.Values{"mode": {"siap"}}))
	doc = writer.get(http.StatusOK, done)
	wants(t, doc, "h1", "5 soal tersimpan sebagai draf")
	if n := d.drafts(t); n != 5 {
		t.Errorf("%d drafts, want 5", n)
	}
	writer.get(http.StatusNotFound, at) // nothing is left to do there

	listed, _ := doc.Find(`a[href^="/bank?impor="]`).Attr("href")
	if n := writer.get(http.StatusOK, listed).Find(`tbody th a[href^="/bank/"]`).Length(); n != 5 {
		t.Errorf("the bank lists %d questions of the import, want 5", n)
	}
	first, _ := doc.Find("tbody a").First().Attr("href")
	src, _ := writer.get(http.StatusOK, first).Find(".phone img").Attr("src")
	if got := writer.do(http.StatusOK, http.MethodGet, src, "", nil); got.Header().Get("Content-Type") != "image/png" {
		t.Errorf("the picture of the draft at %q comes as %q", src, got.Header().Get("Content-Type"))
	}

	writer.post(http.StatusSeeOther, done+"/ajukan", nil)
	doc = writer.get(http.StatusOK, done)
	wants(t, doc, ".notice.ok", "5 soal diajukan")
	wants(t, doc, "tbody", "Ditelaah")
	doc = writer.read(writer.post(http.StatusConflict, done+"/urungkan", nil))
	wants(t, doc, ".errs", "sudah diubah, diajukan, atau ditelaah")
}

// What was refused waits after the rest was saved, and the rest is not saved twice.
func TestRefusedQuestionsWait(t *testing.T) {
	d := newImports(t)
	writer := d.visitor(t, "rina", access.Trainer)
	at := location(writer.send(http.StatusSeeOther, "soal.docx", wordFile(t), "aspek", "A4"))
	back := location(writer.post(http.StatusSeeOther, at+"/simpan", url.Values{"mode": {"semua"}}))
	wants(t, writer.get(http.StatusOK, back), ".notice.ok", "Tidak ada yang disimpan: 3 soal ditolak")
	if n := d.drafts(t); n != 0 {
		t.Errorf("all or nothing saved %d", n)
	}
	writer.post(http.StatusBadRequest, at+"/simpan", url.Values{"mode": {"entah"}})

	done := location(writer.post(http.StatusSeeOther, at+"/simpan", url.Values{"mode": {"siap"}}))
	doc := writer.get(http.StatusOK, done)
	wants(t, doc, "h1", "2 soal tersimpan")
	rest, _ := doc.Find(".notice a").First().Attr("href")
	if rest != at+"?hasil=ditolak" {
		t.Errorf("the rest waits at %q", rest)
	}
	wants(t, writer.get(http.StatusOK, at), "#s1", "Dilewati")
	writer.mendKey(at+"/soal/3", "correct_a")
	writer.post(http.StatusSeeOther, at+"/simpan", url.Values{"mode": {"siap"}})
	if n := d.drafts(t); n != 3 {
		t.Errorf("%d drafts, want 3", n)
	}

	writer.post(http.StatusSeeOther, at+"/batal", nil)
	wants(t, writer.get(http.StatusOK, "/bank/impor"), ".notice.ok", "Unggahan dihapus")
	writer.get(http.StatusNotFound, at)
}

const pasted = `1. Apa yang dilakukan lebih dulu saat menerima surel mencurigakan?
A. Membuka tautannya
B. Melapor ke tim keamanan
C. Meneruskan ke grup
D. Menghapus semua surel
Jawaban: B

2. Manakah sandi yang paling kuat untuk akun kantor?
A. 12345678
B. nama sendiri
C. kereta malam ke Solo
D. tanggal lahir
Jawaban: C
`

// Pasted text is read like a file; what has no aspect gets one for all, one by
// one, or is left out; and the import is taken back.
func TestPasteChooseAndUndo(t *testing.T) {
	d := newImports(t)
	writer := d.visitor(t, "rina", access.Trainer)
	at := location(writer.send(http.StatusSeeOther, "", []byte(pasted)))
	doc := writer.get(http.StatusOK, at)
	wants(t, doc, ".sub", "Teks tempelan.txt")
	wants(t, doc, "h1", "0 dari 2 soal siap")
	wants(t, doc, ".notice.warn", "2 soal belum punya aspek")

	writer.post(http.StatusSeeOther, at, url.Values{"aksi": {"pilih"}, "n": {"1", "2"}, "ind_1": {"A4.2"}, "lewati_2": {"ya"}})
	doc = writer.get(http.StatusOK, at)
	wants(t, doc, "h1", "1 dari 2 soal siap")
	wants(t, doc, "#s2", "Dilewati")
	if got := doc.Find("#s1 option[selected]").AttrOr("value", ""); got != "A4.2" {
		t.Errorf("the row shows %q, want the indicator that was chosen", got)
	}
	// The page sent back as it is changes nothing.
	writer.post(http.StatusSeeOther, at, fieldsOf(doc.Find("#soal form")))
	if got := writer.get(http.StatusOK, at).Find("h1").Text(); got != doc.Find("h1").Text() {
		t.Errorf("sending the page unchanged made of %q %q", doc.Find("h1").Text(), got)
	}
	writer.post(http.StatusSeeOther, at, url.Values{"aksi": {"pilih"}, "n": {"2"}})
	writer.post(http.StatusSeeOther, at, url.Values{"aksi": {"semua"}, "aspek": {"A1"}, "indikator": {"A1.2"}})
	doc = writer.get(http.StatusOK, at)
	wants(t, doc, "h1", "2 dari 2 soal siap")
	wants(t, doc, "#s2", "A1")
	wants(t, doc, "#s1", "A4")
	writer.post(http.StatusSeeOther, at, url.Values{"aksi": {"pulih:1"}})
	wants(t, writer.get(http.StatusOK, at), "#s1", "A1")
	writer.post(http.StatusBadRequest, at, url.Values{"aksi": {"semua"}, "indikator": {"Z9"}})
	writer.post(http.StatusBadRequest, at, url.Values{"aksi": {"pilih"}, "n": {"3"}})

	done := location(writer.post(http.StatusSeeOther, at+"/simpan", url.Values{"mode": {"semua"}}))
	if n := d.drafts(t); n != 2 {
		t.Errorf("%d drafts, want 2", n)
	}
	wants(t, writer.get(http.StatusOK, done), "details", "Batalkan impor ini")
	writer.post(http.StatusSeeOther, done+"/urungkan", nil)
	if n := d.drafts(t); n != 0 {
		t.Errorf("%d drafts after taking it back, want 0", n)
	}
	wants(t, writer.get(http.StatusOK, done), "h1", "sudah dibatalkan")
	wants(t, writer.read(writer.post(http.StatusConflict, done+"/urungkan", nil)), ".errs", "sudah dibatalkan")
}

func TestPreviewOfAnUpload(t *testing.T) {
	d := newImports(t)
	writer := d.visitor(t, "rina", access.Trainer)
	at := location(writer.send(http.StatusSeeOther, "soal.docx", wordFile(t), "aspek", "A4"))
	doc := writer.get(http.StatusOK, at+"/soal/1/lihat?dari=siap")
	wants(t, doc, ".phone .stem", "Tombol mana")
	wants(t, doc, ".phone", "Tombol garis")
	wants(t, doc, "#kunci", "Kunci")
	src, _ := doc.Find(".phone img").Attr("src")
	if !strings.HasPrefix(src, at+"/soal/1/berkas/") {
		t.Fatalf("the picture comes from %q", src)
	}
	got := writer.do(http.StatusOK, http.MethodGet, src, "", nil)
	if kind := got.Header().Get("Content-Type"); kind != "image/png" {
		t.Errorf("the picture is %q", kind)
	}
	if policy := got.Header().Get("Content-Security-Policy"); !strings.Contains(policy, "sandbox") {
		t.Errorf("the picture comes with the policy %q", policy)
	}
	var stored int
	if err := d.bank.DB.Get(t.Context(), &stored, `SELECT count(*) FROM media`); err != nil || stored != 0 {
		t.Errorf("looking stored %d files, %v", stored, err)
	}
	for _, gone := range []string{"/soal/0/lihat", "/soal/6/lihat", "/soal/x", "/soal/1/berkas/0000", "/soal/2/berkas/" + src[strings.LastIndexByte(src, '/')+1:]} {
		writer.get(http.StatusNotFound, at+gone)
	}
	// Opened for mending its picture is stored, and shown from there.
	doc = writer.get(http.StatusOK, at+"/soal/1")
	if src, _ := doc.Find(".phone img").Attr("src"); !strings.HasPrefix(src, "/media/") {
		t.Errorf("the editor shows the picture from %q", src)
	}
}

// Nobody else finds an upload, by whatever door, and no other site sends a form.
func TestUploadsAreTheirOwners(t *testing.T) {
	d := newImports(t)
	writer, other, reviewer := d.visitor(t, "rina", access.Trainer), d.visitor(t, "budi", access.Trainer), d.visitor(t, "sekar", access.Reviewer)
	at := location(writer.send(http.StatusSeeOther, "soal.docx", wordFile(t), "aspek", "A4"))
	src, _ := writer.get(http.StatusOK, at+"/soal/1/lihat").Find(".phone img").Attr("src")
	for _, door := range []string{at, at + "/kolom", at + "/unduh", at + "/soal/1", at + "/soal/1/lihat", src, "/bank/impor/tidakada", "/bank/impor/hasil/tidakada"} {
		other.get(http.StatusNotFound, door)
		reviewer.get(http.StatusForbidden, door)
	}
	for _, door := range []string{at, at + "/kolom", at + "/soal/1", at + "/simpan", at + "/batal", "/bank/impor/hasil/tidakada/ajukan", "/bank/impor/hasil/tidakada/urungkan"} {
		other.post(http.StatusNotFound, door, url.Values{"mode": {"siap"}, "aksi": {"simpan"}})
		reviewer.post(http.StatusForbidden, door, nil)
		foreign := httptest.NewRequestWithContext(t.Context(), http.MethodPost, door, strings.NewReader("mode=siap"))
		foreign.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		foreign.Header.Set("Sec-Fetch-Site", "cross-site")
		for name, value := range writer.cookies {
			foreign.AddCookie(&http.Cookie{Name: name, Value: value})
		}
		rec := httptest.NewRecorder()
		d.server.ServeHTTP(rec, foreign)
		if rec.Code != http.StatusForbidden {
			t.Errorf("%s from another site: status %d", door, rec.Code)
		}
	}
	if n := d.drafts(t); n != 0 {
		t.Errorf("%d drafts were saved", n)
	}
	writer.get(http.StatusOK, at)
}

// A sheet whose titles tell nothing goes to its columns first.
func TestColumns(t *testing.T) {
	d := newImports(t)
	writer := d.visitor(t, "rina", access.Trainer)
	var file strings.Builder
	file.WriteString("k1;k2;k3;k4;k5;k6\n")
	for i := range 4 {
		fmt.Fprintf(&file, "Apa guna sandi nomor %d bagi akun kantor?;Menjaga akun %d;Menghias layar;Menghemat listrik;Mempercepat jaringan;A\n", i, i)
	}
	at := location(writer.send(http.StatusSeeOther, "aneh.csv", []byte(file.String()), "indikator", "A4.1"))
	if !strings.HasSuffix(at, "/kolom") {
		t.Fatalf("a sheet without known titles goes to %q", at)
	}
	here := strings.TrimSuffix(at, "/kolom")
	if to := location(writer.do(http.StatusSeeOther, http.MethodGet, here, "", nil)); to != at {
		t.Errorf("its report leads to %q", to)
	}
	doc := writer.get(http.StatusOK, at)
	if doc.Find(".errs").Length() != 1 {
		t.Error("the page does not say why it is shown")
	}
	wants(t, doc, "tbody", "Apa guna sandi nomor 0")
	form := fieldsOf(doc.Find("form#kolom"))
	writer.read(writer.post(http.StatusUnprocessableEntity, at, form))
	for i, field := range []string{"stem", "option_a", "option_b", "option_c", "option_d", "correct"} {
		form.Set(fmt.Sprintf("kolom_0_%d", i), field)
	}
	form.Set("judul_0", "1")
	writer.post(http.StatusSeeOther, at, form)
	doc = writer.get(http.StatusOK, here)
	wants(t, doc, "h1", "4 dari 4 soal siap disimpan")
	if doc.Find(`a[href$="/kolom"]`).Length() != 1 {
		t.Error("no way back to the columns")
	}
	doc = writer.get(http.StatusOK, at)
	if got := doc.Find("select option[selected]").Length(); got != 6 {
		t.Errorf("%d columns are shown as chosen, want 6", got)
	}
	form.Set("kolom_0_0", "")
	doc = writer.read(writer.post(http.StatusUnprocessableEntity, at, form))
	if doc.Find(".errs").Length() != 1 {
		t.Error("columns without a stem are not refused in words")
	}
}

// What a question has in common with others of its file is told in its editor
// too, and the codes of DigComp go along with the indicator.
func TestMendingKnowsTheFile(t *testing.T) {
	d := newImports(t)
	writer := d.visitor(t, "rina", access.Trainer)
	const sheet = "kode soal;indikator;soal;a;b;kunci\nX-1;A4.1;Apa guna sandi?;Menjaga akun;Menghias layar;A\nX-1;A4.1;Apa guna cadangan?;Memulihkan berkas;Menghias layar;A\n"
	at := location(writer.send(http.StatusSeeOther, "soal.csv", []byte(sheet)))
	doc := writer.get(http.StatusOK, at+"/soal/2")
	wants(t, doc, ".errs", "sudah dipakai di")
	if doc.Find(".errs a").Length() != 0 {
		t.Error("the summary leads to a field that the form has not")
	}
	if got := writer.get(http.StatusOK, at+"/soal/1").Find("#digcomp").AttrOr("value", ""); got != "" {
		t.Errorf("the form holds the codes %q, which would stay with another indicator", got)
	}
}

func TestAnnotatedCopy(t *testing.T) {
	d := newImports(t)
	writer := d.visitor(t, "rina", access.Trainer)
	items, err := questionbank.ShippedBank()
	if err != nil {
		t.Fatal(err)
	}
	var file bytes.Buffer
	if err := xlsx.Write(&file, 2, func(yield func(xlsx.Item, error) bool) {
		broken := items[1].Content
		broken.Stem = ""
		first := items[0].Content
		first.Stem = "Apa guna sandi yang panjang bagi akun kantor Anda sehari-hari?"
		_ = yield(xlsx.Item{Content: first}, nil) && yield(xlsx.Item{Content: broken}, nil)
	}); err != nil {
		t.Fatal(err)
	}
	at := location(writer.send(http.StatusSeeOther, "soal.xlsx", file.Bytes()))
	doc := writer.get(http.StatusOK, at)
	wants(t, doc, "h1", "1 dari 2 soal siap disimpan")
	link, _ := doc.Find(`a[href$="/unduh"]`).Attr("href")
	noted := writer.do(http.StatusOK, http.MethodGet, link, "", nil)
	if got := noted.Header().Get("Content-Disposition"); got != "attachment; filename=soal_catatan.xlsx" {
		t.Errorf("the annotated copy comes as %q", got)
	}
	if parsed, err := xlsx.Read(questionbank.Input{Name: "soal_catatan.xlsx", Content: noted.Body.Bytes()}); err != nil || len(parsed.Items) != 2 {
		t.Errorf("the annotated copy holds %d items, %v; want 2", len(parsed.Items), err)
	}
	word := location(writer.send(http.StatusSeeOther, "soal.docx", wordFile(t)))
	if writer.get(http.StatusOK, word).Find(`a[href$="/unduh"]`).Length() != 0 {
		t.Error("a Word file offers a copy that nobody can make")
	}
	writer.do(http.StatusSeeOther, http.MethodGet, word+"/unduh", "", nil)
	wants(t, writer.get(http.StatusOK, word), ".notice.ok", ".xlsx")
}

func TestBadFilesAreRefused(t *testing.T) {
	writer := newImports(t).visitor(t, "rina", access.Trainer)
	for name, tc := range map[string]struct {
		file   string
		body   string
		fields []string
		field  string
	}{
		"no workbook":   {"soal.xlsx", "PK\x03\x04 not really", nil, "berkas"},
		"prose":         {"surat.txt", "halo", nil, "berkas"},
		"pasted prose":  {"", "Yang terhormat Bapak Kepala Dinas", nil, "teks"},
		"nothing":       {"", "", nil, "berkas"},
		"both":          {"soal.txt", pasted, []string{"teks", pasted}, "teks"},
		"odd indicator": {"soal.txt", pasted, []string{"indikator", "Z9"}, "indikator"},
		"another kind":  {"soal.txt", pasted, []string{"jenis", "gift"}, "berkas"},
	} {
		rec := writer.send(anyStatus, tc.file, []byte(tc.body), tc.fields...)
		doc := writer.read(rec)
		if rec.Code/100 != 4 || doc.Find(".errs").Length() != 1 || doc.Find("#"+tc.field+"-e").Length() != 1 {
			t.Errorf("%s: status %d, %q, want a refusal at %s", name, rec.Code, doc.Find(".errs").Text(), tc.field)
		}
		if doc.Find("#teks").Text() != "" && tc.field != "teks" {
			t.Errorf("%s: the form shows text that was not pasted", name)
		}
	}
}

// Ten thousand questions: a page of the report is small, and quick once the
// file was judged.
func TestLargeImport(t *testing.T) {
	if testing.Short() {
		t.Skip("ten thousand questions")
	}
	d := newImports(t)
	writer := d.visitor(t, "rina", access.Trainer)
	var file strings.Builder
	file.WriteString("soal;a;b;c;d;kunci\n")
	for i := range 10_000 {
		fmt.Fprintf(&file, "Soal %d: apa langkah %x yang tepat untuk berkas bernomor %d di kantor %x?;Pilihan %d;Pilihan lain;Pilihan ketiga;Pilihan keempat;%s\n", i, i*7919, i*i, i*104729, i, "AE"[i%50/49:i%50/49+1])
	}
	start := time.Now()
	at := location(writer.send(http.StatusSeeOther, "besar.csv", []byte(file.String()), "aspek", "A1"))
	first := time.Since(start)
	start = time.Now()
	doc := writer.get(http.StatusOK, at)
	judged := time.Since(start)
	wants(t, doc, "h1", "9.800 dari 10.000 soal siap disimpan")
	start = time.Now()
	body := writer.do(http.StatusOK, http.MethodGet, at+"?hal=150", "", nil).Body.Bytes()
	again := time.Since(start)
	var small bytes.Buffer
	z := gzip.NewWriter(&small)
	if _, err := io.Copy(z, bytes.NewReader(body)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	t.Logf("read in %v, judged in %v, another page in %v; the page takes %d bytes, %d compressed", first, judged, again, len(body), small.Len())
	if small.Len() > 60<<10 {
		t.Errorf("a page takes %d bytes compressed, more than 60 KiB", small.Len())
	}
	if again > judged/2 && again > time.Second {
		t.Errorf("another page took %v, though the file was judged in %v before", again, judged)
	}
}
