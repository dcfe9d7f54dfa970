package gift

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"cakap/internal/fault"
	"cakap/questionbank"
	"cakap/questionbank/format/cloze"
)

// Format reads and writes GIFT.
func Format() questionbank.Format {
	return questionbank.Format{Name: "gift", Ext: ".gift", Read: read, Write: write}
}

// maxItems bounds what one file may cost.
const maxItems = 10_000

func read(in questionbank.Input) (questionbank.Parsed, error) {
	parsed := questionbank.Parsed{Format: "gift"}
	text, encoding, err := decode(in.Content)
	if err != nil {
		return parsed, err
	}
	parsed.Encoding = encoding
	if foreign(text) {
		return parsed, fault.New(fault.Unsupported, "questionbank.gift.no_braces").Place("baris 1")
	}
	blocks := split(text)
	if !plausible(blocks) && !ownMark.MatchString(text) {
		return parsed, fault.New(fault.Unsupported, "questionbank.gift.no_braces").Place("baris 1")
	}
	if len(blocks) > maxItems {
		return parsed, fault.New(fault.TooLarge, "questionbank.gift.too_many", maxItems).Place(place(blocks[maxItems].line))
	}
	if encoding == "windows-1252" {
		parsed.Messages = append(parsed.Messages, fault.New(fault.Conflict, "questionbank.gift.transcoded").Place("baris 1"))
	}
	for _, b := range blocks {
		parsed.Items = append(parsed.Items, b.read())
	}
	return parsed, nil
}

// decode is the file as UTF-8 with line breaks of one character. What is no
// UTF-8 is taken for windows-1252, which older Moodles and editors wrote.
func decode(content []byte) (text, encoding string, err error) {
	encoding = "utf-8"
	switch {
	case bytes.HasPrefix(content, []byte("\xff\xfe")) || bytes.HasPrefix(content, []byte("\xfe\xff")):
		encoding = "utf-16"
		content, err = unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder().Bytes(content)
	case !utf8.Valid(content) && bytes.IndexByte(content, 0) < 0:
		encoding = "windows-1252"
		content, err = charmap.Windows1252.NewDecoder().Bytes(content)
	}
	if err != nil || bytes.IndexByte(content, 0) >= 0 {
		return "", encoding, fault.New(fault.Unsupported, "questionbank.gift.no_braces").Because(err)
	}
	content = bytes.TrimPrefix(content, []byte("\xef\xbb\xbf"))
	return unmarked(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(string(content))), encoding, nil
}

var (
	otherStart = regexp.MustCompile(`(?i)^(?:<\?xml|<!doctype|<html|<quiz|\{|\[\s*[\[{"]|%PDF|PK\x03\x04)`)
	aikenKey   = regexp.MustCompile(`(?m)^\s*ANSWER:\s*[A-Z]\s*$`)
)

// foreign recognises files whose braces, if any, mean something else.
func foreign(text string) bool {
	return otherStart.MatchString(strings.TrimSpace(text)) || aikenKey.MatchString(text) || cloze.Embedded(text)
}

// ownMark is in every file of ours, also where nothing in it asks anything.
var ownMark = regexp.MustCompile(`(?m)^// (?:.*\[(?:tag:)?cakap:|\[id:[^\]]+\])`)

// giftAnswer is how a GIFT answer begins.
var giftAnswer = regexp.MustCompile(`^\s*(?:$|[=~#>]|%-?[0-9.]+%|(?i:T|TRUE|F|FALSE|BENAR|SALAH)\s*(?:#|$))`)

// plausible reports that at least one block holds an answer as GIFT has them,
// and that most braces are such answers.
func plausible(blocks []block) bool {
	asked, braced := 0, 0
	for _, b := range blocks {
		text := hold(strings.Join(slices.DeleteFunc(slices.Clone(b.lines), isComment), "\n"))
		open := strings.IndexByte(text, '{')
		if open < 0 {
			continue
		}
		braced++
		answer, _, _ := strings.Cut(text[open+1:], "}")
		if giftAnswer.MatchString(answer) || strings.Contains(answer, "~") {
			asked++
		}
	}
	return asked > 0 && 2*asked >= braced
}
