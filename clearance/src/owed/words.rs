//! What a charge is called and why an amount is open, in words.

use super::stack::row;
use super::{Charge, Column, OpenAmount, Source, State, Why};
use crate::decision::Unknown;
use crate::shipment::Shipment;
use deminimis_law::Law;
use deminimis_law::claim::Claim;
use deminimis_law::compile::RuleRef;
use deminimis_law::kind::{self, Duty, Rule};
use deminimis_law::lists::RateRow;
use deminimis_tariff::Schedule;

/// A heading with its dots: `9903.88.15`.
#[must_use]
pub fn dotted(heading: &str) -> String {
    let mut text = String::with_capacity(heading.len() + 3);
    for (at, digit) in heading.chars().enumerate() {
        if matches!(at, 4 | 6 | 8) {
            text.push('.');
        }
        text.push(digit);
    }
    text
}

/// The duty and table row behind a charge.
#[must_use]
pub fn duty_of(law: &Law, source: Source) -> Option<(&Duty, Option<&RateRow>)> {
    let Source::Heading(rule, place) = source else {
        return None;
    };
    let Rule::Duty(duty) = &law.version(rule).rule else {
        return None;
    };
    Some((duty, place.and_then(|place| row(law, duty, place))))
}

/// The rule behind a charge, if it is one of the law.
#[must_use]
pub fn rule_of(source: Source) -> Option<RuleRef> {
    match source {
        Source::Schedule(Column::General, _) => None,
        Source::Schedule(Column::Special(rule, _) | Column::Two(rule), _)
        | Source::Heading(rule, _)
        | Source::Mail(rule) => Some(rule),
    }
}

/// The heading to report, or those of which one is to be reported, dotted.
#[must_use]
pub fn headings(law: &Law, shipment: &Shipment, charge: &Charge) -> Vec<String> {
    let line = usize::from(charge.line)
        .checked_sub(1)
        .and_then(|at| shipment.lines.get(at));
    match charge.source {
        Source::Schedule(..) => {
            let number = line.and_then(|line| line.number);
            number
                .map(|number| number.to_string())
                .into_iter()
                .collect()
        }
        Source::Mail(_) => Vec::new(),
        Source::Heading(..) => {
            let Some((duty, row)) = duty_of(law, charge.source) else {
                return Vec::new();
            };
            let (below, met) = match row {
                Some(row) => (Some(row.heading), row.heading_met),
                None => (duty.heading, duty.heading_met),
            };
            let (candidates, one) = match (charge.state, met) {
                (State::Met, Some(met)) => (Vec::new(), Some(met)),
                (State::Open, Some(met)) => (below.into_iter().chain([met]).collect(), None),
                _ => (duty.heading_candidates.clone(), below),
            };
            // The heading that holds if an open one does not is reported instead of it.
            let instead = charge.beside.filter(|_| charge.state == State::Open);
            let instead = instead.and_then(|rule| match &law.version(rule).rule {
                Rule::Duty(duty) => duty.heading,
                _ => None,
            });
            let all: Vec<Claim> = one.into_iter().chain(candidates).chain(instead).collect();
            all.iter().map(|heading| dotted(heading.as_str())).collect()
        }
    }
}

/// The heading of a charge without dots for a table of figures; `|` between those of which one is to
/// be reported, the program where there is none.
pub fn push_heading(out: &mut Vec<u8>, law: &Law, shipment: &Shipment, charge: &Charge) {
    if let Source::Schedule(..) = charge.source {
        let line = usize::from(charge.line).checked_sub(1);
        let line = line.and_then(|at| shipment.lines.get(at));
        if let Some(number) = line.and_then(|line| line.number) {
            let digits = format!(
                "{:0width$}",
                number.digits(),
                width = usize::from(number.len())
            );
            out.extend_from_slice(digits.as_bytes());
        }
        return;
    }
    let names = headings(law, shipment, charge);
    for (at, name) in names.iter().enumerate() {
        out.extend_from_slice(if at > 0 { b"|" } else { b"" });
        out.extend(name.bytes().filter(|byte| *byte != b'.'));
    }
    if names.is_empty() {
        let program = match charge.source {
            Source::Mail(_) => "mail",
            _ => duty_of(law, charge.source).map_or("", |(duty, _)| &duty.program),
        };
        out.extend_from_slice(program.as_bytes());
    }
}

