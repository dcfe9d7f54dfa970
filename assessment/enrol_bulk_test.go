package assessment

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cakap/internal/fault"
)

func TestLevels(t *testing.T) {
	for _, tc := range []struct {
		name    string
		n       int
		rooms   []room
		want    []int
		missing int
	}{
		{"evenly", 7, []room{{}, {}, {}}, []int{3, 2, 2}, 0},
		{"to the same height", 5, []room{{Taken: 4}, {}}, []int{1, 4}, 0},
		{"within places", 9, []room{{Places: 2}, {}}, []int{2, 7}, 0},
		{"too many", 9, []room{{Places: 2}, {Places: 3, Taken: 1}}, []int{2, 2}, 5},
		{"overfull already", 1, []room{{Places: 2, Taken: 4}, {Taken: 9}}, []int{0, 1}, 0},
	} {
		got, missing := levels(tc.n, tc.rooms)
		if diff := cmp.Diff(tc.want, got); diff != "" || missing != tc.missing {
			t.Errorf("%s: %v missing %d, want %v missing %d", tc.name, got, missing, tc.want, tc.missing)
		}
	}
}

func TestDeal(t *testing.T) {
	var people []spreadee
	for i := range 60 {
		people = append(people, spreadee{ID: int64(i + 1), Name: string(rune('Z'-i%26)) + fmt.Sprint(i), Unit: int64(i % 7)})
	}
	rooms := []room{{Session: 1, Places: 25}, {Session: 2, Places: 25}, {Session: 3, Places: 25}}
	for _, how := range []Spread{SpreadEven, SpreadUnit, SpreadName} {
		where, missing := deal(how, people, rooms)
		if missing != 0 || len(where) != 60 {
			t.Fatalf("%s: %d dealt, %d missing", how, len(where), missing)
		}
		size, units, last := map[int64]int{}, map[int64]map[int64]bool{}, map[int64]string{}
		for _, p := range byName(people) {
			s := where[p.ID]
			size[s]++
			if units[p.Unit] == nil {
				units[p.Unit] = map[int64]bool{}
			}
			units[p.Unit][s] = true
			if how == SpreadName && s > 1 && p.Name < last[s-1] {
				t.Errorf("%s sits behind %s but is earlier in the alphabet", p.Name, last[s-1])
			}
			last[s] = p.Name
		}
		for s, n := range size {
			if n > 25 || how != SpreadUnit && n != 20 {
				t.Errorf("%s: session %d has %d", how, s, n)
			}
		}
		for unit, at := range units {
			if how == SpreadUnit && len(at) != 1 {
				t.Errorf("unit %d was split over %d sessions", unit, len(at))
			}
		}
	}
	// A unit larger than any room is split, and nobody is lost.
	one := make([]spreadee, 30)
	for i := range one {
		one[i] = spreadee{ID: int64(i + 1), Unit: 9}
	}
	where, missing := deal(SpreadUnit, one, []room{{Session: 1, Places: 20}, {Session: 2, Places: 10}})
	if missing != 0 || len(where) != 30 {
		t.Errorf("%d dealt, %d missing", len(where), missing)
	}
	if _, missing := deal(SpreadUnit, one, []room{{Session: 1, Places: 20}}); missing != 10 {
		t.Errorf("missing %d, want 10", missing)
	}
}

