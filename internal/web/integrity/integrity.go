// Package integrity is the page of what stands out after an assessment. It
// shows counts and what they may mean, never an answer, and nothing on it acts:
// a person looks, asks and decides.
package integrity

import (
	"embed"
	"fmt"
	"math"
	"net/http"
	"slices"
	"time"

	"cakap/assessment"
	"cakap/internal/access"
	"cakap/internal/fault"
	"cakap/internal/locale"
	"cakap/internal/web/kit"
	"cakap/internal/web/officer"
)

//go:embed *.html
var files embed.FS

// Deps are the services behind this page.
type Deps struct {
	Keys       *access.Keys
	Assessment *assessment.Service
}

// The kinds of the sealed ids in these addresses.
const (
	kindEvent     = "event"
	kindSession   = "session"
	kindEnrolment = "enrolment"
)

// Routes is the door.
func Routes(d Deps) []kit.Route {
	return []kit.Route{{Method: http.MethodGet, Path: "/kegiatan/:id/periksa", Action: access.IntegrityRead, Handle: d.page, Slow: true}}
}

// most is how many lines of a kind one page shows; the strongest come first.
const most = 100

// mostNames is how many people one line names.
const mostNames = 8

type choice struct {
	Value, Text string
	On          bool
}

// page lists what somebody should look at.
type page struct {
	kit.Base
	officer.EventHead
	Headline string
	Attempts int
	Pairs    int
	TooMany  bool
	Sessions []choice
	Groups   []group
}

// group is one kind of observation, with what it means in plain words.
type group struct {
	ID    string
	Title string
	What  string // how it is found
	Why   string // what may be behind it, the honest causes first
	Rows  []row
	More  int // left out
}

// row is one observation.
type row struct {
	People []person
	Others int // left out
	Text   string
}

type person struct {
	Path, Name, Where string
}

func (d Deps) page(c *kit.Ctx) (kit.Response, error) {
	id, err := c.ID(kindEvent, "id")
	if err != nil {
		return nil, err
	}
	session := int64(0)
	if v := c.Query("sesi"); v != "" {
		if session, err = d.Keys.Open(kindSession, v); err != nil {
			return nil, err
		}
	}
	found, err := d.Assessment.Suspects(c.Context(), assessment.Actor{Account: c.Actor(), Scope: c.Scope()}, id, session)
	if err != nil {
		return nil, err
	}
	if session != 0 && !slices.ContainsFunc(found.Sessions, func(s assessment.Session) bool { return s.ID == session }) {
		return nil, fault.New(fault.NotFound, "assessment.no_session")
	}
	out := &page{
		Base: c.Base("Perlu diperiksa").In(kit.SectionEvents), EventHead: officer.Head(c, found.Event, "/periksa"),
		Attempts: found.Attempts, Pairs: found.Pairs, TooMany: found.TooMany,
	}
	for _, s := range found.Sessions {
		out.Sessions = append(out.Sessions, choice{c.Seal(kindSession, s.ID), s.Name, s.ID == session})
	}
	link := func(s assessment.Suspect) person {
		where := s.Who.UnitPath
		if len(found.Sessions) > 1 {
			where = join(where, s.Session)
		}
		return person{"/kegiatan/" + c.Seal(kindEvent, id) + "/peserta/" + c.Seal(kindEnrolment, s.Who.ID), s.Who.Name, where}
	}
	out.Groups = groupsOf(found, locale.Zone(found.Event.Zone), link)
	out.Headline = headline(out.Groups)
	return kit.HTML("integrity/periksa", out), nil
}

func join(a, b string) string {
	if a == "" {
		return b
	}
	return a + " · " + b
}

func headline(all []group) string {
	n := 0
	for _, g := range all {
		n += len(g.Rows) + g.More
	}
	if n == 0 {
		return "Tidak ada yang menonjol"
	}
	return locale.Int(n) + " hal perlu diperiksa"
}

func groupsOf(s assessment.Suspects, zone *time.Location, link func(assessment.Suspect) person) []group {
	fast, alike, devices, bursts := fastGroup(), alikeGroup(), deviceGroup(), burstGroup()
	for _, f := range s.Fast {
		fast.add(fastText(f), link(f.Suspect))
	}
	for _, p := range s.Alike {
		alike.add(alikeText(p), link(p.A), link(p.B))
	}
	for _, v := range s.Devices {
		var who []person
		for _, one := range v.People {
			who = append(who, link(one))
		}
		devices.add(deviceText(v, zone), who...)
	}
	for _, b := range s.Bursts {
		bursts.add(burstText(b, zone), link(b.Suspect))
	}
	return []group{fast, alike, devices, bursts}
}

