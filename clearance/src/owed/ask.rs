//! Answers the conditions of duties for one line.
//!
//! Only what [`Cond::suits_a_duty`] is asked; the law is refused with anything else when it is read.

use super::column::Paid;
use super::stack::Pick;
use super::{Goods, Why};
use crate::decision::Unknown;
use crate::shipment::Line;
use deminimis_law::claim::Claim;
use deminimis_law::codes::Country;
use deminimis_law::condition::{Cond, FactTest};
use deminimis_law::facts::{Absence, FactId, FactValue, TextHash};
use deminimis_law::kind::{Charge, Program, Rule};
use deminimis_law::names::Clock;
use deminimis_law::rate::Rate;
use deminimis_law::sets::Lies;
use deminimis_law::time::Moment;
use deminimis_law::truth::Truth;
use deminimis_tariff::rate::{Amount, Ratio};
use std::cmp::Ordering;

/// How many unknowns of one line are told apart.
pub(super) const UNKNOWNS: usize = 4;

/// Answers tried for what is not known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct DutyGuess {
    /// The origin of lines that give none.
    pub origin: Option<Country>,
    /// Answers to facts.
    pub facts: [Option<(FactId, bool)>; UNKNOWNS],
}

/// What was asked and not known, bounded.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Asked {
    pub items: [Option<Why>; 2 * UNKNOWNS],
    /// More was asked than has room: the most it may come to is not bounded.
    pub full: bool,
    /// Something was read that is not part of the key under which a stack is remembered.
    pub by_value: bool,
}

impl Asked {
    pub fn add(&mut self, why: Why) {
        for slot in &mut self.items {
            match slot {
                Some(known) if *known == why => return,
                Some(_) => {}
                None => {
                    *slot = Some(why);
                    return;
                }
            }
        }
        self.full = true;
    }
}

/// A line as the conditions of duties see it.
pub(super) struct Asker<'a> {
    pub goods: Goods<'a>,
    pub line: &'a Line,
    /// The entered value of the line, in cents.
    pub value: i64,
    pub paid: Paid,
    pub picks: &'a [Pick],
    pub guess: &'a DutyGuess,
    pub asked: Asked,
    /// What hangs on an answer that is not known is left open rather than taken as not given.
    pub strict: bool,
}

