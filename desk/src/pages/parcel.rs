//! One parcel: what was decided and why, what is owed, what else would be lawful, and what was sent.
//!
//! Everything said of the law stands in the decision as the contract has it; the page only sets it.

use super::charges::{ChargeRow, amount, charges, total, totals};
use super::decision::{Alternative, Answer, Decision, Finding, Question};
use super::records::value;
use super::waterfall::{Waterfall, waterfall};
use super::{Head, page, story};
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
use deminimis_person::Key;
use deminimis_store::KeptRecord;
use deminimis_store::desk::Role;
use std::sync::Arc;
use tokio::task::spawn_blocking;

/// How the fields of a record begin that were sent.
const SENT: &str = "input.";

#[derive(Template)]
#[template(path = "parcel.html")]
struct ParcelPage {
    head: Head,
    id: String,
    state: &'static str,
    day: String,
    erased: bool,
    /// The key by which its person is found, for who may know whose it is.
    person: Option<String>,
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
    sent: Vec<(String, String)>,
    /// Whether fields that tell of a person are withheld from who looks.
    withheld: bool,
    /// Whether who looks may know whose parcel it is.
    names: bool,
    decision: Decision,
    /// What happened to it; nothing while it is not followed yet.
    story: Option<story::Told>,
    papers: [(&'static str, &'static str); 6],
}

/// Findings of one effect.
struct Group {
    effect: &'static str,
    words: &'static str,
    findings: Vec<Finding>,
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
    let (stands, records, person) = spawn_blocking(look)
        .await
        .map_err(|error| failed(&error))??;
    // What is read of a person is in the audit before it is told.
    desk.store.audit(line).await?;
    let mut told = told(&caller, (stands, person), &records, names)?;
    told.story = story::happened(&desk, &caller, &told.id).await?;
    page(&told)
}

type Seen = (ShipmentStands, Vec<KeptRecord>, Option<Key>);

fn seen(ledger: &OpenLedger, id: &str, names: bool) -> Result<Seen, Problem> {
    let stands = stands(ledger, id, names)?;
    let records = ledger.records_of(id)?;
    let kept = ledger.shipment(id)?.filter(|_| names && !stands.erased);
    let person = match kept {
        Some(kept) => ledger.key_of_parcel(id, kept.person)?,
        None => None,
    };
    Ok((stands, records, person))
}

fn told(
    caller: &Caller,
    (stands, person): (ShipmentStands, Option<Key>),
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
        person: person.map(|key| key.to_string()),
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
        story: None,
        papers: story::PAPERS,
    })
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

/// What the sender said, as the first record has it, and whether some of it is withheld.
fn sent(records: &[KeptRecord], names: bool) -> (Vec<(String, String)>, bool) {
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
        fields.push((name.to_owned(), value(&field.content)));
    }
    (fields, withheld)
}
