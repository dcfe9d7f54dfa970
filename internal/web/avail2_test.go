package web_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cakap/internal/web"
	"cakap/internal/web/kit"
)

// hang is how long a test waits for what must happen; it judges no speed.
const hang = time.Minute

// serving runs a server on a port of its own until the test ends.
func serving(t *testing.T, limits web.Limits) (address string, stop func() error) {
	t.Helper()
	cfg := secure
	cfg.Limits = limits
	w := newWorld(t, cfg)
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- w.server.Serve(ctx, l, slog.New(slog.DiscardHandler)) }()
	stop = sync.OnceValue(func() error {
		cancel()
		return <-ended
	})
	t.Cleanup(func() {
		if err := stop(); err != nil {
			t.Errorf("the server ended with %v", err)
		}
	})
	return l.Addr().String(), stop
}

// dial opens a connection and sends what it is given.
func dial(t *testing.T, address, send string) net.Conn {
	t.Helper()
	conn, err := (&net.Dialer{Timeout: hang}).DialContext(t.Context(), "tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() }) // the server has closed most of them
	if err := conn.SetDeadline(time.Now().Add(hang)); err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(conn, send); err != nil {
		t.Fatal(err)
	}
	return conn
}

// shed waits until the server has closed a connection, and returns what it said.
func shed(t *testing.T, conn net.Conn) string {
	t.Helper()
	said, err := io.ReadAll(conn)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("a slow connection is still open after %s", hang)
	}
	return string(said)
}

// AV-02: clients that send or read slowly, two thousand of them, are shed; whoever
// is in a hurry is served meanwhile.
func TestAvailabilityAV02(t *testing.T) {
	calm(t)
	t.Parallel()
	address, _ := serving(t, web.Limits{Header: time.Second, Read: 2 * time.Second, Write: 2 * time.Second})
	const head = "GET /livez HTTP/1.1\r\nHost: rig\r\nX-Slow: "
	var slow []net.Conn
	for range crowd(t, 2000) {
		slow = append(slow, dial(t, address, head))
	}
	body := dial(t, address, "POST /masuk HTTP/1.1\r\nHost: rig\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 500\r\n\r\nnip=")
	stop := trickle(slow, body)
	defer stop()

	for range 20 {
		r, err := get(t, "http://"+address+"/masuk")
		if err != nil || r != http.StatusOK {
			t.Fatalf("somebody in a hurry: status %d, %v", r, err)
		}
	}
	for _, conn := range slow {
		if said := shed(t, conn); strings.Contains(said, " 200 ") {
			t.Fatalf("a request without an end was answered: %s", said)
		}
	}
	if said := shed(t, body); strings.Contains(said, " 303 ") || strings.Contains(said, " 200 ") {
		t.Errorf("a form without an end was answered: %s", said)
	}
	reader(t, address)
}

// reader asks for far more than fits into the line, and reads nothing until the
// server has given up.
func reader(t *testing.T, address string) {
	t.Helper()
	const asked = 4000
	conn := dial(t, address, "")
	gone := make(chan struct{})
	go func() {
		defer close(gone)
		// The error is the point: the server closes the connection.
		_, _ = io.WriteString(conn, strings.Repeat("GET /masuk HTTP/1.1\r\nHost: rig\r\n\r\n", asked))
		// A request more, until the server's end is closed for good.
		for range int(hang / (100 * time.Millisecond)) {
			if _, err := io.WriteString(conn, "GET /livez HTTP/1.1\r\nHost: rig\r\n\r\n"); err != nil {
				return
			}
			time.Sleep(100 * time.Millisecond)
		}
	}()
	<-gone
	in, answers := bufio.NewReader(conn), 0
	for {
		r, err := http.ReadResponse(in, nil)
		if err != nil {
			break
		}
		_, err = io.Copy(io.Discard, r.Body)
		_ = r.Body.Close() // read whole, or broken
		if err != nil {
			break
		}
		answers++
	}
	if answers >= asked {
		t.Errorf("a reader that reads nothing got all of %d answers", answers)
	}
}

