// Package kittest is what the tests of the audience packages share.
package kittest

import (
	"log/slog"
	"testing"
	"time"

	"cakap/internal/access"
	"cakap/internal/web/kit"
)

// CheckViews parses an audience's templates and executes each with its example.
func CheckViews(t *testing.T, views kit.Views) {
	t.Helper()
	app, err := kit.NewApp(kit.Config{
		Keys: access.NewKeys(make([]byte, 32)), Now: time.Now, Log: slog.New(slog.DiscardHandler), Asset: func(name string) string { return "/aset/" + name },
	}, views)
	if err != nil {
		t.Fatal(err)
	}
	if err := app.Check(); err != nil {
		t.Error(err)
	}
}
