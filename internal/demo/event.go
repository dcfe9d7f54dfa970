package demo

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"cakap/assessment"
	"cakap/internal/access"
	"cakap/questionbank"
	"cakap/scoring"
)

// clock is a time that the demonstration moves by hand.
type clock struct{ at time.Time }

func (c *clock) now() time.Time { return c.at }

// Absent of every hundred people have not started; they are who logs in.
const absentPercent = 25

// event makes, prepares and opens the event, lets most people take it and
// issues start codes to all.
func event(ctx context.Context, s Services, made Made, agencies []int64, now time.Time) (Made, error) {
	c := &clock{now.Add(-26 * time.Hour)}
	svc := assessment.New(assessment.Options{DB: s.DB, Keys: s.Keys, Now: c.now})
	actor := assessment.Actor{Scope: access.Scope{All: true}}
	blueprint, err := svc.BlueprintByCode(ctx, "RINGKAS")
	if err != nil {
		return made, fmt.Errorf("demo blueprint: %w", err)
	}
	e, err := svc.CreateEvent(ctx, actor, assessment.NewEvent{
		Code: "LITDIG-2026", Name: "Pemetaan literasi digital ASN 2026", Blueprint: blueprint.ID, Agencies: agencies,
		OpensAt: now.Add(-24 * time.Hour).Truncate(time.Hour), ClosesAt: now.Add(7 * 24 * time.Hour).Truncate(time.Hour), Release: assessment.ReleaseAtOnce,
	})
	if err != nil {
		return made, fmt.Errorf("demo event: %w", err)
	}
	if _, err := svc.Enrol(ctx, actor, assessment.EnrolRequest{Event: e.ID, Agencies: agencies}); err != nil {
		return made, fmt.Errorf("demo enrolment: %w", err)
	}
	if _, err := svc.Prepare(ctx, actor, e.ID); err != nil {
		return made, fmt.Errorf("demo forms: %w", err)
	}
	codes, err := svc.IssueStartCodes(ctx, actor, assessment.CodeRequest{Event: e.ID})
	if err != nil {
		return made, fmt.Errorf("demo start codes: %w", err)
	}
	if err := svc.Open(ctx, actor, e.ID, assessment.Surroundings{BackupAge: -1}); err != nil {
		return made, fmt.Errorf("demo opening: %w", err)
	}
	made.EventID, made.EventName = e.ID, e.Name
	c.at = e.OpensAt.Add(time.Hour)
	return take(ctx, s, svc, c, made, codes)
}

// take lets most people answer, each with an ability of their own.
func take(ctx context.Context, s Services, svc *assessment.Service, c *clock, made Made, codes []assessment.StartCode) (Made, error) {
	random := rand.New(rand.NewPCG(7, 2026))
	var waiting []assessment.StartCode
	for _, code := range codes {
		if random.IntN(100) < absentPercent {
			waiting = append(waiting, code)
			continue
		}
		if err := sit(ctx, s, svc, c, random, code.Enrolment); err != nil {
			return made, fmt.Errorf("demo attempt: %w", err)
		}
		c.at = c.at.Add(time.Duration(random.IntN(120)) * time.Second)
	}
	return invite(ctx, s, made, codes, waiting)
}

// sit is one person's attempt.
func sit(ctx context.Context, s Services, svc *assessment.Service, c *clock, random *rand.Rand, en assessment.Enrolment) error {
	taker, device := assessment.Taker{Person: en.Person}, fmt.Sprintf("peraga-%d", en.Person) // each their own, as in life
	if _, err := svc.Start(ctx, taker, en.ID, device, "", ""); err != nil {
		return err
	}
	paper, err := svc.Paper(ctx, taker, en.ID, device)
	if err != nil {
		return err
	}
	refs := make([]questionbank.Ref, len(paper.Items))
	for i, item := range paper.Items {
		refs[i] = item.Ref
	}
	contents, err := questionbank.Revisions(ctx, s.DB, refs)
	if err != nil {
		return err
	}
	ability := random.NormFloat64()*0.9 + 1.0
	var entries []assessment.Entry
	for _, item := range paper.Items {
		if random.IntN(60) == 0 {
			continue // left empty
		}
		key := contents[item.Ref].Key()
		strength := ability + random.NormFloat64()*0.4 - 0.35*float64(item.Aspect-scoring.BasicMedia)*0.5
		entries = append(entries, assessment.Entry{
			Position: item.Position, Seq: int64(len(entries) + 1), Value: answer(random, item, key, 1/(1+math.Exp(-strength))),
		})
	}
	if _, err := svc.Save(ctx, paper.Ticket, c.now().Add(time.Minute), entries); err != nil {
		return err
	}
	_, _, err = svc.Submit(ctx, paper.Ticket, c.now().Add(time.Duration(20+random.IntN(35))*time.Minute), assessment.Submission{LastSeq: int64(len(entries))})
	return err
}

// answer is the right value with probability p, else a wrong one.
func answer(random *rand.Rand, item assessment.PaperItem, key scoring.Key, p float64) string {
	right := random.Float64() < p
	var letters []byte
	for place, number := range item.Order {
		good := slices.Contains(key.Correct, number) || key.Rule == scoring.Graded && key.Points[number] == key.Max
		if good == right && (key.Many || len(letters) == 0) && (right || random.IntN(len(item.Order)) > 0 || place == len(item.Order)-1) {
			letters = append(letters, byte('A'+place))
		}
	}
	if len(letters) == 0 {
		letters = []byte{'A'}
	}
	if key.Many && len(letters) > 3 {
		letters = letters[:3]
	}
	return string(letters)
}

// invite gives some people a password and notes one start code for the screen.
func invite(ctx context.Context, s Services, made Made, codes, waiting []assessment.StartCode) (Made, error) {
	if len(waiting) < 4 {
		return made, fmt.Errorf("demo: only %d people are left to invite", len(waiting))
	}
	made.StartCode, made.Number = access.FormatCode(waiting[0].Code), waiting[0].Enrolment.NIP
	done := codes[slices.IndexFunc(codes, func(c assessment.StartCode) bool {
		return !slices.ContainsFunc(waiting, func(w assessment.StartCode) bool { return w.Enrolment.ID == c.Enrolment.ID })
	})]
	for _, p := range []struct {
		role string
		en   assessment.Enrolment
	}{
		{"Peserta yang belum mulai", waiting[1].Enrolment}, {"Peserta yang belum mulai", waiting[2].Enrolment}, {"Peserta yang sudah selesai", done.Enrolment},
	} {
		issued, err := s.Access.IssueActivation(ctx, 0, access.Scope{All: true}, []int64{p.en.Person})
		if err != nil {
			return made, fmt.Errorf("demo activation: %w", err)
		}
		if _, _, err := s.Access.Activate(ctx, issued[0].Code, Password, "127.0.0.1"); err != nil {
			return made, fmt.Errorf("demo activation: %w", err)
		}
		made.Logins = append(made.Logins, Login{p.role, p.en.Name, p.en.NIP})
	}
	return made, nil
}
