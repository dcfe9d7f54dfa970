package integrity

import (
	"strings"
	"testing"
	"time"

	"cakap/assessment"
	"cakap/internal/locale"
	"cakap/internal/web/kit/kittest"
)

func TestViews(t *testing.T) { kittest.CheckViews(t, Views()) }

func TestOdds(t *testing.T) {
	for p, want := range map[float64]string{
		0.00099: "1 banding 1.000", 4.1e-5: "1 banding 20.000", 1e-6: "1 banding 1.000.000", 0: "kurang dari 1 banding 1 miliar", 1e-12: "kurang dari 1 banding 1 miliar",
	} {
		if got := odds(p); got != want {
			t.Errorf("%g: %q, want %q", p, got, want)
		}
	}
}

func TestTexts(t *testing.T) {
	s := exampleSuspects()
	zone := locale.Zone("WITA")
	for _, tt := range []struct{ got, want string }{
		{fastText(s.Fast[0]), "21 dari 38 jawaban yang dapat diukur lebih cepat daripada membaca; setengahnya dalam 1,4 detik atau kurang."},
		{alikeText(s.Alike[0]), "13 jawaban salah yang sama dari 14 soal yang keduanya jawab salah; secara kebetulan kira-kira 5,6. Peluang kebetulan setelah semua pasangan diperhitungkan: 1 banding 20.000."},
		{deviceText(s.Devices[0], zone), "HP Android, Chrome, sejak 24 November 2026 10.00 WITA: pengerjaan 2 orang bersamaan selama 12 menit."},
		{deviceText(s.Devices[1], zone), "Gawai tanpa keterangan, sejak 24 November 2026 10.00 WITA: dipakai 2 orang bergantian."},
		{burstText(s.Bursts[0], zone), "9 jawaban diubah pukul 10.00.00–10.01.20, dalam lima menit terakhir sebelum dikirim."},
		{headline(nil), "Tidak ada yang menonjol"},
		{headline([]group{{Rows: make([]row, 2), More: 3}}), "5 hal perlu diperiksa"},
	} {
		if tt.got != tt.want {
			t.Errorf("got  %s\nwant %s", tt.got, tt.want)
		}
	}
}

// A page shows the strongest hundred of a kind and says how many it left out.
func TestLongListsAreCut(t *testing.T) {
	s := assessment.Suspects{}
	for range most + 7 {
		s.Fast = append(s.Fast, exampleSuspects().Fast[0])
	}
	crowd := exampleSuspects().Devices[0]
	for len(crowd.People) < mostNames+2 {
		crowd.People = append(crowd.People, crowd.People[0])
	}
	s.Devices = []assessment.DeviceSuspect{crowd}
	got := groupsOf(s, time.UTC, func(one assessment.Suspect) person { return person{Name: one.Who.Name} })
	if len(got[0].Rows) != most || got[0].More != 7 || len(got[1].Rows) != 0 {
		t.Errorf("%d rows, %d more", len(got[0].Rows), got[0].More)
	}
	if one := got[2].Rows[0]; len(one.People) != mostNames || one.Others != 2 {
		t.Errorf("%d people named, %d others", len(one.People), one.Others)
	}
	for _, g := range got {
		if strings.Contains(g.Why, "curang") || strings.Contains(g.What, "curang") {
			t.Errorf("%s accuses", g.ID)
		}
	}
}
