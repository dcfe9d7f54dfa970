//go:build race

package web_test

// raced reports that the race detector makes everything ten times as slow.
const raced = true
