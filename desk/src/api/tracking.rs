//! Where parcels are: events in, states, counts and the day's report out.

use crate::api::body::{InPath, InQuery, JsonBytes, Sent, text_bytes};
use crate::api::work::can_be_an_id;
use crate::auth::Caller;
use crate::problem::{Code, FieldError, Problem, failed};
use crate::state::Desk;
use crate::tracking::answer::{self, Answered};
use crate::tracking::carrier::Carrier;
use crate::tracking::drop::{MOST_ROWS_SENT, guarded, take};
use crate::tracking::event::note;
use crate::tracking::{EventSent, Happened, State as Place, Stay, stays};
use axum::Json;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use deminimis_law::time::Day;
use deminimis_office::ledger::now;
use deminimis_store::desk::{Board, Role, TrackEvent};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};

/// The most parcels of one page of the board.
const PAGE: u32 = 500;

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
    new: u64,
    /// Events that were told before.
    duplicate: u64,
    /// What was refused.
    rejected: Vec<FieldError>,
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

/// The name under which a carrier's settings are kept.
fn setting(name: &str) -> Result<String, Problem> {
    let fine = (1..=40).contains(&name.len())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    match fine {
        true => Ok(format!("carrier {name}")),
        false => Err(Problem::not_found("carrier")),
    }
}

/// Says how a carrier writes its events.
#[utoipa::path(put, path = "/v1/carriers/{name}", tag = "tracking", request_body = Carrier,
    params(("name" = String, Path, description = "1 to 40 letters, digits, - or _")),
    responses((status = 204, description = "It is kept")),
    security(("api_key" = ["admin"])))]
pub async fn set_carrier(
    State(desk): State<Arc<Desk>>,
    caller: Caller,
    InPath(name): InPath<String>,
    Sent(carrier): Sent<Carrier>,
) -> Result<StatusCode, Problem> {
    carrier.check()?;
    let text = serde_json::to_string(&carrier).map_err(|error| failed(&error))?;
    let line = desk.line(&caller, "carrier.set", &name);
    desk.store
        .set_setting(line, &setting(&name)?, &text)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes what a carrier sends, in the carrier's own words.
#[utoipa::path(post, path = "/v1/carriers/{name}/events", tag = "tracking",
    request_body(content = Object, content_type = "application/json"),
    params(("name" = String, Path, description = "The carrier's name in the settings")),
    responses((status = 200, description = "What came of them", body = NotedMany)),
    security(("api_key" = ["operator"])))]
pub async fn carrier_tells(
    State(desk): State<Arc<Desk>>,
    caller: Caller,
    InPath(name): InPath<String>,
    JsonBytes(bytes): JsonBytes,
) -> Result<Json<NotedMany>, Problem> {
    let known = desk.store.setting(&caller.tenant, &setting(&name)?).await?;
    let known = known.ok_or_else(|| Problem::not_found("carrier"))?;
    let carrier: Carrier = serde_json::from_str(&known.value).map_err(|error| failed(&error))?;
    let unread = |_| Problem::new(Code::BadShipment, "the message is not JSON");
    let message = serde_json::from_slice(&bytes).map_err(unread)?;
    let mut many = NotedMany::default();
    for (row, event) in (1..).zip(carrier.read(&message)?) {
        let mut refuse = |pointer: &str, detail: String, id: Option<String>| {
            many.rejected.push(FieldError {
                pointer: pointer.to_owned(),
                detail,
                value: String::new(),
                shipment_id: id,
                row: Some(row),
            });
        };
        let (id, sent) = match event {
            Ok(event) => event,
            Err(why) => {
                refuse("", why, None);
                continue;
            }
        };
        match sent.read(&name) {
            Err(wrong) => refuse(wrong.field, wrong.why, Some(id)),
            Ok(event) => match note(&desk, &caller.tenant, &id, event).await {
                Ok((true, _)) => many.new += 1,
                Ok((false, _)) => many.duplicate += 1,
                Err(problem) if problem.status().is_client_error() => {
                    refuse("shipment_id", problem.detail().to_owned(), Some(id));
                }
                Err(problem) => return Err(problem),
            },
        }
    }
    desk.store
        .audit(desk.line(&caller, "carrier.events", &name))
        .await?;
    Ok(Json(many))
}

/// Takes a message by which CBP answered (AX, SX or SO). Each event goes to every parcel whose
/// `entry_number` the message names. The columns of SO are known from one source only.
#[utoipa::path(post, path = "/v1/answers", tag = "tracking",
    request_body(content = String, content_type = "text/plain"),
    responses((status = 200, description = "What came of it", body = Answered)),
    security(("api_key" = ["operator"])))]
pub async fn cbp_answers(
    State(desk): State<Arc<Desk>>,
    caller: Caller,
    request: Request,
) -> Result<Json<Answered>, Problem> {
    let bytes = text_bytes(&desk, request, "text/plain").await?;
    let answered = answer::take(&desk, &caller.tenant, &bytes).await?;
    desk.store
        .audit(desk.line(&caller, "cbp.answers", "message"))
        .await?;
    Ok(Json(answered))
}

/// Which parcels of the board.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct BoardAsked {
    /// Only in this state.
    pub state: Option<String>,
    /// Only with a deadline that has passed.
    #[serde(default)]
    pub late: bool,
    /// Only held ones.
    #[serde(default)]
    pub held: bool,
    /// After this shipment_id.
    #[serde(default)]
    #[param(max_length = 200)]
    pub after: String,
}

