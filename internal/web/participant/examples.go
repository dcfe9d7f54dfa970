package participant

import (
	"sync"

	"cakap/assessment"
	"cakap/questionbank"
	"cakap/scoring"
)

// exampleItems is a position of every kind, for the test of the templates.
func exampleItems() []assessment.PaperItem {
	options := func(texts ...string) []questionbank.DeliveryOption {
		all := make([]questionbank.DeliveryOption, len(texts))
		for i, text := range texts {
			all[i] = questionbank.DeliveryOption{Text: text}
		}
		return all
	}
	rich := questionbank.DeliveryOption{Text: "Pilihan **tebal**", Rich: true}
	picture := questionbank.DeliveryMedia{Name: "a.png", SHA256: "00", MIME: "image/png", Alt: "Layar", Width: 200, Height: 100}
	areas := []questionbank.DeliveryOption{
		{Shape: &questionbank.Shape{Form: "rect", Coords: []int{10, 10, 60, 40}}}, {Shape: &questionbank.Shape{Form: "circle", Coords: []int{100, 50, 20}}},
		{Shape: &questionbank.Shape{Form: "ellipse", Coords: []int{150, 50, 20, 10}}}, {Shape: &questionbank.Shape{Form: "poly", Coords: []int{10, 60, 60, 60, 30, 90}}},
	}
	type parts = []questionbank.DeliveryPart
	var all []assessment.PaperItem
	add := func(t questionbank.Type, value string, d questionbank.Delivery) {
		d.Type = t
		all = append(all, assessment.PaperItem{
			Position: len(all) + 1, Aspect: scoring.BasicMedia, Ref: questionbank.Ref{Item: int64(len(all) + 1)}, Delivery: d, Value: value, Doubt: len(all) == 0,
		})
	}
	add(questionbank.Single, "A", questionbank.Delivery{Stem: "Pokok **soal**", Stimulus: "Bacaan", Parts: parts{{Kind: questionbank.ChoiceKind, Options: append(options("Satu", "Dua"), rich)}}})
	add(questionbank.Multiple, "", questionbank.Delivery{Stem: "Pilih.\n\nSemua.", Parts: parts{{Kind: questionbank.ChoiceKind, Many: true, Max: 2, Options: options("Satu", "Dua")}}})
	add(questionbank.Match, "B,", questionbank.Delivery{Stem: "Jodohkan", Parts: parts{{Kind: questionbank.PairsKind, Options: options("Baris", "Lain"), Targets: append(options("X"), rich)}}})
	add(questionbank.Matrix, "AB,A", questionbank.Delivery{Stem: "Tandai", Parts: parts{{Kind: questionbank.PairsKind, Many: true, Options: options("Baris", "Lain"), Targets: options("X", "Y")}}})
	add(questionbank.Order, "BA", questionbank.Delivery{Stem: "Urutkan", Parts: parts{{Kind: questionbank.OrderKind, Options: options("Satu", "Dua")}}})
	add(questionbank.Short, "", questionbank.Delivery{Stem: "Isi", Parts: parts{{Kind: questionbank.TextKind}}})
	add(questionbank.Numeric, "8", questionbank.Delivery{Stem: "Hitung", Parts: parts{{Kind: questionbank.NumberKind}}})
	add(questionbank.Cloze, "A\n\n\nB", questionbank.Delivery{Stem: "Isi [[1]], [[2]], dan [[4]].", Parts: parts{
		{Kind: questionbank.InlineKind, Options: append(options("Satu"), rich)}, {Kind: questionbank.NumberKind}, {Kind: questionbank.TextKind, Prompt: "Tulis"}, {Kind: questionbank.ChoiceKind, Options: options("X", "Y")},
	}})
	add(questionbank.Hotspot, "B", questionbank.Delivery{Stem: "Tunjuk ![Layar](media:a.png)", Media: []questionbank.DeliveryMedia{picture}, Parts: parts{{Kind: questionbank.HotspotKind, Image: "a.png", Options: areas}}})
	add(questionbank.Hotspot, "", questionbank.Delivery{Stem: "Letakkan", Parts: parts{{Kind: questionbank.PairsKind, Image: "b.png", Options: options("Label"), Targets: areas}}})
	add(questionbank.Essay, "Uraian", questionbank.Delivery{Stem: "Jelaskan", Parts: parts{{Kind: questionbank.EssayKind}}})
	add(questionbank.Info, "", questionbank.Delivery{Stem: "Bacalah"})
	all[len(all)-1].Aspect = scoring.Total
	return all
}

// exampleTake is the take page with every kind of question.
func exampleTake(page takePage) takePage {
	p := pages{texts: &sync.Map{}}
	if err := p.fill(&page, assessment.Paper{Items: exampleItems()}); err != nil {
		panic(err) // Markdown of our own always renders
	}
	page.Total = page.Asked
	return page
}
