package web_test

import (
	"archive/zip"
	"bytes"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"cakap/internal/access"
	"cakap/questionbank"
)

// secrets are what authors wrote about the keys of the shipped bank: no
// participant may ever read a word of it.
func secrets(t *testing.T) []string {
	t.Helper()
	items, err := questionbank.ShippedBank()
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	open := &strings.Builder{}
	for _, item := range items {
		open.WriteString(item.Content.Stimulus + "\n" + item.Content.Stem + "\n")
		all = append(all, item.Content.Rationale)
		for _, in := range item.Content.Interactions {
			for _, o := range in.Options {
				open.WriteString(o.Text + "\n")
				all = append(all, o.Reason)
			}
		}
	}
	var out []string
	for _, s := range all {
		if len(s) > 15 && !strings.Contains(open.String(), s) {
			out = append(out, s)
		}
	}
	if len(out) < 160 {
		t.Fatalf("only %d secrets: the search would find nothing", len(out))
	}
	return out
}

// Every byte that a participant gets, headers and assets with them, is searched.
func TestAttackAT12KeysInTheBytes(t *testing.T) {
	attack(t, "AT-12", nil, func(h *hall) {
		var heard []page
		hear := func(p page) page { heard = append(heard, p); return p }
		for _, target := range []string{"/beranda", "/latihan", h.ani.base, h.ani.base + "/tata-tertib", h.ani.base + "/tunggu"} {
			hear(h.ani.get(target))
		}
		h.ani.start()
		take := hear(h.ani.take())
		take.doc(h.t).Find("script[src], link[href], img[src]").Each(func(_ int, s *goquery.Selection) {
			target := s.AttrOr("src", s.AttrOr("href", ""))
			hear(h.ani.get(target))
			hear(h.ani.get(target + ".map"))
		})
		hear(h.ani.save(1, 1, "A").page)
		hear(h.ani.save(2, 2, "B").page)
		hear(h.ani.save(1, 3, "ABCDEF").page)
		hear(h.ani.outbox(`{"a":[]}`).page)
		hear(h.ani.post(h.ani.base+"/soal", "n", "3", "jawab", "A"))
		hear(h.ani.get(h.ani.base + "/tinjau"))
		hear(h.ani.submit(3))
		for _, target := range []string{h.ani.base + "/bukti/1", h.ani.base + "/hasil/1", "/beranda"} {
			hear(h.ani.get(target))
		}
		size, all := 0, secrets(h.t)
		for _, p := range heard {
			text := p.whole()
			size += len(text)
			for _, s := range all {
				if strings.Contains(text, s) {
					h.t.Errorf("an answer holds %q", s)
				}
			}
			if kind := p.Header.Get("Content-Type"); !strings.Contains(kind, "javascript") && !strings.Contains(kind, "css") { // they have words of their own
				for _, name := range keyNames.FindAllString(p.body, -1) {
					h.t.Errorf("an answer has a field %s", name)
				}
			}
		}
		if size < 50_000 {
			h.t.Errorf("only %d bytes searched", size)
		}
		// The answer to a right and to a wrong option is the same.
		if a, b := h.eka.start().save(1, 1, "A"), h.eka.save(1, 2, "B"); a.body != b.body || a.StatusCode != b.StatusCode {
			h.t.Errorf("two answers to one item are told apart: %q and %q", a.body, b.body)
		}
	})
}

// No door shows a result before its release.
func TestAttackAT13BeforeTheRelease(t *testing.T) {
	attack(t, "AT-13", nil, func(h *hall) {
		h.ani.start()
		h.ani.save(1, 1, "A")
		h.ani.submit(1)
		event := "/kegiatan/" + h.keys.Seal("event", h.event.ID)
		for _, target := range []string{h.ani.base + "/hasil/1", event, event + "/laporan", event + "/pantau", event + "/peserta", "/bank", "/api/hasil", "/admin/sistem"} {
			if got := h.ani.get(target); got.StatusCode == http.StatusOK || strings.Contains(got.body, `class="score`) {
				h.t.Errorf("%s: status %d", target, got.StatusCode)
			}
		}
		if got := h.ani.get(h.ani.base + "/soal"); got.StatusCode == http.StatusOK {
			h.t.Error("the questions of a submitted attempt are served")
		}
		for _, target := range []string{"/beranda", h.ani.base + "/bukti/1"} {
			if got := h.ani.get(target); got.StatusCode != http.StatusOK || strings.Contains(got.body, "/hasil/1") || strings.Contains(got.body, `class="score`) {
				h.t.Errorf("%s: status %d, and it leads to a result", target, got.StatusCode)
			}
		}
		h.must(h.exams.ReleaseResults(h.t.Context(), province, h.event.ID, false))
		if got := h.ani.get(h.ani.base + "/hasil/1"); got.StatusCode != http.StatusOK {
			h.t.Errorf("after the release: status %d", got.StatusCode)
		}
		if got := h.eka.get(h.ani.base + "/hasil/1"); got.StatusCode != http.StatusNotFound {
			h.t.Errorf("a colleague reads it: status %d", got.StatusCode)
		}
	})
}

