//! Users: invited by a link, listed, given another role or shut out.

use crate::api::body::{InPath, Sent};
use crate::api::keys::role;
use crate::auth::{Caller, INVITATION, kept_invitation};
use crate::problem::{Code, Problem};
use crate::state::Desk;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use deminimis_office::ledger::now;
use deminimis_store::desk::User;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::ToSchema;

/// A user as it is listed.
#[derive(Serialize, ToSchema)]
pub struct UserTold {
    /// Its id, which the audit uses.
    pub user_id: String,
    /// What is typed at log-in.
    pub login: String,
    /// `viewer`, `operator`, `compliance` or `admin`.
    pub role: &'static str,
    /// Seconds of UTC since 1970.
    pub created_at: i64,
    /// When it was shut out.
    pub disabled_at: Option<i64>,
}

/// What a user becomes.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UserChange {
    /// `viewer`, `operator`, `compliance` or `admin`.
    #[schema(pattern = "^(viewer|operator|compliance|admin)$")]
    pub role: String,
    /// Whether it is shut out.
    pub disabled: bool,
}

/// Whom to invite.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InvitationWanted {
    /// `viewer`, `operator`, `compliance` or `admin`.
    #[schema(pattern = "^(viewer|operator|compliance|admin)$")]
    pub role: String,
}

/// An invitation that was just made.
#[derive(Serialize, ToSchema)]
pub struct InvitationMade {
    /// The page of this desk on which a login and a password are chosen, once. Shown here alone.
    pub path: String,
    /// Until when, in seconds of UTC since 1970.
    pub expires_at: i64,
}

impl From<User> for UserTold {
    fn from(user: User) -> UserTold {
        UserTold {
            user_id: user.user_id,
            login: user.login,
            role: user.role.as_str(),
            created_at: user.created_at,
            disabled_at: user.disabled_at,
        }
    }
}

/// The tenant's users.
#[utoipa::path(get, path = "/v1/users", tag = "access",
    responses((status = 200, description = "The users", body = Vec<UserTold>)),
    security(("api_key" = ["admin"])))]
pub async fn list(
    State(desk): State<Arc<Desk>>,
    caller: Caller,
) -> Result<Json<Vec<UserTold>>, Problem> {
    let users = desk.store.users(&caller.tenant).await?;
    Ok(Json(users.into_iter().map(UserTold::from).collect()))
}

/// Makes an invitation.
#[utoipa::path(post, path = "/v1/invitations", tag = "access", request_body = InvitationWanted,
    responses((status = 201, description = "The invitation, shown once", body = InvitationMade)),
    security(("api_key" = ["admin"])))]
pub async fn invite(
    State(desk): State<Arc<Desk>>,
    caller: Caller,
    Sent(wanted): Sent<InvitationWanted>,
) -> Result<(StatusCode, Json<InvitationMade>), Problem> {
    let role = role(&wanted.role)?;
    let (invitation, hash, path) = kept_invitation(&caller.tenant, role)?;
    let expires_at = now() + INVITATION;
    desk.store.invite(&hash, &invitation, expires_at).await?;
    desk.store
        .audit(desk.line(&caller, "user.invite", role.as_str()))
        .await?;
    Ok((
        StatusCode::CREATED,
        Json(InvitationMade { path, expires_at }),
    ))
}

/// Gives a user another role, or shuts it out and ends its sessions.
#[utoipa::path(put, path = "/v1/users/{user_id}", tag = "access", request_body = UserChange,
    params(("user_id" = String, Path, description = "The user's id")),
    responses((status = 204, description = "It is changed")),
    security(("api_key" = ["admin"])))]
pub async fn change(
    State(desk): State<Arc<Desk>>,
    caller: Caller,
    InPath(user_id): InPath<String>,
    Sent(wanted): Sent<UserChange>,
) -> Result<StatusCode, Problem> {
    let role = role(&wanted.role)?;
    if caller.who == format!("user {user_id}") {
        let said = "nobody changes his own role or shuts himself out; another admin does";
        return Err(Problem::new(Code::Conflict, said));
    }
    let disabled_at = wanted.disabled.then(now);
    let known = !user_id.contains('\0')
        && desk
            .store
            .change_user(&caller.tenant, &user_id, role, disabled_at)
            .await?;
    if !known {
        return Err(Problem::not_found("user"));
    }
    desk.store
        .audit(desk.line(&caller, "user.change", &user_id))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
