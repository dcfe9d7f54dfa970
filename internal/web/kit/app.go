package kit

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"log/slog"
	"net/http"
	"runtime/debug"
	"time"

	"github.com/gin-gonic/gin"

	"cakap/internal/access"
	"cakap/internal/fault"
)

// Config is what the web needs to know of the outside.
type Config struct {
	Keys     *access.Keys
	Access   *access.Service
	Now      func() time.Time
	Log      *slog.Logger
	Asset    func(name string) string // hashed URL of a static file
	Version  string
	Secure   bool   // the browser speaks HTTPS to us, directly or through the proxy
	Insecure bool   // plain HTTP on a LAN was asked for by name: staff see a banner
	Helpdesk string // contact line at the foot of every page
	Origin   string // how browsers name us, where that was configured
	Remote   bool   // the database is a server of its own
}

// App renders pages, maps errors and adapts routes.
type App struct {
	cfg   Config
	log   *slog.Logger
	views *views
	lanes [lanes]*laneState
	hold  func(context.Context) // keeps a refusal back
}

// NewApp parses every template at start, so that a broken page cannot wait for
// its first visitor.
func NewApp(cfg Config, all ...Views) (*App, error) {
	v, err := parse(all)
	if err != nil {
		return nil, err
	}
	return &App{cfg: cfg, log: cfg.Log, views: v, lanes: newLanes(cfg.Remote), hold: hold}, nil
}

// parseForm reads a posted form before the handler asks for a field: gin
// forgets the error, and a form cut off at the limit would look like an empty
// one.
func parseForm(g *gin.Context) error {
	if g.Request.Method != http.MethodPost {
		return nil
	}
	switch g.ContentType() {
	case "multipart/form-data":
		if err := g.Request.ParseMultipartForm(MultipartMemory); err != nil {
			return asTooLarge(err)
		}
	case "application/x-www-form-urlencoded":
		if err := g.Request.ParseForm(); err != nil {
			return asTooLarge(err)
		}
	}
	return nil
}

// MultipartMemory is how much of an upload is held in memory; the rest waits
// in a temporary file that the server removes.
const MultipartMemory = 1 << 20

// identify finds the principal of the cookie. A stale one is nobody.
func (a *App) identify(c *Ctx) error {
	token := c.SessionToken()
	if token == "" {
		return nil
	}
	p, err := a.cfg.Access.Authenticate(c.Context(), token)
	if err != nil {
		if fault.KindOf(err) == fault.Unauthentic {
			return nil
		}
		return err
	}
	c.principal = &p
	c.gin.Set("account", p.AccountID)
	return nil
}

func (a *App) sessionCookie() string {
	if a.cfg.Secure {
		return "__Host-cakap"
	}
	return "cakap"
}

func (a *App) setCookie(g *gin.Context, name, value string, maxAge int) {
	http.SetCookie(g.Writer, &http.Cookie{ //nolint:gosec // Secure follows the transport: plain HTTP on loopback has none
		Name: name, Value: value, Path: "/", MaxAge: maxAge,
		Secure: a.cfg.Secure, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
}

// Guard numbers each request, logs it without anything personal, sets the
// security headers and survives a panic.
func (a *App) Guard() gin.HandlerFunc {
	return func(g *gin.Context) {
		start := time.Now()
		id := requestID()
		g.Set("request_id", id)
		a.headers(g.Writer.Header())
		defer func() {
			if p := recover(); p != nil {
				if p == http.ErrAbortHandler { //nolint:errorlint // a sentinel that is panicked with, never wrapped
					panic(p)
				}
				a.log.Error("panic", "request_id", id, "route", g.FullPath(), "panic", p, "stack", string(debug.Stack()))
				if g.Writer.Written() {
					// Half an answer must not look like a whole one.
					panic(http.ErrAbortHandler)
				}
				a.fail(&Ctx{gin: g, app: a}, errPanic)
				g.Abort()
			}
			a.logRequest(g, id, start)
		}()
		g.Next()
	}
}

// SameOrigin refuses what another site makes a browser send, for every route
// at once; SameSite cookies are the second layer.
func (a *App) SameOrigin(cross *http.CrossOriginProtection) gin.HandlerFunc {
	return func(g *gin.Context) {
		if err := cross.Check(g.Request); err != nil {
			a.fail(&Ctx{gin: g, app: a}, fault.New(fault.Forbidden, "web.other_site").Because(err))
			g.Abort()
		}
	}
}

func (a *App) headers(h http.Header) {
	h.Set("Content-Security-Policy", "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cache-Control", "no-store")
	if a.cfg.Secure {
		h.Set("Strict-Transport-Security", "max-age=31536000")
	}
}

// logRequest writes the route's template, never the address with its ids.
// Good saves and requests that were refused at the door are not logged: at
// thousands a second the log would be the load.
func (a *App) logRequest(g *gin.Context, id string, start time.Time) {
	status := g.Writer.Status()
	if g.GetBool("shed") || status < 400 && (g.GetBool("quiet") || g.FullPath() == "/livez" || g.FullPath() == "/readyz") {
		return
	}
	level := slog.LevelInfo
	if status >= 500 && status != http.StatusServiceUnavailable {
		level = slog.LevelError
	}
	a.log.Log(g.Request.Context(), level, "request", "request_id", id, "method", g.Request.Method, "route", g.FullPath(),
		"status", status, "ms", time.Since(start).Milliseconds(), "account", g.GetInt64("account"), "bytes", g.Writer.Size())
}

func (a *App) logError(g *gin.Context, id string, err error) {
	a.log.Error("request failed", "request_id", id, "route", g.FullPath(), "err", err)
}

func requestID() string {
	var b [6]byte
	if _, err := rand.Read(b[:]); err != nil {
		panic(err) // crypto/rand does not fail on a supported system
	}
	return hex.EncodeToString(b[:])
}
