//! Events as they are sent: read, judged, and noted.

use super::state::{Kind, reckon};
use crate::api::work::{bad_field, can_be_an_id, waiting};
use crate::auth::token::hex;
use crate::problem::{Code, Problem};
use crate::state::Desk;
use deminimis_law::time::parse_timestamp;
use deminimis_office::ledger::now;
use deminimis_store::desk::{Noted, Track, TrackEvent};
use deminimis_store::{Pending, Refused, StoreError};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::HashSet;
use utoipa::ToSchema;

/// The most letters of a text of an event.
const LETTERS: usize = 200;
/// How far in the future an event may be, in seconds: clocks differ, and a day's difference is a
/// mistake.
const AHEAD: i64 = 24 * 60 * 60;
/// The most events that are sent to the store before the first of them is waited for.
pub(super) const TOGETHER: usize = 256;

/// Something that happened to a parcel, as it is sent.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EventSent {
    /// The sender's own id: the same id is the same event. Without one, the same words at the same
    /// moment are the same event.
    #[schema(min_length = 1, max_length = 200)]
    pub event_id: Option<String>,
    /// What happened: `booked`, `in_transit`, `arrived`, `entry_filed`, `entry_accepted`, `released`,
    /// `out_for_delivery`, `delivered`, `refused`, `returned`, `lost`, `cancelled`, `manifest_filed`,
    /// `summary_filed`, `duty_paid`, `hold`, `hold_removed` or `note`.
    pub kind: String,
    /// When it happened: a timestamp with offset.
    #[schema(format = "date-time")]
    pub at: String,
    /// Where.
    #[schema(max_length = 200)]
    pub place: Option<String>,
    /// In which warehouse.
    #[schema(max_length = 200)]
    pub warehouse: Option<String>,
    /// At which border crossing, such as a port's code.
    #[schema(max_length = 200)]
    pub crossing: Option<String>,
    /// Which hold begins or ends; one that ends without a name ends all.
    #[schema(max_length = 200)]
    pub hold: Option<String>,
    /// The rule of the deadline that it meets, where that does not follow from what happened.
    #[schema(max_length = 200)]
    pub meets: Option<String>,
    /// In words. Not for names and addresses of people: it is not erased with a person.
    #[schema(max_length = 200)]
    pub note: Option<String>,
}

/// Where a parcel is after an event.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Happened {
    /// The parcel.
    pub shipment_id: String,
    /// Where it is.
    pub state: String,
    /// Since when, in seconds of UTC since 1970.
    pub since: i64,
    /// What holds it.
    pub held: Option<String>,
    /// The earliest deadline that is not met, in seconds of UTC since 1970.
    pub due: Option<i64>,
    /// What is due then.
    pub due_what: Option<String>,
    /// Whether that has passed.
    pub late: bool,
    /// The warehouse that was named last.
    pub warehouse: Option<String>,
    /// The border crossing that was named last.
    pub crossing: Option<String>,
}

impl Happened {
    /// As it is at a moment.
    #[must_use]
    pub fn at(track: Track, now: i64) -> Happened {
        Happened {
            late: track.due.is_some_and(|due| due < now),
            shipment_id: track.shipment_id,
            state: track.state,
            since: track.since,
            held: track.held,
            due: track.due,
            due_what: track.due_what,
            warehouse: track.warehouse,
            crossing: track.crossing,
        }
    }
}

/// What is wrong with one field.
pub struct Wrong {
    /// The field.
    pub field: &'static str,
    /// Its value.
    pub value: String,
    /// Why, and what would be right.
    pub why: String,
}

impl Wrong {
    fn new(field: &'static str, value: &str, why: impl Into<String>) -> Wrong {
        Wrong {
            field,
            value: value.chars().take(80).collect(),
            why: why.into(),
        }
    }

    /// As a problem of the request.
    #[must_use]
    pub fn problem(self) -> Problem {
        bad_field(&format!("/{}", self.field), &self.value, self.why)
    }
}

impl EventSent {
    /// The event as it is kept.
    ///
    /// # Errors
    /// The field that is not right.
    pub fn read(self, source: &str) -> Result<TrackEvent, Wrong> {
        if Kind::parse(&self.kind).is_none() {
            let names: Vec<&str> = Kind::ALL.iter().map(|(name, _)| *name).collect();
            let why = format!("must be one of {}", names.join(", "));
            return Err(Wrong::new("kind", &self.kind, why));
        }
        let at = parse_timestamp(&self.at)
            .map_err(|error| Wrong::new("at", &self.at, error.to_string()))?;
        if at.0 > now() + AHEAD {
            let why = "is more than a day ahead; the sender's clock or the date is wrong";
            return Err(Wrong::new("at", &self.at, why));
        }
        let texts = [
            ("event_id", &self.event_id),
            ("place", &self.place),
            ("warehouse", &self.warehouse),
            ("crossing", &self.crossing),
            ("hold", &self.hold),
            ("meets", &self.meets),
            ("note", &self.note),
        ];
        for (field, text) in texts {
            let Some(text) = text else { continue };
            if text.len() > LETTERS || text.is_empty() || text.chars().any(char::is_control) {
                let why = format!("must have 1 to {LETTERS} bytes and no control character");
                return Err(Wrong::new(field, text, why));
            }
        }
        let own = self.event_id.as_deref().unwrap_or_default();
        if ["ledger ", "cbp ", "house "]
            .iter()
            .any(|word| own.starts_with(word))
        {
            let why = "begins with a word that the desk keeps for its own events";
            return Err(Wrong::new("event_id", own, why));
        }
        let event_id = match &self.event_id {
            Some(id) => id.clone(),
            None => self.own_id(source, at.0),
        };
        Ok(TrackEvent {
            event_id,
            kind: self.kind,
            at: at.0,
            received_at: now(),
            source: source.to_owned(),
            place: self.place,
            warehouse: self.warehouse,
            crossing: self.crossing,
            hold: self.hold,
            meets: self.meets,
            note: self.note,
        })
    }

