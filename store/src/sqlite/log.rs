//! Reading the record log: pages of it, proofs, signed heads, and the whole of it to check it.

use crate::codec::{self, hash};
use crate::error::{Refused, StoreError};
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
use crate::sqlite::persons::forget;
use crate::sqlite::records::{line, record, secret};
use rusqlite::{Connection, OptionalExtension, Row, TransactionBehavior};
use std::collections::HashMap;

/// How many lines are in memory at a time while the whole log is read.
const PAGE: u32 = 1_000;

/// A line with its record, or why that cannot be read.
type Line = (LogRow, Result<Option<RecordRow>, StoreError>);

fn lines(connection: &Connection, after: i64, limit: u32) -> Result<Vec<Line>, StoreError> {
    let sql = sql::lines("WHERE l.seq > $1 ORDER BY l.seq LIMIT $2");
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query((after, limit))?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let is_there = row.get_ref(0)? != rusqlite::types::ValueRef::Null;
        let record = is_there.then(|| record(row)).transpose();
        found.push((line(row, 10)?, record));
    }
    Ok(found)
}

/// The opened keys of these persons.
fn keys(
    connection: &Connection,
    installation: Option<&Installation>,
    whose: Vec<Whose>,
) -> Result<Keys, StoreError> {
    let Some(installation) = installation else {
        return Ok(None);
    };
    let mut keys = HashMap::new();
    for whose in whose {
        // A key that does not open is missing: the audit names each record that it was for.
        if let Some(sealed) = secret(connection, &whose.0, whose.1)?
            && let Ok(key) = open_secret(installation, &whose, &sealed)
        {
            keys.insert(whose, key);
        }
    }
    Ok(Some(keys))
}

pub(super) fn records(
    connection: &Connection,
    installation: Option<&Installation>,
    tenant: &str,
    after: i64,
    limit: u32,
) -> Result<Vec<KeptRecord>, StoreError> {
    let transaction = connection.unchecked_transaction()?;
    let sql = "SELECT seq, chain FROM record_log WHERE seq <= ?1 ORDER BY seq DESC LIMIT 1";
    let read = |row: &Row<'_>| Ok((row.get(0)?, row.get::<_, Vec<u8>>(1)?));
    let before: Option<(i64, Vec<u8>)> = transaction
        .prepare_cached(sql)?
        .query_row([after], read)
        .optional()?;
    let before = match before {
        None => Tail::START,
        Some((seq, chain)) => Tail {
            seq,
            chain: hash(&chain)?,
        },
    };
    let lines = lines(&transaction, before.seq, limit)?;
    let whole = |(line, record): Line| -> Result<_, StoreError> {
        let record = record.map_err(|_| StoreError::Damaged(line.seq))?;
        Ok((line, record))
    };
    let lines: Vec<_> = lines.into_iter().map(whole).collect::<Result<_, _>>()?;
    // Of another tenant's records nothing is given out, and nothing is opened.
    let ours = lines.iter().filter_map(|(_, record)| record.as_ref());
    let ours = ours.filter(|row| row.shipment.tenant == tenant);
    let keys = keys(&transaction, installation, sealed_for(ours))?;
    page(tenant, before, &lines, &keys)
}

/// The lines of one parcel.
fn lines_of(connection: &Connection, key: &ShipmentKey) -> Result<Vec<Linked>, StoreError> {
    let mut statement = connection.prepare_cached(&sql::lines_of_parcel())?;
    let mut rows = statement.query((&key.tenant, &key.shipment_id))?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let line = line(row, 10)?;
        let is_there = row.get_ref(0)? != rusqlite::types::ValueRef::Null;
        let record = is_there.then(|| record(row)).transpose();
        let before: Option<Vec<u8>> = row.get(14)?;
        found.push(Linked {
            before: before.map(|chain| hash(&chain)).transpose()?,
            record: record.map_err(|_| StoreError::Damaged(line.seq))?,
            line,
        });
    }
    Ok(found)
}

pub(super) fn records_of(
    connection: &Connection,
    installation: Option<&Installation>,
    tenant: &str,
    shipment_id: &str,
) -> Result<Vec<KeptRecord>, StoreError> {
    let transaction = connection.unchecked_transaction()?;
    let key = ShipmentKey::new(tenant, shipment_id);
    let lines = lines_of(&transaction, &key)?;
    let records = lines.iter().filter_map(|one| one.record.as_ref());
    let keys = keys(&transaction, installation, sealed_for(records))?;
    of_parcel(&key, &lines, &keys)
}

pub(super) fn heads(connection: &Connection) -> Result<Vec<TreeHead>, StoreError> {
    let sql = "SELECT log_id, size, root, chain, signed_at, public_key, signature FROM tree_head
        ORDER BY number";
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query([])?;
    let mut heads = Vec::new();
    while let Some(row) = rows.next()? {
        let bytes = |at: usize| -> Result<Hash, StoreError> {
            hash(row.get_ref(at)?.as_blob().unwrap_or_default())
        };
        let signature = row.get_ref(6)?.as_blob().unwrap_or_default().try_into();
        heads.push(TreeHead {
            log_id: bytes(0)?,
            size: row.get(1)?,
            root: bytes(2)?,
            chain: bytes(3)?,
            signed_at: row.get(4)?,
            public_key: bytes(5)?,
            signature: signature.map_err(|_| codec::corrupt("signature"))?,
        });
    }
    Ok(heads)
}

/// The leaves of the first `size` lines.
fn leaves(connection: &Connection, size: i64) -> Result<Vec<Hash>, StoreError> {
    let sql = "SELECT leaf FROM record_log WHERE seq <= ?1 ORDER BY seq";
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query([size])?;
    let mut leaves = Vec::new();
    while let Some(row) = rows.next()? {
        leaves.push(hash(row.get_ref(0)?.as_blob().unwrap_or_default())?);
    }
    Ok(leaves)
}

