//! Batches: files of parcels sent, looked at and forgotten.

use crate::api::body::drain;
use crate::api::body::{InPath, InQuery};
use crate::api::keys::named;
use crate::auth::Caller;
use crate::batches::{Upload, Wanted, system};
use crate::problem::{Code, Problem, failed};
use crate::state::Desk;
use axum::Json;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use deminimis_store::desk::{Batch, BatchKind, Role};
use hyper::body::Body as _;
use serde::{Deserialize, Serialize};
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::timeout;
use utoipa::{IntoParams, ToSchema};

/// The most batches of one answer.
pub(crate) const MOST: u32 = 100;

/// How many parcels had which outcome.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Outcomes {
    free: i64,
    entry_required: i64,
    prohibited: i64,
    needs_person: i64,
}

/// Where more of a batch is found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Addresses {
    /// The batch itself.
    this: String,
    /// Its progress as server-sent events.
    events: String,
    /// Its decisions.
    results: String,
    /// What was refused of it.
    rejects: String,
}

/// A batch as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct BatchTold {
    /// Its id.
    pub batch_id: String,
    /// What its sender calls it.
    pub name: String,
    /// `assess` or `enter`.
    pub kind: &'static str,
    /// `queued`, `running`, `finished` or `failed`.
    pub state: &'static str,
    /// Why it failed, and who must act.
    pub failure: Option<String>,
    /// The system whose export it is, if one was named.
    pub from: Option<String>,
    /// Bytes of the file, unpacked.
    pub bytes: i64,
    /// Seconds of UTC since 1970.
    pub created_at: i64,
    /// When the work on it last began.
    pub started_at: Option<i64>,
    /// When it ended.
    pub ended_at: Option<i64>,
    /// Rows of the file without its header (in JSON one a parcel); known at the end.
    pub rows_read: i64,
    /// Parcels that were read and not refused.
    pub parcels_read: i64,
    /// Parcels that were refused.
    pub parcels_refused: i64,
    /// Parcels that have their answer.
    pub parcels_done: i64,
    /// By outcome; known at the end.
    pub outcomes: Outcomes,
    /// Parcels that were entered in the ledger by this run; known at the end.
    pub entered: i64,
    /// Parcels that were in the ledger before it, also by a run that was broken off.
    pub answered_before: i64,
    /// Where more is found.
    pub addresses: Addresses,
    /// Its place, for `before`.
    pub seq: i64,
}

impl From<Batch> for BatchTold {
    fn from(batch: Batch) -> BatchTold {
        let of = |rest: &str| format!("/v1/batches/{}{rest}", batch.batch_id);
        let some = |text: String| Some(text).filter(|text| !text.is_empty());
        let [free, entry_required, prohibited, needs_person] = batch.counts.outcomes;
        BatchTold {
            addresses: Addresses {
                this: of(""),
                events: of("/events"),
                results: of("/results"),
                rejects: of("/rejects"),
            },
            batch_id: batch.batch_id,
            name: batch.name,
            kind: batch.kind.as_str(),
            state: batch.state.as_str(),
            failure: some(batch.failure),
            from: some(batch.preset),
            bytes: batch.bytes,
            created_at: batch.created_at,
            started_at: batch.started_at,
            ended_at: batch.ended_at,
            rows_read: batch.counts.rows_read,
            parcels_read: batch.counts.parcels_read,
            parcels_refused: batch.counts.parcels_refused,
            parcels_done: batch.counts.parcels_done,
            outcomes: Outcomes {
                free,
                entry_required,
                prohibited,
                needs_person,
            },
            entered: batch.counts.entered,
            answered_before: batch.counts.answered_before,
            seq: batch.seq,
        }
    }
}

/// What is done with the parcels.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// They are decided, and none is entered.
    #[default]
    Assess,
    /// They are entered in the ledger.
    Enter,
}

