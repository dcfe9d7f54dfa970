package kit

import (
	"bytes"
	"encoding/json"
	"errors"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cakap/internal/fault"
	"cakap/questionbank"
)

// A form shown again has the status of its first error.
func TestRefusedStatus(t *testing.T) {
	for _, tt := range []struct {
		err    error
		status int
		retry  string
	}{
		{fault.New(fault.Invalid, "web.required").On("nip"), 422, ""},
		{fault.New(fault.Gone, "web.required").On("kode"), 410, ""},
		{fault.New(fault.Conflict, "web.required"), 409, ""},
		{fault.New(fault.TooMany, "error.too_many", 42), 429, "42"},
		{fault.Join([]*fault.Fault{fault.New(fault.Invalid, "web.required").On("a"), fault.New(fault.Conflict, "web.required").On("b")}), 422, ""},
	} {
		h, _, _ := serve(t, Route{Method: "POST", Path: "/x", Handle: func(c *Ctx) (Response, error) {
			errs, ok := FormErrors(tt.err)
			if !ok {
				t.Errorf("%v: a form cannot show it", tt.err)
			}
			page := &testPage{Base: c.Base("Satu")}
			page.Errors = errs
			return Refused("test/satu", page), nil
		}})
		rec := do(t, h, "POST", "/x", form, "")
		if rec.Code != tt.status || rec.Header().Get("Retry-After") != tt.retry {
			t.Errorf("%v: %d, Retry-After %q, want %d, %q", tt.err, rec.Code, rec.Header().Get("Retry-After"), tt.status, tt.retry)
		}
		if !strings.Contains(rec.Body.String(), "<title>Galat: Satu") {
			t.Errorf("%v: the title does not say it", tt.err)
		}
	}
	if _, ok := FormErrors(errors.New("x")); ok {
		t.Error("a form may show an internal error")
	}
}

// A form or an upload over the limit is refused as such, never read as empty.
func TestOversizedBody(t *testing.T) {
	seen := ""
	route := func(limit int64) Route {
		return Route{Method: "POST", Path: "/x", MaxBody: limit, Handle: func(c *Ctx) (Response, error) {
			seen = c.Form("a")
			return JSON(http.StatusOK, nil), nil
		}}
	}
	h, _, _ := serve(t, route(0))
	if rec := do(t, h, "POST", "/x", form, "a="+strings.Repeat("x", DefaultMaxBody)); rec.Code != http.StatusRequestEntityTooLarge || seen != "" {
		t.Errorf("form over the limit: %d, handler saw %d bytes", rec.Code, len(seen))
	}
	if rec := do(t, h, "POST", "/x", form, "a="+strings.Repeat("x", DefaultMaxBody-2)); rec.Code != http.StatusOK || len(seen) != DefaultMaxBody-2 {
		t.Errorf("form at the limit: %d, handler saw %d bytes", rec.Code, len(seen))
	}
	if rec := do(t, h, "POST", "/x", form, "a=%zz"); rec.Code != http.StatusBadRequest {
		t.Errorf("malformed form: %d, want 400", rec.Code)
	}
	h, _, _ = serve(t, route(1<<20))
	if rec := do(t, h, "POST", "/x", form, "a="+strings.Repeat("x", 1<<19)); rec.Code != http.StatusOK || len(seen) != 1<<19 {
		t.Errorf("form under a larger limit: %d, handler saw %d bytes", rec.Code, len(seen))
	}
}

func TestUpload(t *testing.T) {
	var name string
	var got []byte
	h, _, _ := serve(t, Route{Method: "POST", Path: "/x", MaxBody: 3 << 20, Handle: func(c *Ctx) (Response, error) {
		var err error
		name, got, err = c.Upload("berkas")
		return JSON(http.StatusOK, nil), err
	}})
	send := func(field, file string, size int) int {
		var body bytes.Buffer
		m := multipart.NewWriter(&body)
		part, err := m.CreateFormFile(field, file)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := part.Write(bytes.Repeat([]byte("x"), size)); err != nil {
			t.Fatal(err)
		}
		if err := m.Close(); err != nil {
			t.Fatal(err)
		}
		return do(t, h, "POST", "/x", m.FormDataContentType(), body.String()).Code
	}
	if status := send("berkas", "../../pegawai.xlsx", 2<<20); status != http.StatusOK || name != "pegawai.xlsx" || len(got) != 2<<20 {
		t.Errorf("%d %q %d bytes", status, name, len(got))
	}
	for _, tt := range []struct {
		name, field string
		size, want  int
	}{{"too large", "berkas", 4 << 20, 413}, {"empty", "berkas", 0, 422}, {"other field", "lain", 10, 422}} {
		if status := send(tt.field, "a.xlsx", tt.size); status != tt.want {
			t.Errorf("%s: status %d, want %d", tt.name, status, tt.want)
		}
	}
}

