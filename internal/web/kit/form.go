package kit

import (
	"net/http"
	"slices"

	"cakap/internal/fault"
	"cakap/internal/locale"
)

// FieldError is one thing wrong with a form, and the field it belongs to.
type FieldError struct {
	Field, Text string

	kind fault.Kind // for the status
	args []any
}

// Errors is the summary at the top of a form; the same words stand at the field.
type Errors []FieldError

// For is the message of one field, or "".
func (e Errors) For(field string) string {
	for _, each := range e {
		if each.Field == field {
			return each.Text
		}
	}
	return ""
}

// shown are the kinds that a form shows in place; others get a page of their own.
var shown = []fault.Kind{fault.Invalid, fault.Conflict, fault.Gone, fault.TooMany, fault.Malformed, fault.Unsupported, fault.TooLarge, fault.Unauthentic}

// FormErrors turns a refusal into a form's errors. ok is false where err is
// something that the form cannot show and the handler must return.
func FormErrors(err error) (errs Errors, ok bool) {
	f := fault.Of(err)
	if f == nil || !slices.Contains(shown, f.Kind) {
		return nil, false
	}
	all := f.Faults
	if len(all) == 0 {
		all = []*fault.Fault{f}
	}
	for _, each := range all {
		errs = append(errs, FieldError{kind: each.Kind, args: each.Args, Field: each.Field, Text: locale.Fault(&fault.Fault{Kind: each.Kind, Key: each.Key, Args: each.Args, At: each.At})})
	}
	return errs, true
}

// answer is the status of a form that is shown again, and Retry-After where it
// was throttled: programs read those, people read the words. An error that
// came from no fault is one of input.
func (e Errors) answer(c *Ctx) int {
	for _, each := range e {
		if each.kind != fault.Internal {
			retryAfter(c.gin, each.kind, each.args)
			return statuses[each.kind]
		}
	}
	return http.StatusUnprocessableEntity
}
