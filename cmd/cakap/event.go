package main

import (
	"context"
	"flag"
	"fmt"
	"strings"
	"time"

	"cakap/assessment"
	"cakap/internal/access"
	"cakap/internal/fault"
	"cakap/internal/locale"
)

// eventWork is a command on one event, named by its code.
func eventWork(ctx context.Context, std stdio, args []string, name, about string, more func(fs *flag.FlagSet), work func(a *app, e assessment.Event) error) error {
	var p place
	var code string
	fs := flags(std, name, "", about)
	p.register(fs)
	fs.StringVar(&code, "event", "", "code of the event")
	if more != nil {
		more(fs)
	}
	if _, err := parse(fs, std, args, 0, 0); err != nil {
		return err
	}
	if code == "" {
		fmt.Fprintf(std.err, "cakap %s: --event CODE is needed\n", name)
		return errUsage
	}
	return with(ctx, std, p, func(a *app) error {
		e, err := a.assessment.EventByCode(ctx, operator(), code)
		if err != nil {
			return err
		}
		return work(a, e)
	})
}

const timeForm = "2006-01-02T15:04"

func eventCreate(ctx context.Context, std stdio, args []string) error {
	var p place
	var n assessment.NewEvent
	var owner, agencies, blueprint, opens, closes, release, releaseAt, marking, extra string
	var asJSON bool
	var policy attemptFlags
	fs := flags(std, "event create", "", "Makes an event in draft, with one session as long as itself. Times are local to --zone: "+timeForm+".")
	p.register(fs)
	fs.StringVar(&n.Code, "code", "", "code, printed in file names")
	fs.StringVar(&n.Name, "name", "", "name")
	fs.StringVar(&owner, "owner", "", "code of the agency that runs it; without it the event spans the province")
	fs.StringVar(&agencies, "agencies", "", "codes of the agencies that take part, with commas, or all")
	fs.StringVar(&blueprint, "blueprint", "RINGKAS", "code of the blueprint")
	fs.StringVar(&opens, "opens", "", "when it opens")
	fs.StringVar(&closes, "closes", "", "when it closes")
	fs.StringVar(&n.Zone, "zone", "WIB", "WIB, WITA or WIT")
	fs.StringVar(&release, "release", string(assessment.ReleaseManual), "when participants see results: at_once, at or manual")
	fs.StringVar(&releaseAt, "release-at", "", "instant for --release at")
	fs.BoolVar(&n.Essays, "essays", false, "the forms may hold essays, which reviewers mark")
	fs.StringVar(&marking, "marking", "", "markers of an essay: one or two; without it as the blueprint says")
	fs.StringVar(&extra, "extra", "", "codes of survey and info items that end every form, unscored, with commas")
	policy.register(fs)
	fs.BoolVar(&asJSON, "json", false, "print JSON")
	if _, err := parse(fs, std, args, 0, 0); err != nil {
		return err
	}
	n.Policy = policy.policy(fs)
	n.Release, n.Marking, n.Extra = assessment.Release(release), assessment.Marking(marking), listed(extra)
	for _, t := range []struct {
		flag, value string
		to          *time.Time
	}{{"--opens", opens, &n.OpensAt}, {"--closes", closes, &n.ClosesAt}, {"--release-at", releaseAt, &n.ReleaseAt}} {
		if t.value == "" && t.flag == "--release-at" {
			continue
		}
		at, err := time.ParseInLocation(timeForm, t.value, locale.Zone(n.Zone))
		if err != nil {
			fmt.Fprintf(std.err, "cakap event create: %s %q: write it as %s\n", t.flag, t.value, timeForm)
			return errUsage
		}
		*t.to = at
	}
	return with(ctx, std, p, func(a *app) error {
		if err := fillEvent(ctx, a, &n, owner, agencies, blueprint); err != nil {
			return err
		}
		e, err := a.assessment.CreateEvent(ctx, operator(), n)
		if err != nil {
			return err
		}
		if asJSON {
			return printJSON(std.out, map[string]any{"id": fmt.Sprint(e.ID), "code": e.Code, "state": e.State})
		}
		_, err = fmt.Fprintf(std.out, "Event %s made; next: cakap event enrol --event %s\n", e.Code, e.Code)
		return err
	})
}

// attemptFlags are what an event may decide about attempts.
type attemptFlags struct {
	attempts, cooldown int
	rule, delivery     string
	phones             bool
}

func (f *attemptFlags) register(fs *flag.FlagSet) {
	fs.IntVar(&f.attempts, "attempts", 0, "how often a person may take it, 1 to 5; without it as the blueprint says, as are the following")
	fs.StringVar(&f.rule, "attempt-rule", "", "which attempt counts: first, last or best")
	fs.IntVar(&f.cooldown, "cooldown", 0, "days between two attempts")
	fs.StringVar(&f.delivery, "delivery", "", "all: the whole form at once; aspect: one aspect after the other; one: item by item, which suffers on a bad network")
	fs.BoolVar(&f.phones, "phones", true, "it may be taken on a phone, so no item that is too wide is drawn")
}

// policy is what was said; what was not is the blueprint's.
func (f *attemptFlags) policy(fs *flag.FlagSet) assessment.Policy {
	p := assessment.Policy{Attempts: f.attempts, Rule: assessment.AttemptRule(f.rule), Delivery: f.delivery}
	fs.Visit(func(one *flag.Flag) {
		switch one.Name {
		case "cooldown":
			p.CooldownDays = &f.cooldown
		case "phones":
			p.Phones = &f.phones
		}
	})
	return p
}

