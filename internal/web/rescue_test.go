package web_test

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
	"time"
)

// In a session whose proctor lets people in, the page, its script's question
// and the start say the same until it happens.
func TestWaitingRoomAsksForLeave(t *testing.T) {
	x := newExam(t)
	me, base := x.actors[len(x.actors)-1], "/ikut/"+x.sealed["ikut/id"]
	set := func(query string) {
		t.Helper()
		if _, err := x.db.Exec(t.Context(), query); err != nil {
			t.Fatal(err)
		}
	}
	set(`UPDATE session SET admit = TRUE`)
	x.wait(time.Minute) // past everybody's turn
	got := me.get(base + "/tunggu")
	button := got.doc(t).Find("[data-mulai]")
	if _, off := button.Attr("disabled"); got.StatusCode != http.StatusOK || !off || !strings.Contains(got.body, "Menunggu izin pengawas") {
		t.Errorf("waiting room: %d, button %d, off %v", got.StatusCode, button.Length(), off)
	}
	if told := me.post(base + "/tunggu"); told.StatusCode != http.StatusOK || !strings.Contains(told.body, `"o":"leave"`) {
		t.Errorf("the script is told %d %s", told.StatusCode, told.body)
	}
	got = me.post(base + "/mulai")
	if got.StatusCode != http.StatusConflict || !strings.Contains(got.doc(t).Find(".errs").Text(), "belum mengizinkan") || got.doc(t).Find("h1").Text() != "Ruang tunggu" {
		t.Errorf("start without leave: %d %s", got.StatusCode, got.doc(t).Find(".errs").Text())
	}
	set(`UPDATE enrolment SET admitted_ms = 1`)
	if told := me.post(base + "/tunggu"); !strings.Contains(told.body, `"o":""`) {
		t.Errorf("after the leave: %s", told.body)
	}
	if got := me.post(base + "/mulai"); got.StatusCode != http.StatusSeeOther || !strings.HasSuffix(got.location(), "/soal") {
		t.Errorf("start with leave: %d to %q", got.StatusCode, got.location())
	}
	if got := me.get(base + "/tunggu"); got.StatusCode != http.StatusSeeOther {
		t.Errorf("the waiting room of an attempt under way: %d", got.StatusCode)
	}
}

// What the take page hands out for an answer file is taken from the officers of
// the agency, each file for itself, and from nobody else.
func TestAnswerFileUpload(t *testing.T) {
	x := newExam(t)
	me, base := x.actors[len(x.actors)-1], "/ikut/"+x.sealed["ikut/id"]
	me.post(base + "/mulai")
	token, _ := me.get(base + "/soal").doc(t).Find("[data-file]").Attr("data-file")
	file := fmt.Sprintf(`{"format":"cakap-jawaban","version":1,"code":"A","saved":"x","token":%q,"entries":[{"n":1,"s":1,"v":"A","d":false}]}`, token)
	upload := func(by *actor, target string, files ...string) page {
		t.Helper()
		var body bytes.Buffer
		w := multipart.NewWriter(&body)
		for i, text := range files {
			part, err := w.CreateFormFile("berkas", fmt.Sprintf("berkas-%d.jawaban", i))
			if err == nil {
				_, err = part.Write([]byte(text))
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		return by.send(http.MethodPost, target, w.FormDataContentType(), &body)
	}
	stored := func() (n int) {
		t.Helper()
		if err := x.db.Get(t.Context(), &n, `SELECT count(*) FROM answer`); err != nil {
			t.Fatal(err)
		}
		return n
	}
	own, shared := "/kegiatan/"+x.sealed["kegiatan/id"]+"/berkas", "/kegiatan/"+x.shared+"/berkas"
	for i := range x.actors {
		by := &x.actors[i]
		switch by.name {
		case "officer of B", "proctor of B":
			if got := upload(by, own, file); got.StatusCode != http.StatusNotFound {
				t.Errorf("%s to A's event: %d", by.name, got.StatusCode)
			}
			got := upload(by, shared, file)
			by.blindTo(t, "POST "+shared, got)
			if !strings.Contains(got.body, "tidak ditemukan") || stored() != 0 {
				t.Errorf("%s has a file of A taken: %d, %d answers", by.name, got.StatusCode, stored())
			}
		case "proctor of A":
			if got := upload(by, shared, file); !strings.Contains(got.body, "milik kegiatan lain") || stored() != 0 {
				t.Errorf("a file of another event: %d, %d answers", got.StatusCode, stored())
			}
			got := upload(by, own, "PK", file, strings.Repeat("x", 300<<10), strings.Replace(file, token, token+"0", 1))
			rows := got.doc(t).Find("tbody tr")
			if got.StatusCode != http.StatusOK || rows.Length() != 4 || stored() != 1 {
				t.Fatalf("four files: %d, %d rows, %d answers", got.StatusCode, rows.Length(), stored())
			}
			for i, want := range []string{"bukan berkas jawaban", "Ani Kenari", "lebih besar dari 256 KiB", "Tanda pengaman"} {
				if text := rows.Eq(i).Text(); !strings.Contains(text, want) || !strings.Contains(text, fmt.Sprintf("berkas-%d.jawaban", i)) {
					t.Errorf("row %d: %q, want %q", i, text, want)
				}
			}
		case "officer of A":
			if got := upload(by, own); got.StatusCode != http.StatusUnprocessableEntity {
				t.Errorf("no file: %d", got.StatusCode)
			}
			if got := upload(by, own, file); got.StatusCode != http.StatusOK || stored() != 1 {
				t.Errorf("the same file again: %d, %d answers", got.StatusCode, stored())
			}
		}
	}
}
