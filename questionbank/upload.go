package questionbank

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"cakap/internal/fault"
	"cakap/internal/storage"
	"cakap/scoring"
)

// Upload is a file between its check and its saving, with what its owner chose
// and mended meanwhile. It is kept on the server so that nobody sends a file
// twice over a slow line, and on every node alike.
type Upload struct {
	ID      int64
	Actor   int64
	File    string
	Content []byte
	Created time.Time
	UploadChoices
}

// UploadChoices is what the owner of an upload decides before saving it.
type UploadChoices struct {
	Format    string            `json:"format,omitempty"`
	Aspect    scoring.Aspect    `json:"aspect,omitempty"`    // for questions that name none
	Indicator string            `json:"indicator,omitempty"` // for questions that name none
	Columns   map[string]string `json:"columns,omitempty"`   // of a spreadsheet, as Input has them
	Mended    map[int]Content   `json:"mended,omitempty"`    // by number in the report, from 1
	Skip      []int             `json:"skip,omitempty"`
}

// uploadLife is how long an upload waits for its owner.
const uploadLife = 24 * time.Hour

// KeepUpload stores a file for its check, and forgets those nobody came back for.
func (s *Service) KeepUpload(ctx context.Context, u Upload) (int64, error) {
	if len(u.Content) > MaxFile {
		return 0, fault.New(fault.TooLarge, "questionbank.import.too_large", MaxFile>>20).On("berkas")
	}
	now := s.Now()
	u.ID, u.Created = storage.NewID(now), now
	err := s.DB.Tx(ctx, func(db storage.Querier) error {
		st := store{db}
		if err := st.forgetUploads(ctx, now.Add(-uploadLife).UnixMilli()); err != nil {
			return err
		}
		return st.insertUpload(ctx, u)
	})
	if err != nil {
		return 0, fmt.Errorf("keep upload: %w", err)
	}
	return u.ID, nil
}

// Upload loads an upload of its owner; to anybody else there is none.
func (s *Service) Upload(ctx context.Context, actor, id int64) (Upload, error) {
	u, err := store{s.DB}.upload(ctx, id)
	if errors.Is(err, storage.ErrNotFound) || err == nil && (u.Actor != actor || s.Now().Sub(u.Created) > uploadLife) {
		return Upload{}, fault.New(fault.NotFound, "questionbank.import.upload_gone")
	}
	if err != nil {
		return Upload{}, fmt.Errorf("load upload: %w", err)
	}
	return u, nil
}

// ChangeUpload saves what its owner chose or mended.
func (s *Service) ChangeUpload(ctx context.Context, actor, id int64, c UploadChoices) error {
	choices, err := json.Marshal(c)
	if err != nil {
		return fmt.Errorf("change upload: %w", err)
	}
	n, err := store{s.DB}.changeUpload(ctx, actor, id, string(choices))
	switch {
	case err != nil:
		return fmt.Errorf("change upload: %w", err)
	case n == 0:
		return fault.New(fault.NotFound, "questionbank.import.upload_gone")
	}
	return nil
}

// DropUpload forgets an upload, saved or not wanted.
func (s *Service) DropUpload(ctx context.Context, actor, id int64) error {
	if err := (store{s.DB}).dropUpload(ctx, actor, id); err != nil {
		return fmt.Errorf("drop upload: %w", err)
	}
	return nil
}

func (s store) insertUpload(ctx context.Context, u Upload) error {
	choices, err := json.Marshal(u.UploadChoices)
	if err != nil {
		return err
	}
	_, err = s.db.Exec(ctx, `
		INSERT INTO import_upload (id, actor_id, file, content, choices, created_ms) VALUES (?, ?, ?, ?, ?, ?)`,
		u.ID, u.Actor, u.File, u.Content, string(choices), u.Created.UnixMilli())
	return err
}

func (s store) upload(ctx context.Context, id int64) (Upload, error) {
	var row struct {
		ActorID   int64  `db:"actor_id"`
		File      string `db:"file"`
		Content   []byte `db:"content"`
		Choices   string `db:"choices"`
		CreatedMS int64  `db:"created_ms"`
	}
	if err := s.db.Get(ctx, &row, `
		SELECT actor_id, file, content, choices, created_ms FROM import_upload WHERE id = ?`, id); err != nil {
		return Upload{}, err
	}
	u := Upload{ID: id, Actor: row.ActorID, File: row.File, Content: row.Content, Created: time.UnixMilli(row.CreatedMS)}
	if err := json.Unmarshal([]byte(row.Choices), &u.UploadChoices); err != nil {
		return Upload{}, fmt.Errorf("choices of upload: %w", err)
	}
	return u, nil
}

func (s store) changeUpload(ctx context.Context, actor, id int64, choices string) (int64, error) {
	return s.db.Exec(ctx, `UPDATE import_upload SET choices = ? WHERE id = ? AND actor_id = ?`, choices, id, actor)
}

func (s store) dropUpload(ctx context.Context, actor, id int64) error {
	_, err := s.db.Exec(ctx, `DELETE FROM import_upload WHERE id = ? AND actor_id = ?`, id, actor)
	return err
}

func (s store) forgetUploads(ctx context.Context, before int64) error {
	_, err := s.db.Exec(ctx, `DELETE FROM import_upload WHERE created_ms < ?`, before)
	return err
}
