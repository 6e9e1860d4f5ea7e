//! The tasks behind webhooks: one follows the ledger for those that want to know of its lines, one
//! sends what is due. A webhook is told one thing after the other, and a slow one keeps nobody else
//! waiting.

use super::send::{Message, agent, send};
use super::{SHIPMENT_ENTERED, event, opened, wait};
use crate::batches::Works;
use crate::places::{Place, Places};
use crate::problem::Problem;
use crate::state::Desk;
use deminimis_office::ledger::now;
use deminimis_store::desk::{Delivery, DeliveryState, Event, Webhook};
use deminimis_store::{Kind, StoreError};
use serde_json::json;
use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::task::{JoinSet, spawn_blocking};

/// How often it is looked for what is due, and for new lines of the ledger.
const LOOK: Duration = Duration::from_secs(1);
/// How long nothing is tried after the store has failed.
const REST: Duration = Duration::from_secs(10);
/// Webhooks that are told at once, and of one tenant.
const AT_ONCE: (usize, usize) = (16, 4);
/// What a webhook is told in one go; then others have their turn.
const TURN: usize = 50;
/// Lines of the ledger that are looked at in one go.
const LINES: u32 = 500;
/// Deliveries that wait for one webhook before the ledger is followed on for it.
const WAITING: i64 = 1000;
/// How far back it is looked now and then: on PostgreSQL a line of another program can become
/// visible after one with a higher number. What was told is not told again.
const BACK: u16 = 2000;
/// After how many looks it is looked back.
const BETWEEN: u32 = 60;
/// Seconds after which a delivery whose sender died is sent again.
const LEASE: i64 = 120;

/// Seconds of a day.
const DAY: i64 = 24 * 60 * 60;

/// Begins to tell webhooks, until the desk ends.
#[must_use]
pub fn begin(desk: &Arc<Desk>) -> Works {
    let mut works = JoinSet::new();
    works.spawn(follow(Arc::clone(desk)));
    works.spawn(tell(Arc::clone(desk)));
    Works::of(works)
}

/// Writes what the ledger's new lines are to those who want to know of them.
async fn follow(desk: Arc<Desk>) {
    let mut looks = 0_u32;
    loop {
        looks = looks.wrapping_add(1);
        let back = if looks.is_multiple_of(BETWEEN) {
            BACK
        } else {
            0
        };
        let more = match followed(&desk, back).await {
            Ok(more) => more,
            Err(error) => {
                tracing::warn!(%error, "webhooks are not told");
                false
            }
        };
        let rest = if more {
            Duration::from_millis(20)
        } else {
            LOOK
        };
        if desk.ends_within(rest).await {
            return;
        }
    }
}

/// Follows the ledger a step further for each webhook; whether there may be more.
async fn followed(desk: &Desk, back: u16) -> Result<bool, StoreError> {
    let ledger = desk.ledger("default");
    let mut more = false;
    for webhook in desk.store.webhooks_wanting(SHIPMENT_ENTERED).await? {
        if desk.store.waiting_deliveries(&webhook.webhook_id).await? >= WAITING {
            continue;
        }
        let after = (webhook.position - i64::from(back)).max(webhook.since);
        let most = LINES + u32::from(back);
        let lines = ledger.ledger.entries(after, most).await?;
        let Some(last) = lines.last() else {
            continue;
        };
        let to = last.position.max(webhook.position);
        more |= lines.len() == most as usize;
        let own = lines
            .iter()
            .filter(|line| line.tenant == webhook.tenant && line.kind == Kind::Reserve);
        let events: Vec<Event> = own
            .map(|line| {
                let data = json!({
                    "shipment_id": line.shipment_id,
                    "position": line.position,
                    "state": "reserved",
                });
                let id = format!("shipment-entered-{}", line.position);
                event(id, SHIPMENT_ENTERED, &data)
            })
            .collect();
        desk.store.tell_lines(&webhook, to, events).await?;
    }
    Ok(more)
}

