package main

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"cakap/bench/rig"
)

// day is one run.
type day struct {
	settings
	server *rig.Server
	wire   *rig.Wire

	logins, starts, pages, saves, submits rig.Histogram // from the moment each was due

	shed, cuts, silences, moves, oldRefused atomic.Int64
	saveBytes, pageBytes                    atomic.Int64

	mu     sync.Mutex
	faults int
	first  []string

	cpu    time.Duration
	memory []int64
	peak   int64
}

func (d *day) fault(err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.faults++
	if len(d.first) < 5 {
		d.first = append(d.first, err.Error())
	}
}

// phone is one person's: what it sent, and what it believes the server has.
type phone struct {
	who     rig.Candidate
	browser *rig.Browser
	seq     int64
	outbox  []rig.Answer
	sent    map[int64]rig.Answer // by sequence, acknowledged or not
	acked   map[int64]bool
	done    bool
	rng     *rand.Rand
}

// run lets everybody live through the day at once. Each instant is fixed
// beforehand, and a step that comes late counts from when it was due.
func (d *day) run(ctx context.Context, people []rig.Candidate) []*phone {
	phones := make([]*phone, len(people))
	begin := time.Now().Add(time.Second)
	bell := begin.Add(d.fast(loginWindow))
	var all sync.WaitGroup
	for i, who := range people {
		rng := rand.New(rand.NewPCG(7, uint64(i)))
		p := &phone{who: who, browser: rig.NewBrowser(d.wire), sent: map[int64]rig.Answer{}, acked: map[int64]bool{}, rng: rng}
		phones[i] = p
		login := begin.Add(time.Duration(rng.Int64N(int64(d.fast(loginWindow)))))
		start := bell.Add(time.Duration(rng.Int64N(int64(d.fast(startWindow)))))
		all.Go(func() {
			if err := d.live(ctx, p, login, start, i%100 < d.troubled); err != nil {
				d.fault(err)
			}
		})
	}
	all.Wait()
	return phones
}

func (d *day) live(ctx context.Context, p *phone, login, start time.Time, troubled bool) error {
	time.Sleep(time.Until(login))
	if err := d.again(func() error { return p.browser.Enter(ctx, p.who) }); err != nil {
		return err
	}
	d.logins.Add(time.Since(login))
	if err := d.again(func() error { return p.browser.FindTask(ctx) }); err != nil {
		return err
	}
	if err := d.again(func() error { return p.browser.Prepare(ctx) }); err != nil {
		return err
	}
	time.Sleep(time.Until(start))
	if err := d.again(func() error { return p.browser.Start(ctx) }); err != nil {
		return err
	}
	d.starts.Add(time.Since(start))
	if err := d.load(ctx, p, p.browser.Load); err != nil {
		return err
	}
	if err := d.answer(ctx, p, start, troubled); err != nil {
		return err
	}
	due := time.Now()
	if err := d.submit(ctx, p); err != nil {
		return err
	}
	d.submits.Add(time.Since(due))
	p.done = true
	return nil
}

// submit goes through the pages one by one: who handed in must not do so again
// because the receipt was refused.
func (d *day) submit(ctx context.Context, p *phone) error {
	if err := d.again(func() error { return p.browser.Review(ctx) }); err != nil {
		return err
	}
	var receipt string
	err := d.again(func() (err error) {
		receipt, err = p.browser.HandIn(ctx, p.seq)
		return err
	})
	if err != nil {
		return err
	}
	return d.again(func() error { return p.browser.Get(ctx, receipt) })
}

// load opens the take page.
func (d *day) load(ctx context.Context, p *phone, open func(context.Context) error) error {
	due := time.Now()
	if err := d.again(func() error { return open(ctx) }); err != nil {
		return err
	}
	d.pages.Add(time.Since(due))
	d.pageBytes.Store(int64(p.browser.Page))
	p.seq = max(p.seq, p.browser.Seq)
	return nil
}

// again does what a refused browser does: it comes back when it was told to,
// and waits twice as long each time.
func (d *day) again(step func() error) error {
	for wait := time.Duration(0); ; wait = min(2*wait+time.Second, 30*time.Second) {
		err := step()
		busy, after := rig.Shed(err)
		if !busy {
			return err
		}
		d.shed.Add(1)
		time.Sleep(max(after, time.Duration(rand.Int64N(int64(wait)+1))))
	}
}

