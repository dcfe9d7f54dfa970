package kit

import (
	"errors"
	"io"

	"cakap/internal/fault"
)

// Upload is one of several files in a field. One that is larger than asked for
// is cut one byte behind that, so that whoever reads it refuses it.
type Upload struct {
	Name string
	Body []byte
}

// Uploads reads all files of a multipart field, at most so many, of each no
// more than a byte above its limit.
func (c *Ctx) Uploads(field string, most int, each int64) ([]Upload, error) {
	form := c.gin.Request.MultipartForm
	if form == nil || len(form.File[field]) == 0 {
		return nil, fault.New(fault.Invalid, "web.file_missing").On(field)
	}
	heads := form.File[field]
	if len(heads) > most {
		return nil, fault.New(fault.Invalid, "web.files_many", most).On(field)
	}
	all := make([]Upload, len(heads))
	for i, head := range heads {
		f, err := head.Open()
		if err != nil {
			return nil, asTooLarge(err)
		}
		body, err := io.ReadAll(io.LimitReader(f, each+1))
		if err := errors.Join(err, f.Close()); err != nil {
			return nil, asTooLarge(err)
		}
		all[i] = Upload{clean(head.Filename), body}
	}
	return all, nil
}
