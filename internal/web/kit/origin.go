package kit

import "regexp"

// Origin is how browsers name us: "https://cakap.example.go.id". It is what
// was configured, else what this browser called us; "" where that is no name
// of a host.
func (c *Ctx) Origin() string {
	if c.app.cfg.Origin != "" {
		return c.app.cfg.Origin
	}
	scheme := "http"
	if c.app.cfg.Secure {
		scheme = "https"
	}
	return originOf(scheme, c.gin.Request.Host)
}

// hostName is a name or address with an optional port, and nothing that would
// lead somewhere else than it says.
var hostName = regexp.MustCompile(`^([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?$`)

func originOf(scheme, host string) string {
	if !hostName.MatchString(host) {
		return ""
	}
	return scheme + "://" + host
}
