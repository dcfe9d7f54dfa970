package people

import (
	"strings"

	"cakap/internal/fault"
)

// Report is what an import found and, unless it was a dry run, did.
type Report struct {
	File, Format, Encoding string
	Rows                   []*Row
	Messages               []*fault.Fault // about the file as a whole
	Counts                 Counts
	DryRun                 bool
	Saved                  bool // false too where rejected rows held everything back

	Missing []Person // active people of the agency whom the file does not name, by no order
	Retimed []int64  // people whose working time changed, once saved
}

// Counts sum up a report. Accepted, Warned and Rejected add up to Rows; New,
// Changed and Same to the first two of them.
type Counts struct {
	Rows     int `json:"rows"`
	Accepted int `json:"accepted"`
	Warned   int `json:"warned"`
	Rejected int `json:"rejected"`
	New      int `json:"new"`
	Changed  int `json:"changed"`
	Same     int `json:"same"`
	Missing  int `json:"missing"`
	Units    int `json:"units_new"`

	// Parts of the above: Moved of Changed, Transfers of Rejected, Twins of either.
	Moved     int `json:"moved"`
	Transfers int `json:"transfers"`
	Twins     int `json:"twins"`
}

func count(rows []*Row) Counts {
	c := Counts{Rows: len(rows)}
	for _, r := range rows {
		switch r.Status {
		case Accepted:
			c.Accepted++
		case Warned:
			c.Warned++
		case Rejected:
			c.Rejected++
		}
		switch {
		case r.Elsewhere:
			c.Transfers++
		case r.Twin != nil:
			c.Twins++
		}
		if r.Moved {
			c.Moved++
		}
		switch r.Action {
		case ActionNew:
			c.New++
		case ActionChanged:
			c.Changed++
		case ActionSame:
			c.Same++
		}
	}
	return c
}

// Verdict is a report as `cakap roster import --json` prints it. It shows the
// last four digits of a NIP and no more.
type Verdict struct {
	File         string       `json:"file"`
	Format       string       `json:"format"`
	Encoding     string       `json:"encoding"`
	DryRun       bool         `json:"dry_run"`
	Saved        bool         `json:"saved"`
	Rows         []RowVerdict `json:"rows"`
	FileMessages []Message    `json:"file_messages"`
	Counts       Counts       `json:"counts"`
}

// RowVerdict is one row of a Verdict.
type RowVerdict struct {
	N          int         `json:"n"`
	At         string      `json:"at"`
	NIPMasked  string      `json:"nip_masked"`
	Name       string      `json:"name"`
	Status     Status      `json:"status"`
	Action     Action      `json:"action,omitempty"`
	Group      Group       `json:"group"`
	Changes    []Change    `json:"changes,omitempty"`
	Candidates []Candidate `json:"candidates,omitempty"`
	Twin       *Candidate  `json:"twin,omitempty"`
	Choice     Choice      `json:"choice,omitempty"`
	UnitPath   string      `json:"unit,omitempty"`
	Messages   []Message   `json:"messages"`
}

// Message is one thing to say, with its place.
type Message struct {
	Code string `json:"code"`
	At   string `json:"at"`
	Text string `json:"text"`
}

// Verdict writes the report out. render turns a fault into text without its
// place; the texts live in internal/locale, which this package does not know.
func (r Report) Verdict(render func(*fault.Fault) string) Verdict {
	v := Verdict{
		File: r.File, Format: r.Format, Encoding: r.Encoding, DryRun: r.DryRun, Saved: r.Saved,
		Rows: make([]RowVerdict, len(r.Rows)), FileMessages: messages(r.Messages, render), Counts: r.Counts,
	}
	for i, row := range r.Rows {
		v.Rows[i] = RowVerdict{
			N: row.N, At: row.At, NIPMasked: row.masked, Name: row.Person.FullName(), Status: row.Status, Action: row.Action,
			Group: row.Group(), Changes: row.Changes, Candidates: row.Candidates, Twin: row.Twin, Choice: row.Choice, UnitPath: row.UnitPath,
			Messages: messages(row.Messages, render),
		}
	}
	return v
}

func messages(faults []*fault.Fault, render func(*fault.Fault) string) []Message {
	out := make([]Message, len(faults)) // never null in JSON
	for i, f := range faults {
		_, code, _ := strings.Cut(f.Key, ".")
		out[i] = Message{Code: code, At: f.At, Text: render(f)}
	}
	return out
}
