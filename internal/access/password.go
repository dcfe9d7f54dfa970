package access

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"time"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"

	"cakap/internal/fault"
)

// cost is what one Argon2id hash costs. OWASP's second recommendation: 19 MiB,
// two passes, one lane; some 25 ms of one core.
type cost struct {
	memory  uint32 // KiB
	time    uint32
	threads uint8
}

// passwordCost is the cost of new hashes.
var passwordCost = cost{memory: 19456, time: 2, threads: 1}

const (
	saltBytes = 16
	keyBytes  = 32
)

// phc is a password hash in the PHC string format.
type phc struct {
	cost cost
	salt []byte
	key  []byte
}

// nobody is checked where there is no such account, so that asking takes as
// long as where there is one. No password has a hash of zeros.
var nobody = phc{cost: passwordCost, salt: make([]byte, saltBytes), key: make([]byte, keyBytes)}

func (p phc) String() string {
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s",
		argon2.Version, p.cost.memory, p.cost.time, p.cost.threads, b64.EncodeToString(p.salt), b64.EncodeToString(p.key))
}

var errPHC = errors.New("not an Argon2id hash")

// parsePHC reads a stored hash. Costs beyond any that this program ever wrote
// are refused: a damaged row must not take the memory of the machine.
func parsePHC(text string) (p phc, err error) {
	part := strings.Split(text, "$")
	if len(part) != 6 || part[0] != "" || part[1] != "argon2id" || part[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return phc{}, errPHC
	}
	if _, err := fmt.Sscanf(part[3], "m=%d,t=%d,p=%d", &p.cost.memory, &p.cost.time, &p.cost.threads); err != nil {
		return phc{}, errPHC
	}
	if p.cost.memory > 1<<16 || p.cost.time < 1 || p.cost.time > 10 || p.cost.threads < 1 || p.cost.threads > 4 {
		return phc{}, errPHC
	}
	if p.salt, err = base64.RawStdEncoding.DecodeString(part[4]); err != nil || len(p.salt) < 8 {
		return phc{}, errPHC
	}
	if p.key, err = base64.RawStdEncoding.DecodeString(part[5]); err != nil || len(p.key) != keyBytes {
		return phc{}, errPHC
	}
	return p, nil
}

// derive is the key of a password. The same word typed on two keyboards may
// come as different code points; NFC makes them one.
func (p phc) derive(password string) []byte {
	return argon2.IDKey([]byte(norm.NFC.String(password)), p.salt, p.cost.time, p.cost.memory, p.cost.threads, keyBytes)
}

func (p phc) matches(password string) bool {
	return subtle.ConstantTimeCompare(p.key, p.derive(password)) == 1
}

func hashPassword(password string) (string, error) {
	p := phc{cost: passwordCost, salt: make([]byte, saltBytes)}
	if _, err := rand.Read(p.salt); err != nil {
		return "", err
	}
	p.key = p.derive(password)
	return p.String(), nil
}

// gate lets a few hash at a time. Argon2 is memory and cores: without it a
// morning's log-ins take both from the answers that must be saved.
type gate struct {
	slots chan struct{} // one token per hash that may run
	queue chan struct{} // one per request that runs or waits
	wait  time.Duration
}

func newGate(running, waiting int, wait time.Duration) *gate {
	return &gate{slots: make(chan struct{}, running), queue: make(chan struct{}, running+waiting), wait: wait}
}

// enter waits for a turn and returns how to give it back. A full queue is
// refused at once; whoever waited too long is refused then.
func (g *gate) enter(ctx context.Context) (leave func(), err error) {
	select {
	case g.queue <- struct{}{}:
	default:
		return nil, g.busy()
	}
	timer := time.NewTimer(g.wait)
	defer timer.Stop()
	select {
	case g.slots <- struct{}{}:
		return func() { <-g.slots; <-g.queue }, nil
	case <-timer.C:
		err = g.busy()
	case <-ctx.Done():
		err = ctx.Err()
	}
	<-g.queue
	return nil, err
}

func (g *gate) busy() error {
	return fault.New(fault.Unavailable, "access.busy", int(g.wait.Seconds())+1)
}

// hash makes the hash of a new password in its turn.
func (g *gate) hash(ctx context.Context, password string) (string, error) {
	leave, err := g.enter(ctx)
	if err != nil {
		return "", err
	}
	defer leave()
	return hashPassword(password)
}