func (g *group) add(text string, who ...person) {
	if len(g.Rows) == most {
		g.More++
		return
	}
	shown := who[:min(len(who), mostNames)]
	g.Rows = append(g.Rows, row{shown, len(who) - len(shown), text})
}

func fastGroup() group {
	return group{
		ID: "cepat", Title: "Menjawab lebih cepat daripada membaca",
		What: "Sedikitnya lima jawaban pertama, dan seperempat dari yang dapat diukur, diberikan sebelum soalnya dapat dibaca: 3 detik untuk soal pendek, 5 detik untuk soal sedang, 10 detik untuk soal panjang. Jawaban yang terkirim bersama setelah jaringan putus tidak dihitung.",
		Why:  "Mungkin peserta membaca semua soal dahulu lalu mengisi, menebak agar cepat selesai, atau menyalin dari catatan.",
	}
}

func fastText(f assessment.FastSuspect) string {
	return fmt.Sprintf("%d dari %d jawaban yang dapat diukur lebih cepat daripada membaca; setengahnya dalam %s detik atau kurang.", f.Fast, f.Measured, locale.Number(f.Median.Seconds(), 1))
}

func alikeGroup() group {
	return group{
		ID: "mirip", Title: "Jawaban salah yang sama",
		What: "Setiap dua peserta dalam satu sesi dibandingkan pada soal yang keduanya jawab salah. Peluang jawaban salah yang sama dihitung dari seberapa sering jawaban itu dipilih orang lain, lalu dikalikan banyaknya pasangan. Yang tampil kurang dari 1 banding 1.000.",
		Why:  "Mungkin keduanya belajar dari bahan yang sama keliru, atau saling melihat jawaban. Periksa denah tempat duduk.",
	}
}

func alikeText(p assessment.PairSuspect) string {
	return fmt.Sprintf("%d jawaban salah yang sama dari %d soal yang keduanya jawab salah; secara kebetulan kira-kira %s. Peluang kebetulan setelah semua pasangan diperhitungkan: %s.",
		p.Same, p.Shared, locale.Number(p.Expected, 1), odds(p.Corrected))
}

// odds says a small chance as people read it: "1 banding 20.000", rounded down
// to one figure so that it promises no exactness.
func odds(p float64) string {
	if p <= 1e-9 {
		return "kurang dari 1 banding 1 miliar"
	}
	x := 1 / p
	unit := math.Pow(10, math.Floor(math.Log10(x)))
	return "1 banding " + locale.Number(math.Floor(x/unit)*unit, 0)
}

func deviceGroup() group {
	return group{
		ID: "gawai", Title: "Satu gawai untuk beberapa orang",
		What: "Peramban yang sama memegang pengerjaan beberapa orang dalam satu sesi. Komputer yang dipakai lagi pada sesi berikutnya tidak dihitung.",
		Why:  "Mungkin gawai dipinjamkan setelah pemiliknya selesai, gawai seseorang rusak, atau satu orang mengerjakan untuk orang lain.",
	}
}

func deviceText(v assessment.DeviceSuspect, zone *time.Location) string {
	kind := v.Kind
	if kind == "" {
		kind = "Gawai tanpa keterangan"
	}
	text := fmt.Sprintf("%s, sejak %s: ", kind, locale.DateTime(v.Since.In(zone)))
	if v.Together > 0 {
		return text + fmt.Sprintf("pengerjaan %d orang bersamaan selama %s menit.", len(v.People), locale.Number(math.Ceil(v.Together.Minutes()), 0))
	}
	return text + fmt.Sprintf("dipakai %d orang bergantian.", len(v.People))
}

func burstGroup() group {
	return group{
		ID: "ubah", Title: "Banyak jawaban diubah dalam waktu singkat",
		What: "Sedikitnya enam soal berganti jawaban dalam dua menit. Perubahan yang terkirim bersama setelah jaringan putus tidak dihitung.",
		Why:  "Mungkin peserta memeriksa ulang pekerjaannya, mengisi setelah bertanya, atau menerima jawaban dari luar.",
	}
}

func burstText(b assessment.BurstSuspect, zone *time.Location) string {
	text := fmt.Sprintf("%d jawaban diubah pukul %s–%s", b.Changed, b.From.In(zone).Format("15.04.05"), b.To.In(zone).Format("15.04.05"))
	if b.Last {
		text += ", dalam lima menit terakhir sebelum dikirim"
	}
	return text + "."
}
