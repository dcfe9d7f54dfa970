package sheet

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"iter"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"cakap/internal/fault"
)

const (
	bomUTF8    = "\xef\xbb\xbf"
	bomUTF16LE = "\xff\xfe"
	bomUTF16BE = "\xfe\xff"
)

func utf16BOM(head []byte) string {
	switch {
	case bytes.HasPrefix(head, []byte(bomUTF16LE)):
		return "utf-16le"
	case bytes.HasPrefix(head, []byte(bomUTF16BE)):
		return "utf-16be"
	default:
		return ""
	}
}

// textSource is a file of separated values.
type textSource struct {
	r        io.ReaderAt
	size     int64
	encoding string
	comma    rune
	hint     bool // the first line is Excel's "sep=;"
}

func (b *Book) openText(r io.ReaderAt, size int64, head []byte) error {
	s := &textSource{r: r, size: size, encoding: utf16BOM(head)}
	if s.encoding == "" {
		valid, err := validUTF8(io.NewSectionReader(r, 0, size))
		if err != nil {
			return err
		}
		s.encoding = "windows-1252" // what Excel writes when asked for plain CSV
		if valid {
			s.encoding = "utf-8"
		}
	}
	start := make([]byte, 64<<10)
	n, err := io.ReadFull(s.decoded(), start)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return damaged(err)
	}
	lines := strings.Split(string(start[:n]), "\n")
	if n == len(start) && len(lines) > 1 {
		lines = lines[:len(lines)-1] // cut in the middle
	}
	s.comma, s.hint = separator(lines)
	b.Format, b.Encoding, b.source = "csv", s.encoding, s
	if s.comma == '\t' {
		b.Format = "tsv"
	}
	b.sheets = []Sheet{{}}
	return nil
}

// decoded is the text as UTF-8 without a byte order mark.
func (s *textSource) decoded() io.Reader {
	r := io.NewSectionReader(s.r, 0, s.size)
	switch s.encoding {
	case "utf-16le":
		return transform.NewReader(r, unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM).NewDecoder())
	case "utf-16be":
		return transform.NewReader(r, unicode.UTF16(unicode.BigEndian, unicode.ExpectBOM).NewDecoder())
	case "windows-1252":
		return transform.NewReader(r, charmap.Windows1252.NewDecoder())
	default:
		return transform.NewReader(r, unicode.BOMOverride(transform.Nop))
	}
}

func validUTF8(r io.Reader) (bool, error) {
	buf := make([]byte, 32<<10)
	kept := 0
	for {
		n, err := r.Read(buf[kept:])
		n += kept
		last := errors.Is(err, io.EOF)
		if err != nil && !last {
			return false, err
		}
		whole := n
		if !last {
			for i := 1; i < utf8.UTFMax && i <= n; i++ { // a letter cut in two is judged with its rest
				if utf8.RuneStart(buf[n-i]) {
					if !utf8.FullRune(buf[n-i : n]) {
						whole = n - i
					}
					break
				}
			}
		}
		if !utf8.Valid(buf[:whole]) {
			return false, nil
		}
		if last {
			return true, nil
		}
		kept = copy(buf, buf[whole:n])
	}
}

// separator finds what splits the columns: the candidate that the most lines
// have equally often. Names are full of commas ("Budi, S.Sos"), so when two
// agree the rarer sign wins.
func separator(lines []string) (comma rune, hint bool) {
	first := strings.TrimRight(lines[0], "\r")
	if rest, ok := strings.CutPrefix(strings.ToLower(first), "sep="); ok && utf8.RuneCountInString(rest) == 1 {
		r, _ := utf8.DecodeRuneInString(rest)
		if r != '"' && r != utf8.RuneError && r != '\n' && r != '\r' {
			return r, true
		}
	}
	comma = ','
	best := 0
	for _, candidate := range []rune{'\t', ';', ',', '|'} {
		counts := map[int]int{}
		seen := 0
		for _, line := range lines {
			if seen == 30 {
				break
			}
			if n := countOutside(line, candidate); n > 0 {
				counts[n]++
				seen++
			}
		}
		for _, same := range counts {
			if same > best {
				best, comma = same, candidate
			}
		}
	}
	return comma, false
}

func countOutside(line string, sep rune) int {
	n, quoted := 0, false
	for _, r := range line {
		switch {
		case r == '"':
			quoted = !quoted
		case r == sep && !quoted:
			n++
		}
	}
	return n
}

func (s *textSource) rows(_ Sheet, limits Limits) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		r := csv.NewReader(s.decoded())
		r.Comma, r.FieldsPerRecord, r.LazyQuotes, r.ReuseRecord = s.comma, -1, true, true
		var row Row
		filled := 0
		for first := true; ; first = false {
			fields, err := r.Read()
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				yield(Row{}, damaged(err))
				return
			}
			if first && s.hint {
				continue
			}
			line, _ := r.FieldPos(0)
			if row, err = textRow(row.Cells[:0], line, fields, limits); err == nil && !row.Blank() {
				filled++
			}
			if err == nil && filled > limits.Rows {
				err = fault.New(fault.TooLarge, "sheet.rows", limits.Rows)
			}
			if !yield(row, err) || err != nil {
				return
			}
		}
	}
}

func textRow(cells []Cell, line int, fields []string, limits Limits) (Row, error) {
	for i, text := range fields {
		c := Cell{Text: text, row: line, col: i}
		if i >= limits.Columns {
			if c.Blank() {
				continue
			}
			return Row{}, fault.New(fault.TooLarge, "sheet.columns", limits.Columns).Place(c.Ref())
		}
		cells = append(cells, c)
	}
	return Row{N: line, Cells: cells}, nil
}
