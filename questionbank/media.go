package questionbank

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"

	"cakap/internal/fault"
	"cakap/internal/storage"
	"cakap/questionbank/media"
)

// StoredMedia is a file as pages get it.
type StoredMedia struct {
	SHA256 string `db:"sha256"`
	MIME   string `db:"mime"`
	Data   []byte `db:"bytes"`
}

// SaveMedia looks into a file, prepares and stores it, and returns the entry
// that a content names it by; the description is its author's affair. The same
// picture is stored once. The faults say what was lost on the way.
func (s *Service) SaveMedia(ctx context.Context, actor int64, name string, data []byte) (Media, []*fault.Fault, error) {
	m, lost, err := s.prepareMedia(ctx, name, data)
	if err != nil {
		return Media{}, nil, err
	}
	err = s.DB.Tx(ctx, func(db storage.Querier) error {
		return store{db}.insertMedia(ctx, m, actor, s.Now())
	})
	if err != nil {
		return Media{}, nil, fmt.Errorf("save media: %w", err)
	}
	m.Name = MediaName(name)
	return m.Media, lost, nil
}

// prepareMedia knows a file that was stored before by its bytes: it is not
// encoded once more, so that what goes out comes back the same.
func (s *Service) prepareMedia(ctx context.Context, name string, data []byte) (medium, []*fault.Fault, error) {
	sum := sha256.Sum256(data)
	known, found, err := store{s.DB}.knownMedia(ctx, hex.EncodeToString(sum[:]))
	if err != nil || found {
		return known, nil, err
	}
	p, err := media.Prepare(name, data)
	if err != nil {
		return medium{}, nil, err
	}
	sum = sha256.Sum256(p.Data)
	m := medium{
		Media: Media{SHA256: hex.EncodeToString(sum[:]), MIME: p.MIME, Width: p.Width, Height: p.Height, Size: len(p.Data)},
		data:  p.Data, beforeWidth: p.BeforeWidth, beforeHeight: p.BeforeHeight,
	}
	return m, p.Warnings, nil
}

// Media loads a file by its hash.
func (s *Service) Media(ctx context.Context, sha256 string) (StoredMedia, error) {
	var m StoredMedia
	err := s.DB.Get(ctx, &m, `SELECT sha256, mime, bytes FROM media WHERE sha256 = ?`, sha256)
	if errors.Is(err, storage.ErrNotFound) {
		return StoredMedia{}, fault.New(fault.NotFound, "questionbank.media.gone")
	}
	if err != nil {
		return StoredMedia{}, fmt.Errorf("load media: %w", err)
	}
	return m, nil
}

// MediaUse is a revision that shows a file.
type MediaUse struct {
	Ref
	Code string `db:"code"`
}

// MediaUsage lists the revisions that show a file.
func (s *Service) MediaUsage(ctx context.Context, sha256 string) ([]MediaUse, error) {
	uses := []MediaUse{}
	if err := s.DB.Select(ctx, &uses, `
		SELECT m.item_id, m.rev, i.code FROM item_media m JOIN item i ON i.id = m.item_id
		WHERE m.sha256 = ? ORDER BY i.code, m.rev`, sha256); err != nil {
		return nil, fmt.Errorf("list uses of media: %w", err)
	}
	return uses, nil
}

// attach prepares the files that came with a question and completes the
// entries of its content. A file that the question needs and nobody can use
// rejects it; any other is dropped, and said.
func (im *importer) attach(ctx context.Context, q *arrival, p *ParsedItem) (rejects, lost []*fault.Fault, err error) {
	if len(p.Content.Media) == 0 && len(p.Files) == 0 {
		return nil, nil, nil
	}
	needed := p.Content.MediaNames()
	kept := make([]Media, 0, len(p.Content.Media))
	for _, m := range p.Content.Media {
		i := slices.IndexFunc(p.Files, func(f File) bool { return f.Name == m.Name })
		if i < 0 {
			if m.SHA256 == "" && !slices.ContainsFunc(p.Warnings, about("questionbank.import.media_missing", m.Name)) {
				lost = append(lost, fault.New(fault.Invalid, "questionbank.import.media_missing", m.Name).On("media"))
			}
			kept = append(kept, m)
			continue
		}
		ready, changed, err := im.file(ctx, p.Files[i])
		f := fault.Of(err)
		switch {
		case err != nil && f == nil:
			return nil, nil, err
		case f != nil && slices.Contains(needed, m.Name):
			rejects = append(rejects, f.On("media").Place(p.At))
			kept = append(kept, m)
			continue
		case f != nil:
			lost = append(lost, fault.New(fault.Invalid, "questionbank.import.media_unused", m.Name).On("media").Because(f))
			continue
		}
		lost = append(lost, changed...)
		name, alt := m.Name, m.Alt
		m = ready.Media
		m.Name, m.Alt = name, alt
		kept = append(kept, m)
		q.media = append(q.media, ready)
		p.Content.Interactions = shrunk(p.Content.Interactions, name, ready)
	}
	p.Content.Media = kept
	return rejects, lost, nil
}

func about(key, name string) func(*fault.Fault) bool {
	return func(f *fault.Fault) bool { return f.Key == key && slices.Contains(f.Args, any(name)) }
}

// file prepares each file of an import once, however many questions show it.
func (im *importer) file(ctx context.Context, f File) (medium, []*fault.Fault, error) {
	sum := sha256.Sum256(f.Data)
	key := hex.EncodeToString(sum[:])
	if m, ok := im.files[key]; ok {
		return m, nil, nil
	}
	m, lost, err := im.service.prepareMedia(ctx, f.Name, f.Data)
	if err == nil {
		im.files[key] = m
	}
	return m, lost, err
}

// shrunk moves the areas on a picture that was made smaller.
func shrunk(parts []Interaction, image string, m medium) []Interaction {
	if m.beforeWidth == m.Width || m.Width == 0 || m.beforeWidth == 0 {
		return parts
	}
	parts = slices.Clone(parts)
	for i, in := range parts {
		if in.Image == image {
			parts[i].Options, parts[i].Targets = moved(in.Options, m), moved(in.Targets, m)
		}
	}
	return parts
}

func moved(options []Option, m medium) []Option {
	options = slices.Clone(options)
	for i, o := range options {
		if o.Shape == nil {
			continue
		}
		shape := Shape{Form: o.Shape.Form, Coords: slices.Clone(o.Shape.Coords)}
		for j, c := range shape.Coords {
			if j%2 == 0 || shape.Form == "circle" && j == 2 {
				shape.Coords[j] = (2*c*m.Width + m.beforeWidth) / (2 * m.beforeWidth)
			} else {
				shape.Coords[j] = (2*c*m.Height + m.beforeHeight) / (2 * m.beforeHeight)
			}
		}
		options[i].Shape = &shape
	}
	return options
}
