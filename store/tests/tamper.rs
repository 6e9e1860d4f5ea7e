//! Somebody changes the record log behind the ledger's back: every such change is found, and what
//! was changed is never read or built upon.

mod common;

use common::{assess, claim, open_sqlite, server};
use deminimis_store::{Audit, Ledger, Postgres, StoreError};
use rusqlite::Connection;
use rusqlite::types::Value;
use std::path::Path;

/// A ledger with a few parcels and two signed heads.
fn filled(path: &Path) {
    fill(&open_sqlite(path));
}

fn fill(ledger: &dyn Ledger) {
    for number in 0..6_u8 {
        let id = format!("parcel {number}");
        let done = ledger.claim(claim(&id, number % 3, 10), assess(5_050));
        done.wait().expect("a claim");
        if number % 3 == 2 {
            ledger.sign_head(number.into()).wait().expect("a head");
        }
    }
}

fn audit(ledger: &dyn Ledger) -> Audit {
    ledger.verify_records().wait().expect("an audit")
}

/// The columns of the record log that hold what was written, with the key of their table.
const COLUMNS: [(&str, &str, &[&str]); 4] = [
    (
        "record",
        "position",
        &[
            "tenant",
            "shipment_id",
            "event_id",
            "kept_until",
            "lost",
            "commitments",
            "public",
        ],
    ),
    ("record_sealed", "position", &["tenant", "person", "sealed"]),
    ("record_log", "seq", &["position", "leaf", "chain"]),
    (
        "tree_head",
        "number",
        &[
            "log_id",
            "size",
            "root",
            "chain",
            "signed_at",
            "public_key",
            "signature",
        ],
    ),
];

/// One bit of a value changed, or something else where there is none.
fn flipped(value: Value, random: usize) -> Value {
    match value {
        Value::Null => Value::Text("x".into()),
        Value::Integer(number) => Value::Integer(number ^ (1 << (random % 20))),
        Value::Text(text) => {
            let mut bytes = text.into_bytes();
            let at = random / 4 % bytes.len();
            bytes[at] ^= 1 << (random % 4);
            Value::Text(String::from_utf8(bytes).expect("still ASCII"))
        }
        Value::Blob(mut bytes) => {
            let at = random / 8 % bytes.len();
            bytes[at] ^= 1 << (random % 8);
            Value::Blob(bytes)
        }
        Value::Real(_) => panic!("the ledger has no such column"),
    }
}

/// The files of a ledger that nobody has open, all in one.
fn at_rest(path: &Path) -> Connection {
    let connection = Connection::open(path).expect("the file");
    connection
        .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
        .expect("a checkpoint");
    connection
}

#[test]
fn a_flipped_bit_in_any_column_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let whole = folder.path().join("whole.db");
    filled(&whole);
    drop(at_rest(&whole));
    let mut random: usize = 1;
    let mut flips = 0;
    for (table, key, columns) in COLUMNS {
        for column in columns {
            for row in [1, 2] {
                random = random
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1);
                let path = folder.path().join("flipped.db");
                std::fs::copy(&whole, &path).unwrap();
                let connection = Connection::open(&path).unwrap();
                let sql = format!("SELECT {column} FROM {table} WHERE {key} = {row}");
                let value = connection.query_row(&sql, [], |row| row.get(0)).unwrap();
                let value = flipped(value, random >> 33);
                connection
                    .execute_batch("DROP TRIGGER record_log_is_never_changed")
                    .unwrap();
                let sql = format!("UPDATE {table} SET {column} = ?1 WHERE {key} = {row}");
                assert_eq!(connection.execute(&sql, [&value]), Ok(1));
                drop(connection);
                let ledger = open_sqlite(&path);
                let found = audit(&ledger).found;
                assert!(!found.is_empty(), "{table}.{column} of {row} to {value:?}");
                if table != "tree_head" {
                    let read = ledger.records("acme", 0, 100).wait();
                    assert!(
                        matches!(read, Err(StoreError::Damaged(_))),
                        "{table}.{column} of {row} to {value:?} was read: {read:?}"
                    );
                }
                flips += 1;
                drop(ledger);
                std::fs::remove_file(&path).unwrap();
            }
        }
    }
    assert_eq!(flips, 40);
}

