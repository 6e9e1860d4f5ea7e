//! The record log, erasure and retention, on every store.

mod common;

use common::records::{audit, on_each, put, refused, told};
use common::{Store, arrival, assess, claim, event, kept_until, person, server};
use deminimis_store::{
    Expired, Installation, Ledger, Model, PersonKey, Postgres, Refused, Sqlite, StoreError, merkle,
};

#[test]
fn every_decision_leaves_a_record_and_nothing_else_does() {
    on_each(|ledger| {
        put(ledger, "a", 1, 10, 50_000);
        put(ledger, "a", 1, 10, 50_000);
        put(ledger, "b", 1, 10, 40_001);
        ledger.post(event("b", "1")).wait().unwrap();
        ledger
            .amend(event("b", "2"), assess(29_902))
            .wait()
            .unwrap();
        let moved = ledger.move_to(event("a", "1"), arrival(11), assess(7));
        moved.wait().unwrap();
        ledger.void(event("a", "2")).wait().unwrap();
        let expected = [
            ["a", "claim", "true", "Anna 50000", "50000", "12 Elm Street"],
            [
                "b",
                "claim",
                "false",
                "Anna 40001",
                "40001",
                "12 Elm Street",
            ],
            ["b", "2", "true", "Anna 29902", "29902", "12 Elm Street"],
            ["a", "1", "true", "Anna 7", "7", "12 Elm Street"],
        ];
        assert_eq!(told(ledger), expected);
        let records = ledger.records("acme", 2, 1).wait().unwrap();
        assert_eq!((records[0].seq, records.len()), (3, 1));
        assert_eq!(records[0].kept_until, kept_until(29_902));
        assert_eq!(audit(ledger).lines, 4);
        assert_eq!(ledger.records("other", 0, 9).wait(), Ok(vec![]));
    });
}

#[test]
fn heads_are_signed_and_each_log_begins_with_the_one_before() {
    on_each(|ledger| {
        let mut heads = vec![ledger.sign_head(1_000).wait().unwrap()];
        for number in 0..9 {
            put(ledger, &number.to_string(), 1, 10, number);
            heads.push(ledger.sign_head(2_000 + number).wait().unwrap());
        }
        assert_eq!(ledger.heads().wait(), Ok(heads.clone()));
        for (size, head) in heads.iter().enumerate() {
            assert!(head.is_signed());
            assert_eq!(head.size, i64::try_from(size).unwrap());
            assert_eq!(head.public_key, common::installation().public_key());
            let mut other = head.clone();
            other.signed_at += 1;
            assert!(!other.is_signed());
        }
        for old in 1..10_u64 {
            let path = ledger.consistency(old, 9).wait().unwrap().unwrap();
            let root = |size: u64| &heads[usize::try_from(size).unwrap()].root;
            assert!(merkle::is_consistent(old, 9, &path, root(old), root(9)));
            assert!(!merkle::is_consistent(old, 9, &path, root(old), root(8)));
        }
        assert_eq!(ledger.consistency(1, 10).wait(), Ok(None));
        let audit = audit(ledger);
        assert_eq!((audit.heads, audit.root), (10, heads[9].root));
        assert_eq!(audit.chain, heads[9].chain);
    });
}

#[test]
fn who_is_erased_is_gone_and_all_else_still_verifies() {
    on_each(|ledger| {
        let keys = common::installation();
        put(ledger, "a", 1, 10, 50_000);
        put(ledger, "b", 2, 10, 40_001);
        let blocking = keys.blocking(b"elm street 12");
        for who in [1, 2] {
            let done = ledger.block("acme", person(who), vec![blocking, blocking]);
            done.wait().unwrap();
        }
        assert_eq!(
            ledger.blocked("acme", blocking).wait().unwrap(),
            [person(1), person(2)]
        );
        let head = ledger.sign_head(5).wait().unwrap();
        let before = audit(ledger);
        let proof = ledger.prove("acme", "a").wait().unwrap();

        let erased = ledger.erase("acme", person(1)).wait().unwrap();
        assert_eq!(
            (erased.keys, erased.records, erased.blocking_keys),
            (1, 1, 1)
        );
        assert_eq!(
            told(ledger),
            [
                ["a", "claim", "true", "Erased", "50000", "Erased"],
                ["b", "claim", "true", "Anna 40001", "40001", "12 Elm Street"],
            ]
        );
        assert_eq!(
            ledger.blocked("acme", blocking).wait().unwrap(),
            [person(2)]
        );
        let after = audit(ledger);
        assert_eq!((after.root, after.chain), (before.root, before.chain));
        assert_eq!(after.root, head.root);
        assert_eq!(ledger.prove("acme", "a").wait(), Ok(proof));
        let day = ledger.day("acme", person(1), 10).wait().unwrap();
        assert_eq!(day.all.total_cents, 50_000);
        // Done again it finds nothing, and a later parcel gets a key of its own.
        let erased = ledger.erase("acme", person(1)).wait().unwrap();
        assert_eq!((erased.keys, erased.records), (0, 0));
        put(ledger, "c", 1, 10, 3);
        assert_eq!(told(ledger)[2][3], "Anna 3");
        assert_eq!(told(ledger)[0][3], "Erased");
    });
}

