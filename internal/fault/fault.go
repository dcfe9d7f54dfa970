// Package fault is how a domain package refuses: a kind, which internal/web
// turns into a status, and a message key, which internal/locale turns into
// plain Indonesian. Every other error is internal: people see a reference
// number and never its text.
package fault

import (
	"errors"
	"fmt"
)

// Kind says what sort of refusal it is.
type Kind int

// The kinds. The zero value is Internal, so an error that nobody classified
// never shows its text.
const (
	Internal    Kind = iota
	Invalid          // the input cannot be right: 422
	Malformed        // the input cannot even be read: 400
	NotFound         // not there, or not yours: 404
	Forbidden        // your role may not: 403
	Unauthentic      // who are you: 401
	Conflict         // the state does not allow it now: 409
	Gone             // used up or expired: 410
	TooLarge         // 413
	Unsupported      // a kind of file or content nobody reads: 415
	TooMany          // throttled: 429
	Unavailable      // shed, try again: 503
)

// Fault is a refusal that a person may read.
type Fault struct {
	Kind   Kind
	Key    string   // message key, "attempt.deadline_passed"
	Args   []any    // values for the message's verbs
	Field  string   // form field it belongs to, if any
	At     string   // place: "Pegawai!C17", "baris 12"
	Faults []*Fault // several at once, for a form or a file
	Cause  error    // for the log only
}

// New makes a refusal.
func New(kind Kind, key string, args ...any) *Fault { return &Fault{Kind: kind, Key: key, Args: args} }

// On names the form field a refusal belongs to.
func (f *Fault) On(field string) *Fault { f.Field = field; return f }

// Place names where in a file the trouble is.
func (f *Fault) Place(at string) *Fault { f.At = at; return f }

// Because keeps the cause for the log; it is never shown.
func (f *Fault) Because(err error) *Fault { f.Cause = err; return f }

func (f *Fault) Error() string {
	text := f.Key
	if len(f.Args) > 0 {
		text += " " + fmt.Sprint(f.Args...)
	}
	if f.At != "" {
		text = f.At + ": " + text
	}
	if f.Cause != nil {
		text += ": " + f.Cause.Error()
	}
	return text
}

func (f *Fault) Unwrap() error { return f.Cause }

// Is lets errors.Is compare a fault with another by kind and key.
func (f *Fault) Is(target error) bool {
	t, ok := target.(*Fault)
	return ok && t.Kind == f.Kind && t.Key == f.Key
}

// Of returns the refusal inside err, or nil where err is an internal error.
func Of(err error) *Fault {
	var f *Fault
	if errors.As(err, &f) {
		return f
	}
	return nil
}

// KindOf is the kind of err: Internal unless it carries a Fault.
func KindOf(err error) Kind {
	if f := Of(err); f != nil {
		return f.Kind
	}
	return Internal
}

// Join makes one Invalid fault of several, nil of none.
func Join(faults []*Fault) error {
	if len(faults) == 0 {
		return nil
	}
	return &Fault{Kind: faults[0].Kind, Key: faults[0].Key, Args: faults[0].Args, Field: faults[0].Field, At: faults[0].At, Faults: faults}
}
