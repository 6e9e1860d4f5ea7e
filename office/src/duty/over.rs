//! The total over time: reckoned at every moment at which law or schedule may change it, equal
//! neighbours joined.

use super::article::Article;
use super::json::span as span_json;
use super::reckon::{Reckoned, Reckoner};
use super::table::span_words;
use crate::out::page::{Page, Style, boundary};
use deminimis_clearance::owed::words::{headings, what};
use deminimis_clearance::owed::{Charge, Span as Total, State, Why};
use deminimis_clearance::render::owed::{program, refundable};
use deminimis_clearance::shipment::BadField;
use deminimis_law::Law;
use deminimis_law::condition::Cond;
use deminimis_law::money::Cents;
use deminimis_law::names::{Clock, EntryPath, Outcome};
use deminimis_law::time::{Day, Moment, Zone};
use serde_json::{Value, json};
use std::io;

/// The longest span, in years: far more than any law in hand covers.
const MOST_YEARS: i32 = 60;

/// Why no other currency is taken: the totals of many days are compared.
pub const USD_ALONE: &str = "totals over time are compared: give the value in USD";

/// From the first moment to the end, not included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// First.
    pub from: Moment,
    /// End.
    pub until: Moment,
}

impl Span {
    /// Reads `2018-07..2026-12` or two days; the last month or day is included.
    pub fn parse(text: &str, zone: &Zone) -> Result<Span, &'static str> {
        let (from, to) = text
            .split_once("..")
            .ok_or("is not FROM..TO, such as 2018-07..2026-12")?;
        let first = ends(from).ok_or("begins with neither a month nor a day")?;
        let last = ends(to).ok_or("ends with neither a month nor a day")?;
        if last.1 <= first.0 {
            return Err("ends before it begins");
        }
        if last.1.ymd().0 - first.0.ymd().0 > MOST_YEARS {
            return Err("is longer than sixty years");
        }
        Ok(Span {
            from: zone.midnight(first.0),
            until: zone.midnight(last.1),
        })
    }
}

/// The first day of a month or day, and the first one after it.
fn ends(text: &str) -> Option<(Day, Day)> {
    if let Some(day) = Day::parse(text) {
        return Some((day, day.plus(1)));
    }
    let first = Day::parse(&format!("{text}-01"))?;
    let (year, month, _) = first.ymd();
    let next = match month {
        12 => Day::new(year + 1, 1, 1),
        _ => Day::new(year, month + 1, 1),
    };
    Some((first, next?))
}

/// What is reckoned, in a line.
#[must_use]
pub fn title(number: &str, origin: Option<&str>, value: &str, mode: &str) -> String {
    let origin = origin.map_or_else(String::new, |origin| format!(" of {origin}"));
    format!("{number}{origin}, {value} USD, by {mode}")
}

/// Which dates the user gave and must stay.
#[derive(Clone, Copy, Debug)]
pub struct Given {
    /// The loading.
    pub loaded: bool,
    /// The exportation.
    pub exported: bool,
}

/// A stretch of time in which nothing changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// First moment.
    pub from: Moment,
    /// End, not included.
    pub until: Moment,
    /// What holds.
    pub point: Point,
}

/// What holds at a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Point {
    /// What the law says of it.
    pub outcome: Outcome,
    /// For which path it is reckoned.
    pub by: Option<EntryPath>,
    /// Duty and fees.
    pub total: Total,
    /// What of it is being refunded.
    pub refundable: Cents,
    /// What is not in hand, by name.
    pub not_covered: Vec<String>,
    /// What else is open, by name.
    pub open: Vec<String>,
    /// What is charged: heading, program and amount.
    pub charges: Vec<String>,
}

/// The steps of a span.
pub fn steps(
    reckoner: &mut Reckoner<'_>,
    article: &Article,
    span: Span,
    given: Given,
) -> Result<Vec<Step>, BadField> {
    let mut shipment = reckoner.article(article)?.shipment;
    let moments = moments(reckoner, span);
    let mut steps: Vec<Step> = Vec::new();
    for (place, from) in moments.iter().enumerate() {
        let until = moments.get(place + 1).copied().unwrap_or(span.until);
        let when = reckoner.setup.law.zone().exact(*from);
        (shipment.arrives_at, shipment.entered_at) = (when, Some(when));
        shipment.filed_at = Some(*from);
        if !given.loaded {
            shipment.loaded_at = Some(when);
        }
        if !given.exported {
            shipment.exported_on = Some(when.day);
        }
        let reckoned = reckoner.shipment(shipment.clone());
        let point = point(&reckoner.setup.law, &reckoned);
        match steps.last_mut() {
            Some(step) if step.point == point => step.until = until,
            _ => steps.push(Step {
                from: *from,
                until,
                point,
            }),
        }
    }
    Ok(steps)
}

