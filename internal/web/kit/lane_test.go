package kit

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"cakap/internal/access"
	"cakap/internal/fault"
)

func TestLaneOfRoute(t *testing.T) {
	for _, tt := range []struct {
		route Route
		want  Lane
	}{
		{Route{Method: "GET", Action: access.AttemptTake}, Read},
		{Route{Method: "POST", Action: access.AttemptTake}, Read},
		{Route{Method: "POST", Bearer: true}, Save},
		{Route{Method: "POST", Action: access.RosterImport, Slow: true}, Work},
		{Route{Method: "GET"}, Read},
		{Route{Method: "POST"}, Login},
		{Route{Method: "GET", Action: access.ReportDownload, Slow: true, Lane: Report}, Report},
	} {
		if got := tt.route.lane(); got != tt.want {
			t.Errorf("lane of %+v = %s, want %s", tt.route, laneNames[got], laneNames[tt.want])
		}
	}
}

func TestLaneQueuesAndSheds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &laneState{limit: 1, queue: 2, wait: 2 * time.Second}
		leave, err := l.enter(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		order := make(chan int, 2)
		for i := range 2 {
			go func() {
				leave, err := l.enter(t.Context())
				if err != nil {
					t.Errorf("who waits within the time gets a place: %v", err)
					return
				}
				order <- i
				leave()
			}()
			synctest.Wait() // in this order
		}
		start := time.Now()
		if _, err := l.enter(t.Context()); fault.KindOf(err) != fault.Unavailable || time.Since(start) != 0 {
			t.Errorf("a full queue: %v after %v, want to be refused at once", err, time.Since(start))
		}
		leave()
		leave() // twice is once
		if a, b := <-order, <-order; a != 0 || b != 1 {
			t.Errorf("served in the order %d, %d", a, b)
		}

		leave, err = l.enter(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		start = time.Now()
		if _, err := l.enter(t.Context()); fault.KindOf(err) != fault.Unavailable || time.Since(start) != 2*time.Second {
			t.Errorf("waiting in vain: %v after %v", err, time.Since(start))
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := l.enter(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("a request that went away: %v", err)
		}
		leave()
		if l.inside != 0 || len(l.waiting) != 0 {
			t.Errorf("%d places and %d turns leaked", l.inside, len(l.waiting))
		}
	})
}

// The save lane refuses rather than lets people wait, and opens again.
func TestPacedLane(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &laneState{limit: saveMost, pace: 250 * time.Millisecond}
		crowd := func(n int, takes time.Duration) (refused int) {
			var leaves []func()
			for range n {
				leave, err := l.enter(t.Context())
				if err != nil {
					refused++
					continue
				}
				leaves = append(leaves, leave)
			}
			time.Sleep(takes)
			for _, leave := range leaves {
				leave()
			}
			return refused
		}
		if n := crowd(2000, 200*time.Millisecond); n != 0 {
			t.Errorf("%d refused while all goes well", n)
		}
		for range 5 {
			crowd(1, 3*time.Second) // it falters
			crowd(2000, time.Millisecond)
		}
		if l.limit < 2000 {
			t.Errorf("a moment's trouble left %d places", l.limit)
		}
		for range 50 {
			crowd(2000, time.Second)
		}
		if l.limit != saveLeast {
			t.Errorf("a slow disk leaves %d places, want %d", l.limit, saveLeast)
		}
		if n := crowd(2000, time.Millisecond); n != 2000-saveLeast {
			t.Errorf("%d refused, want %d", n, 2000-saveLeast)
		}
		for range 20 {
			crowd(2000, time.Millisecond)
		}
		if n := crowd(2000, time.Millisecond); n != 0 {
			t.Errorf("%d are still refused after the disk recovered", n)
		}
	})
}

