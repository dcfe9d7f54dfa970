package rp_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cakap/questionbank/format/qti/rp"
)

const declarations = `
<responseDeclaration identifier="A" cardinality="single" baseType="float"><correctResponse><value>2.5</value></correctResponse></responseDeclaration>
<responseDeclaration identifier="M" cardinality="multiple" baseType="identifier"><mapping lowerBound="-1" upperBound="2" defaultValue="-0.5"><mapEntry mapKey="x" mappedValue="1"/><mapEntry mapKey="y" mappedValue="2"/></mapping></responseDeclaration>
<responseDeclaration identifier="O" cardinality="ordered" baseType="identifier"/>
<responseDeclaration identifier="S" cardinality="single" baseType="string"><mapping defaultValue="0"><mapEntry mapKey="Jakarta" mappedValue="1"/><mapEntry mapKey="DKI" mappedValue="2" caseSensitive="false"/></mapping></responseDeclaration>
<responseDeclaration identifier="P" cardinality="multiple" baseType="point"><areaMapping defaultValue="-1"><areaMapEntry shape="ellipse" coords="50,50,20,10" mappedValue="3"/><areaMapEntry shape="poly" coords="0,0,10,0,10,10,0,10" mappedValue="2"/></areaMapping></responseDeclaration>
<responseDeclaration identifier="N" cardinality="single" baseType="float"/>
<outcomeDeclaration identifier="X" cardinality="single"/>
<outcomeDeclaration identifier="T" cardinality="single" baseType="float"><interpolationTable defaultValue="0"><interpolationTableEntry sourceValue="10" targetValue="3"/><interpolationTableEntry sourceValue="5" targetValue="2" includeBoundary="false"/></interpolationTable></outcomeDeclaration>`

// run evaluates an expression for fixed answers; N is not answered.
func run(t *testing.T, rules string) (map[string]rp.Value, error) {
	t.Helper()
	item := mustItem(t, []byte(`<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1">`+declarations+`<responseProcessing>`+rules+`</responseProcessing></assessmentItem>`))
	program, err := rp.Parse(item)
	if err != nil {
		return nil, err
	}
	answers := map[string]rp.Value{}
	for id, texts := range map[string][]string{
		"A": {"2.5"}, "M": {"x", "z"}, "O": {"a", "b", "c"}, "S": {"dki"}, "P": {"60 52", "5 5", "5 6"},
	} {
		answers[id] = program.Response(id).Value(texts...)
	}
	return program.Run(answers)
}

func set(expression string) string {
	return `<setOutcomeValue identifier="X">` + expression + `</setOutcomeValue>`
}

func value(kind, text string) string {
	return `<baseValue baseType="` + kind + `">` + text + `</baseValue>`
}

func variable(id string) string { return `<variable identifier="` + id + `"/>` }

func numbers(list ...string) string {
	var b strings.Builder
	for _, x := range list {
		b.WriteString(value("float", x))
	}
	return b.String()
}

type expression struct{ expression, want string }

