package assessment

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"cakap/internal/access"
	"cakap/internal/fault"
	"cakap/internal/storage"
)

// StartCode is a code as it stands on an exam card. It is returned once, when
// it is made; the database keeps its HMAC alone.
type StartCode struct {
	Enrolment Enrolment
	Session   Session
	Code      string // access.FormatCode groups it for print
}

// CodeRequest names whose codes to make. Again replaces codes that people have
// already, which stop working.
type CodeRequest struct {
	Event   int64
	Agency  int64 // 0: every agency of the actor
	Session int64 // 0: every session
	Again   bool
	Only    []int64 // these enrolments alone; none: everybody
}

// IssueStartCodes makes the start codes of many people, sorted by name.
func (s *Service) IssueStartCodes(ctx context.Context, actor Actor, in CodeRequest) ([]StartCode, error) {
	_, people, err := s.roll(ctx, actor, in.Event, in.Agency, in.Session)
	if err != nil {
		return nil, err
	}
	sortByName(people)
	var who []Enrolment
	for _, p := range people {
		if in.wants(p.Enrolment) {
			who = append(who, p.Enrolment)
		}
	}
	if len(in.Only) > 0 && !in.Again && len(who) == 0 {
		return nil, fault.New(fault.Conflict, "assessment.codes_ticked_made")
	}
	if len(who) == 0 {
		return nil, fault.New(fault.Conflict, "assessment.codes_all_made")
	}
	detail := map[string]any{"codes": len(who), "session": in.Session, "again": in.Again, "ticked": len(in.Only)}
	entry := access.Entry{Action: "code.issue", ObjectKind: "event", ObjectID: in.Event, AgencyID: in.Agency, Detail: detail}
	return s.issue(ctx, actor, entry, who)
}

func (r CodeRequest) wants(en Enrolment) bool {
	return !en.Withdrawn && (r.Again || !en.HasStartCode) && (len(r.Only) == 0 || slices.Contains(r.Only, en.ID))
}

// IssueStartCode makes one person a new start code; an old one stops working.
func (s *Service) IssueStartCode(ctx context.Context, actor Actor, enrolment int64) (StartCode, error) {
	en, err := enrolmentFor(ctx, s.read, actor, enrolment)
	if err != nil {
		return StartCode{}, err
	}
	if en.Withdrawn {
		return StartCode{}, fault.New(fault.Conflict, "assessment.withdrawn")
	}
	entry := access.Entry{Action: "code.issue", ObjectKind: "enrolment", ObjectID: en.ID, AgencyID: en.Agency}
	codes, err := s.issue(ctx, actor, entry, []Enrolment{en})
	if err != nil {
		return StartCode{}, err
	}
	return codes[0], nil
}

func (s *Service) issue(ctx context.Context, actor Actor, entry access.Entry, who []Enrolment) ([]StartCode, error) {
	if s.keys == nil {
		return nil, errors.New("issue start codes: the service has no keys")
	}
	var codes []StartCode
	err := s.audited(ctx, actor, entry, func(st store, _ *access.Entry) error {
		codes = make([]StartCode, 0, len(who))
		sessions := map[int64]Session{}
		for _, en := range who {
			n, known := sessions[en.Session]
			if !known {
				var err error
				if n, err = st.session(ctx, en.Session); err != nil {
					return fmt.Errorf("load session: %w", err)
				}
				sessions[en.Session] = n
			}
			code, err := s.newCode(ctx, st, en.ID)
			if err != nil {
				return err
			}
			codes = append(codes, StartCode{Enrolment: en, Session: n, Code: code})
		}
		return nil
	})
	return codes, err
}

// newCode gives an enrolment a code. Two alike among 30¹⁰ do not happen; the
// unique index would refuse the second and the officer would press again.
func (s *Service) newCode(ctx context.Context, st store, enrolment int64) (string, error) {
	code := access.NewCode(access.StartLength)
	err := st.setStartCode(ctx, enrolment, s.keys.Code(access.StartPurpose, code))
	if errors.Is(err, storage.ErrConflict) {
		return "", fault.New(fault.Unavailable, "error.unavailable").Because(err)
	}
	return code, err
}
