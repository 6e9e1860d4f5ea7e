//! A second, plain reading of the additional duties, written from citations and tables of its own
//! (`law/tests/independent`), and what it is held against.

mod cell;
mod china;
mod compare;
mod emergency;
mod engine;
mod lists;
mod rates;
mod read;
mod sample;
mod security;
mod text;
mod worked;

use cell::{Cell, Charge, Kind};
use compare::{Class, Differences, classes, known};
use engine::Engine;
use read::{read, reason};
use sample::{Draw, Pool};
use std::collections::{BTreeMap, BTreeSet};

const SEED: u64 = 20_261_122;

#[test]
fn tables_hold_one_rate_for_a_moment() {
    let pool = Pool::new();
    assert!(pool.numbers.len() > 19_000, "{}", pool.numbers.len());
    rates::assert_disjoint();
}

/// Every program is met, due and open where it can be, so that agreement says something.
#[test]
fn samples_reach_every_program() {
    let pool = Pool::new();
    let mut draw = Draw::new(SEED);
    let mut met: BTreeMap<&str, [u64; 3]> = BTreeMap::new();
    for _ in 0..100_000 {
        let reading = read(&pool.cell(&mut draw));
        for charge in &reading.charges {
            let exempt = usize::from(charge.kind == Kind::Exempt);
            met.entry(charge.program).or_default()[exempt] += 1;
        }
        for unknown in &reading.unknown {
            met.entry(unknown.program).or_default()[2] += 1;
        }
    }
    println!("seed {SEED}; due, exempt, open: {met:#?}");
    for program in rates::programs() {
        let counts = met.get(program).copied().unwrap_or_default();
        assert!(
            counts[0] > 0 || program == "301-china-maritime",
            "{program}: {counts:?}"
        );
    }
    for open in [
        "201-solar",
        "201-quartz",
        "232-copper",
        "232-semis",
        "232-pharma",
    ] {
        assert!(met.get(open).is_some_and(|counts| counts[2] > 0), "{open}");
    }
}

/// A reading is never two things at once.
#[test]
fn a_program_is_due_or_open_and_once() {
    let pool = Pool::new();
    let mut draw = Draw::new(SEED + 1);
    for _ in 0..100_000 {
        let cell = pool.cell(&mut draw);
        let reading = read(&cell);
        let charged = reading.charges.iter().map(|charge| charge.program);
        let open = reading.unknown.iter().map(|unknown| unknown.program);
        let mut programs: Vec<_> = charged.chain(open).collect();
        programs.sort_unstable();
        let count = programs.len();
        programs.dedup();
        assert_eq!(programs.len(), count, "{cell:?}: {reading:?}");
    }
}

/// The comparison finds a rate that is off, a program that is missing, and one too many.
#[test]
fn comparison_finds_what_differs() {
    let pool = Pool::new();
    let mut draw = Draw::new(SEED + 2);
    let mut differences = Differences::default();
    for _ in 0..20_000 {
        let cell = pool.cell(&mut draw);
        let ours = read(&cell);
        let mut other = ours.clone();
        other
            .charges
            .retain(|charge| charge.program != "301-brazil");
        for charge in &mut other.charges {
            if charge.headings == "9903.88.01" {
                charge.rate_ppm += 1;
            }
        }
        if ours.charge("301-china").is_none() && ours.open("301-china").is_none() {
            other.charges.push(Charge {
                program: "301-china",
                headings: "9903.88.02",
                kind: Kind::Additive,
                rate_ppm: 250_000,
            });
        }
        differences.add(&cell, classes(&ours, &other));
    }
    let class = |program: &str, heading: &str, reason: &str| Class {
        program: program.into(),
        heading: heading.into(),
        reason: reason.into(),
    };
    let expected = BTreeSet::from([
        class("301-brazil", "9903.05.01", "due here only"),
        class("301-china", "9903.88.02", "due by the engine only"),
        class(
            "301-china",
            "9903.88.01",
            "250000 here and 250001 by the engine, in parts per million",
        ),
    ]);
    assert_eq!(differences.against(&expected), Vec::<String>::new());
    assert_eq!(differences.against(&BTreeSet::new()).len(), 3);
    let gone = class("122", "9903.03.01", "due here only");
    let with_gone = expected.into_iter().chain([gone]).collect();
    let told = differences.against(&with_gone);
    assert_eq!(told, ["no longer met: 122,9903.03.01,due here only"]);
}

