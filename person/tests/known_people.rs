//! Matching of people whose duplicates are known: made-up people of the United States here, and
//! the FEBRL sets where they are at hand.

#[allow(dead_code, reason = "the properties use other parts of it")]
mod people;

use deminimis_person::matching::{Matches, Outcome, Row, match_people};
use people::{Made, people};
use std::collections::BTreeSet;
use std::path::Path;

/// How many pairs were found, how many of them rightly, and how many there are.
#[derive(Debug, Default)]
struct Quality {
    found: u64,
    right: u64,
    all: u64,
}

impl Quality {
    fn of(persons: &[usize], matches: &Matches, outcome: Outcome) -> Quality {
        let mut quality = Quality::default();
        let pairs = matches.pairs.iter().filter(|pair| pair.outcome == outcome);
        let pairs: BTreeSet<(usize, usize)> = pairs.map(|pair| (pair.a, pair.b)).collect();
        for (a, b) in &pairs {
            quality.found += 1;
            quality.right += u64::from(persons[*a] == persons[*b]);
        }
        let mut counts = std::collections::BTreeMap::new();
        for person in persons {
            *counts.entry(person).or_insert(0_u64) += 1;
        }
        quality.all = counts.values().map(|count| count * (count - 1) / 2).sum();
        quality
    }

    /// Right among the found, in thousandths.
    fn precision(&self) -> u64 {
        self.right * 1000 / self.found.max(1)
    }

    /// Found among all, in thousandths.
    fn recall(&self) -> u64 {
        self.right * 1000 / self.all.max(1)
    }
}

fn matched(made: &[Made]) -> (Quality, Quality, Matches) {
    let ids: Vec<String> = (0..made.len()).map(|at| format!("r{at:06}")).collect();
    let rows: Vec<Row> = made
        .iter()
        .zip(&ids)
        .map(|(made, id)| Row {
            id,
            name: &made.name,
            street: &made.street,
            city: &made.city,
            state: &made.state,
            postal_code: &made.postal_code,
            ..Row::default()
        })
        .collect();
    let persons: Vec<usize> = made.iter().map(|made| made.person).collect();
    let matches = match_people(&rows);
    let of = |outcome| Quality::of(&persons, &matches, outcome);
    (of(Outcome::Same), of(Outcome::Uncertain), matches)
}

#[test]
fn households_and_buildings_of_the_united_states() {
    for seed in [1, 2, 3, 11, 12, 13] {
        for untidy in [0, 20, 40] {
            let made = people(seed, 1200, untidy);
            let (same, uncertain, matches) = matched(&made);
            eprintln!(
                "seed {seed}, {} rows, untidy {untidy}: precision {} recall {} {same:?}, uncertain {uncertain:?} {:?}",
                made.len(),
                same.precision(),
                same.recall(),
                matches.habits
            );
            assert!(
                same.precision() >= 990,
                "seed {seed}, untidy {untidy}: {same:?}"
            );
            assert!(
                same.recall() >= 850,
                "seed {seed}, untidy {untidy}: {same:?}"
            );
            assert!(
                !matches.habits.names_are_replaced(),
                "seed {seed}, untidy {untidy}"
            );
        }
    }
}

/// Runs where the folder of the FEBRL sets is named by `FEBRL`.
#[test]
fn the_febrl_sets() {
    let Ok(folder) = std::env::var("FEBRL") else {
        eprintln!("skipped: FEBRL does not name the folder of dataset2.csv and dataset3.csv");
        return;
    };
    for (name, least) in [("dataset2.csv", 850), ("dataset3.csv", 934)] {
        let text = std::fs::read_to_string(Path::new(&folder).join(name)).unwrap();
        let cells: Vec<Vec<&str>> = text
            .lines()
            .skip(1)
            .map(|line| line.split(',').map(str::trim).collect())
            .collect();
        let made: Vec<Made> = cells
            .iter()
            .map(|cells| Made {
                person: cells[0].split('-').nth(1).unwrap().parse().unwrap(),
                name: format!("{} {}", cells[1], cells[2]),
                street: cells[3..6].join(" "),
                city: cells[6].to_owned(),
                postal_code: cells[7].to_owned(),
                state: cells[8].to_owned(),
            })
            .collect();
        let start = std::time::Instant::now();
        let (same, uncertain, matches) = matched(&made);
        eprintln!(
            "{name}: precision {} recall {} {same:?}, uncertain {uncertain:?} {:?} {:?}",
            same.precision(),
            same.recall(),
            matches.habits,
            start.elapsed()
        );
        assert!(same.precision() >= 999, "{name}: {same:?}");
        assert!(same.recall() >= least, "{name}: {same:?}");
    }
}
