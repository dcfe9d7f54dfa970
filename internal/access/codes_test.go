package access

import (
	"strings"
	"testing"

	"cakap/internal/fault"
)

func TestNewCodeUsesEverySignAlike(t *testing.T) {
	const codes, n = 4000, ActivationLength
	seen := map[string]bool{}
	counts := map[rune]int{}
	for range codes {
		code := NewCode(n)
		if len(code) != n {
			t.Fatalf("NewCode(%d) = %q", n, code)
		}
		if seen[code] {
			t.Fatalf("code %q came twice", code)
		}
		seen[code] = true
		for _, r := range code {
			counts[r]++
		}
	}
	for r, got := range counts {
		if strings.ContainsRune("0O1IL", r) || !strings.ContainsRune(codeAlphabet, r) {
			t.Errorf("a code holds %q, which people misread", r)
		}
		// 48,000 draws of 31: 1,548 each, six deviations are 232.
		if mean := codes * n / len(codeAlphabet); got < mean-232 || got > mean+232 {
			t.Errorf("%q came %d times, want about %d", r, got, mean)
		}
	}
	if len(counts) != len(codeAlphabet) {
		t.Errorf("%d signs came up, want all %d", len(counts), len(codeAlphabet))
	}
}

func TestFormatCode(t *testing.T) {
	for code, want := range map[string]string{
		"": "", "ABC": "ABC", "ABCD": "ABCD", "ABCDEFGHJK": "ABCD-EFGH-JK", "ABCDEFGHJKMN": "ABCD-EFGH-JKMN",
	} {
		if got := FormatCode(code); got != want {
			t.Errorf("FormatCode(%q) = %q, want %q", code, got, want)
		}
	}
}

func TestNormalCode(t *testing.T) {
	for _, tt := range []struct{ typed, want, refused string }{
		{"ABCDEFGHJK", "ABCDEFGHJK", ""},
		{" abcd-efgh-jk ", "ABCDEFGHJK", ""},
		{"ABCD EFGH.JK", "ABCDEFGHJK", ""},
		{"ABCD–EFGH\u00a0JK\u200b", "ABCDEFGHJK", ""},
		{"", "", "access.code_empty"},
		{" \u00a0", "", "access.code_empty"},
		{"ABCD-0FGH", "", "access.code_character"},
		{"ABCDl", "", "access.code_character"},
		{"ſBCD", "", "access.code_character"}, // a long s, whose upper case is S
		{"ÀBC", "", "access.code_character"},
		{strings.Repeat("A", 101), "", "access.code_long"},
	} {
		got, err := NormalCode(tt.typed)
		if got != tt.want || key(err) != tt.refused {
			t.Errorf("NormalCode(%q) = %q, %v, want %q, %q", tt.typed, got, err, tt.want, tt.refused)
		}
		if err != nil && fault.Of(err).Field != FieldCode {
			t.Errorf("NormalCode(%q): the refusal belongs to field %q", tt.typed, fault.Of(err).Field)
		}
	}
}

func TestCodeOfKnowsItsLength(t *testing.T) {
	if _, err := codeOf("ABCD-EFGH-J", StartLength); key(err) != "access.code_length" {
		t.Errorf("a short code: %v", err)
	}
	if code, err := codeOf(FormatCode("ABCDEFGHJK"), StartLength); err != nil || code != "ABCDEFGHJK" {
		t.Errorf("a whole code = %q, %v", code, err)
	}
}

func FuzzNormalCode(f *testing.F) {
	for _, s := range []string{"ABCD-EFGH-JK", "ab\xff", "０１２", "ſ", strings.Repeat("-", 99)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		code, err := NormalCode(typed)
		if err != nil {
			if fault.KindOf(err) != fault.Invalid {
				t.Fatalf("%q: %v", typed, err)
			}
			return
		}
		if strings.Trim(code, codeAlphabet) != "" {
			t.Fatalf("NormalCode(%q) = %q", typed, code)
		}
		if code == "" || len(code) > 64 { // with its dashes it might be too long to read back
			return
		}
		if again, err := NormalCode(FormatCode(code)); err != nil || again != code {
			t.Fatalf("NormalCode(FormatCode(%q)) = %q, %v", code, again, err)
		}
	})
}

// key is the message key of a refusal, "" of no error, the text of another.
func key(err error) string {
	if err == nil {
		return ""
	}
	if f := fault.Of(err); f != nil {
		return f.Key
	}
	return err.Error()
}
