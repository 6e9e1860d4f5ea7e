//! What the desk keeps, the same on SQLite and PostgreSQL.

mod common;

use common::server::database;
use deminimis_store::desk::{
    ApiKey, AuditLine, Board, DeskStore, Due, Invitation, Noted, Role, Seen, Track, TrackEvent,
};
use deminimis_store::{Refused, StoreError};

const NOW: i64 = 1_795_000_000;

/// Runs a case on every store that is there.
fn on_each(case: impl Fn(&DeskStore)) {
    let folder = tempfile::tempdir().unwrap();
    case(&DeskStore::open_sqlite(&folder.path().join("desk.sqlite")).unwrap());
    if let Some(config) = database() {
        case(&DeskStore::open_postgres(&config).unwrap());
    }
}

fn key(id: &str, tenant: &str) -> ApiKey {
    ApiKey {
        key_id: id.to_owned(),
        tenant: tenant.to_owned(),
        name: "till 4".to_owned(),
        role: Role::Operator,
        created_at: NOW,
        expires_at: Some(NOW + 10),
        revoked_at: None,
    }
}

fn line(act: &str) -> AuditLine {
    AuditLine {
        seq: 0,
        tenant: "a".to_owned(),
        at: NOW,
        who: "key k1".to_owned(),
        act: act.to_owned(),
        about: "PX-1".to_owned(),
    }
}

#[test]
fn a_key_is_found_by_its_hash_until_it_is_taken_back() {
    on_each(|store| {
        assert!(!store.has_tenants().wait().unwrap());
        assert!(store.add_tenant("a", NOW).wait().unwrap());
        assert!(!store.add_tenant("a", NOW).wait().unwrap());
        store.add_tenant("b", NOW).wait().unwrap();
        assert_eq!(store.tenants().wait().unwrap(), ["a", "b"]);
        store.add_key(&key("k1", "a"), &[1; 32]).wait().unwrap();
        let found = store.key(&[1; 32]).wait().unwrap().unwrap();
        assert_eq!(found, key("k1", "a"));
        assert!(found.is_good(NOW + 9) && !found.is_good(NOW + 10));
        assert_eq!(store.key(&[2; 32]).wait().unwrap(), None);
        // Another tenant cannot take it back, nor see it.
        assert!(!store.revoke_key("b", "k1", NOW).wait().unwrap());
        assert_eq!(store.keys("b").wait().unwrap(), []);
        assert!(store.revoke_key("a", "k1", NOW + 1).wait().unwrap());
        assert!(
            !store
                .key(&[1; 32])
                .wait()
                .unwrap()
                .unwrap()
                .is_good(NOW + 2)
        );
        let again = store.add_key(&key("k1", "a"), &[3; 32]).wait();
        assert!(matches!(again, Err(StoreError::Failure(_))), "{again:?}");
    });
}

/// On SQLite the same is tested beside the store's own threads.
#[test]
fn keys_and_sessions_do_not_wait_for_lists_on_postgresql() {
    let Some(config) = database() else { return };
    let store = DeskStore::open_postgres(&config).unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    let (client, connection) = runtime
        .block_on(tokio_postgres::connect(&config, tokio_postgres::NoTls))
        .unwrap();
    runtime.spawn(connection);
    let lock = "BEGIN; LOCK TABLE desk.audit IN ACCESS EXCLUSIVE MODE";
    runtime.block_on(client.batch_execute(lock)).unwrap();
    let lists: Vec<_> = (0..60).map(|_| store.audit_lines("a", 0, 9)).collect();
    let (tell, told) = std::sync::mpsc::channel();
    let asked = store.key(&[1; 32]);
    std::thread::spawn(move || tell.send(asked.wait()).unwrap());
    let found = told.recv_timeout(std::time::Duration::from_secs(20));
    runtime.block_on(client.batch_execute("COMMIT")).unwrap();
    assert_eq!(found.unwrap().unwrap(), None);
    for list in lists {
        assert_eq!(list.wait().unwrap(), []);
    }
}

