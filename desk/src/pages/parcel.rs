//! One parcel: what was decided and why, what is owed, what else would be lawful, and what was sent.
//!
//! Everything said of the law stands in the decision as the contract has it; the page only sets it.

use super::waterfall::{Waterfall, waterfall};
use super::{Head, page};
use crate::api::body::InPath;
use crate::api::shipments::{ShipmentStands, stands};
use crate::auth::Caller;
use crate::problem::{Problem, failed};
use crate::state::Desk;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use deminimis_clearance::explain::{capital, dollars_of, spaced};
use deminimis_office::ledger::Desk as OpenLedger;
use deminimis_store::desk::Role;
use deminimis_store::intake::filled;
use deminimis_store::{Content, KeptRecord};
use serde::Deserialize;
use std::sync::Arc;
use tokio::task::spawn_blocking;

/// How the fields of a record begin that were sent.
const SENT: &str = "input.";

/// What the page reads of a decision. A field that is not there is nothing, never a failure: an old
/// answer of the ledger is read by a later program.
#[derive(Deserialize)]
#[serde(default)]
struct Decision {
    outcome: String,
    basis: Option<String>,
    entry_path: String,
    alternatives: Vec<Alternative>,
    day_total_usd: Option<String>,
    day_all_usd: Option<String>,
    cbp_expected: Option<String>,
    findings: Vec<Finding>,
    assumed: Vec<Assumed>,
    questions: Vec<Question>,
    entered_value_usd: Option<String>,
    owed: Option<Owed>,
    deadlines: Vec<Deadline>,
    records_until: Option<String>,
    law: Law,
}

macro_rules! read {
    ($($name:ident {$($field:ident: $kind:ty),* $(,)?})*) => {$(
        #[derive(Default, Deserialize)]
        #[serde(default)]
        pub(super) struct $name {$(pub(super) $field: $kind),*}
    )*};
}
read! {
    Alternative {
        entry_path: String,
        free: bool,
        owed_usd: Option<String>,
        range_low_usd: Option<String>,
        range_high_usd: Option<String>,
        cheapest: bool,
        filer: String,
        bond: String,
        time: String,
        needs: Vec<String>,
    }
    Finding {
        rule: String,
        effect: String,
        reason: String,
        line: Option<u16>,
        cite: Vec<String>,
        effective: String,
        published: String,
        published_basis: Option<String>,
        confidence: String,
    }
    Assumed { line: Option<u16>, means: String, cite: Vec<String> }
    Question {
        line: Option<u16>,
        question: String,
        decides: bool,
        answers: Vec<Answer>,
        cite: Vec<String>,
    }
    Answer {
        answer: String,
        outcome: Option<String>,
        entry_path: Option<String>,
        owed_usd: Option<String>,
        range_low_usd: Option<String>,
        range_high_usd: Option<String>,
    }
    Owed {
        duty_usd: Option<String>,
        tax_usd: Option<String>,
        fees_usd: Option<String>,
        total_usd: Option<String>,
        range_low_usd: Option<String>,
        range_high_usd: Option<String>,
        lines: Vec<OwedLine>,
        fees: Vec<Fee>,
        note: Option<String>,
    }
    OwedLine { line: Option<u16>, charges: Vec<Charge> }
    Charge {
        heading: Option<String>,
        heading_candidates: Vec<String>,
        program: String,
        state: String,
        rate: String,
        base_usd: String,
        amount_usd: Option<String>,
        reason: String,
        cite: Vec<String>,
    }
    Fee {
        fee: String,
        class_code: Option<String>,
        state: String,
        rate: String,
        base_usd: String,
        amount_usd: Option<String>,
        reason: String,
        cite: Vec<String>,
    }
    Deadline {
        what: String,
        due: Option<String>,
        or_due: Option<String>,
        cite: Vec<String>,
    }
    Law { rulebook: String, engine: String, read_at: String, known_at: Option<String>,
        checked_until: Option<String>, tariff: Tariff }
    Tariff { release: String }
}

