package docx

import (
	"bytes"

	"cakap/internal/fault"
	"cakap/questionbank"
	"cakap/questionbank/format/pack"
	"cakap/questionbank/format/text"
)

// Name is what reports call the format.
const Name = "docx"

// Format reads Word files; nobody wants questions back as one.
func Format() questionbank.Format {
	return questionbank.Format{Name: Name, Ext: ".docx", Read: read}
}

const (
	mainPart  = "word/document.xml"
	maxMain   = 16 << 20
	macroPart = "word/vbaProject.bin"
)

var (
	ole      = []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
	wordMark = []byte("W\x00o\x00r\x00d\x00D\x00o\x00c\x00u\x00m\x00e\x00n\x00t\x00")
	rtf      = []byte(`{\rtf`)
)

func read(in questionbank.Input) (questionbank.Parsed, error) {
	switch {
	case bytes.HasPrefix(in.Content, ole) && bytes.Contains(in.Content, wordMark), bytes.HasPrefix(in.Content, rtf):
		return questionbank.Parsed{}, fault.New(fault.Invalid, "questionbank.docx.old_word")
	case !pack.IsZip(in.Content):
		return questionbank.Parsed{}, fault.New(fault.Unsupported, "questionbank.docx.not_word")
	}
	p, err := pack.Open(in.Content)
	if err != nil {
		if bytes.Contains(in.Content, []byte(mainPart)) {
			return questionbank.Parsed{}, err
		}
		return questionbank.Parsed{}, fault.New(fault.Unsupported, "questionbank.docx.not_word").Because(err)
	}
	d := &document{pack: p, main: mainPart}
	if !d.find() {
		return questionbank.Parsed{}, fault.New(fault.Unsupported, "questionbank.docx.not_word")
	}
	if p.Has(macroPart) {
		return questionbank.Parsed{}, fault.New(fault.Invalid, "questionbank.docx.macros")
	}
	return d.parse()
}

// parse reads the whole document.
func (d *document) parse() (questionbank.Parsed, error) {
	main, err := d.pack.Read(d.main)
	if err != nil {
		return questionbank.Parsed{}, err
	}
	if len(main) > maxMain {
		return questionbank.Parsed{}, fault.New(fault.TooLarge, "questionbank.xml.too_large", maxMain>>20).Place(d.main)
	}
	if err := d.support(); err != nil {
		return questionbank.Parsed{}, err
	}
	blocks, err := d.body(main)
	if err != nil {
		return questionbank.Parsed{}, err
	}
	l := layout{}
	l.blocks(blocks)
	parsed, err := text.Parse(l.lines)
	if err != nil { // it is a Word file all the same, so no other format can help
		return questionbank.Parsed{}, fault.New(fault.Invalid, "questionbank.text.no_questions")
	}
	parsed.Format, parsed.Encoding = Name, "utf-8"
	parsed.Messages = append(l.messages(), parsed.Messages...)
	return parsed, nil
}
