package officer

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"

	"cakap/internal/access"
	"cakap/internal/fault"
	"cakap/internal/locale"
	"cakap/internal/people"
	"cakap/internal/web/kit"
)

// personForm is what may be typed about a person, as typed.
type personForm struct {
	NIP, Number                 string // of somebody new
	Kind                        string
	Name, TitleFront, TitleBack string
	Unit, Position, Grade       string
	Email, Phone                string
	Active                      bool
	Kinds                       []choice
	Units                       []string // to choose from, where they are few
	New                         bool
}

// personPage is one person with what may be changed by hand.
type personPage struct {
	kit.Base
	ID       int64
	Number   string
	Former   []string
	Kind     string
	Agency   string
	Unit     string
	Position string
	Grade    string
	Birth    string
	Email    string
	Phone    string
	Active   bool
	Account  tag
	Form     personForm
	Time     timeForm
	NIP      string // as typed
	Other    string // as typed, of the record to merge
	Twin     *twinCard
	Change   bool // may change the person
	Codes    bool
}

// timeForm is an accommodation as typed.
type timeForm struct {
	Percent string
	Reasons []choice
	Note    string
}

// twinCard is the record that would be merged into this one.
type twinCard struct {
	ID                                int64
	Name, Number, Agency, Unit, Birth string
}

func (p pages) person(c *kit.Ctx) (kit.Response, error) {
	page, err := p.personPage(c)
	if err != nil {
		return nil, err
	}
	return kit.HTML("officer/pegawai-satu", page), nil
}

func (p pages) personPage(c *kit.Ctx) (*personPage, error) {
	id, err := c.ID(kindPerson, "id")
	if err != nil {
		return nil, err
	}
	one, err := p.People.Person(c.Context(), c.Scope(), id)
	if err != nil {
		return nil, err
	}
	agency, err := p.People.Agency(c.Context(), c.Scope(), one.AgencyID)
	if err != nil {
		return nil, err
	}
	units, err := p.People.Units(c.Context(), c.Scope(), one.AgencyID)
	if err != nil {
		return nil, err
	}
	may := c.Principal()
	page := &personPage{
		Base: c.Base(one.FullName()).In(kit.SectionPeople), ID: one.ID, Number: people.Grouped(numberOf(one)), Kind: one.Kind.Label(),
		Agency: agency.Name, Unit: unitPath(units, one.UnitID), Position: one.Position, Grade: one.Grade, Birth: birthDate(one.BirthDate),
		Email: one.Email, Phone: one.Phone, Active: one.Active,
		Change: may.Scope(access.RosterImport).Covers(one.AgencyID), Codes: may.Scope(access.CodesIssue).Covers(one.AgencyID),
	}
	page.Form = personForm{
		Name: one.Name, TitleFront: one.TitleFront, TitleBack: one.TitleBack, Unit: page.Unit, Position: one.Position, Grade: one.Grade,
		Email: one.Email, Phone: one.Phone, Active: one.Active, Units: unitPathsOf(units),
	}
	return page, p.fillPerson(c, page, one)
}

// fillPerson adds what other tables know of a person.
func (p pages) fillPerson(c *kit.Ctx, page *personPage, one people.Person) error {
	former, err := p.People.FormerNumbers(c.Context(), c.Scope(), one.ID)
	if err != nil {
		return err
	}
	for _, nip := range former {
		page.Former = append(page.Former, nip.Grouped())
	}
	if page.Codes {
		states, err := p.Access.ActivationOf(c.Context(), c.Principal().Scope(access.CodesIssue), []int64{one.ID})
		if err != nil {
			return err
		}
		if a, ok := states[one.ID]; ok {
			page.Account = activationTag(a.State)
		}
	}
	if !page.Change {
		return nil
	}
	extra, err := p.People.ExtraTime(c.Context(), c.Scope(), one.ID)
	if err != nil {
		return err
	}
	page.Time = timeForm{strconv.Itoa(extra.Percent), timeReasons(extra.Kind), extra.Note}
	return nil
}

func unitPath(units []people.Unit, id int64) string {
	i := slices.IndexFunc(units, func(u people.Unit) bool { return u.ID == id })
	if i < 0 {
		return ""
	}
	return units[i].Path
}

// fewUnits is how many units a page offers to choose from; a province has
// thousands, and there people type.
const fewUnits = 150

func unitPathsOf(units []people.Unit) []string {
	units = slices.DeleteFunc(slices.Clone(units), func(u people.Unit) bool { return u.Hidden })
	if len(units) > fewUnits {
		return nil
	}
	var all []string
	for _, u := range units {
		all = append(all, u.Path)
	}
	return all
}

// timeKinds are why somebody has more time, in words without a diagnosis.
var timeKinds = map[people.ExtraTimeKind]string{
	people.ForVision: "Penglihatan", people.ForHearing: "Pendengaran", people.ForMotor: "Gerak tangan atau tubuh",
	people.ForReading: "Membaca", people.ForHealth: "Kesehatan", people.ForOther: "Lainnya",
}

func timeReasons(chosen people.ExtraTimeKind) []choice {
	var all []choice
	for _, k := range people.ExtraTimeKinds() {
		all = append(all, choice{string(k), timeKinds[k], k == chosen})
	}
	return all
}

// formOf is what was typed.
func formOf(c *kit.Ctx) personForm {
	return personForm{
		NIP: c.Form("nip"), Number: c.Form("participant_no"), Kind: c.Form("kind"), Name: c.Form("name"), TitleFront: c.Form("title_front"),
		TitleBack: c.Form("title_back"), Unit: c.Form("unit"), Position: c.Form("position"), Grade: c.Form("grade"),
		Email: c.Form("email"), Phone: c.Form("phone"), Active: c.Form("active") != "",
	}
}