#[test]
fn what_is_past_its_time_is_named_and_then_deleted() {
    on_each(|ledger| {
        put(ledger, "a", 1, 10, 510);
        put(ledger, "b", 1, 10, 520);
        ledger.erase("acme", person(1)).wait().unwrap();
        put(ledger, "c", 1, 10, 510);
        ledger.sign_head(5).wait().unwrap();
        let before = audit(ledger);
        let ids = |expired: Vec<Expired>| -> Vec<String> {
            expired.into_iter().map(|one| one.shipment_id).collect()
        };
        assert_eq!(ledger.expire(10, true).wait(), Ok(vec![]));
        let named = ledger.expire(11, true).wait().unwrap();
        assert_eq!(told(ledger)[0][4], "510", "a dry run deleted something");
        assert_eq!(ids(named), ["a", "c"]);
        assert_eq!(ids(ledger.expire(11, false).wait().unwrap()), ["a", "c"]);
        assert_eq!(ledger.expire(11, false).wait(), Ok(vec![]));
        let lost = ["Expired", "Expired", "Expired", "Expired"];
        assert_eq!(told(ledger)[2][2..], lost);
        assert_eq!(
            told(ledger)[0][2..],
            ["Expired", "Erased", "Expired", "Erased"]
        );
        assert_eq!(told(ledger)[1][4], "520");
        assert_eq!(audit(ledger).root, before.root);
        assert!(ledger.prove("acme", "b").wait().is_ok());
    });
}

#[test]
fn a_proof_needs_a_record_under_a_signed_head() {
    on_each(|ledger| {
        put(ledger, "a", 1, 10, 100);
        let none = ledger.prove("acme", "a").wait();
        assert_eq!(refused(none), Refused::NotUnderHead);
        ledger.sign_head(5).wait().unwrap();
        assert_eq!(ledger.prove("acme", "a").wait().unwrap().records.len(), 1);
        let none = ledger.prove("acme", "b").wait();
        assert_eq!(refused(none), Refused::UnknownShipment);
        put(ledger, "b", 1, 10, 100);
        let none = ledger.prove("acme", "b").wait();
        assert_eq!(refused(none), Refused::NotUnderHead);
        ledger.amend(event("a", "1"), assess(90)).wait().unwrap();
        ledger.sign_head(6).wait().unwrap();
        assert_eq!(ledger.prove("acme", "a").wait().unwrap().records.len(), 2);
    });
}

fn without_keys() -> Vec<Store> {
    let folder = tempfile::tempdir().unwrap();
    let sqlite = Sqlite::open(&folder.path().join("ledger.db")).unwrap();
    let store = |name, ledger: Box<dyn Ledger>| Store {
        name,
        ledger,
        keep: Box::new(()),
    };
    let mut stores = vec![store("model", Box::<Model>::default())];
    let mut sqlite = store("sqlite", Box::new(sqlite));
    sqlite.keep = Box::new(folder);
    stores.push(sqlite);
    if let Some(config) = server::database() {
        let ledger = Postgres::open(&config).unwrap();
        stores.push(store("postgres", Box::new(ledger)));
    }
    stores
}

