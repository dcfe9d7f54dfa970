package web_test

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"cakap/assessment"
)

// Another person's attempt does not exist.
func TestAttackAT06AnotherAttempt(t *testing.T) {
	attack(t, "AT-06", nil, func(h *hall) {
		h.ani.start()
		h.eka.start()
		for _, target := range []string{"", "/tata-tertib", "/tunggu", "/soal", "/tinjau", "/bukti/1", "/hasil/1"} {
			if got := h.ani.get(h.eka.base + target); got.StatusCode != http.StatusNotFound || strings.Contains(got.body, "data-bearer") {
				h.t.Errorf("GET %s: status %d, want 404", target, got.StatusCode)
			}
		}
		for _, target := range []string{"/soal", "/lanjut", "/laporan", "/kirim", "/ambil-alih", "/mulai"} {
			if got := h.ani.post(h.eka.base+target, "n", "1", "jawab", "A", "dari", "1", "sadar", "1", "kind", "other"); got.StatusCode != http.StatusNotFound {
				h.t.Errorf("POST %s: status %d, want 404", target, got.StatusCode)
			}
		}
		for _, field := range []string{"participant_id", "enrolment", "attempt", "p"} {
			body := fmt.Sprintf(`{"a":[{"n":1,"s":1,"v":"A","d":false}],%q:%d}`, field, h.eka.enrolment)
			h.ani.outbox(body).wants(h.t, field, http.StatusBadRequest, "error.malformed")
		}
		// A bearer that was changed by a byte is none.
		for _, at := range []int{0, len(h.ani.bearer) / 2, len(h.ani.bearer) - 2} {
			forged := []byte(h.ani.bearer)
			forged[at] ^= 1
			h.ani.sendAs(string(forged), entries(1, 1, "A")).wants(h.t, "a forged bearer", http.StatusUnauthorized, "error.unauthentic")
		}
		if n := h.count(`SELECT count(*) FROM answer`); n != 0 {
			h.t.Errorf("%d rows stored", n)
		}
		if n := h.count(`SELECT count(*) FROM attempt WHERE device_epoch = 1 AND state = 'open'`); n != 2 {
			h.t.Errorf("%d attempts as they were, want 2", n)
		}
	})
}

// What is not on the form cannot be answered.
func TestAttackAT07NotOnTheForm(t *testing.T) {
	attack(t, "AT-07", nil, func(h *hall) {
		h.ani.start()
		for what, tt := range map[string]struct {
			body   string
			status int
			key    string
		}{
			"a position behind the last":    {entries(41, 1, "A"), http.StatusUnprocessableEntity, "assessment.bad_position"},
			"a position before the first":   {entries(0, 1, "A"), http.StatusUnprocessableEntity, "assessment.bad_position"},
			"an option the item lacks":      {entries(1, 1, "H"), http.StatusUnprocessableEntity, "assessment.bad_value"},
			"an option id of another item":  {entries(1, 1, "714"), http.StatusUnprocessableEntity, "assessment.bad_value"},
			"an item named instead":         {`{"a":[{"item":7,"s":1,"v":"A","d":false}]}`, http.StatusBadRequest, "error.malformed"},
			"another version of the item":   {`{"a":[{"n":1,"rev":2,"s":1,"v":"A","d":false}]}`, http.StatusBadRequest, "error.malformed"},
			"a good entry beside a bad one": {`{"a":[{"n":1,"s":1,"v":"A","d":false},{"n":41,"s":2,"v":"A","d":false}]}`, http.StatusUnprocessableEntity, "assessment.bad_position"},
		} {
			h.ani.outbox(tt.body).wants(h.t, what, tt.status, tt.key)
		}
		for _, n := range []string{"41", "0", "-1", "1e3", "x"} {
			if got := h.ani.post(h.ani.base+"/soal", "n", n, "jawab", "A"); got.StatusCode/100 != 4 {
				h.t.Errorf("a form for position %s: status %d", n, got.StatusCode)
			}
		}
		if n := h.count(`SELECT count(*) FROM answer`); n != 0 {
			h.t.Errorf("%d rows stored", n)
		}
	})
}

// Old saves, the same twice and two tabs out of order: the highest sequence
// stands.
func TestAttackAT08Replay(t *testing.T) {
	attack(t, "AT-08", nil, func(h *hall) {
		h.ani.start()
		for _, step := range []struct {
			seq   int64
			value string
		}{{5, "B"}, {5, "B"}, {2, "A"}, {2, "A"}, {4, "A"}, {5, "B"}} {
			h.ani.save(1, step.seq, step.value).wants(h.t, fmt.Sprint("seq ", step.seq), http.StatusOK, "")
			if got := h.value(h.ani, 1); got != "B" {
				h.t.Errorf("after seq %d the answer is %q", step.seq, got)
			}
		}
		h.ani.save(1, 5, "A").wants(h.t, "the same number with another value", http.StatusOK, "")
		if n := h.count(`SELECT count(*) FROM answer`); n != 3 || h.value(h.ani, 1) != "B" {
			h.t.Errorf("%d rows, answer %q; want 3, B", n, h.value(h.ani, 1))
		}
	})
}

