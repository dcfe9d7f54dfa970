package rich

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cakap/questionbank"
)

func names(src string) string {
	if strings.HasPrefix(src, "http") {
		return ""
	}
	return questionbank.MediaName(src)
}

func TestFromHTML(t *testing.T) {
	for _, tt := range []struct{ html, want string }{
		{"Halo dunia", "Halo dunia"},
		{"<p>Satu <b>dua</b>&nbsp;tiga</p>\n<p>empat</p>", "Satu **dua** tiga\n\nempat"},
		{"a<br>b<br/>", "a\\\nb"},
		{"1. bukan daftar", `1\. bukan daftar`},
		{"- bukan * daftar_ini #x", `\- bukan \* daftar\_ini \#x`},
		{"<ul><li>a</li><li>b <i>c</i></li></ul>", "- a\n- b *c*"},
		{"<ol><li>a</li><li>b</li></ol>", "1. a\n2. b"},
		{"H<sub>2</sub>O m<sup>2</sup> x<sup>ab</sup>", "H₂O m² x^(ab)"},
		{"<code>a*b</code> &lt;form&gt;", "`a*b` \\<form>"},
		{"<pre>x = 1\n  y</pre>", "```\nx = 1\n  y\n```"},
		{"<table><tr><th>A</th><th>B|C</th></tr><tr><td>1</td><td>2</td></tr></table>", "| A | B\\|C |\n| --- | --- |\n| 1 | 2 |"},
		{`<img src="@@PLUGINFILE@@/a%20b.png" alt="Gambar [x]">`, `![Gambar (x)](media:a_20b.png)`},
		{`<a href="https://x.id/">sini</a>`, "sini (https://x.id/)"},
		{"<h2>Judul</h2><div>isi</div>", "**Judul**\n\nisi"},
		{"<b></b>x", "x"},
		{"&amp;lt; tetap", `\&lt; tetap`},
		{"a " + questionbank.HeldGap(0) + " b", "a " + questionbank.HeldGap(0) + " b"},
		{"[[1]]", `\[\[1]]`},
	} {
		if got := FromHTML(tt.html, names).Markdown; got != tt.want {
			t.Errorf("%s\n got %q\nwant %q", tt.html, got, tt.want)
		}
	}
}

// Text without markup takes a shorter way to the same Markdown.
func TestPlainTextIsTheSame(t *testing.T) {
	for _, text := range []string{"", " ", "a", " a  b ", "a\nb\n\nc", "1. a", "- a", "* a *", "a > b", "\u00a0a\u00a0", "\ta", "[x](y)", "é \u200b"} {
		if got, want := FromHTML(text, nil).Markdown, FromHTML("<span>"+text+"</span>", nil).Markdown; got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
}

func TestLost(t *testing.T) {
	got := FromHTML(`<script>alert(1)</script><img src="https://evil.id/x.png" alt="jahat"><iframe src="x"></iframe><math><mi>x</mi></math>`, names)
	if diff := cmp.Diff([]string{"script", "img https://evil.id/x.png", "iframe", "math"}, got.Lost); diff != "" || got.Markdown != "jahatx" {
		t.Errorf("%q lost (-want +got):\n%s", got.Markdown, diff)
	}
}

// What was converted once stays the same when it goes out and comes back.
func TestRoundTrip(t *testing.T) {
	for _, md := range []string{
		"Halo **dunia** yang *baik*", "a\\\nb", `\- bukan \* daftar\_ini`, "- a\n- b", "1. a\n2. b", "satu\n\ndua", "`a*b` dan \\<form>",
		"```\nx = 1\n\n  y\n```", "| A | B\\|C |\n| --- | --- |\n| 1 | 2 |", "![Teks](media:a.png) ya", `\&lt; tetap`, "2 < 3 & 4 > 1", "x " + questionbank.HeldGap(1),
	} {
		md = strings.ReplaceAll(md, "2 < 3", `2 \< 3`)
		if got := FromHTML(ToHTML(md, func(n string) string { return n }), names).Markdown; got != md {
			t.Errorf("%q came back as %q (HTML %q)", md, got, ToHTML(md, nil))
		}
	}
}

func TestOption(t *testing.T) {
	for _, tt := range []struct {
		md   string
		want questionbank.Option
	}{
		{"biasa saja", questionbank.Option{Text: "biasa saja"}},
		{`2 \* 3 \< 7`, questionbank.Option{Text: "2 * 3 < 7"}},
		{"**tebal**", questionbank.Option{Text: "**tebal**", Rich: true}},
		{"a\n\nb", questionbank.Option{Text: "a\n\nb", Rich: true}},
	} {
		if diff := cmp.Diff(tt.want, Option(Text{Markdown: tt.md})); diff != "" {
			t.Errorf("%q (-want +got):\n%s", tt.md, diff)
		}
	}
}

func FuzzFromHTML(f *testing.F) {
	f.Add("<p>a<b>c</p>")
	f.Add("<table><tr><td>x<table><tr><td>")
	f.Fuzz(func(t *testing.T, source string) {
		got := FromHTML(source, names)
		if strings.Contains(ToHTML(got.Markdown, nil), "<script") {
			t.Errorf("%q lets a script through", source)
		}
	})
}
