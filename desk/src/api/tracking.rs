//! What happened to parcels: events told, and the story that they make.

use crate::api::body::{InPath, Sent, text_bytes};
use crate::api::work::can_be_an_id;
use crate::auth::Caller;
use crate::problem::{FieldError, Problem};
use crate::state::Desk;
use crate::tracking::drop::{MOST_ROWS_SENT, take};
use crate::tracking::event::note;
use crate::tracking::{EventSent, Happened, Stay, stays};
use axum::Json;
use axum::extract::{Request, State};
use deminimis_office::ledger::now;
use deminimis_store::desk::{Role, TrackEvent};
use serde::Serialize;
use std::sync::Arc;
use utoipa::ToSchema;

/// An event as it is told.
#[derive(Serialize, ToSchema)]
pub struct EventTold {
    /// Its id.
    event_id: String,
    /// What happened.
    kind: String,
    /// When, in seconds of UTC since 1970.
    at: i64,
    /// When it was told.
    received_at: i64,
    /// Who told it.
    source: String,
    /// Where.
    place: Option<String>,
    /// In which warehouse.
    warehouse: Option<String>,
    /// At which border crossing.
    crossing: Option<String>,
    /// Which hold.
    hold: Option<String>,
    /// The deadline's rule that it names.
    meets: Option<String>,
    /// In words.
    note: Option<String>,
}

/// A time in one state.
#[derive(Serialize, ToSchema)]
pub struct StayTold {
    /// The state.
    state: &'static str,
    /// From when, in seconds of UTC since 1970.
    from: i64,
    /// Until when; nothing for where it is now.
    until: Option<i64>,
    /// How long, in seconds; until now for where it is now.
    seconds: i64,
}

/// Something due of a parcel.
#[derive(Serialize, ToSchema)]
pub struct DueTold {
    /// The law's rule.
    rule: String,
    /// What.
    what: String,
    /// By when, in seconds of UTC since 1970.
    due: i64,
}

/// What happened to a parcel.
#[derive(Serialize, ToSchema)]
pub struct Story {
    /// Where it is.
    now: Happened,
    /// Its states in order, with the time in each.
    states: Vec<StayTold>,
    /// The deadlines whose moment is known.
    deadlines: Vec<DueTold>,
    /// Its events in the order of their time.
    events: Vec<EventTold>,
}

/// What came of an event.
#[derive(Serialize, ToSchema)]
pub struct Noted {
    /// Whether it was told before.
    duplicate: bool,
    /// Where the parcel is now.
    now: Happened,
}

/// What came of many events.
#[derive(Default, Serialize, ToSchema)]
pub struct NotedMany {
    /// Events that are new.
    pub(super) new: u64,
    /// Events that were told before.
    pub(super) duplicate: u64,
    /// What was refused.
    pub(super) rejected: Vec<FieldError>,
}

impl From<TrackEvent> for EventTold {
    fn from(event: TrackEvent) -> EventTold {
        EventTold {
            event_id: event.event_id,
            kind: event.kind,
            at: event.at,
            received_at: event.received_at,
            source: event.source,
            place: event.place,
            warehouse: event.warehouse,
            crossing: event.crossing,
            hold: event.hold,
            meets: event.meets,
            note: event.note,
        }
    }
}

/// What happened to a parcel, its states with the time in each, and what is due. Places and notes
/// are told to the role operator and above.
#[utoipa::path(get, path = "/v1/shipments/{id}/events", tag = "tracking",
    params(("id" = String, Path, description = "The shipment_id")),
    responses((status = 200, description = "Its story", body = Story)),
    security(("api_key" = ["viewer"])))]
pub async fn story(
    State(desk): State<Arc<Desk>>,
    caller: Caller,
    InPath(id): InPath<String>,
) -> Result<Json<Story>, Problem> {
    let mut story = told(&desk, &caller.tenant, &id).await?;
    // What carriers and people write can name somebody.
    if caller.role < Role::Operator {
        for event in &mut story.events {
            (event.note, event.place) = (None, None);
        }
    }
    desk.store
        .audit(desk.line(&caller, "shipment.story", &id))
        .await?;
    Ok(Json(story))
}

/// The same, for the pages too.
///
/// # Errors
/// There is no such parcel.
pub async fn told(desk: &Desk, tenant: &str, id: &str) -> Result<Story, Problem> {
    let track = if can_be_an_id(id) {
        desk.store.track_of(tenant, id).await?
    } else {
        None
    };
    let track = track.ok_or_else(|| Problem::not_found("shipment"))?;
    let events = desk.store.track_events(tenant, id).await?;
    let dues = desk.store.track_dues(tenant, id).await?;
    let moment = now();
    let stay = |stay: Stay| StayTold {
        state: stay.state.as_str(),
        from: stay.from,
        until: stay.until,
        seconds: stay.until.unwrap_or(moment).saturating_sub(stay.from),
    };
    Ok(Story {
        now: Happened::at(track, moment),
        states: stays(&events).into_iter().map(stay).collect(),
        deadlines: dues
            .into_iter()
            .map(|due| DueTold {
                rule: due.rule,
                what: due.what,
                due: due.due,
            })
            .collect(),
        events: events.into_iter().map(EventTold::from).collect(),
    })
}

/// Tells something that happened to a parcel. Events can come in any order; the same event again
/// changes nothing.
#[utoipa::path(post, path = "/v1/shipments/{id}/events", tag = "tracking",
    request_body = EventSent,
    params(("id" = String, Path, description = "The shipment_id")),
    responses((status = 200, description = "Where the parcel is now", body = Noted)),
    security(("api_key" = ["operator"])))]
pub async fn tell(
    State(desk): State<Arc<Desk>>,
    caller: Caller,
    InPath(id): InPath<String>,
    Sent(sent): Sent<EventSent>,
) -> Result<Json<Noted>, Problem> {
    let event = sent
        .read(&caller.who)
        .map_err(crate::tracking::event::Wrong::problem)?;
    let (fresh, now) = note(&desk, &caller.tenant, &id, event).await?;
    desk.store
        .audit(desk.line(&caller, "shipment.event", &id))
        .await?;
    Ok(Json(Noted {
        duplicate: !fresh,
        now,
    }))
}

/// Tells many events as CSV with the columns shipment_id, kind, at, and if there are any event_id,
/// place, warehouse, crossing, hold, meets, note; 5,000 rows at most. A row that is refused is
/// refused alone.
#[utoipa::path(post, path = "/v1/events", tag = "tracking",
    request_body(content = String, content_type = "text/csv"),
    responses((status = 200, description = "What came of them", body = NotedMany)),
    security(("api_key" = ["operator"])))]
pub async fn tell_many(
    State(desk): State<Arc<Desk>>,
    caller: Caller,
    request: Request,
) -> Result<Json<NotedMany>, Problem> {
    let bytes = text_bytes(&desk, request, "text/csv").await?;
    let taken = take(&desk, (&caller.tenant, &caller.who), &bytes, MOST_ROWS_SENT).await?;
    desk.store
        .audit(desk.line(&caller, "shipment.events", "csv"))
        .await?;
    let rejected = taken.refused.into_iter().map(|one| FieldError {
        pointer: one.field,
        detail: one.reason,
        value: String::new(),
        shipment_id: Some(one.shipment_id),
        row: Some(one.row),
    });
    Ok(Json(NotedMany {
        new: taken.fresh,
        duplicate: taken.again,
        rejected: rejected.collect(),
    }))
}
