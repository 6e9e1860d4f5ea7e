-- The lines of the ledger. A line is never changed; day and mark are sums over these lines.
CREATE TABLE posting (
    position INTEGER PRIMARY KEY,
    tenant TEXT NOT NULL,
    shipment_id TEXT NOT NULL,
    kind INTEGER NOT NULL,          -- 0 reserve, 1 post, 2 void, 3 move, 4 amend
    sign INTEGER NOT NULL,          -- what it does to the day: +1, 0 or -1 times its amounts
    person BLOB NOT NULL,           -- keyed hash
    day INTEGER NOT NULL,           -- days since 1970-01-01
    arrives_at INTEGER NOT NULL,    -- seconds of UTC since 1970
    filed_at INTEGER,
    order_mark INTEGER,             -- hashes of the ids of order and master bill
    bill_mark INTEGER,
    value_cents INTEGER NOT NULL,
    counted INTEGER,                -- the total it entered, and the one it could have entered
    could_count INTEGER,
    crossed INTEGER NOT NULL,       -- bits: the totals whose limit it crossed
    undecided INTEGER               -- 0 priced, 1 unpriced
) STRICT;

CREATE TRIGGER posting_is_never_changed BEFORE UPDATE ON posting
BEGIN SELECT RAISE(ABORT, 'a posting is never changed'); END;
CREATE TRIGGER posting_is_never_removed BEFORE DELETE ON posting
BEGIN SELECT RAISE(ABORT, 'a posting is never removed'); END;

-- Each parcel as it stands, with its claim and the answer to it. The rows lie in the order of
-- their claims and the key is an index, so that long answers do not spread the key over pages.
CREATE TABLE shipment (
    tenant TEXT NOT NULL,
    shipment_id TEXT NOT NULL,
    state INTEGER NOT NULL,         -- 0 reserved, 1 posted, 2 voided
    person BLOB NOT NULL,
    day INTEGER NOT NULL,
    arrives_at INTEGER NOT NULL,
    filed_at INTEGER,
    order_mark INTEGER,
    bill_mark INTEGER,
    value_cents INTEGER NOT NULL,
    counted INTEGER,
    could_count INTEGER,
    crossed INTEGER NOT NULL,
    undecided INTEGER,
    body_hash BLOB NOT NULL,
    answer BLOB NOT NULL,
    position INTEGER NOT NULL,      -- of its claim
    PRIMARY KEY (tenant, shipment_id)
) STRICT;

-- What happened to a parcel after its claim, once for each event.
CREATE TABLE event (
    tenant TEXT NOT NULL,
    shipment_id TEXT NOT NULL,
    event_id TEXT NOT NULL,
    body_hash BLOB NOT NULL,
    answer BLOB NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (tenant, shipment_id, event_id)
) STRICT;

-- What each person's day holds, as packed sums.
CREATE TABLE person_day (
    tenant TEXT NOT NULL,
    person BLOB NOT NULL,
    day INTEGER NOT NULL,
    holds BLOB NOT NULL,
    PRIMARY KEY (tenant, person, day)
) STRICT, WITHOUT ROWID;

-- What a person's parcels of one order or one master bill come to, for each day.
CREATE TABLE person_mark (
    tenant TEXT NOT NULL,
    person BLOB NOT NULL,
    kind INTEGER NOT NULL,          -- 0 order, 1 master bill
    mark INTEGER NOT NULL,
    day INTEGER NOT NULL,
    shipments INTEGER NOT NULL,
    total_cents INTEGER NOT NULL,
    PRIMARY KEY (tenant, person, kind, mark, day)
) STRICT, WITHOUT ROWID;
