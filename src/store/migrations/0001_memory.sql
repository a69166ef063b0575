-- Segments that were translated before and checked. One text for SQLite and
-- PostgreSQL: times are milliseconds since 1970, flags are 0 or 1.
CREATE TABLE memory (
    id TEXT NOT NULL PRIMARY KEY,
    source_hash TEXT NOT NULL,
    scope TEXT NOT NULL,
    source TEXT NOT NULL,
    target TEXT NOT NULL,
    draft TEXT,
    model TEXT NOT NULL,
    adapter TEXT NOT NULL,
    options TEXT NOT NULL,
    edited BIGINT NOT NULL DEFAULT 0,
    hits BIGINT NOT NULL DEFAULT 0,
    created BIGINT NOT NULL,
    updated BIGINT NOT NULL,
    checksum TEXT NOT NULL
);

CREATE INDEX memory_source ON memory (source_hash);
