package text

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"cakap/questionbank"
)

// role is what a line is by itself, before its neighbours are asked.
type role int

const (
	other role = iota
	blank
	numbered // "3. …", "Soal 3"
	lettered // "A. …"
	keyed    // "Kunci: A"
	fielded  // "Pembahasan: …"
	stemmed  // "Soal: …"
	keyTitle // "KUNCI JAWABAN"
	noteTitle
	ready // a question found by the document's reader
)

// token is a line and what it may be.
type token struct {
	Line
	role     role
	text     string
	rest     int               // where its text goes on behind number, letter or title
	n        int               // of a numbered line
	explicit bool              // it says "Soal", so it is no list in a stem
	letter   int               // of a lettered line
	lower    bool              //
	colon    bool              // "A: …", which also begins a dialogue
	star     bool              // marked as right
	field    string            // of a fielded line
	section  questionbank.Type // of a heading
	auto     bool              // its number or letter was counted by Word
	gap      bool              // an empty line, or nothing, stands before
}

var (
	numberMark = regexp.MustCompile(`(?i)^\s*(?:(soal|nomor|no|pertanyaan|question|butir|q)(?:\s+|\.\s*|\s*:\s*)?(?:nomor\s*|no\.?\s*)?[:#]?\s*)?(\d{1,3})(\s*[.):]+\)?\s*|\s+[-–]\s+|\s*$)`)
	letterMark = regexp.MustCompile(`^\s*(?:\*\s*|[✓√✔☑]\s*)?(?:\(([A-Za-z])\)|([A-Za-z])\s?(\.|\)|:\)?)|([A-Z])\s+[-–—]\s)\s*`)
	titleMark  = regexp.MustCompile(`^\s*([\pL][\pL ./-]{0,30}?)\s*[:=]\s*`)
	keyShort   = regexp.MustCompile(`(?i)^\s*(?:kunci(?:\s+jawaban)?|jawaban(?:\s+benar)?)\s+([A-H](?:\s*[,;&]\s*[A-H])*)\s*$`)
	keysTitle  = regexp.MustCompile(`(?i)^\s*(?:[A-Z]\.|[IVX]+\.|lampiran)?\s*kunci\s+jawaban(?:\s+soal)?(?:\s+[\pL ]{2,40})?\s*:?\s*$`)
	notesTitle = regexp.MustCompile(`(?i)^\s*(?:catatan|keterangan|petunjuk(?:\s+(?:umum|khusus|soal|pengerjaan|pengisian|mengerjakan))*|notes?|nb|perhatian|instruksi)\s*[:.!]?\s*$`)
	notesLead  = regexp.MustCompile(`^\s*(?:CATATAN|PETUNJUK|NB|KETERANGAN)\b[^.?]{0,30}:`)
	headLead   = regexp.MustCompile(`(?i)^\s*(?:bagian\s+)?(?:(?:[A-Z]|[IVX]{1,5}|\d{1,2})\s*[.):-]+)?\s*(?:bagian\s+[A-Z\d]+\s*[.:-]?\s*)?(?:(?:bentuk|tipe|jenis)\s+)?(?:soal\s*[:.-]?\s*)?`)
	headTail   = regexp.MustCompile(`\s*(?:\([^)]*\)|\d+\s*(?:soal|butir)|[:.])\s*$`)
	starLead   = regexp.MustCompile(`^\s*(?:\*|[✓√✔☑])\s*(?:\(?[A-Za-z][.):\s])`)
)

// tokens looks at every line by itself.
func tokens(lines []Line) []token {
	all := make([]token, 0, len(lines))
	gap := true
	for _, l := range lines {
		t := tokenOf(l)
		t.gap = gap
		gap = t.role == blank
		all = append(all, t)
	}
	return all
}

func tokenOf(l Line) token {
	t := token{Line: l.tidy(), auto: l.Label != ""}
	t.Label, t.text = "", t.String()
	switch {
	case l.Draft != nil:
		t.role = ready
		return t
	case strings.TrimSpace(t.text) == "":
		t.role = blank
		return t
	}
	t.section = sectionOf(t.text)
	switch {
	case keysTitle.MatchString(t.text):
		t.role = keyTitle
	case notesTitle.MatchString(t.text), notesLead.MatchString(t.text):
		t.role = noteTitle
	case t.titled(), t.counted(), t.optional():
	}
	return t
}

// titled reads "Kunci: A" and "Pembahasan: …".
func (t *token) titled() bool {
	if m := keyShort.FindStringSubmatchIndex(t.text); m != nil {
		t.role, t.rest = keyed, m[2]
		return true
	}
	m := titleMark.FindStringSubmatchIndex(t.text)
	if m == nil {
		return false
	}
	word := Word(t.text[m[2]:m[3]])
	t.rest = m[1]
	switch {
	case slices.Contains(keyWords, word) && word != "BENAR" && word != "CORRECT" && word != "KEY":
		t.role = keyed
	case slices.Contains(stemWords, word) && len(word) > 1 && word != "PERNYATAAN":
		if numberMark.MatchString(t.text) {
			return false // "Soal: 3"
		}
		t.role = stemmed
	default:
		field, ok := fields[word]
		if !ok {
			return false
		}
		t.role, t.field = fielded, field
	}
	return true
}

// counted reads "3. …". "1.5 juta" and a year alone are no numbers of questions.
func (t *token) counted() bool {
	m := numberMark.FindStringSubmatchIndex(t.text)
	if m == nil {
		return false
	}
	rest := t.text[m[1]:]
	alone := strings.TrimSpace(t.text[m[6]:m[7]]) == "" // no mark behind the number
	explicit := m[2] >= 0
	if alone && !explicit || rest != "" && unicode.IsDigit(rune(rest[0])) && m[7] == m[5]+1 {
		return false
	}
	n, err := strconv.Atoi(t.text[m[4]:m[5]])
	if err != nil {
		return false
	}
	t.role, t.n, t.explicit, t.rest = numbered, n, explicit, m[1]
	return true
}

// optional reads "A. …".
func (t *token) optional() bool {
	m := letterMark.FindStringSubmatchIndex(t.text)
	if m == nil {
		return false
	}
	for _, g := range [...]int{2, 4, 8} {
		if m[g] >= 0 {
			c := t.text[m[g]]
			t.lower = c >= 'a'
			t.letter = int(unicode.ToUpper(rune(c)) - 'A')
		}
	}
	t.colon = m[6] >= 0 && t.text[m[6]:m[7]] == ":"
	t.star = starLead.MatchString(t.text)
	t.role, t.rest = lettered, m[1]
	return true
}

// sectionOf is the type that a heading announces, "" where the line is none.
func sectionOf(s string) questionbank.Type {
	if len(s) > 120 {
		return ""
	}
	s = strings.TrimSpace(spaces.Replace(s))
	s = s[len(headLead.FindString(s)):]
	for {
		m := headTail.FindStringIndex(s)
		if m == nil || m[0] == 0 {
			break
		}
		s = s[:m[0]]
	}
	t, ok := kinds[Word(s)]
	if !ok || len(s) < 3 {
		return ""
	}
	return t
}

// shouting reports a line in capitals, as titles are.
func shouting(s string) bool {
	letters := 0
	for _, r := range s {
		if unicode.IsLower(r) {
			return false
		}
		if unicode.IsUpper(r) {
			letters++
		}
	}
	return letters >= 3 && len(strings.Fields(s)) <= 14
}
