-- Who set a setting and when. Moments are seconds of UTC since 1970.
ALTER TABLE setting ADD COLUMN set_by TEXT NOT NULL DEFAULT '';
ALTER TABLE setting ADD COLUMN set_at BIGINT NOT NULL DEFAULT 0;
-- Under the name that the configuration has for it.
UPDATE setting SET name = 'keep_batches_days' WHERE name = 'batches.keep_days';
-- Parcels that broke a rule of the house when they were entered, and which: JSON as it was answered.
CREATE TABLE house_policy (
    tenant TEXT NOT NULL,
    shipment_id TEXT NOT NULL,
    broken TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (tenant, shipment_id)
);
