//! Merges, splits and erasure: aliases, the parcels of a person, keys and blocking keys.

use crate::codec;
use crate::engine::Work;
use crate::error::{Refused, StoreError};
use crate::persons::{Aliases, as_they_stand};
use crate::postgres::load::query;
use crate::postgres::read::each_row;
use crate::postgres::records::{ask_save_secrets, load_secrets};
use crate::postgres::save::run;
use crate::postgres::together::Ask;
use crate::records::keep::{Secrets, Whose, reseal};
use crate::records::keys::{BlockingKey, Installation};
use crate::records::merkle::Hash;
use crate::records::rows::{ERASED, SealedRow};
use crate::records::sql::{ERASED_LEAVES, LEAVES, sealed_of_parcel};
use crate::records::types::Erased;
use crate::rows::{Done, ShipmentKey};
use crate::types::{Apart, PersonKey, PersonsAct, PersonsEvent};
use deadpool_postgres::{GenericClient, Transaction};
use std::collections::hash_map::Entry as MapEntry;
use std::collections::{HashMap, HashSet};
use tokio_postgres::Row;

/// Asks for the steps from these keys towards those that their parcels go to.
pub(super) fn ask_aliases(keys: &[Whose]) -> Ask<'_> {
    let tenants: Vec<&str> = keys.iter().map(|(tenant, _)| tenant.as_str()).collect();
    let persons: Vec<&[u8]> = keys.iter().map(|(_, person)| &person.0[..]).collect();
    // UNION drops a step that was taken before, so that it ends on any table.
    let sql = "WITH RECURSIVE step AS (
            SELECT a.tenant, a.person, a.into_person
            FROM unnest($1::text[], $2::bytea[]) AS k (tenant, person)
            JOIN person_alias a ON a.tenant = k.tenant AND a.person = k.person
            UNION SELECT a.tenant, a.person, a.into_person
            FROM step s JOIN person_alias a ON a.tenant = s.tenant AND a.person = s.into_person)
        SELECT tenant, person, into_person FROM step";
    Ask::new(sql).with(tenants).with(persons)
}

pub(super) fn read_aliases(rows: &[Row]) -> Result<Aliases, StoreError> {
    let mut aliases = Aliases::default();
    for row in rows {
        let tenant: &str = row.try_get(0)?;
        let from = codec::person(row.try_get(1)?)?;
        aliases.add(tenant, from, codec::person(row.try_get(2)?)?);
    }
    Ok(aliases)
}

pub(super) async fn aliases(
    client: &impl GenericClient,
    keys: &[Whose],
) -> Result<Aliases, StoreError> {
    read_aliases(&ask_aliases(keys).send(client).await?)
}

/// Loads whose parcels the named keys' are, and for a merge the parcels that can move.
pub(super) async fn load(
    client: &impl GenericClient,
    named: &[Whose],
    said: Option<&(PersonsEvent, PersonsAct)>,
    work: &mut Work,
    shipments: &mut Vec<ShipmentKey>,
) -> Result<(), StoreError> {
    work.aliases = aliases(client, named).await?;
    let Some((event, act)) = said else {
        return Ok(());
    };
    let sql = "SELECT body_hash, position, answer FROM person_event
        WHERE tenant = $1 AND event_id = $2";
    let found = query(client, sql, &[&event.tenant, &event.event_id]).await?;
    if let Some(row) = found.first() {
        let done = Done {
            body_hash: codec::hash(row.try_get(0)?)?,
            position: row.try_get(1)?,
            answer: row.try_get(2)?,
        };
        let id = (event.tenant.clone(), event.event_id.clone());
        work.persons_done.insert(id, done);
        shipments.clear();
        return Ok(());
    }
    if let PersonsAct::Merge { from, .. } = act {
        let from = work.aliases.of(&event.tenant, *from);
        let sql = "SELECT shipment_id FROM shipment
            WHERE tenant = $1 AND person = $2 AND state <> 2";
        for row in query(client, sql, &[&event.tenant, &&from.0[..]]).await? {
            shipments.push(ShipmentKey::new(&event.tenant, row.try_get(0)?));
        }
    }
    Ok(())
}

