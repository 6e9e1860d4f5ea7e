//! Records: looked for by parcel, day and outcome, and all that is kept of one parcel.

use super::decision::{Decision, Finding};
use super::{Head, page};
use crate::api::body::{InPath, InQuery};
use crate::api::records::{self, of_parcel};
use crate::api::work::waiting;
use crate::auth::Caller;
use crate::problem::{Code, Problem};
use crate::state::Desk;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use deminimis_clearance::explain::{capital, spaced};
use deminimis_law::names::Outcome;
use deminimis_law::time::{Day, Moment, Zone};
use deminimis_office::ledger::{RecordLine, state_word, text};
use deminimis_store::desk::{AuditLine, Role};
use deminimis_store::{Content, KeptRecord};
use serde::Deserialize;
use std::sync::Arc;

/// Lines of the audit that a parcel's page shows.
const AUDIT: u32 = 50;

/// What is asked for, as the form sends it: what is empty asks for nothing.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    id: String,
    from: String,
    until: String,
    outcome: String,
    after: String,
}

#[derive(Template)]
#[template(path = "records.html")]
struct RecordsPage {
    head: Head,
    asked: Asked,
    outcomes: Vec<Choice>,
    rows: Vec<Row>,
    /// The place after which the next page begins.
    next: Option<i64>,
    filtered: bool,
    /// Whether the ledger has parcels that are not in the list yet.
    behind: bool,
    /// Whether who looks may check the log and take packages home.
    may_export: bool,
}

struct Choice {
    value: &'static str,
    words: String,
    chosen: bool,
}

/// A record as both pages show it.
struct Row {
    told: RecordLine,
    what: String,
    decided: String,
    words: String,
    path: String,
    kept: String,
}

fn row(zone: &Zone, told: RecordLine) -> Row {
    let kept = match (told.state, &told.kept_until) {
        ("kept", Some(day)) => format!("until {day}"),
        ("kept", None) => "for ever".to_owned(),
        (state, _) => state.to_owned(),
    };
    Row {
        what: capital(&spaced(&told.what)),
        decided: told
            .decided_at
            .map(|at| zone.show(Moment(at)))
            .unwrap_or_default(),
        words: told
            .outcome
            .as_deref()
            .map(|one| capital(&spaced(one)))
            .unwrap_or_default(),
        path: told.entry_path.as_deref().map(spaced).unwrap_or_default(),
        kept,
        told,
    }
}

/// The page.
pub async fn list(
    State(desk): State<Arc<Desk>>,
    caller: Caller,
    InQuery(asked): InQuery<Asked>,
) -> Result<Response, Problem> {
    let given = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let after = match asked.after.as_str() {
        "" => None,
        text => Some(text.parse().map_err(|_| {
            let said = "after: must be a place in the ledger, a whole number";
            Problem::new(Code::BadRequest, said)
        })?),
    };
    let wanted = records::Asked {
        shipment_id: None,
        begins_with: given(&asked.id),
        from: given(&asked.from),
        until: given(&asked.until),
        outcome: given(&asked.outcome),
        after,
    };
    let found = records::find(&desk, &caller, &wanted).await?;
    let choice = |one: &Outcome| Choice {
        value: one.as_str(),
        words: capital(&spaced(one.as_str())),
        chosen: one.as_str() == asked.outcome,
    };
    let zone = desk.setup.law.zone();
    let lines = found.records.into_iter();
    page(&RecordsPage {
        head: Head::new(Some(&caller), "/records"),
        outcomes: Outcome::ALL.iter().map(choice).collect(),
        rows: lines.map(|line| row(zone, line)).collect(),
        next: found.next,
        filtered: [
            &asked.id,
            &asked.from,
            &asked.until,
            &asked.outcome,
            &asked.after,
        ]
        .iter()
        .any(|text| !text.is_empty()),
        behind: !found.whole,
        may_export: caller.role >= Role::Compliance,
        asked,
    })
}

#[derive(Template)]
#[template(path = "record.html")]
struct RecordPage {
    head: Head,
    id: String,
    state: &'static str,
    day: String,
    records: Vec<One>,
    /// Whether who looks may see values and take a proof home.
    values: bool,
    /// Who did what about the parcel, the last first; nothing for who may not read the audit.
    acts: Option<Vec<Done>>,
}

/// A record with what it says.
struct One {
    row: Row,
    flags: Vec<Finding>,
    values: Vec<(String, String)>,
}

struct Done {
    at: String,
    told: AuditLine,
}

/// The records of one parcel.
pub async fn one(
    State(desk): State<Arc<Desk>>,
    caller: Caller,
    InPath(id): InPath<String>,
) -> Result<Response, Problem> {
    let kept = of_parcel(&desk, &caller, &id).await?;
    let (ledger, own) = (desk.ledger(&caller.tenant), id.clone());
    let stands = waiting(move || Ok(ledger.shipment(&own)?)).await?;
    let stands = stands.ok_or_else(|| Problem::not_found("shipment"))?;
    let zone = desk.setup.law.zone();
    let acts = match caller.role >= Role::Compliance {
        true => Some(desk.store.audit_about(&caller.tenant, &id, AUDIT).await?),
        false => None,
    };
    let done = |told: AuditLine| Done {
        at: zone.show(Moment(told.at)),
        told,
    };
    let values = caller.role >= Role::Operator;
    let one = |record: &KeptRecord| One {
        row: row(zone, RecordLine::of(record)),
        flags: flags(record),
        values: match values {
            true => told(record),
            false => Vec::new(),
        },
    };
    page(&RecordPage {
        head: Head::new(Some(&caller), "/records"),
        state: state_word(stands.state),
        day: Day(stands.arrival.day).to_string(),
        records: kept.iter().map(one).collect(),
        values,
        acts: acts.map(|acts| acts.into_iter().map(done).collect()),
        id,
    })
}

/// What a decision says to look at.
fn flags(record: &KeptRecord) -> Vec<Finding> {
    let decided = text(record, "decision").and_then(|text| serde_json::from_str(&text).ok());
    let Decision { findings, .. } = decided.unwrap_or_default();
    let flags = findings.into_iter();
    flags.filter(|one| one.effect == "flags").collect()
}

fn told(record: &KeptRecord) -> Vec<(String, String)> {
    let fields = record.fields.iter();
    fields
        .map(|field| (field.path.clone(), value(&field.content)))
        .collect()
}

/// What is left of a field, in words.
pub(super) fn value(content: &Content) -> String {
    match content {
        Content::Value(value) => String::from_utf8_lossy(value).into_owned(),
        Content::Sealed => "sealed; the key is not at hand".to_owned(),
        Content::Erased => "erased with its person".to_owned(),
        Content::Expired => "deleted after its time".to_owned(),
    }
}
