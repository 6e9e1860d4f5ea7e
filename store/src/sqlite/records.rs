//! Records of a batch, written with its postings and linked into the log.

use crate::codec::{self, hash};
use crate::error::StoreError;
use crate::records::keep::{NewRecord, Secrets, rows, wanted};
use crate::records::keys::Installation;
use crate::records::rows::{LogRow, RecordRow, SealedRow, Tail};
use crate::records::sql::RECORD;
use crate::rows::ShipmentKey;
use crate::types::PersonKey;
use rusqlite::{Connection, OptionalExtension, Row};

/// Reads a record and what is sealed of it, in the columns of [`RECORD`].
pub(super) fn record(row: &Row<'_>) -> Result<RecordRow, StoreError> {
    let sealed = match row.get_ref(8)?.as_blob_or_null().unwrap_or_default() {
        None => None,
        Some(person) => Some(SealedRow {
            person: codec::person(person)?,
            sealed: row.get(9)?,
        }),
    };
    Ok(RecordRow {
        position: row.get(0)?,
        shipment: ShipmentKey {
            tenant: row.get(1)?,
            shipment_id: row.get(2)?,
        },
        event_id: row.get(3)?,
        kept_until: row.get(4)?,
        lost: row.get(5)?,
        commitments: row.get(6)?,
        public: row.get(7)?,
        sealed,
    })
}

/// Reads a line of the log from column `at` on: seq, position, leaf, chain.
pub(super) fn line(row: &Row<'_>, at: usize) -> Result<LogRow, StoreError> {
    Ok(LogRow {
        seq: row.get(at)?,
        position: row.get(at + 1)?,
        leaf: hash(row.get_ref(at + 2)?.as_blob().unwrap_or_default())?,
        chain: hash(row.get_ref(at + 3)?.as_blob().unwrap_or_default())?,
    })
}

/// Where the log ends. It is checked each time: another program may have added to it, and a line
/// that is damaged is not built upon.
pub(super) fn tail(connection: &Connection) -> Result<Tail, StoreError> {
    let sql = "SELECT seq, position, leaf, chain FROM record_log ORDER BY seq DESC LIMIT 2";
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query([])?;
    let Some(last) = rows.next()?.map(|row| line(row, 0)).transpose()? else {
        return Ok(Tail::START);
    };
    let before = rows.next()?.map(|row| line(row, 0)).transpose()?;
    let record = match last.position {
        None => None,
        Some(position) => at(connection, position)?,
    };
    Tail::of(before.as_ref(), &last, record.as_ref())
}

fn at(connection: &Connection, position: i64) -> Result<Option<RecordRow>, StoreError> {
    let sql = format!(
        "SELECT {RECORD} FROM record r
        LEFT JOIN record_sealed s ON s.position = r.position AND s.tenant = r.tenant
        WHERE r.position = ?1"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query([position])?;
    rows.next()?.map(record).transpose()
}

/// Writes records in the order of their postings, and the log's lines for them.
pub(super) fn save(
    connection: &Connection,
    installation: Option<&Installation>,
    records: &[NewRecord],
) -> Result<(), StoreError> {
    if records.is_empty() {
        return Ok(());
    }
    let mut secrets = Secrets::default();
    if let Some(installation) = installation {
        for (tenant, person) in wanted(records) {
            load_secret(connection, installation, &mut secrets, &tenant, person)?;
        }
    }
    let rows = rows(installation, &mut secrets, records)?;
    save_secrets(connection, &mut secrets)?;
    let mut tail = tail(connection)?;
    for row in &rows {
        insert(connection, row)?;
        let line = tail.append(row);
        connection
            .prepare_cached(
                "INSERT INTO record_log (seq, position, leaf, chain) VALUES (?1, ?2, ?3, ?4)",
            )?
            .execute((line.seq, line.position, line.leaf, line.chain))?;
    }
    Ok(())
}

fn insert(connection: &Connection, row: &RecordRow) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "INSERT INTO record (position, tenant, shipment_id, event_id, kept_until, lost,
                commitments, public)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?
        .execute((
            row.position,
            &row.shipment.tenant,
            &row.shipment.shipment_id,
            &row.event_id,
            row.kept_until,
            row.lost,
            &row.commitments,
            &row.public,
        ))?;
    if let Some(sealed) = &row.sealed {
        connection
            .prepare_cached(
                "INSERT INTO record_sealed (position, tenant, person, sealed)
                VALUES (?1, ?2, ?3, ?4)",
            )?
            .execute((
                row.position,
                &row.shipment.tenant,
                sealed.person.0,
                &sealed.sealed,
            ))?;
    }
    Ok(())
}

/// The key of a person as the ledger has it, if there is one.
pub(super) fn secret(
    connection: &Connection,
    tenant: &str,
    person: PersonKey,
) -> Result<Option<Vec<u8>>, StoreError> {
    let sql = "SELECT sealed FROM person_secret WHERE tenant = ?1 AND person = ?2";
    let mut statement = connection.prepare_cached(sql)?;
    let sealed = statement.query_row((tenant, person.0), |row| row.get(0));
    Ok(sealed.optional()?)
}

/// Takes the key of a person, if it has one.
pub(super) fn load_secret(
    connection: &Connection,
    installation: &Installation,
    secrets: &mut Secrets,
    tenant: &str,
    person: PersonKey,
) -> Result<(), StoreError> {
    match secret(connection, tenant, person)? {
        Some(sealed) => secrets.add(installation, (tenant.to_owned(), person), &sealed),
        None => Ok(()),
    }
}

/// Writes the keys that were made.
pub(super) fn save_secrets(
    connection: &Connection,
    secrets: &mut Secrets,
) -> Result<(), StoreError> {
    for ((tenant, person), sealed) in secrets.new.drain(..) {
        connection
            .prepare_cached(
                "INSERT INTO person_secret (tenant, person, sealed) VALUES (?1, ?2, ?3)",
            )?
            .execute((tenant, person.0, sealed))?;
    }
    Ok(())
}
