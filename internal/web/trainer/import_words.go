package trainer

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"cakap/internal/locale"
)

// typeCounts writes how many questions of each type there are.
func typeCounts(by map[string]int) string {
	kinds := make([]string, 0, len(by))
	for kind, n := range by {
		kinds = append(kinds, fmt.Sprintf("%s %s", importedType(kind), locale.Int(n)))
	}
	slices.Sort(kinds)
	return strings.Join(kinds, ", ")
}

// paged lists the first page, the last and those beside the current one.
func paged(page, pages int, at func(int) string) []link {
	if pages < 2 {
		return nil
	}
	var all []link
	if page > 1 {
		all = append(all, link{Text: "Sebelumnya", URL: at(page - 1)})
	}
	last := 0
	for n := 1; n <= pages; n++ {
		if n != 1 && n != pages && (n < page-1 || n > page+1) {
			continue
		}
		if n > last+1 {
			all = append(all, link{Text: "…"})
		}
		all = append(all, link{Text: strconv.Itoa(n), URL: at(n), Current: n == page})
		last = n
	}
	if page < pages {
		all = append(all, link{Text: "Berikutnya", URL: at(page + 1)})
	}
	return all
}
