// Command cakap serves the assessment platform and does its chores. Each
// command is a file here; all of them are thin: configuration, wiring, one use
// case, a printed answer.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"cakap/internal/locale"
	"cakap/internal/storage"
)

// version is set by the Makefile.
var version = "dev"

// Exit statuses: done, refused or failed, called wrongly.
const (
	exitOK     = 0
	exitFailed = 1
	exitUsage  = 2
)

// errUsage asks for exit status 2; its text has been printed.
var errUsage = errors.New("usage")

// errFailed asks for exit status 1; its text has been printed.
var errFailed = errors.New("failed")

// command is one word, or two, after the program's name.
type command struct {
	name    string
	summary string
	run     func(ctx context.Context, io stdio, args []string) error
}

type stdio struct {
	in       io.Reader
	out, err io.Writer
}

func commands() []command {
	return []command{
		{"demo", "serve a throw-away database with people, items, an open event and accounts", demoCommand},
		{"serve", "serve the product", serveCommand},
		{"migrate", "bring the database to this release and seed reference data", migrateCommand},
		{"doctor", "check the installation", doctorCommand},
		{"user add", "make a staff account", userAdd},
		{"roster import", "bring in employees from .xlsx or .csv", rosterImport},
		{"bank import", "bring in questions", bankImport},
		{"bank export", "write questions to a file", bankExport},
		{"bank lint", "check the shipped bank or the stored one against the writing rules", bankLint},
		{"blueprint create", "save a blueprint from a file", blueprintCreate},
		{"event create", "make an event", eventCreate},
		{"event enrol", "enrol all people of the event's agencies", eventEnrol},
		{"event prepare", "draw the forms", eventPrepare},
		{"event preflight", "check everything before opening", eventPreflight},
		{"event open", "let participants start", eventOpen},
		{"event close", "end the event", eventClose},
		{"event release", "let participants see results", eventRelease},
		{"report agency", "write the workbook of one agency, or a zip of all", reportAgency},
		{"verify", "recompute every result and form, and check the audit chain", verifyCommand},
		{"backup", "write a checked copy of the database", backupCommand},
		{"version", "print the version", versionCommand},
	}
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, stdio{os.Stdin, os.Stdout, os.Stderr}, os.Args[1:]))
}

func run(ctx context.Context, std stdio, args []string) int {
	if len(args) == 0 {
		usage(std.err, "")
		return exitUsage
	}
	if args[0] == "help" || args[0] == "-h" || args[0] == "--help" {
		usage(std.out, "")
		return exitOK
	}
	cmd, rest, ok := find(args)
	if !ok {
		group := args[0] + " "
		if len(args) > 1 && isHelp(args[1]) && usage(std.out, group) > 0 {
			return exitOK
		}
		fmt.Fprintf(std.err, "cakap: unknown command %q\n\n", strings.Join(args[:min(2, len(args))], " "))
		usage(std.err, "")
		return exitUsage
	}
	switch err := cmd.run(ctx, std, rest); {
	case err == nil || errors.Is(err, flag.ErrHelp):
		return exitOK
	case errors.Is(err, errUsage):
		return exitUsage
	case errors.Is(err, errFailed):
		return exitFailed
	default:
		fmt.Fprintf(std.err, "cakap %s: %s\n", cmd.name, explain(err))
		return exitFailed
	}
}

func isHelp(arg string) bool { return arg == "-h" || arg == "--help" || arg == "help" }

func find(args []string) (command, []string, bool) {
	for _, c := range commands() {
		words := strings.Fields(c.name)
		if len(args) >= len(words) && strings.Join(args[:len(words)], " ") == c.name {
			return c, args[len(words):], true
		}
	}
	return command{}, nil, false
}

// usage lists the commands that begin with prefix and returns how many.
func usage(w io.Writer, prefix string) int {
	fmt.Fprintf(w, "Cakap %s: measures the digital literacy of civil servants in four aspects.\n\nUsage: cakap COMMAND [flags]; cakap COMMAND --help explains one.\n\n", version)
	n := 0
	for _, c := range commands() {
		if strings.HasPrefix(c.name, prefix) {
			fmt.Fprintf(w, "  %-16s %s\n", c.name, c.summary)
			n++
		}
	}
	return n
}

// explain is what an operator reads: a refusal in its own words, and any other
// error whole, since the operator is who must mend it.
func explain(err error) string {
	if text := locale.Fault(err); text != locale.Text("error.internal") {
		return text
	}
	if errors.Is(err, storage.ErrFull) || errors.Is(err, syscall.ENOSPC) {
		return fmt.Sprintf("the disk is full (%s). Nothing that was saved is lost. Free at least %d MB on the disk of the database and start again", err, storage.Reserve>>20)
	}
	return err.Error()
}

// flags is a flag set that explains itself and asks for exit status 2.
func flags(std stdio, name, args, about string) *flag.FlagSet {
	fs := flag.NewFlagSet(name, flag.ContinueOnError)
	fs.SetOutput(std.err)
	fs.Usage = func() {
		fmt.Fprintf(fs.Output(), "Usage: cakap %s [flags] %s\n%s\n\n", name, args, about)
		fs.PrintDefaults()
	}
	return fs
}

// parse reads flags wherever they stand among the arguments, and wants between
// least and most of the latter.
func parse(fs *flag.FlagSet, std stdio, args []string, least, most int) ([]string, error) {
	for _, a := range args {
		if isHelp(a) && a != "help" {
			fs.SetOutput(std.out)
		}
	}
	var plain []string
	for {
		if err := fs.Parse(args); err != nil {
			if errors.Is(err, flag.ErrHelp) {
				return nil, err
			}
			return nil, errUsage
		}
		args = fs.Args()
		if len(args) == 0 {
			break
		}
		plain, args = append(plain, args[0]), args[1:]
	}
	if len(plain) < least || len(plain) > most {
		fs.Usage()
		return nil, errUsage
	}
	return plain, nil
}

func versionCommand(_ context.Context, std stdio, _ []string) error {
	_, err := fmt.Fprintln(std.out, version)
	return err
}
