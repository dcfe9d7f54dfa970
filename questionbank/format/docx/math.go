package docx

import (
	"encoding/xml"
	"strings"
)

// math reads an equation as one line of text: a/b, x^(2), √(x). It is what a
// screen reader can say; its author should look at it all the same.
func (r *reader) math() (string, error) {
	parts, err := r.mathParts()
	return strings.Join(strings.Fields(parts.all), " "), err
}

// mathParts is an element's text, as a whole and by the names of its children.
type mathParts struct {
	all   string
	named map[string][]string
	sign  string // of a sum, a root or brackets
	end   string
}

func (r *reader) mathParts() (mathParts, error) {
	out := mathParts{named: map[string][]string{}}
	var b strings.Builder
	err := r.each(func(e xml.StartElement) error {
		name := e.Name.Local
		switch name {
		case "t":
			s, err := r.chars()
			b.WriteString(s)
			return err
		case "naryPr", "dPr", "radPr", "accPr", "funcPr":
			return r.each(func(e xml.StartElement) error {
				switch e.Name.Local {
				case "chr", "begChr":
					out.sign = attr(e, "val")
				case "endChr":
					out.end = attr(e, "val")
				}
				return r.skip()
			})
		case "rPr", "ctrlPr", "fPr", "sSupPr", "sSubPr":
			return r.skip()
		}
		child, err := r.mathParts()
		if err != nil {
			return err
		}
		s := child.linear(name)
		out.named[name] = append(out.named[name], s)
		b.WriteString(s)
		return nil
	})
	out.all = b.String()
	return out, err
}

// linear writes an element of an equation by its name.
func (m mathParts) linear(name string) string {
	get := func(part string) string { return strings.Join(m.named[part], "") }
	switch name {
	case "f":
		return group(get("num")) + "/" + group(get("den"))
	case "sSup":
		return get("e") + "^" + group(get("sup"))
	case "sSub":
		return get("e") + "_" + group(get("sub"))
	case "sSubSup":
		return get("e") + "_" + group(get("sub")) + "^" + group(get("sup"))
	case "rad":
		root := "√"
		if deg := get("deg"); strings.TrimSpace(deg) != "" {
			root = deg + "√"
		}
		return root + "(" + get("e") + ")"
	case "nary":
		return orElse(m.sign, "∫") + limits(get("sub"), get("sup")) + " " + get("e")
	case "d":
		return orElse(m.sign, "(") + strings.Join(m.named["e"], ", ") + orElse(m.end, ")")
	case "func":
		return get("fName") + " " + get("e")
	case "m":
		return "[" + strings.Join(m.named["mr"], "; ") + "]"
	case "mr":
		return strings.Join(m.named["e"], ", ")
	case "limLow":
		return get("e") + limits(get("lim"), "")
	}
	return m.all
}

func limits(low, high string) string {
	out := ""
	if strings.TrimSpace(low) != "" {
		out += "_" + group(low)
	}
	if strings.TrimSpace(high) != "" {
		out += "^" + group(high)
	}
	return out
}

// group puts brackets around what is more than one sign or number.
func group(s string) string {
	s = strings.TrimSpace(s)
	if len([]rune(s)) < 2 || strings.Trim(s, "0123456789.,") == "" {
		return s
	}
	return "(" + s + ")"
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}
