//! What follows from the decision: the path's own finding, flags, questions, deadlines, records.

use crate::assess::run::{Run, each_rule};
use crate::assess::view::Asking;
use crate::decision::{Asked, Due, DueAt, Say, Unknown};
use deminimis_law::compile::RuleRef;
use deminimis_law::kind::{Due as Reckoning, Kind, Period, Rule};
use deminimis_law::names::{Clock, Effect, Outcome};
use deminimis_law::time::Day;
use deminimis_law::truth::Truth;

impl Run<'_> {
    /// Everything that is asked once outcome, basis and path are known.
    pub fn follow(&mut self) {
        if let Some(rule) = self.out.path_rule {
            let free = self.out.outcome == Outcome::Free;
            let effect = if free {
                Effect::Allows
            } else {
                Effect::Requires
            };
            self.find(rule, effect, Say::Reason, 0, 0);
        }
        self.find_rules(Asking::OfDecided);
        each_rule(self, Kind::Flag, |run, rule, line, truth| {
            if truth != Truth::Yes {
                return;
            }
            run.find(rule, Effect::Flags, Say::Reason, line, 0);
            let names_disposition = matches!(&run.law.version(rule).rule, Rule::Flag(flag) if flag.cbp_expected.is_some());
            if names_disposition && run.out.cbp_expected.is_none() {
                run.out.cbp_expected = Some(rule);
            }
        });
        each_rule(self, Kind::Question, |run, rule, line, truth| {
            if truth == Truth::Yes {
                run.find(rule, Effect::Asks, Say::Reason, line, 0);
                run.ask_about(Asked {
                    what: Unknown::Rule(rule),
                    line,
                    material: false,
                });
            }
        });
        if matches!(self.out.outcome, Outcome::Free | Outcome::EntryRequired) {
            each_rule(self, Kind::Deadline, |run, rule, _, truth| {
                let known = run.out.deadlines.iter().any(|known| known.rule == rule);
                if truth == Truth::Yes && !known {
                    let due = run.due(rule);
                    run.out.deadlines.push(DueAt { rule, due });
                }
            });
        }
        self.records();
        self.checked();
    }

    fn records(&mut self) {
        let mut best: Option<(u32, RuleRef)> = None;
        each_rule(self, Kind::RecordPeriod, |run, rule, _, truth| {
            if let Rule::RecordPeriod(period) = &run.law.version(rule).rule
                && truth == Truth::Yes
                && best.is_none_or(|(order, _)| period.order < order)
            {
                best = Some((period.order, rule));
            }
        });
        let Some((_, rule)) = best else { return };
        if let Rule::RecordPeriod(period) = &self.law.version(rule).rule {
            let from = self.clocks.read[period.from as usize].day;
            let until = match period.period {
                Period::Years(years) => from.plus_years(years),
                Period::Days(days) => from.plus(days),
            };
            self.out.records = Some((until, rule));
        }
    }

    fn due(&self, rule: RuleRef) -> Due {
        let Rule::Deadline(deadline) = &self.law.version(rule).rule else {
            return Due::Unknown;
        };
        let read = |clock: Clock| self.clocks.read[clock as usize];
        let arrives = read(Clock::ArrivesAt);
        match deadline.due {
            Reckoning::BeforeArrival(minutes) if arrives.exact => {
                Due::Moment(arrives.moment.plus_minutes(-minutes))
            }
            Reckoning::AtArrival if arrives.exact => Due::Moment(arrives.moment),
            Reckoning::AtArrival => Due::Day(arrives.day),
            Reckoning::BeforeArrival(_) => Due::Unknown,
            Reckoning::BeforeLoading(hours) => {
                let loaded = read(Clock::LoadedAt);
                let exact = loaded.exact && self.clocks.given[Clock::LoadedAt as usize];
                if exact {
                    Due::Moment(loaded.moment.plus_minutes(-60 * hours))
                } else {
                    Due::Unknown
                }
            }
            Reckoning::BeforeEntry => {
                let entry = self.shipment.entry_when();
                if entry.exact {
                    Due::Moment(entry.moment)
                } else {
                    Due::Day(entry.day)
                }
            }
            Reckoning::AfterArrivalDays(days) => self.either(arrives.day.plus(days)),
            Reckoning::AfterEntryBusinessDays(days) => {
                let entry = self.shipment.entry_when().day;
                self.law
                    .business_days_after(entry, days)
                    .map_or(Due::Unknown, Due::Day)
            }
            Reckoning::NextMonthDay(day) => match next_month(arrives.day, day) {
                Some(due) => self.either(due),
                None => Due::Unknown,
            },
            Reckoning::NextMonthBusinessDay(count) => {
                let before = next_month(arrives.day, 1).map(|first| first.plus(-1));
                let due = before.and_then(|before| self.law.business_days_after(before, count));
                due.map_or(Due::Unknown, Due::Day)
            }
        }
    }

    /// A due day on a weekend or holiday: both readings, until the rule that moves it is cited.
    fn either(&self, day: Day) -> Due {
        match self.law.is_business_day(day) {
            Some(true) => Due::Day(day),
            Some(false) => match self.law.business_days_after(day, 1) {
                Some(next) => Due::EitherDay(day, next),
                None => Due::Day(day),
            },
            None if day.is_weekend() => Due::EitherDay(day, day.plus(7 - day.weekday() as i32)),
            None => Due::Day(day),
        }
    }

    /// A parcel later than the day to which a rule was checked says so.
    fn checked(&mut self) {
        let mut earliest: Option<(Day, RuleRef)> = None;
        for finding in &self.out.findings {
            let checked = self.law.instrument(finding.rule).checked;
            if earliest.is_none_or(|(day, _)| checked < day) {
                earliest = Some((checked, finding.rule));
            }
        }
        let Some((day, rule)) = earliest else { return };
        self.out.checked_until = day;
        if self.shipment.entry_when().day > day {
            self.find(rule, Effect::Flags, Say::Unchecked, 0, i64::from(day.0));
        }
    }
}

/// A day of the month after the one of `day`.
fn next_month(day: Day, of_month: u32) -> Option<Day> {
    let (year, month, _) = day.ymd();
    if month == 12 {
        Day::new(year + 1, 1, of_month)
    } else {
        Day::new(year, month + 1, of_month)
    }
}
