package people

import (
	"net/mail"
	"strings"
	"time"

	"cakap/internal/fault"
	"cakap/internal/sheet"
)

// kind reads what the file itself says about the kind of participant. Where
// it contradicts the structure of the NIP, the NIP is right: it was issued.
func (p parser) kind(r *Row, rec sheet.Record) {
	said := parseKind(p.text(r, rec, fieldKind))
	if stage := sheet.Title(p.text(r, rec, fieldStage)); said == "" && (stage == "C" || stage == "CPNS") {
		said = CPNS
	} else if said == "" && (stage == "P" || stage == "PNS") && r.Person.Kind == PNS {
		said = PNS
	}
	if said == "" || r.Person.Kind == "" {
		return
	}
	if family(said) != family(r.Person.Kind) {
		r.warn(fault.New(fault.Invalid, "people.kind_mismatch", r.Person.Kind.Label()), rec.At(fieldKind))
		return
	}
	r.Person.Kind, r.ownKind = said, true
}

func family(k Kind) Kind {
	switch k {
	case CPNS:
		return PNS
	case PPPKPW:
		return PPPK
	default:
		return k
	}
}

func parseKind(text string) Kind {
	title := " " + sheet.Title(text) + " "
	has := func(words ...string) bool {
		for _, w := range words {
			if strings.Contains(title, w) {
				return true
			}
		}
		return false
	}
	switch {
	case has(" NON ASN ", " HONORER ", " BLUD ", " KONTRAK "):
		return NonASN
	case has(" PARUH WAKTU ", " PPPK PW "):
		return PPPKPW
	case has(" PPPK ", " P3K "):
		return PPPK
	case has(" CPNS ", " CALON PEGAWAI NEGERI "):
		return CPNS
	case has(" PNS ", " PEGAWAI NEGERI SIPIL "):
		return PNS
	default:
		return ""
	}
}

func (p parser) sex(r *Row, rec sheet.Record) {
	if r.Person.NIP != "" {
		r.Person.Sex = r.Person.NIP.Sex()
	}
	text := p.text(r, rec, fieldSex)
	switch strings.ToUpper(text) {
	case "":
		return
	case "M", "L", "LK", "LAKI-LAKI", "LAKI LAKI", "LAKI", "PRIA", "1":
		r.Person.Sex = Male
	case "F", "P", "PR", "PEREMPUAN", "WANITA", "2":
		r.Person.Sex = Female
	default:
		r.warn(fault.New(fault.Invalid, "people.sex_unknown"), rec.At(fieldSex))
		return
	}
	if r.Person.NIP != "" && r.Person.NIP.Sex() != r.Person.Sex {
		r.warn(fault.New(fault.Invalid, "people.sex_mismatch"), rec.At(fieldSex))
	}
}

// dates compares the columns with the NIP. A mismatch is a warning: BKN itself
// counts such people (indicators CON_1 to CON_4), so they exist.
func (p parser) dates(r *Row, rec sheet.Record) {
	nip := r.Person.NIP
	if nip != "" {
		r.Person.BirthDate = nip.BirthDate().Format(time.DateOnly)
	}
	if cell := rec.Cell(fieldBirth); !cell.Blank() && strings.Trim(cell.Text, "-– ") != "" {
		born, ok := cell.Date()
		switch {
		case !ok:
			r.warn(fault.New(fault.Invalid, "people.birth_unreadable"), rec.At(fieldBirth))
		case nip != "" && !born.Equal(nip.BirthDate()):
			r.warn(fault.New(fault.Invalid, "people.birth_mismatch", born.Format("02-01-2006"), nip.BirthDate().Format("02-01-2006")), rec.At(fieldBirth))
			fallthrough
		default:
			r.Person.BirthDate = born.Format(time.DateOnly)
		}
	}
	if nip == "" || nip.Kind() != PNS {
		return
	}
	if at, ok := rec.Cell(fieldAppointed).Date(); ok {
		if year, month := nip.Appointment(); at.Year() != year || at.Month() != month {
			r.warn(fault.New(fault.Invalid, "people.appointed_mismatch", at.Format("01-2006")), rec.At(fieldAppointed))
		}
	}
}

func (p parser) grade(r *Row, rec sheet.Record) {
	text := p.text(r, rec, fieldGrade)
	if text == "" {
		return
	}
	g, ok := ParseGrade(text)
	switch {
	case !ok:
		r.warn(fault.New(fault.Invalid, "people.grade_unknown", text), rec.At(fieldGrade))
	case r.Person.Kind != "" && r.Person.Kind != NonASN && g.Scheme != family(r.Person.Kind):
		r.warn(fault.New(fault.Invalid, "people.grade_scheme", g.Code, r.Person.Kind.Label()), rec.At(fieldGrade))
	default:
		r.Person.Grade = g.Code
	}
}

func (p parser) legal(r *Row, rec sheet.Record) {
	status, said := parseLegal(p.text(r, rec, fieldLegalID), p.text(r, rec, fieldLegalName))
	if !said {
		return
	}
	r.Person.LegalStatus, r.active = status.id, &status.active
	if !status.active {
		at := rec.At(fieldLegalName)
		if !p.table.Has(fieldLegalName) {
			at = rec.At(fieldLegalID)
		}
		r.warn(fault.New(fault.Invalid, "people.legal_inactive", status.name), at)
	}
}

func (p parser) contact(r *Row, rec sheet.Record) {
	if text := p.text(r, rec, fieldEmail); text != "" {
		if at, err := mail.ParseAddress(text); err != nil || at.Address != text || !strings.Contains(text, ".") {
			r.warn(fault.New(fault.Invalid, "people.email"), rec.At(fieldEmail))
		} else {
			r.Person.Email = strings.ToLower(text)
		}
	}
	if text := p.text(r, rec, fieldPhone); text != "" {
		phone, ok := parsePhone(text)
		if !ok {
			r.warn(fault.New(fault.Invalid, "people.phone"), rec.At(fieldPhone))
		}
		r.Person.Phone = phone
	}
}

// parsePhone writes a number the way people dial it: "0812…", also when the
// spreadsheet took the leading nought or somebody typed +62.
func parsePhone(text string) (string, bool) {
	var b strings.Builder
	for _, c := range text {
		switch {
		case c >= '0' && c <= '9':
			b.WriteRune(c)
		case strings.ContainsRune(" +-.()", c):
		default:
			return "", false
		}
	}
	digits := b.String()
	switch {
	case strings.HasPrefix(digits, "62"):
		digits = "0" + digits[2:]
	case strings.HasPrefix(digits, "8"):
		digits = "0" + digits
	}
	if len(digits) < 7 || len(digits) > 15 {
		return "", false
	}
	return digits, true
}
