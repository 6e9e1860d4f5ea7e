//! Who is one person, who may be one on a day, and which parcels look like a split lot: in processor
//! time of one thread, as rows a second, for files of ten times the size, so that a step that grows
//! faster than its file shows in the rate.

use criterion::{
    BenchmarkId, Criterion, SamplingMode, Throughput, criterion_group, criterion_main,
};
use deminimis_bench::cpu::CpuTime;
use deminimis_bench::parcels::Dice;
use deminimis_person::matching::{Anchors, Party, Row, link_day, match_people};
use deminimis_person::splitting::{Parcel, find_splits};
use deminimis_person::{Key, PartyText, Scratch};
use std::hint::black_box;

const GIVEN: [&str; 12] = [
    "Ana", "Luis", "Grace", "Walter", "Priya", "Owen", "Keiko", "Hassan", "Bridget", "Dmitri",
    "Rosa", "Noah",
];
const STREETS: [&str; 8] = [
    "Oak St",
    "Maple Ave",
    "Elm St",
    "Cedar Rd",
    "Lake Dr",
    "Hill Ct",
    "Pine Ln",
    "Park Blvd",
];

/// A row of a file of people, or a recipient.
struct Made {
    id: String,
    name: String,
    street: String,
    postal_code: String,
}

/// Where the people live.
#[derive(Clone, Copy)]
enum Town {
    /// In houses of a few, all over the country; one row in five has a slip.
    Houses,
    /// All at one address, as of a forwarder.
    Warehouse,
}

fn people(town: Town, count: usize) -> Vec<Made> {
    let mut dice = Dice::new(7);
    let mut person = |at: usize| {
        let home = dice.below(count as u64 / 3 + 1);
        let mut name = format!("{} Fam{}", dice.pick(&GIVEN), home / 2);
        if dice.below(5) == 0 {
            name.pop();
        }
        let (street, postal_code) = match town {
            Town::Houses => (
                format!("{} {}", 1 + home % 997, STREETS[home as usize % 8]),
                format!("{:05}", 10_000 + home % 40_000),
            ),
            Town::Warehouse => ("100 Warehouse Way".to_owned(), "19720".to_owned()),
        };
        Made {
            id: format!("{at:07}"),
            name,
            street,
            postal_code,
        }
    };
    (0..count).map(&mut person).collect()
}

impl Made {
    fn row(&self) -> Row<'_> {
        Row {
            id: &self.id,
            name: &self.name,
            street: &self.street,
            city: "Austin",
            postal_code: &self.postal_code,
            country: "US",
            ..Row::default()
        }
    }

    fn compared(&self, scratch: &mut Scratch) -> Key {
        let party = PartyText {
            name: Some(&self.name),
            street: Some(&self.street),
            city: Some("Austin"),
            postal_code: Some(&self.postal_code),
            country: Some("US"),
            ..PartyText::default()
        };
        Key::of(&party, "party", None, scratch).unwrap_or_else(|error| panic!("{error}"))
    }

    fn party(&self) -> Party<'_> {
        let mut scratch = Scratch::new();
        Party {
            key: self.compared(&mut scratch),
            anchors: Anchors::of(&scratch.last(), "", ""),
            row: self.row(),
        }
    }
}

const TOWNS: [(&str, Town); 2] = [("houses", Town::Houses), ("one address", Town::Warehouse)];

fn matching(criterion: &mut Criterion<CpuTime>) {
    let mut group = criterion.benchmark_group("match_people");
    group.sample_size(10).sampling_mode(SamplingMode::Flat);
    for (name, town) in TOWNS {
        for count in [10_000, 100_000] {
            let made = people(town, count);
            let rows: Vec<Row<'_>> = made.iter().map(Made::row).collect();
            group.throughput(Throughput::Elements(count as u64));
            group.bench_function(BenchmarkId::new(name, count), |bencher| {
                bencher.iter(|| match_people(black_box(&rows)).pairs.len());
            });
        }
    }
    group.finish();
}