pub(super) async fn save(transaction: &impl GenericClient, work: &Work) -> Result<(), StoreError> {
    let Some(id) = &work.new_persons_event else {
        return Ok(());
    };
    if let Some(done) = work.persons_done.get(id) {
        let sql = "INSERT INTO person_event (tenant, event_id, body_hash, answer, position)
            VALUES ($1, $2, $3, $4, $5)";
        let hash = &done.body_hash[..];
        run(
            transaction,
            sql,
            &[&id.0, &id.1, &hash, &done.answer, &done.position],
        )
        .await?;
    }
    for (tenant, person) in &work.left {
        let sql = "DELETE FROM person_blocking WHERE tenant = $1 AND person = $2";
        run(transaction, sql, &[tenant, &&person.0[..]]).await?;
    }
    if let Some((tenant, one, other)) = &work.new_apart {
        let sql = "INSERT INTO person_apart (tenant, person, other) VALUES ($1, $2, $3)
            ON CONFLICT DO NOTHING";
        run(transaction, sql, &[tenant, &&one.0[..], &&other.0[..]]).await?;
    }
    match &work.changed_alias {
        Some((tenant, from, Some(into))) => {
            // What was said of the two is said no more.
            let (ones, others) = (
                all_keys(transaction, tenant, *from).await?,
                all_keys(transaction, tenant, *into).await?,
            );
            let bytes = |keys: &[PersonKey]| -> Vec<Vec<u8>> {
                keys.iter().map(|key| key.0.to_vec()).collect()
            };
            let sql = "DELETE FROM person_apart WHERE tenant = $1
                AND (person = ANY ($2::bytea[]) AND other = ANY ($3::bytea[])
                    OR person = ANY ($3::bytea[]) AND other = ANY ($2::bytea[]))";
            run(transaction, sql, &[tenant, &bytes(&ones), &bytes(&others)]).await?;
            let sql = "INSERT INTO person_alias (tenant, person, into_person) VALUES ($1, $2, $3)";
            run(transaction, sql, &[tenant, &&from.0[..], &&into.0[..]]).await
        }
        Some((tenant, to, None)) => {
            let sql = "DELETE FROM person_alias WHERE tenant = $1 AND person = $2";
            run(transaction, sql, &[tenant, &&to.0[..]]).await
        }
        None => Ok(()),
    }
}

/// The end of a person's merges, and all keys that lead there behind it.
async fn all_keys(
    client: &impl GenericClient,
    tenant: &str,
    of: PersonKey,
) -> Result<Vec<PersonKey>, StoreError> {
    let steps = aliases(client, &[(tenant.to_owned(), of)]).await?;
    let end = steps.of(tenant, of);
    let sql = "WITH RECURSIVE whole AS (SELECT $2::bytea AS person
            UNION SELECT a.person FROM whole w
            JOIN person_alias a ON a.tenant = $1 AND a.into_person = w.person)
        SELECT person FROM whole WHERE person <> $2";
    let mut keys = vec![end];
    for row in query(client, sql, &[&tenant, &&end.0[..]]).await? {
        keys.push(codec::person(row.try_get(0)?)?);
    }
    Ok(keys)
}

/// The pairs of persons who were said to be two.
pub(super) async fn apart(
    client: &impl GenericClient,
    tenant: &str,
) -> Result<Vec<Apart>, StoreError> {
    let sql = "SELECT person, other FROM person_apart WHERE tenant = $1";
    let (mut said, mut keys) = (Vec::new(), HashMap::new());
    for row in query(client, sql, &[&tenant]).await? {
        let pair = (
            codec::person(row.try_get(0)?)?,
            codec::person(row.try_get(1)?)?,
        );
        for one in [pair.0, pair.1] {
            if let MapEntry::Vacant(place) = keys.entry(one) {
                place.insert(all_keys(client, tenant, one).await?);
            }
        }
        said.push(pair);
    }
    as_they_stand(said, |of| Ok(keys.get(&of).cloned().unwrap_or_default()))
}

