//! Errors as RFC 9457 problem details, each with a stable code; one table of codes.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use deminimis_office::ledger::LedgerError;
use deminimis_store::{Refused, StoreError};
use serde::Serialize;
use utoipa::ToSchema;

/// What went wrong: the code says it to programs, the status to whoever is between.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// The request is not readable.
    BadRequest,
    /// Nobody said who asks, or what was said is not good.
    Unauthenticated,
    /// Who asks may not do this.
    Forbidden,
    /// A form was not sent from a page of the desk.
    BadForm,
    /// There is no such thing, or it is another tenant's.
    NotFound,
    /// The path does not take this method.
    MethodNotAllowed,
    /// The request was not sent in time.
    TooSlow,
    /// The id is in use with another body, or the parcel stands where this is not possible.
    Conflict,
    /// The body is larger than is taken.
    TooLarge,
    /// The body is of another kind than is taken.
    UnsupportedMediaType,
    /// The request can be read, and something in it is not right.
    BadShipment,
    /// The idempotency key was used with another body.
    KeyReused,
    /// This tenant has too many requests on their way.
    TooMany,
    /// The program or its surroundings failed.
    Failure,
    /// The desk has too much to do.
    Busy,
}

impl Code {
    /// All codes.
    pub const ALL: [Code; 15] = [
        Code::BadRequest,
        Code::Unauthenticated,
        Code::Forbidden,
        Code::BadForm,
        Code::NotFound,
        Code::MethodNotAllowed,
        Code::TooSlow,
        Code::Conflict,
        Code::TooLarge,
        Code::UnsupportedMediaType,
        Code::BadShipment,
        Code::KeyReused,
        Code::TooMany,
        Code::Failure,
        Code::Busy,
    ];

    /// The table: name, status, title.
    fn row(self) -> (&'static str, u16, &'static str) {
        match self {
            Code::BadRequest => ("bad_request", 400, "The request cannot be read"),
            Code::Unauthenticated => ("unauthenticated", 401, "An API key or a log-in is needed"),
            Code::Forbidden => ("forbidden", 403, "The role does not reach so far"),
            Code::BadForm => (
                "bad_form",
                403,
                "The form is not from a page of this session",
            ),
            Code::NotFound => ("not_found", 404, "There is no such thing"),
            Code::MethodNotAllowed => ("method_not_allowed", 405, "The path has no such method"),
            Code::TooSlow => ("too_slow", 408, "The request was not sent in time"),
            Code::Conflict => ("conflict", 409, "It stands otherwise already"),
            Code::TooLarge => ("too_large", 413, "The body is too large"),
            Code::UnsupportedMediaType => {
                ("unsupported_media_type", 415, "The body is of another kind")
            }
            Code::BadShipment => ("bad_shipment", 422, "The sender must correct the input"),
            Code::KeyReused => ("key_reused", 422, "The idempotency key has another body"),
            Code::TooMany => ("too_many_requests", 429, "Too many requests of this tenant"),
            Code::Failure => ("failure", 500, "The program or its surroundings failed"),
            Code::Busy => ("busy", 503, "The desk has too much to do"),
        }
    }

    /// Its name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.row().0
    }

    /// Its HTTP status.
    #[must_use]
    pub fn status(self) -> StatusCode {
        StatusCode::from_u16(self.row().1).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// Its title.
    #[must_use]
    pub fn title(self) -> &'static str {
        self.row().2
    }
}

/// One field that is not right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldError {
    /// JSON Pointer of the field in what was sent; empty for the whole.
    pub pointer: String,
    /// What is wrong, and what would be right.
    pub detail: String,
    /// The value, cut to 80 characters; `(withheld)` if it is about a natural person.
    pub value: String,
    /// The shipment's id, where it could be read.
    pub shipment_id: Option<String>,
    /// The element of the array, counted from 1; nothing for a single shipment.
    pub row: Option<u64>,
}

/// Problem details, RFC 9457.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Problem {
    /// Names the kind of problem.
    #[serde(rename = "type")]
    kind: String,
    /// The kind in words.
    title: &'static str,
    /// The HTTP status.
    status: u16,
    /// A stable name for programs.
    code: &'static str,
    /// What happened here, and who must act.
    detail: String,
    /// The fields that are not right.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<FieldError>,
    #[serde(skip)]
    retry_after: Option<u32>,
}

