package questionbank

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cakap/internal/fault"
	"cakap/scoring"
)

// canary stands in every place of an item that no participant may see.
const canary = "KENARI"

func sample(t Type) Content {
	options := []Option{{Text: "Pilihan satu.", Reason: canary}, {Text: "Pilihan dua.", Reason: canary}, {Text: "Pilihan tiga.", Reason: canary}}
	correct := []int{1}
	switch t {
	case Multiple:
		correct = []int{0, 2}
	case TrueFalse:
		options = []Option{{Text: TrueText, Reason: canary}, {Text: FalseText, Reason: canary}}
	case SJT:
		for i := range options {
			options[i].Points = scoring.Micro(i+1) * 7 * scoring.Point // 7, 14, 21
		}
	}
	return Content{
		Type: t, Indicator: "A1.4", Level: L2, Stem: "Tindakan mana yang paling tepat?", Rationale: canary, Basis: canary, Expires: "2028-12-31",
		Interactions: []Interaction{NewChoice(t, options, correct)},
	}.Normalise()
}

func TestKey(t *testing.T) {
	for _, tt := range []struct {
		typ  Type
		want scoring.Key
	}{
		{Single, scoring.Key{Rule: scoring.AllOrNothing, Options: 3, Correct: []int{1}, Max: scoring.Point}},
		{Multiple, scoring.Key{Rule: scoring.PerOption, Options: 3, Correct: []int{0, 2}, Max: scoring.Point, Many: true}},
		{TrueFalse, scoring.Key{Rule: scoring.AllOrNothing, Options: 2, Correct: []int{1}, Max: scoring.Point}},
		{SJT, scoring.Key{Rule: scoring.Graded, Options: 3, Points: []scoring.Micro{0, 500_000, scoring.Point}, Max: scoring.Point}},
	} {
		c := sample(tt.typ)
		if err := c.Validate(); err != nil {
			t.Errorf("%s: %v", tt.typ, err)
		}
		if diff := cmp.Diff(tt.want, c.Key()); diff != "" || !c.Key().Valid() {
			t.Errorf("%s (-want +got):\n%s", tt.typ, diff)
		}
	}
}

func TestPointsOfFourRanks(t *testing.T) {
	options := make([]Option, 4)
	for i := range options {
		options[i].Points = scoring.Micro(i+1) * scoring.Point
	}
	got := Content{Interactions: []Interaction{NewChoice(SJT, options, nil)}}.Key().Points
	if want := []scoring.Micro{0, 333_333, 666_667, 1_000_000}; !slices.Equal(got, want) {
		t.Errorf("points %v, want %v", got, want)
	}
}

// What goes to a participant has no place for a key: neither a field that
// could hold one nor, in JSON, any of what only authors know.
func TestDeliveryHoldsNoKey(t *testing.T) {
	allowed := map[string]bool{
		"Type": true, "Stimulus": true, "Stem": true, "Parts": true, "Media": true, // Delivery
		"Kind": true, "Prompt": true, "Options": true, "Targets": true, "Many": true, "Max": true, "Image": true, "Lines": true, // DeliveryPart
		"Text": true, "Rich": true, "Shape": true, // DeliveryOption
		"Name": true, "SHA256": true, "MIME": true, "Alt": true, "Width": true, "Height": true, // DeliveryMedia
	}
	for _, typ := range []reflect.Type{
		reflect.TypeFor[Delivery](), reflect.TypeFor[DeliveryPart](), reflect.TypeFor[DeliveryOption](), reflect.TypeFor[DeliveryMedia](),
	} {
		for i := range typ.NumField() {
			if name := typ.Field(i).Name; !allowed[name] {
				t.Errorf("%s has a field %s", typ.Name(), name)
			}
		}
	}
	for _, typ := range []Type{Single, Multiple, TrueFalse, SJT} {
		c := sample(typ)
		body, err := json.Marshal(c.Delivery())
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(body), canary) || strings.Contains(string(body), "correct") || strings.Contains(string(body), "points") {
			t.Errorf("%s delivers what it must not: %s", typ, body)
		}
		if n := len(c.Delivery().Part().Options); n != len(c.Choice().Options) || c.Delivery().Stem != c.Stem {
			t.Errorf("%s delivers %d options", typ, n)
		}
		other := c
		other.Interactions = []Interaction{NewChoice(typ, c.Choice().Options, []int{0})}
		if typ != SJT {
			moved, err := json.Marshal(other.Delivery())
			if err != nil || string(moved) != string(body) {
				t.Errorf("%s: another key changes what is delivered", typ)
			}
		}
	}
}

