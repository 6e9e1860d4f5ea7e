//! Many at once: the same request sixteen times, and two programs on one ledger.

mod common;

use common::{assess, claim, is_free, person, server};
use deminimis_store::{Claim, Ledger, Pending, Postgres, Receipt, Sqlite, StoreError};
use std::collections::VecDeque;
use std::path::Path;
use std::sync::Mutex;

/// Ids submitted sixteen times; `LEDGER_IDS=10000` is the nightly form.
fn ids() -> usize {
    let given = std::env::var("LEDGER_IDS").ok();
    given.map_or(1_000, |ids| ids.parse().expect("a number of ids"))
}

const SENDERS: usize = 16;
/// How many answers a sender has outstanding.
const WINDOW: usize = 32;

fn parcel(number: usize) -> Claim {
    let who = u8::try_from(number % 251).expect("below 251");
    claim(&format!("parcel {number}"), who, 10)
}

fn send(ledger: &dyn Ledger, claim: &Claim) -> Pending<Receipt> {
    ledger.claim(claim.clone(), assess(1_700))
}

/// Sends every parcel, each sender beginning elsewhere, and tells the receipts by parcel.
fn sixteen_times(ledgers: &[Box<dyn Ledger>], ids: usize) -> Vec<Vec<Receipt>> {
    let receipts: Mutex<Vec<Vec<Receipt>>> = Mutex::new(vec![Vec::new(); ids]);
    std::thread::scope(|scope| {
        for sender in 0..SENDERS {
            let receipts = &receipts;
            let ledger = &*ledgers[sender % ledgers.len()];
            scope.spawn(move || {
                let mut waiting = VecDeque::new();
                let settle = |(number, pending): (usize, Pending<Receipt>)| {
                    let mut told = pending.wait();
                    while told == Err(StoreError::Busy) {
                        told = send(ledger, &parcel(number)).wait();
                    }
                    receipts.lock().unwrap()[number].push(told.expect("a receipt"));
                };
                for step in 0..ids {
                    // Half of the senders go along together, the others come from elsewhere.
                    let number = (step + (sender / 2) * 7) % ids;
                    waiting.push_back((number, send(ledger, &parcel(number))));
                    if waiting.len() > WINDOW {
                        waiting.pop_front().into_iter().for_each(settle);
                    }
                }
                waiting.into_iter().for_each(settle);
            });
        }
    });
    receipts.into_inner().unwrap()
}

fn check(name: &str, ledgers: &[Box<dyn Ledger>]) {
    let ids = ids();
    let receipts = sixteen_times(ledgers, ids);
    for (number, told) in receipts.iter().enumerate() {
        assert_eq!(told.len(), SENDERS);
        let fresh = told.iter().filter(|receipt| receipt.fresh).count();
        assert_eq!(
            fresh, 1,
            "{name}: parcel {number} had its effect {fresh} times"
        );
        let same =
            |one: &Receipt| (one.position, &one.answer) == (told[0].position, &told[0].answer);
        assert!(told.iter().all(same), "{name}: parcel {number}: {told:?}");
    }
    let ledger = &*ledgers[0];
    let entries = ledger.entries(0, u32::MAX).wait().unwrap();
    assert_eq!(entries.len(), ids, "{name}");
    // Two programs that add to one log leave one chain, with each record once.
    let audit = ledger.verify_records().wait().unwrap();
    assert_eq!((audit.found, audit.waiting), (vec![], 0), "{name}");
    assert_eq!(audit.lines, ids as u64, "{name}");
    assert_eq!(ledger.verify().wait(), Ok(vec![]), "{name}");
    // What was answered is what is held: no update of a day was lost.
    for who in 0..251_usize.min(ids) {
        let free = (who..ids)
            .step_by(251)
            .filter(|number| is_free(&receipts[*number][0]));
        let free = i64::try_from(free.count()).unwrap();
        let all = i64::try_from((who..ids).step_by(251).count()).unwrap();
        let held = ledger
            .day("acme", person(u8::try_from(who).unwrap()), 10)
            .wait()
            .unwrap();
        assert_eq!(held.counted[2].shipments, free, "{name}");
        assert_eq!(held.all.shipments, all, "{name}");
        assert!(held.counted[2].total_cents <= common::LIMIT_CENTS, "{name}");
    }
}

fn two_sqlite(path: &Path) -> Vec<Box<dyn Ledger>> {
    let open = || -> Box<dyn Ledger> { Box::new(common::open_sqlite(path)) };
    vec![open(), open()]
}

#[test]
fn the_same_request_sixteen_times_has_one_effect_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    check("sqlite", &two_sqlite(&folder.path().join("ledger.db")));
}

#[test]
fn the_same_request_sixteen_times_has_one_effect_on_postgres() {
    let Some(config) = server::database() else {
        return;
    };
    let open = || -> Box<dyn Ledger> {
        let ledger = Postgres::open_keyed(&config, common::installation());
        Box::new(ledger.expect("a ledger"))
    };
    check("postgres", &[open(), open()]);
}

