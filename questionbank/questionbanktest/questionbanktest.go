// Package questionbanktest has an item of every type, for the tests of whatever
// reads, writes, shows or scores items.
package questionbanktest

import (
	"cakap/questionbank"
	"cakap/scoring"
)

// Canary stands in every place of an item that no participant may see.
const Canary = "KENARI"

// Samples is an item of every type and of every kind of interaction, each
// valid, normalised, and with Canary in what only authors know.
func Samples() []questionbank.Content {
	base := func(t questionbank.Type, stem string, parts ...questionbank.Interaction) questionbank.Content {
		return questionbank.Content{
			Type: t, Indicator: "A1.4", Level: questionbank.L2, Stem: stem, Interactions: parts, Rationale: Canary + " pembahasan.",
			Title: "Contoh " + string(t), Category: "Literasi digital/Dasar", Tags: []string{"contoh"},
		}
	}
	all := []questionbank.Content{
		base(questionbank.Single, "Aplikasi mana yang dipakai untuk **mengolah angka**?",
			questionbank.NewChoice(questionbank.Single, options("Pengolah kata", "Lembar sebar", "Peramban"), []int{1})),
		base(questionbank.Multiple, "Perangkat masukan ada berapa? Pilih semua yang benar.",
			questionbank.NewChoice(questionbank.Multiple, options("Papan ketik", "Monitor", "Tetikus", "Penyuara"), []int{0, 2})),
		base(questionbank.TrueFalse, "Kata sandi boleh dibagikan kepada rekan kerja.",
			questionbank.NewChoice(questionbank.TrueFalse, options(questionbank.TrueText, questionbank.FalseText), []int{1})),
		sjt(base),
		base(questionbank.Match, "Jodohkan aplikasi dengan kegunaannya.", questionbank.Interaction{
			Kind: questionbank.PairsKind, Rule: scoring.PerPair, Shuffle: true,
			Options: options("Lembar sebar", "Peramban"), Targets: options("Menghitung", "Menjelajah", "Menggambar"), Correct: []string{"A 1", "B 2"},
		}),
		base(questionbank.Matrix, "Tandai sifat setiap tindakan.", questionbank.Interaction{
			Kind: questionbank.PairsKind, Rule: scoring.PerPair, Many: true,
			Options: options("Memakai sandi sama", "Memakai 2FA"), Targets: options("Aman", "Berisiko", "Wajib"), Correct: []string{"A 2", "B 1", "B 3"},
		}),
		base(questionbank.Order, "Urutkan langkah menyimpan berkas.", questionbank.Interaction{
			Kind: questionbank.OrderKind, Rule: scoring.OrderAbsolute, Shuffle: true,
			Options: options("Buka menu", "Pilih Simpan", "Beri nama", "Tekan OK"), Correct: []string{"A", "B", "C", "D"},
		}),
		base(questionbank.Short, "Singkatan untuk alamat sebuah laman adalah …", questionbank.Interaction{
			Kind: questionbank.TextKind, Rule: scoring.TextList, Options: []questionbank.Option{},
			Texts: []questionbank.TextAnswer{
				{Text: "URL", Points: scoring.Point, Reason: Canary}, {Text: "uniform resource locator*", Wild: true, Points: scoring.Point / 2},
			},
		}),
		base(questionbank.Numeric, "Berapa bit dalam satu bita?", questionbank.Interaction{
			Kind: questionbank.NumberKind, Rule: scoring.NumberList, Options: []questionbank.Option{},
			Numbers: []questionbank.Number{{Value: "8", Tolerance: "0.5", Points: scoring.Point, Reason: Canary}, {Low: "7", High: "9", Points: scoring.Point / 2}},
		}),
		cloze(base),
		base(questionbank.Hotspot, "Tunjuk tombol untuk menutup jendela.", questionbank.Interaction{
			Kind: questionbank.HotspotKind, Rule: scoring.AllOrNothing, Image: "jendela.png",
			Options: []questionbank.Option{
				{Text: "Tombol kiri", Shape: &questionbank.Shape{Form: "rect", Coords: []int{0, 0, 20, 20}}},
				{Text: "Tombol kanan", Shape: &questionbank.Shape{Form: "circle", Coords: []int{90, 10, 8}}},
			}, Correct: []string{"B"},
		}),
		base(questionbank.Essay, "Jelaskan cara mengenali surel palsu.", questionbank.Interaction{
			Kind: questionbank.EssayKind, Rule: scoring.Manual, Options: []questionbank.Option{}, Lines: 8,
		}),
		base(questionbank.Survey, "Seberapa sering Anda memakai lembar sebar?",
			questionbank.NewChoice(questionbank.Survey, options("Tidak pernah", "Kadang", "Sering"), nil)),
		base(questionbank.Info, "Bacalah petunjuk berikut sebelum mengerjakan soal."),
	}
	for i := range all {
		c := &all[i]
		switch c.Type {
		case questionbank.Hotspot:
			c.Media = []questionbank.Media{{Name: "jendela.png", SHA256: PictureSHA256, MIME: "image/png", Alt: "Jendela aplikasi", Width: 100, Height: 20, Size: len(Picture())}}
		case questionbank.Essay:
			c.Rubric = []questionbank.Criterion{{Name: "Ciri alamat", Guide: Canary, Points: 4}, {Name: "Ciri isi", Guide: Canary, Points: 6}}
		}
		*c = c.Normalise()
	}
	return all
}

// Sample is the item of one type.
func Sample(t questionbank.Type) questionbank.Content {
	for _, c := range Samples() {
		if c.Type == t {
			return c
		}
	}
	panic("questionbanktest: no sample of " + string(t))
}

func options(texts ...string) []questionbank.Option {
	all := make([]questionbank.Option, len(texts))
	for i, text := range texts {
		all[i] = questionbank.Option{Text: text, Reason: Canary + " " + text}
	}
	return all
}

type builder func(questionbank.Type, string, ...questionbank.Interaction) questionbank.Content

func sjt(base builder) questionbank.Content {
	ways := options("Diam saja", "Menegur di grup", "Menegur secara pribadi", "Menegur pribadi lalu melapor")
	for i := range ways {
		ways[i].Points = scoring.Micro(i+1) * scoring.Point
	}
	return base(questionbank.SJT, "Rekan Anda membagikan kabar bohong. Apa yang Anda lakukan?", questionbank.NewChoice(questionbank.SJT, ways, nil))
}

func cloze(base builder) questionbank.Content {
	inline := questionbank.NewChoice(questionbank.Single, options("HTTP", "HTTPS", "FTP"), []int{1})
	inline.Kind = questionbank.InlineKind
	return base(questionbank.Cloze, "Laman yang aman memakai [[1]], dan kepanjangan PDF berakhir dengan kata [[2]]; 2 pangkat 3 adalah [[3]].",
		inline,
		questionbank.Interaction{Kind: questionbank.TextKind, Rule: scoring.TextList, Options: []questionbank.Option{}, Texts: []questionbank.TextAnswer{{Text: "Format", Points: scoring.Point, Reason: Canary}}},
		questionbank.Interaction{Kind: questionbank.NumberKind, Rule: scoring.NumberList, Options: []questionbank.Option{}, Share: 2, Numbers: []questionbank.Number{{Value: "8", Points: scoring.Point, Reason: Canary}}},
	)
}
