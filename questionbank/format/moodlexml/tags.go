package moodlexml

import (
	"slices"
	"strconv"
	"strings"

	"cakap/questionbank"
)

// hints is what our writer left in tags beyond the fields of the content:
// "points", "rule", "type", "range" …. Readers check them against the file.
type hints map[string]string

const tagPrefix = "cakap:"

// maxTag is where Moodle cuts a tag off (TAG_MAX_LENGTH).
const maxTag = 50

// tags reads the tags: ours are fields, the others tags.
func (q *question) tags() {
	q.hints = hints{}
	c := &q.item.Content
	for _, n := range q.get("tags").All("tag") {
		tag := plain(n)
		rest, ours := strings.CutPrefix(tag, tagPrefix)
		key, value, pair := strings.Cut(rest, "=")
		switch {
		case !ours || !pair:
			if tag != "" {
				c.Tags = append(c.Tags, tag)
			}
		case key == "indicator":
			c.Indicator = value
		case key == "level":
			c.Level = questionbank.Level(value)
		case key == "basis":
			c.Basis = value
		case key == "expires":
			c.Expires = value
		case key == "lang":
			c.Lang = value
		case key == "digcomp":
			c.DigComp = strings.Split(value, ",")
		case key == "seconds":
			if s, err := strconv.Atoi(value); err == nil && s > 0 && s < 1_000_000 {
				c.Seconds = s
			}
		default:
			q.hints[key] = value
		}
	}
}

// tagsOf is the inverse of tags, for what a content says itself.
func tagsOf(c questionbank.Content) []string {
	out := slices.Clone(c.Tags)
	add := func(key, value string) {
		if value != "" {
			out = append(out, tagPrefix+key+"="+value)
		}
	}
	add("indicator", c.Indicator)
	add("level", string(c.Level))
	add("digcomp", strings.Join(c.DigComp, ","))
	add("basis", c.Basis)
	add("expires", c.Expires)
	add("lang", c.Lang)
	if c.Seconds > 0 {
		add("seconds", strconv.Itoa(c.Seconds))
	}
	return out
}