// crowd is n, or as many connections as the system lets this process have, both
// ends counted.
func crowd(t *testing.T, n int) int {
	t.Helper()
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		t.Fatal(err)
	}
	if most := int(min(limit.Cur, 1<<20))/2 - 200; most < n {
		n = max(most, 100)
		t.Logf("%d connections, for no more files may be open", n)
	}
	return n
}

// trickle keeps the connections just alive.
func trickle(slow []net.Conn, body net.Conn) (stop func()) {
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		for {
			for _, conn := range append(slow, body) {
				_, _ = io.WriteString(conn, "a") // the server may have closed it
			}
			select {
			case <-done:
				return
			case <-time.After(200 * time.Millisecond):
			}
		}
	}()
	return func() {
		close(done)
		<-ended
	}
}

func get(t *testing.T, url string) (int, error) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	client := http.Client{Timeout: hang, Transport: &http.Transport{DisableKeepAlives: true}}
	r, err := client.Do(req)
	if err != nil {
		return 0, err
	}
	_, err = io.Copy(io.Discard, r.Body)
	return r.StatusCode, errors.Join(err, r.Body.Close())
}

// TestLimits: a server that was given none has those of the open Internet.
func TestLimits(t *testing.T) {
	want := web.Limits{Header: 5 * time.Second, Read: 15 * time.Second, Write: time.Minute, Idle: time.Minute, Drain: 8 * time.Second}
	if diff := cmp.Diff(want, web.FilledLimits(web.Limits{})); diff != "" {
		t.Errorf("limits (-want +got):\n%s", diff)
	}
}

// TestDrain: a server that is told to stop is not ready any more, serves on for
// a while, and closes each connection with its answer.
func TestDrain(t *testing.T) {
	address, stop := serving(t, web.Limits{Delay: 3 * time.Second})
	conn := dial(t, address, "GET /livez HTTP/1.1\r\nHost: rig\r\n\r\n")
	in := bufio.NewReader(conn)
	first, err := http.ReadResponse(in, nil)
	if err != nil || first.StatusCode != http.StatusOK || first.Close {
		t.Fatalf("before: %v, %v", first, err)
	}
	_, _ = io.Copy(io.Discard, first.Body) // two bytes, which are there
	_ = first.Body.Close()
	ended := make(chan error, 1)
	go func() { ended <- stop() }()
	for {
		status, err := get(t, "http://"+address+"/readyz")
		if err != nil {
			t.Fatalf("readiness did not go first: %v", err)
		}
		if status == http.StatusServiceUnavailable {
			break
		}
	}
	if _, err := io.WriteString(conn, "GET /livez HTTP/1.1\r\nHost: rig\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	second, err := http.ReadResponse(in, nil)
	if err != nil || second.StatusCode != http.StatusOK || !second.Close {
		t.Errorf("while it stops: %v, %v; want 200 and the end of the connection", second, err)
	}
	if second != nil {
		_ = second.Body.Close()
	}
	if err := <-ended; err != nil {
		t.Errorf("the server ended with %v", err)
	}
}

// AV-08: texts that make a careless reader work for ever. What grows without
// bound hits the limit of a minute; the fuzzed parts are in kit's
// TestMarkdownCost and the formats' own tests.
func TestAvailabilityAV08(t *testing.T) {
	const size = 100 << 10
	for name, part := range map[string]string{
		"brackets": "[", "quotes": ">", "lists": "- ", "deep lists": "\n  - ", "links": "[a](", "emphasis": "*a **b ", "ticks": "`", "entities": "&", "pictures": "![",
	} {
		done := make(chan error, 1)
		go func() {
			out, err := kit.Markdown(strings.Repeat(part, size/len(part)))
			if err == nil && len(out) > 40*size {
				err = fmt.Errorf("%d bytes came out", len(out))
			}
			done <- err
		}()
		select {
		case err := <-done:
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
		case <-time.After(hang):
			t.Errorf("%s: no end after %s", name, hang)
		}
	}
}
