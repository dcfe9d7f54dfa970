-- Accounts and what they may do. agency_id 0 means every agency.
CREATE TABLE account (
	id            BIGINT  PRIMARY KEY,
	person_id     BIGINT  UNIQUE REFERENCES person (id), -- participants; staff may have none
	username      TEXT    NOT NULL UNIQUE,               -- lower case; a participant's is the NIP
	name          TEXT    NOT NULL,
	password_hash TEXT    NOT NULL DEFAULT '',           -- Argon2id, empty until the person sets one
	active        BOOLEAN NOT NULL DEFAULT TRUE,
	created_ms    BIGINT  NOT NULL,
	password_ms   BIGINT  NOT NULL DEFAULT 0
);

CREATE TABLE account_role (
	account_id BIGINT NOT NULL REFERENCES account (id),
	role       TEXT   NOT NULL CHECK (role IN ('participant', 'trainer', 'reviewer', 'officer', 'proctor', 'admin')),
	agency_id  BIGINT NOT NULL,
	PRIMARY KEY (account_id, role, agency_id)
);

-- Only the SHA-256 of a token is kept. An enrolment is named where the way in
-- was a start code, which opens that one assessment and nothing else.
CREATE TABLE login_session (
	token_hash   TEXT   PRIMARY KEY,
	account_id   BIGINT NOT NULL REFERENCES account (id),
	enrolment_id BIGINT NOT NULL DEFAULT 0,
	created_ms   BIGINT NOT NULL,
	seen_ms      BIGINT NOT NULL,
	expires_ms   BIGINT NOT NULL
);
CREATE INDEX login_session_account ON login_session (account_id);

-- One-time codes with which a person sets a password, and the set-up link.
CREATE TABLE activation_code (
	code_hash  TEXT   PRIMARY KEY,  -- HMAC under the server's key
	person_id  BIGINT REFERENCES person (id), -- NULL: the set-up link of the first administrator
	created_by BIGINT NOT NULL DEFAULT 0,
	created_ms BIGINT NOT NULL,
	expires_ms BIGINT NOT NULL,
	used_ms    BIGINT
);
CREATE INDEX activation_code_person ON activation_code (person_id);

-- Failed log-ins per subject (hash of account, person or address) and window.
CREATE TABLE throttle (
	subject    TEXT    NOT NULL PRIMARY KEY,
	failures   INTEGER NOT NULL,
	window_ms  BIGINT  NOT NULL
);

-- What matters, in the same transaction as the act; each entry carries the hash
-- of the one before it. audit_head is the row that serialises writers.
CREATE TABLE audit (
	seq         BIGINT PRIMARY KEY,
	at_ms       BIGINT NOT NULL,
	actor_id    BIGINT NOT NULL, -- account; 0 is the system
	action      TEXT   NOT NULL,
	object_kind TEXT   NOT NULL,
	object_id   BIGINT NOT NULL,
	agency_id   BIGINT NOT NULL DEFAULT 0,
	detail      TEXT   NOT NULL, -- JSON, no NIP, no name
	prev_hash   TEXT   NOT NULL,
	hash        TEXT   NOT NULL
);
CREATE INDEX audit_object ON audit (object_kind, object_id);
CREATE INDEX audit_agency ON audit (agency_id, seq);

CREATE TABLE audit_head (
	id   INTEGER PRIMARY KEY CHECK (id = 1),
	seq  BIGINT  NOT NULL,
	hash TEXT    NOT NULL
);
INSERT INTO audit_head (id, seq, hash) VALUES (1, 0, '');
