package questionbank

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"

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
}

// errNothingSaved rolls an import back that only wanted to know.
var errNothingSaved = errors.New("nothing saved")

// Import reads a file and saves its questions as drafts, in one transaction,
// with one audit entry. The report is complete also where nothing was saved.
// The error is a fault where the file cannot be read at all.
func (s *Service) Import(ctx context.Context, req ImportRequest) (Report, error) {
	report := Report{File: req.File, Format: req.Format, Items: []ItemReport{}}
	parsed, err := s.parse(req)
	if err != nil {
		if f := fault.Of(err); f != nil {
			report.Messages = append(report.Messages, f)
		}
		return report, fmt.Errorf("import %s: %w", req.File, err)
	}
	report.Format, report.Encoding, report.Messages = parsed.Format, parsed.Encoding, parsed.Messages
	sum := sha256.Sum256(req.Content)
	err = s.DB.Tx(ctx, func(db storage.Querier) error {
		im := newImporter(db, s, req, parsed)
		im.digest = hex.EncodeToString(sum[:])
		if err := im.store.stems(ctx, im.stems.Add); err != nil {
			return err
		}
		for i, p := range parsed.Items {
			item, err := im.one(ctx, i+1, p)
			if err != nil {
				return fmt.Errorf("%s: %w", p.At, err)
			}
			report.Items = append(report.Items, item)
		}
		counts := report.Counts()
		if req.DryRun || req.AllOrNothing && counts.Rejected > 0 {
			return errNothingSaved
		}
		return record(ctx, db, s.Now(), req.Actor, "bank.import", 0, detail{
			"sha256": im.digest, "format": parsed.Format, "items": counts.Items, "accepted": counts.Accepted, "warned": counts.Warned, "rejected": counts.Rejected})
	})
	switch {
	case errors.Is(err, errNothingSaved):
		if !req.DryRun {
			report.Messages = append(report.Messages, fault.New(fault.Conflict, "questionbank.import.nothing_saved", report.Counts().Rejected))
		}
		return report, nil
	case err != nil:
		return report, fmt.Errorf("import %s: %w", req.File, err)
	}
	report.Saved = true
	return report, nil
}

// parse finds the format that reads the file.
func (s *Service) parse(req ImportRequest) (Parsed, error) {
	if len(req.Content) > MaxFile {
		return Parsed{}, fault.New(fault.TooLarge, "questionbank.import.too_large", MaxFile>>20)
	}
	var err error
	for _, f := range s.Formats {
		if req.Format != "" && req.Format != "auto" && req.Format != f.Name {
			continue
		}
		parsed, readErr := f.Read(Input{Name: req.File, Content: req.Content, Columns: req.Columns})
		if readErr == nil {
			return parsed, nil
		}
		err = readErr
		if fault.KindOf(readErr) != fault.Unsupported {
			break
		}
	}
	if err == nil {
		return Parsed{}, fault.New(fault.Unsupported, "questionbank.import.format_unknown", req.Format)
	}
	return Parsed{}, err
}

// importer saves the questions of one file.
type importer struct {
	store
	service *Service
	req     ImportRequest
	digest  string
	format  string
	stems   Stems
	seen    map[string]string // code → place in this file
	next    map[scoring.Aspect]int
	taken   map[string]bool // codes that questions of this file give themselves
}

func newImporter(db storage.Querier, s *Service, req ImportRequest, parsed Parsed) *importer {
	im := &importer{
		store: store{db}, service: s, req: req, format: parsed.Format,
		seen: map[string]string{}, next: map[scoring.Aspect]int{}, taken: map[string]bool{},
	}
	for _, p := range parsed.Items {
		im.taken[p.Code] = true
	}
	return im
}

