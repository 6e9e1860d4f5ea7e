//! Merges, splits and erasure: aliases, the parcels of a person, keys and blocking keys.

use crate::codec;
use crate::engine::Work;
use crate::error::{Refused, StoreError};
use crate::ledger::Request;
use crate::persons::{as_they_stand, named};
use crate::records::keep::{Secrets, reseal};
use crate::records::keys::{BlockingKey, Installation};
use crate::records::merkle::Hash;
use crate::records::rows::{ERASED, SealedRow};
use crate::records::sql::{ERASED_LEAVES, LEAVES, sealed_of_parcel};
use crate::records::types::Erased;
use crate::rows::{Done, ShipmentKey};
use crate::sqlite::records::{load_secret, save_secrets};
use crate::types::{Apart, PersonKey, PersonsAct};
use rusqlite::{Connection, OptionalExtension, Row, TransactionBehavior};
use std::collections::{BTreeSet, HashSet};

/// Loads whose parcels the named keys' are, and for a merge the parcels that can move.
pub(super) fn load(
    connection: &Connection,
    requests: &[Request],
    work: &mut Work,
    shipments: &mut Vec<ShipmentKey>,
) -> Result<(), StoreError> {
    for (tenant, person) in named(requests) {
        steps(connection, &tenant, person, |from, into| {
            work.aliases.add(&tenant, from, into);
        })?;
    }
    let [Request::Persons(event, act)] = requests else {
        return Ok(());
    };
    let id = (event.tenant.clone(), event.event_id.clone());
    let sql = "SELECT body_hash, position, answer FROM person_event
        WHERE tenant = ?1 AND event_id = ?2";
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query((&id.0, &id.1))?;
    if let Some(row) = rows.next()? {
        let done = Done {
            body_hash: codec::hash(row.get_ref(0)?.as_blob().unwrap_or_default())?,
            position: row.get(1)?,
            answer: row.get(2)?,
        };
        work.persons_done.insert(id, done);
        shipments.clear();
        return Ok(());
    }
    if let PersonsAct::Merge { from, .. } = act {
        let from = work.aliases.of(&event.tenant, *from);
        let sql = "SELECT shipment_id FROM shipment
            WHERE tenant = ?1 AND person = ?2 AND state <> 2";
        let mut statement = connection.prepare_cached(sql)?;
        let ids = statement.query_map((&event.tenant, from.0), |row| row.get(0))?;
        for id in ids {
            let id: String = id?;
            shipments.push(ShipmentKey::new(&event.tenant, &id));
        }
    }
    Ok(())
}

/// Tells each step from a key towards the one that its parcels go to.
fn steps(
    connection: &Connection,
    tenant: &str,
    person: PersonKey,
    mut tell: impl FnMut(PersonKey, PersonKey),
) -> Result<PersonKey, StoreError> {
    let sql = "SELECT into_person FROM person_alias WHERE tenant = ?1 AND person = ?2";
    let mut statement = connection.prepare_cached(sql)?;
    let (mut at, mut seen) = (person, Vec::new());
    while !seen.contains(&at) {
        seen.push(at);
        let next: Option<Vec<u8>> = statement
            .query_row((tenant, at.0), |row| row.get(0))
            .optional()?;
        let Some(next) = next else {
            return Ok(at);
        };
        let next = codec::person(&next)?;
        tell(at, next);
        at = next;
    }
    Err(codec::corrupt("merge of persons that goes in a circle"))
}

pub(super) fn person(
    connection: &Connection,
    tenant: &str,
    person: PersonKey,
) -> Result<PersonKey, StoreError> {
    steps(connection, tenant, person, |_, _| {})
}

pub(super) fn save(connection: &Connection, work: &Work) -> Result<(), StoreError> {
    let Some(id) = &work.new_persons_event else {
        return Ok(());
    };
    if let Some(done) = work.persons_done.get(id) {
        connection.execute(
            "INSERT INTO person_event (tenant, event_id, body_hash, answer, position)
            VALUES (?1, ?2, ?3, ?4, ?5)",
            (&id.0, &id.1, done.body_hash, &done.answer, done.position),
        )?;
    }
    for (tenant, person) in &work.left {
        let sql = "DELETE FROM person_blocking WHERE tenant = ?1 AND person = ?2";
        connection.execute(sql, (tenant, person.0))?;
    }
    if let Some((tenant, one, other)) = &work.new_apart {
        let sql = "INSERT INTO person_apart (tenant, person, other) VALUES (?1, ?2, ?3)
            ON CONFLICT DO NOTHING";
        connection.execute(sql, (tenant, one.0, other.0))?;
    }
    match &work.changed_alias {
        Some((tenant, from, Some(into))) => {
            // What was said of the two is said no more.
            for one in all_keys(connection, tenant, *from)? {
                for other in all_keys(connection, tenant, *into)? {
                    let sql = "DELETE FROM person_apart
                        WHERE tenant = ?1 AND person = ?2 AND other = ?3";
                    let pair = (tenant, one.min(other).0, one.max(other).0);
                    connection.prepare_cached(sql)?.execute(pair)?;
                }
            }
            connection.execute(
                "INSERT INTO person_alias (tenant, person, into_person) VALUES (?1, ?2, ?3)",
                (tenant, from.0, into.0),
            )?
        }
        Some((tenant, to, None)) => connection.execute(
            "DELETE FROM person_alias WHERE tenant = ?1 AND person = ?2",
            (tenant, to.0),
        )?,
        None => 0,
    };
    Ok(())
}

