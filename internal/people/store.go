package people

import (
	"context"
	"strings"
	"time"

	"cakap/internal/storage"
)

// store is the SQL of this package, inside a transaction or out of one.
type store struct{ db storage.Querier }

func orNull(id int64) any {
	if id == 0 {
		return nil
	}
	return id
}

func textOrNull(text string) any {
	if text == "" {
		return nil
	}
	return text
}

func (s store) agencies(ctx context.Context) (all []Agency, err error) {
	err = s.db.Select(ctx, &all, `
		SELECT id, code, name, short_name, kind, zone, active
		FROM agency
		ORDER BY code`)
	return all, err
}

func (s store) agency(ctx context.Context, id int64) (a Agency, err error) {
	err = s.db.Get(ctx, &a, `
		SELECT id, code, name, short_name, kind, zone, active
		FROM agency
		WHERE id = ?`, id)
	return a, err
}

func (s store) agencyByCode(ctx context.Context, code string) (a Agency, err error) {
	err = s.db.Get(ctx, &a, `
		SELECT id, code, name, short_name, kind, zone, active
		FROM agency
		WHERE code = ?`, code)
	return a, err
}

func (s store) addAgency(ctx context.Context, a Agency, now time.Time) error {
	_, err := s.db.Exec(ctx, `
		INSERT INTO agency (id, code, name, short_name, kind, zone, active, created_ms)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
		a.ID, a.Code, a.Name, a.ShortName, a.Kind, a.Zone, a.Active, now.UnixMilli())
	return err
}

func (s store) updateAgency(ctx context.Context, a Agency) error {
	n, err := s.db.Exec(ctx, `
		UPDATE agency
		SET code = ?, name = ?, short_name = ?, kind = ?, zone = ?, active = ?
		WHERE id = ?`,
		a.Code, a.Name, a.ShortName, a.Kind, a.Zone, a.Active, a.ID)
	if err == nil && n == 0 {
		err = storage.ErrNotFound
	}
	return err
}

func (s store) units(ctx context.Context, agencyID int64) (all []Unit, err error) {
	err = s.db.Select(ctx, &all, `
		SELECT id, agency_id, COALESCE(parent_id, 0) AS parent_id, COALESCE(opd_id, id) AS opd_id, external_id, path, name, level, hidden
		FROM unit
		WHERE agency_id = ?
		ORDER BY id`, agencyID)
	return all, err
}

func (s store) unit(ctx context.Context, id int64) (u Unit, err error) {
	err = s.db.Get(ctx, &u, `
		SELECT id, agency_id, COALESCE(parent_id, 0) AS parent_id, COALESCE(opd_id, id) AS opd_id, external_id, path, name, level, hidden
		FROM unit
		WHERE id = ?`, id)
	return u, err
}

func (s store) addUnit(ctx context.Context, u Unit, now time.Time) error {
	_, err := s.db.Exec(ctx, `
		INSERT INTO unit (id, agency_id, parent_id, opd_id, external_id, path, name, level, hidden, created_ms)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		u.ID, u.AgencyID, orNull(u.ParentID), u.OPDID, u.ExternalID, u.Path, u.Name, u.Level, u.Hidden, now.UnixMilli())
	return err
}

func (s store) setUnitExternal(ctx context.Context, u Unit) error {
	_, err := s.db.Exec(ctx, `UPDATE unit SET external_id = ? WHERE id = ?`, u.ExternalID, u.ID)
	return err
}

func (s store) people(ctx context.Context, agencyID int64) (all []Person, err error) {
	err = s.db.Select(ctx, &all, `
		SELECT id, agency_id, COALESCE(unit_id, 0) AS unit_id, COALESCE(nip, '') AS nip, COALESCE(participant_no, '') AS participant_no,
		       kind, name, title_front, title_back, sex, birth_date, grade, position, position_kind, legal_status, email, phone,
		       time_factor_pct, active
		FROM person
		WHERE agency_id = ? AND merged_into IS NULL`, agencyID)
	return all, err
}

