package reports

import (
	"archive/zip"
	"bytes"
	"cmp"
	"compress/flate"
	"encoding/xml"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"slices"
	"time"
)

const contentTypes = "[Content_Types].xml"

// compression costs a quarter less time than the usual 6 for files a fifth
// larger; compressing is most of the work.
const compression = 4

// packer is the zip writer that excelize fills. It compresses each part as it
// comes and writes the file on Close with the parts in order of name and one
// fixed time, since excelize hands them over in the order of a Go map.
type packer struct {
	out   io.Writer
	at    time.Time
	parts []*part
	open  *flate.Writer // of the last part
	last  *part
	plain *bytes.Buffer // of the content types, which are sorted first
}

type part struct {
	name       string
	compressed bytes.Buffer
	crc        uint32
	size       uint64
}

func (p *packer) Create(name string) (io.Writer, error) {
	if err := p.finish(); err != nil {
		return nil, err
	}
	if name == contentTypes {
		p.plain = &bytes.Buffer{}
		return p.plain, nil
	}
	return p.begin(name)
}

func (p *packer) begin(name string) (io.Writer, error) {
	p.last = &part{name: name}
	p.parts = append(p.parts, p.last)
	if p.open == nil {
		w, err := flate.NewWriter(&p.last.compressed, compression)
		p.open = w
		return partWriter{p}, err
	}
	p.open.Reset(&p.last.compressed)
	return partWriter{p}, nil
}

// partWriter writes into the part that is open.
type partWriter struct{ p *packer }

func (w partWriter) Write(b []byte) (int, error) {
	w.p.last.crc = crc32.Update(w.p.last.crc, crc32.IEEETable, b)
	w.p.last.size += uint64(len(b))
	return w.p.open.Write(b)
}

func (p *packer) finish() error {
	if p.last == nil {
		return nil
	}
	p.last = nil
	return p.open.Close()
}

// AddFS is part of the interface; excelize never calls it.
func (p *packer) AddFS(fs.FS) error { return errors.New("reports: AddFS is not supported") }

func (p *packer) Close() error {
	if err := p.finish(); err != nil {
		return err
	}
	if p.plain == nil {
		return errors.New("reports: the workbook has no content types")
	}
	sorted, err := sortTypes(p.plain.Bytes())
	if err != nil {
		return err
	}
	w, err := p.begin(contentTypes)
	if err != nil {
		return err
	}
	if _, err := w.Write(sorted); err != nil {
		return err
	}
	if err := p.finish(); err != nil {
		return err
	}
	slices.SortFunc(p.parts, func(a, b *part) int { return cmp.Compare(a.name, b.name) })
	date, clock := msdos(p.at)
	zw := zip.NewWriter(p.out)
	for _, part := range p.parts {
		header := &zip.FileHeader{
			Name: part.name, Method: zip.Deflate, CRC32: part.crc,
			CompressedSize64: uint64(part.compressed.Len()), UncompressedSize64: part.size,
		}
		header.ModifiedDate, header.ModifiedTime = date, clock //nolint:staticcheck // CreateRaw does not look at Modified
		to, err := zw.CreateRaw(header)
		if err != nil {
			return err
		}
		if _, err := part.compressed.WriteTo(to); err != nil {
			return err
		}
	}
	return zw.Close()
}

// msdos is an instant as a zip entry holds it. CreateRaw writes these fields as
// they are and does not look at Modified.
func msdos(t time.Time) (date, clock uint16) {
	t = t.UTC()
	return uint16(t.Day() + int(t.Month())<<5 + (t.Year()-1980)<<9), uint16(t.Second()/2 + t.Minute()<<5 + t.Hour()<<11)
}

// typeList is the content of [Content_Types].xml.
type typeList struct {
	XMLName   xml.Name       `xml:"http://schemas.openxmlformats.org/package/2006/content-types Types"`
	Defaults  []typeDefault  `xml:"Default"`
	Overrides []typeOverride `xml:"Override"`
}

type typeDefault struct {
	Extension   string `xml:"Extension,attr"`
	ContentType string `xml:"ContentType,attr"`
}

type typeOverride struct {
	PartName    string `xml:"PartName,attr"`
	ContentType string `xml:"ContentType,attr"`
}

// sortTypes puts the content types in order of extension and part name.
func sortTypes(body []byte) ([]byte, error) {
	var types typeList
	if err := xml.Unmarshal(body, &types); err != nil {
		return nil, fmt.Errorf("content types: %w", err)
	}
	slices.SortFunc(types.Defaults, func(a, b typeDefault) int { return cmp.Compare(a.Extension, b.Extension) })
	slices.SortFunc(types.Overrides, func(a, b typeOverride) int { return cmp.Compare(a.PartName, b.PartName) })
	sorted, err := xml.Marshal(types)
	return append([]byte(xml.Header), sorted...), err
}