#[test]
fn a_line_that_is_gone_is_found_and_nothing_is_added_to_a_damaged_end() {
    let folder = tempfile::tempdir().unwrap();
    for (sql, adds) in [
        ("DELETE FROM record_log WHERE seq = 3", true),
        ("DELETE FROM record_log WHERE seq = 6", true),
        ("DELETE FROM record WHERE position = 2", true),
        ("DELETE FROM record_sealed WHERE position = 2", true),
        ("DELETE FROM person_secret", true),
        (
            "UPDATE record_log SET chain = zeroblob(32) WHERE seq = 6",
            false,
        ),
        (
            "UPDATE record_log SET chain = zeroblob(32) WHERE seq = 5",
            false,
        ),
        (
            "UPDATE record SET commitments = zeroblob(4) WHERE position = 6",
            false,
        ),
        ("DELETE FROM record WHERE position = 6", false),
    ] {
        let path = folder.path().join("ledger.db");
        filled(&path);
        let connection = at_rest(&path);
        let triggers = "DROP TRIGGER record_log_is_never_changed;
            DROP TRIGGER record_log_is_never_removed";
        connection.execute_batch(triggers).unwrap();
        assert!(connection.execute(sql, []).unwrap() > 0, "{sql}");
        drop(connection);
        let ledger = open_sqlite(&path);
        let found = audit(&ledger).found;
        assert!(!found.is_empty(), "{sql}");
        let done = ledger.claim(claim("new", 1, 11), assess(1)).wait();
        assert_eq!(done.is_ok(), adds, "{sql}: {done:?}");
        if !adds {
            assert!(matches!(done, Err(StoreError::Damaged(_))), "{sql}");
            assert_eq!(ledger.shipment("acme", "new").wait(), Ok(None));
        }
        // A log that does not begin with what was signed last is not signed again.
        if sql.contains("seq = 3") {
            let head = ledger.sign_head(9).wait();
            assert!(matches!(head, Err(StoreError::Damaged(_))), "{head:?}");
        }
        drop(ledger);
        std::fs::remove_file(&path).unwrap();
    }
}

/// Bytes of the file that hold values, commitments, seals, leaves or signatures, changed on disk.
#[test]
fn a_flipped_bit_in_the_file_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let whole = folder.path().join("whole.db");
    filled(&whole);
    let connection = at_rest(&whole);
    let mut parts: Vec<Vec<u8>> = Vec::new();
    for sql in [
        "SELECT leaf FROM record_log WHERE seq = 4",
        "SELECT chain FROM record_log WHERE seq = 4",
        "SELECT public FROM record WHERE position = 4",
        "SELECT commitments FROM record WHERE position = 4",
        "SELECT sealed FROM record_sealed WHERE position = 4",
        "SELECT sealed FROM person_secret LIMIT 1",
        "SELECT signature FROM tree_head WHERE number = 1",
    ] {
        parts.push(connection.query_row(sql, [], |row| row.get(0)).unwrap());
    }
    drop(connection);
    let bytes = std::fs::read(&whole).unwrap();
    let path = folder.path().join("flipped.db");
    for part in parts {
        let at = bytes
            .windows(part.len())
            .position(|window| window == part)
            .expect("the bytes are in the file");
        for byte in [0, part.len() / 2, part.len() - 1] {
            let mut other = bytes.clone();
            other[at + byte] ^= 0x10;
            std::fs::write(&path, &other).unwrap();
            let ledger = open_sqlite(&path);
            let found = audit(&ledger).found;
            assert!(!found.is_empty(), "byte {byte} of {part:02x?}");
            drop(ledger);
            for end in ["-wal", "-shm"] {
                // Left over only if the ledger did not close the file for good.
                let _ = std::fs::remove_file(format!("{}{end}", path.display()));
            }
        }
    }
}

