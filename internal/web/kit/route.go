package kit

import (
	"bytes"
	"io"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"cakap/internal/access"
)

// Route is one door. A route without an Action is public; every other one
// needs a principal whom access.Allow lets through, and has a line in its
// audience's policy table.
type Route struct {
	Method  string
	Path    string // gin's syntax; ids in it are sealed
	Action  access.Action
	Handle  func(*Ctx) (Response, error)
	MaxBody int64 // bytes; 0 means DefaultMaxBody
	// Bearer routes authenticate by their own token: no cookie is read, no
	// session looked up, and only failures are logged. The save path is one.
	Bearer bool
	// Slow routes may write for long (workbooks); the others end after the
	// server's write timeout.
	Slow bool
	Lane Lane // what it competes with for the machine; Unset follows from the rest
}

// DefaultMaxBody is the largest body a route takes unless it says otherwise.
const DefaultMaxBody = 64 << 10

// Response is what a handler returns: a page, a redirect, a file or JSON.
type Response interface {
	write(c *Ctx) error
}

// Page is a typed struct that embeds Base.
type Page interface{ base() *Base }

// HTML renders the template that bears the page's name, "participant/take".
func HTML(name string, page Page) Response { return html{http.StatusOK, name, page} }

// Refused renders a form again with its errors. The status is that of the
// first error: 422 for input, 429 where it was throttled, 410 for a used code.
func Refused(name string, page Page) Response { return html{0, name, page} }

type html struct {
	status int
	name   string
	page   Page
}

func (r html) write(c *Ctx) error {
	status := r.status
	if status == 0 {
		status = r.page.base().Errors.answer(c)
	}
	return c.app.render(c, status, r.name, r.page)
}

// Redirect sends the browser to a path of ours with GET.
func Redirect(path string) Response { return redirect(path) }

type redirect string

func (r redirect) write(c *Ctx) error {
	c.gin.Redirect(http.StatusSeeOther, string(r))
	return nil
}

// JSON answers v.
func JSON(status int, v any) Response { return jsonBody{status, v} }

type jsonBody struct {
	status int
	v      any
}

func (r jsonBody) write(c *Ctx) error {
	// A phone pays for every byte of a save, and data has no use for what
	// tells a browser how to show a page.
	h := c.gin.Writer.Header()
	for _, name := range []string{"X-Frame-Options", "Referrer-Policy", "Permissions-Policy", "Cross-Origin-Opener-Policy"} {
		h.Del(name)
	}
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	c.gin.JSON(r.status, r.v)
	return nil
}

// File is a download. Write streams the body; an error after the first byte
// cuts the connection, so that half a workbook never looks like a whole one.
type File struct {
	Name  string
	Type  string
	Write func(io.Writer) error
}

// Types of the files we send.
const (
	XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	ZIP  = "application/zip"
	CSV  = "text/csv; charset=utf-8"
	TEXT = "text/plain; charset=utf-8"
)

func (f File) write(c *Ctx) error {
	h := c.gin.Writer.Header()
	h.Set("Content-Type", f.Type)
	h.Set("Content-Disposition", disposition(f.Name))
	if err := http.NewResponseController(c.gin.Writer).SetWriteDeadline(time.Now().Add(10 * time.Minute)); err != nil {
		c.app.log.Debug("no write deadline", "err", err)
	}
	lazy := &lazyWriter{to: c.gin.Writer}
	if err := f.send(c, lazy); err != nil {
		if !lazy.begun {
			h.Del("Content-Disposition")
			return err
		}
		c.app.logError(c.gin, c.RequestID(), err)
		panic(http.ErrAbortHandler)
	}
	return nil
}

// send makes the file, and then sends what it kept: making one takes a place in
// the lane, sending it to a slow reader must not. A file larger than what is
// kept is sent while it is made.
func (f File) send(c *Ctx, to io.Writer) error {
	kept := &spool{to: to}
	if err := f.Write(kept); err != nil {
		return err
	}
	c.leave()
	return kept.flush()
}

// spoolMost is how much of a file is kept in memory.
const spoolMost = 8 << 20

type spool struct {
	to   io.Writer
	kept bytes.Buffer
	full bool
}

func (s *spool) Write(p []byte) (int, error) {
	if !s.full && s.kept.Len()+len(p) <= spoolMost {
		return s.kept.Write(p)
	}
	if err := s.flush(); err != nil {
		return 0, err
	}
	s.full = true
	return s.to.Write(p)
}

func (s *spool) flush() error {
	_, err := s.kept.WriteTo(s.to)
	return err
}

// Blob is a small file that a page shows and that never changes under its
// address: a browser keeps it, asks for parts of it where it plays one, and
// can do nothing else with it.
type Blob struct {
	Type string
	Data []byte
	Tag  string // names the bytes
}

func (b Blob) write(c *Ctx) error {
	h := c.gin.Writer.Header()
	h.Set("Content-Type", b.Type)
	h.Set("ETag", `"`+b.Tag+`"`)
	h.Set("Cache-Control", "private, max-age=31536000, immutable")
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	http.ServeContent(c.gin.Writer, c.gin.Request, "", time.Time{}, bytes.NewReader(b.Data))
	return nil
}

// lazyWriter knows whether anything was sent.
type lazyWriter struct {
	to    io.Writer
	begun bool
}

func (w *lazyWriter) Write(p []byte) (int, error) {
	w.begun = w.begun || len(p) > 0
	return w.to.Write(p)
}

// Mount puts routes on the engine.
func (a *App) Mount(engine *gin.Engine, routes []Route) {
	for _, r := range routes {
		engine.Handle(r.Method, r.Path, a.adapt(r))
	}
}
