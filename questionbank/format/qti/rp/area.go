package rp

import (
	"math/big"
	"strconv"
	"strings"

	"cakap/questionbank/format/tree"
)

type areaMapping struct {
	areas     []area
	otherwise *big.Rat
	low, high *big.Rat
}

type area struct {
	shape  string
	coords []float64
	worth  *big.Rat
}

func newAreas(n *tree.Node) *areaMapping {
	m := &areaMapping{otherwise: new(big.Rat), low: bound(n, "lowerBound"), high: bound(n, "upperBound")}
	if x, ok := parseNumber(n.Get("defaultValue")); ok {
		m.otherwise = x
	}
	for _, e := range n.All("areaMapEntry") {
		if worth, ok := parseNumber(e.Get("mappedValue")); ok {
			m.areas = append(m.areas, area{e.Get("shape"), coords(e.Get("coords")), worth})
		}
	}
	return m
}

// of adds up what the points are worth; each area counts once.
func (m *areaMapping) of(points []scalar) *big.Rat {
	sum, taken := new(big.Rat), make([]bool, len(m.areas))
	for _, p := range points {
		worth := m.otherwise
		for i, a := range m.areas {
			if !taken[i] && a.holds(p.text) {
				taken[i], worth = true, a.worth
				break
			}
		}
		sum.Add(sum, worth)
	}
	return clip(sum, m.low, m.high)
}

func coords(s string) []float64 {
	var out []float64
	for part := range strings.FieldsFuncSeq(s, func(r rune) bool { return r == ',' || r == ' ' }) {
		x, err := strconv.ParseFloat(strings.TrimSuffix(part, "%"), 64)
		if err != nil || len(out) == 400 {
			return nil
		}
		out = append(out, x)
	}
	return out
}

// holds reports whether a point "x y" lies in the area, its edge included.
func (a area) holds(point string) bool {
	p := coords(point)
	if len(p) != 2 {
		return false
	}
	x, y, c := p[0], p[1], a.coords
	switch a.shape {
	case "default":
		return true
	case "rect":
		return len(c) == 4 && x >= min(c[0], c[2]) && x <= max(c[0], c[2]) && y >= min(c[1], c[3]) && y <= max(c[1], c[3])
	case "circle":
		return len(c) == 3 && (x-c[0])*(x-c[0])+(y-c[1])*(y-c[1]) <= c[2]*c[2]
	case "ellipse":
		return len(c) == 4 && c[2] > 0 && c[3] > 0 && (x-c[0])*(x-c[0])/(c[2]*c[2])+(y-c[1])*(y-c[1])/(c[3]*c[3]) <= 1
	case "poly":
		return len(c) >= 6 && len(c)%2 == 0 && inPolygon(x, y, c)
	}
	return false
}

func inPolygon(x, y float64, c []float64) bool {
	in, n := false, len(c)/2
	for i, j := 0, n-1; i < n; j, i = i, i+1 {
		xi, yi, xj, yj := c[2*i], c[2*i+1], c[2*j], c[2*j+1]
		if (yi > y) != (yj > y) && x < (xj-xi)*(y-yi)/(yj-yi)+xi {
			in = !in
		}
	}
	return in
}
