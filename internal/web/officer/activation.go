package officer

import (
	"cmp"
	"slices"
	"strings"

	"cakap/internal/access"
	"cakap/internal/fault"
	"cakap/internal/locale"
	"cakap/internal/people"
	"cakap/internal/web/kit"
)

// issuedPage shows activation codes once: slips to cut, a list to copy, and a
// message for each person.
type issuedPage struct {
	kit.Base
	Slips   []activationSlip
	Link    string
	Expires string
	List    string // tab-separated, for a spreadsheet or a mail merge
	General string // for a group, without codes
	Shown   int    // people whose messages are shown
	Apart   int    // people beyond those whose messages are shown
	Left    int    // people of the choice who have no code yet
}

type activationSlip struct {
	Name, Number, Unit, Code string
	Message                  string // "" beyond mostMessages
}

const (
	// mostIssued is how many codes one act makes: more slips print badly, and
	// the next act goes on where this one stopped.
	mostIssued = 1000
	// mostMessages is how many personal messages a page holds.
	mostMessages = 100
)

// Places in a message that are filled in per person.
const (
	placeName    = "{nama}"
	placeLink    = "{tautan}"
	placeCode    = "{kode}"
	placeExpires = "{berlaku}"
)

// usualMessage is what a person is sent; an officer may write another.
const usualMessage = `Yth. {nama},

akun Cakap Anda untuk asesmen kompetensi digital sudah disiapkan.
1. Buka {tautan}
2. Masukkan kode aktivasi {kode}
3. Buat kata sandi Anda sendiri.

Kode berlaku sampai {berlaku}, satu kali, dan hanya untuk Anda. Jangan teruskan pesan ini.`

// generalMessage is for a group: how to begin, and no code.
const generalMessage = `Bapak/Ibu pegawai yang terhormat,

akun Cakap untuk asesmen kompetensi digital perlu diaktifkan sebelum hari pelaksanaan.
1. Buka {tautan}
2. Masukkan kode aktivasi dari slip atau pesan pribadi yang Anda terima.
3. Buat kata sandi Anda sendiri.

Kode berlaku sampai {berlaku}. Belum menerima kode, atau kodenya tidak berlaku lagi? Hubungi admin kepegawaian. Jangan menulis kode di grup ini.`

func fillMessage(text, name, link, code, expires string) string {
	return strings.NewReplacer(placeName, name, placeLink, link, placeCode, code, placeExpires, expires).Replace(text)
}

func activationLink(c *kit.Ctx) string { return c.Origin() + "/aktivasi" }

// activation makes codes for the ticked people, or for everybody shown. Who
// has a password already gets a way to a new one.
func (p pages) activation(c *kit.Ctx) (kit.Response, error) {
	field := "p"
	if c.Form("semua") != "" {
		field = "tampil"
	}
	ids, err := p.formIDs(c, kindPerson, field)
	if err != nil {
		return nil, err
	}
	if len(ids) == 0 {
		return p.nobodyChosen(c)
	}
	slices.Sort(ids)
	return p.issue(c, slices.Compact(ids), usualMessage, 0)
}

func (p pages) issue(c *kit.Ctx, ids []int64, message string, left int) (kit.Response, error) {
	var chosen []people.Person
	for _, id := range ids {
		one, err := p.People.Person(c.Context(), c.Scope(), id)
		if err != nil {
			return nil, err
		}
		chosen = append(chosen, one)
	}
	units, err := p.unitPaths(c.Context(), c.Scope(), chosen)
	if err != nil {
		return nil, err
	}
	codes, err := p.Access.IssueActivation(c.Context(), c.Actor(), c.Scope(), ids)
	if err != nil {
		return nil, err
	}
	page := issuedOf(chosen, units, codes, message, activationLink(c))
	page.Base, page.Left = c.Base("Kode aktivasi").In(kit.SectionPeople), left
	return kit.HTML("officer/kode", page), nil
}

