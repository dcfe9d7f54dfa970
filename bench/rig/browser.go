package rig

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Browser is a person's browser: it keeps cookies, follows the pages in their
// order and reads from them what a browser reads.
type Browser struct {
	wire    *Wire
	cookies []string // "name=value"
	ID      string   // the sealed enrolment, as the home page links it
	SaveURL string
	Bearer  string
	Epoch   string
	Seq     int64 // the highest the server had when the page was loaded
	Items   int
	Page    int // bytes of the take page
}

// NewBrowser makes one without cookies.
func NewBrowser(w *Wire) *Browser { return &Browser{wire: w} }

// Status is a reply that was not the one a step needs.
type Status struct {
	Step       string
	Code       int
	RetryAfter string
	Text       string // what the page says, as far as it helps to find a fault of the rig
}

func (s *Status) Error() string {
	return fmt.Sprintf("%s: status %d %s", s.Step, s.Code, s.Text)
}

// Shed reports whether the server said that it is busy, and when to come back.
func Shed(err error) (bool, time.Duration) {
	var s *Status
	if !errors.As(err, &s) || s.Code != 503 && s.Code != 429 {
		return false, 0
	}
	n, err := strconv.Atoi(s.RetryAfter)
	if err != nil {
		return false, 0 // a refusal that does not say when is a fault
	}
	return true, time.Duration(n) * time.Second
}

func (b *Browser) get(ctx context.Context, path string) (Reply, error) {
	return b.send(ctx, Request{Method: "GET", Path: path, Keep: true})
}

func (b *Browser) post(ctx context.Context, path string, fields ...string) (Reply, error) {
	form := url.Values{}
	for i := 0; i+1 < len(fields); i += 2 {
		form.Set(fields[i], fields[i+1])
	}
	return b.send(ctx, Request{Method: "POST", Path: path, Header: "Content-Type: application/x-www-form-urlencoded\r\n", Body: []byte(form.Encode()), Keep: true})
}

func (b *Browser) send(ctx context.Context, r Request) (Reply, error) {
	r.Header += "Accept: text/html\r\nAccept-Encoding: gzip\r\nUser-Agent: Mozilla/5.0 (Linux; Android 14) Chrome/140 Mobile rig\r\n"
	if len(b.cookies) > 0 {
		r.Header += "Cookie: " + strings.Join(b.cookies, "; ") + "\r\n"
	}
	reply, err := b.wire.Do(ctx, r)
	for _, c := range reply.Cookies {
		b.keep(c)
	}
	return reply, err
}

func (b *Browser) keep(cookie string) {
	pair, _, _ := strings.Cut(cookie, ";")
	name, _, _ := strings.Cut(pair, "=")
	for i, c := range b.cookies {
		if strings.HasPrefix(c, name+"=") {
			b.cookies[i] = pair
			return
		}
	}
	b.cookies = append(b.cookies, pair)
}

func wrong(step string, r Reply) error {
	text := ""
	if m := mainText.FindSubmatch(r.Body); m != nil {
		text = strings.Join(strings.Fields(string(tags.ReplaceAll(m[1], nil))), " ")
		text = text[:min(len(text), 300)]
	} else if len(r.Body) < 500 {
		text = string(r.Body)
	}
	return &Status{Step: step, Code: r.Status, RetryAfter: r.RetryAfter, Text: strings.TrimSpace(r.Location + " " + text)}
}

var (
	mainText  = regexp.MustCompile(`(?s)<main[^>]*>(.*)</main>`)
	tags      = regexp.MustCompile(`<[^>]*>`)
	taskLink  = regexp.MustCompile(`/ikut/([A-Za-z0-9_-]+)["/]`)
	attribute = regexp.MustCompile(`data-(bearer|save|seq|epoch)="([^"]*)"`)
)

// LogIn enters with the start code and finds the assessment on the home page.
func (b *Browser) LogIn(ctx context.Context, c Candidate) error {
	if err := b.Enter(ctx, c); err != nil {
		return err
	}
	return b.FindTask(ctx)
}

// FindTask looks for the assessment on the home page.
func (b *Browser) FindTask(ctx context.Context) error {
	r, err := b.get(ctx, "/beranda")
	if err != nil {
		return err
	}
	m := taskLink.FindSubmatch(r.Body)
	if r.Status != 200 || m == nil {
		return wrong("home", r)
	}
	b.ID = string(m[1])
	return nil
}

// Enter is the log-in alone.
func (b *Browser) Enter(ctx context.Context, c Candidate) error {
	r, err := b.post(ctx, "/masuk/kode", "nip", c.NIP, "kode", c.Code)
	if err == nil && r.Status != 303 {
		err = wrong("log in by start code", r)
	}
	return err
}

// EnterPassword is a log-in with a password.
func (b *Browser) EnterPassword(ctx context.Context, name, password string) error {
	r, err := b.post(ctx, "/masuk", "nip", name, "sandi", password)
	if err == nil && r.Status != 303 {
		err = wrong("log in by password", r)
	}
	return err
}

