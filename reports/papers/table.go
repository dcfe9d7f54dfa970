package papers

import (
	"fmt"
	"math"
)

// column of a table: its heading and width in millimetres.
type column struct {
	name string
	w    float64
}

const (
	headHeight = 8.0
	rowText    = 9.5 // points
	rowLines   = 6   // of a cell, at most: a name is never cut in practice
)

// tableHead begins a table, and goes on with it on a further page.
func (s *sheet) tableHead(columns []column) {
	s.pdf.SetFillColor(235, 235, 235)
	s.font(sans, bold, rowText)
	x := s.left
	for _, c := range columns {
		s.pdf.Rect(x, s.y, c.w, headHeight, "FD")
		s.at(x, s.y+2.2, c.w, "C", c.name)
		x += c.w
	}
	s.y += headHeight
}

// row writes a row no lower than least, numbers in the middle of the first
// column. Columns without a value stay empty. It returns the upper edge and the
// height.
func (s *sheet) row(columns []column, least float64, values ...string) (top, high float64) {
	s.font(sans, "", rowText)
	high = least
	cells := make([][]string, len(values))
	for i, v := range values {
		cells[i] = s.most(v, columns[i].w-2, rowLines)
		high = math.Max(high, float64(len(cells[i]))*lead(rowText)+2)
	}
	s.need(high)
	s.font(sans, "", rowText) // the heading of a new page is bold
	x := s.left
	for i, c := range columns {
		s.pdf.Rect(x, s.y, c.w, high, "D")
		if i < len(cells) {
			align := "L"
			if i == 0 {
				align = "C"
			}
			s.lines(x+1, s.y+(high-float64(len(cells[i]))*lead(rowText))/2+0.4, c.w-2, align, cells[i])
		}
		x += c.w
	}
	top = s.y
	s.y += high
	return top, high
}

// peopleTable lists people, with the heading on every page.
func (s *sheet) peopleTable(all []Person) {
	rest := s.width() - 10 - 40
	columns := []column{{"No.", 10}, {"Nama", rest * 0.5}, {"NIP", 40}, {"Unit kerja", rest * 0.5}}
	s.need(headHeight + 12)
	s.tableHead(columns)
	s.again = func() { s.tableHead(columns) }
	for i, p := range all {
		s.row(columns, 6.5, fmt.Sprint(i+1), p.Name, p.Number, p.Unit)
	}
	s.again = nil
	s.y += 1
}