// nobodyChosen shows the list again, to those who may see it.
func (p pages) nobodyChosen(c *kit.Ctx) (kit.Response, error) {
	refusal := fault.New(fault.Invalid, "officer.nobody_chosen").On("p")
	if !rightsOf(c.Principal()).Roster {
		return nil, refusal
	}
	errs, err := inPlace(refusal)
	if err != nil {
		return nil, err
	}
	page, err := p.peoplePage(c)
	if err != nil {
		return nil, err
	}
	page.Errors = errs
	return kit.Refused("officer/pegawai", page), nil
}

// issuedOf joins people with their codes, by unit and name as slips are handed
// out.
func issuedOf(chosen []people.Person, units map[int64]string, codes []access.IssuedCode, message, link string) *issuedPage {
	page := &issuedPage{Link: link}
	list := []string{"Nama\tNIP\tUnit kerja\tKode\tBerlaku sampai"}
	byID := map[int64]people.Person{}
	for _, one := range chosen {
		byID[one.ID] = one
	}
	for _, code := range codes {
		one, ok := byID[code.PersonID]
		if !ok {
			continue
		}
		page.Expires = locale.Date(code.Expires.In(locale.Zone("WIB")))
		page.Slips = append(page.Slips, activationSlip{Name: one.FullName(), Number: people.Grouped(numberOf(one)), Unit: units[one.UnitID], Code: code.Code})
	}
	slices.SortStableFunc(page.Slips, func(a, b activationSlip) int {
		return cmp.Or(strings.Compare(a.Unit, b.Unit), strings.Compare(a.Name, b.Name))
	})
	for i := range page.Slips {
		s := &page.Slips[i]
		list = append(list, strings.Join([]string{s.Name, s.Number, s.Unit, s.Code, page.Expires}, "\t"))
		if i < mostMessages {
			s.Message = fillMessage(message, s.Name, link, s.Code, page.Expires)
		}
	}
	page.Shown = min(len(page.Slips), mostMessages)
	page.Apart = len(page.Slips) - page.Shown
	page.List = strings.Join(list, "\n")
	page.General = fillMessage(generalMessage, "", link, "", page.Expires)
	return page
}

// codesPage says how many people can log in, by unit, and makes codes for many.
type codesPage struct {
	kit.Base
	Agencies []choice
	Agency   string // name of the one shown
	AgencyID string // sealed
	Total    activationCounts
	Rows     []activationCounts
	Units    []choice
	Whom     []choice
	Message  string
	General  string
}

// activationCounts sums up a unit.
type activationCounts struct {
	Name                        string
	None, Issued, Used, Expired int
	All                         int
	unit                        int64
}

func (n *activationCounts) add(s access.ActivationState) {
	n.All++
	switch s {
	case access.CodeIssued:
		n.Issued++
	case access.CodeUsed:
		n.Used++
	case access.CodeExpired:
		n.Expired++
	default:
		n.None++
	}
}

// Whom a bulk act makes codes for.
const (
	whomWithout = "belum" // neither a password nor a code in hand
	whomUnused  = "tanpa" // no password, whatever code is out
	whomAll     = "semua" // everybody: a reset
)

func (p pages) codes(c *kit.Ctx) (kit.Response, error) {
	agency, err := p.queryID(c, kindAgency, "instansi")
	if err != nil {
		return nil, err
	}
	page, err := p.codesPage(c, agency, 0, whomWithout, usualMessage)
	if err != nil {
		return nil, err
	}
	return kit.HTML("officer/kode-massal", page), nil
}

