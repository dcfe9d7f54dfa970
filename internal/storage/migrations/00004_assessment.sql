-- Plans: small reference data.
CREATE TABLE blueprint (
	id             BIGINT  PRIMARY KEY,
	code           TEXT    NOT NULL UNIQUE,
	name           TEXT    NOT NULL,
	spec           TEXT    NOT NULL,  -- JSON: cells (aspect, indicator, level, count), minutes, delivery, attempts, policy
	scheme_code    TEXT    NOT NULL,
	scheme_version INTEGER NOT NULL,
	provenance     TEXT    NOT NULL DEFAULT 'authored' CHECK (provenance IN ('authored', 'shipped')),
	created_by     BIGINT  NOT NULL,
	created_ms     BIGINT  NOT NULL,
	FOREIGN KEY (scheme_code, scheme_version) REFERENCES level_scheme (code, version)
);

-- An event freezes its blueprint (spec) and level scheme when it is made.
CREATE TABLE event (
	id             BIGINT  PRIMARY KEY,
	code           TEXT    NOT NULL UNIQUE,
	name           TEXT    NOT NULL,
	owner_id       BIGINT  NOT NULL,  -- agency that runs it; 0 where it spans the province
	blueprint_id   BIGINT  NOT NULL REFERENCES blueprint (id),
	spec           TEXT    NOT NULL,
	scheme_code    TEXT    NOT NULL,
	scheme_version INTEGER NOT NULL,
	state          TEXT    NOT NULL CHECK (state IN ('draft', 'prepared', 'open', 'closed')),
	opens_ms       BIGINT  NOT NULL,
	closes_ms      BIGINT  NOT NULL,
	grace_ms       BIGINT  NOT NULL CHECK (grace_ms >= 0),
	zone           TEXT    NOT NULL CHECK (zone IN ('WIB', 'WITA', 'WIT')),
	seed           BIGINT  NOT NULL,
	release_policy TEXT    NOT NULL CHECK (release_policy IN ('at_once', 'at', 'manual')),
	release_ms     BIGINT,            -- for 'at'
	released_ms    BIGINT,            -- set when an officer releases
	created_by     BIGINT  NOT NULL,
	created_ms     BIGINT  NOT NULL,
	CONSTRAINT event_closes_after_it_opens CHECK (closes_ms > opens_ms),
	FOREIGN KEY (scheme_code, scheme_version) REFERENCES level_scheme (code, version)
);

CREATE TABLE event_agency (
	event_id  BIGINT NOT NULL REFERENCES event (id),
	agency_id BIGINT NOT NULL REFERENCES agency (id),
	PRIMARY KEY (event_id, agency_id)
);

-- The revisions an event draws from, frozen when it is prepared, and how many
-- of its forms hold each: with them every draw can be repeated.
CREATE TABLE event_pool (
	event_id  BIGINT  NOT NULL REFERENCES event (id),
	item_id   BIGINT  NOT NULL,
	rev       INTEGER NOT NULL,
	exposed   INTEGER NOT NULL DEFAULT 0,
	PRIMARY KEY (event_id, item_id),
	FOREIGN KEY (item_id, rev) REFERENCES item_revision (item_id, rev)
);

CREATE TABLE session (
	id        BIGINT  PRIMARY KEY,
	event_id  BIGINT  NOT NULL REFERENCES event (id),
	name      TEXT    NOT NULL,
	opens_ms  BIGINT  NOT NULL,
	closes_ms BIGINT  NOT NULL,
	place     TEXT    NOT NULL DEFAULT '', -- empty: online
	token     TEXT    NOT NULL DEFAULT '', -- empty: none asked
	CONSTRAINT session_closes_after_it_opens CHECK (closes_ms > opens_ms),
	CONSTRAINT session_in_event UNIQUE (event_id, id)
);

-- The hot tables. Every key begins with the enrolment: one person's rows live
-- together, writes of different people never meet.

-- A person in an event, with agency and unit as of that day.
CREATE TABLE enrolment (
	id              BIGINT  PRIMARY KEY,
	event_id        BIGINT  NOT NULL REFERENCES event (id),
	session_id      BIGINT  NOT NULL,
	person_id       BIGINT  NOT NULL REFERENCES person (id),
	agency_id       BIGINT  NOT NULL REFERENCES agency (id),
	unit_id         BIGINT,
	unit_path       TEXT    NOT NULL DEFAULT '',
	opd_name        TEXT    NOT NULL DEFAULT '',
	nip             TEXT    NOT NULL DEFAULT '', -- or participant number
	name            TEXT    NOT NULL,            -- with titles
	kind            TEXT    NOT NULL,
	sex             TEXT    NOT NULL DEFAULT '',
	birth_date      TEXT    NOT NULL DEFAULT '',
	grade           TEXT    NOT NULL DEFAULT '',
	position        TEXT    NOT NULL DEFAULT '',
	position_kind   TEXT    NOT NULL DEFAULT '',
	time_factor_pct INTEGER NOT NULL DEFAULT 100 CHECK (time_factor_pct BETWEEN 100 AND 400),
	start_code_hash TEXT,                        -- HMAC under the server's key
	draw_order      INTEGER NOT NULL,            -- order in which forms are drawn
	notice_ms       BIGINT,                      -- privacy notice shown
	withdrawn       BOOLEAN NOT NULL DEFAULT FALSE,
	created_ms      BIGINT  NOT NULL,
	CONSTRAINT enrolment_once UNIQUE (event_id, person_id),
	FOREIGN KEY (event_id, session_id) REFERENCES session (event_id, id)
);
CREATE INDEX enrolment_person ON enrolment (person_id);
CREATE INDEX enrolment_agency ON enrolment (event_id, agency_id);
CREATE INDEX enrolment_session ON enrolment (session_id);
CREATE UNIQUE INDEX enrolment_start_code ON enrolment (start_code_hash) WHERE start_code_hash IS NOT NULL;

