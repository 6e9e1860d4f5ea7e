//! Reading the record log: pages of it, proofs, signed heads, and the whole of it to check it.

use crate::codec::{self, hash};
use crate::error::{Refused, StoreError};
use crate::postgres::load::query;
use crate::postgres::locks::LOG;
use crate::postgres::read::each_row;
use crate::postgres::records::{line, record, secrets, sequence, tail};
use crate::postgres::save::run;
use crate::records::audit::Auditor;
use crate::records::head::TreeHead;
use crate::records::keep::{Whose, open_secret};
use crate::records::keys::Installation;
use crate::records::merkle::{Frontier, Hash, consistency};
use crate::records::proof::{Proof, SignedTree, prove};
use crate::records::read::{Keys, Linked, of_parcel, page, sealed_for};
use crate::records::rows::{EXPIRED, LogRow, RecordRow, Tail};
use crate::records::sql;
use crate::records::types::{Audit, Expired, KeptRecord};
use crate::rows::ShipmentKey;
use deadpool_postgres::{Client, GenericClient, Transaction};
use std::collections::HashMap;
use tokio_postgres::{IsolationLevel, Row};

/// How many lines are in memory at a time while the whole log is read.
const PAGE: i64 = 1_000;

/// A line with its record, or why that cannot be read.
type Line = (LogRow, Result<Option<RecordRow>, StoreError>);

async fn lines(
    client: &impl GenericClient,
    after: i64,
    limit: i64,
) -> Result<Vec<Line>, StoreError> {
    let sql = sql::lines("WHERE l.seq > $1 ORDER BY l.seq LIMIT $2");
    let rows = query(client, &sql, &[&after, &limit]).await?;
    let read = |row: &Row| {
        let position: Option<i64> = row.try_get(0)?;
        let record = position.map(|_| record(row)).transpose();
        Ok((line(row, 10)?, record))
    };
    rows.iter().map(read).collect()
}

const WHOLE: &str = "SET LOCAL plan_cache_mode = auto; SET LOCAL enable_seqscan = on;
    SET LOCAL enable_hashjoin = on; SET LOCAL enable_mergejoin = on";

/// All of it as of one moment.
pub(super) async fn snapshot(client: &mut Client) -> Result<Transaction<'_>, StoreError> {
    let transaction = client
        .build_transaction()
        .isolation_level(IsolationLevel::RepeatableRead)
        .read_only(true)
        .start()
        .await?;
    // Whole tables are read here, which the writers' plans would take through their indices.
    transaction.batch_execute(WHOLE).await?;
    Ok(transaction)
}

/// The opened keys of these persons.
async fn keys(
    client: &impl GenericClient,
    installation: Option<&Installation>,
    whose: Vec<Whose>,
) -> Result<Keys, StoreError> {
    let Some(installation) = installation else {
        return Ok(None);
    };
    let mut keys = HashMap::new();
    for (whose, sealed) in secrets(client, &whose).await? {
        // A key that does not open is missing: the audit names each record that it was for.
        if let Ok(key) = open_secret(installation, &whose, &sealed) {
            keys.insert(whose, key);
        }
    }
    Ok(Some(keys))
}

pub(super) async fn records(
    client: &mut Client,
    installation: Option<&Installation>,
    tenant: &str,
    after: i64,
    limit: u32,
) -> Result<Vec<KeptRecord>, StoreError> {
    sequence(client).await?;
    let transaction = snapshot(client).await?;
    let sql = "SELECT seq, chain FROM record_log WHERE seq <= $1 ORDER BY seq DESC LIMIT 1";
    let rows = query(&transaction, sql, &[&after]).await?;
    let before = match rows.first() {
        None => Tail::START,
        Some(row) => Tail {
            seq: row.try_get(0)?,
            chain: hash(row.try_get(1)?)?,
        },
    };
    let mut whole = Vec::new();
    for (line, record) in lines(&transaction, before.seq, limit.into()).await? {
        let record = record.map_err(|_| StoreError::Damaged(line.seq))?;
        whole.push((line, record));
    }
    // Of another tenant's records nothing is given out, and nothing is opened.
    let ours = whole.iter().filter_map(|(_, record)| record.as_ref());
    let ours = ours.filter(|row: &&RecordRow| row.shipment.tenant == tenant);
    let keys = keys(&transaction, installation, sealed_for(ours)).await?;
    page(tenant, before, &whole, &keys)
}

/// The lines of one parcel.
async fn lines_of(
    client: &impl GenericClient,
    key: &ShipmentKey,
) -> Result<Vec<Linked>, StoreError> {
    let rows = query(
        client,
        &sql::lines_of_parcel(),
        &[&key.tenant, &key.shipment_id],
    )
    .await?;
    let read = |row: &Row| {
        let (line, before) = (line(row, 10)?, row.try_get::<_, Option<&[u8]>>(14)?);
        let position: Option<i64> = row.try_get(0)?;
        let record = position.map(|_| record(row)).transpose();
        Ok(Linked {
            before: before.map(hash).transpose()?,
            record: record.map_err(|_| StoreError::Damaged(line.seq))?,
            line,
        })
    };
    rows.iter().map(read).collect()
}

