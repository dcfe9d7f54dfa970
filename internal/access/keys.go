package access

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"cakap/internal/fault"
)

// Keys are the secrets of one installation, all derived from one key file that
// every node of it shares.
type Keys struct {
	seal   cipher.Block
	code   []byte
	bearer []byte
}

const secretBytes = 32

// NewKeys derives the keys from a secret of at least 32 bytes.
func NewKeys(secret []byte) *Keys {
	block, err := aes.NewCipher(derive(secret, "seal")[:16])
	if err != nil {
		panic(err) // 16 bytes are an AES key
	}
	return &Keys{seal: block, code: derive(secret, "code"), bearer: derive(secret, "bearer")}
}

func derive(secret []byte, use string) []byte {
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte("cakap:" + use))
	return mac.Sum(nil)
}

// LoadKeys reads the key file, and makes it where it is missing and create says so.
func LoadKeys(path string, create bool) (*Keys, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) && create {
		return createKeys(path)
	}
	if err != nil {
		return nil, fmt.Errorf("read key file: %w", err)
	}
	secret, err := hex.DecodeString(strings.TrimSpace(string(text)))
	if err != nil || len(secret) < secretBytes {
		return nil, fmt.Errorf("key file %s does not hold %d bytes in hex", path, secretBytes)
	}
	return NewKeys(secret), nil
}

func createKeys(path string) (*Keys, error) {
	secret := make([]byte, secretBytes)
	if _, err := rand.Read(secret); err != nil {
		return nil, fmt.Errorf("make key: %w", err)
	}
	// Written aside and linked into place: a process that starts at the same
	// moment, or after a crash, finds a whole key or none.
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*") // mode 0600
	if err != nil {
		return nil, fmt.Errorf("make key file: %w", err)
	}
	defer func() { _ = os.Remove(f.Name()) }()
	_, err = f.WriteString(hex.EncodeToString(secret) + "\n")
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return nil, fmt.Errorf("write key file: %w", err)
	}
	err = os.Link(f.Name(), path)
	if errors.Is(err, os.ErrExist) { // another process was first
		return LoadKeys(path, false)
	}
	if err != nil {
		return nil, fmt.Errorf("make key file: %w", err)
	}
	return NewKeys(secret), nil
}

// Seal turns an id into what a URL shows: one AES block over the id and a tag
// of its kind. It looks random, cannot be counted up, and opens as no other kind.
func (k *Keys) Seal(kind string, id int64) string {
	var block [aes.BlockSize]byte
	binary.BigEndian.PutUint64(block[:8], uint64(id))
	copy(block[8:], tag(kind))
	k.seal.Encrypt(block[:], block[:])
	return base64.RawURLEncoding.EncodeToString(block[:])
}

// Open is the id that Seal closed; anything else is not found.
func (k *Keys) Open(kind, sealed string) (int64, error) {
	var block [aes.BlockSize]byte
	n, err := base64.RawURLEncoding.Strict().Decode(block[:], []byte(sealed[:min(len(sealed), 22)]))
	if err != nil || n != aes.BlockSize || len(sealed) != 22 {
		return 0, fault.New(fault.NotFound, "error.not_found")
	}
	k.seal.Decrypt(block[:], block[:])
	if subtle.ConstantTimeCompare(block[8:], tag(kind)) != 1 {
		return 0, fault.New(fault.NotFound, "error.not_found")
	}
	return int64(binary.BigEndian.Uint64(block[:8])), nil
}

func tag(kind string) []byte {
	sum := sha256.Sum256([]byte(kind))
	return sum[:8]
}

// Code is what the database keeps of a one-time or start code.
func (k *Keys) Code(purpose, code string) string {
	mac := hmac.New(sha256.New, k.code)
	mac.Write([]byte(purpose + "\x00" + code))
	return hex.EncodeToString(mac.Sum(nil))
}

// Bearer is what an attempt's token carries, so that a save reads nothing.
type Bearer struct {
	Enrolment int64
	Attempt   int
	Epoch     int
	Person    int64
	Shape     string
}

const bearerHead = 8 + 4 + 4 + 8

// Bearer signs b into a token.
func (k *Keys) Bearer(b Bearer) string {
	body := make([]byte, bearerHead, bearerHead+len(b.Shape)+sha256.Size)
	binary.BigEndian.PutUint64(body, uint64(b.Enrolment))
	binary.BigEndian.PutUint32(body[8:], uint32(b.Attempt))
	binary.BigEndian.PutUint32(body[12:], uint32(b.Epoch))
	binary.BigEndian.PutUint64(body[16:], uint64(b.Person))
	body = append(body, b.Shape...)
	return base64.RawURLEncoding.EncodeToString(append(body, k.sign(body)...))
}

// ParseBearer checks a token and returns what it carries.
func (k *Keys) ParseBearer(token string) (Bearer, error) {
	refused := fault.New(fault.Unauthentic, "error.unauthentic")
	if len(token) > 1024 || strings.ContainsAny(token, "\r\n") { // which the decoder skips
		return Bearer{}, refused
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(token)
	if err != nil || len(raw) < bearerHead+sha256.Size {
		return Bearer{}, refused
	}
	body, mac := raw[:len(raw)-sha256.Size], raw[len(raw)-sha256.Size:]
	if !hmac.Equal(mac, k.sign(body)) {
		return Bearer{}, refused
	}
	return Bearer{
		Enrolment: int64(binary.BigEndian.Uint64(body)),
		Attempt:   int(binary.BigEndian.Uint32(body[8:])),
		Epoch:     int(binary.BigEndian.Uint32(body[12:])),
		Person:    int64(binary.BigEndian.Uint64(body[16:])),
		Shape:     string(body[bearerHead:]),
	}, nil
}

func (k *Keys) sign(body []byte) []byte {
	mac := hmac.New(sha256.New, k.bearer)
	mac.Write(body)
	return mac.Sum(nil)
}
