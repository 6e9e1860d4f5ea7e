//! What is no ledger is not made into one: a stump of a ledger's file, another program's database,
//! and a backup that is empty.

mod common;

use common::{assess, claim, installation, open_sqlite};
use deminimis_store::{Ledger, Sqlite, StoreError};
use rusqlite::Connection;
use std::path::Path;

/// A ledger of one parcel, as a program that was killed leaves it: most of it in the `-wal`.
fn killed(folder: &Path) -> (Vec<u8>, Vec<u8>) {
    let path = folder.join("ledger.db");
    let ledger = open_sqlite(&path);
    let done = ledger.claim(claim("a", 1, 10), assess(5)).wait();
    done.expect("a claim");
    let files = ["ledger.db", "ledger.db-wal"].map(|name| std::fs::read(folder.join(name)));
    let [file, wal] = files.map(|file| file.expect("a file"));
    (file, wal)
}

fn refused(path: &Path, what: &str) -> String {
    match Sqlite::open_keyed(path, installation()) {
        Err(StoreError::Failure(why)) => why,
        other => panic!("{what}: {other:?}"),
    }
}

#[test]
fn a_stump_is_not_taken_for_a_new_ledger() {
    let (from, to) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (file, wal) = killed(from.path());
    let path = to.path().join("ledger.db");
    let wal_path = to.path().join("ledger.db-wal");
    for length in [1, 16, 100, 511] {
        std::fs::write(&path, &file[..length]).unwrap();
        let why = refused(&path, &format!("{length} bytes"));
        assert!(why.contains("cut"), "{why}");
        assert_eq!(std::fs::read(&path).unwrap(), file[..length]);
    }
    // The -wal alone has all of it; taken for a new ledger, it would be deleted.
    for stump in [None, Some(&file[..0]), Some(&file[..200])] {
        let _ = std::fs::remove_file(&path);
        if let Some(stump) = stump {
            std::fs::write(&path, stump).unwrap();
        }
        std::fs::write(&wal_path, &wal).unwrap();
        let why = refused(&path, "a -wal without its ledger");
        assert!(why.contains("-wal"), "{why}");
        assert_eq!(std::fs::read(&wal_path).unwrap(), wal);
    }
    // With its file it is the ledger that it was; an empty file is a new one.
    std::fs::write(&path, &file).unwrap();
    assert!(
        open_sqlite(&path)
            .shipment("acme", "a")
            .wait()
            .unwrap()
            .is_some()
    );
    let empty = to.path().join("empty.db");
    std::fs::write(&empty, b"").unwrap();
    assert_eq!(open_sqlite(&empty).entries(0, 9).wait(), Ok(vec![]));
}

#[test]
fn the_database_of_another_program_stays_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("music.db");
    let connection = Connection::open(&path).unwrap();
    let sql = "CREATE TABLE song (name TEXT); INSERT INTO song VALUES ('Elm Street')";
    connection.execute_batch(sql).unwrap();
    drop(connection);
    let before = std::fs::read(&path).unwrap();
    let why = refused(&path, "another program's");
    assert!(why.contains("no ledger"), "{why}");
    assert_eq!(std::fs::read(&path).unwrap(), before);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn an_empty_backup_restores_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    std::fs::write(at("empty.db"), b"").unwrap();
    let connection = Connection::open(at("other.db")).unwrap();
    connection
        .execute_batch("CREATE TABLE song (name TEXT)")
        .unwrap();
    drop(connection);
    for name in ["empty.db", "other.db"] {
        let done = Sqlite::restore(&at(name), &at("restored.db"), Some(&installation()));
        assert!(done.is_err(), "{name} was restored");
        assert!(!at("restored.db").exists());
    }
}