// Stored revisions are compared by this hash for as long as the product lives:
// a change here is a change of every stored item.
func TestHashIsStable(t *testing.T) {
	c := sample(Single)
	const want = `{"type":"single","indicator":"A1.4","level":"L2","stem":"Tindakan mana yang paling tepat?",` +
		`"interactions":[{"kind":"choice","options":[{"id":"A","text":"Pilihan satu.","reason":"KENARI"},{"id":"B","text":"Pilihan dua.","reason":"KENARI"},` +
		`{"id":"C","text":"Pilihan tiga.","reason":"KENARI"}],"correct":["B"],"rule":"all_or_nothing","shuffle":true}],` +
		`"rationale":"KENARI","digcomp":["2.1","2.2"],"basis":"KENARI","expires":"2028-12-31"}`
	if diff := cmp.Diff(want, string(c.JSON())); diff != "" {
		t.Errorf("canonical JSON (-want +got):\n%s", diff)
	}
	back, err := ParseContent(string(c.JSON()))
	if err != nil || back.Hash() != c.Hash() {
		t.Errorf("stored and read, the hash is %s, was %s, %v", back.Hash(), c.Hash(), err)
	}
	if other := sample(Multiple); other.Hash() == c.Hash() {
		t.Error("different contents have one hash")
	}
}

func TestValidate(t *testing.T) {
	change := func(typ Type, f func(c *Content, in *Interaction)) Content {
		c := sample(typ)
		f(&c, &c.Interactions[0])
		return c
	}
	for _, tt := range []struct {
		name       string
		c          Content
		key, field string
	}{
		{"no stem", change(Single, func(c *Content, _ *Interaction) { c.Stem = "" }), "stem_empty", "stem"},
		{"short stem", change(Single, func(c *Content, _ *Interaction) { c.Stem = "A" }), "stem_short", "stem"},
		{"long stem", change(Single, func(c *Content, _ *Interaction) { c.Stem = strings.Repeat("a", MaxStem+1) }), "stem_long", "stem"},
		{"control character", change(Single, func(c *Content, _ *Interaction) { c.Rationale = "a\x07b" }), "control_character", "rationale"},
		{"no indicator", change(Single, func(c *Content, _ *Interaction) { c.Indicator = "" }), "indicator_empty", "indicator"},
		{"unknown indicator", change(Single, func(c *Content, _ *Interaction) { c.Indicator = "A1.7" }), "indicator_unknown", "indicator"},
		{"no level", change(Single, func(c *Content, _ *Interaction) { c.Level = "" }), "level_unknown", "level"},
		{"30 February", change(Single, func(c *Content, _ *Interaction) { c.Expires = "2028-02-30" }), "expires_unreadable", "expires"},
		{"no DigComp code", change(Single, func(c *Content, _ *Interaction) { c.DigComp = []string{"1.4"} }), "digcomp_unknown", "digcomp"},
		{"essay with options", change(Single, func(c *Content, _ *Interaction) { c.Type = Essay }), "type_unknown", "type"},
		{"kind of no type", change(Single, func(_ *Content, in *Interaction) { in.Kind = "slider" }), "type_unknown", "type"},
		{"one option", change(Single, func(_ *Content, in *Interaction) { in.Options = in.Options[:1] }), "options_count", "options"},
		{"empty option", change(Single, func(_ *Content, in *Interaction) { in.Options[2].Text = "" }), "option_empty", "option_c"},
		{"options alike", change(Single, func(_ *Content, in *Interaction) { in.Options[2].Text = in.Options[0].Text }), "option_twice", "option_c"},
		{"no key", change(Single, func(_ *Content, in *Interaction) { in.Correct = nil }), "key_empty", "correct"},
		{"two keys", change(Single, func(_ *Content, in *Interaction) { in.Correct = []string{"A", "B"} }), "key_many", "correct"},
		{"every key", change(Multiple, func(_ *Content, in *Interaction) { in.Correct = []string{"A", "B", "C"} }), "key_all", "correct"},
		{"key beyond", change(Single, func(_ *Content, in *Interaction) { in.Correct = []string{"E"} }), "key_no_option", "correct"},
		{"key out of order", change(Multiple, func(_ *Content, in *Interaction) { in.Correct = []string{"A", "A"} }), "", ""},
		{"wrong rule", change(Single, func(_ *Content, in *Interaction) { in.Rule = scoring.PerOption }), "rule_wrong", "type"},
		{"points of a file on a key item", change(Single, func(_ *Content, in *Interaction) { in.Options[0].Points = 1 }), "", ""},
		{"points alike", change(SJT, func(_ *Content, in *Interaction) {
			for i := range in.Options {
				in.Options[i].Points = scoring.Point
			}
		}), "points_alike", "points"},
		{"points below zero", change(SJT, func(_ *Content, in *Interaction) { in.Options[1].Points = -1 }), "points_range", "points_b"},
		{"Ya/Tidak", change(TrueFalse, func(_ *Content, in *Interaction) { in.Options[0].Text = "Ya" }), "truefalse_options", "options"},
		{"shuffled true/false", change(TrueFalse, func(_ *Content, in *Interaction) { in.Shuffle = true }), "rule_wrong", "type"},
		{"capitals differ", change(Single, func(_ *Content, in *Interaction) { in.Options[2].Text = "PILIHAN satu." }), "", ""},
		{"fixed order", change(Single, func(_ *Content, in *Interaction) { in.Shuffle = false }), "", ""},
	} {
		f := fault.Of(tt.c.Validate())
		switch {
		case tt.key == "" && f != nil:
			t.Errorf("%s: refused: %v", tt.name, f.Faults)
		case tt.key != "" && (f == nil || len(f.Faults) != 1 || f.Faults[0].Key != "questionbank."+tt.key || f.Faults[0].Field != tt.field):
			t.Errorf("%s: got %v, want %s on %s", tt.name, f, tt.key, tt.field)
		}
	}
}