// Prepare reads the pages before the start, as far as the waiting room.
func (b *Browser) Prepare(ctx context.Context) error {
	for _, step := range []string{"", "/tata-tertib", "/tunggu"} {
		r, err := b.get(ctx, "/ikut/"+b.ID+step)
		if err != nil {
			return err
		}
		if r.Status == 404 && step == "/tunggu" || r.Status == 303 && strings.HasPrefix(r.Location, "/ikut/"+b.ID) {
			continue // no waiting room, or nothing to wait for
		}
		if r.Status != 200 {
			return wrong("prepare "+step, r)
		}
	}
	return nil
}

// Start begins the attempt, without its page.
func (b *Browser) Start(ctx context.Context) error {
	r, err := b.post(ctx, "/ikut/"+b.ID+"/mulai")
	if err == nil && (r.Status != 303 || !strings.HasSuffix(r.Location, "/soal")) {
		err = wrong("start", r)
	}
	return err
}

// Load opens the take page and reads what a browser needs to save.
func (b *Browser) Load(ctx context.Context) error {
	r, err := b.get(ctx, "/ikut/"+b.ID+"/soal")
	if err != nil {
		return err
	}
	if r.Status == 200 && bytes.Contains(r.Body, []byte("/ambil-alih")) {
		return ErrElsewhere
	}
	if r.Status != 200 {
		return wrong("take page", r)
	}
	for _, m := range attribute.FindAllSubmatch(r.Body, 4) {
		switch value := string(m[2]); string(m[1]) {
		case "bearer":
			b.Bearer = value
		case "save":
			b.SaveURL = value
		case "epoch":
			b.Epoch = value
		case "seq":
			if b.Seq, err = strconv.ParseInt(value, 10, 64); err != nil {
				return err
			}
		}
	}
	b.Items, b.Page = bytes.Count(r.Body, []byte(`<section class="q"`)), r.Bytes
	if b.Bearer == "" || b.SaveURL == "" || b.Items == 0 {
		return wrong("take page without its form", r)
	}
	return nil
}

// ErrElsewhere means that another browser holds the attempt.
var ErrElsewhere = errors.New("rig: another browser holds the attempt")

// TakeOver moves the attempt to this browser and loads its page.
func (b *Browser) TakeOver(ctx context.Context) error {
	r, err := b.post(ctx, "/ikut/"+b.ID+"/ambil-alih")
	if err != nil {
		return err
	}
	if r.Status != 303 {
		return wrong("take over", r)
	}
	return b.Load(ctx)
}

// Answer is one entry of an outbox.
type Answer struct {
	Position int
	Seq      int64
	Value    string
}

// Save sends answers with the bearer. A refusal is a *Status.
func (b *Browser) Save(ctx context.Context, answers []Answer, cut Cut) (Reply, error) {
	body := []byte(`{"a":[`)
	for i, a := range answers {
		if i > 0 {
			body = append(body, ',')
		}
		body = fmt.Appendf(body, `{"n":%d,"s":%d,"v":%q,"d":false}`, a.Position, a.Seq, a.Value)
	}
	body = append(body, "]}"...)
	r, err := b.wire.Do(ctx, Request{
		Method: "POST", Path: b.SaveURL, Body: body, Keep: true, Cut: cut,
		Header: "Content-Type: application/json\r\nAccept: application/json\r\nAuthorization: Bearer " + b.Bearer + "\r\n",
	})
	if err == nil && r.Status != 200 {
		err = wrong("save", r)
	}
	return r, err
}

// Submit reviews, hands in and opens the receipt; last is the last number this
// browser gave.
func (b *Browser) Submit(ctx context.Context, last int64) error {
	if err := b.Review(ctx); err != nil {
		return err
	}
	receipt, err := b.HandIn(ctx, last)
	if err != nil {
		return err
	}
	return b.Get(ctx, receipt)
}

// Review opens the page before the submission.
func (b *Browser) Review(ctx context.Context) error { return b.Get(ctx, "/ikut/"+b.ID+"/tinjau") }

// HandIn submits and returns where the receipt is.
func (b *Browser) HandIn(ctx context.Context, last int64) (receipt string, err error) {
	r, err := b.post(ctx, "/ikut/"+b.ID+"/kirim", "terakhir", strconv.FormatInt(last, 10), "kosong", "perlu", "sadar", "1")
	if err == nil && (r.Status != 303 || !strings.Contains(r.Location, "/bukti/")) {
		err = wrong("submit", r)
	}
	return r.Location, err
}

// Get opens a page and throws it away.
func (b *Browser) Get(ctx context.Context, path string) error {
	r, err := b.send(ctx, Request{Method: "GET", Path: path})
	if err == nil && r.Status != 200 {
		err = wrong(path, r)
	}
	return err
}
