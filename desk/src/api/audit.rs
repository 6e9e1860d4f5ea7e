//! Who did what: the desk's own audit.

use crate::api::body::InQuery;
use crate::auth::Caller;
use crate::problem::Problem;
use crate::state::Desk;
use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};

/// The most lines of one answer.
const MOST: u32 = 1000;

/// One line of the audit.
#[derive(Serialize, ToSchema)]
pub struct AuditTold {
    /// Its place.
    seq: i64,
    /// Seconds of UTC since 1970.
    at: i64,
    /// `key ID` or `user ID`.
    who: String,
    /// What, such as `shipment.read`.
    act: String,
    /// About which id.
    about: String,
}

/// Which lines.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct After {
    /// The place after which lines are told; the first time 0.
    #[serde(default)]
    after: i64,
}

/// The tenant's audit after a line, 1,000 lines at most.
#[utoipa::path(get, path = "/v1/audit", tag = "access", params(After),
    responses((status = 200, description = "The lines, in order", body = Vec<AuditTold>)),
    security(("api_key" = ["compliance"])))]
pub async fn lines(
    State(desk): State<Arc<Desk>>,
    caller: Caller,
    InQuery(asked): InQuery<After>,
) -> Result<Json<Vec<AuditTold>>, Problem> {
    let lines = desk
        .store
        .audit_lines(&caller.tenant, asked.after, MOST)
        .await?;
    let told = lines.into_iter().map(|line| AuditTold {
        seq: line.seq,
        at: line.at,
        who: line.who,
        act: line.act,
        about: line.about,
    });
    Ok(Json(told.collect()))
}
