package access

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"

	"cakap/internal/fault"
	"cakap/internal/storage"
)

// Service is the use cases of getting in and of accounts. It keeps no state
// that another node would miss, save the per-address limiter.
type Service struct {
	db   *storage.DB
	keys *Keys
	now  func() time.Time
	gate *gate
	ips  *addresses
	lane Lane
}

// Lane runs a piece of work in a transaction that it may share with others, and
// returns after that is durable. The work may run more than once; what it
// refuses it notes outside and returns nil, because an error takes back the
// work of its neighbours too. Key puts the pieces of a transaction in order.
type Lane func(ctx context.Context, key int64, work func(ctx context.Context, db storage.Querier) error) error

// CommitBy makes participants' log-ins share transactions. At the bell there
// are a thousand in a second: with one each they would stand before the
// answers that are saved meanwhile.
func (s *Service) CommitBy(lane Lane) { s.lane = lane }

func (s *Service) alone(ctx context.Context, _ int64, work func(ctx context.Context, db storage.Querier) error) error {
	return s.db.Tx(ctx, func(db storage.Querier) error { return work(ctx, db) })
}

// How many passwords are hashed and wait at once: one leaves the second core
// to the answers, and a queue of forty is a second long.
const (
	hashing      = 1
	hashesQueued = 40
	hashWait     = 2 * time.Second
)

// New makes a Service; now may be nil for the machine's clock.
func New(db *storage.DB, keys *Keys, now func() time.Time) *Service {
	if now == nil {
		now = time.Now
	}
	s := &Service{db: db, keys: keys, now: now, gate: newGate(hashing, hashesQueued, hashWait), ips: &addresses{}}
	s.lane = s.alone
	return s
}

func (s *Service) subject(kind, who string) string {
	return s.keys.Code(throttlePurpose, kind+":"+who)
}

// Login lets a person in with a password. An unknown name and a wrong password
// get the same words and take the same time; that an account is shut is told
// only to who knows its password.
func (s *Service) Login(ctx context.Context, username, password, ip string) (token string, p Principal, err error) {
	username = normalName(username)
	switch {
	case len(password) > maxPassword:
		return "", Principal{}, fault.New(fault.Invalid, "access.password_long", maxPassword).On(FieldPassword)
	case username == "" || password == "" || len(username) > maxUsername:
		return "", Principal{}, wrongPassword()
	}
	account, err := s.accountNamed(ctx, username)
	if err != nil {
		return "", Principal{}, fmt.Errorf("login: %w", err)
	}
	subject := s.subject("account", username)
	if err := s.prove(ctx, account.PasswordHash, password, subject, ip); err != nil {
		return "", Principal{}, err
	}
	if !account.Active {
		return "", Principal{}, fault.New(fault.Forbidden, "access.account_shut")
	}
	return s.enter(ctx, entrance{account: account, subject: subject})
}

func wrongPassword() error {
	return fault.New(fault.Unauthentic, "access.wrong_password").On(FieldNumber)
}

// accountNamed finds an account by its name, or by the number its person has
// now: the NIP of a PPPK who became PNS changed, the account did not. Nobody
// is the zero account.
func (s *Service) accountNamed(ctx context.Context, username string) (accountRow, error) {
	st := store{s.db}
	row, err := st.accountByName(ctx, username)
	if errors.Is(err, storage.ErrNotFound) {
		row, err = st.accountByNIP(ctx, username)
	}
	if errors.Is(err, storage.ErrNotFound) {
		return accountRow{}, nil
	}
	return row, err
}

// prove checks a password within the limits of the account and of the address.
func (s *Service) prove(ctx context.Context, stored, password, subject, ip string) error {
	now := s.now()
	if err := s.ips.refuse(ip, now); err != nil {
		return err
	}
	if err := passwordLimit.refuse(ctx, store{s.db}, subject, now); err != nil {
		return err
	}
	p := nobody
	if stored != "" {
		var err error
		if p, err = parsePHC(stored); err != nil {
			return fmt.Errorf("stored password: %w", err)
		}
	}
	leave, err := s.gate.enter(ctx)
	if err != nil {
		return err
	}
	defer leave()
	if err := passwordLimit.take(ctx, s.db, subject, now); err != nil {
		return err
	}
	if !p.matches(password) {
		s.ips.failed(ip, now)
		return wrongPassword()
	}
	return nil
}

// entrance is somebody who proved who they are.
type entrance struct {
	account   accountRow // ID 0: a person who has no account yet
	person    personRow  // where account has no ID
	enrolment int64      // by start code
	subject   string     // whose failures are forgotten
	limit     limit      // checked again inside the transaction, where it is set
}

