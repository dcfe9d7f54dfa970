-- Agencies (instansi), their unit trees and the people in them. Units are
-- keyed by id or full path, never by name: one province has 546 "Fungsional".
CREATE TABLE agency (
	id         BIGINT  PRIMARY KEY,
	code       TEXT    NOT NULL UNIQUE,
	name       TEXT    NOT NULL,
	short_name TEXT    NOT NULL,
	kind       TEXT    NOT NULL CHECK (kind IN ('province', 'regency', 'city', 'ministry', 'other')),
	zone       TEXT    NOT NULL DEFAULT 'WIB' CHECK (zone IN ('WIB', 'WITA', 'WIT')),
	active     BOOLEAN NOT NULL DEFAULT TRUE,
	created_ms BIGINT  NOT NULL
);

CREATE TABLE unit (
	id          BIGINT  PRIMARY KEY,
	agency_id   BIGINT  NOT NULL REFERENCES agency (id),
	parent_id   BIGINT  REFERENCES unit (id),
	opd_id      BIGINT  REFERENCES unit (id), -- the level-1 ancestor; itself at level 1 it is its own id
	external_id TEXT    NOT NULL DEFAULT '',   -- UNOR ID of SIASN, where the source has one
	path        TEXT    NOT NULL,              -- "Dinas Pendidikan / Bidang SMA"
	name        TEXT    NOT NULL,
	level       INTEGER NOT NULL CHECK (level >= 1),
	hidden      BOOLEAN NOT NULL DEFAULT FALSE,
	created_ms  BIGINT  NOT NULL,
	CONSTRAINT unit_path_once UNIQUE (agency_id, path),
	CONSTRAINT unit_in_agency UNIQUE (agency_id, id)
);
CREATE INDEX unit_parent ON unit (parent_id);
CREATE UNIQUE INDEX unit_external ON unit (agency_id, external_id) WHERE external_id <> '';

-- A person is a surrogate id; the NIP is an attribute with a history, because a
-- PPPK who moves or becomes PNS gets a new number.
CREATE TABLE person (
	id              BIGINT  PRIMARY KEY,
	agency_id       BIGINT  NOT NULL REFERENCES agency (id),
	unit_id         BIGINT,
	nip             TEXT    UNIQUE CHECK (nip IS NULL OR length(nip) = 18),
	participant_no  TEXT    UNIQUE,            -- for people without a NIP
	kind            TEXT    NOT NULL CHECK (kind IN ('PNS', 'CPNS', 'PPPK', 'PPPK_PW', 'NON_ASN')),
	name            TEXT    NOT NULL CHECK (name <> ''),
	title_front     TEXT    NOT NULL DEFAULT '',
	title_back      TEXT    NOT NULL DEFAULT '',
	sex             TEXT    NOT NULL DEFAULT '' CHECK (sex IN ('', 'M', 'F')),
	birth_date      TEXT    NOT NULL DEFAULT '', -- yyyy-mm-dd
	grade           TEXT    NOT NULL DEFAULT '', -- golongan: "III/c", "IX"
	position        TEXT    NOT NULL DEFAULT '', -- jabatan
	position_kind   TEXT    NOT NULL DEFAULT '', -- jenis jabatan
	legal_status    TEXT    NOT NULL DEFAULT '', -- kedudukan hukum id
	email           TEXT    NOT NULL DEFAULT '',
	phone           TEXT    NOT NULL DEFAULT '',
	time_factor_pct INTEGER NOT NULL DEFAULT 100 CHECK (time_factor_pct BETWEEN 100 AND 400),
	active          BOOLEAN NOT NULL DEFAULT TRUE,
	created_ms      BIGINT  NOT NULL,
	updated_ms      BIGINT  NOT NULL,
	CONSTRAINT person_named CHECK (nip IS NOT NULL OR participant_no IS NOT NULL),
	FOREIGN KEY (agency_id, unit_id) REFERENCES unit (agency_id, id)
);
CREATE INDEX person_agency ON person (agency_id, unit_id);

CREATE TABLE person_nip (
	nip       TEXT   PRIMARY KEY,
	person_id BIGINT NOT NULL REFERENCES person (id),
	since_ms  BIGINT NOT NULL
);
CREATE INDEX person_nip_person ON person_nip (person_id);
