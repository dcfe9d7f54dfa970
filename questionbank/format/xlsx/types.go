package xlsx

import (
	"cakap/internal/sheet"
	"cakap/questionbank"
)

// typeWords maps what sheets call a kind of question to ours. Digits depend on
// the layout and are read by typeOf.
var typeWords = map[string]questionbank.Type{
	"PG": questionbank.Single, "PILIHAN GANDA": questionbank.Single, "SINGLE": questionbank.Single, "MC": questionbank.Single, "PILGAN": questionbank.Single,
	"MULTIPLE CHOICE": questionbank.Single, "MULTICHOICE": questionbank.Single, "PILIHAN GANDA BIASA": questionbank.Single,
	"PGK": questionbank.Multiple, "PG KOMPLEKS": questionbank.Multiple, "PILIHAN GANDA KOMPLEKS": questionbank.Multiple, "MULTIPLE": questionbank.Multiple,
	"MULTIPLE SELECTION": questionbank.Multiple, "MULTIPLE RESPONSE": questionbank.Multiple, "MULTI CHOICE": questionbank.Multiple,
	"BS": questionbank.TrueFalse, "BENAR SALAH": questionbank.TrueFalse, "TRUE FALSE": questionbank.TrueFalse, "TRUEFALSE": questionbank.TrueFalse, "B S": questionbank.TrueFalse,
	"SJT": questionbank.SJT, "SITUASIONAL": questionbank.SJT, "SITUATIONAL JUDGEMENT": questionbank.SJT, "TKP": questionbank.SJT,
	"JODOH": questionbank.Match, "MENJODOHKAN": questionbank.Match, "MATCH": questionbank.Match, "MATCHING": questionbank.Match, "PENJODOHAN": questionbank.Match,
	"TABEL": questionbank.Matrix, "PGK TABEL": questionbank.Matrix, "KPRIM": questionbank.Matrix, "MATRIKS": questionbank.Matrix, "MATRIX": questionbank.Matrix,
	"URUT": questionbank.Order, "MENGURUTKAN": questionbank.Order, "ORDER": questionbank.Order, "ORDERING": questionbank.Order, "URUTKAN": questionbank.Order,
	"ISIAN": questionbank.Short, "ISIAN SINGKAT": questionbank.Short, "JAWABAN SINGKAT": questionbank.Short, "SHORT": questionbank.Short, "SHORTANSWER": questionbank.Short,
	"SHORT ANSWER": questionbank.Short,
	"ANGKA":        questionbank.Numeric, "ISIAN ANGKA": questionbank.Numeric, "NUMERIC": questionbank.Numeric, "NUMERICAL": questionbank.Numeric, "NUMERICAL INPUT": questionbank.Numeric,
	"RUMPANG": questionbank.Cloze, "ISIAN RUMPANG": questionbank.Cloze, "CLOZE": questionbank.Cloze,
	"TITIK": questionbank.Hotspot, "HOTSPOT": questionbank.Hotspot,
	"URAIAN": questionbank.Essay, "ESSAY": questionbank.Essay, "ESAI": questionbank.Essay, "ESSAI": questionbank.Essay, "ESAY": questionbank.Essay,
	"ANGKET": questionbank.Survey, "SURVEI": questionbank.Survey, "SURVEY": questionbank.Survey, "SKALA": questionbank.Survey,
	"INFO": questionbank.Info, "KETERANGAN": questionbank.Info, "DESKRIPSI": questionbank.Info, "DESCRIPTION": questionbank.Info,
}

// typeNames is what our template calls the types.
var typeNames = map[questionbank.Type]string{
	questionbank.Single: "PG", questionbank.Multiple: "PGK", questionbank.TrueFalse: "BS", questionbank.SJT: "SJT", questionbank.Match: "JODOH",
	questionbank.Matrix: "TABEL", questionbank.Order: "URUT", questionbank.Short: "ISIAN", questionbank.Numeric: "ANGKA", questionbank.Cloze: "RUMPANG",
	questionbank.Hotspot: "TITIK", questionbank.Essay: "URAIAN", questionbank.Survey: "ANGKET", questionbank.Info: "INFO",
}

// typeDigit reads the digits of CandyCBT (1 choice, 2 essay) and of GarudaCBT
// (1 choice, 2 complex choice, 3 match, 4 short, 5 essay). Both use 2: with
// options it is a choice.
func typeDigit(digit string, withOptions bool) (questionbank.Type, bool) {
	switch {
	case digit == "1":
		return questionbank.Single, true
	case digit == "2" && withOptions:
		return questionbank.Multiple, true
	case digit == "2", digit == "5":
		return questionbank.Essay, true
	case digit == "3":
		return questionbank.Match, true
	case digit == "4":
		return questionbank.Short, true
	}
	return "", false
}

// typeOf is the type of the row: by its own word, else by what the row holds.
func (r *row) typeOf(options []questionbank.Option) questionbank.Type {
	raw := r.text(fType)
	word := sheet.Title(raw)
	if t, ok := typeWords[word]; ok {
		return t
	}
	if t, ok := typeDigit(word, len(options) > 0); ok {
		return t
	}
	if raw != "" {
		if r.own {
			r.reject(invalid("questionbank.xlsx.type_unknown", raw), fType)
		} else {
			r.warn(invalid("questionbank.import.type_guessed", raw), fType)
		}
	}
	return r.guess(options)
}

// guess judges a row that names no type.
func (r *row) guess(options []questionbank.Option) questionbank.Type {
	key := r.text(fCorrect)
	switch {
	case r.has(truthFields[0]):
		return questionbank.Matrix
	case r.text(fPoints) != "":
		return questionbank.SJT
	case r.text(fTargets) != "":
		return questionbank.Match
	case len(questionbank.Gaps(r.text(fStem))) > 0 && key != "" && r.own:
		return questionbank.Cloze
	case len(options) == 0 && key == "":
		return questionbank.Essay
	case len(options) == 0:
		if _, ok := parseTruth(key); ok {
			return questionbank.TrueFalse
		}
		return questionbank.Short
	case len(options) == 2 && isTruth(options):
		return questionbank.TrueFalse
	}
	if places, ok := parseKey(key, options); ok && len(places) > 1 || r.flagged() > 1 {
		return questionbank.Multiple
	}
	return questionbank.Single
}

func isTruth(options []questionbank.Option) bool {
	first, ok := parseTruth(options[0].Text)
	second, ok2 := parseTruth(options[1].Text)
	return ok && ok2 && first == 0 && second == 1
}
