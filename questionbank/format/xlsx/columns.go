package xlsx

import (
	"strconv"
	"strings"

	"cakap/internal/sheet"
	"cakap/questionbank"
)

// The fields of a row. Those of our template are also the titles of its
// columns, and where questionbank's faults name a field, theirs.
const (
	fCode      = "code"
	fAspect    = "aspect"
	fIndicator = "indicator"
	fType      = "type"
	fLevel     = "level"
	fStimulus  = "stimulus"
	fStem      = "stem"
	fCorrect   = "correct"
	fPoints    = "points"
	fRationale = "rationale"
	fBasis     = "basis"
	fDigComp   = "digcomp"
	fExpires   = "expires"
	fShuffle   = "shuffle"
	fTargets   = "targets"
	fMedia     = "media"
	fMedia2    = "media_2" // a second file of the question
	fAlt       = "alt"
	fSeconds   = "seconds"
	fTags      = "tags"
	fCategory  = "category"
	fTitle     = "title"
	fCheck     = "check"
	fWorth     = "worth"   // points of the whole question
	fOptions   = "options" // all options in one cell
	fNumber    = "number"  // running number of the sheet, no code
)

// The template has six columns for options; a sheet may have more, and one that
// we export has as many as its widest item needs.
const (
	templateOptions = 6
	mostOptions     = questionbank.MaxRows
	strangeOptions  = questionbank.MaxOptions // whose columns strangers may title their own way
)

// column is one column of our template.
type column struct {
	field    string
	title    string
	width    float64
	required bool
}

// layout is our template with a number of option columns, from column A on.
// PERIKSA follows behind the last, and behind that the columns of data.
type layout struct {
	columns []column
	options int
	places  map[string]int
}

func newLayout(options int) layout {
	l := layout{options: options, places: map[string]int{}}
	l.columns = []column{
		{fCode, "kode_butir", 12, false},
		{fAspect, "aspek", 24, true},
		{fIndicator, "indikator", 32, true},
		{fType, "tipe", 10, true},
		{fLevel, "level", 8, true},
		{fStimulus, "stimulus", 30, false},
		{fStem, "pokok_soal", 60, true},
	}
	for i := range options {
		l.columns = append(l.columns, column{optionField(i), "opsi_" + letterOf(i), 32, i < questionbank.MinOptions})
	}
	l.columns = append(l.columns,
		column{fCorrect, "kunci", 16, true},
		column{fPoints, "bobot_opsi", 16, false})
	for i := range options {
		l.columns = append(l.columns, column{reasonField(i), "alasan_" + letterOf(i), 32, false})
	}
	l.columns = append(l.columns,
		column{fRationale, "pembahasan", 40, true},
		column{fBasis, "rujukan", 24, false},
		column{fDigComp, "digcomp", 10, false},
		column{fExpires, "kedaluwarsa", 14, false},
		column{fShuffle, "acak_opsi", 10, false},
		column{fTargets, "pasangan", 28, false},
		column{fMedia, "gambar", 20, false},
		column{fAlt, "teks_alt", 28, false},
		column{fSeconds, "waktu_detik", 12, false},
		column{fTags, "tag", 18, false},
		column{fCategory, "kategori", 22, false},
		column{fTitle, "judul", 22, false})
	for i, c := range l.columns {
		l.places[c.field] = i
	}
	return l
}

// index is the place of a field, from 0.
func (l layout) index(field string) int { return l.places[field] }

const checkTitle = "PERIKSA"

func letterOf(i int) string { return strings.ToLower(questionbank.OptionID(i)) }

// aliases are the titles under which other programs keep the same things
// (case, punctuation and spaces do not matter).
var aliases = foreignTitles()

