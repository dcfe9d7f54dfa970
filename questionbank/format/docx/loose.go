package docx

import (
	"regexp"
	"slices"
	"strings"

	"cakap/questionbank/format/text"
)

var (
	onlyNumber = regexp.MustCompile(`^\d{1,3}\s*[.)]?$`)
	onlyKey    = regexp.MustCompile(`(?i)^(?:[A-L](?:\s*[,&]\s*[A-L])*|benar|salah)$`)
	marked     = regexp.MustCompile(`^\s*(?:\d{1,3}\s*[.)]+|\(?[A-La-l][.)])\s*`)
	lettered   = regexp.MustCompile(`^\s*\(?([A-La-l])[.)]`)
)

// keys reads a table of nothing but numbers and letters, below a heading that
// says what it is or with one of its own.
func (t *table) keys(announced bool) []text.Line {
	var lines []text.Line
	titled := announced
	found := 0
	for i, r := range t.rows {
		words := r.words()
		if i == 0 && slices.ContainsFunc(words, func(w string) bool { return strings.Contains(strings.ToUpper(w), "KUNCI") }) {
			titled = true
			continue
		}
		if i == 0 && announced && !slices.ContainsFunc(words, onlyNumber.MatchString) {
			continue // No | Jawaban
		}
		if len(words) == 0 {
			continue
		}
		if line, ok := keyRow(words); ok {
			found++
			lines = append(lines, text.Plain(line, r.at))
			continue
		}
		if i > 0 && below(t.rows[i-1].words(), words) {
			found++
			lines = append(lines, text.Plain(zip(t.rows[i-1].words(), words), r.at))
			continue
		}
		if !numbersOnly(words) || i+1 >= len(t.rows) {
			return nil
		}
	}
	if !titled || found == 0 {
		return nil
	}
	if !announced {
		lines = append([]text.Line{text.Plain("KUNCI JAWABAN", t.rows[0].at)}, lines...)
	}
	return lines
}

// words is the texts of the cells that have any.
func (r row) words() []string {
	var all []string
	for _, c := range r.cells {
		s := c.plain()
		if s == "" && len(c.lines) > 0 {
			s = c.lines[0].Label
		}
		if s != "" {
			all = append(all, s)
		}
	}
	return all
}

// keyRow writes "1 A 2 B" of a row that says so.
func keyRow(words []string) (string, bool) {
	if len(words) < 2 || len(words)%2 != 0 {
		return "", false
	}
	for i, w := range words {
		if i%2 == 0 && !onlyNumber.MatchString(w) || i%2 == 1 && !onlyKey.MatchString(w) {
			return "", false
		}
	}
	return strings.Join(words, " "), true
}

func numbersOnly(words []string) bool {
	return !slices.ContainsFunc(words, func(w string) bool {
		return !onlyNumber.MatchString(w) && !strings.EqualFold(strings.Trim(w, "."), "no")
	})
}

// below reports letters under numbers.
func below(above, words []string) bool {
	return len(above) == len(words) && numbersOnly(above) && onlyKey.MatchString(words[len(words)-1])
}

func zip(above, words []string) string {
	var parts []string
	for i := range words {
		if onlyNumber.MatchString(above[i]) && onlyKey.MatchString(words[i]) {
			parts = append(parts, strings.Trim(above[i], ".) ")+". "+words[i])
		}
	}
	return strings.Join(parts, " ")
}

// marked is the cells as lines, where they carry the numbers of questions or
// the letters of options.
func (t *table) marked() []text.Line {
	var lines []text.Line
	marks, filled := 0, 0
	for _, r := range t.rows {
		for _, l := range r.joined() {
			lines = append(lines, l)
			if l.Blank() {
				continue
			}
			filled++
			if marked.MatchString(l.String()) || l.Label != "" && l.Label != "•" {
				marks++
			}
		}
	}
	if marks < 2 || marks*2 < filled {
		return nil
	}
	letters := !slices.ContainsFunc(lines, func(l text.Line) bool { return !lettered.MatchString(l.String()) })
	if letters { // options in columns read down or across alike
		slices.SortStableFunc(lines, func(a, b text.Line) int { return int(letterOf(a)) - int(letterOf(b)) })
	}
	return lines
}

func letterOf(l text.Line) byte {
	return strings.ToUpper(lettered.FindStringSubmatch(l.String())[1])[0]
}

// joined is a row's lines; a cell that holds no more than a label is put before
// the next one.
func (r row) joined() []text.Line {
	var lines []text.Line
	label := ""
	for _, c := range r.cells {
		s := c.plain()
		if s == "" && len(c.lines) > 0 && c.lines[0].Label != "" {
			s = c.lines[0].Label
		}
		switch {
		case s == "" && c.empty():
			continue
		case onlyLabel.MatchString(s):
			label = strings.TrimSpace(s)
			if !strings.ContainsAny(label, ".)") {
				label += "."
			}
			continue
		}
		content := c.lines
		if label != "" && len(content) > 0 {
			content = slices.Clone(c.content())
			content[0].Label, label = label, ""
		}
		lines = append(lines, content...)
	}
	if label != "" {
		lines = append(lines, text.Plain(label, r.at))
	}
	return lines
}

var onlyLabel = regexp.MustCompile(`^\s*(?:\d{1,3}\s*[.)]?|\(?[A-La-l][.)])\s*$`)
