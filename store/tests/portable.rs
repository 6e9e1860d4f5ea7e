//! Export, import, backup and restore: what comes out at the other end is the same ledger.

mod common;
mod faulty;

use common::{Lines, assess, claim, event, installation, open_sqlite, person, said, server};
use deminimis_store::{Ledger, Postgres, Refused, Sqlite, StoreError};
use std::io::Cursor;
use std::path::Path;

/// Two tenants, whose records alternate in the log; one person erased, one merged, one record
/// expired, and a head before the last lines.
fn fill(ledger: &dyn Ledger) {
    for number in 0..12_u8 {
        let mut claim = claim(&format!("parcel \"{number}\""), number % 4, 10);
        claim.order = Some(u64::MAX);
        if number % 2 == 1 {
            claim.tenant = "other".into();
        }
        let value = 5_000 + i64::from(number);
        ledger.claim(claim, assess(value)).wait().expect("a claim");
    }
    let amended = ledger.amend(event("parcel \"4\"", "e"), assess(7));
    amended.wait().expect("an amendment");
    ledger.sign_head(77).wait().expect("a head");
    let merged = ledger.merge(said("m"), person(2), person(0));
    merged.wait().expect("a merge");
    let apart = ledger.set_apart(said("p"), person(0), person(3));
    apart.wait().expect("two persons");
    let key = installation().blocking(b"elm");
    ledger.block("acme", person(2), vec![key]).wait().unwrap();
    ledger.erase("other", person(1)).wait().unwrap();
    ledger.expire(2, false).wait().unwrap();
}

fn exported(ledger: &dyn Ledger) -> String {
    let lines = Lines::default();
    let rows = ledger.export("acme", Box::new(lines.clone())).wait();
    let text = String::from_utf8(lines.bytes()).unwrap();
    assert_eq!(text.lines().count() as u64, rows.unwrap() + 2);
    text
}

fn import(ledger: &dyn Ledger, text: &str) -> Result<u64, StoreError> {
    let bytes = Cursor::new(text.as_bytes().to_vec());
    ledger.import(Box::new(bytes)).wait()
}

/// All stores with rows, empty.
fn with_rows() -> Vec<common::Store> {
    let mut stores = vec![common::sqlite()];
    stores.extend(common::postgres());
    stores
}

#[test]
fn a_row_that_a_table_refuses_is_named_by_its_line() {
    let from = common::sqlite();
    fill(&*from.ledger);
    let text = exported(&*from.ledger);
    for table in ["posting", "shipment", "record", "tree_head"] {
        let is_of = |line: &str| line.contains(&format!("\"table\":\"{table}\""));
        let places: Vec<usize> = (0..)
            .zip(text.lines())
            .filter(|one| is_of(one.1))
            .map(|one| one.0)
            .collect();
        // Within the rows of the table, and the last of them.
        for place in [places[places.len() / 2], places[places.len() - 1]] {
            let lines = (0..).zip(text.lines()).map(|(at, line)| match at == place {
                false => format!("{line}\n"),
                true => {
                    let mut line: serde_json::Value = serde_json::from_str(line).unwrap();
                    let row = line["row"].as_array_mut().unwrap();
                    // Whose it is has to be said; nothing is what no ledger writes there.
                    let last = row.len() - 1;
                    row[if table == "posting" { 3 } else { last }] = serde_json::Value::Null;
                    if table == "record" {
                        row[6] = serde_json::Value::Null;
                    }
                    format!("{line}\n")
                }
            });
            let changed: String = lines.collect();
            for to in with_rows() {
                let done = import(&*to.ledger, &changed);
                let expected = Refused::BadLine(place as u64 + 1);
                assert_eq!(done, Err(expected.into()), "{} into {}", table, to.name);
                // Nothing is left of it.
                assert_eq!(
                    import(&*to.ledger, &text).map(|_| ()),
                    Ok(()),
                    "{}",
                    to.name
                );
            }
        }
    }
}

