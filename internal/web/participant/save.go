package participant

import (
	"net/http"

	"cakap/assessment"
	"cakap/internal/web/kit"
)

// saveBody is what the outbox sends; an empty list asks for the time.
type saveBody struct {
	Answers []saveEntry `json:"a"`
}

type saveEntry struct {
	Position int    `json:"n"`
	Seq      int64  `json:"s"`
	Value    string `json:"v"`
	Doubt    bool   `json:"d"`
}

// saved is the answer to a save. All entries of the request are durable when
// it is sent. Left is in seconds, and only told to those who ask for the time;
// so is Paused, which stops the page's clock.
type saved struct {
	State  assessment.State `json:"state"`
	Left   *int             `json:"left,omitempty"`
	Paused bool             `json:"paused,omitempty"`
}

// save is the hot path: the bearer says whose answers these are, and one
// statement decides whether they count. Nothing is read before.
func (p pages) save(c *kit.Ctx) (kit.Response, error) {
	received := c.Now()
	bearer, err := p.Keys.ParseBearer(c.Bearer())
	if err != nil {
		return nil, err
	}
	ticket := assessment.TicketOf(bearer)
	if err := p.pace.allow(ticket.AttemptID, received); err != nil {
		return nil, err
	}
	var body saveBody
	if err := c.DecodeJSON(&body); err != nil {
		return nil, err
	}
	c.Quiet()
	if len(body.Answers) == 0 {
		return p.status(c, ticket)
	}
	entries := make([]assessment.Entry, len(body.Answers))
	for i, a := range body.Answers {
		entries[i] = assessment.Entry{Position: a.Position, Seq: a.Seq, Value: a.Value, Doubt: a.Doubt}
	}
	outcomes, err := p.Assessment.Save(c.Context(), ticket, received, entries)
	if err != nil {
		return nil, err
	}
	state := assessment.Open
	for _, o := range outcomes {
		if o == assessment.Late {
			state = assessment.Closing
		}
	}
	return kit.JSON(http.StatusOK, saved{State: state}), nil
}

func (p pages) status(c *kit.Ctx, t assessment.Ticket) (kit.Response, error) {
	st, err := p.Assessment.Status(c.Context(), t)
	if err != nil {
		return nil, err
	}
	if !st.Holder {
		return nil, takenOver()
	}
	left := int(st.Left.Seconds())
	return kit.JSON(http.StatusOK, saved{State: st.State, Left: &left, Paused: st.Paused}), nil
}
