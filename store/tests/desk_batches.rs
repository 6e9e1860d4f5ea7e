//! Batches and their states, the same on SQLite and PostgreSQL.

mod common;

use common::server::database;
use deminimis_store::desk::{
    Batch, BatchCounts, BatchKind, BatchState, DeskStore, Event, TooMuch, Waiting,
};

const NOW: i64 = 1_795_000_000;

/// Runs a case on every store that is there.
fn on_each(case: impl Fn(&DeskStore)) {
    let folder = tempfile::tempdir().unwrap();
    case(&DeskStore::open_sqlite(&folder.path().join("desk.sqlite")).unwrap());
    if let Some(config) = database() {
        case(&DeskStore::open_postgres(&config).unwrap());
    }
}

fn batch(id: &str, tenant: &str) -> Batch {
    Batch {
        seq: 0,
        batch_id: id.to_owned(),
        tenant: tenant.to_owned(),
        name: "orders.csv".to_owned(),
        kind: BatchKind::Enter,
        format: "csv".to_owned(),
        preset: String::new(),
        ignore_unknown: true,
        bytes: 12,
        state: BatchState::Queued,
        created_at: NOW,
        started_at: None,
        ended_at: None,
        failure: String::new(),
        counts: BatchCounts::default(),
    }
}

fn at(moment: i64) -> Event {
    Event {
        event_id: "e".to_owned(),
        name: "batch.finished".to_owned(),
        body: String::new(),
        at: moment,
    }
}

fn many(batches_of_tenant: u32) -> Waiting {
    Waiting {
        batches_of_tenant,
        bytes_of_tenant: i64::MAX,
        bytes: i64::MAX,
    }
}

/// What keeps a batch out.
fn sent(store: &DeskStore, id: &str, tenant: &str, most: Waiting) -> Option<TooMuch> {
    let added = store.add_batch(&batch(id, tenant), most);
    added.wait().unwrap()
}

fn add(store: &DeskStore, id: &str, tenant: &str) {
    assert_eq!(sent(store, id, tenant, many(100)), None);
}

fn take(store: &DeskStore) -> Option<String> {
    let taken = store.take_batch(NOW + 1).wait().unwrap();
    taken.map(|batch| batch.batch_id)
}

#[test]
fn tenants_take_turns_and_each_has_its_own_in_order() {
    on_each(|store| {
        for id in ["a1", "a2", "a3"] {
            add(store, id, "a");
        }
        assert_eq!(take(store).as_deref(), Some("a1"));
        for id in ["b1", "b2", "c1"] {
            add(store, id, id.split_at(1).0);
        }
        let order: Vec<_> = std::iter::from_fn(|| take(store)).collect();
        assert_eq!(order, ["b1", "c1", "a2", "b2", "a3"]);
        assert_eq!(take(store), None);
    });
}

#[test]
fn no_more_than_so_many_wait() {
    on_each(|store| {
        let full = Some(TooMuch::Batches);
        for (id, kept_out) in [("a1", None), ("a2", None), ("a3", full)] {
            assert_eq!(sent(store, id, "a", many(2)), kept_out);
        }
        assert_eq!(sent(store, "b1", "b", many(2)), None);
        take(store).unwrap();
        assert_eq!(sent(store, "a3", "a", many(2)), None);
        assert_eq!(store.batches("a", i64::MAX, 10).wait().unwrap().len(), 3);
    });
}

#[test]
fn no_more_than_so_many_bytes_wait() {
    on_each(|store| {
        let most = Waiting {
            bytes_of_tenant: 30,
            bytes: 40,
            ..many(100)
        };
        assert_eq!(sent(store, "a1", "a", most), None);
        assert_eq!(sent(store, "a2", "a", most), None);
        // What is worked on is on the disk still.
        assert_eq!(take(store).as_deref(), Some("a1"));
        assert_eq!(sent(store, "a3", "a", most), Some(TooMuch::BytesOfTenant));
        assert_eq!(store.waiting_bytes("a").wait().unwrap(), (24, 24));
        assert_eq!(sent(store, "b1", "b", most), None);
        assert_eq!(sent(store, "c1", "c", most), Some(TooMuch::Bytes));
        assert_eq!(store.waiting_bytes("c").wait().unwrap(), (0, 36));
        assert_eq!(store.ended_batches().wait().unwrap(), []);
        let ended = store.end_batch("a1", BatchCounts::default(), None, &at(NOW));
        assert!(ended.wait().unwrap());
        let ended = [("a".to_owned(), "a1".to_owned())];
        assert_eq!(store.ended_batches().wait().unwrap(), ended);
        assert_eq!(sent(store, "c1", "c", most), None);
    });
}

