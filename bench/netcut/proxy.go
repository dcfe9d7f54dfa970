package main

import (
	"context"
	"errors"
	"io"
	"net"
	"sync"
)

// limits say after how many bytes in each direction a connection is cut; −1 is
// never. reset ends it with a reset instead of an orderly end.
type limits struct {
	up, down int
	reset    bool
}

// proxy forwards connections and cuts them.
type proxy struct {
	target string
	l      net.Listener
	dialer net.Dialer

	mu    sync.Mutex
	next  limits
	bytes [2]int // of the last connection, up and down
}

func newProxy(ctx context.Context, target string) (*proxy, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	p := &proxy{target: target, l: l}
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go p.forward(ctx, conn.(*net.TCPConn))
		}
	}()
	return p, nil
}

func (p *proxy) address() string { return p.l.Addr().String() }

func (p *proxy) close() { _ = p.l.Close() } // nobody uses it any more

// arm sets the limits of the connections that come.
func (p *proxy) arm(l limits) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.next = l
}

// counted is the bytes of the last connection.
func (p *proxy) counted() (up, down int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.bytes[0], p.bytes[1]
}

func (p *proxy) forward(ctx context.Context, client *net.TCPConn) {
	p.mu.Lock()
	limit := p.next
	p.bytes = [2]int{}
	p.mu.Unlock()
	to, err := p.dialer.DialContext(ctx, "tcp", p.target)
	if err != nil {
		_ = client.Close() // the client sees a broken connection, which is true
		return
	}
	server := to.(*net.TCPConn)
	var once sync.Once
	cut := func(reset bool) {
		once.Do(func() {
			if reset {
				_ = client.SetLinger(0) // best effort: it changes only how the end looks
				_ = server.SetLinger(0)
			}
			_ = client.Close() // both ends may be gone already
			_ = server.Close()
		})
	}
	go p.pass(client, server, 0, limit.up, func(atLimit bool) { cut(atLimit && limit.reset) })
	p.pass(server, client, 1, limit.down, func(atLimit bool) { cut(atLimit && limit.reset) })
}

// pass copies until the limit or the end.
func (p *proxy) pass(from, to *net.TCPConn, way, limit int, end func(atLimit bool)) {
	buf, passed := make([]byte, 4096), 0
	for {
		n := len(buf)
		if limit >= 0 {
			if n = min(n, limit-passed); n == 0 {
				end(true)
				return
			}
		}
		n, err := from.Read(buf[:n])
		if n > 0 {
			passed += n
			p.mu.Lock()
			p.bytes[way] += n
			p.mu.Unlock()
			if _, err := to.Write(buf[:n]); err != nil {
				end(false)
				return
			}
		}
		if err != nil {
			end(limit >= 0 && !errors.Is(err, io.EOF))
			return
		}
	}
}
