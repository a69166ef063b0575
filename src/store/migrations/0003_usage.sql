-- What each key had translated in a month (2026-11), and whose a job is. The name
-- is empty where there are no keys.
CREATE TABLE usage (
    name TEXT NOT NULL,
    month TEXT NOT NULL,
    characters BIGINT NOT NULL DEFAULT 0,
    requests BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (name, month)
);

ALTER TABLE jobs ADD COLUMN client TEXT NOT NULL DEFAULT '';