func (s store) person(ctx context.Context, id int64) (p Person, err error) {
	err = s.db.Get(ctx, &p, `
		SELECT id, agency_id, COALESCE(unit_id, 0) AS unit_id, COALESCE(nip, '') AS nip, COALESCE(participant_no, '') AS participant_no,
		       kind, name, title_front, title_back, sex, birth_date, grade, position, position_kind, legal_status, email, phone,
		       time_factor_pct, active
		FROM person
		WHERE id = ? AND merged_into IS NULL`, id)
	return p, err
}

// personIDByNIP finds by any NIP the person ever had.
func (s store) personIDByNIP(ctx context.Context, nip NIP) (id int64, err error) {
	err = s.db.Get(ctx, &id, `SELECT person_id FROM person_nip WHERE nip = ?`, string(nip))
	return id, err
}

func (s store) personIDByNumber(ctx context.Context, number string) (id int64, err error) {
	err = s.db.Get(ctx, &id, `SELECT id FROM person WHERE participant_no = ?`, number)
	return id, err
}

type nipOwner struct {
	NIP      NIP   `db:"nip"`
	PersonID int64 `db:"person_id"`
}

func (s store) nips(ctx context.Context, agencyID int64) (all []nipOwner, err error) {
	err = s.db.Select(ctx, &all, `
		SELECT n.nip, n.person_id
		FROM person_nip n
		JOIN person p ON p.id = n.person_id
		WHERE p.agency_id = ?`, agencyID)
	return all, err
}

// chunk is how many values one of the IN lists below takes.
const chunk = 40

// elsewhere are those of the given NIPs and participant numbers that belong to
// people of other agencies. Nothing else about them is read.
func (s store) elsewhere(ctx context.Context, agencyID int64, nips, numbers []string) (map[string]bool, error) {
	found := map[string]bool{}
	for _, list := range []struct {
		values []string
		query  string
	}{
		{nips, `
			SELECT n.nip
			FROM person_nip n
			JOIN person p ON p.id = n.person_id
			WHERE p.agency_id <> ?
			  AND n.nip IN (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`},
		{numbers, `
			SELECT p.participant_no
			FROM person p
			WHERE p.agency_id <> ?
			  AND p.participant_no IN (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`},
	} {
		for from := 0; from < len(list.values); from += chunk {
			args := make([]any, 1, chunk+1)
			args[0] = agencyID
			for i := from; i < from+chunk; i++ {
				// Past the end the last one repeats: the list has a fixed length.
				args = append(args, list.values[min(i, len(list.values)-1)])
			}
			var hits []string
			if err := s.db.Select(ctx, &hits, list.query, args...); err != nil {
				return nil, err
			}
			for _, hit := range hits {
				found[hit] = true
			}
		}
	}
	return found, nil
}