func TestEnrolWithinPlaces(t *testing.T) {
	each(t, 6, func(t *testing.T, w *world) {
		e := w.event(plan{agencies: []int64{agencyA}})
		first, err := w.svc.read.sessions(w.ctx, e.ID)
		w.must(err)
		small := first[0].asNew()
		small.Capacity = 2
		_, err = w.svc.ChangeSession(w.ctx, everyone, e.ID, first[0].ID, small)
		w.must(err)
		_, err = w.svc.Enrol(w.ctx, officerA, EnrolRequest{Event: e.ID, Agencies: []int64{agencyA}})
		wantFault(t, err, fault.Conflict, "assessment.session_full")
		if f := fault.Of(err); f == nil || f.Args[0] != 4 || w.count(`SELECT count(*) FROM enrolment`) != 0 {
			t.Errorf("refused with %v", err)
		}
		second, err := w.svc.AddSession(w.ctx, everyone, e.ID, NewSession{Name: "Sesi 2", OpensAt: day, ClosesAt: day.Add(time.Hour), Capacity: 10})
		w.must(err)
		_, err = w.svc.Enrol(w.ctx, officerA, EnrolRequest{Event: e.ID, Agencies: []int64{agencyA}, Spread: "zigzag"})
		wantFault(t, err, fault.Invalid, "assessment.spread")
		out, err := w.svc.Enrol(w.ctx, officerA, EnrolRequest{Event: e.ID, Agencies: []int64{agencyA}, Spread: SpreadName})
		w.must(err)
		if out.Added != 6 {
			t.Errorf("%+v", out)
		}
		load, err := w.svc.read.sessionLoad(w.ctx, e.ID)
		w.must(err)
		if load[first[0].ID].Enrolled != 2 || load[second.ID].Enrolled != 4 {
			t.Errorf("loads = %+v", load)
		}
		// Again changes nothing and says nothing in the trail.
		before := w.count(`SELECT count(*) FROM audit`)
		out, err = w.svc.Enrol(w.ctx, officerA, EnrolRequest{Event: e.ID, Agencies: []int64{agencyA}, Spread: SpreadEven})
		w.must(err)
		if out != (Enrolled{Already: 6}) || w.count(`SELECT count(*) FROM audit`) != before {
			t.Errorf("again: %+v", out)
		}
		wide := small
		wide.Capacity = 0
		_, err = w.svc.ChangeSession(w.ctx, everyone, e.ID, first[0].ID, wide)
		w.must(err)
		moved, err := w.svc.Redistribute(w.ctx, everyone, e.ID, nil, SpreadEven)
		w.must(err)
		load, err = w.svc.read.sessionLoad(w.ctx, e.ID)
		w.must(err)
		if load[first[0].ID].Enrolled != 3 || load[second.ID].Enrolled != 3 || moved == 0 {
			t.Errorf("%d moved, loads = %+v", moved, load)
		}
	})
}

func TestActsOnTickedPeople(t *testing.T) {
	each(t, 3, func(t *testing.T, w *world) {
		e := w.open(plan{})
		second, err := w.svc.AddSession(w.ctx, everyone, e.ID, NewSession{Name: "Sesi 2", OpensAt: day, ClosesAt: day.Add(time.Hour), Capacity: 2})
		w.must(err)
		ids := map[int64][]int64{}
		for _, id := range w.enrolments(e) {
			en, err := w.svc.read.enrolment(w.ctx, id)
			w.must(err)
			ids[en.Agency] = append(ids[en.Agency], id)
		}
		a, b := ids[agencyA], ids[agencyB]
		for name, try := range map[string]func() error{
			"move": func() error {
				_, err := w.svc.MoveMany(w.ctx, officerA, e.ID, append(a[:1:1], b[0]), second.ID)
				return err
			},
			"withdraw": func() error { _, err := w.svc.WithdrawMany(w.ctx, officerA, e.ID, b, "x"); return err },
			"factor":   func() error { _, err := w.svc.SetTimeFactors(w.ctx, officerA, e.ID, b, 150); return err },
		} {
			if err := try(); fault.KindOf(err) != fault.NotFound {
				t.Errorf("%s of another agency: %v", name, err)
			}
		}
		_, err = w.svc.MoveMany(w.ctx, officerA, e.ID, a, second.ID)
		wantFault(t, err, fault.Conflict, "assessment.session_full")
		_, err = w.svc.MoveMany(w.ctx, officerA, e.ID, nil, second.ID)
		wantFault(t, err, fault.Invalid, "assessment.nobody_ticked")
		n, err := w.svc.MoveMany(w.ctx, officerA, e.ID, a[:2], second.ID)
		w.must(err)
		if n != 2 || w.count(`SELECT count(*) FROM enrolment WHERE session_id = ?`, second.ID) != 2 {
			t.Errorf("%d moved", n)
		}
		w.begin(b[0])
		_, err = w.svc.MoveMany(w.ctx, officerB, e.ID, b, 0)
		w.must(err) // they are there already
		w.exec(w.db, `UPDATE session SET capacity = 0 WHERE id = ?`, second.ID)
		_, err = w.svc.MoveMany(w.ctx, officerB, e.ID, b, second.ID)
		wantFault(t, err, fault.Conflict, "assessment.move_working")
		if n, err = w.svc.SetTimeFactors(w.ctx, officerA, e.ID, a, 150); n != 3 || err != nil {
			t.Errorf("factors: %d %v", n, err)
		}
		if n, err = w.svc.SetTimeFactors(w.ctx, officerA, e.ID, a, 150); n != 0 || err != nil {
			t.Errorf("factors again: %d %v", n, err)
		}
		if n, err = w.svc.WithdrawMany(w.ctx, officerA, e.ID, a[1:], "cuti"); n != 2 || err != nil {
			t.Errorf("withdrawn: %d %v", n, err)
		}
		var details []string
		w.must(w.db.Select(w.ctx, &details, `SELECT detail FROM audit WHERE action IN ('enrolment.move', 'enrolment.withdraw', 'enrolment.time_factor') ORDER BY seq`))
		if len(details) != 3 || strings.Contains(strings.Join(details, ""), "Pegawai") || !strings.Contains(details[0], fmt.Sprint(a[0])) {
			t.Errorf("audit = %v", details)
		}
	})
}

