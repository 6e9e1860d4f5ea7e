//! A person's days as a calendar has them: what each counts against the limits of its own law, and how
//! that stands.
//!
//! The limits are read from records of the day's parcels, a bounded number of each day: parcels of one
//! day are under one law, and thousands of records would be read for the same answer.

use crate::ledger::over::{OfParcel, limits};
use crate::ledger::{Found, LedgerError, OpenLedger};
use crate::setup::Setup;
use deminimis_clearance::day::counted_with;
use deminimis_law::money::Cents;
use deminimis_law::names::Basis;
use deminimis_law::time::Day;
use deminimis_person::Key;
use deminimis_store::{DayHolds, PersonKey, Standing, State, Sum};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt;

/// As many parcels of a day tell its limits.
pub(super) const MOST_OF_A_DAY: usize = 16;

/// How a day stands against a limit; of several the last counts for the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DayState {
    /// The limit is not known: no parcel of the day can be read any more.
    Unknown,
    /// Nothing counts, and no parcel can: the exemption is suspended or denied to them.
    Closed,
    /// There is room.
    Under,
    /// Three quarters of the limit count, or more.
    Near,
    /// The limit is reached, or a parcel did not fit any more and needs an entry.
    At,
    /// More counts than the limit, since persons were merged or parcels changed: a human must decide.
    Over,
}

impl DayState {
    /// All, as they are ordered.
    pub const ALL: [DayState; 6] = [
        DayState::Unknown,
        DayState::Closed,
        DayState::Under,
        DayState::Near,
        DayState::At,
        DayState::Over,
    ];

    /// Its name for programs.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            DayState::Unknown => "unknown",
            DayState::Closed => "closed",
            DayState::Under => "under",
            DayState::Near => "near",
            DayState::At => "at",
            DayState::Over => "over",
        }
    }

    /// What it says of a day.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            DayState::Unknown => "limit not known",
            DayState::Closed => "no exemption",
            DayState::Under => "under the limit",
            DayState::Near => "near the limit",
            DayState::At => "at the limit",
            DayState::Over => "over the limit",
        }
    }
}

/// How a total stands against a limit. `crossed` parcels did not fit any more.
#[must_use]
pub fn stands(total: Cents, crossed: i64, limit: Option<Cents>, open: bool) -> DayState {
    let Some(limit) = limit else {
        return DayState::Unknown;
    };
    // Three quarters, in whole cents: both sides are four times as large.
    let quarters = |cents: Cents, times: i64| cents.0.saturating_mul(times);
    match total {
        total if total > limit => DayState::Over,
        Cents(0) if crossed == 0 && (!open || limit == Cents(0)) => DayState::Closed,
        total if total == limit || crossed > 0 => DayState::At,
        total if quarters(total, 4) >= quarters(limit, 3) => DayState::Near,
        _ => DayState::Under,
    }
}

/// What counts on a day under one basis.
pub struct Counted {
    /// The basis.
    pub basis: Basis,
    /// What counts.
    pub sum: Sum,
    /// How many parcels did not fit any more.
    pub crossed: i64,
    /// The least limit of the parcels that were looked at.
    pub limit: Option<Cents>,
    /// How that stands.
    pub state: DayState,
}

/// A day of a person.
pub struct PersonDay {
    /// The day.
    pub day: Day,
    /// What it holds.
    pub holds: DayHolds,
    /// 321(a)(2)(C), and what else counts on the day.
    pub counted: Vec<Counted>,
    /// Of how many parcels the limits were read.
    pub limits_of: usize,
    /// Parcels that are voided.
    pub voided: usize,
}

impl PersonDay {
    /// The same for programs.
    #[must_use]
    pub fn json(&self) -> Value {
        let counted = |one: &Counted| {
            json!({ "basis": one.basis.as_str(), "shipments": one.sum.shipments,
                "total_usd": Cents(one.sum.total_cents).to_string(),
                "limit_usd": one.limit.map(|limit| limit.to_string()),
                "crossed": one.crossed, "state": one.state.as_str() })
        };
        json!({ "day": self.day.to_string(), "state": self.state().as_str(),
            "shipments": self.holds.all.shipments,
            "all_usd": Cents(self.holds.all.total_cents).to_string(),
            "counted": self.counted.iter().map(counted).collect::<Vec<_>>(),
            "needs_person": self.holds.undecided.shipments, "voided": self.voided,
            "limits_of": self.limits_of })
    }

