-- Files of parcels that are worked off in the background. Moments are seconds of UTC since 1970.
CREATE TABLE batch (
    seq BIGSERIAL PRIMARY KEY,
    batch_id TEXT NOT NULL UNIQUE,
    tenant TEXT NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    format TEXT NOT NULL,
    preset TEXT NOT NULL,
    ignore_unknown BIGINT NOT NULL,
    bytes BIGINT NOT NULL,
    state TEXT NOT NULL,
    -- Counts up over all batches: whose turn was last is served last.
    turn BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    started_at BIGINT,
    ended_at BIGINT,
    failure TEXT NOT NULL,
    rows_read BIGINT NOT NULL,
    parcels_read BIGINT NOT NULL,
    parcels_refused BIGINT NOT NULL,
    parcels_done BIGINT NOT NULL,
    outcome_free BIGINT NOT NULL,
    outcome_entry_required BIGINT NOT NULL,
    outcome_prohibited BIGINT NOT NULL,
    outcome_needs_person BIGINT NOT NULL,
    entered BIGINT NOT NULL,
    answered_before BIGINT NOT NULL
);
CREATE INDEX batch_of ON batch (tenant, seq);
CREATE INDEX batch_state ON batch (state, seq);
CREATE INDEX batch_turn ON batch (tenant, turn);
