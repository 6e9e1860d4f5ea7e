-- What was kept of each decision, written with its posting. Postings up to `from_position` are
-- from before there were records.
CREATE TABLE record_start (from_position INTEGER NOT NULL) STRICT;
INSERT INTO record_start SELECT coalesce(max(position), 0) FROM posting;

CREATE TABLE record (
    position INTEGER PRIMARY KEY,   -- of its posting
    tenant TEXT NOT NULL,
    shipment_id TEXT NOT NULL,
    event_id TEXT,                  -- null for a claim
    kept_until INTEGER NOT NULL,    -- the last day on which values are kept
    lost INTEGER NOT NULL,          -- bits: 1 erased, 2 expired
    commitments BLOB NOT NULL,      -- paths and salted hashes of all fields
    public BLOB                     -- salts and values of the public ones
) STRICT;

-- Salts and values of personal fields, sealed under their person's key.
CREATE TABLE record_sealed (
    position INTEGER PRIMARY KEY,
    tenant TEXT NOT NULL,
    person BLOB NOT NULL,
    sealed BLOB NOT NULL
) STRICT;
CREATE INDEX record_sealed_of_person ON record_sealed (tenant, person);

-- The key of each person, sealed under the installation's.
CREATE TABLE person_secret (
    tenant TEXT NOT NULL,
    person BLOB NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (tenant, person)
) STRICT, WITHOUT ROWID;

-- Keyed hashes by which a person is looked for.
CREATE TABLE person_blocking (
    tenant TEXT NOT NULL,
    blocking BLOB NOT NULL,
    person BLOB NOT NULL,
    PRIMARY KEY (tenant, blocking, person)
) STRICT, WITHOUT ROWID;
CREATE INDEX person_blocking_of_person ON person_blocking (tenant, person);

-- The log over the records, chained.
CREATE TABLE record_log (
    seq INTEGER PRIMARY KEY,
    position INTEGER UNIQUE,        -- null where the record is in another ledger
    leaf BLOB NOT NULL,
    chain BLOB NOT NULL             -- SHA-256 of the chain before and the leaf
) STRICT;
CREATE TRIGGER record_log_is_never_changed BEFORE UPDATE ON record_log
BEGIN SELECT RAISE(ABORT, 'a line of the log is never changed'); END;
CREATE TRIGGER record_log_is_never_removed BEFORE DELETE ON record_log
BEGIN SELECT RAISE(ABORT, 'a line of the log is never removed'); END;

CREATE TABLE tree_head (
    number INTEGER PRIMARY KEY,     -- in the order of signing
    log_id BLOB NOT NULL,
    size INTEGER NOT NULL,
    root BLOB NOT NULL,
    chain BLOB NOT NULL,
    signed_at INTEGER NOT NULL,
    public_key BLOB NOT NULL,
    signature BLOB NOT NULL
) STRICT;
