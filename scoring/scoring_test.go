package scoring

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var ipASN = Scheme{Code: "ip-asn", Version: 1, Bands: []Band{
	{Name: "Sangat Rendah"}, {Name: "Rendah", Lower: 6100}, {Name: "Sedang", Lower: 7100}, {Name: "Tinggi", Lower: 8100}, {Name: "Sangat Tinggi", Lower: 9100},
}}

func TestKeyScore(t *testing.T) {
	single := Key{Rule: AllOrNothing, Options: 4, Correct: []int{2}, Max: Point}
	multiple := Key{Rule: PerOption, Options: 5, Correct: []int{0, 3}, Max: Point, Many: true}
	exact := Key{Rule: AllOrNothing, Options: 5, Correct: []int{0, 3}, Max: Point, Many: true}
	graded := Key{Rule: Graded, Options: 4, Points: []Micro{0, Point, 666_667, 333_333}, Max: Point}
	for _, tt := range []struct {
		name   string
		key    Key
		chosen []int
		want   Micro
	}{
		{"right", single, []int{2}, Point},
		{"wrong", single, []int{1}, 0},
		{"empty", single, nil, 0},
		{"two where one is asked", single, []int{2, 1}, 0},
		{"an option that is not there", single, []int{4}, 0},
		{"a negative option", single, []int{-1}, 0},
		{"both keys", multiple, []int{3, 0}, Point},
		{"one key", multiple, []int{0}, Point / 2},
		{"a key and a distractor", multiple, []int{0, 1}, 166_667},
		{"both keys and a distractor", multiple, []int{0, 1, 3}, 666_667},
		{"everything", multiple, []int{0, 1, 2, 3, 4}, 0},
		{"only distractors", multiple, []int{1, 2}, 0},
		{"a key twice", multiple, []int{0, 0}, 0},
		{"exact set", exact, []int{3, 0}, Point},
		{"exact set and more", exact, []int{0, 1, 3}, 0},
		{"best", graded, []int{1}, Point},
		{"middle", graded, []int{3}, 333_333},
		{"worst", graded, []int{0}, 0},
	} {
		if got := tt.key.Score(tt.chosen); got != tt.want {
			t.Errorf("%s: Score(%v) = %d, want %d", tt.name, tt.chosen, got, tt.want)
		}
	}
}

// Whatever the item, choosing every option never beats an honest answer: the
// full key, or one keyed option alone.
func TestChoosingEverythingNeverWins(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		key := Key{Rule: PerOption, Options: 2 + random.IntN(7), Max: Point, Many: true}
		for o := range key.Options {
			if random.IntN(2) == 0 && len(key.Correct) < key.Options-1 {
				key.Correct = append(key.Correct, o)
			}
		}
		if len(key.Correct) == 0 {
			key.Correct = []int{0}
		}
		all := make([]int, key.Options)
		for o := range all {
			all[o] = o
		}
		if got := key.Score(all); got != 0 {
			t.Fatalf("%+v: choosing everything gives %d", key, got)
		}
		if got := key.Score(key.Correct); got != key.Max {
			t.Fatalf("%+v: the key gives %d", key, got)
		}
		if key.Score(key.Correct[:1]) <= 0 {
			t.Fatalf("%+v: one right option gives nothing", key)
		}
	}
}

func TestKeyValid(t *testing.T) {
	good := Key{Rule: AllOrNothing, Options: 4, Correct: []int{2}, Max: Point}
	if !good.Valid() {
		t.Error("a good key is refused")
	}
	for name, key := range map[string]Key{
		"no options":       {Rule: AllOrNothing, Correct: []int{0}, Max: Point},
		"no key":           {Rule: AllOrNothing, Options: 4, Max: Point},
		"key out of range": {Rule: AllOrNothing, Options: 4, Correct: []int{4}, Max: Point},
		"key twice":        {Rule: PerOption, Options: 4, Correct: []int{1, 1}, Max: Point},
		"all are keys":     {Rule: PerOption, Options: 2, Correct: []int{0, 1}, Max: Point},
		"worth nothing":    {Rule: AllOrNothing, Options: 4, Correct: []int{0}},
		"unknown rule":     {Rule: "x", Options: 4, Correct: []int{0}, Max: Point},
		"points missing":   {Rule: Graded, Options: 4, Points: []Micro{1, 2}, Max: 2},
		"best is not max":  {Rule: Graded, Options: 2, Points: []Micro{0, 1}, Max: Point},
		"negative points":  {Rule: Graded, Options: 2, Points: []Micro{-1, Point}, Max: Point},
	} {
		if key.Valid() {
			t.Errorf("%s: %+v is accepted", name, key)
		}
	}
}

func TestOfRoundsHalfUp(t *testing.T) {
	for _, tt := range []struct {
		points, most Micro
		want         Mark
	}{
		{0, 0, 0}, {0, Point, 0}, {Point, 3 * Point, 3333}, {2 * Point, 3 * Point, 6667}, {Point, Point, 10000}, {1, 20000, 1}, {-1, 5, 0},
	} {
		if got := Of(tt.points, tt.most); got != tt.want {
			t.Errorf("Of(%d, %d) = %d, want %d", tt.points, tt.most, got, tt.want)
		}
	}
}

