package moodlexml

import (
	"strconv"
	"strings"

	"cakap/questionbank"
	"cakap/questionbank/format/rich"
	"cakap/questionbank/format/tree"
	"cakap/scoring"
)

// matching gives every subquestion its answer; one without a text only adds an
// answer that is wrong for all. The same answer twice is one.
func (q *question) matching() {
	in := questionbank.Interaction{Kind: questionbank.PairsKind, Rule: scoring.PerPair, Shuffle: truth(q.get("shuffleanswers"), true)}
	targets := map[string]string{}
	for _, n := range q.all("subquestion") {
		answer := n.Find("answer")
		text := plain(answer)
		id, known := targets[text]
		if !known && text != "" {
			id = questionbank.TargetID(len(in.Targets))
			targets[text] = id
			in.Targets = append(in.Targets, questionbank.Option{ID: id, Text: text, Reason: q.text(answer.Find("feedback"), "targets").Markdown})
		}
		field := optionField("option", len(in.Options))
		row := rich.Option(q.text(n, field))
		switch {
		case row.Text == "" && id == "":
			continue
		case row.Text == "":
			continue // a distractor among the answers
		case id == "":
			q.warn(n, "questionbank.moodlexml.pair_without_answer", field)
		}
		q.place(field, n)
		row.ID = questionbank.OptionID(len(in.Options))
		row.Reason = q.text(n.Find("feedback"), optionField("reason", len(in.Options))).Markdown
		in.Options = append(in.Options, row)
		if id != "" {
			in.Correct = append(in.Correct, row.ID+" "+id)
		}
	}
	q.set(questionbank.Match, reordered(in, q.hints["targets"]))
}

// reordered puts the targets into the order that our writer noted: "2,1,3" says
// that the first in the file was the second.
func reordered(in questionbank.Interaction, order string) questionbank.Interaction {
	places := strings.Split(order, ",")
	if len(places) != len(in.Targets) {
		return in
	}
	targets := make([]questionbank.Option, len(places))
	to := map[string]string{}
	for i, p := range places {
		n, err := strconv.Atoi(p)
		if err != nil || n < 1 || n > len(targets) || targets[n-1].ID != "" {
			return in
		}
		to[in.Targets[i].ID] = questionbank.TargetID(n - 1)
		targets[n-1] = in.Targets[i]
		targets[n-1].ID = questionbank.TargetID(n - 1)
	}
	for i, pair := range in.Correct {
		row, target, _ := strings.Cut(pair, " ")
		in.Correct[i] = row + " " + to[target]
	}
	in.Targets = targets
	return in
}

// judged are the plugins' statements to be judged, a matrix of ours. Only their
// "subpoints" pay each statement by itself as we do; the others are left out,
// as Moodle leaves out what it has no plugin for.
func (q *question) judged() {
	if method := strings.ToLower(plain(q.get("scoringmethod"))); method != "subpoints" {
		q.item.Type = skipped
		return
	}
	in := questionbank.Interaction{Kind: questionbank.PairsKind, Rule: scoring.PerPair}
	for i, n := range q.all("row") {
		field := optionField("option", i)
		q.place(field, n)
		row := rich.Option(q.text(n.Find("optiontext"), field))
		row.ID, row.Reason = questionbank.OptionID(i), q.text(n.Find("feedbacktext"), optionField("reason", i)).Markdown
		in.Options = append(in.Options, row)
	}
	for i, n := range q.all("column") {
		column := rich.Option(q.text(n.Find("responsetext"), "targets"))
		column.ID = questionbank.TargetID(i)
		in.Targets = append(in.Targets, column)
	}
	for _, n := range q.all("weight") {
		row, errRow := strconv.Atoi(n.Get("rownumber"))
		column, errColumn := strconv.Atoi(n.Get("columnnumber"))
		value, ok := micro(plain(n.Find("value")))
		if errRow == nil && errColumn == nil && ok && value > 0 && row >= 1 && row <= len(in.Options) && column >= 1 && column <= len(in.Targets) {
			in.Correct = append(in.Correct, in.Options[row-1].ID+" "+in.Targets[column-1].ID)
		}
	}
	q.get("numberofrows")
	q.get("numberofcolumns")
	in.Shuffle = truth(q.get("shuffleanswers"), false)
	q.set(questionbank.Matrix, in)
}

// optionText is the text of a drag box or a choice of a gap: HTML where it has
// markup, though no format says so.
func (q *question) optionText(n *tree.Node, field string) questionbank.Option {
	return rich.Option(q.formatted(n, source(n), field))
}