// expressions is what each comes to; "" is nothing.
func expressions() []expression {
	yes, no, null := value("boolean", "true"), value("boolean", "false"), "<null/>"
	a, m, o, s, n := variable("A"), variable("M"), variable("O"), variable("S"), variable("N")
	return []expression{
		// nothing spreads, unless the rest decides
		{"<sum>" + a + n + "</sum>", ""},
		{"<and>" + yes + null + "</and>", ""},
		{"<and>" + no + null + "</and>", "false"},
		{"<or>" + yes + null + "</or>", "true"},
		{"<or>" + no + null + "</or>", ""},
		{"<not>" + null + "</not>", ""},
		{"<isNull>" + n + "</isNull>", "true"},
		{"<isNull><multiple/></isNull>", "true"},
		{"<match>" + n + a + "</match>", ""},
		{`<anyN min="1" max="2">` + yes + null + no + "</anyN>", "true"},
		{`<anyN min="2" max="2">` + yes + null + no + "</anyN>", ""},
		{`<anyN min="3" max="3">` + yes + null + no + "</anyN>", "false"},
		// arithmetic is exact
		{"<sum>" + numbers("0.1", "0.2") + "</sum>", "0.3"},
		{"<subtract>" + numbers("1", "0.9") + "</subtract>", "0.1"},
		{"<divide>" + numbers("1", "0") + "</divide>", ""},
		{"<product>" + numbers("0.5", "3", "4") + "</product>", "6"},
		{"<power>" + numbers("1.5", "2") + "</power>", "2.25"},
		{"<power>" + numbers("2", "0.5") + "</power>", "1.4142135623731"},
		{"<integerDivide>" + numbers("-7", "2") + "</integerDivide>", "-4"},
		{"<integerModulus>" + numbers("-7", "2") + "</integerModulus>", "1"},
		{"<truncate>" + numbers("-6.5") + "</truncate>", "-6"},
		{"<round>" + numbers("-6.5") + "</round>", "-6"},
		{"<round>" + numbers("6.5") + "</round>", "7"},
		{`<roundTo roundingMode="decimalPlaces" figures="2">` + numbers("3.175") + "</roundTo>", "3.18"},
		{`<roundTo roundingMode="significantFigures" figures="2">` + numbers("0.01249") + "</roundTo>", "0.012"},
		{"<gcd>" + numbers("12", "-18") + "</gcd>", "6"},
		{"<lcm>" + numbers("4", "6") + "</lcm>", "12"},
		{"<max>" + numbers("1", "3", "2") + "</max>", "3"},
		{"<min>" + numbers("1", "-3", "2") + "</min>", "-3"},
		{`<mathOperator name="ceil">` + numbers("1.2") + "</mathOperator>", "2"},
		{`<mathOperator name="sin">` + numbers("0") + "</mathOperator>", "0"},
		{`<mathConstant name="pi"/>`, "3.14159265358979"},
		{`<statsOperator name="popVariance"><multiple>` + numbers("1", "3") + "</multiple></statsOperator>", "1"},
		{"<sampleSD><multiple>" + numbers("1") + "</multiple></sampleSD>", ""},
		{"<lt>" + a + numbers("2.6") + "</lt>", "true"},
		{"<gte>" + a + numbers("2.5") + "</gte>", "true"},
		// equality
		{`<equal toleranceMode="absolute" tolerance="0.5" includeUpperBound="false">` + numbers("2") + a + "</equal>", "false"},
		{`<equal toleranceMode="absolute" tolerance="1 0.5">` + numbers("2") + a + "</equal>", "true"},
		{`<equal toleranceMode="relative" tolerance="25">` + numbers("2") + a + "</equal>", "true"},
		{`<equal toleranceMode="relative" tolerance="24.9">` + numbers("2") + a + "</equal>", "false"},
		{`<equalRounded roundingMode="decimalPlaces" figures="0">` + numbers("3") + a + "</equalRounded>", "true"},
		{"<match>" + value("integer", "3") + numbers("3.0") + "</match>", "true"},
		{"<match>" + value("pair", "B A") + value("pair", "A B") + "</match>", "true"},
		{"<match>" + value("directedPair", "B A") + value("directedPair", "A B") + "</match>", "false"},
		{"<match>" + m + "<multiple>" + value("identifier", "z") + value("identifier", "x") + "</multiple></match>", "true"},
		{"<match>" + o + "<ordered>" + value("identifier", "b") + value("identifier", "a") + value("identifier", "c") + "</ordered></match>", "false"},
		{"<match>" + a + `<correct identifier="A"/></match>`, "true"},
		// texts
		{"<stringMatch>" + s + value("string", "DKI") + "</stringMatch>", "false"},
		{`<stringMatch caseSensitive="false">` + s + value("string", "DKI") + "</stringMatch>", "true"},
		{`<substring caseSensitive="true">` + value("string", "k") + s + "</substring>", "true"},
		{`<patternMatch pattern="d.i">` + s + "</patternMatch>", "true"},
		{`<patternMatch pattern="d.">` + s + "</patternMatch>", "false"}, // the whole text
		// containers
		{"<containerSize>" + m + "</containerSize>", "2"},
		{`<index n="2">` + o + "</index>", "b"},
		{`<index n="4">` + o + "</index>", ""},
		{"<member>" + value("identifier", "x") + m + "</member>", "true"},
		{"<contains>" + o + "<ordered>" + value("identifier", "b") + value("identifier", "c") + "</ordered></contains>", "true"},
		{"<contains>" + o + "<ordered>" + value("identifier", "a") + value("identifier", "c") + "</ordered></contains>", "false"},
		{"<containerSize><delete>" + value("identifier", "x") + m + "</delete></containerSize>", "1"},
		// mappings
		{`<mapResponse identifier="M"/>`, "0.5"}, // 1 for x, −0.5 for z, which has no entry
		{`<mapResponse identifier="S"/>`, "2"},
		{`<mapResponse identifier="O"/>`, "0"},
		{`<mapResponsePoint identifier="P"/>`, "4"}, // 3 and 2, and −1 for the second point in one area
		{`<inside shape="rect" coords="0,0,70,70">` + variable("P") + "</inside>", "true"},
		{`<default identifier="X"/>`, ""},
	}
}

