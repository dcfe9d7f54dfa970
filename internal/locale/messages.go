// Package locale holds what people read: Indonesian texts by message key,
// dates, times and numbers as Indonesian offices write them.
package locale

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"strings"
	"sync"

	"cakap/internal/fault"
)

//go:embed id/*.json
var files embed.FS

// messages is every text by key. Each domain keeps its own file; a key that
// stands twice is caught by the package's test.
var messages = sync.OnceValue(func() map[string]string {
	all, err := load(files)
	if err != nil {
		panic(err) // embedded at build time and covered by a test
	}
	return all
})

func load(dir fs.FS) (map[string]string, error) {
	names, err := fs.Glob(dir, "id/*.json")
	if err != nil {
		return nil, err
	}
	all := map[string]string{}
	for _, name := range names {
		body, err := fs.ReadFile(dir, name)
		if err != nil {
			return nil, err
		}
		var texts map[string]string
		if err := json.Unmarshal(body, &texts); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		for key, text := range texts {
			if _, twice := all[key]; twice {
				return nil, fmt.Errorf("%s: key %q stands in another file too", name, key)
			}
			all[key] = text
		}
	}
	return all, nil
}

// Text is the message for key with args in its verbs. An unknown key shows
// itself, which a test of the calling package should have caught.
func Text(key string, args ...any) string {
	text, ok := messages()[key]
	if !ok {
		text = key
	}
	if len(args) == 0 {
		return text
	}
	if !ok {
		return text + " " + strings.TrimSpace(fmt.Sprintln(args...))
	}
	return fmt.Sprintf(text, args...)
}

// Has reports whether key has a text.
func Has(key string) bool { _, ok := messages()[key]; return ok }

// Fault is what a person may read of err: the texts of its faults, one per
// line, and nothing at all of an internal error.
func Fault(err error) string {
	f := fault.Of(err)
	if f == nil {
		return Text("error.internal")
	}
	if len(f.Faults) == 0 {
		return one(f)
	}
	lines := make([]string, len(f.Faults))
	for i, each := range f.Faults {
		lines[i] = one(each)
	}
	return strings.Join(lines, "\n")
}

func one(f *fault.Fault) string {
	if f.At != "" {
		return f.At + ": " + Text(f.Key, f.Args...)
	}
	return Text(f.Key, f.Args...)
}
