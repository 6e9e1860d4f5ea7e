-- Keys that a person said are two persons, the lesser first. It holds until they are merged.
CREATE TABLE person_apart (
    tenant TEXT NOT NULL,
    person BLOB NOT NULL,
    other BLOB NOT NULL,
    PRIMARY KEY (tenant, person, other)
) STRICT, WITHOUT ROWID;
