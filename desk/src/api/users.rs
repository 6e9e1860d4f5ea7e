//! Users: invited by a link, listed, given another role or shut out.

use crate::api::body::{InPath, Sent};
use crate::api::keys::role;
use crate::auth::token::hex;
use crate::auth::{Caller, INVITATION, kept_invitation};
use crate::problem::{Code, Problem};
use crate::state::Desk;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use deminimis_office::ledger::now;
use deminimis_store::desk::{Invited, User};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::ToSchema;

/// The most open invitations of a tenant.
const MOST_INVITATIONS: u32 = 1000;

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

/// An invitation that nobody has used yet, as it is listed.
#[derive(Serialize, ToSchema)]
pub struct InvitationTold {
    /// Its id; the link cannot be made of it.
    pub invitation_id: String,
    /// What the user may do.
    pub role: &'static str,
    /// Until when it is good, in seconds of UTC since 1970.
    pub expires_at: i64,
}

/// The tenant's invitations that can still be used, the latest first, 1,000 at most.
#[utoipa::path(get, path = "/v1/invitations", tag = "access",
    responses((status = 200, description = "The invitations", body = Vec<InvitationTold>)),
    security(("api_key" = ["admin"])))]
pub async fn invitations(
    State(desk): State<Arc<Desk>>,
    caller: Caller,
) -> Result<Json<Vec<InvitationTold>>, Problem> {
    let open = open(&desk, &caller).await?;
    let told = open.into_iter().map(|one| InvitationTold {
        invitation_id: id_of(&one),
        role: one.role.as_str(),
        expires_at: one.expires_at,
    });
    Ok(Json(told.collect()))
}

async fn open(desk: &Desk, caller: &Caller) -> Result<Vec<Invited>, Problem> {
    let found = desk
        .store
        .invitations(&caller.tenant, now(), MOST_INVITATIONS);
    Ok(found.await?)
}

/// The beginning of the hash of its link, which leads back to no link.
fn id_of(invited: &Invited) -> String {
    hex(&invited.hash[..invited.hash.len().min(12)])
}

/// Takes an invitation back: its link makes no user any more.
#[utoipa::path(delete, path = "/v1/invitations/{invitation_id}", tag = "access",
    params(("invitation_id" = String, Path, description = "The invitation's id")),
    responses((status = 204, description = "It is taken back")),
    security(("api_key" = ["admin"])))]
pub async fn withdraw(
    State(desk): State<Arc<Desk>>,
    caller: Caller,
    InPath(invitation_id): InPath<String>,
) -> Result<StatusCode, Problem> {
    let open = open(&desk, &caller).await?;
    let found = open.iter().find(|one| id_of(one) == invitation_id);
    let gone = match found {
        Some(one) => {
            desk.store
                .withdraw(&caller.tenant, &one.hash, now())
                .await?
        }
        None => false,
    };
    if !gone {
        return Err(Problem::not_found("invitation"));
    }
    desk.store
        .audit(desk.line(&caller, "user.withdraw", &invitation_id))
        .await?;
    Ok(StatusCode::NO_CONTENT)
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
    if open(&desk, &caller).await?.len() >= MOST_INVITATIONS as usize {
        let said =
            format!("a tenant has {MOST_INVITATIONS} open invitations at most; take one back");
        return Err(Problem::new(Code::Conflict, said));
    }
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
