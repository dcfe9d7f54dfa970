package access

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"cakap/internal/fault"
)

func TestPasswordRules(t *testing.T) {
	const nip = "199001012015031001"
	own := []string{nip, "Budi Santoso", "Pemerintah Kota Salatiga"}
	for _, tt := range []struct {
		password string
		least    int
		want     string
	}{
		{"tujuh77", minPassword, "access.password_short"},
		{"delapan8x", minPassword, ""},
		{"sebelas-11x", minStaffPassword, "access.password_short"},
		{"dua belas 12", minStaffPassword, ""},
		{strings.Repeat("é", 7), minPassword, "access.password_short"},
		{strings.Repeat("e\u0301", 7), minPassword, "access.password_short"}, // seven letters, fourteen code points
		{"kucing saya 🐈 suka ikan goreng di hari Minggu pagi yang cerah ✨!", minStaffPassword, ""},
		{strings.Repeat("kuda ", 51), minPassword, ""},
		{strings.Repeat("kuda ", 52), minPassword, "access.password_long"},
		{strings.Repeat("x", 1<<20), minPassword, "access.password_long"},
		{"rusak\xff\xfe\xfd\xfc", minPassword, "access.password_unreadable"},
		{"tab\tdi dalam", minPassword, "access.password_unreadable"},
		{nip, minPassword, "access.password_own"},
		{"19900101 201503 1 001", minPassword, "access.password_own"},
		{"19900101", minPassword, "access.password_own"}, // the birth date, which the NIP tells
		{"01201503", minPassword, "access.password_own"},
		{"budi santoso", minPassword, "access.password_own"},
		{"BudiSantoso!", minPassword, "access.password_own"},
		{"pemerintah kota salatiga", minPassword, "access.password_own"},
		{"password", minPassword, "access.password_common"},
		{"Password123!", minStaffPassword, "access.password_common"},
		{"P@ssw0rd", minPassword, "access.password_common"},
		{"BISMILLAH", minPassword, "access.password_common"},
		{"bismillah2026", minPassword, "access.password_common"},
		{"rahasia#2026", minStaffPassword, "access.password_common"},
		{"Indonesia45", minPassword, "access.password_common"},
		{"semarang", minPassword, "access.password_common"},
		{"12345678", minPassword, "access.password_common"},
		{"98765432", minPassword, "access.password_common"},
		{"abcdefghijklmn", minStaffPassword, "access.password_common"},
		{"zzzzzzzzzzzz", minStaffPassword, "access.password_common"},
		{"ikan terbang rendah", minStaffPassword, ""},
		{"73519048", minPassword, ""},
	} {
		err := checkPassword(tt.password, tt.least, own...)
		if key(err) != tt.want {
			t.Errorf("checkPassword(%.40q, %d) = %v, want %q", tt.password, tt.least, err, tt.want)
		}
		if err != nil && fault.Of(err).Field != FieldPassword {
			t.Errorf("%.40q: the refusal belongs to field %q", tt.password, fault.Of(err).Field)
		}
	}
}

func TestEveryCommonPasswordIsRefused(t *testing.T) {
	all := commonPasswords()
	if len(all) < 300 {
		t.Errorf("%d common passwords, want at least 300", len(all))
	}
	for word := range all {
		if word != strings.ToLower(word) {
			t.Errorf("%q in the list can never match: it is not lower case", word)
		}
		for _, typed := range []string{word, strings.ToUpper(word)} {
			if len(word) >= minPassword && key(checkPassword(typed, minPassword)) != "access.password_common" {
				t.Errorf("%q is accepted", typed)
			}
		}
	}
}

func TestHash(t *testing.T) {
	stored, err := hashPassword("ikan terbang rendah é")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(stored, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("hash %q has another cost than the design's", stored)
	}
	again, err := hashPassword("ikan terbang rendah é")
	if err != nil || again == stored {
		t.Errorf("two hashes of one password are equal: no salt (%v)", err)
	}
	p, err := parsePHC(stored)
	if err != nil {
		t.Fatal(err)
	}
	if p.String() != stored {
		t.Errorf("parsed %q, printed %q", stored, p)
	}
	for password, want := range map[string]bool{
		"ikan terbang rendah é": true, "ikan terbang rendah e\u0301": true, // the same letter by another keyboard
		"ikan terbang rendah e": false, "": false, "Ikan terbang rendah é": false,
	} {
		if got := p.matches(password); got != want {
			t.Errorf("matches(%q) = %v, want %v", password, got, want)
		}
	}
}

// Asking for somebody who is not there must cost what asking for somebody does.
func TestNobodyCostsAsMuchAsSomebody(t *testing.T) {
	stored, err := hashPassword("ikan terbang rendah")
	if err != nil {
		t.Fatal(err)
	}
	p, err := parsePHC(stored)
	if err != nil {
		t.Fatal(err)
	}
	if nobody.cost != p.cost || len(nobody.salt) != len(p.salt) || len(nobody.key) != len(p.key) {
		t.Errorf("nobody is %+v, somebody %+v", nobody.cost, p.cost)
	}
	if nobody.matches("") || nobody.matches("ikan terbang rendah") {
		t.Error("nobody has a password")
	}
}

func TestParsePHCRefuses(t *testing.T) {
	const good = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
	if _, err := parsePHC(good); err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{
		"", "x", "$2a$10$abc", strings.Replace(good, "argon2id", "argon2i", 1), strings.Replace(good, "v=19", "v=16", 1),
		strings.Replace(good, "m=19456", "m=4194304", 1), strings.Replace(good, "t=2", "t=0", 1), strings.Replace(good, "t=2", "t=99", 1),
		strings.Replace(good, "p=1", "p=0", 1), good + "$x", good[:len(good)-4], strings.Replace(good, "$AAAA", "$é", 1),
	} {
		if _, err := parsePHC(bad); !errors.Is(err, errPHC) {
			t.Errorf("parsePHC(%q) = %v", bad, err)
		}
	}
}

func TestGateShedsAndWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGate(1, 2, 2*time.Second)
		leave, err := g.enter(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		waited := make(chan error, 2)
		for range 2 {
			go func() {
				leave, err := g.enter(t.Context())
				if err == nil {
					leave()
				}
				waited <- err
			}()
		}
		synctest.Wait()
		start := time.Now()
		if _, err := g.enter(t.Context()); fault.KindOf(err) != fault.Unavailable || time.Since(start) != 0 {
			t.Errorf("a full queue: %v after %v, want to be shed at once", err, time.Since(start))
		}
		leave()
		for range 2 {
			if err := <-waited; err != nil {
				t.Errorf("who waits within the time gets a turn: %v", err)
			}
		}

		leave, err = g.enter(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		start = time.Now()
		if _, err := g.enter(t.Context()); key(err) != "access.busy" || time.Since(start) != 2*time.Second {
			t.Errorf("waiting in vain: %v after %v", err, time.Since(start))
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := g.enter(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("a request that went away: %v", err)
		}
		leave()
		if len(g.slots) != 0 || len(g.queue) != 0 {
			t.Errorf("%d slots and %d places leaked", len(g.slots), len(g.queue))
		}
	})
}
