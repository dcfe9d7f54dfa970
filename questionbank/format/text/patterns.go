package text

import "regexp"

var (
	// ownLabel is a letter that an option carries in its text.
	ownLabel = regexp.MustCompile(`^\s*\(?([A-Za-z])[.)]\s*`)

	aspectCode    = regexp.MustCompile(`(?i)^(?:aspek\s*)?A?\s*([1-4])(?:\b|\.)`)
	indicatorCode = regexp.MustCompile(`(?i)\bA[1-4]\.[1-9]\b`)
	levelCode     = regexp.MustCompile(`(?i)\b([LC])\s?([1-6])\b`)
	decimal       = regexp.MustCompile(`^(\d{1,6})(?:[.,](\d{1,6}))?$`)
	pointList     = regexp.MustCompile(`(?i)^\s*\(?[A-L]\)?\s*[=:]\s*-?\d`)
	pointPart     = regexp.MustCompile(`(?i)\(?([A-L])\)?\s*[=:]\s*(-?\d+(?:[.,]\d+)?)`)

	// keyBetween is what may stand between the letters of a key.
	keyBetween = regexp.MustCompile(`(?i)\b(?:dan|and|serta|opsi|pilihan|huruf)\b|[\s,;/()\[\]"&+.:]+`)
	keyLabel   = regexp.MustCompile(`^\(?([A-Za-z])\s*[.)]\s*\S`)
	keyNumber  = regexp.MustCompile(`^\d{1,2}$`)
	keyLetters = regexp.MustCompile(`^[A-Za-z]{1,12}$`)

	pairMark  = regexp.MustCompile(`\s*(?:::|<?->|=>|→|⇒|↔|\s={1,2}\s)\s*`)
	rangeMark = regexp.MustCompile(`^(-?\d+(?:[.,]\d+)?)\s*(?:\.\.+|s/d|sampai(?:\s+dengan)?|–|—|\s-\s)\s*(-?\d+(?:[.,]\d+)?)$`)
	aboutMark = regexp.MustCompile(`^(-?\d+(?:[.,]\d+)?)\s*(?:±|\+/-|\+-|:|toleransi)\s*(\d+(?:[.,]\d+)?)$`)
	truthMark = regexp.MustCompile(`(?i)\s*(?:\(\s*(?:B\s*[-/]\s*S|benar\s*(?:/|-|atau)\s*salah)\s*\)|\bB\s*[-/]\s*S|\bbenar\s*[/-]\s*salah)\s*[.…]*\s*$`)
	truthLead = regexp.MustCompile(`(?i)^\s*\(?\s*(?:B\s*[-/]\s*S|benar\s*[/-]\s*salah)\s*\)?\s*[:.)]?\s+`)
)

// pictureMark is a picture in Markdown.
var pictureMark = regexp.MustCompile(`!\[([^\]]*)\]\([^)]*\)`)
