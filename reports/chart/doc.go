// Package chart draws the product's charts as SVG text: no script, no picture
// file, sizes in percent so that words keep their size, colours from the
// stylesheet's classes, and a title and description for people who do not see
// it. Every text is escaped here; a table stands beside each chart on its page.
package chart
