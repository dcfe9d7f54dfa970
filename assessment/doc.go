// Package assessment plans assessments and runs them: blueprints and events,
// enrolments with the agency as of that day, forms drawn before the start
// bell, attempts and the append-only journal of answers, and the results that
// are computed from it.
//
// Three things are decided in one SQL statement each, so that no race can
// stand between the decision and the write: whether an attempt begins (a
// partial unique index lets one be under way), whether an answer counts, and
// who submits. What an attempt writes goes through a commit.Writer and is
// acknowledged after its commit. Everything that is a rule (draw, deadlines,
// response states, preflight) is a pure function on values.
package assessment
