//! Whether the desk lives and can work, and its description.

use crate::problem::Problem;
use crate::state::Desk;
use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use std::sync::Arc;
use utoipa::ToSchema;

/// How the desk is.
#[derive(Serialize, ToSchema)]
pub struct Health {
    /// `ok`.
    status: &'static str,
}

/// Whether the program lives.
#[utoipa::path(get, path = "/healthz", tag = "operations",
    responses((status = 200, description = "It lives", body = Health)))]
pub async fn healthz() -> Json<Health> {
    Json(Health { status: "ok" })
}

/// Whether the desk can work: its store and its ledger answer.
#[utoipa::path(get, path = "/readyz", tag = "operations",
    responses((status = 200, description = "It can work", body = Health),
        (status = 503, description = "It cannot work now", body = Problem,
            content_type = "application/problem+json")))]
pub async fn readyz(State(desk): State<Arc<Desk>>) -> Response {
    let store = desk.store.has_tenants().await;
    let ledger = desk.ledger("default");
    let ledger = ledger.ledger.entries(0, 1).await;
    match store.map(drop).and(ledger.map(drop)) {
        Ok(()) => Json(Health { status: "ok" }).into_response(),
        Err(error) => {
            // What failed is in the log; to whoever balances load it is enough that it did.
            drop(Problem::from(error));
            let said = "the store or the ledger does not answer";
            Problem::new(crate::problem::Code::Busy, said).into_response()
        }
    }
}

/// This description.
#[utoipa::path(get, path = "/openapi.json", tag = "operations",
    responses((status = 200, description = "OpenAPI 3.1", body = Object)))]
pub async fn openapi(State(desk): State<Arc<Desk>>) -> Response {
    let kind = [(header::CONTENT_TYPE, "application/json")];
    (kind, desk.openapi_text.clone()).into_response()
}
