-- What lists filter and sort by, of each item's latest revision: a list of
-- 100,000 items reads this narrow table and never the contents.
ALTER TABLE item ADD COLUMN status      TEXT    NOT NULL DEFAULT 'draft';
ALTER TABLE item ADD COLUMN type        TEXT    NOT NULL DEFAULT '';
ALTER TABLE item ADD COLUMN indicator   TEXT    NOT NULL DEFAULT '';
ALTER TABLE item ADD COLUMN level       TEXT    NOT NULL DEFAULT '';
ALTER TABLE item ADD COLUMN author_id   BIGINT  NOT NULL DEFAULT 0;
ALTER TABLE item ADD COLUMN lang        TEXT    NOT NULL DEFAULT '';    -- '' is Indonesian
ALTER TABLE item ADD COLUMN expires_on  TEXT    NOT NULL DEFAULT '';    -- yyyy-mm-dd
ALTER TABLE item ADD COLUMN cites       BOOLEAN NOT NULL DEFAULT FALSE; -- its key rests on a rule
ALTER TABLE item ADD COLUMN has_media   BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE item ADD COLUMN provenance  TEXT    NOT NULL DEFAULT '';
ALTER TABLE item ADD COLUMN checked_ms  BIGINT  NOT NULL DEFAULT 0;     -- when a person last wrote or approved it
ALTER TABLE item ADD COLUMN flagged_ms  BIGINT  NOT NULL DEFAULT 0;     -- when somebody noted a fault in it; 0 for none
ALTER TABLE item ADD COLUMN indexed_rev INTEGER NOT NULL DEFAULT 0;     -- the revision that search and comparison know

UPDATE item SET
	status     = (SELECT r.status FROM item_revision r WHERE r.item_id = item.id AND r.rev = item.latest_rev),
	type       = (SELECT r.type FROM item_revision r WHERE r.item_id = item.id AND r.rev = item.latest_rev),
	indicator  = (SELECT r.indicator FROM item_revision r WHERE r.item_id = item.id AND r.rev = item.latest_rev),
	level      = (SELECT r.level FROM item_revision r WHERE r.item_id = item.id AND r.rev = item.latest_rev),
	author_id  = (SELECT r.author_id FROM item_revision r WHERE r.item_id = item.id AND r.rev = item.latest_rev),
	expires_on = (SELECT r.expires_on FROM item_revision r WHERE r.item_id = item.id AND r.rev = item.latest_rev),
	cites      = (SELECT r.rule <> '' FROM item_revision r WHERE r.item_id = item.id AND r.rev = item.latest_rev),
	provenance = (SELECT r.provenance FROM item_revision r WHERE r.item_id = item.id AND r.rev = item.latest_rev),
	checked_ms = (SELECT coalesce(r.reviewed_ms, r.created_ms) FROM item_revision r WHERE r.item_id = item.id AND r.rev = item.latest_rev);

CREATE INDEX item_status ON item (status, code);
CREATE INDEX item_indicator ON item (indicator, code);
CREATE INDEX item_author ON item (author_id, code);
CREATE INDEX item_updated ON item (updated_ms, id);
CREATE INDEX item_expires ON item (expires_on, id) WHERE expires_on <> '';
CREATE INDEX item_flagged ON item (flagged_ms) WHERE flagged_ms > 0;
CREATE INDEX item_unindexed ON item (id) WHERE indexed_rev = 0;

-- Tags of the latest revision's content, and those given to the item as it is.
CREATE TABLE item_tag (
	tag     TEXT    NOT NULL,
	item_id BIGINT  NOT NULL REFERENCES item (id),
	own     BOOLEAN NOT NULL, -- given to the item, not part of its content
	PRIMARY KEY (tag, item_id)
);
CREATE INDEX item_tag_item ON item_tag (item_id);

-- The inverted index of the search. A posting holds the ids of many items at
-- once, so that an import of thousands writes each word once; gone takes items
-- out again. Postings of a word are read in the order of seq, the last wins.
-- The word is bytes, because the range of a prefix must not depend on a
-- server's collation.
CREATE TABLE item_term (
	term  BYTEA   NOT NULL,
	seq   BIGINT  NOT NULL,
	gone  BOOLEAN NOT NULL,
	items BYTEA   NOT NULL, -- ascending ids, each as its distance from the one before, in varints
	PRIMARY KEY (term, seq)
);

