// Package media is the door to the pictures, sounds and films of items. They
// are named by their hash, which nobody knows before an item shows it.
package media

import (
	"encoding/hex"
	"net/http"

	"cakap/internal/access"
	"cakap/internal/fault"
	"cakap/internal/web/kit"
	"cakap/questionbank"
)

// Deps are the services behind this door.
type Deps struct{ Bank *questionbank.Service }

// Routes is the door.
func Routes(d Deps) []kit.Route {
	return []kit.Route{{Method: http.MethodGet, Path: kit.MediaPath + ":sha", Action: access.MediaRead, Handle: d.send}}
}

// send answers with the stored file. It never changes under its name, so a
// browser may keep it; a shared cache may not, for an item can be secret.
func (d Deps) send(c *kit.Ctx) (kit.Response, error) {
	sha := c.Param("sha")
	if raw, err := hex.DecodeString(sha); err != nil || len(raw) != 32 {
		return nil, fault.New(fault.NotFound, "questionbank.media.gone")
	}
	m, err := d.Bank.Media(c.Context(), sha)
	if err != nil {
		return nil, err
	}
	return kit.Blob{Type: m.MIME, Data: m.Data, Tag: m.SHA256}, nil
}
