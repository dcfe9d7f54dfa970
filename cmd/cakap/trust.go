package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"cakap/internal/access"
	"cakap/internal/storage"
	"cakap/questionbank/lint"
)

func verifyCommand(ctx context.Context, std stdio, args []string) error {
	var p place
	var asJSON bool
	fs := flags(std, "verify", "", "Recomputes every result from its journal, form and versions, draws every form again, and walks the audit chain.\nExit status 1 where anything differs.")
	p.register(fs)
	fs.BoolVar(&asJSON, "json", false, "print JSON")
	if _, err := parse(fs, std, args, 0, 0); err != nil {
		return err
	}
	return with(ctx, std, p, func(a *app) error {
		found, err := a.assessment.Verify(ctx)
		if err != nil {
			return err
		}
		problems := []string{}
		for _, p := range found.Problems {
			problems = append(problems, p.String())
		}
		entries, err := access.VerifyChain(ctx, a.db)
		if errors.Is(err, access.ErrChain) {
			problems = append(problems, err.Error())
		} else if err != nil {
			return err
		}
		if asJSON {
			err = printJSON(std.out, map[string]any{"results": found.Results, "forms": found.Forms, "audit_entries": entries, "problems": problems})
		} else {
			err = printVerified(std.out, found.Results, found.Forms, entries, problems)
		}
		if err == nil && len(problems) > 0 {
			return errFailed
		}
		return err
	})
}

func printVerified(w io.Writer, results, forms int, entries int64, problems []string) error {
	for _, p := range problems {
		fmt.Fprintf(w, "DIFFERS  %s\n", p)
	}
	_, err := fmt.Fprintf(w, "%d results recomputed, %d forms drawn again, %d audit entries walked: %d problems.\n", results, forms, entries, len(problems))
	return err
}

func doctorCommand(ctx context.Context, std stdio, args []string) error {
	var p place
	var measuring, asJSON bool
	fs := flags(std, "doctor", "", "Checks the database and its settings, the key file, the clock and the age of the last backup.\nWith --measure: measures, on a scratch database beside the real one, what this machine carries, for the forecasts of events. Not while an assessment runs.")
	p.register(fs)
	fs.BoolVar(&measuring, "measure", false, "measure saves, starts and log-ins per second, and keep the figures")
	fs.BoolVar(&asJSON, "json", false, "print JSON; with --measure only")
	if _, err := parse(fs, std, args, 0, 0); err != nil {
		return err
	}
	if asJSON && !measuring {
		fmt.Fprintln(std.err, "cakap doctor: --json goes with --measure")
		return errUsage
	}
	return with(ctx, std, p, func(a *app) error {
		if measuring {
			return measureCommand(ctx, std, a, asJSON)
		}
		v, err := a.db.Version(ctx)
		if err != nil {
			return err
		}
		fmt.Fprintf(std.out, "ok    cakap          %s\nok    database       %s, settings asserted, migrated\n", version, v)
		if err := doctorKey(std.out, a.keyFile); err != nil {
			return err
		}
		if age := a.backupAge(); age < 0 {
			fmt.Fprintln(std.out, "warn  backup         none yet: cakap backup FILE")
		} else {
			fmt.Fprintf(std.out, "ok    backup         %s old\n", age.Round(time.Minute))
		}
		setup, err := a.access.NeedsSetup(ctx)
		if err != nil {
			return err
		}
		if setup {
			fmt.Fprintln(std.out, "warn  administrator  none yet: cakap serve prints a set-up link, or cakap user add --role admin")
		} else {
			fmt.Fprintln(std.out, "ok    administrator  there is one")
		}
		return doctorAudit(ctx, std.out, a.db)
	})
}

func doctorKey(w io.Writer, file string) error {
	info, err := os.Stat(file)
	if err != nil {
		return err
	}
	if info.Mode().Perm()&0o077 != 0 {
		fmt.Fprintf(w, "warn  key file       %s may be read by others: chmod 600\n", file)
		return nil
	}
	_, err = fmt.Fprintf(w, "ok    key file       %s\n", file)
	return err
}

func doctorAudit(ctx context.Context, w io.Writer, db *storage.DB) error {
	n, err := access.VerifyChain(ctx, db)
	if errors.Is(err, access.ErrChain) {
		fmt.Fprintf(w, "FAIL  audit trail    %v\n", err)
		return errFailed
	}
	if err == nil {
		_, err = fmt.Fprintf(w, "ok    audit trail    %d entries, chain unbroken\n", n)
	}
	return err
}

// printLint prints what the linter found and asks for exit status 1 where it
// found anything.
func printLint(w io.Writer, r lint.Report) error {
	for _, f := range r.Findings {
		fmt.Fprintf(w, "%-8s %s\n", f.At, text(f))
	}
	fmt.Fprintf(w, "%d items: %d findings.\n", r.Items, len(r.Findings))
	if len(r.Findings) > 0 {
		return errFailed
	}
	return nil
}
