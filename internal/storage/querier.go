package storage

import (
	"context"
	"errors"

	"github.com/jmoiron/sqlx"
)

func (db *DB) on(q sqlx.ExtContext) querier { return querier{q, db.dialect} }

// querier adapts sqlx to Querier: one place that rebinds and translates.
type querier struct {
	sqlx.ExtContext
	dialect dialect
}

func (q querier) Get(ctx context.Context, dest any, query string, args ...any) error {
	return q.dialect.translate(sqlx.GetContext(ctx, q.ExtContext, dest, q.Rebind(query), args...))
}

func (q querier) Select(ctx context.Context, dest any, query string, args ...any) error {
	return q.dialect.translate(sqlx.SelectContext(ctx, q.ExtContext, dest, q.Rebind(query), args...))
}

func (q querier) Exec(ctx context.Context, query string, args ...any) (int64, error) {
	res, err := q.ExecContext(ctx, q.Rebind(query), args...)
	if err != nil {
		return 0, q.dialect.translate(err)
	}
	return res.RowsAffected()
}

func (q querier) Stream(ctx context.Context, query string, args []any, row func(scan func(dest any) error) error) (err error) {
	rows, err := q.QueryxContext(ctx, q.Rebind(query), args...)
	if err != nil {
		return q.dialect.translate(err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		if err := row(rows.StructScan); err != nil {
			return err
		}
	}
	return q.dialect.translate(rows.Err())
}
