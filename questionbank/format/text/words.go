package text

import (
	"strings"

	"cakap/questionbank"
)

// kinds is what authors call a kind of question, in capitals and without
// punctuation.
var kinds = map[string]questionbank.Type{
	"PG": questionbank.Single, "PILIHAN GANDA": questionbank.Single, "PILIHAN GANDA BIASA": questionbank.Single, "MULTIPLE CHOICE": questionbank.Single,
	"SINGLE": questionbank.Single, "SINGLE CHOICE": questionbank.Single, "SINGLE SELECTION": questionbank.Single, "SINGLE ANSWER": questionbank.Single,
	"PGK": questionbank.Multiple, "PILIHAN GANDA KOMPLEKS": questionbank.Multiple, "PG KOMPLEKS": questionbank.Multiple, "MULTIPLE": questionbank.Multiple,
	"MULTIPLE SELECTION": questionbank.Multiple, "MULTIPLE RESPONSE": questionbank.Multiple, "MULTIPLE ANSWER": questionbank.Multiple, "MULTIPLE ANSWERS": questionbank.Multiple,
	"BS": questionbank.TrueFalse, "B S": questionbank.TrueFalse, "BENAR SALAH": questionbank.TrueFalse, "BENAR ATAU SALAH": questionbank.TrueFalse, "TRUE FALSE": questionbank.TrueFalse, "TRUEFALSE": questionbank.TrueFalse,
	"SJT": questionbank.SJT, "SITUASIONAL": questionbank.SJT, "PENILAIAN SITUASI": questionbank.SJT, "SITUATIONAL JUDGEMENT": questionbank.SJT,
	"MENJODOHKAN": questionbank.Match, "JODOHKAN": questionbank.Match, "JODOH": questionbank.Match, "PENJODOHAN": questionbank.Match, "MATCHING": questionbank.Match, "MATCH": questionbank.Match,
	"MATRIKS": questionbank.Matrix, "MATRIX": questionbank.Matrix,
	"MENGURUTKAN": questionbank.Order, "URUTAN": questionbank.Order, "URUT": questionbank.Order, "ORDERING": questionbank.Order, "ORDER": questionbank.Order,
	"ISIAN": questionbank.Short, "ISIAN SINGKAT": questionbank.Short, "JAWABAN SINGKAT": questionbank.Short, "MELENGKAPI": questionbank.Short,
	"SHORT ANSWER": questionbank.Short, "SHORTANSWER": questionbank.Short, "TEXT INPUT": questionbank.Short, "SHORT": questionbank.Short,
	"ISIAN ANGKA": questionbank.Numeric, "ANGKA": questionbank.Numeric, "NUMERIC": questionbank.Numeric, "NUMERICAL": questionbank.Numeric, "NUMERICAL INPUT": questionbank.Numeric,
	"ESSAY": questionbank.Essay, "ESAI": questionbank.Essay, "ESSAI": questionbank.Essay, "ESSEY": questionbank.Essay, "URAIAN": questionbank.Essay, "URAIAN SINGKAT": questionbank.Essay,
	"LONG ANSWER": questionbank.Essay, "ISIAN PANJANG": questionbank.Essay,
	"CLOZE": questionbank.Cloze, "ISIAN RUMPANG": questionbank.Cloze, "HOTSPOT": questionbank.Hotspot,
	"ANGKET": questionbank.Survey, "SURVEI": questionbank.Survey, "SURVEY": questionbank.Survey, "INFO": questionbank.Info,
}

// unaskable is what people call the types that neither text nor Word can carry.
var unaskable = map[questionbank.Type]string{
	questionbank.Cloze: "isian rumpang", questionbank.Hotspot: "titik pada gambar", questionbank.Info: "keterangan",
}

// Word is a title in capitals with single spaces and no punctuation, as the
// word lists have it.
func Word(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case strings.ContainsRune(".,:;()[]{}/\\_-–—*\"'|=#?!", r):
			return ' '
		case r < ' ':
			return ' '
		}
		return r
	}, spaces.Replace(s))
	return strings.ToUpper(strings.Join(strings.Fields(s), " "))
}

