package kit

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"cakap/internal/access"
)

// adapt turns a route into a gin handler: who asks, may they, do it, answer.
func (a *App) adapt(r Route) gin.HandlerFunc {
	limit := r.MaxBody
	if limit == 0 {
		limit = DefaultMaxBody
	}
	serve := a.serve
	if l := r.lane(); l == Work || l == Report {
		serve = a.serveLong
	}
	return func(g *gin.Context) {
		c := &Ctx{gin: g, app: a, route: r, arrived: a.now()}
		g.Request.Body = http.MaxBytesReader(g.Writer, g.Request.Body, limit)
		if r.Slow {
			// A large upload on a slow line may outlast the server's read timeout.
			_ = http.NewResponseController(g.Writer).SetReadDeadline(time.Now().Add(10 * time.Minute))
		}
		defer c.leave()
		if err := serve(c); err != nil {
			a.fail(c, err)
		}
	}
}

func (a *App) now() time.Time {
	if a.cfg.Now == nil {
		return time.Now()
	}
	return a.cfg.Now()
}

// serve answers a short request from its place in the lane. What a slow client
// sends is read before it takes the place, and what it receives is written
// after it gave it back, so that nobody can hold places by being slow.
func (a *App) serve(c *Ctx) error {
	c.readAhead()
	if err := a.enter(c, c.route.lane()); err != nil {
		return err
	}
	if err := a.admit(c); err != nil {
		return err
	}
	if err := parseForm(c.gin); err != nil {
		return err
	}
	return a.respond(c)
}

// serveLong answers a request that takes seconds: its few places are for who
// may have one, after the upload is there.
func (a *App) serveLong(c *Ctx) error {
	if err := a.enter(c, Read); err != nil {
		return err
	}
	if err := a.admit(c); err != nil {
		return err
	}
	c.leave()
	if err := parseForm(c.gin); err != nil {
		return err
	}
	if err := a.enter(c, c.route.lane()); err != nil {
		return err
	}
	return a.respond(c)
}

func (a *App) respond(c *Ctx) error {
	resp, err := c.route.Handle(c)
	if err != nil {
		return err
	}
	return resp.write(c)
}

// enter takes a place in a lane, which c.leave gives back.
func (a *App) enter(c *Ctx, lane Lane) error {
	leave, err := a.lanes[lane].enter(c.Context())
	if err == nil {
		c.place = leave
		return nil
	}
	var shed *shedError
	if errors.As(err, &shed) {
		c.gin.Set("shed", true)
		a.lanes[lane].tell(a.log, lane)
		a.hold(c.Context())
	}
	return err
}

// admit finds who asks and whether they may.
func (a *App) admit(c *Ctx) error {
	if c.route.Bearer {
		return nil
	}
	if err := a.identify(c); err != nil {
		return err
	}
	if c.route.Action == "" {
		return nil
	}
	return access.Allow(c.principal, c.route.Action)
}

// leave gives the place in the lane back, if there is one.
func (c *Ctx) leave() {
	if c.place != nil {
		c.place()
		c.place = nil
	}
}

// readAheadMost is the largest body that is read into memory before its turn;
// an upload is read to a file after it.
const readAheadMost = 512 << 10

// readAhead takes a small body off the network. What went wrong is told to
// whoever reads the body.
func (c *Ctx) readAhead() {
	r := c.gin.Request
	if r.Method != http.MethodPost || c.route.MaxBody > readAheadMost || c.gin.ContentType() == "multipart/form-data" {
		return
	}
	body, err := io.ReadAll(r.Body)
	if err == nil {
		err = io.EOF
	}
	r.Body = &ahead{Reader: bytes.NewReader(body), end: err, Closer: r.Body}
}

// ahead is a body that was read, with how that ended.
type ahead struct {
	*bytes.Reader
	io.Closer
	end error
}

func (a *ahead) Read(p []byte) (int, error) {
	if a.Len() == 0 {
		return 0, a.end
	}
	return a.Reader.Read(p)
}

// WriteTo would end well however the body did.
func (a *ahead) WriteTo(w io.Writer) (int64, error) {
	n, err := a.Reader.WriteTo(w)
	if err == nil && !errors.Is(a.end, io.EOF) {
		err = a.end
	}
	return n, err
}
