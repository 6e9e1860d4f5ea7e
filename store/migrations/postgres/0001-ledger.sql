-- The lines of the ledger. A line is never changed; day and mark are sums over these lines.
-- Positions rise along the ledger of each person; a transaction that fails leaves a gap.
-- Texts compare by their bytes, so that an index does not hang on the host's locale.
CREATE SEQUENCE ledger_position;

CREATE TABLE posting (
    position BIGINT PRIMARY KEY,
    tenant TEXT COLLATE "C" NOT NULL,
    shipment_id TEXT COLLATE "C" NOT NULL,
    kind SMALLINT NOT NULL,         -- 0 reserve, 1 post, 2 void, 3 move, 4 amend
    sign SMALLINT NOT NULL,         -- what it does to the day: +1, 0 or -1 times its amounts
    person BYTEA NOT NULL,          -- keyed hash
    day INTEGER NOT NULL,           -- days since 1970-01-01
    arrives_at BIGINT NOT NULL,     -- seconds of UTC since 1970
    filed_at BIGINT,
    order_mark BIGINT,              -- hashes of the ids of order and master bill
    bill_mark BIGINT,
    value_cents BIGINT NOT NULL,
    counted SMALLINT,               -- the total it entered, and the one it could have entered
    could_count SMALLINT,
    crossed SMALLINT NOT NULL,      -- bits: the totals whose limit it crossed
    undecided SMALLINT              -- 0 priced, 1 unpriced
);

CREATE FUNCTION posting_stays() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'a posting is never changed or removed'; END $$;
CREATE TRIGGER posting_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON posting
    FOR EACH STATEMENT EXECUTE FUNCTION posting_stays();

-- Each parcel as it stands, with its claim and the answer to it.
CREATE TABLE shipment (
    tenant TEXT COLLATE "C" NOT NULL,
    shipment_id TEXT COLLATE "C" NOT NULL,
    state SMALLINT NOT NULL,        -- 0 reserved, 1 posted, 2 voided
    person BYTEA NOT NULL,
    day INTEGER NOT NULL,
    arrives_at BIGINT NOT NULL,
    filed_at BIGINT,
    order_mark BIGINT,
    bill_mark BIGINT,
    value_cents BIGINT NOT NULL,
    counted SMALLINT,
    could_count SMALLINT,
    crossed SMALLINT NOT NULL,
    undecided SMALLINT,
    body_hash BYTEA NOT NULL,
    answer BYTEA NOT NULL,
    position BIGINT NOT NULL,       -- of its claim
    PRIMARY KEY (tenant, shipment_id)
);

-- What happened to a parcel after its claim, once for each event.
CREATE TABLE event (
    tenant TEXT COLLATE "C" NOT NULL,
    shipment_id TEXT COLLATE "C" NOT NULL,
    event_id TEXT COLLATE "C" NOT NULL,
    body_hash BYTEA NOT NULL,
    answer BYTEA NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (tenant, shipment_id, event_id)
);

-- What each person's day holds, as packed sums.
CREATE TABLE person_day (
    tenant TEXT COLLATE "C" NOT NULL,
    person BYTEA NOT NULL,
    day INTEGER NOT NULL,
    holds BYTEA NOT NULL,
    PRIMARY KEY (tenant, person, day)
);

-- What a person's parcels of one order or one master bill come to, for each day.
CREATE TABLE person_mark (
    tenant TEXT COLLATE "C" NOT NULL,
    person BYTEA NOT NULL,
    kind SMALLINT NOT NULL,         -- 0 order, 1 master bill
    mark BIGINT NOT NULL,
    day INTEGER NOT NULL,
    shipments BIGINT NOT NULL,
    total_cents BIGINT NOT NULL,
    PRIMARY KEY (tenant, person, kind, mark, day)
);