    /// How the day stands: as that of its totals that stands worst.
    #[must_use]
    pub fn state(&self) -> DayState {
        let states = self.counted.iter().map(|one| one.state);
        states.max().unwrap_or(DayState::Unknown)
    }
}

/// A month of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Month {
    year: i32,
    month: u32,
}

impl Month {
    /// Reads `2024-05`; nothing for what is no month.
    #[must_use]
    pub fn parse(text: &str) -> Option<Month> {
        (text.len() == 7)
            .then(|| Day::parse(&format!("{text}-01")))?
            .map(Month::of)
    }

    /// That of a day.
    #[must_use]
    pub fn of(day: Day) -> Month {
        let (year, month, _) = day.ymd();
        Month { year, month }
    }

    /// Its days.
    pub fn days(self) -> impl Iterator<Item = Day> {
        (1..=31).filter_map(move |day| Day::new(self.year, self.month, day))
    }

    /// Its number, from 1 to 12, and its year.
    #[must_use]
    pub fn parts(self) -> (u32, i32) {
        (self.month, self.year)
    }
}

impl fmt::Display for Month {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:04}-{:02}", self.year, self.month)
    }
}

/// A person's days of one month.
pub struct MonthOfDays {
    /// The month.
    pub month: Month,
    /// The days that have parcels, in order.
    pub days: Vec<PersonDay>,
    /// The last month before it that has parcels.
    pub earlier: Option<Month>,
    /// The first month after it that has any.
    pub later: Option<Month>,
    /// How many parcels the person has in all.
    pub parcels: usize,
}

/// The days of all persons of a day.
pub struct DayOfAll {
    /// Those that are told, each with a key that leads to the person, if one is known.
    pub persons: Vec<(Option<Key>, PersonDay)>,
    /// How many there are.
    pub count: usize,
}

impl MonthOfDays {
    /// The same for programs.
    #[must_use]
    pub fn json(&self) -> Value {
        json!({ "month": self.month.to_string(), "parcels": self.parcels,
            "earlier": self.earlier.map(|month| month.to_string()),
            "later": self.later.map(|month| month.to_string()),
            "days": self.days.iter().map(PersonDay::json).collect::<Vec<_>>() })
    }
}

