//! What is kept of decisions: records, proofs, the whole log verified, and audit packages.

use crate::api::body::{InPath, Sent, drain};
use crate::api::work::{bad_field, can_be_an_id, field, waiting};
use crate::auth::Caller;
use crate::problem::{Code, Problem, failed};
use crate::state::Desk;
use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use deminimis_office::ledger::{
    MOST_OF_A_PACKAGE, PackageError, now, package, record_json, values_json, verified,
};
use deminimis_store::desk::Role;
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;
use tokio::sync::Semaphore;
use utoipa::ToSchema;

/// Whole logs are read one at a time: it takes memory for each line.
static WHOLE: Semaphore = Semaphore::const_new(1);

/// The records of a parcel in the order in which they were made. Their values are told to the role
/// operator and above.
#[utoipa::path(get, path = "/v1/records/{id}", tag = "records",
    params(("id" = String, Path, description = "The shipment_id")),
    responses((status = 200, description = "The records", body = Vec<Object>)),
    security(("api_key" = ["viewer"])))]
pub async fn records(
    State(desk): State<Arc<Desk>>,
    caller: Caller,
    InPath(id): InPath<String>,
) -> Result<Json<Value>, Problem> {
    if !can_be_an_id(&id) {
        return Err(Problem::not_found("shipment"));
    }
    let line = desk.line(&caller, "record.read", &id);
    let values = caller.role >= Role::Operator;
    let ledger = desk.ledger(&caller.tenant);
    let found = waiting(move || {
        let records = ledger.records_of(&id)?;
        if records.is_empty() {
            return Err(Problem::not_found("shipment"));
        }
        let told = records.iter().map(|record| {
            let mut told = record_json(record);
            if values {
                told["values"] = values_json(record);
            }
            told
        });
        Ok(Json(told.collect()))
    });
    let found = found.await?;
    desk.store.audit(line).await?;
    Ok(found)
}

/// A proof that the records of a parcel are in the signed log, which is checked without the ledger.
/// It has no personal values. Where the log has gone on since it was signed last, it is signed again.
#[utoipa::path(get, path = "/v1/records/{id}/proof", tag = "records",
    params(("id" = String, Path, description = "The shipment_id")),
    responses((status = 200, description = "The proof", body = Object)),
    security(("api_key" = ["operator"])))]
pub async fn proof(
    State(desk): State<Arc<Desk>>,
    caller: Caller,
    InPath(id): InPath<String>,
) -> Result<Response, Problem> {
    if !can_be_an_id(&id) {
        return Err(Problem::not_found("shipment"));
    }
    let line = desk.line(&caller, "record.prove", &id);
    let ledger = desk.ledger(&caller.tenant);
    let place = whole().await?;
    let text = waiting(move || {
        let _place = place;
        if ledger.records_of(&id)?.is_empty() {
            return Err(Problem::not_found("shipment"));
        }
        let proof = ledger.proof(&id)?;
        let proof = proof.map_err(|why| Problem::new(Code::Conflict, why.to_string()))?;
        serde_json::to_vec(&proof).map_err(|error| failed(&error))
    });
    let text = text.await?;
    desk.store.audit(line).await?;
    Ok(([(header::CONTENT_TYPE, "application/json")], text).into_response())
}

/// A place to read the whole log.
async fn whole() -> Result<tokio::sync::SemaphorePermit<'static>, Problem> {
    let said = "the record log is not to be had now; ask again";
    let place = WHOLE.acquire().await;
    place.map_err(|_| Problem::new(Code::Busy, said))
}

/// Adds all lines of the ledger up again and checks the record log whole. The log is one for all
/// tenants; totals that differ are told of the caller's own, and others counted.
#[utoipa::path(post, path = "/v1/records/verify", tag = "records",
    responses((status = 200, description = "Whether all is as it was written (`whole`), the \
        `mismatches` of totals, `others` of other tenants, and the state of the `records`",
        body = Object)),
    security(("api_key" = ["compliance"])))]
pub async fn verify(
    State(desk): State<Arc<Desk>>,
    caller: Caller,
    body: Body,
) -> Result<Json<Value>, Problem> {
    // Nothing is asked for; what is sent all the same does not break the connection.
    drain(body).await;
    desk.store
        .audit(desk.line(&caller, "record.verify", ""))
        .await?;
    let ledger = desk.ledger(&caller.tenant);
    let place = whole().await?;
    waiting(move || {
        let _place = place;
        let found = verified(&*ledger.ledger)?;
        let own = found.mismatches_json(Some(&caller.tenant));
        let others = found.sums.len() - own.as_array().map_or(0, Vec::len);
        Ok(Json(
            json!({ "whole": found.is_whole(), "mismatches": own, "others": others,
            "records": found.records_json() }),
        ))
    })
    .await
}

/// Which parcels a package is of.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    /// Their ids, each once
    #[schema(min_items = 1, max_items = 200)]
    shipment_ids: Vec<String>,
}

/// An audit package (ZIP): input, decisions, records and proofs of parcels, the law that decided, and
/// how all of it is checked without the ledger.
#[utoipa::path(post, path = "/v1/records/export", tag = "records", request_body = Wanted,
    responses((status = 200, description = "The package", body = [u8],
        content_type = "application/zip")),
    security(("api_key" = ["compliance"])))]
pub async fn export(
    State(desk): State<Arc<Desk>>,
    caller: Caller,
    Sent(wanted): Sent<Wanted>,
) -> Result<Response, Problem> {
    let ids = wanted.shipment_ids;
    if !(1..=MOST_OF_A_PACKAGE).contains(&ids.len()) {
        let said = format!("must have 1 to {MOST_OF_A_PACKAGE} ids; ask for more in parts");
        return Err(bad_field("/shipment_ids", "", said));
    }
    if ids.iter().any(|id| !can_be_an_id(id)) {
        return Err(Problem::not_found("shipment"));
    }
    // Who took what away is known before he has it.
    for id in &ids {
        let line = desk.line(&caller, "record.export", id);
        desk.store.audit(line).await?;
    }
    let ledger = desk.ledger(&caller.tenant);
    let place = whole().await?;
    let bytes = waiting(move || {
        let _place = place;
        package(&desk.setup, &ledger, &ids, now()).map_err(|error| match error {
            PackageError::Unknown(place) => {
                let pointer = format!("/shipment_ids/{place}");
                let field = field(&pointer, "", "is not in the ledger");
                Problem::not_found("shipment").with(vec![field])
            }
            PackageError::Unproven(_, why) => Problem::new(Code::Conflict, why.to_string()),
            PackageError::TooLarge => bad_field("/shipment_ids", "", &error),
            PackageError::Ledger(error) => error.into(),
            PackageError::Setup(_) | PackageError::Io(_) => failed(&error),
        })
    });
    let kind = (header::CONTENT_TYPE, "application/zip");
    let name = (
        header::CONTENT_DISPOSITION,
        "attachment; filename=\"audit-package.zip\"",
    );
    Ok(([kind, name], bytes.await?).into_response())
}
