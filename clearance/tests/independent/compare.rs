//! Where two readings differ, in classes, and which classes are known.

use crate::cell::{Cell, Charge, Kind, Reading};
use crate::text::{rows, shown};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

const KNOWN: &str = include_str!("../../../law/tests/independent/differences.csv");

/// Like differences.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Class {
    pub program: String,
    pub heading: String,
    pub reason: String,
}

impl fmt::Display for Class {
    fn fmt(&self, out: &mut fmt::Formatter) -> fmt::Result {
        write!(out, "{},{},{}", self.program, self.heading, self.reason)
    }
}

/// The classes met, how often, and a cell of each.
#[derive(Default)]
pub struct Differences(pub BTreeMap<Class, (u64, Option<Cell>)>);

/// What a reading says of one program.
enum Said<'a> {
    Nothing,
    Due(&'a Charge),
    Open(&'static str),
}

fn said<'a>(reading: &'a Reading, program: &str) -> Said<'a> {
    let mut charges = reading.charges.iter();
    let due = charges.find(|charge| {
        // What is exempt and what adds nothing owe the same.
        charge.program == program && charge.kind != Kind::Exempt && !adds_nothing(charge)
    });
    match (due, reading.open(program)) {
        (_, Some(reason)) => Said::Open(reason),
        (Some(charge), None) => Said::Due(charge),
        (None, None) => Said::Nothing,
    }
}

fn adds_nothing(charge: &Charge) -> bool {
    charge.kind == Kind::Additive && charge.rate_ppm == 0
}

/// Both name a heading that the other holds possible.
fn share_a_heading(one: &str, other: &str) -> bool {
    let mut ones = one.split('/');
    one.is_empty() || other.is_empty() || ones.any(|one| other.split('/').any(|two| one == two))
}

/// The classes in which what this reading says of a cell differs from what the engine says.
pub fn classes(ours: &Reading, engine: &Reading) -> Vec<Class> {
    let charges = ours.charges.iter().chain(&engine.charges);
    let unknown = ours.unknown.iter().chain(&engine.unknown);
    let programs: BTreeSet<_> = charges
        .map(|charge| charge.program)
        .chain(unknown.map(|unknown| unknown.program))
        .collect();
    let asked = engine.unclaimed > 0;
    let class = |program: &'static str| {
        let (heading, reason) = match (said(ours, program), said(engine, program)) {
            (Said::Nothing, Said::Nothing) | (Said::Open(_), Said::Open(_)) => return None,
            // The engine charges what stands if the answer is no, and asks.
            (Said::Open(_), Said::Due(_) | Said::Nothing) if asked => return None,
            (Said::Due(one), Said::Due(two)) => (one.headings, differ(one, two)?),
            (Said::Due(one), Said::Nothing) => (one.headings, "due here only".into()),
            (Said::Nothing, Said::Due(two)) => (two.headings, "due by the engine only".into()),
            (Said::Open(why), Said::Due(_)) => {
                ("", format!("open here and due by the engine: {why}"))
            }
            (Said::Open(why), Said::Nothing) => {
                ("", format!("open here and not due by the engine: {why}"))
            }
            (Said::Due(_), Said::Open(why)) => {
                ("", format!("open by the engine and due here: {why}"))
            }
            (Said::Nothing, Said::Open(why)) => {
                ("", format!("open by the engine and not due here: {why}"))
            }
        };
        Some(Class {
            program: program.into(),
            heading: heading.into(),
            reason,
        })
    };
    programs.into_iter().filter_map(class).collect()
}

impl Differences {
    pub fn add(&mut self, cell: &Cell, classes: Vec<Class>) {
        for class in classes {
            self.0.entry(class).or_insert((0, Some(*cell))).0 += 1;
        }
    }

    /// Classes that the list of known ones lacks, and known ones that were not met.
    pub fn against(&self, known: &BTreeSet<Class>) -> Vec<String> {
        let new = self.0.iter().filter(|(class, _)| !known.contains(class));
        let new = new
            .map(|(class, (count, cell))| format!("new: {class}: {count} times, {}", told(cell)));
        let gone = known.iter().filter(|class| !self.0.contains_key(class));
        let gone = gone.map(|class| format!("no longer met: {class}"));
        new.chain(gone).collect()
    }
}

/// A cell as one would type it.
fn told(cell: &Option<Cell>) -> String {
    let Some(cell) = cell else {
        return String::new();
    };
    let origin = std::str::from_utf8(&cell.origin).unwrap_or("??");
    let entered = shown(cell.entered);
    let loaded = cell.loaded.map(shown);
    format!(
        "{:010} {origin} {entered} vessel {} loaded {loaded:?} claim {:?} chapter 98 {:?}",
        cell.number, cell.vessel, cell.claim, cell.chapter_98
    )
}

fn differ(one: &Charge, two: &Charge) -> Option<String> {
    if one.rate_ppm != two.rate_ppm {
        return Some(format!(
            "{} here and {} by the engine, in parts per million",
            one.rate_ppm, two.rate_ppm
        ));
    }
    if one.kind != two.kind {
        return Some(format!(
            "{:?} here and {:?} by the engine",
            one.kind, two.kind
        ));
    }
    let same = share_a_heading(one.headings, two.headings);
    (!same).then(|| format!("{} by the engine", two.headings))
}

/// The classes of `differences.csv`: each has its citation and says why it is left.
pub fn known() -> BTreeSet<Class> {
    let class = |cells: Vec<&str>| {
        assert_eq!(cells.len(), 5, "a difference has five cells");
        assert!(
            !cells[3].is_empty(),
            "a difference has a citation: {cells:?}"
        );
        assert!(!cells[4].is_empty(), "a difference is explained: {cells:?}");
        Class {
            program: cells[0].into(),
            heading: cells[1].into(),
            reason: cells[2].into(),
        }
    };
    rows(KNOWN).map(class).collect()
}
