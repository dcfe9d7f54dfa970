package admin

import (
	"errors"
	"fmt"
	"runtime"
	"time"

	"cakap/assessment"
	"cakap/internal/access"
	"cakap/internal/fault"
	"cakap/internal/locale"
	"cakap/internal/storage"
	"cakap/internal/web/kit"
)

// systemPage is the state of the system, with what is left to set up.
type systemPage struct {
	kit.Base
	Headline string
	Facts    []fact
	Nums     []number
	Steps    []stepDone
	Left     int // steps not done
	Chain    chain
	Backup   string
	Clock    *clockNote // why attempts do not end by themselves, nil where they do
}

// clockNote is what is doubtful about the machine's clock.
type clockNote struct{ Title, Text string }

// fact is a name with a value.
type fact struct{ Name, Value string }

// number is a figure with what it counts.
type number struct {
	Name string
	N    int
	Note string
}

// stepDone is an entry of the set-up list.
type stepDone struct {
	Title, Text, URL string
	Action           string // what its page needs
	Done             bool
}

// chain is what is known of the audit trail's wholeness.
type chain struct {
	Entries int
	Checked bool
	Broken  bool
	Text    string
}

// checkAtOnce is the length up to which the page verifies the trail by itself;
// a longer one is verified when asked.
const checkAtOnce = 5000

func (d Deps) system(c *kit.Ctx) (kit.Response, error) {
	page, err := d.systemPage(c, false)
	if err != nil {
		return nil, err
	}
	return kit.HTML("admin/sistem", page), nil
}

// verify walks the whole audit trail. It changes nothing, so its answer is the
// page and no redirect: a broken chain must not be a message that passes by.
func (d Deps) verify(c *kit.Ctx) (kit.Response, error) {
	page, err := d.systemPage(c, true)
	if err != nil {
		return nil, err
	}
	return kit.HTML("admin/sistem", page), nil
}

func (d Deps) systemPage(c *kit.Ctx, verify bool) (*systemPage, error) {
	ctx := c.Context()
	f, err := count(ctx, d.DB, c.Now().UnixMilli())
	if err != nil {
		return nil, err
	}
	version, err := d.DB.Version(ctx)
	if err != nil {
		return nil, err
	}
	page := &systemPage{Base: c.Base("Keadaan sistem").In(kit.SectionSystem), Nums: numbers(f), Steps: steps(f), Backup: backupHint(d.DB.Engine())}
	page.Facts = []fact{
		{"Versi Cakap", page.Version}, {"Basis data", version}, {"Go", runtime.Version()},
		{"Menyala selama", lasted(c.Now().Sub(d.Started))}, {"Waktu server", locale.DateTime(c.Now().In(locale.Zone("")))},
	}
	for _, s := range page.Steps {
		if !s.Done {
			page.Left++
		}
	}
	page.Chain = chain{Entries: f.Trail}
	if verify || f.Trail <= checkAtOnce {
		n, err := access.VerifyChain(ctx, d.DB)
		if page.Chain, err = chained(n, err); err != nil {
			return nil, err
		}
	}
	page.Clock = d.doubt()
	page.Headline = headline(page.Chain, f, page.Left)
	return page, nil
}

// doubt is why attempts do not end by themselves, nil where they do.
func (d Deps) doubt() *clockNote {
	if d.Clock == nil {
		return nil
	}
	switch why, by := d.Clock.Doubt(); why {
	case assessment.DoubtJump:
		return &clockNote{"Jam mesin ini melompat " + lasted(by), "Batas waktu peserta tidak berubah, tetapi asesmen tidak ditutup otomatis sampai seseorang memastikan jamnya. Bandingkan “Waktu server” di bawah dan jam mesin dengan jam resmi; perbaiki jam mesin bila keliru, lalu kukuhkan."}
	case assessment.DoubtPeer:
		return &clockNote{"Jam mesin ini " + lasted(by) + " lebih cepat daripada server lain", "Server ini tidak menutup asesmen otomatis; server lain tetap melakukannya. Bandingkan jam semua mesin dengan jam resmi, perbaiki yang keliru, lalu kukuhkan."}
	case assessment.DoubtStop:
		return &clockNote{"Server sempat mati selagi asesmen berjalan", "Pengerjaan yang waktunya habis selama server mati baru ditutup otomatis dalam " + lasted(by+time.Minute) + ". Periksa apakah “Waktu server” benar dan ganti waktu peserta yang hilang; kukuhkan jam bila tidak perlu menunggu."}
	case assessment.NoDoubt:
	}
	return nil
}

