package xlsx

import (
	"fmt"
	"strings"

	"github.com/xuri/excelize/v2"

	"cakap/internal/sheet"
	"cakap/questionbank"
)

// duplicatesWithin is how many rows PERIKSA compares with each other: each row
// with each costs the spreadsheet program a square of it.
const duplicatesWithin = 1000

// checkFormula is PERIKSA of row n: empty where the row is right or blank. It
// counts with SUMPRODUCT, because COUNTIF takes "?" and "*" in a question for
// wildcards and gives up beyond 255 characters, and COUNTA counts empty texts.
// The server ignores it and checks again.
func (b *builder) checkFormula(n int) string {
	at := func(field string) string { return cell(b.index(field), n) }
	options := fmt.Sprintf("SUMPRODUCT(--(LEN(%s:%s)>0))", at(optionField(0)), at(optionField(b.options-1)))
	aspect, indicator, kind, key := at(fAspect), at(fIndicator), at(fType), at(fCorrect)
	parts := []string{
		fmt.Sprintf(`IF(LEN(%s)=0,"Aspek kosong. ","")`, aspect),
		fmt.Sprintf(`IF(LEN(%s)=0,"Indikator kosong. ",IF(LEFT(%[1]s,2)<>LEFT(%s,2),"Indikator bukan milik aspek itu. ",""))`, indicator, aspect),
		fmt.Sprintf(`IF(LEN(%s)=0,"Tipe kosong. ","")`, kind),
		fmt.Sprintf(`IF(LEN(%s)=0,"Level kosong. ","")`, at(fLevel)),
		fmt.Sprintf(`IF(LEN(%s)<%d,"Pokok soal kosong atau terlalu pendek. ","")`, at(fStem), questionbank.MinStem),
		fmt.Sprintf(`IF(AND(OR(%s="PG",%[1]s="PGK",%[1]s="SJT",%[1]s="URUT",%[1]s="TITIK"),%s<%d),"Opsi kurang dari %[3]d. ","")`, kind, options, questionbank.MinOptions),
		fmt.Sprintf(`IF(AND(OR(%s="JODOH",%[1]s="TABEL"),%s<1),"Baris kiri belum ditulis di opsi_a dan seterusnya. ","")`, kind, options),
		fmt.Sprintf(`IF(AND(%s="JODOH",LEN(%s)=0),"Kolom pasangan kosong. ","")`, kind, at(fTargets)),
		fmt.Sprintf(`IF(AND(OR(%s="ISIAN",%[1]s="ANGKA",%[1]s="RUMPANG",%[1]s="TITIK",%[1]s="TABEL"),LEN(%s)=0),"Kunci kosong. ","")`, kind, key),
		fmt.Sprintf(`IF(AND(%s="TITIK",LEN(%s)=0),"Kolom gambar kosong. ","")`, kind, at(fMedia)),
		fmt.Sprintf(`IF(AND(%s="PG",LEN(TRIM(%s))<>1),"Kunci PG harus satu huruf. ","")`, kind, key),
		fmt.Sprintf(`IF(AND(%s="PGK",LEN(TRIM(%s))<2),"Kunci PGK paling sedikit dua huruf, misalnya A,C. ","")`, kind, key),
		fmt.Sprintf(`IF(AND(%s="BS",UPPER(TRIM(%s))<>"BENAR",UPPER(TRIM(%[2]s))<>"SALAH"),"Kunci BS ditulis BENAR atau SALAH. ","")`, kind, key),
		fmt.Sprintf(`IF(AND(%s="SJT",LEN(%s)=0),"Bobot opsi SJT kosong. ","")`, kind, at(fPoints)),
		fmt.Sprintf(`IF(AND(%s<>"INFO",%[1]s<>"ANGKET",LEN(%s)=0),"Pembahasan kosong. ","")`, kind, at(fRationale)),
	}
	if b.last-firstRow < duplicatesWithin {
		stem := sheet.Letters(b.index(fStem))
		parts = append(parts, fmt.Sprintf(`IF(SUMPRODUCT(--($%[1]s$%[2]d:$%[1]s$%[3]d=%[1]s%[4]d))>1,"Pokok soal ganda. ","")`, stem, firstRow, b.last, n))
	}
	return fmt.Sprintf(`IF(LEN(%s)+%s=0,"",%s)`, at(fStem), options, strings.Join(parts, "&"))
}

// validations puts the drop-down lists and the limits on a sheet.
func (b *builder) validations(name string, last int) error {
	// excelize writes these formulas into the XML as they are, so "&" is escaped here.
	lists := []struct{ field, formula, title, prompt string }{
		{fAspect, "dft_Aspek", "Aspek", "Pilih salah satu dari empat aspek."},
		{fIndicator, fmt.Sprintf(`INDIRECT("dft_Ind_"&amp;LEFT($%s%d,2))`, sheet.Letters(b.index(fAspect)), firstRow), "Indikator", "Isi aspek lebih dahulu; daftar ini mengikuti aspek."},
		{fType, "dft_Tipe", "Tipe", "PG, PGK, BS, dan SJT paling sering dipakai. Cara mengisi tipe lain ada di lembar Petunjuk dan Contoh."},
		{fLevel, "dft_Level", "Level kognitif", "L1 mengetahui, L2 menerapkan, L3 menalar."},
		{fShuffle, "dft_Acak", "Acak opsi", "Tidak: urutan opsi dipertahankan. Kosong berarti Ya."},
	}
	for _, l := range lists {
		dv := excelize.NewDataValidation(true)
		dv.Sqref = b.area(l.field, last)
		dv.SetSqrefDropList(l.formula)
		dv.SetInput(l.title, l.prompt)
		dv.SetError(excelize.DataValidationErrorStyleStop, "Isian tidak ada dalam daftar", "Pilih dari daftar. Untuk mengosongkan, hapus isi sel.")
		if err := b.f.AddDataValidation(name, dv); err != nil {
			return err
		}
	}
	return b.lengths(name, last)
}

func (b *builder) lengths(name string, last int) error {
	limits := map[string][2]int{fStem: {questionbank.MinStem, questionbank.MaxStem}, fBasis: {0, questionbank.MaxBasis}}
	for i := range b.options {
		limits[optionField(i)] = [2]int{1, questionbank.MaxOption}
	}
	for _, c := range b.columns { // in the order of the columns, so that files are alike
		limit, ok := limits[c.field]
		if !ok {
			continue
		}
		dv := excelize.NewDataValidation(true)
		dv.Sqref = b.area(c.field, last)
		if err := dv.SetRange(limit[0], limit[1], excelize.DataValidationTypeTextLength, excelize.DataValidationOperatorBetween); err != nil {
			return err
		}
		dv.SetError(excelize.DataValidationErrorStyleStop, "Panjang isian", fmt.Sprintf("Isi %d sampai %d karakter.", limit[0], limit[1]))
		if err := b.f.AddDataValidation(name, dv); err != nil {
			return err
		}
	}
	return nil
}

// marks tints PERIKSA where it says something.
func (b *builder) marks() error {
	col := sheet.Letters(len(b.columns))
	return b.f.SetConditionalFormat(sheetItems, fmt.Sprintf("%[1]s%[2]d:%[1]s%[3]d", col, firstRow, b.last), []excelize.ConditionalFormatOptions{
		{Type: "formula", Criteria: fmt.Sprintf("LEN($%s%d)>0", col, firstRow), Format: &b.s.wrong},
	})
}
