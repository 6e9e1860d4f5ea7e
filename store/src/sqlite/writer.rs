//! The writer of an SQLite ledger: the only thread that changes it.

use crate::engine::{Receipts, Work};
use crate::error::StoreError;
use crate::ledger::Request;
use crate::pending::Answer;
use crate::records::keys::Installation;
use crate::sqlite::{load, persons, records, save};
use crate::types::Receipt;
use rusqlite::{Connection, TransactionBehavior};
use tokio::sync::mpsc;

/// Something that has the connection for itself, and answers for itself.
type Alone = Box<dyn FnOnce(&mut Connection, Option<&Installation>) + Send>;

/// What waits for the writer.
pub(super) enum Job {
    Request(Box<Request>, Answer<Receipt>),
    Alone(Alone),
}

/// The writer: takes what waits, commits it, and only then answers.
pub(super) fn write(
    mut connection: Connection,
    mut waiting: mpsc::Receiver<Job>,
    group: usize,
    installation: Option<&Installation>,
) {
    let mut jobs: Vec<Job> = Vec::with_capacity(group);
    while waiting.blocking_recv_many(&mut jobs, group) > 0 {
        let (mut requests, mut answers) = (Vec::new(), Vec::new());
        for job in jobs.drain(..) {
            match job {
                Job::Request(request, answer) => {
                    let alone = request.is_alone();
                    if alone {
                        settle(&mut connection, &mut requests, &mut answers, installation);
                    }
                    requests.push(*request);
                    answers.push(answer);
                    if alone {
                        settle(&mut connection, &mut requests, &mut answers, installation);
                    }
                }
                Job::Alone(act) => {
                    settle(&mut connection, &mut requests, &mut answers, installation);
                    act(&mut connection, installation);
                }
            }
        }
        settle(&mut connection, &mut requests, &mut answers, installation);
    }
}

/// Commits a group and answers it.
fn settle(
    connection: &mut Connection,
    requests: &mut Vec<Request>,
    answers: &mut Vec<Answer<Receipt>>,
    installation: Option<&Installation>,
) {
    if requests.is_empty() {
        return;
    }
    let receipts = commit(connection, requests, installation)
        .unwrap_or_else(|failure| requests.iter().map(|_| Err(failure.clone())).collect());
    requests.clear();
    for (answer, receipt) in answers.drain(..).zip(receipts) {
        // Who asked may have gone; the commit stands and the same request finds it again.
        let _ = answer.send(receipt);
    }
}

fn commit(
    connection: &mut Connection,
    requests: &mut [Request],
    installation: Option<&Installation>,
) -> Result<Receipts, StoreError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut work = load::load(&transaction, requests, installation.is_some())?;
    let mut receipts = work.run(requests);
    number(&transaction, &mut work, &mut receipts)?;
    save::save(&transaction, &work)?;
    if let Some(to) = work.goes_to(requests) {
        persons::hand_over_sealed(&transaction, installation, &work, to)?;
    }
    records::save(&transaction, installation, &work.records)?;
    transaction.commit()?;
    Ok(receipts)
}

/// Positions rise without a gap: only a committed batch uses them.
fn number(
    connection: &Connection,
    work: &mut Work,
    receipts: &mut Receipts,
) -> Result<(), StoreError> {
    let sql = "SELECT coalesce(max(position), 0) FROM posting";
    let last: i64 = connection
        .prepare_cached(sql)?
        .query_row([], |row| row.get(0))?;
    let positions: Vec<i64> = (last + 1..).take(work.entries.len()).collect();
    work.number(&positions, receipts);
    Ok(())
}
