package kit

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/gin-gonic/gin"

	"cakap/internal/access"
	"cakap/internal/fault"
)

// Ctx is one request: who asks, what for, and the app's clock.
type Ctx struct {
	gin       *gin.Context
	app       *App
	route     Route
	principal *access.Principal
	arrived   time.Time
	place     func() // gives the place in the lane back
}

// Principal is who asks, nil for nobody.
func (c *Ctx) Principal() *access.Principal { return c.principal }

// Actor is the account that asks, 0 for nobody.
func (c *Ctx) Actor() int64 {
	if c.principal == nil {
		return 0
	}
	return c.principal.AccountID
}

// Scope is the set of agencies the principal may use this route's action on.
func (c *Ctx) Scope() access.Scope { return c.principal.Scope(c.route.Action) }

// Context ends with the request.
func (c *Ctx) Context() context.Context { return c.gin.Request.Context() }

// Now is the server's clock when the request arrived, before it waited for
// anything: that instant decides whether an answer was in time.
func (c *Ctx) Now() time.Time {
	if c.arrived.IsZero() { // outside of any route
		return c.app.now()
	}
	return c.arrived
}

// RequestID names the request in the log and on error pages.
func (c *Ctx) RequestID() string { return c.gin.GetString("request_id") }

// IP is the peer's address, or the forwarded one behind a configured proxy.
func (c *Ctx) IP() string { return c.gin.ClientIP() }

// ID opens the sealed id in the path parameter name.
func (c *Ctx) ID(kind, name string) (int64, error) {
	return c.app.cfg.Keys.Open(kind, c.gin.Param(name))
}

// Seal makes an id of kind fit for a URL.
func (c *Ctx) Seal(kind string, id int64) string { return c.app.cfg.Keys.Seal(kind, id) }

// FormID opens a sealed id that a form sent; an empty field is 0.
func (c *Ctx) FormID(kind, field string) (int64, error) {
	v := c.Form(field)
	if v == "" {
		return 0, nil
	}
	return c.app.cfg.Keys.Open(kind, v)
}

// Param is a path parameter as it stands.
func (c *Ctx) Param(name string) string { return c.gin.Param(name) }

// Query is a value of the address, cleaned like Form.
func (c *Ctx) Query(name string) string { return clean(c.gin.Query(name)) }

// QueryInt is a whole number of the address, or def where there is none.
func (c *Ctx) QueryInt(name string, def int) int {
	n, err := strconv.Atoi(c.Query(name))
	if err != nil {
		return def
	}
	return n
}

// Form is a field of the body, trimmed, without control characters other than
// line breaks; a field that is not UTF-8 is empty.
func (c *Ctx) Form(name string) string { return clean(c.gin.PostForm(name)) }

// Secret is a password field: kept to the byte.
func (c *Ctx) Secret(name string) string { return c.gin.PostForm(name) }

// FormAll is every value of a field.
func (c *Ctx) FormAll(name string) []string {
	var all []string
	for _, v := range c.gin.PostFormArray(name) {
		all = append(all, clean(v))
	}
	return all
}

// QueryAll is every value of a name in the address.
func (c *Ctx) QueryAll(name string) []string {
	var all []string
	for _, v := range c.gin.QueryArray(name) {
		all = append(all, clean(v))
	}
	return all
}

func clean(s string) string {
	if !utf8.ValidString(s) {
		return ""
	}
	s = strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r == 0x7f {
			return -1
		}
		return r
	}, strings.ReplaceAll(s, "\r\n", "\n"))
	return strings.TrimSpace(s)
}

// Upload reads the file in a multipart field, up to the route's body limit.
func (c *Ctx) Upload(field string) (name string, body []byte, err error) {
	head, err := c.gin.FormFile(field)
	if err != nil {
		if errors.Is(err, http.ErrMissingFile) {
			return "", nil, fault.New(fault.Invalid, "web.file_missing").On(field)
		}
		return "", nil, asTooLarge(err)
	}
	f, err := head.Open()
	if err != nil {
		return "", nil, err
	}
	body, err = io.ReadAll(f)
	if err := errors.Join(err, f.Close()); err != nil {
		return "", nil, asTooLarge(err)
	}
	if len(body) == 0 {
		return "", nil, fault.New(fault.Invalid, "web.file_empty").On(field)
	}
	return clean(head.Filename), body, nil
}