func TestNormaliseKeepsWhatIsSaid(t *testing.T) {
	c := sample(Single)
	c.Stem = "  Apa\u00a0arti\u200b ini?\r\n\r\n\r\nBaris dua "
	c.Interactions[0].Options[0].Text = "  a \n b\u00ad "
	got := c.Normalise()
	if want := "Apa arti ini?\n\nBaris dua"; got.Stem != want {
		t.Errorf("stem %q, want %q", got.Stem, want)
	}
	if want := "a b"; got.Choice().Options[0].Text != want {
		t.Errorf("option %q, want %q", got.Choice().Options[0].Text, want)
	}
	if c.Interactions[0].Options[0].Text == "a b" {
		t.Error("Normalise changed its receiver")
	}
}

func TestPlainUndoesMarkdown(t *testing.T) {
	for _, text := range []string{"2 * 3 * 4", `C:\dir\*`, "a_b_c `x` <form> [y] #z", "biasa"} {
		if got := Plain(Markdown(text)); got != text {
			t.Errorf("Plain(Markdown(%q)) = %q", text, got)
		}
	}
	if got := Plain("Apa ini? ![Ikon **disket**](media:a.png)"); got != "Apa ini? [Ikon disket]" {
		t.Errorf("Plain = %q", got)
	}
	if got := Plain("Yang **bukan**\nini?"); got != "Yang bukan ini?" {
		t.Errorf("Plain = %q", got)
	}
}

func TestSimilar(t *testing.T) {
	var s Stems
	s.Add("a", "Anda menerima surel dari alamat tak dikenal yang meminta kata sandi. Tindakan apa yang paling tepat?")
	s.Add("b", "Anda mengolah data kunjungan puskesmas selama satu tahun. Bagan mana yang paling tepat?")
	for _, tt := range []struct {
		code, stem, want string
	}{
		{"c", "Anda menerima surel dari alamat tak dikenal yang meminta kata **sandi**. Tindakan apa yang paling tepat?", "a"},
		{"c", "Anda menerima pesan dari alamat tak dikenal yang meminta kata sandi. Tindakan apa yang paling tepat?", "a"},
		{"a", "Anda menerima surel dari alamat tak dikenal yang meminta kata sandi. Tindakan apa yang paling tepat?", ""},
		{"c", "Atasan meminta ringkasan rapat sebelum sore. Tindakan apa yang paling tepat?", ""},
		{"c", "", ""},
	} {
		if got, _ := s.Like(tt.code, tt.stem); got.Code != tt.want {
			t.Errorf("like %q: %+v, want %q", tt.stem, got, tt.want)
		}
	}
}

func TestFramework(t *testing.T) {
	f := StandardFramework()
	covered := map[string]bool{}
	for _, a := range scoring.Aspects {
		if of := f.Of(a); len(of) != 6 || f.AspectName(a) == "" {
			t.Errorf("%s has %d indicators and the name %q", a.Code(), len(of), f.AspectName(a))
		}
	}
	for _, ind := range f.Indicators {
		if ind.URI != "urn:cakap:kerangka:1:"+ind.Code || ind.Name == "" {
			t.Errorf("%s: %+v", ind.Code, ind)
		}
		for _, code := range ind.DigComp {
			if !digcompCode(code) {
				t.Errorf("%s names DigComp %s", ind.Code, code)
			}
			covered[code] = true
		}
	}
	if len(covered) != 21 {
		t.Errorf("%d of DigComp's 21 competences are covered", len(covered))
	}
}

func TestPresetSchemes(t *testing.T) {
	schemes, err := PresetSchemes()
	if err != nil {
		t.Fatal(err)
	}
	lower := map[string][]scoring.Mark{}
	for i, s := range schemes {
		if s.Default != (i == 0) {
			t.Errorf("%s: default %v", s.Code, s.Default)
		}
		for _, b := range s.Bands {
			lower[s.Code] = append(lower[s.Code], b.Lower)
			if b.Advice == "" || !strings.HasPrefix(b.Colour, "v") {
				t.Errorf("%s: band %+v", s.Code, b)
			}
		}
	}
	want := map[string][]scoring.Mark{"ip-asn": {0, 6100, 7100, 8100, 9100}, "jpm": {0, 6800, 8000}, "digcomp": {0, 4000, 6000, 8000}}
	if diff := cmp.Diff(want, lower); diff != "" {
		t.Errorf("lower bounds (-want +got):\n%s", diff)
	}
}
