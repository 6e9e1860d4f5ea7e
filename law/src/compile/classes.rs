//! What the rules that decide how a parcel enters do not tell apart: origins, numbers, fields. The
//! rules of duty are left out; they are kept by country and number.

use super::Law;
use crate::codes::Country;
use crate::condition::Cond;
use crate::names::{Clock, Given, Set};
use crate::number_classes::NumberClasses;
use crate::rulebook::Rulebook;
use crate::sets::Dated;
use std::collections::HashMap;

/// Which sets of numbers and of origins the rules that are asked name.
struct Named {
    numbers: Vec<bool>,
    origins: Vec<bool>,
}

fn named(book: &Rulebook) -> Named {
    let mut named = Named {
        numbers: vec![false; book.numbers.len()],
        origins: vec![false; book.origins.len()],
    };
    let asked = book.instruments.iter().filter(|one| !one.kind.is_of_duty());
    for version in asked.flat_map(|one| &one.versions) {
        version.when.walk(&mut |part| match part {
            Cond::Number(set) => named.numbers[usize::from(set.0)] = true,
            Cond::Origin(set) | Cond::ShippedFrom(set) => {
                named.origins[usize::from(set.0)] = true;
            }
            _ => {}
        });
    }
    named
}

impl Law {
    /// Finds one country for each way in which origins are treated.
    pub(super) fn classes(&mut self) {
        let named = named(&self.book);
        let mut seen: HashMap<Vec<bool>, u16> = HashMap::new();
        for country in Country::all() {
            let sets = self.origins.iter().zip(&named.origins);
            let sets = sets.filter(|(_, named)| **named);
            let values = sets.flat_map(|(dated, _)| dated.values());
            let treatment: Vec<bool> = values.map(|set| set.has(country)).collect();
            let next = self.origin_classes.len() as u16;
            let class = *seen.entry(treatment).or_insert(next);
            if class == next {
                self.origin_classes.push(country);
            }
            self.class_of_origin[country.slot()] = class;
        }
    }

    pub(super) fn classes_of_numbers(&self) -> NumberClasses {
        let named = named(&self.book);
        let sets = self.numbers_ever.iter().zip(&named.numbers);
        let sets = sets.filter(|(_, named)| **named).map(|(set, _)| set);
        NumberClasses::of(&sets.chain(&self.fact_numbers).collect::<Vec<_>>())
    }

    /// The instruments that do not cover a moment of a clock.
    pub(super) fn uncovered_by(&self, clock: Clock) -> Dated<Vec<u16>> {
        let own = || {
            let of_clock = |at: &&u16| {
                let instrument = &self.book.instruments[**at as usize];
                instrument.selects_on == clock && !instrument.kind.is_of_duty()
            };
            self.covered.iter().filter(of_clock)
        };
        let bounds = own().flat_map(|at| {
            let instrument = &self.book.instruments[*at as usize];
            instrument
                .covers_from
                .iter()
                .chain(&instrument.covers_until)
        });
        Dated::build(bounds.map(|written| written.moment).collect(), |at| {
            let lacks = |place: &&u16| {
                let instrument = &self.book.instruments[**place as usize];
                instrument.covers_from.is_some_and(|from| at < from.moment)
                    || instrument
                        .covers_until
                        .is_some_and(|until| at >= until.moment)
                    || self.first_known(**place).is_none()
            };
            own().filter(lacks).copied().collect()
        })
    }
}

/// The fields whose presence some condition reads.
pub(super) fn given_read(book: &Rulebook) -> Set<Given> {
    let mut read = Set::EMPTY;
    for version in book.instruments.iter().flat_map(|one| &one.versions) {
        version.when.walk(&mut |part| {
            if let Cond::Given(set) | Cond::Missing(set) = part {
                read = read.union(*set);
            }
        });
    }
    read
}
