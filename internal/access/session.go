package access

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"cakap/internal/fault"
	"cakap/internal/storage"
)

// How long sessions live. Staff who walk away are logged out; a participant
// never is before the session's own end, because nobody may lose the page of
// an attempt to a timer of ours.
const (
	staffIdle  = 30 * time.Minute
	absolute   = 12 * time.Hour
	touchEvery = time.Minute // or every request would be a write
)

const (
	tokenBytes = 32
	tokenChars = 43 // of 32 bytes in base64
)

// newToken makes the token of a session, of which the database keeps the hash.
func newToken() string {
	var b [tokenBytes]byte
	if _, err := rand.Read(b[:]); err != nil {
		panic(err) // crypto/rand does not fail on a supported system
	}
	return base64.RawURLEncoding.EncodeToString(b[:])
}

func tokenHash(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// openSession makes a session and returns its token.
func openSession(ctx context.Context, st store, account, enrolment int64, now time.Time) (string, error) {
	token := newToken()
	return token, st.insertSession(ctx, tokenHash(token), account, enrolment, now.UnixMilli(), now.Add(absolute).UnixMilli())
}

// principalOf is who an account is. A start code opens an assessment and
// nothing else, whatever the person may do besides.
func principalOf(account, person, enrolment int64, name string, roles []Grant) Principal {
	if enrolment != 0 {
		roles = []Grant{{Role: Participant}}
	}
	return Principal{AccountID: account, PersonID: person, EnrolmentID: enrolment, Name: name, Roles: roles}
}

// staff reports whether any of the grants is more than a participant's.
func staff(roles []Grant) bool {
	for _, g := range roles {
		if g.Role != Participant {
			return true
		}
	}
	return false
}

// Authenticate is the principal of a session's token, or Unauthentic. It is
// one indexed read: nothing about a session is kept in the process, so a
// log-out or a shut account works on every node at the next request.
func (s *Service) Authenticate(ctx context.Context, token string) (Principal, error) {
	if len(token) != tokenChars {
		return Principal{}, fault.New(fault.Unauthentic, "error.unauthentic")
	}
	st, hash, now := store{s.db}, tokenHash(token), s.now()
	rows, err := st.session(ctx, hash)
	if err != nil {
		return Principal{}, fmt.Errorf("authenticate: %w", err)
	}
	if len(rows) == 0 || !rows[0].Active || now.UnixMilli() >= rows[0].ExpiresMS {
		return Principal{}, fault.New(fault.Unauthentic, "error.unauthentic")
	}
	row := rows[0]
	p := principalOf(row.AccountID, row.PersonID, row.EnrolmentID, row.Name, grantsOf(rows))
	if !staff(p.Roles) {
		return p, nil
	}
	return p, s.keepAlive(ctx, st, hash, row, now)
}

// keepAlive refuses a staff session that lay idle and marks one that did not.
func (s *Service) keepAlive(ctx context.Context, st store, hash string, row sessionRow, now time.Time) error {
	idle := now.Sub(time.UnixMilli(row.SeenMS))
	if idle > staffIdle {
		// Somebody who is staff and takes an assessment sends answers past this
		// door; the session must still be there at the end.
		n, err := st.underWay(ctx, row.PersonID)
		if err != nil {
			return fmt.Errorf("authenticate: %w", err)
		}
		if n == 0 {
			return fault.New(fault.Unauthentic, "error.unauthentic")
		}
	}
	if idle < touchEvery {
		return nil
	}
	// A database that is busy for a moment logs nobody out: the next request
	// marks the session.
	if err := st.touchSession(ctx, hash, now.UnixMilli()); err != nil && !errors.Is(err, storage.ErrBusy) {
		return fmt.Errorf("authenticate: %w", err)
	}
	return nil
}

// grantsOf are the roles in the rows of one session; a left join gives one
// row without a role where there is none.
func grantsOf(rows []sessionRow) []Grant {
	var grants []Grant
	for _, r := range rows {
		if r.Role != "" {
			grants = append(grants, Grant{r.Role, r.RoleAgency})
		}
	}
	return grants
}

// Logout ends the session of a token; one that has ended already is no error.
func (s *Service) Logout(ctx context.Context, token string) error {
	if err := (store{s.db}).deleteSession(ctx, tokenHash(token)); err != nil {
		return fmt.Errorf("logout: %w", err)
	}
	return nil
}

// kept is how long a used or expired code is remembered, so that who types it
// is told that rather than "wrong".
const kept = 30 * 24 * time.Hour

// Sweep forgets ended sessions, ended throttle windows and old codes. Run it
// every few minutes, on any node or on all.
func (s *Service) Sweep(ctx context.Context) error {
	st, now := store{s.db}, s.now()
	err := errors.Join(
		st.sweepSessions(ctx, now.UnixMilli()),
		st.sweepThrottle(ctx, now.UnixMilli()),
		st.sweepCodes(ctx, now.Add(-kept).UnixMilli()),
	)
	if err != nil {
		return fmt.Errorf("sweep: %w", err)
	}
	return nil
}
