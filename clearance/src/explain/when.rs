//! The nearest day of entry on which the outcome would be another.
//!
//! All dates of the parcel move together. Between two moments at which some rule changes nothing can
//! turn, so one try for each such stretch is enough.

use super::changes::{Change, Search, Verdict, change};
use super::edit::Edit;
use deminimis_law::names::{Clock, Outcome};
use deminimis_law::time::{Day, Moment};

/// The last earlier day on which it would be another, and how far back that holds.
pub(super) fn earlier(search: &mut Search<'_>) -> Option<Change> {
    let now = search.decision.read_at;
    let days = starts(search);
    let entry = search.shipment.entry_when().day;
    let mut ends: Vec<Day> = days.iter().map(|start| start.plus(-1)).collect();
    ends.retain(|day| *day < entry && search.books.law.zone().midnight(*day) < now);
    ends.dedup();
    ends.reverse();
    let (at, to) = nearest(search, &ends)?;
    let last = ends[at];
    // The days before it, as long as they lead to the same.
    let mut since = String::new();
    for day in ends.into_iter().skip(at + 1) {
        let there = search.verdict(&Edit::EnteredOn(day));
        if there != to {
            if !there.uncovered {
                since = format!(", back to {}", day.plus(1));
            }
            break;
        }
    }
    Some(change(
        Edit::EnteredOn(last),
        format!("entered on or before {last}{since}"),
        to,
    ))
}

/// The first later day on which it would be another, and until when that holds.
pub(super) fn later(search: &mut Search<'_>) -> Option<Change> {
    let entry = search.shipment.entry_when().day;
    let mut days = starts(search);
    days.retain(|day| *day > entry);
    let (at, to) = nearest(search, &days)?;
    let first = days[at];
    let mut until = String::new();
    for day in days.into_iter().skip(at + 1) {
        let there = search.verdict(&Edit::EnteredOn(day));
        let ends = if search.decision.way() == Outcome::Free {
            there.outcome == Outcome::Free
        } else {
            there != to
        };
        if ends {
            if !there.uncovered {
                until = format!(", up to {}", day.plus(-1));
            }
            break;
        }
    }
    Some(change(
        Edit::EnteredOn(first),
        format!("entered on or after {first}{until}"),
        to,
    ))
}

/// The first day that turns the outcome, by its place; for want of one that only lightens the path.
fn nearest(search: &mut Search<'_>, days: &[Day]) -> Option<(usize, Verdict)> {
    let now = search.decision.way();
    let mut lighter = None;
    for (at, day) in days.iter().enumerate() {
        let to = search.verdict(&Edit::EnteredOn(*day));
        if search.turns(to) && to.outcome != now {
            return Some((at, to));
        }
        if search.turns(to) && lighter.is_none() {
            lighter = Some((at, to));
        }
    }
    lighter
}

/// The first day of each stretch, at the parcel's time of day, for every clock that moves along.
fn starts(search: &Search<'_>) -> Vec<Day> {
    let clocks = [Clock::EnteredAt, Clock::ArrivesAt, Clock::FiledAt];
    let bounds = clocks.map(|clock| search.books.law.bounds(clock));
    first_days(search, bounds.into_iter().flatten())
}

/// The first day of each stretch in which the same duties and fees are in force.
pub(super) fn duty_starts(search: &Search<'_>) -> Vec<Day> {
    let duties = search.books.law.duties();
    first_days(
        search,
        duties.into_iter().flat_map(|duties| duties.entry_bounds()),
    )
}

fn first_days<'b>(search: &Search<'_>, bounds: impl Iterator<Item = &'b Moment>) -> Vec<Day> {
    let zone = search.books.law.zone();
    let entry = search.shipment.entry_when();
    let of_day = entry.moment.0 - zone.midnight(entry.day).0;
    let first_day = |bound: &Moment| {
        let day = zone.day(*bound);
        let begun = zone.moment(day, of_day) >= *bound;
        if begun { day } else { day.plus(1) }
    };
    let mut days: Vec<Day> = bounds.map(first_day).collect();
    days.sort_unstable();
    days.dedup();
    days
}