func TestLevels(t *testing.T) {
	for _, tt := range []struct {
		mark Mark
		want int
	}{{0, 1}, {6099, 1}, {6100, 2}, {7099, 2}, {7100, 3}, {8100, 4}, {9099, 4}, {9100, 5}, {10000, 5}} {
		if got := ipASN.Level(tt.mark); got != tt.want {
			t.Errorf("Level(%d) = %d, want %d", tt.mark, got, tt.want)
		}
	}
	if err := ipASN.Validate(); err != nil {
		t.Error(err)
	}
	for _, bad := range []Scheme{
		{}, {Bands: []Band{{Name: "a", Lower: 1}, {Name: "b", Lower: 2}}}, {Bands: []Band{{Name: "a"}, {Name: "b"}}}, {Bands: []Band{{Name: "a"}, {Lower: 3}}},
	} {
		if bad.Validate() == nil {
			t.Errorf("%+v is accepted", bad)
		}
	}
}

// aspect makes n responses of one aspect, the first right ones worth a point.
func aspect(a Aspect, right, wrong, omitted, notReached, lost int) []Response {
	var all []Response
	add := func(n int, state State, points Micro) {
		for range n {
			all = append(all, Response{Aspect: a, State: state, Points: points, Max: Point})
		}
	}
	add(right, Answered, Point)
	add(wrong, Answered, 0)
	add(omitted, Omitted, 0)
	add(notReached, NotReached, 0)
	add(lost, Lost, 0)
	return all
}

func TestCompute(t *testing.T) {
	for _, tt := range []struct {
		name string
		in   []Response
		want AspectScore
	}{
		{"eight of ten", aspect(BasicMedia, 8, 2, 0, 0, 0), AspectScore{
			Items: 10, Answered: 10, Points: 8 * Point, Max: 10 * Point, Score: 8000,
			SE: 1443, Level: 3, LevelLow: 2, LevelHigh: 5, Verdict: Supported,
		}},
		{"a perfect score is not certain", aspect(BasicMedia, 10, 0, 0, 0, 0), AspectScore{
			Items: 10, Answered: 10, Points: 10 * Point, Max: 10 * Point, Score: 10000,
			SE: 921, Level: 5, LevelLow: 4, LevelHigh: 5, Verdict: Supported,
		}},
		{"four of ten answered", aspect(BasicMedia, 4, 0, 6, 0, 0), AspectScore{
			Items: 10, Answered: 4, Omitted: 6, Points: 4 * Point, Max: 10 * Point, Score: 4000, SE: 1643, Verdict: FewAnswers,
		}},
		{"not reached scores nothing", aspect(BasicMedia, 7, 0, 0, 3, 0), AspectScore{
			Items: 10, Answered: 7, NotReached: 3, Points: 7 * Point, Max: 10 * Point, Score: 7000,
			SE: 1571, Level: 2, LevelLow: 1, LevelHigh: 4, Verdict: Supported,
		}},
		{"lost leaves the denominator", aspect(BasicMedia, 6, 2, 0, 0, 2), AspectScore{
			Items: 10, Answered: 8, Lost: 2, Points: 6 * Point, Max: 8 * Point, Score: 7500, SE: 1732, Verdict: LargeError,
		}},
		{"no items", nil, AspectScore{Verdict: NoItems}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tt.want.Aspect = BasicMedia
			if diff := cmp.Diff(tt.want, Compute(tt.in, ipASN, DefaultEvidence).Of(BasicMedia)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestComputeTotal(t *testing.T) {
	var in []Response
	for _, a := range Aspects {
		in = append(in, aspect(a, 5, 5, 0, 0, 0)...)
	}
	in = append(in, Response{Aspect: BasicMedia, State: NotPresented, Max: Point})
	got := Compute(in, ipASN, DefaultEvidence)
	if got.Total.Items != 40 || got.Total.Score != 5000 || got.Total.Verdict != Supported {
		t.Errorf("total = %+v", got.Total)
	}
	// Four equal aspects: the total's error is half of one's.
	if half := float64(got.Aspects[0].SE) / 2; math.Abs(float64(got.Total.SE)-half) > 1 {
		t.Errorf("SE of the total = %d, want about %.0f", got.Total.SE, half)
	}
}

// The order of responses must not matter, nor a round trip through JSON.
func TestComputeIsDeterministic(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	states := []State{Answered, Omitted, NotReached, Lost, NotPresented}
	for range 200 {
		in := make([]Response, 40)
		for i := range in {
			in[i] = Response{Aspect: Aspects[i%4], State: states[random.IntN(5)], Points: Micro(random.IntN(1_000_001)), Max: Point}
			if in[i].State != Answered {
				in[i].Points = 0
			}
		}
		first := Compute(in, ipASN, DefaultEvidence)
		random.Shuffle(len(in), func(i, j int) { in[i], in[j] = in[j], in[i] })
		if diff := cmp.Diff(first, Compute(in, ipASN, DefaultEvidence)); diff != "" {
			t.Fatalf("order matters:\n%s", diff)
		}
		body, err := json.Marshal(first)
		if err != nil {
			t.Fatal(err)
		}
		var back Result
		if err := json.Unmarshal(body, &back); err != nil || cmp.Diff(first, back) != "" {
			t.Fatalf("JSON changes the result: %v", err)
		}
		for _, s := range append(first.Aspects[:], first.Total) {
			if s.Score < 0 || s.Score > 10000 || s.SE < 0 || s.SE > 10000 || s.Items != s.Answered+s.Omitted+s.NotReached+s.Lost {
				t.Fatalf("out of range: %+v", s)
			}
		}
	}
}

func TestParseAspect(t *testing.T) {
	for _, a := range Aspects {
		if got, err := ParseAspect(a.Code()); err != nil || got != a {
			t.Errorf("ParseAspect(%q) = %v, %v", a.Code(), got, err)
		}
	}
	for _, s := range []string{"", "A0", "A5", "Total", "a1"} {
		if _, err := ParseAspect(s); err == nil {
			t.Errorf("ParseAspect(%q) is accepted", s)
		}
	}
}
