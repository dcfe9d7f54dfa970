package jsonsoal

import (
	"math/big"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"cakap/internal/fault"
	"cakap/questionbank"
	"cakap/scoring"
)

// typeWords are what files call the kinds; what is not here is judged by its options.
var typeWords = map[string]questionbank.Type{
	"pg": questionbank.Single, "pilihanganda": questionbank.Single, "single": questionbank.Single, "multiplechoice": questionbank.Single, "mcq": questionbank.Single,
	"pgk": questionbank.Multiple, "pgkompleks": questionbank.Multiple, "pilihangandakompleks": questionbank.Multiple, "multiple": questionbank.Multiple,
	"multipleselect": questionbank.Multiple, "multipleresponse": questionbank.Multiple, "checkbox": questionbank.Multiple,
	"bs": questionbank.TrueFalse, "benarsalah": questionbank.TrueFalse, "truefalse": questionbank.TrueFalse, "boolean": questionbank.TrueFalse,
	"sjt": questionbank.SJT, "tkp": questionbank.SJT,
	"isian": questionbank.Short, "isiansingkat": questionbank.Short, "short": questionbank.Short, "shortanswer": questionbank.Short, "fillintheblank": questionbank.Short,
	"angka": questionbank.Numeric, "numeric": questionbank.Numeric, "numerical": questionbank.Numeric,
	"esai": questionbank.Essay, "essay": questionbank.Essay, "uraian": questionbank.Essay,
	"survei": questionbank.Survey, "survey": questionbank.Survey, "angket": questionbank.Survey,
}

// others are kinds that this format cannot say well enough to be read.
var others = []string{"match", "matching", "menjodohkan", "jodoh", "order", "ordering", "mengurutkan", "cloze", "hotspot", "matrix"}

func (r *reader) typeOf(options []questionbank.Option) string {
	word := plain(r.q.value.string(fType))
	if slices.Contains(others, word) {
		return questionbank.Unsupported
	}
	if t, ok := typeWords[word]; ok {
		if t == questionbank.Single && len(r.rightOnes(options)) > 1 {
			return string(questionbank.Multiple)
		}
		return string(t)
	}
	return string(r.guess(options))
}

func (r *reader) guess(options []questionbank.Option) questionbank.Type {
	key, keyed := r.q.value.field(fCorrect)
	switch {
	case len(options) == 0 && (!keyed || key.kind == null || key.kind == text && strings.TrimSpace(key.text) == ""):
		return questionbank.Essay
	case len(options) == 0 && key.kind == number:
		return questionbank.Numeric
	case len(options) == 0:
		if _, ok := truth(key.text); ok {
			return questionbank.TrueFalse
		}
		return questionbank.Short
	case len(options) == 2 && isTruth(options):
		return questionbank.TrueFalse
	case r.levels() > 1:
		return questionbank.SJT
	case key.kind == list && len(key.values) > 1 || len(r.rightOnes(options)) > 1:
		return questionbank.Multiple
	}
	return questionbank.Single
}

func isTruth(options []questionbank.Option) bool {
	first, ok := truth(options[0].Text)
	second, ok2 := truth(options[1].Text)
	return ok && ok2 && first == 0 && second == 1
}

// truth is 0 for Benar and 1 for Salah.
func truth(s string) (int, bool) {
	switch plain(s) {
	case "benar", "true", "ya":
		return 0, true
	case "salah", "false", "tidak":
		return 1, true
	}
	return 0, false
}

// mostPoints is more than anybody gives for an option.
var mostPoints = big.NewRat(1000, 1)

// points is each option's own worth, where the file gives every one any.
func (r *reader) points() []scoring.Micro {
	var all []scoring.Micro
	for _, v := range optionValues(r.q.value) {
		worth, _, ok := v.get(optionPoints)
		x, isNumber := scoring.ParseNumber(worth.text)
		if !ok || !isNumber {
			return nil
		}
		if x.Abs(x).Cmp(mostPoints) > 0 {
			return nil
		}
		micro, _ := new(big.Float).SetRat(x.Mul(x, big.NewRat(int64(scoring.Point), 1))).Int64()
		if strings.HasPrefix(strings.TrimSpace(worth.text), "-") {
			micro = -micro
		}
		all = append(all, scoring.Micro(micro))
	}
	return all
}

// levels is how many different worths above nothing the options have.
func (r *reader) levels() int {
	paid := slices.DeleteFunc(r.points(), func(m scoring.Micro) bool { return m <= 0 })
	slices.Sort(paid)
	return len(slices.Compact(paid))
}

// rightOnes is the places of options that say of themselves that they are right,
// by a mark or by being the only ones with points.
func (r *reader) rightOnes(options []questionbank.Option) []int {
	var places []int
	points := r.points()
	values := optionValues(r.q.value)
	if len(values) == 0 && len(options) > 0 {
		key, _ := r.q.value.field(fCorrect)
		values = key.values
	}
	for i, v := range values {
		mark, _, ok := v.get(optionRight)
		_, yes := truth(mark.text)
		place, _ := truth(mark.text)
		switch {
		case ok && (yes && place == 0 || mark.kind == number && mark.text == "1"), !ok && points != nil && points[i] > 0:
			places = append(places, i)
		}
	}
	return places
}

