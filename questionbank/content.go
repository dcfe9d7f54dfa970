package questionbank

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"cakap/scoring"
)

// Type is what kind of answer an item asks for.
type Type string

// The types. Match pairs each row with one target; a matrix judges statements
// or lets a row have several targets. Cloze items have an interaction for each
// gap in their stem. Survey items are answered but never scored, info items
// only read.
const (
	Single    Type = "single"    // PG: one option is right
	Multiple  Type = "multiple"  // PGK: several options are right
	TrueFalse Type = "truefalse" // BS: a statement to judge
	Match     Type = "match"     // menjodohkan
	Matrix    Type = "matrix"    // PGK tabel
	Order     Type = "order"     // mengurutkan
	Numeric   Type = "numeric"   // isian angka
	Short     Type = "short"     // isian singkat
	Cloze     Type = "cloze"     // isian rumpang
	SJT       Type = "sjt"       // situational judgement: every option has its worth
	Hotspot   Type = "hotspot"   // areas of a picture
	Essay     Type = "essay"     // uraian, marked by people
	Survey    Type = "survey"    // angket
	Info      Type = "info"      // a text or picture to read
)

// Types is every type, in the order lists show them.
var Types = [...]Type{Single, Multiple, TrueFalse, SJT, Match, Matrix, Order, Short, Numeric, Cloze, Hotspot, Essay, Survey, Info}

// Unsupported is what reports call a question whose kind Cakap cannot ask; it
// is no Type, and never saved.
const Unsupported = "unsupported"

// Level is the cognitive level an item asks for.
type Level string

// The cognitive levels of a kisi-kisi.
const (
	L1 Level = "L1" // knows and understands
	L2 Level = "L2" // applies
	L3 Level = "L3" // reasons and judges
)

// Levels is every cognitive level, lowest first.
var Levels = [...]Level{L1, L2, L3}

// Content is all of a revision that never changes: what is asked, what is
// right, and what the item is about. Its JSON is stored, hashed and compared,
// so a field is added with omitempty and never renamed.
type Content struct {
	Type         Type          `json:"type"`
	Indicator    string        `json:"indicator"` // "A1.4"
	Level        Level         `json:"level"`
	Stimulus     string        `json:"stimulus,omitempty"` // Markdown shown above the stem
	Stem         string        `json:"stem"`               // Markdown; "[[1]]" is the place of a cloze item's first interaction
	Interactions []Interaction `json:"interactions"`       // several in cloze and composite items, none in info items
	Rationale    string        `json:"rationale,omitempty"`
	DigComp      []string      `json:"digcomp,omitempty"` // DigComp 2.2 competences
	Basis        string        `json:"basis,omitempty"`   // the law or guideline the key rests on
	Expires      string        `json:"expires,omitempty"` // yyyy-mm-dd, when to look at it again

	Title    string        `json:"title,omitempty"`    // the name a file gave it; never shown to participants
	Lang     string        `json:"lang,omitempty"`     // BCP 47, where it is not Indonesian
	Category string        `json:"category,omitempty"` // path in the source, parts joined by "/"
	Tags     []string      `json:"tags,omitempty"`
	Worth    scoring.Micro `json:"worth,omitempty"`   // points in the source; in Cakap every item weighs the same
	Seconds  int           `json:"seconds,omitempty"` // how long an answer should take
	Feedback *Feedback     `json:"feedback,omitempty"`
	Rubric   []Criterion   `json:"rubric,omitempty"` // of an essay, for its markers
	Media    []Media       `json:"media,omitempty"`  // what "![alt](media:NAME)" and Interaction.Image name
	// Ext keeps what the source says beyond this model, by namespace
	// ("moodle", "qti", "tcexam"), and goes out again to the same format.
	Ext map[string]json.RawMessage `json:"ext,omitempty"`
}

// Feedback is what an author says after the answer, all Markdown. Rationale is
// the general one.
type Feedback struct {
	Correct string   `json:"correct,omitempty"`
	Partial string   `json:"partial,omitempty"`
	Wrong   string   `json:"wrong,omitempty"`
	Hints   []string `json:"hints,omitempty"`
}

// Criterion is one line of an essay's rubric. The criteria's points add up to
// the whole; marks are given in full points of the criterion.
type Criterion struct {
	Name   string `json:"name"`
	Guide  string `json:"guide,omitempty"` // what earns how much
	Points int    `json:"points"`
}

// Media is a file that an item shows. The bytes are stored under the hash.
type Media struct {
	Name   string `json:"name"` // as the item's texts call it
	SHA256 string `json:"sha256,omitempty"`
	MIME   string `json:"mime,omitempty"`
	Alt    string `json:"alt,omitempty"`
	Width  int    `json:"width,omitempty"` // pixels
	Height int    `json:"height,omitempty"`
	Size   int    `json:"size,omitempty"` // bytes
}

// Choice is the item's first interaction, of most types the only one; of an
// item without any it is empty.
func (c Content) Choice() Interaction {
	if len(c.Interactions) == 0 {
		return Interaction{}
	}
	return c.Interactions[0]
}

// Aspect is the aspect of the content's indicator, or Total for none.
func (c Content) Aspect() scoring.Aspect { return AspectOf(c.Indicator) }

// AspectOf reads the aspect out of an indicator's code, Total where it has none.
func AspectOf(indicator string) scoring.Aspect {
	if len(indicator) < 2 {
		return scoring.Total
	}
	a, err := scoring.ParseAspect(indicator[:2])
	if err != nil {
		return scoring.Total
	}
	return a
}

// PhoneOK reports whether the item can be answered on a 360 px screen without
// scrolling past its options: no table, a screenful of text, short options.
func (c Content) PhoneOK() bool {
	length := len([]rune(c.Stimulus)) + len([]rune(c.Stem))
	for _, o := range c.Choice().Options {
		if len([]rune(o.Text)) > phoneOption {
			return false
		}
		length += len([]rune(o.Text))
	}
	return length <= phoneText && !hasTable(c.Stimulus) && !hasTable(c.Stem)
}

// What fits a phone: about 34 characters a line and 40 lines in two screens.
const (
	phoneText   = 1400
	phoneOption = 240
)

// JSON is the canonical form of the content: the stored text, and what Hash
// is taken of.
func (c Content) JSON() []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(c); err != nil {
		panic(err) // strings, numbers and slices of them always encode
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

// Hash is the SHA-256 of the canonical JSON, in hex.
func (c Content) Hash() string {
	sum := sha256.Sum256(c.JSON())
	return hex.EncodeToString(sum[:])
}

// ParseContent reads stored content.
func ParseContent(stored string) (Content, error) {
	var c Content
	if err := json.Unmarshal([]byte(stored), &c); err != nil {
		return Content{}, fmt.Errorf("questionbank: stored content: %w", err)
	}
	return c, nil
}