// confirmClock takes over the machine's clock after a person looked at it, so
// that attempts end by themselves again. Deadlines stay where they are. From
// now on this is also the time that servers start from.
func (d Deps) confirmClock(c *kit.Ctx) (kit.Response, error) {
	if d.Clock == nil || c.Form("benar") == "" {
		return nil, fault.New(fault.Invalid, "admin.clock_unseen")
	}
	entry := access.Entry{
		At: c.Now(), Actor: c.Actor(), Action: "clock.confirm", ObjectKind: "system", Detail: map[string]int64{"drift_ms": d.Clock.Drift().Milliseconds()},
	}
	err := d.DB.Tx(c.Context(), func(db storage.Querier) error {
		if err := assessment.SetClockMark(c.Context(), db, c.Now().Add(d.Clock.Drift())); err != nil {
			return err
		}
		return access.Record(c.Context(), db, entry)
	})
	if err != nil {
		return nil, err
	}
	d.Clock.Confirm()
	c.Flash("Jam server dikukuhkan. Asesmen kembali ditutup otomatis pada batas waktunya.")
	return kit.Redirect("/admin/sistem"), nil
}

// chained puts the result of a walk along the trail into words.
func chained(entries int64, err error) (chain, error) {
	switch {
	case errors.Is(err, access.ErrChain):
		return chain{Entries: int(entries), Checked: true, Broken: true, Text: fmt.Sprintf("Jejak audit rusak setelah catatan ke-%s. Seseorang mengubah basis data di luar Cakap. Simpan salinan basis data sekarang, lalu bandingkan dengan cadangan terakhir.", locale.Int(int(entries)))}, nil
	case err != nil:
		return chain{}, err
	default:
		return chain{Entries: int(entries), Checked: true, Text: fmt.Sprintf("Jejak audit utuh: %s catatan, masing-masing cocok dengan catatan sebelumnya.", locale.Int(int(entries)))}, nil
	}
}

func headline(c chain, f figures, left int) string {
	switch {
	case c.Broken:
		return "Jejak audit rusak"
	case left > 0:
		return fmt.Sprintf("Sistem berjalan, %d langkah penyiapan lagi", left)
	case f.Running > 0:
		return fmt.Sprintf("Sistem berjalan, %s orang sedang mengerjakan asesmen", locale.Int(f.Running))
	default:
		return "Sistem berjalan"
	}
}

func numbers(f figures) []number {
	return []number{
		{"Instansi aktif", f.Agencies, ""}, {"Pegawai aktif", f.People, ""}, {"Akun petugas", f.Staff, ""}, {"Soal siap pakai", f.Items, ""},
		{"Kegiatan", f.Events, fmt.Sprintf("%d sedang dibuka", f.Open)}, {"Pengerjaan", f.Attempts, fmt.Sprintf("%s sedang berjalan", locale.Int(f.Running))},
		{"Sesi masuk", f.Sessions, "belum berakhir"},
	}
}

// steps is the way from an empty installation to the first assessment.
func steps(f figures) []stepDone {
	return []stepDone{
		{"Tambah instansi", "Setidaknya satu instansi tempat pegawai bekerja.", "/admin/instansi", string(access.AgencyManage), f.Agencies > 0},
		{"Buat akun petugas", "Admin kepegawaian, penulis soal, dan penelaah: orang yang berbeda.", "/admin/akun", string(access.AccountManage), f.Staff > 1},
		{"Impor pegawai", "Dari berkas SIASN atau templat; unit kerja ikut terbentuk.", "/pegawai/impor", string(access.RosterImport), f.People > 0},
		{"Isi bank soal", "Soal bawaan sudah ada; penulis soal menambah dan penelaah menyetujui.", "/bank", string(access.BankRead), f.Items > 0},
		{"Buat kegiatan", "Admin kepegawaian menyusun kegiatan, sesi, dan peserta.", "/kegiatan", string(access.EventRead), f.Events > 0},
	}
}

func backupHint(engine string) string {
	if engine == "sqlite" {
		return "Jalankan cakap backup NAMA_BERKAS setiap hari, juga selagi asesmen berjalan, dan simpan salinannya di mesin lain."
	}
	return "Pakai pg_dump atau arsip WAL setiap hari, dan simpan salinannya di mesin lain. Berkas kunci server disimpan terpisah."
}

// lasted is a stretch of time in its two largest parts.
func lasted(d time.Duration) string {
	minutes := max(int(d.Minutes()), 0)
	days, hours := minutes/(24*60), minutes/60%24
	switch {
	case days > 0:
		return fmt.Sprintf("%d hari %d jam", days, hours)
	case hours > 0:
		return fmt.Sprintf("%d jam %d menit", hours, minutes%60)
	default:
		return fmt.Sprintf("%d menit", minutes)
	}
}