/// Seals what is kept of parcels that went to another person for that person, so that what is kept
/// of a parcel is always under the key of the person it counts for, and an erasure destroys its own
/// alone.
pub(super) async fn hand_over_sealed(
    transaction: &impl GenericClient,
    installation: Option<&Installation>,
    work: &Work,
    to: PersonKey,
) -> Result<(), StoreError> {
    let mut secrets = Secrets::default();
    for key in &work.changed_shipments {
        for (position, row) in sealed_rows(transaction, key).await? {
            if row.person == to {
                continue;
            }
            let (installation, tenant) = (installation.ok_or(Refused::NoKeys)?, &key.tenant);
            let whose = [row.person, to].map(|person| (tenant.clone(), person));
            load_secrets(transaction, installation, &mut secrets, &whose).await?;
            let row = reseal(installation, &mut secrets, tenant, position, &row, to)?;
            let sql = "UPDATE record_sealed SET person = $2, sealed = $3 WHERE position = $1";
            let person = &row.person.0[..];
            run(transaction, sql, &[&position, &person, &row.sealed]).await?;
        }
    }
    if let Some(ask) = ask_save_secrets(&secrets) {
        ask.send(transaction).await?;
    }
    Ok(())
}

async fn sealed_rows(
    client: &impl GenericClient,
    key: &ShipmentKey,
) -> Result<Vec<(i64, SealedRow)>, StoreError> {
    let mut found = Vec::new();
    for row in query(
        client,
        &sealed_of_parcel(),
        &[&key.tenant, &key.shipment_id],
    )
    .await?
    {
        let sealed = SealedRow {
            person: codec::person(row.try_get(1)?)?,
            sealed: row.try_get(2)?,
        };
        found.push((row.try_get(0)?, sealed));
    }
    Ok(found)
}

/// Destroys what is kept of a person. Whoever has the database's own files, its log or a backup
/// from before has what they hold.
pub(super) async fn erase(
    transaction: &Transaction<'_>,
    tenant: &str,
    person: PersonKey,
) -> Result<Erased, StoreError> {
    let keys = all_keys(transaction, tenant, person).await?;
    let keys: Vec<&[u8]> = keys.iter().map(|key| &key.0[..]).collect();
    let sql = format!(
        "UPDATE record SET lost = lost | {ERASED}::smallint WHERE position IN
        (SELECT position FROM record_sealed WHERE tenant = $1 AND person = ANY ($2::bytea[]))"
    );
    run(transaction, &sql, &[&tenant, &keys]).await?;
    let mut counts = [0; 3];
    let tables = ["record_sealed", "person_secret", "person_blocking"];
    for (count, table) in counts.iter_mut().zip(tables) {
        let sql = format!("DELETE FROM {table} WHERE tenant = $1 AND person = ANY ($2::bytea[])");
        let statement = transaction.prepare_cached(&sql).await?;
        *count = transaction.execute(&statement, &[&tenant, &keys]).await?;
    }
    let [records, keys, blocking_keys] = counts;
    Ok(Erased {
        keys,
        records,
        blocking_keys,
    })
}

/// The leaves of a tenant's records that were erased.
pub(super) async fn erased(
    client: &impl GenericClient,
    tenant: &str,
) -> Result<Vec<Hash>, StoreError> {
    let rows = query(client, ERASED_LEAVES, &[&tenant]).await?;
    rows.iter()
        .map(|row| codec::hash(row.try_get(0)?))
        .collect()
}

