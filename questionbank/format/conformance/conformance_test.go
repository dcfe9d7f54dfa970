package conformance

import "testing"

func TestFits(t *testing.T) {
	for _, tt := range []struct {
		want string
		got  map[string]int
		ok   bool
	}{
		{"multichoice_single=3; truefalse=1", map[string]int{"single": 2, "truefalse": 2}, true},
		{"multichoice_single=3; truefalse=1", map[string]int{"single": 2, "truefalse": 1}, false},
		{"multichoice_single=3", map[string]int{"single": 3, "essay": 1}, false},
		{"shortanswer=2; numerical=1", map[string]int{"short": 1, "numeric": 2}, true},
		{"choiceInteraction=1; rp:custom=1", map[string]int{"multiple": 1}, true},
		{"textEntryInteraction+inlineChoiceInteraction=1", map[string]int{"cloze": 1}, true},
		{"choiceInteraction+extendedTextInteraction=1", map[string]int{"single": 1}, true},
		{"sliderInteraction=1", map[string]int{"unsupported": 1}, true},
		{"sliderInteraction=1", map[string]int{"single": 1}, false},
		{"", map[string]int{}, true},
	} {
		if ok := fits(tt.want, tt.got); ok != tt.ok {
			t.Errorf("fits(%q, %v) = %v", tt.want, tt.got, ok)
		}
	}
}

func TestSpeaks(t *testing.T) {
	for text, want := range map[string]bool{"WARN: 4 options": true, "item Q02 malformed": true, "REJECT item: href points nowhere": true, "3 gaps, 5 options group 1": false, "shown for WRONG answer": false, "": false} {
		if got := speaks(text); got != want {
			t.Errorf("speaks(%q) = %v", text, got)
		}
	}
}
