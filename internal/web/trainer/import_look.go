package trainer

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"html/template"
	"slices"
	"strings"

	"cakap/internal/fault"
	"cakap/internal/web/kit"
	"cakap/internal/web/question"
	"cakap/questionbank"
	"cakap/questionbank/media"
)

// lookPage shows one question of an upload as a participant would see it.
type lookPage struct {
	kit.Base
	N, Of      int
	At         string
	Type       string
	Tag        tag
	Preview    preview
	Options    []optionView
	Rationale  template.HTML
	Messages   []placed
	Back, Mend string
	Prev, Next string
}

func (d Deps) importLook(c *kit.Ctx) (kit.Response, error) {
	q, err := d.question(c)
	if err != nil {
		return nil, err
	}
	found, err := d.found(c.Context(), q)
	if err != nil {
		return nil, err
	}
	here, from := uploadAddress(c, q.ID), narrowed(c.Query("dari"))
	one := func(n int) string { return fmt.Sprintf("%s/soal/%d", here, n) }
	page := &lookPage{
		Base: c.Base(fmt.Sprintf("Soal nomor %d", q.n)).In(kit.SectionImport), N: q.n, Of: len(q.parsed.Items), At: found.At, Type: importedType(found.Type),
		Tag: outcomeTag(found.Outcome), Options: optionViews(found.Content), Back: reportAddress(here, from, 1), Mend: fromAddress(one(q.n), from),
	}
	page.Messages, _ = placedMessages(found)
	if q.n > 1 {
		page.Prev = fromAddress(one(q.n-1)+"/lihat", from)
	}
	if q.n < len(q.parsed.Items) {
		page.Next = fromAddress(one(q.n+1)+"/lihat", from)
	}
	if page.Preview, page.Rationale, err = shownFrom(q, found.Content, one(q.n)); err != nil {
		return nil, err
	}
	return kit.HTML("trainer/imporlihat", page), nil
}

// waitingFile stands for the hash of a picture that is not stored yet.
const waitingFile = "unggahan-"

// shownFrom is a preview whose pictures come out of the upload.
func shownFrom(q uploaded, content questionbank.Content, at string) (preview, template.HTML, error) {
	content.Media = slices.Clone(content.Media)
	stored := q.Mended[q.n].Media
	for i, m := range content.Media {
		k := slices.IndexFunc(q.item().Files, func(f questionbank.File) bool { return f.Name == m.Name })
		if k >= 0 && !slices.ContainsFunc(stored, func(s questionbank.Media) bool { return s.SHA256 != "" && s.SHA256 == m.SHA256 }) {
			content.Media[i].SHA256 = waitingFile + fileTag(q.item().Files[k])
		}
	}
	p, err := previewOf(content)
	if err != nil {
		return p, "", err
	}
	rationale, err := kit.MarkdownMedia(content.Rationale, content.Delivery().Media)
	if err != nil {
		return p, "", err
	}
	own := func(h template.HTML) template.HTML {
		return template.HTML(strings.ReplaceAll(string(h), kit.MediaPath+waitingFile, at+"/berkas/")) //nolint:gosec // an address of ours for another
	}
	return p.through(own), own(rationale), nil
}

// importPicture sends a file of a question that is not stored yet, to the
// owner of the upload alone. It goes through the same gate as files that are
// stored: what is no picture, sound or film is not sent.
func (d Deps) importPicture(c *kit.Ctx) (kit.Response, error) {
	q, err := d.question(c)
	if err != nil {
		return nil, err
	}
	files := q.item().Files
	i := slices.IndexFunc(files, func(f questionbank.File) bool { return fileTag(f) == c.Param("k") })
	if i < 0 {
		return nil, fault.New(fault.NotFound, "questionbank.media.gone")
	}
	ready, err := media.Prepare(files[i].Name, files[i].Data)
	if err != nil {
		return nil, fault.New(fault.NotFound, "questionbank.media.gone").Because(err)
	}
	return kit.Blob{Type: ready.MIME, Data: ready.Data, Tag: c.Param("k")}, nil
}

// fileTag names a file's bytes in its address, so that a browser may keep it
// also where the columns are arranged anew.
func fileTag(f questionbank.File) string {
	sum := sha256.Sum256(f.Data)
	return hex.EncodeToString(sum[:8])
}

// through sends every piece of HTML of a preview through own.
func (p preview) through(own func(template.HTML) template.HTML) preview {
	options := func(all []question.Option) []question.Option {
		all = slices.Clone(all)
		for i := range all {
			all[i].HTML = own(all[i].HTML)
		}
		return all
	}
	p.Stimulus, p.Stem = own(p.Stimulus), own(p.Stem)
	p.Parts = slices.Clone(p.Parts)
	for i := range p.Parts {
		part := &p.Parts[i]
		part.Prompt, part.Picture = own(part.Prompt), own(part.Picture)
		part.Options, part.Targets = options(part.Options), options(part.Targets)
		part.Rows = slices.Clone(part.Rows)
		for j := range part.Rows {
			part.Rows[j].Text = own(part.Rows[j].Text)
		}
	}
	return p
}
