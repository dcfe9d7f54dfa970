package assessment

import (
	"context"
	"fmt"
	"time"

	"cakap/internal/access"
	"cakap/internal/fault"
	"cakap/internal/storage"
)

// DeviceHold is a stretch in which one browser held an attempt.
type DeviceHold struct {
	No      int    // the attempt
	Epoch   int    // grows with each move
	Browser string // "HP Android, Chrome"; "" where it did not say
	Since   time.Time
	Now     bool // it holds the attempt still
	Same    bool // the browser held an attempt of another person too
}

// maxBrowser is how much of a browser's kind is kept.
const maxBrowser = 80

// noteDevice keeps which browser holds an attempt from now on.
func (s store) noteDevice(ctx context.Context, id AttemptID, epoch int, device, browser string, since time.Time) error {
	if !plainText(browser, maxBrowser) {
		browser = "" // nothing that internal/web wrote
	}
	_, err := s.db.Exec(ctx, `
		INSERT INTO attempt_device (enrolment_id, attempt_no, epoch, device, kind, since_ms) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (enrolment_id, attempt_no, epoch) DO NOTHING`,
		id.Enrolment, id.No, epoch, device, browser, since.UnixMilli())
	return err
}

// heldLast is the browser that had an attempt in its present epoch.
func (s store) heldLast(ctx context.Context, id AttemptID, epoch int) (string, error) {
	var devices []string
	err := s.db.Select(ctx, &devices, `
		SELECT device FROM attempt_device WHERE enrolment_id = ? AND attempt_no = ? AND epoch = ?`, id.Enrolment, id.No, epoch)
	if len(devices) == 0 {
		return "", err
	}
	return devices[0], err
}

// Devices lists which browsers held the attempts of an enrolment, oldest first.
func (s *Service) Devices(ctx context.Context, actor Actor, enrolment int64) ([]DeviceHold, error) {
	if _, err := enrolmentFor(ctx, s.read, actor, enrolment); err != nil {
		return nil, err
	}
	var rows []struct {
		AttemptNo int    `db:"attempt_no"`
		Epoch     int    `db:"epoch"`
		Kind      string `db:"kind"`
		SinceMS   int64  `db:"since_ms"`
		Holds     bool   `db:"holds"`
		Others    int    `db:"others"`
	}
	err := s.db.Select(ctx, &rows, `
		SELECT d.attempt_no, d.epoch, d.kind, d.since_ms,
			a.state IN ('open', 'closing') AND a.device = d.device AND a.device_epoch = d.epoch AS holds,
			(SELECT count(*) FROM attempt_device o JOIN enrolment e ON e.id = o.enrolment_id
				WHERE o.device = d.device AND e.person_id <> n.person_id) AS others
		FROM attempt_device d
		JOIN attempt a ON a.enrolment_id = d.enrolment_id AND a.attempt_no = d.attempt_no
		JOIN enrolment n ON n.id = d.enrolment_id
		WHERE d.enrolment_id = ? ORDER BY d.attempt_no, d.epoch`, enrolment)
	if err != nil {
		return nil, fmt.Errorf("list devices: %w", err)
	}
	all := make([]DeviceHold, len(rows))
	for i, r := range rows {
		all[i] = DeviceHold{No: r.AttemptNo, Epoch: r.Epoch, Browser: r.Kind, Since: instant(r.SinceMS), Now: r.Holds, Same: r.Others > 0}
	}
	return all, nil
}

// ReleaseDevice lets go of the browser that holds an attempt under way: the
// next other browser of the person takes it over without a question. Until
// then the old one goes on saving, so nothing on it is lost.
func (s *Service) ReleaseDevice(ctx context.Context, actor Actor, id AttemptID, reason string) error {
	if err := reasoned(reason); err != nil {
		return err
	}
	now := s.now()
	detail := map[string]any{"attempt": id.No, "reason": reason}
	return s.onEnrolment(ctx, actor, id.Enrolment, "attempt.release_device", detail, func(st store, _ Enrolment) error {
		if err := st.lock(ctx, []int64{id.Enrolment}, now); err != nil {
			return err
		}
		done, err := st.releaseDevice(ctx, id)
		if err == nil && !done {
			err = fault.New(fault.Conflict, "assessment.none_under_way")
		}
		return err
	})
}

func (s store) releaseDevice(ctx context.Context, id AttemptID) (bool, error) {
	n, err := s.db.Exec(ctx, `
		UPDATE attempt SET device = '' WHERE enrolment_id = ? AND attempt_no = ? AND state IN ('open', 'closing')`, id.Enrolment, id.No)
	return n == 1, err
}

// free reports whether a released attempt may go to a browser without asking:
// to any but the one that was let go of.
func (s *Service) free(ctx context.Context, a Attempt, device string) (bool, error) {
	if a.Device != "" || device == "" {
		return false, nil
	}
	last, err := s.read.heldLast(ctx, a.AttemptID, a.DeviceEpoch)
	if err != nil {
		return false, fmt.Errorf("load device: %w", err)
	}
	return last != device, nil
}

// TakeOver moves the attempt under way to another device, which the person
// confirmed or a proctor made way for. The old device's ticket is refused from
// then on. browser is the kind of the browser, for people to read.
func (s *Service) TakeOver(ctx context.Context, taker Taker, enrolment int64, device, browser string) (Attempt, error) {
	en, err := s.ownEnrolment(ctx, taker, enrolment)
	if err != nil {
		return Attempt{}, err
	}
	now := s.now()
	var result Attempt
	var refusal error
	err = s.follows(ctx, enrolment, func(ctx context.Context, db storage.Querier) error {
		result, refusal = Attempt{}, nil
		st := store{db}
		all, err := st.attempts(ctx, enrolment)
		if err != nil {
			return err
		}
		a, ok := underWay(all)
		if !ok {
			refusal = fault.New(fault.NotFound, "assessment.not_started")
			return nil
		}
		if err := st.moveTo(ctx, en, a, device, browser, now); err != nil {
			return err
		}
		result, err = st.attempt(ctx, a.AttemptID)
		return err
	})
	if err != nil {
		return Attempt{}, fmt.Errorf("take over: %w", err)
	}
	return result, refusal
}

// moveTo gives an attempt to a device that does not hold it yet, with the
// entry of the audit.
func (s store) moveTo(ctx context.Context, en Enrolment, a Attempt, device, browser string, now time.Time) error {
	moved, err := s.takeOver(ctx, a.AttemptID, device)
	if err != nil || !moved {
		return err
	}
	if err := s.noteDevice(ctx, a.AttemptID, a.DeviceEpoch+1, device, browser, now); err != nil {
		return err
	}
	return access.Record(ctx, s.db, access.Entry{
		At: now, Action: "attempt.take_over", ObjectKind: "enrolment", ObjectID: en.ID, AgencyID: en.Agency,
		Detail: map[string]any{"attempt": a.No, "epoch": a.DeviceEpoch + 1},
	})
}
