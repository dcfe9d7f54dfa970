package trainer_test

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"cakap/questionbank"
	"cakap/questionbank/format"
	"cakap/questionbank/format/docx/docxtest"
)

// newImports is a desk that reads every kind of file.
func newImports(t *testing.T) *desk {
	t.Helper()
	d := newDesk(t)
	d.bank.Formats = format.All()
	return d
}

// send uploads a file, or pastes text where name is "".
func (v *visitor) send(want int, name string, content []byte, fields ...string) *httptest.ResponseRecorder {
	v.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	field := func(name, value string) {
		if err := w.WriteField(name, value); err != nil {
			v.t.Fatal(err)
		}
	}
	for i := 0; i+1 < len(fields); i += 2 {
		field(fields[i], fields[i+1])
	}
	if name == "" {
		field("teks", string(content))
	}
	part, err := w.CreateFormFile("berkas", name) // a browser sends the field also without a file
	if err != nil {
		v.t.Fatal(err)
	}
	if name != "" {
		if _, err := part.Write(content); err != nil {
			v.t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		v.t.Fatal(err)
	}
	return v.do(want, http.MethodPost, "/bank/impor", w.FormDataContentType(), &body)
}

func location(rec *httptest.ResponseRecorder) string { return rec.Header().Get("Location") }

// drafts counts the drafts in the bank.
func (d *desk) drafts(t *testing.T) int {
	t.Helper()
	page, err := d.bank.List(t.Context(), questionbank.Filter{Status: questionbank.Draft})
	if err != nil {
		t.Fatal(err)
	}
	return page.Total
}

// fieldsOf is a form as a browser would send it without a change.
func fieldsOf(form *goquery.Selection) url.Values {
	v := url.Values{}
	form.Find("input, textarea, select").Each(func(_ int, s *goquery.Selection) {
		name := s.AttrOr("name", "")
		switch kind := s.AttrOr("type", ""); {
		case name == "" || kind == "file":
		case kind == "checkbox" || kind == "radio":
			if _, on := s.Attr("checked"); on {
				v.Add(name, s.AttrOr("value", "on"))
			}
		case goquery.NodeName(s) == "textarea":
			v.Add(name, s.Text())
		case goquery.NodeName(s) == "select":
			chosen := s.Find("option[selected]").First()
			if chosen.Length() == 0 {
				chosen = s.Find("option").First()
			}
			v.Add(name, chosen.AttrOr("value", chosen.Text()))
		default:
			v.Add(name, s.AttrOr("value", ""))
		}
	})
	return v
}

func picture(t *testing.T) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 40, 20))
	for i := range 40 {
		img.Set(i, i/2, color.RGBA{R: 200, A: 255})
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// wordFile has two good questions, one of them with a picture, and three that
// nobody can use.
func wordFile(t *testing.T) []byte {
	t.Helper()
	return docxtest.Build(
		docxtest.Text("1. Perhatikan gambar berikut. Tombol mana yang menutup jendela ini?"),
		docxtest.P(docxtest.Picture("jendela.png", picture(t), "Jendela dengan tombol silang")),
		docxtest.Text("A. Tombol silang"), docxtest.Text("B. Tombol garis"), docxtest.Text("C. Tombol kotak"), docxtest.Text("D. Tombol panah"), docxtest.Text("Jawaban: A"),
		docxtest.Text("2. Apa guna pencadangan berkas kantor secara berkala?"),
		docxtest.Text("A. Memulihkan berkas yang hilang"), docxtest.Text("B. Mempercepat jaringan"), docxtest.Text("C. Menghemat kertas"), docxtest.Text("D. Menghias layar"), docxtest.Text("Jawaban: A"),
		docxtest.Text("3. Manakah alamat surel dinas yang benar bagi pegawai?"),
		docxtest.Text("A. Alamat berdomain instansi"), docxtest.Text("B. Alamat pribadi"), docxtest.Text("C. Alamat teman"),
		docxtest.Text("4. Berapa lama sandi akun kantor sebaiknya dipakai sebelum diganti?"),
		docxtest.Text("A. Sampai ada tanda bocor"), docxtest.Text("B. Satu hari"), docxtest.Text("Jawaban: E"),
		docxtest.Text("5. Apa tanda tautan yang perlu dicurigai di dalam pesan?"),
		docxtest.Text("A. Alamatnya mirip tetapi salah eja"), docxtest.Text("B. Alamatnya pendek"), docxtest.Text("Jawaban: C"),
	)
}

// mendKey opens a refused question, ticks the right option and keeps it.
func (v *visitor) mendKey(at, key string) string {
	v.t.Helper()
	doc := v.get(http.StatusOK, at)
	if doc.Find(".errs").Length() != 1 {
		v.t.Errorf("%s does not say what is wrong", at)
	}
	form := doc.Find("form#soal")
	fields := fieldsOf(form)
	fields.Set("indicator", "A4.2")
	fields.Set(key, "ya")
	fields.Set("aksi", "simpan")
	action, _ := form.Attr("action")
	return location(v.post(http.StatusSeeOther, action, fields))
}
