//! Webhooks: made with a secret that is shown once, and what became of what they were told.

use crate::api::body::{InPath, InQuery, Sent};
use crate::api::work::can_be_an_id;
use crate::auth::Caller;
use crate::auth::token::secret;
use crate::problem::{Code, Problem, failed};
use crate::state::Desk;
use crate::webhooks::address::parse;
use crate::webhooks::{EVENTS, MOST, SHIPMENT_ENTERED, last_line, sealed, sign};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use deminimis_office::ledger::now;
use deminimis_store::desk::{Delivery, Webhook};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};

/// The most deliveries of one answer.
pub const PAGE: u32 = 100;

/// A webhook as it is listed.
#[derive(Serialize, ToSchema)]
pub struct WebhookTold {
    /// Its id.
    pub webhook_id: String,
    /// Where it is told.
    pub address: String,
    /// The events that it wants.
    pub events: Vec<String>,
    /// Seconds of UTC since 1970.
    pub created_at: i64,
}

/// A webhook that was just made.
#[derive(Serialize, ToSchema)]
pub struct WebhookMade {
    /// With what messages are signed (Standard Webhooks). It is shown here and never again.
    pub secret: String,
    /// What is listed of it.
    #[serde(flatten)]
    #[schema(inline)]
    pub told: WebhookTold,
}

/// What a webhook is to be.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WebhookWanted {
    /// Where to tell: https, a name or a public address, without user and fragment.
    #[schema(min_length = 1, max_length = 1000)]
    pub address: String,
    /// Of what to tell: `batch.finished`, `shipment.entered`; each once.
    #[schema(min_items = 1, max_items = 20)]
    pub events: Vec<String>,
}

/// One event for a webhook, and what became of it.
#[derive(Serialize, ToSchema)]
pub struct DeliveryTold {
    /// Its id: the event's.
    pub delivery_id: String,
    /// The event's name.
    pub event: String,
    /// `waiting`, `delivered` or `dead`.
    pub state: &'static str,
    /// How often it was sent since it was made or replayed.
    pub tries: i64,
    /// When it is sent next, in seconds of UTC since 1970, while it waits.
    pub next_at: Option<i64>,
    /// When the event happened.
    pub created_at: i64,
    /// When it was last sent.
    pub last_at: Option<i64>,
    /// What came of that, in a few words.
    pub last_said: Option<String>,
    /// What is sent.
    pub body: String,
    /// Its place, for `before`.
    pub seq: i64,
}

impl From<Webhook> for WebhookTold {
    fn from(webhook: Webhook) -> WebhookTold {
        WebhookTold {
            webhook_id: webhook.webhook_id,
            address: webhook.address,
            events: webhook.events,
            created_at: webhook.created_at,
        }
    }
}

impl From<Delivery> for DeliveryTold {
    fn from(delivery: Delivery) -> DeliveryTold {
        let waits = delivery.state == deminimis_store::desk::DeliveryState::Waiting;
        DeliveryTold {
            delivery_id: delivery.event_id,
            event: delivery.event,
            state: delivery.state.as_str(),
            tries: delivery.tries,
            next_at: waits.then_some(delivery.next_at),
            created_at: delivery.created_at,
            last_at: delivery.last_at,
            last_said: Some(delivery.last_said).filter(|said| !said.is_empty()),
            body: delivery.body,
            seq: delivery.seq,
        }
    }
}

/// The tenant's webhooks.
#[utoipa::path(get, path = "/v1/webhooks", tag = "webhooks",
    responses((status = 200, description = "The webhooks", body = Vec<WebhookTold>)),
    security(("api_key" = ["admin"])))]
pub async fn list(
    State(desk): State<Arc<Desk>>,
    caller: Caller,
) -> Result<Json<Vec<WebhookTold>>, Problem> {
    let webhooks = desk.store.webhooks(&caller.tenant).await?;
    Ok(Json(webhooks.into_iter().map(WebhookTold::from).collect()))
}

/// Makes a webhook. It is told of what happens from now on.
#[utoipa::path(post, path = "/v1/webhooks", tag = "webhooks", request_body = WebhookWanted,
    responses((status = 201, description = "The webhook, with its secret", body = WebhookMade)),
    security(("api_key" = ["admin"])))]
