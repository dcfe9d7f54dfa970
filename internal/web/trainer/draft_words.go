package trainer

import (
	"slices"
	"strings"

	"cakap/internal/web/kit"
	"cakap/questionbank"
	"cakap/scoring"
)

// What the editor's form says about itself, by type.

// StemHint tells what may stand in the stem.
func (dr draft) StemHint() string {
	hint := "Boleh **tebal**, *miring*, daftar, tabel, dan gambar. Sebaiknya paling banyak 60 kata."
	if dr.Type == questionbank.Cloze {
		hint = "Tulis [[1]], [[2]] di tempat rumpang. " + hint
	}
	return hint
}

// OptionsTitle names the list of options.
func (dr draft) OptionsTitle() string {
	switch dr.Type {
	case questionbank.Match, questionbank.Matrix:
		return "Baris"
	case questionbank.Order:
		return "Langkah"
	case questionbank.Hotspot:
		return "Daerah pada gambar"
	default:
		return "Pilihan jawaban"
	}
}

// OptionsHint tells how the key of the list is given.
func (dr draft) OptionsHint() string {
	switch dr.Type {
	case questionbank.Single:
		return "Tandai satu kunci. Baris kosong di akhir diabaikan."
	case questionbank.Multiple:
		if dr.Weighted() {
			return "Beri bobot positif pada yang benar dan negatif pada pengecoh: memilih semua tidak boleh menguntungkan."
		}
		return "Tandai semua kunci. Baris kosong di akhir diabaikan."
	case questionbank.TrueFalse:
		return "Tandai A (Benar) atau B (Salah); teksnya boleh dikosongkan."
	case questionbank.SJT:
		return "Isi bobot setiap pilihan, tanpa kunci. Bobot tertinggi bernilai penuh."
	case questionbank.Match:
		return "Tulis nomor pasangan yang benar pada setiap baris, misalnya 2. Baris tanpa nomor menjadi pengecoh."
	case questionbank.Matrix:
		return "Tulis nomor kolom yang benar pada setiap baris, misalnya 1 atau 1, 3."
	case questionbank.Order:
		return "Tulis urutan yang benar pada setiap langkah. Peserta selalu melihatnya teracak."
	case questionbank.Hotspot:
		return "Pilih gambarnya, lalu tulis daerahnya: rect x1,y1,x2,y2 atau circle x,y,r dalam piksel gambar. Pada layar lebar daerah dapat digambar dengan menyeret."
	case questionbank.Survey:
		return "Angket tidak dinilai, jadi tidak ada kunci."
	default:
		return ""
	}
}

// Weighted reports whether every option has its worth.
func (dr draft) Weighted() bool {
	return dr.Type == questionbank.SJT || dr.Type == questionbank.Multiple && dr.Base.Type == dr.Type && dr.Base.Choice().Rule == scoring.Mapped
}

// Keyed reports whether options are marked as right.
func (dr draft) Keyed() bool {
	return !dr.Weighted() && dr.Is("single", "multiple", "truefalse", "hotspot")
}

// Shuffles reports whether forms may put the list in another order.
func (dr draft) Shuffles() bool {
	return dr.Is("single", "multiple", "sjt", "survey", "match", "matrix")
}

// ruleName is how a sequence is judged, in words.
func ruleName(r scoring.Rule) string {
	return map[scoring.Rule]string{
		scoring.OrderAbsolute:      "Setiap langkah di tempatnya bernilai",
		scoring.OrderNext:          "Setiap langkah yang diikuti penerusnya bernilai",
		scoring.OrderPrevNext:      "Setiap tetangga yang benar, sebelum dan sesudah, bernilai",
		scoring.OrderLongestSubset: "Rangkaian terpanjang yang urut, boleh terselang",
		scoring.OrderLongestRun:    "Rangkaian terpanjang yang urut tanpa terselang",
		scoring.OrderExact:         "Hanya urutan yang seluruhnya benar",
	}[r]
}

// attach adds a stored file to the item; a name that is taken gets a number.
func (dr *draft) attach(m questionbank.Media) string {
	taken := func(name string) bool {
		return slices.ContainsFunc(dr.Media, func(o mediaDraft) bool { return o.Name == name })
	}
	stem, ext := m.Name, ""
	if dot := strings.LastIndexByte(m.Name, '.'); dot > 0 {
		stem, ext = m.Name[:dot], m.Name[dot:]
	}
	for n := 2; taken(m.Name); n++ {
		m.Name = stem + "-" + questionbank.TargetID(n-1) + ext
	}
	dr.Media = append(dr.Media, mediaDraft{Media: m, I: len(dr.Media)})
	if dr.Type == questionbank.Hotspot && dr.Image == "" {
		dr.Image = m.Name
	}
	return "Berkas " + m.Name + " terunggah. Tulis ![](media:" + m.Name + ") di teks yang memuatnya."
}

// Weight is the file's size in bytes.
func (m mediaDraft) Weight() int64 { return int64(m.Size) }

// Within lists what is wrong with the fields of a gap.
func (p *editPage) Within(no int) []string {
	var all []string
	for _, e := range p.Errors {
		if strings.HasPrefix(e.Field, "part_"+questionbank.TargetID(no-1)+".") {
			all = append(all, e.Text)
		}
	}
	return slices.Compact(all)
}

var _ kit.Page = (*editPage)(nil)
