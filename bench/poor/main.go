// Command poor is a poor line in front of a server, for the browser test that
// drives the real page through it (e2e/poor.test.mjs). It prints its address,
// then does what the lines of its standard input say, and ends with them:
//
//	outage 20s   nothing passes for so long
//	stats        print the counters as one line of JSON
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"cakap/bench/poor/proxy"
)

func main() {
	target := flag.String("target", "", "address of the server, HOST:PORT")
	line := proxy.Village
	flag.DurationVar(&line.RTT, "rtt", line.RTT, "round trip")
	flag.Float64Var(&line.Loss, "loss", line.Loss, "chance that a packet is lost")
	flag.Float64Var(&line.Reset, "reset", line.Reset, "chance that a lost packet breaks its connection")
	flag.IntVar(&line.Rate, "rate", line.Rate, "bits per second in each direction")
	flag.Parse()
	if err := run(context.Background(), *target, line, os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "poor:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, target string, line proxy.Line, in io.Reader, out io.Writer) error {
	if target == "" {
		return errors.New("-target names the server")
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	p, err := proxy.Listen(ctx, target, line)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "listens on %s\n", p.Address())
	lines := bufio.NewScanner(in)
	for lines.Scan() {
		word, rest, _ := strings.Cut(lines.Text(), " ")
		switch word {
		case "outage":
			d, err := time.ParseDuration(rest)
			if err != nil {
				return err
			}
			p.Outage(d)
		case "stats":
			if err := json.NewEncoder(out).Encode(p.Stats()); err != nil {
				return err
			}
		default:
			return fmt.Errorf("not a command: %q", lines.Text())
		}
	}
	return lines.Err()
}
