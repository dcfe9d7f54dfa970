package proxy_test

import (
	"bytes"
	"context"
	"io"
	"net"
	"testing"
	"time"

	"cakap/bench/poor/proxy"
)

// echo is a server that sends back what it gets.
func echo(t *testing.T) string {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() }) // the test has what it wanted
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				_, _ = io.Copy(conn, conn) // the client may break off
				_ = conn.Close()
			}()
		}
	}()
	return l.Addr().String()
}

func through(t *testing.T, line proxy.Line) (*proxy.Proxy, net.Conn) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	p, err := proxy.Listen(ctx, echo(t), line)
	if err != nil {
		t.Fatal(err)
	}
	conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", p.Address())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() }) // it may be broken
	if err := conn.SetDeadline(time.Now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	return p, conn
}

// TestOrder: however poor the line, what arrives is what was sent.
func TestOrder(t *testing.T) {
	p, conn := through(t, proxy.Line{RTT: 5 * time.Millisecond, Loss: 0.2, Rate: 100_000_000})
	sent := make([]byte, 50_000)
	for i := range sent {
		sent[i] = byte(i * i >> 3)
	}
	go func() { _, _ = conn.Write(sent) }() // a failure shows in what arrives
	got := make([]byte, len(sent))
	if _, err := io.ReadFull(conn, got); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(sent, got) {
		t.Error("what arrived is not what was sent")
	}
	if s := p.Stats(); s.Connections != 1 || s.Up != int64(len(sent)) || s.Down != s.Up || s.Lost == 0 || s.Broken != 0 {
		t.Errorf("counters: %+v", s)
	}
}

// TestLost: a lost packet that breaks the connection does so for both sides.
func TestLost(t *testing.T) {
	p, conn := through(t, proxy.Line{Loss: 1, Reset: 1, Rate: 1_000_000})
	if _, err := conn.Write([]byte("hello")); err != nil {
		t.Fatal(err)
	}
	if n, err := conn.Read(make([]byte, 5)); err == nil {
		t.Errorf("%d bytes came back over a broken connection", n)
	}
	if s := p.Stats(); s.Broken != 1 {
		t.Errorf("counters: %+v", s)
	}
}

// TestOutage: nothing passes before the end of an outage.
func TestOutage(t *testing.T) {
	p, conn := through(t, proxy.Line{Rate: 1_000_000})
	p.Outage(500 * time.Millisecond)
	start := time.Now()
	_, err := conn.Write([]byte("hello"))
	if err == nil {
		_, err = io.ReadFull(conn, make([]byte, 5))
	}
	if took := time.Since(start); err == nil && took < 400*time.Millisecond {
		t.Errorf("an answer passed after %s of an outage", took)
	}
	if s := p.Stats(); s.Outages != 1 {
		t.Errorf("counters: %+v", s)
	}
}
