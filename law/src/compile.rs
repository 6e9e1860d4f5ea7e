//! Compiles a rulebook into the tables that the assessment reads.
//!
//! The law is compiled for one moment of knowledge and holds every interval: each of a parcel's
//! clocks finds its own stretch of time, and in it the rules that can speak for the mode.

mod ask;
mod calendar;
mod classes;
mod members;
mod timeline;

use crate::bands::{Bands, Sources};
use crate::codes::{COUNTRY_SLOTS, Country};
use crate::condition::Cond;
use crate::duties::{self, Duties};
use crate::facts::{self, Absence, Fact, FactId, NUMBER_FACT, ORIGIN_FACT, TextHash};
use crate::instrument::{Instrument, Version};
use crate::names::{Clock, Given, Set};
use crate::number_classes::NumberClasses;
use crate::rulebook::{EASTERN, Rulebook};
use crate::sets::{Dated, NumberSet, OriginSet};
use crate::time::{Moment, Zone};
use calendar::Calendar;
use std::sync::Arc;
use timeline::Timeline;

/// A version of an instrument, by its places in the rulebook.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RuleRef {
    /// Place of the instrument.
    pub instrument: u16,
    /// Place of the version in it.
    pub version: u16,
}

/// The law as known at one moment, at every moment.
#[derive(Clone, Debug)]
pub struct Law {
    book: Arc<Rulebook>,
    known_at: Option<Moment>,
    hash: Arc<str>,
    mark: u64,
    zone: Zone,
    /// For each instrument, which version is in force from when.
    in_force: Vec<Dated<Option<u16>>>,
    clocks: Vec<Timeline>,
    numbers: Vec<Dated<NumberSet>>,
    /// What each set of numbers held at any time.
    numbers_ever: Vec<NumberSet>,
    origins: Vec<Dated<OriginSet>>,
    origin_classes: Vec<Country>,
    /// For each country's slot, the place of its class in `origin_classes`.
    class_of_origin: Vec<u16>,
    /// The fields whose presence some rule reads.
    given_read: Set<Given>,
    number_classes: NumberClasses,
    covered: Vec<u16>,
    /// For each clock, the instruments that do not cover a moment.
    uncovered: Vec<Dated<Vec<u16>>>,
    calendar: Calendar,
    bands: Bands,
    fact_numbers: Vec<NumberSet>,
    origin_fact: FactId,
    number_fact: FactId,
    /// `None` only where a moment of knowledge leaves programs that depend on one another in a
    /// circle; then nothing is known of what is owed.
    duties: Option<Arc<Duties>>,
    /// Whether a rule that decides how a parcel enters reads what its lines owe.
    owed_read: Dated<bool>,
}

/// What a rule is asked of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Once of the shipment.
    Shipment,
    /// Of each line.
    Line,
}

/// The stretch of each clock in which a parcel lies; what no rule can tell apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Stretch(pub [u16; Clock::ALL.len()]);

impl Law {
    /// Compiles the law known at `known_at`; `None` is all law in the rulebook.
    #[must_use]
    pub fn compile(book: &Arc<Rulebook>, known_at: Option<Moment>) -> Law {
        Law::compile_hashed(book, known_at, book.hash().into())
    }

