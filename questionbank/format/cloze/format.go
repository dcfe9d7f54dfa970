package cloze

import (
	"bytes"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"cakap/internal/fault"
	"cakap/questionbank"
	"cakap/questionbank/format/rich"
)

// Format reads a plain file that is one text with embedded answers, as
// Moodle's own format "Embedded answers (Cloze)" has it.
func Format() questionbank.Format {
	return questionbank.Format{Name: "cloze", Ext: ".txt", Read: read}
}

// maxFile is more than one text with its answers may have.
const maxFile = 64 << 10

func read(in questionbank.Input) (questionbank.Parsed, error) {
	parsed := questionbank.Parsed{Format: "cloze", Encoding: "utf-8"}
	data := bytes.TrimPrefix(in.Content, []byte("\xef\xbb\xbf"))
	if bytes.IndexByte(data, 0) >= 0 || !Embedded(string(data)) {
		return parsed, fault.New(fault.Unsupported, "questionbank.cloze.no_answer").Place("baris 1")
	}
	if len(data) > maxFile {
		return parsed, fault.New(fault.TooLarge, "questionbank.cloze.too_long", maxFile>>10).Place("baris 1")
	}
	if !utf8.Valid(data) {
		decoded, err := charmap.Windows1252.NewDecoder().Bytes(data)
		if err != nil {
			return parsed, fault.New(fault.Malformed, "questionbank.cloze.encoding").Because(err)
		}
		data, parsed.Encoding = decoded, "windows-1252"
		parsed.Messages = append(parsed.Messages, fault.New(fault.Conflict, "questionbank.cloze.transcoded"))
	}
	item, broken := one(string(data))
	if broken {
		parsed.Messages = append(parsed.Messages, item.Rejects...) // the one text is the file
		return parsed, nil
	}
	parsed.Items = append(parsed.Items, item)
	return parsed, nil
}

// Embedded reports that a text holds embedded answers, for readers of other
// formats that use braces too. XML may do so inside; that is left to the
// readers that know what is around it.
func Embedded(text string) bool {
	if strings.HasPrefix(strings.TrimSpace(text), "<?xml") {
		return false
	}
	for _, m := range opening.FindAllStringSubmatch(text, -1) {
		if _, known := kindOf(m[2]); known {
			return true
		}
	}
	return false
}

var block = regexp.MustCompile(`(?i)<(?:p|div|br|table|ul|ol|pre)\b`)

// one is the file's only item.
func one(text string) (item questionbank.ParsedItem, broken bool) {
	item = questionbank.ParsedItem{At: "baris 1", Type: string(questionbank.Cloze), Raw: []byte(text)}
	stem, parts, found := Parse(text)
	for _, f := range found {
		f.At = "baris 1"
		if f.Kind == fault.Conflict {
			item.Warnings = append(item.Warnings, f)
		} else {
			item.Rejects = append(item.Rejects, f)
		}
	}
	if !block.MatchString(stem) { // typed by hand: its lines are meant
		stem = strings.ReplaceAll(strings.TrimSpace(strings.ReplaceAll(stem, "\r\n", "\n")), "\n", "<br>\n")
	}
	t := rich.FromHTML(stem, nil)
	for _, lost := range t.Lost {
		item.Warnings = append(item.Warnings, fault.New(fault.Conflict, "questionbank.cloze.stem_lost", lost).On("stem").Place("baris 1"))
	}
	item.Content = questionbank.Content{Type: questionbank.Cloze, Stem: questionbank.ReleaseGaps(t.Markdown), Interactions: parts}
	return item, len(item.Rejects) > 0
}
