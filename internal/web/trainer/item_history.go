package trainer

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"path"
	"strings"
	"time"
	"unicode/utf8"

	"cakap/internal/locale"
	"cakap/internal/web/kit"
	"cakap/questionbank"
)

// history is what happened to an item, the newest first.
type history struct {
	Versions []version
	Reviews  []decision
}

// Several reports whether there is anything to compare.
func (h history) Several() bool { return len(h.Versions) > 1 }

// Suggestions are the edits that reviewers proposed and nobody has taken over.
func (h history) Suggestions() []decision {
	var open []decision
	for _, d := range h.Reviews {
		if d.Suggests && d.Adopted == 0 && d.Rev == h.Versions[0].Rev {
			open = append(open, d)
		}
	}
	return open
}

// version is a line of the history of an item's text.
type version struct {
	Rev                int
	Status             tag
	Live, Shown        bool
	Author, Date, From string
}

// decision is a line of the history of its reviews.
type decision struct {
	ID                       int64
	Rev                      int
	What, Who, Date, Comment string
	Marks                    []fact // what the form said
	Suggests                 bool
	Adopted                  int // the revision that took the suggestion over
}

func historyOf(item questionbank.Item, shown questionbank.Revision, name func(int64) string) history {
	var h history
	for _, v := range item.Revisions {
		h.Versions = append(h.Versions, version{
			Rev: v.Rev, Status: statusTag(v.Status), Live: v.Rev == item.LiveRev, Shown: v.Rev == shown.Rev,
			Author: name(v.Author), Date: moment(v.Created), From: provenance(v),
		})
	}
	for _, v := range item.Reviews {
		h.Reviews = append(h.Reviews, decided(v, name))
	}
	return h
}

func decided(v questionbank.Review, name func(int64) string) decision {
	d := decision{
		ID: v.ID, Rev: v.Rev, What: verdictName(v.Verdict), Who: name(v.Reviewer), Date: moment(v.At), Comment: v.Comment,
		Suggests: v.Suggestion != nil, Adopted: v.AdoptedRev,
	}
	if v.Marks == nil {
		return d
	}
	for i, m := range []questionbank.Mark{v.Marks.Materi, v.Marks.Konstruksi, v.Marks.Bahasa} {
		value := "perlu perbaikan"
		if m.OK {
			value = "baik"
		}
		if m.Note != "" {
			value += ": " + m.Note
		}
		d.Marks = append(d.Marks, fact{blocks[i].Title, value})
	}
	return d
}

// moment is a day with its time: several things may happen on one.
func moment(t time.Time) string { return locale.DateTime(t.In(locale.Zone(""))) }

// flagged is the note about a fault that still stands, if one does: a new
// revision, an approval and whoever looked into it end it.
func flagged(item questionbank.Item, name func(int64) string) *decision {
	for _, v := range item.Reviews {
		if v.Rev != item.LatestRev {
			return nil
		}
		switch v.Verdict {
		case questionbank.VerdictFlagged:
			d := decided(v, name)
			return &d
		case questionbank.VerdictUnflagged, questionbank.VerdictApproved:
			return nil
		}
	}
	return nil
}

// reminded says why a revision in use should be looked at again.
func reminded(item questionbank.Item, r questionbank.Revision, now time.Time) []string {
	if item.LiveRev == 0 || r.Rev != item.LatestRev {
		return nil
	}
	var all []string
	today := now.In(locale.Zone(""))
	switch expires := r.Content.Expires; {
	case expires == "":
	case expires < today.Format(time.DateOnly):
		all = append(all, "Tanggal tinjaunya, "+dateOf(expires)+", sudah lewat. Periksa apakah isinya masih berlaku, lalu perbarui tanggalnya.")
	case expires <= today.AddDate(0, 0, soonDays).Format(time.DateOnly):
		all = append(all, "Tanggal tinjaunya "+dateOf(expires)+".")
	}
	if r.Content.Basis != "" {
		checked := r.Created
		if r.Reviewer != 0 {
			checked = r.Reviewed
		}
		all = append(all, "Kuncinya bertumpu pada "+r.Content.Basis+", terakhir diperiksa "+day(checked)+". Pastikan aturan itu masih berlaku.")
	}
	return all
}

// usage is how much an item has been seen, in words.
type usage struct {
	Forms, Events int
	Last          string
}

func usageOf(u questionbank.Usage) usage {
	out := usage{Forms: u.Forms, Events: u.Events}
	if !u.Last.IsZero() {
		out.Last = day(u.Last)
	}
	return out
}

// original downloads a question as it stood in the file it came with.
func (d Deps) original(c *kit.Ctx) (kit.Response, error) {
	_, r, err := d.revisionAsked(c, "versi")
	if err != nil {
		return nil, err
	}
	raw, err := d.Bank.Raw(c.Context(), r.Ref)
	if err != nil {
		return nil, err
	}
	if len(raw) == 0 {
		c.Flash(locale.Text("trainer.no_original"))
		return kit.Redirect(itemAddress(c, r.Item)), nil
	}
	name := fmt.Sprintf("%s_v%d%s", strings.ReplaceAll(r.Code, "/", "-"), r.Rev, originalExt(r.Source, raw))
	kind := kit.TEXT
	if !utf8.Valid(raw) {
		kind = "application/octet-stream"
	}
	return kit.File{Name: name, Type: kind, Write: func(w io.Writer) error {
		_, err := bytes.NewReader(raw).WriteTo(w)
		return err
	}}, nil
}

// originalExt is the ending for a fragment: of text it is the file's own where
// that is text too.
func originalExt(source questionbank.Source, raw []byte) string {
	switch ext := strings.ToLower(path.Ext(source.File)); {
	case ext == ".xml" || ext == ".gift" || ext == ".csv" || ext == ".json":
		return ext
	case strings.HasPrefix(http.DetectContentType(raw), "text/xml"):
		return ".xml"
	default:
		return ".txt"
	}
}
