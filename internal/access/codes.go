package access

import (
	"crypto/rand"
	"strings"
	"unicode"

	"cakap/internal/fault"
)

// Purposes of a secret code: a code kept under one opens nothing under another.
const (
	StartPurpose      = "start"      // enrolment.start_code_hash
	ActivationPurpose = "activation" // activation_code.code_hash of a person
	setupPurpose      = "setup"
	throttlePurpose   = "throttle"
)

// Lengths of the codes that are printed on paper: 49 bits that live for one
// session behind a strict limit, and 59 that live for days.
const (
	StartLength      = 10
	ActivationLength = 12
)

// codeAlphabet leaves out what a tired reader takes for something else: 0 and
// O, 1 and I and L.
const codeAlphabet = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"

// NewCode makes a random code of n characters, some 4.95 bits each.
func NewCode(n int) string {
	// Bytes at or above the last whole multiple are thrown away, so that no
	// character comes up more often than another.
	const fair = 256 / len(codeAlphabet) * len(codeAlphabet)
	code := make([]byte, 0, n)
	pool := make([]byte, 2*n)
	for len(code) < n {
		if _, err := rand.Read(pool); err != nil {
			panic(err) // crypto/rand does not fail on a supported system
		}
		for _, b := range pool {
			if int(b) < fair && len(code) < n {
				code = append(code, codeAlphabet[int(b)%len(codeAlphabet)])
			}
		}
	}
	return string(code)
}

// FormatCode groups a code by fours, as it is printed: "ABCD-EFGH-JK".
func FormatCode(s string) string {
	var b strings.Builder
	for i, r := range s {
		if i > 0 && i%4 == 0 {
			b.WriteByte('-')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// NormalCode is the code that somebody typed, in whatever case and grouped by
// whatever separators. A character that no code has is refused by name, since
// it is always a misreading.
func NormalCode(s string) (string, error) {
	if strings.TrimSpace(s) == "" {
		return "", fault.New(fault.Invalid, "access.code_empty").On(FieldCode)
	}
	if len(s) > 100 {
		return "", fault.New(fault.Invalid, "access.code_long").On(FieldCode)
	}
	var b strings.Builder
	for _, r := range s {
		up := r // not unicode.ToUpper: the upper case of a long s is S, and no code has one
		if 'a' <= r && r <= 'z' {
			up = r - 'a' + 'A'
		}
		switch {
		case unicode.IsSpace(r) || unicode.Is(unicode.Pd, r) || unicode.Is(unicode.Cf, r) || r == '.' || r == '_':
		case strings.ContainsRune(codeAlphabet, up):
			b.WriteRune(up)
		default:
			return "", fault.New(fault.Invalid, "access.code_character", string(r)).On(FieldCode)
		}
	}
	return b.String(), nil
}

// codeOf is NormalCode of a code with a known length.
func codeOf(s string, length int) (string, error) {
	code, err := NormalCode(s)
	if err == nil && len(code) != length {
		err = fault.New(fault.Invalid, "access.code_length", length, len(code)).On(FieldCode)
	}
	return code, err
}