pub(super) async fn records_of(
    client: &mut Client,
    installation: Option<&Installation>,
    key: &ShipmentKey,
) -> Result<Vec<KeptRecord>, StoreError> {
    sequence(client).await?;
    let transaction = snapshot(client).await?;
    let lines = lines_of(&transaction, key).await?;
    let records = lines.iter().filter_map(|one| one.record.as_ref());
    let keys = keys(&transaction, installation, sealed_for(records)).await?;
    of_parcel(key, &lines, &keys)
}

pub(super) async fn heads(client: &impl GenericClient) -> Result<Vec<TreeHead>, StoreError> {
    let sql = "SELECT log_id, size, root, chain, signed_at, public_key, signature FROM tree_head
        ORDER BY number";
    let mut heads = Vec::new();
    for row in query(client, sql, &[]).await? {
        let signature: &[u8] = row.try_get(6)?;
        heads.push(TreeHead {
            log_id: hash(row.try_get(0)?)?,
            size: row.try_get(1)?,
            root: hash(row.try_get(2)?)?,
            chain: hash(row.try_get(3)?)?,
            signed_at: row.try_get(4)?,
            public_key: hash(row.try_get(5)?)?,
            signature: signature
                .try_into()
                .map_err(|_| codec::corrupt("signature"))?,
        });
    }
    Ok(heads)
}

/// The leaves of the first `size` lines.
async fn leaves(client: &impl GenericClient, size: i64) -> Result<Vec<Hash>, StoreError> {
    let sql = "SELECT leaf FROM record_log WHERE seq <= $1 ORDER BY seq";
    let rows = query(client, sql, &[&size]).await?;
    rows.iter().map(|row| hash(row.try_get(0)?)).collect()
}

pub(super) async fn sign_head(
    client: &mut Client,
    installation: Option<&Installation>,
    signed_at: i64,
) -> Result<TreeHead, StoreError> {
    let installation = installation.ok_or(Refused::NoKeys)?;
    sequence(client).await?;
    let transaction = client.transaction().await?;
    let lock = "SELECT pg_advisory_xact_lock($1)";
    transaction.execute(lock, &[&LOG]).await?;
    let last = heads(&transaction).await?.pop();
    let tail = tail(&transaction).await?;
    let mut frontier = Frontier::default();
    let mut was = last.as_ref().is_none_or(|last| last.size == 0);
    for leaf in leaves(&transaction, i64::MAX).await? {
        frontier.push(leaf);
        if let Some(last) = &last {
            let there = last.size == i64::try_from(frontier.size()).unwrap_or(i64::MAX);
            was |= there && last.root == frontier.root();
        }
    }
    if !was {
        return Err(StoreError::Damaged(last.map_or(0, |last| last.size)));
    }
    let head = TreeHead::sign(installation, &frontier, tail.chain, signed_at)?;
    if head.size != tail.seq {
        return Err(StoreError::Damaged(head.size));
    }
    let sql = "INSERT INTO tree_head
            (number, log_id, size, root, chain, signed_at, public_key, signature)
        SELECT coalesce(max(number), 0) + 1, $1, $2, $3, $4, $5, $6, $7 FROM tree_head";
    let (log_id, root, chain) = (&head.log_id[..], &head.root[..], &head.chain[..]);
    let (key, signature) = (&head.public_key[..], &head.signature[..]);
    run(
        &transaction,
        sql,
        &[
            &log_id,
            &head.size,
            &root,
            &chain,
            &head.signed_at,
            &key,
            &signature,
        ],
    )
    .await?;
    transaction.commit().await?;
    Ok(head)
}

pub(super) async fn consistent(
    client: &impl GenericClient,
    old: u64,
    new: u64,
) -> Result<Option<Vec<Hash>>, StoreError> {
    let size = i64::try_from(new).unwrap_or(i64::MAX);
    let leaves = leaves(client, size).await?;
    if leaves.len() as u64 != new {
        return Ok(None);
    }
    let old = usize::try_from(old).ok();
    Ok(old.and_then(|old| consistency(&leaves, old)))
}

pub(super) async fn proof(
    client: &mut Client,
    tenant: &str,
    shipment_id: &str,
) -> Result<Proof, StoreError> {
    sequence(client).await?;
    let transaction = snapshot(client).await?;
    let tree = tree_of(&transaction).await?;
    proof_of(&transaction, &tree, tenant, shipment_id).await
}

