package xlsx

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
)

var contentType = regexp.MustCompile(`<(?:Default|Override) [^>]*/?>(?:</(?:Default|Override)>)?`)

// reproducible repacks a workbook so that the same cells give the same bytes:
// excelize writes the list of parts in the order of a map, and each part with
// the time of writing. Nothing else differs.
func reproducible(w io.Writer, workbook []byte) error {
	in, err := zip.NewReader(bytes.NewReader(workbook), int64(len(workbook)))
	if err != nil {
		return fmt.Errorf("repack workbook: %w", err)
	}
	parts := slices.Clone(in.File)
	slices.SortFunc(parts, func(a, b *zip.File) int { return strings.Compare(a.Name, b.Name) })
	out := zip.NewWriter(w)
	for _, part := range parts {
		if err := repack(out, part); err != nil {
			return fmt.Errorf("repack workbook: %s: %w", part.Name, err)
		}
	}
	return out.Close()
}

func repack(out *zip.Writer, part *zip.File) (err error) {
	to, err := out.CreateHeader(&zip.FileHeader{Name: part.Name, Method: zip.Deflate})
	if err != nil {
		return err
	}
	from, err := part.Open()
	if err != nil {
		return err
	}
	defer func() { _ = from.Close() }() // a reader of memory
	if part.Name != "[Content_Types].xml" {
		_, err = io.Copy(to, from) //nolint:gosec // our own workbook, just written
		return err
	}
	body, err := io.ReadAll(from)
	if err != nil {
		return err
	}
	types := contentType.FindAllString(string(body), -1)
	slices.Sort(types)
	next := 0
	_, err = io.WriteString(to, contentType.ReplaceAllStringFunc(string(body), func(string) string {
		next++
		return types[next-1]
	}))
	return err
}