func (p pages) codesPage(c *kit.Ctx, agency, unit int64, whom, message string) (*codesPage, error) {
	agencies, err := p.activeAgencies(c)
	if err != nil {
		return nil, err
	}
	page := &codesPage{
		Base: c.Base("Kode aktivasi").In(kit.SectionPeople), Message: message,
		General: fillMessage(generalMessage, "", activationLink(c), "", locale.Date(c.Now().Add(access.ActivationLife).In(locale.Zone("WIB")))),
		Whom: []choice{
			{whomWithout, "Yang belum punya kata sandi dan belum memegang kode", whom == whomWithout},
			{whomUnused, "Yang belum punya kata sandi; kode lama mereka diganti", whom == whomUnused},
			{whomAll, "Semua orang, juga yang sudah punya kata sandi (atur ulang)", whom == whomAll},
		},
	}
	if agency == 0 && len(agencies) > 0 {
		agency = agencies[0].ID
	}
	if len(agencies) > 1 {
		page.Agencies = agencyChoices(c, agencies, agency)
	}
	if agency == 0 {
		return page, nil
	}
	one, err := p.People.Agency(c.Context(), c.Scope(), agency)
	if err != nil {
		return nil, err
	}
	page.Agency, page.AgencyID = one.Name, c.Seal(kindAgency, agency)
	return page, p.countActivations(c, page, agency, unit)
}

func (p pages) countActivations(c *kit.Ctx, page *codesPage, agency, chosen int64) error {
	all, err := p.Access.Activations(c.Context(), c.Scope(), agency, 0)
	if err != nil {
		return err
	}
	units, err := p.People.Units(c.Context(), c.Scope(), agency)
	if err != nil {
		return err
	}
	at := map[int64]int{}
	for _, u := range units {
		if u.Level == 1 {
			at[u.ID] = len(page.Rows)
			page.Rows = append(page.Rows, activationCounts{Name: u.Name, unit: u.ID})
		}
	}
	rest := activationCounts{Name: "Tanpa unit kerja"}
	for _, a := range all {
		page.Total.add(a.State)
		if i, ok := at[a.UnitID]; ok {
			page.Rows[i].add(a.State)
		} else {
			rest.add(a.State)
		}
	}
	page.Rows = slices.DeleteFunc(page.Rows, func(n activationCounts) bool { return n.All == 0 })
	for _, n := range page.Rows {
		page.Units = append(page.Units, choice{c.Seal(kindUnit, n.unit), n.Name, n.unit == chosen})
	}
	if rest.All > 0 {
		page.Rows = append(page.Rows, rest)
	}
	return nil
}

// activateMany makes codes for everybody of a choice, a thousand at a time.
func (p pages) activateMany(c *kit.Ctx) (kit.Response, error) {
	agency, err := p.chosenAgency(c, "officer.choose_agency")
	if err != nil {
		return nil, err
	}
	unit, err := c.FormID(kindUnit, "unit")
	if err != nil {
		return nil, err
	}
	message := cmp.Or(c.Form("pesan"), usualMessage)
	ids, left, err := p.unactivated(c, agency, unit, c.Form("siapa"))
	if err == nil && !strings.Contains(message, placeCode) {
		err = fault.New(fault.Invalid, "officer.message_code").On("pesan")
	}
	if err == nil && len(ids) == 0 {
		err = fault.New(fault.Invalid, "officer.nobody_left").On("siapa")
	}
	if err == nil {
		return p.issue(c, ids, message, left)
	}
	errs, err := inPlace(err)
	if err != nil {
		return nil, err
	}
	page, err := p.codesPage(c, agency, unit, cmp.Or(c.Form("siapa"), whomWithout), message)
	if err != nil {
		return nil, err
	}
	page.Errors = errs
	return kit.Refused("officer/kode-massal", page), nil
}

// unactivated are the first people of a choice, and how many are left.
func (p pages) unactivated(c *kit.Ctx, agency, unit int64, whom string) (ids []int64, left int, err error) {
	if _, err := p.People.Agency(c.Context(), c.Scope(), agency); err != nil {
		return nil, 0, err
	}
	all, err := p.Access.Activations(c.Context(), c.Scope(), agency, unit)
	if err != nil {
		return nil, 0, err
	}
	for _, a := range all {
		switch {
		case whom == whomUnused && a.State == access.CodeUsed, whom != whomUnused && whom != whomAll && (a.State == access.CodeUsed || a.State == access.CodeIssued):
			continue
		case len(ids) < mostIssued:
			ids = append(ids, a.PersonID)
		default:
			left++
		}
	}
	return ids, left, nil
}
