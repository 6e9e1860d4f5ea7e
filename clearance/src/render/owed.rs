//! What is owed, as the contract writes it.

use crate::assess::Books;
use crate::decision::Decision;
use crate::owed::words::{duty_of, headings, rate_text, rule_of, what, why};
use crate::owed::{Charge, Column, Fee, Owed, Source, Span, State};
use crate::shipment::Shipment;
use deminimis_law::Law;
use deminimis_law::kind::{FeeAmount, Rule};
use deminimis_law::money::Cents;
use deminimis_law::names::Outcome;
use schemars::JsonSchema;
use serde::Serialize;

/// What is owed by one way of entering.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[allow(missing_docs, reason = "the names and meanings are the contract's")]
pub struct OwedText {
    pub duty_usd: Option<String>,
    pub tax_usd: Option<String>,
    pub fees_usd: Option<String>,
    pub total_usd: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub range_low_usd: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub range_high_usd: Option<String>,
    pub entered_value_usd: String,
    pub refundable_usd: String,
    pub lines: Vec<LineText>,
    pub fees: Vec<FeeText>,
    pub open: Vec<OpenText>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// The charges of one line.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[allow(missing_docs, reason = "the names and meanings are the contract's")]
pub struct LineText {
    pub line: Option<u16>,
    pub charges: Vec<ChargeText>,
}

/// One charge.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[allow(missing_docs, reason = "the names and meanings are the contract's")]
pub struct ChargeText {
    pub heading: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub heading_candidates: Vec<String>,
    pub program: String,
    pub state: &'static str,
    pub rate: String,
    pub base_usd: String,
    pub quantity: Option<String>,
    pub unit: Option<String>,
    pub amount_usd: Option<String>,
    pub refundable: bool,
    pub reason: String,
    pub cite: Vec<String>,
    pub confidence: &'static str,
}

/// One fee.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[allow(missing_docs, reason = "the names and meanings are the contract's")]
pub struct FeeText {
    pub fee: String,
    pub class_code: Option<String>,
    pub payer: String,
    pub state: &'static str,
    pub rate: String,
    pub base_usd: String,
    pub amount_usd: Option<String>,
    pub reason: String,
    pub cite: Vec<String>,
    pub confidence: &'static str,
}

/// What keeps the total from being known, or might lower it if it were claimed.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[allow(missing_docs, reason = "the names and meanings are the contract's")]
pub struct OpenText {
    pub what: String,
    pub line: Option<u16>,
    pub why: String,
    pub material: bool,
}

/// What something comes to: the amount, or the least and, where anything bounds it, the most.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[allow(missing_docs, reason = "the names and meanings are the contract's")]
pub struct TotalText {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owed_usd: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub range_low_usd: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub range_high_usd: Option<String>,
}

impl TotalText {
    /// The amount or its range as text.
    #[must_use]
    pub fn of(total: Span) -> TotalText {
        let known = total.known();
        let range = |cents: Option<Cents>| match known {
            Some(_) => None,
            None => cents.map(|cents| cents.to_string()),
        };
        TotalText {
            owed_usd: known.map(|cents| cents.to_string()),
            range_low_usd: range(Some(total.low)),
            range_high_usd: range(total.high),
        }
    }

