package qti

import (
	"bytes"
	"regexp"
	"strings"

	"cakap/internal/fault"
	"cakap/questionbank"
	"cakap/questionbank/format/pack"
	"cakap/questionbank/format/qti/rp"
	"cakap/questionbank/format/tree"
)

// Format reads QTI 2.1, 2.2 and 3.0.
func Format() questionbank.Format {
	return questionbank.Format{Name: "qti", Read: Read}
}

// Read reads an item file or a package. What is neither is refused as
// unsupported, IMS QTI 1.2 too.
func Read(in questionbank.Input) (questionbank.Parsed, error) {
	if pack.IsZip(in.Content) {
		return readPackage(in.Content)
	}
	name := rootName(in.Content)
	switch {
	case isItem(name):
		return readSingle(in.Content)
	case isTest(name):
		return readTest(in.Content)
	}
	return questionbank.Parsed{}, errNotOurs()
}

func errNotOurs() error { return fault.New(fault.Unsupported, "questionbank.qti.not_qti") }

// opening is the first element of a document, whatever stands before it.
var opening = regexp.MustCompile(`^(?:\s|<\?[^>]*\?>|<!--(?s:.*?)-->|<![A-Za-z][^>\[]*(?:\[[^\]]*\])?[^>]*>)*<(?:[A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)`)

// rootName is the local name of the root element, looked up without reading
// the rest; "" for what does not look like XML.
func rootName(data []byte) string {
	const enough = 64 << 10
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if bytes.HasPrefix(data, []byte("\xff\xfe")) || bytes.HasPrefix(data, []byte("\xfe\xff")) {
		data = bytes.ReplaceAll(data[2:min(len(data), enough)], []byte{0}, nil) // UTF-16: good enough for names
	}
	m := opening.FindSubmatch(data[:min(len(data), enough)])
	if m == nil {
		return ""
	}
	return string(m[1])
}

func isItem(name string) bool { return name == "assessmentItem" || name == "qti-assessment-item" }

func isTest(name string) bool {
	switch strings.ReplaceAll(strings.TrimPrefix(name, "qti-"), "-", "") {
	case "assessmentTest", "assessmenttest", "assessmentSection", "assessmentsection", "assessmentStimulus", "assessmentstimulus":
		return true
	}
	return false
}

func readSingle(data []byte) (questionbank.Parsed, error) {
	parsed := questionbank.Parsed{Format: "qti", Encoding: "UTF-8"}
	item, err := (&reader{}).item(data, "")
	if err != nil {
		return questionbank.Parsed{}, err
	}
	parsed.Items = []questionbank.ParsedItem{item}
	return parsed, nil
}

// readTest says that a test alone holds no questions.
func readTest(data []byte) (questionbank.Parsed, error) {
	root, err := tree.Parse(data)
	if err != nil {
		return questionbank.Parsed{}, err
	}
	rp.Normalise(root)
	refs := len(root.Descendants("assessmentItemRef"))
	return questionbank.Parsed{
		Format: "qti", Encoding: "UTF-8", Items: []questionbank.ParsedItem{},
		Messages: []*fault.Fault{fault.New(fault.Invalid, "questionbank.qti.test_alone", refs).Place(tree.Place(root.Line))},
	}, nil
}