#[test]
fn counts_are_kept_and_an_end_is_the_end() {
    on_each(|store| {
        add(store, "a1", "a");
        let counts = BatchCounts {
            rows_read: 9,
            parcels_read: 8,
            parcels_refused: 1,
            parcels_done: 8,
            outcomes: [1, 2, 3, 4],
            entered: 5,
            answered_before: 3,
        };
        // What is not running has no progress and no end.
        store.batch_progress("a1", counts).wait().unwrap();
        assert!(
            !store
                .end_batch("a1", counts, None, &at(NOW))
                .wait()
                .unwrap()
        );
        take(store).unwrap();
        store.batch_progress("a1", counts).wait().unwrap();
        let mut found = store.batch("a", "a1").wait().unwrap().unwrap();
        assert_eq!((found.counts, found.state), (counts, BatchState::Running));
        assert_eq!(store.batch("b", "a1").wait().unwrap(), None);
        assert!(
            store
                .end_batch("a1", counts, None, &at(NOW + 9))
                .wait()
                .unwrap()
        );
        assert!(
            !store
                .end_batch("a1", counts, None, &at(NOW))
                .wait()
                .unwrap()
        );
        assert_eq!(store.requeue_batches(None).wait().unwrap(), 0);
        found = store.batch("a", "a1").wait().unwrap().unwrap();
        assert_eq!(found.state, BatchState::Finished);
        assert_eq!((found.kind, found.bytes), (BatchKind::Enter, 12));
        assert_eq!(
            (found.started_at, found.ended_at),
            (Some(NOW + 1), Some(NOW + 9))
        );
        assert_eq!(
            (found.name.as_str(), found.ignore_unknown),
            ("orders.csv", true)
        );
        add(store, "a2", "a");
        take(store).unwrap();
        let failed = store.end_batch("a2", counts, Some("no room"), &at(NOW + 9));
        assert!(failed.wait().unwrap());
        found = store.batch("a", "a2").wait().unwrap().unwrap();
        assert_eq!(
            (found.state, found.failure.as_str()),
            (BatchState::Failed, "no room")
        );
    });
}

#[test]
fn what_ran_is_taken_up_again() {
    on_each(|store| {
        for id in ["a1", "a2", "a3"] {
            add(store, id, "a");
            take(store).unwrap();
        }
        let counts = BatchCounts {
            parcels_read: 8,
            ..BatchCounts::default()
        };
        store.batch_progress("a1", counts).wait().unwrap();
        assert_eq!(store.requeue_batches(Some("a3")).wait().unwrap(), 1);
        assert_eq!(take(store).as_deref(), Some("a3"));
        assert_eq!(store.requeue_batches(None).wait().unwrap(), 3);
        let found = store.batch("a", "a1").wait().unwrap().unwrap();
        assert_eq!(found.counts, BatchCounts::default());
        assert_eq!((found.state, found.started_at), (BatchState::Queued, None));
        assert_eq!(take(store).as_deref(), Some("a1"));
    });
}

#[test]
fn batches_go_when_they_are_deleted_or_old() {
    on_each(|store| {
        for (id, ended) in [("a1", NOW), ("a2", NOW + 10)] {
            add(store, id, "a");
            take(store).unwrap();
            let counts = BatchCounts::default();
            assert!(
                store
                    .end_batch(id, counts, None, &at(ended))
                    .wait()
                    .unwrap()
            );
        }
        add(store, "a3", "a");
        let expire = |tenant, before| store.expire_batches(tenant, before).wait().unwrap();
        assert!(expire("b", NOW + 99).is_empty());
        assert_eq!(expire("a", NOW + 10), ["a1"]);
        assert_eq!(store.delete_batch("b", "a2").wait().unwrap(), None);
        let gone = store.delete_batch("a", "a2").wait().unwrap().unwrap();
        assert_eq!(gone.batch_id, "a2");
        assert_eq!(store.delete_batch("a", "a2").wait().unwrap(), None);
        let left = store.batches("a", i64::MAX, 10).wait().unwrap();
        assert_eq!(left.len(), 1);
        assert!(
            store
                .batches("a", left[0].seq, 10)
                .wait()
                .unwrap()
                .is_empty()
        );
        let ids = ["a1", "a3"].map(str::to_owned).to_vec();
        assert_eq!(store.known_batches(ids).wait().unwrap(), ["a3"]);
    });
}
