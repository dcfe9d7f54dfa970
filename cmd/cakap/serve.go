package main

import (
	"context"
	"crypto/tls"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"os"
	"strings"
	"sync"
	"time"

	"cakap/internal/access"
	"cakap/internal/storage"
	"cakap/internal/web"
)

// listening is how a server meets the network.
type listening struct {
	listen      string
	cert, key   string
	proxies     string
	publicURL   string
	insecureLAN bool
	helpdesk    string
	drainDelay  time.Duration
}

func (l *listening) register(fs *flag.FlagSet) {
	fs.StringVar(&l.listen, "listen", env("CAKAP_LISTEN", "127.0.0.1:8080"), "address to serve on (CAKAP_LISTEN)")
	fs.StringVar(&l.cert, "tls-cert", env("CAKAP_TLS_CERT", ""), "certificate file (CAKAP_TLS_CERT)")
	fs.StringVar(&l.key, "tls-key", env("CAKAP_TLS_KEY", ""), "private key file (CAKAP_TLS_KEY)")
	fs.StringVar(&l.proxies, "behind-proxy", env("CAKAP_BEHIND_PROXY", ""), "CIDRs of the reverse proxies whose forwarded headers are believed; needs --public-url (CAKAP_BEHIND_PROXY)")
	fs.StringVar(&l.publicURL, "public-url", env("CAKAP_PUBLIC_URL", ""), "address under which browsers reach the proxy, https://… (CAKAP_PUBLIC_URL)")
	fs.BoolVar(&l.insecureLAN, "insecure-lan", false, "serve plain HTTP beyond this machine; staff see a warning on every page")
	fs.StringVar(&l.helpdesk, "helpdesk", env("CAKAP_HELPDESK", "Bantuan: admin kepegawaian instansi Anda."), "contact line at the foot of every page (CAKAP_HELPDESK)")
}

// check finds combinations that would serve passwords in the clear, or believe
// a header that anybody can send.
func (l *listening) check() (cfg web.Config, err error) {
	host, _, err := net.SplitHostPort(l.listen)
	if err != nil {
		return cfg, fmt.Errorf("--listen %q: %w", l.listen, err)
	}
	if (l.cert == "") != (l.key == "") {
		return cfg, errors.New("--tls-cert and --tls-key go together")
	}
	if (l.proxies == "") != (l.publicURL == "") {
		return cfg, errors.New("--behind-proxy and --public-url go together")
	}
	for _, cidr := range strings.FieldsFunc(l.proxies, func(r rune) bool { return r == ',' || r == ' ' }) {
		prefix, err := netip.ParsePrefix(cidr)
		if err != nil {
			return cfg, fmt.Errorf("--behind-proxy: %w", err)
		}
		cfg.Proxies = append(cfg.Proxies, prefix)
	}
	if l.publicURL != "" {
		u, err := url.Parse(l.publicURL)
		if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
			return cfg, fmt.Errorf("--public-url %q: write it as https://host", l.publicURL)
		}
		cfg.Origin = u.Scheme + "://" + u.Host
	}
	cfg.Secure = l.cert != "" || strings.HasPrefix(l.publicURL, "https://")
	loopback := host == "localhost"
	if ip, err := netip.ParseAddr(host); err == nil {
		loopback = ip.IsLoopback()
	}
	if !cfg.Secure && !loopback {
		if !l.insecureLAN {
			return cfg, fmt.Errorf("plain HTTP is served on this machine only: give --tls-cert and --tls-key, or --behind-proxy and --public-url, or ask for it with --insecure-lan (now: --listen %s)", l.listen)
		}
		cfg.Insecure = true
	}
	cfg.Helpdesk = l.helpdesk
	return cfg, nil
}

// address is what a person types into a browser.
func (l *listening) address(bound net.Addr) string {
	if l.publicURL != "" {
		return strings.TrimSuffix(l.publicURL, "/")
	}
	scheme := "http"
	if l.cert != "" {
		scheme = "https"
	}
	host, port, err := net.SplitHostPort(bound.String())
	if err != nil {
		return scheme + "://" + bound.String()
	}
	if ip, err := netip.ParseAddr(host); err == nil && (ip.IsUnspecified() || ip.IsLoopback()) {
		host = "localhost"
	}
	return scheme + "://" + net.JoinHostPort(host, port)
}

func (l *listening) bind(ctx context.Context) (net.Listener, error) {
	plain, err := (&net.ListenConfig{}).Listen(ctx, "tcp", l.listen)
	if err != nil || l.cert == "" {
		return plain, err
	}
	pair, err := tls.LoadX509KeyPair(l.cert, l.key)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("read certificate: %w", err), plain.Close())
	}
	return tls.NewListener(plain, &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12, NextProtos: []string{"http/1.1"}}), nil
}

