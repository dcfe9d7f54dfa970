package questionbank

import (
	"time"

	"cakap/scoring"
)

// Status is where a revision stands on its way into forms.
type Status string

// The states of a revision.
const (
	Draft         Status = "draft"          // Draf
	InReview      Status = "in_review"      // Ditelaah
	ChangesWanted Status = "changes_wanted" // Perlu revisi
	Approved      Status = "approved"       // Disetujui
	Retired       Status = "retired"        // Pensiun
)

// Statuses is every state, in the order of an item's life.
var Statuses = [...]Status{Draft, InReview, ChangesWanted, Approved, Retired}

// Provenance is where a revision came from.
type Provenance string

// The provenances. Shipped revisions came with the product and name no
// reviewer, because none of the agency's people has looked at them.
const (
	Authored Provenance = "authored"
	Imported Provenance = "imported"
	Shipped  Provenance = "shipped"
)

// Ref names one revision. It is what forms store.
type Ref struct {
	Item int64 `json:"item" db:"item_id"`
	Rev  int   `json:"rev" db:"rev"`
}

// LiveItem is an approved revision that new forms may use: what a draw needs
// to choose it, and what scoring needs.
type LiveItem struct {
	Ref
	Code       string
	Aspect     scoring.Aspect
	Indicator  string
	Level      Level
	Type       Type
	Options    int
	Shuffle    bool // a form may order the options anew
	PhoneOK    bool
	Expires    string // yyyy-mm-dd, "" for never
	Provenance Provenance
	Reviewed   bool // a named second person approved this revision
	Key        scoring.Key
	Parts      []DrawPart
}

// Source is where an imported revision stood.
type Source struct {
	File   string `json:"file"`
	Format string `json:"format"`
	At     string `json:"at"`
	SHA256 string `json:"sha256"` // of the whole file
}

// Revision is one revision of an item with its standing.
type Revision struct {
	Ref
	Code       string
	Status     Status
	Content    Content
	Hash       string
	PhoneOK    bool
	Provenance Provenance
	Source     Source // of imported ones
	Author     int64
	Reviewer   int64 // 0 for none
	Reviewed   time.Time
	// SuggestedBy is the reviewer whose proposal this revision took over word
	// for word; he does not approve it. 0 for none.
	SuggestedBy int64
	Batch       int64 // the import it came with, 0 for none
	Created     time.Time
}

// Item is an item with all that happened to it, newest revision first.
type Item struct {
	ID        int64
	Code      string
	Aspect    scoring.Aspect
	LatestRev int
	LiveRev   int // 0 where no revision is live
	Created   time.Time
	Updated   time.Time
	Revisions []Revision
	Reviews   []Review
}

// Latest is the newest revision.
func (i Item) Latest() Revision { return i.Revisions[0] }

// Verdict is what a review entry records.
type Verdict string

// The verdicts of the review history.
const (
	VerdictSubmitted     Verdict = "submitted"
	VerdictApproved      Verdict = "approved"
	VerdictChangesWanted Verdict = "changes_wanted"
	VerdictRetired       Verdict = "retired"
	VerdictFlagged       Verdict = "flagged"   // a fault was noted in an item, mostly one in use
	VerdictUnflagged     Verdict = "unflagged" // the note was looked into
)

// Review is one entry of an item's review history.
type Review struct {
	ID         int64
	Rev        int
	Reviewer   int64
	Verdict    Verdict
	Comment    string
	Marks      *ReviewMarks // nil where the form was not filled in
	Suggestion *Content     // what the reviewer would write instead
	AdoptedRev int          // the revision that took the suggestion over, 0 for none
	At         time.Time
}

// ReviewForm is what a reviewer hands in.
type ReviewForm struct {
	Marks      *ReviewMarks
	Comment    string
	Suggestion *Content
}

// ReviewMarks is the review form of Indonesian item writing: what is asked, how
// it is built, and how it is worded.
type ReviewMarks struct {
	Materi     Mark `json:"materi"`
	Konstruksi Mark `json:"konstruksi"`
	Bahasa     Mark `json:"bahasa"`
}

// Mark is one line of the review form.
type Mark struct {
	OK   bool   `json:"ok"`
	Note string `json:"note,omitempty"`
}