/// What is to be done with a file.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Asked {
    /// `assess` (decided, none entered) or `enter` (entered in the ledger).
    #[serde(default)]
    #[param(inline)]
    kind: Kind,
    /// What refusals call the file; by its ending (`.csv`, `.json`, `.ndjson`) it may tell how it is
    /// written.
    #[param(min_length = 1, max_length = 100)]
    name: Option<String>,
    /// The system whose export it is, as `deminimis assess --from`.
    from: Option<String>,
    /// Whether columns and keys that are not fields are passed over.
    #[serde(default)]
    ignore_unknown: bool,
}

/// Sends a file of parcels (CSV, NDJSON or JSON, also gzip by its first bytes), which is worked off
/// in the background. 512 MiB as sent and 2 GiB unpacked at most.
#[utoipa::path(post, path = "/v1/batches", tag = "batches", params(Asked),
    request_body(content(
        (String = "text/csv"), (String = "application/x-ndjson"), (String = "application/json"),
        (String = "application/gzip"), (String = "application/octet-stream"))),
    responses((status = 202, description = "It is queued", body = BatchTold,
        headers(("Location" = String, description = "The batch")))),
    extensions(("x-streams" = json!(true))),
    security(("api_key" = ["operator"])))]
pub async fn send(
    State(desk): State<Arc<Desk>>,
    caller: Caller,
    InQuery(asked): InQuery<Asked>,
    request: Request,
) -> Result<Response, Problem> {
    let wanted = match wanted(request.headers(), asked) {
        Ok(wanted) => wanted,
        Err(problem) => {
            drain(request.into_body()).await;
            return Err(problem);
        }
    };
    let most = desk.config.limits.batch_bytes;
    if request.body().size_hint().lower() > most {
        let said = format!("the file may have {most} bytes as it is sent; send it in parts");
        return Err(Problem::new(Code::TooLarge, said));
    }
    let upload = Upload::begin(&desk, &caller.tenant).await?;
    receive(&upload, request.into_body(), desk.config.limits.time).await?;
    let told = BatchTold::from(upload.end(&caller, wanted).await?);
    let place = HeaderValue::from_str(&told.addresses.this);
    let mut answer = (StatusCode::ACCEPTED, Json(told)).into_response();
    if let Ok(place) = place {
        answer.headers_mut().insert(header::LOCATION, place);
    }
    Ok(answer)
}

fn wanted(headers: &HeaderMap, asked: Asked) -> Result<Wanted, Problem> {
    let format = format(headers)?;
    let name = asked.name.unwrap_or_else(|| "parcels".to_owned());
    let preset = asked.from.unwrap_or_default();
    system(&preset).map_err(|said| Problem::new(Code::BadShipment, said))?;
    Ok(Wanted {
        name: named(&name)?.to_owned(),
        kind: match asked.kind {
            Kind::Assess => BatchKind::Assess,
            Kind::Enter => BatchKind::Enter,
        },
        format,
        preset,
        ignore_unknown: asked.ignore_unknown,
    })
}

/// How a body says it is written; empty where its name and its first bytes are to tell.
fn format(headers: &HeaderMap) -> Result<&'static str, Problem> {
    let text = |name| {
        let value: Option<&HeaderValue> = headers.get(name);
        value.and_then(|value| value.to_str().ok()).unwrap_or("")
    };
    let kind = text(header::CONTENT_TYPE).split(';').next();
    let kind = kind.unwrap_or_default().trim().to_ascii_lowercase();
    let packed = text(header::CONTENT_ENCODING).to_ascii_lowercase();
    let known = match kind.as_str() {
        "text/csv" => Some("csv"),
        "application/json" => Some("json"),
        "application/x-ndjson" | "application/ndjson" | "application/jsonl" => Some("ndjson"),
        "application/gzip" | "application/x-gzip" | "application/octet-stream" => Some(""),
        _ => None,
    };
    let said = "send Content-Type: text/csv, application/x-ndjson, application/json, \
                application/gzip or application/octet-stream; gzip is seen by its bytes, other \
                encodings are not taken";
    known
        .filter(|_| ["", "gzip", "identity"].contains(&packed.as_str()))
        .ok_or_else(|| Problem::new(Code::UnsupportedMediaType, said))
}

