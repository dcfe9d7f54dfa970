package xlsx

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"errors"
	"io"

	"cakap/internal/fault"
	"cakap/questionbank"
)

// Extension is how the file that WriteExport writes is to be called: ".zip"
// where items show files, for those lie beside the sheet, else ".xlsx".
func Extension(bank questionbank.Export) string {
	for _, item := range bank.Items {
		if len(item.Content.Media) > 0 {
			return ".zip"
		}
	}
	return ".xlsx"
}

// WriteExport writes items as a filled-in template; where items show files, as a
// .zip of the template and a folder media. Both import again without loss.
func WriteExport(w io.Writer, bank questionbank.Export) ([]*fault.Fault, error) {
	rows, losses := exportRows(bank)
	if Extension(bank) == ".xlsx" {
		return losses, writeRows(w, rows)
	}
	out := zip.NewWriter(w)
	book, err := create(out, "soal.xlsx")
	if err == nil {
		err = writeRows(book, rows)
	}
	if err != nil {
		return losses, err
	}
	more, err := writeMedia(out, bank)
	return append(losses, more...), errors.Join(err, out.Close())
}

// exportRows leaves out what does not fit even the data, which no item does that
// our own limits allow.
func exportRows(bank questionbank.Export) ([]texts, []*fault.Fault) {
	var losses []*fault.Fault
	rows := make([]texts, 0, len(bank.Items))
	for _, item := range bank.Items {
		cells, fits := values(Item(item))
		if !fits {
			losses = append(losses, fault.New(fault.TooLarge, "questionbank.xlsx.item_large").Place(item.Code))
			continue
		}
		rows = append(rows, cells)
	}
	return rows, losses
}

// create makes an entry without a time, so that the same items give the same bytes.
func create(out *zip.Writer, name string) (io.Writer, error) {
	return out.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate})
}

// writeMedia writes each file once under its name. A second file of that name
// goes into a folder of its item's code.
func writeMedia(out *zip.Writer, bank questionbank.Export) ([]*fault.Fault, error) {
	var losses []*fault.Fault
	written := map[string]string{} // entry → hash
	for _, item := range bank.Items {
		for _, m := range item.Content.Media {
			entry := "media/" + m.Name
			if hash, taken := written[entry]; taken && hash != m.SHA256 {
				entry = "media/" + folderOf(item.Code) + "/" + m.Name
			}
			if _, done := written[entry]; done {
				continue
			}
			data, err := bank.Media(m.SHA256)
			if err != nil {
				losses = append(losses, fault.New(fault.NotFound, "questionbank.xlsx.media_unread", m.Name).Place(item.Code).Because(err))
				continue
			}
			written[entry] = m.SHA256
			f, err := create(out, entry)
			if err != nil {
				return losses, err
			}
			if _, err := f.Write(data); err != nil {
				return losses, err
			}
		}
	}
	return losses, nil
}

// CSV is the same columns as a file of separated values, for programs that read
// nothing else. It carries no files; Format reads it.
func CSV() questionbank.Format {
	return questionbank.Format{Name: "csv", Ext: ".csv", Write: WriteCSV}
}

// WriteCSV writes items as our template in separated values, as Excel here
// reads them: semicolons, and a mark that says UTF-8. A text that a program would
// take for a formula has an apostrophe before it.
func WriteCSV(w io.Writer, bank questionbank.Export) ([]*fault.Fault, error) {
	rows, losses := exportRows(bank)
	for _, item := range bank.Items {
		if len(item.Content.Media) > 0 {
			losses = append(losses, fault.New(fault.Unsupported, "questionbank.xlsx.csv_media", len(item.Content.Media)).Place(item.Code))
		}
	}
	l := newLayout(optionColumns(rows))
	fields, titles := []string{}, []string{}
	for _, c := range l.columns {
		fields, titles = append(fields, c.field), append(titles, c.title)
	}
	for i := range dataColumns {
		fields, titles = append(fields, dataField(i)), append(titles, dataTitle(i))
	}
	var b bytes.Buffer
	b.WriteString("\ufeff")
	out := csv.NewWriter(&b)
	out.Comma, out.UseCRLF = ';', true
	if err := out.Write(titles); err != nil {
		return losses, err
	}
	for _, cells := range rows {
		line := make([]string, len(fields))
		for i, field := range fields {
			line[i] = guard(cells[field])
		}
		if err := out.Write(line); err != nil {
			return losses, err
		}
	}
	out.Flush()
	if err := out.Error(); err != nil {
		return losses, err
	}
	_, err := b.WriteTo(w)
	return losses, err
}
