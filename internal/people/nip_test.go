package people

import (
	"bytes"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cakap/internal/fault"
	"cakap/internal/locale"
	"cakap/internal/sheet"
)

var today = time.Date(2026, 3, 3, 0, 0, 0, 0, time.UTC)

func key(err error) string {
	if f := fault.Of(err); f != nil {
		return strings.TrimPrefix(f.Key, "people.")
	}
	return fmt.Sprint(err)
}

func TestParseNIP(t *testing.T) {
	for _, tt := range []struct {
		typed, want string // want is the NIP, or the refusal
	}{
		{"199301212020121001", "199301212020121001"},
		{"19930121 202012 1 001", "199301212020121001"},
		{"19930121.202012.1.001", "199301212020121001"},
		{"19930121-202012-1-001", "199301212020121001"},
		{"'199301212020121001", "199301212020121001"},
		{"\u00a019930121\u200b2020121001\ufeff ", "199301212020121001"},
		{"199312282025212001", "199312282025212001"}, // PPPK
		{"199009132025242014", "199009132025242014"}, // PPPK, contract 4
		{"196402291985031999", "196402291985031999"}, // leap day
		{"", "nip_empty"}, {"' ", "nip_empty"}, {"-", "nip_empty"},
		{"199301212020121", "nip_length"}, {"1993012120201210011", "nip_length"}, {"131110468", "nip_length"},
		{"1993O1212020121001", "nip_letters"}, {"NIP. 199301212020121001", "nip_letters"}, {"１９９３", "nip_letters"}, {"1,99E+17", "nip_letters"},
		{"199301212020121\x00001", "control"},
		{"199313212020121001", "nip_birth"}, {"199302302020121001", "nip_birth"}, {"196302291985031001", "nip_birth"}, {"000001012020121001", "nip_birth"},
		{"199301212020131001", "nip_month"}, {"199301212020001001", "nip_month"}, {"199301212020201001", "nip_month"}, {"199301212020301001", "nip_month"},
		{"199301212020120001", "nip_sex"}, {"199301212020123001", "nip_sex"},
		{"199301212020121000", "nip_damaged"},
	} {
		n, err := ParseNIP(tt.typed)
		got := string(n)
		if err != nil {
			got = key(err)
			if n != "" {
				t.Errorf("ParseNIP(%q) refuses and returns %q", tt.typed, n)
			}
		}
		if got != tt.want {
			t.Errorf("ParseNIP(%q) = %s, want %s", tt.typed, got, tt.want)
		}
	}
}

func TestNIPParts(t *testing.T) {
	for _, tt := range []struct {
		nip  NIP
		want string
	}{
		{"196401011985031001", "PNS born 1964-01-01 appointed 1985-3 M serial 1: 19640101 198503 1 001"},
		{"199009132025242014", "PPPK born 1990-09-13 appointed 2025-0 F serial 14: 19900913 202524 2 014"},
	} {
		year, month := tt.nip.Appointment()
		got := fmt.Sprintf("%s born %s appointed %d-%d %s serial %d: %s", tt.nip.Kind(), tt.nip.BirthDate().Format(time.DateOnly), year, month, tt.nip.Sex(), tt.nip.Serial(), tt.nip.Grouped())
		if got != tt.want {
			t.Errorf("got %s, want %s", got, tt.want)
		}
	}
}

func TestNIPCheck(t *testing.T) {
	for _, tt := range []struct{ nip, refusals, warnings string }{
		{"199301212020121001", "[]", "[]"},
		{"200903042026121001", "[nip_age]", "[]"},                      // 16, a day before the birthday
		{"200903032026121001", "[]", "[nip_age_unusual]"},              // 17 today
		{"195003031975031001", "[nip_age]", "[]"},                      // 76
		{"195903031985031001", "[]", "[nip_age_unusual]"},              // 67
		{"199301212027121001", "[nip_appointment]", "[]"},              // next year
		{"199301211959121001", "[nip_appointment]", "[]"},              // before anybody
		{"199301212005121001", "[]", "[nip_appointment_early]"},        // at 12
		{"200803031959121001", "[nip_appointment]", "[]"},              // only the refusal
		{"202003032025211001", "[nip_age]", "[nip_appointment_early]"}, // PPPK aged 6
		{"196001011980121001", "[]", "[nip_age_unusual]"},              // 66
		{"196103041985031001", "[]", "[]"},                             // 64, 65 tomorrow
		{"199301212026211001", "[]", "[]"},                             // this year
		{"201103032026211001", "[nip_age]", "[]"},                      // 15
		{"200803022026211001", "[]", "[]"},                             // 18
		{"200803042026211001", "[]", "[nip_age_unusual]"},              // 17
		{"195103031975031001", "[]", "[nip_age_unusual]"},              // 75
		{"195103021975031001", "[]", "[nip_age_unusual]"},              // 75
		{"195003041975031001", "[]", "[nip_age_unusual]"},              // 75, 76 tomorrow
	} {
		n, err := ParseNIP(tt.nip)
		if err != nil {
			t.Fatalf("%s: %v", tt.nip, err)
		}
		refusals, warnings := n.Check(today)
		if got := fmt.Sprint(keys(refusals)); got != tt.refusals {
			t.Errorf("%s: refusals %s, want %s", tt.nip, got, tt.refusals)
		}
		if got := fmt.Sprint(keys(warnings)); got != tt.warnings {
			t.Errorf("%s: warnings %s, want %s", tt.nip, got, tt.warnings)
		}
	}
}

