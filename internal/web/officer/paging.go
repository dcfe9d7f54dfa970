package officer

import (
	"net/url"
	"strconv"
)

// pageLink is one entry of a list's page numbers; a gap has no path.
type pageLink struct {
	Path    string
	Text    string
	Current bool
}

// pageLinks are the first, the last and the near pages, with gaps between.
func pageLinks(path string, query url.Values, number, count int) []pageLink {
	if count < 2 {
		return nil
	}
	to := func(n int, text string) pageLink {
		q := url.Values{}
		for k, v := range query {
			q[k] = v
		}
		q.Set("h", strconv.Itoa(n))
		return pageLink{Path: path + "?" + q.Encode(), Text: text, Current: n == number && text != "Berikutnya"}
	}
	var links []pageLink
	last := 0
	for n := 1; n <= count; n++ {
		if n != 1 && n != count && (n < number-1 || n > number+1) {
			continue
		}
		if n > last+1 {
			links = append(links, pageLink{Text: "…"})
		}
		links = append(links, to(n, strconv.Itoa(n)))
		last = n
	}
	if number < count {
		links = append(links, to(number+1, "Berikutnya"))
	}
	return links
}
