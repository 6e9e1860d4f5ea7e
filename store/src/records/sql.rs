//! Texts of SQL that both stores take. Places are `$1`, `$2` in the order of their first use: SQLite
//! numbers them so.

/// The columns of a record and of what is sealed of it, as both stores read them.
pub(crate) const RECORD: &str = "r.position, r.tenant, r.shipment_id, r.event_id, r.kept_until,
    r.lost, r.commitments, r.public, s.person, s.sealed";

/// Lines of the log with their records; [`RECORD`] comes first, then seq, position, leaf, chain.
pub(crate) fn lines(rest: &str) -> String {
    format!(
        "SELECT {RECORD}, l.seq, l.position, l.leaf, l.chain FROM record_log l
        LEFT JOIN record r ON r.position = l.position
        LEFT JOIN record_sealed s ON s.position = r.position AND s.tenant = r.tenant
        {rest}"
    )
}

/// The same of one parcel, of the tenant `$1` with the id `$2`, and behind them the chain of the
/// line before.
pub(crate) fn lines_of_parcel() -> String {
    format!(
        "SELECT {RECORD}, l.seq, l.position, l.leaf, l.chain, b.chain FROM record_log l
        LEFT JOIN record_log b ON b.seq = l.seq - 1
        LEFT JOIN record r ON r.position = l.position
        LEFT JOIN record_sealed s ON s.position = r.position AND s.tenant = r.tenant
        WHERE l.position IN ({OF_PARCEL}) ORDER BY l.seq"
    )
}

/// The positions of a parcel's claim and events: of a claim and of what is assessed again, those of
/// their records.
const OF_PARCEL: &str = "SELECT position FROM shipment WHERE tenant = $1 AND shipment_id = $2
    UNION SELECT position FROM event WHERE tenant = $1 AND shipment_id = $2";

/// What is sealed of a parcel, of the tenant `$1` with the id `$2`.
pub(crate) fn sealed_of_parcel() -> String {
    format!("SELECT position, person, sealed FROM record_sealed WHERE position IN ({OF_PARCEL})")
}

/// The leaves of the records of the tenant `$1` that were erased.
pub(crate) const ERASED_LEAVES: &str = "SELECT l.leaf FROM record r
    JOIN record_log l ON l.position = r.position
    WHERE r.tenant = $1 AND (r.lost & 1) <> 0 ORDER BY l.seq";

/// Every leaf whose record is in this ledger, with its position.
pub(crate) const LEAVES: &str = "SELECT position, leaf FROM record_log WHERE position IS NOT NULL";

/// What joins postings, records and what is sealed of them; each names the positions that have no
/// counterpart.
pub(crate) const UNMATCHED: [(&str, &str); 3] = [
    (
        "a posting without its record",
        "SELECT p.position FROM posting p
        LEFT JOIN record r ON r.position = p.position AND r.tenant = p.tenant
            AND r.shipment_id = p.shipment_id
        WHERE p.kind IN (0, 3, 4) AND p.sign = 1 AND r.position IS NULL
            AND p.position > (SELECT max(from_position) FROM record_start)",
    ),
    (
        "a record without its posting",
        "SELECT r.position FROM record r LEFT JOIN posting p ON p.position = r.position
        WHERE p.position IS NULL",
    ),
    (
        "sealed fields without a record",
        "SELECT s.position FROM record_sealed s LEFT JOIN record r ON r.position = s.position
        WHERE r.position IS NULL",
    ),
];
