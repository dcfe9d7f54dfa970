// Package text reads questions as people write them down: Aiken files, .txt
// files, what is pasted from Word, and the paragraphs and tables of Word files,
// which package docx hands over.
//
// One tolerant reader serves all of them, because hardly anybody's text keeps
// to a format: stems are numbered ("1.", "1)", "Soal 1"), options are lettered
// in any style, one a line or all on one, and keys are called ANSWER, Answer,
// Kunci, Kunci Jawaban or Jawaban, stand under each question, in a list at the
// end, or are a star or bold print on the option itself. A file that keeps to
// Aiken is read exactly as Moodle reads it, errors and their lines included.
//
// Reading goes in three steps. Every line becomes a Line of styled runs; a
// scanner groups lines into a Draft for each question; a Draft decides what
// type of item it is and becomes a questionbank.ParsedItem. What is left over,
// headings and notes, is reported, never dropped in silence.
package text