// changePerson keeps what an officer mends by hand between two rosters.
func (p pages) changePerson(c *kit.Ctx) (kit.Response, error) {
	page, err := p.personPage(c)
	if err != nil {
		return nil, err
	}
	f := formOf(c)
	err = p.People.ChangePerson(c.Context(), by(c), page.ID, people.Edit{
		Name: f.Name, TitleFront: f.TitleFront, TitleBack: f.TitleBack, Unit: f.Unit, Position: f.Position, Grade: f.Grade,
		Email: f.Email, Phone: f.Phone, Active: f.Active,
	})
	if err != nil {
		f.Units = page.Form.Units
		page.Form = f
		return p.refusedPerson(page, err)
	}
	c.Flash("Perubahan disimpan.")
	return kit.Redirect(personPath(c, page.ID)), nil
}

func personPath(c *kit.Ctx, id int64) string { return "/pegawai/" + c.Seal(kindPerson, id) }

func (p pages) refusedPerson(page *personPage, err error) (kit.Response, error) {
	errs, err := inPlace(err)
	if err != nil {
		return nil, err
	}
	page.Errors = errs
	return kit.Refused("officer/pegawai-satu", page), nil
}

// changeExtraTime keeps an accommodation once, and brings it to every
// enrolment that has not begun.
func (p pages) changeExtraTime(c *kit.Ctx) (kit.Response, error) {
	page, err := p.personPage(c)
	if err != nil {
		return nil, err
	}
	typed := timeForm{c.Form("time_factor"), timeReasons(people.ExtraTimeKind(c.Form("extra_time_kind"))), c.Form("extra_time_note")}
	percent, err := strconv.Atoi(typed.Percent)
	if err != nil {
		err = fault.New(fault.Invalid, "officer.percent").On("time_factor")
	} else {
		err = p.People.SetExtraTime(c.Context(), by(c), page.ID, people.ExtraTime{
			Percent: percent, Kind: people.ExtraTimeKind(c.Form("extra_time_kind")), Note: typed.Note,
		})
	}
	if err != nil {
		page.Time = typed
		return p.refusedPerson(page, err)
	}
	done, err := p.Assessment.ApplyAccommodation(c.Context(), actor(c), page.ID)
	if err != nil {
		return nil, err
	}
	text := fmt.Sprintf("Waktu pengerjaan disimpan. Berlaku untuk %s pendaftaran yang belum dimulai dan untuk yang berikutnya.", locale.Int(done.Applied))
	if done.Running > 0 {
		text += " Pengerjaan yang sedang berjalan tidak berubah: pakai “Tambah waktu” pada halaman pesertanya."
	}
	c.Flash(text)
	return kit.Redirect(personPath(c, page.ID)), nil
}

func (p pages) changeNIP(c *kit.Ctx) (kit.Response, error) {
	page, err := p.personPage(c)
	if err != nil {
		return nil, err
	}
	typed := c.Form("nip")
	if err := p.People.ChangeNIP(c.Context(), by(c), page.ID, typed); err != nil {
		page.NIP = typed
		return p.refusedPerson(page, err)
	}
	c.Flash("NIP diganti. NIP lama tetap menemukan orang ini, juga saat masuk.")
	return kit.Redirect(personPath(c, page.ID)), nil
}

// mergePeople finds the other record of one human and shows it; only what was
// shown is merged.
func (p pages) mergePeople(c *kit.Ctx) (kit.Response, error) {
	page, err := p.personPage(c)
	if err != nil {
		return nil, err
	}
	shown, err := c.FormID(kindPerson, "kembaran")
	if err != nil {
		return nil, err
	}
	if shown != 0 {
		err := p.People.Merge(c.Context(), by(c), page.ID, shown)
		if err == nil {
			err = p.retime(c, []int64{page.ID})
		}
		if err == nil {
			c.Flash("Dua data digabung. Kegiatan, hasil, dan NIP keduanya sekarang ada di sini.")
			return kit.Redirect(personPath(c, page.ID)), nil
		}
		return p.refusedPerson(page, atOther(err))
	}
	page.Other = c.Form("lain")
	other, err := p.People.PersonByNumber(c.Context(), c.Scope(), page.Other)
	if err == nil && other.ID == page.ID {
		err = fault.New(fault.Invalid, "people.merge_same")
	}
	if err != nil {
		return p.refusedPerson(page, atOther(err))
	}
	if page.Twin, err = p.twinCard(c, other); err != nil {
		return nil, err
	}
	page.Other = ""
	return kit.HTML("officer/pegawai-satu", page), nil
}

// atOther places a refusal at the field that names the other record.
func atOther(err error) error {
	if f := fault.Of(err); f != nil {
		return f.On("lain")
	}
	return err
}

func (p pages) twinCard(c *kit.Ctx, other people.Person) (*twinCard, error) {
	agency, err := p.People.Agency(c.Context(), c.Scope(), other.AgencyID)
	if err != nil {
		return nil, err
	}
	units, err := p.unitPaths(c.Context(), c.Scope(), []people.Person{other})
	if err != nil {
		return nil, err
	}
	return &twinCard{
		ID: other.ID, Name: other.FullName(), Number: people.Grouped(numberOf(other)), Agency: agency.Name, Unit: units[other.UnitID],
		Birth: cmp.Or(birthDate(other.BirthDate), "belum diisi"),
	}, nil
}