/// The moments of a span at which anything may change, its beginning first.
fn moments(reckoner: &Reckoner<'_>, span: Span) -> Vec<Moment> {
    let (law, tariff) = (&reckoner.setup.law, &reckoner.setup.tariff);
    let mut moments = vec![span.from];
    for clock in Clock::ALL {
        moments.extend(law.bounds(*clock));
    }
    if let Some(duties) = law.duties() {
        moments.extend(duties.entry_bounds());
    }
    for instrument in &law.book().instruments {
        let covers = [instrument.covers_from, instrument.covers_until];
        moments.extend(covers.iter().flatten().map(|written| written.moment));
        for version in &instrument.versions {
            version.when.walk(&mut |part| {
                if let Cond::Before(_, moment) = part {
                    moments.push(*moment);
                }
            });
        }
    }
    // Figures of the schedule change at midnight; equal epochs have equal figures.
    let (first, last) = (law.zone().day(span.from), law.zone().day(span.until));
    let mut epoch = tariff.epoch(first.0);
    for day in first.0 + 1..=last.0 {
        let next = tariff.epoch(day);
        if next != epoch {
            moments.push(law.zone().midnight(Day(day)));
            epoch = next;
        }
    }
    moments.retain(|at| span.from <= *at && *at < span.until);
    moments.sort_unstable();
    moments.dedup();
    moments
}

fn point(law: &Law, reckoned: &Reckoned) -> Point {
    let owed = &reckoned.owed;
    let of = |charge: &&Charge| charge.state == State::Charged || charge.state == State::NotCovered;
    let said = |charge: &Charge| {
        let heading = headings(law, &reckoned.shipment, charge).join(" or ");
        let amount = match charge.state {
            State::Charged => charge.amount.to_string(),
            _ => "?".to_owned(),
        };
        format!("{heading} {} {amount}", program(law, charge))
            .trim_start()
            .to_owned()
    };
    let uncovered = |why: Why| matches!(why, Why::NotCovered(_) | Why::NoSchedule);
    let names = |wanted: bool| {
        let open = owed
            .open
            .iter()
            .filter(|open| open.is_material() && uncovered(open.why) == wanted);
        let mut names: Vec<String> = open.map(|open| what(law, open)).collect();
        names.sort_unstable();
        names.dedup();
        names
    };
    Point {
        outcome: reckoned.decision.way(),
        by: reckoned.by,
        total: owed.total,
        refundable: refundable(law, owed),
        not_covered: names(true),
        open: names(false),
        charges: owed.charges.iter().filter(of).map(said).collect(),
    }
}

/// What a step is called in one word.
pub fn outcome_word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Free => "free",
        Outcome::EntryRequired => "entry",
        Outcome::NeedsPerson => "person",
        Outcome::Prohibited => "banned",
    }
}

/// Writes the steps as a table.
pub fn write(law: &Law, title: &str, steps: &[Step], page: &mut Page<'_>) -> io::Result<()> {
    page.say(0, Style::Bold, title)?;
    let said = "Loaded and exported as it is entered, if not given. Totals of free days are those of \
                an entry made all the same.";
    page.say(0, Style::Dim, said)?;
    page.gap()?;
    let head = ["from", "law", "total", "refunds", "charges"].map(str::to_owned);
    let mut rows = vec![head.to_vec()];
    for step in steps {
        let point = &step.point;
        let mut charges = point.charges.join("; ");
        for (names, said) in [(&point.not_covered, "not in hand"), (&point.open, "open")] {
            if !names.is_empty() {
                charges = format!("{charges} [{said}: {}]", names.join(", "));
            }
        }
        let refunds = match point.refundable {
            Cents(0) => String::new(),
            amount => amount.to_string(),
        };
        rows.push(vec![
            boundary(law, step.from),
            outcome_word(point.outcome).to_owned(),
            span_words(point.total),
            refunds,
            charges.trim_start().to_owned(),
        ]);
    }
    let styles = [Style::Id, Style::Id, Style::Plain, Style::Id, Style::Dim];
    page.table(0, &styles, &rows)
}

/// The steps for programs.
pub fn json(law: &Law, title: &str, steps: &[Step]) -> Value {
    let zone = law.zone();
    let steps: Vec<Value> = steps
        .iter()
        .map(|step| {
            json!({
                "from": zone.show(step.from),
                "until": zone.show(step.until),
                "outcome": step.point.outcome.as_str(),
                "entry_path": step.point.by.map(|path| path.as_str()),
                "owed": span_json(step.point.total),
                "refundable_usd": step.point.refundable.to_string(),
                "not_covered": step.point.not_covered,
                "open": step.point.open,
                "charges": step.point.charges,
            })
        })
        .collect();
    json!({"article": title, "law": law.hash(), "steps": steps})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_includes_its_last_month_or_day() {
        let zone = Zone::named("America/New_York").unwrap();
        let read = |text: &str| {
            Span::parse(text, &zone).map(|span| (zone.show(span.from), zone.show(span.until)))
        };
        let pair = |from: &str, until: &str| Ok((from.to_owned(), until.to_owned()));
        assert_eq!(
            read("2018-07..2026-12"),
            pair("2018-07-01T00:00-04:00", "2027-01-01T00:00-05:00")
        );
        assert_eq!(
            read("2025-02-04..2025-02-04"),
            pair("2025-02-04T00:00-05:00", "2025-02-05T00:00-05:00")
        );
        for wrong in [
            "2025",
            "2025-13..2026-01",
            "2026-01..2025-12",
            "..",
            "1900-01..2026-01",
        ] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