-- Immutable: the exact revisions and option orders one enrolment sees.
CREATE TABLE form (
	enrolment_id BIGINT  NOT NULL REFERENCES enrolment (id),
	form_no      INTEGER NOT NULL CHECK (form_no >= 1),
	items        INTEGER NOT NULL CHECK (items >= 1),
	content      TEXT    NOT NULL, -- JSON: item, revision and option order per position
	hash         TEXT    NOT NULL, -- SHA-256 of content
	exposure     TEXT    NOT NULL, -- hash over all that was drawn before it
	draw_no      INTEGER NOT NULL DEFAULT 0, -- place in the event's sequence of draws
	drawn_ms     BIGINT  NOT NULL,
	PRIMARY KEY (enrolment_id, form_no)
);

CREATE TABLE attempt (
	enrolment_id BIGINT  NOT NULL,
	attempt_no   INTEGER NOT NULL CHECK (attempt_no >= 1),
	form_no      INTEGER NOT NULL,
	event_id     BIGINT  NOT NULL,
	items        INTEGER NOT NULL CHECK (items >= 1),
	state        TEXT    NOT NULL CHECK (state IN ('open', 'closing', 'submitted', 'voided')),
	device       TEXT    NOT NULL DEFAULT '', -- opaque name of the browser that holds it
	device_epoch INTEGER NOT NULL,
	seen_ms      BIGINT  NOT NULL DEFAULT 0,  -- last save, for the monitor; the write that locks the row
	started_ms   BIGINT  NOT NULL,
	deadline_ms  BIGINT  NOT NULL,
	grace_ms     BIGINT  NOT NULL, -- length of 'closing' after the deadline
	credited_ms  BIGINT  NOT NULL DEFAULT 0,
	submitted_ms BIGINT,
	ended_by     TEXT    NOT NULL DEFAULT '' CHECK (ended_by IN ('', 'participant', 'deadline', 'officer')),
	last_seq     BIGINT  NOT NULL DEFAULT 0, -- highest seq the client named at submission
	void_reason  TEXT    NOT NULL DEFAULT '',
	PRIMARY KEY (enrolment_id, attempt_no),
	FOREIGN KEY (enrolment_id, form_no) REFERENCES form (enrolment_id, form_no),
	CONSTRAINT attempt_deadline_after_start CHECK (deadline_ms > started_ms)
);
-- A person has at most one attempt of an event under way.
CREATE UNIQUE INDEX attempt_one_open ON attempt (enrolment_id) WHERE state IN ('open', 'closing');
CREATE INDEX attempt_due ON attempt (deadline_ms) WHERE state IN ('open', 'closing');
CREATE INDEX attempt_event ON attempt (event_id, state);

-- The journal: appended to, never changed. The answer to a position is its
-- highest seq. value is the letters as this person saw them ("C", "AD", "").
CREATE TABLE answer (
	enrolment_id BIGINT  NOT NULL,
	attempt_no   INTEGER NOT NULL,
	position     INTEGER NOT NULL,
	seq          BIGINT  NOT NULL,
	value        TEXT    NOT NULL,
	doubt        BOOLEAN NOT NULL,
	received_ms  BIGINT  NOT NULL,
	late         BOOLEAN NOT NULL DEFAULT FALSE, -- accepted by an officer after the deadline
	PRIMARY KEY (enrolment_id, attempt_no, position, seq),
	FOREIGN KEY (enrolment_id, attempt_no) REFERENCES attempt (enrolment_id, attempt_no)
);

-- What arrived after the deadline: kept, never scored by itself.
CREATE TABLE late_answer (
	enrolment_id BIGINT  NOT NULL,
	attempt_no   INTEGER NOT NULL,
	position     INTEGER NOT NULL,
	seq          BIGINT  NOT NULL,
	value        TEXT    NOT NULL,
	doubt        BOOLEAN NOT NULL,
	received_ms  BIGINT  NOT NULL,
	accepted_ms  BIGINT, -- when it was moved to the journal
	PRIMARY KEY (enrolment_id, attempt_no, position, seq),
	FOREIGN KEY (enrolment_id, attempt_no) REFERENCES attempt (enrolment_id, attempt_no)
);

-- f(form, journal, key version, rules version, scheme version); superseded,
-- never overwritten.
CREATE TABLE result (
	enrolment_id   BIGINT  NOT NULL,
	attempt_no     INTEGER NOT NULL,
	version        INTEGER NOT NULL CHECK (version >= 1),
	current        BOOLEAN NOT NULL,
	event_id       BIGINT  NOT NULL,
	form_hash      TEXT    NOT NULL,
	journal_hash   TEXT    NOT NULL,
	key_hash       TEXT    NOT NULL,
	rules_version  TEXT    NOT NULL,
	scheme_code    TEXT    NOT NULL,
	scheme_version INTEGER NOT NULL,
	payload        TEXT    NOT NULL, -- JSON of scoring.Result
	reason         TEXT    NOT NULL, -- 'submitted', or why it superseded another
	computed_ms    BIGINT  NOT NULL,
	PRIMARY KEY (enrolment_id, attempt_no, version),
	FOREIGN KEY (enrolment_id, attempt_no) REFERENCES attempt (enrolment_id, attempt_no)
);
CREATE UNIQUE INDEX result_one_current ON result (enrolment_id, attempt_no) WHERE current;
CREATE INDEX result_event ON result (event_id, current);
