//! Webhooks and the outbox of what is told to them, the same on SQLite and PostgreSQL.

mod common;

use common::server::database;
use deminimis_store::desk::{
    Batch, BatchCounts, BatchKind, BatchState, DeliveryState, DeskStore, Event, Waiting, Webhook,
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

fn webhook(id: &str, tenant: &str, events: &[&str]) -> Webhook {
    Webhook {
        webhook_id: id.to_owned(),
        tenant: tenant.to_owned(),
        address: "https://example.com/hook".to_owned(),
        events: events.iter().map(|&event| event.to_owned()).collect(),
        sealed: vec![1, 2, 3],
        created_at: NOW,
        since: 7,
        position: 7,
    }
}

fn add(store: &DeskStore, webhook: &Webhook) {
    assert!(store.add_webhook(webhook, 20).wait().unwrap());
}

fn event(id: &str, name: &str) -> Event {
    Event {
        event_id: id.to_owned(),
        name: name.to_owned(),
        body: format!("{{\"id\":\"{id}\"}}"),
        at: NOW,
    }
}

/// The ids of a webhook's deliveries, the latest first.
fn told(store: &DeskStore, id: &str) -> Vec<String> {
    let all = store.deliveries(id, i64::MAX, 100).wait().unwrap();
    all.into_iter().map(|delivery| delivery.event_id).collect()
}

#[test]
fn those_who_want_an_event_are_told_once_and_no_other_tenant() {
    on_each(|store| {
        let one = webhook("w1", "a", &["x.y", "batch.finished"]);
        for hook in [
            one.clone(),
            webhook("w2", "a", &["x.yy", "ax.y"]),
            webhook("w3", "b", &["x.y"]),
        ] {
            add(store, &hook);
        }
        assert!(
            !store
                .add_webhook(&webhook("w4", "b", &["x.y"]), 1)
                .wait()
                .unwrap()
        );
        assert_eq!(store.webhook("a", "w1").wait().unwrap(), Some(one.clone()));
        assert_eq!(store.webhook("b", "w1").wait().unwrap(), None);
        assert_eq!(store.webhooks("b").wait().unwrap().len(), 1);
        assert_eq!(store.webhooks_wanting("x.y").wait().unwrap().len(), 2);
        for _ in 0..2 {
            store.tell("a", &event("e1", "x.y")).wait().unwrap();
        }
        assert_eq!(told(store, "w1"), ["e1"]);
        assert!(told(store, "w2").is_empty() && told(store, "w3").is_empty());
        assert!(!store.delete_webhook("b", "w1").wait().unwrap());
        assert!(store.delete_webhook("a", "w1").wait().unwrap());
        assert!(told(store, "w1").is_empty());
        assert!(store.due_webhooks(NOW, 10).wait().unwrap().is_empty());
    });
}

#[test]
fn a_batch_and_what_is_told_of_it_end_together() {
    on_each(|store| {
        add(store, &webhook("w1", "a", &["batch.finished"]));
        let batch = Batch {
            seq: 0,
            batch_id: "b1".to_owned(),
            tenant: "a".to_owned(),
            name: "n".to_owned(),
            kind: BatchKind::Assess,
            format: String::new(),
            preset: String::new(),
            ignore_unknown: false,
            bytes: 1,
            state: BatchState::Queued,
            created_at: NOW,
            started_at: None,
            ended_at: None,
            failure: String::new(),
            counts: BatchCounts::default(),
        };
        let most = Waiting {
            batches_of_tenant: 9,
            bytes_of_tenant: i64::MAX,
            bytes: i64::MAX,
        };
        store.add_batch(&batch, most).wait().unwrap();
        let told_of = event("b1", "batch.finished");
        let end = || store.end_batch("b1", BatchCounts::default(), None, &told_of);
        assert!(!end().wait().unwrap());
        assert!(told(store, "w1").is_empty(), "nothing has ended");
        store.take_batch(NOW).wait().unwrap().unwrap();
        assert!(end().wait().unwrap());
        assert_eq!(told(store, "w1"), ["b1"]);
        let ended = store.batch("a", "b1").wait().unwrap().unwrap();
        assert_eq!(ended.ended_at, Some(told_of.at));
    });
}

#[test]
fn lines_are_told_once_whoever_follows_them() {
    on_each(|store| {
        let known = webhook("w1", "a", &["shipment.entered"]);
        add(store, &known);
        let tell = |known: &Webhook, to, id: &str| {
            let events = vec![event(id, "shipment.entered")];
            store.tell_lines(known, to, events).wait().unwrap()
        };
        assert!(tell(&known, 9, "e9"));
        // Another that knew the same line comes too late.
        assert!(!tell(&known, 12, "e12"));
        assert_eq!(told(store, "w1"), ["e9"]);
        let known = store.webhook("a", "w1").wait().unwrap().unwrap();
        assert_eq!(known.position, 9);
        assert!(tell(&known, 12, "e12"));
        assert_eq!(told(store, "w1"), ["e12", "e9"]);
        assert_eq!(store.waiting_deliveries("w1").wait().unwrap(), 2);
    });
}

#[test]
fn a_delivery_is_taken_in_order_and_comes_again_until_it_ends() {
    on_each(|store| {
        for id in ["w1", "w2"] {
            add(store, &webhook(id, "a", &["x"]));
        }
        for id in ["e1", "e2"] {
            store.tell("a", &event(id, "x")).wait().unwrap();
        }
        let due = |now| {
            let due = store.due_webhooks(now, 10).wait().unwrap();
            due.into_iter()
                .map(|hook| hook.webhook_id)
                .collect::<Vec<_>>()
        };
        assert!(due(NOW - 1).is_empty());
        let mut both = due(NOW);
        both.sort();
        assert_eq!(both, ["w1", "w2"]);
        let take = |now| store.take_delivery("w1", now, now + 60).wait().unwrap();
        let first = take(NOW).unwrap();
        assert_eq!((first.event_id.as_str(), first.tries), ("e1", 1));
        let second = take(NOW).unwrap();
        assert_eq!(second.event_id, "e2");
        assert_eq!(take(NOW + 59), None);
        assert_eq!(due(NOW), ["w2"]);
        // The sender of the first died; the second is taken.
        let end = |seq, state, said, next| store.end_delivery(seq, state, said, next).wait();
        end(second.seq, DeliveryState::Delivered, "taken", 0).unwrap();
        let again = take(NOW + 60).unwrap();
        assert_eq!((again.seq, again.tries), (first.seq, 2));
        end(first.seq, DeliveryState::Waiting, "answered 500", NOW + 100).unwrap();
        assert_eq!(take(NOW + 99), None);
        assert_eq!(take(NOW + 100).unwrap().tries, 3);
        end(first.seq, DeliveryState::Dead, "answered 500", 0).unwrap();
        assert_eq!(take(NOW + 9999), None);
        let all = store.deliveries("w1", i64::MAX, 10).wait().unwrap();
        assert_eq!(
            (all[1].state, all[1].last_said.as_str()),
            (DeliveryState::Dead, "answered 500")
        );
        let replay = |id: &str| store.replay_delivery("w1", id, NOW + 5).wait().unwrap();
        assert!(replay("e1") && !replay("e3"));
        assert_eq!(take(NOW + 5).unwrap().tries, 1);
        end(first.seq, DeliveryState::Delivered, "taken", 0).unwrap();
        // What waits stays, however old.
        assert_eq!(store.expire_deliveries(NOW, 0).wait().unwrap(), 0);
        assert_eq!(store.expire_deliveries(NOW + 1, 100).wait().unwrap(), 0);
        assert_eq!(store.expire_deliveries(NOW + 1, 0).wait().unwrap(), 2);
        assert_eq!(told(store, "w2").len(), 2);
    });
}