#[test]
fn known_differences_are_cited_and_explained() {
    let programs: BTreeSet<_> = rates::programs().into_iter().collect();
    for class in known() {
        let listed = programs.contains(class.program.as_str());
        assert!(
            listed || reason::OTHER_PROGRAMS.contains(&class.program.as_str()),
            "{class}"
        );
    }
}

/// How many cells are drawn, unless `DEMINIMIS_CELLS` says otherwise.
const CELLS: u64 = 2_000_000;

fn compare(cells: impl Iterator<Item = Cell>, differences: &mut Differences) -> u64 {
    let (mut engine, mut count) = (Engine::new(), 0);
    for cell in cells {
        let mut met = classes(&read(&cell), &engine.read(&cell));
        // Midnight in the east: instruments name 00:01, and a bare date begins a minute before it.
        if !met.is_empty() && matches!(cell.entered.rem_euclid(1440), 240 | 300) {
            let mut later = cell;
            later.entered += 1;
            let lasting = classes(&read(&later), &engine.read(&later));
            for class in &mut met {
                if !lasting.contains(class) {
                    class.reason.push_str(" (only at 00:00)");
                }
            }
        }
        differences.add(&cell, met);
        count += 1;
    }
    count
}

/// The rates at their own boundaries: each row, its origins, some of its numbers, the minutes around.
fn at_boundaries(pool: &Pool) -> impl Iterator<Item = Cell> + '_ {
    rates::rows_of_interest().into_iter().flat_map(move |row| {
        let numbers = pool.some_of(row.list, 12);
        let origins = row.origins.clone();
        let moments = [row.from - 1, row.from, row.until - 1, row.until];
        let moments = moments
            .into_iter()
            .filter(|at| (sample::SPAN.0..sample::SPAN.1).contains(at));
        let moments: Vec<_> = moments.collect();
        let cells = numbers.into_iter().flat_map(move |number| {
            let (moments, origins) = (moments.clone(), origins.clone());
            origins.into_iter().flat_map(move |origin| {
                let at = moments.clone().into_iter();
                at.map(move |entered| Cell {
                    number,
                    origin,
                    entered,
                    vessel: false,
                    loaded: None,
                    claim: None,
                    chapter_98: None,
                })
            })
        });
        cells.collect::<Vec<_>>()
    })
}

/// The two readings agree, but for the classes that `differences.csv` cites and explains.
#[test]
fn engine_agrees() {
    let pool = Pool::new();
    let wanted = std::env::var("DEMINIMIS_CELLS").ok();
    let wanted = wanted.and_then(|count| count.parse().ok()).unwrap_or(CELLS);
    let mut draw = Draw::new(SEED);
    let mut differences = Differences::default();
    let drawn = compare((0..wanted).map(|_| pool.cell(&mut draw)), &mut differences);
    let boundaries = compare(at_boundaries(&pool), &mut differences);
    println!("seed {SEED}: {drawn} cells drawn, {boundaries} at the boundaries of the rates");
    let left = differences.against(&known());
    assert!(
        left.is_empty(),
        "{} classes:\n{}",
        left.len(),
        left.join("\n")
    );
}

/// Every ten-digit number, from every country, on twenty days: about a hundred million cells.
#[test]
#[ignore = "takes an hour or more; run it with --release before a release of the law"]
fn every_number_and_origin() {
    let pool = Pool::new();
    let countries: Vec<_> = deminimis_law::codes::Country::all().collect();
    let step = pool.moments.len().div_ceil(20);
    let days: Vec<_> = pool.moments.iter().copied().step_by(step).collect();
    let mut differences = Differences::default();
    let cells = pool.numbers.iter().flat_map(|number| {
        let days = &days;
        countries.iter().flat_map(move |country| {
            let origin = country.as_str().as_bytes();
            let origin = [origin[0], origin[1]];
            days.iter().map(move |entered| Cell {
                number: *number,
                origin,
                entered: *entered,
                vessel: false,
                loaded: None,
                claim: None,
                chapter_98: None,
            })
        })
    });
    let count = compare(cells, &mut differences);
    println!("{count} cells");
    let known = known();
    let new = differences
        .0
        .iter()
        .filter(|(class, _)| !known.contains(class));
    let new: Vec<_> = new
        .map(|(class, met)| format!("{class}: {met:?}"))
        .collect();
    assert!(new.is_empty(), "{}", new.join("\n"));
}