#[test]
fn an_export_taken_in_elsewhere_is_the_same_ledger() {
    for from in with_rows() {
        fill(&*from.ledger);
        let text = exported(&*from.ledger);
        for personal in ["Anna", "Elm", &hex("Anna"), &hex("Elm")] {
            assert!(!text.contains(personal), "{personal} is in the export");
        }
        assert!(
            !text.contains("\"other\""),
            "another tenant is in the export"
        );
        let audit = from.ledger.verify_records().wait().unwrap();
        for to in with_rows() {
            let name = format!("{} to {}", from.name, to.name);
            import(&*to.ledger, &text).expect(&name);
            assert_eq!(exported(&*to.ledger), text, "{name}");
            let taken = to.ledger.verify_records().wait().unwrap();
            assert_eq!(taken.found, [], "{name}");
            assert_eq!(
                (taken.root, taken.chain, taken.lines),
                (audit.root, audit.chain, audit.lines)
            );
            assert_eq!((audit.foreign, taken.foreign), (0, 6), "{name}");
            assert_eq!(to.ledger.verify().wait(), Ok(vec![]), "{name}");
            let records = |ledger: &dyn Ledger| ledger.records("acme", 0, 100).wait().unwrap();
            assert_eq!(records(&*to.ledger), records(&*from.ledger), "{name}");
            let proof = to.ledger.prove("acme", "parcel \"4\"").wait();
            let own = from.ledger.prove("acme", "parcel \"4\"").wait();
            assert_eq!(proof, own, "{name}");
            // It goes on where the other ended.
            let done = to.ledger.claim(claim("next", 2, 10), assess(1)).wait();
            assert!(done.unwrap().fresh, "{name}");
            to.ledger.sign_head(78).wait().expect(&name);
            let audit = to.ledger.verify_records().wait().unwrap();
            assert_eq!((audit.found, audit.waiting), (vec![], 0), "{name}");
            assert_eq!(to.ledger.verify().wait(), Ok(vec![]), "{name}");
            let again = import(&*to.ledger, &text);
            assert_eq!(again, Err(Refused::NotEmpty.into()), "{name}");
        }
    }
}

fn hex(text: &str) -> String {
    text.bytes().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn an_export_that_was_changed_or_cut_is_refused_and_leaves_nothing() {
    let from = common::sqlite();
    fill(&*from.ledger);
    let text = exported(&*from.ledger);
    let lines: Vec<&str> = text.lines().collect();
    let without = |at: usize| {
        let mut lines = lines.clone();
        lines.remove(at);
        lines.join("\n") + "\n"
    };
    for to in with_rows() {
        let refuses = |text: &str, what: &str| {
            let done = import(&*to.ledger, text);
            assert!(
                matches!(
                    done,
                    Err(StoreError::Refused(
                        Refused::BadLine(_) | Refused::BadExport
                    ))
                ),
                "{what} on {}: {done:?}",
                to.name
            );
            assert_eq!(to.ledger.entries(0, 9).wait(), Ok(vec![]), "{what}");
        };
        refuses("", "nothing");
        refuses(&text[..text.len() - 1], "an end without its line's end");
        for at in (0..lines.len()).step_by(7) {
            refuses(&without(at), lines[at]);
        }
        for (old, new) in [
            ("\"table\":\"posting\"", "\"table\":\"parcel\""),
            (",5000,", ",5001,"),
            (",10,", ",\"10\","),
        ] {
            refuses(&text.replacen(old, new, 1), new);
        }
        assert!(import(&*to.ledger, &text).is_ok());
    }
}

fn restored(from: &Path, to: &Path) -> Result<(), StoreError> {
    Sqlite::restore(from, to, Some(&installation()))
}

#[test]
fn a_backup_restores_what_was_there_and_a_damaged_one_does_not() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let ledger = open_sqlite(&at("ledger.db"));
    fill(&ledger);
    let before = ledger.verify_records().wait().unwrap();
    ledger.backup(&at("backup.db")).wait().unwrap();
    let again = ledger.backup(&at("backup.db")).wait();
    assert_eq!(again, Err(Refused::Exists.into()));
    // What comes after is not in it.
    ledger
        .claim(claim("later", 1, 10), assess(1))
        .wait()
        .unwrap();
    let over = restored(&at("backup.db"), &at("ledger.db"));
    assert_eq!(over, Err(Refused::Exists.into()));

    restored(&at("backup.db"), &at("restored.db")).unwrap();
    let other = open_sqlite(&at("restored.db"));
    assert_eq!(other.verify_records().wait().unwrap(), before);
    assert_eq!(
        exported(&other).lines().count() + 7,
        exported(&ledger).lines().count()
    );
    assert_eq!(other.shipment("acme", "later").wait(), Ok(None));

    let bytes = std::fs::read(at("backup.db")).unwrap();
    let connection = rusqlite::Connection::open(at("backup.db")).unwrap();
    let sql = "SELECT leaf FROM record_log WHERE seq = 4";
    let leaf: Vec<u8> = connection.query_row(sql, [], |row| row.get(0)).unwrap();
    drop(connection);
    let place = bytes.windows(32).position(|window| window == leaf).unwrap();
    let mut damaged = bytes.clone();
    damaged[place] ^= 1;
    for damaged in [&damaged[..], &bytes[..bytes.len() / 2], b"no ledger at all"] {
        std::fs::write(at("damaged.db"), damaged).unwrap();
        assert!(restored(&at("damaged.db"), &at("none.db")).is_err());
        assert!(!at("none.db").exists() && !at("none.db.restoring").exists());
    }
    assert!(restored(&at("nowhere.db"), &at("none.db")).is_err());
}

