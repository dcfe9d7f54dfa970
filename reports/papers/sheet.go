package papers

import (
	"fmt"
	"io"
	"strings"
	"time"

	"codeberg.org/go-pdf/fpdf"
)

// lead is the distance of lines of a font of so many points, in millimetres.
func lead(points float64) float64 { return points * 0.3528 * 1.25 }

// sheet is a document being written: a pen that goes down the page. The
// library breaks no page by itself; need does, so that nothing that belongs
// together is torn.
type sheet struct {
	pdf                      *fpdf.Fpdf
	w, h                     float64
	left, right, top, bottom float64 // margins
	y                        float64
	again                    func() // what a further page begins with
}

// newSheet begins a document. at is an instant of the data, for the file's own
// dates.
func newSheet(f Format, title string, at time.Time) *sheet {
	s := &sheet{left: 30, right: 20, top: 18, bottom: 25}
	s.w, s.h = f.size()
	s.pdf = fpdf.NewCustom(&fpdf.InitType{UnitStr: "mm", Size: fpdf.SizeType{Wd: s.w, Ht: s.h}})
	s.pdf.SetCatalogSort(true)
	s.pdf.SetCreationDate(at.UTC())
	s.pdf.SetModificationDate(at.UTC())
	s.pdf.SetProducer("Cakap", true)
	s.pdf.SetCreator("Cakap", true)
	s.pdf.SetTitle(plain(title), true)
	s.pdf.SetLang("id-ID")
	s.pdf.SetAutoPageBreak(false, 0)
	s.pdf.SetMargins(0, 0, 0)
	s.pdf.SetCellMargin(0)
	addFonts(s.pdf)
	s.pdf.SetLineWidth(0.2)
	return s
}

// width is the room between the margins.
func (s *sheet) width() float64 { return s.w - s.left - s.right }

// page begins a page.
func (s *sheet) page() {
	s.pdf.AddPage()
	s.y = s.top
}

// need begins a new page where less than h is left on this one.
func (s *sheet) need(h float64) {
	if s.y+h <= s.h-s.bottom {
		return
	}
	s.page()
	if s.again != nil {
		s.again()
	}
}

func (s *sheet) font(family, style string, points float64) { s.pdf.SetFont(family, style, points) }

// points is the size of the font in use.
func (s *sheet) points() float64 {
	points, _ := s.pdf.GetFontSize()
	return points
}

// at writes one line with its upper edge at y, aligned "L", "C" or "R" in a
// box of width w.
func (s *sheet) at(x, y, w float64, align, text string) {
	text = plain(text)
	switch align {
	case "C":
		x += (w - s.pdf.GetStringWidth(text)) / 2
	case "R":
		x += w - s.pdf.GetStringWidth(text)
	}
	s.pdf.Text(x, y+s.points()*0.3528*0.98, text)
}

// wrap breaks text into lines of a width in the font in use. A word that is
// longer than a line is cut.
func (s *sheet) wrap(text string, w float64) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(plain(text)) {
		switch {
		case line == "":
			line = word
		case s.pdf.GetStringWidth(line+" "+word) <= w:
			line += " " + word
		default:
			lines, line = append(lines, line), word
		}
		for s.pdf.GetStringWidth(line) > w {
			cut := s.fits(line, w)
			lines, line = append(lines, line[:cut]), line[cut:]
		}
	}
	if line != "" || lines == nil {
		lines = append(lines, line)
	}
	return lines
}

// fits is how many bytes of a text have room in w, at least one letter.
func (s *sheet) fits(text string, w float64) int {
	end := 0
	for i, r := range text {
		next := i + len(string(r))
		if end > 0 && s.pdf.GetStringWidth(text[:next]) > w {
			break
		}
		end = next
	}
	return end
}

// most is wrap with at most n lines; the last one ends in "…" where text is
// left over.
func (s *sheet) most(text string, w float64, n int) []string {
	lines := s.wrap(text, w)
	if len(lines) <= n {
		return lines
	}
	last := lines[n-1] + "…"
	for s.pdf.GetStringWidth(last) > w {
		letters := []rune(strings.TrimSuffix(last, "…"))
		last = string(letters[:len(letters)-1]) + "…"
	}
	return append(lines[:n-1:n-1], last)
}

// shrink sets the largest size, from down to least, at which text has at most
// n lines, and returns them.
func (s *sheet) shrink(family, style, text string, w, from, least float64, n int) []string {
	for points := from; points > least; points -= 0.5 {
		s.font(family, style, points)
		if lines := s.wrap(text, w); len(lines) <= n {
			return lines
		}
	}
	s.font(family, style, least)
	return s.most(text, w, n)
}

// lines writes lines one under the other from y and returns where they end.
func (s *sheet) lines(x, y, w float64, align string, all []string) float64 {
	for _, line := range all {
		s.at(x, y, w, align, line)
		y += lead(s.points())
	}
	return y
}

// paragraph writes text over the page's width, going on to further pages.
func (s *sheet) paragraph(text string) { s.hung(0, "", text) }

