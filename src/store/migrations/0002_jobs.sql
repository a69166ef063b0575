-- Work that was accepted and must be done once. `owner`, `lease_until` and
-- `attempts` say who works on it, until when, and for which time.
CREATE TABLE jobs (
    id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    request TEXT NOT NULL,
    request_hash TEXT NOT NULL,
    idempotency_key TEXT UNIQUE,
    state TEXT NOT NULL,
    owner TEXT,
    lease_until BIGINT NOT NULL DEFAULT 0,
    attempts BIGINT NOT NULL DEFAULT 0,
    segments_total BIGINT NOT NULL DEFAULT 0,
    segments_done BIGINT NOT NULL DEFAULT 0,
    result TEXT,
    error_code TEXT,
    error_detail TEXT,
    created BIGINT NOT NULL,
    started BIGINT,
    finished BIGINT,
    webhook TEXT,
    webhook_state TEXT,
    webhook_attempts BIGINT NOT NULL DEFAULT 0,
    webhook_next BIGINT NOT NULL DEFAULT 0
);

CREATE INDEX jobs_state ON jobs (state, created);
CREATE INDEX jobs_webhook ON jobs (webhook_state, webhook_next);
