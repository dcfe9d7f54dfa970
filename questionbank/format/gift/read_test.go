package gift

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"cakap/questionbank"
	"cakap/scoring"
)

// A question of each kind, with what becomes of it.
func TestTypes(t *testing.T) {
	for _, tt := range []struct {
		text string
		want string // type rule key
		stem string
	}{
		{"Ibu kota Jawa Barat? {=Bandung ~Bogor ~Bekasi}", "single all_or_nothing [A]", "Ibu kota Jawa Barat?"},
		{"Ibu kota?{~Bogor =Bandung}", "single all_or_nothing [B]", "Ibu kota?"},
		{"Mana? {~%50%a ~%50%b ~%-50%c ~%-50%d}", "multiple per_option [A B]", "Mana?"},
		{"Mana? {~%33.33333%a ~%33.33333%b ~%33.33333%c ~%-100%d}", "multiple per_option [A B C]", "Mana?"},
		{"Mana? {~%60%a ~%40%b ~%-100%c}", "multiple map [A B]", "Mana?"},
		{"Sikap? {=a ~%75%b ~%25%c ~d}", "sjt graded []", "Sikap?"},
		{"Pernyataan.{T}", "truefalse all_or_nothing [A]", "Pernyataan."},
		{"Pernyataan.{TRUE}", "truefalse all_or_nothing [A]", "Pernyataan."},
		{"Pernyataan.{F}", "truefalse all_or_nothing [B]", "Pernyataan."},
		{"Pernyataan.{ FALSE }", "truefalse all_or_nothing [B]", "Pernyataan."},
		{"Isi {=URL =alamat}", "short text_list []", "Isi"},
		{"Isi {URL}\n\nb {=c}", "short text_list []", "Isi"},
		{"Berapa {#8}", "numeric number_list []", "Berapa"},
		{"Jodohkan {=a -> 1 =b -> 2}", "match per_pair [A 1 B 2]", "Jodohkan"},
		{"Minum kopi? {~beli -> minum =seduh -> minum}", "single all_or_nothing [B]", "Minum kopi?"},
		{"Urutkan{>2 ALL V ABS\nsatu\ndua\n}", "order order_absolute [A B]", "Urutkan"},
		{"Jelaskan. {}", "essay manual []", "Jelaskan."},
		{"Jelaskan. {####Pembahasan}", "essay manual []", "Jelaskan."},
		{"Bacalah ini.\n\nb {T}", "info  []", "Bacalah ini."},
	} {
		item := parse(t, tt.text).Items[0]
		in := item.Content.Choice()
		got := item.Type + " " + string(in.Rule) + " " + list(in.Correct)
		if got != tt.want || item.Content.Stem != tt.stem || len(item.Rejects) > 0 {
			t.Errorf("%q = %s, stem %q, rejects %q; want %s, %q", tt.text, got, item.Content.Stem, keys(item.Rejects), tt.want, tt.stem)
		}
	}
}

func list(ids []string) string {
	out := "["
	for i, id := range ids {
		if i > 0 {
			out += " "
		}
		out += id
	}
	return out + "]"
}

