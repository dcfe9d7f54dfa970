-- What an exam day needs beside attempts and answers.

-- Places in a session, how far starts are spread at the bell, and whether a
-- proctor lets each person begin.
ALTER TABLE session ADD COLUMN capacity INTEGER NOT NULL DEFAULT 0;   -- 0: as many as are enrolled
ALTER TABLE session ADD COLUMN jitter_s INTEGER NOT NULL DEFAULT 20;  -- seconds
ALTER TABLE session ADD COLUMN admit    BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE session ADD COLUMN closed_ms BIGINT;                      -- a proctor ended it, minutes can be signed

CREATE TABLE session_proctor (
	session_id BIGINT NOT NULL REFERENCES session (id),
	account_id BIGINT NOT NULL REFERENCES account (id),
	PRIMARY KEY (session_id, account_id)
);
CREATE INDEX session_proctor_account ON session_proctor (account_id);

-- The waiting room: when the person was last there, and who let them begin.
ALTER TABLE enrolment ADD COLUMN waiting_ms  BIGINT;
ALTER TABLE enrolment ADD COLUMN admitted_ms BIGINT;
ALTER TABLE enrolment ADD COLUMN admitted_by BIGINT NOT NULL DEFAULT 0;

-- A paused attempt's clock stands still from paused_ms on. In the delivery
-- "one by one" only the position `reached` takes answers.
ALTER TABLE attempt ADD COLUMN paused_ms  BIGINT;
ALTER TABLE attempt ADD COLUMN sequential BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE attempt ADD COLUMN reached    INTEGER NOT NULL DEFAULT 0; -- first position of the part that takes answers
ALTER TABLE attempt ADD COLUMN reached_to INTEGER NOT NULL DEFAULT 0; -- and its last

-- Which browser held an attempt, and since when.
CREATE TABLE attempt_device (
	enrolment_id BIGINT  NOT NULL,
	attempt_no   INTEGER NOT NULL,
	epoch        INTEGER NOT NULL,
	device       TEXT    NOT NULL,
	kind         TEXT    NOT NULL DEFAULT '', -- "HP Android, Chrome": for people, never for a decision
	since_ms     BIGINT  NOT NULL,
	PRIMARY KEY (enrolment_id, attempt_no, epoch),
	FOREIGN KEY (enrolment_id, attempt_no) REFERENCES attempt (enrolment_id, attempt_no)
);
CREATE INDEX attempt_device_name ON attempt_device (device);

-- Every move of a deadline, with what it was before. The start never moves.
CREATE TABLE time_credit (
	enrolment_id    BIGINT  NOT NULL,
	attempt_no      INTEGER NOT NULL,
	id              BIGINT  NOT NULL,
	kind            TEXT    NOT NULL CHECK (kind IN ('outage', 'pause', 'other')),
	started_ms      BIGINT  NOT NULL,
	old_deadline_ms BIGINT  NOT NULL,
	new_deadline_ms BIGINT  NOT NULL,
	actor_id        BIGINT  NOT NULL,
	reason          TEXT    NOT NULL CHECK (reason <> ''),
	at_ms           BIGINT  NOT NULL,
	PRIMARY KEY (enrolment_id, attempt_no, id),
	FOREIGN KEY (enrolment_id, attempt_no) REFERENCES attempt (enrolment_id, attempt_no)
);

-- Answers that reached the server by another way than the person's browser.
ALTER TABLE late_answer ADD COLUMN source TEXT NOT NULL DEFAULT 'outbox' CHECK (source IN ('outbox', 'file'));

-- "Laporkan masalah soal": what a person says of an item during the attempt.
CREATE TABLE item_report (
	enrolment_id BIGINT  NOT NULL,
	attempt_no   INTEGER NOT NULL,
	id           BIGINT  NOT NULL,
	position     INTEGER NOT NULL CHECK (position >= 1),
	event_id     BIGINT  NOT NULL REFERENCES event (id),
	session_id   BIGINT  NOT NULL,
	item_id      BIGINT  NOT NULL,
	rev          INTEGER NOT NULL,
	kind         TEXT    NOT NULL CHECK (kind IN ('picture', 'unclear', 'option', 'other')),
	note         TEXT    NOT NULL DEFAULT '',
	at_ms        BIGINT  NOT NULL,
	seen_ms      BIGINT,                      -- a proctor has dealt with it
	seen_by      BIGINT  NOT NULL DEFAULT 0,
	verdict      TEXT    NOT NULL DEFAULT '' CHECK (verdict IN ('', 'fine', 'faulty')),
	PRIMARY KEY (enrolment_id, attempt_no, id),
	FOREIGN KEY (enrolment_id, attempt_no) REFERENCES attempt (enrolment_id, attempt_no)
);
CREATE INDEX item_report_event ON item_report (event_id, seen_ms);