// A refused page says when to come back, by both headers, and the log counts
// refusals instead of listing them.
func TestShedAnswer(t *testing.T) {
	h, log, app := serve(t,
		Route{Method: "GET", Path: "/p", Handle: func(*Ctx) (Response, error) { return Redirect("/"), nil }},
		Route{Method: "POST", Path: "/api/s", Bearer: true, Handle: func(*Ctx) (Response, error) { return JSON(200, 1), nil }},
	)
	held := 0
	app.hold = func(context.Context) { held++ }
	app.lanes[Read], app.lanes[Save] = &laneState{}, &laneState{pace: time.Second}
	for range 50 {
		rec := do(t, h, "GET", "/p", "", "")
		if rec.Code != http.StatusServiceUnavailable || rec.Header().Get("Retry-After") == "" || rec.Header().Get("Refresh") != rec.Header().Get("Retry-After") {
			t.Fatalf("a refused page: %d, %v", rec.Code, rec.Header())
		}
		rec = do(t, h, "POST", "/api/s", "application/json", "{}")
		if rec.Code != http.StatusServiceUnavailable || rec.Header().Get("Retry-After") == "" || rec.Header().Get("Refresh") != "" {
			t.Fatalf("a refused save: %d, %v", rec.Code, rec.Header())
		}
	}
	if held != 100 {
		t.Errorf("%d of 100 refusals were held back", held)
	}
	if n := strings.Count(log.String(), "\n"); n == 0 || n > 40 {
		t.Errorf("%d lines about 100 refusals", n)
	}
}

func TestHold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		hold(t.Context())
		if d := time.Since(start); d < time.Second || d >= 3*time.Second {
			t.Errorf("held for %v", d)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		start = time.Now()
		if hold(ctx); time.Since(start) != 0 {
			t.Error("a client that went away is held")
		}
	})
}

// Who sends slowly or reads slowly has no place in a lane meanwhile.
func TestSlowPeersHoldNoPlace(t *testing.T) {
	var app *App
	var h http.Handler
	inside := -1
	h, _, app = serve(t,
		Route{Method: "POST", Path: "/api/s", Bearer: true, Handle: func(c *Ctx) (Response, error) {
			var v struct{}
			return JSON(200, 1), c.DecodeJSON(&v)
		}},
		Route{Method: "GET", Path: "/f", Action: "", Slow: true, Lane: Report, Handle: func(*Ctx) (Response, error) {
			return File{Name: "a.csv", Type: CSV, Write: func(w io.Writer) error {
				_, err := w.Write([]byte("a"))
				if app.lanes[Report].inside != 1 {
					t.Error("a file is made outside of its lane")
				}
				return err
			}}, nil
		}},
	)
	body := readerFunc(func(p []byte) (int, error) {
		inside = app.lanes[Save].inside
		return copy(p, "{}"), io.EOF
	})
	r := httptest.NewRequestWithContext(t.Context(), "POST", "/api/s", body)
	r.Header.Set("Content-Type", "application/json")
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, r)
	if rec.Code != 200 || inside != 0 {
		t.Errorf("status %d; %d places were taken while the body was read", rec.Code, inside)
	}
	w := &watchedWriter{ResponseRecorder: httptest.NewRecorder(), app: app}
	h.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), "GET", "/f", http.NoBody))
	if w.Body.String() != "a" || w.inside != 0 {
		t.Errorf("sent %q; %d places were taken meanwhile", w.Body, w.inside)
	}
	for lane, l := range app.lanes {
		if l != nil && l.inside != 0 {
			t.Errorf("%s: %d places leaked", laneNames[lane], l.inside)
		}
	}
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

type watchedWriter struct {
	*httptest.ResponseRecorder
	app    *App
	inside int
}

func (w *watchedWriter) Write(p []byte) (int, error) {
	w.inside += w.app.lanes[Report].inside
	return w.ResponseRecorder.Write(p)
}

// A body that was cut off is told to whoever reads it, not taken for a whole.
func TestReadAheadKeepsTheFault(t *testing.T) {
	h, _, app := serve(t, Route{Method: "POST", Path: "/api/s", Bearer: true, MaxBody: 8, Handle: func(c *Ctx) (Response, error) {
		var v struct{}
		return JSON(200, 1), c.DecodeJSON(&v)
	}})
	if rec := do(t, h, "POST", "/api/s", "application/json", "{         }"); rec.Code != http.StatusRequestEntityTooLarge {
		t.Errorf("too long: status %d", rec.Code)
	}
	if n := app.lanes[Save].inside; n != 0 {
		t.Errorf("%d places leaked", n)
	}
}
