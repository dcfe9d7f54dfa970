package web_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"cakap/assessment"
	"cakap/internal/storage"
	"cakap/internal/storage/storagetest"
)

// The page hears that its clock stands still, and goes on saving.
func TestPauseReachesThePage(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		h := newHall(t, db, nil)
		h.ani.start()
		if got := h.ani.outbox(`{"a":[]}`); strings.Contains(got.body, "paused") {
			t.Errorf("a running attempt: %s", got.body)
		}
		h.wait(10 * time.Minute)
		at := []assessment.AttemptID{{Enrolment: h.ani.enrolment, No: 1}}
		if _, err := h.exams.Pause(t.Context(), province, at, "Listrik padam"); err != nil {
			t.Fatal(err)
		}
		h.wait(3 * time.Hour)
		if got := h.ani.outbox(`{"a":[]}`); !got.Paused || got.Left == nil || *got.Left != 50*60 || got.State != assessment.Open {
			t.Errorf("a paused attempt: %s", got.body)
		}
		h.ani.save(1, 1, "A").wants(t, "a save", http.StatusOK, "")
		if _, err := h.exams.Resume(t.Context(), province, at); err != nil {
			t.Fatal(err)
		}
		if got := h.ani.outbox(`{"a":[]}`); got.Paused || *got.Left != 50*60 {
			t.Errorf("after it: %s", got.body)
		}
	})
}

// A browser that a proctor made way for gets the questions at once; the old
// one is asked before it takes them back.
func TestReleasedDeviceGoesToTheNext(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		h := newHall(t, db, nil)
		const chrome = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36"
		h.ani.header.Set("User-Agent", chrome)
		h.ani.start()
		next := h.ani.clone()
		delete(next.cookies, "cakap_gawai")
		if got := next.get(h.ani.base + "/soal"); got.StatusCode != http.StatusOK || strings.Contains(got.body, "data-bearer") {
			t.Fatalf("another browser is not asked: status %d", got.StatusCode)
		}
		if err := h.exams.ReleaseDevice(t.Context(), province, assessment.AttemptID{Enrolment: h.ani.enrolment, No: 1}, "Layar rusak"); err != nil {
			t.Fatal(err)
		}
		h.ani.save(1, 1, "A").wants(t, "the old browser until then", http.StatusOK, "")
		if got := h.ani.get(h.ani.base + "/soal"); strings.Contains(got.body, "data-bearer") {
			t.Error("the old browser takes it back without being asked")
		}
		if got := next.get(h.ani.base + "/soal"); got.StatusCode != http.StatusSeeOther {
			t.Fatalf("the next browser: status %d", got.StatusCode)
		}
		if got := next.get(h.ani.base + "/soal"); !strings.Contains(got.body, "data-bearer") {
			t.Errorf("the next browser has no questions: status %d", got.StatusCode)
		}
		h.ani.save(2, 2, "A").wants(t, "the old browser after it", http.StatusConflict, "assessment.taken_over")
		held, err := h.exams.Devices(t.Context(), province, h.ani.enrolment)
		if err != nil || len(held) != 2 || held[0].Browser != "HP Android, Chrome" || held[0].Now || !held[1].Now {
			t.Errorf("devices: %+v %v", held, err)
		}
	})
}
