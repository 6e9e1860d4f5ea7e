//! The list of parcels, the same on SQLite and PostgreSQL.

mod common;

use common::server::database;
use deminimis_store::desk::{DeskStore, Listed, Wanted};

/// Runs a case on every store that is there.
fn on_each(case: impl Fn(&DeskStore)) {
    let folder = tempfile::tempdir().unwrap();
    case(&DeskStore::open_sqlite(&folder.path().join("desk.sqlite")).unwrap());
    if let Some(config) = database() {
        case(&DeskStore::open_postgres(&config).unwrap());
    }
}

fn parcel(tenant: &str, at: i64) -> Listed {
    Listed {
        tenant: tenant.to_owned(),
        shipment_id: format!("PX-{at:03}"),
        position: at,
        day: 20_000,
        state: "reserved".to_owned(),
        outcome: if at % 3 == 0 {
            "free"
        } else {
            "entry_required"
        }
        .to_owned(),
        entry_path: "entry-11".to_owned(),
        owed_cents: (at % 3 != 0).then_some(at * 100),
    }
}

fn ids(store: &DeskStore, wanted: &Wanted, limit: u32) -> Vec<i64> {
    let found = store.find_parcels("a", wanted, limit).wait().unwrap();
    found.iter().map(|parcel| parcel.position).collect()
}

#[test]
fn parcels_are_found_page_by_page_the_last_first() {
    on_each(|store| {
        assert_eq!(store.parcels_read().wait().unwrap(), 0);
        let all = (1..=250).map(|at| parcel("a", at)).collect();
        store.list_parcels(all, 240).wait().unwrap();
        let other = vec![parcel("b", 251)];
        store.list_parcels(other, 251).wait().unwrap();
        assert_eq!(store.parcels_read().wait().unwrap(), 251);
        let first = ids(store, &Wanted::default(), 100);
        assert_eq!(first, (151..=250).rev().collect::<Vec<i64>>());
        let before = first.last().copied();
        let second = ids(
            store,
            &Wanted {
                before,
                ..Wanted::default()
            },
            100,
        );
        assert_eq!(second, (51..=150).rev().collect::<Vec<i64>>());
    });
}

#[test]
fn parcels_are_found_by_id_outcome_and_state() {
    on_each(|store| {
        let all = (1..=30).map(|at| parcel("a", at)).collect();
        store.list_parcels(all, 30).wait().unwrap();
        let posted = Listed {
            state: "posted".to_owned(),
            ..parcel("a", 7)
        };
        store.list_parcels(vec![posted.clone()], 30).wait().unwrap();
        let found = store.find_parcels("a", &Wanted::default(), 50);
        let found = found.wait().unwrap();
        assert_eq!((found.len(), &found[23]), (30, &posted));
        let by = |id: &str, outcome: &str, state: &str| {
            let wanted = Wanted {
                id: id.to_owned(),
                outcome: outcome.to_owned(),
                state: state.to_owned(),
                ..Wanted::default()
            };
            ids(store, &wanted, 50)
        };
        assert_eq!(by("PX-01", "free", ""), [18, 15, 12]);
        assert_eq!(by("", "", "posted"), [7]);
        assert_eq!(by("PX-007", "", ""), [7]);
        // A letter that means something to LIKE means itself.
        assert_eq!(by("PX%", "", ""), [0_i64; 0]);
        assert_eq!(by("", "prohibited", ""), [0_i64; 0]);
    });
}

#[test]
fn parcels_of_a_day_are_those_that_come_on_it() {
    on_each(|store| {
        let on = |at: i64, day: i32, state: &str| Listed {
            day,
            state: state.to_owned(),
            ..parcel("a", at)
        };
        let all = vec![
            on(1, 20_000, "reserved"),
            on(2, 20_001, "reserved"),
            on(3, 20_000, "voided"),
            on(4, 20_000, "posted"),
            parcel("b", 5),
        ];
        store.list_parcels(all, 5).wait().unwrap();
        let of = |day, limit| store.parcels_of_day("a", day, limit).wait().unwrap();
        assert_eq!(of(20_000, 10), ["PX-004", "PX-001"]);
        assert_eq!(of(20_000, 1), ["PX-004"]);
        assert_eq!(of(19_999, 10), [""; 0]);
        // One that moved is on its new day alone.
        let moved = vec![on(1, 20_001, "reserved")];
        store.list_parcels(moved, 6).wait().unwrap();
        assert_eq!(of(20_000, 10), ["PX-004"]);
        assert_eq!(of(20_001, 10), ["PX-002", "PX-001"]);
    });
}

#[test]
fn parcels_are_found_by_their_days_and_counted() {
    on_each(|store| {
        let on = |at: i64| Listed {
            day: 20_000 + (at as i32) % 10,
            ..parcel("a", at)
        };
        store
            .list_parcels((1..=30).map(on).collect(), 30)
            .wait()
            .unwrap();
        let wanted = |from, until| Wanted {
            from,
            until,
            ..Wanted::default()
        };
        let some = wanted(Some(20_003), Some(20_004));
        assert_eq!(ids(store, &some, 50), [24, 23, 14, 13, 4, 3]);
        assert_eq!(ids(store, &wanted(Some(20_009), None), 50), [29, 19, 9]);
        assert_eq!(ids(store, &wanted(None, Some(20_000)), 50), [30, 20, 10]);
        assert_eq!(ids(store, &wanted(Some(20_010), None), 50), [0_i64; 0]);
        let places = |wanted: &Wanted, limit| {
            let places = store.places_of_parcels("a", wanted, limit);
            places.wait().unwrap()
        };
        assert_eq!(places(&some, 50), ids(store, &some, 50));
        assert_eq!(places(&some, 2), [24, 23]);
    });
}
