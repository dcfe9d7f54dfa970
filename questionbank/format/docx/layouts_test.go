package docx_test

import (
	"cakap/questionbank/format/docx/docxtest"
	"cakap/questionbank/questionbanktest"
)

// The documents that the tests read, each in a layout met in real files.

var (
	p, t, c, row, item, bold = docxtest.P, docxtest.T, docxtest.C, docxtest.Row, docxtest.Item, docxtest.Bold
	line                     = docxtest.Text
)

func picture(name, alt string) docxtest.Run {
	return docxtest.Picture(name, questionbanktest.Picture(), alt)
}

// documents is every layout by its name.
func documents() map[string][]byte {
	return map[string][]byte{
		"nomor_otomatis": automatic(),
		"tabel_candy":    candy(),
		"tabel_akm":      akmTables(),
		"tabel_lebar":    wideTable(),
		"tabel_tipe":     typedTable(),
		"tabel_kunci":    keyValue(),
		"paragraf":       paragraphs(),
		"isi_word":       contents(),
		"tabel_susunan":  looseTables(),
	}
}

// automatic has no number and no letter in its text.
func automatic() []byte {
	return docxtest.Build(
		line("SOAL LATIHAN"),
		item(1, 0, t("Aplikasi untuk menjelajah laman disebut …")),
		item(1, 1, t("peramban")), item(1, 1, t("pengolah kata")), item(1, 1, t("lembar sebar")),
		line("Kunci: A"),
		item(1, 0, t("Perhatikan gambar berikut!")),
		p(picture("layar.png", "Layar masuk")),
		line("Tombol mana yang ditekan?"),
		item(11, 0, t("Masuk")), item(11, 0, t("Keluar")),
		line("Kunci: A"),
		item(1, 0, t("Mana yang merupakan surel?")),
		item(12, 0, t("Telegram")), item(12, 0, bold("Pesan lewat SMTP")), item(12, 0, t("Radio")),
		item(1, 0),
	)
}

// candy is CandyCBT's table, with its marks for files and line breaks.
func candy() []byte {
	return docxtest.Build(docxtest.Table(
		row("Q:1)", "Mana yang perangkat masukan?"),
		row("A:)", "A. Papan ketik"), row("B:)", "Monitor"), row("C:)", "C.Penyuara"), row("D:)", "Papan ketik"),
		[]docxtest.Cell{c(line("Kunci: A"))},
		[]docxtest.Cell{c(line("Q:2)")), c(line("Gambar apakah ini? <br>"), line("FileQ:"), p(picture("alat.png", "")))},
		[]docxtest.Cell{c(line("A:)")), c(line("A. FileO:"), p(picture("opsi.png", "Tetikus")))},
		row("B:)", "Kabel"), row("C:)", ""),
		[]docxtest.Cell{c(line("Kunci: B"))},
		row("Q:3)", "Jelaskan guna tetikus."),
	))
}

