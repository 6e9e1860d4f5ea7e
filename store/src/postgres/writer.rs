//! The writers of a PostgreSQL ledger, the locks that they take, and the sequencer that follows
//! them.

use crate::engine::{Receipts, Work};
use crate::error::StoreError;
use crate::ledger::Request;
use crate::pending::Answer;
use crate::persons::{named, said};
use crate::postgres::{Job, PERSONS_LOCK, failure, load, persons, records, save};
use crate::records::keep::{Secrets, Whose};
use crate::records::keys::Installation;
use crate::rows::{DayKey, EventKey, ShipmentKey};
use crate::touched::asked_for;
use crate::types::{PersonsAct, PersonsEvent, Receipt};
use deadpool_postgres::{Pool, Transaction};
use sha2::{Digest, Sha256};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Mutex, Notify, mpsc};
use tokio_postgres::Statement;
use tokio_postgres::types::ToSql;

/// How long is waited for clients that may come back.
const COME_BACK: Duration = Duration::from_millis(1);
/// How long committed records gather before they are put into the log. Whoever reads the log puts
/// them there himself and does not wait for this.
const GATHER: Duration = Duration::from_millis(100);

/// A writer: takes what waits, commits it, and only then answers.
pub(super) async fn write(
    pool: Pool,
    waiting: Arc<Mutex<mpsc::Receiver<Job>>>,
    group: usize,
    installation: Option<Installation>,
    committed: Arc<Notify>,
) {
    let mut jobs: Vec<Job> = Vec::with_capacity(group);
    let (keys, mut before) = (installation.as_ref(), 0);
    while take(&mut *waiting.lock().await, &mut jobs, group, before).await {
        before = jobs.len();
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

/// Takes what waits. Clients that wait for an answer all come back at once after a commit; the
/// first of them alone would make the others wait for a commit of its own, so that for a moment as
/// many are waited for as came before. One that comes alone again and again waits for nobody.
async fn take(
    waiting: &mut mpsc::Receiver<Job>,
    jobs: &mut Vec<Job>,
    group: usize,
    before: usize,
) -> bool {
    let some = waiting.recv_many(jobs, group).await > 0;
    let more = async {
        while jobs.len() < before.min(group) {
            let room = before.min(group) - jobs.len();
            if waiting.recv_many(jobs, room).await == 0 {
                break;
            }
        }
    };
    if some {
        // Whether all came or the time is over, what is here goes on its way.
        let _ = tokio::time::timeout(COME_BACK, more).await;
    }
    some
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

/// Puts committed records into the log, once for as many commits as there were in a while; at the
/// start for those of a program that ended before it could.
pub(super) async fn sequencer(pool: Pool, committed: Arc<Notify>) {
    loop {
        if let Ok(mut client) = pool.get().await {
            // A failure here loses nothing: the records wait, and `verify_records` says how many
            // and what is damaged.
            let _ = records::sequence(&mut client).await;
        }
        committed.notified().await;
        tokio::time::sleep(GATHER).await;
    }
}

async fn commit(
    pool: &Pool,
    requests: &mut [Request],
    installation: Option<&Installation>,
) -> Result<Receipts, StoreError> {
    let (named, said) = (named(requests), said(requests));
    let mut client = pool.get().await.map_err(failure)?;
    let transaction = client.transaction().await?;
    let mut work = Work {
        has_keys: installation.is_some(),
        ..Work::default()
    };
    let mut secrets = Secrets::default();
    let asked = asked_for(requests);
    lock_and_load(&transaction, asked, (&named, said.as_ref()), &mut work).await?;
    let touched = work.touched(requests);
    let persons = touched.days.iter().filter(|_| said.is_none());
    let locks = Locks::of(&transaction, persons.map(person_lock)).await?;
    // The statements go out in this order without waiting for each other, and the server does
    // them one by one: what is read is read under the locks.
    let ((), days, marks, ()) = tokio::try_join!(
        biased;
        locks.take(&transaction),
        load::days(&transaction, &touched.days),
        load::marks(&transaction, &touched.marks),
        load_secrets(&transaction, installation, &mut secrets, &touched.days),
    )?;
    (work.days, work.marks) = (days, marks);
    let mut receipts = work.run(requests);
    if work.entries.is_empty() && work.new_persons_event.is_none() {
        // Nothing but repetitions and refusals. What they rest on was committed and durable
        // before its locks were free.
        return Ok(receipts);
    }
    let goes_to = work.goes_to(requests);
    let positions = save::positions(&transaction, work.entries.len()).await?;
    work.number(&positions, &mut receipts);
    tokio::try_join!(
        save::save(&transaction, &work),
        persons::save(&transaction, &work),
        records::save(&transaction, installation, &mut secrets, &work.records),
    )?;
    if let Some(to) = goes_to {
        persons::hand_over_sealed(&transaction, installation, &work, to).await?;
    }
    transaction.commit().await?;
    Ok(receipts)
}

/// Takes the locks of who is who and of the parcels, and reads under them what is known of both.
async fn lock_and_load(
    transaction: &Transaction<'_>,
    (mut shipments, events): (Vec<ShipmentKey>, Vec<EventKey>),
    (named, said): (&[Whose], Option<&(PersonsEvent, PersonsAct)>),
    work: &mut Work,
) -> Result<(), StoreError> {
    if said.is_some() {
        // Nobody else does anything meanwhile: it needs no lock of a parcel or a person, of which a
        // person's parcels could want more than a server has.
        lock_persons(transaction, true).await?;
        persons::load(transaction, named, said, work, &mut shipments).await?;
        work.shipments = load::shipments(transaction, &shipments).await?;
        return Ok(());
    }
    let locks = Locks::of(transaction, shipments.iter().map(shipment_lock)).await?;
    let shared = transaction.prepare_cached(SHARED).await?;
    let persons = [&PERSONS_LOCK as &(dyn ToSql + Sync)];
    let lock_persons = async { Ok(transaction.execute(&shared, &persons).await?) };
    let (_, (), aliases, shipments, events) = tokio::try_join!(
        biased;
        lock_persons,
        locks.take(transaction),
        persons::aliases(transaction, named),
        load::shipments(transaction, &shipments),
        load::events(transaction, &events),
    )?;
    work.aliases = aliases;
    (work.shipments, work.events) = (shipments, events);
    Ok(())
}

/// The keys of the persons whose days a batch touches, for what it will seal.
async fn load_secrets(
    transaction: &Transaction<'_>,
    installation: Option<&Installation>,
    secrets: &mut Secrets,
    days: &[DayKey],
) -> Result<(), StoreError> {
    let Some(installation) = installation else {
        return Ok(());
    };
    let mut whose: Vec<Whose> = days
        .iter()
        .map(|day| (day.tenant.clone(), day.person))
        .collect();
    whose.dedup();
    records::load_secrets(transaction, installation, secrets, &whose).await
}

const SHARED: &str = "SELECT pg_advisory_xact_lock_shared($1)";

/// Who is who stays as it is until the end of the transaction; or nobody else asks until then.
pub(super) async fn lock_persons(
    transaction: &Transaction<'_>,
    alone: bool,
) -> Result<(), StoreError> {
    let sql = if alone {
        "SELECT pg_advisory_xact_lock($1)"
    } else {
        SHARED
    };
    let statement = transaction.prepare_cached(sql).await?;
    transaction.execute(&statement, &[&PERSONS_LOCK]).await?;
    Ok(())
}

/// Locks that a transaction takes until its end, each once and in rising order. Their statement is
/// ready before anything is sent, so that nothing that is sent with them comes before them.
struct Locks {
    statement: Statement,
    keys: Vec<i64>,
}

impl Locks {
    async fn of(
        transaction: &Transaction<'_>,
        keys: impl Iterator<Item = i64>,
    ) -> Result<Self, StoreError> {
        let mut keys: Vec<i64> = keys.collect();
        keys.sort_unstable();
        keys.dedup();
        let sql = "SELECT pg_advisory_xact_lock(key) FROM unnest($1::bigint[]) AS keys (key)";
        let statement = transaction.prepare_cached(sql).await?;
        Ok(Self { statement, keys })
    }

    async fn take(&self, transaction: &Transaction<'_>) -> Result<(), StoreError> {
        transaction.execute(&self.statement, &[&self.keys]).await?;
        Ok(())
    }
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
