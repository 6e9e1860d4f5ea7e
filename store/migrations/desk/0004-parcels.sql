-- A list of the ledger's parcels for whoever looks for one: made of the ledger, and no part of it.
-- It holds nothing of a person.
CREATE TABLE parcel (
    tenant TEXT NOT NULL,
    shipment_id TEXT NOT NULL,
    position BIGINT NOT NULL,
    day BIGINT NOT NULL,
    state TEXT NOT NULL,
    outcome TEXT NOT NULL,
    entry_path TEXT NOT NULL,
    owed_cents BIGINT,
    PRIMARY KEY (tenant, shipment_id)
);
CREATE INDEX parcel_of ON parcel (tenant, position);
-- How far the ledger was read for it; one row.
CREATE TABLE parcel_read (
    one BIGINT NOT NULL PRIMARY KEY,
    position BIGINT NOT NULL
);
