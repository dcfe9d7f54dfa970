package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"cakap/internal/fault"
	"cakap/questionbank"
	"cakap/questionbank/format/xlsx"
	"cakap/questionbank/lint"
	"cakap/scoring"
)

func bankImport(ctx context.Context, std stdio, args []string) error {
	var p place
	var format, aspect, indicator string
	var dryRun, asJSON, whole bool
	fs := flags(std, "bank import", "FILE…", "Reads questions; what is good is saved as drafts. With --json one object per file is printed.\nExit status 1 where a file could not be read, or nothing of it was saved.")
	p.register(fs)
	fs.StringVar(&format, "format", "auto", "auto, or the name of a format")
	fs.StringVar(&aspect, "aspect", "", "A1 to A4, for questions that name none")
	fs.StringVar(&indicator, "indicator", "", "code of an indicator, for questions that name none")
	fs.BoolVar(&dryRun, "dry-run", false, "only report")
	fs.BoolVar(&whole, "all-or-nothing", false, "one rejected question saves none of its file")
	fs.BoolVar(&asJSON, "json", false, "print JSON")
	files, err := parse(fs, std, args, 1, 1000)
	if err != nil {
		return err
	}
	req := questionbank.ImportRequest{Indicator: indicator, DryRun: dryRun, AllOrNothing: whole}
	if format != "auto" {
		req.Format = format
	}
	if aspect != "" {
		if req.Aspect, err = scoring.ParseAspect(aspect); err != nil {
			fmt.Fprintf(std.err, "cakap bank import: --aspect %q: one of A1, A2, A3, A4\n", aspect)
			return errUsage
		}
	}
	return with(ctx, std, p, func(a *app) error {
		failed := false
		for _, file := range files {
			bad, err := importOne(ctx, std, a, file, req, asJSON)
			if err != nil {
				return err
			}
			failed = failed || bad
		}
		if failed {
			return errFailed
		}
		return nil
	})
}

// importOne reads one file and prints its report; bad is a file of which
// nothing could be used.
func importOne(ctx context.Context, std stdio, a *app, file string, req questionbank.ImportRequest, asJSON bool) (bad bool, err error) {
	req.File = filepath.Base(file)
	if req.Content, err = readFile(file, questionbank.MaxFile); err != nil {
		return false, err
	}
	report, err := a.bank.Import(ctx, req)
	if err != nil && fault.Of(err) == nil {
		return false, err
	}
	out := report.JSON(text)
	bad = err != nil || !req.DryRun && !report.Saved
	if asJSON {
		return bad, printJSON(std.out, out)
	}
	printBank(std.out, out, report.Saved, req.DryRun)
	return bad, nil
}

// readFile reads at most one byte more than limit, so that the domain refuses
// a file that is too large in its own words.
func readFile(name string, limit int64) (body []byte, err error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	return io.ReadAll(io.LimitReader(f, limit+1))
}

func printBank(w io.Writer, r questionbank.ReportJSON, saved, dryRun bool) {
	fmt.Fprintf(w, "%s (%s)\n", r.File, r.Format)
	for _, m := range r.FileMessages {
		fmt.Fprintf(w, "  %s %s\n", m.At, m.Text)
	}
	for _, item := range r.Items {
		for _, m := range item.Messages {
			fmt.Fprintf(w, "  %-9s %-12s %s\n", item.Status, m.At, m.Text)
		}
	}
	fmt.Fprintf(w, "  %d questions: %d accepted, %d warned, %d rejected.", r.Counts.Items, r.Counts.Accepted, r.Counts.Warned, r.Counts.Rejected)
	switch {
	case saved:
		fmt.Fprintln(w, " Saved as drafts.")
	case dryRun:
		fmt.Fprintln(w, " Nothing was saved: this was a dry run.")
	default:
		fmt.Fprintln(w, " Nothing was saved.")
	}
}

func bankExport(ctx context.Context, std stdio, args []string) error {
	var p place
	var format, out, aspect, status string
	var template bool
	fs := flags(std, "bank export", "", "Writes the latest revision of every item into the Excel template, which imports again without loss.")
	p.register(fs)
	fs.StringVar(&format, "format", "xlsx", "xlsx")
	fs.StringVar(&out, "out", "", "file to write")
	fs.StringVar(&aspect, "aspect", "", "only this aspect, A1 to A4")
	fs.StringVar(&status, "status", "", "only this status: draft, in_review, changes_wanted, approved, retired")
	fs.BoolVar(&template, "template", false, "write the empty template")
	if _, err := parse(fs, std, args, 0, 0); err != nil {
		return err
	}
	filter := questionbank.Filter{Status: questionbank.Status(status)}
	if aspect != "" {
		a, err := scoring.ParseAspect(aspect)
		if err != nil {
			fmt.Fprintf(std.err, "cakap bank export: --aspect %q: one of A1, A2, A3, A4\n", aspect)
			return errUsage
		}
		filter.Aspect = a
	}
	if out == "" || format != "xlsx" {
		fmt.Fprintln(std.err, "cakap bank export: --out FILE is needed, and --format xlsx is the one there is")
		return errUsage
	}
	return with(ctx, std, p, func(a *app) error {
		return writeFile(out, func(w io.Writer) error {
			if template {
				return xlsx.Template(w)
			}
			return xlsx.Export(ctx, w, a.bank, filter)
		})
	})
}

// writeFile writes beside the name first, so that a failure leaves no half file.
func writeFile(name string, write func(io.Writer) error) (err error) {
	tmp, err := os.CreateTemp(filepath.Dir(name), ".cakap-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(tmp.Name()))
		}
	}()
	if err := errors.Join(write(tmp), tmp.Close()); err != nil {
		return err
	}
	if err := os.Chmod(tmp.Name(), 0o600); err != nil {
		return err
	}
	return os.Rename(tmp.Name(), name)
}

func bankLint(ctx context.Context, std stdio, args []string) error {
	var p place
	var stored bool
	fs := flags(std, "bank lint", "", "Checks items against the writing rules; exit status 1 where one is broken.")
	p.register(fs)
	fs.BoolVar(&stored, "stored", false, "check the approved items of the database instead of the shipped bank")
	if _, err := parse(fs, std, args, 0, 0); err != nil {
		return err
	}
	return with(ctx, std, p, func(a *app) error {
		var entries []lint.Entry
		filter := questionbank.Filter{Status: questionbank.Approved}
		collect := func(r questionbank.Revision) error {
			if stored || r.Provenance == questionbank.Shipped {
				entries = append(entries, lint.Entry{Code: r.Code, Content: r.Content})
			}
			return nil
		}
		if err := a.bank.Export(ctx, filter, collect); err != nil {
			return err
		}
		return printLint(std.out, lint.Bank(entries, a.clock.Now()))
	})
}
