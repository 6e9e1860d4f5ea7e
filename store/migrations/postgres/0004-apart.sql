-- Keys that a person said are two persons, the lesser first. It holds until they are merged.
CREATE TABLE person_apart (
    tenant TEXT COLLATE "C" NOT NULL,
    person BYTEA NOT NULL,
    other BYTEA NOT NULL,
    PRIMARY KEY (tenant, person, other)
);