// enter opens a session, in one transaction with all that goes with it.
func (s *Service) enter(ctx context.Context, e entrance) (token string, p Principal, err error) {
	if e.enrolment != 0 {
		return s.enterByCode(ctx, e)
	}
	now := s.now()
	err = s.db.Tx(ctx, func(db storage.Querier) error {
		st := store{db}
		if err := forgive(ctx, st, e, now); err != nil {
			return err
		}
		account := e.account
		if account.ID == 0 {
			if account, err = ensureParticipant(ctx, st, e.person, now); err != nil {
				return err
			}
		}
		roles, err := st.roles(ctx, account.ID)
		if err != nil {
			return err
		}
		p = principalOf(account.ID, account.PersonID, 0, account.Name, roles)
		if token, err = openSession(ctx, st, account.ID, 0, now); err != nil {
			return err
		}
		if !staff(p.Roles) { // participants' log-ins are not audited one by one: a morning has thousands
			return nil
		}
		return Record(ctx, db, Entry{At: now, Actor: account.ID, Action: "account.login", ObjectKind: "account", ObjectID: account.ID})
	})
	if err != nil {
		return "", Principal{}, fmt.Errorf("log in: %w", err)
	}
	return token, p, nil
}

// enterByCode is enter for a start code, in a transaction that many share.
func (s *Service) enterByCode(ctx context.Context, e entrance) (string, Principal, error) {
	now := s.now()
	in := &entering{entrance: e, now: now}
	if err := s.lane(ctx, e.account.PersonID, in.run); err != nil { // in may still be in the lane's hands
		return "", Principal{}, fmt.Errorf("log in: %w", err)
	}
	if in.refusal != nil {
		return "", Principal{}, fmt.Errorf("log in: %w", in.refusal)
	}
	return in.token, in.principal, nil
}

// entering is one log-in inside a shared transaction.
type entering struct {
	entrance
	now time.Time

	token     string
	principal Principal
	refusal   error
}

func (in *entering) run(ctx context.Context, db storage.Querier) error {
	in.token, in.principal, in.refusal = "", Principal{}, nil
	st := store{db}
	account, err := in.whose(ctx, st)
	if fault.KindOf(err) != fault.Internal {
		in.refusal = err
		return nil
	}
	if err != nil {
		return err
	}
	in.principal = principalOf(account.ID, account.PersonID, in.enrolment, account.Name, nil)
	in.token, err = openSession(ctx, st, account.ID, in.enrolment, in.now)
	return err
}

func (in *entering) whose(ctx context.Context, st store) (accountRow, error) {
	if err := forgive(ctx, st, in.entrance, in.now); err != nil || in.account.ID != 0 {
		return in.account, err
	}
	return ensureParticipant(ctx, st, in.person, in.now)
}

// forgive forgets the failures before a success, unless tries beside this one
// filled the window meanwhile.
func forgive(ctx context.Context, st store, e entrance, now time.Time) error {
	if e.subject == "" {
		return nil
	}
	row, err := st.throttle(ctx, e.subject)
	if errors.Is(err, storage.ErrNotFound) { // as most people, who make no mistake
		return nil
	}
	if err != nil {
		return err
	}
	if e.limit.most > 0 && row.Failures >= e.limit.most {
		if err := e.limit.tooMany(row, now); err != nil {
			return err
		}
	}
	return st.clearThrottle(ctx, e.subject)
}

// ensureParticipant is the account of a person, made at the first need.
func ensureParticipant(ctx context.Context, st store, person personRow, now time.Time) (accountRow, error) {
	if err := st.addParticipant(ctx, storage.NewID(now), person, normalName(person.Number), now.UnixMilli()); err != nil {
		return accountRow{}, err
	}
	account, err := st.accountOfPerson(ctx, person.ID)
	if errors.Is(err, storage.ErrNotFound) { // nothing was inserted: a staff account has this very name
		return accountRow{}, fault.New(fault.Conflict, "access.number_taken").On(FieldNumber)
	}
	if err != nil {
		return accountRow{}, err
	}
	if !account.Active {
		return accountRow{}, fault.New(fault.Forbidden, "access.account_shut")
	}
	return account, st.grant(ctx, account.ID, Grant{Role: Participant})
}

const maxUsername = 64

// normalName is an account's name or a NIP as it is stored: lower case, and a
// number without the spaces, dots and dashes it is printed with.
func normalName(typed string) string {
	name := strings.ToLower(strings.TrimSpace(typed))
	digits := strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.Is(unicode.Pd, r) || unicode.Is(unicode.Cf, r) || strings.ContainsRune(".'’", r) {
			return -1
		}
		return r
	}, name)
	if isDigits(digits) {
		return digits
	}
	return name
}
