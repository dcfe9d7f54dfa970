package docx

import (
	"regexp"
	"strconv"
	"strings"

	"cakap/questionbank/format/tree"
)

// counters counts the lists of a document as Word does when it shows it: the
// labels stand nowhere in the file.
type counters struct {
	lists  map[string]*list  // by numId
	styles map[string]style  // by styleId
	counts map[string][9]int // by abstract list: how far each level is
	begun  map[string]bool   // numId and level whose own start has been used
}

// list is one use of an abstract list.
type list struct {
	abstract string
	levels   [9]level
	restart  [9]bool // this use begins anew
}

type level struct {
	start  int
	format string
	text   string // "%1." with the counts of the levels in it
}

type style struct{ num, level, parent string }

// maxLists bounds what a hostile file makes us keep.
const maxLists = 20_000

func newCounters(numbering, styles *tree.Node) counters {
	c := counters{lists: map[string]*list{}, styles: map[string]style{}, counts: map[string][9]int{}, begun: map[string]bool{}}
	abstract := map[string][9]level{}
	linked := map[string]string{} // style → abstract list, for the lists that only name a style
	for _, a := range numbering.All("abstractNum") {
		var levels [9]level
		for _, l := range a.All("lvl") {
			if i, ok := index(l.Get("ilvl")); ok {
				levels[i] = levelOf(l)
			}
		}
		abstract[a.Get("abstractNumId")] = levels
		if link := a.Find("styleLink").Get("val"); link != "" {
			linked[link] = a.Get("abstractNumId")
		}
	}
	for _, a := range numbering.All("abstractNum") {
		if link := a.Find("numStyleLink").Get("val"); link != "" {
			abstract[a.Get("abstractNumId")] = abstract[linked[link]]
		}
	}
	for _, n := range numbering.All("num") {
		if len(c.lists) >= maxLists {
			break
		}
		l := &list{abstract: n.Find("abstractNumId").Get("val")}
		l.levels = abstract[l.abstract]
		for _, o := range n.All("lvlOverride") {
			l.override(o)
		}
		c.lists[n.Get("numId")] = l
	}
	for _, s := range styles.All("style") {
		num := s.Find("pPr", "numPr")
		c.styles[s.Get("styleId")] = style{num.Find("numId").Get("val"), num.Find("ilvl").Get("val"), s.Find("basedOn").Get("val")}
	}
	return c
}

func levelOf(l *tree.Node) level {
	start, err := strconv.Atoi(l.Find("start").Get("val"))
	if err != nil {
		start = 1
	}
	return level{start, l.Find("numFmt").Get("val"), l.Find("lvlText").Get("val")}
}

func (l *list) override(o *tree.Node) {
	i, ok := index(o.Get("ilvl"))
	if !ok {
		return
	}
	if own := o.Find("lvl"); own != nil {
		l.levels[i] = levelOf(own)
	}
	if start, err := strconv.Atoi(o.Find("startOverride").Get("val")); err == nil {
		l.levels[i].start, l.restart[i] = start, true
	}
}

func index(val string) (int, bool) {
	if val == "" {
		return 0, true
	}
	i, err := strconv.Atoi(val)
	return i, err == nil && i >= 0 && i < 9
}

// label counts a paragraph and is what Word writes before it; "" for none.
func (c *counters) label(num, lvl, styleID string) string {
	for depth := 0; num == "" && styleID != "" && depth < 20; depth++ {
		s := c.styles[styleID]
		if num = s.num; num != "" && lvl == "" {
			lvl = s.level
		}
		styleID = s.parent
	}
	l := c.lists[num]
	i, ok := index(lvl)
	if l == nil || !ok || num == "0" {
		return ""
	}
	counts := c.counts[l.abstract]
	if key := num + "/" + strconv.Itoa(i); l.restart[i] && !c.begun[key] {
		c.begun[key] = true
		counts[i] = 0
	}
	// A count of 0 is a level not begun; what is begun is kept one above.
	if counts[i] == 0 {
		counts[i] = l.levels[i].start + 1
	} else {
		counts[i]++
	}
	for j := i + 1; j < len(counts); j++ {
		counts[j] = 0
	}
	c.counts[l.abstract] = counts
	return l.write(i, counts)
}

var placeholder = regexp.MustCompile(`%[1-9]`)

func (l *list) write(i int, counts [9]int) string {
	switch l.levels[i].format {
	case "bullet":
		return "•"
	case "none":
		return ""
	}
	return placeholder.ReplaceAllStringFunc(l.levels[i].text, func(p string) string {
		j := int(p[1] - '1')
		n := counts[j] - 1
		if counts[j] == 0 {
			n = l.levels[j].start
		}
		return count(l.levels[j].format, n)
	})
}

// count writes a number as a list does.
func count(format string, n int) string {
	switch format {
	case "upperLetter", "lowerLetter":
		if n < 1 || n > 26*20 {
			return ""
		}
		s := strings.Repeat(string(rune('A'+(n-1)%26)), (n-1)/26+1)
		if format == "lowerLetter" {
			s = strings.ToLower(s)
		}
		return s
	case "upperRoman":
		return roman(n)
	case "lowerRoman":
		return strings.ToLower(roman(n))
	}
	return strconv.Itoa(n)
}

func roman(n int) string {
	if n < 1 || n > 3999 {
		return strconv.Itoa(n)
	}
	var b strings.Builder
	for _, d := range [...]struct {
		value int
		sign  string
	}{{1000, "M"}, {900, "CM"}, {500, "D"}, {400, "CD"}, {100, "C"}, {90, "XC"}, {50, "L"}, {40, "XL"}, {10, "X"}, {9, "IX"}, {5, "V"}, {4, "IV"}, {1, "I"}} {
		for ; n >= d.value; n -= d.value {
			b.WriteString(d.sign)
		}
	}
	return b.String()
}
