package questionbank

import (
	"cakap/internal/fault"
	"cakap/scoring"
)

// Outcome is what became of one question of a file.
type Outcome string

// The outcomes. Warned questions are saved too, and tell what to look at.
const (
	Accepted Outcome = "accepted"
	Warned   Outcome = "warned"
	Rejected Outcome = "rejected"
	Skipped  Outcome = "skipped" // somebody left it out
)

// Action is what saving an accepted question did, or would do.
type Action string

// The actions.
const (
	ActionNew     Action = "new"
	ActionRevised Action = "revised" // a new revision of an item that is there
	ActionSame    Action = "same"    // the bank holds it already, word for word
	ActionNone    Action = ""        // rejected
)

// Report says what was in a file, question by question.
type Report struct {
	File     string
	Format   string // "xlsx", "csv"
	Encoding string // of a text file
	Items    []ItemReport
	Messages []*fault.Fault // about the file as a whole
	Saved    bool           // false after a dry run, and where all or nothing meant nothing
	Batch    int64          // what UndoImport wants; 0 where nothing new was saved
}

// ItemReport is what a file's question came to.
type ItemReport struct {
	N        int    // running number in the file, from 1
	At       string // "Soal!A4"
	Type     string // canonical, also of kinds that cannot be used yet
	Title    string
	Aspect   scoring.Aspect // Total where it is not known yet
	Outcome  Outcome
	Action   Action
	Code     string // of the item it became or would change; "" for one that has none yet
	Messages []*fault.Fault
	Ref      Ref               // of the revision that was saved
	Content  Content           // as it was, or would be, saved; of a rejected one what could be read
	Places   map[string]string // where its form fields stood
}

// Counts adds the questions up.
type Counts struct {
	Items    int            `json:"items"`
	Accepted int            `json:"accepted"`
	Warned   int            `json:"warned"`
	Rejected int            `json:"rejected"`
	Skipped  int            `json:"skipped,omitempty"`
	ByType   map[string]int `json:"by_type"`
}

// Counts adds up the report.
func (r Report) Counts() Counts {
	c := Counts{Items: len(r.Items), ByType: map[string]int{}}
	for _, item := range r.Items {
		c.ByType[item.Type]++
		switch item.Outcome {
		case Accepted:
			c.Accepted++
		case Warned:
			c.Warned++
		case Skipped:
			c.Skipped++
		default:
			c.Rejected++
		}
	}
	return c
}

// ReportJSON is the public shape of `cakap bank import --json`.
type ReportJSON struct {
	File         string           `json:"file"`
	Format       string           `json:"format"`
	Encoding     string           `json:"encoding"`
	Items        []ItemReportJSON `json:"items"`
	FileMessages []MessageJSON    `json:"file_messages"`
	Counts       Counts           `json:"counts"`
}

// ItemReportJSON is one question of ReportJSON.
type ItemReportJSON struct {
	N        int           `json:"n"`
	At       string        `json:"at"`
	Type     string        `json:"type"`
	Title    string        `json:"title"`
	Aspect   string        `json:"aspect"` // "A1", or "" where it is not known
	Status   Outcome       `json:"status"`
	Messages []MessageJSON `json:"messages"`
}

// MessageJSON is one message with its place.
type MessageJSON struct {
	Code string `json:"code"`
	At   string `json:"at"`
	Text string `json:"text"`
}

// JSON is the report with its texts, which render makes of the messages.
func (r Report) JSON(render func(*fault.Fault) string) ReportJSON {
	out := ReportJSON{
		File: r.File, Format: r.Format, Encoding: r.Encoding, Items: make([]ItemReportJSON, len(r.Items)),
		FileMessages: messages(r.Messages, "", render), Counts: r.Counts(),
	}
	for i, item := range r.Items {
		aspect := ""
		if item.Aspect != scoring.Total {
			aspect = item.Aspect.Code()
		}
		out.Items[i] = ItemReportJSON{
			N: item.N, At: item.At, Type: item.Type, Title: item.Title, Aspect: aspect, Status: item.Outcome,
			Messages: messages(item.Messages, item.At, render),
		}
	}
	return out
}

// messages renders without the place, which has a field of its own.
func messages(faults []*fault.Fault, at string, render func(*fault.Fault) string) []MessageJSON {
	out := make([]MessageJSON, len(faults))
	for i, f := range faults {
		bare := *f
		bare.At = ""
		out[i] = MessageJSON{Code: f.Key, At: at, Text: render(&bare)}
		if f.At != "" {
			out[i].At = f.At
		}
	}
	return out
}
