//! `POST /v1/shipments/{id}/acts`: what became of a parcel that has its place.

use crate::api::body::{InPath, Sent};
use crate::api::shipments::not_run;
use crate::api::work::{bad_field, can_be_an_id, waiting};
use crate::auth::Caller;
use crate::auth::token::secret;
use crate::problem::{Code, Problem};
use crate::state::Desk;
use axum::Json;
use axum::extract::State;
use deminimis_law::time::parse_when;
use deminimis_office::ledger::{NotKept, NotMoved, OpenLedger};
use deminimis_office::setup::Setup;
use deminimis_store::{Refused, StoreError};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::Arc;
use utoipa::ToSchema;

/// What became of a parcel.
#[derive(Deserialize, ToSchema)]
#[serde(tag = "act", rename_all = "snake_case", deny_unknown_fields)]
pub enum Act {
    /// It arrived and is released: it keeps its place.
    Post {},
    /// It does not come (refused, cancelled, expired): its place is free again.
    Void {},
    /// It arrives on another day or at another time, and is assessed there.
    Move {
        /// A date, or a timestamp with offset
        #[schema(max_length = 40)]
        arrives_at: String,
        /// The sender's own id of this move: the same id moves once
        #[schema(min_length = 1, max_length = 190)]
        event_id: Option<String>,
    },
}

/// What was done.
#[derive(Serialize, ToSchema)]
pub struct Done {
    /// The parcel.
    shipment_id: String,
    /// `post`, `void` or `move`.
    act: &'static str,
    /// Whether it was done now; else it was done before.
    fresh: bool,
    /// Its place in the ledger.
    position: i64,
    /// The answer, where the parcel was assessed again.
    #[schema(value_type = Object, nullable)]
    decision: Value,
}

/// A parcel arrived, does not come, or arrives at another time. A parcel that is posted or voided
/// stays so: what is not possible any more is a conflict.
#[utoipa::path(post, path = "/v1/shipments/{id}/acts", tag = "parcels",
    params(("id" = String, Path, description = "The shipment_id")),
    request_body = Act,
    responses((status = 200, description = "It is done", body = Done)),
    security(("api_key" = ["operator"])))]
pub async fn act(
    State(desk): State<Arc<Desk>>,
    caller: Caller,
    InPath(id): InPath<String>,
    Sent(act): Sent<Act>,
) -> Result<Json<Done>, Problem> {
    if !can_be_an_id(&id) {
        return Err(Problem::not_found("shipment"));
    }
    let ledger = desk.ledger(&caller.tenant);
    let (word, request) = match &act {
        Act::Post {} => ("post", Some(ledger.intake.post(&id))),
        Act::Void {} => ("void", Some(ledger.intake.void(&id))),
        Act::Move { .. } => ("move", None),
    };
    let line = desk.line(&caller, &format!("shipment.{word}"), &id);
    desk.store.audit(line).await?;
    let Act::Move {
        arrives_at,
        event_id,
    } = act
    else {
        let receipt = match request {
            Some(request) => ledger.ledger.submit(request).await?,
            None => return Err(Problem::not_found("shipment")),
        };
        return Ok(Json(Done {
            shipment_id: id,
            act: word,
            fresh: receipt.fresh,
            position: receipt.position,
            decision: Value::Null,
        }));
    };
    let event = match event_id {
        None => secret()?[..32].to_owned(),
        Some(own) if can_be_an_id(&own) && own.len() <= 190 => own,
        Some(own) => {
            let said = "must have 1 to 190 bytes and no zero byte";
            return Err(bad_field("/event_id", &own, said));
        }
    };
    let setup = Arc::clone(&desk.setup);
    waiting(move || moved(&setup, &ledger, &id, (&arrives_at, &event)).map(Json)).await
}

/// A parcel as the ledger has kept it, arriving at another time.
fn moved(
    setup: &Setup,
    ledger: &OpenLedger,
    id: &str,
    (arrives_at, event): (&str, &str),
) -> Result<Done, Problem> {
    if let Err(error) = parse_when(arrives_at, setup.law.zone()) {
        return Err(bad_field("/arrives_at", arrives_at, error));
    }
    let event = format!("move {event}");
    let moved = ledger.move_kept(setup, id, (arrives_at, &event));
    let (receipt, decision) = moved.map_err(not_run)?.map_err(|why| match why {
        NotMoved::NotKept(NotKept::Unknown) => Problem::not_found("shipment"),
        NotMoved::NotKept(why) => Problem::new(Code::Conflict, why.words()),
        NotMoved::Refused(why @ (Refused::Changed | Refused::WrongState(_))) => {
            Problem::new(Code::Conflict, why.to_string())
        }
        NotMoved::Refused(why) => StoreError::Refused(why).into(),
    })?;
    Ok(Done {
        shipment_id: id.to_owned(),
        act: "move",
        fresh: receipt.fresh,
        position: receipt.position,
        decision,
    })
}