    /// The same for a rulebook whose hash is known, so that it is not reckoned again.
    #[must_use]
    pub fn compile_hashed(book: &Arc<Rulebook>, known_at: Option<Moment>, hash: Arc<str>) -> Law {
        // A program without New York's zone cannot have loaded a rulebook; an empty table of
        // offsets would be wrong, so a rulebook's presence is the proof that the zone exists.
        let zone = Zone::named(EASTERN).unwrap_or_default();
        let in_force: Vec<_> = book
            .instruments
            .iter()
            .map(|instrument| in_force(instrument, known_at))
            .collect();
        let mut law = Law {
            book: Arc::clone(book),
            known_at,
            mark: TextHash::of(&hash).0 ^ known_at.map_or(0, |at| at.0 as u64),
            hash,
            zone,
            in_force,
            clocks: Vec::new(),
            numbers: Vec::new(),
            numbers_ever: Vec::new(),
            origins: Vec::new(),
            origin_classes: Vec::new(),
            class_of_origin: vec![0; COUNTRY_SLOTS],
            given_read: Set::EMPTY,
            number_classes: NumberClasses::default(),
            covered: Vec::new(),
            uncovered: Vec::new(),
            calendar: Calendar::of(
                book.holidays
                    .iter()
                    .map(|holiday| holiday.observed)
                    .collect(),
            ),
            bands: Bands::default(),
            fact_numbers: book.facts.iter().map(derived_from).collect(),
            origin_fact: facts::find(&book.facts, ORIGIN_FACT).unwrap_or(FactId(0)),
            number_fact: facts::find(&book.facts, NUMBER_FACT).unwrap_or(FactId(0)),
            duties: None,
            owed_read: Dated::build(Vec::new(), |_| false),
        };
        law.numbers = book
            .numbers
            .iter()
            .map(|test| law.number_set(test))
            .collect();
        law.numbers_ever = law.numbers.iter().map(NumberSet::ever).collect();
        law.origins = book
            .origins
            .iter()
            .map(|test| law.origin_set(test))
            .collect();
        law.classes();
        law.given_read = classes::given_read(book);
        law.covered = (0..book.instruments.len() as u16)
            .filter(|at| {
                let instrument = &book.instruments[*at as usize];
                instrument.covers_from.is_some() || instrument.covers_until.is_some()
            })
            .collect();
        law.uncovered = Clock::ALL
            .iter()
            .map(|clock| law.uncovered_by(*clock))
            .collect();
        law.number_classes = law.classes_of_numbers();
        law.bands = Bands::of(&Sources {
            book,
            zone: &law.zone,
            numbers: &law.numbers,
            numbers_ever: &law.numbers_ever,
            classes: &law.number_classes,
        });
        law.clocks = Clock::ALL
            .iter()
            .map(|clock| law.timeline(*clock))
            .collect();
        law.duties = duties::compile(&law).ok().map(Arc::new);
        law.owed_read = law.owed_read();
        law
    }

    fn owed_read(&self) -> Dated<bool> {
        let of_owed = |part: &Cond| match part {
            Cond::Fact(fact, _) => self.book.facts[usize::from(fact.0)].absence == Absence::Owed,
            _ => false,
        };
        let reads = |place: &u16| {
            let instrument = &self.book.instruments[usize::from(*place)];
            let mut versions = instrument.versions.iter();
            !instrument.kind.is_of_duty() && versions.any(|version| version.when.mentions(of_owed))
        };
        let readers: Vec<u16> = (0..self.book.instruments.len() as u16)
            .filter(reads)
            .collect();
        let bounds = readers.iter().flat_map(|place| self.changes(*place));
        Dated::build(bounds.collect(), |at| {
            let in_force = readers
                .iter()
                .filter_map(|place| self.in_force_at(*place, at));
            let mut in_force = in_force.map(|rule| self.version(rule));
            in_force.any(|version| version.when.mentions(of_owed))
        })
    }
}

fn derived_from(fact: &Fact) -> NumberSet {
    match &fact.absence {
        Absence::Derived { numbers, .. } => NumberSet::of(numbers.clone()),
        _ => NumberSet::default(),
    }
}

fn is_known(version: &Version, known_at: Option<Moment>) -> bool {
    known_at.is_none_or(|known_at| version.published.moment <= known_at)
}

/// Which version of an instrument is in force when: of those public at `known_at` whose window
/// holds the moment, the latest published.
fn in_force(instrument: &Instrument, known_at: Option<Moment>) -> Dated<Option<u16>> {
    let known: Vec<(u16, &Version)> = (0_u16..)
        .zip(&instrument.versions)
        .filter(|(_, version)| is_known(version, known_at))
        .collect();
    let mut bounds: Vec<Moment> = Vec::new();
    for (_, version) in &known {
        bounds.push(version.effective.moment);
        bounds.extend(version.until.map(|until| until.moment));
    }
    Dated::build(bounds, |at| {
        let holding = known.iter().filter(|(_, version)| version.holds(at));
        holding
            .max_by_key(|(_, version)| version.published.moment)
            .map(|(place, _)| *place)
    })
}
