//! Where parcels are: the board, its counts, and what happened on a day.

use crate::api::body::InQuery;
use crate::auth::Caller;
use crate::problem::{Code, Problem, failed};
use crate::state::Desk;
use crate::tracking::drop::guarded;
use crate::tracking::{Happened, State as Place};
use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use deminimis_law::time::Day;
use deminimis_office::ledger::now;
use deminimis_store::desk::Board;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};

/// The most parcels of one page of the board.
const PAGE: u32 = 500;

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
