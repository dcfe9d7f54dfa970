package qti

import (
	"strings"

	"cakap/questionbank/format/tree"
)

// mathText writes a formula of MathML on one line, as one would type it: a
// fraction with a stroke, a power with a roof. Where it is a word or a number,
// nothing is added to it.
func mathText(n *tree.Node) string {
	switch n.Name {
	case "":
		return strings.Join(strings.Fields(n.Text), " ")
	case "annotation", "annotation-xml", "mspace", "mphantom":
		return ""
	}
	kids := n.Elements()
	arg := func(i int) string {
		if i < len(kids) {
			return bracketed(mathText(kids[i]))
		}
		return ""
	}
	switch n.Name {
	case "mfrac":
		return arg(0) + "/" + arg(1)
	case "msup", "mover":
		return arg(0) + "^" + arg(1)
	case "msub", "munder":
		return arg(0) + "_" + arg(1)
	case "msubsup", "munderover":
		return arg(0) + "_" + arg(1) + "^" + arg(2)
	case "mroot":
		return arg(1) + "√" + arg(0)
	}
	var b strings.Builder
	for _, c := range n.Children {
		b.WriteString(mathText(c))
	}
	switch text := b.String(); n.Name {
	case "msqrt":
		return "√" + bracketed(text)
	case "mfenced":
		return "(" + text + ")"
	case "mo":
		if strings.Contains("+−-=<>≤≥×÷·±", text) && text != "" {
			return " " + text + " "
		}
		return text
	case "mtr":
		return text + "; "
	case "mtd":
		return text + " "
	case "math":
		return " " + strings.Join(strings.Fields(text), " ") + " "
	default:
		return text
	}
}

// bracketed puts brackets around what is more than one word.
func bracketed(text string) string {
	text = strings.TrimSpace(text)
	if !strings.ContainsAny(text, " +-−/=^_√") || text == "" {
		return text
	}
	return "(" + text + ")"
}
