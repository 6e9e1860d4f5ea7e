-- Keys that a person said are another's: later parcels of the key go to that one. Of several in a
-- row the last counts.
CREATE TABLE person_alias (
    tenant TEXT COLLATE "C" NOT NULL,
    person BYTEA NOT NULL,
    into_person BYTEA NOT NULL,
    PRIMARY KEY (tenant, person)
);
CREATE INDEX person_alias_into ON person_alias (tenant, into_person);

-- Merges and splits, once for each event. In `posting` they are the kinds 5 and 6.
CREATE TABLE person_event (
    tenant TEXT COLLATE "C" NOT NULL,
    event_id TEXT COLLATE "C" NOT NULL,
    body_hash BYTEA NOT NULL,
    answer BYTEA NOT NULL,           -- the days that it changed
    position BIGINT NOT NULL,      -- of its last posting, 0 if it has none
    PRIMARY KEY (tenant, event_id)
);

-- The parcels of a person, for a merge; and of a person's day.
CREATE INDEX shipment_of_person ON shipment (tenant, person, day);
