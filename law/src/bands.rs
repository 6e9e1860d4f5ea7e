//! Into which bands the constants of the law cut amounts, counts, facts and dates: two parcels of
//! one band are answered alike by every condition of the law.
//!
//! The bands let a reading be remembered without an amount of a parcel in it. They hold only if
//! every condition is gathered, so [`Bands::gather`] names each one: a new condition does not
//! compile until it says whether it compares with a constant.

use crate::claim::{Claim, ClaimPattern};
use crate::compile::RuleRef;
use crate::condition::{Cond, DayTest, FactTest, SetId};
use crate::facts::{FactId, FactValue, TextHash};
use crate::kind::Rule;
use crate::money::Cents;
use crate::names::Clock;
use crate::number_classes::NumberClasses;
use crate::rulebook::Rulebook;
use crate::sets::{Dated, NumberSet};
use crate::time::{Day, Moment, When, Zone};

/// How many clocks there are.
const CLOCKS: usize = Clock::ALL.len();

/// The constants of a law, ascending.
#[derive(Clone, Debug, Default)]
pub struct Bands {
    /// Limits and amounts which the total fair retail value, or an order's total, may exceed.
    values: Vec<Cents>,
    /// Amounts which the total line value may exceed.
    entered_values: Vec<Cents>,
    /// Quantities a line may reach.
    quantities: Vec<i64>,
    /// Counts of an order's parcels that may be reached.
    parcels: Vec<u32>,
    /// By fact.
    facts: Vec<FactBands>,
    claims: Vec<ClaimPattern>,
    disclaimed: Vec<Claim>,
    ready: Vec<Claim>,
    /// For each clock, the moments before which it may lie.
    before: [Vec<Bound>; CLOCKS],
    /// For each clock, when a list of numbers that is read by it changes.
    lists: [Vec<Moment>; CLOCKS],
    /// Versions that read what no band holds.
    unheld: Vec<RuleRef>,
    /// For each set of numbers, whether it is read.
    sets: Vec<bool>,
    /// For each class of numbers, whether some list held it only for a time.
    changing: Vec<bool>,
}

/// What conditions ask of one fact.
#[derive(Clone, Debug, Default)]
struct FactBands {
    read: bool,
    /// The number of its first code: codes of different facts differ.
    first: u32,
    texts: Vec<TextHash>,
    least: Vec<i64>,
}

/// A moment which a clock may be before, as exact times and as bare dates meet it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Bound {
    moment: Moment,
    /// The day it falls on.
    day: Day,
    /// It is the first minute of that day, so that the whole day lies after it.
    opens_the_day: bool,
}

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

    fn arrange(&mut self) {
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

    /// Versions that read what no band holds: a parcel to which they may speak is read anew.
    pub(crate) fn unheld(&self) -> &[RuleRef] {
        &self.unheld
    }

    /// The band of the total fair retail value, or of an order's total.
    #[must_use]
    pub fn value(&self, value: Cents) -> u32 {
        self.values.partition_point(|limit| *limit < value) as u32
    }

    /// The band of the total line value.
    #[must_use]
    pub fn entered_value(&self, value: Cents) -> u32 {
        self.entered_values.partition_point(|limit| *limit < value) as u32
    }

    /// The band of a line's quantity in thousandths.
    #[must_use]
    pub fn quantity(&self, quantity: i64) -> u32 {
        self.quantities.partition_point(|least| *least <= quantity) as u32
    }

    /// The band of the count of an order's parcels.
    #[must_use]
    pub fn parcels(&self, parcels: u32) -> u32 {
        self.parcels.partition_point(|least| *least <= parcels) as u32
    }

    /// The code of an answer, the same for all answers that no condition tells apart; `None` for a
    /// fact that no condition reads.
    #[must_use]
    pub fn fact(&self, fact: FactId, value: FactValue) -> Option<u32> {
        let bands = self.facts.get(fact.0 as usize).filter(|fact| fact.read)?;
        let texts = bands.texts.len() as u32;
        let least = |value: i64| bands.least.partition_point(|least| *least <= value) as u32;
        let code = match value {
            FactValue::Bool(value) => u32::from(value),
            FactValue::Text(text) => match bands.texts.binary_search(&text) {
                Ok(place) => 4 + place as u32,
                Err(_) => 2 + u32::from(text == TextHash::NONE),
            },
            FactValue::Usd(value) => 4 + texts + least(value.0),
            FactValue::Share(value) => {
                5 + texts + bands.least.len() as u32 + least(i64::from(value))
            }
        };
        Some(bands.first + code)
    }

    /// Which patterns of the law a line's codes meet, 64 to a word.
    pub fn codes(
        &self,
        claims: &[Claim],
        disclaimed: &[Claim],
        ready: &[Claim],
        mut word: impl FnMut(u64),
    ) {
        let met = |pattern: &ClaimPattern| claims.iter().any(|claim| pattern.matches(claim));
        let claimed = self.claims.iter().map(met);
        let disclaimed = self.disclaimed.iter().map(|code| disclaimed.contains(code));
        let ready = self.ready.iter().map(|code| ready.contains(code));
        let (mut bits, mut count) = (0_u64, 0);
        for met in claimed.chain(disclaimed).chain(ready) {
            bits = bits << 1 | u64::from(met);
            count += 1;
            if count == 64 {
                word(bits);
                (bits, count) = (0, 0);
            }
        }
        word(bits);
    }

    /// Where a clock that the parcel gives lies among the moments it may be before. A bare date may
    /// lie on either side of a moment of its day; `by_moment` says that its moment counts.
    #[must_use]
    pub fn before(&self, clock: Clock, when: When, by_moment: bool) -> u16 {
        let bounds = &self.before[clock as usize];
        if by_moment {
            return 2 * bounds.partition_point(|bound| bound.moment <= when.moment) as u16;
        }
        let past =
            |bound: &Bound| bound.day < when.day || (bound.day == when.day && bound.opens_the_day);
        let after = bounds.partition_point(past);
        let open = bounds.get(after).is_some_and(|bound| bound.day == when.day);
        2 * after as u16 + u16::from(open)
    }

    /// Whether some condition asks if a clock is before a moment.
    #[must_use]
    pub fn asks_before(&self, clock: Clock) -> bool {
        !self.before[clock as usize].is_empty()
    }

    /// In which period of the lists that are read by a clock a moment lies.
    #[must_use]
    pub fn period(&self, clock: Clock, at: Moment) -> u16 {
        self.lists[clock as usize].partition_point(|bound| *bound <= at) as u16
    }

    /// Whether numbers of a class were in some list only for a time.
    #[must_use]
    pub fn is_changing(&self, class: u32) -> bool {
        self.changing.get(class as usize).copied().unwrap_or(true)
    }
}

