package storm

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"cakap/bench/rig"
	"cakap/internal/web/participant"
)

// Conn is one keep-alive connection that hides nothing: unlike net/http's own
// client it never repeats a request by itself, so a reset is seen.
type Conn struct {
	net.Conn
	in *bufio.Reader
}

// Dial opens a connection to a server on this machine; the rigs load nothing else.
func Dial(ctx context.Context, address string) (*Conn, error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	if ip := net.ParseIP(host); ip == nil || !ip.IsLoopback() {
		return nil, fmt.Errorf("storm: %s is not this machine", address)
	}
	conn, err := (&net.Dialer{Timeout: 2 * time.Second}).DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, err
	}
	return &Conn{Conn: conn, in: bufio.NewReader(conn)}, nil
}

// Reply is what a server answered to a save.
type Reply struct {
	Status     int
	RetryAfter string
	Body       string
	Last       bool // the server closes the connection after it
}

// Request is the bytes of the attempt's next save: the same ones until the
// attempt's sequence moves on.
func Request(a *rig.Attempt) []byte {
	seq := a.Seq + 1
	return request(a, fmt.Sprintf(`{"a":[{"n":%d,"s":%d,"v":"%s","d":false}]}`, Position(a, seq), seq, Value(seq)))
}

func request(a *rig.Attempt, body string) []byte {
	return fmt.Appendf(nil, "POST %s HTTP/1.1\r\nHost: rig\r\nContent-Type: application/json\r\nAccept: application/json\r\nAuthorization: Bearer %s\r\nContent-Length: %d\r\n\r\n%s",
		participant.SavePath, a.Bearer, len(body), body)
}

// Position and Value are what an attempt's answer number seq says.
func Position(a *rig.Attempt, seq int64) int { return int(seq)%a.Items + 1 }

// Value is the answer that entry number seq holds.
func Value(seq int64) string { return string(rune('A' + seq&1)) }

// Save sends the attempt's next answer. The sequence is spent only where the
// answer is known to be stored, so a repeated call sends the same entry.
func (c *Conn) Save(a *rig.Attempt) (Reply, error) {
	r, err := c.send(Request(a))
	if err == nil && r.Status == http.StatusOK {
		a.Seq++
	}
	return r, err
}

// Ask asks for the attempt's state, which the server reads from the database.
func (c *Conn) Ask(a *rig.Attempt) (Reply, error) { return c.send(request(a, `{"a":[]}`)) }

func (c *Conn) send(request []byte) (Reply, error) {
	if err := c.SetDeadline(time.Now().Add(30 * time.Second)); err != nil {
		return Reply{}, err
	}
	if _, err := c.Write(request); err != nil {
		return Reply{}, err
	}
	r, err := http.ReadResponse(c.in, nil)
	if err != nil {
		return Reply{}, err
	}
	defer func() { _ = r.Body.Close() }() // read whole below
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return Reply{}, err
	}
	return Reply{Status: r.StatusCode, RetryAfter: r.Header.Get("Retry-After"), Body: string(body), Last: r.Close}, nil
}
