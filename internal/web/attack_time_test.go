package web_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"cakap/assessment"
)

// A save after the deadline changes nothing: within the grace it is kept apart,
// after it refused.
func TestAttackAT01DeadlinePassed(t *testing.T) {
	attack(t, "AT-01", nil, func(h *hall) {
		h.ani.start()
		h.ani.save(1, 1, "A").wants(h.t, "in time", http.StatusOK, "")
		deadline := h.deadline(h.ani)
		h.to(deadline.Add(assessment.NetworkAllowance))
		h.ani.save(2, 2, "A").wants(h.t, "at the last call", http.StatusOK, "")
		h.wait(time.Millisecond)
		late := h.ani.save(1, 3, "B")
		late.wants(h.t, "a millisecond later", http.StatusOK, "")
		if late.State != assessment.Closing || h.value(h.ani, 1) != "A" {
			h.t.Errorf("state %s, answer %q: want closing and the answer as it was", late.State, h.value(h.ani, 1))
		}
		if n := h.count(`SELECT count(*) FROM late_answer WHERE accepted_ms IS NULL`); n != 1 {
			h.t.Errorf("%d late answers, want 1", n)
		}
		h.wait(11 * time.Minute)
		h.sweep()
		h.ani.save(1, 4, "B").wants(h.t, "after the grace", http.StatusConflict, "assessment.deadline_passed")
		if got := h.answered(h.ani); got != 2 || h.value(h.ani, 1) != "A" {
			h.t.Errorf("%d answers scored, the first %q; want 2, A", got, h.value(h.ani, 1))
		}
	})
}

// Only the server's clock counts: a body that tells times is not one.
func TestAttackAT02TimesInTheBody(t *testing.T) {
	attack(t, "AT-02", nil, func(h *hall) {
		h.ani.start()
		before := h.deadline(h.ani)
		for _, field := range []string{
			`"started_at":"2020-01-01T00:00:00Z"`, `"deadline":4102444800000`, `"elapsed":-3600`, `"answered_at":"2099-01-01T00:00:00Z"`, `"timer":99999`,
		} {
			h.ani.outbox(`{"a":[{"n":1,"s":1,"v":"A","d":false}],`+field+`}`).wants(h.t, field, http.StatusBadRequest, "error.malformed")
			h.ani.outbox(`{"a":[{"n":1,"s":1,"v":"A","d":false,`+field+`}]}`).wants(h.t, "within: "+field, http.StatusBadRequest, "error.malformed")
		}
		if n := h.count(`SELECT count(*) FROM answer`); n != 0 {
			h.t.Errorf("%d rows stored", n)
		}
		h.ani.post(h.ani.base+"/soal", "n", "1", "jawab", "A", "started_at", "0", "deadline", "4102444800000", "sisa", "99999")
		h.ani.post(h.ani.base+"/mulai", "started_at", "0", "deadline", "4102444800000")
		if got := h.deadline(h.ani); !got.Equal(before) {
			h.t.Errorf("the deadline moved from %s to %s", before, got)
		}
	})
}

// A device's clock is its own affair.
func TestAttackAT03DeviceClock(t *testing.T) {
	attack(t, "AT-03", nil, func(h *hall) {
		h.ani.start()
		h.wait(10 * time.Minute)
		for i, off := range []time.Duration{0, 24 * time.Hour, -24 * time.Hour} {
			date := h.clock().Add(off).UTC().Format(http.TimeFormat)
			s := h.ani.outbox(`{"a":[]}`, "Date", date, "X-Client-Time", date)
			s.wants(h.t, "the time", http.StatusOK, "")
			if s.Left == nil || *s.Left != 50*60 || s.State != assessment.Open {
				h.t.Errorf("a clock off by %s: %.200s, want 3000 seconds", off, s.body)
			}
			h.ani.outbox(entries(i+1, int64(i+1), "A"), "Date", date).wants(h.t, "a save", http.StatusOK, "")
		}
		h.to(h.deadline(h.ani).Add(time.Minute))
		early := h.clock().Add(-24 * time.Hour).UTC().Format(http.TimeFormat)
		if got := h.ani.outbox(entries(1, 9, "B"), "Date", early); got.State != assessment.Closing || h.value(h.ani, 1) != "A" {
			h.t.Errorf("a clock that is slow makes a late answer count: %.200s", got.body)
		}
	})
}