pub async fn make(
    State(desk): State<Arc<Desk>>,
    caller: Caller,
    Sent(wanted): Sent<WebhookWanted>,
) -> Result<(StatusCode, Json<WebhookMade>), Problem> {
    let wrong = |said: String| Problem::new(Code::BadShipment, said);
    parse(&wanted.address, desk.config.allow_private_webhooks).map_err(wrong)?;
    let events = known_events(wanted.events)?;
    let webhook_id = secret()?[..24].to_owned();
    let mut key = [0_u8; 32];
    getrandom::fill(&mut key).map_err(|error| failed(&error))?;
    let position = match events.iter().any(|event| event == SHIPMENT_ENTERED) {
        true => last_line(&desk).await?,
        false => 0,
    };
    let webhook = Webhook {
        sealed: sealed(&desk, &webhook_id, &key)?,
        webhook_id,
        tenant: caller.tenant.clone(),
        address: wanted.address,
        events,
        created_at: now(),
        since: position,
        position,
    };
    let line = desk.line(&caller, "webhook.make", &webhook.webhook_id);
    if !desk.store.add_webhook(&webhook, MOST).await? {
        let said = format!("a tenant has {MOST} webhooks at most; delete one first");
        return Err(Problem::new(Code::Conflict, said));
    }
    desk.store.audit(line).await?;
    let made = WebhookMade {
        secret: sign::shown(&key),
        told: webhook.into(),
    };
    Ok((StatusCode::CREATED, Json(made)))
}

fn known_events(mut events: Vec<String>) -> Result<Vec<String>, Problem> {
    let given = events.len();
    events.sort();
    events.dedup();
    let known = events.iter().all(|event| EVENTS.contains(&event.as_str()));
    if events.is_empty() || events.len() != given || !known {
        let said = format!("events must be some of {}, each once", EVENTS.join(", "));
        return Err(Problem::new(Code::BadShipment, said));
    }
    Ok(events)
}

/// Forgets a webhook with all that was to be told to it.
#[utoipa::path(delete, path = "/v1/webhooks/{id}", tag = "webhooks",
    params(("id" = String, Path, description = "The webhook_id")),
    responses((status = 204, description = "It is gone")),
    security(("api_key" = ["admin"])))]
pub async fn delete(
    State(desk): State<Arc<Desk>>,
    caller: Caller,
    InPath(id): InPath<String>,
) -> Result<StatusCode, Problem> {
    find(&desk, &caller, &id).await?;
    let line = desk.line(&caller, "webhook.delete", &id);
    desk.store.audit(line).await?;
    match desk.store.delete_webhook(&caller.tenant, &id).await? {
        true => Ok(StatusCode::NO_CONTENT),
        false => Err(Problem::not_found("webhook")),
    }
}

async fn find(desk: &Desk, caller: &Caller, id: &str) -> Result<Webhook, Problem> {
    // No id has another form; what is not one does not go to the store.
    let fine = (1..=64).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_hexdigit());
    let found = match fine {
        true => desk.store.webhook(&caller.tenant, id).await?,
        false => None,
    };
    found.ok_or_else(|| Problem::not_found("webhook"))
}

/// Which deliveries.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Before {
    /// The `seq` before which deliveries are told; without it the latest.
    pub before: Option<i64>,
}

/// What a webhook was told and what came of it, the latest first, 100 at most.
#[utoipa::path(get, path = "/v1/webhooks/{id}/deliveries", tag = "webhooks",
    params(("id" = String, Path, description = "The webhook_id"), Before),
    responses((status = 200, description = "The deliveries", body = Vec<DeliveryTold>)),
    security(("api_key" = ["admin"])))]
pub async fn deliveries(
    State(desk): State<Arc<Desk>>,
    caller: Caller,
    InPath(id): InPath<String>,
    InQuery(asked): InQuery<Before>,
) -> Result<Json<Vec<DeliveryTold>>, Problem> {
    let webhook = find(&desk, &caller, &id).await?;
    let before = asked.before.unwrap_or(i64::MAX);
    let told = desk
        .store
        .deliveries(&webhook.webhook_id, before, PAGE)
        .await?;
    Ok(Json(told.into_iter().map(DeliveryTold::from).collect()))
}

/// Tells something again, whatever came of it before.
#[utoipa::path(post, path = "/v1/webhooks/{id}/deliveries/{delivery}/replay", tag = "webhooks",
    params(("id" = String, Path, description = "The webhook_id"),
        ("delivery" = String, Path, description = "The delivery_id")),
    responses((status = 202, description = "It is told again")),
    security(("api_key" = ["admin"])))]
pub async fn replay(
    State(desk): State<Arc<Desk>>,
    caller: Caller,
    InPath((id, delivery)): InPath<(String, String)>,
) -> Result<StatusCode, Problem> {
    let webhook = find(&desk, &caller, &id).await?;
    let fine = can_be_an_id(&delivery);
    let of = &webhook.webhook_id;
    if !fine || !desk.store.replay_delivery(of, &delivery, now()).await? {
        return Err(Problem::not_found("delivery"));
    }
    let line = desk.line(&caller, "webhook.replay", &format!("{of}/{delivery}"));
    desk.store.audit(line).await?;
    Ok(StatusCode::ACCEPTED)
}
