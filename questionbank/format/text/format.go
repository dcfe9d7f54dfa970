package text

import "cakap/questionbank"

// Name is what reports call the tolerant reader.
const Name = "text"

// Format reads plain text. It takes whatever looks like questions, so it is to
// be tried after every other format.
func Format() questionbank.Format {
	return questionbank.Format{Name: Name, Ext: ".txt", Read: read}
}

func read(in questionbank.Input) (questionbank.Parsed, error) {
	text, encoding, err := decode(in.Content)
	if err != nil {
		return questionbank.Parsed{}, err
	}
	if markup.MatchString(text) {
		return questionbank.Parsed{}, notText()
	}
	lines, err := split(text)
	if err != nil {
		return questionbank.Parsed{}, err
	}
	if isAiken(lines) {
		p := strict(lines)
		p.Encoding = encoding
		return p, nil
	}
	p, err := Parse(lined(lines))
	p.Encoding = encoding
	return p, err
}

// evident reports a draft that nobody would take for other prose.
func evident(d *Draft) bool {
	switch {
	case len(d.Options) >= questionbank.MinOptions, !empty(d.Key):
		return true
	case d.Section != "":
		return !empty(d.Stem)
	}
	return d.Number != "" && asks.MatchString(plain(d.Stem))
}
