//! The record log: checked whole, and taken home in audit packages.

use super::form::InForm;
use super::{Head, page};
use crate::api::body::{InQuery, Sent};
use crate::api::package::{self, Wanted};
use crate::api::records::{check, of_tenant};
use crate::auth::Caller;
use crate::problem::{Code, Problem};
use crate::state::Desk;
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use deminimis_office::ledger::{MOST_OF_A_PACKAGE, Verified, hex};
use serde::Deserialize;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "log.html")]
struct LogPage {
    head: Head,
    from: String,
    until: String,
    range: Option<Range>,
    checked: Option<Checked>,
    /// What was not right with what was asked for.
    wrong: String,
    most: usize,
}

/// A range that was asked for, in packages.
struct Range {
    parcels: usize,
    more: bool,
    parts: Vec<i64>,
}

/// What came of a check.
struct Checked {
    whole: bool,
    lines: u64,
    foreign: u64,
    waiting: u64,
    heads: u64,
    root: String,
    chain: String,
    /// What differs in the log: line, posting, what.
    found: Vec<(i64, String, &'static str)>,
    /// Totals of this tenant that differ: person as the ledger names him, day, what.
    sums: Vec<(String, String, String)>,
    others: usize,
}

/// A range of days of arrival.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    from: String,
    until: String,
}

/// Which parcels a package is of, as the forms send it.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Chosen {
    from: String,
    until: String,
    after: String,
    /// Ids, one a line.
    shipment_ids: String,
}

fn given(text: &str) -> Option<String> {
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

fn empty(caller: &Caller, asked: Asked) -> LogPage {
    LogPage {
        head: Head::new(Some(caller), "/records"),
        from: asked.from,
        until: asked.until,
        range: None,
        checked: None,
        wrong: String::new(),
        most: MOST_OF_A_PACKAGE,
    }
}

/// The page.
pub async fn show(
    State(desk): State<Arc<Desk>>,
    caller: Caller,
    InQuery(asked): InQuery<Asked>,
) -> Result<Response, Problem> {
    let wanted = Wanted {
        from: given(&asked.from),
        until: given(&asked.until),
        ..Wanted::default()
    };
    let mut shown = empty(&caller, asked);
    if wanted.from.is_none() && wanted.until.is_none() {
        return page(&shown);
    }
    match package::parts(&desk, &caller, &wanted).await {
        Ok(parts) => {
            shown.range = Some(Range {
                parcels: parts.parcels,
                more: parts.more,
                parts: parts.after,
            });
            page(&shown)
        }
        Err(problem) if problem.status().is_client_error() => {
            shown.wrong = problem.detail().to_owned();
            Ok((problem.status(), page(&shown)?).into_response())
        }
        Err(problem) => Err(problem),
    }
}

/// Checks the whole log.
pub async fn verify(
    State(desk): State<Arc<Desk>>,
    caller: Caller,
    InForm(asked): InForm<Asked>,
) -> Result<Response, Problem> {
    let found = check(&desk, &caller).await?;
    let mut shown = empty(&caller, asked);
    shown.checked = Some(checked(&found, &caller.tenant));
    page(&shown)
}

fn checked(found: &Verified, tenant: &str) -> Checked {
    let (own, others) = of_tenant(found, tenant);
    let text = |one: &serde_json::Value, name: &str| one[name].as_str().unwrap_or("").to_owned();
    let own = own.as_array().into_iter().flatten();
    let sum = |one| {
        let person = text(one, "ledger_person");
        (person, text(one, "day"), text(one, "what"))
    };
    let audit = &found.audit;
    let wrong = audit.found.iter().map(|one| {
        let position = one.position.map(|place| place.to_string());
        (one.seq, position.unwrap_or_default(), one.what)
    });
    Checked {
        whole: found.is_whole(),
        lines: audit.lines,
        foreign: audit.foreign,
        waiting: audit.waiting,
        heads: audit.heads,
        root: hex(&audit.root),
        chain: hex(&audit.chain),
        found: wrong.collect(),
        sums: own.map(sum).collect(),
        others,
    }
}

/// A package, as the API makes it.
pub async fn export(
    State(desk): State<Arc<Desk>>,
    caller: Caller,
    InForm(chosen): InForm<Chosen>,
) -> Result<Response, Problem> {
    let ids = chosen.shipment_ids.lines().filter_map(given);
    let ids: Vec<String> = ids.collect();
    let is_range = given(&chosen.from).is_some() || given(&chosen.until).is_some();
    let after = match chosen.after.as_str() {
        "" => None,
        text => Some(text.parse().map_err(|_| {
            let said = "after: must be a place in the ledger, a whole number";
            Problem::new(Code::BadRequest, said)
        })?),
    };
    let wanted = Wanted {
        shipment_ids: (!is_range).then_some(ids),
        from: given(&chosen.from),
        until: given(&chosen.until),
        after,
    };
    package::export(State(desk), caller, Sent(wanted)).await
}