#[test]
fn without_keys_nothing_personal_is_kept_and_nothing_is_signed() {
    for store in without_keys() {
        let answer = store.ledger.claim(claim("a", 1, 10), assess(1)).wait();
        assert_eq!(refused(answer), Refused::NoKeys, "{}", store.name);
        assert_eq!(store.ledger.shipment("acme", "a").wait(), Ok(None));
        let head = store.ledger.sign_head(1).wait();
        assert_eq!(refused(head), Refused::NoKeys, "{}", store.name);
        let mut ask = assess(1);
        let public = move |day: &deminimis_store::DayView| {
            let mut verdict = ask(day);
            verdict.record.fields.retain(|field| !field.personal);
            verdict
        };
        let answer = store.ledger.claim(claim("a", 1, 10), Box::new(public));
        assert!(answer.wait().unwrap().fresh);
        assert_eq!(told(&*store.ledger)[0], ["a", "claim", "true", "1"]);
        audit(&*store.ledger);
    }
}

#[test]
fn a_record_that_cannot_be_committed_to_is_refused() {
    on_each(|ledger| {
        for path in ["", "free", &"x".repeat(201)] {
            let mut ask = assess(1);
            let path = path.to_owned();
            let bad = move |day: &deminimis_store::DayView| {
                let mut verdict = ask(day);
                verdict.record.fields[2].path.clone_from(&path);
                verdict
            };
            let answer = ledger.claim(claim("a", 1, 10), Box::new(bad)).wait();
            assert_eq!(refused(answer), Refused::BadRecord);
        }
        assert_eq!(audit(ledger).lines, 0);
    });
}

#[test]
fn another_installation_reads_nothing_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    let ledger = common::open_sqlite(&path);
    put(&ledger, "a", 1, 10, 100);
    ledger.sign_head(1).wait().unwrap();
    drop(ledger);
    let without = Sqlite::open(&path).unwrap();
    assert_eq!(
        told(&without)[0],
        ["a", "claim", "true", "Sealed", "100", "Sealed"]
    );
    audit(&without);
    drop(without);
    let other = Installation::from_secret(&[8; 32]);
    let other = Sqlite::open_keyed(&path, other).unwrap();
    let found = other.verify_records().wait().unwrap().found;
    let what: Vec<_> = found.iter().map(|one| one.what).collect();
    assert_eq!(
        what,
        [
            "a person's key that is missing",
            "a tree head of another installation"
        ]
    );
    assert_eq!(
        other.records("acme", 0, 9).wait(),
        Err(StoreError::Damaged(1))
    );
}

#[test]
fn a_person_is_known_by_a_keyed_hash() {
    let keys = common::installation();
    assert_ne!(keys.person(b"anna smith"), PersonKey([0; 16]));
    assert_eq!(keys.person(b"anna smith"), keys.person(b"anna smith"));
}

#[test]
fn the_records_of_one_parcel_are_those_of_the_log() {
    on_each(|ledger| {
        put(ledger, "a", 1, 10, 50_000);
        put(ledger, "b", 2, 10, 40_001);
        ledger.amend(event("a", "1"), assess(300)).wait().unwrap();
        let moved = ledger.move_to(event("a", "2"), arrival(11), assess(7));
        moved.wait().unwrap();
        ledger.post(event("a", "3")).wait().unwrap();
        put(ledger, "c", 1, 10, 10);
        let of = |id: &str| ledger.records_of("acme", id).wait();
        let from_log = |id: &str| {
            let mut all = ledger.records("acme", 0, 100).wait().unwrap();
            all.retain(|one| one.shipment_id == id);
            all
        };
        for (id, count) in [("a", 3), ("b", 1), ("c", 1)] {
            let found = of(id).unwrap();
            assert_eq!(found.len(), count, "of {id}");
            assert_eq!(found, from_log(id), "of {id}");
        }
        ledger.erase("acme", person(1)).wait().unwrap();
        assert_eq!(of("a").unwrap(), from_log("a"));
        assert!(ledger.expire(1, false).wait().unwrap().len() > 1);
        assert_eq!(of("a").unwrap(), from_log("a"));
        assert_eq!(of("b").unwrap()[0].fields[1].path, "consignee.name");
        assert_eq!(of("nobody"), Ok(vec![]));
        assert_eq!(ledger.records_of("other", "a").wait(), Ok(vec![]));
    });
}
