package access

import (
	_ "embed"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"cakap/internal/fault"
)

// Lengths of passwords. The least is in characters as a person counts them,
// the most in bytes, so that nobody hands us a megabyte to hash.
const (
	minPassword      = 8
	minStaffPassword = 12
	maxPassword      = 256
)

//go:embed common_passwords.txt
var commonText string

// commonPasswords are the words that guessing begins with.
var commonPasswords = sync.OnceValue(func() map[string]bool {
	all := map[string]bool{}
	for line := range strings.Lines(commonText) {
		if word := strings.TrimSpace(line); word != "" && !strings.HasPrefix(word, "#") {
			all[word] = true
		}
	}
	return all
})

// checkPassword is the rule for new passwords: length, no guess's first
// choice, and nothing that is known of the person. own are the NIP or user
// name, the name and the agency; an empty one is nothing.
func checkPassword(password string, least int, own ...string) error {
	refuse := func(key string, args ...any) error { return fault.New(fault.Invalid, key, args...).On(FieldPassword) }
	if len(password) > maxPassword {
		return refuse("access.password_long", maxPassword)
	}
	if !utf8.ValidString(password) || strings.ContainsFunc(password, unicode.IsControl) {
		return refuse("access.password_unreadable")
	}
	if utf8.RuneCountInString(norm.NFC.String(password)) < least {
		return refuse("access.password_short", least)
	}
	plain := letters(password)
	for _, o := range own {
		if mine := letters(o); mine != "" && (plain == mine || isDigits(plain) && strings.Contains(mine, plain)) {
			return refuse("access.password_own")
		}
	}
	if guessable(password) {
		return refuse("access.password_common")
	}
	return nil
}

// guessable reports whether a password is a common one, with or without the
// digits and signs that people add to get past a rule.
func guessable(password string) bool {
	lower := strings.ToLower(norm.NFC.String(password))
	core := strings.TrimFunc(lower, func(r rune) bool { return !unicode.IsLetter(r) })
	common := commonPasswords()
	return common[lower] || common[letters(lower)] || core != "" && common[core] || monotonous(lower)
}

// monotonous finds "aaaaaaaa" and "23456789": each character the same
// step from the one before.
func monotonous(s string) bool {
	all := []rune(s)
	for i := 2; i < len(all); i++ {
		if step := all[1] - all[0]; step < -1 || step > 1 || all[i]-all[i-1] != step {
			return false
		}
	}
	return true
}

// letters is a text's letters and digits alone, in lower case.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

func isDigits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}
