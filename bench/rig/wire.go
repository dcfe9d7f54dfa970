package rig

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http/httputil"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Wire is a pool of connections to one server. It speaks as much HTTP as a
// browser's requests need and no more, since the rig shares its machine with
// the server it measures.
type Wire struct {
	address string
	slots   chan struct{}

	mu   sync.Mutex
	idle []*line // the one used last is taken first

	Sent, Received atomic.Int64 // bytes
}

// line is one connection.
type line struct {
	net.Conn
	in    *bufio.Reader
	since time.Time // when it fell idle
}

// patience is how long a request may take; a browser waits longer.
const patience = 30 * time.Second

// keepIdle is shorter than the server's, which so never closes under a request.
const keepIdle = 45 * time.Second

// NewWire makes a pool of at most so many connections.
func NewWire(address string, most int) *Wire {
	return &Wire{address: address, slots: make(chan struct{}, most)}
}

// Close ends the idle connections.
func (w *Wire) Close() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, l := range w.idle {
		_ = l.Close()
	}
	w.idle = nil
}

// Request is what a browser asks.
type Request struct {
	Method, Path string
	Header       string // whole lines, each with its line break
	Body         []byte
	Keep         bool // the body of the reply is wanted
	Cut          Cut
}

// Cut is where the connection breaks.
type Cut int

// The places.
const (
	Whole     Cut = iota
	CutSend       // half of the request is sent
	CutAnswer     // the request is sent, the reply is not read
)

// Reply is what the server said.
type Reply struct {
	Status     int
	Location   string
	RetryAfter string
	Cookies    []string // "name=value; …"
	Body       []byte
	Bytes      int // both ways
}

// ErrCut is what a cut request returns.
var ErrCut = errors.New("rig: the connection was cut on purpose")

// Do sends a request and reads the reply.
func (w *Wire) Do(ctx context.Context, r Request) (reply Reply, err error) {
	select {
	case w.slots <- struct{}{}:
	case <-ctx.Done():
		return reply, ctx.Err()
	}
	defer func() { <-w.slots }()
	l, err := w.take(ctx)
	if err != nil {
		return reply, err
	}
	if err := l.SetDeadline(time.Now().Add(patience)); err != nil {
		return reply, err
	}
	var out []byte
	out = fmt.Appendf(out, "%s %s HTTP/1.1\r\nHost: %s\r\nSec-Fetch-Site: same-origin\r\n%s", r.Method, r.Path, w.address, r.Header)
	if r.Method == "POST" {
		out = fmt.Appendf(out, "Content-Length: %d\r\n", len(r.Body))
	}
	out = append(append(out, "\r\n"...), r.Body...)
	if r.Cut == CutSend {
		out = out[:len(out)/2]
	}
	if _, err := l.Write(out); err != nil || r.Cut != Whole {
		_ = l.Close()
		if err == nil {
			err = ErrCut
		}
		return reply, err
	}
	reply, reuse, err := l.read(r.Keep)
	reply.Bytes += len(out)
	w.Sent.Add(int64(len(out)))
	w.Received.Add(int64(reply.Bytes - len(out)))
	if err != nil || !reuse {
		_ = l.Close()
		return reply, err
	}
	l.since = time.Now()
	w.mu.Lock()
	w.idle = append(w.idle, l)
	w.mu.Unlock()
	return reply, nil
}

func (w *Wire) take(ctx context.Context) (*line, error) {
	w.mu.Lock()
	for len(w.idle) > 0 {
		l := w.idle[len(w.idle)-1]
		w.idle = w.idle[:len(w.idle)-1]
		if time.Since(l.since) < keepIdle {
			w.mu.Unlock()
			return l, nil
		}
		_ = l.Close()
	}
	w.mu.Unlock()
	c, err := (&net.Dialer{Timeout: patience}).DialContext(ctx, "tcp", w.address)
	if err != nil {
		return nil, err
	}
	return &line{Conn: c, in: bufio.NewReaderSize(c, 4096)}, nil
}

// read takes one reply and reports whether the connection may be used again.
func (l *line) read(keep bool) (r Reply, reuse bool, err error) {
	text, err := l.in.ReadSlice('\n')
	if err != nil {
		return r, false, err
	}
	if len(text) < 12 || !bytes.HasPrefix(text, []byte("HTTP/1.1 ")) {
		return r, false, errReply
	}
	if r.Status, err = strconv.Atoi(string(text[9:12])); err != nil {
		return r, false, errReply
	}
	r.Bytes = len(text)
	length, chunked, packed, reuse := int64(0), false, false, true
	for {
		text, err := l.in.ReadSlice('\n')
		if err != nil {
			return r, false, err
		}
		r.Bytes += len(text)
		if len(text) <= 2 {
			break
		}
		name, value, _ := strings.Cut(strings.TrimSpace(string(text)), ": ")
		switch name {
		case "Content-Length":
			if length, err = strconv.ParseInt(value, 10, 64); err != nil {
				return r, false, errReply
			}
		case "Transfer-Encoding":
			chunked = value == "chunked"
		case "Content-Encoding":
			packed = value == "gzip"
		case "Connection":
			reuse = value != "close"
		case "Location":
			r.Location = value
		case "Retry-After":
			r.RetryAfter = value
		case "Set-Cookie":
			r.Cookies = append(r.Cookies, value)
		}
	}
	from := io.LimitReader(l.in, length)
	if chunked {
		from = httputil.NewChunkedReader(l.in)
	}
	var n int64
	if keep {
		r.Body, err = io.ReadAll(from)
		n = int64(len(r.Body))
	} else {
		n, err = io.Copy(io.Discard, from)
	}
	r.Bytes += int(n)
	switch {
	case err != nil:
	case chunked:
		_, err = l.in.ReadSlice('\n') // after the last chunk
	case n < length:
		err = io.ErrUnexpectedEOF
	}
	if err == nil && keep && packed {
		r.Body, err = unpack(r.Body)
	}
	return r, reuse, err
}

func unpack(body []byte) ([]byte, error) {
	z, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(z)
}
