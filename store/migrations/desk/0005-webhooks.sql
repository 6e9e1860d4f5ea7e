-- Who is told of what, and what is still to be told. Moments are seconds of UTC since 1970.
CREATE TABLE webhook (
    webhook_id TEXT NOT NULL PRIMARY KEY,
    tenant TEXT NOT NULL,
    address TEXT NOT NULL,
    -- Names of events between blanks, one before the first and one after the last too.
    events TEXT NOT NULL,
    -- The secret, sealed under a key of the installation.
    sealed BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    -- The last line of the ledger when it was made: of those before it is not told.
    since BIGINT NOT NULL,
    -- The last line of the ledger of which it was told, or will be by a delivery.
    position BIGINT NOT NULL
);
CREATE INDEX webhook_of ON webhook (tenant, created_at);
CREATE TABLE delivery (
    seq BIGSERIAL PRIMARY KEY,
    webhook_id TEXT NOT NULL REFERENCES webhook,
    event_id TEXT NOT NULL,
    event TEXT NOT NULL,
    body TEXT NOT NULL,
    state TEXT NOT NULL,
    tries BIGINT NOT NULL,
    next_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    last_at BIGINT,
    last_said TEXT NOT NULL,
    UNIQUE (webhook_id, event_id)
);
CREATE INDEX delivery_due ON delivery (state, next_at);
CREATE INDEX delivery_of ON delivery (webhook_id, seq);
CREATE INDEX delivery_age ON delivery (created_at);