/// Hands the parts of a body on as they come. A client that sends none for so long is given up.
async fn receive(upload: &Upload, mut body: Body, patience: Duration) -> Result<(), Problem> {
    loop {
        let next = poll_fn(|context| Pin::new(&mut body).poll_frame(context));
        let slow = |_| Problem::new(Code::TooSlow, "the file was not sent in time");
        let Some(frame) = timeout(patience, next).await.map_err(slow)? else {
            return Ok(());
        };
        let broken = |_| Problem::new(Code::BadRequest, "the file was not sent to its end");
        // Trailers tell nothing of a file.
        let Ok(part) = frame.map_err(broken)?.into_data() else {
            continue;
        };
        if !upload.part(part).await {
            drain(body).await;
            return Ok(());
        }
    }
}

/// Which batches.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Before {
    /// The `seq` before which batches are told; without it the latest.
    pub before: Option<i64>,
}

/// The tenant's batches, the latest first, 100 at most.
#[utoipa::path(get, path = "/v1/batches", tag = "batches", params(Before),
    responses((status = 200, description = "The batches", body = Vec<BatchTold>)),
    security(("api_key" = ["viewer"])))]
pub async fn list(
    State(desk): State<Arc<Desk>>,
    caller: Caller,
    InQuery(asked): InQuery<Before>,
) -> Result<Json<Vec<BatchTold>>, Problem> {
    let before = asked.before.unwrap_or(i64::MAX);
    let batches = desk.store.batches(&caller.tenant, before, MOST).await?;
    let told = batches.into_iter().map(|batch| for_role(batch, &caller));
    Ok(Json(told.collect()))
}

/// A batch as one may know it: why a file cannot be read can repeat what stands in it.
#[must_use]
pub fn for_role(batch: Batch, caller: &Caller) -> BatchTold {
    let mut told = BatchTold::from(batch);
    if caller.role < Role::Operator && told.failure.is_some() {
        let said = "the file could not be taken; the role operator sees why";
        told.failure = Some(said.to_owned());
    }
    told
}

/// A tenant's batch by an id that was asked for.
///
/// # Errors
/// There is none, or the store failed.
pub async fn find(desk: &Desk, tenant: &str, id: &str) -> Result<Batch, Problem> {
    // No id has another form; what is not one does not go to the store.
    let fine = (1..=64).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_hexdigit());
    let found = match fine {
        true => desk.store.batch(tenant, id).await?,
        false => None,
    };
    found.ok_or_else(|| Problem::not_found("batch"))
}

/// A batch: its state, and what was counted of it.
#[utoipa::path(get, path = "/v1/batches/{id}", tag = "batches",
    params(("id" = String, Path, description = "The batch_id")),
    responses((status = 200, description = "The batch", body = BatchTold)),
    security(("api_key" = ["viewer"])))]
pub async fn one(
    State(desk): State<Arc<Desk>>,
    caller: Caller,
    InPath(id): InPath<String>,
) -> Result<Json<BatchTold>, Problem> {
    let batch = find(&desk, &caller.tenant, &id).await?;
    Ok(Json(for_role(batch, &caller)))
}

/// Forgets a batch; its files go. Work on it stops, and what it has entered in the ledger stays.
#[utoipa::path(delete, path = "/v1/batches/{id}", tag = "batches",
    params(("id" = String, Path, description = "The batch_id")),
    responses((status = 204, description = "It is gone")),
    security(("api_key" = ["operator"])))]
pub async fn delete(
    State(desk): State<Arc<Desk>>,
    caller: Caller,
    InPath(id): InPath<String>,
) -> Result<StatusCode, Problem> {
    let batch = find(&desk, &caller.tenant, &id).await?;
    let line = desk.line(&caller, "batch.delete", &batch.batch_id);
    desk.store.audit(line).await?;
    let gone = desk.store.delete_batch(&caller.tenant, &id).await?;
    let gone = gone.ok_or_else(|| Problem::not_found("batch"))?;
    let of = Arc::clone(&desk);
    let removed = tokio::task::spawn_blocking(move || of.batches.forget(&gone.batch_id));
    removed.await.map_err(|error| failed(&error))?;
    Ok(StatusCode::NO_CONTENT)
}
