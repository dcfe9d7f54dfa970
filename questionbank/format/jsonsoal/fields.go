package jsonsoal

import (
	"slices"
	"strings"
	"unicode"
)

// The fields of a question.
const (
	fStem     = "stem"
	fOptions  = "options"
	fCorrect  = "correct"
	fWrong    = "wrong" // options that are not right, beside the right one
	fType     = "type"
	fReason   = "rationale"
	fCategory = "category"
	fAspect   = "aspect"
	fLevel    = "level"
	fCode     = "code"
	fMedia    = "media"
	fStimulus = "stimulus"
	fTags     = "tags"
	fTitle    = "title"
	fIgnore   = "ignore" // says nothing: running numbers, marks of the program
)

// words are the names under which each field may stand, best first; capitals,
// "_" and "-" do not matter.
var words = map[string][]string{
	fStem:     {"pertanyaan", "soal", "pokoksoal", "question", "questiontext", "stem", "teks", "text", "prompt", "isi", "isisoal", "tekssoal", "butir", "q"},
	fOptions:  {"pilihan", "opsi", "options", "choices", "pilihanjawaban", "opsijawaban", "alternatif", "answers", "answeroptions", "jawabanpilihan"},
	fCorrect:  {"kunci", "kuncijawaban", "jawabanbenar", "correctanswer", "correctanswers", "correctoption", "correctindex", "answerindex", "correctanswerindex", "correct", "answer", "jawaban", "key", "benar", "a"},
	fWrong:    {"incorrectanswers", "wronganswers", "pengecoh"},
	fType:     {"tipe", "jenis", "type", "questiontype", "tipesoal", "jenissoal"},
	fReason:   {"pembahasan", "penjelasan", "explanation", "rationale", "alasan", "feedback", "solution"},
	fCategory: {"kategori", "category", "topik", "topic", "materi", "bab", "subject", "chapter", "section"},
	fAspect:   {"aspek", "literasi", "kompetensi"},
	fLevel:    {"level", "levelkognitif"},
	fCode:     {"kode", "kodebutir", "kodesoal", "idnumber"},
	fMedia:    {"gambar", "image", "img", "foto", "picture", "audio", "video", "media", "file", "imageurl"},
	fStimulus: {"stimulus", "wacana", "bacaan", "context", "passage"},
	fTags:     {"tag", "tags", "label", "labels"},
	fTitle:    {"judul", "title", "nama", "name"},
	fIgnore:   {"id", "no", "nomor", "number", "num", "index", "urutan", "uuid", "createdat", "updatedat"},
}

// The names in an option that is more than its text.
var (
	optionText   = []string{"text", "teks", "isi", "opsi", "pilihan", "option", "label", "value", "content", "jawaban", "answer", "answertext"}
	optionRight  = []string{"correct", "iscorrect", "benar", "isbenar", "istrue", "isright", "right", "kunci", "isanswer"}
	optionPoints = []string{"bobot", "skor", "score", "points", "poin", "nilai", "weight"}
	optionReason = []string{"alasan", "reason", "feedback", "penjelasan", "explanation", "rationale"}
)

// sections are names that group nothing: a path of them is no category.
var sections = []string{"questions", "soal", "data", "items", "results", "quiz", "pertanyaan", "list", "daftar", "banksoal", "quizzes", "payload", "content", "docs", "rows"}

// plain is a name without what people vary.
func plain(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, name)
}

// get is the first member of an object under one of the names.
func (v value) get(names []string) (value, string, bool) {
	for _, want := range names {
		for i, name := range v.names {
			if plain(name) == want {
				return v.values[i], name, true
			}
		}
	}
	return value{}, "", false
}

func (v value) field(field string) (value, bool) {
	found, _, ok := v.get(words[field])
	return found, ok
}

// string is what a member says as text, "" where it is a list or an object.
func (v value) string(field string) string {
	found, ok := v.field(field)
	if !ok || found.kind > text {
		return ""
	}
	return strings.TrimSpace(found.text)
}

// letters is an object's members that are named like options, "A" or "opsi_b"
// or "option3", in their order; nil unless there are two.
func (v value) letters() (found []value, names []string) {
	byPlace := map[int]int{}
	for i, name := range v.names {
		if place, ok := optionPlace(plain(name)); ok && v.values[i].kind <= text {
			if _, twice := byPlace[place]; !twice {
				byPlace[place] = i
			}
		}
	}
	for place := 0; ; place++ {
		i, ok := byPlace[place]
		if !ok {
			break
		}
		found, names = append(found, v.values[i]), append(names, v.names[i])
	}
	if len(found) < 2 {
		return nil, nil
	}
	return found, names
}

var optionPrefixes = []string{"opsi", "pilihan", "option", "choice", "pil", "opt", "jawaban", "answer", ""}

func optionPlace(name string) (int, bool) {
	for _, prefix := range optionPrefixes {
		rest, ok := strings.CutPrefix(name, prefix)
		switch {
		case !ok || len(rest) != 1:
		case rest[0] >= 'a' && rest[0] <= 'l':
			return int(rest[0] - 'a'), true
		case prefix != "" && rest[0] >= '1' && rest[0] <= '9':
			return int(rest[0] - '1'), true
		}
	}
	return 0, false
}

// known reports whether a member of a question means something to us.
func known(name string, all []string) bool {
	name = plain(name)
	for _, list := range words {
		if slices.Contains(list, name) {
			return true
		}
	}
	return slices.ContainsFunc(all, func(n string) bool { return plain(n) == name })
}
