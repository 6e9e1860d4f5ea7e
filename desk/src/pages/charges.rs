//! What is owed, as tables and the picture of the staircase show it.

use super::decision::Owed;
use deminimis_clearance::explain::{dollars_of, spaced};

/// A charge or a fee for the picture.
pub struct Amounts {
    /// What it is.
    pub words: String,
    /// Dollars as decimal text; nothing where it is open.
    pub amount: Option<String>,
    /// `duty` or `fee`.
    pub kind: &'static str,
}

/// A charge or a fee as a table shows it.
pub(super) struct ChargeRow {
    pub(super) line: String,
    pub(super) heading: String,
    pub(super) what: String,
    pub(super) state: String,
    pub(super) rate: String,
    pub(super) base: String,
    pub(super) amount: String,
    pub(super) reason: String,
    pub(super) cite: String,
}

/// An amount, or the range in which it lies.
pub(super) fn amount(
    known: Option<&String>,
    low: Option<&String>,
    high: Option<&String>,
) -> String {
    match (known, low, high) {
        (Some(known), _, _) => dollars_of(known),
        (None, Some(low), Some(high)) => format!("{} to {}", dollars_of(low), dollars_of(high)),
        (None, Some(low), None) => format!("at least {}", dollars_of(low)),
        (None, None, _) => "not known".to_owned(),
    }
}

pub(super) fn total(owed: &Owed) -> String {
    let (low, high) = (owed.range_low_usd.as_ref(), owed.range_high_usd.as_ref());
    amount(owed.total_usd.as_ref(), low, high)
}

pub(super) fn charges(owed: Option<&Owed>) -> (Vec<ChargeRow>, Vec<Amounts>) {
    let (mut rows, mut amounts) = (Vec::new(), Vec::new());
    let Some(owed) = owed else {
        return (rows, amounts);
    };
    let dollars = |amount: &Option<String>| {
        let known = amount.as_deref().map(dollars_of);
        known.unwrap_or_else(|| "open".to_owned())
    };
    for line in &owed.lines {
        let number = line.line.map(|line| line.to_string()).unwrap_or_default();
        for charge in &line.charges {
            let heading = match &charge.heading {
                Some(heading) => heading.clone(),
                None => charge.heading_candidates.join(" or "),
            };
            amounts.push(Amounts {
                words: format!("{} {}", heading, spaced(&charge.program)),
                amount: charge.amount_usd.clone(),
                kind: "duty",
            });
            rows.push(ChargeRow {
                line: number.clone(),
                heading,
                what: spaced(&charge.program),
                state: spaced(&charge.state),
                rate: charge.rate.clone(),
                base: dollars_of(&charge.base_usd),
                amount: dollars(&charge.amount_usd),
                reason: charge.reason.clone(),
                cite: charge.cite.join("; "),
            });
        }
    }
    for fee in &owed.fees {
        let class = fee
            .class_code
            .as_deref()
            .map(|code| format!("class {code}"));
        amounts.push(Amounts {
            words: fee.fee.clone(),
            amount: fee.amount_usd.clone(),
            kind: "fee",
        });
        rows.push(ChargeRow {
            line: String::new(),
            heading: class.unwrap_or_default(),
            what: fee.fee.clone(),
            state: spaced(&fee.state),
            rate: fee.rate.clone(),
            base: dollars_of(&fee.base_usd),
            amount: dollars(&fee.amount_usd),
            reason: fee.reason.clone(),
            cite: fee.cite.join("; "),
        });
    }
    (rows, amounts)
}

pub(super) fn totals(owed: Option<&Owed>) -> Vec<(&'static str, String)> {
    let Some(owed) = owed else {
        return Vec::new();
    };
    let known = |text: &Option<String>| text.as_deref().map(dollars_of);
    let parts = [
        ("Duty", known(&owed.duty_usd)),
        ("Tax", known(&owed.tax_usd)),
        ("Fees", known(&owed.fees_usd)),
        ("Total", Some(total(owed))),
    ];
    let parts = parts.into_iter();
    parts
        .filter_map(|(name, value)| Some((name, value?)))
        .collect()
}
