package reports_test

import (
	"bytes"
	"io"
	"syscall"
	"testing"

	"cakap/reports"
	"cakap/reports/reportstest"
)

func cpu() float64 {
	var u syscall.Rusage
	syscall.Getrusage(0, &u)
	return float64(u.Utime.Sec+u.Stime.Sec) + float64(u.Utime.Usec+u.Stime.Usec)/1e6
}

func TestZZCPU(t *testing.T) {
	d := reportstest.Data(50000, 1)
	var ours bytes.Buffer
	reports.WriteAgency(t.Context(), &ours, d, reports.Options{TempDir: t.TempDir()})
	var own, bare float64
	testing.Benchmark(func(b *testing.B) {
		b.N = 1
		sheets := cellsOf(b, ours.Bytes())
		n := 0
		for s, r := range sheets {
			c := 0
			for _, x := range r {
				c += len(x)
			}
			t.Log(s, len(r), c)
			n += c
		}
		for range 4 {
			x := cpu()
			reports.WriteAgency(t.Context(), io.Discard, d, reports.Options{TempDir: t.TempDir()})
			y := cpu()
			writeBare(b, sheets)
			z := cpu()
			t.Logf("own %.2f bare %.2f", y-x, z-y)
			own += y - x
			bare += z - y
		}
	})
	t.Logf("ratio %.2f", own/bare)
}
