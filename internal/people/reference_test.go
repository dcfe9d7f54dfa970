package people

import (
	"fmt"
	"slices"
	"testing"
)

func TestParseGrade(t *testing.T) {
	for _, tt := range []struct{ typed, want string }{
		{"III/c", "III/c"}, {"IIIc", "III/c"}, {"III c", "III/c"}, {"III.c", "III/c"}, {"iii/C", "III/c"}, {"III / c", "III/c"}, {"III-c", "III/c"}, {"3c", "III/c"}, {"3/d", "III/d"},
		{"Penata (III/c)", "III/c"}, {"Penata Tk. I, III/d", "III/d"}, {"Penata Tingkat I (III/d)", "III/d"}, {"Pembina Utama Muda - IV/c", "IV/c"}, {"Gol. II/a", "II/a"}, {"I/a", "I/a"},
		{"Penata Tk.I", "III/d"}, {"PENATA MUDA TINGKAT I", "III/b"}, {"Pembina", "IV/a"}, {"Pembina Tk. 1", "IV/b"}, {"'IV/e", "IV/e"}, {"III/c\u00a0", "III/c"},
		{"IX", "IX"}, {"ix", "IX"}, {"Gol. IX", "IX"}, {"Golongan VII", "VII"}, {"9", "IX"}, {"17", "XVII"}, {"XVII", "XVII"}, {"PPPK V", "V"}, {"V", "V"},
		{"", ""}, {"III/e", ""}, {"V/a", ""}, {"XVIII", ""}, {"18", ""}, {"0", ""}, {"Guru", ""}, {"IVX", ""}, {"Juru Ketik", ""}, {"\x00", ""},
	} {
		if got, ok := ParseGrade(tt.typed); got.Code != tt.want || ok != (tt.want != "") {
			t.Errorf("ParseGrade(%q) = %q, %v; want %q", tt.typed, got.Code, ok, tt.want)
		}
	}
}

func TestGradesAreInOrderOfSeniority(t *testing.T) {
	all := Grades()
	if len(all) != 34 {
		t.Fatalf("%d grades, want 17 of PNS and 17 of PPPK", len(all))
	}
	codes := []string{"IX", "V", "II/d", "III/a", "IV/e", "X", "nonsense", "I/a"}
	slices.SortFunc(codes, func(a, b string) int { return GradeSort(a) - GradeSort(b) })
	if got, want := fmt.Sprint(codes), "[I/a II/d III/a IV/e V IX X nonsense]"; got != want {
		t.Errorf("order %s, want %s", got, want)
	}
	if g, ok := GradeOf("III/d"); !ok || g.ID != "34" || g.Rank != "Penata Tingkat I" || g.Scheme != PNS {
		t.Errorf("III/d = %+v", g)
	}
	if _, ok := GradeOf("PENATA"); ok {
		t.Error("a pangkat passes for a code")
	}
	for _, g := range all {
		if got, ok := ParseGrade(g.Code); !ok || got != g {
			t.Errorf("%s reads as %+v", g.Code, got)
		}
		if g.Rank != "" {
			if got, ok := ParseGrade(g.Rank); !ok || got != g {
				t.Errorf("%s reads as %+v", g.Rank, got)
			}
		}
	}
}

func TestReferenceAgencies(t *testing.T) {
	byCode := map[string]Agency{}
	kinds := map[string]int{}
	for _, a := range ReferenceAgencies() {
		byCode[a.Code] = a
		kinds[a.Kind]++
	}
	if got, want := fmt.Sprint(len(byCode), kinds), "36 map[city:6 province:1 regency:29]"; got != want {
		t.Errorf("agencies %s, want %s", got, want)
	}
	for code, want := range map[string]string{
		"6400": "Pemerintah Provinsi Jawa Tengah", "6401": "Pemerintah Kabupaten Cilacap", "6429": "Pemerintah Kabupaten Brebes",
		"6471": "Pemerintah Kota Magelang", "6476": "Pemerintah Kota Tegal",
	} {
		if got := byCode[code]; got.Name != want || got.Zone != "WIB" || !got.Active {
			t.Errorf("%s = %+v, want %s", code, got, want)
		}
	}
}

func TestParseLegal(t *testing.T) {
	for _, tt := range []struct {
		id, name string
		want     string
	}{
		{"01", "Aktif", "01 true"}, {"1", "", "01 true"}, {"", "aktif", "01 true"}, {"71", "x", "71 true"}, {"03", "", "03 true"}, {"", "Tugas Belajar", "03 true"},
		{"02", "", "02 false"}, {"", "Cuti di luar tanggungan negara", "02 false"}, {"99", "", "99 false"}, {"", "PENSIUN", "99 false"},
		{"", "Tidak Aktif", "52 false"}, {"", "Non Aktif", "Non Aktif false"}, {"", "PNS Aktif", "PNS Aktif true"}, {"33", "Dipekerjakan", "33 false"}, {"", "", "nothing"},
	} {
		got := "nothing"
		if s, said := parseLegal(tt.id, tt.name); said {
			got = fmt.Sprint(s.id, " ", s.active)
		}
		if got != tt.want {
			t.Errorf("parseLegal(%q, %q) = %s, want %s", tt.id, tt.name, got, tt.want)
		}
	}
}