/// A page of the board.
#[derive(Serialize, ToSchema)]
pub struct BoardTold {
    /// The parcels in the order of their ids, 500 at most.
    pub shipments: Vec<Happened>,
    /// What to ask for next as `after`; nothing after the last page.
    pub next: Option<String>,
}

/// Where parcels are.
#[utoipa::path(get, path = "/v1/tracking", tag = "tracking", params(BoardAsked),
    responses((status = 200, description = "A page of the board", body = BoardTold)),
    security(("api_key" = ["viewer"])))]
pub async fn board(
    State(desk): State<Arc<Desk>>,
    caller: Caller,
    InQuery(asked): InQuery<BoardAsked>,
) -> Result<Json<BoardTold>, Problem> {
    if let Some(state) = &asked.state
        && Place::parse(state).is_none()
    {
        let names: Vec<&str> = Place::ALL.map(Place::as_str).to_vec();
        let said = format!("state must be one of {}", names.join(", "));
        return Err(Problem::new(Code::BadRequest, said));
    }
    if asked.after.len() > 200 || asked.after.contains('\0') {
        return Err(Problem::new(
            Code::BadRequest,
            "after must be a shipment_id",
        ));
    }
    let moment = now();
    let board = Board {
        state: asked.state,
        late_at: asked.late.then_some(moment),
        held: asked.held,
        after: asked.after,
        limit: PAGE,
    };
    let tracks = desk.store.board(&caller.tenant, &board).await?;
    let full = tracks.len() == PAGE as usize;
    let next = tracks
        .last()
        .filter(|_| full)
        .map(|track| track.shipment_id.clone());
    let shipments = tracks
        .into_iter()
        .map(|track| Happened::at(track, moment))
        .collect();
    Ok(Json(BoardTold { shipments, next }))
}

/// How many parcels are where.
#[derive(Serialize, ToSchema)]
pub struct CountTold {
    /// The state.
    pub state: String,
    /// All of them.
    pub shipments: i64,
    /// With a deadline that has passed.
    pub late: i64,
    /// Held.
    pub held: i64,
}

/// How many parcels are in each state.
#[utoipa::path(get, path = "/v1/tracking/counts", tag = "tracking",
    responses((status = 200, description = "The counts", body = Vec<CountTold>)),
    security(("api_key" = ["viewer"])))]
pub async fn counts(
    State(desk): State<Arc<Desk>>,
    caller: Caller,
) -> Result<Json<Vec<CountTold>>, Problem> {
    let counts = desk.store.board_counts(&caller.tenant, now()).await?;
    let told = counts.into_iter().map(|count| CountTold {
        state: count.state,
        shipments: count.parcels,
        late: count.late,
        held: count.held,
    });
    Ok(Json(told.collect()))
}

/// Which report.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ReportAsked {
    /// The day in Eastern time, a date.
    #[param(format = "date")]
    day: String,
    /// `warehouse` or `crossing`.
    #[param(pattern = "^(warehouse|crossing)$")]
    by: String,
    /// `json` or `csv`.
    #[serde(default)]
    #[param(pattern = "^(json|csv)$")]
    format: Option<String>,
}

/// One line of a day's report.
#[derive(Serialize, ToSchema)]
pub struct ReportLine {
    /// The warehouse or the border crossing; nothing where none was told.
    place: Option<String>,
    /// What happened.
    kind: String,
    /// To how many parcels.
    shipments: i64,
}

/// What happened on a day, by warehouse or by border crossing.
#[utoipa::path(get, path = "/v1/reports/daily", tag = "tracking", params(ReportAsked),
    responses((status = 200, description = "The report", content(
        (Vec<ReportLine> = "application/json"), (String = "text/csv")))),
    security(("api_key" = ["viewer"])))]
pub async fn daily(
    State(desk): State<Arc<Desk>>,
    caller: Caller,
    InQuery(asked): InQuery<ReportAsked>,
) -> Result<Response, Problem> {
    let wrong = |said: &str| Problem::new(Code::BadRequest, said);
    let day = Day::parse(&asked.day).ok_or_else(|| wrong("day must be a date: 2026-11-20"))?;
    let by_crossing = match asked.by.as_str() {
        "warehouse" => false,
        "crossing" => true,
        _ => return Err(wrong("by must be warehouse or crossing")),
    };
    let zone = desk.setup.law.zone();
    let span = (zone.midnight(day).0, zone.midnight(day.plus(1)).0);
    let lines = desk
        .store
        .day_counts(&caller.tenant, span, by_crossing)
        .await?;
    let lines: Vec<ReportLine> = lines
        .into_iter()
        .map(|line| ReportLine {
            place: line.place,
            kind: line.kind,
            shipments: line.parcels,
        })
        .collect();
    match asked.format.as_deref() {
        None | Some("json") => Ok(Json(lines).into_response()),
        Some("csv") => {
            let text = report_csv(&asked, &lines).map_err(|error| failed(&error))?;
            Ok(([(header::CONTENT_TYPE, "text/csv; charset=utf-8")], text).into_response())
        }
        Some(_) => Err(wrong("format must be json or csv")),
    }
}

fn report_csv(asked: &ReportAsked, lines: &[ReportLine]) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(["day", &asked.by, "kind", "shipments"])?;
    for line in lines {
        let place = guarded(line.place.as_deref().unwrap_or_default());
        let count = line.shipments.to_string();
        writer.write_record([&asked.day, &place, &line.kind, &count])?;
    }
    writer
        .into_inner()
        .map_err(|error| error.into_error().into())
}