/// The pairs of persons who were said to be two.
pub(super) fn apart(connection: &Connection, tenant: &str) -> Result<Vec<Apart>, StoreError> {
    let sql = "SELECT person, other FROM person_apart WHERE tenant = ?1";
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query([tenant])?;
    let mut said = Vec::new();
    while let Some(row) = rows.next()? {
        let key = |at| codec::person(row.get_ref(at)?.as_blob().unwrap_or_default());
        said.push((key(0)?, key(1)?));
    }
    as_they_stand(said, |of| all_keys(connection, tenant, of))
}

/// Seals what is kept of parcels that went to another person for that person, so that what is kept
/// of a parcel is always under the key of the person it counts for, and an erasure destroys its own
/// alone.
pub(super) fn hand_over_sealed(
    connection: &Connection,
    installation: Option<&Installation>,
    work: &Work,
    to: PersonKey,
) -> Result<(), StoreError> {
    let mut secrets = Secrets::default();
    for key in &work.changed_shipments {
        for (position, row) in sealed_rows(connection, key)? {
            if row.person == to {
                continue;
            }
            let (installation, tenant) = (installation.ok_or(Refused::NoKeys)?, &key.tenant);
            for person in [row.person, to] {
                load_secret(connection, installation, &mut secrets, tenant, person)?;
            }
            let row = reseal(installation, &mut secrets, tenant, position, &row, to)?;
            connection.execute(
                "UPDATE record_sealed SET person = ?2, sealed = ?3 WHERE position = ?1",
                (position, row.person.0, row.sealed),
            )?;
        }
    }
    save_secrets(connection, &mut secrets)
}

fn sealed_rows(
    connection: &Connection,
    key: &ShipmentKey,
) -> Result<Vec<(i64, SealedRow)>, StoreError> {
    let mut statement = connection.prepare_cached(&sealed_of_parcel())?;
    let mut rows = statement.query((&key.tenant, &key.shipment_id))?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let sealed = SealedRow {
            person: codec::person(row.get_ref(1)?.as_blob().unwrap_or_default())?,
            sealed: row.get(2)?,
        };
        found.push((row.get(0)?, sealed));
    }
    Ok(found)
}

/// The end of a person's merges and all keys that lead there.
fn all_keys(
    connection: &Connection,
    tenant: &str,
    of: PersonKey,
) -> Result<Vec<PersonKey>, StoreError> {
    let mut keys = vec![person(connection, tenant, of)?];
    let sql = "SELECT person FROM person_alias WHERE tenant = ?1 AND into_person = ?2";
    let mut statement = connection.prepare_cached(sql)?;
    let mut at = 0;
    while let Some(into) = keys.get(at).copied() {
        at += 1;
        let read = |row: &Row<'_>| row.get::<_, Vec<u8>>(0);
        for from in statement.query_map((tenant, into.0), read)? {
            keys.push(codec::person(&from?)?);
        }
    }
    Ok(keys)
}

/// Destroys what is kept of a person. The bytes go from the file as well, and from its log.
pub(super) fn erase(
    connection: &mut Connection,
    tenant: &str,
    person: PersonKey,
) -> Result<Erased, StoreError> {
    let mut erased = Erased::default();
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for key in all_keys(&transaction, tenant, person)? {
        let whose = (tenant, key.0);
        let run = |sql: &str| -> Result<u64, StoreError> {
            let count = transaction.prepare_cached(sql)?.execute(whose)?;
            Ok(count as u64)
        };
        run(&format!(
            "UPDATE record SET lost = lost | {ERASED} WHERE position IN
            (SELECT position FROM record_sealed WHERE tenant = ?1 AND person = ?2)"
        ))?;
        erased.records += run("DELETE FROM record_sealed WHERE tenant = ?1 AND person = ?2")?;
        erased.keys += run("DELETE FROM person_secret WHERE tenant = ?1 AND person = ?2")?;
        erased.blocking_keys +=
            run("DELETE FROM person_blocking WHERE tenant = ?1 AND person = ?2")?;
    }
    transaction.commit()?;
    forget(connection)?;
    Ok(erased)
}