// IN-16: what gin's own decoder lets through.
func TestDecodeJSON(t *testing.T) {
	type body struct {
		A []struct {
			N int    `json:"n"`
			V string `json:"v"`
		} `json:"a"`
	}
	for _, tt := range []struct {
		name, kind, body string
		want             fault.Kind
		ok               bool
	}{
		{"good", "application/json", `{"a":[{"n":1,"v":"C"}]}`, 0, true},
		{"good with charset", "application/json; charset=utf-8", ` {"a":[]} ` + "\n", 0, true},
		{"html type", "text/html", `{"a":[]}`, fault.Unsupported, false},
		{"form type", form, `{"a":[]}`, fault.Unsupported, false},
		{"no type", "", `{"a":[]}`, fault.Unsupported, false},
		{"unknown field", "application/json", `{"a":[],"agency_id":2}`, fault.Malformed, false},
		{"duplicate key", "application/json", `{"a":[],"a":[]}`, fault.Malformed, false},
		{"duplicate key below", "application/json", `{"a":[{"n":1,"n":2}]}`, fault.Malformed, false},
		{"second document", "application/json", `{"a":[]}{"a":[]}`, fault.Malformed, false},
		{"trailing text", "application/json", `{"a":[]} x`, fault.Malformed, false},
		{"deep", "application/json", strings.Repeat(`[`, 10000) + strings.Repeat(`]`, 10000), fault.Malformed, false},
		{"huge number", "application/json", `{"a":[{"n":1e400}]}`, fault.Malformed, false},
		{"wrong type", "application/json", `{"a":[{"n":"1"}]}`, fault.Malformed, false},
		{"cut", "application/json", `{"a":[{"n":1`, fault.Malformed, false},
		{"empty", "application/json", ``, fault.Malformed, false},
	} {
		r := httptest.NewRequestWithContext(t.Context(), "POST", "/", strings.NewReader(tt.body))
		r.Header.Set("Content-Type", tt.kind)
		var v body
		err := decodeJSON(r, &v)
		if tt.ok != (err == nil) || err != nil && fault.KindOf(err) != tt.want {
			t.Errorf("%s: %v, want kind %d", tt.name, err, tt.want)
		}
	}
	r := httptest.NewRequestWithContext(t.Context(), "POST", "/", strings.NewReader(`{"a":[`+strings.Repeat(" ", 100)+`]}`))
	r.Header.Set("Content-Type", "application/json")
	r.Body = http.MaxBytesReader(nil, r.Body, 50)
	if err := decodeJSON(r, &body{}); fault.KindOf(err) != fault.TooLarge {
		t.Errorf("over the limit: %v", err)
	}
}

func FuzzDecodeJSON(f *testing.F) {
	for _, seed := range []string{`{"a":[]}`, `{"a":[{"n":1,"v":"C","d":true}]}`, `[[[[]]]]`, `{"a":1,"a":2}`, `{`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r := httptest.NewRequestWithContext(t.Context(), "POST", "/", strings.NewReader(text))
		r.Header.Set("Content-Type", "application/json")
		var v any
		if err := decodeJSON(r, &v); err == nil && !json.Valid([]byte(text)) {
			t.Errorf("accepted %q", text)
		}
	})
}

