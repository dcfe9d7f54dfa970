package text

import (
	"bytes"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"cakap/internal/fault"
)

// What a text file may hold.
const (
	maxLines = 50_000
	maxText  = 8 << 20
)

func notText() error { return fault.New(fault.Unsupported, "questionbank.text.not_text") }

// decode makes UTF-8 of a text file, and names the encoding it had.
func decode(data []byte) (string, string, error) {
	if len(data) > maxText {
		return "", "", notText()
	}
	encoding := "utf-8"
	switch {
	case bytes.HasPrefix(data, []byte("\xff\xfe")), bytes.HasPrefix(data, []byte("\xfe\xff")):
		encoding = "utf-16le"
		if data[0] == 0xfe {
			encoding = "utf-16be"
		}
		plain, err := unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM).NewDecoder().Bytes(data)
		if err != nil {
			return "", "", notText()
		}
		data = plain
	case !utf8.Valid(data):
		plain, err := charmap.Windows1252.NewDecoder().Bytes(data)
		if err != nil {
			return "", "", notText()
		}
		data, encoding = plain, "windows-1252"
	}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if bytes.ContainsRune(data[:min(len(data), 1<<16)], 0) {
		return "", "", notText()
	}
	return string(data), encoding, nil
}

// split makes lines of a text; Windows, old Mac and Unix ends are all one.
func split(text string) ([]string, error) {
	text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	lines := strings.Split(text, "\n")
	if len(lines) > maxLines {
		return nil, fault.New(fault.TooLarge, "questionbank.text.too_many_lines", maxLines)
	}
	return lines, nil
}

// row is how a line is called in reports.
func row(i int) string { return "baris " + strconv.Itoa(i+1) }

// strong is how chat programs and Markdown write bold print.
var strong = regexp.MustCompile(`(^|[\s(])\*\*([^*\s](?:[^*]*[^*\s])?)\*\*`)

// lined makes lines of text for the scanner. Lines that follow one another are
// one paragraph.
func lined(lines []string) []Line {
	out := make([]Line, len(lines))
	for i, text := range lines {
		out[i] = Line{At: row(i), Soft: i > 0 && strings.TrimSpace(lines[i-1]) != ""}
		at := 0
		for _, m := range strong.FindAllStringSubmatchIndex(text, -1) {
			out[i].Spans = append(out[i].Spans, Span{Text: text[at:m[3]]}, Span{Text: text[m[4]:m[5]], Bold: true})
			at = m[1]
		}
		if at < len(text) {
			out[i].Spans = append(out[i].Spans, Span{Text: text[at:]})
		}
	}
	return out
}

// markup is how files of other kinds begin.
var markup = regexp.MustCompile(`(?i)^\s*(?:<[?!a-z]|[{\[]|%PDF|---\s*\n|PK\x03)`)
