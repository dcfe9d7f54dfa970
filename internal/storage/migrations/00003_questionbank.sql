CREATE TABLE indicator (
	code      TEXT    PRIMARY KEY,  -- "A1.4"
	aspect    INTEGER NOT NULL CHECK (aspect BETWEEN 1 AND 4),
	name      TEXT    NOT NULL,
	uri       TEXT    NOT NULL UNIQUE,
	digcomp   TEXT    NOT NULL,     -- "2.1 2.2", DigComp 2.2
	framework TEXT    NOT NULL,     -- version of the framework it belongs to
	position  INTEGER NOT NULL
);

-- Level schemes are versioned and never edited: a published result names one.
CREATE TABLE level_scheme (
	code       TEXT    NOT NULL,
	version    INTEGER NOT NULL,
	name       TEXT    NOT NULL,
	bands      TEXT    NOT NULL,    -- JSON: name, lower bound in hundredths, colour token, advice
	is_default BOOLEAN NOT NULL DEFAULT FALSE,
	created_ms BIGINT  NOT NULL,
	PRIMARY KEY (code, version)
);

CREATE TABLE item (
	id         BIGINT  PRIMARY KEY,
	code       TEXT    NOT NULL UNIQUE,
	aspect     INTEGER NOT NULL CHECK (aspect BETWEEN 1 AND 4),
	latest_rev INTEGER NOT NULL CHECK (latest_rev >= 1),
	live_rev   INTEGER,              -- the approved revision that new forms use
	created_by BIGINT  NOT NULL,
	created_ms BIGINT  NOT NULL,
	updated_ms BIGINT  NOT NULL
);
CREATE INDEX item_aspect ON item (aspect, code);

-- A revision's content never changes; only its status and review do. The last
-- constraint is the two-person rule: nothing becomes approved by its author,
-- and only the shipped bank is approved without a named reviewer.
CREATE TABLE item_revision (
	item_id      BIGINT  NOT NULL REFERENCES item (id),
	rev          INTEGER NOT NULL CHECK (rev >= 1),
	status       TEXT    NOT NULL CHECK (status IN ('draft', 'in_review', 'changes_wanted', 'approved', 'retired')),
	type         TEXT    NOT NULL CHECK (type IN ('single', 'multiple', 'truefalse', 'match', 'matrix', 'order', 'numeric', 'short', 'cloze', 'sjt', 'hotspot', 'essay', 'survey', 'info')),
	indicator    TEXT    NOT NULL REFERENCES indicator (code),
	level        TEXT    NOT NULL CHECK (level IN ('L1', 'L2', 'L3')),
	stem         TEXT    NOT NULL,   -- plain text of the stem, for lists and search
	content      TEXT    NOT NULL,   -- JSON, the canonical item model
	content_hash TEXT    NOT NULL,
	phone_ok     BOOLEAN NOT NULL,
	rule         TEXT    NOT NULL DEFAULT '',
	expires_on   TEXT    NOT NULL DEFAULT '', -- yyyy-mm-dd
	provenance   TEXT    NOT NULL CHECK (provenance IN ('authored', 'imported', 'shipped')),
	source       TEXT    NOT NULL DEFAULT '', -- JSON: file, place, importer
	author_id    BIGINT  NOT NULL,
	reviewer_id  BIGINT,
	reviewed_ms  BIGINT,
	created_ms   BIGINT  NOT NULL,
	PRIMARY KEY (item_id, rev),
	CONSTRAINT item_revision_two_people CHECK (
		status NOT IN ('approved', 'retired') OR provenance = 'shipped'
		OR (reviewer_id IS NOT NULL AND reviewer_id <> author_id) OR (status = 'retired' AND reviewer_id IS NULL))
);
CREATE INDEX item_revision_status ON item_revision (status, item_id);
CREATE INDEX item_revision_hash ON item_revision (content_hash);

CREATE TABLE item_review (
	id          BIGINT  PRIMARY KEY,
	item_id     BIGINT  NOT NULL,
	rev         INTEGER NOT NULL,
	reviewer_id BIGINT  NOT NULL,
	verdict     TEXT    NOT NULL CHECK (verdict IN ('submitted', 'approved', 'changes_wanted', 'retired')),
	comment     TEXT    NOT NULL DEFAULT '',
	created_ms  BIGINT  NOT NULL,
	FOREIGN KEY (item_id, rev) REFERENCES item_revision (item_id, rev)
);
CREATE INDEX item_review_item ON item_review (item_id, rev);
