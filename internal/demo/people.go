package demo

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"
)

// The names are common Javanese and Indonesian ones, put together at random.
var (
	women     = []string{"Siti Aminah", "Sri Wahyuni", "Dewi Anggraeni", "Endang Sulastri", "Ratna Puspitasari", "Nur Hidayah", "Yuliana Safitri", "Indah Permatasari", "Wulan Ramadhani", "Tri Astuti", "Eka Fitriyani", "Retno Utami"}
	men       = []string{"Agus Setiawan", "Budi Prasetyo", "Eko Nugroho", "Joko Susilo", "Andi Kurniawan", "Bayu Pamungkas", "Dedi Haryanto", "Fajar Hidayat", "Teguh Santoso", "Rudi Hartanto", "Yoga Pratama", "Imam Syafii"}
	surnames  = []string{"", "Wibowo", "Saputra", "Lestari", "Rahayu", "Hidayat", "Kusuma", "Wijaya", "Purnomo", "Maharani", "Suryadi", "Handayani"}
	degrees   = []string{"", "S.Sos.", "S.E.", "S.Pd.", "S.Kom.", "S.H.", "S.T.", "A.Md.", "M.Si."}
	positions = []struct{ name, kind string }{
		{"Arsiparis Ahli Pertama", "Fungsional"}, {"Pranata Komputer Terampil", "Fungsional"}, {"Guru Ahli Pertama", "Fungsional"},
		{"Perawat Terampil", "Fungsional"}, {"Pengadministrasi Perkantoran", "Pelaksana"}, {"Penata Layanan Operasional", "Pelaksana"},
		{"Pengelola Kepegawaian", "Pelaksana"}, {"Kepala Subbagian Umum", "Struktural"}, {"Analis Kebijakan Ahli Muda", "Fungsional"},
	}
	units = []string{
		"Dinas Pendidikan / Bidang Pembinaan SMP", "Dinas Pendidikan / Sekretariat", "Dinas Kesehatan / Puskesmas I",
		"Dinas Kesehatan / Bidang Pelayanan Kesehatan", "Dinas Arsip dan Perpustakaan / Bidang Arsip", "Dinas Komunikasi dan Informatika / Bidang Layanan Digital",
		"Badan Kepegawaian dan Pengembangan SDM / Bidang Mutasi", "Kecamatan Sukamaju / Seksi Pelayanan",
	}
	grades = []string{"II/c", "II/d", "III/a", "III/b", "III/c", "III/d", "IV/a"}
)

// Roster is a roster of n invented people as a BKD would send it: a CSV with the usual headers.
func Roster(agency, n int, now time.Time) *strings.Reader {
	random := rand.New(rand.NewPCG(2026, uint64(agency)))
	var b strings.Builder
	b.WriteString("NO;NIP;NAMA;GELAR BELAKANG;JENIS KELAMIN;STATUS;GOL;JABATAN;JENIS JABATAN;OPD;UNIT KERJA\n")
	for i := range n {
		p := invent(random, agency, i, now)
		opd, unit, _ := strings.Cut(units[random.IntN(len(units))], " / ")
		fmt.Fprintf(&b, "%d;%s;%s;%s;%s;%s;%s;%s;%s;%s;%s\n", i+1, p.nip, p.name, p.degree, p.sex, p.status, p.grade, p.position, p.kind, opd, unit)
	}
	return strings.NewReader(b.String())
}

type invented struct{ nip, name, degree, sex, status, grade, position, kind string }

func invent(random *rand.Rand, agency, i int, now time.Time) invented {
	var p invented
	first, digit := women, 2
	p.sex = "F"
	if random.IntN(2) == 0 {
		first, digit, p.sex = men, 1, "M"
	}
	p.name = strings.TrimSpace(first[random.IntN(len(first))] + " " + surnames[random.IntN(len(surnames))])
	p.degree = degrees[random.IntN(len(degrees))]
	job := positions[random.IntN(len(positions))]
	p.position, p.kind = job.name, job.kind
	birth := time.Date(now.Year()-25-random.IntN(30), time.Month(1+random.IntN(12)), 1+random.IntN(28), 0, 0, 0, 0, time.UTC)
	started := min(birth.Year()+22+random.IntN(8), now.Year()-1)
	// The serial keeps numbers apart whatever the dates: agency and row.
	serial := (agency*perAgency+i)%998 + 1
	if random.IntN(4) == 0 {
		p.status, p.grade = "PPPK", []string{"V", "VII", "IX"}[random.IntN(3)]
		p.nip = fmt.Sprintf("%s%04d21%d%03d", birth.Format("20060102"), max(started, 2021), digit, serial)
		return p
	}
	p.status, p.grade = "PNS", grades[random.IntN(len(grades))]
	p.nip = fmt.Sprintf("%s%04d%02d%d%03d", birth.Format("20060102"), started, 1+random.IntN(12), digit, serial)
	return p
}
