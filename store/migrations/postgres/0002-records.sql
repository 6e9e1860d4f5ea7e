-- What was kept of each decision, written with its posting. Postings up to `from_position` are
-- from before there were records.
CREATE TABLE record_start (from_position BIGINT NOT NULL);
INSERT INTO record_start SELECT coalesce(max(position), 0) FROM posting;

CREATE TABLE record (
    position BIGINT PRIMARY KEY,   -- of its posting
    tenant TEXT COLLATE "C" NOT NULL,
    shipment_id TEXT COLLATE "C" NOT NULL,
    event_id TEXT COLLATE "C",                  -- null for a claim
    kept_until INTEGER NOT NULL,    -- the last day on which values are kept
    lost SMALLINT NOT NULL,          -- bits: 1 erased, 2 expired
    commitments BYTEA NOT NULL,      -- paths and salted hashes of all fields
    public BYTEA                     -- salts and values of the public ones
);

-- Salts and values of personal fields, sealed under their person's key.
CREATE TABLE record_sealed (
    position BIGINT PRIMARY KEY,
    tenant TEXT COLLATE "C" NOT NULL,
    person BYTEA NOT NULL,
    sealed BYTEA NOT NULL
);
CREATE INDEX record_sealed_of_person ON record_sealed (tenant, person);

-- The key of each person, sealed under the installation's.
CREATE TABLE person_secret (
    tenant TEXT COLLATE "C" NOT NULL,
    person BYTEA NOT NULL,
    sealed BYTEA NOT NULL,
    PRIMARY KEY (tenant, person)
);

-- Keyed hashes by which a person is looked for.
CREATE TABLE person_blocking (
    tenant TEXT COLLATE "C" NOT NULL,
    blocking BYTEA NOT NULL,
    person BYTEA NOT NULL,
    PRIMARY KEY (tenant, blocking, person)
);
CREATE INDEX person_blocking_of_person ON person_blocking (tenant, person);

-- The log over the records, chained.
CREATE TABLE record_log (
    seq BIGINT PRIMARY KEY,
    position BIGINT UNIQUE,        -- null where the record is in another ledger
    leaf BYTEA NOT NULL,
    chain BYTEA NOT NULL             -- SHA-256 of the chain before and the leaf
);
CREATE FUNCTION record_log_stays() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'a line of the log is never changed or removed'; END $$;
CREATE TRIGGER record_log_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON record_log
    FOR EACH STATEMENT EXECUTE FUNCTION record_log_stays();

-- Records that are committed and not yet in the log: writers commit side by side, and whoever
-- holds the log's lock puts their records into it.
CREATE TABLE record_waiting (position BIGINT PRIMARY KEY);

CREATE TABLE tree_head (
    number BIGINT PRIMARY KEY,     -- in the order of signing
    log_id BYTEA NOT NULL,
    size BIGINT NOT NULL,
    root BYTEA NOT NULL,
    chain BYTEA NOT NULL,
    signed_at BIGINT NOT NULL,
    public_key BYTEA NOT NULL,
    signature BYTEA NOT NULL
);
