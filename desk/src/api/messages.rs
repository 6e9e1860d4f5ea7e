//! Fixed-column messages: judged, told in words, and read as JSON. Nothing of them is kept.

use crate::api::body::{InQuery, TextBytes};
use crate::api::work::{bad_parameter, reckoning};
use crate::problem::{Problem, failed};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use deminimis_filing::messages::catair::explain::explain as told;
use deminimis_filing::messages::catair::json::to_json;
use deminimis_filing::messages::catair::lint::lint as judged;
use deminimis_filing::messages::catair::{Message, applications, decode as read, decode_as};
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

/// What is known of a message.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Part {
    /// The application of a part without A and B records: AE, AX, SE, SX or SO
    #[param(pattern = "^(AE|AX|SE|SX|SO)$")]
    application: Option<String>,
}

async fn answered<T: Serialize>(
    part: Part,
    bytes: Vec<u8>,
    make: impl FnOnce(&Message<'_>) -> T + Send + 'static,
) -> Result<Response, Problem> {
    if let Some(code) = &part.application {
        let known: Vec<&str> = applications().iter().map(|it| it.application).collect();
        if !known.contains(&code.as_str()) {
            let said = format!("must be one of {}", known.join(", "));
            return Err(bad_parameter("application", said));
        }
    }
    let text = reckoning(move || {
        let message = match &part.application {
            Some(code) => decode_as(code, &bytes),
            None => read(&bytes),
        };
        serde_json::to_vec(&make(&message)).map_err(|error| failed(&error))
    });
    Ok(([(header::CONTENT_TYPE, "application/json")], text.await?).into_response())
}

/// What CBP would refuse of a message, record by record and column by column.
#[utoipa::path(post, path = "/v1/messages/lint", tag = "messages", params(Part),
    request_body(content = String, content_type = "text/plain"),
    responses((status = 200, description = "The findings", body = Object)),
    security(("api_key" = ["viewer"])))]
pub async fn lint(
    InQuery(part): InQuery<Part>,
    TextBytes(bytes): TextBytes,
) -> Result<Response, Problem> {
    answered(part, bytes, judged).await
}

/// A message in plain words.
#[utoipa::path(post, path = "/v1/messages/explain", tag = "messages", params(Part),
    request_body(content = String, content_type = "text/plain"),
    responses((status = 200, description = "What it says", body = Object)),
    security(("api_key" = ["viewer"])))]
pub async fn explain(
    InQuery(part): InQuery<Part>,
    TextBytes(bytes): TextBytes,
) -> Result<Response, Problem> {
    answered(part, bytes, told).await
}

/// A message as JSON: an array of records with their fields.
#[utoipa::path(post, path = "/v1/messages/decode", tag = "messages", params(Part),
    request_body(content = String, content_type = "text/plain"),
    responses((status = 200, description = "Its records, in order", body = Vec<Object>)),
    security(("api_key" = ["viewer"])))]
pub async fn decode(
    InQuery(part): InQuery<Part>,
    TextBytes(bytes): TextBytes,
) -> Result<Response, Problem> {
    answered(part, bytes, to_json).await
}