func foreignTitles() sheet.Aliases {
	a := sheet.Aliases{
		fCode:      {"kode_butir", "kode butir", "kode soal", "kode item", "id soal", "item code", "idnumber"},
		fAspect:    {"aspek", "literasi", "kompetensi"},
		fIndicator: {"indikator", "kode indikator", "indikator soal"},
		fType:      {"tipe", "tipe soal", "jenis soal", "jenis", "bentuk soal", "type", "question type"},
		fLevel:     {"level", "level kognitif", "tingkat kognitif", "ranah kognitif"},
		fStimulus:  {"stimulus", "wacana", "teks bacaan", "bacaan"},
		fStem:      {"pokok_soal", "soal", "pertanyaan", "butir soal", "isi soal", "teks soal", "naskah soal", "question", "questiontext", "question text"},
		fCorrect:   {"kunci", "kunci jawaban", "jawaban benar", "jawaban yang benar", "kj", "key", "correct answer", "correct", "answer", "jawab", "jawaban"},
		fPoints:    {"bobot_opsi", "skor opsi", "bobot pilihan"},
		fRationale: {"pembahasan", "penjelasan", "alasan jawaban", "explanation", "alasan", "umpan balik", "feedback"},
		fBasis:     {"rujukan", "dasar hukum", "referensi", "sumber"},
		fDigComp:   {"digcomp"},
		fExpires:   {"kedaluwarsa", "kadaluarsa", "berlaku sampai", "tinjau ulang"},
		fShuffle:   {"acak_opsi", "acak", "acak pilihan"},
		fTargets:   {"pasangan", "pasangan jawaban", "opsi kanan", "lajur kanan", "kolom pasangan", "targets", "premis"},
		fMedia:     {"gambar", "gambar soal", "file1", "image", "berkas", "media"},
		fAlt:       {"teks_alt", "teks alternatif", "alt text", "keterangan gambar", "deskripsi gambar"},
		fSeconds:   {"waktu_detik", "waktu", "durasi", "timer", "time limit"},
		fTags:      {"tag", "tags", "label", "kata kunci", "keywords"},
		fCategory:  {"kategori", "topik", "materi", "chapter", "nomer bab", "nomor bab", "bab", "mata pelajaran", "mapel", "category"},
		fTitle:     {"judul", "judul soal", "nama soal", "title", "question name"},
		fCheck:     {"periksa"},
		fWorth:     {"bobot soal", "bobot", "poin", "skor", "skor soal", "nilai", "point", "points", "score"},
		fOptions:   {"pilihan", "opsi", "pilihan jawaban", "opsi jawaban", "options", "choices", "daftar opsi"},
		fNumber:    {"no", "no soal", "nomor", "nomor soal", "nomer", "number"},
		fMedia2:    {"file2", "audio", "video"},
	}
	for i := range mostOptions {
		l, n := letterOf(i), strconv.Itoa(i+1)
		option, reason := optionField(i), reasonField(i)
		a[option], a[reason] = []string{"opsi_" + l}, []string{"alasan_" + l}
		if i >= strangeOptions {
			continue
		}
		a[option] = append(a[option],
			"opsi "+n, "pilihan "+l, "pilihan "+n, "pil"+l, "pil "+l, "option "+l, "option "+n, "option"+l, "option"+n, "pilihan jawaban "+l,
			"jawaban "+l, "jawaban "+n, "jawab "+l, "jawab"+n, "jawab "+n, "choice "+l, "choice "+n, "statement "+n, "pernyataan "+n, l)
		a[reason] = append(a[reason], "alasan "+n, "feedback "+l, "feedback "+n)
		a[flagFields[i]] = []string{"correct " + n, "correct " + l, "benar " + n, "kunci " + n}
		a[truthFields[i]] = []string{"true false " + n, "benar salah " + n}
		a[mediaFields[i]] = []string{"file" + l, "gambar " + l, "gambar opsi " + l, "gambar " + n}
	}
	for i := range dataColumns {
		a[dataField(i)] = []string{dataTitle(i)}
	}
	return a
}

var (
	optionFields, reasonFields = fieldNames("option"), fieldNames("reason")
	flagFields                 = fieldNames("flag")  // columns that mark an option as right
	truthFields                = fieldNames("truth") // that say of a statement whether it is true
	mediaFields                = fieldNames("media") // that name an option's picture
)

func fieldNames(name string) [mostOptions]string {
	var all [mostOptions]string
	for i := range all {
		all[i] = questionbank.OptionField(name, i)
	}
	return all
}

func optionField(i int) string { return optionFields[i] }

func reasonField(i int) string { return reasonFields[i] }
