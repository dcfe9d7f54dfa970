package xlsx

import (
	"maps"

	"cakap/questionbank"
)

// guideLines tell how to fill the sheet in.
var guideLines = []string{
	"1. Isi lembar Soal mulai baris 4, satu soal per baris. Kolom biru tua wajib, biru muda boleh kosong. Lembar Contoh memuat satu contoh tiap tipe.",
	"2. Jangan mengubah baris 1 sampai 3. Urutan kolom boleh tetap begitu saja; judul kolom dipakai untuk mengenalinya.",
	"3. kode_butir dikosongkan untuk soal baru. Bila diisi kode yang sudah ada dan isinya berbeda, tersimpan versi baru dari soal itu sebagai draf.",
	"4. Pilih aspek lebih dahulu; daftar indikator mengikuti aspek. Level: L1 mengetahui, L2 menerapkan, L3 menalar.",
	"5. Tipe PG (pilihan ganda): kunci satu huruf, misalnya C.",
	"6. Tipe PGK (pilihan ganda kompleks): kunci beberapa huruf dipisah koma, misalnya A,C. Akhiri pokok soal dengan (Pilih semua yang tepat.)",
	"7. Tipe BS (benar/salah): kunci ditulis BENAR atau SALAH. opsi_a dan opsi_b boleh kosong; bila diisi, harus Benar dan Salah.",
	"8. Tipe SJT (penilaian situasi): setiap opsi diberi bobot pada bobot_opsi, misalnya A=1;B=4;C=2;D=3. Kunci boleh kosong atau huruf opsi terbaik.",
	"9. Tulis pembahasan, dan pada alasan_a sampai alasan_f mengapa opsi itu tepat atau kekeliruan apa yang membuat orang memilihnya.",
	"10. Teks **di antara dua bintang ganda** pada stimulus, pokok soal, dan pembahasan tampil tebal. Opsi ditampilkan apa adanya.",
	"11. kedaluwarsa ditulis 2028-12-31 atau 31-12-2028: tanggal soal perlu diperiksa lagi. acak_opsi diisi Tidak bila urutan opsi harus tetap.",
	"12. Kolom PERIKSA harus kosong sebelum diunggah. Isinya menyebut apa yang kurang. Server memeriksa lagi semuanya dan menyebut sel yang perlu diperbaiki.",
	"13. Tipe JODOH (menjodohkan): lajur kiri di opsi_a, opsi_b, …; lajur kanan di pasangan, satu baris (Alt+Enter) satu isi, boleh lebih banyak sebagai pengecoh. Kunci A-2, B-1. Kunci kosong berarti baris pertama pasangan milik opsi_a, dan seterusnya.",
	"14. Tipe TABEL (pernyataan): pernyataan di opsi_a, opsi_b, …; judul kolom di pasangan (kosong berarti Benar dan Salah). Kunci A-1, B-2, atau cukup B, S, B. Bila satu baris punya dua kunci: A-1, A-3.",
	"15. Tipe URUT (mengurutkan): langkah di opsi_a, opsi_b, …; kunci urutan yang benar, misalnya C, A, B. Kunci kosong berarti sudah urut.",
	"16. Tipe ISIAN: kunci berisi jawaban yang diterima, dipisah titik koma. Bintang menggantikan teks apa pun. Nilai sebagian ditulis di belakang: sistem informasi* (50%).",
	"17. Tipe ANGKA: kunci berisi angka (8), dengan toleransi (3,5±0,1 atau 100±5%), atau rentang (7..9). Beberapa jawaban dipisah titik koma.",
	"18. Tipe RUMPANG: tulis [[1]], [[2]] di pokok soal. Kunci satu baris tiap rumpang: 1: jawaban. Untuk daftar pilihan, isi opsi_a (rumpang 1), opsi_b (rumpang 2), … dengan pilihan dipisah garis tegak, dan kuncinya huruf pilihan: 2: B.",
	"19. Tipe TITIK (daerah gambar): nama gambar di gambar; daerah di opsi_a, opsi_b, … seperti Tombol tutup [rect 0 0 20 20] (kiri atas kanan bawah), [circle 90 10 8] (x y jari-jari). Kunci huruf daerah yang benar.",
	"20. Tipe URAIAN dinilai orang: tanpa kunci. Kriteria penilaian boleh ditulis di opsi_a, opsi_b, … dengan poin di bobot_opsi (A=4;B=6) dan panduannya di alasan_a, …. Tipe ANGKET tanpa kunci dan tidak dinilai. Tipe INFO hanya bacaan.",
	"21. Gambar: tulis nama berkasnya di gambar (satu nama per baris) dan uraiannya di teks_alt, lalu unggah .zip yang berisi lembar ini dan berkas gambarnya. Letaknya dalam teks: ![uraian](media:nama.png); tanpa itu gambar tampil di bawah pokok soal.",
	"22. Kolom data tersembunyi, hanya terisi pada soal yang tidak dapat ditulis utuh di kolom lain. Jangan diubah. Bila baris itu diubah, yang berlaku adalah isi yang terlihat.",
}

