package access

import (
	"strings"
	"testing"
	"time"

	"cakap/internal/fault"
)

// SE-01, SE-02.
func TestTokensAreFreshAndEndAtLogout(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		w.staffAccount("petugas.a", Grant{Officer, agencyA})
		first, _ := w.login("petugas.a", goodPassword)
		second, _ := w.login("petugas.a", goodPassword)
		if first == second || len(first) != tokenChars {
			t.Errorf("tokens %q and %q", first, second)
		}
		if n := w.count(`SELECT count(*) FROM login_session WHERE token_hash IN (?, ?)`, first, second); n != 0 {
			t.Error("a token is stored in the clear")
		}
		if err := w.Logout(ctx, first); err != nil {
			t.Fatal(err)
		}
		if w.alive(first) || !w.alive(second) {
			t.Error("logout ended the wrong session")
		}
		if err := w.Logout(ctx, first); err != nil {
			t.Errorf("a second logout: %v", err)
		}
		for _, token := range []string{"", "x", first + "x", strings.Repeat("A", tokenChars), strings.Repeat("A", 1<<16), second[:tokenChars-1] + "!"} {
			_, err := w.Authenticate(ctx, token)
			wantRefusal(t, token[:min(len(token), 50)], err, fault.Unauthentic, "error.unauthentic")
		}
	})
}

// SE-03.
func TestStaffIdleOut(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.staffAccount("petugas.a", Grant{Officer, agencyA})
		token, _ := w.login("petugas.a", goodPassword)
		for range 4 { // each visit begins the half hour anew
			w.at = w.at.Add(staffIdle)
			if !w.alive(token) {
				t.Fatal("idle for half an hour exactly: logged out")
			}
		}
		w.at = w.at.Add(staffIdle + time.Second)
		if w.alive(token) {
			t.Error("idle for longer than half an hour: still in")
		}
	})
}

func TestSessionsEndAfterTwelveHours(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.staffAccount("petugas.a", Grant{Officer, agencyA})
		staffToken, _ := w.login("petugas.a", goodPassword)
		participantToken, _ := w.activated(siti, goodPassword)
		end := w.at.Add(absolute)
		for w.at = w.at.Add(20 * minute); w.at.Before(end); w.at = w.at.Add(20 * minute) {
			if !w.alive(staffToken) {
				t.Fatalf("busy staff were logged out at %v", w.at)
			}
		}
		w.at = end.Add(-time.Second)
		if !w.alive(participantToken) {
			t.Error("a participant was logged out by doing nothing")
		}
		w.at = end
		if w.alive(staffToken) || w.alive(participantToken) {
			t.Error("a session outlived its twelve hours")
		}
	})
}

// Whoever is staff and takes an assessment must find the session at its end.
func TestAnOpenAttemptKeepsStaffIn(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		_, err := w.CreateAccount(t.Context(), 0, NewAccount{PersonID: siti, Password: goodPassword, Grants: []Grant{{Officer, agencyA}, {Role: Participant}}})
		if err != nil {
			t.Fatal(err)
		}
		token, _ := w.login(nipSiti, goodPassword)
		w.attempt(enrolBudi)
		w.attempt(enrolSiti)
		w.at = w.at.Add(2 * time.Hour)
		if !w.alive(token) {
			t.Error("logged out during an attempt")
		}
		w.exec(`UPDATE attempt SET state = 'submitted' WHERE enrolment_id = ?`, enrolSiti)
		w.at = w.at.Add(staffIdle + time.Second)
		if w.alive(token) {
			t.Error("kept in by an attempt that has ended, or by another person's")
		}
	})
}

func TestSessionsAreTouchedOnceAMinuteAtMost(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.staffAccount("petugas.a", Grant{Officer, agencyA})
		start := w.at
		staffToken, _ := w.login("petugas.a", goodPassword)
		participantToken, _ := w.activated(siti, goodPassword)
		seen := func(token string) int {
			return w.count(`SELECT seen_ms FROM login_session WHERE token_hash = ?`, tokenHash(token))
		}
		for _, tt := range []struct {
			after time.Duration
			want  time.Time
		}{{59 * time.Second, start}, {time.Minute, start.Add(time.Minute)}, {119 * time.Second, start.Add(time.Minute)}, {2 * time.Minute, start.Add(2 * time.Minute)}} {
			w.at = start.Add(tt.after)
			if !w.alive(staffToken) || !w.alive(participantToken) {
				t.Fatal("logged out")
			}
			if got := seen(staffToken); int64(got) != tt.want.UnixMilli() {
				t.Errorf("after %v seen at %v, want %v", tt.after, got, tt.want.UnixMilli())
			}
			if got := seen(participantToken); int64(got) != start.UnixMilli() {
				t.Error("a participant's request was a write")
			}
		}
	})
}

func TestSweep(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		w.activated(siti, goodPassword)
		_, _, _ = w.Login(ctx, nipSiti, anotherPassword, testIP)
		left := func() [3]int {
			if err := w.Sweep(ctx); err != nil {
				t.Fatal(err)
			}
			return [3]int{w.count(`SELECT count(*) FROM login_session`), w.count(`SELECT count(*) FROM throttle`), w.count(`SELECT count(*) FROM activation_code`)}
		}
		for _, tt := range []struct {
			after time.Duration
			want  [3]int
		}{
			{0, [3]int{1, 1, 1}}, {passwordLimit.window, [3]int{1, 0, 1}}, {absolute, [3]int{0, 0, 1}},
			{ActivationLife + kept, [3]int{0, 0, 1}}, {ActivationLife + kept + time.Second, [3]int{0, 0, 0}},
		} {
			w.at = opens.Add(tt.after)
			if got := left(); got != tt.want {
				t.Errorf("after %v sessions, throttles and codes are %v, want %v", tt.after, got, tt.want)
			}
		}
	})
}
