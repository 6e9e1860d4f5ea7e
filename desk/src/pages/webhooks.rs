//! Webhooks of a tenant and what they were told, by the very functions of the API.

use super::form::InForm;
use super::settings::day;
use super::{Head, page};
use crate::api::body::{InPath, InQuery, Sent};
use crate::api::webhooks::{self, Before, DeliveryTold, PAGE, WebhookTold, WebhookWanted};
use crate::auth::Caller;
use crate::problem::Problem;
use crate::state::Desk;
use crate::webhooks::EVENTS;
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use deminimis_law::time::{Moment, Zone};
use std::collections::HashMap;
use std::sync::Arc;

/// The page.
const HERE: &str = "/settings/webhooks";

#[derive(Template)]
#[template(path = "webhooks.html")]
struct WebhooksPage {
    head: Head,
    tab: &'static str,
    rows: Vec<Row>,
    events: [&'static str; EVENTS.len()],
    /// A webhook that was just made: its address and its secret.
    made: Option<(String, String)>,
    /// The address that was sent, where something was not right.
    address: String,
    wrong: String,
}

struct Row {
    told: WebhookTold,
    events: String,
    made: String,
}

#[derive(Template)]
#[template(path = "deliveries.html")]
struct DeliveriesPage {
    head: Head,
    tab: &'static str,
    webhook_id: String,
    address: String,
    rows: Vec<Delivered>,
    older: Option<i64>,
    further: bool,
}

struct Delivered {
    told: DeliveryTold,
    happened: String,
    last: String,
    next: String,
}

/// The page.
pub async fn show(State(desk): State<Arc<Desk>>, caller: Caller) -> Result<Response, Problem> {
    page(&listed(&desk, &caller).await?)
}

async fn listed(desk: &Arc<Desk>, caller: &Caller) -> Result<WebhooksPage, Problem> {
    let told = webhooks::list(State(Arc::clone(desk)), caller.clone()).await?;
    let rows = told.0.into_iter().map(|told| Row {
        events: told.events.join(", "),
        made: day(told.created_at),
        told,
    });
    Ok(WebhooksPage {
        head: Head::new(Some(caller), "/settings"),
        tab: HERE,
        rows: rows.collect(),
        events: EVENTS,
        made: None,
        address: String::new(),
        wrong: String::new(),
    })
}

/// Makes a webhook and shows its secret, this once.
pub async fn add(
    State(desk): State<Arc<Desk>>,
    caller: Caller,
    InForm(fields): InForm<HashMap<String, String>>,
) -> Result<Response, Problem> {
    let address = fields.get("address").cloned().unwrap_or_default();
    let ticked = EVENTS.iter().filter(|event| fields.contains_key(**event));
    let wanted = Sent(WebhookWanted {
        address: address.trim().to_owned(),
        events: ticked.map(|event| (*event).to_owned()).collect(),
    });
    match webhooks::make(State(Arc::clone(&desk)), caller.clone(), wanted).await {
        Ok((_, made)) => {
            let mut shown = listed(&desk, &caller).await?;
            shown.made = Some((made.0.told.address, made.0.secret));
            page(&shown)
        }
        Err(problem) if problem.status().is_server_error() => Err(problem),
        Err(problem) => {
            let mut shown = listed(&desk, &caller).await?;
            (shown.wrong, shown.address) = (problem.detail().to_owned(), address);
            Ok((problem.status(), page(&shown)?).into_response())
        }
    }
}

/// Forgets a webhook.
pub async fn delete(
    State(desk): State<Arc<Desk>>,
    caller: Caller,
    InPath(id): InPath<String>,
) -> Result<Response, Problem> {
    webhooks::delete(State(desk), caller, InPath(id)).await?;
    Ok(Redirect::to(HERE).into_response())
}

/// What a webhook was told.
pub async fn deliveries(
    State(desk): State<Arc<Desk>>,
    caller: Caller,
    InPath(id): InPath<String>,
    InQuery(asked): InQuery<Before>,
) -> Result<Response, Problem> {
    let further = asked.before.is_some();
    let of = (State(Arc::clone(&desk)), caller.clone());
    let told = webhooks::deliveries(of.0, of.1, InPath(id.clone()), InQuery(asked)).await?;
    let all = webhooks::list(State(Arc::clone(&desk)), caller.clone()).await?;
    let own = all.0.into_iter().find(|one| one.webhook_id == id);
    let own = own.ok_or_else(|| Problem::not_found("webhook"))?;
    let full = told.0.len() == PAGE as usize;
    let older = told.0.last().filter(|_| full).map(|last| last.seq);
    let zone = desk.setup.law.zone();
    page(&DeliveriesPage {
        head: Head::new(Some(&caller), "/settings"),
        tab: HERE,
        webhook_id: id,
        address: own.address,
        rows: told.0.into_iter().map(|told| row(zone, told)).collect(),
        older,
        further,
    })
}

fn row(zone: &Zone, told: DeliveryTold) -> Delivered {
    let at = |at: Option<i64>| at.map(|at| zone.show(Moment(at))).unwrap_or_default();
    Delivered {
        happened: at(Some(told.created_at)),
        last: at(told.last_at),
        next: at(told.next_at),
        told,
    }
}

/// Tells something again.
pub async fn replay(
    State(desk): State<Arc<Desk>>,
    caller: Caller,
    InPath((id, delivery)): InPath<(String, String)>,
) -> Result<Response, Problem> {
    // No id of a webhook needs to be written otherwise in an address: it was found by it.
    let back = format!("{HERE}/{id}");
    webhooks::replay(State(desk), caller, InPath((id, delivery))).await?;
    Ok(Redirect::to(&back).into_response())
}
