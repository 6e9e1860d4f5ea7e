//! Orders by chance: ordinary trade, and parcels of any kind. Failures print the seed, or the least
//! case.

use crate::lots::{found, made, one_order};
use crate::splitting_support::{Made, Persons, accused_of_any, measure};
use deminimis_person::splitting::{Kind, Level, find_splits};
use proptest::prelude::*;

/// Numbers from a seed (SplitMix64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % limit
    }
}

/// Orders by chance: persons and sellers of all sizes, mostly cheap goods, sixty days.
fn ordinary_trade(seed: u64, parcels: i32) -> Vec<Made> {
    let mut dice = Dice(seed);
    let goods = [
        ("cotton shirt", "6109.10"),
        ("phone case", "3926.90"),
        ("leather shoes", "6403.99"),
        ("desk lamp", "9405.21"),
        ("wrist watch", "9102.11"),
    ];
    let parcel = |number| {
        let people = parcels as u64 / 4;
        let person = dice.below(people).min(dice.below(people));
        let seller = dice.below(40).min(dice.below(40));
        let (description, htsus_number) = goods[(seller % 5).min(dice.below(5)) as usize];
        let value = match dice.below(10) {
            0 => 20_000 + dice.below(60_000),
            1..4 => 8_000 + dice.below(22_000),
            _ => 900 + dice.below(8_000),
        };
        let ordered = 20_000 + dice.below(60) as i32;
        Made {
            name: format!("Person{person} Of{}", person / 2),
            street: format!("{} Oak St", 100 + person / 2),
            seller: format!("Seller {seller}"),
            day: ordered + 5 + dice.below(9) as i32,
            ordered_on: Some(ordered),
            order_id: format!("{seller}-{}", 100_000 + dice.below(900_000)),
            house_bill: format!("HB{}", dice.below(90_000_000)),
            value_cents: value as i64,
            description: description.to_owned(),
            htsus_number: htsus_number.to_owned(),
            ..made(number)
        }
    };
    (0..parcels).map(parcel).collect()
}

#[test]
fn ordinary_trade_raises_few_alarms() {
    for seed in [1, 2, 3] {
        let file = ordinary_trade(seed, 10_000);
        let persons = Persons::of(&file);
        let findings = find_splits(&persons.parcels(&file));
        let labels = vec![None; file.len()];
        for level in [Level::Possible, Level::Likely] {
            let accused = Kind::ALL.map(|kind| measure(&labels, &findings, kind, level).accused);
            eprintln!("seed {seed}, {level:?}: accused of 10,000 {accused:?}");
            let most = if level == Level::Likely { 5 } else { 50 };
            assert!(
                accused.iter().sum::<u64>() <= most,
                "seed {seed}, {level:?}"
            );
        }
    }
}

#[test]
fn measured_by_hand() {
    let mut file = one_order();
    file.extend((10..14).map(made));
    let findings = found(&file);
    let group = Some((Kind::OneOrder, 1));
    let all = [group, group, group, None, None, None, None];
    let quality = measure(&all, &findings, Kind::OneOrder, Level::Likely);
    assert_eq!((quality.precision(), quality.recall()), (1000, 1000));
    assert_eq!((quality.clean, quality.accused), (4, 0));
    // The same findings against other labels.
    let none = [None; 7];
    let quality = measure(&none, &findings, Kind::OneOrder, Level::Likely);
    assert_eq!(
        (quality.findings, quality.right, quality.accused),
        (1, 0, 3)
    );
    assert_eq!(quality.false_alarms(), 3 * 100_000 / 7);
    assert_eq!(accused_of_any(&none, &findings, Level::Likely), 3);
    // What is only information finds the group and accuses nobody.
    let mut cheap = file.clone();
    cheap
        .iter_mut()
        .for_each(|parcel| parcel.value_cents = 4000);
    let findings = found(&cheap);
    let quality = measure(&all, &findings, Kind::OneOrder, Level::Likely);
    assert_eq!((quality.found, quality.right), (1, 1));
    assert_eq!(accused_of_any(&none, &findings, Level::Possible), 0);
    let findings = found(&file);
    let run = Some((Kind::RepeatedRun, 1));
    let other = [run, run, run, None, None, None, None];
    let quality = measure(&other, &findings, Kind::RepeatedRun, Level::Likely);
    assert_eq!(
        (quality.found, quality.found_by_any, quality.groups),
        (0, 1, 1)
    );
    let quality = measure(&other, &findings, Kind::OneOrder, Level::Likely);
    assert_eq!((quality.right, quality.of_another), (0, 1));
}

fn any_parcel() -> impl Strategy<Value = Made> {
    (0..400, 0..6, 0..4, 0..3, 0..9, 0..5).prop_map(|(number, day, name, seller, value, order)| {
        Made {
            shipment_id: format!("S{number:04}"),
            day: 20_000 + day,
            value_cents: 10_000 * i64::from(value),
            name: ["Ana Lopez", "A Lopez", "Mei Chen", "Tom Baker"][name as usize].to_owned(),
            seller: format!("Seller {seller}"),
            order_id: if order == 0 {
                String::new()
            } else {
                format!("SO-12{order}-{}", day % 3)
            },
            ordered_on: (order > 1).then_some(19_990 + order),
            ..made(number)
        }
    })
}

proptest! {
    #[test]
    fn the_order_of_parcels_does_not_matter(file in prop::collection::vec(any_parcel(), 0..60), by in 0_usize..60) {
        let mut file = file;
        file.sort_by(|a, b| a.shipment_id.cmp(&b.shipment_id));
        file.dedup_by(|a, b| a.shipment_id == b.shipment_id);
        let ids = |file: &[Made]| -> Vec<(Kind, i32, Vec<String>)> {
            let id = |at: &usize| file[*at].shipment_id.clone();
            found(file)
                .iter()
                .map(|finding| (finding.kind, finding.score, finding.parcels.iter().map(id).collect()))
                .collect()
        };
        let expected = ids(&file);
        let by = by % file.len().max(1);
        file.rotate_left(by);
        file.reverse();
        prop_assert_eq!(ids(&file), expected);
    }

    #[test]
    fn a_finding_says_what_its_score_rests_on(file in prop::collection::vec(any_parcel(), 0..60)) {
        for finding in found(&file) {
            let all = finding.in_favour.iter().chain(&finding.against);
            let weights: i32 = all.clone().map(|evidence| evidence.weight(finding.kind)).sum();
            let base = finding.score - weights;
            prop_assert!(base < 0 || finding.score == 2000, "{:?}", finding);
            prop_assert!(finding.in_favour.iter().all(|evidence| evidence.weight(finding.kind) > 0));
            prop_assert!(finding.against.iter().all(|evidence| evidence.weight(finding.kind) < 0));
            prop_assert!(!finding.parcels.is_empty() && finding.days.0 <= finding.days.1);
        }
    }
}
