package access

import (
	"slices"

	"cakap/internal/fault"
)

// Action is something a person may or may not do. Every door that does it
// asks Allow, so that no second door can forget.
type Action string

// The actions.
const (
	AttemptTake    Action = "attempt.take"
	ResultOwn      Action = "result.own"
	BankRead       Action = "bank.read"
	MediaRead      Action = "media.read"
	BankEdit       Action = "bank.edit"
	BankReview     Action = "bank.review"
	EssayMark      Action = "essay.mark"
	RosterRead     Action = "roster.read"
	RosterImport   Action = "roster.import"
	CodesIssue     Action = "codes.issue"
	EventRead      Action = "event.read"
	EventManage    Action = "event.manage"
	EventRelease   Action = "event.release"
	Monitor        Action = "monitor.read"
	SessionRun     Action = "session.run"
	FaultyDecide   Action = "faulty.decide"
	PaperPrint     Action = "paper.print"
	IntegrityRead  Action = "integrity.read"
	AnswerFileTake Action = "answerfile.take"
	ReportDownload Action = "report.download"
	AccountManage  Action = "account.manage"
	AgencyManage   Action = "agency.manage"
	AuditRead      Action = "audit.read"
	SystemRead     Action = "system.read"
	StaffHome      Action = "staff.home"
)

// policy is the whole of who may do what. Trainers and reviewers never see
// named people's scores, officers never see keys, and an admin does neither.
var policy = map[Action][]Role{
	AttemptTake:    {Participant},
	ResultOwn:      {Participant},
	BankRead:       {Trainer, Reviewer},
	MediaRead:      {Participant, Trainer, Reviewer},
	BankEdit:       {Trainer},
	BankReview:     {Reviewer},
	EssayMark:      {Reviewer},
	RosterRead:     {Officer, Admin},
	RosterImport:   {Officer, Admin},
	CodesIssue:     {Officer, Proctor},
	EventRead:      {Officer, Proctor, Admin},
	EventManage:    {Officer},
	EventRelease:   {Officer},
	Monitor:        {Officer, Proctor},
	SessionRun:     {Officer, Proctor},
	FaultyDecide:   {Officer},
	PaperPrint:     {Officer, Proctor},
	IntegrityRead:  {Officer},
	AnswerFileTake: {Officer, Proctor},
	ReportDownload: {Officer},
	AccountManage:  {Admin},
	AgencyManage:   {Admin},
	AuditRead:      {Admin},
	SystemRead:     {Admin},
	StaffHome:      {Trainer, Reviewer, Officer, Proctor, Admin},
}

func allows(r Role, a Action) bool { return slices.Contains(policy[a], r) }

// Allow lets p do a, or says why not: nobody must log in first, and somebody
// without the role is refused. An action that no table knows is refused to all.
func Allow(p *Principal, a Action) error {
	if p == nil {
		return fault.New(fault.Unauthentic, "error.unauthentic")
	}
	for _, g := range p.Roles {
		if allows(g.Role, a) {
			return nil
		}
	}
	return fault.New(fault.Forbidden, "error.forbidden")
}
