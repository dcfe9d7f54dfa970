// Command conformance prints how our readers fare on a corpus of strangers'
// files, row by row, and fails where fewer than 97 % of the rows are equal.
package main

import (
	"fmt"
	"os"

	"cakap/questionbank/format"
	"cakap/questionbank/format/conformance"
)

// enough is the share of rows that must be equal, in percent.
const enough = 97

func main() {
	corpus := "../shared/corpus"
	if len(os.Args) > 1 {
		corpus = os.Args[1]
	}
	rows, err := conformance.Run(corpus, format.Read)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	equal := 0
	for _, r := range rows {
		mark := "="
		if r.Equal {
			equal++
		} else {
			mark = "≠ " + r.Why
		}
		fmt.Printf("%-62s %4d %4d  %-44s %-44s %3d  %s\n", r.File, r.Want, r.Got, r.WantTypes, r.GotTypes, r.Diagnostics, mark)
	}
	fmt.Printf("%d of %d rows equal (%.1f %%)\n", equal, len(rows), 100*float64(equal)/float64(len(rows)))
	if equal*100 < enough*len(rows) {
		os.Exit(1)
	}
}
