package assessment

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"cakap/assessment/commit"
	"cakap/internal/access"
	"cakap/internal/fault"
	"cakap/internal/storage"
)

// Options is what a Service is made of.
type Options struct {
	DB     *storage.DB
	Writer *commit.Writer   // of NewWriter; nil commits each act by itself, which suits commands
	Keys   *access.Keys     // nil where no start codes are issued
	Now    func() time.Time // nil is time.Now; a server gives a Clock's
	Log    *slog.Logger     // nil is the default logger
	Low    func() bool      // whether the disk is nearly full, so that nothing new may begin; nil is never
}

// Service is the use cases of this package. Each loads, decides and saves in
// one transaction, with the audit entry of what matters. Its methods may be
// called by any number of goroutines; it keeps nothing that can change.
type Service struct {
	db     *storage.DB
	read   store
	writer *commit.Writer
	keys   *access.Keys
	now    func() time.Time
	log    *slog.Logger
	low    func() bool
	bank   *bank
}

// New makes a Service.
func New(o Options) *Service {
	s := &Service{db: o.DB, read: store{o.DB}, writer: o.Writer, keys: o.Keys, now: o.Now, log: o.Log, low: o.Low, bank: newBank(o.DB)}
	if s.now == nil {
		s.now = time.Now
	}
	if s.log == nil {
		s.log = slog.Default()
	}
	return s
}

// NewWriter makes the group-commit writer of a service: with the limits that
// suit the engine where opts names none, and with one statement that locks the
// attempts of a whole group.
func NewWriter(db *storage.DB, now func() time.Time, opts commit.Options) *commit.Writer {
	return commit.New(db, WriterOptions(db, now, opts))
}

// WriterOptions is what NewWriter uses; the crash rig gives it to a writer that
// is broken on purpose.
func WriterOptions(db *storage.DB, now func() time.Time, opts commit.Options) commit.Options {
	suited := commit.For(db.Engine())
	if opts.Shards == 0 {
		opts.Shards = suited.Shards
	}
	if opts.Timeout == 0 {
		opts.Timeout = suited.Timeout
	}
	opts.Before = func(ctx context.Context, db storage.Querier, keys []int64) error {
		return store{db}.lock(ctx, keys, now())
	}
	return opts
}

// saves commits the work of an attempt in a group, before anything else.
func (s *Service) saves(ctx context.Context, enrolment int64, job commit.Job) error {
	if s.writer == nil {
		return s.alone(ctx, enrolment, job)
	}
	return s.writer.Do(ctx, enrolment, s.locking(enrolment, job))
}

// follows commits work that stands behind saves.
func (s *Service) follows(ctx context.Context, enrolment int64, job commit.Job) error {
	if s.writer == nil {
		return s.alone(ctx, enrolment, job)
	}
	return s.writer.Offer(ctx, enrolment, s.locking(enrolment, job))
}

// locking adds the lock that a writer not made by NewWriter does not take.
func (s *Service) locking(enrolment int64, job commit.Job) commit.Job {
	if s.writer != nil && s.writer.Prepares() {
		return job
	}
	return func(ctx context.Context, db storage.Querier) error {
		if err := (store{db}).lock(ctx, []int64{enrolment}, s.now()); err != nil {
			return err
		}
		return job(ctx, db)
	}
}

func (s *Service) alone(ctx context.Context, enrolment int64, job commit.Job) error {
	job = s.locking(enrolment, job)
	return s.db.Tx(ctx, func(db storage.Querier) error { return job(ctx, db) })
}

// audited runs an officer's act and its audit entry in one transaction.
func (s *Service) audited(ctx context.Context, actor Actor, entry access.Entry, act func(st store, entry *access.Entry) error) error {
	return s.db.Tx(ctx, func(db storage.Querier) error {
		if err := act(store{db}, &entry); err != nil {
			return err
		}
		entry.At, entry.Actor = s.now(), actor.Account
		return access.Record(ctx, db, entry)
	})
}

// missing turns a row that is not there into a refusal.
func missing(err error, op, key string) error {
	if errors.Is(err, storage.ErrNotFound) {
		return fault.New(fault.NotFound, key)
	}
	if err != nil && fault.Of(err) == nil {
		return fmt.Errorf("%s: %w", op, err)
	}
	return err
}

// eventFor loads an event the actor may see; another does not exist.
func eventFor(ctx context.Context, st store, actor Actor, id int64) (Event, error) {
	e, err := st.event(ctx, id)
	if err != nil {
		return Event{}, missing(err, "load event", "assessment.no_event")
	}
	if !actor.sees(e) {
		return Event{}, fault.New(fault.NotFound, "assessment.no_event")
	}
	return e, nil
}

// ownEvent loads an event the actor may change.
func ownEvent(ctx context.Context, st store, actor Actor, id int64) (Event, error) {
	e, err := eventFor(ctx, st, actor, id)
	if err != nil {
		return Event{}, err
	}
	if !actor.manages(e) {
		return Event{}, fault.New(fault.Forbidden, "assessment.not_your_event")
	}
	return e, nil
}

// enrolmentFor loads an enrolment of an agency the actor covers.
func enrolmentFor(ctx context.Context, st store, actor Actor, id int64) (Enrolment, error) {
	en, err := st.enrolment(ctx, id)
	if err != nil {
		return Enrolment{}, missing(err, "load enrolment", "assessment.no_enrolment")
	}
	if !actor.Scope.Covers(en.Agency) {
		return Enrolment{}, fault.New(fault.NotFound, "assessment.no_enrolment")
	}
	return en, nil
}

// sessionOf finds a session of an event; 0 is the first.
func sessionOf(ctx context.Context, st store, event, id int64) (Session, error) {
	all, err := st.sessions(ctx, event)
	if err != nil {
		return Session{}, fmt.Errorf("list sessions: %w", err)
	}
	if id == 0 && len(all) > 0 {
		return all[0], nil
	}
	if i := slices.IndexFunc(all, func(n Session) bool { return n.ID == id }); i >= 0 {
		return all[i], nil
	}
	return Session{}, fault.New(fault.NotFound, "assessment.no_session")
}

const maxReason = 500

// reasoned checks the reason that acts on people's attempts must have.
func reasoned(reason string) error {
	if !plainText(reason, maxReason) {
		return fault.New(fault.Invalid, "assessment.reason").On("reason")
	}
	return nil
}
