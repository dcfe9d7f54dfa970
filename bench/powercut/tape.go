package main

import (
	"encoding/binary"
	"fmt"
	"os"

	ledger "cakap/bench/storm"
)

// Operations of the record.
const (
	opName     = 'N'
	opWrite    = 'W'
	opSync     = 'S'
	opTruncate = 'T'
	opUnlink   = 'U'
	opAck      = 'A'
)

const headerSize = 24

// operation is one record: what was done to which file.
type operation struct {
	op   uint32
	file uint32
	at   int64 // offset, new size, or the enrolment of an acknowledgement
	data []byte
}

func (o operation) ack() ledger.Ack {
	return ledger.Ack{Enrolment: o.at, Seq: int64(binary.LittleEndian.Uint64(o.data))}
}

// tape is the whole record.
type tape struct {
	ops   []operation
	names map[uint32]string
}

func readTape(file string) (tape, error) {
	t := tape{names: map[uint32]string{}}
	raw, err := os.ReadFile(file)
	if err != nil {
		return t, err
	}
	for len(raw) > 0 {
		if len(raw) < headerSize {
			return t, fmt.Errorf("the record ends within a header")
		}
		length := int(binary.LittleEndian.Uint32(raw[16:]))
		if len(raw) < headerSize+length {
			return t, fmt.Errorf("the record ends within its data")
		}
		o := operation{
			op: binary.LittleEndian.Uint32(raw), file: binary.LittleEndian.Uint32(raw[4:]),
			at: int64(binary.LittleEndian.Uint64(raw[8:])), data: raw[headerSize : headerSize+length],
		}
		raw = raw[headerSize+length:]
		if o.op == opName {
			t.names[o.file] = string(o.data)
			continue
		}
		t.ops = append(t.ops, o)
	}
	return t, nil
}

func (t tape) describe() string {
	n := map[uint32]int{}
	for _, o := range t.ops {
		n[o.op]++
	}
	return fmt.Sprintf("%d writes, %d flushes, %d acknowledged", n[opWrite], n[opSync], n[opAck])
}
