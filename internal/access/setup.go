package access

import (
	"context"
	"fmt"
	"time"

	"cakap/internal/fault"
	"cakap/internal/storage"
)

const setupLife = time.Hour

// NeedsSetup reports whether no administrator was ever made. There is no
// default account: the first comes from the set-up link.
func (s *Service) NeedsSetup(ctx context.Context) (bool, error) {
	n, err := store{s.db}.everAdmin(ctx)
	if err != nil {
		return false, fmt.Errorf("count administrators: %w", err)
	}
	return n == 0, nil
}

// IssueSetupToken makes the one-time token of the set-up link, which lives for
// an hour; those made before it end.
func (s *Service) IssueSetupToken(ctx context.Context) (string, error) {
	token, now := newToken(), s.now()
	err := s.db.Tx(ctx, func(db storage.Querier) error {
		st := store{db}
		if err := setupOpen(ctx, st); err != nil {
			return err
		}
		if err := st.dropSetupCodes(ctx, now.UnixMilli()); err != nil {
			return err
		}
		return st.insertCode(ctx, s.keys.Code(setupPurpose, token), 0, 0, now.UnixMilli(), now.Add(setupLife).UnixMilli())
	})
	if err != nil {
		return "", fmt.Errorf("issue set-up token: %w", err)
	}
	return token, nil
}

func setupOpen(ctx context.Context, st store) error {
	n, err := st.everAdmin(ctx)
	if err == nil && n > 0 {
		err = fault.New(fault.Gone, "access.setup_done")
	}
	return err
}

// CompleteSetup makes the first administrator. The token is looked at before
// the password is hashed, so that guessing links costs the server nothing.
func (s *Service) CompleteSetup(ctx context.Context, token, name, username, password string) error {
	hash := s.keys.Code(setupPurpose, token)
	if err := s.checkSetup(ctx, hash); err != nil {
		return fmt.Errorf("complete set-up: %w", err)
	}
	n := NewAccount{Username: username, Name: name, Password: password, Grants: []Grant{{Role: Admin}}}
	a, err := s.prepare(ctx, n)
	if err != nil {
		return err
	}
	err = s.db.Tx(ctx, func(db storage.Querier) error {
		st, now := store{db}, s.now()
		used, err := st.useCode(ctx, hash, now.UnixMilli())
		if err != nil {
			return err
		}
		if !used {
			return fault.New(fault.Gone, "access.setup_link")
		}
		if err := setupOpen(ctx, st); err != nil {
			return err
		}
		return insertAccount(ctx, db, a.ID, a, n.Grants, now)
	})
	if err != nil {
		return fmt.Errorf("complete set-up: %w", err)
	}
	return nil
}

func (s *Service) checkSetup(ctx context.Context, hash string) error {
	st := store{s.db}
	if err := setupOpen(ctx, st); err != nil {
		return err
	}
	row, err := st.code(ctx, hash)
	if err != nil || row.PersonID != 0 || row.UsedMS != 0 || s.now().UnixMilli() >= row.ExpiresMS {
		return notFoundIs(err, fault.New(fault.Gone, "access.setup_link"))
	}
	return nil
}
