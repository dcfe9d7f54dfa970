package sheet

import (
	"archive/zip"
	"fmt"
	"io"
	"path"
	"strings"

	"cakap/internal/fault"
)

const (
	maxEntries = 5000
	// A sheet of repeated values packs some twelve times, of blank formatted
	// cells some forty; a bomb packs a thousand times.
	maxRatio      = 100
	ratioMatters  = 64 << 20
	encryptedFlag = 1
)

// archive is the parts of a workbook by lower-case name. Its parts are read as
// streams; nothing is ever written to a folder.
type archive map[string]*zip.File

// openArchive judges the whole archive by its directory, before unpacking any of it.
func openArchive(r io.ReaderAt, size int64, limits Limits) (archive, error) {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, damaged(err)
	}
	if len(z.File) > maxEntries {
		return nil, fault.New(fault.TooLarge, "sheet.bomb")
	}
	parts := make(archive, len(z.File))
	var total uint64
	for _, f := range z.File {
		if f.UncompressedSize64 > uint64(limits.Unzipped) {
			return nil, fault.New(fault.TooLarge, "sheet.bomb")
		}
		total += f.UncompressedSize64
		name := strings.ToLower(f.Name)
		if err := checkEntry(f); err != nil {
			return nil, err
		}
		if _, twice := parts[name]; twice {
			return nil, damaged(fmt.Errorf("zip entry stands twice: %q", f.Name))
		}
		parts[name] = f
	}
	if total > uint64(limits.Unzipped) || total > ratioMatters && total > uint64(size)*maxRatio {
		return nil, fault.New(fault.TooLarge, "sheet.bomb")
	}
	return parts, nil
}

// checkEntry refuses names that mean something to a file system. We never
// extract, so this is for the next person who does.
func checkEntry(f *zip.File) error {
	name := strings.TrimSuffix(f.Name, "/")
	switch {
	case f.Flags&encryptedFlag != 0:
		return fault.New(fault.Invalid, "sheet.encrypted")
	case name == "", strings.ContainsAny(name, "\\:\x00"), path.IsAbs(name), path.Clean(name) != name, strings.HasPrefix(name, ".."):
		return damaged(fmt.Errorf("zip entry with a name of its own mind: %q", f.Name))
	case !f.Mode().IsRegular() && !f.Mode().IsDir():
		return damaged(fmt.Errorf("zip entry is no plain file: %q", f.Name))
	}
	return nil
}

// open streams a part, never past the size its directory entry declared.
func (a archive) open(name string) (io.ReadCloser, error) {
	f, ok := a[strings.ToLower(name)]
	if !ok {
		return nil, fmt.Errorf("no part %q", name)
	}
	r, err := f.Open()
	if err != nil {
		return nil, fmt.Errorf("part %q: %w", name, err)
	}
	return struct {
		io.Reader
		io.Closer
	}{io.LimitReader(r, int64(f.UncompressedSize64)), r}, nil
}

func (a archive) has(name string) bool { _, ok := a[strings.ToLower(name)]; return ok }

func damaged(cause error) error { return fault.New(fault.Invalid, "sheet.damaged").Because(cause) }
