package access

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cakap/internal/fault"
)

func testKeys() *Keys { return NewKeys(bytes.Repeat([]byte{7}, secretBytes)) }

func TestSealOpensAsItsOwnKindOnly(t *testing.T) {
	k, other := testKeys(), NewKeys(bytes.Repeat([]byte{8}, secretBytes))
	seen := map[string]bool{}
	for _, id := range []int64{0, 1, 2, 255, 1 << 40, 1<<63 - 1} {
		sealed := k.Seal("event", id)
		if len(sealed) != 22 || strings.Trim(sealed, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") != "" {
			t.Errorf("Seal(%d) = %q, want 22 characters that a URL may hold", id, sealed)
		}
		if seen[sealed[:6]] {
			t.Errorf("Seal(%d) begins like another", id)
		}
		seen[sealed[:6]] = true
		if got, err := k.Open("event", sealed); err != nil || got != id {
			t.Errorf("Open(Seal(%d)) = %d, %v", id, got, err)
		}
		if _, err := k.Open("person", sealed); fault.KindOf(err) != fault.NotFound {
			t.Errorf("an event opens as a person: %v", err)
		}
		if _, err := other.Open("event", sealed); fault.KindOf(err) != fault.NotFound {
			t.Errorf("opens under another installation's key: %v", err)
		}
	}
}

func TestOpenRefusesForgeries(t *testing.T) {
	k := testKeys()
	sealed := k.Seal("event", 42)
	forged := []string{"", "1", "42", "event", sealed + "A", sealed[:21], strings.Repeat("A", 22), "../../../../etc/passwd", strings.Repeat("é", 11)}
	for i := range len(sealed) {
		b := []byte(sealed)
		if b[i]++; b[i] > 'z' {
			b[i] = 'A'
		}
		forged = append(forged, string(b))
	}
	for _, s := range forged {
		if id, err := k.Open("event", s); fault.KindOf(err) != fault.NotFound {
			t.Errorf("Open(%q) = %d, %v, want not found", s, id, err)
		}
	}
}

func TestCodeDependsOnAll(t *testing.T) {
	k := testKeys()
	all := map[string]bool{}
	for _, s := range []string{
		k.Code("start", "ABCD"), k.Code("start", "ABCE"), k.Code("activation", "ABCD"), k.Code("startA", "BCD"),
		NewKeys(bytes.Repeat([]byte{8}, secretBytes)).Code("start", "ABCD"),
	} {
		all[s] = true
	}
	if len(all) != 5 {
		t.Errorf("%d different codes, want 5", len(all))
	}
	if k.Code("start", "ABCD") != testKeys().Code("start", "ABCD") {
		t.Error("another node of the installation reads the same code otherwise")
	}
}

var bearer = Bearer{Enrolment: 1<<62 + 5, Attempt: 2, Epoch: 3, Person: 77, Shape: strings.Repeat("4", 80)}

func TestBearer(t *testing.T) {
	k := testKeys()
	token := k.Bearer(bearer)
	got, err := k.ParseBearer(token)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(bearer, got); diff != "" {
		t.Error(diff)
	}
	forged := []string{"", "x", token + "AAAA", token[:len(token)-4], token[4:], strings.Repeat("A", 2000), NewKeys(bytes.Repeat([]byte{8}, secretBytes)).Bearer(bearer)}
	for i := range len(token) - 1 {
		b := []byte(token)
		if b[i] == 'A' {
			b[i] = 'B'
		} else {
			b[i] = 'A'
		}
		forged = append(forged, string(b))
	}
	for _, s := range forged {
		if b, err := k.ParseBearer(s); fault.KindOf(err) != fault.Unauthentic || b != (Bearer{}) {
			t.Errorf("ParseBearer(%q) = %v, %v", s, b, err)
		}
	}
}

func TestParseBearerAllocatesLittle(t *testing.T) {
	k := testKeys()
	token := k.Bearer(bearer)
	got := testing.AllocsPerRun(100, func() {
		if _, err := k.ParseBearer(token); err != nil {
			t.Fatal(err)
		}
	})
	if got > 12 {
		t.Errorf("%v allocations per token, want at most 12", got)
	}
}

func BenchmarkParseBearer(b *testing.B) {
	k := testKeys()
	token := k.Bearer(bearer)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := k.ParseBearer(token); err != nil {
			b.Fatal(err)
		}
	}
}

func FuzzOpenAndParseBearer(f *testing.F) {
	k := testKeys()
	f.Add(k.Seal("event", 1))
	f.Add(k.Bearer(bearer))
	f.Add("\xff")
	f.Fuzz(func(t *testing.T, s string) {
		if id, err := k.Open("event", s); err == nil && k.Seal("event", id) != s {
			t.Fatalf("Open(%q) = %d, which seals otherwise", s, id)
		}
		if b, err := k.ParseBearer(s); err == nil && k.Bearer(b) != s {
			t.Fatalf("ParseBearer(%q) = %v, which signs otherwise", s, b)
		}
	})
}

func TestLoadKeys(t *testing.T) {
	path := filepath.Join(t.TempDir(), "key")
	if _, err := LoadKeys(path, false); err == nil {
		t.Fatal("a key file that is not there was read")
	}
	var sealed sync.Map // many processes may start on a new folder at once
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			k, err := LoadKeys(path, true)
			if err != nil {
				t.Error(err)
				return
			}
			sealed.Store(k.Seal("event", 1), true)
		})
	}
	wg.Wait()
	n := 0
	sealed.Range(func(any, any) bool { n++; return true })
	if n != 1 {
		t.Errorf("%d different keys were made, want 1", n)
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm() != 0o600 {
		t.Errorf("the key file has mode %v", info.Mode())
	}
	for _, bad := range []string{"", "zz", strings.Repeat("ab", secretBytes-1)} {
		if err := os.WriteFile(path, []byte(bad), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := LoadKeys(path, true); err == nil {
			t.Errorf("a key file of %q was accepted", bad)
		}
	}
}