// answer gives forty answers and changes its mind about every tenth.
func (d *day) answer(ctx context.Context, p *phone, start time.Time, troubled bool) error {
	n := p.browser.Items
	step := d.fast(answerWindow) / time.Duration(n+n/10+1)
	trouble := map[int]func(context.Context, *phone, time.Time) error{}
	if troubled {
		all := []func(context.Context, *phone, time.Time) error{d.cutSend, d.cutAnswer, d.silence, d.move}
		for _, happens := range all[p.rng.IntN(len(all)):] { // some have one kind, some all
			trouble[p.rng.IntN(n)] = happens
		}
	}
	for i := range n + n/10 {
		due := start.Add(time.Duration(i)*step + time.Duration(p.rng.Int64N(int64(step))))
		time.Sleep(time.Until(due))
		position := i + 1
		if i >= n {
			position = p.rng.IntN(n) + 1
		}
		p.seq++
		a := rig.Answer{Position: position, Seq: p.seq, Value: string(rune('A' + p.rng.IntN(2)))}
		p.sent[a.Seq] = a
		p.outbox = append(p.outbox, a)
		send := d.flush
		if happens, ok := trouble[i]; ok {
			send = happens
		}
		if err := send(ctx, p, due); err != nil {
			return err
		}
	}
	return d.flush(ctx, p, time.Now())
}

// flush sends the outbox until the server has it.
func (d *day) flush(ctx context.Context, p *phone, due time.Time) error {
	if len(p.outbox) == 0 {
		return nil
	}
	err := d.again(func() error {
		r, err := p.browser.Save(ctx, p.outbox, rig.Whole)
		if err == nil && len(p.outbox) == 1 {
			d.saveBytes.Store(int64(r.Bytes))
		}
		return err
	})
	if err != nil {
		return err
	}
	d.saves.Add(time.Since(due))
	for _, a := range p.outbox {
		p.acked[a.Seq] = true
	}
	p.outbox = p.outbox[:0]
	return nil
}

// cutSend loses the connection half way through the request.
func (d *day) cutSend(ctx context.Context, p *phone, _ time.Time) error {
	return d.cut(ctx, p, rig.CutSend)
}

// cutAnswer loses it before the reply: the server may have the answer.
func (d *day) cutAnswer(ctx context.Context, p *phone, _ time.Time) error {
	return d.cut(ctx, p, rig.CutAnswer)
}

func (d *day) cut(ctx context.Context, p *phone, where rig.Cut) error {
	if _, err := p.browser.Save(ctx, p.outbox, where); !errors.Is(err, rig.ErrCut) {
		return errors.Join(errors.New("the connection was not cut"), err)
	}
	d.cuts.Add(1)
	return d.flush(ctx, p, time.Now()) // the same numbers again
}

// silence keeps the answer on the phone; the next one takes it along.
func (d *day) silence(context.Context, *phone, time.Time) error {
	d.silences.Add(1)
	return nil
}

// move goes on with another phone. The first has sent what it had; what it
// would send now is refused.
func (d *day) move(ctx context.Context, p *phone, due time.Time) error {
	if err := d.flush(ctx, p, due); err != nil {
		return err
	}
	old, other := p.browser, rig.NewBrowser(d.wire)
	if err := d.again(func() error { return other.LogIn(ctx, p.who) }); err != nil {
		return err
	}
	if err := d.again(func() error { return other.Load(ctx) }); !errors.Is(err, rig.ErrElsewhere) {
		return errors.Join(errors.New("the second phone was not asked whether to take over"), err)
	}
	if err := d.again(func() error { return other.TakeOver(ctx) }); err != nil {
		return err
	}
	d.moves.Add(1)
	if other.Seq < p.seq {
		return errors.New("the second phone does not see what the first one saved")
	}
	p.browser = other
	var refused *rig.Status
	err := d.again(func() error {
		_, err := old.Save(ctx, []rig.Answer{{Position: 1, Seq: p.seq + 500, Value: "B"}}, rig.Whole)
		return err
	})
	if !errors.As(err, &refused) || refused.Code != 409 {
		return errors.Join(errors.New("the first phone may still save"), err)
	}
	d.oldRefused.Add(1)
	return nil
}
