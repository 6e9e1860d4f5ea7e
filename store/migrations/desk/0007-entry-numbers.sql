-- Entry numbers that are in use. Moments are seconds of UTC since 1970.
CREATE TABLE entry_number (
    filer TEXT NOT NULL,
    -- The number between filer code and check digit.
    serial BIGINT NOT NULL,
    tenant TEXT NOT NULL,
    shipment_id TEXT NOT NULL,
    -- 1 where the parcel was given it, 0 where it brought it along.
    given BIGINT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (filer, serial)
);
CREATE INDEX entry_number_of ON entry_number (tenant, shipment_id);
-- The next number of each range, which is known by its first.
CREATE TABLE entry_range (
    filer TEXT NOT NULL,
    first BIGINT NOT NULL,
    next BIGINT NOT NULL,
    PRIMARY KEY (filer, first)
);
