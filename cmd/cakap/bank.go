package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

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
	var e exporting
	fs := flags(std, "bank export", "", "Writes the latest revision of every item into a file that imports again, and lists what its format cannot carry.")
	p.register(fs)
	e.register(fs)
	if _, err := parse(fs, std, args, 0, 0); err != nil {
		return err
	}
	filter, err := e.filter()
	if err != nil || e.out == "" || e.template && e.format != "xlsx" {
		if err == nil {
			err = errors.New("--out FILE is needed, and --template goes with --format xlsx")
		}
		fmt.Fprintf(std.err, "cakap bank export: %v\n", err)
		return errUsage
	}
	return with(ctx, std, p, func(a *app) error {
		if e.template {
			return writeFile(e.out, xlsx.Template)
		}
		return e.run(ctx, std, a, filter)
	})
}

// exporting is what the command line asks of an export.
type exporting struct {
	format, out                         string
	aspect, indicator, status, typ, tag string
	text                                string
	template, asJSON                    bool
}

func (e *exporting) register(fs *flag.FlagSet) {
	fs.StringVar(&e.format, "format", "xlsx", "xlsx, gift, moodlexml, qti21, qti30, aiken, tcexam; a wrong name lists all")
	fs.StringVar(&e.out, "out", "", "file to write")
	fs.StringVar(&e.aspect, "aspect", "", "only this aspect, A1 to A4")
	fs.StringVar(&e.indicator, "indicator", "", "only this indicator")
	fs.StringVar(&e.status, "status", "", "only this status: draft, in_review, changes_wanted, approved, retired")
	fs.StringVar(&e.typ, "type", "", "only this type: single, multiple, truefalse …")
	fs.StringVar(&e.tag, "tag", "", "only items with this tag")
	fs.StringVar(&e.text, "text", "", "only items with these words")
	fs.BoolVar(&e.template, "template", false, "write the empty Excel template")
	fs.BoolVar(&e.asJSON, "json", false, "print JSON")
}

func (e *exporting) filter() (f questionbank.Filter, err error) {
	f = questionbank.Filter{
		Indicator: e.indicator, Status: questionbank.Status(e.status), Type: questionbank.Type(e.typ), Tag: e.tag, Text: e.text,
	}
	if e.aspect != "" {
		if f.Aspect, err = scoring.ParseAspect(e.aspect); err != nil {
			return f, fmt.Errorf("--aspect %q: one of A1, A2, A3, A4", e.aspect)
		}
	}
	if e.status != "" && !slices.Contains(questionbank.Statuses[:], f.Status) {
		return f, fmt.Errorf("--status %q: one of draft, in_review, changes_wanted, approved, retired", e.status)
	}
	if e.typ != "" && !slices.Contains(questionbank.Types[:], f.Type) {
		return f, fmt.Errorf("--type %q: one of %v", e.typ, questionbank.Types)
	}
	return f, nil
}

// exportReport is the public shape of `cakap bank export --json`.
type exportReport struct {
	File   string                     `json:"file"`
	Format string                     `json:"format"`
	Items  int                        `json:"items"`
	Losses []questionbank.MessageJSON `json:"losses"`
}

func (e *exporting) run(ctx context.Context, std stdio, a *app, filter questionbank.Filter) error {
	file, err := a.bank.ExportFile(ctx, questionbank.ExportRequest{Format: e.format, Filter: filter})
	if err != nil {
		return err
	}
	report := exportReport{File: e.out, Format: e.format, Items: file.Items, Losses: []questionbank.MessageJSON{}}
	if err := writeFile(e.out, func(w io.Writer) error {
		losses, err := file.Write(w)
		for _, f := range losses {
			bare := *f
			bare.At = ""
			report.Losses = append(report.Losses, questionbank.MessageJSON{Code: f.Key, At: f.At, Text: text(&bare)})
		}
		return err
	}); err != nil {
		return err
	}
	if ext := filepath.Ext(e.out); ext != file.Ext {
		fmt.Fprintf(std.err, "cakap bank export: what was written is a %s file, whatever its name says\n", file.Ext)
	}
	if e.asJSON {
		return printJSON(std.out, report)
	}
	fmt.Fprintf(std.out, "%s (%s): %d items\n", report.File, report.Format, report.Items)
	for _, l := range report.Losses {
		fmt.Fprintf(std.out, "  %-12s %s\n", l.At, l.Text)
	}
	return nil
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
