//! Bytes of an SQLite ledger's files are cut off or flipped: what is damaged is dropped or found,
//! and a record that is given out is as it was written.
//!
//! `LEDGER_POINTS=1` takes more of the bytes, which is the nightly form.

mod common;
mod faulty;

use common::{assess, claim, installation};
use deminimis_store::{Entry, KeptRecord, Ledger, Sqlite};
use faulty::Disk;
use faulty::image::{self, Files};
use rusqlite::Connection;
use std::path::Path;

const PARCELS: u8 = 12;

/// A ledger with parcels and signed heads, as its files are, and what it says of itself.
struct Whole {
    files: Files,
    entries: Vec<Entry>,
    records: Vec<KeptRecord>,
}

fn read_files(folder: &Path) -> Files {
    let mut files = Files::new();
    for file in std::fs::read_dir(folder).unwrap().flatten() {
        let name = file.file_name().into_string().unwrap();
        // What SQLite keeps in memory between programs; it is made again.
        if !name.ends_with("-shm") {
            files.insert(name, std::fs::read(file.path()).unwrap());
        }
    }
    files
}

/// `at_rest` for a ledger that was closed, all of it in one file; otherwise as a program that was
/// killed leaves it, with all of it in the `-wal`.
fn whole(at_rest: bool) -> Whole {
    let folder = tempfile::tempdir().unwrap();
    let ledger = common::open_sqlite(&folder.path().join("ledger.db"));
    for number in 0..PARCELS {
        let id = format!("parcel {number}");
        let done = ledger.claim(claim(&id, number % 3, 10), assess(5_050));
        done.wait().expect("a claim");
        if number % 4 == 3 {
            ledger.sign_head(number.into()).wait().expect("a head");
        }
    }
    let entries = ledger.entries(0, 1_000).wait().unwrap();
    let records = ledger.records("acme", 0, 1_000).wait().unwrap();
    let mut files = read_files(folder.path());
    drop(ledger);
    if at_rest {
        // The readers' connections may have been the last to let go of the file.
        let connection = Connection::open(folder.path().join("ledger.db")).unwrap();
        let sql = "PRAGMA wal_checkpoint(TRUNCATE)";
        connection.query_row(sql, [], |_| Ok(())).unwrap();
        drop(connection);
        files = read_files(folder.path());
        assert_eq!(files.len(), 1, "a ledger that is closed is one file");
    }
    Whole {
        files,
        entries,
        records,
    }
}

fn flipped(files: &Files, name: &str, at: usize) -> Files {
    let mut files = files.clone();
    let file = files.get_mut(name).expect("the file");
    file[at] ^= 1 << (at % 8);
    files
}

fn cut(files: &Files, name: &str, at: usize) -> Files {
    let mut files = files.clone();
    files.get_mut(name).expect("the file").truncate(at);
    files
}

#[derive(Debug, Default)]
struct Found {
    refused: usize,
    named: usize,
    /// Nothing that the record log rests on was hit.
    whole: usize,
}

/// Opens files with a damage. Records are given out as they were written or not at all, and where
/// some are missing the audit says so.
fn opened(files: &Files, whole: &Whole, at: &str, found: &mut Found) {
    let folder = tempfile::tempdir().unwrap();
    image::write(files, folder.path());
    let _watched = Disk::watch(folder.path(), false);
    let path = folder.path().join("ledger.db");
    let Ok(ledger) = Sqlite::open_keyed(&path, installation()) else {
        found.refused += 1;
        return;
    };
    let audit = ledger.verify_records().wait();
    let named = !matches!(&audit, Ok(audit) if audit.found.is_empty());
    let missing = match ledger.records("acme", 0, 1_000).wait() {
        Ok(records) => {
            for record in &records {
                assert!(whole.records.contains(record), "{at}: {record:?}");
            }
            records.len() < whole.records.len()
        }
        Err(_) => true,
    };
    assert!(
        named || !missing,
        "{at}: records are missing, and the audit is clean"
    );
    if named {
        found.named += 1;
    } else {
        found.whole += 1;
    }
}

fn all_of_them() -> bool {
    std::env::var_os("LEDGER_POINTS").is_some()
}

#[test]
fn a_flipped_bit_anywhere_in_the_file_is_never_read_as_a_record() {
    let whole = whole(true);
    let (step, mut found) = (if all_of_them() { 29 } else { 499 }, Found::default());
    let length = whole.files["ledger.db"].len();
    for at in (0..length).step_by(step) {
        let files = flipped(&whole.files, "ledger.db", at);
        opened(&files, &whole, &format!("byte {at}"), &mut found);
    }
    eprintln!("{length} bytes, flipped: {found:?}");
    assert!(found.refused > 0 && found.named > 0 && found.whole > 0);
}

#[test]
fn a_file_that_was_cut_is_never_read_as_a_whole_one() {
    let whole = whole(true);
    let (step, mut found) = (if all_of_them() { 509 } else { 4_073 }, Found::default());
    let length = whole.files["ledger.db"].len();
    // SQLite takes a stump that has not even its first sector for a file that is being made.
    for at in (512..length).step_by(step) {
        let files = cut(&whole.files, "ledger.db", at);
        opened(&files, &whole, &format!("cut at {at}"), &mut found);
    }
    eprintln!("{length} bytes, cut: {found:?}");
    assert!(found.refused > 0);
}

/// What a damaged `-wal` leaves is the ledger as it was after some parcel, and it goes on.
fn goes_on(files: &Files, whole: &Whole, at: &str) -> usize {
    let folder = tempfile::tempdir().unwrap();
    image::write(files, folder.path());
    let _watched = Disk::watch(folder.path(), false);
    let ledger = common::open_sqlite(&folder.path().join("ledger.db"));
    let entries = ledger.entries(0, 1_000).wait().expect("lines");
    assert_eq!(entries, whole.entries[..entries.len()], "{at}");
    let records = ledger.records("acme", 0, 1_000).wait().expect("records");
    assert_eq!(records, whole.records[..entries.len()], "{at}");
    let done = ledger.claim(claim("new", 1, 11), assess(1)).wait();
    assert_eq!(done.map(|receipt| receipt.fresh), Ok(true), "{at}");
    assert_eq!(ledger.verify().wait(), Ok(vec![]), "{at}");
    let audit = ledger.verify_records().wait().expect("an audit");
    assert_eq!(audit.found, [], "{at}");
    entries.len()
}

#[test]
fn a_torn_or_flipped_end_of_the_wal_is_dropped() {
    let whole = whole(false);
    let name = "ledger.db-wal";
    let length = whole.files[name].len();
    let step = if all_of_them() { 211 } else { 4_999 };
    let mut kept = std::collections::BTreeSet::new();
    for at in (0..length).step_by(step) {
        let files = cut(&whole.files, name, at);
        let left = goes_on(&files, &whole, &format!("cut at {at}"));
        let files = flipped(&whole.files, name, at);
        // A frame with a flipped bit is the end, as if it were cut there.
        assert_eq!(goes_on(&files, &whole, &format!("byte {at}")), left);
        kept.insert(left);
    }
    eprintln!(
        "{length} bytes of -wal, cut and flipped: {} different ends",
        kept.len()
    );
    assert!(kept.len() > usize::from(PARCELS) / 2);
    assert_eq!(
        goes_on(&whole.files, &whole, "not damaged"),
        whole.entries.len()
    );
}
