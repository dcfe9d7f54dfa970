package officer

import (
	"cakap/assessment"
	"cakap/internal/web/kit"
)

// EventHead is what every page of an event begins with, for the packages that
// hold some of these pages.
type EventHead = eventHead

// Head names the pages of an event that this person may open; current is the
// end of the address of the page itself.
func Head(c *kit.Ctx, e assessment.Event, current string) EventHead { return headOf(c, e, current) }

// ExampleHead is one for the examples of such a page.
func ExampleHead() EventHead { return exampleHead() }
