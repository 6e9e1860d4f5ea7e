//! Thirty days of a carrier: parcels are claimed, released, cancelled, changed, come late and on
//! other days, persons turn out to be one or two, and at a midnight in the middle the limit
//! changes. At the end what the days hold, the sum of the postings, the sum of the records and a
//! naive recount of what was asked and answered are equal.
//!
//! 10,000 parcels; `LEDGER_PARCELS=100000` is the nightly form. `LEDGER_SEED` repeats a run.

mod ask;
#[path = "../common/mod.rs"]
mod common;
mod naive;
mod plan;

use ask::request;
use common::server;
use deminimis_store::{Content, KeptRecord, Kind, Ledger, Pending, PersonKey, Postgres, Receipt};
use naive::{Naive, Total, Totals};
use plan::{Deed, Plan, Random};
use std::collections::{BTreeMap, VecDeque};

/// Answers that are outstanding at a time.
const WINDOW: usize = 512;

fn live(ledger: &dyn Ledger, deeds: &[Deed]) -> Naive {
    let (mut naive, mut facts) = (Naive::default(), BTreeMap::new());
    let mut waiting: VecDeque<(&Deed, Pending<Receipt>)> = VecDeque::new();
    let mut settle = |(deed, pending): (&Deed, Pending<Receipt>)| {
        let receipt = pending.wait();
        let receipt = receipt.unwrap_or_else(|error| panic!("{deed:?}: {error}"));
        assert!(receipt.fresh, "{deed:?}");
        naive.happened(deed, &receipt.answer);
    };
    for (at, deed) in deeds.iter().enumerate() {
        let request = request(deed, at, &mut facts);
        waiting.push_back((deed, ledger.submit(request)));
        if waiting.len() >= WINDOW {
            waiting.pop_front().into_iter().for_each(&mut settle);
        }
    }
    waiting.into_iter().for_each(settle);
    naive
}

/// The sum of all postings, and for each parcel that still stands its person.
fn from_postings(ledger: &dyn Ledger) -> (Totals, BTreeMap<String, PersonKey>) {
    let (mut totals, mut stand, mut after) = (Totals::new(), BTreeMap::new(), 0);
    loop {
        let entries = ledger.entries(after, 5_000).wait().expect("lines");
        let Some(last) = entries.last() else { break };
        after = last.position;
        for one in entries {
            let total = totals.entry((one.person, one.arrival.day)).or_default();
            if one.sign != 0 {
                let free = one.posting.counted.is_some();
                total.add(one.sign, free, one.posting.value_cents);
            }
            if one.kind == Kind::Void {
                stand.remove(&one.shipment_id);
            } else if one.sign >= 0 {
                stand.insert(one.shipment_id, one.person);
            }
        }
    }
    totals.retain(|_, total| *total != Total::default());
    (totals, stand)
}

/// What the last record of a parcel says of it: free, cents, day.
fn said(record: &KeptRecord) -> (bool, i64, i32) {
    let field = |path: &str| -> String {
        let field = record.fields.iter().find(|field| field.path == path);
        match &field.expect("the field").content {
            Content::Value(value) => String::from_utf8(value.clone()).expect("a text"),
            other => panic!("{other:?}"),
        }
    };
    let number = |path: &str| field(path).parse::<i64>().expect("a number");
    let day = i32::try_from(number("arrives_on")).expect("a day");
    (field("free") == "true", number("line_value"), day)
}

/// The sum of what the records decided, of the parcels that still stand.
fn from_records(ledger: &dyn Ledger, stand: &BTreeMap<String, PersonKey>) -> Totals {
    let (mut last, mut after) = (BTreeMap::new(), 0);
    loop {
        let records = ledger.records("carrier", after, 5_000).wait();
        let records = records.expect("records");
        let Some(end) = records.last() else { break };
        after = end.seq;
        for record in &records {
            last.insert(record.shipment_id.clone(), said(record));
        }
    }
    let mut totals = Totals::new();
    for (id, (free, value_cents, day)) in last {
        if let Some(person) = stand.get(&id) {
            let total = totals.entry((*person, day)).or_default();
            total.add(1, free, value_cents);
        }
    }
    totals
}

fn thirty_days(name: &str, ledger: &dyn Ledger) {
    let given = std::env::var("LEDGER_SEED").ok();
    let seed = given.map_or_else(
        || {
            let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
            u64::from(now.expect("a clock after 1970").subsec_nanos()) | 1
        },
        |seed| seed.parse().expect("a seed"),
    );
    let parcels = std::env::var("LEDGER_PARCELS").ok();
    let parcels: usize = parcels.map_or(10_000, |count| count.parse().expect("a number"));
    eprintln!("{name}: LEDGER_SEED={seed}");
    let deeds = Plan::of(parcels, &mut Random(seed));
    let naive = live(ledger, &deeds);
    let own = naive.totals();
    let (postings, stand) = from_postings(ledger);
    assert!(
        postings == own,
        "{name}: postings and the naive recount differ"
    );
    let records = from_records(ledger, &stand);
    assert!(
        records == own,
        "{name}: records and the naive recount differ"
    );
    for ((person, day), total) in own.iter().step_by(7) {
        let holds = ledger.day("carrier", *person, *day).wait().expect("a day");
        let held = Total {
            free: holds.counted[2].shipments,
            free_cents: holds.counted[2].total_cents,
            all: holds.all.shipments,
            all_cents: holds.all.total_cents,
        };
        assert_eq!(held, *total, "{name}: {person:?} on {day}");
    }
    assert_eq!(ledger.verify().wait(), Ok(vec![]), "{name}");
    let audit = ledger.verify_records().wait().expect("an audit");
    assert_eq!((audit.found, audit.waiting), (vec![], 0), "{name}");
    let of = |is: fn(&Deed) -> bool| deeds.iter().filter(|deed| is(deed)).count();
    let counts = [
        of(|deed| matches!(deed, Deed::Void(_))),
        of(|deed| matches!(deed, Deed::Move(..))),
        of(|deed| matches!(deed, Deed::Merge(..))),
        of(|deed| matches!(deed, Deed::Split(..))),
    ];
    let free: i64 = own.values().map(|total| total.free_cents).sum();
    eprintln!(
        "{name}: {parcels} parcels, {} requests, {counts:?} cancelled, moved, merged, split; {} \
         decisions not free, {} person-days, {free} cents free: equal by days, postings, records \
         and recount",
        naive.events,
        naive.withheld,
        own.len(),
    );
    assert!(counts.iter().all(|count| *count > 0) && naive.withheld > parcels / 20);
}

#[test]
fn thirty_days_on_sqlite_come_out_the_same_by_every_way_of_counting() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = common::open_sqlite(&folder.path().join("ledger.db"));
    thirty_days("sqlite", &ledger);
}

#[test]
fn thirty_days_on_postgres_come_out_the_same_by_every_way_of_counting() {
    let Some(config) = server::database() else {
        return;
    };
    // One writer does the requests in the order in which they are sent, as the recount does.
    let ledger = Postgres::open_with(&config, 1, 256, Some(common::installation()));
    thirty_days("postgres", &ledger.expect("a ledger"));
}
