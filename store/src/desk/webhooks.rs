//! Webhooks, and the outbox of what is told to them: a row for each delivery, written in the
//! transaction of what it tells of.

use super::DeskStore;
use super::sql::{Row, Sql, Value};
use crate::error::StoreError;
use crate::pending::Pending;

/// Who is told of what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Webhook {
    /// Its id.
    pub webhook_id: String,
    /// Whose.
    pub tenant: String,
    /// Where it is told.
    pub address: String,
    /// The names of the events that it wants.
    pub events: Vec<String>,
    /// The secret that signs, sealed.
    pub sealed: Vec<u8>,
    /// When it was made.
    pub created_at: i64,
    /// The last line of the ledger when it was made: of those before it is not told.
    pub since: i64,
    /// The last line of the ledger that was looked at for it.
    pub position: i64,
}

/// Something that happened. The same id is told once to each webhook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Its id.
    pub event_id: String,
    /// Its name, such as `batch.finished`.
    pub name: String,
    /// The body that is sent: ids and states, no personal data.
    pub body: String,
    /// When it happened.
    pub at: i64,
}

/// What became of telling a webhook of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeliveryState {
    /// It is to be told, for the first time or again.
    Waiting,
    /// It was told and has answered well.
    Delivered,
    /// It did not answer well often enough, and is not told any more.
    Dead,
}

impl DeliveryState {
    /// Its name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            DeliveryState::Waiting => "waiting",
            DeliveryState::Delivered => "delivered",
            DeliveryState::Dead => "dead",
        }
    }

    fn parse(text: &str) -> Option<DeliveryState> {
        use DeliveryState::{Dead, Delivered, Waiting};
        let all = [Waiting, Delivered, Dead];
        all.into_iter().find(|state| state.as_str() == text)
    }
}

/// One event for one webhook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// Its place.
    pub seq: i64,
    /// To whom.
    pub webhook_id: String,
    /// Of what; the receiver knows by it what he was told before.
    pub event_id: String,
    /// The event's name.
    pub event: String,
    /// What is sent.
    pub body: String,
    /// What became of it.
    pub state: DeliveryState,
    /// How often it was sent.
    pub tries: i64,
    /// When it is sent next, while it waits.
    pub next_at: i64,
    /// When the event happened.
    pub created_at: i64,
    /// When it was last sent.
    pub last_at: Option<i64>,
    /// What came of that, in a few words; empty before.
    pub last_said: String,
}

const WEBHOOK: &str = "SELECT webhook_id, tenant, address, events, sealed, created_at, since,
            position
    FROM webhook WHERE tenant = $1 AND webhook_id = $2";

macro_rules! deliveries {
    ($rest:literal) => {
        concat!(
            "SELECT d.seq, d.webhook_id, d.event_id, d.event, d.body, d.state, d.tries,
            d.next_at, d.created_at, d.last_at, d.last_said FROM delivery AS d ",
            $rest
        )
    };
}

impl DeskStore {
    /// Makes a webhook, unless the tenant has so many already; whether it is made.
    pub fn add_webhook(&self, webhook: &Webhook, most: u32) -> Pending<bool> {
        let webhook = webhook.clone();
        self.write(move |sql| {
            let text = "SELECT COUNT(*) FROM webhook WHERE tenant = $1";
            let own = sql.one(text, &[(&webhook.tenant).into()])?;
            if own.map_or(Ok(0), |row| row.int(0))? >= i64::from(most) {
                return Ok(false);
            }
            let text = "INSERT INTO webhook
                (webhook_id, tenant, address, events, sealed, created_at, since, position)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
            let values = [
                Value::from(&webhook.webhook_id),
                (&webhook.tenant).into(),
                (&webhook.address).into(),
                (&format!(" {} ", webhook.events.join(" "))).into(),
                webhook.sealed.as_slice().into(),
                webhook.created_at.into(),
                webhook.since.into(),
                webhook.position.into(),
            ];
            sql.execute(text, &values)?;
            Ok(true)
        })
    }

    /// A tenant's webhooks, the first first.
    pub fn webhooks(&self, tenant: &str) -> Pending<Vec<Webhook>> {
        let tenant = Value::from(tenant);
        let text = "SELECT webhook_id, tenant, address, events, sealed, created_at, since,
            position
            FROM webhook WHERE tenant = $1 ORDER BY created_at, webhook_id";
        self.read(move |sql| {
            let rows = sql.query(text, std::slice::from_ref(&tenant))?;
            rows.iter().map(webhook_of).collect()
        })
    }

    /// All webhooks that want an event.
    pub fn webhooks_wanting(&self, event: &str) -> Pending<Vec<Webhook>> {
        let wanted = Value::from(&format!("% {event} %"));
        let text = "SELECT webhook_id, tenant, address, events, sealed, created_at, since,
            position
            FROM webhook WHERE events LIKE $1 ORDER BY webhook_id";
        self.read(move |sql| {
            let rows = sql.query(text, std::slice::from_ref(&wanted))?;
            rows.iter().map(webhook_of).collect()
        })
    }