impl Default for Decision {
    fn default() -> Decision {
        Decision {
            outcome: "unreadable".to_owned(),
            basis: None,
            entry_path: String::new(),
            alternatives: Vec::new(),
            day_total_usd: None,
            day_all_usd: None,
            cbp_expected: None,
            findings: Vec::new(),
            assumed: Vec::new(),
            questions: Vec::new(),
            entered_value_usd: None,
            owed: None,
            deadlines: Vec::new(),
            records_until: None,
            law: Law::default(),
        }
    }
}

/// A charge or a fee for the picture.
pub struct Amounts {
    /// What it is.
    pub words: String,
    /// Dollars as decimal text; nothing where it is open.
    pub amount: Option<String>,
    /// `duty` or `fee`.
    pub kind: &'static str,
}

#[derive(Template)]
#[template(path = "parcel.html")]
struct ParcelPage {
    head: Head,
    id: String,
    state: &'static str,
    day: String,
    erased: bool,
    /// The outcome in words, and the sentence below it.
    words: String,
    says: String,
    facts: Vec<(&'static str, String)>,
    groups: Vec<Group>,
    chart: Option<Waterfall>,
    charges: Vec<ChargeRow>,
    totals: Vec<(&'static str, String)>,
    ways: Vec<Way>,
    questions: Vec<Asked>,
    sent: Vec<Sent>,
    /// Whether fields that tell of a person are withheld from who looks.
    withheld: bool,
    /// Whether who looks may know whose parcel it is.
    names: bool,
    decision: Decision,
}

/// Findings of one effect.
struct Group {
    effect: &'static str,
    words: &'static str,
    findings: Vec<Finding>,
}

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

struct Way {
    path: String,
    owed: String,
    told: Alternative,
}

struct Asked {
    told: Question,
    answers: Vec<(String, String)>,
}

/// The page.
pub async fn show(
    State(desk): State<Arc<Desk>>,
    caller: Caller,
    InPath(id): InPath<String>,
) -> Result<Response, Problem> {
    let ledger = desk.ledger(&caller.tenant);
    let names = caller.role >= Role::Operator;
    let line = desk.line(&caller, "shipment.read", &id);
    let look = move || seen(&ledger, &id, names);
    let (stands, records) = spawn_blocking(look)
        .await
        .map_err(|error| failed(&error))??;
    // What is read of a person is in the audit before it is told.
    desk.store.audit(line).await?;
    page(&told(&caller, stands, &records, names)?)
}

fn seen(
    ledger: &OpenLedger,
    id: &str,
    names: bool,
) -> Result<(ShipmentStands, Vec<KeptRecord>), Problem> {
    let stands = stands(ledger, id, names)?;
    let records = ledger.records_of(id)?;
    Ok((stands, records))
}

fn told(
    caller: &Caller,
    stands: ShipmentStands,
    records: &[KeptRecord],
    names: bool,
) -> Result<ParcelPage, Problem> {
    let decision = serde_json::from_value(stands.decision);
    let mut decision: Decision = decision.map_err(|error| failed(&error))?;
    let (charges, amounts) = charges(decision.owed.as_ref());
    let total = decision.owed.as_ref().map(total);
    let known = decision
        .owed
        .as_ref()
        .and_then(|owed| owed.total_usd.as_deref());
    let chart = waterfall(&amounts, known, "chart");
    let (sent, withheld) = sent(records, names && !stands.erased);
    Ok(ParcelPage {
        head: Head::new(Some(caller), "/parcels"),
        id: stands.shipment_id,
        state: stands.state,
        erased: stands.erased,
        words: capital(&spaced(&decision.outcome)),
        says: says(&decision, total.as_deref()),
        facts: facts(&decision),
        groups: groups(std::mem::take(&mut decision.findings)),
        chart,
        charges,
        totals: totals(decision.owed.as_ref()),
        ways: std::mem::take(&mut decision.alternatives)
            .into_iter()
            .map(way)
            .collect(),
        questions: std::mem::take(&mut decision.questions)
            .into_iter()
            .map(asked)
            .collect(),
        sent,
        withheld,
        names,
        day: stands.day,
        decision,
    })
}

/// An amount, or the range in which it lies.
fn amount(known: Option<&String>, low: Option<&String>, high: Option<&String>) -> String {
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

fn says(decision: &Decision, total: Option<&str>) -> String {
    let mut text = String::new();
    if let Some(basis) = &decision.basis {
        text.push_str(&format!("Free under {}. ", spaced(basis)));
    }
    match decision.entry_path.as_str() {
        "" | "none" => {}
        path => text.push_str(&format!("The path is {}. ", spaced(path))),
    }
    if let Some(total) = total {
        text.push_str(&format!("Owed in all: {total}."));
    }
    text
}

fn facts(decision: &Decision) -> Vec<(&'static str, String)> {
    let dollars = |text: &Option<String>| text.as_deref().map(dollars_of);
    let some = [
        (
            "Counts for this person that day",
            dollars(&decision.day_total_usd),
        ),
        (
            "Imported for this person that day",
            dollars(&decision.day_all_usd),
        ),
        ("Entered value", dollars(&decision.entered_value_usd)),
        (
            "What CBP's own count would have shown",
            decision.cbp_expected.clone(),
        ),
        ("Keep records until", decision.records_until.clone()),
    ];
    let some = some.into_iter();
    some.filter_map(|(name, value)| Some((name, value?)))
        .collect()
}

/// Findings by effect, what decides first; within one in the order in which the rules spoke.
fn groups(findings: Vec<Finding>) -> Vec<Group> {
    const EFFECTS: [(&str, &str); 6] = [
        ("prohibits", "Prohibits"),
        ("denies", "Denies that it is free"),
        ("asks", "Asks"),
        ("requires", "Requires"),
        ("allows", "Allows"),
        ("flags", "Look at this"),
    ];
    let mut groups: Vec<Group> = EFFECTS
        .iter()
        .map(|(effect, words)| Group {
            effect,
            words,
            findings: Vec::new(),
        })
        .collect();
    for finding in findings {
        let own = groups
            .iter_mut()
            .find(|group| group.effect == finding.effect);
        if let Some(group) = own {
            group.findings.push(finding);
        }
    }
    groups.retain(|group| !group.findings.is_empty());
    groups
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

fn way(told: Alternative) -> Way {
    let (low, high) = (told.range_low_usd.as_ref(), told.range_high_usd.as_ref());
    let owed = amount(told.owed_usd.as_ref(), low, high);
    Way {
        path: spaced(&told.entry_path),
        owed: if told.free { "free".to_owned() } else { owed },
        told,
    }
}

fn asked(told: Question) -> Asked {
    let effect = |answer: &Answer| {
        let mut parts: Vec<String> = Vec::new();
        parts.extend(answer.outcome.as_deref().map(spaced));
        parts.extend(answer.entry_path.as_deref().map(spaced));
        let (low, high) = (
            answer.range_low_usd.as_ref(),
            answer.range_high_usd.as_ref(),
        );
        if answer.owed_usd.is_some() || low.is_some() {
            parts.push(amount(answer.owed_usd.as_ref(), low, high));
        }
        (answer.answer.clone(), parts.join(", "))
    };
    Asked {
        answers: told.answers.iter().map(effect).collect(),
        told,
    }
}

/// A field of what was sent.
struct Sent {
    name: String,
    value: String,
    /// Whether the house's settings say it and not the sender.
    filled: bool,
}

/// What the sender said, as the first record has it, and whether some of it is withheld.
fn sent(records: &[KeptRecord], names: bool) -> (Vec<Sent>, bool) {
    let filled = records.first().map(filled).unwrap_or_default();
    let mut withheld = false;
    let mut fields = Vec::new();
    let first = records.first().map(|record| record.fields.as_slice());
    for field in first.unwrap_or_default() {
        // The rest of a record is what the program noted itself.
        let Some(name) = field.path.strip_prefix(SENT) else {
            continue;
        };
        if field.personal && !names {
            withheld = true;
            continue;
        }
        let value = match &field.content {
            Content::Value(value) => String::from_utf8_lossy(value).into_owned(),
            Content::Sealed => "sealed; the key is not at hand".to_owned(),
            Content::Erased => "erased with its person".to_owned(),
            Content::Expired => "deleted after its time".to_owned(),
        };
        fields.push(Sent {
            name: name.to_owned(),
            value,
            filled: filled.iter().any(|one| one == name),
        });
    }
    (fields, withheld)
}