// Sixteen starts at once make one attempt.
func TestAttackAT09ParallelStarts(t *testing.T) {
	attack(t, "AT-09", nil, func(h *hall) {
		h.ani.get(h.ani.base) // so that every tab has the browser's name
		tabs := make([]*browser, 16)
		for i := range tabs {
			tabs[i] = h.ani.clone()
		}
		status := make([]int, len(tabs))
		at := make(chan struct{})
		var all sync.WaitGroup
		for i, tab := range tabs {
			all.Go(func() {
				<-at
				status[i] = tab.post(h.ani.base + "/mulai").StatusCode
			})
		}
		close(at)
		all.Wait()
		for i, s := range status {
			if s != http.StatusSeeOther && s != http.StatusConflict {
				h.t.Errorf("start %d: status %d", i, s)
			}
		}
		if n := h.count(`SELECT count(*) FROM attempt`); n != 1 {
			h.t.Errorf("%d attempts, want 1", n)
		}
	})
}

// Submissions and saves at the same moment: one submission, and what was
// acknowledged is scored, no more and no less.
func TestAttackAT11SubmitRaces(t *testing.T) {
	attack(t, "AT-11", nil, func(h *hall) {
		const saves = 12
		h.ani.start()
		acked := make([]bool, saves)
		tabs := []*browser{h.ani.clone(), h.ani.clone()}
		at := make(chan struct{})
		var all sync.WaitGroup
		for i := range saves {
			all.Go(func() {
				<-at
				switch got := h.ani.save(i+1, int64(i+1), "A"); {
				case got.StatusCode == http.StatusOK:
					acked[i] = true
				case got.StatusCode != http.StatusConflict || got.Type != "assessment.submitted":
					h.t.Errorf("save %d: status %d %s", i, got.StatusCode, got.Type)
				}
			})
		}
		for i, tab := range tabs {
			all.Go(func() {
				<-at
				if got := tab.post(h.ani.base+"/kirim", "sadar", "1"); got.StatusCode != http.StatusSeeOther {
					h.t.Errorf("submission %d: status %d", i, got.StatusCode)
				}
			})
		}
		close(at)
		all.Wait()
		want := 0
		for i, ok := range acked {
			if stored := h.value(h.ani, i+1) != ""; stored != ok {
				h.t.Errorf("position %d: acknowledged %t, stored %t", i+1, ok, stored)
			}
			if ok {
				want++
			}
		}
		if got := h.answered(h.ani); got != want {
			h.t.Errorf("%d answers scored, %d acknowledged", got, want)
		}
		if n := h.count(`SELECT count(*) FROM result`); n != 1 {
			h.t.Errorf("%d results, want 1", n)
		}
		h.ani.save(20, 20, "A").wants(h.t, "after it", http.StatusConflict, "assessment.submitted")
	})
}

// One by one, the next item is not served and the last is not taken back.
func TestAttackAT14OutOfOrder(t *testing.T) {
	one := func(e *assessment.NewEvent) { e.Policy.Delivery = assessment.DeliverOne }
	attack(t, "AT-14", one, func(h *hall) {
		first := h.ani.start().take()
		if n := first.doc(h.t).Find(`form input[name="n"]`).Length(); n < 1 {
			h.t.Fatalf("the page has %d forms", n)
		}
		shown := func(p page) map[string]bool {
			positions := map[string]bool{}
			p.doc(h.t).Find(`input[name="n"]`).Each(func(_ int, s *goquery.Selection) { positions[s.AttrOr("value", "")] = true })
			return positions
		}
		if got := shown(first); len(got) != 1 || !got["1"] {
			h.t.Errorf("the page holds positions %v, want 1 alone", got)
		}
		locked := func(what string, position int) {
			h.t.Helper()
			h.ani.save(position, int64(100+position), "A").wants(h.t, what, http.StatusConflict, "assessment.locked_item")
			if got := h.ani.post(h.ani.base+"/soal", "n", strconv.Itoa(position), "jawab", "A"); got.StatusCode != http.StatusConflict {
				h.t.Errorf("%s, as a form: status %d", what, got.StatusCode)
			}
		}
		locked("the item after the next", 3)
		for _, target := range []string{"/soal?n=3", "/soal?dari=3", "/soal/3", "/tinjau"} {
			if got := h.ani.get(h.ani.base + target); shown(got)["3"] {
				h.t.Errorf("%s shows item 3", target)
			}
		}
		for _, from := range []string{"2", "39", "-1"} {
			got := h.ani.post(h.ani.base+"/lanjut", "dari", from)
			if shown := h.count(`SELECT reached FROM attempt WHERE enrolment_id = ?`, h.ani.enrolment); shown != 1 || strings.HasSuffix(got.location(), "/tinjau") {
				h.t.Errorf("leaving item %s, which is not open: to %d, %s", from, shown, got.location())
			}
		}
		h.ani.save(1, 1, "A").wants(h.t, "the open item", http.StatusOK, "")
		for range 2 {
			if got := h.ani.post(h.ani.base+"/lanjut", "dari", "1"); got.StatusCode != http.StatusSeeOther {
				h.t.Errorf("going on: status %d", got.StatusCode)
			}
		}
		locked("the item left behind", 1)
		if got := shown(h.ani.take()); len(got) != 1 || !got["2"] {
			h.t.Errorf("the page holds positions %v, want 2 alone", got)
		}
		if h.value(h.ani, 1) != "A" || h.count(`SELECT count(*) FROM answer`) != 1 {
			h.t.Errorf("%d rows, the first %q", h.count(`SELECT count(*) FROM answer`), h.value(h.ani, 1))
		}
	})
}

