package access

import (
	"context"
	"errors"
	"fmt"

	"cakap/internal/fault"
	"cakap/internal/storage"
)

// FollowNumber gives a participant's account the name of the person's new
// number, which it had of the old one. Where another account has that name the
// account keeps its own: every number somebody ever had lets them in.
func FollowNumber(ctx context.Context, db storage.Querier, person int64, number string) error {
	st := store{db}
	account, err := st.accountOfPerson(ctx, person)
	if errors.Is(err, storage.ErrNotFound) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("account of person: %w", err)
	}
	name := normalName(number)
	if !isDigits(account.Username) || account.Username == name {
		return nil // staff chose their name
	}
	_, err = st.accountByName(ctx, name)
	if err == nil {
		return nil
	}
	if !errors.Is(err, storage.ErrNotFound) {
		return fmt.Errorf("account of number: %w", err)
	}
	if err := st.rename(ctx, account.ID, name); err != nil {
		return fmt.Errorf("rename account: %w", err)
	}
	return nil
}

// MergeAccounts leaves one person's account of two people's who are one human:
// the kept person's, or the other's where that is the only one. An account that
// goes is shut, its sessions end, and its name is free again. Staff are told
// apart by hand: merging people must not move anybody's rights.
func MergeAccounts(ctx context.Context, db storage.Querier, keep, drop int64, nowMS int64) error {
	st := store{db}
	gone, err := st.accountOfPerson(ctx, drop)
	if errors.Is(err, storage.ErrNotFound) {
		return st.dropCodes(ctx, drop, nowMS)
	}
	if err != nil {
		return fmt.Errorf("account of person: %w", err)
	}
	for _, id := range []int64{keep, drop} {
		person, err := st.person(ctx, id)
		if err != nil {
			return fmt.Errorf("load person: %w", err)
		}
		if person.Staff {
			return fault.New(fault.Conflict, "access.merge_staff")
		}
	}
	if err := st.dropCodes(ctx, drop, nowMS); err != nil {
		return fmt.Errorf("end codes: %w", err)
	}
	_, err = st.accountOfPerson(ctx, keep)
	switch {
	case errors.Is(err, storage.ErrNotFound):
		if err := st.giveAccount(ctx, gone.ID, keep); err != nil {
			return fmt.Errorf("move account: %w", err)
		}
		return nil
	case err != nil:
		return fmt.Errorf("account of person: %w", err)
	}
	if err := st.setActive(ctx, gone.ID, false); err != nil {
		return fmt.Errorf("shut account: %w", err)
	}
	if err := st.deleteSessionsOf(ctx, gone.ID); err != nil {
		return fmt.Errorf("end sessions: %w", err)
	}
	if err := st.rename(ctx, gone.ID, fmt.Sprintf("gabung-%d", gone.ID)); err != nil {
		return fmt.Errorf("free the name: %w", err)
	}
	return nil
}

func (s store) rename(ctx context.Context, account int64, name string) error {
	_, err := s.db.Exec(ctx, `UPDATE account SET username = ? WHERE id = ?`, name, account)
	return err
}

func (s store) giveAccount(ctx context.Context, account, person int64) error {
	_, err := s.db.Exec(ctx, `UPDATE account SET person_id = ? WHERE id = ?`, person, account)
	return err
}
