//! Bodies, read whole within their limits; parameters, with problems in our own words.

use crate::guard::drain;
use crate::problem::{Code, FieldError, Problem};
use crate::state::Desk;
use axum::body::to_bytes;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use serde::de::DeserializeOwned;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::timeout;

/// How JSON is called.
const JSON: &str = "application/json";

/// A body of JSON, as it was sent.
pub struct JsonBytes(pub Vec<u8>);

/// A body with many parcels, as it was sent.
pub struct ManyBytes(pub Vec<u8>);

/// A body of plain text, as it was sent.
pub struct TextBytes(pub Vec<u8>);

/// A body of JSON, read.
pub struct Sent<T>(pub T);

/// Parts of the path.
pub struct InPath<T>(pub T);

/// Parameters after the path.
pub struct InQuery<T>(pub T);

impl FromRequest<Arc<Desk>> for JsonBytes {
    type Rejection = Problem;

    async fn from_request(request: Request, desk: &Arc<Desk>) -> Result<JsonBytes, Problem> {
        let limits = desk.config.limits;
        let read = read(request, JSON, limits.body_bytes, limits.time);
        read.await.map(JsonBytes)
    }
}

impl FromRequest<Arc<Desk>> for ManyBytes {
    type Rejection = Problem;

    async fn from_request(request: Request, desk: &Arc<Desk>) -> Result<ManyBytes, Problem> {
        let limits = desk.config.limits;
        let read = read(request, JSON, limits.many_bytes, limits.time);
        read.await.map(ManyBytes)
    }
}

impl FromRequest<Arc<Desk>> for TextBytes {
    type Rejection = Problem;

    async fn from_request(request: Request, desk: &Arc<Desk>) -> Result<TextBytes, Problem> {
        let limits = desk.config.limits;
        let read = read(request, "text/plain", limits.many_bytes, limits.time);
        read.await.map(TextBytes)
    }
}

impl<T: DeserializeOwned> FromRequest<Arc<Desk>> for Sent<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, desk: &Arc<Desk>) -> Result<Sent<T>, Problem> {
        let JsonBytes(bytes) = JsonBytes::from_request(request, desk).await?;
        let read = serde_json::from_slice(&bytes);
        read.map(Sent).map_err(|error| {
            // The words of the parser can repeat a value, and a value can be a secret.
            let detail = format!(
                "line {} column {}: not what the schema of this route asks for",
                error.line(),
                error.column()
            );
            let field = FieldError {
                pointer: String::new(),
                detail: detail.clone(),
                value: String::new(),
                shipment_id: None,
                row: None,
            };
            Problem::new(Code::BadShipment, detail).with(vec![field])
        })
    }
}

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for InPath<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<InPath<T>, Problem> {
        let read = Path::from_request_parts(parts, state).await;
        read.map(|Path(value)| InPath(value))
            .map_err(|error: PathRejection| Problem::new(Code::BadRequest, error.body_text()))
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for InQuery<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<InQuery<T>, Problem> {
        let read = Query::from_request_parts(parts, state).await;
        read.map(|Query(value)| InQuery(value))
            .map_err(|error: QueryRejection| Problem::new(Code::BadRequest, error.body_text()))
    }
}

/// Refuses a body that is not said to be of a kind.
fn is_of(headers: &HeaderMap, wanted: &str) -> Result<(), Problem> {
    let kind = headers.get(header::CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    let packed = headers.contains_key(header::CONTENT_ENCODING);
    if kind.eq_ignore_ascii_case(wanted) && !packed {
        return Ok(());
    }
    let said = format!("send Content-Type: {wanted}, without a Content-Encoding");
    Err(Problem::new(Code::UnsupportedMediaType, said))
}

async fn read(
    request: Request,
    kind: &str,
    most: usize,
    time: Duration,
) -> Result<Vec<u8>, Problem> {
    if let Err(problem) = is_of(request.headers(), kind) {
        // The connection can serve the next request.
        drain(request.into_body()).await;
        return Err(problem);
    }
    let body = request.into_body();
    let slow = |_| Problem::new(Code::TooSlow, "the body was not sent in time");
    let read = timeout(time, to_bytes(body, most)).await.map_err(slow)?;
    match read {
        Ok(bytes) => Ok(bytes.into()),
        Err(error) => {
            let error = error.into_inner();
            // What is no limit is a client that went away.
            Err(match error.is::<axum::Error>() {
                _ if error.to_string().contains("length limit") => {
                    Problem::new(Code::TooLarge, format!("the body may have {most} bytes"))
                }
                _ => Problem::new(Code::BadRequest, "the body was not sent to its end"),
            })
        }
    }
}