func (r *reader) interactions(c *questionbank.Content, options []questionbank.Option) []questionbank.Interaction {
	empty := []questionbank.Option{}
	switch c.Type {
	case questionbank.Essay:
		return []questionbank.Interaction{{Kind: questionbank.EssayKind, Rule: scoring.Manual, Options: empty}}
	case questionbank.Survey:
		return []questionbank.Interaction{questionbank.NewChoice(c.Type, options, nil)}
	case questionbank.Short, questionbank.Numeric:
		return []questionbank.Interaction{r.answers(c)}
	case questionbank.TrueFalse:
		return []questionbank.Interaction{r.judged(options)}
	case questionbank.SJT:
		points := r.points()
		if len(points) != len(options) {
			r.reject(fault.New(fault.Invalid, "questionbank.jsonsoal.points"), fOptions)
			points = make([]scoring.Micro, len(options))
		}
		for i := range options {
			options[i].Points = points[i]
		}
		return []questionbank.Interaction{questionbank.NewChoice(c.Type, options, nil)}
	}
	places := r.correct(options)
	if len(places) > 1 {
		c.Type = questionbank.Multiple
	}
	return []questionbank.Interaction{questionbank.NewChoice(c.Type, options, places)}
}

// answers is a text or a number that is right; a list gives alternatives.
func (r *reader) answers(c *questionbank.Content) questionbank.Interaction {
	in := questionbank.Interaction{Kind: questionbank.TextKind, Rule: scoring.TextList, Options: []questionbank.Option{}}
	if c.Type == questionbank.Numeric {
		in.Kind, in.Rule = questionbank.NumberKind, scoring.NumberList
	}
	key, _ := r.q.value.field(fCorrect)
	values := key.values
	if key.kind <= text && key.kind != null {
		values = []value{key}
	}
	for _, v := range values {
		if c.Type == questionbank.Numeric {
			in.Numbers = append(in.Numbers, questionbank.Number{Value: strings.TrimSpace(v.text), Points: scoring.Point})
		} else {
			in.Texts = append(in.Texts, questionbank.TextAnswer{Text: v.text, Points: scoring.Point})
		}
	}
	return in
}

// judged is a statement: its key is true, "Benar", or the place of either.
func (r *reader) judged(options []questionbank.Option) questionbank.Interaction {
	fixed := []questionbank.Option{{Text: questionbank.TrueText}, {Text: questionbank.FalseText}}
	for i := range min(len(options), 2) {
		fixed[i].Reason = options[i].Reason
	}
	key, ok := r.q.value.field(fCorrect)
	var places []int
	if place, isTruth := truth(key.text); ok && isTruth {
		places = []int{place}
	} else {
		places = r.correct(fixed)
	}
	return questionbank.NewChoice(questionbank.TrueFalse, fixed, places)
}

// correct is the places of the right options.
func (r *reader) correct(options []questionbank.Option) []int {
	key, ok := r.q.value.field(fCorrect)
	if own := r.rightOnes(options); len(own) > 0 && (!ok || key.kind == null || key.kind == list && len(key.values) > 0 && key.values[0].kind == object) {
		return own
	}
	if !ok || key.kind == null || key.kind == text && strings.TrimSpace(key.text) == "" {
		r.reject(fault.New(fault.Invalid, "questionbank.key_empty"), fCorrect)
		return nil
	}
	values := []value{key}
	if key.kind == list {
		values = key.values
	}
	var places []int
	for _, v := range values {
		found, f := r.places(v, options)
		if f != nil {
			r.reject(f, fCorrect)
			return nil
		}
		places = append(places, found...)
	}
	slices.Sort(places)
	return slices.Compact(places)
}

var letterList = regexp.MustCompile(`^[A-La-l]([\s,;&]+[A-La-l])*$`)

// places reads one key: the text of an option before anything else, for options
// may be numbers or letters themselves.
func (r *reader) places(v value, options []questionbank.Option) ([]int, *fault.Fault) {
	raw := strings.TrimSpace(v.text)
	if v.kind == text || v.kind == number && !r.inRange(raw, options) {
		if i := slices.IndexFunc(options, func(o questionbank.Option) bool { return o.Text == raw || questionbank.Plain(o.Text) == raw && o.Rich }); i >= 0 {
			return []int{i}, nil
		}
	}
	if n, err := strconv.Atoi(raw); err == nil && v.kind != boolean {
		if !r.inRange(raw, options) {
			return nil, fault.New(fault.Invalid, "questionbank.jsonsoal.key_range", n, len(options), r.base)
		}
		return []int{n - r.base}, nil
	}
	if v.kind == text && letterList.MatchString(raw) {
		var places []int
		for _, c := range strings.ToUpper(raw) {
			if c < 'A' || c > 'L' {
				continue
			}
			if int(c-'A') >= len(options) {
				return nil, fault.New(fault.Invalid, "questionbank.key_no_option", string(c))
			}
			places = append(places, int(c-'A'))
		}
		return places, nil
	}
	return nil, fault.New(fault.Invalid, "questionbank.import.key_unreadable", shorten(raw))
}

func (r *reader) inRange(raw string, options []questionbank.Option) bool {
	n, err := strconv.Atoi(raw)
	return err == nil && n >= r.base && n < r.base+len(options)
}