pub(super) fn sign_head(
    connection: &mut Connection,
    installation: Option<&Installation>,
    signed_at: i64,
) -> Result<TreeHead, StoreError> {
    let installation = installation.ok_or(Refused::NoKeys)?;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let last = heads(&transaction)?.pop();
    let tail = crate::sqlite::records::tail(&transaction)?;
    let mut frontier = Frontier::default();
    let mut was = last.is_none() || last.as_ref().is_some_and(|last| last.size == 0);
    for leaf in leaves(&transaction, i64::MAX)? {
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
    transaction.execute(
        "INSERT INTO tree_head (log_id, size, root, chain, signed_at, public_key, signature)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        (
            head.log_id,
            head.size,
            head.root,
            head.chain,
            head.signed_at,
            head.public_key,
            head.signature,
        ),
    )?;
    transaction.commit()?;
    Ok(head)
}

pub(super) fn consistent(
    connection: &Connection,
    old: u64,
    new: u64,
) -> Result<Option<Vec<Hash>>, StoreError> {
    let size = i64::try_from(new).unwrap_or(i64::MAX);
    let leaves = leaves(connection, size)?;
    if leaves.len() as u64 != new {
        return Ok(None);
    }
    let old = usize::try_from(old).ok();
    Ok(old.and_then(|old| consistency(&leaves, old)))
}

pub(super) fn proof(
    connection: &Connection,
    tenant: &str,
    shipment_id: &str,
) -> Result<Proof, StoreError> {
    let transaction = connection.unchecked_transaction()?;
    let tree = tree_of(&transaction)?;
    proof_of(&transaction, &tree, tenant, shipment_id)
}

pub(super) fn signed_tree(connection: &Connection) -> Result<SignedTree, StoreError> {
    let transaction = connection.unchecked_transaction()?;
    tree_of(&transaction)
}

pub(super) fn proof_under(
    connection: &Connection,
    tree: &SignedTree,
    tenant: &str,
    shipment_id: &str,
) -> Result<Proof, StoreError> {
    let transaction = connection.unchecked_transaction()?;
    proof_of(&transaction, tree, tenant, shipment_id)
}

fn tree_of(transaction: &Connection) -> Result<SignedTree, StoreError> {
    let head = heads(transaction)?.pop().ok_or(Refused::NotUnderHead)?;
    let leaves = leaves(transaction, head.size)?;
    SignedTree::new(head, leaves)
}

fn proof_of(
    transaction: &Connection,
    tree: &SignedTree,
    tenant: &str,
    shipment_id: &str,
) -> Result<Proof, StoreError> {
    let key = ShipmentKey::new(tenant, shipment_id);
    let records = lines_of(transaction, &key)?;
    if records.is_empty() {
        return Err(Refused::UnknownShipment.into());
    }
    prove(&key, tree, &records)
}

pub(super) fn verify(
    connection: &Connection,
    installation: Option<&Installation>,
) -> Result<Audit, StoreError> {
    let transaction = connection.unchecked_transaction()?;
    verify_in(&transaction, installation)
}

/// As [`verify`], within the caller's transaction.
pub(super) fn verify_in(
    transaction: &Connection,
    installation: Option<&Installation>,
) -> Result<Audit, StoreError> {
    let mut auditor = Auditor::new(heads(transaction)?);
    let mut after = 0;
    loop {
        let page = lines(transaction, after, PAGE)?;
        let Some((last, _)) = page.last() else {
            break;
        };
        after = last.seq;
        let records = page
            .iter()
            .filter_map(|(_, record)| record.as_ref().ok()?.as_ref());
        let keys = keys(transaction, installation, sealed_for(records))?;
        for (line, record) in page {
            if record.is_err() {
                auditor.finds(line.seq, line.position, "a record that cannot be read");
            }
            auditor.line(&line, record.unwrap_or_default().as_ref(), &keys);
        }
    }
    for (what, sql) in sql::UNMATCHED.into_iter().chain([NOT_IN_LOG]) {
        let mut statement = transaction.prepare(sql)?;
        let positions = statement.query_map([], |row| row.get(0))?;
        for position in positions {
            auditor.finds(0, Some(position?), what);
        }
    }
    Ok(auditor.finish(installation))
}

const NOT_IN_LOG: (&str, &str) = (
    "a record that is not in the log",
    "SELECT r.position FROM record r LEFT JOIN record_log l ON l.position = r.position
    WHERE l.position IS NULL",
);

pub(super) fn expire(
    connection: &mut Connection,
    before_day: i32,
    dry_run: bool,
) -> Result<Vec<Expired>, StoreError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let sql = format!(
        "SELECT tenant, shipment_id, position, kept_until FROM record
        WHERE kept_until < ?1 AND lost & {EXPIRED} = 0 ORDER BY position"
    );
    let read = |row: &Row<'_>| {
        Ok(Expired {
            tenant: row.get(0)?,
            shipment_id: row.get(1)?,
            position: row.get(2)?,
            kept_until: row.get(3)?,
        })
    };
    let found: Vec<Expired> = transaction
        .prepare(&sql)?
        .query_map([before_day], read)?
        .collect::<Result<_, _>>()?;
    if dry_run || found.is_empty() {
        return Ok(found);
    }
    let update =
        format!("UPDATE record SET public = NULL, lost = lost | {EXPIRED} WHERE position = ?1");
    for one in &found {
        for sql in ["DELETE FROM record_sealed WHERE position = ?1", &update] {
            transaction.prepare_cached(sql)?.execute([one.position])?;
        }
    }
    transaction.commit()?;
    forget(connection)?;
    Ok(found)
}
