package officer

import (
	"fmt"
	"strings"

	"cakap/assessment"
	"cakap/internal/locale"
)

// groupText is the message for a WhatsApp group: when, where and how, and
// nothing that opens anything.
func groupText(e assessment.Event, sessions []assessment.Session) string {
	var b strings.Builder
	fmt.Fprintf(&b, "*%s*\n", e.Name)
	for _, s := range sessions {
		fmt.Fprintf(&b, "\n%s: %s", s.Name, locale.WindowIn(s.OpensAt, s.ClosesAt, e.Zone))
		if s.Place != "" {
			fmt.Fprintf(&b, ", %s", s.Place)
		}
	}
	fmt.Fprintf(&b, "\n\nLama pengerjaan %d menit, %d soal.", e.Spec.Minutes, e.Spec.Items())
	if e.Spec.Phones {
		b.WriteString(" Boleh memakai ponsel, tablet, atau laptop.")
	} else {
		b.WriteString(" Pakai laptop atau tablet; ponsel terlalu kecil untuk soalnya.")
	}
	b.WriteString("\n\nSebelum hari pelaksanaan:\n1. Siapkan kartu peserta: NIP dan kode mulai ada di sana.\n" +
		"2. Buka alamat Cakap instansi, lalu coba soal latihan.\n3. Isi baterai gawai dan siapkan paket data.\n\n" +
		"Datang atau masuk 15 menit sebelum sesi dimulai. Bila jaringan putus, jawaban tetap tersimpan di gawai; jangan tutup halamannya.\n" +
		"Kode mulai bersifat pribadi: jangan dikirim ke grup.")
	return b.String()
}

// personalText is the message for one person, with the code.
func personalText(e assessment.Event, card examCard) string {
	place := ""
	if card.Place != "" {
		place = ", " + card.Place
	}
	return fmt.Sprintf("Yth. %s\nAnda terdaftar pada %s.\n%s: %s%s\nKode mulai: %s\nBuka alamat Cakap instansi, pilih “Masuk dengan kode mulai”, lalu ketik NIP dan kode ini. Kode ini pribadi, jangan diteruskan.",
		card.Name, e.Name, card.Session, card.Window, place, card.Code)
}

// table is the cards as columns to paste into a spreadsheet. A leading
// apostrophe keeps the NIP a text there.
func table(cards []examCard) string {
	var b strings.Builder
	b.WriteString("Nama\tNIP\tUnit kerja\tInstansi\tSesi\tWaktu\tTempat\tKode mulai\n")
	cell := strings.NewReplacer("\t", " ", "\n", " ")
	for _, k := range cards {
		row := []string{k.Name, "'" + strings.ReplaceAll(k.Number, " ", ""), k.Unit, k.Agency, k.Session, k.Window, k.Place, k.Code}
		for i, v := range row {
			if i > 0 {
				b.WriteByte('\t')
			}
			b.WriteString(cell.Replace(v))
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// message is a person's text with the id of its place in the page.
type cardText struct {
	ID, Name, Text string
}

// mostCardTexts is how many personal texts have a button of their own; of more
// people they stand in one text.
const mostCardTexts = 60

func cardTexts(e assessment.Event, cards []examCard) (each []cardText, all string) {
	var texts []string
	for i, k := range cards {
		text := personalText(e, k)
		texts = append(texts, text)
		if len(cards) <= mostCardTexts {
			each = append(each, cardText{fmt.Sprintf("pesan-%s", locale.Int(i+1)), k.Name, text})
		}
	}
	if len(cards) > mostCardTexts {
		all = strings.Join(texts, "\n\n----------\n\n")
	}
	return each, all
}
