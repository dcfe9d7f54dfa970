package access

import (
	"context"
	"errors"
	"fmt"

	"cakap/internal/fault"
	"cakap/internal/storage"
)

// SetActive lets an account in or shuts it out; its sessions end at once.
// Nobody shuts out the account they use, nor the last administrator.
func (s *Service) SetActive(ctx context.Context, actor, account int64, active bool) error {
	if actor == account && !active {
		return fault.New(fault.Conflict, "access.not_yourself")
	}
	return s.change(ctx, actor, account, func(st store, a accountRow, roles []Grant) error {
		if err := st.setActive(ctx, account, active); err != nil {
			return err
		}
		if err := st.deleteSessionsOf(ctx, account); err != nil {
			return err
		}
		return s.recordChange(ctx, st, Entry{Actor: actor, Action: "account.active", ObjectID: account,
			AgencyID: agencyOf(roles), Detail: map[string]bool{"active": active}})
	})
}

// SetRoles replaces the roles of an account; its sessions end, since they were
// opened as somebody else. Who becomes staff needs a new password: the rule
// for theirs is stricter.
func (s *Service) SetRoles(ctx context.Context, actor, account int64, grants []Grant) error {
	return s.change(ctx, actor, account, func(st store, a accountRow, before []Grant) error {
		if f := checkGrants(grants, a.PersonID != 0); f != nil {
			return f
		}
		if err := mayManage(ctx, st, actor, grants, a.PersonAgency); err != nil {
			return err
		}
		if err := st.dropRoles(ctx, account); err != nil {
			return err
		}
		if err := saveGrants(ctx, st, account, grants); err != nil {
			return err
		}
		if staff(grants) && !staff(before) {
			if err := st.setPassword(ctx, account, "", s.now().UnixMilli()); err != nil {
				return err
			}
		}
		if err := st.deleteSessionsOf(ctx, account); err != nil {
			return err
		}
		return s.recordChange(ctx, st, Entry{Actor: actor, Action: "account.roles", ObjectID: account,
			AgencyID: agencyOf(grants), Detail: map[string]any{"before": before, "after": grants}})
	})
}

// SetPassword gives an account a new password; its sessions end and its failed
// log-ins are forgotten.
func (s *Service) SetPassword(ctx context.Context, actor, account int64, password string) error {
	st := store{s.db}
	a, err := st.account(ctx, account)
	if err != nil {
		return fmt.Errorf("set password: %w", notFoundIs(err, fault.New(fault.NotFound, "error.not_found")))
	}
	roles, err := st.roles(ctx, account)
	if err != nil {
		return fmt.Errorf("set password: %w", err)
	}
	if err := checkPassword(password, leastFor(roles), a.Username, a.Name); err != nil {
		return err
	}
	if err := mayManage(ctx, st, actor, roles, a.PersonAgency); err != nil {
		return fmt.Errorf("set password: %w", err)
	}
	stored, err := s.gate.hash(ctx, password)
	if err != nil {
		return err
	}
	return s.change(ctx, actor, account, func(st store, a accountRow, _ []Grant) error {
		if err := st.clearThrottle(ctx, s.subject("account", a.Username)); err != nil {
			return err
		}
		return replacePassword(ctx, st.db, a, actor, stored, s.now())
	})
}

// ChangePassword replaces a person's own password, once they prove the one
// they have. Every session ends; the new token is the browser's at hand.
func (s *Service) ChangePassword(ctx context.Context, p Principal, current, password, ip string) (token string, err error) {
	st := store{s.db}
	a, err := st.account(ctx, p.AccountID)
	if err != nil {
		return "", fmt.Errorf("change password: %w", err)
	}
	if p.EnrolmentID != 0 { // a start code is not for this
		return "", fault.New(fault.Forbidden, "error.forbidden")
	}
	if err := checkPassword(password, leastFor(p.Roles), a.Username, a.Name); err != nil {
		return "", err
	}
	if len(current) > maxPassword {
		return "", fault.New(fault.Invalid, "access.current_wrong").On(FieldCurrent)
	}
	subject := s.subject("account", a.Username)
	if err := s.prove(ctx, a.PasswordHash, current, subject, ip); err != nil {
		if errors.Is(err, wrongPassword()) {
			err = fault.New(fault.Invalid, "access.current_wrong").On(FieldCurrent)
		}
		return "", err
	}
	stored, err := s.gate.hash(ctx, password)
	if err != nil {
		return "", err
	}
	err = s.db.Tx(ctx, func(db storage.Querier) error { return replacePassword(ctx, db, a, a.ID, stored, s.now()) })
	if err != nil {
		return "", fmt.Errorf("change password: %w", err)
	}
	token, _, err = s.enter(ctx, entrance{account: a, subject: subject})
	return token, err
}

// change runs an act on an account that the actor may manage, in one
// transaction, and undoes it where it would leave nobody to administer.
func (s *Service) change(ctx context.Context, actor, account int64, act func(st store, a accountRow, roles []Grant) error) error {
	err := s.db.Tx(ctx, func(db storage.Querier) error {
		st := store{db}
		a, err := st.account(ctx, account)
		if err != nil {
			return notFoundIs(err, fault.New(fault.NotFound, "error.not_found"))
		}
		roles, err := st.roles(ctx, account)
		if err != nil {
			return err
		}
		if err := mayManage(ctx, st, actor, roles, a.PersonAgency); err != nil {
			return err
		}
		before, err := st.admins(ctx)
		if err != nil {
			return err
		}
		if err := act(st, a, roles); err != nil {
			return err
		}
		// The act's audit entry queues writers, so two administrators who shut
		// out each other at the same moment are counted one after the other.
		after, err := st.admins(ctx)
		if err == nil && before > 0 && after == 0 {
			err = fault.New(fault.Conflict, "access.last_admin")
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("change account: %w", err)
	}
	return nil
}

func (s *Service) recordChange(ctx context.Context, st store, e Entry) error {
	e.At, e.ObjectKind = s.now(), "account"
	return Record(ctx, st.db, e)
}
