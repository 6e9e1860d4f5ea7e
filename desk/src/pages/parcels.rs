//! The parcels of a tenant: looked for by id, outcome and state, a hundred at a time.

use super::{Head, page};
use crate::api::body::InQuery;
use crate::auth::Caller;
use crate::problem::{Code, Problem, failed};
use crate::state::Desk;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use deminimis_clearance::explain::{capital, dollars_of, spaced};
use deminimis_law::money::Cents;
use deminimis_law::names::Outcome;
use deminimis_law::time::Day;
use deminimis_store::desk::{Listed, Wanted};
use serde::Deserialize;
use std::sync::Arc;
use tokio::task::spawn_blocking;

/// Parcels of one page.
const PAGE: usize = 100;
/// The states of the ledger.
const STATES: [&str; 3] = ["reserved", "posted", "voided"];

/// What is asked for.
#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    id: String,
    #[serde(default)]
    outcome: String,
    #[serde(default)]
    state: String,
    #[serde(default)]
    before: String,
}

#[derive(Template)]
#[template(path = "parcels.html")]
struct ParcelsPage {
    head: Head,
    id: String,
    outcomes: Vec<Choice>,
    states: Vec<Choice>,
    rows: Vec<Row>,
    /// The place after which the next page begins.
    older: Option<i64>,
    /// What the addresses of further pages begin with.
    asked: Wanted,
    /// Whether this is not the first page.
    further: bool,
    filtered: bool,
    /// Whether the ledger has parcels that are not in the list yet.
    behind: bool,
}

struct Choice {
    value: &'static str,
    words: String,
    chosen: bool,
}

struct Row {
    shipment_id: String,
    day: String,
    outcome: String,
    words: String,
    path: String,
    owed: String,
    state: String,
}

/// The page.
pub async fn list(
    State(desk): State<Arc<Desk>>,
    caller: Caller,
    InQuery(asked): InQuery<Asked>,
) -> Result<Response, Problem> {
    let wanted = wanted(asked)?;
    let (at, tenant, look) = (Arc::clone(&desk), caller.tenant.clone(), wanted.clone());
    let found = spawn_blocking(move || {
        let whole = at.take_in()?;
        let found = at.store.find_parcels(&tenant, &look, PAGE as u32 + 1);
        Ok::<_, Problem>((whole, found.wait()?))
    });
    let (whole, mut found) = found.await.map_err(|error| failed(&error))??;
    let more = found.len() > PAGE;
    found.truncate(PAGE);
    let older = found.last().filter(|_| more).map(|last| last.position);
    let choices = |values: &[&'static str], chosen: &str| {
        let choice = |value: &&'static str| Choice {
            value,
            words: capital(&spaced(value)),
            chosen: *value == chosen,
        };
        values.iter().map(choice).collect()
    };
    let outcomes: Vec<&'static str> = Outcome::ALL.iter().map(|one| one.as_str()).collect();
    page(&ParcelsPage {
        head: Head::new(Some(&caller), "/parcels"),
        id: wanted.id.clone(),
        outcomes: choices(&outcomes, &wanted.outcome),
        states: choices(&STATES, &wanted.state),
        rows: found.into_iter().map(row).collect(),
        older,
        further: wanted.before.is_some(),
        filtered: wanted.before.is_some()
            || [&wanted.id, &wanted.outcome, &wanted.state]
                .iter()
                .any(|text| !text.is_empty()),
        asked: wanted,
        behind: !whole,
    })
}

fn wanted(asked: Asked) -> Result<Wanted, Problem> {
    let bad = |said: String| Problem::new(Code::BadRequest, said);
    let id = asked.id.trim().to_owned();
    if id.len() > 200 || id.contains('\0') {
        return Err(bad(
            "id: no parcel has an id of more than 200 bytes".to_owned()
        ));
    }
    let known = Outcome::ALL.iter().any(|one| one.as_str() == asked.outcome);
    if !asked.outcome.is_empty() && !known {
        let all: Vec<&str> = Outcome::ALL.iter().map(|one| one.as_str()).collect();
        return Err(bad(format!("outcome: must be one of {}", all.join(", "))));
    }
    if !asked.state.is_empty() && !STATES.contains(&&*asked.state) {
        return Err(bad(format!("state: must be one of {}", STATES.join(", "))));
    }
    let before = match asked.before.as_str() {
        "" => None,
        text => {
            let said = || bad("before: must be a place in the ledger, a whole number".to_owned());
            Some(text.parse().map_err(|_| said())?)
        }
    };
    Ok(Wanted {
        id,
        outcome: asked.outcome,
        state: asked.state,
        before,
        ..Wanted::default()
    })
}

fn row(parcel: Listed) -> Row {
    let owed = parcel.owed_cents.map(|cents| Cents(cents).to_string());
    Row {
        day: Day(parcel.day).to_string(),
        words: capital(&spaced(&parcel.outcome)),
        path: spaced(&parcel.entry_path),
        owed: owed.as_deref().map(dollars_of).unwrap_or_default(),
        shipment_id: parcel.shipment_id,
        outcome: parcel.outcome,
        state: parcel.state,
    }
}
