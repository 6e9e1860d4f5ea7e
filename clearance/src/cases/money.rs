//! What a case expects of money: charges, fees and totals.

use crate::assess::Books;
use crate::decision::Decision;
use crate::owed::words::{headings, what};
use crate::owed::{Owed, Source, Span, State};
use crate::shipment::Shipment;
use deminimis_law::Law;
use deminimis_law::kind::Rule;
use deminimis_law::money::Cents;

/// The fields of an expectation that speak of money.
pub(super) const MONEY: [&str; 13] = [
    "charges",
    "charged",
    "not_charged",
    "displaced",
    "duty_usd",
    "fees",
    "fees_usd",
    "total_usd",
    "range_low_usd",
    "range_high_usd",
    "not_covered",
    "open",
    "refundable_usd",
];

/// Whether the decision meets one expectation.
pub(super) fn meets(
    books: Books<'_>,
    shipment: &Shipment,
    decision: &Decision,
    field: &str,
    expected: &[String],
) -> Result<(), String> {
    let (law, owed) = (books.law, &decision.owed);
    let charges = || charges(law, shipment, owed);
    let amount = |span: Span| {
        span.known()
            .map_or("open".to_owned(), |cents| cents.to_string())
    };
    let actual: Vec<String> = match field {
        "charges" => charges(),
        "charged" => {
            let all = charges();
            let missing = expected.iter().find(|one| !all.contains(one));
            return match missing {
                None => Ok(()),
                Some(one) => Err(format!("{one} is not among {}", all.join(", "))),
            };
        }
        "not_charged" => {
            let all = charges();
            let named = |one: &&String| {
                let words = all.iter().flat_map(|charge| charge.split([' ', '/']));
                let mut words = words.filter(|word| word == one);
                words.next().is_some()
            };
            return match expected.iter().find(named) {
                None => Ok(()),
                Some(one) => Err(format!("{one} is reported: {}", all.join(", "))),
            };
        }
        "displaced" => {
            let all = owed
                .charges
                .iter()
                .filter(|one| one.state == State::Displaced);
            all.flat_map(|charge| headings(law, shipment, charge))
                .collect()
        }
        "duty_usd" => vec![amount(owed.duty)],
        "fees_usd" => vec![amount(owed.fee_total)],
        "total_usd" => vec![amount(owed.total)],
        "range_low_usd" => vec![owed.total.low.to_string()],
        "range_high_usd" => {
            let high = owed.total.high;
            vec![high.map_or("none".to_owned(), |high| high.to_string())]
        }
        "fees" => fees(law, owed),
        "refundable_usd" => vec![crate::render::owed::refundable(law, owed).to_string()],
        "not_covered" | "open" => {
            let all: Vec<String> = owed.open.iter().map(|open| what(law, open)).collect();
            let missing = expected.iter().find(|one| !all.contains(one));
            return match missing {
                None => Ok(()),
                Some(one) => Err(format!("{one} is not open; open: {}", all.join(", "))),
            };
        }
        _ => return Err(format!("`{field}` is not about money")),
    };
    if actual == expected {
        Ok(())
    } else {
        let (actual, expected) = (actual.join(", "), expected.join(", "));
        Err(format!("{field} is {actual}, not {expected}"))
    }
}

/// Charges as cases write them: `9903.88.15 3.00`, on a parcel of several lines `2/9903.88.15 3.00`.
/// What another measure displaces is not reported and has an expectation of its own.
fn charges(law: &Law, shipment: &Shipment, owed: &Owed) -> Vec<String> {
    let one = |charge: &crate::owed::Charge| {
        let mut heading = headings(law, shipment, charge).join("|");
        if heading.is_empty() {
            heading = match charge.source {
                Source::Mail(_) => "mail".to_owned(),
                Source::Schedule(..) => "schedule".to_owned(),
                Source::Heading(rule, _) => law.instrument(rule).id.clone(),
            };
        }
        let amount = match charge.state {
            State::Charged | State::Met | State::Exempt | State::Displaced => {
                charge.amount.to_string()
            }
            State::Open => "open".to_owned(),
            State::NotCovered => "not-covered".to_owned(),
        };
        if shipment.lines.len() > 1 && charge.line > 0 {
            format!("{}/{heading} {amount}", charge.line)
        } else {
            format!("{heading} {amount}")
        }
    };
    let reported = owed
        .charges
        .iter()
        .filter(|one| one.state != State::Displaced);
    reported.map(one).collect()
}

/// Fees as cases write them: the class code, if it has one, and the amount, `not-covered`, `open`, or
/// `up to 7.20` where it may not be due at all. A fee that every line is spared is left out.
fn fees(law: &Law, owed: &Owed) -> Vec<String> {
    let due = owed.fees.iter().filter(|fee| fee.state != State::Exempt);
    due.map(|fee| {
        let amount = match (fee.state, fee.amount.known()) {
            (_, Some(amount)) => amount.to_string(),
            (State::NotCovered, None) => "not-covered".to_owned(),
            (_, None) => match fee.amount {
                Span {
                    low: Cents(0),
                    high: Some(most),
                } => format!("up to {most}"),
                _ => "open".to_owned(),
            },
        };
        match &law.version(fee.rule).rule {
            Rule::Fee(rule) if !rule.class_code.is_empty() => {
                format!("{} {amount}", rule.class_code)
            }
            _ => amount,
        }
    })
    .collect()
}