func keys(faults []*fault.Fault) []string {
	out := []string{}
	for _, f := range faults {
		out = append(out, key(f))
	}
	return out
}

func TestNIPStaysOutOfLogs(t *testing.T) {
	const digits = "199301212020121001"
	n, err := ParseNIP(digits)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	slog.New(slog.NewJSONHandler(&out, nil)).Info("x", "nip", n)
	if strings.Contains(out.String(), digits[:15]) || !strings.Contains(out.String(), "1001") {
		t.Errorf("log: %s", out.String())
	}
	if got, want := n.Masked(), "••••••••••••••1001"; got != want {
		t.Errorf("Masked = %s, want %s", got, want)
	}
	if got := mask("123"); strings.ContainsAny(got, "123") {
		t.Errorf("a short number shows as %q", got)
	}
	for _, typed := range []string{"199301212020121000", "199313212020121001", "19930121202012"} {
		if _, err := ParseNIP(typed); strings.Contains(err.Error(), typed) {
			t.Errorf("the refusal shows the number: %v", err)
		}
	}
}

func TestDetectDamage(t *testing.T) {
	for _, tt := range []struct {
		text     string
		number   bool
		damaged  bool
		prefixes []string
	}{
		{"1.99301212020121E+17", true, true, []string{"199301212020121"}},
		{"1,99301212020121E+17", false, true, []string{"199301212020121"}},
		{"1.99301E+17", false, true, nil},
		{"1,99301E+017", false, true, nil},
		{"2E17", true, true, nil},
		{"1.9930121202012E+17", true, true, []string{"199301212020120"}},
		{"199301212020121001", true, true, []string{"199301212020121"}},
		{"199301212020120992", true, true, []string{"199301212020120", "199301212020121"}},
		{"199301212020121000", false, true, []string{"199301212020121"}},
		{"'19930121 202012 1 000", false, true, []string{"199301212020121"}},
		{"199301212020121", true, true, []string{"199301212020121"}},
		{"199301212020121001", false, false, nil},
		{"199301212020121", false, false, nil},
		{"131110468", true, false, nil},
		{"1.5", true, false, nil}, {"", false, false, nil}, {"Budi", false, false, nil}, {"1E+5", true, false, nil}, {"\x00", false, false, nil},
	} {
		d, damaged := DetectDamage(sheet.Cell{Text: tt.text, Number: tt.number})
		if damaged != tt.damaged || !cmp.Equal(d.Prefixes, tt.prefixes) {
			t.Errorf("DetectDamage(%q, number %v) = %v %v, want %v %v", tt.text, tt.number, damaged, d.Prefixes, tt.damaged, tt.prefixes)
		}
		if len(tt.text) > 15 && strings.Contains(d.masked(), tt.text[:12]) {
			t.Errorf("%q is shown as %q", tt.text, d.masked())
		}
	}
}

// A NIP that parses is eighteen digits whose parts are sound, and every way to
// type it gives it back.
func FuzzParseNIP(f *testing.F) {
	for _, typed := range []string{"199301212020121001", "'19930121 202012 1 001", "199009132025242014", "1,99301E+17", "", "\u00a0"} {
		f.Add(typed)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		n, err := ParseNIP(typed)
		if err != nil {
			if f := fault.Of(err); f == nil || f.Kind != fault.Invalid || !locale.Has(f.Key) {
				t.Fatalf("not a refusal with a text: %v", err)
			}
			return
		}
		if len(n) != 18 || strings.Trim(string(n), "0123456789") != "" {
			t.Fatalf("%q is no NIP", n)
		}
		if year, month := n.Appointment(); year < 0 || (n.Kind() == PNS) != (month >= 1 && month <= 12) {
			t.Fatalf("%s: appointed %d-%d", n, year, month)
		}
		if n.BirthDate().Format("20060102") != string(n[:8]) || n.Serial() == 0 {
			t.Fatalf("%s: born %s, serial %d", n, n.BirthDate(), n.Serial())
		}
		if again, err := ParseNIP(n.Grouped()); err != nil || again != n {
			t.Fatalf("%q read again as %q, %v", n.Grouped(), again, err)
		}
		n.Check(today)
	})
}
