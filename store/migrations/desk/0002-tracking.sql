-- Where parcels are. Moments are seconds of UTC since 1970; no column tells of a person.
CREATE TABLE track (
    tenant TEXT NOT NULL,
    shipment_id TEXT NOT NULL,
    -- The entry by which CBP's answers name it, without hyphens.
    entry_number TEXT,
    state TEXT NOT NULL,
    since BIGINT NOT NULL,
    -- What holds it, in a few words.
    held TEXT,
    -- The earliest deadline that is not met.
    due BIGINT,
    due_what TEXT,
    warehouse TEXT,
    crossing TEXT,
    PRIMARY KEY (tenant, shipment_id)
);
CREATE INDEX track_state ON track (tenant, state, shipment_id);
CREATE INDEX track_due ON track (tenant, due);
CREATE INDEX track_entry ON track (tenant, entry_number);
CREATE TABLE track_event (
    tenant TEXT NOT NULL,
    shipment_id TEXT NOT NULL,
    event_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    at BIGINT NOT NULL,
    received_at BIGINT NOT NULL,
    source TEXT NOT NULL,
    place TEXT,
    warehouse TEXT,
    crossing TEXT,
    hold TEXT,
    meets TEXT,
    note TEXT,
    PRIMARY KEY (tenant, shipment_id, event_id)
);
CREATE INDEX track_event_at ON track_event (tenant, at);
CREATE TABLE track_deadline (
    tenant TEXT NOT NULL,
    shipment_id TEXT NOT NULL,
    rule TEXT NOT NULL,
    what TEXT NOT NULL,
    due BIGINT NOT NULL,
    PRIMARY KEY (tenant, shipment_id, rule)
);
-- Up to which line the desk has followed the ledger.
CREATE TABLE followed (
    reader TEXT NOT NULL PRIMARY KEY,
    position BIGINT NOT NULL
);
