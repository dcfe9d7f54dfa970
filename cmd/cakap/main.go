// Command cakap serves the assessment platform and does its chores.
package main

func main() {}
