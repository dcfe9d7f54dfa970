package storage

import (
	"context"
	"fmt"
)

// Backup writes a consistent copy of the whole database to file while it
// serves: a SQLite file, or a pg_dump archive. The copy is checked before it
// takes its name, so a file that exists is a backup that opens.
func (db *DB) Backup(ctx context.Context, file string) error {
	if err := db.dialect.backup(ctx, db, file); err != nil {
		return fmt.Errorf("storage: backup: %w", err)
	}
	return nil
}
