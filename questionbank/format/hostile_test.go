package format_test

import (
	"archive/zip"
	"bytes"
	"cmp"
	"encoding/binary"
	"fmt"
	"io/fs"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"cakap/internal/fault"
	"cakap/internal/locale"
	"cakap/questionbank"
	"cakap/questionbank/format"
)

// What a hostile file may cost (security.md, IN-05).
const (
	hostileTime = 12 * time.Second // five times that is an error: something grows without bound
	hostileHeap = 600 << 20        // garbage not yet collected among it
)

// entry is one entry of an archive that no program would write.
type entry struct {
	header zip.FileHeader
	body   string
}

func archive(t testing.TB, entries ...entry) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, e := range entries {
		w, err := z.CreateHeader(&e.header)
		if err == nil {
			_, err = w.Write([]byte(e.body))
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

func plain(name, body string) entry {
	return entry{zip.FileHeader{Name: name, Method: zip.Deflate}, body}
}

const (
	quizOpen = `<?xml version="1.0" encoding="UTF-8"?><quiz><question type="truefalse"><name><text>n</text></name><questiontext format="html"><text>`
	quizEnd  = `</text></questiontext><answer fraction="100"><text>true</text></answer><answer fraction="0"><text>false</text></answer></question></quiz>`
	itemOpen = `<?xml version="1.0" encoding="UTF-8"?><assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="i" title="t" adaptive="false" timeDependent="false"><itemBody><p>`
	itemEnd  = `</p><extendedTextInteraction responseIdentifier="RESPONSE"/></itemBody></assessmentItem>`
	classic  = `<?xml version="1.0" encoding="UTF-8"?><questestinterop><item ident="i" title="t"><presentation><material><mattext>`
	classEnd = `</mattext></material></presentation></item></questestinterop>`
	tcOpen   = `<?xml version="1.0" encoding="UTF-8"?><tcexamquestions version="17"><body><module><name>m</name><subject><name>s</name><question><enabled>true</enabled><type>text</type><description>`
	tcEnd    = `</description></question></subject></module></body></tcexamquestions>`
	wordOpen = `<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>1. Apa itu sandi?</w:t></w:r></w:p><w:p><w:r><w:t>A. satu</w:t></w:r></w:p><w:p><w:r><w:t>B. `
	wordEnd  = `</w:t></w:r></w:p><w:p><w:r><w:t>Kunci: A</w:t></w:r></w:p></w:body></w:document>`
	gridOpen = `<?xml version="1.0" encoding="UTF-8"?><worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>SOAL</t></is></c><c r="B1" t="inlineStr"><is><t>A</t></is></c><c r="C1" t="inlineStr"><is><t>B</t></is></c><c r="D1" t="inlineStr"><is><t>KUNCI</t></is></c></row>` +
		`<row r="2"><c r="B2" t="inlineStr"><is><t>satu</t></is></c><c r="C2" t="inlineStr"><is><t>dua</t></is></c><c r="D2" t="inlineStr"><is><t>A</t></is></c><c r="A2" t="inlineStr"><is><t>`
	gridEnd = `</t></is></c></row></sheetData></worksheet>`
)

// container makes a file of one XML text, alone or in its archive.
type container struct {
	name, open, end string
	pack            func(t testing.TB, xml string) []byte
}

func containers() []container {
	alone := func(_ testing.TB, xml string) []byte { return []byte(xml) }
	return []container{
		{"moodle.xml", quizOpen, quizEnd, alone},
		{"item.xml", itemOpen, itemEnd, alone},
		{"canvas.xml", classic, classEnd, alone},
		{"tcexam.xml", tcOpen, tcEnd, alone},
		{"paket.zip", itemOpen, itemEnd, qtiPackage},
		{"soal.docx", wordOpen, wordEnd, wordFile},
		{"soal.xlsx", gridOpen, gridEnd, gridFile},
	}
}

func qtiPackage(t testing.TB, item string) []byte {
	t.Helper()
	return archive(t, plain("imsmanifest.xml", `<manifest><resources><resource type="imsqti_item_xmlv2p1" href="i.xml"><file href="i.xml"/></resource></resources></manifest>`), plain("i.xml", item))
}

func wordFile(t testing.TB, main string) []byte {
	t.Helper()
	return archive(t,
		plain("[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>`),
		plain("_rels/.rels", `<Relationships><Relationship Id="a" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`),
		plain("word/document.xml", main))
}

func gridFile(t testing.TB, sheet string) []byte {
	t.Helper()
	return archive(t,
		plain("_rels/.rels", `<Relationships><Relationship Id="a" Type="x/officeDocument" Target="xl/workbook.xml"/></Relationships>`),
		plain("xl/workbook.xml", `<workbook><sheets><sheet name="A" r:id="r1"/></sheets></workbook>`),
		plain("xl/_rels/workbook.xml.rels", `<Relationships><Relationship Id="r1" Type="x/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`),
		plain("xl/worksheets/sheet1.xml", sheet))
}

// cost reads a file and says what it cost.
func cost(name string, content []byte) (parsed questionbank.Parsed, took time.Duration, heap uint64, err error) {
	runtime.GC()
	var before runtime.MemStats
	runtime.ReadMemStats(&before)
	peak := heapPeak()
	start := time.Now()
	parsed, err = format.Read(questionbank.Input{Name: name, Content: content})
	took, heap = time.Since(start), peak()
	return parsed, took, heap - min(heap, before.HeapAlloc), err
}

// refused checks that a file is refused with a text for people, or that it
// yields nothing that could be saved; and what either cost.
func refused(t *testing.T, name string, content []byte) {
	t.Helper()
	if parsed, err := bounded(t, name, content); err == nil {
		usable := slices.ContainsFunc(parsed.Items, func(p questionbank.ParsedItem) bool { return len(p.Rejects) == 0 })
		if usable || len(parsed.Messages) == 0 && len(parsed.Items) == 0 {
			t.Errorf("%s: accepted: %d questions, messages %v", name, len(parsed.Items), parsed.Messages)
		}
	}
}

// bounded reads a file and checks what it cost, that an error is one for
// people, and that none of the secrets came through.
func bounded(t *testing.T, name string, content []byte, secrets ...string) (questionbank.Parsed, error) {
	t.Helper()
	parsed, took, heap, err := cost(name, content)
	if err != nil {
		f := fault.Of(err)
		if f == nil || !locale.Has(f.Key) {
			t.Errorf("%s: refused without a text: %v", name, err)
		}
	}
	for _, item := range parsed.Items {
		for _, secret := range secrets {
			if text := item.Content.Stem + string(item.Content.JSON()); strings.Contains(text, secret) {
				t.Errorf("%s: %q came through", name, secret)
			}
		}
	}
	if took > 5*hostileTime {
		t.Errorf("%s: it took %v", name, took)
	}
	if heap > hostileHeap {
		t.Errorf("%s: it took %d MiB", name, heap>>20)
	}
	if took > hostileTime || heap > hostileHeap/2 {
		t.Logf("%s: %d bytes, %v, %d MiB, %d questions, %v", name, len(content), took.Round(time.Millisecond), heap>>20, len(parsed.Items), err)
	}
	return parsed, err
}

// streams names the hostile texts that the readers of Word and Excel files may
// read on: they go through their parts as a stream, build no tree, and stop
// where the text or the sheet ends.
var streams = map[string][]string{"soal.docx": {"second root"}, "soal.xlsx": {"second root", "undeclared", "depth", "UTF-7"}}

// IN-08: no entity is expanded, no file read; what nests too deep or ends twice is refused.
func TestHostileXML(t *testing.T) {
	laughs := `<!DOCTYPE q [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>`
	outer := `<!DOCTYPE q [<!ENTITY x SYSTEM "file:///etc/hostname">]>`
	param := `<!DOCTYPE q [<!ENTITY % p SYSTEM "http://127.0.0.1:1/x.dtd"> %p;]>`
	name, err := os.ReadFile("/etc/hostname")
	host := cmp.Or(strings.TrimSpace(string(name)), "localhost")
	if err != nil {
		host = "localhost"
	}
	headed := func(c container, doctype, body string) string {
		head, rest, _ := strings.Cut(c.open, "?>")
		if rest == "" {
			return doctype + c.open + body + c.end
		}
		return head + "?>" + doctype + rest + body + c.end
	}
	for _, c := range containers() {
		t.Run(c.name, func(t *testing.T) {
			if parsed, _, _, err := cost(c.name, c.pack(t, c.open+"Apa itu? Jelaskan."+c.end)); err != nil || len(parsed.Items) != 1 {
				t.Fatalf("the harmless file: %v, %d items", err, len(parsed.Items))
			}
			for name, xml := range map[string]string{
				"external entity":  headed(c, outer, "&x;"),
				"parameter entity": headed(c, param, "x"),
				"billion laughs":   headed(c, laughs, strings.Repeat("&c;", 1000)),
				"undeclared":       c.open + "&hal;" + c.end,
				"depth":            c.open + strings.Repeat("<b>", 20_000) + strings.Repeat("</b>", 20_000) + c.end,
				"second root":      c.open + "a" + c.end + "<x>" + c.end,
				"UTF-16 entity":    utf16XML(headed(c, outer, "&x;")),
				"UTF-7":            strings.Replace(c.open, "UTF-8", "UTF-7", 1) + "+ADw-b+AD4-" + c.end,
			} {
				t.Run(name, func(t *testing.T) {
					if !slices.Contains(streams[c.name], name) {
						refused(t, c.name, c.pack(t, xml))
					}
					_, _ = bounded(t, c.name, c.pack(t, xml), "haha", host)
				})
			}
		})
	}
}

func utf16XML(s string) string {
	out := []byte("\xff\xfe")
	for _, unit := range utf16.Encode([]rune(strings.Replace(s, "UTF-8", "UTF-16", 1))) {
		out = binary.LittleEndian.AppendUint16(out, unit)
	}
	return string(out)
}

// IN-05, IN-07: archives are judged before anything is unpacked, and nothing is
// ever written.
func TestHostileArchives(t *testing.T) {
	link := zip.FileHeader{Name: "tautan.xml"}
	link.SetMode(fs.ModeSymlink | 0o777)
	many := make([]entry, 50_000)
	for i := range many {
		many[i] = plain(fmt.Sprintf("a%d.xml", i), "")
	}
	bomb := strings.Repeat("\x00", 64<<20)
	for name, more := range map[string][]entry{
		"traversal":       {plain("../../etc/x", "a")},
		"inner traversal": {plain("a/../../x", "a")},
		"backslashes":     {plain(`..\..\x`, "a")},
		"absolute":        {plain("/etc/x", "a")},
		"drive":           {plain("C:/x", "a")},
		"symbolic link":   {{link, "/etc/passwd"}},
		"encrypted":       {{zip.FileHeader{Name: "rahasia.xml", Flags: 1}, "a"}},
		"twice":           {plain("x.xml", "a"), plain("x.xml", "b")},
		"twice by case":   {plain("./x.xml", "a"), plain("x.xml", "b")},
		"50,000 entries":  many,
		"bomb":            {plain("nol.xml", bomb)},
	} {
		t.Run(name, func(t *testing.T) {
			for _, file := range []struct {
				name string
				own  []byte
			}{
				{"paket.zip", qtiPackage(t, itemOpen+"Jelaskan."+itemEnd)},
				{"soal.docx", wordFile(t, wordOpen+"1. Jelaskan arti sandi."+wordEnd)},
				{"soal.xlsx", gridFile(t, gridOpen+"Apa itu?"+gridEnd)},
			} {
				refused(t, file.name, added(t, file.own, more...))
			}
		})
	}
}

// added is an archive with more entries.
func added(t *testing.T, own []byte, more ...entry) []byte {
	t.Helper()
	in, err := zip.NewReader(bytes.NewReader(own), int64(len(own)))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	out := zip.NewWriter(&b)
	for _, f := range in.File {
		if err := out.Copy(f); err != nil {
			t.Fatal(err)
		}
	}
	for _, e := range more {
		w, err := out.CreateHeader(&e.header)
		if err == nil {
			_, err = w.Write([]byte(e.body))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// IN-05: what unpacks or parses to far more than its size, one thing repeated
// until the file is full.
func TestHostileSizes(t *testing.T) {
	if testing.Short() || raced {
		t.Skip("large files, which the race detector makes slow; the run without it has them")
	}
	const room = 2 << 20
	full := func(s string) string { return strings.Repeat(s, room/len(s)) }
	for _, c := range containers() {
		t.Run(c.name, func(t *testing.T) {
			for name, body := range map[string]string{
				"elements":   full("<b/>"),
				"comments":   full("a<!---->"),
				"attributes": "<b " + many(room/12) + "/>",
				"references": full("&amp;"),
				"breaks":     full("&lt;br&gt;"),
				"lines":      full("a\n"),
			} {
				t.Run(name, func(t *testing.T) { _, _ = bounded(t, c.name, c.pack(t, c.open+body+c.end)) })
			}
		})
	}
}

// many is n attributes of different names.
func many(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `a%x="" `, i)
	}
	return b.String()
}