    /// A tenant's webhook.
    pub fn webhook(&self, tenant: &str, webhook_id: &str) -> Pending<Option<Webhook>> {
        let values = [Value::from(tenant), webhook_id.into()];
        self.read(move |sql| {
            let found = sql.one(WEBHOOK, &values)?;
            found.map(|row| webhook_of(&row)).transpose()
        })
    }

    /// Forgets a webhook with all that was to be told to it; whether the tenant had it.
    pub fn delete_webhook(&self, tenant: &str, webhook_id: &str) -> Pending<bool> {
        let values = [Value::from(tenant), webhook_id.into()];
        self.write(move |sql| {
            if sql.one(WEBHOOK, &values)?.is_none() {
                return Ok(false);
            }
            let of = std::slice::from_ref(&values[1]);
            sql.execute("DELETE FROM delivery WHERE webhook_id = $1", of)?;
            sql.execute("DELETE FROM webhook WHERE webhook_id = $1", of)?;
            Ok(true)
        })
    }

    /// Tells a tenant's webhooks of something that no other verb writes.
    pub fn tell(&self, tenant: &str, event: &Event) -> Pending<()> {
        let (tenant, event) = (tenant.to_owned(), event.clone());
        self.write(move |sql| put(sql, &tenant, &event))
    }

    /// Tells a webhook of lines of the ledger after the one of which it knows, and that it knows the
    /// last of them; nothing if it is told by somebody else meanwhile, or gone.
    pub fn tell_lines(&self, known: &Webhook, to: i64, events: Vec<Event>) -> Pending<bool> {
        let (id, from) = (known.webhook_id.clone(), known.position);
        self.write(move |sql| {
            let text = "UPDATE webhook SET position = $1 WHERE webhook_id = $2 AND position = $3";
            if sql.execute(text, &[to.into(), (&id).into(), from.into()])? == 0 {
                return Ok(false);
            }
            for event in &events {
                put_for(sql, &id, event)?;
            }
            Ok(true)
        })
    }

    /// How many deliveries of a webhook wait.
    pub fn waiting_deliveries(&self, webhook_id: &str) -> Pending<i64> {
        let id = Value::from(webhook_id);
        let text = "SELECT COUNT(*) FROM delivery WHERE webhook_id = $1 AND state = $2";
        self.read(move |sql| {
            let waiting = DeliveryState::Waiting.as_str().into();
            let row = sql.one(text, &[id.clone(), waiting])?;
            row.map_or(Ok(0), |row| row.int(0))
        })
    }

    /// The webhooks to which something is to be sent now.
    pub fn due_webhooks(&self, now: i64, limit: u32) -> Pending<Vec<Webhook>> {
        let values = [now.into(), i64::from(limit).into()];
        self.read(move |sql| {
            let text = "SELECT w.webhook_id, w.tenant, w.address, w.events, w.sealed,
                w.created_at, w.since, w.position FROM webhook AS w JOIN
                (SELECT webhook_id, MIN(next_at) AS due FROM delivery
                    WHERE state = $1 AND next_at <= $2 GROUP BY webhook_id) AS d
                ON d.webhook_id = w.webhook_id ORDER BY d.due LIMIT $3";
            let [now, limit] = values.clone();
            let waiting = DeliveryState::Waiting.as_str().into();
            let rows = sql.query(text, &[waiting, now, limit])?;
            rows.iter().map(webhook_of).collect()
        })
    }

    /// Takes the next delivery of a webhook that is due, and counts the try. It is due again at
    /// `again`: if the sender dies meanwhile, another sends it.
    pub fn take_delivery(
        &self,
        webhook_id: &str,
        now: i64,
        again: i64,
    ) -> Pending<Option<Delivery>> {
        let id = Value::from(webhook_id);
        self.write(move |sql| {
            let text = deliveries!(
                "WHERE d.webhook_id = $1 AND d.state = $2 AND d.next_at <= $3
                ORDER BY d.next_at, d.seq LIMIT 1"
            );
            let waiting = DeliveryState::Waiting.as_str().into();
            let Some(row) = sql.one(text, &[id.clone(), waiting, now.into()])? else {
                return Ok(None);
            };
            let mut delivery = delivery_of(&row)?;
            let text = "UPDATE delivery SET tries = tries + 1, next_at = $1, last_at = $2
                WHERE seq = $3";
            sql.execute(text, &[again.into(), now.into(), delivery.seq.into()])?;
            delivery.tries += 1;
            (delivery.next_at, delivery.last_at) = (again, Some(now));
            Ok(Some(delivery))
        })
    }