// listed is the codes of a flag, set apart by commas or blanks.
func listed(codes string) []string {
	return strings.FieldsFunc(codes, func(r rune) bool { return r == ',' || r == ' ' })
}

func fillEvent(ctx context.Context, a *app, n *assessment.NewEvent, owner, agencies, blueprint string) error {
	b, err := a.assessment.BlueprintByCode(ctx, blueprint)
	if err != nil {
		return err
	}
	n.Blueprint = b.ID
	every := access.Scope{All: true}
	if owner != "" {
		found, err := a.people.AgencyByCode(ctx, every, owner)
		if err != nil {
			return err
		}
		n.Owner = found.ID
	}
	if agencies == "all" {
		all, err := a.people.Agencies(ctx, every)
		if err != nil {
			return err
		}
		for _, agency := range all {
			n.Agencies = append(n.Agencies, agency.ID)
		}
		return nil
	}
	for _, code := range listed(agencies) {
		found, err := a.people.AgencyByCode(ctx, every, code)
		if err != nil {
			return fmt.Errorf("agency %s: %w", code, err)
		}
		n.Agencies = append(n.Agencies, found.ID)
	}
	return nil
}

func eventEnrol(ctx context.Context, std stdio, args []string) error {
	var spread string
	return eventWork(ctx, std, args, "event enrol", "Enrols all active people of the event's agencies, with agency and unit as of today. It may be interrupted and run again.",
		func(fs *flag.FlagSet) {
			fs.StringVar(&spread, "spread", "", "over all sessions, within their places: even, unit (kept together) or name; without it all into the first")
		},
		func(a *app, e assessment.Event) error {
			done, err := a.assessment.Enrol(ctx, operator(), assessment.EnrolRequest{Event: e.ID, Agencies: e.Agencies, Spread: assessment.Spread(spread)})
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(std.out, "%d enrolled, %d were already.\n", done.Added+done.Rejoined, done.Already)
			return err
		})
}

func eventPrepare(ctx context.Context, std stdio, args []string) error {
	return eventWork(ctx, std, args, "event prepare", "Draws the form of every enrolment; the same event draws the same forms.", nil,
		func(a *app, e assessment.Event) error {
			done, err := a.assessment.Prepare(ctx, operator(), e.ID)
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(std.out, "%d forms drawn from %d items.\n", done.Forms, done.Items)
			return err
		})
}

func eventPreflight(ctx context.Context, std stdio, args []string) error {
	var asJSON bool
	return eventWork(ctx, std, args, "event preflight", "Checks everything that must be right before the event opens; exit status 1 where a check fails.",
		func(fs *flag.FlagSet) { fs.BoolVar(&asJSON, "json", false, "print JSON") },
		func(a *app, e assessment.Event) error {
			checks, err := a.assessment.Preflight(ctx, operator(), e.ID, a.surroundings())
			if err != nil {
				return err
			}
			failed := false
			type row struct {
				Name   string `json:"name"`
				Status string `json:"status"`
				Text   string `json:"text"`
			}
			var rows []row
			for _, c := range checks {
				failed = failed || c.Verdict == assessment.Fail
				rows = append(rows, row{c.Name, string(c.Verdict), text(&fault.Fault{Key: c.Key, Args: c.Args})})
			}
			if asJSON {
				err = printJSON(std.out, rows)
			} else {
				for _, r := range rows {
					fmt.Fprintf(std.out, "%-5s %-14s %s\n", r.Status, r.Name, r.Text)
				}
			}
			if err == nil && failed {
				return errFailed
			}
			return err
		})
}

// simple is an event command that does one thing and says so.
func simple(ctx context.Context, std stdio, args []string, name, about, done string, act func(a *app, id int64) error) error {
	return eventWork(ctx, std, args, name, about, nil, func(a *app, e assessment.Event) error {
		if err := act(a, e.ID); err != nil {
			return err
		}
		_, err := fmt.Fprintf(std.out, "Event %s %s.\n", e.Code, done)
		return err
	})
}

func eventOpen(ctx context.Context, std stdio, args []string) error {
	return simple(ctx, std, args, "event open", "Lets participants start; refused while a preflight check fails.", "is open",
		func(a *app, id int64) error { return a.assessment.Open(ctx, operator(), id, a.surroundings()) })
}

func eventClose(ctx context.Context, std stdio, args []string) error {
	return simple(ctx, std, args, "event close", "Ends the event: nobody can start any more. Attempts under way keep their time.", "is closed",
		func(a *app, id int64) error { return a.assessment.Close(ctx, operator(), id) })
}

func eventRelease(ctx context.Context, std stdio, args []string) error {
	var unmarked bool
	return eventWork(ctx, std, args, "event release", "Lets participants see their results; refused while essays wait for their markers, unless --unmarked.",
		func(fs *flag.FlagSet) {
			fs.BoolVar(&unmarked, "unmarked", false, "release although essays are not marked; those results are shown as incomplete")
		},
		func(a *app, e assessment.Event) error {
			if err := a.assessment.ReleaseResults(ctx, operator(), e.ID, unmarked); err != nil {
				return err
			}
			_, err := fmt.Fprintf(std.out, "Event %s has released its results.\n", e.Code)
			return err
		})
}
