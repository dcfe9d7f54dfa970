// Package door holds the pages before and beside a login: the ways in, the
// set-up of a new installation, the way out, help and the privacy notice.
package door

import (
	"embed"
	"net/http"
	"net/url"
	"strings"

	"cakap/internal/access"
	"cakap/internal/fault"
	"cakap/internal/web/kit"
)

//go:embed *.html
var files embed.FS

// Deps are the services behind these pages.
type Deps struct{ Access *access.Service }

// Routes are the doors that need no login.
func Routes(d Deps) []kit.Route {
	return []kit.Route{
		{Method: http.MethodGet, Path: "/", Handle: d.home},
		{Method: http.MethodGet, Path: "/masuk", Handle: d.loginForm},
		{Method: http.MethodPost, Path: "/masuk", Handle: d.login},
		{Method: http.MethodGet, Path: "/masuk/kode", Handle: d.codeForm},
		{Method: http.MethodPost, Path: "/masuk/kode", Lane: kit.Enter, Handle: d.code},
		{Method: http.MethodGet, Path: "/aktivasi", Handle: d.activateForm},
		{Method: http.MethodPost, Path: "/aktivasi", Handle: d.activate},
		{Method: http.MethodGet, Path: "/siapkan/:token", Handle: d.setupForm},
		{Method: http.MethodPost, Path: "/siapkan/:token", Handle: d.setup},
		{Method: http.MethodPost, Path: "/keluar", Handle: d.logout},
		{Method: http.MethodPost, Path: "/tampilan", Handle: display},
		{Method: http.MethodGet, Path: "/bantuan", Handle: help},
		{Method: http.MethodGet, Path: "/privasi", Handle: privacy},
	}
}

// Views are the templates of this package.
func Views() kit.Views {
	failed := kit.Base{Title: "Masuk", Errors: kit.Errors{{Field: "nip", Text: "NIP atau kata sandi tidak cocok."}}}
	return kit.Views{Name: "door", Layout: "door", FS: files, Examples: map[string]kit.Page{
		"masuk":    &loginPage{Base: failed, Number: "19900101 201503 1 001", Next: "/beranda"},
		"kode":     &codePage{Base: kit.Base{Title: "Masuk dengan kode mulai"}},
		"aktivasi": &activatePage{Base: kit.Base{Title: "Aktifkan akun"}},
		"siapkan":  &setupPage{Base: kit.Base{Title: "Siapkan Cakap"}},
		"bantuan":  &textPage{Base: kit.Base{Title: "Bantuan"}},
		"privasi":  &textPage{Base: kit.Base{Title: "Pemberitahuan privasi"}},
	}}
}

func (d Deps) home(c *kit.Ctx) (kit.Response, error) {
	return kit.Redirect(kit.Home(c.Principal())), nil
}

type loginPage struct {
	kit.Base
	Number string
	Next   string
	Setup  bool // nobody can log in yet: say what to do instead
}

func (d Deps) loginForm(c *kit.Ctx) (kit.Response, error) {
	if p := c.Principal(); p != nil {
		return kit.Redirect(kit.Home(p)), nil
	}
	setup, err := d.Access.NeedsSetup(c.Context())
	if err != nil {
		return nil, err
	}
	return kit.HTML("door/masuk", &loginPage{Base: c.Base("Masuk"), Next: localPath(c.Query("lanjut")), Setup: setup}), nil
}

func (d Deps) login(c *kit.Ctx) (kit.Response, error) {
	number, next := c.Form("nip"), localPath(c.Form("lanjut"))
	token, p, err := d.Access.Login(c.Context(), number, c.Secret("sandi"), c.IP())
	if err != nil {
		page := &loginPage{Base: c.Base("Masuk"), Number: number, Next: next}
		return refused(err, "door/masuk", page, &page.Base)
	}
	return d.enter(c, token, p, next)
}

// enter replaces whatever session the browser had by the new one: on a shared
// computer nobody's outlives the next person's login.
func (d Deps) enter(c *kit.Ctx, token string, p access.Principal, next string) (kit.Response, error) {
	if old := c.SessionToken(); old != "" {
		if err := d.Access.Logout(c.Context(), old); err != nil {
			return nil, err
		}
	}
	c.SetSession(token)
	if next == "" {
		next = kit.Home(&p)
	}
	return kit.Redirect(next), nil
}

// refused shows the form again where the error is one that a form can show.
func refused(err error, name string, page kit.Page, base *kit.Base) (kit.Response, error) {
	errs, ok := kit.FormErrors(err)
	if !ok {
		return nil, err
	}
	base.Errors = errs
	return kit.Refused(name, page), nil
}