// A hundred saves a second from one attempt are held back; what it saved is
// untouched and nobody else notices.
func TestAttackAT15TooFast(t *testing.T) {
	attack(t, "AT-15", nil, func(h *hall) {
		h.ani.start()
		h.eka.start()
		stored, held := 0, 0
		for n := range 100 { // within one second
			h.wait(10 * time.Millisecond)
			switch got := h.ani.save(n%40+1, int64(n+1), "A"); got.StatusCode {
			case http.StatusOK:
				stored++
			case http.StatusTooManyRequests:
				held++
				if got.Type != "web.saves_fast" || got.Header.Get("Retry-After") == "" {
					h.t.Fatalf("held back with %s, Retry-After %q", got.Type, got.Header.Get("Retry-After"))
				}
			default:
				h.t.Fatalf("save %d: status %d %s", n, got.StatusCode, got.body)
			}
		}
		if held == 0 || stored < 60 || stored > 81 {
			h.t.Errorf("%d stored and %d held back", stored, held)
		}
		if n := h.count(`SELECT count(*) FROM answer`); n != stored {
			h.t.Errorf("%d rows, %d were acknowledged", n, stored)
		}
		h.eka.save(1, 1, "A").wants(h.t, "somebody else", http.StatusOK, "")
		h.wait(time.Second)
		h.ani.save(1, 500, "B").wants(h.t, "after the wait", http.StatusOK, "")
	})
}

// Values of the wrong kind or size are refused.
func TestAttackAT16WrongValues(t *testing.T) {
	attack(t, "AT-16", nil, func(h *hall) {
		h.ani.start()
		for what, tt := range map[string]struct {
			body   string
			status int
		}{
			"a text for a choice":  {entries(1, 1, "Firefox"), http.StatusUnprocessableEntity},
			"ten options":          {entries(1, 1, "ABCDEFGHIJ"), http.StatusUnprocessableEntity},
			"an unknown option":    {entries(1, 1, "Z"), http.StatusUnprocessableEntity},
			"the same twice":       {entries(1, 1, "AA"), http.StatusUnprocessableEntity},
			"a number":             {`{"a":[{"n":1,"s":1,"v":1,"d":false}]}`, http.StatusBadRequest},
			"a list":               {`{"a":[{"n":1,"s":1,"v":["A"],"d":false}]}`, http.StatusBadRequest},
			"a mebibyte":           {entries(1, 1, strings.Repeat("A", 1<<20)), http.StatusRequestEntityTooLarge},
			"a thousand and one":   {`{"a":[` + strings.TrimSuffix(strings.Repeat(`{"n":1,"s":1,"v":"A","d":false},`, 1001), ",") + `]}`, http.StatusUnprocessableEntity},
			"a name twice":         {`{"a":[{"n":1,"n":2,"s":1,"v":"A","d":false}]}`, http.StatusBadRequest},
			"something behind it":  {entries(1, 1, "A") + `{}`, http.StatusBadRequest},
			"a sequence below one": {entries(1, 0, "A"), http.StatusUnprocessableEntity},
		} {
			if got := h.ani.outbox(tt.body); got.StatusCode != tt.status {
				h.t.Errorf("%s: status %d %s, want %d", what, got.StatusCode, got.Type, tt.status)
			}
		}
		if got := h.ani.post(h.ani.base+"/soal", "n", "1", "jawab", "Z"); got.StatusCode != http.StatusUnprocessableEntity {
			h.t.Errorf("a form with an unknown option: status %d", got.StatusCode)
		}
		h.ani.post(h.ani.base+"/soal", "n", "1", "jawab", "Firefox") // no option is ticked: the answer is empty
		if n := h.count(`SELECT count(*) FROM answer WHERE value <> ''`); n != 0 {
			h.t.Errorf("%d rows stored", n)
		}
	})
}
