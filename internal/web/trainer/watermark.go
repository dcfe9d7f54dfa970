package trainer

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"cakap/internal/fault"
	"cakap/internal/locale"
	"cakap/internal/web/kit"
)

// live is the open events, while which a file of the bank needs a reason: it
// holds the keys of questions that people are answering.
func (d Deps) live(c *kit.Ctx, page *exportPage) error {
	codes, err := d.Assessment.OpenEvents(c.Context())
	page.Live, page.Reason = codes, c.Form("alasan")
	return err
}

// maxExportReason is the longest reason of an export.
const maxExportReason = 500

// reasoned checks the reason for a file that is had while events are open.
func (p *exportPage) reasoned() error {
	if n := len(p.Reason); len(p.Live) > 0 && (n < 5 || n > maxExportReason) {
		return fault.New(fault.Invalid, "trainer.export_reason", maxExportReason).On("alasan")
	}
	return nil
}

// watermark says who took a file and when: whoever finds it knows whom to ask.
// A file of the bank at rest has none, so that equal items give equal bytes.
func (d Deps) watermark(c *kit.Ctx, events []string) (string, error) {
	if len(events) == 0 {
		return "", nil
	}
	name, err := d.names(c.Context())
	if err != nil {
		return "", err
	}
	at := c.Now().In(locale.Zone(""))
	return fmt.Sprintf("Cakap: memuat kunci jawaban. Diunduh %s (akun %d) pada %s pukul %s WIB, selagi dibuka: %s.",
		name(c.Actor()), c.Actor(), locale.Date(at), at.Format("15.04"), strings.Join(events, ", ")), nil
}

// noteFile holds the watermark beside a file whose format has no place for it.
const noteFile = "catatan.txt"

// markedExt is the ending of a file with a watermark: an archive where its own
// format has no place for one.
func markedExt(ext, mark string) string {
	switch ext {
	case ".xlsx", ".zip", ".xml", ".gift":
		return ext
	}
	if mark == "" {
		return ext
	}
	return ".zip"
}

// writeMarked writes a file with a watermark in it: a comment of a text, the
// comment of an archive and the description of a workbook, or a note beside it.
func writeMarked(w io.Writer, name, ext, mark string, write func(io.Writer) error) error {
	if mark == "" {
		return write(w)
	}
	switch ext {
	case ".xml":
		if err := write(w); err != nil {
			return err
		}
		_, err := io.WriteString(w, "\n<!-- "+strings.ReplaceAll(mark, "--", "-")+" -->\n")
		return err
	case ".gift":
		if _, err := io.WriteString(w, "// "+mark+"\n\n"); err != nil {
			return err
		}
		return write(w)
	case ".xlsx", ".zip":
		var raw bytes.Buffer
		if err := write(&raw); err != nil {
			return err
		}
		return markArchive(w, raw.Bytes(), mark)
	}
	z := zip.NewWriter(w)
	for _, part := range []struct {
		name  string
		write func(io.Writer) error
	}{{name + ext, write}, {noteFile, func(w io.Writer) error { _, err := io.WriteString(w, mark+"\n"); return err }}} {
		entry, err := z.Create(part.name)
		if err == nil {
			err = part.write(entry)
		}
		if err != nil {
			return err
		}
	}
	return z.Close()
}

// coreProperties is where a workbook keeps its description.
const coreProperties = "docProps/core.xml"

// markArchive copies an archive, with mark as its comment and, in a workbook,
// as its description.
func markArchive(w io.Writer, raw []byte, mark string) error {
	in, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		return fmt.Errorf("mark export: %w", err)
	}
	out := zip.NewWriter(w)
	for _, f := range in.File {
		if f.Name == coreProperties {
			err = describe(out, f, mark)
		} else {
			err = out.Copy(f)
		}
		if err != nil {
			return fmt.Errorf("mark export: %w", err)
		}
	}
	if err := out.SetComment(mark); err != nil {
		return fmt.Errorf("mark export: %w", err)
	}
	return out.Close()
}

var errProperties = errors.New("a workbook without properties")

// maxProperties is more than a workbook of ours has of properties.
const maxProperties = 64 << 10

func describe(out *zip.Writer, f *zip.File, mark string) error {
	in, err := f.Open()
	if err != nil {
		return err
	}
	body, err := io.ReadAll(io.LimitReader(in, maxProperties))
	if err != nil {
		return err
	}
	if err := in.Close(); err != nil {
		return err
	}
	var text strings.Builder
	if err := xml.EscapeText(&text, []byte(mark)); err != nil {
		return err
	}
	end := bytes.LastIndex(body, []byte("</")) // of the root
	if end < 0 {
		return errProperties
	}
	changed := string(body[:end]) + "<dc:description>" + text.String() + "</dc:description>" + string(body[end:])
	entry, err := out.CreateHeader(&zip.FileHeader{Name: f.Name, Method: zip.Deflate, Modified: time.Time{}})
	if err != nil {
		return err
	}
	_, err = io.WriteString(entry, changed)
	return err
}