/// Destroys what is kept of records with these leaves, as their erasure did in the ledger that they
/// were copied from, and the keys and blocking keys of persons who have nothing else.
pub(super) async fn erase_again(
    transaction: &Transaction<'_>,
    leaves: &[Hash],
) -> Result<(), StoreError> {
    let leaves: HashSet<&Hash> = leaves.iter().collect();
    let mut gone: Vec<i64> = Vec::new();
    each_row(transaction, LEAVES, |row| {
        if leaves.contains(&codec::hash(row.try_get(1)?)?) {
            gone.push(row.try_get(0)?);
        }
        Ok(())
    })
    .await?;
    let sql = format!(
        "WITH gone AS (DELETE FROM record_sealed WHERE position = ANY ($1::bigint[])
            RETURNING position, tenant, person),
        marked AS (UPDATE record SET lost = lost | {ERASED}::smallint
            WHERE position IN (SELECT position FROM gone))
        SELECT DISTINCT tenant, person FROM gone"
    );
    for row in query(transaction, &sql, &[&gone]).await? {
        let (tenant, person): (&str, &[u8]) = (row.try_get(0)?, row.try_get(1)?);
        for table in ["person_secret", "person_blocking"] {
            let sql = format!(
                "DELETE FROM {table} WHERE tenant = $1 AND person = $2 AND NOT EXISTS
                (SELECT 1 FROM record_sealed s WHERE s.tenant = $1 AND s.person = $2)"
            );
            run(transaction, &sql, &[&tenant, &person]).await?;
        }
    }
    Ok(())
}

pub(super) async fn block(
    client: &impl GenericClient,
    tenant: &str,
    person: PersonKey,
    keys: &[BlockingKey],
) -> Result<(), StoreError> {
    let keys: Vec<&[u8]> = keys.iter().map(|key| &key.0[..]).collect();
    let sql = "INSERT INTO person_blocking (tenant, blocking, person)
        SELECT $1, key, $2 FROM unnest($3::bytea[]) AS k (key) ON CONFLICT DO NOTHING";
    let statement = client.prepare_cached(sql).await?;
    let person = &person.0[..];
    client
        .execute(&statement, &[&tenant, &person, &keys])
        .await?;
    Ok(())
}

/// The persons that have one of these keys and had a parcel on this day.
pub(super) async fn alike_on(
    client: &impl GenericClient,
    (tenant, day): (&str, i32),
    keys: &[BlockingKey],
    most: u32,
) -> Result<Vec<(BlockingKey, PersonKey)>, StoreError> {
    let sql = "SELECT k.place, found.person
        FROM unnest($1::bytea[]) WITH ORDINALITY AS k (key, place)
        CROSS JOIN LATERAL (SELECT b.person FROM person_blocking b
            JOIN person_day d ON d.tenant = b.tenant AND d.person = b.person AND d.day = $3
            WHERE b.tenant = $2 AND b.blocking = k.key ORDER BY b.person LIMIT $4) AS found
        ORDER BY k.place, found.person";
    let bytes: Vec<&[u8]> = keys.iter().map(|key| &key.0[..]).collect();
    let mut found = Vec::new();
    for row in query(client, sql, &[&bytes, &tenant, &day, &i64::from(most)]).await? {
        let place: i64 = row.try_get(0)?;
        let key = usize::try_from(place - 1).ok().and_then(|at| keys.get(at));
        if let Some(key) = key {
            found.push((*key, codec::person(row.try_get(1)?)?));
        }
    }
    Ok(found)
}

pub(super) async fn blocked(
    client: &impl GenericClient,
    tenant: &str,
    key: BlockingKey,
) -> Result<Vec<PersonKey>, StoreError> {
    let sql = "SELECT person FROM person_blocking WHERE tenant = $1 AND blocking = $2
        ORDER BY person";
    let rows = query(client, sql, &[&tenant, &&key.0[..]]).await?;
    let person = |row: &Row| codec::person(row.try_get(0)?);
    rows.iter().map(person).collect()
}