func TestReadList(t *testing.T) {
	known := map[string]numberRow{
		"199003122015032001": {ID: 1, Name: "Siti", Active: true}, "199001012015031001": {ID: 2, Name: "Budi", Active: true},
		"NA-7": {}, "NA7": {ID: 3, Name: "Cici", Active: true}, "198501012010012002": {ID: 4, Name: "Dedi"}, "198501012010012003": {ID: 5, Active: true},
	}
	list := strings.Join([]string{
		"NIP\tNama", "'19900312 201503 2 001\tSiti", `"199001012015031001"`, "199003122015032001", "", " NA-7 ", "1,99003E+17", "199003122015032000",
		"198501012010012002", "19850101201001", "199508172020121005", "198501012010012003;Euis",
	}, "\n")
	l := readList(strings.Split(list, "\n"), known, map[int64]bool{5: true})
	var got []string
	for _, p := range l.People {
		got = append(got, fmt.Sprint(p.Line, p.Name))
	}
	for _, b := range l.Bad {
		got = append(got, fmt.Sprint(b.Line, b.Fault.Key))
		if strings.Contains(b.Masked, "199003122") || strings.Contains(b.Masked, "198501012") {
			t.Errorf("line %d shows the number: %q", b.Line, b.Masked)
		}
	}
	want := []string{
		"2Siti", "3Budi", "6Cici", "7people.nip_damaged", "8people.nip_damaged", "9assessment.list_inactive",
		"10people.nip_length", "11assessment.list_unknown",
	}
	if diff := cmp.Diff(want, got); diff != "" || l.Twice != 1 || l.Already != 1 {
		t.Errorf("twice %d, already %d (-want +got)\n%s", l.Twice, l.Already, diff)
	}
}

func TestEnrolList(t *testing.T) {
	each(t, 3, func(t *testing.T, w *world) {
		e := w.event(plan{})
		number := func(agency int64, i int) string {
			var nip string
			w.must(w.db.Get(w.ctx, &nip, `SELECT nip FROM person WHERE id = ?`, w.people[agency][i]))
			return nip
		}
		text := "' " + number(agencyA, 0) + " \r\n" + number(agencyB, 0) + "\n" + number(agencyA, 1)
		l, err := w.svc.ReadList(w.ctx, officerA, e.ID, text)
		w.must(err)
		if len(l.People) != 2 || len(l.Bad) != 1 || l.Bad[0].Line != 2 || w.count(`SELECT count(*) FROM enrolment`) != 0 {
			t.Errorf("list = %+v", l)
		}
		out, err := w.svc.EnrolList(w.ctx, officerA, EnrolRequest{Event: e.ID}, text)
		w.must(err)
		if out.Added != 2 {
			t.Errorf("%+v", out)
		}
		_, err = w.svc.EnrolList(w.ctx, officerA, EnrolRequest{Event: e.ID}, text)
		wantFault(t, err, fault.Invalid, "assessment.list_nobody")
		_, err = w.svc.ReadList(w.ctx, officerA, e.ID, " \n\t\n")
		wantFault(t, err, fault.Invalid, "assessment.list_empty")
		_, err = w.svc.ReadList(w.ctx, officerA, e.ID, strings.Repeat("\n", maxListLines+1))
		wantFault(t, err, fault.TooLarge, "assessment.list_long")
	})
}

func TestUnfinished(t *testing.T) {
	each(t, 4, func(t *testing.T, w *world) {
		e := w.open(plan{})
		all := w.enrolments(e)
		w.begin(all[0])
		tk := w.begin(all[1])
		_, _, err := w.svc.Submit(w.ctx, tk, w.clock.Now(), Submission{})
		w.must(err)
		_, units, err := w.svc.Unfinished(w.ctx, officerA, e.ID, 0)
		w.must(err)
		if len(units) != 1 || units[0].Enrolled != 4 || units[0].Done != 1 || len(units[0].Idle) != 2 || len(units[0].Working) != 1 {
			t.Fatalf("units = %+v", units)
		}
		if u := units[0]; u.OPD != "Dinas Pendidikan" || u.Unfinished() != 3 || u.Idle[0] != "Dr. Pegawai 0002, S.Kom." {
			t.Errorf("unit = %+v", u)
		}
		if _, _, err := w.svc.Unfinished(w.ctx, officerA, e.ID, agencyB); fault.KindOf(err) != fault.NotFound {
			t.Errorf("another agency: %v", err)
		}
	})
}

