package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"cakap/assessment"
	"cakap/internal/access"
	"cakap/internal/demo"
	"cakap/internal/fault"
	"cakap/internal/people"
	"cakap/internal/storage"
	"cakap/internal/web"
	"cakap/internal/web/participant"
)

// The measurement: a real server on a scratch database, and people of our own
// who log in, start and answer as fast as it lets them. They share the machine
// with it, so the figures are on the careful side.
const (
	measurePeople  = 800
	measureClients = 32
	measureFor     = 3 * time.Second
)

// measureCommand measures this machine and keeps the figures for the forecasts.
func measureCommand(ctx context.Context, std stdio, a *app, asJSON bool) error {
	running, err := a.assessment.RunningNow(ctx)
	if err != nil {
		return err
	}
	if running > 0 {
		return fault.New(fault.Conflict, "capacity.running", running)
	}
	found, err := measure(ctx, a.database)
	if err != nil {
		return err
	}
	if found.Node, err = node(); err != nil {
		return err
	}
	if err := a.assessment.SetCapacity(ctx, operator(), found); err != nil {
		return err
	}
	if asJSON {
		return printJSON(std.out, map[string]any{"node": found.Node, "engine": a.db.Engine(), "saves_per_s": found.Saves, "starts_per_s": found.Starts, "logins_per_s": found.Logins})
	}
	_, err = fmt.Fprintf(std.out, "ok    %s on %s carries %d saves, %d starts or %d log-ins per second; kept for the forecasts of events.\n",
		found.Node, a.db.Engine(), found.Saves, found.Starts, found.Logins)
	return err
}

// node names this machine in the table of capacities.
func node() (string, error) {
	name, err := os.Hostname()
	if err != nil {
		return "", fmt.Errorf("name of this machine: %w", err)
	}
	name = strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '.' || r == '-' || r == '_' {
			return r
		}
		return '-'
	}, name)
	return "n" + strings.TrimLeft(name[:min(len(name), 90)], "n.-_"), nil
}

// trial is the server under measurement and its people.
type trial struct {
	*app
	base   string
	people []*sitter
}

// sitter is one person of the measurement.
type sitter struct {
	assessment.StartCode
	client *http.Client
	bearer string
	done   bool  // of the part that runs; each person is one goroutine's then
	places []int // positions that take the answer "A"
}

