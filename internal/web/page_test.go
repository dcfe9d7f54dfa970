package web_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"cakap/internal/access"
)

// faults says what is wrong with a page whoever reads it: what the policy of
// the browser would block, and what a screen reader could not tell.
func (p page) faults(t *testing.T) (found []string) {
	t.Helper()
	doc := p.doc(t)
	say := func(format string, args ...any) { found = append(found, fmt.Sprintf(format, args...)) }
	// The take page holds every question, each with its heading, and shows one.
	if n := doc.Find("h1").Length(); n != max(1, doc.Find("section.q").Length()) {
		say("%d h1", n)
	}
	if lang, _ := doc.Find("html").Attr("lang"); lang != "id" {
		say("language %q", lang)
	}
	if doc.Find("main#isi").Length() != 1 || doc.Find(`a.skip[href="#isi"]`).Length() != 1 {
		say("the skip link leads nowhere")
	}
	ids := map[string]bool{}
	doc.Find("[id]").Each(func(_ int, s *goquery.Selection) {
		id := s.AttrOr("id", "")
		if ids[id] {
			say("id %q stands twice", id)
		}
		ids[id] = true
	})
	doc.Find("*").Each(func(_ int, s *goquery.Selection) { inline(s, say) })
	doc.Find("input, select, textarea").Each(func(_ int, s *goquery.Selection) {
		if !hasLabel(doc, s) {
			html, _ := goquery.OuterHtml(s)
			say("no label: %.90s", html)
		}
	})
	for _, name := range []string{"aria-describedby", "aria-labelledby", "for", "popovertarget"} {
		doc.Find("[" + name + "]").Each(func(_ int, s *goquery.Selection) {
			for _, id := range strings.Fields(s.AttrOr(name, "")) {
				if !ids[id] {
					say("%s names %q, which is not there", name, id)
				}
			}
		})
	}
	doc.Find("img:not([alt]), button:not(:has(*)):empty").Each(func(_ int, s *goquery.Selection) { say("%s without words", goquery.NodeName(s)) })
	return found
}

// inline finds what the Content-Security-Policy forbids.
func inline(s *goquery.Selection, say func(string, ...any)) {
	switch goquery.NodeName(s) {
	case "style":
		say("a style element")
	case "script":
		if _, ok := s.Attr("src"); !ok && s.AttrOr("type", "") != "application/json" {
			say("an inline script")
		}
	}
	for _, a := range s.Nodes[0].Attr {
		switch {
		case a.Key == "style" || strings.HasPrefix(a.Key, "on"):
			say("inline %s on %s", a.Key, goquery.NodeName(s))
		case (a.Key == "href" || a.Key == "src" || a.Key == "action") && (strings.Contains(a.Val, "://") || strings.HasPrefix(a.Val, "//") || strings.HasPrefix(a.Val, "javascript:")):
			say("%s leads away: %s", a.Key, a.Val)
		}
	}
}

func hasLabel(doc *goquery.Document, s *goquery.Selection) bool {
	switch s.AttrOr("type", "") {
	case "hidden", "submit", "button":
		return true
	}
	if s.AttrOr("aria-label", "") != "" || s.AttrOr("aria-labelledby", "") != "" || s.Closest("label").Length() > 0 {
		return true
	}
	id := s.AttrOr("id", "")
	return id != "" && doc.Find(fmt.Sprintf("label[for=%q]", id)).Length() > 0
}

// weight is what a page takes on the wire.
func (p page) weight(t *testing.T) int {
	t.Helper()
	var out bytes.Buffer
	w, err := gzip.NewWriterLevel(&out, gzip.BestSpeed)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write([]byte(p.body)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Len()
}

// budget is the most that a page may weigh: participants pay for theirs.
func budget(path string, role access.Role) int {
	switch {
	case path == "/ikut/:id/soal":
		return 30 << 10
	case role == access.Participant || role == "":
		return 15 << 10
	default:
		return 60 << 10
	}
}

// Every page that anybody can look at is sound and within its weight.
func TestPagesAreSound(t *testing.T) {
	x := newExam(t)
	if got := x.actors[len(x.actors)-1].post("/ikut/" + x.sealed["ikut/id"] + "/mulai"); got.StatusCode != http.StatusSeeOther {
		t.Fatalf("start: status %d: %s", got.StatusCode, got.body)
	}
	seen := 0
	for _, r := range x.server.Routes() {
		if r.Method != http.MethodGet {
			continue
		}
		target, _ := x.fill(t, r.Path)
		for i := range x.actors {
			got := x.actors[i].get(target)
			if !strings.HasPrefix(got.Header.Get("Content-Type"), "text/html") || got.StatusCode/100 == 3 {
				continue
			}
			seen++
			for _, f := range got.faults(t) {
				t.Errorf("%s by %s (%d): %s", r.Path, x.actors[i].name, got.StatusCode, f)
			}
			if w, most := got.weight(t), budget(r.Path, x.actors[i].role); w > most {
				t.Errorf("%s by %s: %d bytes compressed, more than %d", r.Path, x.actors[i].name, w, most)
			}
		}
	}
	t.Logf("%d pages looked at", seen)
}

// The same for forms that were refused: the message is tied to its field.
func TestRefusedFormsAreSound(t *testing.T) {
	b := newWorld(t, secure).browser(t)
	for _, target := range []string{"/masuk", "/masuk/kode", "/aktivasi", "/siapkan/TIDAKADA"} {
		got := b.post(target, "sandi", "a", "ulangi", "b")
		for _, f := range got.faults(t) {
			t.Errorf("%s: %s", target, f)
		}
		doc := got.doc(t)
		if doc.Find(".errs").Length() != 1 || !strings.HasPrefix(doc.Find("title").Text(), "Galat: ") {
			t.Errorf("%s: no summary of what is wrong", target)
		}
		doc.Find(".emsg").Each(func(_ int, s *goquery.Selection) {
			if doc.Find(fmt.Sprintf("[aria-invalid][aria-describedby~=%q]", s.AttrOr("id", ""))).Length() != 1 {
				t.Errorf("%s: %q is not tied to a field", target, s.Text())
			}
		})
		doc.Find(".errs a").Each(func(_ int, s *goquery.Selection) {
			if to := s.AttrOr("href", ""); doc.Find(to).Length() != 1 {
				t.Errorf("%s: the summary leads to %q, which is not there", target, to)
			}
		})
	}
}