-- Near duplicates: stems that share a band of their signature are compared.
CREATE TABLE item_band (
	band    BIGINT NOT NULL,
	item_id BIGINT NOT NULL,
	PRIMARY KEY (band, item_id)
);

-- Files that items show, by the hash of their bytes: checked, decoded and
-- encoded anew before they come here, and never changed.
CREATE TABLE media (
	sha256     TEXT    PRIMARY KEY,
	mime       TEXT    NOT NULL,
	width      INTEGER NOT NULL DEFAULT 0,
	height     INTEGER NOT NULL DEFAULT 0,
	size       INTEGER NOT NULL,
	bytes      BYTEA   NOT NULL,
	created_by BIGINT  NOT NULL,
	created_ms BIGINT  NOT NULL
);

CREATE TABLE item_media (
	sha256  TEXT    NOT NULL REFERENCES media (sha256),
	item_id BIGINT  NOT NULL,
	rev     INTEGER NOT NULL,
	PRIMARY KEY (sha256, item_id, rev),
	FOREIGN KEY (item_id, rev) REFERENCES item_revision (item_id, rev)
);
CREATE INDEX item_media_item ON item_media (item_id, rev);

-- An import that saved something. It can be taken back for a day.
CREATE TABLE import_batch (
	id         BIGINT  PRIMARY KEY,
	file       TEXT    NOT NULL,
	format     TEXT    NOT NULL,
	sha256     TEXT    NOT NULL, -- of the file
	actor_id   BIGINT  NOT NULL,
	items      INTEGER NOT NULL,
	accepted   INTEGER NOT NULL,
	warned     INTEGER NOT NULL,
	rejected   INTEGER NOT NULL,
	created_ms BIGINT  NOT NULL,
	undone_ms  BIGINT,
	undone_by  BIGINT
);
CREATE INDEX import_batch_created ON import_batch (created_ms);

ALTER TABLE item_revision ADD COLUMN batch_id BIGINT REFERENCES import_batch (id);
CREATE INDEX item_revision_batch ON item_revision (batch_id) WHERE batch_id IS NOT NULL;
CREATE INDEX item_revision_shipped ON item_revision (item_id, rev) WHERE provenance = 'shipped';

-- The question as it stood in its file, compressed.
CREATE TABLE item_raw (
	item_id BIGINT  NOT NULL,
	rev     INTEGER NOT NULL,
	raw     BYTEA   NOT NULL, -- gzip
	PRIMARY KEY (item_id, rev),
	FOREIGN KEY (item_id, rev) REFERENCES item_revision (item_id, rev)
);

-- Who proposed the words of a revision approves it as little as its author.
ALTER TABLE item_revision ADD COLUMN suggested_by BIGINT
	CONSTRAINT item_revision_no_own_suggestion CHECK (suggested_by IS NULL OR reviewer_id IS NULL OR reviewer_id <> suggested_by);

-- The review form, and two more verdicts.
CREATE TABLE item_review_new (
	id              BIGINT  PRIMARY KEY,
	item_id         BIGINT  NOT NULL,
	rev             INTEGER NOT NULL,
	reviewer_id     BIGINT  NOT NULL,
	verdict         TEXT    NOT NULL CHECK (verdict IN ('submitted', 'approved', 'changes_wanted', 'retired', 'flagged', 'unflagged')),
	comment         TEXT    NOT NULL DEFAULT '',
	form            TEXT    NOT NULL DEFAULT '', -- JSON: materi, konstruksi, bahasa, each ok and note
	suggestion      TEXT    NOT NULL DEFAULT '', -- content that the reviewer proposes
	suggestion_hash TEXT    NOT NULL DEFAULT '',
	adopted_rev     INTEGER,                     -- the revision that took it over
	created_ms      BIGINT  NOT NULL,
	FOREIGN KEY (item_id, rev) REFERENCES item_revision (item_id, rev)
);
INSERT INTO item_review_new (id, item_id, rev, reviewer_id, verdict, comment, created_ms)
	SELECT id, item_id, rev, reviewer_id, verdict, comment, created_ms FROM item_review;
DROP TABLE item_review;
ALTER TABLE item_review_new RENAME TO item_review;
CREATE INDEX item_review_item ON item_review (item_id, rev);

CREATE INDEX event_pool_item ON event_pool (item_id);