func TestCodesOfTheTicked(t *testing.T) {
	each(t, 3, func(t *testing.T, w *world) {
		e := w.open(plan{agencies: []int64{agencyA}})
		ids := w.enrolments(e)
		codes, err := w.svc.IssueStartCodes(w.ctx, officerA, CodeRequest{Event: e.ID, Only: ids[:2]})
		w.must(err)
		if len(codes) != 2 {
			t.Errorf("%d codes, want 2", len(codes))
		}
		_, err = w.svc.IssueStartCodes(w.ctx, officerA, CodeRequest{Event: e.ID, Only: ids[:2]})
		wantFault(t, err, fault.Conflict, "assessment.codes_ticked_made")
		if codes, err = w.svc.IssueStartCodes(w.ctx, officerA, CodeRequest{Event: e.ID, Only: ids[:1], Again: true}); err != nil || len(codes) != 1 {
			t.Errorf("again: %d %v", len(codes), err)
		}
	})
}

func TestPolicyOfAnEvent(t *testing.T) {
	each(t, 2, func(t *testing.T, w *world) {
		days, no := 7, false
		e := w.event(plan{})
		_, err := w.svc.ChangeEvent(w.ctx, everyone, e.ID, EventChange{Policy: &Policy{Attempts: 9}})
		wantFault(t, err, fault.Invalid, "assessment.blueprint_attempts")
		_, err = w.svc.ChangeEvent(w.ctx, everyone, e.ID, EventChange{Policy: &Policy{Attempts: 2, Rule: BestAttempt, CooldownDays: &days, Delivery: DeliverOne, Phones: &no}})
		w.must(err)
		got, err := w.svc.read.event(w.ctx, e.ID)
		w.must(err)
		if s := got.Spec; s.Attempts != 2 || s.AttemptRule != BestAttempt || s.CooldownDays != 7 || s.Delivery != DeliverOne || s.Phones || s.Minutes != 60 {
			t.Errorf("spec = %+v", s)
		}
		if b, err := w.svc.Blueprint(w.ctx, e.Blueprint); err != nil || b.Spec.Attempts != 1 || !b.Spec.Phones {
			t.Errorf("the blueprint changed: %+v %v", b.Spec, err)
		}
		_, err = w.svc.Enrol(w.ctx, everyone, EnrolRequest{Event: e.ID, Agencies: e.Agencies})
		w.must(err)
		_, err = w.svc.Prepare(w.ctx, everyone, e.ID)
		w.must(err)
		if n := w.count(`SELECT count(*) FROM form`); n != 8 {
			t.Errorf("%d forms, want two for each of four", n)
		}
		_, err = w.svc.ChangeEvent(w.ctx, everyone, e.ID, EventChange{Policy: &Policy{Attempts: 3}})
		wantFault(t, err, fault.Conflict, "assessment.policy_drawn")
		// The wait between attempts is Start's to keep.
		w.must(w.svc.Open(w.ctx, everyone, e.ID, Surroundings{}))
		w.clock.Set(day)
		id := w.enrolments(e)[0]
		_, _, err = w.svc.Submit(w.ctx, w.begin(id), w.clock.Now(), Submission{})
		w.must(err)
		_, err = w.svc.Start(w.ctx, w.taker(id), id, phone, "", "")
		wantFault(t, err, fault.Conflict, "assessment.cooldown")
	})
}

// BenchmarkEnrol enrols 10,000 people over four sessions, units kept together.
func BenchmarkEnrol(b *testing.B) {
	w := benchWorld(b, 5000)
	for b.Loop() {
		b.StopTimer()
		e := w.event(plan{})
		for n := range 3 {
			_, err := w.svc.AddSession(w.ctx, everyone, e.ID, NewSession{Name: fmt.Sprint("Sesi ", n+2), OpensAt: day, ClosesAt: day.Add(time.Hour), Capacity: 4000})
			w.must(err)
		}
		b.StartTimer()
		out, err := w.svc.Enrol(w.ctx, everyone, EnrolRequest{Event: e.ID, Agencies: e.Agencies, Spread: SpreadUnit})
		w.must(err)
		if out.Added != 10_000 {
			b.Fatalf("%+v", out)
		}
	}
}
