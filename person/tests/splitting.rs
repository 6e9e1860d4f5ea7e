//! How well split lots are found among made-up orders whose labels are known.
//!
//! The generator and its labels were written without sight of the rules, and nobody who wrote the
//! rules has read it. The rules were made better on the misses and false alarms of seeds 1 to 6 of
//! the usual world, as data. What is measured here are other seeds of the usual world, and a shifted
//! world of other habits: their figures were looked at when rules were done (docs/splits.md says how
//! often), and no row of theirs ever.

mod orders;
mod splitting_support;

use deminimis_person::matching::{Row as Party, match_people};
use deminimis_person::splitting::{Finding, Kind, Level, SplitReason, find_splits};
use orders::{Row, generate};
use splitting_support::{Label, Made, Persons, Quality, accused_of_any, measure};
use std::collections::BTreeMap;

const LIMIT: i64 = 80_000;
const PEOPLE: usize = 3000;

/// A world that was held out, and what is asked of it.
struct World {
    shifted: bool,
    seeds: [u64; 6],
    floors: [Floors; 2],
}

/// The rows as parcels, with the persons that the matching links.
fn parcels(rows: &[Row]) -> Vec<Made> {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let mut made: Vec<Made> = rows
        .iter()
        .map(|row| Made {
            shipment_id: row.shipment_id.clone(),
            day: row.arrived_on,
            value_cents: row.value_cents,
            limit_cents: Some(LIMIT),
            linked_person: None,
            name: row.name.clone(),
            street: row.street.clone(),
            city: row.city.clone(),
            state: row.state.clone(),
            postal_code: row.postal_code.clone(),
            email: text(&row.email),
            seller: row.seller.clone(),
            order_id: text(&row.order_id),
            ordered_on: row.ordered_on,
            order_total_cents: row.order_total_cents,
            order_parcels: row.order_parcels,
            split_reason: row.split_reason.as_deref().and_then(SplitReason::parse),
            master_bill: text(&row.master_bill),
            house_bill: row.house_bill.clone(),
            description: row.description.clone(),
            htsus_number: text(&row.htsus_number),
        })
        .collect();
    let parties: Vec<Party> = rows
        .iter()
        .map(|row| Party {
            id: &row.shipment_id,
            name: &row.name,
            street: &row.street,
            city: &row.city,
            state: &row.state,
            postal_code: &row.postal_code,
            email: row.email.as_deref().unwrap_or_default(),
            ..Party::default()
        })
        .collect();
    for (cluster, members) in (0..).zip(match_people(&parties).clusters) {
        for member in members {
            made[member].linked_person = Some(cluster);
        }
    }
    made
}

fn labels(rows: &[Row]) -> Vec<Label> {
    let label = |row: &Row| {
        row.label.as_ref().map(|label| {
            let kind = match label.kind {
                "one-order" => Kind::OneOrder,
                "cut-under-limit" => Kind::CutUnderLimit,
                "run" => Kind::RepeatedRun,
                "many-names" => Kind::ManyNames,
                other => panic!("a label of an unknown kind: {other}"),
            };
            (kind, label.group)
        })
    };
    rows.iter().map(label).collect()
}

fn sum(all: &[Quality]) -> Quality {
    all.iter().fold(Quality::default(), |sum, one| Quality {
        groups: sum.groups + one.groups,
        found: sum.found + one.found,
        found_by_any: sum.found_by_any + one.found_by_any,
        findings: sum.findings + one.findings,
        right: sum.right + one.right,
        of_another: sum.of_another + one.of_another,
        clean: sum.clean + one.clean,
        accused: sum.accused + one.accused,
    })
}

/// Without the labels of groups that are within the limit, both by their values and by the total
/// that is given for the order: of these nothing follows.
fn above_limit(rows: &[Row], labels: &[Label]) -> Vec<Label> {
    let mut worth: BTreeMap<(Kind, u32), (i64, i64)> = BTreeMap::new();
    for (row, label) in rows.iter().zip(labels) {
        if let Some(label) = label {
            let (sum, total) = worth.entry(*label).or_default();
            *sum += row.value_cents;
            *total = row.order_total_cents.unwrap_or(0).max(*total);
        }
    }
    let above = |label: &(Kind, u32)| worth.get(label).is_some_and(|(a, b)| *a.max(b) > LIMIT);
    labels.iter().map(|label| label.filter(above)).collect()
}

const LEVELS: [Level; 2] = [Level::Likely, Level::Possible];