// exampleRows is a row of each type without its code, so that a copied row
// becomes a new item: the common types from the shipped bank, the others ours.
func exampleRows() ([]texts, error) {
	bank, err := questionbank.ShippedBank()
	if err != nil {
		return nil, err
	}
	about := questionbank.Content{Indicator: "A1.4"}
	ind, _ := questionbank.StandardFramework().Indicator(about.Indicator)
	var found []texts
	for _, t := range questionbank.Types {
		if own, ok := handMade[t]; ok {
			row := maps.Clone(own)
			row[fAspect], row[fIndicator] = aspectName(about), indicatorName(ind)
			found = append(found, row)
			continue
		}
		for _, item := range bank {
			if item.Content.Type == t {
				found = append(found, visible(item.Content))
				break
			}
		}
	}
	return found, nil
}

// handMade are the examples of the types that the shipped bank has none of.
var handMade = map[questionbank.Type]texts{
	questionbank.Match: {fType: "JODOH", fLevel: "L1", fStem: "Jodohkan setiap aplikasi dengan kegunaannya.",
		"option_a": "Lembar sebar", "option_b": "Peramban", fTargets: "Menjelajah laman\nMengolah angka\nMenyunting foto", fCorrect: "A-2, B-1",
		fRationale: "Lembar sebar mengolah angka dalam baris dan kolom; peramban menampilkan laman."},
	questionbank.Matrix: {fType: "TABEL", fLevel: "L2", fStem: "Tandai setiap pernyataan tentang kata sandi.",
		"option_a": "Satu sandi untuk semua akun memudahkan dan aman.", "option_b": "Sandi panjang lebih sukar ditebak.", fTargets: "Benar\nSalah", fCorrect: "A-2, B-1",
		fRationale: "Sandi yang bocor di satu tempat membuka semua akun yang memakainya."},
	questionbank.Order: {fType: "URUT", fLevel: "L1", fStem: "Urutkan langkah menyimpan berkas baru.",
		"option_a": "Beri nama", "option_b": "Buka menu Berkas", "option_c": "Tekan Simpan", fCorrect: "B,A,C", fRationale: "Menu dibuka dahulu, lalu nama diberikan, lalu disimpan."},
	questionbank.Short: {fType: "ISIAN", fLevel: "L1", fStem: "Alamat sebuah laman disingkat …", fCorrect: "URL; alamat web* (50%)",
		"reason_a": "Uniform Resource Locator.", fRationale: "URL adalah alamat lengkap sebuah sumber di web."},
	questionbank.Numeric: {fType: "ANGKA", fLevel: "L1", fStem: "Berapa bit dalam satu bita?", fCorrect: "8", fRationale: "Satu bita terdiri atas delapan bit."},
	questionbank.Cloze: {fType: "RUMPANG", fLevel: "L2", fStem: "Laman yang aman memakai [[1]], dan kepanjangan PDF berakhir dengan kata [[2]].",
		"option_a": "HTTP | HTTPS | FTP", fCorrect: "1: B\n2: Format", fRationale: "HTTPS menyandikan lalu lintas; PDF adalah Portable Document Format."},
	questionbank.Hotspot: {fType: "TITIK", fLevel: "L1", fStem: "Tunjuk tombol untuk menutup jendela.", fMedia: "jendela.png", fAlt: "Jendela aplikasi dengan dua tombol",
		"option_a": "Tombol kecilkan [rect 0 0 20 20]", "option_b": "Tombol tutup [circle 90 10 8]", fCorrect: "B", fRationale: "Tombol tutup ada di kanan atas."},
	questionbank.Essay: {fType: "URAIAN", fLevel: "L3", fStem: "Jelaskan cara mengenali surel palsu.", "option_a": "Ciri alamat pengirim", "option_b": "Ciri isi pesan", fPoints: "A=4;B=6",
		"reason_a": "4 bila menyebut domain dan alamat balasan.", fRationale: "Jawaban yang baik menyebut alamat pengirim, tautan, dan desakan."},
	questionbank.Survey: {fType: "ANGKET", fLevel: "L1", fStem: "Seberapa sering Anda memakai lembar sebar?", "option_a": "Tidak pernah", "option_b": "Kadang", "option_c": "Sering"},
	questionbank.Info:   {fType: "INFO", fLevel: "L1", fStem: "Bacalah petunjuk berikut sebelum mengerjakan soal nomor 5 sampai 8."},
}