type codePage struct {
	kit.Base
	Number string
	Code   string
}

func (d Deps) codeForm(c *kit.Ctx) (kit.Response, error) {
	return kit.HTML("door/kode", &codePage{Base: c.Base("Masuk dengan kode mulai")}), nil
}

func (d Deps) code(c *kit.Ctx) (kit.Response, error) {
	page := &codePage{Number: c.Form("nip"), Code: c.Form("kode")}
	token, p, err := d.Access.LoginStartCode(c.Context(), page.Number, page.Code, c.IP())
	if err != nil {
		page.Base = c.Base("Masuk dengan kode mulai")
		return refused(err, "door/kode", page, &page.Base)
	}
	return d.enter(c, token, p, "")
}

type activatePage struct {
	kit.Base
	Code string
}

func (d Deps) activateForm(c *kit.Ctx) (kit.Response, error) {
	return kit.HTML("door/aktivasi", &activatePage{Base: c.Base("Aktifkan akun")}), nil
}

func (d Deps) activate(c *kit.Ctx) (kit.Response, error) {
	page := &activatePage{Code: c.Form("kode")}
	token, p, err := d.activateWith(c, page.Code)
	if err != nil {
		page.Base = c.Base("Aktifkan akun")
		return refused(err, "door/aktivasi", page, &page.Base)
	}
	return d.enter(c, token, p, "")
}

func (d Deps) activateWith(c *kit.Ctx, code string) (string, access.Principal, error) {
	if c.Secret("sandi") != c.Secret("ulangi") {
		return "", access.Principal{}, fault.New(fault.Invalid, "web.passwords_differ").On("ulangi")
	}
	return d.Access.Activate(c.Context(), code, c.Secret("sandi"), c.IP())
}

type setupPage struct {
	kit.Base
	Name     string
	Username string
}

func (d Deps) setupForm(c *kit.Ctx) (kit.Response, error) {
	c.NoReferrer()
	open, err := d.Access.NeedsSetup(c.Context())
	if err != nil {
		return nil, err
	}
	if !open {
		return nil, fault.New(fault.Gone, "access.setup_done")
	}
	return kit.HTML("door/siapkan", &setupPage{Base: c.Base("Siapkan Cakap")}), nil
}

func (d Deps) setup(c *kit.Ctx) (kit.Response, error) {
	c.NoReferrer()
	page := &setupPage{Name: c.Form("nama"), Username: c.Form("akun")}
	err := error(nil)
	if c.Secret("sandi") != c.Secret("ulangi") {
		err = fault.New(fault.Invalid, "web.passwords_differ").On("ulangi")
	} else {
		err = d.Access.CompleteSetup(c.Context(), c.Param("token"), page.Name, page.Username, c.Secret("sandi"))
	}
	if err != nil {
		page.Base = c.Base("Siapkan Cakap")
		return refused(err, "door/siapkan", page, &page.Base)
	}
	c.Flash("Akun admin sudah dibuat. Masuk untuk melanjutkan.")
	return kit.Redirect("/masuk"), nil
}

func (d Deps) logout(c *kit.Ctx) (kit.Response, error) {
	if token := c.SessionToken(); token != "" {
		if err := d.Access.Logout(c.Context(), token); err != nil {
			return nil, err
		}
	}
	c.ClearSession()
	c.Flash("Anda sudah keluar.")
	return kit.Redirect("/masuk"), nil
}

// display keeps the person's own text size and contrast in a cookie.
func display(c *kit.Ctx) (kit.Response, error) {
	switch size := c.Form("teks"); size {
	case "100", "125", "150":
		c.SetPreference("teks", size)
	}
	switch contrast := c.Form("kontras"); contrast {
	case "biasa", "tinggi":
		c.SetPreference("kontras", contrast)
	}
	back := localPath(c.Form("kembali"))
	if back == "" {
		back = "/"
	}
	return kit.Redirect(back), nil
}

type textPage struct{ kit.Base }

func help(c *kit.Ctx) (kit.Response, error) {
	return kit.HTML("door/bantuan", &textPage{c.Base("Bantuan")}), nil
}

func privacy(c *kit.Ctx) (kit.Response, error) {
	return kit.HTML("door/privasi", &textPage{c.Base("Pemberitahuan privasi")}), nil
}

// localPath lets through a plain path of our own and nothing else, so that a
// link cannot send a person who logs in to another site.
func localPath(next string) string {
	u, err := url.Parse(next)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil || !strings.HasPrefix(next, "/") ||
		strings.HasPrefix(next, "//") || strings.ContainsAny(next, "\\\n\r\t") {
		return ""
	}
	return u.EscapedPath()
}
