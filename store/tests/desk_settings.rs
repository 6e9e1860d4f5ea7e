//! Settings, invitations and holds by the house's rules, the same on SQLite and PostgreSQL.

mod common;

use common::server::database;
use deminimis_store::desk::{
    AuditLine, DeskStore, Due, Invitation, Role, Setting, Track, TrackEvent,
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

fn by(tenant: &str, at: i64) -> AuditLine {
    AuditLine {
        seq: 0,
        tenant: tenant.to_owned(),
        at,
        who: "user u1".to_owned(),
        act: String::new(),
        about: String::new(),
    }
}

fn change(store: &DeskStore, tenant: &str, changes: &[(&str, Option<&str>)]) -> Vec<String> {
    let changes = changes.iter();
    let changes = changes.map(|(name, value)| ((*name).to_owned(), value.map(str::to_owned)));
    let changed = store.change_settings(&by(tenant, NOW), changes.collect());
    changed.wait().unwrap()
}

#[test]
fn settings_change_together_and_leave_lines_in_the_audit() {
    on_each(|store| {
        let both = [("one", Some("1")), ("two", Some("\"b\"")), ("three", None)];
        assert_eq!(change(store, "a", &both), ["one", "two"]);
        assert_eq!(change(store, "b", &[("one", Some("9"))]), ["one"]);
        assert_eq!(change(store, "a", &[("one", Some("7"))]), ["one"]);
        let setting = |name: &str, value: &str| Setting {
            name: name.to_owned(),
            value: value.to_owned(),
            set_by: "user u1".to_owned(),
            set_at: NOW,
        };
        let all = store.settings("a").wait().unwrap();
        assert_eq!(all, [setting("one", "7"), setting("two", "\"b\"")]);
        assert_eq!(change(store, "a", &[("one", None)]), ["one"]);
        assert_eq!(store.setting("a", "one").wait().unwrap(), None);
        let other = store.setting("b", "one").wait().unwrap();
        assert_eq!(other, Some(setting("one", "9")));
        let lines = store.audit_lines("a", 0, 10).wait().unwrap();
        let lines: Vec<(&str, &str)> = lines
            .iter()
            .map(|line| (line.act.as_str(), line.about.as_str()))
            .collect();
        let told = [
            ("setting.set", "one"),
            ("setting.set", "two"),
            ("setting.set", "one"),
            ("setting.delete", "one"),
        ];
        assert_eq!(lines, told);
    });
}

#[test]
fn an_invitation_is_listed_until_it_is_used_or_taken_back() {
    on_each(|store| {
        for tenant in ["a", "b"] {
            store.add_tenant(tenant, NOW).wait().unwrap();
        }
        let invite = |link: u8, tenant: &str, until| {
            let invitation = Invitation {
                tenant: tenant.to_owned(),
                role: Role::Viewer,
            };
            let kept = store.invite(&[link; 32], &invitation, until);
            kept.wait().unwrap();
        };
        invite(1, "a", NOW + 60);
        invite(2, "a", NOW + 90);
        invite(3, "b", NOW + 90);
        let open = |tenant: &str, at| -> Vec<u8> {
            let found = store.invitations(tenant, at, 10).wait().unwrap();
            found.iter().map(|one| one.hash[0]).collect()
        };
        assert_eq!(open("a", NOW), [2, 1]);
        assert_eq!(open("a", NOW + 60), [2]);
        let withdraw = |tenant: &str, link: u8| {
            let done = store.withdraw(tenant, &[link; 32], NOW);
            done.wait().unwrap()
        };
        assert!(!withdraw("b", 1) && withdraw("a", 1) && !withdraw("a", 1));
        assert_eq!(store.invitation(&[1; 32], NOW).wait().unwrap(), None);
        store
            .accept(&[2; 32], ("u1", "ann", "hash"), NOW)
            .wait()
            .unwrap();
        assert_eq!(open("a", NOW), [0_u8; 0]);
        assert!(!withdraw("a", 2));
        assert_eq!(open("b", NOW), [3]);
    });
}

/// A track that tells how many events it was made of.
fn counted(id: &str, events: &[TrackEvent], _: &[Due]) -> Track {
    Track {
        shipment_id: id.to_owned(),
        state: "held".to_owned(),
        since: events.len() as i64,
        held: Some("house-policy".to_owned()),
        due: None,
        due_what: None,
        warehouse: None,
        crossing: None,
    }
}

#[test]
fn a_parcel_is_held_once_and_before_it_is_followed() {
    on_each(|store| {
        let event = TrackEvent {
            event_id: "house-policy".to_owned(),
            kind: "hold".to_owned(),
            at: NOW,
            received_at: NOW,
            source: "house".to_owned(),
            place: None,
            warehouse: None,
            crossing: None,
            hold: Some("house-policy".to_owned()),
            meets: None,
            note: None,
        };
        let hold = |tenant: &str, broken: &str| {
            let held = store.hold_by_policy(tenant, "P1", broken, event.clone(), counted);
            held.wait().unwrap()
        };
        assert_eq!(store.broken_policy("a", "P1").wait().unwrap(), None);
        assert_eq!(hold("a", "[1]"), "[1]");
        assert_eq!(hold("a", "[2]"), "[1]");
        assert_eq!(hold("b", "[3]"), "[3]");
        let kept = store.broken_policy("a", "P1").wait().unwrap();
        assert_eq!(kept.as_deref(), Some("[1]"));
        assert_eq!(store.track_events("a", "P1").wait().unwrap().len(), 1);
        let track = store.track_of("a", "P1").wait().unwrap().unwrap();
        assert_eq!(
            (track.held.as_deref(), track.since),
            (Some("house-policy"), 1)
        );
    });
}
