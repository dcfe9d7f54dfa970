package web_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"cakap/internal/access"
	"cakap/questionbank"
)

// keyNames are fields and attributes that would carry a key.
var keyNames = regexp.MustCompile(`(?i)["\s-](correct|points?|rationale|reason|weight|kunci|benar|score|shipped)"?\s*[=:]`)

// AT-12, AT-13: from the first page to the receipt, no byte that a participant
// gets holds a reason, a rationale or a name of a field that could be a key,
// and no door shows a score before it is released.
func TestNoKeyReachesAParticipant(t *testing.T) {
	x := newExam(t)
	a := &x.actors[len(x.actors)-1]
	base := "/ikut/" + x.sealed["ikut/id"]
	var heard []page
	hear := func(p page, want int) page {
		t.Helper()
		if p.StatusCode != want {
			t.Fatalf("%s: status %d, want %d: %.300s", p.Header.Get("Location"), p.StatusCode, want, p.body)
		}
		heard = append(heard, p)
		return p
	}
	hear(a.get("/beranda"), 200)
	hear(a.get(base), 200)
	hear(a.get(base+"/tata-tertib"), 200)
	hear(a.post(base+"/mulai"), http.StatusSeeOther)
	take := hear(a.get(base+"/soal"), 200)
	bearer, ok := take.doc(t).Find("[data-bearer]").Attr("data-bearer")
	if !ok {
		t.Fatal("the take page carries no bearer")
	}
	save := func(body string) page {
		b := x.browser(t) // the outbox needs no cookie
		b.header.Set("Authorization", "Bearer "+bearer)
		b.header.Set("Accept", "application/json")
		return b.send("POST", "/api/jawaban", "application/json", strings.NewReader(body))
	}
	hear(save(`{"a":[{"n":1,"s":1,"v":"A","d":false},{"n":2,"s":2,"v":"B","d":true}]}`), 200)
	hear(save(`{"a":[]}`), 200)
	hear(save(`{"a":[{"n":1,"s":3,"v":"ABCDEF","d":false}]}`), http.StatusUnprocessableEntity)
	hear(save(`{"a":[{"n":1,"s":4,"v":"A","d":false,"score":1000000}]}`), http.StatusBadRequest)
	hear(a.get(base+"/tinjau"), 200)
	hear(a.post(base+"/kirim", "terakhir", "2", "sadar", "1"), http.StatusSeeOther)
	hear(a.get(base+"/bukti/1"), 200)
	early := a.get(base + "/hasil/1")
	heard = append(heard, early)
	if early.StatusCode == http.StatusOK && strings.Contains(early.body, "class=\"score") {
		t.Error("a score before its release")
	}
	hear(a.get("/beranda"), 200)

	items, err := questionbank.ShippedBank()
	if err != nil {
		t.Fatal(err)
	}
	var secrets []string
	deliverable := ""
	for _, item := range items {
		deliverable += item.Content.Stimulus + "\n" + item.Content.Stem + "\n"
		secrets = append(secrets, item.Content.Rationale)
		for _, in := range item.Content.Interactions {
			for _, o := range in.Options {
				secrets = append(secrets, o.Reason)
				deliverable += o.Text + "\n"
			}
		}
	}
	found := 0
	for _, p := range heard {
		for _, s := range secrets {
			if len(s) > 15 && !strings.Contains(deliverable, s) && strings.Contains(p.body, s) {
				t.Errorf("an answer holds %q", s)
			}
		}
		for _, name := range keyNames.FindAllString(p.body, -1) {
			t.Errorf("an answer has a field %s", name)
		}
		found += len(p.body)
	}
	if len(secrets) < 160 || found < 20_000 {
		t.Fatalf("%d secrets in %d bytes: the search is broken", len(secrets), found)
	}
}

// The door of the hot path takes nothing but a bearer that we signed for an
// attempt that is open.
func TestSaveNeedsItsBearer(t *testing.T) {
	x := newExam(t)
	a := &x.actors[len(x.actors)-1]
	a.post("/ikut/" + x.sealed["ikut/id"] + "/mulai")
	good, _ := a.get("/ikut/" + x.sealed["ikut/id"] + "/soal").doc(t).Find("[data-bearer]").Attr("data-bearer")
	send := func(bearer, contentType, body string) int {
		b := x.browser(t)
		b.header.Set("Authorization", "Bearer "+bearer)
		return b.send("POST", "/api/jawaban", contentType, strings.NewReader(body)).StatusCode
	}
	const kind, body = "application/json", `{"a":[{"n":1,"s":1,"v":"A","d":false}]}`
	forged := access.NewKeys([]byte(strings.Repeat("z", 32))).Bearer(access.Bearer{Enrolment: 1, Attempt: 1, Epoch: 1, Person: 1, Shape: "1"})
	for _, tt := range []struct {
		name, bearer, kind, body string
		want                     int
	}{
		{"good", good, kind, body, 200},
		{"the same again", good, kind, body, 200},
		{"none", "", kind, body, 401},
		{"forged", forged, kind, body, 401},
		{"cut", good[:len(good)-2], kind, body, 401},
		{"another type", good, "text/plain", body, 415},
		{"a person's name in it", good, kind, `{"a":[],"person":12}`, 400},
		{"twice the same field", good, kind, `{"a":[],"a":[]}`, 400},
		{"a question that is not there", good, kind, `{"a":[{"n":99,"s":9,"v":"A","d":false}]}`, 422},
		{"a mebibyte", good, kind, `{"a":[` + strings.Repeat(" ", 1<<20) + `]}`, 413},
	} {
		if got := send(tt.bearer, tt.kind, tt.body); got != tt.want {
			t.Errorf("%s: status %d, want %d", tt.name, got, tt.want)
		}
	}
	x.wait(5 * time.Hour)
	if got := send(good, kind, strings.Replace(body, `"s":1`, `"s":7`, 1)); got != http.StatusOK && got != http.StatusConflict {
		t.Errorf("after the deadline: status %d", got)
	}
	var late int
	if err := x.db.Get(t.Context(), &late, `SELECT count(*) FROM answer WHERE seq = 7`); err != nil || late != 0 {
		t.Errorf("a late answer stands in the journal: %d, %v", late, err)
	}
}
