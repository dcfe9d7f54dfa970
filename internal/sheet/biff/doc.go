// Package biff reads the values out of .xls workbooks, as Excel 97 to 2003 wrote
// them (BIFF8) and as many offices still keep them. It reads what cells hold and
// nothing of how they look; formulas are never run, their last results are taken.
//
// The whole file is in memory already when it comes here, so a sheet costs eight
// bytes a cell and the strings it shares. Every length in the file is checked
// before it is believed: no file makes the package panic or loop, which
// FuzzOpen tries.
package biff