var codePattern = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._/-]{0,39}$`)

// one decides about a question and saves it; a dry run is rolled back later.
func (im *importer) one(ctx context.Context, n int, p ParsedItem) (ItemReport, error) {
	item := ItemReport{N: n, At: p.At, Type: p.Type, Outcome: Rejected, Code: p.Code}
	c, assumed := im.complete(p.Content.Normalise(), p.Aspect)
	item.Title = title(c)
	item.Messages = append(item.Messages, p.Rejects...)
	item.Messages = append(item.Messages, im.judge(p, c)...)
	if c.Indicator != "" {
		item.Aspect = c.Aspect()
	}
	warnings := slices.Concat(p.Warnings, assumed)
	if len(item.Messages) > 0 {
		item.Messages = append(item.Messages, p.Warnings...)
		return item, nil
	}
	item.Outcome = Accepted
	if like, ok := im.stems.Like(p.Code, c.Stem); ok {
		warnings = append(warnings, fault.New(fault.Conflict, "questionbank.import.similar", like.Code, like.Share).Place(p.Places["stem"]))
	}
	var err error
	if item.Code, item.Action, err = im.save(ctx, p, c); err != nil {
		return item, err
	}
	if item.Action == ActionSame {
		warnings = nil // what is there already was looked at when it came
		item.Messages = append(item.Messages, fault.New(fault.Conflict, "questionbank.import.same", item.Code))
	}
	name := p.Code
	if name == "" {
		name = p.At // its new code means nothing to the reader of the file
	}
	im.stems.Add(name, c.Stem)
	if len(warnings) > 0 {
		item.Outcome, item.Messages = Warned, append(item.Messages, warnings...)
	}
	return item, nil
}

// complete fills in what a stranger's file does not say, and says so.
func (im *importer) complete(c Content, aspect scoring.Aspect) (Content, []*fault.Fault) {
	var warnings []*fault.Fault
	if aspect == scoring.Total {
		aspect = im.req.Aspect
	}
	if c.Level == "" {
		c.Level = L2
		warnings = append(warnings, fault.New(fault.Invalid, "questionbank.import.level_assumed", string(c.Level)))
	}
	if c.Indicator == "" && AspectOf(im.req.Indicator) != scoring.Total && (aspect == scoring.Total || AspectOf(im.req.Indicator) == aspect) {
		c.Indicator = im.req.Indicator
	}
	if of := StandardFramework().Of(aspect); c.Indicator == "" && len(of) > 0 {
		c.Indicator = of[0].Code
		warnings = append(warnings, fault.New(fault.Invalid, "questionbank.import.indicator_assumed", c.Indicator))
	}
	if c.Indicator == "" && im.req.DryRun {
		warnings = append(warnings, fault.New(fault.Invalid, "questionbank.import.no_aspect"))
	}
	return c.Normalise(), warnings
}

// judge returns what stops a question besides what its reader found, each with
// the cell it is about. A field that was refused already is not spoken of again.
func (im *importer) judge(p ParsedItem, c Content) []*fault.Fault {
	var found []*fault.Fault
	if p.Code != "" {
		first, twice := im.seen[strings.ToLower(p.Code)]
		switch {
		case !codePattern.MatchString(p.Code):
			found = append(found, fault.New(fault.Invalid, "questionbank.import.code_unreadable", p.Code).On("code"))
		case twice:
			found = append(found, fault.New(fault.Conflict, "questionbank.import.code_twice", p.Code, first).On("code"))
		default:
			im.seen[strings.ToLower(p.Code)] = p.At
		}
	}
	if c.Indicator == "" {
		if !im.req.DryRun {
			found = append(found, fault.New(fault.Invalid, "questionbank.import.aspect_needed").On("indicator"))
		}
		c.Indicator = StandardFramework().Indicators[0].Code // so that the rest is judged all the same
	}
	if f := fault.Of(c.Validate()); f != nil {
		for _, each := range f.Faults {
			if !refused(p.Rejects, each.Field) {
				found = append(found, each)
			}
		}
	}
	for _, f := range found {
		if f.At == "" {
			f.At = p.Places[f.Field]
		}
	}
	return found
}

func refused(faults []*fault.Fault, field string) bool {
	return slices.ContainsFunc(faults, func(f *fault.Fault) bool { return f.Field == field })
}

// save makes a new item, or a new revision of the one it names, unless the
// bank holds it already.
func (im *importer) save(ctx context.Context, p ParsedItem, c Content) (string, Action, error) {
	r := Revision{
		Code: p.Code, Content: c, Provenance: Imported, Author: im.req.Actor, Created: im.service.Now(),
		Source: Source{File: im.req.File, Format: im.format, At: p.At, SHA256: im.digest},
	}
	if p.Code != "" {
		row, err := im.itemByCode(ctx, p.Code)
		if err == nil {
			return im.update(ctx, row, r)
		}
		if !errors.Is(err, storage.ErrNotFound) {
			return "", ActionNone, err
		}
	} else if code, err := im.codeOf(ctx, c.Hash()); err == nil {
		return code, ActionSame, nil
	} else if !errors.Is(err, storage.ErrNotFound) {
		return "", ActionNone, err
	}
	if c.Indicator == "" {
		return "", ActionNew, nil // a dry run without an aspect: judged, never saved
	}
	if r.Code == "" {
		var err error
		if r.Code, err = im.code(ctx, c.Aspect()); err != nil {
			return "", ActionNone, err
		}
	}
	_, err := create(ctx, im.store, r)
	return r.Code, ActionNew, err
}

func (im *importer) update(ctx context.Context, row itemRow, r Revision) (string, Action, error) {
	latest, err := im.revision(ctx, Ref{Item: row.ID, Rev: row.LatestRev})
	if err != nil {
		return "", ActionNone, err
	}
	if latest.Hash == r.Content.Hash() {
		return row.Code, ActionSame, nil
	}
	r.Ref = latest.Ref
	_, err = revise(ctx, im.store, r)
	return row.Code, ActionRevised, err
}

// code gives running numbers, leaving out those the file itself uses; the bank
// is asked once per aspect.
func (im *importer) code(ctx context.Context, a scoring.Aspect) (string, error) {
	prefix := a.Code() + "-"
	if im.next[a] == 0 {
		code, err := nextCode(ctx, im.store, a)
		if err != nil {
			return "", err
		}
		if im.next[a], err = strconv.Atoi(strings.TrimPrefix(code, prefix)); err != nil {
			return "", err
		}
	}
	for {
		code := prefix + strconv.Itoa(im.next[a])
		im.next[a]++
		if !im.taken[code] {
			return code, nil
		}
	}
}

func (s store) codeOf(ctx context.Context, hash string) (string, error) {
	var code string
	err := s.db.Get(ctx, &code, `
		SELECT i.code FROM item_revision r JOIN item i ON i.id = r.item_id AND i.latest_rev = r.rev
		WHERE r.content_hash = ? ORDER BY i.code LIMIT 1`, hash)
	return code, err
}

// title is how a question is called in a report: the beginning of its stem.
func title(c Content) string {
	const most = 80
	text := []rune(Plain(c.Stem))
	if len(text) <= most {
		return string(text)
	}
	return strings.TrimSpace(string(text[:most-1])) + "…"
}
