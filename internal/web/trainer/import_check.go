package trainer

import (
	"context"
	"encoding/json"
	"slices"
	"sync"
	"time"

	"cakap/questionbank"
)

// How much of what uploads came to is remembered, and how long. Much longer
// would tell of a bank that has changed meanwhile.
const (
	checksKept  = 4
	checksBytes = 32 << 20 // of the files
	checkLife   = 5 * time.Minute
)

// checks remembers what uploads came to, so that a file of ten thousand
// questions is read and judged once and not for every page of its report.
// Another node, or this one later, reads and judges it again.
type checks struct {
	mu   sync.Mutex
	kept []*check // the one asked for last is last
}

// check is one upload, read and judged.
type check struct {
	mu      sync.Mutex
	upload  int64
	bytes   int
	reading string // the choices it was read with
	parsed  *questionbank.Parsed
	judging string // the choices it was judged with
	report  *questionbank.Report
	at      time.Time
}

// of finds an upload's check or begins one.
func (cs *checks) of(u questionbank.Upload) *check {
	cs.mu.Lock()
	defer cs.mu.Unlock()
	var one *check
	if i := slices.IndexFunc(cs.kept, func(c *check) bool { return c.upload == u.ID }); i >= 0 {
		one = cs.kept[i]
		cs.kept = slices.Delete(cs.kept, i, i+1)
	} else {
		one = &check{upload: u.ID, bytes: len(u.Content)}
	}
	cs.kept = append(cs.kept, one)
	sum := 0
	for i, c := range slices.Backward(cs.kept) {
		if sum += c.bytes; c != one && (sum > checksBytes || len(cs.kept)-i > checksKept) {
			cs.kept = slices.Delete(cs.kept, 0, i+1)
			break
		}
	}
	return one
}

// forget drops an upload's check.
func (cs *checks) forget(upload int64) {
	cs.mu.Lock()
	defer cs.mu.Unlock()
	cs.kept = slices.DeleteFunc(cs.kept, func(c *check) bool { return c.upload == upload })
}

// read remembers what a file holds.
func (cs *checks) read(u questionbank.Upload, parsed questionbank.Parsed) {
	one := cs.of(u)
	one.mu.Lock()
	defer one.mu.Unlock()
	one.reading, one.parsed, one.report = readWith(u), &parsed, nil
}

func readWith(u questionbank.Upload) string {
	return marked(questionbank.UploadChoices{Format: u.Format, Columns: u.Columns})
}

// marked makes choices comparable.
func marked(c questionbank.UploadChoices) string {
	b, err := json.Marshal(c)
	if err != nil {
		panic(err) // maps, slices and words
	}
	return string(b)
}

// read is what an upload's file holds.
func (d Deps) read(u questionbank.Upload) (*questionbank.Parsed, error) {
	one := d.checks.of(u)
	one.mu.Lock()
	defer one.mu.Unlock()
	return d.reread(one, u)
}

// reread reads the file unless that was done with the same choices.
func (d Deps) reread(one *check, u questionbank.Upload) (*questionbank.Parsed, error) {
	if reading := readWith(u); one.parsed == nil || one.reading != reading {
		parsed, err := d.Bank.Parse(questionbank.Input{Name: u.File, Content: u.Content, Columns: u.Columns}, u.Format)
		if err != nil {
			return nil, err
		}
		one.parsed, one.reading, one.report = &parsed, reading, nil
	}
	return one.parsed, nil
}

// judged is what an upload's file holds and what would become of it.
func (d Deps) judged(ctx context.Context, u questionbank.Upload) (*questionbank.Parsed, *questionbank.Report, error) {
	one := d.checks.of(u)
	one.mu.Lock()
	defer one.mu.Unlock()
	parsed, err := d.reread(one, u)
	if err != nil {
		return nil, nil, err
	}
	judging, now := marked(u.UploadChoices), d.Bank.Now()
	if one.report == nil || one.judging != judging || now.Sub(one.at) > checkLife {
		req := request(u, parsed)
		req.DryRun = true
		report, err := d.Bank.Import(ctx, req)
		if err != nil {
			return nil, nil, err
		}
		one.report, one.judging, one.at = &report, judging, now
	}
	return one.parsed, one.report, nil
}

// request is the import that an upload's owner asks for.
func request(u questionbank.Upload, parsed *questionbank.Parsed) questionbank.ImportRequest {
	return questionbank.ImportRequest{
		File: u.File, Content: u.Content, Format: u.Format, Aspect: u.Aspect, Indicator: u.Indicator, Columns: u.Columns,
		Mended: u.Mended, Skip: u.Skip, Actor: u.Actor, Parsed: settled(parsed, u.Mended),
	}
}

// settled leaves out files that a mended question has stored already: as its
// author saw them they are right, areas on a picture included.
func settled(parsed *questionbank.Parsed, mended map[int]questionbank.Content) *questionbank.Parsed {
	if len(mended) == 0 {
		return parsed
	}
	p := *parsed
	p.Items = slices.Clone(p.Items)
	for n, c := range mended {
		if n < 1 || n > len(p.Items) {
			continue
		}
		item := &p.Items[n-1]
		item.Files = slices.DeleteFunc(slices.Clone(item.Files), func(f questionbank.File) bool {
			return slices.ContainsFunc(c.Media, func(m questionbank.Media) bool { return m.Name == f.Name && m.SHA256 != "" })
		})
	}
	return &p
}

// found is what would become of one question. Its content is that of a file
// with nothing else in it, so that one left out shows what it could be; what is
// said of it is what the report says.
func (d Deps) found(ctx context.Context, q uploaded) (questionbank.ItemReport, error) {
	only := questionbank.Parsed{Format: q.parsed.Format, Encoding: q.parsed.Encoding, Items: q.parsed.Items[q.n-1 : q.n]}
	u := q.Upload
	u.Mended, u.Skip = nil, nil
	if mended, ok := q.Mended[q.n]; ok {
		u.Mended = map[int]questionbank.Content{1: mended}
	}
	req := request(u, &only)
	req.DryRun = true
	alone, err := d.Bank.Import(ctx, req)
	if err != nil {
		return questionbank.ItemReport{}, err
	}
	_, all, err := d.judged(ctx, q.Upload)
	if err != nil {
		return questionbank.ItemReport{}, err
	}
	item := alone.Items[0]
	if among := all.Items[q.n-1]; among.Outcome != questionbank.Skipped {
		item.Outcome, item.Action, item.Code, item.Messages = among.Outcome, among.Action, among.Code, among.Messages
	}
	return item, nil
}

// stale drops the judgement of an upload: the bank is another one since.
func (cs *checks) stale(upload int64) {
	cs.mu.Lock()
	i := slices.IndexFunc(cs.kept, func(c *check) bool { return c.upload == upload })
	var one *check
	if i >= 0 {
		one = cs.kept[i]
	}
	cs.mu.Unlock()
	if one != nil {
		one.mu.Lock()
		one.report = nil
		one.mu.Unlock()
	}
}
