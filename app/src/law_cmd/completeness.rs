//! Whether each version of each instrument has its two cases: one on its first moment and one on
//! the moment before. A date that nobody tests is a date that may be wrong by a day.

use crate::out::page;
use deminimis_clearance::Shipment;
use deminimis_clearance::cases::build_parcels;
use deminimis_law::case::Case;
use deminimis_law::instrument::{Instrument, Version};
use deminimis_law::names::Clock;
use deminimis_law::time::Moment;
use deminimis_law::{CaseBook, Law};
use deminimis_tariff::{Known, Number, Schedule};
use std::collections::{BTreeMap, BTreeSet};

/// A version without one of its two cases.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {instrument}, version from {effective}: no case reads {clock} on {missing}")]
pub struct Incomplete {
    /// The file and line of the instrument's first case, or its id if it has none.
    pub place: String,
    /// The instrument.
    pub instrument: String,
    /// The version, from 1.
    pub version: usize,
    /// Its first moment.
    pub effective: String,
    /// The clock that picks the version.
    pub clock: Clock,
    /// What no case reads.
    pub missing: &'static str,
}

/// A reading of an instrument's clock by a case, and to when that case knows the law.
struct Reading {
    at: Moment,
    known_at: Option<Moment>,
}

/// Every version of every kind that speaks which lacks a case, in the order of the rulebook.
#[must_use]
pub fn incomplete(law: &Law, book: &CaseBook) -> Vec<Incomplete> {
    let mut missing = Vec::new();
    for instrument in law
        .book()
        .instruments
        .iter()
        .filter(|one| one.kind.speaks())
    {
        let cases: Vec<&Case> = book.own(&instrument.id).collect();
        let readings = readings(law, book, &cases, instrument.selects_on);
        let place = cases.first().map_or_else(
            || instrument.id.clone(),
            |case| format!("{}:{}", case.file, case.line),
        );
        for (at, version) in instrument.versions.iter().enumerate() {
            missing.extend(
                lacks(law, version, &readings)
                    .into_iter()
                    .map(|what| Incomplete {
                        place: place.clone(),
                        instrument: instrument.id.clone(),
                        version: at + 1,
                        effective: page::date(law, version.effective),
                        clock: instrument.selects_on,
                        missing: what,
                    }),
            );
        }
    }
    missing
}

fn readings(law: &Law, book: &CaseBook, cases: &[&Case], clock: Clock) -> Vec<Reading> {
    let mut readings = Vec::new();
    for case in cases {
        // A case that cannot be built fails when it is run, and says why there.
        let Ok(parcels) = build_parcels(law, case, &book.models) else {
            continue;
        };
        let known_at = case.known_at.map(|known_at| known_at.end());
        readings.extend(parcels.iter().map(|(shipment, _)| Reading {
            at: read(shipment, clock),
            known_at,
        }));
    }
    readings
}

/// What a parcel's clock reads, with the assessment's fallbacks: what is not given is arrival.
fn read(shipment: &Shipment, clock: Clock) -> Moment {
    let arrives = shipment.arrives_at.moment;
    match clock {
        Clock::EnteredAt => shipment.entered_at.map_or(arrives, |when| when.moment),
        Clock::FiledAt => shipment.filed_at.unwrap_or(arrives),
        Clock::LoadedAt => shipment.loaded_at.map_or(arrives, |when| when.moment),
        Clock::ArrivesAt | Clock::ExportedOn => arrives,
    }
}

/// What a version's two cases should read and none does. A bare date is a whole Eastern day.
fn lacks(law: &Law, version: &Version, readings: &[Reading]) -> Vec<&'static str> {
    let (zone, start) = (law.zone(), version.effective.moment);
    let day = zone.day(start);
    let has = |test: &dyn Fn(Moment) -> bool| {
        readings.iter().any(|reading| {
            let knows = |known_at| version.published.moment <= known_at;
            reading.known_at.is_none_or(knows) && test(reading.at)
        })
    };
    let (first, before, names) = if version.effective.bare {
        let first = has(&|at| zone.day(at) == day);
        let before = has(&|at| zone.day(at) == day.plus(-1));
        (first, before, ["its first day", "the day before"])
    } else {
        let first = has(&|at| at == start);
        let before = has(&|at| start.plus_minutes(-1) <= at && at < start);
        (first, before, ["its first moment", "the minute before"])
    };
    let found = [first, before];
    names
        .into_iter()
        .zip(found)
        .filter(|(_, found)| !found)
        .map(|(name, _)| name)
        .collect()
}

/// What names numbers that the schedule does not have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownNumbers {
    /// `conditions`, or the name of a group or list.
    pub place: String,
    /// Its numbers that no release in hand prints, ascending.
    pub numbers: Vec<String>,
}

/// Numbers that conditions, groups and lists name and the schedule does not have, by the place that
/// names them. Not an error: the schedule holds only some releases, and lists are copied as
/// published.
#[must_use]
pub fn unknown_numbers(law: &Law, tariff: &Schedule) -> Vec<UnknownNumbers> {
    let book = law.book();
    let mut unknown: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut look = |place: &str, (low, high): (u64, u64), at: Moment| {
        let (mut digits, mut span) = (10_u8, high - low + 1);
        while span >= 10 {
            (digits, span) = (digits - 1, span / 10);
        }
        let scale = 10_u64.pow(u32::from(10 - digits));
        let Some(number) = Number::from_digits(low / scale, digits) else {
            return;
        };
        if tariff.knows(number, law.zone().day(at).0) == Known::No {
            let numbers = unknown.entry(place.to_owned()).or_default();
            numbers.insert(number.to_string());
        }
    };
    let now = Moment(i64::from(i32::MAX));
    for test in &book.numbers {
        test.ranges
            .iter()
            .for_each(|range| look("conditions", *range, now));
    }
    for instrument in &book.instruments {
        for range in group_numbers(instrument) {
            look(&instrument.id, range, now);
        }
    }
    for list in &book.lists {
        list.entries
            .iter()
            .for_each(|row| look(&list.name, row.range, row.from.max(Moment(0))));
    }
    let all = unknown.into_iter();
    all.map(|(place, numbers)| UnknownNumbers {
        place,
        numbers: numbers.into_iter().collect(),
    })
    .collect()
}

fn group_numbers(instrument: &Instrument) -> impl Iterator<Item = (u64, u64)> {
    instrument
        .versions
        .iter()
        .flat_map(|version| match &version.rule {
            deminimis_law::kind::Rule::Group(group) => group.numbers.clone(),
            _ => Vec::new(),
        })
}