// akmTables is GarudaCBT's template of five kinds.
func akmTables() []byte {
	top, under, word := docxtest.Top, docxtest.Under, func(s string) docxtest.Cell { return c(line(s)) }
	return docxtest.Build(
		line("I. PILIHAN GANDA"),
		docxtest.Table(
			row("NO", "SOAL", "JENIS", "OPSI", "JAWABAN", "KUNCI"),
			[]docxtest.Cell{top(line("1")), top(line("Berapa 1 + 1?")), top(line("1")), word("A"), word("2"), word("V")},
			[]docxtest.Cell{under(), under(), under(), word("B"), word("3"), word("")},
			[]docxtest.Cell{top(line("2")), top(line("")), top(line("1")), word("A"), word(""), word("")},
			[]docxtest.Cell{under(), under(), under(), word("B"), word(""), word("")},
		),
		line("II. PILIHAN GANDA KOMPLEKS"),
		docxtest.Table(
			row("NO", "SOAL", "JENIS", "OPSI", "JAWABAN", "KUNCI"),
			[]docxtest.Cell{top(line("1")), top(line("Mana bilangan genap?")), top(line("2")), word("A"), word("2"), word("v")},
			[]docxtest.Cell{under(), under(), under(), word("B"), word("3"), word("")},
			[]docxtest.Cell{under(), under(), under(), word("C"), word("4"), word("V")},
		),
		line("III. MENJODOHKAN"),
		docxtest.Table(
			row("NO", "SOAL", "JENIS", "KODE", "BARIS", "KODE", "KOLOM", "KODE BARIS", "KUNCI KOLOM"),
			[]docxtest.Cell{top(line("1")), top(line("Jodohkan sifat bilangan.")), top(line("3")), word("1"), word("dua"), word("A"), word("genap"), word("1"), word("A,f")},
			[]docxtest.Cell{under(), under(), under(), word("2"), word("tiga"), word("B"), word("ganjil"), word("2"), word("B, F")},
			[]docxtest.Cell{under(), under(), under(), word(""), word(""), word("F"), word("prima"), word(""), word("")},
		),
		docxtest.Table(
			row("NO", "SOAL", "JENIS", "KODE", "BARIS", "KODE", "KOLOM", "KODE BARIS", "KUNCI KOLOM"),
			[]docxtest.Cell{top(line("2")), top(line("Jodohkan satu-satu.")), top(line("3")), word("1"), word("ibu kota Bali"), word("A"), word("Denpasar"), word("1"), word("A")},
			[]docxtest.Cell{under(), under(), under(), word("2"), word("ibu kota Aceh"), word("B"), word("Banda Aceh"), word("2"), word("X")},
		),
		line("IV. ISIAN"),
		docxtest.Table(row("NO", "SOAL", "JENIS", "JAWABAN"), row("1", "Kepanjangan URL?", "4", "Uniform Resource Locator"), row("2", "", "4", "")),
		line("V. URAIAN"),
		docxtest.Table(row("NO", "SOAL", "JENIS", "JAWABAN"), row("1", "Jelaskan awan.", "5", "Layanan lewat jaringan")),
	)
}

// wideTable has a title row, pictures, an empty row and a row without a key.
func wideTable() []byte {
	return docxtest.Build(
		line("PILIHAN GANDA"),
		docxtest.Table(
			row("NO", "SOAL", "JAWABAN A", "JAWABAN B", "JAWABAN C", "JAWABAN BENAR", "PEMBAHASAN", "ASPEK"),
			row("1", "Warna langit?", "biru", "hijau", "kuning", "A", "Langit biru.", "A2"),
			[]docxtest.Cell{
				c(line("2")), c(line("Lihat gambar."), p(picture("peta.png", "Peta kota")), line("Kota apa?")), c(line("Medan")), c(line("Ambon")), c(), c(line("b")), c(), c(),
			},
			[]docxtest.Cell{c(line("3")), c(line("Tanpa kunci")), c(p(picture("satu.png", "Satu"))), c(), c(), c(), c(), c()},
			row("4", "", "", "", "", "", "", ""),
			[]docxtest.Cell{c(line("Soal tambahan"))}, []docxtest.Cell{c(line("PILIHAN GANDA KOMPLEKS"))},
			row("5", "Opsi di tengah kosong", "a", "", "c", "C", "", ""),
		),
	)
}

func typedTable() []byte {
	return docxtest.Build(docxtest.Table(
		row("No", "Type", "Question", "Options", "Answer"),
		row("1", "SINGLE_SELECTION", "Ibu kota Jepang?", "Tokyo\nKyoto\nOsaka", "A"),
		row("2", "MULTIPLE_SELECTION", "Kota di Jawa?", "A. Bandung\nB. Medan\nC. Ambon\nD. Solo", "A, D"),
		row("3", "MATCHING", "Jodohkan.", "a :: b\nc :: d", ""),
		row("4", "ORDERING", "Urutkan.", "satu\ndua\ntiga", ""),
		row("5", "NUMERICAL_INPUT", "Berapa 2 kali 3,5?", "", "7"),
		row("6", "TEKA_TEKI", "Entah apa?", "ya\ntidak", "A"),
	))
}

func keyValue() []byte {
	return docxtest.Build(
		docxtest.Table(row("Bagian", "Isi"), row("No", "1"), row("Pertanyaan", "Apa itu peladen?"), row("Opsi A", "Mesin pelayan"), row("Opsi B", "Meja"), row("Opsi C", ""),
			row("Kunci Jawaban", "A"), row("Pembahasan", "Ia melayani."), row("Bobot", "2")),
		docxtest.Table(row("No", "2"), row("Pertanyaan", "Jelaskan awan."), row("", "Sebutkan contohnya."), row("Jenis Soal", "Essay"), row("Kunci Jawaban", "Layanan sewa.")),
	)
}

