package questionbank

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"cakap/internal/fault"
	"cakap/scoring"
)

// importer decides about the questions of one file, and saves them.
type importer struct {
	service   *Service
	req       ImportRequest
	format    string
	digest    string // of the file
	questions []*arrival
	files     map[string]medium   // by the hash of the bytes as they came
	seen      map[string]string   // code → place in this file
	hashes    map[string]*arrival // of this file
	known     map[string]coded    // of the bank
	next      map[scoring.Aspect]int
	taken     map[string]bool // codes that questions of this file give themselves
	words     indexing
	batch     int64
}

// arrival is one question of a file on its way into the bank.
type arrival struct {
	item     ItemReport
	code     string // the file gives it
	draft    draft
	media    []medium
	warnings []*fault.Fault
}

// examine judges every question of a file, without changing anything.
func (s *Service) examine(ctx context.Context, req ImportRequest, parsed Parsed) (*importer, error) {
	sum := sha256.Sum256(req.Content)
	im := &importer{
		service: s, req: req, format: parsed.Format, digest: hex.EncodeToString(sum[:]), files: map[string]medium{},
		seen: map[string]string{}, hashes: map[string]*arrival{}, next: map[scoring.Aspect]int{}, taken: map[string]bool{},
	}
	for _, p := range parsed.Items {
		im.taken[p.Code] = true
	}
	for i, p := range parsed.Items {
		q, err := im.question(ctx, i+1, p)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", p.At, err)
		}
		im.questions = append(im.questions, q)
	}
	return im, im.compare(ctx, parsed.Items)
}

func (im *importer) rejected() int {
	n := 0
	for _, q := range im.questions {
		if q.item.Outcome == Rejected {
			n++
		}
	}
	return n
}

var codePattern = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._/-]{0,39}$`)

// question judges one question.
func (im *importer) question(ctx context.Context, n int, p ParsedItem) (*arrival, error) {
	if mended, ok := im.req.Mended[n]; ok {
		p.Content, p.Type, p.Rejects = mended, string(mended.Type), nil
	}
	if indicator := im.req.Indicators[n]; indicator != "" {
		p.Content.Indicator = indicator
	}
	q := &arrival{code: p.Code, item: ItemReport{N: n, At: p.At, Type: p.Type, Outcome: Rejected, Code: p.Code, Places: p.Places, Content: p.Content}}
	if slices.Contains(im.req.Skip, n) {
		q.item.Outcome, q.item.Title = Skipped, title(p.Content)
		return q, nil
	}
	unusable, lost, err := im.attach(ctx, q, &p)
	if err != nil {
		return nil, err
	}
	c, assumed := im.complete(p.Content.Normalise(), p.Aspect)
	q.item.Title, q.item.Content = title(c), c
	q.item.Messages = slices.Concat(p.Rejects, unusable, im.judge(p, c))
	if c.Indicator != "" {
		q.item.Aspect = c.Aspect()
	}
	if len(q.item.Messages) > 0 {
		q.item.Messages = slices.Concat(q.item.Messages, p.Warnings, lost)
		return q, nil
	}
	q.item.Outcome = Accepted
	q.warnings = slices.Concat(p.Warnings, lost, assumed, withoutAlt(p, c))
	return q, im.draft(q, p, c)
}

// draft prepares what is saved of a question.
func (im *importer) draft(q *arrival, p ParsedItem, c Content) (err error) {
	q.draft = newDraft(Revision{
		Content: c, Provenance: Imported, Author: im.req.Actor,
		Source: Source{File: im.req.File, Format: im.format, At: p.At, SHA256: im.digest},
	})
	q.draft.packed, err = pack(p.Raw)
	return err
}

// compared is how many questions are looked up in the bank together.
const compared = 40

// compare warns of questions that ask nearly what another one of the file, or
// of the bank, asks.
func (im *importer) compare(ctx context.Context, items []ParsedItem) error {
	var stems Stems
	for chunk := range slices.Chunk(im.questions, compared) {
		chunk = slices.DeleteFunc(slices.Clone(chunk), func(q *arrival) bool { return q.item.Outcome != Accepted })
		stored, err := store{im.service.DB}.similarToEach(ctx, chunk)
		if err != nil {
			return err
		}
		for i, q := range chunk {
			like, _ := stems.like(q.code, q.draft.pairs)
			if like = like.orBetter(stored[i]); like.Share > 0 {
				q.warnings = append(q.warnings, fault.New(fault.Conflict, "questionbank.import.similar", like.Code, like.Share).Place(items[q.item.N-1].Places["stem"]))
			}
			name := q.code
			if name == "" {
				name = q.item.At // its new code means nothing to the reader of the file
			}
			stems.add(name, q.draft.pairs)
		}
	}
	return nil
}

// withoutAlt warns of pictures that nobody has described: the draft is saved,
// and Submit wants the description.
func withoutAlt(p ParsedItem, c Content) []*fault.Fault {
	var found []*fault.Fault
	if slices.ContainsFunc(p.Warnings, func(f *fault.Fault) bool { return f.Key == "questionbank.import.alt_missing" }) {
		return nil // its reader said so, with the place
	}
	for _, m := range c.Media {
		if m.Alt == "" && strings.HasPrefix(m.MIME, "image/") {
			found = append(found, fault.New(fault.Invalid, "questionbank.import.alt_missing", m.Name).On("media"))
		}
	}
	return found
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
	if ind, ok := StandardFramework().Indicator(c.Indicator); ok && len(c.DigComp) == 0 {
		c.DigComp = slices.Clone(ind.DigComp) // as Normalise does
	}
	return c, warnings
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
			halfRead := each.Key == "questionbank.type_unknown" && len(p.Rejects) > 0 // its reader said why
			if !halfRead && !refused(p.Rejects, each.Field) {
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

// title is how a question is called in a report: the beginning of its stem.
func title(c Content) string {
	const most = 80
	text := []rune(Plain(c.Stem))
	if len(text) <= most {
		return string(text)
	}
	return strings.TrimSpace(string(text[:most-1])) + "…"
}
