package lint

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"cakap/internal/fault"
	"cakap/internal/locale"
	"cakap/questionbank"
	"cakap/questionbank/questionbanktest"
	"cakap/scoring"
)

// today is a day within the shipped items' keeping, so that the test does not
// begin to fail by itself; `cakap bank lint` uses the real day.
var today = time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC)

func TestShippedBank(t *testing.T) {
	items, err := questionbank.ShippedBank()
	if err != nil {
		t.Fatal(err)
	}
	entries := make([]Entry, len(items))
	for i, item := range items {
		entries[i] = Entry{Code: item.Code, Content: item.Content}
	}
	r := Bank(entries, today)
	for _, f := range r.Findings {
		t.Errorf("%s %s: %s", f.At, f.Field, locale.Text(f.Key, f.Args...))
	}
	for _, a := range scoring.Aspects {
		if r.ByAspect[a] != 40 {
			t.Errorf("%s has %d items, want 40", a.Code(), r.ByAspect[a])
		}
	}
	if len(r.Cells) != 24 {
		t.Errorf("the bank covers %d indicators, want 24", len(r.Cells))
	}
	t.Logf("keys %v, longest %d, shortest %d of %d", r.Keys, r.Longest, r.Shortest, r.Compared)
}

func has(faults []*fault.Fault, key string) bool {
	for _, f := range faults {
		if f.Key == "questionbank.lint."+key || f.Key == "questionbank."+key {
			return true
		}
	}
	return false
}

func good() questionbank.Content {
	options := []questionbank.Option{
		{Text: "Menulis semua alamat di kolom Kepada.", Reason: "r"}, {Text: "Menulis semua alamat di kolom Bcc.", Reason: "r"},
		{Text: "Menulis semua alamat di kolom Cc.", Reason: "r"}, {Text: "Menulis semua alamat di badan surel.", Reason: "r"},
	}
	return questionbank.Content{
		Type: questionbank.Single, Indicator: "A1.4", Level: questionbank.L2, Stem: "Alamat penerima tidak boleh terlihat. Langkah mana yang tepat?",
		Rationale: "Karena Bcc menyembunyikan alamat.", Expires: "2028-12-31",
		Interactions: []questionbank.Interaction{questionbank.NewChoice(questionbank.Single, options, []int{1})},
	}
}

func TestItem(t *testing.T) {
	if found := Item(good(), today); len(found) > 0 {
		t.Fatalf("a good item is blamed: %v", found)
	}
	type c = questionbank.Content
	set := func(i int, text string) func(*c) {
		return func(c *c) { c.Interactions[0].Options[i].Text = text }
	}
	retype := func(typ questionbank.Type) func(*c) {
		return func(c *c) {
			c.Type = typ
			c.Interactions[0] = questionbank.NewChoice(typ, c.Interactions[0].Options, []int{1})
		}
	}
	for _, tt := range []struct {
		name   string
		change func(*c)
		want   string // "" for no finding at all
	}{
		{"61 words", func(c *c) { c.Stem = strings.Repeat("kata ", 60) + "apa?" }, "stem_words"},
		{"60 words", func(c *c) { c.Stem = strings.Repeat("kata ", 59) + "apa?" }, ""},
		{"no question", func(c *c) { c.Stem = "Alamat tidak boleh terlihat." }, "asks_nothing"},
		{"a plain kecuali", func(c *c) { c.Stem = "Semua ini aman, kecuali yang mana?" }, "negative_plain"},
		{"a bold kecuali", func(c *c) { c.Stem = "Semua ini aman, **kecuali** yang mana?" }, ""},
		{"a plain bukan in the question", func(c *c) { c.Stem = "Anda memilih. Mana yang bukan cara aman?" }, "negative_plain"},
		{"a bukan in the scene", func(c *c) { c.Stem = "Berkas itu bukan milik Anda. Apa langkah Anda?" }, ""},
		{"a NIP", func(c *c) { c.Stem = "Pegawai 199301212020121001 lupa sandi. Apa langkah Anda?" }, "number_like_nip"},
		{"a long option", set(1, "Menulis semua alamat di kolom Bcc lalu mengirim ke diri sendiri."), "length_ratio"},
		{"no full stop", set(0, "Menulis semua alamat di kolom Kepada"), "ends_differ"},
		{"semua benar", set(0, "Semua jawaban di atas benar sekali ya."), "all_of_the_above"},
		{"A dan B benar", set(0, "Menurut saya jawaban A dan B benar."), "all_of_the_above"},
		{"an absolute distractor", set(0, "Menulis selalu alamat di kolom Kepada."), "absolute_words"},
		{"an absolute key too", func(c *c) {
			set(0, "Menulis selalu alamat di kolom Kepada.")(c)
			set(1, "Menulis selalu alamat di kolom Bcc.")(c)
		}, ""},
		{"no rationale", func(c *c) { c.Rationale = "" }, "no_rationale"},
		{"no reason", func(c *c) { c.Interactions[0].Options[2].Reason = "" }, "no_reason"},
		{"no expiry", func(c *c) { c.Expires = "" }, "no_expiry"},
		{"expired yesterday", func(c *c) { c.Expires = "2026-11-23" }, "expired"},
		{"expires today", func(c *c) { c.Expires = "2026-11-24" }, ""},
		{"complex without the hint", retype(questionbank.Multiple), "pick_all_missing"},
		{"complex with one key", func(c *c) {
			retype(questionbank.Multiple)(c)
			c.Stem += " (Pilih semua yang tepat.)"
		}, "multiple_one_key"},
		{"a statement that asks", retype(questionbank.TrueFalse), "statement_asks"},
		{"a key that stands out", func(c *c) {
			set(0, "Kolom Kepada, bagian atas.")(c)
			set(1, "Kolom Bcc, yang menyembunyikan alamat.")(c)
			set(2, "Kolom Cc, di bawahnya.")(c)
			set(3, "Badan surel, di tengah.")(c)
		}, "key_leads"},
		{"301 words to read", func(c *c) { c.Stimulus = strings.Repeat("kata ", 270) }, "reading"},
		{"an open end", func(c *c) { c.Stem = "Kolom yang menyembunyikan alamat penerima adalah …" }, ""},
		{"an open end with a plain kecuali", func(c *c) { c.Stem = "Semua berikut menyembunyikan alamat, kecuali ...." }, "negative_plain"},
		{"an open end with a bold kecuali", func(c *c) { c.Stem = "Semua berikut menyembunyikan alamat, **kecuali** …" }, ""},
		{"a picture without words", func(c *c) { c.Media = []questionbank.Media{{Name: "a.png", MIME: "image/png"}} }, "media_alt"},
		{"pick two", func(c *c) {
			retype(questionbank.Multiple)(c)
			c.Interactions[0].Correct = []string{"A", "B"}
			c.Stem += " Pilih dua."
		}, ""},
	} {
		content := good()
		tt.change(&content)
		found := Item(content, today)
		switch {
		case tt.want == "" && len(found) > 0:
			t.Errorf("%s: blamed: %v", tt.name, found)
		case tt.want != "" && !has(found, tt.want):
			t.Errorf("%s: %v, want %s", tt.name, found, tt.want)
		}
		for _, f := range found {
			if !locale.Has(f.Key) {
				t.Errorf("%s has no text", f.Key)
			}
		}
	}
}

