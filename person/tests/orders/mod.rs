//! Orders and parcels of made-up people over a season, each parcel with the truth about it. It
//! knows nothing of how orders that were cut, runs and hidden buyers are found.
//!
//! Most parcels are innocent, and many look otherwise: families and flatmates, towers whose flats
//! are left out, dormitories, forwarders, weekly boxes, sales, auctions, resellers, registries and
//! orders that leave in parts for reasons of trade. A few people evade. The shifted world has other
//! prices, rates, gaps in its data and habits, to measure what becomes of figures found in the
//! usual one.

mod desk;
mod dice;
mod evasion;
mod innocent;
mod lists;
mod people;
mod trade;
mod world;

use desk::Desk;
use dice::Dice;
use people::Dwelling;
use world::World;

/// A parcel, as data of carriers and shops has it, and what is true of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub shipment_id: String,
    /// Days since 1970.
    pub arrived_on: i32,
    pub seller: String,
    pub order_id: Option<String>,
    /// Days since 1970.
    pub ordered_on: Option<i32>,
    pub order_total_cents: Option<i64>,
    pub order_parcels: Option<u32>,
    /// `back_order`, `stock_location`, `carrier_limit`, `unknown` or `to_stay_under_limit`.
    pub split_reason: Option<String>,
    pub name: String,
    pub street: String,
    pub city: String,
    pub state: String,
    pub postal_code: String,
    pub email: Option<String>,
    pub description: String,
    pub htsus_number: Option<String>,
    pub value_cents: i64,
    pub house_bill: String,
    pub master_bill: Option<String>,
    /// None for a parcel that is an order, or a replacement, of its own.
    pub label: Option<Label>,
}

/// What a parcel is part of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Label {
    /// `one-order`: one order in several parcels for a reason of trade, which is a fact and no
    /// offence. `cut-under-limit`: one order, cut so that each part is below the limit of a day.
    /// `run`: separate orders of one purchase, of one person from one seller. `many-names`: parcels
    /// of one buyer behind several names.
    pub kind: &'static str,
    /// Parcels with one number belong together; no number stands for two kinds.
    pub group: u32,
}

/// The parcels of `people` persons, some four for each, in no order. At least one group of every
/// kind of evasion is among them.
pub fn generate(seed: u64, shifted: bool, people: usize) -> Vec<Row> {
    let world = if shifted {
        World::shifted()
    } else {
        World::usual()
    };
    // The worlds of one seed share nothing.
    let mut dice = Dice(if shifted { !seed } else { seed });
    let (dwellings, persons) = people::settle(&mut dice, &world, people.max(1));
    let mut desk = Desk::new(dice, &world);
    for person in &persons {
        innocent::live(&mut desk, person, &persons);
    }
    for dwelling in &dwellings {
        innocent::together(&mut desk, dwelling, &persons);
    }
    let groups = (persons.len() * world.evasive / 1_000).max(3);
    for at in 0..groups {
        let person = &persons[desk.dice.below(persons.len())];
        // The first three are one of each, so that small worlds have all.
        let how = if at < 3 {
            at
        } else {
            desk.dice.weighted(&world.evasions)
        };
        match how {
            0 => evasion::cut_order(&mut desk, person),
            1 => evasion::run(&mut desk, person),
            _ => evasion::many_names(
                &mut desk,
                person,
                dwelling_of(&dwellings, person.number).kind,
            ),
        }
    }
    let Desk {
        mut rows, mut dice, ..
    } = desk;
    // Neither the place of a row nor its identifier says what it belongs to.
    for at in (1..rows.len()).rev() {
        rows.swap(at, dice.below(at + 1));
    }
    for (at, row) in rows.iter_mut().enumerate() {
        row.shipment_id = format!("PX-{:07}", at + 1);
    }
    rows
}

fn dwelling_of(dwellings: &[Dwelling], person: usize) -> &Dwelling {
    let at = dwellings.partition_point(|dwelling| dwelling.people.end <= person);
    &dwellings[at]
}

#[cfg(test)]
mod tests {
    use super::desk::LIMIT;
    use super::{Label, Row, generate};
    use std::collections::{BTreeMap, BTreeSet};