/// What findings of a level are worth, over all seeds of a world.
#[derive(Default)]
struct Measured {
    /// By kind, against all labels and against those of groups above the limit.
    all: [Quality; 4],
    above: [Quality; 4],
    /// Parcels without a label that are accused of anything.
    accused: u64,
}

fn measured(world: &World) -> [Measured; 2] {
    let mut by_level: [Measured; 2] = Default::default();
    for seed in world.seeds {
        let rows = generate(seed, world.shifted, PEOPLE);
        let made = parcels(&rows);
        let persons = Persons::of(&made);
        let findings: Vec<Finding> = find_splits(&persons.parcels(&made));
        let labels = labels(&rows);
        let above = above_limit(&rows, &labels);
        let clean = labels.iter().filter(|label| label.is_none()).count();
        eprintln!(
            "seed {seed}: {} parcels, {clean} without a label",
            rows.len()
        );
        for (level, measured) in LEVELS.into_iter().zip(&mut by_level) {
            measured.accused += accused_of_any(&labels, &findings, level);
            for (at, kind) in Kind::ALL.into_iter().enumerate() {
                let all = measure(&labels, &findings, kind, level);
                let above = measure(&above, &findings, kind, level);
                measured.all[at] = sum(&[measured.all[at], all]);
                measured.above[at] = sum(&[measured.above[at], above]);
            }
        }
    }
    by_level
}

/// A little less than what was measured when the rules were final, for findings of a level: for
/// each kind right among the findings, found among the groups and among those above the limit, in
/// thousandths, and the most parcels without a label that are accused, in hundred thousandths; and
/// how many are accused of anything.
struct Floors {
    kinds: [[u64; 4]; 4],
    of_any: u64,
}

const WORLDS: [World; 2] = [
    World {
        shifted: false,
        seeds: [101, 102, 103, 104, 105, 106],
        floors: [
            Floors {
                kinds: [
                    [980, 785, 785, 5],
                    [930, 720, 720, 8],
                    [910, 580, 580, 20],
                    [785, 725, 725, 65],
                ],
                of_any: 85,
            },
            Floors {
                kinds: [
                    [950, 830, 830, 55],
                    [845, 820, 820, 35],
                    [830, 720, 720, 60],
                    [725, 800, 800, 105],
                ],
                of_any: 235,
            },
        ],
    },
    World {
        shifted: true,
        seeds: [201, 202, 203, 204, 205, 206],
        floors: [
            Floors {
                kinds: [
                    [945, 570, 605, 75],
                    [750, 430, 430, 8],
                    [130, 35, 35, 65],
                    [500, 265, 265, 80],
                ],
                of_any: 210,
            },
            Floors {
                kinds: [
                    [865, 650, 670, 280],
                    [560, 570, 570, 38],
                    [130, 80, 80, 120],
                    [435, 420, 420, 175],
                ],
                of_any: 580,
            },
        ],
    },
];

#[test]
fn held_out_orders() {
    for world in &WORLDS {
        let by_level = measured(world);
        for ((level, measured), floors) in LEVELS.iter().zip(&by_level).zip(&world.floors) {
            let what = format!("shifted {}, {level:?}", world.shifted);
            let clean = measured.all[0].clean.max(1);
            let of_any = measured.accused * 100_000 / clean;
            for (at, kind) in Kind::ALL.into_iter().enumerate() {
                let (all, above) = (measured.all[at], measured.above[at]);
                eprintln!(
                    "{what} {kind:?}: findings {} right {} labelled {} found {} above the limit {} \
                     of {} by any {} accused of 100,000 {} {all:?}",
                    all.findings,
                    all.precision(),
                    (all.right + all.of_another) * 1000 / all.findings.max(1),
                    all.recall(),
                    above.recall(),
                    above.groups,
                    all.found_by_any * 1000 / all.groups.max(1),
                    all.false_alarms(),
                );
                let [precision, recall, recall_above, alarms] = floors.kinds[at];
                assert!(all.precision() >= precision, "{what} {kind:?}: {all:?}");
                assert!(all.recall() >= recall, "{what} {kind:?}: {all:?}");
                assert!(above.recall() >= recall_above, "{what} {kind:?}: {above:?}");
                assert!(all.false_alarms() <= alarms, "{what} {kind:?}: {all:?}");
            }
            eprintln!("{what}: accused of anything, of 100,000: {of_any} of {clean}");
            assert!(of_any <= floors.of_any, "{what}: {of_any}");
        }
    }
}
