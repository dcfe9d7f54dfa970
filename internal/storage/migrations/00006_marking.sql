-- Answers that people mark. A script is the answer of one position of a
-- submitted attempt; seq names the entry of the journal it is. agency_id is that
-- of the enrolment, so that the queue of a reviewer reads no person.
CREATE TABLE essay_script (
	id           BIGINT  PRIMARY KEY,
	enrolment_id BIGINT  NOT NULL,
	attempt_no   INTEGER NOT NULL,
	position     INTEGER NOT NULL CHECK (position >= 1),
	seq          BIGINT  NOT NULL,
	event_id     BIGINT  NOT NULL REFERENCES event (id),
	agency_id    BIGINT  NOT NULL REFERENCES agency (id),
	item_id      BIGINT  NOT NULL,
	rev          INTEGER NOT NULL,
	stage        TEXT    NOT NULL CHECK (stage IN ('first', 'second', 'third', 'decided')), -- the mark it waits for
	claimed_by   BIGINT  NOT NULL DEFAULT 0, -- account that has it on its screen
	claimed_ms   BIGINT  NOT NULL DEFAULT 0,
	created_ms   BIGINT  NOT NULL,
	CONSTRAINT essay_script_once UNIQUE (enrolment_id, attempt_no, position),
	FOREIGN KEY (enrolment_id, attempt_no) REFERENCES attempt (enrolment_id, attempt_no),
	FOREIGN KEY (item_id, rev) REFERENCES item_revision (item_id, rev)
);
CREATE INDEX essay_script_queue ON essay_script (event_id, item_id, stage, id);

-- What markers gave. A correction is the next version of the same marker's
-- mark; nothing is overwritten. seq is the answer that was read: a mark for an
-- earlier answer counts no more.
CREATE TABLE essay_mark (
	script_id BIGINT  NOT NULL REFERENCES essay_script (id),
	seq       BIGINT  NOT NULL,
	marker_id BIGINT  NOT NULL REFERENCES account (id),
	version   INTEGER NOT NULL CHECK (version >= 1),
	place     INTEGER NOT NULL CHECK (place BETWEEN 1 AND 3), -- first, second or deciding mark
	points    TEXT    NOT NULL, -- JSON: the points of each criterion, in the rubric's order
	comment   TEXT    NOT NULL DEFAULT '',
	marked_ms BIGINT  NOT NULL,
	PRIMARY KEY (script_id, seq, marker_id, version)
);
-- Two markers never take the same place.
CREATE UNIQUE INDEX essay_mark_place ON essay_mark (script_id, seq, place, version);
