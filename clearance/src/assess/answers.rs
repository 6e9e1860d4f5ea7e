//! What a line and the dates answer, and what stays open where they are silent.

use crate::assess::asking::{Asking, Touched};
use crate::assess::dates::Dates;
use crate::assess::view::View;
use crate::decision::Unknown;
use crate::shipment::Line;
use deminimis_law::condition::{FactTest, SetId};
use deminimis_law::facts::{Absence, FactId};
use deminimis_law::names::Clock;
use deminimis_law::sets::{Lies, NumberSet};
use deminimis_law::time::Moment;
use deminimis_law::truth::Truth;

impl View<'_> {
    /// Whether the line's number lies in a set.
    pub fn number_in_set(&self, line: &Line, set: SetId, touched: &mut Touched) -> Truth {
        if !self.asking.is_of_class() || self.law.number_set_of(set).is_constant() {
            return self.number_in(line, self.law.number_set_of(set).at(self.at), touched);
        }
        // The set may change within what is remembered: only what never was in it is out.
        let ever = self.law.number_set_ever(set);
        match line.number.map(|number| ever.holds(number.range10())) {
            Some(Lies::Outside) => Truth::No,
            Some(Lies::Inside | Lies::Across) | None => touched.leave_open(),
        }
    }

    /// Whether the line's origin lies in a set.
    pub fn origin_in(&self, line: &Line, set: SetId, touched: &mut Touched) -> Truth {
        let set = self.law.origin_set_of(set).at(self.at);
        match line.origin.or(self.guess.origin) {
            Some(origin) => set.has(origin).into(),
            // A guess of the origin is read at once, not by default.
            None if self.asking.is_of_class() => touched.leave_open(),
            None => self.unknown(Unknown::Fact(self.law.origin_fact()), touched),
        }
    }

    fn number_in(&self, line: &Line, set: &NumberSet, touched: &mut Touched) -> Truth {
        match line.number.map(|number| set.holds(number.range10())) {
            Some(Lies::Inside) => Truth::Yes,
            Some(Lies::Outside) => Truth::No,
            Some(Lies::Across) | None => match self.guess.number {
                Some(guess) if self.asking.is_by_default() => guess.into(),
                _ => self.unknown(Unknown::Fact(self.law.number_fact()), touched),
            },
        }
    }

    /// What a line says of a fact, and what its absence means.
    pub fn fact(&self, line: &Line, fact: FactId, test: FactTest, touched: &mut Touched) -> Truth {
        if let Some((_, value)) = line.facts.iter().find(|(given, _)| *given == fact) {
            // Only duties ask for a share of the line's value.
            return test.is_met(*value, line.value).into();
        }
        let absent = |value: bool| match test {
            FactTest::Is(wanted) => Truth::from(value == wanted),
            FactTest::Text(_) | FactTest::AtLeast(_) | FactTest::AtLeastOfValue(_) => Truth::No,
        };
        let by_default = self.asking.is_by_default();
        match &self.law.book().facts[fact.0 as usize].absence {
            Absence::Derived { without_number, .. } => {
                let derived = line
                    .number
                    .map(|number| self.law.fact_numbers(fact).holds(number.range10()));
                match (derived, without_number) {
                    (Some(Lies::Inside), _) => absent(true),
                    (Some(Lies::Outside), _) => absent(false),
                    (_, Some(presumed)) if by_default => absent(*presumed),
                    _ => self.guessed(Unknown::Fact(fact), touched, absent),
                }
            }
            Absence::Presumed(value) if by_default => absent(*value),
            Absence::Claim if by_default => absent(false),
            Absence::Presumed(_) | Absence::Claim => self.unknown(Unknown::Fact(fact), touched),
            Absence::Material => self.guessed(Unknown::Fact(fact), touched, absent),
            Absence::Owed if self.asking.is_of_class() => touched.leave_open(),
            Absence::Owed => match self.bears_duty(line) {
                Truth::Unknown => self.guessed(Unknown::Fact(fact), touched, absent),
                known => absent(known == Truth::Yes),
            },
        }
    }

    /// Whether a heading of Chapter 99 charges the line, as reckoned before anything is asked.
    fn bears_duty(&self, line: &Line) -> Truth {
        let mut lines = self.shipment.lines.iter();
        let at = lines.position(|other| std::ptr::eq(other, line));
        let known = at.and_then(|at| self.additional.get(at));
        known.copied().unwrap_or(Truth::Unknown)
    }

    /// The guess for what has no default; open as long as none is made.
    fn guessed(&self, what: Unknown, touched: &mut Touched, then: impl Fn(bool) -> Truth) -> Truth {
        // What would be read off a number that is not given goes with the guess on the number.
        let derived = matches!(what, Unknown::Fact(fact) if self.law.is_derived(fact));
        let by_number = self.guess.number.filter(|_| derived);
        match self.guess.answer(what).or(by_number) {
            Some(answer) if self.asking.is_by_default() => then(answer),
            _ => self.unknown(what, touched),
        }
    }

    /// Whether a clock is before a moment.
    pub fn before(&self, clock: Clock, moment: Moment, touched: &mut Touched) -> Truth {
        match self.clocks.is_before(self.law.zone(), clock, moment) {
            Some(before) => before.into(),
            None => self.guessed(Unknown::Clock(clock), touched, Truth::from),
        }
    }

    /// Whether it was filed after arrival.
    pub fn filed_after_arrival(&self, touched: &mut Touched) -> Truth {
        let dates = Dates {
            law: self.law,
            shipment: self.shipment,
            clocks: *self.clocks,
            additional: self.additional,
        };
        match dates.is_filed_after_arrival() {
            Some(after) => after.into(),
            None if self.asking == Asking::ByDefault => Truth::No,
            None => self.unknown(Unknown::Clock(Clock::FiledAt), touched),
        }
    }

    fn unknown(&self, what: Unknown, touched: &mut Touched) -> Truth {
        touched.add(what);
        Truth::Unknown
    }
}