func TestExpressions(t *testing.T) {
	for _, tt := range expressions() {
		outcomes, err := run(t, set(tt.expression))
		if err != nil {
			t.Errorf("%s: %v", tt.expression, err)
			continue
		}
		if got := strings.Join(outcomes["X"].Texts(), " "); got != tt.want {
			t.Errorf("%s = %q, want %q", tt.expression, got, tt.want)
		}
	}
}

func TestRules(t *testing.T) {
	for _, tt := range []struct{ name, rules, want string }{
		{"else", `<responseCondition><responseIf><isNull>` + variable("A") + `</isNull>` + set(value("string", "if")) + `</responseIf><responseElse>` + set(value("string", "else")) + `</responseElse></responseCondition>`, "else"},
		{"exit", set(value("string", "one")) + `<exitResponse/>` + set(value("string", "two")), "one"},
		{"fragment", `<responseProcessingFragment>` + set(value("string", "in")) + `</responseProcessingFragment>`, "in"},
		{"only nothing to do", `<responseCondition><responseIf>` + value("boolean", "true") + `</responseIf></responseCondition>`, ""},
		{"table by steps", `<lookupOutcomeValue identifier="T">` + value("float", "7") + `</lookupOutcomeValue>` + set(variable("T")), "2"},
		{"end of a step", `<lookupOutcomeValue identifier="T">` + value("float", "5") + `</lookupOutcomeValue>` + set(variable("T")), "0"},
	} {
		outcomes, err := run(t, tt.rules)
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		if got := strings.Join(outcomes["X"].Texts(), " "); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

// TestRefusedByName wants the element's own name for what is not run.
func TestRefusedByName(t *testing.T) {
	for rules, want := range map[string]string{
		set(`<random><multiple>` + numbers("1") + `</multiple></random>`):                  "random",
		set(`<sum>` + numbers("1") + `<customOperator class="x"/></sum>`):                  "customOperator",
		`<responseCondition><responseIf><testVariables/></responseIf></responseCondition>`: "testVariables",
		`<setOutcomeValue identifier="X"/>`:                                                "setOutcomeValue",
		set(`<patternMatch pattern="(">` + variable("S") + `</patternMatch>`):              "patternMatch (",
		set(`<mathOperator name="gamma">` + numbers("1") + `</mathOperator>`):              "mathOperator gamma",
		set(`<subtract>` + numbers("1") + `</subtract>`):                                   "subtract",
		`<responseCondition><responseIf/></responseCondition>`:                             "responseIf",
		`<loop/>`: "loop",
	} {
		_, err := run(t, rules)
		var unsupported *rp.Unsupported
		if !errors.As(err, &unsupported) || unsupported.Element != want {
			t.Errorf("%s: got %v, want %q refused", rules, err, want)
		}
	}
	_, err := run(t, set(variable("Q01.SCORE")))
	var undeclared *rp.Undeclared
	if !errors.As(err, &undeclared) || undeclared.Identifier != "Q01.SCORE" {
		t.Errorf("got %v, want Q01.SCORE undeclared", err)
	}
}

// TestBounded ends what would grow without end.
func TestBounded(t *testing.T) {
	square := `<setOutcomeValue identifier="SCORE"><product>` + variable("SCORE") + variable("SCORE") + `</product></setOutcomeValue>`
	for name, rules := range map[string]string{
		"squares":        `<setOutcomeValue identifier="SCORE">` + numbers("3") + `</setOutcomeValue>` + strings.Repeat(square, 40),
		"repeats":        set(`<repeat numberRepeats="1000000000"><ordered>` + numbers("1", "2") + `</ordered></repeat>`),
		"nested repeats": set(`<repeat numberRepeats="900"><repeat numberRepeats="900">` + numbers("1") + `</repeat></repeat>`),
	} {
		if _, err := run(t, rules); !errors.Is(err, rp.ErrTooMuch) {
			t.Errorf("%s: got %v, want too much", name, err)
		}
	}
	outcomes, err := run(t, set(value("float", "1e999999999")))
	if err != nil || !outcomes["X"].Null() {
		t.Errorf("a huge exponent: got %v, %v, want nothing", outcomes["X"].Texts(), err)
	}
}

// TestCaseByVersion: what a mapEntry says nothing of differs between versions.
func TestCaseByVersion(t *testing.T) {
	for space, want := range map[string]string{"imsqti_v2p1": "0", "imsqti_v2p2": "1", "imsqtiasi_v3p0": "1"} {
		item := mustItem(t, []byte(`<assessmentItem xmlns="http://www.imsglobal.org/xsd/`+space+`">
<responseDeclaration identifier="RESPONSE" cardinality="single" baseType="string"><mapping defaultValue="0"><mapEntry mapKey="Jakarta" mappedValue="1"/></mapping></responseDeclaration>
<responseProcessing template="http://www.imsglobal.org/question/qti_v2p1/rptemplates/map_response"/></assessmentItem>`))
		program, err := rp.Parse(item)
		if err != nil {
			t.Fatal(err)
		}
		outcomes, err := program.Run(map[string]rp.Value{"RESPONSE": program.Response("RESPONSE").Value("jakarta")})
		if got := strings.Join(outcomes["SCORE"].Texts(), ""); err != nil || got != want {
			t.Errorf("%s: got %s, %v, want %s", space, got, err, want)
		}
	}
}

func TestNormalise(t *testing.T) {
	n := mustItem(t, []byte(`<qti-assessment-item time-dependent="false" data-x-y="1"><p class="a-b" data-z="2"><qti-text-entry-interaction response-identifier="R" aria-label="l"/></p><qti-duration-lt/></qti-assessment-item>`))
	want := `<assessmentItem data-x-y="1" timeDependent="false"><p class="a-b" data-z="2"><textEntryInteraction aria-label="l" responseIdentifier="R"></textEntryInteraction></p><durationLT></durationLT></assessmentItem>`
	if diff := cmp.Diff(want, n.Outer()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestAssume scores by what the declarations suggest.
func TestAssume(t *testing.T) {
	item := mustItem(t, []byte(`<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1">
<responseDeclaration identifier="A" cardinality="single" baseType="identifier"><correctResponse><value>x</value></correctResponse></responseDeclaration>
<responseDeclaration identifier="B" cardinality="single" baseType="identifier"><mapping defaultValue="0"><mapEntry mapKey="y" mappedValue="3"/></mapping></responseDeclaration></assessmentItem>`))
	program, err := rp.Parse(item)
	if err != nil || program.Scores() {
		t.Fatalf("scores %v, %v", program.Scores(), err)
	}
	program = program.Assume()
	outcomes, err := program.Run(map[string]rp.Value{"A": program.Response("A").Value("x"), "B": program.Response("B").Value("y")})
	if got := strings.Join(outcomes["SCORE"].Texts(), ""); err != nil || got != "4" {
		t.Errorf("got %s, %v, want 4", got, err)
	}
}
