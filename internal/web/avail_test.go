package web_test

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"maps"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"cakap/internal/access"
	"cakap/internal/storage"
	"cakap/internal/storage/storagetest"
)

// The cases AV-01, AV-03 and AV-09 of availability. How fast the server stays
// meanwhile is what bench/load and bench/overload measure; here is what must
// hold on any machine.

// refusedWell fails unless a refusal is 503 or 429 and says when to come back.
func (p page) refusedWell(t *testing.T, what string) {
	t.Helper()
	if p.StatusCode != http.StatusServiceUnavailable && p.StatusCode != http.StatusTooManyRequests || p.Header.Get("Retry-After") == "" {
		t.Errorf("%s: status %d, Retry-After %q: %.200s", what, p.StatusCode, p.Header.Get("Retry-After"), p.body)
	}
}

// savesUntil saves one answer after the other until enough is done or stop is
// closed, and returns how many were stored.
func (s *seat) savesUntil(stop <-chan struct{}, most int) (stored int) {
	for n := range most {
		select {
		case <-stop:
			return stored
		default:
		}
		if got := s.save(n%40+1, int64(n+1), "A"); got.StatusCode != http.StatusOK {
			s.t.Errorf("save %d: status %d: %.200s", n+1, got.StatusCode, got.body)
			continue
		}
		stored++
	}
	return stored
}

// peakMemory watches how much memory is in use until stop is called.
func peakMemory() (stop func() uint64) {
	done, peak := make(chan struct{}), make(chan uint64)
	go func() {
		var most uint64
		for {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			most = max(most, m.HeapInuse)
			select {
			case <-done:
				peak <- most
				return
			case <-time.After(5 * time.Millisecond):
			}
		}
	}()
	return func() uint64 { close(done); return <-peak }
}

// AV-01: many times more people log in by password than can be hashed. All get
// in or hear when to come back, nobody's answer is refused or lost, and memory
// holds a hash or two, not two hundred.
func TestAvailabilityAV01(t *testing.T) {
	calm(t)
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		h := newHall(t, db, nil)
		h.staff(t, "penulis", access.Trainer, 0)
		h.ani.start()
		h.eka.start()
		runtime.GC()
		peak := peakMemory()
		var in, refused atomic.Int64
		var stormers, savers sync.WaitGroup
		stop := make(chan struct{})
		stored := make([]int, 2)
		for i, s := range []*seat{h.ani, h.eka} {
			savers.Go(func() { stored[i] = s.savesUntil(stop, 55) })
		}
		const storm = 200 // 1 may be hashed and 40 may wait
		for range storm {
			b := h.browser(t)
			stormers.Go(func() {
				got := b.post("/masuk", "nip", "penulis", "sandi", staffPassword)
				if got.StatusCode == http.StatusSeeOther {
					in.Add(1)
					return
				}
				refused.Add(1)
				got.refusedWell(t, "a log-in")
			})
		}
		stormers.Wait()
		savers.Wait()
		close(stop)
		if most := peak(); most > 400<<20 {
			t.Errorf("%d MiB of memory in use: more than a few hashes ran at once", most>>20)
		}
		if in.Load() == 0 || refused.Load() < storm/4 {
			t.Errorf("%d got in and %d were refused of %d", in.Load(), refused.Load(), storm)
		}
		if n := h.count(`SELECT count(*) FROM answer`); n != stored[0]+stored[1] || n != 110 {
			t.Errorf("%d answers in the journal, %d acknowledged, want 110", n, stored[0]+stored[1])
		}
		if n := h.count(`SELECT count(*) FROM login_session AS s JOIN account AS a ON a.id = s.account_id WHERE a.username = 'penulis'`); n != int(in.Load()) {
			t.Errorf("%d sessions for %d log-ins", n, in.Load())
		}
	})
}