func paragraphs() []byte {
	return docxtest.Build(
		line("1. Apa warna daun?\nA. Hijau\nB. Biru\nC. Merah"),
		line("Kunci Jawaban = A"),
		p(t("2. Apa itu "), bold("RAM"), t("?")),
		p(t("A. Ingatan"), docxtest.RawRun("<w:r><w:tab/></w:r>"), t("B. Layar")),
		p(t("C. Cakram\u00a0")),
		line("Kunci: A"),
		p(t("3. Mana yang bukan buah?")),
		p(t("A. Apel")), p(docxtest.Styled(`<w:color w:val="FF0000"/>`, "B. Batu")), p(t("C. Jeruk")),
		p(t("4. Mana yang disorot?")),
		p(t("A. Satu")), p(docxtest.Styled(`<w:highlight w:val="yellow"/>`, "B. Dua")),
	)
}

// contents is everything Word can put into a paragraph.
func contents() []byte {
	fraction := `<m:oMath><m:f><m:num><m:r><m:t>a+b</m:t></m:r></m:num><m:den><m:r><m:t>2</m:t></m:r></m:den></m:f></m:oMath>`
	box := `<w:r><mc:AlternateContent><mc:Choice><w:drawing><wps:txbx><w:txbxContent><w:p><w:r><w:t>Isi kotak.</w:t></w:r></w:p></w:txbxContent></wps:txbx></w:drawing></mc:Choice>` +
		`<mc:Fallback><w:pict><w:t>ganda</w:t></w:pict></mc:Fallback></mc:AlternateContent></w:r>`
	raw := docxtest.RawRun
	return docxtest.Build(
		p(t("1. Rumus H"), docxtest.Styled(`<w:vertAlign w:val="subscript"/>`, "2"), t("O dan m"), docxtest.Styled(`<w:vertAlign w:val="superscript"/>`, "2"), t(" dengan "), raw(fraction),
			raw(`<w:del><w:r><w:delText>dihapus</w:delText></w:r></w:del><w:ins><w:r><w:t xml:space="preserve"> disisipkan</w:t></w:r></w:ins>`),
			docxtest.Styled("<w:i/>", " miring"), docxtest.Styled("<w:vanish/>", "rahasia"), docxtest.Styled("<w:strike/>", " coret"), docxtest.Styled(`<w:u w:val="single"/>`, " garis"),
			raw(`<w:r><w:footnoteReference w:id="2"/></w:r><w:hyperlink><w:r><w:t xml:space="preserve"> tautan</w:t></w:r></w:hyperlink>`), raw(box)),
		p(t("A. "), docxtest.OldPicture("lama.gif", []byte("GIF89a..."), "Gambar lama")),
		p(t("B. "), docxtest.Picture("vektor.emf", []byte("\x01\x00\x00\x00"), "Bagan")),
		p(t("C. "), docxtest.Linked("https://contoh.invalid/x.png"), t("jauh")),
		p(t("D. Tanda "), raw(`<w:r><w:sym w:font="Wingdings" w:char="F0E0"/></w:r><w:r><w:object><o:OLEObject ProgID="Equation.3"/></w:object></w:r>`)),
		line("Kunci: A"),
		docxtest.Raw(`<w:sdt><w:sdtContent><w:p><w:r><w:t>2. Dari kendali isi?</w:t></w:r></w:p></w:sdtContent></w:sdt>`),
		docxtest.Table(row("Bulan", "Suhu"), row("Mei", "30")),
		line("A. 30"), line("B. 31"), line("Kunci: A"),
		docxtest.Raw(`<w:altChunk r:id="rId9"/>`),
	)
}

// looseTables are tables that only arrange what paragraphs could say.
func looseTables() []byte {
	return docxtest.Build(
		docxtest.Table([]docxtest.Cell{c(line("1. Baca kutipan ini."), line("Mana buah?"))}),
		docxtest.Table(row("A. apel", "C. batu"), row("B. besi", "D. kaca")),
		docxtest.Table(row("2", "Mana logam?"), row("A.", "apel"), row("B.", "besi")),
		line("KUNCI JAWABAN"),
		docxtest.Table(row("No", "1", "2"), row("Jawaban", "A", "B")),
	)
}
