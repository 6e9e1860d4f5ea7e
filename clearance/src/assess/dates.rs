//! The dates of a parcel: its clocks, and what is reckoned from them.

use crate::decision::Due;
use crate::shipment::Shipment;
use deminimis_law::Law;
use deminimis_law::compile::RuleRef;
use deminimis_law::kind::{Due as Reckoning, Period, Rule};
use deminimis_law::names::Clock;
use deminimis_law::time::{Day, Moment, When, Zone};
use deminimis_law::truth::Truth;

/// The parcel's clocks, each with its fallback applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clocks {
    /// By [`Clock`].
    pub read: [When; Clock::ALL.len()],
    /// Whether the parcel gave the date itself.
    pub given: [bool; Clock::ALL.len()],
}

impl Clocks {
    /// Filing and loading that are not given are read at arrival, exportation too.
    pub fn of(shipment: &Shipment) -> Clocks {
        let arrives = shipment.arrives_at;
        let filed = shipment.filed_at.map(|moment| When {
            moment,
            day: arrives.day,
            exact: true,
        });
        let exported = shipment.exported_on.map(|day| When {
            moment: arrives.moment,
            day,
            exact: false,
        });
        let given = [
            shipment.entered_at,
            Some(arrives),
            filed,
            shipment.loaded_at,
            exported,
        ];
        Clocks {
            read: given.map(|when| when.unwrap_or(arrives)),
            given: given.map(|when| when.is_some()),
        }
    }

    /// Whether a clock is before a moment; nothing where the parcel does not say, or gives a bare
    /// date on which the moment falls. A bare date of entry is noon by the contract.
    #[must_use]
    pub fn is_before(&self, zone: &Zone, clock: Clock, moment: Moment) -> Option<bool> {
        let read = self.read[clock as usize];
        let has_fallback = matches!(clock, Clock::EnteredAt | Clock::ArrivesAt);
        if !self.given[clock as usize] && !has_fallback {
            return None;
        }
        if read.exact || clock == Clock::EnteredAt {
            return Some(read.moment < moment);
        }
        let (start, end) = (zone.midnight(read.day), zone.midnight(read.day.plus(1)));
        if start.plus_minutes(1) >= moment {
            Some(false)
        } else {
            (end <= moment).then_some(true)
        }
    }
}

/// What dates are reckoned from.
#[derive(Clone, Copy)]
pub struct Dates<'a> {
    pub law: &'a Law,
    pub shipment: &'a Shipment,
    pub clocks: Clocks,
    /// For each line, whether a heading of Chapter 99 charges it; empty where no rule reads it.
    pub additional: &'a [Truth],
}

impl Dates<'_> {
    /// Whether it was filed after arrival; nothing where no filing is given.
    pub fn is_filed_after_arrival(&self) -> Option<bool> {
        let filed = self.shipment.filed_at?;
        let arrives = self.shipment.arrives_at;
        let end = if arrives.exact {
            arrives.moment
        } else {
            self.law.zone().midnight(arrives.day.plus(1))
        };
        Some(filed > end)
    }

    /// Until when a rule says that records must be kept.
    pub fn records_until(&self, rule: RuleRef) -> Option<Day> {
        let Rule::RecordPeriod(period) = &self.law.version(rule).rule else {
            return None;
        };
        let from = self.clocks.read[period.from as usize].day;
        Some(match period.period {
            Period::Years(years) => from.plus_years(years),
            Period::Days(days) => from.plus(days),
        })
    }

    /// When a rule says that something is due.
    pub fn due(&self, rule: RuleRef) -> Due {
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
