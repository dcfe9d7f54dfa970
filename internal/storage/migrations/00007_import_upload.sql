-- A file of questions between its check and its saving: what the user chose and
-- mended meanwhile. Rows are gone once saved, or after a day.
CREATE TABLE import_upload (
	id         BIGINT PRIMARY KEY,
	actor_id   BIGINT NOT NULL,
	file       TEXT   NOT NULL,
	content    BYTEA  NOT NULL,
	choices    TEXT   NOT NULL, -- JSON: format, aspect, indicator, columns, mended questions, questions left out
	created_ms BIGINT NOT NULL
);
CREATE INDEX import_upload_created ON import_upload (created_ms);
