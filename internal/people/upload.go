package people

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"cakap/internal/fault"
	"cakap/internal/storage"
)

// Upload is a roster between its check and its saving, with what was decided
// meanwhile. It is kept on the server so that nobody sends a file twice over a
// slow line; every officer of its agency may go on with it.
type Upload struct {
	ID       int64
	AgencyID int64
	File     string
	Content  []byte
	Created  time.Time
	Choices  map[int]Choice // by row
}

// uploadLife is how long an upload waits.
const uploadLife = 24 * time.Hour

// rosterUpload tells these rows from the questions that wait in the same table.
const rosterUpload = "roster"

// uploadChoices is how an upload's choices are stored.
type uploadChoices struct {
	Kind    string         `json:"kind"`
	Agency  int64          `json:"agency,string"`
	Choices map[int]Choice `json:"rows,omitempty"`
}

func errUploadGone() error { return fault.New(fault.NotFound, "people.upload_gone") }

// KeepUpload stores a roster for its check, and forgets those nobody came back
// for. A file that is no roster is refused before it is stored.
func (s *Service) KeepUpload(ctx context.Context, by By, u Upload) (int64, error) {
	if _, err := s.CheckUpload(ctx, by, u); err != nil {
		return 0, err
	}
	u.ID = storage.NewID(by.Now)
	choices, err := json.Marshal(uploadChoices{rosterUpload, u.AgencyID, u.Choices})
	if err != nil {
		return 0, fmt.Errorf("keep upload: %w", err)
	}
	err = s.db.Tx(ctx, func(db storage.Querier) error {
		if _, err := db.Exec(ctx, `DELETE FROM import_upload WHERE created_ms < ?`, by.Now.Add(-uploadLife).UnixMilli()); err != nil {
			return err
		}
		_, err := db.Exec(ctx, `INSERT INTO import_upload (id, actor_id, file, content, choices, created_ms) VALUES (?, ?, ?, ?, ?, ?)`,
			u.ID, by.Actor, u.File, u.Content, string(choices), by.Now.UnixMilli())
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("keep upload: %w", err)
	}
	return u.ID, nil
}

// Upload loads an upload of the scope's agencies.
func (s *Service) Upload(ctx context.Context, by By, id int64) (Upload, error) {
	return store{s.db}.upload(ctx, by, id)
}

func (s store) upload(ctx context.Context, by By, id int64) (Upload, error) {
	var row struct {
		File      string `db:"file"`
		Content   []byte `db:"content"`
		Choices   string `db:"choices"`
		CreatedMS int64  `db:"created_ms"`
	}
	err := s.db.Get(ctx, &row, `SELECT file, content, choices, created_ms FROM import_upload WHERE id = ?`, id)
	if errors.Is(err, storage.ErrNotFound) {
		return Upload{}, errUploadGone()
	}
	if err != nil {
		return Upload{}, fmt.Errorf("load upload: %w", err)
	}
	u := Upload{ID: id, File: row.File, Content: row.Content, Created: time.UnixMilli(row.CreatedMS)}
	var c uploadChoices
	if json.Unmarshal([]byte(row.Choices), &c) != nil || c.Kind != rosterUpload || !by.Scope.Covers(c.Agency) || by.Now.Sub(u.Created) > uploadLife {
		return Upload{}, errUploadGone()
	}
	u.AgencyID, u.Choices = c.Agency, c.Choices
	return u, nil
}

// Choose keeps what was decided about rows, over what was decided before.
func (s *Service) Choose(ctx context.Context, by By, id int64, choices map[int]Choice) error {
	return s.db.Tx(ctx, func(db storage.Querier) error {
		u, err := store{db}.upload(ctx, by, id)
		if err != nil {
			return err
		}
		all := map[int]Choice{}
		for n, c := range u.Choices {
			all[n] = c
		}
		for n, c := range choices {
			if c != JoinPerson && c != NewPerson {
				return fault.New(fault.Invalid, "people.twin_choice")
			}
			all[n] = c
		}
		stored, err := json.Marshal(uploadChoices{rosterUpload, u.AgencyID, all})
		if err != nil {
			return fmt.Errorf("keep choices: %w", err)
		}
		if _, err := db.Exec(ctx, `UPDATE import_upload SET choices = ? WHERE id = ?`, string(stored), id); err != nil {
			return fmt.Errorf("keep choices: %w", err)
		}
		return nil
	})
}

// DropUpload forgets an upload, saved or not wanted.
func (s *Service) DropUpload(ctx context.Context, by By, id int64) error {
	if _, err := s.Upload(ctx, by, id); err != nil {
		return err
	}
	if _, err := s.db.Exec(ctx, `DELETE FROM import_upload WHERE id = ?`, id); err != nil {
		return fmt.Errorf("drop upload: %w", err)
	}
	return nil
}

// request is the import of an upload.
func (u Upload) request(by By) ImportRequest {
	return ImportRequest{
		FileName: u.File, File: bytes.NewReader(u.Content), Size: int64(len(u.Content)), AgencyID: u.AgencyID, By: by,
		Choices: u.Choices, HoldTwins: true,
	}
}

// CheckUpload reports what saving the upload would do, as things are now.
func (s *Service) CheckUpload(ctx context.Context, by By, u Upload) (Report, error) {
	req := u.request(by)
	req.DryRun = true
	return s.Import(ctx, req)
}

// SaveUpload imports an upload. It stays until it is dropped, for what else its
// report offers: people to deactivate, transfers to ask for.
func (s *Service) SaveUpload(ctx context.Context, by By, u Upload, skipRejected bool) (Report, error) {
	req := u.request(by)
	req.SkipRejected = skipRejected
	return s.Import(ctx, req)
}

// Deactivate takes people out of future events, each with an audit entry.
// Those who are inactive already stay as they are. It returns how many changed.
func (s *Service) Deactivate(ctx context.Context, by By, ids []int64) (int, error) {
	done := 0
	err := s.db.Tx(ctx, func(db storage.Querier) error {
		done = 0
		st := store{db}
		for _, id := range ids {
			p, err := st.covered(ctx, by, id)
			if err != nil {
				return err
			}
			if !p.Active {
				continue
			}
			done++
			if err := st.change(ctx, by, id, "person.active", map[string]bool{"active": false}, func(p *Person) { p.Active = false }); err != nil {
				return err
			}
		}
		return nil
	})
	return done, err
}