// IN-15: no name breaks out of the header.
func TestDisposition(t *testing.T) {
	for _, tt := range []struct{ name, want string }{
		{"Rekap_A_E.xlsx", `attachment; filename=Rekap_A_E.xlsx`},
		{"Rekap Kota Satu.xlsx", `attachment; filename="Rekap Kota Satu.xlsx"`},
		{"a\r\nSet-Cookie: x=1", `attachment; filename="a__Set-Cookie_ x=1"`},
		{`a"; filename="b.exe`, `attachment; filename="a_; filename=_b.exe"`},
		{"../../etc/passwd", `attachment; filename=.._.._etc_passwd`},
		{"Kota Padangsidimpuan – 2026.xlsx", `attachment; filename*=utf-8''Kota%20Padangsidimpuan%20%E2%80%93%202026.xlsx`},
	} {
		if got := disposition(tt.name); got != tt.want {
			t.Errorf("disposition(%q) = %s, want %s", tt.name, got, tt.want)
		}
	}
}

func TestClean(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"  Ani\x00 Kenari\x0b ", "Ani Kenari"}, {"a\r\nb\tc", "a\nb\tc"}, {"\xff\xfe", ""}, {"\x7f\x1b[31m", "[31m"}, {"", ""},
	} {
		if got := clean(tt.in); got != tt.want {
			t.Errorf("clean(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

// A message comes once, and only one that we signed.
func TestFlash(t *testing.T) {
	h, _, _ := serve(t,
		Route{Method: "POST", Path: "/set", Handle: func(c *Ctx) (Response, error) { c.Flash("Sudah <b>disimpan</b>."); return Redirect("/show"), nil }},
		Route{Method: "GET", Path: "/show", Handle: func(c *Ctx) (Response, error) { return HTML("test/satu", &testPage{Base: c.Base("Satu")}), nil }})
	var flash *http.Cookie
	for _, c := range do(t, h, "POST", "/set", form, "").Result().Cookies() {
		if c.Name == "cakap_pesan" {
			flash = c
		}
	}
	if flash == nil || !flash.HttpOnly || !flash.Secure || flash.MaxAge > 60 {
		t.Fatalf("cookie %+v", flash)
	}
	rec := do(t, h, "GET", "/show", "", "", flash)
	if !strings.Contains(rec.Body.String(), "Sudah &lt;b&gt;disimpan") {
		t.Errorf("not shown, or not escaped: %s", rec.Body)
	}
	taken := false
	for _, c := range rec.Result().Cookies() {
		taken = taken || c.Name == "cakap_pesan" && c.MaxAge < 0
	}
	if !taken {
		t.Error("the message will come again")
	}
	body, mac, _ := strings.Cut(flash.Value, ".")
	for _, forged := range []string{"SGFsbw", "SGFsbw." + mac, body, "." + mac, strings.Repeat("x", 4000)} {
		rec := do(t, h, "GET", "/show", "", "", &http.Cookie{Name: "cakap_pesan", Value: forged})
		if rec.Code != http.StatusOK || strings.Contains(rec.Body.String(), `role="status"`) {
			t.Errorf("a forged message %.20q is shown", forged)
		}
	}
}

// A sealed id opens as its own kind only; everything else is not found.
func TestSealedIDs(t *testing.T) {
	h, _, app := serve(t, Route{Method: "GET", Path: "/event/:id", Handle: func(c *Ctx) (Response, error) {
		id, err := c.ID("event", "id")
		return JSON(http.StatusOK, id), err
	}})
	if rec := do(t, h, "GET", "/event/"+app.cfg.Keys.Seal("event", 42), "", ""); rec.Body.String() != "42" {
		t.Errorf("own kind: %d %s", rec.Code, rec.Body)
	}
	for _, id := range []string{"42", app.cfg.Keys.Seal("person", 42), app.cfg.Keys.Seal("event", 42)[:21] + "!", "%00"} {
		if rec := do(t, h, "GET", "/event/"+id, "", ""); rec.Code != http.StatusNotFound {
			t.Errorf("%q: status %d, want 404", id, rec.Code)
		}
	}
}

// The narrow Markdown of items lets nothing run or be fetched.
func TestMarkdown(t *testing.T) {
	for source, want := range map[string]string{
		"Apa itu **cakap**?": "Apa itu <strong>cakap</strong>?",
		"Satu\n\nDua":        "<p>Satu</p>\n<p>Dua</p>",
		"- a\n- b":           "<ul>\n<li>a</li>\n<li>b</li>\n</ul>",
		"2 < 3 & 4":          "2 &lt; 3 &amp; 4",
	} {
		got, err := Markdown(source)
		if err != nil || string(got) != want {
			t.Errorf("Markdown(%q) = %q, %v, want %q", source, got, err, want)
		}
	}
	for _, hostile := range []string{
		"[a](javascript:alert(1))", "![x](https://evil.example/t.gif)", "<script>alert(1)</script>", `<img src=x onerror=alert(1)>`,
		"<svg/onload=alert(1)>", "[x](data:text/html,<script>)", `<a href="https://evil.example">x</a>`, "<style>*{display:none}</style>", "<iframe src=//evil.example>",
	} {
		got, err := Markdown(hostile)
		if err != nil {
			t.Errorf("%q: %v", hostile, err)
		}
		for _, markup := range tag.FindAllString(string(got), -1) {
			if !slices.Contains([]string{"<p>", "</p>", "<em>", "</em>"}, markup) {
				t.Errorf("Markdown(%q) = %q holds %s", hostile, got, markup)
			}
		}
	}
}

var tag = regexp.MustCompile(`<[^>]*>?`)

// An item's own files are shown by their hash, whatever their names say;
// others, and names that are none of its files, are not.
func TestMarkdownMedia(t *testing.T) {
	media := []questionbank.DeliveryMedia{
		{Name: "benar.png", SHA256: "aa11", MIME: "image/png", Alt: "Layar \"utama\"", Width: 20, Height: 10},
		{Name: "suara.mp3", SHA256: "bb22", MIME: "audio/mpeg", Alt: "Suara"}, {Name: "film.mp4", SHA256: "cc33", MIME: "video/mp4", Alt: "Film"},
		{Name: "belum.png", MIME: "image/png"},
	}
	for source, want := range map[string]string{
		"Lihat ![](media:benar.png) ini":       `Lihat <img src="/media/aa11" alt="Layar &#34;utama&#34;" width="20" height="10" loading="lazy" decoding="async"> ini`,
		`![Bagan \_ 1 < 2](media:benar.png)`:   `<img src="/media/aa11" alt="Bagan _ 1 &lt; 2" width="20" height="10" loading="lazy" decoding="async">`,
		"![](media:suara.mp3)":                 `<audio controls preload="none" src="/media/bb22" aria-label="Suara"></audio>`,
		"![](media:film.mp4)":                  `<video controls preload="none" src="/media/cc33" aria-label="Film"></video>`,
		"![x](media:lain.png)":                 "[Gambar tidak tersedia]",
		"![x](media:belum.png)":                "[Gambar tidak tersedia]",
		"![x](https://evil.example/benar.png)": "[Gambar tidak tersedia]",
		"\ue0020\ue003 ![](media:suara.mp3)":   `0 <audio controls preload="none" src="/media/bb22" aria-label="Suara"></audio>`,
		"| a | b |\n|---|---|\n| 1 | 2 |": `<div class="scroll" role="region" tabindex="0" aria-label="Tabel"><table>` +
			"\n<thead>\n<tr>\n<th>a</th>\n<th>b</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td>1</td>\n<td>2</td>\n</tr>\n</tbody>\n</table></div>",
	} {
		got, err := MarkdownMedia(source, media)
		if err != nil || string(got) != want {
			t.Errorf("MarkdownMedia(%q) = %q, %v, want %q", source, got, err, want)
		}
		if strings.Contains(string(got), "benar.png") {
			t.Errorf("%q tells the author's name of a file", got)
		}
	}
}

func TestDict(t *testing.T) {
	got, err := dict("a", 1, "b", "x")
	if diff := cmp.Diff(map[string]any{"a": 1, "b": "x"}, got); diff != "" || err != nil {
		t.Errorf("dict: %v\n%s", err, diff)
	}
	for _, bad := range [][]any{{"a"}, {1, 2}} {
		if _, err := dict(bad...); err == nil {
			t.Errorf("dict(%v) was accepted", bad)
		}
	}
}