impl OpenLedger {
    /// A month of a person's days; without one, the last that has parcels. Nothing where there are
    /// none at all and no month is named.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn month(
        &self,
        setup: &Setup,
        found: Found,
        month: Option<Month>,
    ) -> Result<Option<MonthOfDays>, LedgerError> {
        let parcels = self.parcels(found.person, None)?;
        let month_of = |one: &Standing| Month::of(Day(one.arrival.day));
        let Some(month) = month.or(parcels.last().map(month_of)) else {
            return Ok(None);
        };
        let days = parcels.chunk_by(|a, b| a.arrival.day == b.arrival.day);
        let days = days.filter(|day| month_of(&day[0]) == month);
        let days: Result<Vec<_>, _> = days
            .map(|of_day| self.person_day(setup, found.person, of_day))
            .collect();
        let mut months = parcels.iter().map(month_of);
        Ok(Some(MonthOfDays {
            month,
            days: days?,
            later: months.clone().find(|one| *one > month),
            earlier: months.rfind(|one| *one < month),
            parcels: parcels.len(),
        }))
    }

    /// A day of a person, whose parcels of that day these are: one at least.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn person_day(
        &self,
        setup: &Setup,
        person: PersonKey,
        of_day: &[Standing],
    ) -> Result<PersonDay, LedgerError> {
        let day = Day(of_day.first().map_or(0, |one| one.arrival.day));
        let holds = self.holds(person, day.0)?;
        let standing = of_day.iter().filter(|one| one.state != State::Voided);
        let ids = standing.clone().map(|one| &one.shipment_id);
        let limits = limits(self, setup, ids.take(MOST_OF_A_DAY))?;
        let counted = Basis::ALL.iter().enumerate().filter_map(|(slot, basis)| {
            let of_basis = |of: &Vec<OfParcel>| of.get(slot).copied();
            let known = limits.values().filter_map(of_basis);
            let limit = known.clone().filter_map(|of| of.limit).min();
            let open = known.clone().any(|of| of.open);
            let (sum, crossed) = (holds.counted[slot], holds.crossed[slot]);
            let is_own = counted_with(*basis) == *basis;
            let speaks = sum.shipments > 0 || crossed > 0;
            (is_own && (speaks || *basis == Basis::Section321C)).then(|| Counted {
                basis: *basis,
                sum,
                crossed,
                limit,
                state: stands(Cents(sum.total_cents), crossed, limit, open),
            })
        });
        Ok(PersonDay {
            day,
            counted: counted.collect(),
            holds,
            limits_of: limits.len(),
            voided: of_day.len() - standing.count(),
        })
    }

    /// The days of all persons who have one of these parcels on a day: first those whose limit a parcel
    /// did not fit any more, then by what counts; `most` of them, and how many there are.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn days_of_all(
        &self,
        setup: &Setup,
        (day, shipment_ids): (Day, &[String]),
        most: usize,
    ) -> Result<DayOfAll, LedgerError> {
        let mut persons: BTreeMap<PersonKey, DayHolds> = BTreeMap::new();
        for id in shipment_ids {
            let kept = self.shipment(id)?;
            let kept = kept.filter(|one| one.arrival.day == day.0 && one.state != State::Voided);
            if let Some(kept) = kept
                && !persons.contains_key(&kept.person)
            {
                persons.insert(kept.person, self.holds(kept.person, day.0)?);
            }
        }
        let count = persons.len();
        let mut persons: Vec<_> = persons.into_iter().collect();
        persons.sort_by_cached_key(|(person, holds)| {
            let crossed = holds.crossed.iter().any(|crossed| *crossed > 0);
            let most = holds.counted.iter().map(|sum| sum.total_cents).max();
            (std::cmp::Reverse((crossed, most)), *person)
        });
        let told = persons.into_iter().take(most).map(|(person, _)| {
            let of_day = self.parcels(person, Some(day.0))?;
            let key = self.key_of(person, &of_day)?;
            Ok((key, self.person_day(setup, person, &of_day)?))
        });
        Ok(DayOfAll {
            persons: told.collect::<Result<_, LedgerError>>()?,
            count,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_total_stands_against_its_limit() {
        let of = |total, crossed, limit: Option<i64>, open| {
            stands(Cents(total), crossed, limit.map(Cents), open)
        };
        let limit = Some(80_000);
        for (total, crossed, open, state) in [
            (0, 0, true, DayState::Under),
            (59_999, 0, true, DayState::Under),
            (60_000, 0, true, DayState::Near),
            (79_999, 0, true, DayState::Near),
            (80_000, 0, true, DayState::At),
            (50_000, 1, true, DayState::At),
            (80_001, 0, true, DayState::Over),
            (80_001, 0, false, DayState::Over),
            (0, 0, false, DayState::Closed),
            // What counted before it was suspended counts still.
            (100, 0, false, DayState::Under),
        ] {
            assert_eq!(of(total, crossed, limit, open), state, "{total} {crossed}");
        }
        assert_eq!(of(0, 0, Some(0), true), DayState::Closed);
        assert_eq!(of(1, 0, Some(0), true), DayState::Over);
        assert_eq!(of(1, 0, None, true), DayState::Unknown);
        assert_eq!(of(i64::MAX, 0, Some(i64::MAX), true), DayState::At);
        assert!(DayState::ALL.is_sorted());
    }

    #[test]
    fn months_read_and_have_their_days() {
        let month = Month::parse("2024-02").unwrap();
        assert_eq!(month.days().count(), 29);
        assert_eq!(
            (month.to_string().as_str(), month.parts()),
            ("2024-02", (2, 2024))
        );
        for wrong in [
            "",
            "2024",
            "2024-13",
            "2024-2",
            "2024-02-01",
            "x024-02",
            "é24-02",
        ] {
            assert_eq!(Month::parse(wrong), None, "{wrong}");
        }
    }
}
