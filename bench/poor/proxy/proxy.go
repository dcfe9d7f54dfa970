// Package proxy is a TCP proxy that makes a connection as poor as a phone's in
// a village hall: delay, little bandwidth, lost packets as TCP shows them to a
// program (stalls that grow, and now and then a connection that breaks), and
// outages in which nothing passes.
package proxy

import (
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// Line is how poor the line is.
type Line struct {
	RTT   time.Duration // there and back
	Loss  float64       // chance that a packet is lost
	Reset float64       // chance that a lost packet breaks the connection for good
	Rate  int           // bits per second in each direction, for all connections together
}

// Village is the line that the rigs drive the page through.
var Village = Line{RTT: 400 * time.Millisecond, Loss: 0.05, Reset: 0.02, Rate: 320_000}

const (
	packet = 1400                   // bytes that are lost or delayed together
	most   = 8 * time.Second        // longest wait for a packet that is sent again
	slow   = 200 * time.Millisecond // least time until TCP sends again
	queue  = 64                     // packets under way in one direction of a connection
)

// Stats are counters since the proxy began.
type Stats struct {
	Connections int64 `json:"connections"`
	Up          int64 `json:"up"`   // bytes from the clients
	Down        int64 `json:"down"` // bytes to them
	Lost        int64 `json:"lost"` // packets
	Broken      int64 `json:"broken"`
	Outages     int64 `json:"outages"`
}

// Proxy forwards connections over a poor line.
type Proxy struct {
	target string
	line   Line
	l      net.Listener
	ctx    context.Context //nolint:containedctx // of the listener's life, not of a call
	ways   [2]way

	mu   sync.Mutex
	out  time.Time // end of the outage
	open map[*connection]bool

	connections, lost, broken, outages atomic.Int64
}

// way is one direction of the line, shared by all connections.
type way struct {
	mu    sync.Mutex
	free  time.Time // when the last packet has left
	bytes atomic.Int64
}

// Listen starts a proxy to target on a free port of this machine, until ctx ends.
func Listen(ctx context.Context, target string, line Line) (*Proxy, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	p := &Proxy{target: target, line: line, l: l, ctx: ctx, open: map[*connection]bool{}}
	context.AfterFunc(ctx, func() { _ = l.Close() }) // nobody is left to hear of it
	go p.accept()
	return p, nil
}

// Address is where clients connect.
func (p *Proxy) Address() string { return p.l.Addr().String() }

// Stats reads the counters.
func (p *Proxy) Stats() Stats {
	return Stats{
		Connections: p.connections.Load(), Up: p.ways[0].bytes.Load(), Down: p.ways[1].bytes.Load(),
		Lost: p.lost.Load(), Broken: p.broken.Load(), Outages: p.outages.Load(),
	}
}

// Outage lets nothing pass for d. Half of the connections do not survive it.
func (p *Proxy) Outage(d time.Duration) {
	p.outages.Add(1)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.out = time.Now().Add(d)
	for c := range p.open {
		if rand.IntN(2) == 0 {
			p.broken.Add(1)
			c.close()
		}
	}
}

// outage waits until nothing keeps packets from passing.
func (p *Proxy) outage() {
	for {
		p.mu.Lock()
		left := time.Until(p.out)
		p.mu.Unlock()
		if left <= 0 || !p.sleep(left) {
			return
		}
	}
}

func (p *Proxy) sleep(d time.Duration) bool {
	select {
	case <-p.ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}

func (p *Proxy) accept() {
	for {
		client, err := p.l.Accept()
		if err != nil {
			return
		}
		p.connections.Add(1)
		go p.connect(client)
	}
}

// connection is a client's and the one to the server that belongs to it.
type connection struct {
	client, server net.Conn
	once           sync.Once
}

func (c *connection) close() {
	c.once.Do(func() {
		_ = c.client.Close() // the other side may have closed it already
		_ = c.server.Close()
	})
}

// connect takes the time of a handshake, then passes packets both ways.
func (p *Proxy) connect(client net.Conn) {
	p.outage()
	server, err := (&net.Dialer{}).DialContext(p.ctx, "tcp", p.target)
	if err != nil || !p.sleep(p.line.RTT) {
		if server != nil {
			_ = server.Close() // of no use any more
		}
		_ = client.Close() // the client sees a broken connection, which is true
		return
	}
	c := &connection{client: client, server: server}
	p.mu.Lock()
	p.open[c] = true
	p.mu.Unlock()
	var both sync.WaitGroup
	both.Go(func() { p.pass(c, client, server, &p.ways[0]) })
	both.Go(func() { p.pass(c, server, client, &p.ways[1]) })
	both.Wait()
	c.close()
	p.mu.Lock()
	delete(p.open, c)
	p.mu.Unlock()
}

// sent is a packet and when it arrives.
type sent struct {
	data []byte
	at   time.Time
}

// pass reads packets, decides when each arrives, and delivers them in order: a
// lost one holds up those behind it.
func (p *Proxy) pass(c *connection, from, to net.Conn, w *way) {
	under := make(chan sent, queue)
	var deliver sync.WaitGroup
	deliver.Go(func() {
		for s := range under {
			p.sleep(time.Until(s.at))
			p.outage()
			if _, err := to.Write(s.data); err != nil {
				c.close() // its reader ends, and so does the range
			}
		}
	})
	var last time.Time
	for {
		buf := make([]byte, packet)
		n, err := from.Read(buf)
		if n > 0 {
			at, alive := p.arrival(w, n)
			if !alive {
				p.broken.Add(1)
				c.close()
				break
			}
			if at.Before(last) {
				at = last
			}
			last = at
			under <- sent{buf[:n], at}
		}
		if err != nil {
			if !errors.Is(err, io.EOF) {
				c.close()
			}
			break
		}
	}
	close(under)
	deliver.Wait()
	if half, ok := to.(*net.TCPConn); ok {
		_ = half.CloseWrite() // it may be closed already
	}
}

// arrival is when a packet of n bytes arrives: after those before it have left,
// half a round trip later, and for each loss after TCP has waited longer.
func (p *Proxy) arrival(w *way, n int) (at time.Time, alive bool) {
	w.bytes.Add(int64(n))
	w.mu.Lock()
	w.free = later(w.free, time.Now()).Add(time.Duration(n*8) * time.Second / time.Duration(p.line.Rate))
	at = w.free.Add(p.line.RTT / 2)
	w.mu.Unlock()
	for wait := p.line.RTT + slow; rand.Float64() < p.line.Loss; wait = min(2*wait, most) {
		p.lost.Add(1)
		if rand.Float64() < p.line.Reset {
			return at, false
		}
		at = at.Add(wait)
	}
	return at, true
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
