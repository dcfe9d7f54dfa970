package kit

import "testing"

func TestOriginOf(t *testing.T) {
	for host, want := range map[string]string{
		"cakap.example.go.id": "https://cakap.example.go.id", "10.0.0.5:8080": "https://10.0.0.5:8080", "[::1]:8080": "https://[::1]:8080",
		"": "", "a/b": "", "a@b": "", "a?b": "", "a#b": "", "a b": "", "a\"b": "",
	} {
		if got := originOf("https", host); got != want {
			t.Errorf("%q: got %q, want %q", host, got, want)
		}
	}
}