// Kind is the type that a word means.
func Kind(word string) (questionbank.Type, bool) {
	t, ok := kinds[Word(word)]
	return t, ok
}

// The fields a question may have besides its stem, options and key.
const (
	Rationale = "rationale"
	Worth     = "worth"
	Aspect    = "aspect"
	Indicator = "indicator"
	Level     = "level"
	Category  = "category"
	Code      = "code"
	Kinds     = "type"
	Stimulus  = "stimulus"
	Basis     = "basis"
	Expires   = "expires"
	DigComp   = "digcomp"
	Tags      = "tags"
	Title     = "title"
	Points    = "points" // of the options: "A=1; B=4"
	Unused    = "unused" // known, but nothing of ours
)

// fields is what authors call them.
var fields = map[string]string{
	"PEMBAHASAN": Rationale, "PENJELASAN": Rationale, "ALASAN": Rationale, "ALASAN JAWABAN": Rationale, "EXPLANATION": Rationale, "RATIONALE": Rationale,
	"FEEDBACK": Rationale, "UMPAN BALIK": Rationale,
	"BOBOT": Worth, "BOBOT SOAL": Worth, "SKOR": Worth, "POIN": Worth, "NILAI": Worth, "SCORE": Worth, "POINTS": Worth, "POINT": Worth, "WEIGHT": Worth,
	"BOBOT OPSI": Points, "SKOR OPSI": Points, "BOBOT PILIHAN": Points,
	"ASPEK": Aspect, "KOMPETENSI": Aspect, "INDIKATOR": Indicator, "INDIKATOR SOAL": Indicator, "KODE INDIKATOR": Indicator,
	"LEVEL": Level, "LEVEL KOGNITIF": Level, "TINGKAT KOGNITIF": Level, "RANAH KOGNITIF": Level,
	"TOPIK": Category, "MATERI": Category, "KATEGORI": Category, "BAB": Category,
	"KODE": Code, "KODE SOAL": Code, "KODE BUTIR": Code, "ID SOAL": Code,
	"TIPE": Kinds, "TIPE SOAL": Kinds, "JENIS": Kinds, "JENIS SOAL": Kinds, "BENTUK SOAL": Kinds, "TYPE": Kinds, "QUESTION TYPE": Kinds,
	"STIMULUS": Stimulus, "WACANA": Stimulus, "BACAAN": Stimulus, "TEKS BACAAN": Stimulus,
	"RUJUKAN": Basis, "DASAR HUKUM": Basis, "REFERENSI": Basis, "KEDALUWARSA": Expires, "KADALUARSA": Expires, "BERLAKU SAMPAI": Expires,
	"DIGCOMP": DigComp, "TAG": Tags, "TAGS": Tags, "LABEL": Tags, "JUDUL": Title, "JUDUL SOAL": Title,
	"TINGKAT KESULITAN": Unused, "KESULITAN": Unused, "TINGKAT KESUKARAN": Unused, "MATA PELAJARAN": Unused, "MAPEL": Unused, "KELAS": Unused,
	"SEMESTER": Unused, "WAKTU": Unused, "HARI TANGGAL": Unused, "TAHUN PELAJARAN": Unused, "KOMPETENSI DASAR": Unused, "DIFFICULTY": Unused,
}

// Field is the field that a title means.
func Field(title string) (string, bool) {
	f, ok := fields[Word(title)]
	return f, ok
}

// Stems and Keys are what authors call the question and its key.
var (
	stemWords = []string{"SOAL", "PERTANYAAN", "QUESTION", "POKOK SOAL", "BUTIR SOAL", "ISI SOAL", "TEKS SOAL", "Q", "PERNYATAAN", "QUESTION TEXT"}
	keyWords  = []string{"KUNCI", "KUNCI JAWABAN", "JAWABAN", "JAWABAN BENAR", "JAWABAN YANG BENAR", "JAWAB", "ANSWER", "ANSWERS", "ANSWER KEY", "CORRECT ANSWER", "CORRECT", "ANS", "KEY", "KJ", "BENAR"}
)
