package admin

import (
	"net/url"
	"strconv"

	"cakap/internal/access"
)

func accountPages(f access.AccountFilter, at, pages int) []pageLink {
	if pages < 2 {
		return nil
	}
	var all []pageLink
	for n := 1; n <= pages; n++ {
		v := url.Values{}
		if f.Text != "" {
			v.Set("q", f.Text)
		}
		if f.Role != "" {
			v.Set("peran", string(f.Role))
		}
		if f.Shut {
			v.Set("nonaktif", "ya")
		}
		v.Set("hal", strconv.Itoa(n))
		all = append(all, pageLink{Text: strconv.Itoa(n), URL: "/admin/akun?" + v.Encode(), Current: n == at})
	}
	return all
}
