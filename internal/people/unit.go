package people

import (
	"strings"

	"cakap/internal/sheet"
)

// pathSign stands between the names of a path.
const pathSign = " / "

// unitRef is what a row says about somebody's unit.
type unitRef struct {
	externalID string
	path       []string // from level 1
}

func (r unitRef) blank() bool { return r.externalID == "" && len(r.path) == 0 }

// unitTree is an agency's units while a roster is matched to them.
type unitTree struct {
	agencyID   int64
	newID      func() int64
	byID       map[int64]*Unit
	byExternal map[string]*Unit
	byPath     map[string]*Unit
	added      []*Unit // parents before children
	adopted    []*Unit // known ones that got their UNOR id
}

func newUnitTree(agencyID int64, units []Unit, newID func() int64) *unitTree {
	t := &unitTree{agencyID: agencyID, newID: newID, byID: map[int64]*Unit{}, byExternal: map[string]*Unit{}, byPath: map[string]*Unit{}}
	for i := range units {
		t.index(&units[i])
	}
	return t
}

func (t *unitTree) index(u *Unit) {
	t.byID[u.ID] = u
	t.byPath[foldPath(u.Path)] = u
	if u.ExternalID != "" {
		t.byExternal[u.ExternalID] = u
	}
}

func foldPath(path string) string { return strings.ToUpper(path) }

// ensure finds the unit or adds it with its ancestors; nil where ref says nothing.
func (t *unitTree) ensure(ref unitRef) *Unit {
	if u := t.byExternal[ref.externalID]; u != nil && ref.externalID != "" {
		return u
	}
	var at *Unit
	for i, name := range ref.path {
		path := name
		if at != nil {
			path = at.Path + pathSign + name
		}
		last := i == len(ref.path)-1
		found := t.byPath[foldPath(path)]
		if last && ref.externalID != "" && found != nil {
			if found.ExternalID == "" {
				t.adopt(found, ref.externalID)
				return found
			}
			// Another unit of the same name: the id tells them apart.
			path += " #" + ref.externalID[max(0, len(ref.externalID)-8):]
			found = t.byPath[foldPath(path)]
		}
		if found == nil {
			found = t.add(at, path, name)
			if last && ref.externalID != "" {
				found.ExternalID = ref.externalID
				t.byExternal[ref.externalID] = found
			}
		}
		at = found
	}
	return at
}

func (t *unitTree) adopt(u *Unit, externalID string) {
	u.ExternalID = externalID
	t.byExternal[externalID] = u
	for _, a := range t.added {
		if a == u {
			return // not in the database yet
		}
	}
	t.adopted = append(t.adopted, u)
}

func (t *unitTree) add(parent *Unit, path, name string) *Unit {
	u := &Unit{ID: t.newID(), AgencyID: t.agencyID, Path: path, Name: name, Level: 1, Hidden: junkUnit(name)}
	u.OPDID = u.ID
	if parent != nil {
		u.ParentID, u.OPDID, u.Level = parent.ID, parent.OPDID, parent.Level+1
	}
	t.added = append(t.added, u)
	t.index(u)
	return u
}

// junkUnit recognises what SIASN exports leave behind: "HAPUS 2", "NON AKTIF".
func junkUnit(name string) bool {
	title := sheet.Title(name)
	return title == "HAPUS" || strings.HasPrefix(title, "HAPUS ") || title == "NON AKTIF" || title == "NONAKTIF"
}

// agencyKey compares the names of agencies: "Pemkab Cilacap" is "Pemerintah
// Kabupaten Cilacap" is "KAB. CILACAP".
func agencyKey(name string) string {
	words := strings.Fields(sheet.Title(name))
	out := words[:0]
	for _, w := range words {
		switch w {
		case "PEMERINTAH", "DAERAH", "PEMDA":
			continue
		case "KAB", "PEMKAB":
			w = "KABUPATEN"
		case "PEMKOT", "KOTAMADYA":
			w = "KOTA"
		case "PROV", "PROP", "PROPINSI", "PEMPROV":
			w = "PROVINSI"
		}
		out = append(out, w)
	}
	return strings.Join(out, " ")
}