/// One person, whose day has room for 47 of these parcels and no more, whoever asks.
fn race(name: &str, ledgers: &[Box<dyn Ledger>]) {
    let free = Mutex::new(0_u32);
    std::thread::scope(|scope| {
        for sender in 0..SENDERS {
            let (free, ledger) = (&free, &*ledgers[sender % ledgers.len()]);
            scope.spawn(move || {
                for number in 0..10 {
                    let claim = claim(&format!("{sender} {number}"), 1, 10);
                    let told = common::claim_until_taken(ledger, &claim, 1_700).expect("a receipt");
                    *free.lock().unwrap() += u32::from(is_free(&told));
                }
            });
        }
    });
    assert_eq!(free.into_inner().unwrap(), 47, "{name}");
    let held = ledgers[0].day("acme", person(1), 10).wait().unwrap();
    assert_eq!(held.counted[2].total_cents, 47 * 1_700, "{name}");
    assert_eq!(held.all.shipments, 160, "{name}");
    assert_eq!(held.crossed[2], 160 - 47, "{name}");
}

#[test]
fn a_day_has_room_once_however_many_ask() {
    let folder = tempfile::tempdir().unwrap();
    race("sqlite", &two_sqlite(&folder.path().join("ledger.db")));
    if let Some(config) = server::database() {
        let open = || -> Box<dyn Ledger> {
            let ledger = Postgres::open_keyed(&config, common::installation());
            Box::new(ledger.expect("a ledger"))
        };
        race("postgres", &[open(), open()]);
    }
}

#[test]
fn a_ledger_of_a_later_program_is_refused() {
    let newer = StoreError::NewerSchema {
        found: 99,
        known: 4,
    };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    drop(Sqlite::open(&path).unwrap());
    let connection = rusqlite::Connection::open(&path).unwrap();
    let sql = "INSERT INTO schema_migration VALUES (99, 'later')";
    connection.execute(sql, []).unwrap();
    assert_eq!(Sqlite::open(&path).unwrap_err(), newer);
    let sql = "UPDATE schema_migration SET checksum = 'other' WHERE number = 1";
    connection
        .execute("DELETE FROM schema_migration WHERE number = 99", [])
        .unwrap();
    connection.execute(sql, []).unwrap();
    assert_eq!(
        Sqlite::open(&path).unwrap_err(),
        StoreError::OtherMigration(1)
    );
    if let Some(config) = server::database() {
        drop(Postgres::open(&config).unwrap());
        server::run(&config, "INSERT INTO schema_migration VALUES (99, 'later')");
        assert_eq!(Postgres::open(&config).unwrap_err(), newer);
    }
}

#[test]
fn a_ledger_from_before_there_were_records_is_brought_up_to_date() {
    use sha2::{Digest, Sha256};
    let sql = include_str!("../migrations/sqlite/0001-ledger.sql");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    let connection = rusqlite::Connection::open(&path).unwrap();
    let table = "CREATE TABLE schema_migration (
        number BIGINT NOT NULL PRIMARY KEY, checksum TEXT NOT NULL)";
    connection.execute_batch(table).unwrap();
    connection.execute_batch(sql).unwrap();
    let digest = Sha256::digest(sql);
    let checksum: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    let row = "INSERT INTO schema_migration VALUES (1, ?1)";
    connection.execute(row, [checksum]).unwrap();
    let posting = "INSERT INTO posting VALUES
        (7, 'acme', 'old', 0, 1, zeroblob(16), 10, 0, NULL, NULL, NULL, 5, NULL, NULL, 0, NULL)";
    connection.execute(posting, []).unwrap();
    drop(connection);
    let ledger = common::open_sqlite(&path);
    let old = ledger.entries(0, 9).wait().unwrap();
    assert_eq!((old.len(), old[0].position), (1, 7));
    let receipt = send(&ledger, &parcel(1)).wait().unwrap();
    assert_eq!(receipt.position, 8);
    let audit = ledger.verify_records().wait().unwrap();
    assert_eq!((audit.lines, audit.found), (1, vec![]));
}

#[test]
fn a_line_of_the_ledger_cannot_be_changed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    let ledger = common::open_sqlite(&path);
    send(&ledger, &parcel(1)).wait().unwrap();
    let connection = rusqlite::Connection::open(&path).unwrap();
    for sql in ["UPDATE posting SET value_cents = 1", "DELETE FROM posting"] {
        assert!(connection.execute(sql, []).is_err(), "{sql}");
    }
    // What is kept as a sum can be changed, and the recount finds it.
    let sql = "UPDATE shipment SET value_cents = value_cents + 1";
    assert_eq!(connection.execute(sql, []), Ok(1));
    let found = ledger.verify().wait().unwrap();
    assert_eq!(found.len(), 1, "{found:?}");
    connection.execute("DELETE FROM person_day", []).unwrap();
    connection.execute("DELETE FROM shipment", []).unwrap();
    let found = ledger.verify().wait().unwrap();
    let what: Vec<_> = found.iter().map(|one| one.what).collect();
    assert_eq!(what, ["a missing day", "a missing shipment"]);
}
