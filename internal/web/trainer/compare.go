package trainer

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"cakap/internal/fault"
	"cakap/internal/web/kit"
	"cakap/internal/web/question"
	"cakap/questionbank"
)

// reviewKind is the kind of the sealed reviews in these addresses.
const reviewKind = "review"

// comparePage shows two revisions of an item beside each other, or one and
// what a reviewer would write instead.
type comparePage struct {
	kit.Base
	ID            int64
	Code          string
	Before, After side
	Choices       []int // revisions
	Changes       []change
	Suggestion    int64 // the review, where After is what it proposed
	MayAdopt      bool
	Comment       string // of the reviewer
}

// side is one of the two.
type side struct {
	Name    string
	Rev     int // 0 for a suggestion
	Status  tag
	Who     string
	Preview preview
}

// change is a field in which they differ.
type change struct {
	Name     string
	Segments []questionbank.Segment
	Gone     bool // the field is only before
	New      bool // the field is only after
}

// revisionAsked is the item of the address and the revision that the query
// names, its latest where it names none.
func (d Deps) revisionAsked(c *kit.Ctx, query string) (questionbank.Item, questionbank.Revision, error) {
	id, err := c.ID(itemKind, "id")
	if err != nil {
		return questionbank.Item{}, questionbank.Revision{}, err
	}
	item, err := d.Bank.Item(c.Context(), id)
	if err != nil {
		return item, questionbank.Revision{}, err
	}
	r, err := revisionOf(item, c.QueryInt(query, item.LatestRev))
	return item, r, err
}

func revisionOf(item questionbank.Item, rev int) (questionbank.Revision, error) {
	i := slices.IndexFunc(item.Revisions, func(r questionbank.Revision) bool { return r.Rev == rev })
	if i < 0 {
		return questionbank.Revision{}, fault.New(fault.NotFound, "questionbank.no_item")
	}
	return item.Revisions[i], nil
}

func (d Deps) compare(c *kit.Ctx) (kit.Response, error) {
	item, after, err := d.revisionAsked(c, "ke")
	if err != nil {
		return nil, err
	}
	name, err := d.names(c.Context())
	if err != nil {
		return nil, err
	}
	page := &comparePage{Base: c.Base("Bandingkan soal " + item.Code).In(kit.SectionBank), ID: item.ID, Code: item.Code}
	for _, r := range item.Revisions {
		page.Choices = append(page.Choices, r.Rev)
	}
	var from, to questionbank.Content
	if sealed := c.Query("usul"); sealed != "" {
		i := slices.IndexFunc(item.Reviews, func(r questionbank.Review) bool { return r.Suggestion != nil && c.Seal(reviewKind, r.ID) == sealed })
		if i < 0 {
			return nil, fault.New(fault.NotFound, "questionbank.no_suggestion")
		}
		review := item.Reviews[i]
		before, err := revisionOf(item, review.Rev)
		if err != nil {
			return nil, err
		}
		from, to = before.Content, *review.Suggestion
		page.Before = sideOf(before, name)
		page.After = side{Name: "Usulan " + name(review.Reviewer), Who: moment(review.At)}
		page.Suggestion, page.Comment = review.ID, review.Comment
		page.MayAdopt = review.AdoptedRev == 0 && allowed(c.Principal(), item, before).Edit
	} else {
		before, err := revisionOf(item, c.QueryInt("dari", max(after.Rev-1, 1)))
		if err != nil {
			return nil, err
		}
		from, to = before.Content, after.Content
		page.Before, page.After = sideOf(before, name), sideOf(after, name)
	}
	page.Changes = changesOf(from, to)
	if page.Before.Preview, err = numbered(from, 1); err != nil {
		return nil, err
	}
	page.After.Preview, err = numbered(to, 2)
	return kit.HTML("trainer/banding", page), err
}

func sideOf(r questionbank.Revision, name func(int64) string) side {
	return side{Name: fmt.Sprintf("Versi %d", r.Rev), Rev: r.Rev, Status: statusTag(r.Status), Who: name(r.Author) + ", " + moment(r.Created)}
}

// numbered is a preview that shares its page with another.
func numbered(c questionbank.Content, n int) (preview, error) {
	p, err := previewOf(c)
	if err != nil || n == 1 {
		return p, err
	}
	p.View, err = question.Show(question.Item{N: n, Delivery: c.Delivery()})
	return p, err
}

func changesOf(a, b questionbank.Content) []change {
	var all []change
	for _, ch := range questionbank.Diff(a, b) {
		all = append(all, change{Name: fieldName(ch.Field), Segments: ch.Segments, Gone: ch.After == "", New: ch.Before == ""})
	}
	return all
}

// fieldNames are what people call the fields of an item. Fields of a row end
// with its letter, those of a part begin with its number.
var fieldNames = map[string]string{
	"type": "Tipe", "indicator": "Indikator", "level": "Level kognitif", "stimulus": "Bacaan", "stem": "Pokok soal", "kind": "Bentuk", "prompt": "Petunjuk",
	"image": "Gambar", "option": "Pilihan", "option_reason": "Alasan pilihan", "option_points": "Bobot pilihan", "option_area": "Daerah pilihan",
	"target": "Pasangan", "target_reason": "Alasan pasangan", "target_points": "Bobot pasangan", "target_area": "Daerah pasangan", "correct": "Kunci",
	"answer": "Jawaban diterima", "answer_reason": "Alasan jawaban", "rule": "Cara menilai", "shuffle": "Acak urutan", "many": "Boleh lebih dari satu",
	"rationale": "Pembahasan", "feedback_correct": "Umpan balik bila benar", "feedback_partial": "Umpan balik bila benar sebagian", "feedback_wrong": "Umpan balik bila salah",
	"hints": "Petunjuk", "rubric": "Rubrik", "basis": "Rujukan", "expires": "Tinjau ulang pada", "digcomp": "DigComp", "title": "Judul", "lang": "Bahasa",
	"category": "Kategori asal", "tags": "Tag", "seconds": "Perkiraan waktu (detik)",
}

// fieldName is a field of Diff in words: "part_2.option_b" is "Bagian 2:
// Pilihan B".
func fieldName(field string) string {
	if part, rest, found := strings.Cut(field, "."); found && strings.HasPrefix(part, "part_") {
		return "Bagian " + strings.TrimPrefix(part, "part_") + ": " + fieldName(rest)
	}
	if file, found := strings.CutPrefix(field, "media."); found {
		return "Berkas " + file
	}
	if name, found := fieldNames[field]; found {
		return name
	}
	if i := strings.LastIndexByte(field, '_'); i > 0 && len(field) == i+2 {
		row := strings.ToUpper(field[i+1:])
		switch list := field[:i]; {
		case strings.HasPrefix(list, "target"), strings.HasPrefix(list, "answer"), list == "rubric":
			row = strconv.Itoa(int(field[i+1]-'a') + 1)
			fallthrough
		default:
			if name, found := fieldNames[list]; found {
				return name + " " + row
			}
		}
	}
	return field
}
