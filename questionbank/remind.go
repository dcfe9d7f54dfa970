package questionbank

import (
	"context"
	"fmt"
	"time"
)

// When an item in use is brought to mind.
const (
	remindDays = 60  // before it expires
	ruleDays   = 365 // after a person last looked at one whose key rests on a rule
)

// Reminders is what somebody should look at again, of the items in use.
type Reminders struct {
	Expired  []Row
	Expiring []Row // within two months
	Rules    []Row // cites a rule, and nobody has looked for a year whether it still holds
	Flagged  []Row // somebody noted a fault
	More     bool  // there are others beyond those listed
}

// maxReminders is how many of each kind are listed.
const maxReminders = 50

// Reminders lists what is due on the day now.
func (s *Service) Reminders(ctx context.Context, now time.Time) (Reminders, error) {
	var out Reminders
	today, soon := now.Format(time.DateOnly), now.AddDate(0, 0, remindDays).Format(time.DateOnly)
	st := store{s.DB}
	for _, one := range []struct {
		into  *[]Row
		query string
		args  []any
	}{
		{&out.Expired, `
			SELECT i.id FROM item i WHERE i.live_rev IS NOT NULL AND i.expires_on <> '' AND i.expires_on < ? ORDER BY i.expires_on, i.id LIMIT ?`, []any{today}},
		{&out.Expiring, `
			SELECT i.id FROM item i WHERE i.live_rev IS NOT NULL AND i.expires_on <> '' AND i.expires_on >= ? AND i.expires_on <= ?
			ORDER BY i.expires_on, i.id LIMIT ?`, []any{today, soon}},
		{&out.Rules, `
			SELECT i.id FROM item i WHERE i.live_rev IS NOT NULL AND i.cites AND i.checked_ms < ? ORDER BY i.checked_ms, i.id LIMIT ?`,
			[]any{now.AddDate(0, 0, -ruleDays).UnixMilli()}},
		{&out.Flagged, `SELECT i.id FROM item i WHERE i.flagged_ms > 0 ORDER BY i.flagged_ms, i.id LIMIT ?`, nil},
	} {
		var ids []int64
		if err := s.DB.Select(ctx, &ids, one.query, append(one.args, maxReminders+1)...); err != nil {
			return Reminders{}, fmt.Errorf("list reminders: %w", err)
		}
		if len(ids) > maxReminders {
			ids, out.More = ids[:maxReminders], true
		}
		var err error
		if *one.into, err = st.rows(ctx, ids); err != nil {
			return Reminders{}, fmt.Errorf("list reminders: %w", err)
		}
	}
	return out, nil
}

// Usage is how much an item has been seen.
type Usage struct {
	Events int       // whose pool holds it
	Forms  int       // that hold it
	Last   time.Time // when the last of those events began; zero for none
}

// Usage counts the uses of every revision of an item.
func (s *Service) Usage(ctx context.Context, item int64) (Usage, error) {
	var row struct {
		Events int   `db:"events"`
		Forms  int   `db:"forms"`
		LastMS int64 `db:"last_ms"`
	}
	if err := s.DB.Get(ctx, &row, `
		SELECT count(*) AS events, coalesce(sum(p.exposed), 0) AS forms, coalesce(max(e.opens_ms), 0) AS last_ms
		FROM event_pool p JOIN event e ON e.id = p.event_id WHERE p.item_id = ?`, item); err != nil {
		return Usage{}, fmt.Errorf("count uses of item: %w", err)
	}
	u := Usage{Events: row.Events, Forms: row.Forms}
	if row.LastMS > 0 {
		u.Last = time.UnixMilli(row.LastMS)
	}
	return u, nil
}