/// The leaves of a tenant's records that were erased.
pub(super) fn erased(connection: &Connection, tenant: &str) -> Result<Vec<Hash>, StoreError> {
    let mut statement = connection.prepare_cached(ERASED_LEAVES)?;
    let rows = statement.query_map([tenant], |row| row.get::<_, Vec<u8>>(0))?;
    rows.map(|leaf| codec::hash(&leaf?)).collect()
}

/// Destroys what is kept of records with these leaves, as their erasure did in the ledger that they
/// were copied from, and the keys and blocking keys of persons who have nothing else.
pub(super) fn erase_again(connection: &Connection, leaves: &[Hash]) -> Result<(), StoreError> {
    let leaves: HashSet<&Hash> = leaves.iter().collect();
    let mut statement = connection.prepare(LEAVES)?;
    let mut rows = statement.query([])?;
    let mut gone = Vec::new();
    while let Some(row) = rows.next()? {
        let leaf = codec::hash(row.get_ref(1)?.as_blob().unwrap_or_default())?;
        if leaves.contains(&leaf) {
            gone.push(row.get::<_, i64>(0)?);
        }
    }
    let mut whose: BTreeSet<(String, Vec<u8>)> = BTreeSet::new();
    for position in gone {
        let sql = "DELETE FROM record_sealed WHERE position = ?1 RETURNING tenant, person";
        let read = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?));
        let owner = connection.prepare_cached(sql)?.query_row([position], read);
        if let Some(owner) = owner.optional()? {
            whose.insert(owner);
            let sql = format!("UPDATE record SET lost = lost | {ERASED} WHERE position = ?1");
            connection.prepare_cached(&sql)?.execute([position])?;
        }
    }
    for owner in whose {
        for table in ["person_secret", "person_blocking"] {
            let sql = format!(
                "DELETE FROM {table} WHERE tenant = ?1 AND person = ?2 AND NOT EXISTS
                (SELECT 1 FROM record_sealed s WHERE s.tenant = ?1 AND s.person = ?2)"
            );
            connection
                .prepare_cached(&sql)?
                .execute((&owner.0, &owner.1))?;
        }
    }
    Ok(())
}

/// Moves all of the log into the file and cuts it, so that what was deleted is not in it either.
pub(super) fn forget(connection: &Connection) -> Result<(), StoreError> {
    let busy: i64 =
        connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
    if busy == 0 {
        return Ok(());
    }
    let text = "values are deleted, and a reader keeps their bytes in the -wal file; do it again";
    Err(StoreError::Failure(text.into()))
}

pub(super) fn block(
    connection: &mut Connection,
    tenant: &str,
    person: PersonKey,
    keys: &[BlockingKey],
) -> Result<(), StoreError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for key in keys {
        find_by(&transaction, tenant, *key, person)?;
    }
    Ok(transaction.commit()?)
}

/// Keeps a key by which a person is found.
pub(super) fn find_by(
    connection: &Connection,
    tenant: &str,
    key: BlockingKey,
    person: PersonKey,
) -> Result<(), StoreError> {
    let sql = "INSERT INTO person_blocking (tenant, blocking, person) VALUES (?1, ?2, ?3)
        ON CONFLICT DO NOTHING";
    let mut statement = connection.prepare_cached(sql)?;
    statement.execute((tenant, key.0, person.0))?;
    Ok(())
}

/// The persons that have one of these keys and had a parcel on this day.
pub(super) fn alike_on(
    connection: &Connection,
    tenant: &str,
    day: i32,
    keys: &[BlockingKey],
    most: u32,
) -> Result<Vec<(BlockingKey, PersonKey)>, StoreError> {
    let sql = "SELECT b.person FROM person_blocking b
        JOIN person_day d ON d.tenant = b.tenant AND d.person = b.person AND d.day = ?3
        WHERE b.tenant = ?1 AND b.blocking = ?2 ORDER BY b.person LIMIT ?4";
    let mut statement = connection.prepare_cached(sql)?;
    let mut found = Vec::new();
    for key in keys {
        let mut rows = statement.query((tenant, key.0, day, most))?;
        while let Some(row) = rows.next()? {
            let person = codec::person(row.get_ref(0)?.as_blob().unwrap_or_default())?;
            found.push((*key, person));
        }
    }
    Ok(found)
}

pub(super) fn blocked(
    connection: &Connection,
    tenant: &str,
    key: BlockingKey,
) -> Result<Vec<PersonKey>, StoreError> {
    let sql = "SELECT person FROM person_blocking WHERE tenant = ?1 AND blocking = ?2
        ORDER BY person";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map((tenant, key.0), |row| row.get::<_, Vec<u8>>(0))?;
    rows.map(|row| codec::person(&row?)).collect()
}
