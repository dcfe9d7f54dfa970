package storm

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"time"

	"cakap/bench/rig"
)

// Setup says how the product is started.
type Setup struct {
	Binary string
	Place  rig.Place
	Args   []string // after `serve --listen …`
	Env    []string // besides the rig's own
}

// Server is the product as a child process.
type Server struct {
	Address string
	process *os.Process
	said    *words
	ended   chan struct{} // closed after the process ended
	err     error
}

// words collects what a process says while another goroutine reads it.
type words struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (w *words) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.buf.Write(p)
}

func (w *words) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.buf.String()
}

// Launch starts the product and does not wait for it.
func Launch(ctx context.Context, s Setup) (*Server, error) {
	address, err := freeAddress(ctx)
	if err != nil {
		return nil, err
	}
	args := append([]string{"serve", "--listen", address, "--database", s.Place.Database, "--key-file", s.Place.KeyFile}, s.Args...)
	cmd := exec.CommandContext(ctx, s.Binary, args...) //nolint:gosec // our own binary
	server := &Server{Address: address, said: &words{}, ended: make(chan struct{})}
	cmd.Stderr, cmd.Env = server.said, append(os.Environ(), s.Env...)
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	server.process = cmd.Process
	go func() {
		server.err = cmd.Wait()
		close(server.ended)
	}()
	return server, nil
}

// Begin starts the product and waits until it is ready.
func Begin(ctx context.Context, s Setup) (*Server, error) {
	server, err := Launch(ctx, s)
	if err != nil {
		return nil, err
	}
	deadline := time.After(30 * time.Second)
	for {
		if server.Ready(ctx) {
			return server, nil
		}
		select {
		case <-server.ended:
			return nil, fmt.Errorf("the server ended before it was ready: %w: %s", server.err, server.Said())
		case <-deadline:
			_ = server.Kill() // it is of no use any more
			return nil, fmt.Errorf("the server did not become ready: %s", server.Said())
		case <-time.After(2 * time.Millisecond):
		}
	}
}

func freeAddress(ctx context.Context) (string, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

// asks is for questions of one request each.
var asks = http.Client{Timeout: 5 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}

// Get asks for a page and returns its status, 0 where nobody answers.
func (s *Server) Get(ctx context.Context, path string) int {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+s.Address+path, nil)
	if err != nil {
		return 0
	}
	r, err := asks.Do(req)
	if err != nil {
		return 0
	}
	_ = r.Body.Close() // its status is all that is asked
	return r.StatusCode
}

// Ready reports whether the server takes work.
func (s *Server) Ready(ctx context.Context) bool { return s.Get(ctx, "/readyz") == http.StatusOK }

// Said is what the server logged.
func (s *Server) Said() string { return s.said.String() }

// Signal sends a signal.
func (s *Server) Signal(sig syscall.Signal) error { return s.process.Signal(sig) }

// Wait waits for the end and returns how the process went.
func (s *Server) Wait() error {
	<-s.ended
	return s.err
}

// Kill ends the process at once.
func (s *Server) Kill() error {
	err := s.process.Kill()
	<-s.ended
	return err
}

// Stop ends the process as an operator does.
func (s *Server) Stop() error {
	if err := s.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	return s.Wait()
}