impl Asker<'_> {
    /// Whether the condition holds.
    pub fn ask(&mut self, cond: &Cond) -> Truth {
        let shipment = self.goods.shipment;
        match cond {
            Cond::All(parts) => {
                let mut all = Truth::Yes;
                for part in parts {
                    all = all.and(self.ask(part));
                    if all == Truth::No {
                        break;
                    }
                }
                all
            }
            Cond::Any(parts) => {
                let mut any = Truth::No;
                for part in parts {
                    any = any.or(self.ask(part));
                    if any == Truth::Yes {
                        break;
                    }
                }
                any
            }
            Cond::Not(part) => self.ask(part).not(),
            Cond::Number(set) => {
                let set = self.goods.law.number_set_of(*set).at(self.entered());
                match self.line.number.map(|number| set.holds(number.range10())) {
                    Some(Lies::Inside) => Truth::Yes,
                    Some(Lies::Outside) => Truth::No,
                    Some(Lies::Across) | None => self.unknown(Why::NoNumber),
                }
            }
            Cond::Origin(set) => match self.origin() {
                Some(origin) => {
                    let set = self.goods.law.origin_set_of(*set).at(self.entered());
                    set.has(origin).into()
                }
                None => self.unknown(Why::Unknown(Unknown::Fact(self.goods.law.origin_fact()))),
            },
            Cond::Fact(fact, test) => self.fact(*fact, *test),
            Cond::FactStated(facts) => {
                let stated = |fact| self.line.facts.iter().any(|(given, _)| given == fact);
                facts.iter().any(stated).into()
            }
            Cond::Claim(patterns) => {
                let claims = &self.line.claims;
                let claimed = |claim: &Claim| patterns.iter().any(|pattern| pattern.matches(claim));
                claims.iter().any(claimed).into()
            }
            Cond::SubjectTo(programs) => self.subject_to(programs),
            Cond::Column1AtLeast(rate) => self.column_1_at_least(*rate),
            Cond::EnteredFreeUnder(symbols) => {
                let claimed = self
                    .paid
                    .program
                    .is_some_and(|claim| symbols.contains(&claim));
                (claimed && self.paid.free).into()
            }
            Cond::Column2 => matches!(self.paid.column, super::Column::Two(_)).into(),
            Cond::Mode(modes) => modes.has(shipment.mode).into(),
            Cond::Purpose(set) => set.has(shipment.purpose).into(),
            Cond::CustomsStatus(set) => set.has(shipment.customs_status).into(),
            Cond::ShippedFrom(set) => {
                let set = self.goods.law.origin_set_of(*set).at(self.entered());
                set.has(shipment.country_of_shipment).into()
            }
            Cond::Accompanied => shipment.accompanied.into(),
            Cond::AtExpressHub => shipment.at_express_hub.into(),
            Cond::PostalServiceClass(set) => shipment
                .postal_service_class
                .is_some_and(|class| set.has(class))
                .into(),
            Cond::Before(clock, moment) => self.before(*clock, *moment),
            // Refused when law is read: no duty depends on it.
            Cond::AnyLine(_)
            | Cond::NumberDigitsBelow(_)
            | Cond::Disclaimed(_)
            | Cond::Ready(_)
            | Cond::QuantityAtLeast(_)
            | Cond::Undervalued
            | Cond::SoldBeforeImport(_)
            | Cond::PathAsked(_)
            | Cond::Path(_)
            | Cond::Basis(_)
            | Cond::Outcome(_)
            | Cond::Person(_)
            | Cond::ConsigneeKind(_)
            | Cond::ShipperKind(_)
            | Cond::Given(_)
            | Cond::Missing(_)
            | Cond::ShipperIsConsignee
            | Cond::ImporterForeign
            | Cond::ValueEvidence(_)
            | Cond::SplitReason(_)
            | Cond::ValueOver(_)
            | Cond::EnteredValueOver(_)
            | Cond::AgencyData
            | Cond::FiledAfterArrival
            | Cond::Day(_) => Truth::Unknown,
        }
    }

    /// The origin given or tried.
    pub fn origin(&self) -> Option<Country> {
        self.line.origin.or(self.guess.origin)
    }

    /// The moment of entry.
    pub fn entered(&self) -> Moment {
        self.goods.clocks.read[Clock::EnteredAt as usize].moment
    }

    fn unknown(&mut self, why: Why) -> Truth {
        self.asked.add(why);
        Truth::Unknown
    }

    fn subject_to(&mut self, programs: &[Program]) -> Truth {
        let mut truth = Truth::No;
        for pick in self.picks {
            truth = truth.or(means(self.goods, pick, programs));
            if truth == Truth::Yes {
                break;
            }
        }
        truth
    }

    fn fact(&mut self, fact: FactId, test: FactTest) -> Truth {
        let given = self.line.facts.iter().find(|(given, _)| *given == fact);
        if let Some((_, value)) = given {
            return self.meets(*value, test).into();
        }
        let absent = |value: bool| match test {
            FactTest::Is(wanted) => Truth::from(value == wanted),
            FactTest::Text(_) | FactTest::AtLeast(_) | FactTest::AtLeastOfValue(_) => value.into(),
        };
        let tried = self
            .guess
            .facts
            .iter()
            .flatten()
            .find(|(known, _)| *known == fact);
        if let Some((_, answer)) = tried {
            return absent(*answer);
        }
        let law = self.goods.law;
        match &law.book().facts[fact.0 as usize].absence {
            Absence::Claim => {
                // Relief not claimed is not given; what it would change is shown as a question.
                self.asked.add(Why::Unclaimed(fact));
                absent(false)
            }
            Absence::Presumed(value) => absent(*value),
            Absence::Derived { without_number, .. } => {
                let derived = self
                    .line
                    .number
                    .map(|number| law.fact_numbers(fact).holds(number.range10()));
                match (derived, without_number) {
                    (Some(Lies::Inside), _) => absent(true),
                    (Some(Lies::Outside), _) => absent(false),
                    (_, Some(presumed)) => absent(*presumed),
                    _ => self.unknown(Why::Unknown(Unknown::Fact(fact))),
                }
            }
            Absence::Material | Absence::Owed => self.unknown(Why::Unknown(Unknown::Fact(fact))),
        }
    }

    fn meets(&mut self, value: FactValue, test: FactTest) -> bool {
        match (value, test) {
            (FactValue::Bool(value), FactTest::Is(wanted)) => value == wanted,
            (FactValue::Text(text), FactTest::Is(wanted)) => (text != TextHash::NONE) == wanted,
            (FactValue::Text(text), FactTest::Text(wanted)) => text == wanted,
            (FactValue::Usd(cents), FactTest::AtLeast(least)) => {
                self.asked.by_value = true;
                cents.0 >= least
            }
            (FactValue::Share(share), FactTest::AtLeast(least)) => i64::from(share) >= least,
            (FactValue::Usd(cents), FactTest::AtLeastOfValue(rate)) => {
                self.asked.by_value = true;
                i128::from(cents.0) * i128::from(deminimis_law::rate::WHOLE)
                    >= i128::from(self.value) * i128::from(rate.0)
            }
            // A test of another type is refused when the law is read.
            _ => false,
        }
    }

    fn column_1_at_least(&mut self, rate: Rate) -> Truth {
        let Some(paid) = self.paid.rate else {
            let why = self.paid.open.unwrap_or(Why::NoNumber);
            return self.unknown(why);
        };
        let Some(percent) = Ratio::new(i64::from(rate.0), 10_000) else {
            return Truth::Unknown;
        };
        let (quantities, count) = self.line.measures.given();
        let printed = self.goods.tariff.rate(paid);
        self.asked.by_value |= !super::stack::is_ad_valorem(printed);
        match printed.compare_with_percent(percent, self.value, &quantities[..count], &[]) {
            Ok(Ordering::Less) => Truth::No,
            Ok(_) => Truth::Yes,
            Err(Amount::MissingQuantity(unit)) => self.unknown(Why::Quantity(unit)),
            Err(Amount::MissingValue(part)) => self.unknown(Why::Part(part)),
            Err(Amount::NeedsPerson(reason)) => self.unknown(Why::RateText(reason)),
            Err(Amount::Known(_)) => Truth::Unknown,
        }
    }

    fn before(&mut self, clock: Clock, moment: Moment) -> Truth {
        let read = self.goods.clocks.read[clock as usize];
        if !self.goods.clocks.given[clock as usize]
            && !matches!(clock, Clock::EnteredAt | Clock::ArrivesAt)
        {
            // What came earlier is spared: who does not say when it was loaded claims nothing.
            self.asked.add(Why::Unknown(Unknown::Clock(clock)));
            return if self.strict {
                Truth::Unknown
            } else {
                Truth::No
            };
        }
        if read.exact || clock == Clock::EnteredAt {
            return (read.moment < moment).into();
        }
        let zone = self.goods.law.zone();
        if zone.midnight(read.day).plus_minutes(1) >= moment {
            Truth::No
        } else if zone.midnight(read.day.plus(1)) <= moment {
            Truth::Yes
        } else {
            self.asked.add(Why::Unknown(Unknown::Clock(clock)));
            Truth::No
        }
    }
}

/// Whether a pick is what a condition names: a program by what it charges, a heading by being the
/// one that applies.
pub(super) fn means(goods: Goods<'_>, pick: &Pick, programs: &[Program]) -> Truth {
    let Rule::Duty(duty) = &goods.law.version(pick.rule).rule else {
        return Truth::No;
    };
    let row = pick
        .row
        .and_then(|row| super::stack::row(goods.law, duty, row));
    let headings = [duty.heading, duty.heading_met, row.map(|row| row.heading)];
    let named = |program: &Program| {
        if program.is_heading() {
            let more = duty.heading_candidates.iter().copied();
            let mut all = headings.iter().flatten().copied().chain(more);
            all.any(|heading| program.means(heading.as_str()))
        } else {
            program.means(&duty.program) && duty.charge != Charge::Exempt
        }
    };
    if !programs.iter().any(named) {
        Truth::No
    } else if pick.open {
        Truth::Unknown
    } else {
        Truth::Yes
    }
}