pub(super) async fn signed_tree(client: &mut Client) -> Result<SignedTree, StoreError> {
    let transaction = snapshot(client).await?;
    tree_of(&transaction).await
}

pub(super) async fn proof_under(
    client: &mut Client,
    tree: &SignedTree,
    tenant: &str,
    shipment_id: &str,
) -> Result<Proof, StoreError> {
    let transaction = snapshot(client).await?;
    proof_of(&transaction, tree, tenant, shipment_id).await
}

async fn tree_of(transaction: &Transaction<'_>) -> Result<SignedTree, StoreError> {
    let head = heads(transaction)
        .await?
        .pop()
        .ok_or(Refused::NotUnderHead)?;
    let leaves = leaves(transaction, head.size).await?;
    SignedTree::new(head, leaves)
}

async fn proof_of(
    transaction: &Transaction<'_>,
    tree: &SignedTree,
    tenant: &str,
    shipment_id: &str,
) -> Result<Proof, StoreError> {
    let key = ShipmentKey::new(tenant, shipment_id);
    let records = lines_of(transaction, &key).await?;
    if records.is_empty() {
        return Err(Refused::UnknownShipment.into());
    }
    prove(&key, tree, &records)
}

pub(super) async fn verify(
    client: &mut Client,
    installation: Option<&Installation>,
) -> Result<Audit, StoreError> {
    // A log that cannot be added to is not a reason to say nothing of it: what waits is counted.
    let sequenced = sequence(client).await;
    let damaged = match sequenced {
        Err(StoreError::Damaged(seq)) => Some(seq),
        _ => None,
    };
    let transaction = snapshot(client).await?;
    verify_in(&transaction, installation, damaged).await
}

/// As [`verify`], within the caller's transaction. `damaged` is the line to which nothing could be
/// added, if there is one.
pub(super) async fn verify_in(
    transaction: &Transaction<'_>,
    installation: Option<&Installation>,
    damaged: Option<i64>,
) -> Result<Audit, StoreError> {
    let mut auditor = Auditor::new(heads(transaction).await?);
    if let Some(seq) = damaged {
        auditor.finds(seq, None, "the end of the log, to which nothing is added");
    }
    let mut after = 0;
    loop {
        let page = lines(transaction, after, PAGE).await?;
        let Some((last, _)) = page.last() else {
            break;
        };
        after = last.seq;
        let records = page
            .iter()
            .filter_map(|(_, record)| record.as_ref().ok()?.as_ref());
        let keys = keys(transaction, installation, sealed_for(records)).await?;
        for (line, record) in page {
            if record.is_err() {
                auditor.finds(line.seq, line.position, "a record that cannot be read");
            }
            auditor.line(&line, record.unwrap_or_default().as_ref(), &keys);
        }
    }
    for (what, sql) in sql::UNMATCHED.into_iter().chain([NOT_IN_LOG]) {
        each_row(transaction, sql, |row| {
            auditor.finds(0, Some(row.try_get(0)?), what);
            Ok(())
        })
        .await?;
    }
    let sql = "SELECT count(*) FROM record_waiting";
    let rows = query(transaction, sql, &[]).await?;
    let waiting: i64 = rows.first().map_or(Ok(0), |row| row.try_get(0))?;
    auditor.waiting(waiting.unsigned_abs());
    Ok(auditor.finish(installation))
}

const NOT_IN_LOG: (&str, &str) = (
    "a record that is not in the log",
    "SELECT r.position FROM record r LEFT JOIN record_log l ON l.position = r.position
    LEFT JOIN record_waiting w ON w.position = r.position
    WHERE l.position IS NULL AND w.position IS NULL",
);

pub(super) async fn expire(
    client: &mut Client,
    before_day: i32,
    dry_run: bool,
) -> Result<Vec<Expired>, StoreError> {
    let transaction = client.transaction().await?;
    let sql = format!(
        "SELECT tenant, shipment_id, position, kept_until FROM record
        WHERE kept_until < $1 AND lost & {EXPIRED} = 0 ORDER BY position FOR UPDATE"
    );
    let mut found = Vec::new();
    for row in query(&transaction, &sql, &[&before_day]).await? {
        found.push(Expired {
            tenant: row.try_get(0)?,
            shipment_id: row.try_get(1)?,
            position: row.try_get(2)?,
            kept_until: row.try_get(3)?,
        });
    }
    if dry_run || found.is_empty() {
        return Ok(found);
    }
    let positions: Vec<i64> = found.iter().map(|one| one.position).collect();
    let sql = format!(
        "WITH gone AS (DELETE FROM record_sealed WHERE position = ANY ($1::bigint[]))
        UPDATE record SET public = NULL, lost = lost | {EXPIRED}::smallint
        WHERE position = ANY ($1::bigint[])"
    );
    run(&transaction, &sql, &[&positions]).await?;
    transaction.commit().await?;
    Ok(found)
}
