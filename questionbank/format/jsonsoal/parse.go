package jsonsoal

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"sort"
	"strconv"

	"cakap/internal/fault"
)

// What a document may hold.
const (
	maxDepth  = 60
	maxValues = 1 << 20
)

// kind is what a value is.
type kind byte

const (
	null kind = iota
	boolean
	number
	text
	list
	object
)

// value is a JSON value that knows where it stands.
type value struct {
	kind       kind
	text       string // of a string, a number as written, "true" or "false"
	names      []string
	values     []value // of a list, or an object's in the order of names
	start, end int
}

var (
	errDeep = errors.New("too deep")
	errMany = errors.New("too many values")
)

// document is a parsed file.
type document struct {
	root  value
	lines []int // where each line begins
	data  []byte
}

// parse reads the one value of a file.
func parse(data []byte) (*document, error) {
	p := parser{data: data, dec: json.NewDecoder(bytes.NewReader(data))}
	p.dec.UseNumber()
	d := &document{data: data, lines: []int{0}}
	for i, b := range data {
		if b == '\n' {
			d.lines = append(d.lines, i+1)
		}
	}
	root, err := p.value(0)
	if err == nil {
		d.root = root
		if _, err = p.dec.Token(); errors.Is(err, io.EOF) {
			return d, nil
		}
		err = errors.New("more than one value")
	}
	at := d.at(int(p.dec.InputOffset()))
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		at = d.at(int(syntax.Offset))
	}
	if errors.Is(err, errDeep) || errors.Is(err, errMany) {
		return nil, fault.New(fault.TooLarge, "questionbank.jsonsoal.too_large").Place(at).Because(err)
	}
	return nil, fault.New(fault.Invalid, "questionbank.jsonsoal.broken").Place(at).Because(err)
}

// at names the line of an offset.
func (d *document) at(offset int) string {
	n := sort.SearchInts(d.lines, offset+1)
	return "baris " + strconv.Itoa(max(n, 1))
}

func (d *document) raw(v value) []byte { return d.data[v.start:v.end] }

type parser struct {
	data []byte
	dec  *json.Decoder
	seen int
}

// value reads the next value. Its beginning is where the reader stands, behind
// whatever separates values.
func (p *parser) value(depth int) (value, error) {
	if p.seen++; p.seen > maxValues {
		return value{}, errMany
	}
	if depth > maxDepth {
		return value{}, errDeep
	}
	start := int(p.dec.InputOffset())
	for start < len(p.data) && bytes.IndexByte([]byte(" \t\r\n,:"), p.data[start]) >= 0 {
		start++
	}
	token, err := p.dec.Token()
	if err != nil {
		return value{}, err
	}
	v := value{start: start}
	switch t := token.(type) {
	case bool:
		v.kind, v.text = boolean, strconv.FormatBool(t)
	case json.Number:
		v.kind, v.text = number, t.String()
	case string:
		v.kind, v.text = text, t
	case json.Delim:
		v.kind = list
		if t == '{' {
			v.kind = object
		}
		err = p.inside(&v, depth)
	}
	v.end = int(p.dec.InputOffset())
	return v, err
}

func (p *parser) inside(v *value, depth int) error {
	for p.dec.More() {
		if v.kind == object {
			name, err := p.dec.Token()
			if err != nil {
				return err
			}
			word, ok := name.(string)
			if !ok {
				return errors.New("a name that is no text")
			}
			v.names = append(v.names, word)
		}
		each, err := p.value(depth + 1)
		if err != nil {
			return err
		}
		v.values = append(v.values, each)
	}
	_, err := p.dec.Token() // the closing bracket
	return err
}
