//! The law: the timeline, what is in force on a day, what changed between two days, and one
//! instrument with its versions. All of it is what `deminimis law` says.

use super::{Head, page};
use crate::api::body::{InPath, InQuery};
use crate::api::law::{self, At, Between};
use crate::api::work::reckoning;
use crate::auth::Caller;
use crate::problem::Problem;
use crate::state::Desk;
use askama::Template;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use deminimis_clearance::explain::{capital, spaced};
use deminimis_law::time::Moment;
use deminimis_office::law::{histories, picture};
use deminimis_office::ledger::now;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::sync::Arc;

/// Reads what an answer has; what is not there is nothing.
fn read<T: DeserializeOwned>(value: Value) -> Result<T, Problem> {
    serde_json::from_value(value).map_err(|error| crate::problem::failed(&error))
}

/// A version of an instrument as `deminimis law` tells it.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Version {
    id: String,
    kind: String,
    title: String,
    effective: String,
    until: Option<String>,
    published: String,
    published_basis: Option<String>,
    reason: Option<String>,
    when: Option<String>,
    says: Vec<Said>,
    cite: Vec<String>,
    confidence: String,
    note: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Said {
    field: String,
    text: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct InForce {
    at: String,
    rulebook: String,
    in_force: Vec<Version>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Changes {
    before: String,
    after: String,
    instruments: Vec<Change>,
    parcels: Vec<Moved>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Change {
    id: String,
    change: String,
    before: Option<Version>,
    after: Option<Version>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Moved {
    parcel: String,
    goods: String,
    modes: Vec<String>,
    before: Possible,
    after: Possible,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Possible {
    outcome: String,
    entry_path: String,
}

impl Possible {
    fn words(&self) -> String {
        format!("{}: {}", spaced(&self.outcome), spaced(&self.entry_path))
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Instrument {
    id: String,
    title: String,
    kind: String,
    checked: String,
    versions: Vec<Version>,
    cases: Vec<Case>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Case {
    why: String,
    source: String,
    file: String,
    line: u64,
}

/// What the forms of the page send.
#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    at: String,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    before: String,
    #[serde(default)]
    after: String,
}

struct KindOf {
    kind: String,
    words: String,
    rules: Vec<Version>,
}

#[derive(Template)]
#[template(path = "law.html")]
struct LawPage {
    head: Head,
    at: String,
    before: String,
    after: String,
    in_force: InForce,
    kinds: Vec<KindOf>,
    /// The kind that is shown alone.
    kind: String,
    changes: Option<Changes>,
    wrong: String,
}

#[derive(Template)]
#[template(path = "instrument.html")]
struct InstrumentPage {
    head: Head,
    told: Instrument,
}

/// The page.
pub async fn show(
    State(desk): State<Arc<Desk>>,
    caller: Caller,
    InQuery(asked): InQuery<Asked>,
) -> Result<Response, Problem> {
    let today = desk.setup.law.zone().day(Moment(now())).to_string();
    let or = |text: &str| match text.trim() {
        "" => today.clone(),
        text => text.to_owned(),
    };
    let at = or(&asked.at);
    let mut wrong = String::new();
    let found = law::at(
        State(Arc::clone(&desk)),
        InQuery(At {
            at: Some(at.clone()),
        }),
    )
    .await;
    let (found, status) = match found {
        Ok(found) => (found.0, None),
        Err(problem) if problem.status().is_client_error() => {
            problem.detail().clone_into(&mut wrong);
            (
                Value::Object(serde_json::Map::new()),
                Some(problem.status()),
            )
        }
        Err(problem) => return Err(problem),
    };
    let mut in_force: InForce = read(found)?;
    let mut kinds: Vec<KindOf> = Vec::new();
    for rule in std::mem::take(&mut in_force.in_force) {
        match kinds.iter_mut().find(|of| of.kind == rule.kind) {
            Some(of) => of.rules.push(rule),
            None => kinds.push(KindOf {
                kind: rule.kind.clone(),
                words: capital(&spaced(&rule.kind)),
                rules: vec![rule],
            }),
        }
    }
    let mut changes = None;
    let mut status = status;
    if !asked.before.is_empty() && !asked.after.is_empty() {
        let between = Between {
            before: asked.before.clone(),
            after: asked.after.clone(),
        };
        match law::diff(State(desk), InQuery(between)).await {
            Ok(told) => changes = Some(read(told.0)?),
            Err(problem) if problem.status().is_client_error() => {
                problem.detail().clone_into(&mut wrong);
                status = Some(problem.status());
            }
            Err(problem) => return Err(problem),
        }
    }
    let shown = page(&LawPage {
        head: Head::new(Some(&caller), "/law"),
        at,
        before: asked.before,
        after: asked.after,
        in_force,
        kinds,
        kind: asked.kind,
        changes,
        wrong,
    })?;
    Ok(match status {
        Some(status) => (status, shown).into_response(),
        None => shown,
    })
}

/// One instrument.
pub async fn instrument(
    State(desk): State<Arc<Desk>>,
    caller: Caller,
    InPath(id): InPath<String>,
) -> Result<Response, Problem> {
    let told = law::instrument(State(desk), InPath(id)).await?;
    page(&InstrumentPage {
        head: Head::new(Some(&caller), "/law"),
        told: read(told.0)?,
    })
}

/// The picture of the timeline. The law of a running desk does not change, so it is drawn once.
pub async fn timeline(State(desk): State<Arc<Desk>>) -> Result<Response, Problem> {
    let drawn = reckoning(move || {
        let draw = || {
            let setup = &desk.setup;
            picture(&setup.law, &histories(&setup.law, &setup.tariff))
        };
        Ok(desk.timeline.get_or_init(draw).clone())
    });
    let drawn = drawn.await?;
    Ok(([(header::CONTENT_TYPE, "image/svg+xml")], drawn).into_response())
}
