package trainer

import (
	"cakap/internal/fault"
	"cakap/internal/web/kit"
	"cakap/questionbank"
)

// storeMedia stores the file that the editor's form brought.
func (d Deps) storeMedia(c *kit.Ctx) (questionbank.Media, error) {
	name, data, err := c.Upload("media_file")
	if err != nil {
		return questionbank.Media{}, err
	}
	m, _, err := d.Bank.SaveMedia(c.Context(), c.Actor(), name, data)
	if f := fault.Of(err); f != nil {
		return m, f.On("media_file")
	}
	m.Alt = c.Form("media_alt")
	return m, err
}
