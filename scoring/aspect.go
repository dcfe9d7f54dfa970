package scoring

import "fmt"

// Aspect is one of the four literacies an assessment measures. The zero value
// is no aspect; results use it for the total.
type Aspect int

// The four aspects, in the order reports print them.
const (
	Total            Aspect = iota // all four together
	BasicMedia                     // A1 penggunaan media digital dasar
	LearningPlatform               // A2 pengelolaan platform pembelajaran digital
	AdvancedMedia                  // A3 penggunaan media digital lanjut
	EthicsSecurity                 // A4 etika dan keamanan
)

// Aspects is every aspect, in order.
var Aspects = [4]Aspect{BasicMedia, LearningPlatform, AdvancedMedia, EthicsSecurity}

// Code is "A1" to "A4", or "Total".
func (a Aspect) Code() string {
	if a == Total {
		return "Total"
	}
	return fmt.Sprintf("A%d", int(a))
}

// Valid reports whether a is one of the four.
func (a Aspect) Valid() bool { return a >= BasicMedia && a <= EthicsSecurity }

// ParseAspect reads "A1" to "A4".
func ParseAspect(s string) (Aspect, error) {
	for _, a := range Aspects {
		if a.Code() == s {
			return a, nil
		}
	}
	return 0, fmt.Errorf("scoring: %q is no aspect", s)
}
