package rig

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// CPU is what a process has used, in steps of ten milliseconds, from /proc; 0
// where there is none.
func CPU(pid int) time.Duration {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(stat), ") ")
	fields := strings.Fields(rest)
	if len(fields) < 13 {
		return 0
	}
	var ticks int64
	for _, f := range fields[11:13] {
		n, err := strconv.ParseInt(f, 10, 64)
		if err != nil {
			return 0
		}
		ticks += n
	}
	return time.Duration(ticks) * 10 * time.Millisecond
}

// Memory is how many bytes a process has resident now, and had at most.
func Memory(pid int) (now, most int64) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, 0
	}
	for line := range strings.Lines(string(status)) {
		fields := strings.Fields(line)
		if len(fields) < 2 {
			continue
		}
		kb, err := strconv.ParseInt(fields[1], 10, 64)
		switch {
		case err != nil:
		case fields[0] == "VmRSS:":
			now = kb << 10
		case fields[0] == "VmHWM:":
			most = kb << 10
		}
	}
	return now, most
}

// MiB writes bytes for people.
func MiB(n int64) string { return fmt.Sprintf("%.0f MiB", float64(n)/(1<<20)) }

// Server is the real binary, serving a place.
type Server struct {
	Address string // host:port
	PID     int
	cmd     *exec.Cmd
	log     *os.File
	gone    chan error
	once    sync.Once
}

// Serve starts the binary on a place and waits until it is ready. What it logs
// lies beside the key.
func Serve(ctx context.Context, binary string, p Place, env ...string) (*Server, error) {
	log, err := os.Create(filepath.Join(filepath.Dir(p.KeyFile), "server.log"))
	if err != nil {
		return nil, err
	}
	s := &Server{log: log, gone: make(chan error, 1)}
	s.cmd = exec.CommandContext(ctx, binary, "serve", "--database", p.Database, "--key-file", p.KeyFile, "--listen", "127.0.0.1:0") //nolint:gosec // the caller's own binary
	s.cmd.Env = append(os.Environ(), env...)
	s.cmd.Stderr = log
	dieWithUs(s.cmd)
	out, err := s.cmd.StdoutPipe()
	if err == nil {
		err = s.cmd.Start()
	}
	if err != nil {
		return nil, errors.Join(err, log.Close())
	}
	s.PID = s.cmd.Process.Pid
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if _, rest, ok := strings.Cut(lines.Text(), "://localhost:"); ok {
			port, _, _ := strings.Cut(rest, " ")
			s.Address = "127.0.0.1:" + port
			break
		}
	}
	go func() {
		for lines.Scan() { // it must never wait for us to read
		}
		s.gone <- s.cmd.Wait()
	}()
	if s.Address == "" {
		return nil, errors.Join(errors.New("the server names no address"), s.Stop())
	}
	return s, s.ready(ctx)
}

func (s *Server) ready(ctx context.Context) error {
	for range 600 {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+s.Address+"/readyz", http.NoBody)
		if err != nil {
			return err
		}
		if resp, err := http.DefaultClient.Do(r); err == nil {
			_ = resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				return nil
			}
		}
		time.Sleep(100 * time.Millisecond)
	}
	return errors.Join(errors.New("the server did not become ready"), s.Stop())
}

// Stop tells the server to end and waits for it.
func (s *Server) Stop() (err error) {
	s.once.Do(func() {
		_ = s.cmd.Process.Signal(syscall.SIGTERM)
		select {
		case err = <-s.gone:
		case <-time.After(time.Minute):
			_ = s.cmd.Process.Kill()
			err = errors.New("the server did not end")
		}
		err = errors.Join(err, s.log.Close())
	})
	return err
}

// Watch samples the server's memory until stop is called, which returns the
// most it saw.
func (s *Server) Watch() (stop func() (samples []int64, most int64)) {
	done, finished := make(chan struct{}), make(chan struct{})
	var samples []int64
	go func() {
		defer close(finished)
		for {
			now, _ := Memory(s.PID)
			samples = append(samples, now)
			select {
			case <-done:
				return
			case <-time.After(time.Second):
			}
		}
	}()
	return func() ([]int64, int64) {
		close(done)
		<-finished
		_, most := Memory(s.PID)
		return samples, most
	}
}