/// Sends what is due.
async fn tell(desk: Arc<Desk>) {
    let places = Places::new("webhooks are told", AT_ONCE.0, AT_ONCE.1);
    let busy: Arc<Mutex<HashSet<String>>> = Arc::default();
    let mut sending = JoinSet::new();
    let mut swept = 0;
    while !desk.is_ending() {
        let mut rest = LOOK;
        match desk.store.due_webhooks(now(), 200).await {
            Ok(due) => {
                for webhook in due {
                    let id = webhook.webhook_id.clone();
                    // Full places are free again when the next look comes.
                    let Ok(place) = places.enter(&webhook.tenant) else {
                        continue;
                    };
                    let mut known = busy.lock().unwrap_or_else(PoisonError::into_inner);
                    if known.insert(id.clone()) {
                        let (desk, busy) = (Arc::clone(&desk), Arc::clone(&busy));
                        sending.spawn(async move {
                            one(&desk, webhook, place).await;
                            let known = busy.lock();
                            known.unwrap_or_else(PoisonError::into_inner).remove(&id);
                        });
                    }
                }
            }
            Err(error) => {
                tracing::warn!(%error, "webhooks are not told");
                rest = REST;
            }
        }
        if now() - swept > 60 * 60 {
            swept = now();
            // What stays is swept an hour later.
            if let Err(problem) = sweep(&desk, swept).await {
                tracing::warn!(detail = problem.detail(), "deliveries are not swept");
            }
        }
        while sending.try_join_next().is_some() {}
        desk.ends_within(rest).await;
    }
    // Each is on its last message.
    while sending.join_next().await.is_some() {}
}

/// Forgets what each tenant does not want to keep any longer.
async fn sweep(desk: &Arc<Desk>, now: i64) -> Result<(), Problem> {
    for tenant in desk.store.tenants().await? {
        // One tenant's settings that do not read must not keep the others' deliveries for ever.
        let days = match desk.settings(&tenant).await {
            Ok(house) => house.keep_deliveries_days,
            Err(problem) => {
                tracing::warn!(
                    tenant,
                    detail = problem.detail(),
                    "deliveries are not swept"
                );
                continue;
            }
        };
        let before = now - i64::from(days) * DAY;
        let forgotten = desk.store.expire_deliveries(&tenant, before, BACK.into());
        forgotten.await?;
    }
    Ok(())
}

/// Tells one webhook what is due, until something is not taken.
async fn one(desk: &Arc<Desk>, webhook: Webhook, _place: Place) {
    let allow_private = desk.config.allow_private_webhooks;
    let agent = agent(allow_private);
    for _ in 0..TURN {
        if desk.is_ending() {
            return;
        }
        let taken = desk
            .store
            .take_delivery(&webhook.webhook_id, now(), now() + LEASE);
        let delivery = match taken.await {
            Ok(Some(delivery)) => delivery,
            Ok(None) => return,
            Err(error) => return tracing::warn!(%error, "webhooks are not told"),
        };
        let secret = opened(desk, &webhook.webhook_id, &webhook.sealed);
        let (seq, tries) = (delivery.seq, delivery.tries);
        let sent = match secret {
            None => Err("the secret does not open with this installation's key".to_owned()),
            Some(secret) => {
                let (agent, address) = (agent.clone(), webhook.address.clone());
                let work = move || sent(&agent, allow_private, &secret, &address, &delivery);
                let none = || Err("could not be sent".to_owned());
                spawn_blocking(work).await.unwrap_or_else(|_| none())
            }
        };
        let taken = sent.is_ok();
        let ended = match (sent, wait(tries, chance())) {
            (Ok(()), _) => desk
                .store
                .end_delivery(seq, DeliveryState::Delivered, "taken", 0),
            (Err(said), Some(wait)) => {
                let again = now() + wait;
                desk.store
                    .end_delivery(seq, DeliveryState::Waiting, &said, again)
            }
            (Err(said), None) => desk.store.end_delivery(seq, DeliveryState::Dead, &said, 0),
        };
        if let Err(error) = ended.await {
            // It is sent again when its lease is over: told twice is better than never.
            return tracing::warn!(%error, "webhooks are not told");
        }
        if !taken {
            return;
        }
    }
}

fn sent(
    agent: &ureq::Agent,
    allow_private: bool,
    secret: &[u8],
    address: &str,
    delivery: &Delivery,
) -> Result<(), String> {
    let message = Message {
        address,
        id: &delivery.event_id,
        at: now(),
        body: &delivery.body,
    };
    send(agent, allow_private, secret, &message)
}

fn chance() -> u32 {
    // Without chance the waits are only less spread.
    getrandom::u32().unwrap_or(u32::MAX / 2)
}
