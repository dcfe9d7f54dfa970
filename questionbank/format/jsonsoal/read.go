package jsonsoal

import (
	"bytes"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"cakap/internal/fault"
	"cakap/questionbank"
)

// Format is this format, for questionbank.Service.
func Format() questionbank.Format {
	return questionbank.Format{Name: "jsonsoal", Ext: ".json", Read: Read}
}

// maxQuestions is far beyond any bank, and keeps memory in bounds.
const maxQuestions = 50_000

// begin is how JSON begins: a bracket, and behind it what may follow one.
// "[html] …" of a GIFT file is none.
var begin = regexp.MustCompile(`^(\{\s*["}]|\[\s*[\[{"\]])`)

// Read finds every list of questions in the file.
func Read(in questionbank.Input) (questionbank.Parsed, error) {
	data := bytes.TrimPrefix(in.Content, []byte("\xef\xbb\xbf"))
	if head := bytes.TrimLeft(data[:min(len(data), 4096)], " \t\r\n"); !begin.Match(head) {
		return questionbank.Parsed{}, fault.New(fault.Unsupported, "questionbank.jsonsoal.no_json")
	}
	doc, err := parse(data)
	if err != nil {
		return questionbank.Parsed{}, err
	}
	f := finder{doc: doc}
	f.find(doc.root, nil, 0)
	if len(f.found) == 0 {
		return questionbank.Parsed{}, fault.New(fault.Unsupported, "questionbank.jsonsoal.no_questions")
	}
	if len(f.found) > maxQuestions {
		return questionbank.Parsed{}, fault.New(fault.TooLarge, "questionbank.import.too_many", maxQuestions)
	}
	parsed := questionbank.Parsed{Format: "jsonsoal", Encoding: "utf-8"}
	base := baseOf(f.found)
	if base.assumed {
		parsed.Messages = append(parsed.Messages, fault.New(fault.Invalid, "questionbank.jsonsoal.index_assumed", base.first))
	}
	unknown := []string{}
	for _, q := range f.found {
		r := reader{doc: doc, q: q, base: base.first}
		parsed.Items = append(parsed.Items, r.item())
		for _, name := range r.unknown {
			if !slices.Contains(unknown, name) && len(unknown) < 20 {
				unknown = append(unknown, name)
			}
		}
	}
	if len(unknown) > 0 {
		parsed.Messages = append(parsed.Messages, fault.New(fault.Invalid, "questionbank.jsonsoal.fields_unknown", strings.Join(unknown, ", ")))
	}
	return parsed, nil
}

// question is an entry of a list of questions and the sections it is under.
type question struct {
	value value
	path  string
}

type finder struct {
	doc   *document
	found []question
}

// find walks down to the lists in which questions stand. An entry of such a list
// that is none counts all the same: its author meant one.
func (f *finder) find(v value, path []string, depth int) {
	switch {
	case v.kind == object && isQuestion(v) && depth == 0:
		f.found = append(f.found, question{v, ""})
	case v.kind == object:
		for i, each := range v.values {
			if each.kind < list {
				continue
			}
			below := path
			if name := v.names[i]; !slices.Contains(sections, plain(name)) {
				below = append(slices.Clone(path), strings.ReplaceAll(name, "/", "-"))
			}
			f.find(each, below, depth+1)
		}
	case v.kind == list && slices.ContainsFunc(v.values, isQuestion):
		for _, each := range v.values {
			f.found = append(f.found, question{each, strings.Join(path, "/")})
		}
	case v.kind == list:
		for _, each := range v.values {
			f.find(each, path, depth+1)
		}
	}
}

// isQuestion wants a text to ask, and something to answer or to be right.
func isQuestion(v value) bool {
	if v.kind != object {
		return false
	}
	stem, ok := v.field(fStem)
	if !ok || stem.kind != text {
		return false
	}
	for _, field := range []string{fOptions, fCorrect, fWrong, fType} {
		if _, ok := v.field(field); ok {
			return true
		}
	}
	letters, _ := v.letters()
	return letters != nil
}

// counting is whether a file's keys count options from 0 or from 1.
type counting struct {
	first   int
	assumed bool // nothing in the file proves it
}

// baseOf judges by all keys of the file together: a 0 proves counting from 0;
// otherwise a key as large as the number of options tells of counting from 1.
func baseOf(all []question) counting {
	numbers, whole, named := 0, 0, false
	for _, q := range all {
		key, name, ok := q.value.get(words[fCorrect])
		if !ok || key.kind != number {
			continue
		}
		n, err := strconv.Atoi(key.text)
		if err != nil {
			continue
		}
		numbers++
		named = named || strings.Contains(plain(name), "index")
		switch n {
		case 0:
			return counting{}
		case len(optionValues(q.value)):
			whole++
		}
	}
	switch {
	case numbers == 0 || named:
		return counting{}
	case whole > 0:
		return counting{first: 1, assumed: true}
	}
	return counting{assumed: true}
}

// optionValues is the options of a question wherever they stand.
func optionValues(q value) []value {
	if v, ok := q.field(fOptions); ok {
		switch v.kind {
		case list:
			return v.values
		case object:
			if found, _ := v.letters(); found != nil {
				return found
			}
			return v.values
		}
	}
	found, _ := q.letters()
	return found
}