// hung writes text with a mark before it and all its lines indented.
func (s *sheet) hung(indent float64, mark, text string) {
	for i, line := range s.wrap(text, s.width()-indent) {
		s.need(lead(s.points()))
		if i == 0 && mark != "" {
			s.at(s.left, s.y, indent, "L", mark)
		}
		s.at(s.left+indent, s.y, 0, "L", line)
		s.y += lead(s.points())
	}
}

// dotted draws the line that a pen writes on, with its foot at y.
func (s *sheet) dotted(x, y, w float64) {
	s.pdf.SetDashPattern([]float64{0.3, 0.9}, 0)
	s.pdf.Line(x, y, x+w, y)
	s.pdf.SetDashPattern(nil, 0)
}

// kop is the letterhead: centred lines over a double rule. Rules for official
// letters allow no further logo.
func (s *sheet) kop(all []string) {
	for i, line := range all {
		style, from := "", 11.0
		if i < 2 {
			style, from = bold, 14.0
		}
		lines := s.shrink(sans, style, strings.ToUpper(line), s.width(), from, 9, 2)
		s.y = s.lines(s.left, s.y, s.width(), "C", lines)
	}
	if len(all) == 0 {
		return
	}
	s.y += 1.5
	s.pdf.SetLineWidth(0.9)
	s.pdf.Line(s.left, s.y, s.w-s.right, s.y)
	s.pdf.SetLineWidth(0.25)
	s.pdf.Line(s.left, s.y+1.1, s.w-s.right, s.y+1.1)
	s.pdf.SetLineWidth(0.2)
	s.y += 7
}

// title is the name of the paper, in capitals.
func (s *sheet) title(points float64, all ...string) {
	for _, line := range all {
		s.font(sans, bold, points)
		s.y = s.lines(s.left, s.y, s.width(), "C", s.most(strings.ToUpper(line), s.width(), 3))
	}
	s.y += 3
}

// fact is a label and its value, "Sesi : Sesi 1". An empty value leaves a line
// to write on.
func (s *sheet) fact(label, value string) {
	const wide, gap = 38.0, 4.0
	if value == "" {
		s.need(lead(s.points()) + 1)
		s.at(s.left, s.y, wide, "L", label)
		s.at(s.left+wide, s.y, gap, "L", ":")
		s.y += lead(s.points()) + 1
		s.dotted(s.left+wide+gap, s.y-1.3, s.width()-wide-gap)
		return
	}
	for i, line := range s.wrap(value, s.width()-wide-gap) {
		s.need(lead(s.points()))
		if i == 0 {
			s.at(s.left, s.y, wide, "L", label)
			s.at(s.left+wide, s.y, gap, "L", ":")
		}
		s.at(s.left+wide+gap, s.y, 0, "L", line)
		s.y += lead(s.points())
	}
	s.y += 0.6
}

// closing is how minutes end; it stays with the signatures.
func (s *sheet) closing() {
	s.font(sans, "", 11)
	s.need(2*lead(11) + 4 + signHeight)
	s.paragraph("Demikian berita acara ini dibuat dengan sebenarnya untuk digunakan sebagaimana mestinya.")
	s.y += 4
}

// signHeight is a block of signatures with room for a stamp.
const signHeight = 34.0

// signatures are blocks side by side, two or three in a row, kept together.
func (s *sheet) signatures(who ...Signer) {
	s.font(sans, "", 11)
	s.need(signHeight)
	w := s.width() / float64(len(who))
	for i, one := range who {
		x, room := s.left+w*float64(i), w-6
		s.at(x, s.y, room, "L", one.Role+",")
		foot := s.y + signHeight - 2*lead(11)
		if one.Name != "" {
			s.font(sans, bold, 11)
			lines := s.shrink(sans, bold, one.Name, room, 11, 8, 1)
			s.lines(x, foot-lead(11), room, "L", lines)
			s.font(sans, "", 11)
		} else {
			s.dotted(x, foot, room)
		}
		s.at(x, foot+1, room, "L", "NIP "+one.Number)
		if one.Number == "" {
			s.dotted(x+9, foot+5, room-9)
		}
	}
	s.y += signHeight
}

// finish numbers the pages, "label · halaman 2 dari 5", and writes the file.
func (s *sheet) finish(out io.Writer, label string) error {
	total := s.pdf.PageCount()
	for n := 1; n <= total; n++ {
		s.pdf.SetPage(n)
		s.font(sans, "", 8)
		foot := s.h - 12
		s.at(s.left, foot, 0, "L", strings.Join(s.most(label, s.width()-32, 1), ""))
		s.at(s.left, foot, s.width(), "R", fmt.Sprintf("halaman %d dari %d", n, total))
	}
	return s.write(out)
}

func (s *sheet) write(out io.Writer) error {
	if err := s.pdf.Output(out); err != nil {
		return fmt.Errorf("write pdf: %w", err)
	}
	return nil
}
