//! Entry numbers, the same on SQLite and PostgreSQL.

mod common;

use common::server::database;
use deminimis_store::desk::{Allotted, DeskStore, NumberWanted};
use std::collections::HashSet;
use std::sync::Arc;

/// Runs a case on every store that is there.
fn on_each(case: impl Fn(&Arc<DeskStore>)) {
    let folder = tempfile::tempdir().unwrap();
    case(&Arc::new(
        DeskStore::open_sqlite(&folder.path().join("desk.sqlite")).unwrap(),
    ));
    if let Some(config) = database() {
        case(&Arc::new(DeskStore::open_postgres(&config).unwrap()));
    }
}

fn ask(
    store: &DeskStore,
    tenant: &str,
    range: (u32, u32),
    of: &[(&str, Option<u32>)],
) -> Vec<Allotted> {
    let wanted = of.iter().map(|(id, own)| NumberWanted {
        shipment_id: (*id).to_owned(),
        own: *own,
    });
    let filer = ("ABC", Some(range));
    let asked = store.allot_entry_numbers(filer, tenant, wanted.collect(), 1);
    asked.wait().unwrap()
}

#[test]
fn a_parcel_keeps_its_number_and_a_range_ends() {
    on_each(|store| {
        use Allotted::{Serial, Taken, UsedUp};
        let range = (5, 7);
        assert_eq!(
            ask(store, "a", range, &[("P-1", None), ("P-2", None)]),
            [Serial(5), Serial(6)]
        );
        assert_eq!(
            ask(store, "a", range, &[("P-2", None), ("P-1", None)]),
            [Serial(6), Serial(5)]
        );
        // One id of two tenants is two parcels; the filer and its numbers are one.
        assert_eq!(
            ask(store, "b", range, &[("P-1", None), ("P-3", None)]),
            [Serial(7), UsedUp]
        );
        assert_eq!(ask(store, "a", range, &[("P-9", Some(900))]), [Serial(900)]);
        assert_eq!(
            ask(store, "a", range, &[("P-9", Some(900)), ("P-8", Some(900))]),
            [Serial(900), Taken]
        );
        assert_eq!(ask(store, "b", range, &[("P-9", Some(900))]), [Taken]);
        // A wider range goes on, and steps over what is in use.
        assert_eq!(ask(store, "a", (5, 9), &[("P-8", Some(8))]), [Serial(8)]);
        assert_eq!(
            ask(store, "a", (5, 9), &[("P-3", None), ("P-4", None)]),
            [Serial(9), UsedUp]
        );
        // Another range changes nothing for who has a number.
        assert_eq!(
            ask(store, "a", (50, 60), &[("P-1", None), ("P-9", None)]),
            [Serial(5), Serial(50)]
        );
        let of = |tenant: &str, serial| {
            store
                .shipment_of_entry(tenant, "ABC", serial)
                .wait()
                .unwrap()
        };
        assert_eq!(of("a", 6).as_deref(), Some("P-2"));
        assert_eq!((of("b", 6), of("a", 4)), (None, None));
    });
}

#[test]
fn those_who_ask_at_once_get_different_numbers() {
    on_each(|store| {
        let asked: Vec<_> = (0..8)
            .map(|who: u32| {
                let store = Arc::clone(store);
                std::thread::spawn(move || {
                    let ids: Vec<String> = (0..25).map(|at| format!("P-{who}-{at}")).collect();
                    let of: Vec<_> = ids.iter().map(|id| (id.as_str(), None)).collect();
                    ask(&store, "a", (1, 1000), &of)
                })
            })
            .collect();
        let all: Vec<Allotted> = asked
            .into_iter()
            .flat_map(|one| one.join().unwrap())
            .collect();
        let serials: HashSet<u32> = all
            .iter()
            .map(|one| match one {
                Allotted::Serial(serial) => *serial,
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!((all.len(), serials.len()), (200, 200));
        assert_eq!(serials.into_iter().max(), Some(200));
    });
}
