package access

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"cakap/internal/fault"
	"cakap/internal/storage"
)

// limit is how many failures a subject may have within a window. Past it even
// the right secret is refused until the window ends, or guessing would go on.
type limit struct {
	most   int
	window time.Duration
}

var (
	passwordLimit   = limit{10, 15 * time.Minute}
	startCodeLimit  = limit{8, 15 * time.Minute}
	activationLimit = limit{20, 15 * time.Minute} // per address: such a code names nobody
)

type throttleRow struct {
	Failures int   `db:"failures"`
	WindowMS int64 `db:"window_ms"` // when the window ends
}

// refuse returns TooMany while the subject's window is full.
func (l limit) refuse(ctx context.Context, st store, subject string, now time.Time) error {
	row, err := st.throttle(ctx, subject)
	if errors.Is(err, storage.ErrNotFound) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read throttle: %w", err)
	}
	if row.Failures < l.most {
		return nil
	}
	return l.tooMany(row, now)
}

// take counts one try before anybody looks whether it is right, so that tries
// which run side by side cannot be more than the limit. The window begins with
// the first of them; a success forgets them all.
func (l limit) take(ctx context.Context, db *storage.DB, subject string, now time.Time) error {
	var row throttleRow
	err := db.Tx(ctx, func(db storage.Querier) (err error) {
		row, err = store{db}.countTry(ctx, subject, now.UnixMilli(), now.Add(l.window).UnixMilli())
		return err
	})
	if err != nil {
		return fmt.Errorf("count try: %w", err)
	}
	if row.Failures <= l.most {
		return nil
	}
	return l.tooMany(row, now)
}

// tooMany is the refusal with the seconds that are left, or nil where the
// window has ended.
func (l limit) tooMany(row throttleRow, now time.Time) error {
	left := time.UnixMilli(row.WindowMS).Sub(now)
	if left <= 0 {
		return nil
	}
	return fault.New(fault.TooMany, "error.too_many", int((left+time.Second-1)/time.Second))
}

// addresses limits failures per network address, generously: a whole office
// may stand behind one. It is in memory, per node and bounded; the limit per
// account, which is what keeps guessing out, is in the database.
type addresses struct {
	mu    sync.Mutex
	known map[string]*rate.Limiter
}

const (
	mostAddresses   = 10_000
	failuresAMinute = 100
)

// refuse returns TooMany for an address that failed too often just now. A
// success costs nothing, however many there are.
func (a *addresses) refuse(ip string, now time.Time) error {
	missing := 1 - a.of(ip).TokensAt(now)
	if missing <= 0 {
		return nil
	}
	return fault.New(fault.TooMany, "error.too_many", int(missing*60/failuresAMinute)+1)
}

func (a *addresses) failed(ip string, now time.Time) { a.of(ip).AllowN(now, 1) }

func (a *addresses) of(ip string) *rate.Limiter {
	network := networkOf(ip)
	a.mu.Lock()
	defer a.mu.Unlock()
	l, ok := a.known[network]
	if !ok {
		if a.known == nil || len(a.known) >= mostAddresses {
			a.known = map[string]*rate.Limiter{} // forgetting is better than growing
		}
		l = rate.NewLimiter(rate.Limit(failuresAMinute)/60, failuresAMinute)
		a.known[network] = l
	}
	return l
}

// networkOf is what one customer of a provider holds: an IPv4 address, or the
// /64 of an IPv6 one, within which a machine picks addresses as it likes.
func networkOf(ip string) string {
	addr, err := netip.ParseAddr(ip)
	if err != nil {
		return ip
	}
	if addr = addr.Unmap().WithZone(""); addr.Is4() {
		return addr.String()
	}
	prefix, err := addr.Prefix(64)
	if err != nil {
		return addr.String()
	}
	return prefix.String()
}