impl FactBands {
    /// How many codes its answers can have: yes and no, `none` and other texts, the texts asked
    /// for, and the bands of dollars and of shares.
    fn codes(&self) -> u32 {
        4 + self.texts.len() as u32 + 2 * (self.least.len() as u32 + 1)
    }
}

fn sort<T: Ord>(list: &mut Vec<T>) {
    list.sort_unstable();
    list.dedup();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_band_ends_at_its_limit() {
        let bands = Bands {
            values: vec![Cents(20_000), Cents(80_000)],
            quantities: vec![100_000],
            ..Bands::default()
        };
        let value = |cents| bands.value(Cents(cents));
        assert_eq!(value(0), value(20_000));
        assert_ne!(value(20_000), value(20_001));
        assert_eq!(value(20_001), value(80_000));
        assert_ne!(value(80_000), value(80_001));
        assert_eq!(bands.quantity(99_999), 0);
        assert_eq!(bands.quantity(100_000), 1);
    }

    #[test]
    fn a_bare_date_is_open_on_the_day_of_a_moment_alone() {
        let zone = Zone::named(crate::rulebook::EASTERN).unwrap_or_default();
        let day = Day::new(2025, 5, 2).unwrap();
        let noon = zone.midnight(day).plus_minutes(720);
        let mut bands = Bands::default();
        bands.before[Clock::LoadedAt as usize].push(Bound {
            moment: noon,
            day,
            opens_the_day: false,
        });
        let bare = |day| bands.before(Clock::LoadedAt, zone.bare(day), false);
        assert_eq!(
            (bare(day.plus(-1)), bare(day), bare(day.plus(1))),
            (0, 1, 2)
        );
        let exact = |minutes| {
            let when = zone.exact(noon.plus_minutes(minutes));
            bands.before(Clock::LoadedAt, when, true)
        };
        assert_eq!((exact(-1), exact(0)), (0, 2));
    }

    #[test]
    fn answers_that_a_condition_tells_apart_have_their_own_codes() {
        let known = TextHash::of("A-570-893");
        let mut bands = Bands {
            facts: vec![
                FactBands {
                    read: true,
                    texts: vec![known],
                    least: vec![500],
                    ..FactBands::default()
                },
                FactBands {
                    read: true,
                    ..FactBands::default()
                },
                FactBands::default(),
            ],
            ..Bands::default()
        };
        bands.arrange();
        let values = [
            FactValue::Bool(false),
            FactValue::Bool(true),
            FactValue::Text(TextHash::NONE),
            FactValue::Text(TextHash::of("other")),
            FactValue::Text(known),
            FactValue::Usd(Cents(499)),
            FactValue::Usd(Cents(500)),
            FactValue::Share(499),
            FactValue::Share(500),
        ];
        let mut codes: Vec<_> = values
            .iter()
            .map(|value| bands.fact(FactId(0), *value))
            .collect();
        codes.push(bands.fact(FactId(1), FactValue::Bool(false)));
        let count = codes.len();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), count);
        assert_eq!(
            bands.fact(FactId(0), FactValue::Usd(Cents(501))),
            bands.fact(FactId(0), FactValue::Usd(Cents(500)))
        );
        assert_eq!(bands.fact(FactId(2), FactValue::Bool(true)), None);
    }
}
