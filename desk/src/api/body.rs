//! Bodies, read whole within their limits; parameters, with problems in our own words.

use crate::problem::{Code, FieldError, Problem};
use crate::state::Desk;
use axum::body::{Body, HttpBody, to_bytes};
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use http_body_util::{BodyExt, LengthLimitError};
use serde::de::DeserializeOwned;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::timeout;

/// How many bytes of a body that is not wanted are read away.
const DRAINED: usize = 64 << 20;

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
        let body = json_body(request).await?;
        read(body, limits.body_bytes, limits.time)
            .await
            .map(JsonBytes)
    }
}

impl FromRequest<Arc<Desk>> for ManyBytes {
    type Rejection = Problem;

    async fn from_request(request: Request, desk: &Arc<Desk>) -> Result<ManyBytes, Problem> {
        let limits = desk.config.limits;
        let body = json_body(request).await?;
        read(body, limits.many_bytes, limits.time)
            .await
            .map(ManyBytes)
    }
}

impl FromRequest<Arc<Desk>> for TextBytes {
    type Rejection = Problem;

    async fn from_request(request: Request, desk: &Arc<Desk>) -> Result<TextBytes, Problem> {
        // What is told of a message is many times as long.
        let most = desk.config.limits.body_bytes;
        let body = body_of(request, "text/plain").await?;
        read(body, most, desk.config.limits.time)
            .await
            .map(TextBytes)
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

/// A body of text of a kind, as it was sent.
///
/// # Errors
/// It is of another kind, too long, or not sent to its end.
pub async fn text_bytes(desk: &Desk, request: Request, kind: &str) -> Result<Vec<u8>, Problem> {
    let limits = desk.config.limits;
    let body = body_of(request, kind).await?;
    read(body, limits.many_bytes, limits.time).await
}

/// Reads away what is left of a body that is not wanted: many clients read no answer before they
/// have sent all, and the connection can serve the next request. Not for long, and not all of it.
pub(crate) async fn drain(mut body: Body) {
    let away = async {
        let mut left = DRAINED;
        while let Some(Ok(frame)) = body.frame().await {
            left = left.saturating_sub(frame.data_ref().map_or(0, |data| data.len()));
            if left == 0 {
                break;
            }
        }
    };
    let _ = timeout(Duration::from_secs(1), away).await;
}

/// Refuses a body that is not said to be JSON.
async fn json_body(request: Request) -> Result<Body, Problem> {
    body_of(request, "application/json").await
}

/// The body of a request that is said to be of a kind, and not packed.
async fn body_of(request: Request, kind: &str) -> Result<Body, Problem> {
    if is_kind(request.headers(), kind) {
        return Ok(request.into_body());
    }
    drain(request.into_body()).await;
    let said = format!("send Content-Type: {kind}, without a Content-Encoding");
    Err(Problem::new(Code::UnsupportedMediaType, said))
}

/// Whether a body is said to be of a kind, and is not packed.
fn is_kind(headers: &HeaderMap, wanted: &str) -> bool {
    let kind = headers.get(header::CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    kind.eq_ignore_ascii_case(wanted) && !headers.contains_key(header::CONTENT_ENCODING)
}

/// A body, read whole.
pub(crate) async fn read(body: Body, most: usize, time: Duration) -> Result<Vec<u8>, Problem> {
    let large = || Problem::new(Code::TooLarge, format!("the body may have {most} bytes"));
    // One that says that it is too long is not waited for.
    if body.size_hint().lower() > most as u64 {
        drain(body).await;
        return Err(large());
    }
    let slow = |_| Problem::new(Code::TooSlow, "the body was not sent in time");
    let read = timeout(time, to_bytes(body, most)).await.map_err(slow)?;
    match read {
        Ok(bytes) => Ok(bytes.into()),
        Err(error) if is_limit(&error) => Err(large()),
        // A client that went away.
        Err(_) => Err(Problem::new(
            Code::BadRequest,
            "the body was not sent to its end",
        )),
    }
}

/// Whether a body was longer than is taken.
fn is_limit(error: &axum::Error) -> bool {
    let mut source = std::error::Error::source(error);
    while let Some(inner) = source {
        if inner.is::<LengthLimitError>() {
            return true;
        }
        source = inner.source();
    }
    false
}