// Nobody sees a question before the start is in the database.
func TestAttackAT05QuestionsBeforeTheStart(t *testing.T) {
	attack(t, "AT-05", nil, func(h *hall) {
		for _, target := range []string{"/soal", "/tinjau", "/soal?n=1", "/bukti/1", "/hasil/1"} {
			got := h.ani.get(h.ani.base + target)
			if got.StatusCode == http.StatusOK || strings.Contains(got.body, "data-bearer") || strings.Contains(got.body, `name="jawab"`) {
				h.t.Errorf("%s: status %d", target, got.StatusCode)
			}
		}
		for _, target := range []string{"/soal", "/lanjut", "/kirim", "/ambil-alih"} {
			if got := h.ani.post(h.ani.base+target, "n", "1", "jawab", "A", "dari", "1", "sadar", "1"); got.StatusCode == http.StatusOK || strings.Contains(got.body, "data-bearer") {
				h.t.Errorf("POST %s: status %d", target, got.StatusCode)
			}
		}
		if n := h.count(`SELECT count(*) FROM attempt`) + h.count(`SELECT count(*) FROM answer`); n != 0 {
			h.t.Errorf("%d rows of attempts and answers", n)
		}
		h.ani.start()
		if n := h.count(`SELECT count(*) FROM attempt WHERE started_ms = ?`, h.clock().UnixMilli()); n != 1 {
			h.t.Error("questions are served without a started attempt")
		}
	})
}

// The window, the wall and the number of attempts hold at the start.
func TestAttackAT10StartOutside(t *testing.T) {
	attack(t, "AT-10", nil, func(h *hall) {
		start := func(base, what string, want int) {
			h.t.Helper()
			if got := h.ani.post(base + "/mulai"); got.StatusCode != want {
				h.t.Errorf("%s: status %d, want %d: %.200s", what, got.StatusCode, want, got.body)
			}
		}
		h.to(bell.Add(-time.Millisecond))
		start(h.ani.base, "before the window", http.StatusConflict)
		start(h.stranger.base, "an event of another agency", http.StatusNotFound)
		start(h.eka.base, "a colleague's", http.StatusNotFound)
		h.to(bell)
		start(h.stranger.base, "an event of another agency, open", http.StatusNotFound)
		if n := h.count(`SELECT count(*) FROM attempt`); n != 0 {
			h.t.Fatalf("%d attempts", n)
		}
		h.ani.start()
		if got := h.ani.submit(0); got.StatusCode != http.StatusSeeOther {
			h.t.Fatalf("submit: status %d", got.StatusCode)
		}
		start(h.ani.base, "a second attempt", http.StatusConflict)
		h.ani = h.eka // somebody who has not begun
		h.to(bell.Add(4 * time.Hour))
		start(h.eka.base, "after the window", http.StatusConflict)
		if n := h.count(`SELECT count(*) FROM attempt`); n != 1 {
			h.t.Errorf("%d attempts, want 1", n)
		}
	})
}

// A whole outbox that arrives five minutes late counts for nothing until an
// officer, who sees how many there are, accepts it with a reason.
func TestAttackAT18LateOutbox(t *testing.T) {
	attack(t, "AT-18", nil, func(h *hall) {
		h.ani.start()
		h.to(h.deadline(h.ani).Add(5 * time.Minute))
		var all []string
		for n := 1; n <= 40; n++ {
			all = append(all, fmt.Sprintf(`{"n":%d,"s":%d,"v":"A","d":false}`, n, n))
		}
		got := h.ani.outbox(`{"a":[` + strings.Join(all, ",") + `]}`)
		got.wants(h.t, "the outbox", http.StatusOK, "")
		if n := h.count(`SELECT count(*) FROM answer`); n != 0 || got.State != assessment.Closing {
			h.t.Errorf("%d rows in the journal, state %s", n, got.State)
		}
		h.wait(10 * time.Minute)
		h.sweep()
		if n := h.answered(h.ani); n != 0 {
			h.t.Errorf("%d late answers scored", n)
		}
		officer := h.officer()
		at := "/kegiatan/" + h.keys.Seal("event", h.event.ID) + "/susulan"
		list := officer.get(at)
		ticked, ok := list.doc(h.t).Find(`input[name="p"]`).Attr("value")
		if !ok || !strings.Contains(list.body, "40") {
			h.t.Fatalf("the officer does not see them: %.300s", list.body)
		}
		if got := officer.post(at, "p", ticked, "reason", ""); got.StatusCode != http.StatusUnprocessableEntity {
			h.t.Errorf("accepted without a reason: status %d", got.StatusCode)
		}
		if n := h.answered(h.ani); n != 0 {
			h.t.Errorf("%d late answers scored without a reason", n)
		}
		if got := officer.post(at, "p", ticked, "reason", "Jaringan kantor putus"); got.StatusCode != http.StatusSeeOther {
			h.t.Errorf("accepting: status %d", got.StatusCode)
		}
		if n := h.answered(h.ani); n != 40 {
			h.t.Errorf("%d answers after accepting, want 40", n)
		}
		if n := h.count(`SELECT count(*) FROM audit WHERE action = 'attempt.accept_late'`); n != 1 {
			h.t.Errorf("%d audit entries, want 1", n)
		}
	})
}
