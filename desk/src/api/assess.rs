//! `POST /v1/assess`: parcels decided, none of them entered.

use crate::api::body::ManyBytes;
use crate::api::contract::{Decisions, Shipments};
use crate::api::work::reckoning;
use crate::auth::Caller;
use crate::problem::{Code, FieldError, Problem, failed};
use crate::settings::OfTenant;
use crate::state::Desk;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use deminimis_office::out::json::Json;
use deminimis_office::pass::{Inputs, Opening, PassError, Wishes, learn, second};
use deminimis_office::read::{Format, Ids, ReadError, Reject};
use deminimis_office::setup::Setup;
use std::sync::Arc;

/// What messages call a body.
const BODY: &str = "the request";

/// Decides one parcel, or an array of them (10,000 at most), under the law of each one's own day.
/// Nothing is kept; parcels of one array share their persons' days. What a parcel leaves open is
/// filled by the tenant's settings.
#[utoipa::path(post, path = "/v1/assess", tag = "parcels",
    request_body(content = Shipments, content_type = "application/json"),
    responses(
        (status = 200, description = "A decision for one parcel; for an array all of them",
            body = Decisions),
    ),
    security(("api_key" = ["viewer"])))]
pub async fn assess(
    State(desk): State<Arc<Desk>>,
    caller: Caller,
    ManyBytes(bytes): ManyBytes,
) -> Result<Response, Problem> {
    let house = desk.settings(&caller.tenant).await?;
    let (setup, most) = (Arc::clone(&desk.setup), desk.config.limits.parcels);
    let text = reckoning(move || decide((&setup, &house), &bytes, most)).await?;
    Ok(([(header::CONTENT_TYPE, "application/json")], text).into_response())
}

fn decide(
    (setup, house): (&Setup, &OfTenant),
    bytes: &[u8],
    most: usize,
) -> Result<Vec<u8>, Problem> {
    let first = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
    let many = first == Some(&b'[');
    let inputs = Inputs::sent(BODY, bytes).map_err(|error| failed(&error))?;
    let opening = opening(setup, house);
    let mut rejected = Vec::new();
    let wishes = Wishes {
        threads: 1,
        ..Wishes::default()
    };
    let refuse = |reject: &Reject| {
        rejected.push(field_error(reject, many));
        Ok(())
    };
    let learned = learn(setup, &inputs, &opening, &wishes, refuse, |_| Ok(())).map_err(unread)?;
    let read = learned.counts.shipments_read;
    if read > most as u64 || (!many && read > 1) {
        let said = match many {
            true => format!("{read} parcels were sent; a request takes {most} at most"),
            false => format!("{read} parcels were sent; send many as an array"),
        };
        return Err(Problem::new(Code::BadShipment, said));
    }
    if learned.counts.shipments_accepted == 0 && !rejected.is_empty() {
        let said = "no parcel can be read; the sender must correct what is named";
        return Err(Problem::new(Code::BadShipment, said).with(rejected));
    }
    let mut text = Vec::new();
    if many {
        text.extend_from_slice(b"{\"decisions\":[\n");
    }
    let sink = Json { array: many };
    second::decide(setup, &inputs, &opening, &wishes, learned, &sink, &mut text).map_err(unread)?;
    if many {
        text.extend_from_slice(b"\n],\"rejected\":");
        serde_json::to_writer(&mut text, &rejected).map_err(|error| failed(&error))?;
        text.push(b'}');
    }
    Ok(text)
}

/// How bodies are read.
pub(crate) fn opening<'a>(setup: &'a Setup, house: &'a OfTenant) -> Opening<'a> {
    Opening {
        setup,
        format: Some(Format::Json),
        map: None,
        import: None,
        catalog: None,
        ignore_unknown: false,
        set: Vec::new(),
        defaults: Some(&house.defaults),
        ids: Ids::default(),
    }
}

/// A body that cannot be read at all, or our own failure.
pub(crate) fn unread(error: PassError) -> Problem {
    match error {
        PassError::Read(ReadError::Empty { message, .. }) => {
            Problem::new(Code::BadShipment, message)
        }
        PassError::Read(ReadError::Usage { message, .. }) => {
            Problem::new(Code::BadShipment, message)
        }
        error => failed(&error),
    }
}

/// A refusal as it is told.
pub(crate) fn field_error(reject: &Reject, many: bool) -> FieldError {
    FieldError {
        pointer: reject.field.clone(),
        detail: reject.reason.to_string(),
        value: reject.value.clone(),
        shipment_id: reject.shipment_id.clone(),
        row: many.then_some(reject.row),
    }
}
