package main

import (
	"testing"

	"cakap/bench/rig"
)

// The comparison sees what it must: without this a day without losses would
// prove nothing.
func TestCompareSees(t *testing.T) {
	a := func(position int, seq int64, value string) rig.Answer {
		return rig.Answer{Position: position, Seq: seq, Value: value}
	}
	p := &phone{
		done:  true,
		sent:  map[int64]rig.Answer{1: a(1, 1, "A"), 2: a(2, 2, "B"), 3: a(1, 3, "B")},
		acked: map[int64]bool{1: true, 2: true, 3: true},
	}
	for _, tt := range []struct {
		name    string
		journal []rig.Answer
		want    found
	}{
		{"all there", []rig.Answer{a(1, 1, "A"), a(2, 2, "B"), a(1, 3, "B")}, found{acked: 3}},
		{"one lost, and with it the last answer", []rig.Answer{a(1, 1, "A"), a(2, 2, "B")}, found{acked: 3, lost: 1, differ: 1}},
		{"another value", []rig.Answer{a(1, 1, "A"), a(2, 2, "A"), a(1, 3, "B")}, found{acked: 3, lost: 1, strangers: 1, differ: 1}},
		{"twice", []rig.Answer{a(1, 1, "A"), a(2, 2, "B"), a(2, 2, "B"), a(1, 3, "B")}, found{acked: 3, duplicates: 1}},
		{"never sent", []rig.Answer{a(1, 1, "A"), a(2, 2, "B"), a(1, 3, "B"), a(3, 4, "A")}, found{acked: 3, strangers: 1}},
		{"nothing", nil, found{acked: 3, lost: 3, differ: 2}},
	} {
		var got found
		if got.add(p, tt.journal); got != tt.want {
			t.Errorf("%s: %+v, want %+v", tt.name, got, tt.want)
		}
	}
}