// AV-03: twenty officers want the biggest report at once. One or two are made
// at a time, two more wait, the others hear when to come back; saves go on.
func TestAvailabilityAV03(t *testing.T) {
	calm(t)
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		h := newHall(t, db, nil)
		h.ani.start()
		officer := h.officer()
		report := fmt.Sprintf("/kegiatan/%s/laporan/%s/unduh", h.keys.Seal("event", h.event.ID), h.keys.Seal("agency", h.event.Owner))
		if got := officer.get(report); got.StatusCode != http.StatusOK || !strings.HasPrefix(got.body, "PK") {
			t.Fatalf("the report: status %d: %.200s", got.StatusCode, got.body)
		}
		var whole, refused atomic.Int64
		var officers, savers sync.WaitGroup
		savers.Go(func() { h.ani.savesUntil(nil, 40) })
		begin := make(chan struct{})
		const crowd = 60 // three clicks each
		for range crowd {
			b := h.browser(t)
			maps.Copy(b.cookies, officer.cookies)
			officers.Go(func() {
				<-begin
				got := b.get(report)
				if got.StatusCode == http.StatusOK {
					whole.Add(1)
					if !strings.HasPrefix(got.body, "PK") {
						t.Errorf("not a workbook: %.100q", got.body)
					}
					return
				}
				refused.Add(1)
				got.refusedWell(t, "a report")
			})
		}
		close(begin)
		officers.Wait()
		savers.Wait()
		if whole.Load() < 3 || refused.Load() == 0 {
			t.Errorf("%d reports made and %d refused of %d", whole.Load(), refused.Load(), crowd)
		}
		if n := h.count(`SELECT count(*) FROM answer`); n != 40 {
			t.Errorf("%d answers in the journal, want 40", n)
		}
		// One entry for each report that was made: a refused one never was.
		if n := h.count(`SELECT count(*) FROM audit WHERE action = 'report.download'`); n != int(whole.Load())+1 {
			t.Errorf("%d downloads in the audit trail, want %d", n, whole.Load()+1)
		}
		if got := officer.get(report); got.StatusCode != http.StatusOK {
			t.Errorf("after the crowd: status %d", got.StatusCode)
		}
	})
}

// AV-09: tokens that nobody gave out leave nothing behind, neither in the
// database nor in memory. The sheet asks for a million; what twenty thousand
// leave would show as well.
func TestAvailabilityAV09(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		w := worldOn(t, secure, db)
		w.people(t)
		flood := func(n int) {
			var all sync.WaitGroup
			for range 4 {
				b := w.browser(t)
				all.Go(func() {
					for range n / 4 {
						var raw [32]byte
						if _, err := rand.Read(raw[:]); err != nil {
							t.Error(err)
						}
						clear(b.cookies)
						b.cookies[session] = base64.RawURLEncoding.EncodeToString(raw[:])
						if got := b.get("/"); got.StatusCode != http.StatusSeeOther || got.location() != "/masuk" {
							t.Errorf("an unknown token: status %d to %q", got.StatusCode, got.location())
							return
						}
					}
				})
			}
			all.Wait()
		}
		memory := func() uint64 {
			w.log.mu.Lock()
			w.log.buf = bytes.Buffer{} // Reset would keep its room
			w.log.mu.Unlock()
			runtime.GC()
			runtime.GC()
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			return m.HeapAlloc
		}
		n := 20_000
		if db.Engine() == "postgres" {
			n = 5_000 // every one is a round trip
		}
		flood(1000) // what is made once is made now
		before := memory()
		flood(n)
		after := memory()
		// A token takes at least a hundred bytes of a map.
		if grown := int64(after) - int64(before); grown > int64(n)*50 {
			t.Errorf("%d bytes more in use after %d unknown tokens", grown, n)
		}
		for _, table := range []string{`SELECT count(*) FROM login_session`, `SELECT count(*) FROM throttle`} {
			var rows int
			if err := db.Get(t.Context(), &rows, table); err != nil || rows != 0 {
				t.Errorf("%s = %d, %v", table, rows, err)
			}
		}
	})
}
