//! What comes of a batch: its progress as it goes on, and what is taken of it at the end.

use crate::api::batches::{BatchTold, find};
use crate::api::body::{InPath, InQuery};
use crate::auth::Caller;
use crate::batches::{REJECTS, RESULTS_CSV, RESULTS_NDJSON};
use crate::problem::{Code, Problem};
use crate::state::Desk;
use crate::stream::{Parts, coming, file};
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use deminimis_store::desk::{Batch, BatchState};
use serde::Deserialize;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;
use utoipa::{IntoParams, ToSchema};

/// How often events look for something new.
const LOOK: Duration = Duration::from_millis(500);
/// How long events are silent at most, so that nobody between takes the connection for dead.
const SILENCE: Duration = Duration::from_secs(15);
/// How long events are told at most; who wants more asks again.
const LISTEN: Duration = Duration::from_secs(60 * 60);

/// The progress of a batch as server-sent events: `progress` whenever something changed, at last
/// `end` (or `gone` if it was deleted); each has the batch as JSON. It ends after an hour: ask again.
#[utoipa::path(get, path = "/v1/batches/{id}/events", tag = "batches",
    params(("id" = String, Path, description = "The batch_id")),
    responses((status = 200, description = "Events until the end", body = String,
        content_type = "text/event-stream")),
    security(("api_key" = ["operator"])))]
pub async fn events(
    State(desk): State<Arc<Desk>>,
    caller: Caller,
    InPath(id): InPath<String>,
) -> Result<Response, Problem> {
    let batch = find(&desk, &caller.tenant, &id).await?;
    let place = desk.batches.listeners.enter(&caller.tenant)?;
    let (parts, body) = coming(desk.config.limits.time, None);
    tokio::spawn(async move {
        let _place = place;
        let told = tell(&desk, batch, &parts);
        tokio::select! {
            () = told => {}
            () = desk.ended() => {}
        }
    });
    let headers = [
        (header::CONTENT_TYPE, "text/event-stream"),
        // Some servers between hold answers back until they are whole.
        (header::HeaderName::from_static("x-accel-buffering"), "no"),
    ];
    Ok((headers, body).into_response())
}

async fn tell(desk: &Desk, first: Batch, parts: &Parts) {
    let (tenant, id) = (first.tenant.clone(), first.batch_id.clone());
    let (begun, mut spoke) = (Instant::now(), Instant::now());
    let mut told: Option<Batch> = None;
    let mut now = Some(first);
    while begun.elapsed() < LISTEN {
        let Some(batch) = now else {
            parts.send("event: gone\ndata: {}\n\n").await;
            return;
        };
        if told.as_ref() != Some(&batch) {
            let ended = batch.state.is_ended();
            let name = if ended { "end" } else { "progress" };
            // Every field of a batch is text or a number.
            let data = serde_json::to_string(&BatchTold::from(batch.clone())).unwrap_or_default();
            if !parts.send(format!("event: {name}\ndata: {data}\n\n")).await || ended {
                return;
            }
            (told, spoke) = (Some(batch), Instant::now());
        } else if spoke.elapsed() >= SILENCE {
            if !parts.send(":\n\n").await {
                return;
            }
            spoke = Instant::now();
        }
        tokio::time::sleep(LOOK).await;
        now = match desk.store.batch(&tenant, &id).await {
            Ok(batch) => batch,
            // Whoever listens asks again, and is told then what is wrong.
            Err(_) => return,
        };
    }
}

/// How decisions are written.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ResultFormat {
    /// One JSON object a line, as `assess --format ndjson`.
    #[default]
    Ndjson,
    /// As `assess --format csv`.
    Csv,
}

/// How results are wanted.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct As {
    /// `ndjson` or `csv`.
    #[serde(default)]
    #[param(inline)]
    format: ResultFormat,
}

/// The decisions of a batch that is finished, in the order of its file.
#[utoipa::path(get, path = "/v1/batches/{id}/results", tag = "batches",
    params(("id" = String, Path, description = "The batch_id"), As),
    responses(
        (status = 200, description = "The decisions",
            content((String = "application/x-ndjson"), (String = "text/csv"))),
        (status = 409, description = "It is not finished", body = Problem,
            content_type = "application/problem+json"),
    ),
    security(("api_key" = ["operator"])))]
pub async fn results(
    State(desk): State<Arc<Desk>>,
    caller: Caller,
    InPath(id): InPath<String>,
    InQuery(asked): InQuery<As>,
) -> Result<Response, Problem> {
    match asked.format {
        ResultFormat::Ndjson => download(
            &desk,
            &caller,
            &id,
            (RESULTS_NDJSON, "application/x-ndjson"),
        ),
        ResultFormat::Csv => download(
            &desk,
            &caller,
            &id,
            (RESULTS_CSV, "text/csv; charset=utf-8"),
        ),
    }
    .await
}

/// What was refused of a batch that is finished, as CSV: file, row, shipment_id, field, value,
/// reason.
#[utoipa::path(get, path = "/v1/batches/{id}/rejects", tag = "batches",
    params(("id" = String, Path, description = "The batch_id")),
    responses(
        (status = 200, description = "What was refused", body = String, content_type = "text/csv"),
        (status = 409, description = "It is not finished", body = Problem,
            content_type = "application/problem+json"),
    ),
    security(("api_key" = ["operator"])))]
pub async fn rejects(
    State(desk): State<Arc<Desk>>,
    caller: Caller,
    InPath(id): InPath<String>,
) -> Result<Response, Problem> {
    download(&desk, &caller, &id, (REJECTS, "text/csv; charset=utf-8")).await
}

async fn download(
    desk: &Desk,
    caller: &Caller,
    id: &str,
    (name, kind): (&'static str, &'static str),
) -> Result<Response, Problem> {
    let batch = find(desk, &caller.tenant, id).await?;
    if batch.state != BatchState::Finished {
        let said = match batch.failure.as_str() {
            "" => format!(
                "the batch is {}; wait until it is finished",
                batch.state.as_str()
            ),
            words => format!("the batch has failed: {words}"),
        };
        return Err(Problem::new(Code::Conflict, said));
    }
    let place = desk.batches.downloads.enter(&caller.tenant)?;
    let about = format!("{}/{name}", batch.batch_id);
    // What is told of persons is in the audit before it is told.
    desk.store
        .audit(desk.line(caller, "batch.read", &about))
        .await?;
    let path = desk.batches.file(&batch.batch_id, name);
    let body = file(path, &desk.config.limits, place).await?;
    let as_file = format!("attachment; filename=\"{}-{name}\"", batch.batch_id);
    let headers = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (header::CONTENT_DISPOSITION, as_file),
    ];
    Ok((headers, body).into_response())
}
