//! The writers of a PostgreSQL ledger, the locks that they take, and the sequencer that follows
//! them.

use crate::engine::{Receipts, Work};
use crate::error::StoreError;
use crate::ledger::Request;
use crate::pending::Answer;
use crate::persons::{named, said};
use crate::postgres::{Job, PERSONS_LOCK, failure, load, persons, records, save};
use crate::records::keys::Installation;
use crate::rows::{DayKey, ShipmentKey};
use crate::touched::asked_for;
use crate::types::Receipt;
use deadpool_postgres::{Pool, Transaction};
use sha2::{Digest, Sha256};
use std::sync::Arc;
use tokio::sync::{Mutex, Notify, mpsc};

/// A writer: takes what waits, commits it, and only then answers.
pub(super) async fn write(
    pool: Pool,
    waiting: Arc<Mutex<mpsc::Receiver<Job>>>,
    group: usize,
    installation: Option<Installation>,
    committed: Arc<Notify>,
) {
    let mut jobs: Vec<Job> = Vec::with_capacity(group);
    let keys = installation.as_ref();
    while waiting.lock().await.recv_many(&mut jobs, group).await > 0 {
        let (mut requests, mut answers) = (Vec::new(), Vec::new());
        for (request, answer) in jobs.drain(..) {
            let alone = request.is_alone();
            if alone {
                settle(&pool, &mut requests, &mut answers, keys).await;
            }
            requests.push(request);
            answers.push(answer);
            if alone {
                settle(&pool, &mut requests, &mut answers, keys).await;
            }
        }
        settle(&pool, &mut requests, &mut answers, keys).await;
        committed.notify_one();
    }
}

/// Commits a group and answers it.
async fn settle(
    pool: &Pool,
    requests: &mut Vec<Request>,
    answers: &mut Vec<Answer<Receipt>>,
    installation: Option<&Installation>,
) {
    if requests.is_empty() {
        return;
    }
    let receipts = match commit(pool, requests, installation).await {
        Ok(receipts) => receipts,
        Err(failure) => answers.iter().map(|_| Err(failure.clone())).collect(),
    };
    requests.clear();
    for (answer, receipt) in answers.drain(..).zip(receipts) {
        // Who asked may have gone; the commit stands and the same request finds it again.
        let _ = answer.send(receipt);
    }
}

/// Puts committed records into the log, once for as many commits as there were meanwhile; at the
/// start for those of a program that ended before it could.
pub(super) async fn sequencer(pool: Pool, committed: Arc<Notify>) {
    loop {
        if let Ok(mut client) = pool.get().await {
            // A failure here loses nothing: the records wait, and `verify_records` says how many
            // and what is damaged.
            let _ = records::sequence(&mut client).await;
        }
        committed.notified().await;
    }
}

async fn commit(
    pool: &Pool,
    requests: &mut [Request],
    installation: Option<&Installation>,
) -> Result<Receipts, StoreError> {
    let (mut shipments, events) = asked_for(requests);
    let (named, said) = (named(requests), said(requests));
    let mut client = pool.get().await.map_err(failure)?;
    let transaction = client.transaction().await?;
    lock_persons(&transaction, said.is_some()).await?;
    lock(&transaction, shipments.iter().map(shipment_lock)).await?;
    let mut work = Work {
        has_keys: installation.is_some(),
        ..Work::default()
    };
    persons::load(
        &transaction,
        &named,
        said.as_ref(),
        &mut work,
        &mut shipments,
    )
    .await?;
    (work.shipments, work.events) = tokio::try_join!(
        load::shipments(&transaction, &shipments),
        load::events(&transaction, &events),
    )?;
    let touched = work.touched(requests);
    lock(&transaction, touched.days.iter().map(person_lock)).await?;
    (work.days, work.marks) = tokio::try_join!(
        load::days(&transaction, &touched.days),
        load::marks(&transaction, &touched.marks),
    )?;
    let mut receipts = work.run(requests);
    if work.entries.is_empty() && work.new_persons_event.is_none() {
        // Nothing but repetitions and refusals. What they rest on was committed and durable
        // before its locks were free.
        return Ok(receipts);
    }
    let positions = save::positions(&transaction, work.entries.len()).await?;
    work.number(&positions, &mut receipts);
    tokio::try_join!(
        save::save(&transaction, &work),
        persons::save(&transaction, &work),
        records::save(&transaction, installation, &work.records),
    )?;
    persons::hand_over_sealed(&transaction, installation, &work, said.as_ref()).await?;
    transaction.commit().await?;
    Ok(receipts)
}

/// Who is who stays as it is until the end of the transaction; or nobody else asks until then.
pub(super) async fn lock_persons(
    transaction: &Transaction<'_>,
    alone: bool,
) -> Result<(), StoreError> {
    let sql = if alone {
        "SELECT pg_advisory_xact_lock($1)"
    } else {
        "SELECT pg_advisory_xact_lock_shared($1)"
    };
    let statement = transaction.prepare_cached(sql).await?;
    transaction.execute(&statement, &[&PERSONS_LOCK]).await?;
    Ok(())
}

/// Takes locks until the end of the transaction, each once and in rising order.
async fn lock(
    transaction: &Transaction<'_>,
    keys: impl Iterator<Item = i64>,
) -> Result<(), StoreError> {
    let mut keys: Vec<i64> = keys.collect();
    keys.sort_unstable();
    keys.dedup();
    let sql = "SELECT pg_advisory_xact_lock(key) FROM unnest($1::bigint[]) AS keys (key)";
    let statement = transaction.prepare_cached(sql).await?;
    transaction.execute(&statement, &[&keys]).await?;
    Ok(())
}

/// Locks of parcels are below zero and those of persons are not, so that the two kinds never meet.
fn shipment_lock(key: &ShipmentKey) -> i64 {
    lock_number(&key.tenant, key.shipment_id.as_bytes()) | i64::MIN
}

/// One lock for all days of a person: an order can span several.
fn person_lock(key: &DayKey) -> i64 {
    lock_number(&key.tenant, &key.person.0) & i64::MAX
}

/// Two keys with one number wait for each other without need, and nothing else.
fn lock_number(tenant: &str, id: &[u8]) -> i64 {
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