/// The rate of a charge as text.
#[must_use]
pub fn rate_text(law: &Law, tariff: &Schedule, charge: &Charge) -> String {
    match charge.source {
        Source::Schedule(_, rate) => rate.map_or("", |rate| tariff.rate_text(rate)).to_owned(),
        Source::Mail(_) if charge.line == 0 => "a fixed amount a package".to_owned(),
        Source::Mail(_) => charge.rate.to_string(),
        Source::Heading(..) => match duty_of(law, charge.source) {
            Some((duty, row)) => heading_rate(duty, row, charge),
            None => String::new(),
        },
    }
}

fn heading_rate(duty: &Duty, row: Option<&RateRow>, charge: &Charge) -> String {
    let floor = match (&duty.charge, row) {
        (kind::Charge::Floor(..), _) => true,
        (_, Some(row)) => row.floor.is_some(),
        _ => false,
    };
    match (&duty.charge, charge.state) {
        (kind::Charge::Exempt, _) => "exempt".to_owned(),
        (_, State::NotCovered) => "not covered".to_owned(),
        _ if floor => format!("{} with column 1", charge.rate),
        _ => charge.rate.to_string(),
    }
}

/// Why an amount is open, in words.
#[must_use]
pub fn why(law: &Law, open: &OpenAmount) -> String {
    match open.why {
        Why::Unknown(Unknown::Fact(fact)) | Why::Unclaimed(fact) => {
            law.book().facts[usize::from(fact.0)].question.clone()
        }
        Why::Unknown(Unknown::Rule(rule)) => law.version(rule).question.clone(),
        Why::Unknown(Unknown::Clock(clock)) => format!("on which day: {clock}?"),
        Why::Unknown(Unknown::ExchangeRate) | Why::Unpriced => {
            "no exchange rate is in hand for the currency and date".to_owned()
        }
        Why::NotCovered(rule) => {
            let version = law.version(rule);
            let what = match version.rule {
                Rule::Fee(_) => "amount",
                _ => "rate",
            };
            format!("{}: the {what} is not in hand", version.reason)
        }
        Why::NoSchedule => "the schedule of that day is not in hand; import it".to_owned(),
        Why::NoNumber => {
            "a number of 8 or 10 digits that the schedule prints on the day".to_owned()
        }
        Why::HeadingAsNumber => {
            "the number of the article, of chapters 1 to 97; one of chapter 98 or 99 goes into claims"
                .to_owned()
        }
        Why::RateText(reason) => format!("the rate of the schedule: {reason}"),
        Why::Quantity(unit) => format!("the rate asks for the quantity in {unit}"),
        Why::Part(part) => format!("the rate asks for the value of {}", part.words()),
        Why::PostalMethod => {
            "which method did the carrier elect: ad_valorem or specific?".to_owned()
        }
        Why::NoPath => "no way of entering is known".to_owned(),
        Why::Circle => {
            "duties depend on one another in a circle at this moment of knowledge".to_owned()
        }
    }
}

/// The name of the field or rule that an open amount hangs on.
#[must_use]
pub fn what(law: &Law, open: &OpenAmount) -> String {
    match open.why {
        Why::Unknown(Unknown::Fact(fact)) | Why::Unclaimed(fact) => {
            law.book().facts[usize::from(fact.0)].name.clone()
        }
        Why::Unknown(Unknown::Rule(rule)) | Why::NotCovered(rule) => {
            law.instrument(rule).id.clone()
        }
        Why::Unknown(Unknown::Clock(clock)) => clock.to_string(),
        Why::Unknown(Unknown::ExchangeRate) | Why::Unpriced => "exchange_rate".to_owned(),
        Why::NoSchedule => "schedule".to_owned(),
        Why::NoNumber | Why::HeadingAsNumber => "htsus_number".to_owned(),
        Why::RateText(_) => "rate".to_owned(),
        Why::Quantity(_) => "quantity".to_owned(),
        Why::Part(_) => "part_value".to_owned(),
        Why::PostalMethod => "postal_method".to_owned(),
        Why::NoPath => "entry_path".to_owned(),
        Why::Circle => "law".to_owned(),
    }
}
