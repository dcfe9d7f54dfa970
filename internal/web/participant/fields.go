package participant

import (
	"strconv"

	"cakap/assessment"
	"cakap/internal/web/question"
	"cakap/questionbank"
)

// posted is the value that the fields of a form without JavaScript come to;
// clash is true where two entries of an order share a place, of which the
// second then has none.
func posted(item assessment.FormItem, all func(string) []string) (value string, clash bool) {
	first := func(name string) string {
		if values := all(name); len(values) > 0 {
			return values[0]
		}
		return ""
	}
	parts := item.Parts()
	values := make([]string, len(parts))
	for i, p := range parts {
		switch p.Kind {
		case questionbank.TextKind, questionbank.NumberKind, questionbank.EssayKind:
			values[i] = first(question.Field(i))
		case questionbank.PairsKind:
			rows := make([]string, len(p.Options))
			for n := range rows {
				rows[n] = assessment.Letters(all(question.RowField(i, n)))
			}
			values[i] = assessment.Rows(rows)
		case questionbank.OrderKind:
			places := make([]int, len(p.Options))
			for n := range places {
				if place, err := strconv.Atoi(first(question.RowField(i, n))); err == nil {
					places[n] = place
				}
			}
			var twice bool
			values[i], twice = assessment.Places(places)
			clash = clash || twice
		default:
			values[i] = assessment.Letters(all(question.Field(i)))
		}
	}
	if len(values) == 0 {
		return "", false
	}
	return assessment.Join(values), clash
}