#[test]
fn what_is_erased_or_expired_is_not_in_the_file_any_more() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    filled(&path);
    let connection = at_rest(&path);
    let get = |sql: &str| -> Vec<u8> { connection.query_row(sql, [], |row| row.get(0)).unwrap() };
    let person = "person = x'01010101010101010101010101010101'";
    let secret = get(&format!("SELECT sealed FROM person_secret WHERE {person}"));
    let sealed = get(&format!("SELECT sealed FROM record_sealed WHERE {person}"));
    let public = get("SELECT public FROM record WHERE position = 1");
    drop(connection);
    let anywhere = |part: &[u8]| {
        let files = std::fs::read_dir(folder.path()).unwrap();
        files.flatten().any(|file| {
            let bytes = std::fs::read(file.path()).unwrap();
            bytes.windows(part.len()).any(|window| window == part)
        })
    };
    assert!(anywhere(&secret) && anywhere(&sealed) && anywhere(&public));
    let ledger = open_sqlite(&path);
    ledger.erase("acme", common::person(1)).wait().unwrap();
    assert!(!anywhere(&secret) && !anywhere(&sealed));
    assert!(anywhere(&public));
    assert_eq!(ledger.expire(51, false).wait().unwrap().len(), 6);
    assert!(!anywhere(&public));
    assert_eq!(audit(&ledger).found, []);
}

/// With enough persons that their rows were moved from page to page.
#[test]
fn an_erasure_reaches_copies_in_other_pages() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    let ledger = open_sqlite(&path);
    // In an order in which new keys come between old ones.
    for number in 0..250_u8 {
        let who = number.wrapping_mul(97);
        let done = ledger.claim(claim(&format!("parcel {number}"), who, 10), assess(5_050));
        done.wait().expect("a claim");
    }
    drop(ledger);
    let connection = at_rest(&path);
    let all = |sql: &str| -> Vec<Vec<u8>> {
        let mut statement = connection.prepare(sql).unwrap();
        let rows = statement.query_map([], |row| row.get(0)).unwrap();
        rows.collect::<Result<_, _>>().unwrap()
    };
    let mut parts = all("SELECT sealed FROM person_secret");
    assert_eq!(parts.len(), 250);
    parts.extend(all("SELECT sealed FROM record_sealed"));
    drop(connection);
    let ledger = open_sqlite(&path);
    for number in 0..250_u8 {
        let who = common::person(number.wrapping_mul(97));
        assert_eq!(ledger.erase("acme", who).wait().unwrap().keys, 1);
    }
    drop(ledger);
    let bytes = std::fs::read(&path).unwrap();
    for part in parts {
        assert!(!bytes.windows(part.len()).any(|window| window == part));
    }
}

#[test]
fn changes_in_postgres_are_found() {
    for sql in [
        "UPDATE record SET public = set_byte(public, 3, get_byte(public, 3) # 1)
            WHERE shipment_id = 'parcel 3'",
        "UPDATE record SET kept_until = kept_until + 1 WHERE shipment_id = 'parcel 3'",
        "UPDATE record_sealed SET sealed = set_byte(sealed, 30, get_byte(sealed, 30) # 1)",
        "DELETE FROM record WHERE shipment_id = 'parcel 3'",
        "DELETE FROM record_sealed",
        "UPDATE tree_head SET root = chain",
        "ALTER TABLE record_log DISABLE TRIGGER record_log_stays;
            DELETE FROM record_log WHERE seq = 6",
        "ALTER TABLE record_log DISABLE TRIGGER record_log_stays;
            UPDATE record_log SET leaf = chain WHERE seq = 6",
    ] {
        let Some(config) = server::database() else {
            return;
        };
        let ledger = Postgres::open_keyed(&config, common::installation()).unwrap();
        fill(&ledger);
        assert_eq!(audit(&ledger).found, []);
        server::run(&config, sql);
        assert!(!audit(&ledger).found.is_empty(), "{sql}");
    }
}

#[test]
fn records_that_a_program_left_behind_are_put_into_the_log() {
    let Some(config) = server::database() else {
        return;
    };
    let open = || Postgres::open_keyed(&config, common::installation()).unwrap();
    let ledger = open();
    fill(&ledger);
    assert_eq!(audit(&ledger).waiting, 0);
    drop(ledger);
    // As if the last two were committed by a program that ended right after.
    server::run(
        &config,
        "ALTER TABLE record_log DISABLE TRIGGER record_log_stays;
        INSERT INTO record_waiting SELECT position FROM record_log WHERE seq > 4;
        DELETE FROM record_log WHERE seq > 4; DELETE FROM tree_head WHERE size > 4",
    );
    let ledger = open();
    let audit = audit(&ledger);
    assert_eq!((audit.lines, audit.waiting, audit.found), (6, 0, vec![]));
}