func (s store) addPerson(ctx context.Context, p Person, now time.Time) error {
	_, err := s.db.Exec(ctx, `
		INSERT INTO person (id, agency_id, unit_id, nip, participant_no, kind, name, title_front, title_back, sex, birth_date, grade,
		                    position, position_kind, legal_status, email, phone, time_factor_pct, active, created_ms, updated_ms)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		p.ID, p.AgencyID, orNull(p.UnitID), textOrNull(string(p.NIP)), textOrNull(p.ParticipantNo), string(p.Kind), p.Name, p.TitleFront, p.TitleBack,
		string(p.Sex), p.BirthDate, p.Grade, p.Position, p.PositionKind, p.LegalStatus, p.Email, p.Phone, p.TimeFactor, p.Active,
		now.UnixMilli(), now.UnixMilli())
	if err != nil || p.NIP == "" {
		return err
	}
	return s.addNIP(ctx, p.ID, p.NIP, now)
}

func (s store) addNIP(ctx context.Context, personID int64, nip NIP, now time.Time) error {
	_, err := s.db.Exec(ctx, `INSERT INTO person_nip (nip, person_id, since_ms) VALUES (?, ?, ?)`, string(nip), personID, now.UnixMilli())
	return err
}

func (s store) updatePerson(ctx context.Context, p Person, now time.Time) error {
	_, err := s.db.Exec(ctx, `
		UPDATE person
		SET unit_id = ?, nip = ?, participant_no = ?, kind = ?, name = ?, title_front = ?, title_back = ?, sex = ?, birth_date = ?, grade = ?,
		    position = ?, position_kind = ?, legal_status = ?, email = ?, phone = ?, time_factor_pct = ?, active = ?, updated_ms = ?
		WHERE id = ? AND agency_id = ?`,
		orNull(p.UnitID), textOrNull(string(p.NIP)), textOrNull(p.ParticipantNo), string(p.Kind), p.Name, p.TitleFront, p.TitleBack, string(p.Sex),
		p.BirthDate, p.Grade, p.Position, p.PositionKind, p.LegalStatus, p.Email, p.Phone, p.TimeFactor, p.Active, now.UnixMilli(), p.ID, p.AgencyID)
	return err
}

// indexed is what a list is sorted by.
type indexed struct {
	ID   int64  `db:"id"`
	Name string `db:"name"`
}

func (s store) search(ctx context.Context, f Filter) (all []indexed, err error) {
	text, digits := "", ""
	if q := strings.TrimSpace(f.Query); q != "" {
		if onlyDigits, err := nipText(q); err == nil && onlyDigits != "" {
			digits = onlyDigits
		} else {
			text = "%" + likeEscape.Replace(strings.ToLower(q)) + "%"
		}
	}
	err = s.db.Select(ctx, &all, `
		SELECT p.id, p.name
		FROM person p
		LEFT JOIN unit u ON u.id = p.unit_id
		WHERE p.merged_into IS NULL
		  AND (CAST(? AS BIGINT) = 0 OR p.agency_id = ?)
		  AND (CAST(? AS TEXT) = '' OR lower(p.name) LIKE ? ESCAPE '!')
		  AND (CAST(? AS TEXT) = '' OR p.nip LIKE ? OR p.participant_no LIKE ?)
		  AND (CAST(? AS TEXT) = '' OR p.kind = ?)
		  AND (CAST(? AS TEXT) = '' OR (CAST(? AS TEXT) = 'active' AND p.active) OR (CAST(? AS TEXT) = 'inactive' AND NOT p.active))
		  AND (CAST(? AS BIGINT) = 0 OR u.id = ? OR u.path LIKE ? ESCAPE '!')`,
		f.AgencyID, f.AgencyID,
		text, text,
		digits, "%"+digits+"%", "%"+digits+"%",
		string(f.Kind), string(f.Kind),
		f.State, f.State, f.State,
		f.UnitID, f.UnitID, likeEscape.Replace(f.unitPath)+pathSign+"%")
	return all, err
}

var likeEscape = strings.NewReplacer("!", "!!", "%", "!%", "_", "!_")

// peopleByID is a page of a list, at most chunk of them, in no order.
func (s store) peopleByID(ctx context.Context, ids []int64) (all []Person, err error) {
	if len(ids) == 0 {
		return nil, nil
	}
	args := make([]any, chunk)
	for i := range args {
		args[i] = ids[min(i, len(ids)-1)]
	}
	err = s.db.Select(ctx, &all, `
		SELECT id, agency_id, COALESCE(unit_id, 0) AS unit_id, COALESCE(nip, '') AS nip, COALESCE(participant_no, '') AS participant_no,
		       kind, name, title_front, title_back, sex, birth_date, grade, position, position_kind, legal_status, email, phone,
		       time_factor_pct, active
		FROM person
		WHERE id IN (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, args...)
	return all, err
}
