//! Gathering the constants with which the conditions of a law compare. Each condition is named, so
//! that a new one does not compile until it says whether it compares with a constant.

use super::{Bands, Bound, FactBands};
use crate::claim::ClaimPattern;
use crate::compile::RuleRef;
use crate::condition::{Cond, DayTest, FactTest, SetId};
use crate::kind::Rule;
use crate::names::Clock;
use crate::number_classes::NumberClasses;
use crate::rulebook::Rulebook;
use crate::sets::{Dated, NumberSet};
use crate::time::Zone;

/// What the gathering needs of a law that is being compiled.
pub(crate) struct Sources<'a> {
    pub book: &'a Rulebook,
    pub zone: &'a Zone,
    pub numbers: &'a [Dated<NumberSet>],
    pub numbers_ever: &'a [NumberSet],
    pub classes: &'a NumberClasses,
}

impl Bands {
    pub(crate) fn of(law: &Sources<'_>) -> Bands {
        let mut bands = Bands {
            facts: vec![FactBands::default(); law.book.facts.len()],
            sets: vec![false; law.numbers.len()],
            // An order of one parcel is no order in several.
            parcels: vec![2],
            ..Bands::default()
        };
        for (place, instrument) in (0_u16..).zip(&law.book.instruments) {
            // What is owed is reckoned beside the reading that is remembered.
            if instrument.kind.is_of_duty() {
                continue;
            }
            for (version_place, version) in (0_u16..).zip(&instrument.versions) {
                if let Rule::ValueLimit(limit) = &version.rule {
                    bands.values.push(limit.limit);
                }
                let mut held = true;
                version.when.walk(&mut |part| {
                    held &= bands.gather(law, instrument.selects_on, part);
                });
                if !held {
                    bands.unheld.push(RuleRef {
                        instrument: place,
                        version: version_place,
                    });
                }
            }
        }
        bands.arrange();
        let lists = law.numbers.iter().zip(law.numbers_ever).zip(&bands.sets);
        let changing = lists.filter(|((dated, _), read)| **read && !dated.is_constant());
        let changing = NumberSet::of(
            changing
                .flat_map(|((_, ever), _)| ever.ranges().iter().copied())
                .collect(),
        );
        bands.changing = law.classes.lying_in(&changing);
        bands
    }

    /// Takes up what one part of a condition compares with; whether it is held. The parts of a
    /// composite are walked by themselves; what is compared with a closed list is no constant.
    fn gather(&mut self, law: &Sources<'_>, clock: Clock, part: &Cond) -> bool {
        match part {
            Cond::ValueOver(limit) => self.values.push(*limit),
            Cond::EnteredValueOver(limit) => self.entered_values.push(*limit),
            Cond::QuantityAtLeast(least) => self.quantities.push(*least),
            Cond::Fact(fact, test) => {
                let bands = &mut self.facts[fact.0 as usize];
                bands.read = true;
                match test {
                    FactTest::Is(_) => {}
                    FactTest::Text(text) => bands.texts.push(*text),
                    FactTest::AtLeast(least) => bands.least.push(*least),
                    // A share of the line's own value is no constant.
                    FactTest::AtLeastOfValue(_) => return false,
                }
            }
            Cond::FactStated(facts) => facts
                .iter()
                .for_each(|fact| self.facts[fact.0 as usize].read = true),
            Cond::Claim(patterns) => self.claims.extend(patterns),
            Cond::Disclaimed(agencies) => self.disclaimed.extend(agencies),
            Cond::Ready(agencies) => self.ready.extend(agencies),
            Cond::Before(clock, moment) => {
                let day = law.zone.day(*moment);
                let first = law.zone.midnight(day).plus_minutes(1);
                self.before[*clock as usize].push(Bound {
                    moment: *moment,
                    day,
                    opens_the_day: *moment <= first,
                });
            }
            Cond::Number(SetId(set)) => {
                self.sets[*set as usize] = true;
                self.lists[clock as usize].extend(law.numbers[*set as usize].bounds());
            }
            // What a line owes hangs on its number, its quantities and amounts beyond any band.
            Cond::SubjectTo(_)
            | Cond::Column1AtLeast(_)
            | Cond::EnteredFreeUnder(_)
            | Cond::Column2 => return false,
            Cond::Day(DayTest::OrderParcelsAtLeast(least)) => self.parcels.push(*least),
            // Compared with the limits, which are gathered from the rules that state them.
            Cond::Day(
                DayTest::OrderOverLimit
                | DayTest::BillOverLimit
                | DayTest::OverLimit
                | DayTest::LinkedOverLimit
                | DayTest::UndecidedOverLimit,
            )
            // Answered by the day without regard to the parcel.
            | Cond::Day(
                DayTest::ShipmentsAtLeast(_)
                | DayTest::LaterOverLimit
                | DayTest::RefusedRows
                | DayTest::OutOfOrder,
            )
            // Only their parts compare.
            | Cond::All(_)
            | Cond::Any(_)
            | Cond::Not(_)
            | Cond::AnyLine(_)
            // Compared with one another, or with a closed list: the answer itself can be kept.
            | Cond::Undervalued
            | Cond::FiledAfterArrival
            | Cond::NumberDigitsBelow(_)
            | Cond::Origin(_)
            | Cond::ShippedFrom(_)
            | Cond::Mode(_)
            | Cond::Purpose(_)
            | Cond::CustomsStatus(_)
            | Cond::Accompanied
            | Cond::SoldBeforeImport(_)
            | Cond::PathAsked(_)
            | Cond::ConsigneeKind(_)
            | Cond::ShipperKind(_)
            | Cond::Given(_)
            | Cond::Missing(_)
            | Cond::ShipperIsConsignee
            | Cond::ImporterForeign
            | Cond::AtExpressHub
            | Cond::ValueEvidence(_)
            | Cond::PostalServiceClass(_)
            | Cond::SplitReason(_)
            // What the reading itself has found.
            | Cond::Path(_)
            | Cond::Basis(_)
            | Cond::Outcome(_)
            | Cond::Person(_)
            | Cond::AgencyData => {}
        }
        true
    }

    pub(super) fn arrange(&mut self) {
        sort(&mut self.values);
        sort(&mut self.entered_values);
        sort(&mut self.quantities);
        sort(&mut self.parcels);
        sort(&mut self.disclaimed);
        sort(&mut self.ready);
        self.before.iter_mut().for_each(sort);
        self.lists.iter_mut().for_each(sort);
        let mut claims: Vec<ClaimPattern> = Vec::new();
        for pattern in self.claims.drain(..) {
            if !claims.contains(&pattern) {
                claims.push(pattern);
            }
        }
        self.claims = claims;
        let mut next = 0;
        for fact in &mut self.facts {
            sort(&mut fact.texts);
            sort(&mut fact.least);
            fact.first = next;
            next += fact.codes();
        }
    }
}

fn sort<T: Ord>(list: &mut Vec<T>) {
    list.sort_unstable();
    list.dedup();
}
