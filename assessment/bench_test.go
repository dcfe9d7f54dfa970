package assessment

import (
	"context"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"

	"cakap/internal/storage"
)

// benchWorld opens a database file, or PostgreSQL where BENCH_POSTGRES names
// an empty one.
func benchWorld(b *testing.B, people int) *world {
	b.Helper()
	url := os.Getenv("BENCH_POSTGRES")
	if url == "" {
		url = filepath.Join(b.TempDir(), "bench.db")
	}
	db, err := storage.Open(b.Context(), url)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = db.Close() })
	if err := db.Migrate(b.Context()); err != nil {
		b.Fatal(err)
	}
	return newWorld(b, db, people)
}

// BenchmarkSave saves answers of many people at once through the writer;
// "bare" queues the same row without any of our rules, as the ceiling does.
func BenchmarkSave(b *testing.B) {
	w := benchWorld(b, 64)
	e := w.open(plan{})
	var tickets []Ticket
	for _, id := range w.enrolments(e) {
		tickets = append(tickets, w.begin(id))
	}
	now := w.clock.Now()
	var seq atomic.Int64
	run := func(b *testing.B, save func(n int64, tk Ticket) error) {
		before := w.svc.writer.Stats()
		b.SetParallelism(64)
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				n := seq.Add(1)
				if err := save(n, tickets[n%int64(len(tickets))]); err != nil {
					b.Error(err)
				}
			}
		})
		after := w.svc.writer.Stats()
		b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "saves/s")
		b.ReportMetric(float64(after.Jobs-before.Jobs)/float64(max(after.Batches-before.Batches, 1)), "jobs/commit")
	}
	b.Run("service", func(b *testing.B) {
		run(b, func(n int64, tk Ticket) error {
			_, err := w.svc.Save(context.Background(), tk, now, []Entry{{Position: int(n/128%40) + 1, Seq: n%maxSeq + 1, Value: "A"}})
			return err
		})
	})
	b.Run("bare", func(b *testing.B) {
		run(b, func(n int64, tk Ticket) error {
			return w.svc.writer.Do(context.Background(), tk.Enrolment, func(ctx context.Context, db storage.Querier) error {
				_, err := db.Exec(ctx, `INSERT INTO answer (enrolment_id, attempt_no, position, seq, value, doubt, received_ms) VALUES (?, ?, ?, ?, 'A', FALSE, ?)`,
					tk.Enrolment, tk.No, n/128%40+1, n+1_000_000_000, now.UnixMilli())
				return err
			})
		})
	})
}

// BenchmarkPrepare draws the forms of 5,000 people (40 items each).
func BenchmarkPrepare(b *testing.B) {
	w := benchWorld(b, 2500)
	for b.Loop() {
		b.StopTimer()
		e := w.event(plan{})
		_, err := w.svc.Enrol(w.ctx, everyone, EnrolRequest{Event: e.ID, Agencies: e.Agencies})
		w.must(err)
		b.StartTimer()
		out, err := w.svc.Prepare(w.ctx, everyone, e.ID)
		w.must(err)
		if out.Forms != 5000 {
			b.Fatalf("%d forms", out.Forms)
		}
	}
}

// BenchmarkSubmit submits and scores attempts with 40 answers.
func BenchmarkSubmit(b *testing.B) {
	w := benchWorld(b, 2500)
	ids := w.enrolments(w.open(plan{}))
	next := 0
	for b.Loop() {
		b.StopTimer()
		if next == len(ids) {
			b.Skip("more iterations than people")
		}
		tk := w.begin(ids[next])
		next++
		entries := make([]Entry, 40)
		for i := range entries {
			entries[i] = Entry{Position: i + 1, Seq: int64(i + 1), Value: "A"}
		}
		_, err := w.svc.Save(w.ctx, tk, w.clock.Now(), entries)
		w.must(err)
		b.StartTimer()
		_, _, err = w.svc.Submit(w.ctx, tk, w.clock.Now(), Submission{LastSeq: 40})
		w.must(err)
	}
}

// BenchmarkMonitor counts an event of 5,000 people of whom half are working.
func BenchmarkMonitor(b *testing.B) {
	w := benchWorld(b, 2500)
	e := w.open(plan{})
	for _, id := range w.enrolments(e)[:2500] {
		w.begin(id)
	}
	for b.Loop() {
		if _, err := w.svc.Monitor(w.ctx, everyone, e.ID, 0); err != nil {
			b.Fatal(err)
		}
	}
}