impl Problem {
    /// A problem with its words.
    #[must_use]
    pub fn new(code: Code, detail: impl Into<String>) -> Problem {
        let (name, status, title) = code.row();
        Problem {
            kind: format!("urn:deminimis:problem:{name}"),
            title,
            status,
            code: name,
            detail: detail.into(),
            errors: Vec::new(),
            retry_after: matches!(code, Code::TooMany | Code::Busy).then_some(1),
        }
    }

    /// The same with the fields that are not right.
    #[must_use]
    pub fn with(mut self, errors: Vec<FieldError>) -> Problem {
        self.errors = errors;
        self
    }

    /// The same with the seconds after which it may be asked again.
    #[must_use]
    pub fn after(mut self, seconds: u32) -> Problem {
        self.retry_after = Some(seconds);
        self
    }

    /// What happened, in words.
    #[must_use]
    pub fn detail(&self) -> &str {
        &self.detail
    }

    /// The kind in words.
    #[must_use]
    pub fn title(&self) -> &'static str {
        self.title
    }

    /// The fields that are not right.
    #[must_use]
    pub fn errors(&self) -> &[FieldError] {
        &self.errors
    }

    /// The HTTP status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// There is no such thing, or it is another tenant's: the same words for both.
    #[must_use]
    pub fn not_found(what: &str) -> Problem {
        Problem::new(Code::NotFound, format!("there is no such {what}"))
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let (status, after) = (self.status(), self.retry_after);
        let mut response = (status, Json(&self)).into_response();
        // A page tells the same in its own form.
        response.extensions_mut().insert(self);
        let kind = HeaderValue::from_static("application/problem+json");
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, kind);
        if let Some(after) = after {
            headers.insert(header::RETRY_AFTER, after.into());
        }
        if status == StatusCode::UNAUTHORIZED {
            let scheme = HeaderValue::from_static("Bearer realm=\"deminimis\"");
            headers.insert(header::WWW_AUTHENTICATE, scheme);
        }
        response
    }
}

impl From<StoreError> for Problem {
    /// What our surroundings said stays out of the answer: it can name files and hosts.
    fn from(error: StoreError) -> Problem {
        match error {
            StoreError::Busy => Problem::new(Code::Busy, "too many requests wait; ask again"),
            StoreError::Refused(
                refused @ (Refused::OtherBody | Refused::WrongState(_) | Refused::Changed),
            ) => Problem::new(Code::Conflict, refused.to_string()),
            StoreError::Refused(Refused::UnknownShipment) => Problem::not_found("shipment"),
            StoreError::Refused(refused) => Problem::new(Code::BadShipment, refused.to_string()),
            StoreError::NewerSchema { .. }
            | StoreError::OtherMigration(_)
            | StoreError::Damaged(_)
            | StoreError::Failure(_) => failed(&error),
        }
    }
}

impl From<LedgerError> for Problem {
    fn from(error: LedgerError) -> Problem {
        match error {
            LedgerError::Store { error, .. } => error.into(),
            error => failed(&error),
        }
    }
}

/// Our own failure: told in the log, and not to who asks.
pub fn failed(error: &dyn std::error::Error) -> Problem {
    tracing::error!(error = %error, "failure");
    let said = "the desk could not do it; who runs it finds the reason in its log. The same request \
                can be sent again";
    Problem::new(Code::Failure, said)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn codes_are_told_apart_and_have_statuses() {
        let names: HashSet<&str> = Code::ALL.iter().map(|code| code.as_str()).collect();
        assert_eq!(names.len(), Code::ALL.len());
        for code in Code::ALL {
            let status = code.status();
            assert!(status.is_client_error() || status.is_server_error());
            assert_eq!(status.as_u16(), code.row().1);
        }
    }

    #[test]
    fn what_surrounds_us_is_not_told() {
        let failure = StoreError::Failure("/srv/secret/desk.sqlite: disk full".to_owned());
        let told = serde_json::to_string(&Problem::from(failure)).unwrap();
        assert!(told.contains("\"code\":\"failure\"") && !told.contains("secret"));
    }
}
