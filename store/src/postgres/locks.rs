//! The locks of a PostgreSQL ledger: what they are called and how they are asked for.

use crate::postgres::together::Ask;
use crate::rows::{DayKey, ShipmentKey};
use sha2::{Digest, Sha256};

/// The lock of whoever changes the schema; no parcel and no person has it but by chance.
pub(super) const SCHEMA: i64 = 0x6465_6d69_6e69_6d69;
/// The lock of whoever adds to the record log.
pub(super) const LOG: i64 = 0x6465_6d69_6e69_6d6a;
/// Shared by all groups; whoever changes who is who has it alone.
pub(super) const PERSONS: i64 = 0x6465_6d69_6e69_6d6b;

/// Who is who stays as it is until the end of the transaction.
pub(super) fn ask_persons_shared() -> Ask<'static> {
    Ask::new("SELECT pg_advisory_xact_lock_shared($1)").with(PERSONS)
}

/// Nobody else does anything until the end of the transaction.
pub(super) fn ask_persons_alone() -> Ask<'static> {
    Ask::new("SELECT pg_advisory_xact_lock($1)").with(PERSONS)
}

/// Locks that a transaction takes until its end, each once and in rising order.
pub(super) fn ask_locks(keys: impl Iterator<Item = i64>) -> Ask<'static> {
    let mut keys: Vec<i64> = keys.collect();
    keys.sort_unstable();
    keys.dedup();
    Ask::new("SELECT pg_advisory_xact_lock(key) FROM unnest($1::bigint[]) AS keys (key)").with(keys)
}

/// Locks of parcels are below zero and those of persons are not, so that the two kinds never meet
/// and parcels come before persons.
pub(super) fn of_parcel(key: &ShipmentKey) -> i64 {
    number(&key.tenant, key.shipment_id.as_bytes()) | i64::MIN
}

/// One lock for all days of a person: an order can span several.
pub(super) fn of_person(key: &DayKey) -> i64 {
    number(&key.tenant, &key.person.0) & i64::MAX
}

/// Two keys with one number wait for each other without need, and nothing else.
fn number(tenant: &str, id: &[u8]) -> i64 {
    let mut hash = Sha256::new();
    // No id holds a zero byte where it would matter: the tenant ends at the first.
    hash.update(tenant.as_bytes());
    hash.update([0]);
    hash.update(id);
    let digest = hash.finalize();
    digest
        .first_chunk()
        .map_or(0, |first| i64::from_le_bytes(*first))
}