// Every type has rules of its own, and none is blamed by the rules of another.
func TestEveryType(t *testing.T) {
	// The options of this one are of very different lengths, and the best is the longest.
	blamed := map[questionbank.Type]string{questionbank.SJT: "length_ratio key_leads"}
	for _, c := range questionbanktest.Samples() {
		c.Expires = "2028-12-31"
		var found []string
		for _, f := range Item(c, today) {
			found = append(found, strings.TrimPrefix(f.Key, "questionbank.lint."))
		}
		if got := strings.Join(found, " "); got != blamed[c.Type] {
			t.Errorf("the sample of %s is blamed of %q, want %q", c.Type, got, blamed[c.Type])
		}
	}
	for _, tt := range []struct {
		typ    questionbank.Type
		change func(*questionbank.Content)
		want   string
		field  string
	}{
		{questionbank.Essay, func(c *questionbank.Content) { c.Rubric = nil }, "no_rubric", "rubric"},
		{questionbank.Match, func(c *questionbank.Content) { c.Interactions[0].Targets = c.Interactions[0].Targets[:2] }, "match_equal", "targets"},
		{questionbank.Order, func(c *questionbank.Content) { c.Interactions[0].Options = c.Interactions[0].Options[:2] }, "order_few", "options"},
		{questionbank.Cloze, func(c *questionbank.Content) { c.Interactions[0].Options[0].Text = "Semua jawaban benar" }, "all_of_the_above", "part_1.option_a"},
		{questionbank.Numeric, func(c *questionbank.Content) { c.Rationale = "" }, "no_rationale", "rationale"},
	} {
		c := questionbanktest.Sample(tt.typ)
		tt.change(&c)
		found := Item(c, today)
		i := slices.IndexFunc(found, func(f *fault.Fault) bool { return f.Key == "questionbank.lint."+tt.want })
		if i < 0 || found[i].Field != tt.field {
			t.Errorf("%s: %v, want %s on %s", tt.typ, found, tt.want, tt.field)
		} else if !locale.Has(found[i].Key) {
			t.Errorf("%s has no text", found[i].Key)
		}
	}
}

// A bank with every habit of a novice author: the key is the longest option,
// and it is always B.
func TestBank(t *testing.T) {
	var entries []Entry
	for i := range 24 {
		c := good()
		c.Stem = fmt.Sprintf("Kejadian nomor %d di kantor %d pada hari %d. Langkah %d apa?", i, i, i, i)
		c.Interactions[0].Options[1].Text = "Menulis semua alamat surel di kolom Bcc."
		entries = append(entries, Entry{Code: fmt.Sprintf("X-%d", i), Content: c})
	}
	entries = append(entries, entries[3])
	found := Bank(entries, today).Findings
	for _, want := range []string{"key_longest", "key_balance", "key_run", "level_missing", "code_twice"} {
		if !has(found, want) {
			t.Errorf("nobody says %s", want)
		}
	}
	for _, f := range found {
		if !locale.Has(f.Key) {
			t.Errorf("%s has no text", f.Key)
		}
	}
	twins := Bank([]Entry{{"X-1", good()}, {"X-2", good()}}, today).Findings
	if !has(twins, "similar") {
		t.Errorf("twins are not seen: %v", twins)
	}
	if has(twins, "key_longest") || has(twins, "key_balance") {
		t.Errorf("two items are judged as a bank: %v", twins)
	}
}