// The traps: what Moodle takes in silence and what we make of it.
func TestTraps(t *testing.T) {
	for _, tt := range []struct {
		name, text string
		types      []string
		rejects    []string // of the last item
		warnings   []string
	}{
		{"not a number", "abc {#notanumber}", []string{"numeric"}, []string{"baris 1 questionbank.number_unreadable"}, nil},
		{"no number", "abc {#}", []string{"numeric"}, []string{"baris 1 questionbank.number_unreadable"}, nil},
		{"any number", "abc {#*}", []string{"numeric"}, []string{"baris 1 questionbank.number_unreadable"}, nil},
		{"category swallows", "$CATEGORY: X\n::n::text {T}", []string{"truefalse"}, nil, []string{"baris 2 questionbank.gift.category_glued"}},
		{"blank line in braces", "q {=a ~b\n\n~c}", []string{"single"}, nil, []string{"baris 2 questionbank.gift.blank_inside"}},
		{"lower case", "q {true}", []string{"truefalse"}, nil, []string{"baris 1 questionbank.gift.truth_spelling"}},
		{"Indonesian", "q {BENAR}", []string{"truefalse"}, nil, []string{"baris 1 questionbank.gift.truth_spelling"}},
		{"two full answers", "q {=GET =HEAD ~%-50%POST}", []string{"single"}, nil, []string{"baris 1 questionbank.gift.many_full", "baris 1 questionbank.gift.negative"}},
		{"empty option", "q {=~%50% Views\n~b}", []string{"sjt"}, []string{"baris 1 questionbank.gift.option_empty"}, []string(nil)},
		{"stray brace", "q {={% csrf_token %}\n~x}", []string{"short"}, []string{"baris 1 questionbank.gift.brace_stray"}, nil},
		{"lone brace", "b {T}\n\nq {=a ~b", []string{"truefalse", "unsupported"}, []string{"baris 3 questionbank.gift.brace_lone"}, nil},
		{"closing brace only", "b {T}\n\nq =a}", []string{"truefalse", "unsupported"}, []string{"baris 3 questionbank.gift.brace_lone"}, nil},
		{"code around", `"tanya {=a ~b}";`, []string{"single"}, nil, []string{"baris 1 questionbank.gift.tail"}},
		{"plugin file", `q @@PLUGINFILE@@ <img src\="@@PLUGINFILE@@/x.png" alt\="Bagan"> {=a ~b}`, []string{"single"}, nil, []string{"baris 1 questionbank.gift.no_files"}},
		{"picture from afar", `[html]q <img src\="https\://x.id/a.png"> {=a ~b}`, []string{"single"}, nil, []string{"baris 1 questionbank.gift.no_files"}},
		{"script", "[html]q <script>alert(1)</script> {=a ~b}", []string{"single"}, nil, []string{"baris 1 questionbank.gift.lost"}},
		{"no key", "q {~a ~b}", []string{"multiple"}, []string{"baris 1 questionbank.gift.no_key"}, nil},
		{"select all", "q {~%50%a ~%50%b ~c}", []string{"multiple"}, nil, []string{"baris 1 questionbank.gift.select_all"}},
		{"one option", "q {~%100%a}", []string{"multiple"}, []string{"baris 1 questionbank.gift.one_choice"}, []string{"baris 1 questionbank.gift.select_all"}},
		{"negative distractors", "q {=a ~%-33.33333%b}", []string{"single"}, nil, []string{"baris 1 questionbank.gift.negative"}},
		{"equals in an option", "q {=x ~a=b}", []string{"single"}, nil, []string{"baris 1 questionbank.gift.equals_inside", "baris 1 questionbank.gift.many_full"}},
		{"missing-word weight", "q {=a ~75%baik ~c}", []string{"sjt"}, nil, []string{"baris 1 questionbank.gift.bare_weight"}},
		{"percent is text", "q {=a ~75% dari semua ~100%}", []string{"single"}, nil, nil},
		{"option without a sign", "q {a ~b =c}", []string{"single"}, nil, []string{"baris 1 questionbank.gift.no_sign"}},
		{"no arrow", "q {=a -> b\n=c d}", []string{"match"}, []string{"baris 2 questionbank.gift.no_arrow", "baris 1 questionbank.gift.few_pairs"}, nil},
		{"no partner", "q {=a -> b\n=c -> }", []string{"match"}, []string{"baris 2 questionbank.gift.no_partner", "baris 1 questionbank.gift.few_pairs"}, nil},
		{"alike targets", "q {=a -> x =b -> x =c -> y}", []string{"match"}, nil, []string{"baris 1 questionbank.gift.targets_alike"}},
		{"not separated", "::a::satu {T}\n::b::dua {F}", []string{"truefalse", "truefalse"}, nil, []string{"baris 2 questionbank.gift.not_separated"}},
		{"not separated, no names", "satu {T}\ndua {F}", []string{"truefalse", "truefalse"}, nil, []string{"baris 2 questionbank.gift.not_separated"}},
		{"name open", "::a satu {T}", []string{"truefalse"}, nil, []string{"baris 1 questionbank.gift.name_open"}},
		{"empty short answer", "q {=%50%}", []string{"short"}, []string{"baris 1 questionbank.gift.answer_empty"}, nil},
		{"unknown grading", "q {>3 ALL V RELATIVE_TO_CORRECT\na\nb\nc\n}", []string{"order"}, nil, []string{"baris 1 questionbank.gift.grading_near"}},
		{"some entries", "q {>2 RANDOM V ABS\na\nb\nc\n}", []string{"order"}, nil, []string{"baris 1 questionbank.gift.order_subset"}},
		{"tags as options", "[html]Tag mana? {=<br> ~x}", []string{"single"}, nil, []string{"baris 1 questionbank.gift.tags_shown"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			items := parse(t, tt.text).Items
			var types []string
			for _, item := range items {
				types = append(types, item.Type)
			}
			last := items[len(items)-1]
			if diff := cmp.Diff(tt.types, types); diff != "" {
				t.Errorf("types (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.rejects, keys(last.Rejects)); diff != "" {
				t.Errorf("rejects (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.warnings, keys(last.Warnings)); diff != "" {
				t.Errorf("warnings (-want +got):\n%s", diff)
			}
		})
	}
}

func TestEscapesAndFormats(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{`a \: \# \= \{ \} \~ {T}`, `a : \# = { } ~`},
		{`a\nb {T}`, "a\\\nb"},
		{`1 \\neq 0 {T}`, `1 \\neq 0`},
		{`a \\\\ b {T}`, `a \\\\ b`},
		{`a \x {T}`, `a \\x`},
		{"[html]<b>a</b> &lt;x&gt; {T}", `**a** \<x>`},
		{"<b>a</b> {T}", "**a**"},
		{"a\nb {T}", "a\\\nb"},
		{"<p>a\nb</p> {T}", "a b"},
		{"Apa itu <head>? {T}", `Apa itu \<head>?`},
		{"[plain]<b>a</b> &amp; {T}", `\<b>a\</b> \&amp;`},
		{"[markdown]**a** `b` {T}", "**a** `b`"},
		{"[markdown]a ![Bagan](media:x.png) b {T}", "a Bagan b"},
		{"[moodle]a &amp; b {T}", "a & b"},
		{"::x::[html]<i>a</i> {T}", "*a*"},
		{"// komentar\na\n// di tengah\nb {T}", "a\\\nb"},
	} {
		if got := parse(t, tt.text).Items[0].Content.Normalise().Stem; got != tt.want {
			t.Errorf("%q = %q, want %q", tt.text, got, tt.want)
		}
	}
}

// Answers and feedback inherit the stem's format unless they name their own.
func TestInheritedFormat(t *testing.T) {
	in := only(t, "[html]q {=<b>a</b>#<i>ya</i> ~[plain]<b>#[markdown]*tidak*}").Content.Choice()
	want := []questionbank.Option{{ID: "A", Text: "**a**", Rich: true, Reason: "*ya*"}, {ID: "B", Text: "<b>", Reason: "*tidak*"}}
	if diff := cmp.Diff(want, in.Options); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestTrueFalseFeedback(t *testing.T) {
	for _, tt := range []struct{ answer, reasonTrue, reasonFalse string }{
		{"TRUE#salah#tepat", "tepat", "salah"},
		{"FALSE#salah#tepat", "salah", "tepat"},
		{"T#salah", "", "salah"},
		{"F# #tepat", "", "tepat"},
	} {
		o := only(t, "q {"+tt.answer+"}").Content.Choice().Options
		if o[0].Reason != tt.reasonTrue || o[1].Reason != tt.reasonFalse {
			t.Errorf("{%s}: %q, %q; want %q, %q", tt.answer, o[0].Reason, o[1].Reason, tt.reasonTrue, tt.reasonFalse)
		}
	}
}

func TestNumbers(t *testing.T) {
	for _, tt := range []struct {
		answer string
		want   []questionbank.Number
	}{
		{"#1822", []questionbank.Number{{Value: "1822", Points: scoring.Point}}},
		{"#1822:0", []questionbank.Number{{Value: "1822", Points: scoring.Point}}},
		{"#-3.142:0.001#ya", []questionbank.Number{{Value: "-3.142", Tolerance: "0.001", Points: scoring.Point, Reason: "ya"}}},
		{"#3,14:0,01", []questionbank.Number{{Value: "3.14", Tolerance: "0.01", Points: scoring.Point}}},
		{"#-5..5", []questionbank.Number{{Low: "-5", High: "5", Points: scoring.Point}}},
		{"#5..1", []questionbank.Number{{Low: "1", High: "5", Points: scoring.Point}}},
		{"# =8 =%50%7..9#dekat ~#jauh", []questionbank.Number{
			{Value: "8", Points: scoring.Point}, {Low: "7", High: "9", Points: scoring.Point / 2, Reason: "dekat"}, {Any: true, Reason: "jauh"},
		}},
		{"#=8 =%0%*#lain", []questionbank.Number{{Value: "8", Points: scoring.Point}, {Any: true, Reason: "lain"}}},
	} {
		item := only(t, "q {"+tt.answer+"}")
		if diff := cmp.Diff(tt.want, item.Content.Choice().Numbers); diff != "" || len(item.Rejects) > 0 {
			t.Errorf("{%s} rejects %q (-want +got):\n%s", tt.answer, keys(item.Rejects), diff)
		}
	}
}

func TestShortAnswers(t *testing.T) {
	got := only(t, `q {=%100%URL#Tepat =%50%uniform* =a\*b =[html]R&amp;D}`).Content.Choice().Texts
	want := []questionbank.TextAnswer{
		{Text: "URL", Points: scoring.Point, Reason: "Tepat"}, {Text: "uniform*", Wild: true, Points: scoring.Point / 2},
		{Text: "a*b", Points: scoring.Point}, {Text: "R&D", Points: scoring.Point},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Where a text follows the answer the stem has a line in its place.
func TestMissingWord(t *testing.T) {
	for _, tt := range []struct{ text, stem, ext string }{
		{"Ibu kota {=Bandung ~Bogor} adalah kota.", `Ibu kota \_\_\_\_\_ adalah kota.`, `{"gap":1}`},
		{"a _____ b {=c ~d} e", `a \_\_\_\_\_ b \_\_\_\_\_ e`, `{"gap":2}`},
		{"Berapa {#8}.", `Berapa \_\_\_\_\_.`, `{"gap":1}`},
		{"[html]<p>Berapa {#8}</p>", "Berapa", ""},
		{"Berapa? {#8}", "Berapa?", ""},
	} {
		item := only(t, tt.text)
		if item.Content.Stem != tt.stem || string(item.Content.Ext["gift"]) != tt.ext {
			t.Errorf("%q = %q %s, want %q %s", tt.text, item.Content.Stem, item.Content.Ext["gift"], tt.stem, tt.ext)
		}
	}
}

func TestCommentsAndCategories(t *testing.T) {
	parsed := parse(t, `// question: 12  name: Surel
// [id:A1-7] [tag:satu] [tag:dua \] tiga] [tag:cakap:indicator=A1.4] [tag:cakap:level=L3]
// [tag:cakap:basis=Perpres 95/2018] [tag:cakap:expires=2028-12-31] [tag:cakap:digcomp=1.1,4.2]
::Surel::q {T}

$CATEGORY: $course$/top/Dasar / Surel//Pesan

// [id:bukan kode!]
q {F}

$CATEGORY: top
r {}`)
	want := []questionbank.Content{
		{
			Title: "Surel", Tags: []string{"satu", "dua ] tiga"}, Indicator: "A1.4", Level: questionbank.L3,
			Basis: "Perpres 95/2018", Expires: "2028-12-31", DigComp: []string{"1.1", "4.2"},
		},
		{Category: "Dasar/Surel//Pesan"}, {},
	}
	for i := range want {
		got := parsed.Items[i].Content
		got.Type, got.Stem, got.Interactions, got.Ext = "", "", nil, nil
		if diff := cmp.Diff(want[i], got); diff != "" {
			t.Errorf("item %d (-want +got):\n%s", i+1, diff)
		}
	}
	if got := parsed.Items[0].Code; got != "A1-7" {
		t.Errorf("code = %q", got)
	}
	if got := parsed.Items[1]; got.Code != "" || string(got.Content.Ext["gift"]) != `{"id":"bukan kode!"}` || got.At != "baris 9" {
		t.Errorf("second: code %q, ext %s, at %s", got.Code, got.Content.Ext["gift"], got.At)
	}
	if got := string(parsed.Items[0].Raw); got[:12] != "// question:" {
		t.Errorf("raw begins %q", got[:12])
	}
}

func TestPlaces(t *testing.T) {
	item := only(t, "// catatan\n\n::x::q\n{\n=a\n~b\n~c\n}")
	want := map[string]string{"stem": "baris 3", "option_a": "baris 5", "option_b": "baris 6", "option_c": "baris 7"}
	if diff := cmp.Diff(want, item.Places); diff != "" || item.At != "baris 3" {
		t.Errorf("at %s (-want +got):\n%s", item.At, diff)
	}
}

func TestEncodings(t *testing.T) {
	for _, tt := range []struct{ name, text, encoding string }{
		{"utf-8", "é {T}", "utf-8"},
		{"byte order mark", "\xef\xbb\xbfé {T}", "utf-8"},
		{"windows-1252", "\xe9 {T}", "windows-1252"},
		{"utf-16", "\xff\xfe\xe9\x00 \x00{\x00T\x00}\x00", "utf-16"},
		{"old Macintosh", "é {T}\r\rb {F}", "utf-8"},
	} {
		parsed := parse(t, tt.text)
		if got := parsed.Items[0].Content.Stem; got != "é" || parsed.Encoding != tt.encoding {
			t.Errorf("%s: %q in %s", tt.name, got, parsed.Encoding)
		}
		if warned := len(parsed.Messages) == 1; warned != (tt.encoding == "windows-1252") {
			t.Errorf("%s: messages %q", tt.name, keys(parsed.Messages))
		}
	}
}
