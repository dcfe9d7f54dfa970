package papers

import (
	"io"
	"math"
)

// CardSheet is exam cards to cut, eight on a page.
type CardSheet struct {
	Head  Head // its session fields are not used: each card has its own
	Site  string
	Cards []Card
}

// Card is one person's. Code and Link are empty on a card that only says who
// somebody is: a code exists at the moment it is made and never again.
type Card struct {
	Person
	Session string
	Window  string
	Place   string
	Code    string // grouped, as people type it
	Link    string // the QR code: the login form with number and code filled in
}

const (
	cardColumns = 2
	cardRows    = 4
	cardMargin  = 10.0 // of the sheet
	cardInset   = 5.0  // within a card
)

// Cards writes exam cards.
func Cards(out io.Writer, in CardSheet) error {
	s := newSheet(in.Head.Format, "Kartu peserta "+in.Head.Event, in.Head.Opens)
	w, h := (s.w-2*cardMargin)/cardColumns, (s.h-2*cardMargin)/cardRows
	for i, one := range in.Cards {
		at := i % (cardColumns * cardRows)
		if at == 0 {
			s.page()
			s.cutMarks(w, h)
		}
		x, y := cardMargin+w*float64(at%cardColumns), cardMargin+h*math.Floor(float64(at)/cardColumns)
		if err := s.card(in, one, x, y, w, h); err != nil {
			return err
		}
	}
	if len(in.Cards) == 0 {
		s.page()
		s.font(sans, "", 11)
		s.paragraph("Tidak ada peserta.")
	}
	return s.write(out)
}

// cutMarks are crosses where the cards meet, and a hair of a line between.
func (s *sheet) cutMarks(w, h float64) {
	s.pdf.SetDrawColor(170, 170, 170)
	s.pdf.SetLineWidth(0.1)
	s.pdf.SetDashPattern([]float64{1, 1.5}, 0)
	for i := range cardColumns + 1 {
		x := cardMargin + w*float64(i)
		s.pdf.Line(x, cardMargin, x, s.h-cardMargin)
	}
	for j := range cardRows + 1 {
		y := cardMargin + h*float64(j)
		s.pdf.Line(cardMargin, y, s.w-cardMargin, y)
	}
	s.pdf.SetDashPattern(nil, 0)
	s.pdf.SetDrawColor(0, 0, 0)
	s.pdf.SetLineWidth(0.2)
	for i := range cardColumns + 1 {
		for j := range cardRows + 1 {
			x, y := cardMargin+w*float64(i), cardMargin+h*float64(j)
			s.pdf.Line(x-2.5, y, x+2.5, y)
			s.pdf.Line(x, y-2.5, x, y+2.5)
		}
	}
}

// card writes one: the event and the name over the whole width, the QR code at
// the right, and left of it the facts, with the code at their foot.
func (s *sheet) card(in CardSheet, one Card, x, y, w, h float64) error {
	x, y, w, h = x+cardInset, y+cardInset, w-2*cardInset, h-2*cardInset
	foot := y + h
	s.font(sans, "", 7)
	s.at(x, y+0.4, w, "R", "KARTU PESERTA")
	y = s.lines(x, y, w-25, "L", s.shrink(sans, bold, in.Head.Event, w-25, 8.5, 7, 2)) + 0.6
	s.pdf.SetLineWidth(0.5)
	s.pdf.Line(x, y, x+w, y)
	s.pdf.SetLineWidth(0.2)
	y += 1.8
	y = s.lines(x, y, w, "L", s.shrink(sans, bold, one.Name, w, 13, 9, 2)) + 0.8

	if one.Code == "" {
		s.font(sans, "", 7)
		foot -= lead(7)
		s.at(x, foot, w, "L", "Bawa kartu ini dan tanda pengenal ke ruang asesmen.")
		s.cardFacts(one, x, y, w, foot-1-y)
		return nil
	}
	s.font(sans, "", 7)
	hint := s.most("Pindai kode QR, atau buka "+in.Site+" lalu pilih “Masuk dengan kode mulai”. Kode ini hanya untuk Anda.", w, 2)
	foot -= lead(7) * float64(len(hint))
	s.lines(x, foot, w, "L", hint)
	side := math.Min(31, foot-y+1)
	if err := s.qr(x+w-side+2, foot-side+1, side, one.Link); err != nil {
		return err
	}
	room := w - side
	s.font(mono, bold, 15)
	foot -= lead(15) + 0.6
	s.at(x, foot, room, "L", one.Code)
	s.font(sans, "", 7.5)
	foot -= lead(7.5) - 0.3
	s.at(x, foot, room, "L", "Kode mulai")
	s.cardFacts(one, x, y, room, foot-1-y)
	return nil
}

// cardFacts writes what is known in the room there is. Number, session and time
// always stand whole; what people know of themselves is cut first.
func (s *sheet) cardFacts(one Card, x, y, w, h float64) {
	const label, points = 13.0, 8.0
	s.font(sans, "", points)
	type fact struct {
		name, value string
		whole       bool
		lines       []string
	}
	facts := []*fact{
		{"NIP", one.Number, true, nil}, {"Unit", one.Unit, false, nil}, {"Instansi", one.Agency, false, nil},
		{"Sesi", one.Session, true, nil}, {"Waktu", one.Window, true, nil}, {"Ruang", one.Place, false, nil},
	}
	total := 0
	for _, f := range facts {
		if f.value != "" {
			f.lines = s.wrap(f.value, w-label)
			total += len(f.lines)
		}
	}
	for room := int(h / lead(points)); total > room; total-- {
		var longest *fact
		for _, f := range facts {
			if !f.whole && len(f.lines) > 0 && (longest == nil || len(f.lines) > len(longest.lines)) {
				longest = f
			}
		}
		if longest == nil {
			break
		}
		if longest.lines = longest.lines[:len(longest.lines)-1]; len(longest.lines) > 0 {
			longest.lines = s.most(longest.value, w-label, len(longest.lines))
		}
	}
	for _, f := range facts {
		if len(f.lines) > 0 {
			s.at(x, y, label, "L", f.name)
			y = s.lines(x+label, y, w-label, "L", f.lines)
		}
	}
}
