package officer

import "cakap/internal/web/kit"

// monitor leads to the proctor's console; the address is older than that page
// and stands in people's bookmarks. Somebody else's event is not there.
func (p pages) monitor(c *kit.Ctx) (kit.Response, error) {
	id, err := c.ID(kindEvent, "id")
	if err != nil {
		return nil, err
	}
	session, err := p.queryID(c, kindSession, "sesi")
	if err != nil {
		return nil, err
	}
	if _, err := p.Assessment.SeenEvent(c.Context(), actor(c), id); err != nil {
		return nil, err
	}
	to := "/pengawasan/" + c.Seal(kindEvent, id)
	if session != 0 {
		to += "?" + kit.QueryOf("sesi", c.Seal(kindSession, session)).Encode()
	}
	return kit.Redirect(to), nil
}
