package moodlexml

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"cakap/questionbank"
)

// extra is what a Moodle question says beyond our model; it is kept in
// Content.Ext["moodle"] and goes out again to Moodle.
type extra struct {
	QType        string            `json:"qtype,omitempty"`    // where our type would go out as another
	IDNumber     string            `json:"idnumber,omitempty"` // where it is no code of ours
	CategoryInfo string            `json:"category_info,omitempty"`
	CategoryID   string            `json:"category_idnumber,omitempty"`
	Settings     map[string]string `json:"settings,omitempty"` // elements that hold one value
	Units        []unit            `json:"units,omitempty"`
	HintOptions  [][]string        `json:"hint_options,omitempty"` // "clearwrong" …, by hint
	Template     string            `json:"template,omitempty"`     // an essay's response template, Markdown
	DragGroups   []string          `json:"drag_groups,omitempty"`  // by row
	DragCounts   []string          `json:"drag_counts,omitempty"`  // "2", "infinite", by row
}

// unit is a unit that a numerical answer may have.
type unit struct {
	Name       string `json:"name"`
	Multiplier string `json:"multiplier"`
}

const extName = "moodle"

func (e extra) empty() bool {
	raw, err := json.Marshal(e)
	return err != nil || string(raw) == "{}"
}

// raw is what is stored, nil where there is nothing to keep.
func (e extra) raw() map[string]json.RawMessage {
	if e.empty() {
		return nil
	}
	raw, err := json.Marshal(e)
	if err != nil {
		return nil // strings always encode
	}
	return map[string]json.RawMessage{extName: raw}
}

func extraOf(c questionbank.Content) extra {
	var e extra
	if json.Unmarshal(c.Ext[extName], &e) != nil {
		return extra{} // another version's; nothing depends on it
	}
	return e
}

// usual is what each qtype's simple elements hold where nobody changed them.
// The writer writes these, and the reader does not keep them.
var usual = map[string]map[string]string{
	"multichoice": {"answernumbering": "abc", "showstandardinstruction": "0"},
	"ordering":    {"layouttype": "VERTICAL", "selecttype": "ALL", "selectcount": "0", "showgrading": "SHOW", "numberingstyle": "none"},
	"essay": {
		"responseformat": "editor", "responserequired": "1", "minwordlimit": "", "maxwordlimit": "",
		"attachments": "0", "attachmentsrequired": "0", "maxbytes": "0", "filetypeslist": "",
	},
	"numerical": {"unitgradingtype": "0", "unitpenalty": "0.1", "showunits": "3", "unitsleft": "0"},
	"":          {"penalty": "0.3333333", "hidden": "0"},
}

// setting is a simple element's value: the question's own, else the usual one.
func (e extra) setting(qtype, name string) string {
	if v, ok := e.Settings[name]; ok {
		return v
	}
	if v, ok := usual[qtype][name]; ok {
		return v
	}
	return usual[""][name]
}

// names is every simple element that a question of the qtype shall have.
func (e extra) names(qtype string) []string {
	all := maps.Clone(usual[""])
	maps.Copy(all, usual[qtype])
	maps.Copy(all, e.Settings)
	return slices.Sorted(maps.Keys(all))
}

// keep stores a simple element unless it says what is usual anyway.
func (e *extra) keep(qtype, name, value string) {
	if e.setting(qtype, name) == value {
		_, known := usual[qtype][name]
		if _, common := usual[""][name]; known || common {
			return
		}
	}
	if e.Settings == nil {
		e.Settings = map[string]string{}
	}
	e.Settings[name] = value
}

// tidy is how a value is compared: "0.3333333" and "0.33333330" are one number,
// "true" and "1" one truth.
func tidy(value string) string {
	value = strings.TrimSpace(value)
	if m, ok := micro(value); ok && strings.Contains(value, ".") {
		if m == 333333 { // Moodle's default, which six decimals cannot hold
			return usual[""]["penalty"]
		}
		return decimal(m)
	}
	return value
}