func asTooLarge(err error) error {
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return fault.New(fault.TooLarge, "error.too_large").Because(err)
	}
	return fault.New(fault.Malformed, "error.malformed").Because(err)
}

// Bearer is the token of the Authorization header.
func (c *Ctx) Bearer() string {
	token, _ := strings.CutPrefix(c.gin.GetHeader("Authorization"), "Bearer ")
	return token
}

// DecodeJSON reads the body strictly into v.
func (c *Ctx) DecodeJSON(v any) error { return decodeJSON(c.gin.Request, v) }

// SetSession gives the browser the token of a login session.
func (c *Ctx) SetSession(token string) { c.app.setCookie(c.gin, c.app.sessionCookie(), token, 0) }

// ClearSession takes it away.
func (c *Ctx) ClearSession() { c.app.setCookie(c.gin, c.app.sessionCookie(), "", -1) }

// SessionToken is the browser's token, or "".
func (c *Ctx) SessionToken() string {
	token, err := c.gin.Cookie(c.app.sessionCookie())
	if err != nil {
		return ""
	}
	return token
}

// SetPreference keeps a choice of the person's own (text size, contrast) for a year.
func (c *Ctx) SetPreference(name, value string) {
	c.app.setCookie(c.gin, "cakap_"+name, value, 365*24*3600)
}

func (c *Ctx) preference(name string) string {
	v, err := c.gin.Cookie("cakap_" + name)
	if err != nil {
		return ""
	}
	return v
}

// flashPurpose keeps a message's signature from passing as any other's.
const flashPurpose = "flash"

// Flash shows text once, on the next page. It must name no person. It is
// signed, so that a planted cookie cannot speak in our name.
func (c *Ctx) Flash(text string) {
	body := base64.RawURLEncoding.EncodeToString([]byte(text))
	c.app.setCookie(c.gin, "cakap_pesan", body+"."+c.app.cfg.Keys.Code(flashPurpose, body), 60)
}

func (c *Ctx) takeFlash() string {
	v, err := c.gin.Cookie("cakap_pesan")
	if err != nil || v == "" {
		return ""
	}
	c.app.setCookie(c.gin, "cakap_pesan", "", -1)
	body, mac, _ := strings.Cut(v, ".")
	if !hmac.Equal([]byte(mac), []byte(c.app.cfg.Keys.Code(flashPurpose, body))) {
		return ""
	}
	text, err := base64.RawURLEncoding.DecodeString(body)
	if err != nil {
		return ""
	}
	return string(text)
}

// NoReferrer keeps the page's address, which carries a one-time code, out of
// the requests it makes.
func (c *Ctx) NoReferrer() { c.gin.Header("Referrer-Policy", "no-referrer") }

func wantsJSON(r *http.Request) bool {
	return strings.Contains(r.Header.Get("Accept"), "application/json") || strings.HasPrefix(r.URL.Path, "/api/")
}

// disposition is a Content-Disposition header that no name can break out of.
func disposition(name string) string {
	name = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || strings.ContainsRune(`/\:*?"<>|`, r) {
			return '_'
		}
		return r
	}, name)
	return mime.FormatMediaType("attachment", map[string]string{"filename": name})
}

// Device is an opaque name of this browser, made at its first visit. It says
// which of a person's devices holds an attempt and nothing else.
func (c *Ctx) Device() string {
	const cookie = "cakap_gawai"
	if v, err := c.gin.Cookie(cookie); err == nil && len(v) == 22 {
		return v
	}
	var b [16]byte
	if _, err := rand.Read(b[:]); err != nil {
		panic(err) // crypto/rand does not fail on a supported system
	}
	name := base64.RawURLEncoding.EncodeToString(b[:])
	c.app.setCookie(c.gin, cookie, name, 365*24*3600)
	return name
}

// Quiet keeps a good answer out of the log.
func (c *Ctx) Quiet() { c.gin.Set("quiet", true) }
