//! `GET /v1/shipments/{id}/documents/{kind}`: papers of a parcel of the ledger, as PDF.

use crate::api::body::{InPath, InQuery};
use crate::api::work::{bad_parameter, can_be_an_id, reckoning};
use crate::auth::Caller;
use crate::problem::{Code, Problem, failed};
use crate::state::Desk;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use deminimis_filing::documents::{DocumentError, Issue, Made};
use deminimis_office::ledger::{Desk as OpenLedger, lost_words};
use deminimis_office::papers::{One, Paper};
use deminimis_office::setup::Setup;
use serde::Deserialize;
use serde_json::Value;
use std::sync::Arc;
use utoipa::IntoParams;

/// The most letters of a name or number that a paper is given.
const MOST: usize = 100;

/// What a paper is given besides.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Given {
    /// Of a PAPS label: the carrier's SCAC and its number of the shipment
    #[param(max_length = 100)]
    number: Option<String>,
    /// Of a letter: who writes it
    #[param(max_length = 100)]
    issuer: Option<String>,
    /// Of an invoice: the exporter's responsible employee
    #[param(max_length = 100)]
    responsible: Option<String>,
}

/// A paper of a parcel as its latest record has it. It is made only while the law in hand decides the
/// parcel as the ledger has answered: a paper must not contradict the decision that stands.
#[utoipa::path(get, path = "/v1/shipments/{id}/documents/{kind}", tag = "parcels",
    params(("id" = String, Path, description = "The shipment_id"),
        ("kind" = String, Path, description = "invoice, packing-list, cn22, cn23, entry-summary, \
            paps-label (with `number`) or letter"), Given),
    responses(
        (status = 200, description = "The paper", body = [u8], content_type = "application/pdf"),
        (status = 409, description = "The law in hand decides otherwise now, or what was kept is gone",
            body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "Such a paper is not made of this parcel, or lacks something",
            body = Problem, content_type = "application/problem+json"),
    ),
    security(("api_key" = ["operator"])))]
pub async fn document(
    State(desk): State<Arc<Desk>>,
    caller: Caller,
    InPath((id, kind)): InPath<(String, String)>,
    InQuery(given): InQuery<Given>,
) -> Result<Response, Problem> {
    for (name, text) in [
        ("number", &given.number),
        ("issuer", &given.issuer),
        ("responsible", &given.responsible),
    ] {
        if text
            .as_ref()
            .is_some_and(|text| text.chars().count() > MOST)
        {
            return Err(bad_parameter(name, format!("may have {MOST} letters")));
        }
    }
    if !can_be_an_id(&id) {
        return Err(Problem::not_found("shipment"));
    }
    let line = desk.line(&caller, "shipment.document", &id);
    let ledger = desk.ledger(&caller.tenant);
    let setup = Arc::clone(&desk.setup);
    let made = reckoning(move || {
        let paper = paper(&kind, &given)?;
        let one = kept(&setup, &ledger, &id)?;
        let issue = Issue {
            date: one.shipment.entry_when().day,
            issuer: given.issuer.as_deref(),
            responsible: given.responsible.as_deref(),
        };
        one.paper(&setup, paper, issue).map_err(refused)
    });
    let Made { pdf, .. } = made.await?;
    desk.store.audit(line).await?;
    Ok(([(header::CONTENT_TYPE, "application/pdf")], pdf).into_response())
}

fn paper<'a>(kind: &str, given: &'a Given) -> Result<Paper<'a>, Problem> {
    Ok(match kind {
        "invoice" => Paper::Invoice,
        "packing-list" => Paper::PackingList,
        "cn22" => Paper::Cn22,
        "cn23" => Paper::Cn23,
        "entry-summary" => Paper::EntrySummary,
        "letter" => Paper::Letter,
        "paps-label" => {
            let none = || bad_parameter("number", "is needed for a PAPS label");
            Paper::PapsLabel(given.number.as_deref().ok_or_else(none)?)
        }
        _ => return Err(Problem::not_found("kind of document")),
    })
}

/// A parcel as its latest record has it, with what its day held, if the law in hand decides it as the
/// ledger has answered.
pub(super) fn kept(setup: &Setup, ledger: &OpenLedger, id: &str) -> Result<One, Problem> {
    let kept = ledger.latest(setup, id)?;
    let kept = kept.ok_or_else(|| Problem::not_found("shipment"))?;
    let kept = kept.map_err(|lost| Problem::new(Code::Conflict, lost_words(&lost)))?;
    let mut shipment = kept.shipment;
    let unread = |field| Problem::new(Code::Conflict, format!("its record does not read: {field}"));
    kept.said
        .apply(&mut shipment, setup.law.zone())
        .map_err(unread)?;
    let one = One {
        shipment,
        texts: kept.texts,
        day: kept.day,
    };
    let stands: Value = serde_json::from_slice(&kept.decision).map_err(|error| failed(&error))?;
    let now = serde_json::to_value(one.decision(setup)).map_err(|error| failed(&error))?;
    // Words may be said better later; what is decided and owed is what a paper prints.
    let same = ["outcome", "entry_path", "entered_value_usd", "owed"]
        .iter()
        .all(|field| stands[*field] == now[*field]);
    if same {
        return Ok(one);
    }
    let said = "the law in hand decides this parcel otherwise than the answer that stands; serve under \
                the law of that answer (--known-at) to print it";
    Err(Problem::new(Code::Conflict, said))
}

fn refused(error: DocumentError) -> Problem {
    match error {
        DocumentError::Refused(_) | DocumentError::NotForThis(_) => {
            Problem::new(Code::BadShipment, error.to_string())
        }
        DocumentError::Disagrees { .. } | DocumentError::Pdf(_) => failed(&error),
    }
}
