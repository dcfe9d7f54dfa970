package xlsx

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"cakap/internal/fault"
	"cakap/questionbank"
	"cakap/scoring"
)

// What the cells that people see cannot say of an item stands whole in hidden
// cells behind them, with a hash of those cells: as long as nobody changed any,
// the item comes back exactly; once somebody did, what they see counts, and a
// warning says what went.

const (
	dataColumns = 8
	dataTitle0  = "data"
	dataVersion = "v1"
	// chunk is how many bytes of data one cell takes: the format ends at 32,767
	// characters.
	chunk = 30_000
)

// dataField is a column of data; the first is titled "data", then "data_2" ….
func dataField(i int) string { return "data_" + strconv.Itoa(i+1) }

func dataTitle(i int) string {
	if i == 0 {
		return dataTitle0
	}
	return dataTitle0 + "_" + strconv.Itoa(i+1)
}

// seal is the hash of the cells that people see. The code is none of them: a
// copied row without its code is the same question.
func seal(cell func(field string) string) string {
	h := sha256.New()
	add := func(field string) {
		if text := cell(field); text != "" {
			h.Write([]byte(field + "\x1f" + text + "\x1e"))
		}
	}
	for _, field := range sealed {
		add(field)
	}
	for i := range mostOptions {
		add(optionField(i))
		add(reasonField(i))
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}

var sealed = []string{
	fAspect, fIndicator, fType, fLevel, fStimulus, fStem, fCorrect, fPoints, fRationale, fBasis, fDigComp, fExpires, fShuffle,
	fTargets, fMedia, fAlt, fSeconds, fTags, fCategory, fTitle,
}

// packData is the cells of data for an item; nil where they would not hold it.
func packData(c questionbank.Content, seal string) []string {
	text := dataVersion + " " + seal + " " + string(c.JSON())
	if len(text) > chunk*dataColumns {
		return nil
	}
	var cells []string
	for len(text) > chunk {
		n := chunk
		for n > 0 && !utf8Start(text[n]) {
			n--
		}
		cells, text = append(cells, text[:n]), text[n:]
	}
	return append(cells, text)
}

func utf8Start(b byte) bool { return b&0xC0 != 0x80 }

// unpackData reads the cells of data. ok is false where there are none.
func (r *row) unpackData() (c questionbank.Content, hash string, ok bool, err error) {
	if !r.own || !r.has(dataField(0)) {
		return c, "", false, nil
	}
	var text strings.Builder
	for i := range dataColumns {
		text.WriteString(r.Cell(dataField(i)).Text)
	}
	if strings.TrimSpace(text.String()) == "" {
		return c, "", false, nil
	}
	version, rest, _ := strings.Cut(text.String(), " ")
	hash, body, _ := strings.Cut(rest, " ")
	if version != dataVersion {
		return c, "", true, strconv.ErrSyntax
	}
	err = json.Unmarshal([]byte(body), &c)
	return c, hash, true, err
}

// stored takes the item from its data, where nobody changed what is seen of it.
func (r *row) stored() bool {
	c, hash, ok, err := r.unpackData()
	if !ok || err != nil || hash != seal(r.text) {
		return false
	}
	for i := range c.Media { // what the files are is found out when they are stored
		c.Media[i] = questionbank.Media{Name: c.Media[i].Name, Alt: c.Media[i].Alt}
	}
	r.attach(&c)
	r.found.Type, r.found.Content, r.found.Aspect = string(c.Type), c, c.Aspect()
	return true
}

// compare says what a changed row has lost of its data.
func (r *row) compare(now questionbank.Content) {
	before, _, ok, err := r.unpackData()
	switch {
	case !ok:
	case err != nil:
		r.warn(invalid("questionbank.xlsx.data_unreadable").Because(err), fStem)
	default:
		if lost := lostParts(before.Normalise(), now.Normalise()); len(lost) > 0 {
			r.warn(fault.New(fault.Conflict, "questionbank.xlsx.data_lost", strings.Join(lost, ", ")), fStem)
		}
	}
}

// lostParts names what before has and now has not, of what no cell shows.
func lostParts(before, now questionbank.Content) []string {
	var lost []string
	say := func(gone bool, name string) {
		if gone && !slices.Contains(lost, name) {
			lost = append(lost, name)
		}
	}
	say(before.Feedback != nil && now.Feedback == nil, "umpan balik")
	say(len(before.Rubric) > len(now.Rubric), "rubrik")
	say(len(before.Ext) > 0 && len(now.Ext) == 0, "data aplikasi asal")
	say(before.Lang != now.Lang, "bahasa")
	say(before.Worth != now.Worth, "nilai butir di berkas asal")
	say(len(before.Interactions) > len(now.Interactions), "bagian soal")
	for i, old := range before.Interactions {
		if i >= len(now.Interactions) {
			break
		}
		lostInteraction(old, now.Interactions[i], say)
	}
	return lost
}

func lostInteraction(old, now questionbank.Interaction, say func(bool, string)) {
	say(old.Kind != now.Kind, "cara menjawab")
	say(old.Rule != now.Rule || old.Many != now.Many || old.Cap != now.Cap, "aturan penskoran")
	say(old.Prompt != "" && now.Prompt == "", "teks bagian soal")
	say(old.Share != now.Share, "bobot bagian soal")
	say(old.ID != now.ID, "pengenal di berkas asal")
	say(old.Min != now.Min || old.Max != now.Max, "batas jumlah pilihan")
	say(old.Lines != now.Lines, "panjang jawaban")
	say(old.Image != now.Image, "gambar jawaban")
	cased := func(t questionbank.TextAnswer) bool { return t.Case }
	say(slices.ContainsFunc(old.Texts, cased) && !slices.ContainsFunc(now.Texts, cased), "huruf besar/kecil jawaban")
	lostOptions(old.Options, now.Options, say)
	lostOptions(old.Targets, now.Targets, say)
	reasons := func(all []questionbank.TextAnswer) (n int) {
		for _, t := range all {
			if t.Reason != "" {
				n++
			}
		}
		return n
	}
	say(reasons(old.Texts) > reasons(now.Texts), "alasan jawaban")
}

func lostOptions(old, now []questionbank.Option, say func(bool, string)) {
	has := func(all []questionbank.Option, what func(questionbank.Option) bool) int {
		return len(slices.DeleteFunc(slices.Clone(all), func(o questionbank.Option) bool { return !what(o) }))
	}
	for name, what := range optionParts {
		say(has(old, what) > has(now, what), name)
	}
}

var optionParts = map[string]func(questionbank.Option) bool{
	"format teks opsi":       func(o questionbank.Option) bool { return o.Rich },
	"alasan opsi":            func(o questionbank.Option) bool { return o.Reason != "" },
	"bobot opsi asal":        func(o questionbank.Option) bool { return o.Points != scoring.Micro(0) },
	"pengenal opsi asal":     func(o questionbank.Option) bool { return o.Ref != "" },
	"opsi yang tidak diacak": func(o questionbank.Option) bool { return o.Fixed },
	"daerah gambar":          func(o questionbank.Option) bool { return o.Shape != nil },
}
