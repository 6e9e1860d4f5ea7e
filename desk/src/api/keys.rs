//! API keys: made and shown once, listed without themselves, taken back.

use crate::api::body::{InPath, Sent};
use crate::auth::{Caller, kept_key};
use crate::problem::{Code, Problem};
use crate::state::Desk;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use deminimis_office::ledger::now;
use deminimis_store::desk::{ApiKey, Role};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::ToSchema;

/// A key as it is listed.
#[derive(Serialize, ToSchema)]
pub struct KeyTold {
    /// Its public name, which the audit uses.
    pub key_id: String,
    /// What its owner calls it.
    pub name: String,
    /// `viewer`, `operator`, `compliance` or `admin`.
    pub role: &'static str,
    /// Seconds of UTC since 1970.
    pub created_at: i64,
    /// The moment from which it is not taken.
    pub expires_at: Option<i64>,
    /// When it was taken back.
    pub revoked_at: Option<i64>,
}

/// A key that was just made.
#[derive(Serialize, ToSchema)]
pub struct KeyMade {
    /// The key itself. It is shown here and never again.
    pub key: String,
    /// What is listed of it.
    #[serde(flatten)]
    #[schema(inline)]
    pub told: KeyTold,
}

/// What a key is to be.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct KeyWanted {
    /// What its owner calls it.
    #[schema(min_length = 1, max_length = 100)]
    pub name: String,
    /// `viewer`, `operator`, `compliance` or `admin`.
    #[schema(pattern = "^(viewer|operator|compliance|admin)$")]
    pub role: String,
    /// The moment from which it is not taken, in seconds of UTC since 1970.
    pub expires_at: Option<i64>,
}

impl From<ApiKey> for KeyTold {
    fn from(key: ApiKey) -> KeyTold {
        KeyTold {
            key_id: key.key_id,
            name: key.name,
            role: key.role.as_str(),
            created_at: key.created_at,
            expires_at: key.expires_at,
            revoked_at: key.revoked_at,
        }
    }
}

/// The tenant's keys, the latest first.
#[utoipa::path(get, path = "/v1/keys", tag = "access",
    responses((status = 200, description = "The keys", body = Vec<KeyTold>)),
    security(("api_key" = ["admin"])))]
pub async fn list(
    State(desk): State<Arc<Desk>>,
    caller: Caller,
) -> Result<Json<Vec<KeyTold>>, Problem> {
    let keys = desk.store.keys(&caller.tenant).await?;
    Ok(Json(keys.into_iter().map(KeyTold::from).collect()))
}

/// Makes a key.
#[utoipa::path(post, path = "/v1/keys", tag = "access", request_body = KeyWanted,
    responses((status = 201, description = "The key, shown once", body = KeyMade)),
    security(("api_key" = ["admin"])))]
pub async fn make(
    State(desk): State<Arc<Desk>>,
    caller: Caller,
    Sent(wanted): Sent<KeyWanted>,
) -> Result<(StatusCode, Json<KeyMade>), Problem> {
    let role = role(&wanted.role)?;
    let name = named(&wanted.name)?;
    if wanted.expires_at.is_some_and(|end| end <= now()) {
        return Err(Problem::new(Code::BadShipment, "expires_at has passed"));
    }
    let (kept, hash, key) = kept_key(&caller.tenant, (name, role), wanted.expires_at)?;
    desk.store.add_key(&kept, &hash).await?;
    desk.store
        .audit(desk.line(&caller, "key.make", &kept.key_id))
        .await?;
    let told = KeyTold::from(kept);
    Ok((StatusCode::CREATED, Json(KeyMade { key, told })))
}

/// Takes a key back. It is not taken from the next request on.
#[utoipa::path(delete, path = "/v1/keys/{key_id}", tag = "access",
    params(("key_id" = String, Path, description = "The key's public name")),
    responses((status = 204, description = "It is taken back")),
    security(("api_key" = ["admin"])))]
pub async fn revoke(
    State(desk): State<Arc<Desk>>,
    caller: Caller,
    InPath(key_id): InPath<String>,
) -> Result<StatusCode, Problem> {
    if key_id.contains('\0')
        || !desk
            .store
            .revoke_key(&caller.tenant, &key_id, now())
            .await?
    {
        return Err(Problem::not_found("key"));
    }
    desk.store
        .audit(desk.line(&caller, "key.revoke", &key_id))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A role by its name.
///
/// # Errors
/// There is no such role.
pub fn role(text: &str) -> Result<Role, Problem> {
    let said = "role must be viewer, operator, compliance or admin";
    Role::parse(text).ok_or_else(|| Problem::new(Code::BadShipment, said))
}

/// A name that can be shown: 1 to 100 letters, none of them a control character.
///
/// # Errors
/// It is none.
pub fn named(text: &str) -> Result<&str, Problem> {
    let fine = (1..=100).contains(&text.chars().count()) && !text.chars().any(char::is_control);
    let said = "name must have 1 to 100 letters and no control character";
    if fine {
        Ok(text)
    } else {
        Err(Problem::new(Code::BadShipment, said))
    }
}