func TestSplitTitles(t *testing.T) {
	for _, tt := range []struct{ full, want string }{
		{"Budi Santoso", "|Budi Santoso|"}, {"Budi Santoso, S.Sos", "|Budi Santoso|S.Sos"}, {"Dr. H. Budi Santoso, S.Sos., M.Si.", "Dr. H.|Budi Santoso|S.Sos., M.Si."},
		{"Ira Wati", "|Ira Wati|"}, {"M. Yusuf", "|M. Yusuf|"}, {"Dr.", "|Dr.|"}, {"Harun,", "|Harun|"}, {"dr Budi", "|dr Budi|"},
	} {
		front, name, back := splitTitles(tt.full)
		if got := front + "|" + name + "|" + back; got != tt.want {
			t.Errorf("splitTitles(%q) = %s, want %s", tt.full, got, tt.want)
		}
		p := Person{Name: name, TitleFront: front, TitleBack: back}
		if got := p.FullName(); got != tt.full && tt.full != "Harun," {
			t.Errorf("FullName = %q, want %q", got, tt.full)
		}
	}
}

func TestLettersApart(t *testing.T) {
	for name, want := range map[string]bool{"A N I F U D I N": true, "A B C": false, "Budi": false, "I Made B C D": false} {
		if got := letterSpaced(name); got != want {
			t.Errorf("letterSpaced(%q) = %v, want %v", name, got, want)
		}
	}
}

func TestAgencyKey(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		same bool
	}{
		{"Pemerintah Kabupaten Cilacap", "Pemkab Cilacap", true}, {"Pemerintah Kabupaten Cilacap", "KAB. CILACAP", true}, {"Pemerintah Kota Tegal", "Pemerintah Kabupaten Tegal", false},
		{"Pemerintah Provinsi Jawa Tengah", "Pemprov Jawa Tengah", true}, {"Pemerintah Daerah Kab. Cilacap", "Kabupaten Cilacap", true},
	} {
		if got := agencyKey(tt.a) == agencyKey(tt.b); got != tt.same {
			t.Errorf("%q and %q same: %v, want %v", tt.a, tt.b, got, tt.same)
		}
	}
}

func TestUnitTree(t *testing.T) {
	next := int64(100)
	tree := newUnitTree(1, []Unit{{ID: 1, OPDID: 1, Path: "Dinas Pendidikan", Name: "Dinas Pendidikan", Level: 1}, {ID: 2, OPDID: 2, ExternalID: "U2", Path: "Setda", Name: "Setda", Level: 1}},
		func() int64 { next++; return next })
	for _, tt := range []struct {
		ref  unitRef
		want string // id, OPD, path
	}{
		{unitRef{path: []string{"DINAS PENDIDIKAN"}}, "1 1 Dinas Pendidikan"},
		{unitRef{path: []string{"Dinas Pendidikan", "Bidang SMA"}}, "101 1 Dinas Pendidikan / Bidang SMA"},
		{unitRef{path: []string{"dinas pendidikan", "bidang sma"}}, "101 1 Dinas Pendidikan / Bidang SMA"},
		{unitRef{externalID: "U2", path: []string{"Renamed"}}, "2 2 Setda"},
		{unitRef{externalID: "U1", path: []string{"Dinas Pendidikan"}}, "1 1 Dinas Pendidikan"},
		{unitRef{externalID: "8ae48289aa", path: []string{"Fungsional"}}, "102 102 Fungsional"},
		{unitRef{externalID: "8ae48289bb", path: []string{"Fungsional"}}, "103 103 Fungsional #e48289bb"},
		{unitRef{externalID: "8ae48289bb", path: []string{"Fungsional"}}, "103 103 Fungsional #e48289bb"},
		{unitRef{path: []string{"Badan", "Bidang", "Subbidang"}}, "106 104 Badan / Bidang / Subbidang"},
		{unitRef{path: []string{"HAPUS 2"}}, "107 107 HAPUS 2"},
	} {
		u := tree.ensure(tt.ref)
		if got := fmt.Sprint(u.ID, u.OPDID, " ", u.Path); got != tt.want {
			t.Errorf("%v = %s, want %s", tt.ref, got, tt.want)
		}
	}
	if tree.ensure(unitRef{}) != nil {
		t.Error("nothing said made a unit")
	}
	if u := tree.byPath["HAPUS 2"]; !u.Hidden || tree.byPath["BADAN"].Hidden {
		t.Error("only the junk unit is hidden")
	}
	if len(tree.added) != 7 || len(tree.adopted) != 1 {
		t.Errorf("added %d, adopted %d; want 7 and 1", len(tree.added), len(tree.adopted))
	}
	for i, u := range tree.added {
		if u.ParentID != 0 && !slices.ContainsFunc(tree.added[:i], func(p *Unit) bool { return p.ID == u.ParentID }) && u.ParentID != 1 {
			t.Errorf("%s stands before its parent", u.Path)
		}
	}
}