// A score comes from the stored answers alone.
func TestAttackAT17ScoreInTheBody(t *testing.T) {
	attack(t, "AT-17", nil, func(h *hall) {
		h.ani.start()
		h.ani.save(1, 1, "A")
		for _, field := range []string{`"score":1000000`, `"theta":3.5`, `"points":40`, `"level":"L3"`} {
			h.ani.outbox(`{"a":[{"n":2,"s":2,"v":"A","d":false}],`+field+`}`).wants(h.t, field, http.StatusBadRequest, "error.malformed")
		}
		tab := h.ani.clone()
		tab.header.Set("Accept", "application/json")
		if got := tab.send("POST", h.ani.base+"/kirim", "application/json", strings.NewReader(`{"terakhir":1,"sadar":1,"score":1000000}`)); got.StatusCode/100 == 2 {
			h.t.Errorf("a submission as JSON: status %d", got.StatusCode)
		}
		if got := h.ani.submit(1, "score", "1000000", "theta", "3.5", "points", "40", "answered", "40"); got.StatusCode != http.StatusSeeOther {
			h.t.Errorf("a form with a score: status %d", got.StatusCode)
		}
		if got := h.answered(h.ani); got != 1 {
			h.t.Errorf("%d answers scored, want 1", got)
		}
		v, err := h.exams.Verify(h.t.Context())
		h.must(err)
		if v.Results != 1 || len(v.Problems) != 0 {
			h.t.Errorf("verify: %+v", v)
		}
	})
}

// A score can be computed again from what is stored, before and after release.
func TestAttackAT20ScoreAgain(t *testing.T) {
	attack(t, "AT-20", nil, func(h *hall) {
		for i, s := range []*seat{h.ani, h.eka} {
			s.start()
			for n := 1; n <= 10*(i+1); n++ {
				s.save(n, int64(n), "AB"[n%2:n%2+1]).wants(h.t, "save", http.StatusOK, "")
			}
			s.submit(0)
		}
		var before, after []string
		read := func(to *[]string) {
			h.must(h.db.Select(h.t.Context(), to, `SELECT payload FROM result WHERE current AND form_hash <> '' AND journal_hash <> '' AND key_hash <> '' ORDER BY enrolment_id`))
		}
		read(&before)
		for _, release := range []bool{false, true} {
			if release {
				h.must(h.exams.ReleaseResults(h.t.Context(), province, h.event.ID, false))
			}
			v, err := h.exams.Verify(h.t.Context())
			h.must(err)
			if v.Results != 2 || len(v.Problems) != 0 {
				h.t.Errorf("released %t: %+v", release, v)
			}
		}
		read(&after)
		if len(before) != 2 || strings.Join(before, "\n") != strings.Join(after, "\n") {
			h.t.Errorf("%d results before, %d after, or they differ", len(before), len(after))
		}
	})
}

// Whoever changes an answer in the database is found.
func TestAttackAT21AnswerChanged(t *testing.T) {
	attack(t, "AT-21", nil, func(h *hall) {
		h.ani.start()
		h.ani.save(1, 1, "A")
		h.ani.save(2, 2, "B")
		h.ani.submit(2)
		verify := func() string {
			h.t.Helper()
			v, err := h.exams.Verify(h.t.Context())
			h.must(err)
			var found []string
			for _, p := range v.Problems {
				found = append(found, p.String())
			}
			return strings.Join(found, "\n")
		}
		if got := verify(); got != "" {
			h.t.Fatalf("before: %s", got)
		}
		for _, change := range [][2]string{
			{`UPDATE answer SET value = 'C' WHERE position = 1`, `UPDATE answer SET value = 'A' WHERE position = 1`},
			{`UPDATE answer SET received_ms = received_ms - 1 WHERE position = 2`, `UPDATE answer SET received_ms = received_ms + 1 WHERE position = 2`},
			{`UPDATE answer SET late = TRUE WHERE position = 2`, `UPDATE answer SET late = FALSE WHERE position = 2`},
		} {
			for i, want := range []string{"the answers changed", ""} {
				if _, err := h.db.Exec(h.t.Context(), change[i]); err != nil {
					h.t.Fatal(err)
				}
				if got := verify(); !strings.Contains(got, want) || want == "" && got != "" {
					h.t.Errorf("%s: found %q, want %q", change[i], got, want)
				}
			}
		}
	})
}

