// Package web serves the product over HTTP: the server with its limits, the
// security headers, and the pages of every audience put together. It and the
// packages below it are the only ones that know HTTP and HTML.
package web

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"time"

	"github.com/gin-gonic/gin"

	"cakap/assessment"
	"cakap/internal/access"
	"cakap/internal/people"
	"cakap/internal/storage"
	"cakap/internal/web/admin"
	"cakap/internal/web/door"
	"cakap/internal/web/integrity"
	"cakap/internal/web/kit"
	"cakap/internal/web/marker"
	"cakap/internal/web/media"
	"cakap/internal/web/officer"
	"cakap/internal/web/papers"
	"cakap/internal/web/participant"
	"cakap/internal/web/proctor"
	"cakap/internal/web/rescue"
	"cakap/internal/web/static"
	"cakap/internal/web/trainer"
	"cakap/questionbank"
	"cakap/reports"
)

// Config is how the server meets the world.
type Config struct {
	Secure   bool           // TLS here, or at the configured proxy
	Insecure bool           // plain HTTP beyond loopback was asked for by name
	Proxies  []netip.Prefix // peers whose forwarded headers are believed
	Origin   string         // "https://cakap.example.go.id": how browsers name us behind a proxy that rewrites Host
	Version  string
	Helpdesk string
	Now      func() time.Time
	Log      *slog.Logger
	Limits   Limits // how long clients may take; the zero value is for the open Internet
}

// Services are the domain packages behind the pages.
type Services struct {
	DB           *storage.DB
	Keys         *access.Keys
	Access       *access.Service
	Assessment   *assessment.Service
	People       *people.Service
	Bank         *questionbank.Service
	Reports      *reports.Service
	Clock        admin.Clock                    // the steady clock deadlines follow; nil where nothing watches it
	Surroundings func() assessment.Surroundings // what a preflight check looks at outside the database
}

// Server is the product as an http.Handler.
type Server struct {
	handler http.Handler
	routes  []kit.Route
	app     *kit.App
	assets  *static.Assets
	limits  Limits
	leaving *leaving
}

// New puts the audiences together.
func New(cfg Config, s Services) (*Server, error) {
	assets, err := static.Load()
	if err != nil {
		return nil, fmt.Errorf("web: %w", err)
	}
	app, err := kit.NewApp(kit.Config{
		Keys: s.Keys, Access: s.Access, Now: cfg.Now, Log: cfg.Log, Asset: assets.URL,
		Version: cfg.Version, Secure: cfg.Secure, Insecure: cfg.Insecure, Helpdesk: cfg.Helpdesk, Remote: s.DB.Engine() == "postgres", Origin: cfg.Origin,
	}, views()...)
	if err != nil {
		return nil, fmt.Errorf("web: %w", err)
	}
	routes := routes(s)
	out := &leaving{}
	engine, err := newEngine(cfg, s, app, assets, routes, out)
	if err != nil {
		return nil, fmt.Errorf("web: %w", err)
	}
	return &Server{handler: engine, routes: routes, app: app, assets: assets, limits: cfg.Limits.filled(), leaving: out}, nil
}

func views() []kit.Views {
	return []kit.Views{door.Views(), participant.Views(), trainer.Views(), marker.Views(), admin.Views(), officer.Views(), rescue.Views(), papers.Views(), integrity.Views(), proctor.Views()}
}

func routes(s Services) []kit.Route {
	var all []kit.Route
	all = append(all, door.Routes(door.Deps{Access: s.Access})...)
	all = append(all, participant.Routes(participant.Deps{Assessment: s.Assessment, Keys: s.Keys})...)
	all = append(all, trainer.Routes(trainer.Deps{Bank: s.Bank, Access: s.Access, Assessment: s.Assessment})...)
	all = append(all, media.Routes(media.Deps{Bank: s.Bank})...)
	all = append(all, rescue.Routes(rescue.Deps{Assessment: s.Assessment})...)
	all = append(all, marker.Routes(marker.Deps{Assessment: s.Assessment})...)
	all = append(all, officer.Routes(officer.Deps{
		DB: s.DB, Keys: s.Keys, Access: s.Access, People: s.People, Assessment: s.Assessment, Reports: s.Reports, Surroundings: s.Surroundings,
	})...)
	all = append(all, proctor.Routes(proctor.Deps{Keys: s.Keys, Assessment: s.Assessment, People: s.People})...)
	all = append(all, integrity.Routes(integrity.Deps{Keys: s.Keys, Assessment: s.Assessment})...)
	all = append(all, papers.Routes(papers.Deps{DB: s.DB, Keys: s.Keys, People: s.People, Assessment: s.Assessment})...)
	all = append(all, admin.Routes(admin.Deps{DB: s.DB, Keys: s.Keys, Access: s.Access, People: s.People, Clock: s.Clock})...)
	return all
}

func newEngine(cfg Config, s Services, app *kit.App, assets *static.Assets, routes []kit.Route, out *leaving) (*gin.Engine, error) {
	gin.SetMode(gin.ReleaseMode)
	engine := gin.New()
	engine.HandleMethodNotAllowed = true
	engine.RedirectTrailingSlash = false // it answers before Guard does, and believes X-Forwarded-Prefix
	engine.MaxMultipartMemory = kit.MultipartMemory
	proxies := make([]string, len(cfg.Proxies))
	for i, p := range cfg.Proxies {
		proxies[i] = p.String()
	}
	if len(proxies) == 0 {
		proxies = nil // gin believes everybody unless it is told to believe nobody
	}
	if err := engine.SetTrustedProxies(proxies); err != nil {
		return nil, err
	}
	cross := http.NewCrossOriginProtection()
	if cfg.Origin != "" {
		if err := cross.AddTrustedOrigin(cfg.Origin); err != nil {
			return nil, err
		}
	}
	engine.Use(out.farewell, app.Guard(), app.SameOrigin(cross))
	engine.NoRoute(app.NoRoute)
	engine.NoMethod(app.NoMethod)
	// Load balancers ask with HEAD as well.
	engine.Match([]string{http.MethodGet, http.MethodHead}, "/livez", func(g *gin.Context) { g.String(http.StatusOK, "ok") })
	engine.Match([]string{http.MethodGet, http.MethodHead}, "/readyz", func(g *gin.Context) { ready(g, s.DB, out) })
	engine.GET(static.Prefix+":hash/:name", func(g *gin.Context) {
		if !assets.Send(g.Writer, g.Request) {
			app.NoRoute(g)
		}
	})
	app.Mount(engine, routes)
	return engine, nil
}

// ready says whether this node can serve: the database answers, and the node
// is not about to stop.
func ready(g *gin.Context, db *storage.DB, out *leaving) {
	if out.begun.Load() {
		g.String(http.StatusServiceUnavailable, "stopping")
		return
	}
	ctx, cancel := context.WithTimeout(g.Request.Context(), 2*time.Second)
	defer cancel()
	if err := db.Ping(ctx); err != nil {
		g.String(http.StatusServiceUnavailable, "database away")
		return
	}
	g.String(http.StatusOK, "ready")
}

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }

// Routes are every door, for the policy matrix.
func (s *Server) Routes() []kit.Route { return s.routes }

// Check executes every template with its example.
func (s *Server) Check() error { return s.app.Check() }
