//! What holds of a person's day, whatever arrives on it.

mod support;

use deminimis_clearance::basis::{Candidate, Limits};
use deminimis_clearance::day::{DayRecord, counted_with, walk};
use deminimis_clearance::{DayContext, Scratch, assess_into};
use deminimis_law::codes::Currency;
use deminimis_law::money::Cents;
use deminimis_law::names::{Basis, Set};
use deminimis_law::time::{Day, Moment};
use proptest::prelude::*;
use std::collections::{BTreeMap, HashMap};
use support::{ANYTHING, Choices, LAW, books};

/// Parcels of one person on a few days, as the walk reads them.
fn records(row: &[u16], count: usize) -> (Vec<DayRecord>, Vec<Limits>) {
    let mut c = Choices::new(row);
    let limits = vec![support::limits(&mut c), support::limits(&mut c)];
    let start = Day::new(2024, 5, 10).unwrap();
    let record = |at: usize, c: &mut Choices<'_>| {
        let day = start.plus(c.below(3) as i32);
        let mut open = Set::EMPTY;
        open.add(Basis::ALL[3 - c.below(3)]);
        let mut closed_by_bill = Set::EMPTY;
        if c.once_in(2) {
            closed_by_bill = open;
        }
        DayRecord {
            day,
            arrives: LAW
                .zone()
                .midnight(day)
                .plus_minutes(60 * c.below(4) as i64),
            filed: if c.once_in(2) {
                Moment(c.below(3) as i64)
            } else {
                Moment::MAX
            },
            id: format!("P-{at:02}").into(),
            order: c.once_in(3).then(|| c.below(2) as u64),
            bill: c.once_in(3).then(|| c.below(2) as u64),
            candidate: Candidate {
                undecided: None,
                open,
                closed_by_bill,
                value: Cents(c.cents() % 100_000),
            },
            limits: c.below(2) as u32,
            index: at as u32,
        }
    };
    ((0..count).map(|at| record(at, &mut c)).collect(), limits)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    #[test]
    fn a_day_does_not_depend_on_the_order_of_the_file(
        row in prop::collection::vec(any::<u16>(), 0..200),
        count in 1_usize..16,
        order in prop::collection::vec(any::<u32>(), 16),
    ) {
        let (mut parcels, limits) = records(&row, count);
        let told = |parcels: &mut Vec<DayRecord>| {
            parcels.sort_by(|a, b| a.order_key().cmp(&b.order_key()));
            let mut told = BTreeMap::new();
            walk(parcels, &limits, &HashMap::new(), |record, day| {
                told.insert(record.id.clone(), day);
            });
            told
        };
        let straight = told(&mut parcels.clone());
        parcels.sort_by_key(|record| order[record.index as usize]);
        prop_assert_eq!(straight, told(&mut parcels));
    }

    #[test]
    fn the_walk_counts_what_the_assessment_frees(rows in prop::collection::vec(prop::collection::vec(any::<u16>(), 0..160), 2..8)) {
        // All parcels are one person's and arrive on one day, so that the day decides.
        let arrives = LAW.zone().bare(Day::new(2024, 5, 10).unwrap());
        let (mut scratch, mut limits) = (Scratch::default(), Vec::new());
        let mut parcels = Vec::new();
        for (at, row) in rows.iter().enumerate() {
            let mut one = support::shipment(&mut Choices::new(row), ANYTHING);
            (one.arrives_at, one.id) = (arrives, format!("P-{at}"));
            (one.entered_at, one.filed_at, one.loaded_at, one.exported_on) = (None, None, None, None);
            one.lines.iter_mut().for_each(|line| line.currency = Currency::USD);
            let decision = assess_into(books(), &one, &DayContext::default(), &mut scratch);
            limits.push(decision.limits);
            let record = DayRecord {
                day: arrives.day, arrives: arrives.moment, filed: Moment::MAX, id: one.id.as_str().into(),
                order: None, bill: (row.len() % 3 == 0).then_some(1), candidate: decision.candidate,
                limits: at as u32, index: at as u32,
            };
            parcels.push((one, record));
        }
        let records: Vec<_> = parcels.iter().map(|(_, record)| record.clone()).collect();
        let mut told = Vec::new();
        walk(&records, &limits, &HashMap::new(), |record, day| told.push((record.index as usize, day)));
        let mut free = [Cents(0); Basis::ALL.len()];
        for (at, day) in told {
            prop_assert_eq!(day.counted, free, "before parcel {} of {:?}", at, parcels);
            let decision = assess_into(books(), &parcels[at].0, &day, &mut scratch);
            if let Some(basis) = decision.basis {
                let slot = &mut free[counted_with(basis) as usize];
                *slot = slot.plus(decision.value);
                if let Some(limit) = decision.limits[basis as usize] {
                    prop_assert!(*slot <= limit.limit, "{} free on {}: {:?}", slot, basis, parcels);
                }
            }
        }
    }
}