#[test]
fn a_ledger_in_postgres_says_how_it_is_backed_up() {
    let Some(config) = server::database() else {
        return;
    };
    let ledger = Postgres::open(&config).unwrap();
    let answer = ledger.backup(Path::new("nowhere")).wait();
    let Err(StoreError::Refused(Refused::Elsewhere(how))) = answer else {
        panic!("not refused: {answer:?}");
    };
    assert!(how.contains("pg_dump"));
}

#[test]
fn a_backup_that_fails_leaves_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = open_sqlite(&folder.path().join("ledger.db"));
    fill(&ledger);
    let disk = tempfile::tempdir().unwrap();
    let watched = faulty::Disk::watch(disk.path(), false);
    watched.disk.set(faulty::Fault::FullAfter(5));
    let to = disk.path().join("backup.db");
    let failed = ledger.backup(&to).wait();
    assert!(matches!(failed, Err(StoreError::Failure(_))), "{failed:?}");
    assert_eq!(std::fs::read_dir(disk.path()).unwrap().count(), 0);
    watched.disk.set(faulty::Fault::None);
    ledger.backup(&to).wait().expect("there is room now");
}

#[test]
fn an_export_with_numbers_that_no_ledger_writes_is_refused() {
    let from = common::sqlite();
    let put = |id: &str| {
        let asked = common::assess_in(common::slot(1), 7_777, Some(deminimis_store::Open::Priced));
        from.ledger.claim(claim(id, 1, 10), asked).wait().unwrap();
    };
    put("a");
    put("b");
    let text = exported(&*from.ledger);
    for to in with_rows() {
        for (old, new) in [
            (",7777,", ",9223372036854775807,"),
            (",7777,", ",-9223372036854775808,"),
            (
                "[1,\"acme\",\"a\",0,1,",
                "[1,\"acme\",\"a\",0,4611686018427387904,",
            ),
            (
                "[1,\"acme\",\"a\",0,1,",
                "[1,\"acme\",\"a\",0,-9223372036854775808,",
            ),
        ] {
            assert!(text.contains(old));
            let done = import(&*to.ledger, &text.replace(old, new));
            assert!(
                matches!(done, Err(StoreError::Refused(_))),
                "{new} on {}: {done:?}",
                to.name
            );
        }
        // Rows of somebody else than the first line says.
        let done = import(&*to.ledger, &text.replacen("acme", "other", 1));
        assert_eq!(done, Err(Refused::BadLine(2).into()), "{}", to.name);
        assert!(import(&*to.ledger, &text).is_ok());
    }
}

