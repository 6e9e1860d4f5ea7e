//! Export from a PostgreSQL database and import into one. It is backed up with `pg_dump`.

use crate::error::{Refused, StoreError};
use crate::portable::{Column, Reader, TABLES, Table, Writer};
use crate::postgres::locks::{PERSONS, ask_persons_alone};
use crate::postgres::records::sequence;
use crate::postgres::{log, persons, read};
use crate::records::keys::Installation;
use crate::records::merkle::Hash;
use deadpool_postgres::{Client, Transaction};
use serde_json::Value;
use std::io::{BufRead, Write};

/// How many rows are read or written with one statement.
const PAGE: usize = 1_000;

pub(super) async fn export(
    mut client: Client,
    tenant: &str,
    to: &mut (dyn Write + Send),
) -> Result<u64, StoreError> {
    let done = write(&mut client, tenant, to).await;
    if done.is_err() {
        // The lock may still be this connection's, and goes with it.
        drop(Client::take(client));
    }
    done
}

/// Begins to read as of a moment at which no group is on its way and every record is in the log: an
/// export with a record that still waits for its line would not verify where it is taken in.
async fn settled(client: &mut Client) -> Result<Transaction<'_>, StoreError> {
    let lock = "SELECT pg_advisory_lock($1)";
    client.execute(lock, &[&PERSONS]).await?;
    sequence(client).await?;
    let transaction = log::snapshot(client).await?;
    // The first statement of the transaction says as of when it reads, before it lets others go on.
    let unlock = "SELECT pg_advisory_unlock($1)";
    transaction.execute(unlock, &[&PERSONS]).await?;
    Ok(transaction)
}

async fn write(
    client: &mut Client,
    tenant: &str,
    to: &mut (dyn Write + Send),
) -> Result<u64, StoreError> {
    let transaction = settled(client).await?;
    let mut writer = Writer::new(to, tenant)?;
    for table in &TABLES {
        let columns: Vec<String> = table.columns.iter().map(|one| json(table, *one)).collect();
        let sql = format!(
            "SELECT json_build_array({})::text FROM {} WHERE {} ORDER BY {}",
            columns.join(", "),
            table.name,
            table.condition(),
            table.order
        );
        let statement = transaction.prepare(&sql).await?;
        let portal = transaction.bind(&statement, &[&tenant]).await?;
        loop {
            let max = i32::try_from(PAGE).unwrap_or(i32::MAX);
            let page = transaction.query_portal(&portal, max).await?;
            if page.is_empty() {
                break;
            }
            for row in page {
                let json: String = row.try_get(0)?;
                writer.row(table, &json)?;
            }
        }
    }
    writer.end()
}

fn json(table: &Table, column: Column) -> String {
    let source = table.source(column);
    match column {
        Column::Bytes(_) => format!("encode({source}, 'hex')"),
        Column::Number(_) | Column::Text(_) => source,
    }
}

pub(super) async fn import(
    client: &mut Client,
    installation: Option<&Installation>,
    from: &mut (dyn BufRead + Send),
    erased: &[Hash],
) -> Result<u64, StoreError> {
    let transaction = client.transaction().await?;
    ask_persons_alone().send(&transaction).await?;
    let sql = "SELECT EXISTS (SELECT 1 FROM posting) OR EXISTS (SELECT 1 FROM record_log)
        OR EXISTS (SELECT 1 FROM person_event) OR EXISTS (SELECT 1 FROM person_blocking)";
    let is_filled: bool = transaction.query_one(sql, &[]).await?.try_get(0)?;
    if is_filled {
        return Err(Refused::NotEmpty.into());
    }
    transaction.execute("DELETE FROM record_start", &[]).await?;
    let mut reader = Reader::new(from)?;
    let mut page = Page::default();
    while let Some((table, row)) = reader.row()? {
        if page.rows.len() == PAGE || page.table.is_some_and(|before| before.name != table.name) {
            page.insert(&transaction).await?;
        }
        if page.rows.is_empty() {
            // The rows come after a line of their own.
            (page.table, page.first_line) = (Some(table), reader.rows() + 1);
        }
        page.rows.push(Value::Array(row).to_string());
    }
    page.insert(&transaction).await?;
    // The next position follows the last of any posting; an empty ledger begins at one.
    let sql = "SELECT setval('ledger_position', max(position)) FROM posting
        HAVING max(position) IS NOT NULL";
    transaction.execute(sql, &[]).await?;
    persons::erase_again(&transaction, erased).await?;
    let sums = read::verify_in(&transaction).await?;
    let audit = log::verify_in(&transaction, installation, None).await?;
    if !sums.is_empty() || !audit.found.is_empty() {
        return Err(Refused::BadExport.into());
    }
    transaction.commit().await?;
    Ok(reader.rows())
}

/// Rows of one table that go into it with one statement.
#[derive(Default)]
struct Page {
    table: Option<&'static Table>,
    /// The line of the export that has the first of them; the others follow.
    first_line: u64,
    rows: Vec<String>,
}

impl Page {
    /// Puts the rows into their table and becomes empty. What a table refuses is not as a ledger wrote
    /// it: the line of the first such row is told.
    async fn insert(&mut self, transaction: &Transaction<'_>) -> Result<(), StoreError> {
        let rows = std::mem::take(&mut self.rows);
        let Some(table) = self.table.filter(|_| !rows.is_empty()) else {
            return Ok(());
        };
        let sql = insert_into(table);
        transaction.batch_execute("SAVEPOINT page").await?;
        match transaction.execute(&sql, &[&rows]).await {
            Ok(_) => Ok(transaction.batch_execute("RELEASE page").await?),
            Err(error) if error.as_db_error().is_some() => {
                transaction.batch_execute("ROLLBACK TO page").await?;
                for (row, line) in rows.iter().zip(self.first_line..) {
                    match transaction
                        .execute(&sql, &[&std::slice::from_ref(row)])
                        .await
                    {
                        Ok(_) => {}
                        Err(error) if error.as_db_error().is_some() => {
                            return Err(Refused::BadLine(line).into());
                        }
                        Err(error) => return Err(error.into()),
                    }
                }
                // What the server refused of all of them was not in any of them.
                Err(error.into())
            }
            Err(error) => Err(error.into()),
        }
    }
}

fn insert_into(table: &Table) -> String {
    let place = |(at, column): (usize, &Column)| match column {
        Column::Number(_) => format!("(line.row ->> {at})::bigint"),
        Column::Text(_) => format!("line.row ->> {at}"),
        Column::Bytes(_) => format!("decode(line.row ->> {at}, 'hex')"),
    };
    let places: Vec<String> = table.columns.iter().enumerate().map(place).collect();
    format!(
        "INSERT INTO {} ({}) SELECT {} FROM
            (SELECT text::jsonb AS row FROM unnest($1::text[]) AS given (text)) AS line",
        table.name,
        table.names(),
        places.join(", ")
    )
}
