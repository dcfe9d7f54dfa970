package assessment

import (
	"os"
	"strconv"
	"strings"
	"time"
)

// clockRig names a file with seconds by which the machine's clock is to be
// thought wrong. IT EXISTS FOR bench/clockjump ALONE: Go reads the clock without
// libc, so no library can be put in between. No flag of `cakap serve` reaches
// it, and the server logs it as an error at start.
const clockRig = "CAKAP_CLOCK_RIG"

// ClockRig reports whether the machine's clock is replaced by a rig's.
func ClockRig() bool { return os.Getenv(clockRig) != "" }

// machineClock is the machine's clock: time.Now, except under the rig.
func machineClock() func() time.Time {
	name := os.Getenv(clockRig)
	if name == "" {
		return time.Now
	}
	return func() time.Time {
		text, err := os.ReadFile(name)
		if err != nil {
			return time.Now()
		}
		seconds, err := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64)
		if err != nil {
			return time.Now() // half written
		}
		return time.Now().Add(time.Duration(seconds) * time.Second)
	}
}
