package xlsx

import (
	"fmt"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"cakap/internal/sheet"
	"cakap/questionbank"
	"cakap/scoring"
)

// styles are the looks of the template's cells.
type styles struct {
	title, text, stamp, required, optional, entry, check, wrong int
}

// asText is number format 49, "@": what is typed stays text.
const asText = 49

// font always names its family: without it other programs choose a serif.
func font(size float64, bold bool, colour string) *excelize.Font {
	return &excelize.Font{Family: "Calibri", Size: size, Bold: bold, Color: colour}
}

func (b *builder) makeStyles() error {
	wrap := &excelize.Alignment{WrapText: true, Vertical: "top"}
	thin := []excelize.Border{
		{Type: "left", Color: "C9D1DA", Style: 1}, {Type: "right", Color: "C9D1DA", Style: 1},
		{Type: "top", Color: "C9D1DA", Style: 1}, {Type: "bottom", Color: "C9D1DA", Style: 1},
	}
	fill := func(colour string) excelize.Fill {
		return excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{colour}}
	}
	locked, open := &excelize.Protection{Locked: true}, &excelize.Protection{Locked: false}
	for _, each := range []struct {
		id *int
		s  excelize.Style
	}{
		{&b.s.title, excelize.Style{Font: font(16, true, "12355B")}},
		{&b.s.text, excelize.Style{Font: font(11, false, ""), Alignment: wrap, NumFmt: asText}},
		{&b.s.stamp, excelize.Style{Font: font(9, false, "808080"), Protection: locked}},
		{&b.s.required, excelize.Style{Font: font(11, true, "FFFFFF"), Fill: fill("12355B"), Border: thin, Alignment: wrap, Protection: locked}},
		{&b.s.optional, excelize.Style{Font: font(11, true, "12355B"), Fill: fill("CFE5F2"), Border: thin, Alignment: wrap, Protection: locked}},
		{&b.s.entry, excelize.Style{Font: font(11, false, ""), Border: thin, Alignment: wrap, NumFmt: asText, Protection: open}},
		{&b.s.check, excelize.Style{Font: font(10, false, "7A1F1F"), Border: thin, Alignment: wrap, Protection: locked}},
	} {
		id, err := b.f.NewStyle(&each.s)
		if err != nil {
			return err
		}
		*each.id = id
	}
	var err error
	b.s.wrong, err = b.f.NewConditionalStyle(&excelize.Style{Fill: fill("FCE9B8")})
	return err
}

func (b *builder) guide() error {
	sw, err := b.f.NewStreamWriter(sheetGuide)
	if err != nil {
		return err
	}
	if err := sw.SetColWidth(1, 1, 86); err != nil { // one A4 page
		return err
	}
	if err := sw.SetRow("A1", []any{excelize.Cell{StyleID: b.s.title, Value: "Petunjuk pengisian bank soal"}}); err != nil {
		return err
	}
	colours := []excelize.Cell{
		{StyleID: b.s.required, Value: "Judul biru tua: kolom wajib diisi."}, {StyleID: b.s.optional, Value: "Judul biru muda: kolom boleh kosong."},
	}
	for i, c := range colours {
		if err := sw.SetRow(cell(0, i+2), []any{c}); err != nil {
			return err
		}
	}
	for i, line := range guideLines {
		at := cell(0, i+2+len(colours))
		if err := sw.SetRow(at, []any{excelize.Cell{StyleID: b.s.text, Value: line}}, excelize.RowOpts{Height: float64(4 + 15*(1+utf8.RuneCountInString(line)/90))}); err != nil {
			return err
		}
	}
	return sw.Flush()
}

// example shows one item of each type, taken from the shipped bank.
func (b *builder) example() error {
	sw, err := b.f.NewStreamWriter(sheetExample)
	if err != nil {
		return err
	}
	if err := b.frame(sw); err != nil {
		return err
	}
	examples, err := exampleRows()
	if err != nil {
		return err
	}
	for i, row := range examples {
		cells := make([]any, len(b.columns))
		for j, col := range b.columns {
			c := excelize.Cell{StyleID: b.s.text}
			if text := row[col.field]; text != "" {
				c.Value = text
			}
			cells[j] = c
		}
		if err := sw.SetRow(cell(0, firstRow+i), cells, b.height(row)); err != nil {
			return err
		}
	}
	return sw.Flush()
}

// listColumns is the very hidden sheet that the drop-downs read.
func listColumns() (names []string, lists [][]string) {
	fw := questionbank.StandardFramework()
	add := func(name string, list []string) { names, lists = append(names, name), append(lists, list) }
	var aspects []string
	for _, a := range scoring.Aspects {
		aspects = append(aspects, a.Code()+" "+fw.AspectName(a))
	}
	add("dft_Aspek", aspects)
	var types, levels []string
	for _, t := range questionbank.Types {
		types = append(types, typeNames[t])
	}
	for _, l := range questionbank.Levels {
		levels = append(levels, string(l))
	}
	add("dft_Tipe", types)
	add("dft_Level", levels)
	add("dft_Acak", []string{"Ya", "Tidak"})
	for _, a := range scoring.Aspects {
		var of []string
		for _, ind := range fw.Of(a) {
			of = append(of, indicatorName(ind))
		}
		add("dft_Ind_"+a.Code(), of)
	}
	return names, lists
}

func (b *builder) names() error {
	names, lists := listColumns()
	for i, name := range names {
		col := sheet.Letters(i)
		ref := fmt.Sprintf("%s!$%s$2:$%s$%d", sheetLists, col, col, len(lists[i])+1)
		if err := b.f.SetDefinedName(&excelize.DefinedName{Name: name, RefersTo: ref}); err != nil {
			return err
		}
	}
	return nil
}

func (b *builder) lists() error {
	sw, err := b.f.NewStreamWriter(sheetLists)
	if err != nil {
		return err
	}
	names, lists := listColumns()
	rows := 0
	for _, list := range lists {
		rows = max(rows, len(list))
	}
	for n := range rows + 1 {
		cells := make([]any, len(lists))
		for i, list := range lists {
			switch {
			case n == 0:
				cells[i] = names[i]
			case n <= len(list):
				cells[i] = list[n-1]
			}
		}
		if err := sw.SetRow(cell(0, n+1), cells); err != nil {
			return err
		}
	}
	return sw.Flush()
}
