// Package jsonsoal reads the questions out of JSON files as Indonesian practice
// sites and generators write them: arrays of {"pertanyaan", "pilihan",
// "jawaban"} or {"question", "options", "answer"}, alone or under sections.
// Names vary and so does what a key is (a place, a letter, the text of an
// option); what cannot be made out is refused question by question.
package jsonsoal
