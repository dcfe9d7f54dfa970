// Package storage opens the database and hides which engine it is. Callers
// write portable SQL with ? placeholders; nothing outside this package names
// SQLite or PostgreSQL.
//
// What is portable, and the traps, are listed in docs/architecture.md. Two
// tests at the root of the repository hold the rules: every SQL literal
// compiles on both engines, and nobody else imports sqlx or a driver.
package storage