#[test]
fn a_line_that_does_not_end_is_refused() {
    for to in with_rows() {
        let first = "{\"deminimis_ledger\":1,\"tenant\":\"acme\"}\n[";
        let first = Cursor::new(first.as_bytes());
        let endless = std::io::Read::chain(first, std::io::repeat(b' '));
        let endless = std::io::BufReader::new(endless);
        let done = to.ledger.import(Box::new(endless)).wait();
        assert_eq!(done, Err(Refused::BadLine(2).into()), "{}", to.name);
    }
}

#[test]
fn what_was_erased_is_not_brought_back_by_an_export_or_a_backup_from_before() {
    for from in with_rows() {
        for (id, who) in [("a", 1), ("b", 1), ("c", 2)] {
            let done = from.ledger.claim(claim(id, who, 10), assess(5)).wait();
            done.unwrap();
        }
        let text = exported(&*from.ledger);
        assert_eq!(from.ledger.erased("acme").wait(), Ok(vec![]));
        // By the time of the erasure, parcel b has become somebody else's.
        let split = from.ledger.split(said("s"), vec!["b".into()], person(3));
        split.wait().unwrap();
        from.ledger.erase("acme", person(3)).wait().unwrap();
        let erased = from.ledger.erased("acme").wait().unwrap();
        let leaf = from.ledger.records_of("acme", "b").wait().unwrap()[0].leaf;
        assert_eq!(erased, [leaf]);
        from.ledger.erase("acme", person(2)).wait().unwrap();
        let erased = from.ledger.erased("acme").wait().unwrap();
        assert_eq!(from.ledger.erased("other").wait(), Ok(vec![]));
        for to in with_rows() {
            let name = format!("{} to {}", from.name, to.name);
            let bytes = Cursor::new(text.clone().into_bytes());
            let done = to.ledger.import_without(Box::new(bytes), erased.clone());
            done.wait().expect(&name);
            let names: Vec<String> = common::records::told(&*to.ledger)
                .into_iter()
                .map(|mut one| one.remove(3))
                .collect();
            assert_eq!(names, ["Anna 5", "Erased", "Erased"], "{name}");
            let audit = to.ledger.verify_records().wait().unwrap();
            assert_eq!((audit.found, audit.waiting), (vec![], 0), "{name}");
            assert_eq!(
                to.ledger.erased("acme").wait().as_ref(),
                Ok(&erased),
                "{name}"
            );
            // The key of who has nothing else is gone with it.
            let keys = exported(&*to.ledger).matches("\"person_secret\"").count();
            assert_eq!(keys, 1, "{name}");
        }
    }
}

#[test]
fn a_backup_from_before_an_erasure_is_restored_without_what_was_erased() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let ledger = open_sqlite(&at("ledger.db"));
    for (id, who) in [("a", 1), ("b", 2)] {
        ledger.claim(claim(id, who, 10), assess(5)).wait().unwrap();
    }
    ledger.backup(&at("backup.db")).wait().unwrap();
    ledger.erase("acme", person(1)).wait().unwrap();
    let erased = ledger.erased("acme").wait().unwrap();
    let connection = rusqlite::Connection::open(at("backup.db")).unwrap();
    let sql = "SELECT sealed FROM record_sealed WHERE position = 1";
    let sealed: Vec<u8> = connection.query_row(sql, [], |row| row.get(0)).unwrap();
    drop(connection);
    let keys = installation();
    Sqlite::restore_without(&at("backup.db"), &at("again.db"), Some(&keys), &erased).unwrap();
    let bytes = std::fs::read(at("again.db")).unwrap();
    assert!(!bytes.windows(sealed.len()).any(|window| window == sealed));
    let again = open_sqlite(&at("again.db"));
    assert_eq!(again.erased("acme").wait(), Ok(erased));
    let told = common::records::told(&again);
    assert_eq!((&*told[0][3], &*told[1][3]), ("Erased", "Anna 5"));
    assert_eq!(again.verify_records().wait().unwrap().found, []);
}