#[test]
fn an_invitation_makes_one_user_who_stays_for_a_session() {
    on_each(|store| {
        store.add_tenant("a", NOW).wait().unwrap();
        let invitation = Invitation {
            tenant: "a".to_owned(),
            role: Role::Admin,
        };
        for link in [[7; 32], [8; 32]] {
            let kept = store.invite(&link, &invitation, NOW + 60).wait();
            kept.unwrap();
        }
        let good = |link, at| store.invitation(link, at).wait().unwrap();
        assert_eq!(good(&[7; 32], NOW), Some(invitation.clone()));
        assert_eq!(good(&[7; 32], NOW + 60), None);
        let accept = |link, id| store.accept(link, (id, "ann", "hash"), NOW).wait();
        let user = accept(&[7; 32], "u1").unwrap().unwrap();
        assert_eq!((user.role, user.tenant.as_str()), (Role::Admin, "a"));
        assert_eq!(accept(&[7; 32], "u2").unwrap(), None);
        // A login that is taken is refused and leaves the other link good.
        let taken = accept(&[8; 32], "u2").unwrap_err();
        assert_eq!(taken, StoreError::Refused(Refused::Exists));
        assert_eq!(good(&[8; 32], NOW), Some(invitation.clone()));

        store.login_failed("u1", NOW + 30).wait().unwrap();
        let login = store.login("ann").wait().unwrap().unwrap();
        assert_eq!((login.failures, login.user.locked_until), (1, NOW + 30));
        let begun = store.begin_session("u1", (&[9; 32], "form"), NOW, NOW + 100);
        begun.wait().unwrap();
        assert_eq!(store.login("ann").wait().unwrap().unwrap().failures, 0);
        let session = |at| store.session(&[9; 32], at).wait().unwrap();
        assert_eq!(session(NOW).unwrap().csrf, "form");
        assert!(session(NOW + 100).is_none());
        let shut = store.change_user("a", "u1", Role::Viewer, Some(NOW));
        assert!(shut.wait().unwrap());
        assert!(session(NOW).is_none());
        let other = store.change_user("b", "u1", Role::Admin, None);
        assert!(!other.wait().unwrap());
    });
}

#[test]
fn the_audit_tells_of_one_id_the_last_first() {
    on_each(|store| {
        let about = |about: &str, act: &str| AuditLine {
            about: about.to_owned(),
            ..line(act)
        };
        let lines = vec![about("P", "one"), about("Q", "two"), about("P", "three")];
        store.audit_all(lines).wait().unwrap();
        store.audit_all(Vec::new()).wait().unwrap();
        let foreign = AuditLine {
            tenant: "b".to_owned(),
            ..about("P", "foreign")
        };
        store.audit(foreign).wait().unwrap();
        let acts = |limit| {
            let lines = store.audit_about("a", "P", limit).wait().unwrap();
            lines.into_iter().map(|line| line.act).collect::<Vec<_>>()
        };
        assert_eq!(
            (acts(10).join(" "), acts(1).join(" ")),
            ("three one".to_owned(), "three".to_owned())
        );
        assert_eq!(store.audit_lines("a", 0, 10).wait().unwrap().len(), 3);
    });
}

#[test]
fn an_idempotency_key_is_of_one_body_and_one_tenant() {
    on_each(|store| {
        let ask = |key: &str, body: u8, line| store.audit_once(key, &[body; 32], line).wait();
        assert_eq!(ask("i", 1, line("first")).unwrap(), Seen::New);
        assert_eq!(ask("i", 1, line("again")).unwrap(), Seen::Same);
        assert_eq!(ask("i", 2, line("other")).unwrap(), Seen::Other);
        let foreign = AuditLine {
            tenant: "b".to_owned(),
            ..line("foreign")
        };
        assert_eq!(ask("i", 2, foreign).unwrap(), Seen::New);
        let acts = store.audit_lines("a", 0, 10).wait().unwrap();
        let acts: Vec<&str> = acts.iter().map(|line| line.act.as_str()).collect();
        assert_eq!(acts, ["first", "again"]);
        // After a day it is forgotten.
        let later = AuditLine {
            at: NOW + 24 * 60 * 60 + 1,
            ..line("later")
        };
        assert_eq!(ask("i", 2, later).unwrap(), Seen::New);
    });
}

#[test]
fn settings_are_a_tenants_own_and_tasks_share_commits() {
    on_each(|store| {
        let waiting: Vec<_> = (0..300)
            .map(|at| store.set_setting("a", &format!("n{}", at % 7), &at.to_string()))
            .collect();
        for pending in waiting {
            pending.wait().unwrap();
        }
        let found = store.setting("a", "n3").wait().unwrap().unwrap();
        // On PostgreSQL tasks run side by side: which was the last is open.
        assert_eq!(found.parse::<i64>().unwrap() % 7, 3);
        assert_eq!(store.setting("b", "n3").wait().unwrap(), None);
    });
}

#[test]
fn a_file_is_copied_while_it_is_used_and_opens_again() {
    let folder = tempfile::tempdir().unwrap();
    let store = DeskStore::open_sqlite(&folder.path().join("desk.sqlite")).unwrap();
    store.set_setting("a", "n", "1").wait().unwrap();
    let copy = folder.path().join("copy.sqlite");
    store.backup(&copy).wait().unwrap();
    let taken = store.backup(&copy).wait().unwrap_err();
    assert_eq!(taken, StoreError::Refused(Refused::Exists));
    store.set_setting("a", "n", "2").wait().unwrap();
    let copy = DeskStore::open_sqlite(&copy).unwrap();
    assert_eq!(copy.setting("a", "n").wait().unwrap().as_deref(), Some("1"));
}

