//! What others send in their own words: carriers as their settings say, and CBP.

use crate::api::body::{InPath, JsonBytes, Sent, text_bytes};
use crate::api::tracking::NotedMany;
use crate::auth::Caller;
use crate::problem::{Code, FieldError, Problem, failed};
use crate::state::Desk;
use crate::tracking::answer::{self, Answered};
use crate::tracking::carrier::Carrier;
use crate::tracking::event::note_all;
use axum::Json;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use std::sync::Arc;

/// Names under which the desk itself tells of parcels.
const OWN: [&str; 4] = ["house", "ledger", "cbp", "drop"];

/// The name under which a carrier's settings are kept.
fn setting(name: &str) -> Result<String, Problem> {
    let fine = (1..=40).contains(&name.len())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
        && !OWN.contains(&name);
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
    let refused = |row: u64, pointer: &str, detail: String, id: Option<String>| FieldError {
        pointer: pointer.to_owned(),
        detail,
        value: String::new(),
        shipment_id: id,
        row: Some(row),
    };
    let (mut rows, mut events) = (Vec::new(), Vec::new());
    for (row, event) in (1..).zip(carrier.read(&message)?) {
        match event {
            Err(why) => many.rejected.push(refused(row, "", why, None)),
            Ok((id, sent)) => match sent.read(&name) {
                Err(wrong) => {
                    let one = refused(row, wrong.field, wrong.why, Some(id));
                    many.rejected.push(one);
                }
                Ok(event) => {
                    rows.push((row, id.clone()));
                    events.push((id, event));
                }
            },
        }
    }
    let noted = note_all(&desk, &caller.tenant, events).await;
    for ((row, id), noted) in rows.into_iter().zip(noted) {
        match noted {
            Ok((true, _)) => many.new += 1,
            Ok((false, _)) => many.duplicate += 1,
            Err(problem) if problem.status().is_client_error() => {
                let said = problem.detail().to_owned();
                many.rejected
                    .push(refused(row, "shipment_id", said, Some(id)));
            }
            Err(problem) => return Err(problem),
        }
    }
    many.rejected.sort_by_key(|refused| refused.row);
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
