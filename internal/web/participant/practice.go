package participant

import (
	"fmt"
	"slices"

	"cakap/internal/web/kit"
	"cakap/internal/web/question"
)

// practiceItem is one of the three items with which people try their device:
// one of each way to answer. They belong to no bank and are never scored.
type practiceItem struct {
	Stem    string
	Many    bool
	Options []string
	Right   []string // letters
	Why     string
}

var practiceItems = [...]practiceItem{
	{
		Stem:    "Latihan pilihan tunggal. Pilih satu jawaban: hari apa sesudah Senin?",
		Options: []string{"Minggu", "Selasa", "Kamis", "Sabtu"}, Right: []string{"B"},
		Why: "Pada pilihan tunggal, memilih jawaban lain mengganti pilihan sebelumnya.",
	},
	{
		Stem: "Latihan pilihan lebih dari satu. Pilih semua nama bulan.", Many: true,
		Options: []string{"Januari", "Rabu", "Agustus", "Kamis"}, Right: []string{"A", "C"},
		Why: "Pada soal seperti ini, memilih semuanya tidak menambah nilai.",
	},
	{
		Stem:    "Latihan benar atau salah. Satu jam sama dengan enam puluh menit.",
		Options: []string{"Benar", "Salah"}, Right: []string{"A"},
		Why: "Jawaban dapat diubah sampai Anda mengirim.",
	},
}

type practicePage struct {
	kit.Base
	Items []practiceView
	Done  bool
	For   string // the sealed enrolment on whose way to the start this lies, or ""
}

// Next is where the way goes on.
func (p *practicePage) Next() string {
	if p.For != "" {
		return "/ikut/" + p.For + "/tunggu"
	}
	return "/beranda"
}

type practiceView struct {
	N       int
	Item    practiceItem
	Options []question.Option
	Checked bool
	Right   bool
}

func (p pages) practice(c *kit.Ctx) (kit.Response, error) {
	return kit.HTML("participant/latihan", p.practiceWith(c, nil, c.Query("asesmen"))), nil
}

// practised shows how the three answers were; nothing is kept.
func (p pages) practised(c *kit.Ctx) (kit.Response, error) {
	answers := make([][]string, len(practiceItems))
	for i := range practiceItems {
		answers[i] = c.FormAll(fmt.Sprintf("jawab%d", i+1))
		slices.Sort(answers[i])
	}
	return kit.HTML("participant/latihan", p.practiceWith(c, answers, c.Form("asesmen"))), nil
}

func (p pages) practiceWith(c *kit.Ctx, answers [][]string, way string) *practicePage {
	page := &practicePage{Base: c.Base("Latihan tiga soal"), Done: answers != nil}
	if _, err := p.Keys.Open(enrolment, way); err == nil { // only a name of ours goes into a link
		page.For = way
	}
	for i, item := range practiceItems {
		v := practiceView{N: i + 1, Item: item, Checked: answers != nil}
		for place, text := range item.Options {
			letter := string(rune('A' + place))
			v.Options = append(v.Options, question.Option{Letter: letter, Text: text, Chosen: answers != nil && slices.Contains(answers[i], letter)})
		}
		if answers != nil {
			v.Right = slices.Equal(answers[i], item.Right)
		}
		page.Items = append(page.Items, v)
	}
	return page
}
