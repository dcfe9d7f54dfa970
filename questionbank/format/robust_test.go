package format_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime/debug"
	"runtime/metrics"
	"strings"
	"sync"
	"testing"
	"time"

	"cakap/internal/fault"
	"cakap/questionbank"
	"cakap/questionbank/format"
	"cakap/questionbank/questionbanktest"
)

// What one damaged file may cost. These find what grows without bound, on any
// machine; how fast and how lean the readers are is for the benchmarks to say.
const (
	readLimit  = 30 * time.Second
	hangLimit  = 2 * time.Minute
	heapLimit  = 600 << 20
	cuts       = 20
	flips      = 5
	sampleStep = 2 * time.Millisecond
)

// survive reads what it is given as the bank does and takes every question as
// far as its check. It says what went wrong, "" for nothing.
func survive(name string, content []byte) (wrong string) {
	defer func() {
		if r := recover(); r != nil {
			wrong = fmt.Sprintf("panic: %v\n%s", r, debug.Stack())
		}
	}()
	start := time.Now()
	parsed, err := format.Read(questionbank.Input{Name: name, Content: content})
	if err != nil && fault.Of(err) == nil {
		return "an error that is no fault: " + err.Error()
	}
	for _, item := range parsed.Items {
		c := item.Content.Normalise()
		if err := c.Validate(); err != nil && fault.Of(err) == nil {
			return "a refusal that is no fault: " + err.Error()
		}
		_ = c.JSON()
		_ = c.Delivery()
	}
	if took := time.Since(start); took > readLimit {
		return "it took " + took.String()
	}
	return ""
}

// corpusFiles is every file of the corpus, the shortest first.
func corpusFiles(t *testing.T) []string {
	t.Helper()
	if _, err := os.Stat(corpus); err != nil {
		t.Skipf("the corpus is not here: %v", err)
	}
	var files []string
	err := filepath.WalkDir(corpus, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			files = append(files, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// damage is a file cut at n places, and with one byte in a hundred turned m
// times; the same file is always damaged the same way.
func damage(content []byte, n, m int, visit func(what string, damaged []byte)) {
	for i := range n {
		at := len(content) * i / n
		visit(fmt.Sprintf("cut at %d of %d", at, len(content)), content[:at:at])
	}
	for seed := range m {
		rng := rand.New(rand.NewPCG(uint64(seed), uint64(len(content))))
		turned := append([]byte(nil), content...)
		for range len(turned) / 100 {
			turned[rng.IntN(len(turned))] ^= byte(1 + rng.IntN(255))
		}
		visit(fmt.Sprintf("flipped with seed %d", seed), turned)
	}
}

// heapPeak watches how large the heap gets until stop is called.
func heapPeak() (stop func() uint64) {
	done, peak := make(chan struct{}), make(chan uint64)
	go func() {
		sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
		var most uint64
		for ended := false; !ended; {
			select {
			case <-done:
				ended = true
			case <-time.After(sampleStep):
			}
			metrics.Read(sample)
			most = max(most, sample[0].Value.Uint64())
		}
		peak <- most
	}()
	return func() uint64 { close(done); return <-peak }
}

// TestDamagedCorpus is the promise of issue 3: every file of the corpus, cut at
// twenty places and with one byte in a hundred turned, is read or refused
// without a panic, in bounded time and memory.
func TestDamagedCorpus(t *testing.T) {
	files := corpusFiles(t)
	n, m := cuts, flips
	if testing.Short() || raced {
		n, m = 1, 1
	}
	work := make(chan string)
	peak := heapPeak()
	var group sync.WaitGroup
	for range 2 {
		group.Go(func() {
			for file := range work {
				damageFile(t, file, n, m)
			}
		})
	}
	for _, file := range files {
		work <- file
	}
	close(work)
	group.Wait()
	most := peak()
	t.Logf("%d files, %d reads, heap at most %d MiB", len(files), len(files)*(n+m), most>>20)
	if most > heapLimit {
		t.Errorf("the heap grew to %d MiB, more than %d", most>>20, heapLimit>>20)
	}
}

// TestDamagedFixtures is the same for the repository's own fixtures, and for a
// file of every type in each format that we write.
func TestDamagedFixtures(t *testing.T) {
	files, err := filepath.Glob("*/testdata/*")
	if err != nil {
		t.Fatal(err)
	}
	read, n, m := 0, cuts, flips
	if raced {
		n, m = 1, 1
	}
	for _, file := range files {
		if info, err := os.Stat(file); err != nil || info.IsDir() || filepath.Ext(file) == ".golden" {
			continue
		}
		damageFile(t, file, n, m)
		read++
	}
	for _, f := range format.All() {
		if f.Write == nil {
			continue
		}
		file := filepath.Join(t.TempDir(), f.Name+f.Ext)
		if err := os.WriteFile(file, samples(t, f), 0o600); err != nil {
			t.Fatal(err)
		}
		damageFile(t, file, n, m)
		read++
	}
	if read < 15 {
		t.Errorf("only %d files were damaged", read)
	}
}

// samples is an item of every type as f writes them.
func samples(t *testing.T, f questionbank.Format) []byte {
	t.Helper()
	bank := questionbank.Export{Media: func(string) ([]byte, error) { return questionbanktest.Picture(), nil }}
	for _, c := range questionbanktest.Samples() {
		bank.Items = append(bank.Items, questionbank.Exported{Content: c})
	}
	var b bytes.Buffer
	if _, err := f.Write(&b, bank); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func damageFile(t *testing.T, file string, n, m int) {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Error(err)
		return
	}
	name := filepath.Base(file)
	damage(content, n, m, func(what string, damaged []byte) {
		hang := time.AfterFunc(hangLimit, func() { panic(file + " " + what + ": still reading after " + hangLimit.String()) })
		defer hang.Stop()
		if wrong := survive(name, damaged); wrong != "" {
			t.Errorf("%s %s: %s", strings.TrimPrefix(file, corpus), what, wrong)
		}
	})
}
