package main

import (
	"context"
	"flag"
	"fmt"
	"io"

	"cakap/assessment"
	"cakap/internal/access"
	"cakap/internal/storage"
	"cakap/reports"
)

func reportAgency(ctx context.Context, std stdio, args []string) error {
	var agency, out, paper string
	var all bool
	return eventWork(ctx, std, args, "report agency", "Writes the workbook of one agency, or a zip with those of all. The same data gives the same bytes.",
		func(fs *flag.FlagSet) {
			fs.StringVar(&agency, "agency", "", "code of the agency")
			fs.BoolVar(&all, "all", false, "a zip with every agency of the event")
			fs.StringVar(&out, "out", "", "file to write")
			fs.StringVar(&paper, "paper", "f4", "f4 or a4")
		},
		func(a *app, e assessment.Event) error {
			if out == "" || (agency == "") == !all || paper != "f4" && paper != "a4" {
				fmt.Fprintln(std.err, "cakap report agency: give --out FILE, and either --agency CODE or --all; --paper is f4 or a4")
				return errUsage
			}
			opts := reports.Options{Paper: reports.F4}
			if paper == "a4" {
				opts.Paper = reports.A4
			}
			if all {
				return writeFile(out, func(w io.Writer) error { return allAgencies(ctx, a, w, e, opts) })
			}
			return writeFile(out, func(w io.Writer) error { return oneWorkbook(ctx, a, w, e, agency, opts) })
		})
}

func allAgencies(ctx context.Context, a *app, w io.Writer, e assessment.Event, opts reports.Options) error {
	done, err := a.reports.WriteAll(ctx, w, e.ID, e.Agencies, opts)
	if err != nil {
		return err
	}
	return recordReport(ctx, a, e, 0, done.People)
}

func oneWorkbook(ctx context.Context, a *app, w io.Writer, e assessment.Event, code string, opts reports.Options) error {
	agency, err := a.people.AgencyByCode(ctx, access.Scope{All: true}, code)
	if err != nil {
		return err
	}
	d, err := a.reports.Load(ctx, e.ID, agency.ID)
	if err != nil {
		return err
	}
	if err := reports.WriteAgency(ctx, w, d, opts); err != nil {
		return err
	}
	return recordReport(ctx, a, e, agency.ID, len(d.Rows))
}

// recordReport notes that results of people left the system.
func recordReport(ctx context.Context, a *app, e assessment.Event, agency int64, people int) error {
	entry := access.Entry{
		At: a.clock.Now(), Action: "report.download", ObjectKind: "event", ObjectID: e.ID, AgencyID: agency, Detail: map[string]int{"people": people},
	}
	return a.db.Tx(ctx, func(db storage.Querier) error { return access.Record(ctx, db, entry) })
}
