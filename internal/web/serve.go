package web

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/gin-gonic/gin"
)

// Limits are how long a client may take, and how the server leaves. A zero
// field means its default, except Delay.
type Limits struct {
	Header time.Duration // for a request's headers (5 s)
	Read   time.Duration // for a whole request (15 s)
	Write  time.Duration // for a whole request and its answer (60 s)
	Idle   time.Duration // between two requests of a connection (60 s)

	// Delay is how long a server that was told to stop goes on serving while
	// /readyz already says no, so that a load balancer sends nobody to a closed
	// door. Every answer then closes its connection.
	Delay time.Duration
	Drain time.Duration // for what has begun, after the delay (8 s)
}

func (l Limits) filled() Limits {
	for _, d := range []struct {
		field     *time.Duration
		otherwise time.Duration
	}{{&l.Header, 5 * time.Second}, {&l.Read, 15 * time.Second}, {&l.Write, time.Minute}, {&l.Idle, time.Minute}, {&l.Drain, 8 * time.Second}} {
		if *d.field <= 0 {
			*d.field = d.otherwise
		}
	}
	return l
}

// leaving is whether the server was told to stop.
type leaving struct{ begun atomic.Bool }

// farewell asks clients of a server that stops to come back over another
// connection: one that is closed while the next request travels would look like
// a failure.
func (l *leaving) farewell(g *gin.Context) {
	if l.begun.Load() {
		g.Header("Connection", "close")
	}
}

// Serve answers on l until ctx ends, then stops being ready and lets what has
// begun finish. The limits are those of a public server: slow clients cannot
// hold it.
func (s *Server) Serve(ctx context.Context, l net.Listener, log *slog.Logger) error {
	server := &http.Server{
		Handler:           s,
		ReadHeaderTimeout: s.limits.Header,
		ReadTimeout:       s.limits.Read,
		WriteTimeout:      s.limits.Write,
		IdleTimeout:       s.limits.Idle,
		MaxHeaderBytes:    16 << 10,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(l) }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	s.leaving.begun.Store(true)
	select {
	case err := <-ended:
		return err
	case <-time.After(s.limits.Delay):
	}
	drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.limits.Drain)
	defer cancel()
	err := server.Shutdown(drain)
	if errors.Is(err, context.DeadlineExceeded) {
		log.Warn("requests were cut off: they did not finish in time", "limit", s.limits.Drain.String())
		err = server.Close()
	}
	if e := <-ended; !errors.Is(e, http.ErrServerClosed) {
		err = errors.Join(err, e)
	}
	return err
}
