package questionbank

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"sync"

	"cakap/internal/fault"
	"cakap/internal/storage"
)

// draft is a revision on its way into the database, with what is made once
// from its content.
type draft struct {
	Revision
	body   string // the content's JSON
	pairs  pairSet
	packed []byte // the question as its file had it, compressed
	batch  int64
}

func newDraft(r Revision) draft {
	body := r.Content.JSON()
	sum := sha256.Sum256(body)
	r.Hash = hex.EncodeToString(sum[:])
	if r.Status == "" {
		r.Status = Draft
	}
	return draft{Revision: r, body: string(body), pairs: pairsOf(r.Content.Stem)}
}

// create inserts an item with its first revision, a draft unless d says more.
func create(ctx context.Context, st store, d draft, words *indexing) (Ref, error) {
	d.Ref = Ref{Item: storage.NewID(d.Created), Rev: 1}
	var live *int
	if d.Status == Approved {
		live = &d.Rev
	}
	if err := st.insertItem(ctx, d, live); err != nil {
		if errors.Is(err, storage.ErrConflict) {
			return Ref{}, fault.New(fault.Conflict, "questionbank.code_taken", d.Code).On("code").Because(err)
		}
		return Ref{}, err
	}
	words.like(d.Item, d.pairs.bands())
	if err := st.addTags(ctx, d.Item, d.Content.Tags, false); err != nil {
		return Ref{}, err
	}
	words.put(d.Item, nil, terms(d.Code, d.Content, nil))
	return d.Ref, st.insertWhole(ctx, d)
}

// revise adds the revision after latest, a draft unless d says more.
func revise(ctx context.Context, st store, latest Revision, d draft, words *indexing) (Ref, error) {
	d.Ref = latest.Ref
	moved, err := st.advance(ctx, d, latest.Rev)
	if err != nil {
		return Ref{}, err
	}
	if moved == 0 {
		return Ref{}, fault.New(fault.Conflict, "questionbank.changed_meanwhile")
	}
	d.Rev++
	_, own, err := st.tags(ctx, d.Item)
	if err != nil {
		return Ref{}, err
	}
	if err := st.setTags(ctx, d.Item, d.Content.Tags); err != nil {
		return Ref{}, err
	}
	words.put(d.Item, terms(latest.Code, latest.Content, own), terms(d.Code, d.Content, own))
	if err := st.deleteBands(ctx, d.Item, pairsOf(latest.Content.Stem).bands()); err != nil {
		return Ref{}, err
	}
	words.like(d.Item, d.pairs.bands())
	if d.SuggestedBy, err = st.suggester(ctx, d); err != nil {
		return Ref{}, err
	}
	if err := st.insertWhole(ctx, d); err != nil {
		return Ref{}, err
	}
	return d.Ref, st.adopt(ctx, d)
}

// insertWhole inserts a revision with what hangs on it.
func (s store) insertWhole(ctx context.Context, d draft) error {
	if err := s.insertRevision(ctx, d); err != nil {
		return err
	}
	for _, m := range d.Content.Media {
		if err := s.linkMedia(ctx, d.Ref, m.SHA256); err != nil {
			return err
		}
	}
	return s.insertRaw(ctx, d)
}

// linkMedia notes that a revision shows a file; a file that is not there is
// Submit's affair.
func (s store) linkMedia(ctx context.Context, ref Ref, sha256 string) error {
	if sha256 == "" {
		return nil
	}
	_, err := s.db.Exec(ctx, `
		INSERT INTO item_media (sha256, item_id, rev) SELECT m.sha256, CAST(? AS BIGINT), CAST(? AS INTEGER) FROM media m WHERE m.sha256 = ?
		ON CONFLICT (sha256, item_id, rev) DO NOTHING`, ref.Item, ref.Rev, sha256)
	return err
}

// insertRaw keeps the question as its file had it.
func (s store) insertRaw(ctx context.Context, d draft) error {
	if len(d.packed) == 0 {
		return nil
	}
	_, err := s.db.Exec(ctx, `INSERT INTO item_raw (item_id, rev, raw) VALUES (?, ?, ?)`, d.Item, d.Rev, d.packed)
	return err
}

// packers are kept, because each has a window of its own and an import packs
// thousands of fragments.
var packers = sync.Pool{New: func() any {
	z, err := gzip.NewWriterLevel(nil, gzip.BestSpeed)
	if err != nil {
		panic(err) // the level is one there is
	}
	return z
}}

func pack(raw []byte) ([]byte, error) {
	if len(raw) == 0 {
		return nil, nil
	}
	var b bytes.Buffer
	z, ok := packers.Get().(*gzip.Writer)
	if !ok {
		return nil, errors.New("questionbank: a packer of another kind")
	}
	defer packers.Put(z)
	z.Reset(&b)
	if _, err := z.Write(raw); err != nil {
		return nil, err
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

func unpack(packed []byte) (raw []byte, err error) {
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, z.Close()) }()
	return io.ReadAll(io.LimitReader(z, MaxFile))
}

// Raw is an imported revision as it stood in its file; nil where none was kept.
func (s *Service) Raw(ctx context.Context, ref Ref) ([]byte, error) {
	var packed []byte
	err := s.DB.Get(ctx, &packed, `SELECT raw FROM item_raw WHERE item_id = ? AND rev = ?`, ref.Item, ref.Rev)
	if errors.Is(err, storage.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return unpack(packed)
}
