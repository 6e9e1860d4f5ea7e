//! What a rulebook must satisfy as a whole, beyond what each file must.

use crate::compile::Law;
use crate::condition::Cond;
use crate::duties::{self, Circle, FEES};
use crate::error::LawError;
use crate::instrument::{Instrument, Version};
use crate::kind::{Charge, Kind, Rule};
use crate::names::Clock;
use crate::rulebook::Rulebook;
use crate::table::Table;
use std::collections::BTreeMap;
use std::sync::Arc;

/// For each instrument, where its versions stand.
pub(crate) type Places = BTreeMap<String, Vec<Place>>;

/// Where a version stands: what was read earlier and is extended now has no place.
#[derive(Clone, Debug, Default)]
pub(crate) struct Place {
    file: String,
    lines: BTreeMap<&'static str, usize>,
}

/// The fields of a version that a check of the whole may name.
const NAMED: [&str; 5] = ["published", "until", "list", "when", "fee"];

impl Place {
    /// Remembers the lines of a version that may be named later.
    pub fn of(version: &Table<'_>) -> Place {
        Place {
            file: version.source.file.path.clone(),
            lines: NAMED
                .iter()
                .map(|field| (*field, version.error(field, "").line))
                .collect(),
        }
    }

    fn error(&self, field: &str, message: String) -> LawError {
        LawError {
            file: self.file.clone(),
            line: self.lines.get(field).copied().unwrap_or(1),
            field: field.to_owned(),
            message,
        }
    }
}

/// All defects of the rulebook; `places` says where the versions of each instrument stand.
pub(crate) fn rulebook(book: &Rulebook, places: &Places) -> Vec<LawError> {
    let mut errors = Vec::new();
    for instrument in &book.instruments {
        let mut report = |(id, version): (&str, usize), field: &str, message: String| {
            let place = places.get(id).and_then(|places| {
                let known = |place: &&Place| !place.file.is_empty();
                let own = places.get(version).filter(known);
                own.or_else(|| places.iter().rev().find(known))
            });
            errors.push(place.cloned().unwrap_or_default().error(field, message));
        };
        ties(instrument, &mut report);
        gaps(instrument, &mut report);
        lists(book, instrument, &mut report);
        groups(book, places, instrument, &mut report);
        rate_tables(book, instrument, &mut report);
        ranks(book, instrument, &mut report);
        fees(book, instrument, &mut report);
    }
    if errors.is_empty() {
        let law = Law::compile_hashed(&Arc::new(book.clone()), None, "".into());
        if let Err(Circle(programs, at)) = duties::compile(&law) {
            errors.push(LawError {
                file: "duty".to_owned(),
                line: 1,
                field: "subject_to".to_owned(),
                message: format!(
                    "these programs depend on one another in a circle on {}: {}",
                    law.zone().day(at),
                    programs.join(", ")
                ),
            });
        }
    }
    for needed in [crate::facts::ORIGIN_FACT, crate::facts::NUMBER_FACT] {
        if crate::facts::find(&book.facts, needed).is_none() {
            errors.push(LawError {
                file: "facts.toml".to_owned(),
                line: 1,
                field: needed.to_owned(),
                message: "the engine needs this fact to be defined".to_owned(),
            });
        }
    }
    errors
}

/// Duties must name tables in hand, and be picked by the moment of entry as the compiler expects.
fn rate_tables(
    book: &Rulebook,
    instrument: &Instrument,
    report: &mut impl FnMut((&str, usize), &str, String),
) {
    for (at, version) in instrument.versions.iter().enumerate() {
        if instrument.kind.is_of_duty() && instrument.selects_on != Clock::EnteredAt {
            let message = "what is owed is read at the moment of entry".to_owned();
            report((&instrument.id, at), "selects_on", message);
        }
        if let Rule::Duty(duty) = &version.rule
            && let Charge::Table(name) = &duty.charge
            && !book.rates.iter().any(|table| table.name == *name)
        {
            let message = format!("`{name}` is not a table of rates of the lists folder");
            report((&instrument.id, at), "rates", message);
        }
    }
}

/// No more fees than are reckoned.
fn fees(
    book: &Rulebook,
    instrument: &Instrument,
    report: &mut impl FnMut((&str, usize), &str, String),
) {
    if instrument.kind != Kind::Fee {
        return;
    }
    let others = book.instruments.iter().filter(|one| one.kind == Kind::Fee);
    let before = others.take_while(|one| one.id != instrument.id).count();
    if before >= FEES {
        let message = format!(
            "{}: one fee too many; the law may hold {FEES}",
            instrument.id
        );
        report((&instrument.id, 0), "fee", message);
    }
}

