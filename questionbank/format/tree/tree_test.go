package tree

import (
	"strings"
	"testing"
	"time"

	"cakap/internal/fault"
)

func TestParse(t *testing.T) {
	n, err := Parse([]byte("\xef\xbb\xbf<?xml version=\"1.0\"?>\n<!DOCTYPE quiz>\n<quiz a=\"1\" x:b='2' xmlns:x=\"u\">\n<q>a &amp; b&nbsp;<b>c</b><br/></q>\n<q/></quiz>\n<!-- end -->"))
	if err != nil {
		t.Fatal(err)
	}
	if n.Name != "quiz" || n.Get("a") != "1" || n.Get("b") != "2" || n.Line != 3 || len(n.All("q")) != 2 || len(n.Elements()) != 2 {
		t.Errorf("root %+v", n)
	}
	q := n.Find("q")
	if q.Line != 4 || q.Content() != "a & b\u00a0c" || q.Inner() != "a &amp; b\u00a0<b>c</b><br/>" || q.Outer() != "<q>"+q.Inner()+"</q>" {
		t.Errorf("q at %d: %q, %q", q.Line, q.Content(), q.Outer())
	}
	if n.Find("q", "b").Content() != "c" || n.Find("no", "b") != nil || n.Find("no").Get("x") != "" || len(n.Descendants("b")) != 1 {
		t.Error("Find")
	}
}

func TestParseRefuses(t *testing.T) {
	for _, tt := range []struct{ name, xml, key, at string }{
		{"nothing", "", "empty", ""},
		{"open element", "<a>\n<b>\n</a>", "broken", "baris 3"},
		{"second root", "<a/>\n<b/>", "second_root", "baris 2"},
		{"text after the root", "<a/>x", "broken", "baris 1"},
		{"entities", `<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>`, "doctype", "baris 1"},
		{"unknown entity", "<a>&x;</a>", "broken", "baris 1"},
		{"depth", strings.Repeat("<a>", 20_000), "too_deep", "baris 1"},
		{"attributes", "<a>\n<b " + strings.Repeat(`c="" `, 3000) + "/></a>", "too_deep", "baris 2"},
		{"attributes without end", "<a " + strings.Repeat(`c="" `, 3000), "too_deep", "baris 1"},
		{"encoding", `<?xml version="1.0" encoding="EBCDIC"?><a/>`, "broken", "baris 1"},
		{"half a UTF-16 unit", "\xff\xfe<", "encoding", ""},
	} {
		_, err := Parse([]byte(tt.xml))
		f := fault.Of(err)
		if f == nil || f.Key != "questionbank.xml."+tt.key || f.At != tt.at {
			t.Errorf("%s: %v, want %s at %q", tt.name, err, tt.key, tt.at)
		}
	}
}

// A text in a million pieces, and an attribute that is a picture, cost what
// they are long.
func TestCost(t *testing.T) {
	for name, xml := range map[string]string{
		"comments": "<a>" + strings.Repeat("b<!---->", 1<<20) + "</a>",
		"sections": "<a>" + strings.Repeat("b<![CDATA[c]]>", 1<<19) + "</a>",
		"picture":  `<a src="data:image/png;base64,` + strings.Repeat("ABCD", 1<<20) + `=="/>`,
	} {
		start := time.Now()
		n, err := Parse([]byte(xml))
		if took := time.Since(start); err != nil || took > time.Minute {
			t.Errorf("%s: %v, %v", name, took, err)
		} else if got := n.Content(); name == "comments" && got != strings.Repeat("b", 1<<20) || name == "sections" && got != strings.Repeat("bc", 1<<19) {
			t.Errorf("%s: %d bytes came through", name, len(got))
		}
	}
}

func TestEncodings(t *testing.T) {
	for name, xml := range map[string]string{
		"UTF-16LE": "\xff\xfe<\x00a\x00>\x00\xe9\x00<\x00/\x00a\x00>\x00",
		"Latin-1":  "<?xml version=\"1.0\" encoding=\"iso-8859-1\"?><a>\xe9</a>",
		"UTF-8":    "<a>é</a>",
	} {
		if n, err := Parse([]byte(xml)); err != nil || n.Content() != "é" {
			t.Errorf("%s: %v %v", name, n, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("<a b='c'>d<e/></a>"))
	f.Fuzz(func(t *testing.T, data []byte) {
		n, err := Parse(data)
		if err != nil {
			return
		}
		if _, err := Parse([]byte(n.Outer())); err != nil && !strings.ContainsAny(n.Outer(), "\x00\ufffd") {
			t.Logf("own output: %v", err)
		}
	})
}
