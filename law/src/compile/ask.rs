//! What the compiled law answers.

use super::{Law, RuleRef, Scope, is_known};
use crate::bands::Bands;
use crate::codes::Country;
use crate::condition::SetId;
use crate::duties::Duties;
use crate::facts::{Absence, FactId};
use crate::instrument::{Instrument, Version};
use crate::kind::Kind;
use crate::names::{Clock, Given, Mode, Set};
use crate::number_classes::NumberClasses;
use crate::rulebook::Rulebook;
use crate::sets::{Dated, NumberSet, OriginSet};
use crate::time::{Day, Moment, Zone};
use std::sync::Arc;

impl Law {
    /// The rulebook it was compiled from.
    #[must_use]
    pub fn book(&self) -> &Arc<Rulebook> {
        &self.book
    }

    /// SHA-256 of the rulebook, in hexadecimal.
    #[must_use]
    pub fn hash(&self) -> &str {
        &self.hash
    }

    /// The moment of knowledge; `None` is all law in the rulebook.
    #[must_use]
    pub fn known_at(&self) -> Option<Moment> {
        self.known_at
    }

    /// Eastern time.
    #[must_use]
    pub fn zone(&self) -> &Zone {
        &self.zone
    }

    /// The instrument of a rule.
    #[must_use]
    pub fn instrument(&self, rule: RuleRef) -> &Instrument {
        &self.book.instruments[rule.instrument as usize]
    }

    /// The version of a rule.
    #[must_use]
    pub fn version(&self, rule: RuleRef) -> &Version {
        &self.instrument(rule).versions[rule.version as usize]
    }

    /// The version of an instrument in force at `at`.
    #[must_use]
    pub fn in_force_at(&self, instrument: u16, at: Moment) -> Option<RuleRef> {
        self.in_force[instrument as usize]
            .at(at)
            .map(|version| RuleRef {
                instrument,
                version,
            })
    }

    /// The first version of an instrument that is public at the moment of knowledge.
    #[must_use]
    pub fn first_known(&self, instrument: u16) -> Option<RuleRef> {
        let versions = &self.book.instruments[instrument as usize].versions;
        let version = versions
            .iter()
            .position(|version| is_known(version, self.known_at))? as u16;
        Some(RuleRef {
            instrument,
            version,
        })
    }

    /// What is owed, stretch by stretch.
    #[must_use]
    pub fn duties(&self) -> Option<&Duties> {
        self.duties.as_deref()
    }

    /// Whether a rule in force at the moment of entry reads what lines owe.
    #[must_use]
    pub fn reads_what_is_owed(&self, at: Moment) -> bool {
        *self.owed_read.at(at)
    }

    /// The moments at which another version of an instrument comes into force.
    pub(crate) fn changes(&self, instrument: u16) -> impl Iterator<Item = Moment> + '_ {
        self.in_force[instrument as usize].bounds()
    }

    /// A mark that differs between laws: what was remembered with one must not answer for another.
    #[must_use]
    pub fn mark(&self) -> u64 {
        self.mark
    }

    /// Instruments that state the limits of their coverage.
    #[must_use]
    pub fn covered(&self) -> &[u16] {
        &self.covered
    }

    /// The instruments that read this clock and do not cover the moment.
    #[must_use]
    pub fn uncovered(&self, clock: Clock, at: Moment) -> &[u16] {
        self.uncovered[clock as usize].at(at)
    }

    /// Which numbers the law does not tell apart.
    #[must_use]
    pub fn number_classes(&self) -> &NumberClasses {
        &self.number_classes
    }

    /// Into which bands the law cuts amounts, counts, facts and dates.
    #[must_use]
    pub fn bands(&self) -> &Bands {
        &self.bands
    }

    /// The numbers from which a fact is derived; empty for other facts.
    #[must_use]
    pub fn fact_numbers(&self, fact: FactId) -> &NumberSet {
        &self.fact_numbers[fact.0 as usize]
    }

    /// Whether a fact is read off the number where the line has one.
    #[must_use]
    pub fn is_derived(&self, fact: FactId) -> bool {
        let absence = &self.book.facts[fact.0 as usize].absence;
        matches!(absence, Absence::Derived { .. })
    }

    /// The fact that stands for the country of origin.
    #[must_use]
    pub fn origin_fact(&self) -> FactId {
        self.origin_fact
    }

    /// The fact that stands for the HTSUS number.
    #[must_use]
    pub fn number_fact(&self) -> FactId {
        self.number_fact
    }

    /// Numbers of a condition, dated.
    #[must_use]
    pub fn number_set_of(&self, set: SetId) -> &Dated<NumberSet> {
        &self.numbers[set.0 as usize]
    }

    /// Numbers that were in the set of a condition at any time.
    #[must_use]
    pub fn number_set_ever(&self, set: SetId) -> &NumberSet {
        &self.numbers_ever[set.0 as usize]
    }

    /// Origins of a condition, dated.
    #[must_use]
    pub fn origin_set_of(&self, set: SetId) -> &Dated<OriginSet> {
        &self.origins[set.0 as usize]
    }

    /// One country for each way in which the law can treat an origin.
    #[must_use]
    pub fn origin_classes(&self) -> &[Country] {
        &self.origin_classes
    }

    /// The class of an origin: no rule tells countries of one class apart.
    #[must_use]
    pub fn class_of_origin(&self, country: Country) -> u16 {
        self.class_of_origin[country.slot()]
    }

    /// The fields whose presence some rule reads.
    #[must_use]
    pub fn given_read(&self) -> Set<Given> {
        self.given_read
    }

    /// The stretch of a clock in which `at` lies.
    #[must_use]
    pub fn stretch(&self, clock: Clock, at: Moment) -> u16 {
        self.clocks[clock as usize]
            .bounds
            .partition_point(|bound| *bound <= at) as u16
    }

    /// Whether everything that rules read of a parcel in a stretch lies in [`Bands`] or in the
    /// parcel's closed lists, so that its reading may be remembered.
    #[must_use]
    pub fn is_held(&self, clock: Clock, stretch: u16, mode: Mode) -> bool {
        !self.clocks[clock as usize].stretches[stretch as usize][mode as usize].unheld
    }

    /// The rules of a kind that can speak for a mode in a stretch of a clock.
    #[must_use]
    pub fn rules(
        &self,
        kind: Kind,
        scope: Scope,
        clock: Clock,
        stretch: u16,
        mode: Mode,
    ) -> &[RuleRef] {
        if kind.is_of_duty() {
            return &[];
        }
        let by_kind = &self.clocks[clock as usize].stretches[stretch as usize][mode as usize];
        let run = 2 * kind as usize + scope as usize;
        &by_kind.rules[by_kind.starts[run] as usize..by_kind.starts[run + 1] as usize]
    }

    /// The moments at which some rule of this clock changes.
    #[must_use]
    pub fn bounds(&self, clock: Clock) -> &[Moment] {
        &self.clocks[clock as usize].bounds
    }

    /// The business day `count` business days after `day`, and `None` where the holidays of the
    /// years in between are not in hand.
    #[must_use]
    pub fn business_days_after(&self, day: Day, count: u32) -> Option<Day> {
        self.calendar.business_days_after(day, count)
    }

    /// Whether offices are open; `None` where that year's holidays are not in hand.
    #[must_use]
    pub fn is_business_day(&self, day: Day) -> Option<bool> {
        self.calendar.is_business_day(day)
    }
}
