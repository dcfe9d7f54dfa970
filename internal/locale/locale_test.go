package locale

import (
	"errors"
	"testing"
	"testing/fstest"
	"time"

	"cakap/internal/fault"
)

func TestDatesAndTimes(t *testing.T) {
	at := time.Date(2026, 3, 3, 1, 30, 0, 0, time.UTC)
	for _, tt := range []struct{ name, got, want string }{
		{"date", Date(at), "3 Maret 2026"},
		{"day", DayDate(at), "Selasa, 3 Maret 2026"},
		{"short", ShortDate(at), "03-03-2026"},
		{"WIB", Clock(at.In(Zone("WIB"))), "08.30 WIB"},
		{"WITA", Clock(at.In(Zone("WITA"))), "09.30 WITA"},
		{"WIT", DateTime(at.In(Zone("WIT"))), "3 Maret 2026 10.30 WIT"},
	} {
		if tt.got != tt.want {
			t.Errorf("%s = %q, want %q", tt.name, tt.got, tt.want)
		}
	}
}

func TestNumber(t *testing.T) {
	for _, tt := range []struct {
		x        float64
		decimals int
		want     string
	}{
		{0, 0, "0"}, {87.5, 1, "87,5"}, {1234.5, 2, "1.234,50"}, {-1234567, 0, "-1.234.567"}, {999, 0, "999"},
	} {
		if got := Number(tt.x, tt.decimals); got != tt.want {
			t.Errorf("Number(%v, %d) = %q, want %q", tt.x, tt.decimals, got, tt.want)
		}
	}
}

func TestEveryKeyStandsOnce(t *testing.T) {
	if _, err := load(files); err != nil {
		t.Fatal(err)
	}
	twice := fstest.MapFS{
		"id/a.json": {Data: []byte(`{"x": "1"}`)},
		"id/b.json": {Data: []byte(`{"x": "2"}`)},
	}
	if _, err := load(twice); err == nil {
		t.Error("a key in two files was accepted")
	}
}

func TestFaultShowsNothingInternal(t *testing.T) {
	if got := Fault(errors.New("dial tcp 10.0.0.1: secret")); got != Text("error.internal") {
		t.Errorf("internal error shows %q", got)
	}
	got := Fault(fault.New(fault.TooMany, "error.too_many", 30).Place("baris 2"))
	if want := "baris 2: Terlalu banyak percobaan. Tunggu 30 detik lalu coba lagi."; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
