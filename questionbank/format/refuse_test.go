package format_test

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"strings"
	"testing"
	"time"

	"cakap/internal/locale"
	"cakap/internal/storage"
	"cakap/internal/storage/storagetest"
	"cakap/questionbank"
	"cakap/questionbank/format"
	"cakap/questionbank/questionbanktest"
	"cakap/scoring"
)

// seeded is a bank that reads every format.
func seeded(tb testing.TB, db *storage.DB) *questionbank.Service {
	tb.Helper()
	at := time.Date(2026, 11, 24, 1, 0, 0, 0, time.UTC)
	if err := questionbank.Seed(tb.Context(), db, at); err != nil {
		tb.Fatal(err)
	}
	return &questionbank.Service{DB: db, Formats: format.All(), Now: func() time.Time { return at }}
}

// claims is a PNG of a few bytes that says it is of w × h pixels.
func claims(w, h uint32) []byte {
	head := binary.BigEndian.AppendUint32([]byte("IHDR"), w)
	head = append(binary.BigEndian.AppendUint32(head, h), 8, 6, 0, 0, 0)
	out := append([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0d"), head...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(head))
}

// polyglot is a GIF that is a script as well.
func polyglot(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := gif.Encode(&b, image.NewPaletted(image.Rect(0, 0, 4, 4), color.Palette{color.Black, color.White}), nil); err != nil {
		t.Fatal(err)
	}
	return append(b.Bytes(), "/*=1;alert(1)//<script>alert(1)</script>"...)
}

// withPictures is Moodle's questions with a picture each.
func withPictures(pictures ...[2]string) []byte {
	var b strings.Builder
	b.WriteString(`<quiz>`)
	for i, p := range pictures {
		fmt.Fprintf(&b, `<question type="truefalse"><name><text>g%d</text></name><questiontext format="html"><text><![CDATA[<p>Apa nomor %d pada gambar ini? <img src="@@PLUGINFILE@@/%s" alt="Gambar"></p>]]></text>`+
			`<file name="%s" path="/" encoding="base64">%s</file></questiontext><answer fraction="100"><text>true</text></answer><answer fraction="0"><text>false</text></answer></question>`,
			i, i*i+100, p[0], p[0], base64.StdEncoding.EncodeToString([]byte(p[1])))
	}
	return []byte(b.String() + `</quiz>`)
}

// IN-04 through the whole import: what is no picture rejects its question, and
// what is stored was drawn anew.
func TestHostilePictures(t *testing.T) {
	s := seeded(t, storagetest.SQLite(t))
	svg := `<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script><foreignObject/></svg>`
	file := withPictures(
		[2]string{"bom.png", string(claims(30_000, 30_000))}, [2]string{"gambar.svg", svg}, [2]string{"svg.png", svg},
		[2]string{"halaman.png", "<html><script>alert(1)</script></html>"}, [2]string{"ganda.gif", string(polyglot(t))}, [2]string{"baik.png", string(questionbanktest.Picture())},
	)
	report, err := s.Import(t.Context(), questionbank.ImportRequest{File: "gambar.xml", Content: file, Aspect: scoring.BasicMedia, Actor: 1})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"pixels", "svg", "svg", "unknown", "", ""} {
		item := report.Items[i]
		if want == "" {
			if item.Outcome == questionbank.Rejected {
				t.Errorf("%d: %s, %v", i, item.Outcome, item.Messages)
			}
			continue
		}
		if item.Outcome != questionbank.Rejected || len(item.Messages) == 0 || item.Messages[0].Key != "questionbank.media."+want || !locale.Has(item.Messages[0].Key) {
			t.Errorf("%d: %s, %v; want it rejected for %s", i, item.Outcome, item.Messages, want)
		}
	}
	row, err := s.ItemByCode(t.Context(), report.Items[4].Code)
	if err != nil {
		t.Fatal(err)
	}
	stored, err := s.Media(t.Context(), row.Latest().Content.Media[0].SHA256)
	if err != nil || stored.MIME != "image/png" || bytes.Contains(stored.Data, []byte("alert")) {
		t.Errorf("stored %s of %d bytes: %v", stored.MIME, len(stored.Data), err)
	}
}

// IN-09: nothing in a file is ever evaluated. A formula is the text that the
// spreadsheet last showed; questions that compute are rejected.
func TestNothingIsEvaluated(t *testing.T) {
	formula := strings.Replace(gridOpen, `<c r="B2" t="inlineStr"><is><t>satu</t></is></c>`, `<c r="B2" t="str"><f>HYPERLINK("https://jahat.id","x")&amp;1+1</f><v>dua belas</v></c>`, 1)
	calculated := `<quiz><question type="calculated"><name><text>n</text></name><questiontext format="html"><text>Berapa {a} + {b}?</text></questiontext><answer fraction="100"><text>{a}+{b}*system('id')</text><tolerance>0.01</tolerance></answer></question></quiz>`
	custom := `<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="i" title="t" adaptive="false" timeDependent="false"><responseDeclaration identifier="RESPONSE" cardinality="single" baseType="identifier"><correctResponse><value>A</value></correctResponse></responseDeclaration><outcomeDeclaration identifier="SCORE" cardinality="single" baseType="float"/><itemBody><choiceInteraction responseIdentifier="RESPONSE" maxChoices="1"><prompt>Apa?</prompt><simpleChoice identifier="A">a</simpleChoice><simpleChoice identifier="B">b</simpleChoice></choiceInteraction></itemBody>` +
		`<responseProcessing><setOutcomeValue identifier="SCORE"><customOperator class="java.lang.Runtime"><variable identifier="RESPONSE"/></customOperator></setOutcomeValue></responseProcessing></assessmentItem>`
	for _, tt := range []struct {
		name, file string
		content    []byte
		usable     bool
		text       string
	}{
		{"formula", "soal.xlsx", gridFile(t, formula+"Berapa?"+gridEnd), true, "dua belas"},
		{"calculated", "moodle.xml", []byte(calculated), false, ""},
		{"custom operator", "item.xml", []byte(custom), false, ""},
		{"template", "item.xml", []byte(strings.Replace(custom, "<itemBody>", `<templateDeclaration identifier="X" cardinality="single" baseType="integer"/><templateProcessing><setTemplateValue identifier="X"><randomInteger min="1" max="9"/></setTemplateValue></templateProcessing><itemBody>`, 1)), false, ""},
	} {
		parsed, err := format.Read(questionbank.Input{Name: tt.file, Content: tt.content})
		if err != nil || len(parsed.Items) != 1 {
			t.Errorf("%s: %d questions, %v", tt.name, len(parsed.Items), err)
			continue
		}
		item := parsed.Items[0]
		if usable := len(item.Rejects) == 0; usable != tt.usable || !bytes.Contains(item.Content.JSON(), []byte(tt.text)) || bytes.Contains(item.Content.JSON(), []byte("HYPERLINK")) {
			t.Errorf("%s: usable %v, %v, %s", tt.name, usable, item.Rejects, item.Content.JSON())
		}
	}
}
