package questionbank

import (
	"context"
	"errors"
	"time"

	"cakap/internal/storage"
)

// medium is a file on its way into the database.
type medium struct {
	Media
	data []byte // nil where the database has it
	// before is the size of a picture that was made smaller, else 0.
	beforeWidth, beforeHeight int
}

func (s store) insertMedia(ctx context.Context, m medium, actor int64, now time.Time) error {
	if m.data == nil {
		return nil
	}
	_, err := s.db.Exec(ctx, `
		INSERT INTO media (sha256, mime, width, height, size, bytes, created_by, created_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (sha256) DO NOTHING`, m.SHA256, m.MIME, m.Width, m.Height, m.Size, m.data, actor, now.UnixMilli())
	return err
}

type mediaRow struct {
	SHA256 string `db:"sha256"`
	MIME   string `db:"mime"`
	Width  int    `db:"width"`
	Height int    `db:"height"`
	Size   int    `db:"size"`
}

// knownMedia is what the database says of a file; false where it has none.
func (s store) knownMedia(ctx context.Context, sha256 string) (medium, bool, error) {
	var r mediaRow
	err := s.db.Get(ctx, &r, `SELECT sha256, mime, width, height, size FROM media WHERE sha256 = ?`, sha256)
	if errors.Is(err, storage.ErrNotFound) {
		return medium{}, false, nil
	}
	return medium{Media: Media{SHA256: r.SHA256, MIME: r.MIME, Width: r.Width, Height: r.Height, Size: r.Size}}, err == nil, err
}
