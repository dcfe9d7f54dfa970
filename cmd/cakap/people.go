package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"cakap/assessment"
	"cakap/internal/access"
	"cakap/internal/fault"
	"cakap/internal/locale"
	"cakap/internal/people"
)

// text is a fault's words without its place, which reports print by itself.
func text(f *fault.Fault) string {
	bare := *f
	bare.At = ""
	return locale.Fault(&bare)
}

func printJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}

func userAdd(ctx context.Context, std stdio, args []string) error {
	var p place
	var role, agency, name string
	var asJSON bool
	fs := flags(std, "user add", "USERNAME", "Makes a staff account. The password is read from standard input, so that it stands in no list of processes.")
	p.register(fs)
	fs.StringVar(&role, "role", "", "trainer, reviewer, officer, proctor or admin")
	fs.StringVar(&agency, "agency", "", "code of the agency the role is for; without it, every agency")
	fs.StringVar(&name, "name", "", "the person's name")
	fs.BoolVar(&asJSON, "json", false, "print JSON")
	rest, err := parse(fs, std, args, 1, 1)
	if err != nil {
		return err
	}
	if !slices.Contains(access.Roles[1:], access.Role(role)) {
		fmt.Fprintf(std.err, "cakap user add: --role %q: one of trainer, reviewer, officer, proctor, admin\n", role)
		return errUsage
	}
	password, err := bufio.NewReader(std.in).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("read password: %w", err)
	}
	return with(ctx, std, p, func(a *app) error {
		grant := access.Grant{Role: access.Role(role)}
		if agency != "" {
			found, err := a.people.AgencyByCode(ctx, access.Scope{All: true}, agency)
			if err != nil {
				return err
			}
			grant.AgencyID = found.ID
		}
		id, err := a.access.CreateAccount(ctx, 0, access.NewAccount{
			Username: rest[0], Name: name, Password: strings.TrimRight(password, "\r\n"), Grants: []access.Grant{grant},
		})
		if err != nil {
			return err
		}
		if asJSON {
			return printJSON(std.out, map[string]string{"id": fmt.Sprint(id), "username": rest[0], "role": role})
		}
		_, err = fmt.Fprintf(std.out, "Account %s (%s) made.\n", rest[0], role)
		return err
	})
}

func rosterImport(ctx context.Context, std stdio, args []string) error {
	var p place
	var agency string
	var dryRun, asJSON, skip bool
	fs := flags(std, "roster import", "FILE", "Reads employees from .xlsx or .csv as SIASN, SIMPEG and people make them. Every row is accepted, warned or rejected.\nOne rejected row holds the file back unless --skip-rejected is given. Exit status 1 where nothing was or could be saved.")
	p.register(fs)
	fs.StringVar(&agency, "agency", "", "code of the agency (needed where there is more than one)")
	fs.BoolVar(&dryRun, "dry-run", false, "only report")
	fs.BoolVar(&skip, "skip-rejected", false, "save the good rows although others are rejected")
	fs.BoolVar(&asJSON, "json", false, "print JSON")
	rest, err := parse(fs, std, args, 1, 1)
	if err != nil {
		return err
	}
	return with(ctx, std, p, func(a *app) error {
		id, err := oneAgency(ctx, a, agency)
		if err != nil {
			return err
		}
		f, err := os.Open(rest[0])
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, f.Close()) }()
		info, err := f.Stat()
		if err != nil {
			return err
		}
		report, err := a.people.Import(ctx, people.ImportRequest{
			FileName: filepath.Base(rest[0]), File: f, Size: info.Size(), AgencyID: id, DryRun: dryRun, SkipRejected: skip,
			By: people.By{Scope: access.Scope{All: true}, Now: a.clock.Now()},
		})
		if err != nil && fault.Of(err) == nil {
			return err
		}
		for _, person := range report.Retimed {
			if _, err := a.assessment.ApplyAccommodation(ctx, assessment.Actor{Scope: access.Scope{All: true}}, person); err != nil {
				return err
			}
		}
		verdict := report.Verdict(text)
		if asJSON {
			if err := printJSON(std.out, verdict); err != nil {
				return err
			}
		} else {
			printRoster(std.out, verdict)
		}
		nothing := report.Counts.Accepted+report.Counts.Warned == 0
		if err != nil || !dryRun && (!report.Saved || nothing) {
			return errFailed
		}
		return nil
	})
}

// oneAgency finds an agency by code; without a code there must be but one.
func oneAgency(ctx context.Context, a *app, code string) (int64, error) {
	if code != "" {
		found, err := a.people.AgencyByCode(ctx, access.Scope{All: true}, code)
		return found.ID, err
	}
	all, err := a.people.Agencies(ctx, access.Scope{All: true})
	if err != nil {
		return 0, err
	}
	if len(all) != 1 {
		return 0, fmt.Errorf("there are %d agencies: say which with --agency CODE", len(all))
	}
	return all[0].ID, nil
}

func printRoster(w io.Writer, v people.Verdict) {
	for _, m := range v.FileMessages {
		fmt.Fprintf(w, "%s %s\n", m.At, m.Text)
	}
	for _, row := range v.Rows {
		for _, m := range row.Messages {
			fmt.Fprintf(w, "%-9s %-14s %s: %s\n", row.Status, m.At, row.Name, m.Text)
		}
		for _, ch := range row.Changes {
			fmt.Fprintf(w, "%-9s %-14s %s: %s: %q -> %q\n", row.Group, row.At, row.Name, ch.Field, ch.Old, ch.New)
		}
	}
	c := v.Counts
	fmt.Fprintf(w, "\n%d rows: %d accepted, %d warned, %d rejected; %d new, %d changed (%d moved to another unit), %d same; %d people are not in the file.\n",
		c.Rows, c.Accepted, c.Warned, c.Rejected, c.New, c.Changed, c.Moved, c.Same, c.Missing)
	if c.Transfers > 0 {
		fmt.Fprintf(w, "%d rows have the number of another agency's person: ask for a transfer on the page Mutasi.\n", c.Transfers)
	}
	if c.Twins > 0 {
		fmt.Fprintf(w, "%d rows may be somebody known under another number: the page Impor pegawai lets you decide; here they count as somebody new.\n", c.Twins)
	}
	switch {
	case v.Saved:
		fmt.Fprintln(w, "Saved.")
	case v.DryRun:
		fmt.Fprintln(w, "Nothing was saved: this was a dry run.")
	default:
		fmt.Fprintln(w, "Nothing was saved.")
	}
}
