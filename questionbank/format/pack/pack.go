// Package pack opens zip packages from strangers (QTI, Common Cartridge, Word).
// An archive is judged by its directory before anything is unpacked, parts are
// read into memory one by one under a limit, and nothing is ever written.
package pack

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"net/url"
	"path"
	"slices"
	"strings"

	"cakap/internal/fault"
)

// What an archive may hold.
const (
	maxEntries   = 25_000 // a bank of 20,000 QTI items is one
	maxTotal     = 256 << 20
	MaxPart      = 32 << 20
	maxRatio     = 200
	ratioMatters = 32 << 20
	encrypted    = 1
)

// Pack is an archive whose directory has been judged.
type Pack struct {
	files  map[string]*zip.File
	folded map[string]*zip.File // by name in small letters
	names  []string
}

// directoryEntry begins each entry of an archive's directory. Counting them
// costs nothing; reading a directory of half a million entries does.
var directoryEntry = []byte("PK\x01\x02")

// IsZip reports whether data begins like a zip archive.
func IsZip(data []byte) bool { return bytes.HasPrefix(data, []byte("PK\x03\x04")) }

// Open reads the directory. Folders and what macOS adds are left out.
func Open(data []byte) (*Pack, error) {
	if bytes.Count(data, directoryEntry) > 2*maxEntries { // those of an archive within it are counted too
		return nil, fault.New(fault.TooLarge, "questionbank.zip.bomb")
	}
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, fault.New(fault.Invalid, "questionbank.zip.damaged").Because(err)
	}
	if len(z.File) > maxEntries {
		return nil, fault.New(fault.TooLarge, "questionbank.zip.bomb")
	}
	p := &Pack{files: map[string]*zip.File{}, folded: map[string]*zip.File{}}
	var total uint64
	for _, f := range z.File {
		if total += f.UncompressedSize64; total > maxTotal || f.UncompressedSize64 > maxTotal {
			return nil, fault.New(fault.TooLarge, "questionbank.zip.bomb")
		}
		if err := p.add(f); err != nil {
			return nil, err
		}
	}
	if total > ratioMatters && total > uint64(len(data))*maxRatio {
		return nil, fault.New(fault.TooLarge, "questionbank.zip.bomb")
	}
	slices.Sort(p.names)
	return p, nil
}

func (p *Pack) add(f *zip.File) error {
	name := strings.ReplaceAll(f.Name, `\`, "/")
	switch {
	case f.Flags&encrypted != 0:
		return fault.New(fault.Invalid, "questionbank.zip.encrypted").Place(f.Name)
	case strings.HasSuffix(name, "/"), strings.HasPrefix(name, "__MACOSX/"), path.Base(name) == ".DS_Store":
		return nil
	case path.IsAbs(name), len(name) > 1 && name[1] == ':', slices.Contains(strings.Split(name, "/"), ".."), strings.ContainsRune(name, 0),
		!f.Mode().IsRegular():
		return fault.New(fault.Invalid, "questionbank.zip.name", f.Name).Place(f.Name)
	}
	name = path.Clean(name)
	if _, twice := p.files[name]; twice {
		return fault.New(fault.Invalid, "questionbank.zip.twice", f.Name).Place(f.Name)
	}
	p.files[name] = f
	if small := strings.ToLower(name); p.folded[small] == nil {
		p.folded[small] = f
	}
	p.names = append(p.names, name)
	return nil
}

// Names is every file, in order.
func (p *Pack) Names() []string { return p.names }

// Has reports whether there is a file of that name.
func (p *Pack) Has(name string) bool { return p.find(name) != nil }

// find tries the name as it is, percent-decoded, and without regard to capitals:
// packages are made on file systems that do not tell them apart.
func (p *Pack) find(name string) *zip.File {
	name = path.Clean(strings.ReplaceAll(name, `\`, "/"))
	if f := p.files[name]; f != nil {
		return f
	}
	if plain, err := url.PathUnescape(name); err == nil {
		if f := p.files[path.Clean(plain)]; f != nil {
			return f
		}
		name = path.Clean(plain)
	}
	return p.folded[strings.ToLower(name)]
}

// Read unpacks one file. What its directory entry promised is not believed.
func (p *Pack) Read(name string) ([]byte, error) {
	f := p.find(name)
	if f == nil {
		return nil, fault.New(fault.NotFound, "questionbank.zip.missing", name).Place(name)
	}
	r, err := f.Open()
	if err != nil {
		return nil, fault.New(fault.Invalid, "questionbank.zip.damaged").Place(name).Because(err)
	}
	data, err := io.ReadAll(io.LimitReader(r, MaxPart+1))
	if closeErr := r.Close(); err == nil {
		err = closeErr
	}
	switch {
	case len(data) > MaxPart:
		return nil, fault.New(fault.TooLarge, "questionbank.zip.bomb").Place(name)
	case err != nil:
		return nil, fault.New(fault.Invalid, "questionbank.zip.damaged").Place(name).Because(fmt.Errorf("unpack: %w", err))
	}
	return data, nil
}