    const SEED: u64 = 20_240_401;
    const KINDS: [&str; 4] = ["one-order", "cut-under-limit", "run", "many-names"];

    fn groups(rows: &[Row]) -> BTreeMap<Label, Vec<&Row>> {
        let mut groups: BTreeMap<Label, Vec<&Row>> = BTreeMap::new();
        for row in rows {
            if let Some(label) = &row.label {
                groups.entry(label.clone()).or_default().push(row);
            }
        }
        groups
    }

    #[test]
    fn a_seed_gives_the_same_rows() {
        println!("seed {SEED}");
        let rows = generate(SEED, false, 300);
        assert_eq!(rows, generate(SEED, false, 300));
        assert_ne!(rows, generate(SEED + 1, false, 300));
        assert_ne!(rows, generate(SEED, true, 300));
    }

    #[test]
    fn small_worlds_have_every_kind_of_evasion() {
        for seed in SEED..SEED + 20 {
            for people in [1, 2, 40] {
                println!("seed {seed}, {people} people");
                let rows = generate(seed, seed % 2 == 0, people);
                let kinds: BTreeSet<&str> = groups(&rows).keys().map(|label| label.kind).collect();
                for kind in &KINDS[1..] {
                    assert!(kinds.contains(kind), "{kind}");
                }
            }
        }
    }

    #[test]
    fn groups_are_what_their_labels_say() {
        for shifted in [false, true] {
            println!("seed {SEED}, shifted {shifted}");
            let rows = generate(SEED, shifted, 3_000);
            let groups = groups(&rows);
            let kinds: BTreeSet<&str> = groups.keys().map(|label| label.kind).collect();
            assert_eq!(kinds, BTreeSet::from(KINDS));
            let numbers: BTreeSet<u32> = groups.keys().map(|label| label.group).collect();
            assert_eq!(numbers.len(), groups.len());
            for (label, parcels) in &groups {
                assert!(parcels.len() >= 2, "{label:?}");
                if label.kind != "one-order" {
                    assert!(
                        parcels.iter().all(|row| row.value_cents <= LIMIT),
                        "{label:?}"
                    );
                    let total: i64 = parcels.iter().map(|row| row.value_cents).sum();
                    assert!(total > LIMIT, "{label:?} {total}");
                }
                if label.kind == "many-names" {
                    let names: BTreeSet<&str> = parcels.iter().map(|row| &*row.name).collect();
                    assert!(names.len() >= 2, "{label:?}");
                }
            }
        }
    }

    #[test]
    fn most_parcels_are_innocent_and_identifiers_are_unique() {
        for shifted in [false, true] {
            println!("seed {SEED}, shifted {shifted}");
            let rows = generate(SEED, shifted, 3_000);
            let evasive = |row: &&Row| row.label.as_ref().is_some_and(|l| l.kind != "one-order");
            let count = rows.iter().filter(evasive).count();
            assert!(count * 100 < rows.len() * 5, "{count} of {}", rows.len());
            let shipments: BTreeSet<&str> = rows.iter().map(|row| &*row.shipment_id).collect();
            let bills: BTreeSet<&str> = rows.iter().map(|row| &*row.house_bill).collect();
            assert_eq!((shipments.len(), bills.len()), (rows.len(), rows.len()));
            assert!(rows.iter().all(|row| row.value_cents > 0));
        }
    }

    #[test]
    fn the_shifted_world_is_another() {
        println!("seed {SEED}");
        let [usual, shifted] = [false, true].map(|shifted| {
            let rows = generate(SEED, shifted, 3_000);
            let total: i64 = rows.iter().map(|row| row.value_cents).sum();
            let bare = rows.iter().filter(|row| row.order_id.is_none()).count();
            (total / rows.len() as i64, bare * 1_000 / rows.len())
        });
        assert!(shifted.0 * 10 > usual.0 * 11, "{usual:?} {shifted:?}");
        assert!(shifted.1 * 10 > usual.1 * 13, "{usual:?} {shifted:?}");
    }
}
