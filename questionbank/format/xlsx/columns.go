package xlsx

import (
	"strconv"
	"strings"

	"cakap/internal/sheet"
	"cakap/questionbank"
)

// The fields of a row. Those of our template are also the titles of its
// columns, and but for these three the fields of questionbank's faults.
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
	fNumber    = "number" // running number of the sheet, no code
)

// column is one column of our template.
type column struct {
	field    string
	title    string
	width    float64
	required bool
}

// columns is our template, from column A on. PERIKSA follows behind the last.
var columns = templateColumns()

func templateColumns() []column {
	all := []column{
		{fCode, "kode_butir", 12, false},
		{fAspect, "aspek", 24, true},
		{fIndicator, "indikator", 32, true},
		{fType, "tipe", 8, true},
		{fLevel, "level", 8, true},
		{fStimulus, "stimulus", 30, false},
		{fStem, "pokok_soal", 60, true},
	}
	for i := range questionbank.MaxOptions {
		letter := letterOf(i)
		all = append(all, column{questionbank.OptionField("option", i), "opsi_" + letter, 32, i < questionbank.MinOptions})
	}
	all = append(all,
		column{fCorrect, "kunci", 10, true},
		column{fPoints, "bobot_opsi", 16, false})
	for i := range questionbank.MaxOptions {
		all = append(all, column{questionbank.OptionField("reason", i), "alasan_" + letterOf(i), 32, false})
	}
	return append(all,
		column{fRationale, "pembahasan", 40, true},
		column{fBasis, "rujukan", 24, false},
		column{fDigComp, "digcomp", 10, false},
		column{fExpires, "kedaluwarsa", 14, false},
		column{fShuffle, "acak_opsi", 10, false})
}

const checkTitle = "PERIKSA"

func letterOf(i int) string { return strings.ToLower(questionbank.OptionID(i)) }

// indexOf is the place of a field in our template, from 0.
func indexOf(field string) int {
	for i, c := range columns {
		if c.field == field {
			return i
		}
	}
	return -1
}

// aliases are the titles under which other programs keep the same things
// (case, punctuation and spaces do not matter).
var aliases = foreignTitles()

func foreignTitles() sheet.Aliases {
	a := sheet.Aliases{
		fCode:      {"kode_butir", "kode butir", "kode soal", "kode item", "id soal", "item code", "idnumber"},
		fAspect:    {"aspek", "literasi", "kompetensi", "topik", "kategori", "materi", "chapter", "nomer bab", "nomor bab", "bab"},
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
		fNumber:    {"no", "no soal", "nomor", "nomor soal", "nomer", "number"},
		"media_1":  {"file1", "gambar", "gambar soal", "image", "berkas", "media"},
		"media_2":  {"file2", "audio", "video"},
	}
	for i := range questionbank.MaxOptions {
		l, n := letterOf(i), strconv.Itoa(i+1)
		a[questionbank.OptionField("option", i)] = []string{
			"opsi_" + l, "opsi " + n, "pilihan " + l, "pilihan " + n, "pil" + l, "pil " + l, "option " + l, "option " + n, "pilihan jawaban " + l,
			"jawaban " + l, "jawaban " + n, "jawab " + l, "jawab" + n, "jawab " + n, "choice " + l, "choice " + n, "statement " + n, "pernyataan " + n, l,
		}
		a[questionbank.OptionField("reason", i)] = []string{"alasan_" + l, "alasan " + n, "feedback " + l, "feedback " + n}
		a[flagField(i)] = []string{"correct " + n, "benar " + n, "kunci " + n}
		a[truthField(i)] = []string{"true false " + n, "benar salah " + n}
		a["media_"+l] = []string{"file" + l, "gambar " + l, "gambar opsi " + l}
	}
	return a
}

// flagField is a column that marks an option as right.
func flagField(i int) string { return "flag_" + letterOf(i) }

// truthField is a column that says of a statement whether it is true.
func truthField(i int) string { return "truth_" + letterOf(i) }

// typeWords maps what sheets call a kind of question to ours. Digits depend on
// the layout and are read by typeOf.
var typeWords = map[string]string{
	"PG": "single", "PILIHAN GANDA": "single", "SINGLE": "single", "MC": "single", "MULTIPLE CHOICE": "single", "MULTICHOICE": "single", "PILIHAN GANDA BIASA": "single",
	"PGK": "multiple", "PG KOMPLEKS": "multiple", "PILIHAN GANDA KOMPLEKS": "multiple", "MULTIPLE": "multiple", "MULTIPLE SELECTION": "multiple", "MULTIPLE RESPONSE": "multiple",
	"BS": "truefalse", "BENAR SALAH": "truefalse", "TRUE FALSE": "truefalse", "TRUEFALSE": "truefalse", "B S": "truefalse",
	"SJT": "sjt", "SITUASIONAL": "sjt", "SITUATIONAL JUDGEMENT": "sjt",
	"ISIAN": "short", "ISIAN SINGKAT": "short", "JAWABAN SINGKAT": "short", "SHORT": "short", "SHORTANSWER": "short",
	"ESSAY": "essay", "ESAI": "essay", "ESSAI": "essay", "URAIAN": "essay",
	"JODOH": "match", "MENJODOHKAN": "match", "MATCH": "match", "MATCHING": "match",
	"URUT": "order", "MENGURUTKAN": "order", "ORDER": "order", "ORDERING": "order",
	"KPRIM": "matrix", "MATRIKS": "matrix", "MATRIX": "matrix",
	"ANGKA": "numeric", "NUMERIC": "numeric", "NUMERICAL": "numeric", "NUMERICAL INPUT": "numeric",
	"CLOZE": "cloze", "HOTSPOT": "hotspot", "SURVEI": "survey", "SURVEY": "survey", "INFO": "info",
}

// typeNames is what our template calls the types it carries.
var typeNames = map[questionbank.Type]string{
	questionbank.Single: "PG", questionbank.Multiple: "PGK", questionbank.TrueFalse: "BS", questionbank.SJT: "SJT",
}

// unsupportedNames is what people call the types that cannot be used yet.
var unsupportedNames = map[string]string{
	"short": "isian singkat", "essay": "uraian", "match": "menjodohkan", "order": "mengurutkan", "matrix": "matriks benar/salah",
	"numeric": "jawaban angka", "cloze": "isian rumpang", "hotspot": "titik pada gambar", "survey": "survei", "info": "keterangan",
}