    /// An id made of all that is said, for senders that have none.
    fn own_id(&self, source: &str, at: i64) -> String {
        let mut hash = Sha256::new();
        hash.update(at.to_be_bytes());
        let parts = [
            Some(source),
            Some(&*self.kind),
            self.place.as_deref(),
            self.warehouse.as_deref(),
            self.crossing.as_deref(),
            self.hold.as_deref(),
            self.meets.as_deref(),
            self.note.as_deref(),
        ];
        for part in parts {
            // What is absent is another thing than what is empty.
            hash.update([u8::from(part.is_some())]);
            let part = part.unwrap_or_default();
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
        hex(&hash.finalize()[..16])
    }
}

/// Notes an event of a parcel; whether it is new, and where the parcel is now.
///
/// # Errors
/// The parcel is not there, or the event's id is in use with other words.
pub async fn note(
    desk: &Desk,
    tenant: &str,
    shipment_id: &str,
    event: TrackEvent,
) -> Result<(bool, Happened), Problem> {
    let noted = send(desk, tenant, shipment_id, event);
    judged(desk, (tenant, shipment_id), noted.await).await
}

/// Notes events of parcels, many at once, so that they share commits; what came of each, in their
/// order. An event that is told twice is noted in the order in which it was told.
pub async fn note_all(
    desk: &Desk,
    tenant: &str,
    events: Vec<(String, TrackEvent)>,
) -> Vec<Result<(bool, Happened), Problem>> {
    let mut all = Vec::with_capacity(events.len());
    let mut events = events.into_iter().peekable();
    while events.peek().is_some() {
        let mut sent = Vec::new();
        let mut ids = HashSet::new();
        while sent.len() < TOGETHER {
            let new = |(id, event): &(String, TrackEvent)| {
                ids.insert((id.clone(), event.event_id.clone()))
            };
            let Some((id, event)) = events.next_if(new) else {
                break;
            };
            let noted = send(desk, tenant, &id, event.clone());
            sent.push((id, event, noted));
        }
        let mut answered = Vec::with_capacity(sent.len());
        for (id, event, noted) in sent {
            answered.push((id, event, noted.await));
        }
        for (id, event, noted) in answered {
            all.push(match noted {
                // Too many came at once: alone, after all the others, it has its turn.
                Err(StoreError::Busy) => note(desk, tenant, &id, event).await,
                noted => judged(desk, (tenant, &id), noted).await,
            });
        }
    }
    all
}

fn send(desk: &Desk, tenant: &str, id: &str, event: TrackEvent) -> Pending<Option<Noted>> {
    match can_be_an_id(id) {
        true => desk.store.note(tenant, id, event, reckon),
        false => Pending::ready(Ok(None)),
    }
}

async fn judged(
    desk: &Desk,
    (tenant, shipment_id): (&str, &str),
    noted: Result<Option<Noted>, StoreError>,
) -> Result<(bool, Happened), Problem> {
    let noted = noted.map_err(|error| match error {
        StoreError::Refused(Refused::OtherBody) => {
            let said = "this event_id was used with other words; an event that differs has an id of \
                        its own";
            Problem::new(Code::Conflict, said)
        }
        error => error.into(),
    })?;
    match noted {
        None if can_be_an_id(shipment_id) && is_in_ledger(desk, tenant, shipment_id).await? => {
            let said = "the parcel is in the ledger and is followed in a moment; send it again";
            Err(Problem::new(Code::Busy, said).after(1))
        }
        None => Err(Problem::not_found("shipment")),
        Some(Noted::New(track)) => Ok((true, Happened::at(track, now()))),
        Some(Noted::Again(track)) => Ok((false, Happened::at(track, now()))),
    }
}

/// Whether the ledger has a parcel that is not followed yet.
async fn is_in_ledger(desk: &Desk, tenant: &str, shipment_id: &str) -> Result<bool, Problem> {
    let (ledger, id) = (desk.ledger(tenant), shipment_id.to_owned());
    waiting(move || Ok(ledger.shipment(&id)?.is_some())).await
}