    /// Notes what came of a try: the delivery's state, what is said of it, and when it is sent again
    /// if it waits.
    pub fn end_delivery(
        &self,
        seq: i64,
        state: DeliveryState,
        said: &str,
        next_at: i64,
    ) -> Pending<()> {
        let values = [
            Value::from(state.as_str()),
            said.into(),
            next_at.into(),
            seq.into(),
        ];
        let text = "UPDATE delivery SET state = $1, last_said = $2, next_at = $3 WHERE seq = $4";
        self.write(move |sql| sql.execute(text, &values).map(drop))
    }

    /// A webhook's deliveries before a place, the latest first.
    pub fn deliveries(&self, webhook_id: &str, before: i64, limit: u32) -> Pending<Vec<Delivery>> {
        let values = [
            Value::from(webhook_id),
            before.into(),
            i64::from(limit).into(),
        ];
        let text =
            deliveries!("WHERE d.webhook_id = $1 AND d.seq < $2 ORDER BY d.seq DESC LIMIT $3");
        self.read(move |sql| sql.query(text, &values)?.iter().map(delivery_of).collect())
    }

    /// Sends a delivery again from the first try on, whatever became of it; whether there is one.
    pub fn replay_delivery(&self, webhook_id: &str, event_id: &str, now: i64) -> Pending<bool> {
        let values = [
            Value::from(DeliveryState::Waiting.as_str()),
            now.into(),
            webhook_id.into(),
            event_id.into(),
        ];
        let text = "UPDATE delivery SET state = $1, tries = 0, next_at = $2
            WHERE webhook_id = $3 AND event_id = $4";
        self.write(move |sql| Ok(sql.execute(text, &values)? > 0))
    }

    /// Forgets a tenant's deliveries that do not wait and are of events before a moment, but the last
    /// `keep` of each webhook: by them it is known what was told already. How many.
    pub fn expire_deliveries(&self, tenant: &str, before: i64, keep: u32) -> Pending<u64> {
        let tenant = Value::from(tenant);
        self.write(move |sql| {
            let text = "DELETE FROM delivery WHERE created_at < $1 AND state <> $2
                AND webhook_id IN (SELECT webhook_id FROM webhook WHERE tenant = $3)
                AND seq <= (SELECT own.seq FROM delivery AS own
                WHERE own.webhook_id = delivery.webhook_id
                ORDER BY own.seq DESC LIMIT 1 OFFSET $4)";
            let waiting = DeliveryState::Waiting.as_str().into();
            let values = [
                before.into(),
                waiting,
                tenant.clone(),
                i64::from(keep).into(),
            ];
            sql.execute(text, &values)
        })
    }
}

/// Writes an event for every webhook of a tenant that wants it: to be called in the transaction of
/// what it tells of.
pub(super) fn put(sql: &mut dyn Sql, tenant: &str, event: &Event) -> Result<(), StoreError> {
    let text = "SELECT webhook_id FROM webhook WHERE tenant = $1 AND events LIKE $2";
    let wanted = format!("% {} %", event.name);
    for row in sql.query(text, &[tenant.into(), (&wanted).into()])? {
        put_for(sql, &row.text(0)?, event)?;
    }
    Ok(())
}

fn put_for(sql: &mut dyn Sql, webhook_id: &str, event: &Event) -> Result<(), StoreError> {
    let text = "INSERT INTO delivery (webhook_id, event_id, event, body, state, tries, next_at,
        created_at, last_said) VALUES ($1, $2, $3, $4, $5, 0, $6, $6, '')
        ON CONFLICT (webhook_id, event_id) DO NOTHING";
    let values = [
        Value::from(webhook_id),
        (&event.event_id).into(),
        (&event.name).into(),
        (&event.body).into(),
        DeliveryState::Waiting.as_str().into(),
        event.at.into(),
    ];
    sql.execute(text, &values).map(drop)
}

fn webhook_of(row: &Row) -> Result<Webhook, StoreError> {
    let events = row.text(3)?;
    Ok(Webhook {
        webhook_id: row.text(0)?,
        tenant: row.text(1)?,
        address: row.text(2)?,
        events: events.split_whitespace().map(str::to_owned).collect(),
        sealed: row.bytes(4)?,
        created_at: row.int(5)?,
        since: row.int(6)?,
        position: row.int(7)?,
    })
}

fn delivery_of(row: &Row) -> Result<Delivery, StoreError> {
    let state = row.text(5)?;
    let unknown = || StoreError::Failure(format!("no delivery is `{state}`"));
    Ok(Delivery {
        seq: row.int(0)?,
        webhook_id: row.text(1)?,
        event_id: row.text(2)?,
        event: row.text(3)?,
        body: row.text(4)?,
        state: DeliveryState::parse(&state).ok_or_else(unknown)?,
        tries: row.int(6)?,
        next_at: row.int(7)?,
        created_at: row.int(8)?,
        last_at: row.maybe_int(9)?,
        last_said: row.text(10)?,
    })
}