/// Of one program no two headings may stand in the same place: which applies would be a guess.
fn ranks(
    book: &Rulebook,
    instrument: &Instrument,
    report: &mut impl FnMut((&str, usize), &str, String),
) {
    for (at, version) in instrument.versions.iter().enumerate() {
        let Rule::Duty(duty) = &version.rule else {
            continue;
        };
        let earlier = book
            .instruments
            .iter()
            .take_while(|other| other.id != instrument.id);
        for other in earlier {
            let same = |other: &&Version| {
                matches!(&other.rule, Rule::Duty(known) if known.program == duty.program && known.rank == duty.rank)
                    && other.overlaps(version)
            };
            if other.kind == Kind::Duty && other.versions.iter().any(|other| same(&other)) {
                let message = format!(
                    "`{}` has the same rank in the program at the same time",
                    other.id
                );
                report((&instrument.id, at), "rank", message);
            }
        }
    }
}

/// At no moment may two versions of one publication both be in force: which governs would be a guess.
fn ties(instrument: &Instrument, report: &mut impl FnMut((&str, usize), &str, String)) {
    for (at, a) in instrument.versions.iter().enumerate() {
        for (later, b) in instrument.versions.iter().enumerate().skip(at + 1) {
            if a.published.moment == b.published.moment && a.overlaps(b) {
                report(
                    (&instrument.id, later),
                    "published",
                    format!(
                        "{}: two versions published together overlap; give the first an `until`",
                        instrument.id
                    ),
                );
            }
        }
    }
}

/// Kinds that must always answer may not pause between versions.
fn gaps(instrument: &Instrument, report: &mut impl FnMut((&str, usize), &str, String)) {
    if !instrument.kind.forbids_gaps() {
        return;
    }
    let last = instrument
        .versions
        .iter()
        .map(|version| version.effective.moment)
        .max();
    for (at, version) in instrument.versions.iter().enumerate() {
        let Some(ended) = version.until else { continue };
        let held = instrument
            .versions
            .iter()
            .any(|version| version.holds(ended.moment));
        if !held && last.is_some_and(|last| last > ended.moment) {
            report(
                (&instrument.id, at),
                "until",
                format!(
                    "{}: nothing is in force from this end on: a gap",
                    instrument.id
                ),
            );
        }
    }
}

fn lists(
    book: &Rulebook,
    instrument: &Instrument,
    report: &mut impl FnMut((&str, usize), &str, String),
) {
    for (at, version) in instrument.versions.iter().enumerate() {
        if let Rule::Group(group) = &version.rule
            && let Some(list) = &group.list
            && !book.lists.iter().any(|known| known.name == *list)
        {
            let message = format!("`{list}` is not a file of the lists folder");
            report((&instrument.id, at), "list", message);
        }
    }
}

/// Every group that a condition names must exist and be of the right sort.
fn groups(
    book: &Rulebook,
    places: &Places,
    instrument: &Instrument,
    report: &mut impl FnMut((&str, usize), &str, String),
) {
    for (at, version) in instrument.versions.iter().enumerate() {
        version.when.walk(&mut |part| {
            let (named, of_origins) = match part {
                Cond::Origin(set) | Cond::ShippedFrom(set) => {
                    (&book.origins[set.0 as usize].groups, true)
                }
                Cond::Number(set) => (&book.numbers[set.0 as usize].groups, false),
                _ => return,
            };
            for group in named {
                if let Some(wrong) = wrong_group(book, group, of_origins) {
                    // An overlay may have broken the group rather than the one who names it.
                    let own = places.contains_key(&instrument.id);
                    let id = if own { &instrument.id } else { group };
                    report((id, at), "when", format!("`@{group}` {wrong}"));
                }
            }
        });
    }
}

fn wrong_group(book: &Rulebook, id: &str, of_origins: bool) -> Option<&'static str> {
    // A list may be named without a group, where its rows are all there is to say.
    if !of_origins && book.lists.iter().any(|list| list.name == id) {
        return None;
    }
    let found = book.instrument(id);
    let Some(found) = found.filter(|found| found.kind == Kind::Group) else {
        return Some("is neither a group nor a list");
    };
    let fits = |version: &Version| matches!(&version.rule, Rule::Group(group) if group.origins.is_empty() != of_origins);
    match (found.versions.iter().all(fits), of_origins) {
        (true, _) => None,
        (false, true) => Some("is not a group of origins"),
        (false, false) => Some("is a group of origins, not of numbers"),
    }
}