    /// What a decision comes to, in the same form; empty where nothing was reckoned.
    #[must_use]
    pub fn of_decision(decision: &Decision) -> TotalText {
        total(decision).map(TotalText::of).unwrap_or_default()
    }
}

/// What a decision comes to; nothing where the parcel may not enter or how is not known.
#[must_use]
pub fn total(decision: &Decision) -> Option<Span> {
    match decision.way() {
        Outcome::Free | Outcome::EntryRequired => Some(decision.owed.total),
        Outcome::Prohibited | Outcome::NeedsPerson => None,
    }
}

/// Makes the contract's `owed` of a compact one.
#[must_use]
pub fn owed(books: Books<'_>, shipment: &Shipment, owed: &Owed) -> OwedText {
    let law = books.law;
    let mut lines: Vec<LineText> = Vec::new();
    for charge in &owed.charges {
        let line = (charge.line > 0).then_some(charge.line);
        if lines.last().is_none_or(|last| last.line != line) {
            lines.push(LineText {
                line,
                charges: Vec::new(),
            });
        }
        if let Some(last) = lines.last_mut() {
            last.charges.push(charge_text(books, shipment, charge));
        }
    }
    let known = |span: Span| span.known().map(|cents| cents.to_string());
    let open = owed.total.known().is_none();
    let range = |cents: Option<Cents>| cents.filter(|_| open).map(|cents| cents.to_string());
    OwedText {
        duty_usd: known(owed.duty),
        // Internal revenue taxes are not in hand: where one may be due the total is open.
        tax_usd: known(owed.total).map(|_| Cents(0).to_string()),
        fees_usd: known(owed.fee_total),
        total_usd: known(owed.total),
        range_low_usd: range(Some(owed.total.low)),
        range_high_usd: range(owed.total.high),
        entered_value_usd: owed.entered.to_string(),
        refundable_usd: refundable(law, owed).to_string(),
        lines,
        fees: owed.fees.iter().map(|fee| fee_text(law, fee)).collect(),
        open: open_texts(law, owed),
        note: owed.carried.then(|| {
            let release = books.tariff.release();
            format!("the rates of the schedule are those of {release}, carried on to this day")
        }),
    }
}

/// What of the charges is being refunded.
#[must_use]
pub fn refundable(law: &Law, owed: &Owed) -> Cents {
    let charges = owed
        .charges
        .iter()
        .filter(|charge| is_refundable(law, charge));
    charges.fold(Cents(0), |sum, charge| sum.plus(charge.amount))
}

fn is_refundable(law: &Law, charge: &Charge) -> bool {
    if charge.state != State::Charged {
        return false;
    }
    match charge.source {
        Source::Heading(..) => duty_of(law, charge.source).is_some_and(|(duty, _)| duty.refundable),
        Source::Mail(rule) => {
            matches!(&law.version(rule).rule, Rule::MailDuty(duty) if duty.refundable)
        }
        Source::Schedule(..) => false,
    }
}

fn open_texts(law: &Law, owed: &Owed) -> Vec<OpenText> {
    let text = |open: &crate::owed::OpenAmount| OpenText {
        what: what(law, open),
        line: (open.line > 0).then_some(open.line),
        why: why(law, open),
        material: open.is_material(),
    };
    owed.open.iter().map(text).collect()
}

fn charge_text(books: Books<'_>, shipment: &Shipment, charge: &Charge) -> ChargeText {
    let law = books.law;
    let mut names = headings(law, shipment, charge);
    let heading = (names.len() == 1).then(|| names.remove(0));
    let line = usize::from(charge.line).checked_sub(1);
    let line = line.and_then(|at| shipment.lines.get(at));
    let rate = match charge.source {
        Source::Schedule(_, rate) => rate.map(|rate| books.tariff.rate(rate)),
        Source::Heading(..) | Source::Mail(_) => None,
    };
    let measured = line.zip(rate).and_then(|(line, rate)| {
        let (given, count) = line.measures.given();
        rate.measured(&given[..count]).copied()
    });
    ChargeText {
        heading,
        heading_candidates: names,
        program: program(law, charge),
        state: charge.state.word(),
        rate: rate_text(law, books.tariff, charge),
        base_usd: charge.base.to_string(),
        quantity: measured.map(|one| thousandths(one.digits)),
        unit: measured.map(|one| one.unit.to_string()),
        amount_usd: match charge.state {
            State::Open | State::NotCovered => None,
            State::Charged | State::Met | State::Exempt | State::Displaced => {
                Some(charge.amount.to_string())
            }
        },
        refundable: is_refundable(law, charge),
        reason: reason(law, shipment, charge),
        cite: cite(law, charge),
        confidence: rule_of(charge.source)
            .map_or("C3+", |rule| law.version(rule).confidence.as_str()),
    }
}

/// A count of thousandths as decimal text without needless zeros.
fn thousandths(count: i64) -> String {
    let (whole, part) = (count / 1000, count % 1000);
    if part == 0 {
        return whole.to_string();
    }
    format!("{whole}.{part:03}")
        .trim_end_matches('0')
        .to_owned()
}

/// The program a charge belongs to.
#[must_use]
pub fn program(law: &Law, charge: &Charge) -> String {
    match charge.source {
        Source::Schedule(Column::General, _) => "general".to_owned(),
        Source::Schedule(Column::Special(_, claim), _) => format!("special {}", claim.as_str()),
        Source::Schedule(Column::Two(_), _) => "column 2".to_owned(),
        Source::Heading(..) => {
            duty_of(law, charge.source).map_or_else(String::new, |(duty, _)| duty.program.clone())
        }
        Source::Mail(_) => "mail".to_owned(),
    }
}

/// The reason of what charges; one that names the origin says which it is.
fn reason(law: &Law, shipment: &Shipment, charge: &Charge) -> String {
    let Some(rule) = rule_of(charge.source) else {
        return "the general rate of column 1".to_owned();
    };
    let line = usize::from(charge.line).checked_sub(1);
    let origin = line.and_then(|at| shipment.lines.get(at)?.origin);
    let origin = origin.map_or("the origin".to_owned(), |origin| origin.to_string());
    let reason = law.version(rule).reason.replace("{origin}", &origin);
    match (charge.state, charge.beside) {
        (State::Displaced, Some(by)) => {
            let title = &law.instrument(by).title;
            format!("{reason}: none beside what comes before it ({title})")
        }
        _ => reason,
    }
}

/// The authorities of a charge.
#[must_use]
pub fn cite(law: &Law, charge: &Charge) -> Vec<String> {
    let row = duty_of(law, charge.source).and_then(|(_, row)| row);
    match (row, rule_of(charge.source)) {
        (Some(row), _) => row.cite.clone(),
        (None, Some(rule)) => law.version(rule).cite.clone(),
        (None, None) => vec!["HTSUS column 1, general".to_owned()],
    }
}

fn fee_text(law: &Law, fee: &Fee) -> FeeText {
    let version = law.version(fee.rule);
    let (name, class_code, payer, rate) = match &version.rule {
        Rule::Fee(rule) => (
            rule.fee.clone(),
            (!rule.class_code.is_empty()).then(|| rule.class_code.clone()),
            rule.payer.clone(),
            match rule.amount {
                FeeAmount::Flat(flat) => format!("${flat}"),
                FeeAmount::Share { rate, .. } => rate.to_string(),
                FeeAmount::NotCovered => "not covered".to_owned(),
            },
        ),
        _ => Default::default(),
    };
    FeeText {
        fee: name,
        class_code,
        payer,
        state: fee.state.word(),
        rate,
        base_usd: fee.base.to_string(),
        amount_usd: fee.amount.known().map(|amount| amount.to_string()),
        reason: match fee.state {
            State::Exempt => {
                "every line is entered under a program or provision that is spared the fee"
                    .to_owned()
            }
            _ => version.reason.clone(),
        },
        cite: version.cite.clone(),
        confidence: version.confidence.as_str(),
    }
}
