package questionbank

import (
	"context"
	"fmt"
	"io"

	"cakap/internal/fault"
	"cakap/internal/storage"
	"cakap/scoring"
)

// MaxFile is the largest file of questions that is read.
const MaxFile = 20 << 20

// Format reads and writes one kind of file.
type Format struct {
	Name string // "gift", as --format and the report call it
	Ext  string // of a file it writes: ".gift"
	// Extension is Ext where it depends on the items, ".zip" for those with
	// pictures; nil where it does not.
	Extension func(Export) string
	// Read refuses with fault.Unsupported what is not its kind, so that the next
	// format is tried; nil where the format is only written.
	Read func(Input) (Parsed, error)
	// Write writes items and returns what the format could not carry, each with
	// the item's code as its place; nil where the format is only read.
	Write func(w io.Writer, bank Export) ([]*fault.Fault, error)
}

// Input is a file on its way in.
type Input struct {
	Name    string
	Content []byte
	Columns map[string]string // of a spreadsheet: "Soal!C" → the field the user said it is, "-" for none
}

// Export is what a file shall hold.
type Export struct {
	Items []Exported
	Media func(sha256 string) ([]byte, error)
}

// Exported is one item on its way into a file.
type Exported struct {
	Code    string
	Content Content
}

// Parsed is what a file holds, before anybody asked whether the bank wants it.
type Parsed struct {
	Format   string
	Encoding string
	Items    []ParsedItem
	Messages []*fault.Fault
}

// ParsedItem is one question of a file. One that cannot be used at all has
// Rejects; its Content is then whatever could be read.
type ParsedItem struct {
	At       string
	Code     string // the item it says it is, "" for a new one
	Type     string // canonical, also of kinds that cannot be used yet
	Content  Content
	Aspect   scoring.Aspect    // what the file says where it names no indicator; Total for nothing
	Raw      []byte            // the question as it stood in the file, kept beside the revision
	Files    []File            // what Content.Media names, as the file holds it
	Places   map[string]string // where each form field stood: "option_a" → "Soal!H4"
	Rejects  []*fault.Fault
	Warnings []*fault.Fault
}

// File is a medium that came with a question, before anybody looked into it.
type File struct {
	Name string // as Content.Media calls it
	Data []byte
}

// ImportRequest is a file to read and what to do with it.
type ImportRequest struct {
	File         string
	Content      []byte
	Format       string         // "" tries every format
	Aspect       scoring.Aspect // for questions that name none
	Indicator    string         // for questions that name none
	Columns      map[string]string
	DryRun       bool
	AllOrNothing bool // one rejected question saves none
	Actor        int64

	// What somebody decided about the questions of a report, by their number.
	Mended     map[int]Content // takes the place of what was read, whatever its reader said of it
	Indicators map[int]string
	Skip       []int
	Parsed     *Parsed // what Parse read, so that the file is not read again
}

// Import reads a file and saves its questions as drafts, in one transaction,
// with one audit entry. The report is complete also where nothing was saved.
// The error is a fault where the file cannot be read at all.
//
// Whatever takes long is done before the transaction, so that participants'
// answers never wait for it; a dry run takes none.
func (s *Service) Import(ctx context.Context, req ImportRequest) (Report, error) {
	report := Report{File: req.File, Format: req.Format, Items: []ItemReport{}}
	parsed, err := s.parsed(req)
	if err != nil {
		if f := fault.Of(err); f != nil {
			report.Messages = append(report.Messages, f)
		}
		return report, fmt.Errorf("import %s: %w", req.File, err)
	}
	report.Format, report.Encoding, report.Messages = parsed.Format, parsed.Encoding, parsed.Messages
	im, err := s.examine(ctx, req, parsed)
	if err != nil {
		return report, fmt.Errorf("import %s: %w", req.File, err)
	}
	rejected := im.rejected()
	if req.DryRun || req.AllOrNothing && rejected > 0 {
		err = im.settle(ctx, store{s.DB}, false)
	} else {
		err = s.DB.Tx(ctx, func(db storage.Querier) error {
			return im.settle(ctx, store{db}, true)
		})
		report.Saved, report.Batch = err == nil, im.batch
	}
	if err != nil {
		return report, fmt.Errorf("import %s: %w", req.File, err)
	}
	for _, q := range im.questions {
		report.Items = append(report.Items, q.item)
	}
	if !req.DryRun && !report.Saved {
		report.Messages = append(report.Messages, fault.New(fault.Conflict, "questionbank.import.nothing_saved", rejected))
	}
	return report, nil
}

// Parse finds the format that reads a file and reads it. The bank is not
// asked: Import with what Parse returns says what would become of it.
func (s *Service) Parse(in Input, format string) (Parsed, error) {
	return s.parsed(ImportRequest{File: in.Name, Content: in.Content, Columns: in.Columns, Format: format})
}

func (s *Service) parsed(req ImportRequest) (Parsed, error) {
	if req.Parsed != nil {
		return *req.Parsed, nil
	}
	if len(req.Content) > MaxFile {
		return Parsed{}, fault.New(fault.TooLarge, "questionbank.import.too_large", MaxFile>>20)
	}
	var err error
	for _, f := range s.Formats {
		if f.Read == nil || req.Format != "" && req.Format != "auto" && req.Format != f.Name {
			continue
		}
		parsed, readErr := f.Read(Input{Name: req.File, Content: req.Content, Columns: req.Columns})
		if readErr == nil {
			return parsed, nil
		}
		// A reader that knows the file says better what is wrong with it than
		// the last one that does not.
		if err = readErr; fault.KindOf(readErr) != fault.Unsupported {
			break
		}
	}
	if err == nil {
		return Parsed{}, fault.New(fault.Unsupported, "questionbank.import.format_unknown", req.Format)
	}
	return Parsed{}, err
}
