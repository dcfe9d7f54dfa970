package format_test

import (
	"strconv"
	"strings"
	"testing"
	"time"
)

const (
	choiceHead = `<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="i" title="t" adaptive="false" timeDependent="false"><responseDeclaration identifier="RESPONSE" cardinality="single" baseType="identifier"><correctResponse><value>A</value></correctResponse></responseDeclaration><outcomeDeclaration identifier="SCORE" cardinality="single" baseType="float"/><itemBody><choiceInteraction responseIdentifier="RESPONSE" maxChoices="1">`
	choiceTail = `<simpleChoice identifier="A">a</simpleChoice><simpleChoice identifier="B">b</simpleChoice></choiceInteraction></itemBody></assessmentItem>`
	labels     = `</mattext></material><response_lid ident="r"><render_choice>`
	labelled   = `</render_choice></response_lid></presentation><resprocessing>`
)

// One question with thousands of parts of one kind is read or refused in a time
// that grows with the file and not with its square. "§" is the number of a part.
func TestDenseQuestions(t *testing.T) {
	if testing.Short() || raced {
		t.Skip("large files")
	}
	const room = 1 << 20
	for _, tt := range []struct{ name, head, each, tail string }{
		{"item choices", choiceHead, `<simpleChoice identifier="C§">a §</simpleChoice>`, choiceTail},
		{"item gaps", itemOpen, `<textEntryInteraction responseIdentifier="R§"/> `, itemEnd},
		{"item declarations", strings.TrimSuffix(itemOpen, "<itemBody><p>"), `<responseDeclaration identifier="R§" cardinality="single" baseType="string"/>`, "<itemBody><p>" + itemEnd},
		{"item conditions", strings.TrimSuffix(choiceHead+choiceTail, "</assessmentItem>") + "<responseProcessing>", `<setOutcomeValue identifier="SCORE"><baseValue baseType="float">1</baseValue></setOutcomeValue>`, "</responseProcessing></assessmentItem>"},
		{"item entries", strings.Replace(choiceHead[:strings.Index(choiceHead, "<outcome")], "</responseDeclaration>", "<mapping>", 1), `<mapEntry mapKey="C§" mappedValue="1"/>`, "</mapping></responseDeclaration>" + choiceHead[strings.Index(choiceHead, "<outcome"):] + choiceTail},
		{"item order", strings.NewReplacer("choiceInteraction", "orderInteraction", `cardinality="single" baseType="identifier"`, `cardinality="ordered" baseType="identifier"`).Replace(choiceHead), `<simpleChoice identifier="C§">a §</simpleChoice>`, strings.ReplaceAll(choiceTail, "choiceI", "orderI")},
		{"item several", strings.NewReplacer(`maxChoices="1"`, `maxChoices="0"`, `cardinality="single" baseType="identifier"`, `cardinality="multiple" baseType="identifier"`).Replace(choiceHead), `<simpleChoice identifier="C§">a §</simpleChoice>`, choiceTail},
		{"item stylesheets", strings.TrimSuffix(itemOpen, "<itemBody><p>"), `<stylesheet href="a§.css"/>`, "<itemBody><p>" + itemEnd},
		{"item pictures", itemOpen, `<img src="a§.png" alt="a"/>`, itemEnd},
		{"canvas labels", classic + labels, `<response_label ident="a§"><material><mattext>a §</mattext></material></response_label>`, labelled + "</resprocessing></item></questestinterop>"},
		{"canvas conditions", classic + labels + `<response_label ident="a"/>` + labelled, `<respcondition><conditionvar><varequal respident="r">a§</varequal></conditionvar><setvar>100</setvar></respcondition>`, "</resprocessing></item></questestinterop>"},
		{"canvas materials", classic + "a</mattext></material>", `<material><mattext>a</mattext></material>`, "</presentation></item></questestinterop>"},
		{"moodle pairs", `<quiz><question type="matching"><questiontext><text>a</text></questiontext>`, `<subquestion><text>a §</text><answer><text>b §</text></answer></subquestion>`, "</question></quiz>"},
		{"moodle cloze", `<quiz><question type="cloze"><questiontext><text>a `, `{1:SA:=a §} `, "</text></questiontext></question></quiz>"},
		{"moodle files", `<quiz><question type="essay"><questiontext><text>a</text>`, `<file name="a§.png" encoding="base64">AAAA</file>`, "</questiontext></question></quiz>"},
		{"moodle pictures", `<quiz><question type="essay"><questiontext format="html"><text>a`, `&lt;img src="@@PLUGINFILE@@/a§.png"&gt;`, "</text></questiontext></question></quiz>"},
		{"moodle tags", `<quiz><question type="essay"><questiontext><text>a</text></questiontext><tags>`, `<tag><text>a §</text></tag>`, "</tags></question></quiz>"},
		{"moodle choices", `<quiz><question type="gapselect"><questiontext><text>a [[1]]</text></questiontext>`, `<selectoption><text>a §</text><group>1</group></selectoption>`, "</question></quiz>"},
		{"moodle gaps", `<quiz><question type="gapselect"><questiontext><text>a `, `[[1]] `, "</text></questiontext><selectoption><text>a</text><group>1</group></selectoption></question></quiz>"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var b strings.Builder
			b.WriteString(tt.head)
			for i := 0; b.Len() < room; i++ {
				b.WriteString(strings.ReplaceAll(tt.each, "§", strconv.Itoa(i)))
			}
			b.WriteString(tt.tail)
			hang := time.AfterFunc(hangLimit, func() { panic(tt.name + ": still reading after " + hangLimit.String()) })
			defer hang.Stop()
			if parsed, err := bounded(t, "x.xml", []byte(b.String())); err == nil && len(parsed.Items) == 0 {
				t.Error("neither a question nor a word about it")
			}
		})
	}
}