-- An item that leaves the scores of an event: proposed by one person, decided
-- by another.
CREATE TABLE faulty_item (
	event_id    BIGINT NOT NULL REFERENCES event (id),
	item_id     BIGINT NOT NULL,
	state       TEXT   NOT NULL CHECK (state IN ('proposed', 'approved', 'rejected')),
	reason      TEXT   NOT NULL CHECK (reason <> ''),
	proposed_by BIGINT NOT NULL,
	proposed_ms BIGINT NOT NULL,
	decided_by  BIGINT NOT NULL DEFAULT 0,
	decided_ms  BIGINT,
	decision    TEXT   NOT NULL DEFAULT '',
	PRIMARY KEY (event_id, item_id),
	CONSTRAINT faulty_item_two_people CHECK (state = 'proposed' OR decided_by <> proposed_by),
	CONSTRAINT faulty_item_decided CHECK ((state = 'proposed') = (decided_ms IS NULL))
);

-- Why somebody has more time: for the officers of their agency, in no audit
-- entry, report or list. A record that was merged into another stays as a
-- shell, so that nothing points at nobody.
ALTER TABLE person ADD COLUMN extra_time_kind TEXT NOT NULL DEFAULT '' CHECK (extra_time_kind IN ('', 'vision', 'hearing', 'motor', 'reading', 'health', 'other'));
ALTER TABLE person ADD COLUMN extra_time_note TEXT NOT NULL DEFAULT '';
ALTER TABLE person ADD COLUMN merged_into BIGINT REFERENCES person (id);

-- An agency asks for somebody whom another one has; that one, or an admin,
-- decides. The number is what the asker typed: it sees nothing else before.
CREATE TABLE person_transfer (
	id          BIGINT PRIMARY KEY,
	person_id   BIGINT NOT NULL REFERENCES person (id),
	from_agency BIGINT NOT NULL REFERENCES agency (id),
	to_agency   BIGINT NOT NULL REFERENCES agency (id),
	number      TEXT   NOT NULL,
	reason      TEXT   NOT NULL CHECK (reason <> ''),
	state       TEXT   NOT NULL CHECK (state IN ('asked', 'accepted', 'refused', 'withdrawn')),
	asked_by    BIGINT NOT NULL,
	asked_ms    BIGINT NOT NULL,
	decided_by  BIGINT NOT NULL DEFAULT 0,
	decided_ms  BIGINT,
	decision    TEXT   NOT NULL DEFAULT '',
	CONSTRAINT person_transfer_elsewhere CHECK (from_agency <> to_agency),
	CONSTRAINT person_transfer_decided CHECK ((state = 'asked') = (decided_ms IS NULL))
);
CREATE UNIQUE INDEX person_transfer_once ON person_transfer (person_id) WHERE state = 'asked';
CREATE INDEX person_transfer_from ON person_transfer (from_agency, asked_ms);
CREATE INDEX person_transfer_to ON person_transfer (to_agency, asked_ms);

-- What proctors write down for the minutes (berita acara).
CREATE TABLE incident (
	id           BIGINT PRIMARY KEY,
	event_id     BIGINT NOT NULL REFERENCES event (id),
	session_id   BIGINT NOT NULL,
	enrolment_id BIGINT NOT NULL DEFAULT 0, -- 0: about the session
	kind         TEXT   NOT NULL CHECK (kind IN ('power', 'network', 'device', 'identity', 'violation', 'health', 'item', 'other')),
	note         TEXT   NOT NULL CHECK (note <> ''),
	actor_id     BIGINT NOT NULL,
	at_ms        BIGINT NOT NULL,
	FOREIGN KEY (event_id, session_id) REFERENCES session (event_id, id)
);
CREATE INDEX incident_session ON incident (session_id, at_ms);

-- What a node was measured to carry, for the forecast of a start bell.
CREATE TABLE capacity (
	node        TEXT   PRIMARY KEY, -- name of the machine
	measured_ms BIGINT NOT NULL,
	saves       INTEGER NOT NULL CHECK (saves >= 1),  -- per second, durable
	starts      INTEGER NOT NULL CHECK (starts >= 1), -- per second: attempt and page
	logins      INTEGER NOT NULL CHECK (logins >= 1)  -- per second by start code
);

-- The highest instant this database has seen a server's clock at. A server
-- whose machine tells an earlier one on start does not believe it.
CREATE TABLE clock_mark (
	id    INTEGER PRIMARY KEY CHECK (id = 1),
	at_ms BIGINT  NOT NULL
);
INSERT INTO clock_mark (id, at_ms) VALUES (1, 0);