fn event(id: &str, kind: &str, at: i64) -> TrackEvent {
    TrackEvent {
        event_id: id.to_owned(),
        kind: kind.to_owned(),
        at,
        received_at: NOW,
        source: "carrier".to_owned(),
        place: None,
        warehouse: Some("W".to_owned()),
        crossing: None,
        hold: None,
        meets: None,
        note: None,
    }
}

/// The kind of the latest event as the state: enough to see that all events come in their order.
fn latest(id: &str, events: &[TrackEvent], dues: &[Due]) -> Track {
    let last = events.last().unwrap();
    Track {
        shipment_id: id.to_owned(),
        state: last.kind.clone(),
        since: last.at,
        held: (last.kind == "hold").then(|| "x".to_owned()),
        due: dues.first().map(|due| due.due),
        due_what: dues.first().map(|due| due.what.clone()),
        warehouse: last.warehouse.clone(),
        crossing: None,
    }
}

#[test]
fn a_track_is_made_of_all_events_in_their_order() {
    on_each(|store| {
        let due = |rule: &str, due| Due {
            rule: rule.to_owned(),
            what: format!("{rule} is due"),
            due,
        };
        let booked = |id: &str, tenant: &str| {
            let begin = (event("b", "booked", 10), vec![due("r2", 99), due("r1", 50)]);
            let number = Some("ABC12345678".to_owned());
            store
                .track(tenant, id, number, begin, latest)
                .wait()
                .unwrap()
        };
        for (id, tenant) in [("P1", "a"), ("P2", "a"), ("P1", "b")] {
            assert_eq!(booked(id, tenant).due, Some(50));
        }
        let note = |id: &str, event| store.note("a", id, event, latest).wait();
        let Noted::New(track) = note("P1", event("e2", "hold", 30)).unwrap().unwrap() else {
            panic!("it is new");
        };
        assert_eq!(track.state, "hold");
        // An earlier one that comes later changes nothing of where it is.
        let Noted::New(track) = note("P1", event("e1", "arrived", 20)).unwrap().unwrap() else {
            panic!("it is new");
        };
        assert_eq!((track.state.as_str(), track.since), ("hold", 30));
        let again = note("P1", event("e1", "arrived", 20)).unwrap().unwrap();
        assert!(matches!(again, Noted::Again(_)));
        let other = note("P1", event("e1", "arrived", 21)).unwrap_err();
        assert_eq!(other, StoreError::Refused(Refused::OtherBody));
        assert_eq!(note("P9", event("e1", "arrived", 20)).unwrap(), None);

        let kinds: Vec<String> = store
            .track_events("a", "P1")
            .wait()
            .unwrap()
            .into_iter()
            .map(|event| event.kind)
            .collect();
        assert_eq!(kinds, ["booked", "arrived", "hold"]);
        let ids = |board: Board| -> Vec<String> {
            let tracks = store.board("a", &board).wait().unwrap();
            tracks.into_iter().map(|track| track.shipment_id).collect()
        };
        let page = Board {
            limit: 10,
            ..Board::default()
        };
        assert_eq!(ids(page.clone()), ["P1", "P2"]);
        assert_eq!(
            ids(Board {
                after: "P1".to_owned(),
                ..page.clone()
            }),
            ["P2"]
        );
        assert_eq!(
            ids(Board {
                held: true,
                ..page.clone()
            }),
            ["P1"]
        );
        assert_eq!(
            ids(Board {
                state: Some("booked".to_owned()),
                ..page.clone()
            }),
            ["P2"]
        );
        assert_eq!(
            ids(Board {
                late_at: Some(51),
                ..page.clone()
            }),
            ["P1", "P2"]
        );
        assert_eq!(
            ids(Board {
                late_at: Some(50),
                ..page.clone()
            }),
            [""; 0]
        );
        assert_eq!(ids(Board { limit: 1, ..page }), ["P1"]);
        let counts = store.board_counts("a", 51).wait().unwrap();
        let counts: Vec<_> = counts
            .iter()
            .map(|count| (count.state.as_str(), count.parcels, count.late, count.held))
            .collect();
        assert_eq!(counts, [("booked", 1, 1, 0), ("hold", 1, 1, 1)]);
        let day = store.day_counts("a", (10, 31), false).wait().unwrap();
        let day: Vec<_> = day
            .iter()
            .map(|one| (one.kind.as_str(), one.parcels))
            .collect();
        assert_eq!(day, [("arrived", 1), ("booked", 2), ("hold", 1)]);
        let of_entry = store.tracked_of_entry("a", "ABC12345678").wait().unwrap();
        assert_eq!(of_entry, ["P1", "P2"]);
        assert_eq!(store.followed("x").wait().unwrap(), 0);
        store.set_followed("x", 7).wait().unwrap();
        assert_eq!(store.followed("x").wait().unwrap(), 7);
    });
}