// measure runs the whole measurement on a scratch database, and removes it.
func measure(ctx context.Context, database string) (found assessment.NodeCapacity, err error) {
	scratch, drop, err := storage.Scratch(ctx, database)
	if err != nil {
		return found, err
	}
	defer func() { err = errors.Join(err, drop()) }()
	folder, err := os.MkdirTemp("", "cakap-key-")
	if err != nil {
		return found, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	a, err := open(ctx, place{database: scratch, keyFile: filepath.Join(folder, "key"), founds: true}, slog.New(slog.DiscardHandler))
	if err != nil {
		return found, err
	}
	defer func() { err = errors.Join(err, a.close()) }()
	t := &trial{app: a}
	if err := t.seat(ctx); err != nil {
		return found, fmt.Errorf("prepare the measurement: %w", err)
	}
	stop, err := t.serve(ctx)
	if err != nil {
		return found, err
	}
	defer func() { err = errors.Join(err, stop()) }()
	for _, part := range []struct {
		name string
		once bool // each person can do it once
		do   func(ctx context.Context, s *sitter, n int64) error
		to   *int
	}{{"log-ins", true, t.login, &found.Logins}, {"starts", true, t.start, &found.Starts}, {"saves", false, t.save, &found.Saves}} {
		if *part.to, err = t.run(ctx, part.once, part.do); err != nil {
			return found, fmt.Errorf("measure %s: %w", part.name, err)
		}
	}
	return found, nil
}

// seat makes an open event with its people and their codes.
func (t *trial) seat(ctx context.Context) error {
	now, every := t.clock.Now(), access.Scope{All: true}
	agency, err := t.app.people.CreateAgency(ctx, people.By{Scope: every, Now: now}, people.Agency{Code: "UKUR", Name: "Pengukuran", ShortName: "Ukur", Kind: "regency", Zone: "WIB"})
	if err != nil {
		return err
	}
	file := demo.Roster(0, measurePeople, now)
	report, err := t.app.people.Import(ctx, people.ImportRequest{
		FileName: "ukur.csv", File: file, Size: file.Size(), AgencyID: agency.ID, SkipRejected: true, By: people.By{Scope: every, Now: now},
	})
	if err != nil || !report.Saved {
		return fmt.Errorf("invented people: saved %v: %w", report.Saved, err)
	}
	b, err := t.assessment.BlueprintByCode(ctx, assessment.Ringkas)
	if err != nil {
		return err
	}
	opens, closes := now.Add(-time.Minute), now.Add(3*time.Hour)
	e, err := t.assessment.CreateEvent(ctx, operator(), assessment.NewEvent{
		Code: "UKUR", Name: "Pengukuran", Owner: agency.ID, Blueprint: b.ID, OpensAt: opens, ClosesAt: closes,
		Sessions: []assessment.NewSession{{Name: "Sesi 1", OpensAt: opens, ClosesAt: closes, Jitter: -1}},
	})
	if err != nil {
		return err
	}
	if _, err := t.assessment.Enrol(ctx, operator(), assessment.EnrolRequest{Event: e.ID, Agencies: []int64{agency.ID}}); err != nil {
		return err
	}
	if _, err := t.assessment.Prepare(ctx, operator(), e.ID); err != nil {
		return err
	}
	codes, err := t.assessment.IssueStartCodes(ctx, operator(), assessment.CodeRequest{Event: e.ID})
	if err != nil {
		return err
	}
	for _, code := range codes {
		t.people = append(t.people, &sitter{StartCode: code})
	}
	return t.assessment.Open(ctx, operator(), e.ID, t.surroundings())
}

// serve runs the real server on a port of this machine.
func (t *trial) serve(ctx context.Context) (stop func() error, err error) {
	server, err := web.New(web.Config{Version: version, Now: t.clock.Now, Log: t.log}, web.Services{
		DB: t.db, Keys: t.keys, Access: t.access, Assessment: t.assessment, People: t.app.people, Bank: t.bank, Reports: t.reports, Clock: t.clock,
	})
	if err != nil {
		return nil, err
	}
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	t.base = "http://" + l.Addr().String()
	running := &http.Server{Handler: server, ReadHeaderTimeout: 10 * time.Second}
	ended := make(chan error, 1)
	go func() { ended <- running.Serve(l) }()
	transport := &http.Transport{MaxIdleConnsPerHost: measureClients, DisableCompression: true}
	for _, one := range t.people {
		jar, err := cookiejar.New(nil)
		if err != nil {
			return nil, errors.Join(err, running.Close())
		}
		one.client = &http.Client{Transport: transport, Jar: jar, Timeout: 30 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	}
	return func() error {
		transport.CloseIdleConnections()
		err := running.Close()
		if served := <-ended; !errors.Is(served, http.ErrServerClosed) {
			err = errors.Join(err, served)
		}
		return err
	}, nil
}

// run lets the people act, many at once, until the time is over or, where each
// can but once, everybody has; it returns how often per second.
func (t *trial) run(ctx context.Context, once bool, do func(ctx context.Context, s *sitter, n int64) error) (int, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var next, done atomic.Int64
	var wait sync.WaitGroup
	began := time.Now()
	for range measureClients {
		wait.Go(func() {
			for ctx.Err() == nil && time.Since(began) < measureFor {
				n := next.Add(1) - 1
				if once && n >= int64(len(t.people)) {
					return
				}
				one := t.people[n%int64(len(t.people))]
				err := do(ctx, one, n/int64(len(t.people)))
				if errors.Is(err, errShed) { // more than it carries: that is what we want to know
					time.Sleep(50 * time.Millisecond)
					continue
				}
				if err != nil {
					cancel(err)
					return
				}
				if once {
					one.done = true
				}
				done.Add(1)
			}
		})
	}
	wait.Wait()
	if ctx.Err() != nil {
		return 0, context.Cause(ctx)
	}
	if once { // whom the time did not reach cannot do what comes next
		t.people = slices.DeleteFunc(t.people, func(s *sitter) bool { return !s.done })
		for _, one := range t.people {
			one.done = false
		}
	}
	return max(int(float64(done.Load())/time.Since(began).Seconds()), 1), nil
}

func (t *trial) login(ctx context.Context, s *sitter, _ int64) error {
	form := url.Values{"nip": {s.Enrolment.NIP}, "kode": {access.FormatCode(s.Code)}}
	return s.ask(ctx, http.MethodPost, t.base+"/masuk/kode", form.Encode(), "application/x-www-form-urlencoded", http.StatusSeeOther)
}

// start begins the attempt as pressing the button does, and fetches its page.
func (t *trial) start(ctx context.Context, s *sitter, _ int64) error {
	const device = "ukuruukuruukuruukuruuk" // a browser's name has 22 signs
	taker := assessment.Taker{Person: s.Enrolment.Person}
	if _, err := t.assessment.Start(ctx, taker, s.Enrolment.ID, device, "", ""); err != nil {
		return err
	}
	ticket, err := t.assessment.Ticket(ctx, taker, s.Enrolment.ID, device)
	if err != nil {
		return err
	}
	s.bearer = t.keys.Bearer(ticket.Bearer())
	for position := range len(ticket.Shape) {
		if assessment.ValidValue(ticket.Shape, position+1, "A") {
			s.places = append(s.places, position+1)
		}
	}
	at, err := url.Parse(t.base)
	if err != nil {
		return err
	}
	s.client.Jar.SetCookies(at, []*http.Cookie{{Name: "cakap_gawai", Value: device, Path: "/"}}) //nolint:gosec // a client's own, over loopback
	return s.ask(ctx, http.MethodGet, t.base+"/ikut/"+t.keys.Seal("enrolment", s.Enrolment.ID)+"/soal", "", "", http.StatusOK)
}

func (t *trial) save(ctx context.Context, s *sitter, round int64) error {
	if len(s.places) == 0 {
		return fmt.Errorf("enrolment %d has no item that takes a letter", s.Enrolment.ID)
	}
	body := fmt.Sprintf(`{"a":[{"n":%d,"s":%d,"v":"A","d":false}]}`, s.places[round%int64(len(s.places))], round+1)
	return s.ask(ctx, http.MethodPost, t.base+participant.SavePath, body, "application/json", http.StatusOK)
}

// errShed is a request that the server was too busy for.
var errShed = errors.New("the server is busy")

// ask makes one request and wants one status.
func (s *sitter) ask(ctx context.Context, method, address, body, kind string, want int) error {
	r, err := http.NewRequestWithContext(ctx, method, address, strings.NewReader(body))
	if err != nil {
		return err
	}
	r.Header.Set("Accept-Encoding", "gzip")
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	if kind == "application/json" {
		r.Header.Set("Authorization", "Bearer "+s.bearer)
	}
	answer, err := s.client.Do(r)
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, answer.Body)
	if answer.StatusCode == http.StatusServiceUnavailable || answer.StatusCode == http.StatusTooManyRequests {
		return errors.Join(errShed, err, answer.Body.Close())
	}
	if err = errors.Join(err, answer.Body.Close()); err == nil && answer.StatusCode != want {
		err = fmt.Errorf("%s %s: status %d, want %d", method, r.URL.Path, answer.StatusCode, want)
	}
	return err
}