// While an event is open the bank leaves only with a right, a reason, an entry
// in the audit trail and a mark in the file.
func TestAttackAT22ExportWhileOpen(t *testing.T) {
	attack(t, "AT-22", nil, func(h *hall) {
		h.staff(h.t, "penulis", access.Trainer, 0)
		trainer := h.browser(h.t)
		trainer.login("penulis", staffPassword)
		exports := func() int { return h.count(`SELECT count(*) FROM audit WHERE action = 'bank.export'`) }
		ask := func(b *browser, format, reason string) page {
			h.t.Helper()
			return b.post("/bank/ekspor", "cakupan", "semua", "format", format, "aksi", "unduh", "alasan", reason)
		}
		h.staff(h.t, "pengawas", access.Proctor, h.event.Owner)
		proctor := h.browser(h.t)
		proctor.login("pengawas", staffPassword)
		for who, b := range map[string]*browser{"the participant": h.ani.browser, "a proctor": proctor} {
			if got := ask(b, "gift", "Saya perlu"); got.StatusCode == http.StatusOK || strings.Contains(got.body, "::") {
				h.t.Errorf("%s: status %d", who, got.StatusCode)
			}
		}
		if got := trainer.get("/bank/ekspor"); got.StatusCode != http.StatusOK {
			h.t.Errorf("the form: status %d", got.StatusCode)
		}
		for _, reason := range []string{"", "x", strings.Repeat("y", 501)} {
			got := ask(trainer, "gift", reason)
			if got.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(got.body, `id="alasan"`) || !strings.Contains(got.body, "SERANGAN-1") {
				h.t.Errorf("with the reason %.9q: status %d", reason, got.StatusCode)
			}
		}
		if n := exports(); n != 0 {
			h.t.Fatalf("%d exports without a reason", n)
		}
		const reason = "Cadangan sebelum pindah server"
		text := ask(trainer, "gift", reason)
		if text.StatusCode != http.StatusOK || !strings.HasPrefix(text.body, "// Cakap:") || !strings.Contains(text.body, "Petugas penulis") || !strings.Contains(text.body, "08.00") {
			h.t.Errorf("a text: status %d, begins %.200q", text.StatusCode, text.body)
		}
		book := ask(trainer, "xlsx", reason)
		z, err := zip.NewReader(bytes.NewReader([]byte(book.body)), int64(len(book.body)))
		h.must(err)
		core, err := z.Open("docProps/core.xml")
		h.must(err)
		properties, err := io.ReadAll(core)
		h.must(err)
		if !strings.Contains(z.Comment, "Petugas penulis") || !strings.Contains(string(properties), "Petugas penulis") {
			h.t.Errorf("a workbook: comment %q, properties %s", z.Comment, properties)
		}
		if n := h.count(`SELECT count(*) FROM audit WHERE action = 'bank.export' AND detail LIKE ?`, "%"+reason+"%"); n != 2 || exports() != 2 {
			h.t.Errorf("%d entries with the reason of %d, want 2 of 2", n, exports())
		}
		h.closeAll()
		if rest := ask(trainer, "gift", ""); rest.StatusCode != http.StatusOK || strings.HasPrefix(rest.body, "// Cakap:") {
			h.t.Errorf("with nothing open: status %d, begins %.60q", rest.StatusCode, rest.body)
		}
	})
}

// closeAll closes every event.
func (h *hall) closeAll() {
	h.t.Helper()
	var ids []int64
	h.must(h.db.Select(h.t.Context(), &ids, `SELECT id FROM event WHERE state = 'open'`))
	for _, id := range ids {
		h.must(h.exams.Close(h.t.Context(), province, id))
	}
}
