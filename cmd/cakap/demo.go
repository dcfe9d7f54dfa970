package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"cakap/internal/demo"
)

func demoCommand(ctx context.Context, std stdio, args []string) (err error) {
	var l listening
	var p place
	fs := flags(std, "demo", "", "Serves a demonstration. Its database is made anew at each start and thrown away at the end, unless --database names one.")
	fs.StringVar(&p.database, "database", "", "empty database to fill and keep, instead of a throw-away one")
	fs.StringVar(&p.keyFile, "key-file", "", "file with the server's key, for PostgreSQL")
	l.register(fs)
	if _, err := parse(fs, std, args, 0, 0); err != nil {
		return err
	}
	kept := p.database != ""
	p.founds = true
	log := slog.New(slog.NewTextHandler(std.err, &slog.HandlerOptions{Level: slog.LevelWarn}))
	if p.database == "" {
		dir, err := os.MkdirTemp("", "cakap-demo-")
		if err != nil {
			return fmt.Errorf("make a place for the demonstration: %w", err)
		}
		defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
		p.database = filepath.Join(dir, "cakap.db")
	}
	a, err := open(ctx, p, log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.close()) }()
	if setup, err := a.access.NeedsSetup(ctx); err != nil || !setup {
		return errors.Join(err, errNotEmpty)
	}
	made, err := demo.Build(ctx, demo.Services{DB: a.db, Keys: a.keys, Access: a.access, People: a.people}, a.clock.Now())
	if err != nil {
		return err
	}
	return serve(ctx, std, a, l, func(address string) error { return welcome(std, address, made, kept) })
}

var errNotEmpty = errors.New("the database already holds accounts: a demonstration needs an empty one; cakap serve --database serves this one")

// welcome prints what a newcomer needs to walk around.
func welcome(std stdio, address string, made demo.Made, kept bool) error {
	w, fate := std.out, "thrown away when you stop it (Ctrl+C)"
	if kept {
		fate = "kept in the database you named"
	}
	fmt.Fprintf(w, "\nThis is a demonstration with invented people; it is %s.\n\n", fate)
	fmt.Fprintf(w, "  Open            %s\n  Password        %s   (the same for every account)\n\n", address, demo.Password)
	for _, l := range made.Logins {
		fmt.Fprintf(w, "  %-20s %-46s %s\n", l.Username, l.Role, l.Name)
	}
	fmt.Fprintf(w, "\n  Or as a participant with a start code (%s/masuk/kode):\n  NIP %s   code %s\n\n", address, made.Number, made.StartCode)
	_, err := fmt.Fprintf(w, "Started at %s.\n", time.Now().Format("15:04:05"))
	return err
}
