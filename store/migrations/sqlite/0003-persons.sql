-- Keys that a person said are another's: later parcels of the key go to that one. Of several in a
-- row the last counts.
CREATE TABLE person_alias (
    tenant TEXT NOT NULL,
    person BLOB NOT NULL,
    into_person BLOB NOT NULL,
    PRIMARY KEY (tenant, person)
) STRICT, WITHOUT ROWID;
CREATE INDEX person_alias_into ON person_alias (tenant, into_person);

-- Merges and splits, once for each event. In `posting` they are the kinds 5 and 6.
CREATE TABLE person_event (
    tenant TEXT NOT NULL,
    event_id TEXT NOT NULL,
    body_hash BLOB NOT NULL,
    answer BLOB NOT NULL,           -- the days that it changed
    position INTEGER NOT NULL,      -- of its last posting, 0 if it has none
    PRIMARY KEY (tenant, event_id)
) STRICT;

-- The parcels of a person, for a merge; and of a person's day.
CREATE INDEX shipment_of_person ON shipment (tenant, person, day);
