package trainer

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"cakap/internal/fault"
	"cakap/internal/web/kit"
	"cakap/questionbank"
)

// importChoose keeps what the report's forms say: an aspect and an indicator
// for all questions without one, or what is chosen row by row.
func (d Deps) importChoose(c *kit.Ctx) (kit.Response, error) {
	u, err := d.ownUpload(c)
	if err != nil {
		return nil, err
	}
	parsed, err := d.read(u)
	if err != nil {
		return d.unreadable(c, u, err)
	}
	choices, said := u.UploadChoices, ""
	act := c.Form("aksi")
	n, restores := strings.CutPrefix(act, "pulih:")
	switch {
	case act == "semua":
		if choices.Indicator = c.Form("indikator"); !knownIndicator(choices.Indicator) {
			return nil, fault.New(fault.Malformed, "trainer.import_indicator")
		}
		choices.Aspect = aspectOf(c.Form("aspek"))
		said = "Pilihan untuk soal tanpa aspek disimpan. Hasil periksa diperbarui."
	case restores:
		choices.Mended = maps.Clone(choices.Mended)
		delete(choices.Mended, number(n))
		said = "Soal nomor " + n + " kembali seperti di berkas."
	default:
		if choices, err = chosen(choices, parsed, c.FormAll("n"), c.Form); err != nil {
			return nil, err
		}
		said = "Pilihan di halaman ini disimpan. Hasil periksa diperbarui."
	}
	if err := d.Bank.ChangeUpload(c.Context(), c.Actor(), u.ID, choices); err != nil {
		return nil, err
	}
	c.Flash(said)
	return kit.Redirect(reportAddress(uploadAddress(c, u.ID), narrowed(c.Form("hasil")), number(c.Form("hal")))), nil
}

// narrowed is an outcome the report knows, or "".
func narrowed(only string) string {
	if slices.Contains([]string{onlyReady, onlyWarned, onlyRejected, onlySkipped}, only) {
		return only
	}
	return ""
}

// number reads a running number, 0 for what is none.
func number(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// chosen lays what the rows of a page say over what was chosen before.
func chosen(choices questionbank.UploadChoices, parsed *questionbank.Parsed, rows []string, form func(string) string) (questionbank.UploadChoices, error) {
	choices.Mended, choices.Skip = maps.Clone(choices.Mended), slices.Clone(choices.Skip)
	if choices.Mended == nil {
		choices.Mended = map[int]questionbank.Content{}
	}
	for _, row := range rows {
		n := number(row)
		if n < 1 || n > len(parsed.Items) {
			return choices, fault.New(fault.Malformed, "error.malformed")
		}
		choices.Skip = slices.DeleteFunc(choices.Skip, func(skipped int) bool { return skipped == n })
		if form("lewati_"+row) == "ya" {
			choices.Skip = append(choices.Skip, n)
		}
		indicator := form("ind_" + row)
		if !knownIndicator(indicator) {
			return choices, fault.New(fault.Malformed, "trainer.import_indicator")
		}
		now, mended := choices.Mended[n]
		if !mended {
			now = parsed.Items[n-1].Content
		}
		// What its reader refused has to be mended as a whole.
		if indicator != "" && indicator != now.Indicator && (mended || len(parsed.Items[n-1].Rejects) == 0) {
			now = following(now)
			now.Indicator = indicator
			choices.Mended[n] = now
		}
	}
	slices.Sort(choices.Skip)
	return choices, nil
}

// following leaves the codes of DigComp open where they are those of the
// indicator, so that they go along with it when it changes.
func following(c questionbank.Content) questionbank.Content {
	if ind, ok := questionbank.StandardFramework().Indicator(c.Indicator); ok && slices.Equal(c.DigComp, ind.DigComp) {
		c.DigComp = nil
	}
	return c
}