fn linking(criterion: &mut Criterion<CpuTime>) {
    let mut group = criterion.benchmark_group("link_day");
    group.sample_size(10).sampling_mode(SamplingMode::Flat);
    for (name, town, counts) in [
        ("houses", Town::Houses, [2_000, 20_000]),
        ("one address", Town::Warehouse, [2_000, 20_000]),
    ] {
        for count in counts {
            let made = people(town, count);
            let parties: Vec<Party<'_>> = made.iter().map(Made::party).collect();
            group.throughput(Throughput::Elements(count as u64));
            group.bench_function(BenchmarkId::new(name, count), |bencher| {
                bencher.iter(|| link_day(black_box(&parties)).map(|linked| linked.len()));
            });
        }
    }
    group.finish();
}

/// What the parcels of a file are like.
#[derive(Clone, Copy)]
enum Trade {
    /// Persons and sellers of all sizes, mostly cheap goods, sixty days.
    Ordinary,
    /// One seller, one person, one order.
    Alike,
}

fn splits(criterion: &mut Criterion<CpuTime>) {
    let mut group = criterion.benchmark_group("find_splits");
    group.sample_size(10).sampling_mode(SamplingMode::Flat);
    for (name, trade) in [("ordinary", Trade::Ordinary), ("alike", Trade::Alike)] {
        for count in [10_000, 100_000] {
            let made = people(Town::Houses, count / 4);
            let keys: Vec<(Key, Scratch)> = made
                .iter()
                .map(|made| {
                    let mut scratch = Scratch::new();
                    (made.compared(&mut scratch), scratch)
                })
                .collect();
            let texts = orders(trade, count, made.len());
            let parcels: Vec<Parcel<'_>> = texts
                .iter()
                .enumerate()
                .map(|(index, one)| one.parcel(index, &keys[one.person]))
                .collect();
            group.throughput(Throughput::Elements(count as u64));
            group.bench_function(BenchmarkId::new(name, count), |bencher| {
                bencher.iter(|| find_splits(black_box(&parcels)).len());
            });
        }
    }
    group.finish();
}

/// An order that came in one parcel.
struct Order {
    person: usize,
    day: i32,
    cents: i64,
    id: String,
    seller: String,
    number: String,
}

fn orders(trade: Trade, count: usize, people: usize) -> Vec<Order> {
    let mut dice = Dice::new(11);
    let mut order = |at: usize| match trade {
        Trade::Ordinary => {
            let seller = dice.below(40).min(dice.below(40));
            Order {
                person: dice.below(people as u64).min(dice.below(people as u64)) as usize,
                day: 20_000 + dice.below(60) as i32,
                cents: 900 + dice.below(30_000).min(dice.below(79_000)) as i64,
                id: format!("S{at:07}"),
                seller: format!("Seller {seller}"),
                number: format!("{seller}-{}", 100_000 + dice.below(900_000)),
            }
        }
        Trade::Alike => Order {
            person: 0,
            day: 20_000 + (at % 50) as i32,
            cents: 79_000,
            id: format!("S{at:07}"),
            seller: "Seller 1".to_owned(),
            number: "SO-1200".to_owned(),
        },
    };
    (0..count).map(&mut order).collect()
}

impl Order {
    fn parcel<'a>(&'a self, index: usize, (person, compared): &'a (Key, Scratch)) -> Parcel<'a> {
        Parcel {
            index,
            shipment_id: &self.id,
            day: self.day,
            value_cents: self.cents,
            limit_cents: Some(80_000),
            person: *person,
            linked_person: None,
            party: compared.last(),
            email: "",
            seller: &self.seller,
            order_id: &self.number,
            ordered_on: Some(self.day - 9),
            order_total_cents: None,
            order_parcels: None,
            split_reason: None,
            master_bill: "",
            house_bill: "",
            description: "cotton shirt",
            htsus_number: "6109.10",
        }
    }
}

criterion_group! {
    name = all;
    config = Criterion::default().with_measurement(CpuTime);
    targets = matching, linking, splits
}
criterion_main!(all);
