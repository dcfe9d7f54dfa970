package kit

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strconv"

	"github.com/gin-gonic/gin"

	"cakap/internal/fault"
	"cakap/internal/locale"
	"cakap/internal/storage"
)

var errPanic = errors.New("panic")

// statuses is the one place where a refusal becomes HTTP.
var statuses = map[fault.Kind]int{
	fault.Internal:    http.StatusInternalServerError,
	fault.Invalid:     http.StatusUnprocessableEntity,
	fault.Malformed:   http.StatusBadRequest,
	fault.NotFound:    http.StatusNotFound,
	fault.Forbidden:   http.StatusForbidden,
	fault.Unauthentic: http.StatusUnauthorized,
	fault.Conflict:    http.StatusConflict,
	fault.Gone:        http.StatusGone,
	fault.TooLarge:    http.StatusRequestEntityTooLarge,
	fault.Unsupported: http.StatusUnsupportedMediaType,
	fault.TooMany:     http.StatusTooManyRequests,
	fault.Unavailable: http.StatusServiceUnavailable,
}

// known turns errors of storage and of the request itself into faults.
func known(err error) *fault.Fault {
	var large *http.MaxBytesError
	switch {
	case fault.Of(err) != nil:
		return fault.Of(err)
	case errors.As(err, &large):
		return fault.New(fault.TooLarge, "error.too_large").Because(err)
	case errors.Is(err, storage.ErrFull):
		return fault.New(fault.Unavailable, "error.full").Because(err)
	case errors.Is(err, storage.ErrBusy), errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return fault.New(fault.Unavailable, "error.unavailable").Because(err)
	}
	return &fault.Fault{Kind: fault.Internal, Key: "error.internal", Cause: err}
}

// Problem is an error as programs read it (RFC 9457).
type Problem struct {
	Type    string   `json:"type"`
	Title   string   `json:"title"`
	Status  int      `json:"status"`
	Request string   `json:"instance,omitempty"`
	Details []string `json:"details,omitempty"`
}

// errorPage is what people see of an error.
type errorPage struct {
	Base
	Status  int
	Text    string
	Request string
}

// fail answers err. An internal error shows a reference number and is logged
// once, here; a refusal shows its text.
func (a *App) fail(c *Ctx, err error) {
	g, f := c.gin, known(err)
	status := statuses[f.Kind]
	if f.Kind == fault.Internal && !errors.Is(err, errPanic) {
		a.logError(g, c.RequestID(), err)
	}
	retryAfter(g, f.Kind, f.Args)
	if g.GetBool("shed") && g.Request.Method == http.MethodGet {
		g.Header("Refresh", g.Writer.Header().Get("Retry-After")) // a page that was refused comes by itself
	}
	if wantsJSON(g.Request) {
		g.Header("Content-Type", "application/problem+json; charset=utf-8")
		g.JSON(status, Problem{Type: f.Key, Title: locale.Fault(f), Status: status, Request: c.RequestID()})
		return
	}
	if f.Kind == fault.Unauthentic && g.Request.Method == http.MethodGet {
		g.Redirect(http.StatusSeeOther, "/masuk?lanjut="+url.QueryEscape(g.Request.URL.Path))
		return
	}
	page := &errorPage{Base: c.Base(titles[f.Kind]), Status: status, Text: locale.Fault(f), Request: c.RequestID()}
	if err := a.render(c, status, "kit/galat", page); err != nil {
		a.logError(g, c.RequestID(), err)
		g.String(status, locale.Text("error.internal"))
	}
}

var titles = map[fault.Kind]string{
	fault.Internal:    "Terjadi gangguan",
	fault.Invalid:     "Isian belum benar",
	fault.Malformed:   "Permintaan tidak terbaca",
	fault.NotFound:    "Tidak ditemukan",
	fault.Forbidden:   "Tidak diizinkan",
	fault.Unauthentic: "Silakan masuk",
	fault.Conflict:    "Tidak dapat dilakukan sekarang",
	fault.Gone:        "Sudah tidak berlaku",
	fault.TooLarge:    "Terlalu besar",
	fault.Unsupported: "Jenis berkas tidak dikenal",
	fault.TooMany:     "Terlalu banyak percobaan",
	fault.Unavailable: "Server sedang sibuk",
}

// retryAfter says when to come back: a throttled client after the seconds that
// the fault names, a shed one soon, but not all of them at once.
func retryAfter(g *gin.Context, kind fault.Kind, args []any) {
	seconds := 0
	switch kind {
	case fault.TooMany:
		seconds = 60
		for _, arg := range args {
			if n, ok := arg.(int); ok && n > 0 {
				seconds = n
				break
			}
		}
	case fault.Unavailable:
		seconds = 1 + rand.IntN(4) //nolint:gosec // jitter, not a secret
	default:
		return
	}
	g.Header("Retry-After", strconv.Itoa(seconds))
}

// NoRoute and NoMethod answer addresses and methods that nobody handles.
func (a *App) NoRoute(g *gin.Context) {
	a.fail(a.outside(g), fault.New(fault.NotFound, "error.not_found"))
}

// NoMethod answers a method that the address does not take.
func (a *App) NoMethod(g *gin.Context) {
	c := a.outside(g)
	if wantsJSON(g.Request) {
		g.JSON(http.StatusMethodNotAllowed, Problem{Type: "error.method", Title: locale.Text("error.method"), Status: http.StatusMethodNotAllowed})
		return
	}
	page := &errorPage{Base: c.Base("Cara membuka halaman ini keliru"), Status: http.StatusMethodNotAllowed, Text: locale.Text("error.method"), Request: c.RequestID()}
	if err := a.render(c, http.StatusMethodNotAllowed, "kit/galat", page); err != nil {
		a.logError(g, c.RequestID(), err)
	}
}

// outside is a context for what no route handles; who asks only serves the header.
func (a *App) outside(g *gin.Context) *Ctx {
	c := &Ctx{gin: g, app: a}
	if err := a.identify(c); err != nil {
		a.logError(g, c.RequestID(), err)
	}
	return c
}
