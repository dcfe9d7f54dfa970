package questionbank

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"cakap/internal/fault"
	"cakap/internal/storage"
)

// ExportRequest is what a file shall hold.
type ExportRequest struct {
	Format string
	Filter Filter
	Items  []int64 // these instead of what the filter finds
	Actor  int64
	Reason string // why now, where items are in use; kept in the audit trail
}

// Exporting is a file about to be written.
type Exporting struct {
	Ext    string // how such a file is called: ".xml"
	Items  int
	format Format
	bank   Export
}

// Write writes the file and returns what its format could not carry, each with
// the item's code as its place.
func (e Exporting) Write(w io.Writer) ([]*fault.Fault, error) {
	losses, err := e.format.Write(w, e.bank)
	if err != nil {
		return nil, fmt.Errorf("export %s: %w", e.format.Name, err)
	}
	return losses, nil
}

// ExportFile collects items for a file. The keys leave with it, so the entry of the
// audit trail is written before a byte is.
func (s *Service) ExportFile(ctx context.Context, req ExportRequest) (Exporting, error) {
	i := slices.IndexFunc(s.Formats, func(f Format) bool { return f.Name == req.Format && f.Write != nil })
	if i < 0 {
		return Exporting{}, fault.New(fault.Unsupported, "questionbank.export.format_unknown", req.Format, strings.Join(s.Writable(), ", ")).On("format")
	}
	st, ids := store{s.DB}, req.Items
	if len(ids) == 0 {
		var err error
		if ids, err = st.all(ctx, req.Filter); err != nil {
			return Exporting{}, fmt.Errorf("export %s: %w", req.Format, err)
		}
	}
	e := Exporting{format: s.Formats[i], Ext: s.Formats[i].Ext}
	e.bank.Media = func(sha256 string) ([]byte, error) {
		m, err := s.Media(ctx, sha256)
		return m.Data, err
	}
	if err := st.walk(ctx, ids, func(r Revision) error {
		e.bank.Items = append(e.bank.Items, Exported{Code: r.Code, Content: r.Content})
		return nil
	}); err != nil {
		return Exporting{}, fmt.Errorf("export %s: %w", req.Format, err)
	}
	if e.Items = len(e.bank.Items); e.Items == 0 {
		return Exporting{}, fault.New(fault.NotFound, "questionbank.export.none")
	}
	if e.format.Extension != nil {
		e.Ext = e.format.Extension(e.bank)
	}
	if err := s.DB.Tx(ctx, func(db storage.Querier) error {
		d := detail{"format": req.Format, "items": e.Items}
		if req.Reason != "" {
			d["reason"] = req.Reason
		}
		return record(ctx, db, s.Now(), req.Actor, "bank.export", 0, d)
	}); err != nil {
		return Exporting{}, fmt.Errorf("export %s: %w", req.Format, err)
	}
	return e, nil
}

// Writable names the formats that files can be written in.
func (s *Service) Writable() []string {
	var names []string
	for _, f := range s.Formats {
		if f.Write != nil {
			names = append(names, f.Name)
		}
	}
	return names
}
