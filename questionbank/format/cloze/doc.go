// Package cloze reads and writes Moodle's embedded answers, texts such as
//
//	Ibu kota Jawa Barat adalah {1:SHORTANSWER:=Bandung#Tepat~%50%Kota Bandung}.
//
// which Moodle XML holds in its cloze questions and which also come as plain
// files of their own. Moodle lets the author say how a list of choices is laid
// out (drop-down, radio buttons in a row or a column); our pages decide that by
// themselves, so all of them are read alike.
package cloze