func serveCommand(ctx context.Context, std stdio, args []string) error {
	var p place
	var l listening
	fs := flags(std, "serve", "", "Serves until it is told to stop (SIGTERM), then lets what has begun finish.")
	p.register(fs)
	l.register(fs)
	fs.DurationVar(&l.drainDelay, "drain-delay", time.Second, "after SIGTERM, how long to serve on while /readyz says no: longer than a load balancer takes to notice")
	if _, err := parse(fs, std, args, 0, 0); err != nil {
		return err
	}
	p.founds = true
	log := slog.New(slog.NewJSONHandler(std.err, nil))
	a, err := open(ctx, p, log)
	if err != nil {
		return err
	}
	return errors.Join(serve(ctx, std, a, l, func(address string) error { return setupLink(ctx, std, a.access, address) }), a.close())
}

// setupLink prints the one-time way in while no administrator exists.
func setupLink(ctx context.Context, std stdio, s *access.Service, address string) error {
	needed, err := s.NeedsSetup(ctx)
	if err != nil || !needed {
		return err
	}
	token, err := s.IssueSetupToken(ctx)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(std.out, "\nNo administrator exists yet. Open this link within an hour to make the first one:\n\n  %s/siapkan/%s\n\n", address, token)
	return err
}

// serve runs the server and its sweeps. ready is called once the address is bound.
func serve(ctx context.Context, std stdio, a *app, l listening, ready func(address string) error) error {
	cfg, err := l.check()
	if err != nil {
		return err
	}
	cfg.Version, cfg.Now, cfg.Log = version, a.clock.Now, a.log
	cfg.Limits.Delay = l.drainDelay
	server, err := web.New(cfg, web.Services{
		DB: a.db, Keys: a.keys, Access: a.access, Assessment: a.assessment, People: a.people, Bank: a.bank, Reports: a.reports,
		Clock: a.clock, Surroundings: a.surroundings,
	})
	if err != nil {
		return err
	}
	listener, err := l.bind(ctx)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	address := l.address(listener.Addr())
	fmt.Fprintf(std.out, "Cakap %s serves on %s (%s)\n", version, address, a.db.Engine())
	if err := ready(address); err != nil {
		return errors.Join(err, listener.Close())
	}
	ctx, cancel := context.WithCancel(ctx)
	var sweeps sync.WaitGroup
	sweeps.Go(func() { a.assessment.Sweeps(ctx, a.clock, 5*time.Second) })
	sweeps.Go(func() { sweepSessions(ctx, a) })
	sweeps.Go(func() { a.disk.Run(ctx, 3*time.Second) })
	err = server.Serve(ctx, listener, a.log)
	cancel()
	sweeps.Wait()
	return err
}

func sweepSessions(ctx context.Context, a *app) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(time.Hour):
		}
		if err := a.access.Sweep(ctx); err != nil && ctx.Err() == nil {
			a.log.Error("sweep sessions", "err", err)
		}
	}
}

func migrateCommand(ctx context.Context, std stdio, args []string) error {
	var p place
	fs := flags(std, "migrate", "", "Applies pending migrations and seeds reference data. A database newer than this binary is refused.")
	p.register(fs)
	if _, err := parse(fs, std, args, 0, 0); err != nil {
		return err
	}
	p.founds = true
	return with(ctx, std, p, func(a *app) error {
		v, err := a.db.Version(ctx)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(std.out, "The database is up to date (%s).\n", v)
		return err
	})
}

func backupCommand(ctx context.Context, std stdio, args []string) error {
	var p place
	fs := flags(std, "backup", "FILE", "Writes a consistent, checked copy while the server runs: a SQLite file, or a pg_dump archive.\nKeep the key file with it; codes and links do not work without.")
	p.register(fs)
	rest, err := parse(fs, std, args, 1, 1)
	if err != nil {
		return err
	}
	if _, err := os.Stat(p.database); err != nil && !storage.IsPostgres(p.database) {
		return err
	}
	if _, err := os.Stat(rest[0]); err == nil {
		return fmt.Errorf("%s exists already; name a new file", rest[0])
	}
	// The database is copied as it stands: a backup before an upgrade must not
	// be what upgrades it.
	p.keyFile = keyFileOf(p)
	db, err := storage.Open(ctx, p.database)
	if err != nil {
		return err
	}
	if err := errors.Join(db.Backup(ctx, rest[0]), db.Close()); err != nil {
		return err
	}
	if err := os.WriteFile(backupMark(p.keyFile), []byte(time.Now().UTC().Format(time.RFC3339)+"\n"), 0o600); err != nil {
		return fmt.Errorf("note the backup: %w", err)
	}
	info, err := os.Stat(rest[0])
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(std.out, "%s written and checked, %d bytes. Keep %s with it.\n", rest[0], info.Size(), p.keyFile)
	return err
}
