//! Who may come in: keys, users and invitations of a tenant, by the very functions of the API.

use super::form::InForm;
use super::{Head, page};
use crate::api::body::{InPath, Sent};
use crate::api::keys::{KeyTold, KeyWanted};
use crate::api::users::{InvitationTold, InvitationWanted, UserChange, UserTold};
use crate::api::{keys, users};
use crate::auth::Caller;
use crate::problem::{Code, Problem};
use crate::state::Desk;
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use deminimis_law::time::Day;
use deminimis_office::ledger::now;
use deminimis_store::desk::Role;
use serde::Deserialize;
use std::sync::Arc;

/// The parts of the settings: path and words.
pub const TABS: [(&str, &str); 4] = [
    ("/settings", "Access"),
    ("/settings/filing", "Filing"),
    ("/settings/policy", "House policy and retention"),
    ("/settings/webhooks", "Webhooks"),
];

/// Seconds of a day.
const DAY: i64 = 24 * 60 * 60;

#[derive(Template)]
#[template(path = "settings.html")]
struct SettingsPage {
    head: Head,
    tab: &'static str,
    roles: Vec<&'static str>,
    keys: Vec<KeyRow>,
    users: Vec<UserRow>,
    invitations: Vec<InvitationRow>,
    /// A key that was just made, with its name.
    key: Option<(String, String)>,
    /// The address of an invitation that was just made.
    invitation: Option<String>,
    /// What was not right with what was sent.
    wrong: String,
}

struct KeyRow {
    told: KeyTold,
    made: String,
    ends: String,
    good: bool,
}

struct InvitationRow {
    told: InvitationTold,
    ends: String,
}

struct UserRow {
    told: UserTold,
    made: String,
    own: bool,
}

/// What a key is to be.
#[derive(Deserialize)]
pub struct KeyForm {
    name: String,
    role: String,
    /// Days for which it is taken; empty for always.
    #[serde(default)]
    days: String,
}

/// Whom to invite.
#[derive(Deserialize)]
pub struct InvitationForm {
    role: String,
}

/// What a user becomes.
#[derive(Deserialize)]
pub struct UserForm {
    role: String,
    /// Sent by the box that shuts the user out.
    disabled: Option<String>,
}

/// The page.
pub async fn show(State(desk): State<Arc<Desk>>, caller: Caller) -> Result<Response, Problem> {
    page(&settings(&desk, &caller).await?)
}

async fn settings(desk: &Arc<Desk>, caller: &Caller) -> Result<SettingsPage, Problem> {
    let keys = keys::list(State(Arc::clone(desk)), caller.clone()).await?.0;
    let users = users::list(State(Arc::clone(desk)), caller.clone())
        .await?
        .0;
    let invitations = users::invitations(State(Arc::clone(desk)), caller.clone());
    let invitations = invitations.await?.0.into_iter();
    let at = now();
    let keys = keys.into_iter().map(|told| KeyRow {
        made: day(told.created_at),
        ends: told.expires_at.map(day).unwrap_or_default(),
        good: told.revoked_at.is_none() && told.expires_at.is_none_or(|end| at < end),
        told,
    });
    let users = users.into_iter().map(|told| UserRow {
        made: day(told.created_at),
        own: caller.who == format!("user {}", told.user_id),
        told,
    });
    Ok(SettingsPage {
        head: Head::new(Some(caller), "/settings"),
        tab: "/settings",
        roles: Role::ALL.iter().map(|role| role.as_str()).collect(),
        keys: keys.collect(),
        users: users.collect(),
        invitations: invitations
            .map(|told| InvitationRow {
                ends: day(told.expires_at),
                told,
            })
            .collect(),
        key: None,
        invitation: None,
        wrong: String::new(),
    })
}

/// A moment's day in UTC. One that no calendar has is told as seconds.
pub(super) fn day(at: i64) -> String {
    let days = i32::try_from(at.div_euclid(DAY)).ok();
    let days = days.filter(|days| days.abs() < 2_000_000);
    days.map_or_else(|| format!("second {at}"), |days| Day(days).to_string())
}

/// The page again, with what was not right; our own failures are told as such.
async fn again(desk: &Arc<Desk>, caller: &Caller, problem: Problem) -> Result<Response, Problem> {
    if problem.status().is_server_error() {
        return Err(problem);
    }
    let mut shown = settings(desk, caller).await?;
    shown.wrong = problem.detail().to_owned();
    Ok((problem.status(), page(&shown)?).into_response())
}

/// Makes a key and shows it, this once.
pub async fn make_key(
    State(desk): State<Arc<Desk>>,
    caller: Caller,
    InForm(form): InForm<KeyForm>,
) -> Result<Response, Problem> {
    let expires_at = match ends(&form.days) {
        Ok(ends) => ends,
        Err(problem) => return again(&desk, &caller, problem).await,
    };
    let wanted = Sent(KeyWanted {
        name: form.name,
        role: form.role,
        expires_at,
    });
    match keys::make(State(Arc::clone(&desk)), caller.clone(), wanted).await {
        Ok((_, made)) => {
            let mut shown = settings(&desk, &caller).await?;
            shown.key = Some((made.0.told.name, made.0.key));
            page(&shown)
        }
        Err(problem) => again(&desk, &caller, problem).await,
    }
}

fn ends(days: &str) -> Result<Option<i64>, Problem> {
    let days = days.trim();
    if days.is_empty() {
        return Ok(None);
    }
    let known = days
        .parse()
        .ok()
        .filter(|days| (1..=3650_i64).contains(days));
    let said = "the days of a key must be a whole number from 1 to 3650, or empty for no end";
    let known = known.ok_or_else(|| Problem::new(Code::BadShipment, said))?;
    Ok(Some(now() + known * DAY))
}

/// Takes a key back.
pub async fn revoke_key(
    State(desk): State<Arc<Desk>>,
    caller: Caller,
    InPath(key_id): InPath<String>,
) -> Result<Response, Problem> {
    keys::revoke(State(desk), caller, InPath(key_id)).await?;
    Ok(Redirect::to("/settings").into_response())
}

/// Makes an invitation and shows its link, this once.
pub async fn invite(
    State(desk): State<Arc<Desk>>,
    caller: Caller,
    InForm(form): InForm<InvitationForm>,
) -> Result<Response, Problem> {
    let wanted = Sent(InvitationWanted { role: form.role });
    match users::invite(State(Arc::clone(&desk)), caller.clone(), wanted).await {
        Ok((_, made)) => {
            let mut shown = settings(&desk, &caller).await?;
            shown.invitation = Some(made.0.path);
            page(&shown)
        }
        Err(problem) => again(&desk, &caller, problem).await,
    }
}

/// Takes an invitation back.
pub async fn withdraw(
    State(desk): State<Arc<Desk>>,
    caller: Caller,
    InPath(invitation_id): InPath<String>,
) -> Result<Response, Problem> {
    users::withdraw(State(desk), caller, InPath(invitation_id)).await?;
    Ok(Redirect::to("/settings").into_response())
}

/// Gives a user another role, or shuts it out.
pub async fn change_user(
    State(desk): State<Arc<Desk>>,
    caller: Caller,
    InPath(user_id): InPath<String>,
    InForm(form): InForm<UserForm>,
) -> Result<Response, Problem> {
    let change = Sent(UserChange {
        role: form.role,
        disabled: form.disabled.is_some(),
    });
    let changed = users::change(
        State(Arc::clone(&desk)),
        caller.clone(),
        InPath(user_id),
        change,
    );
    match changed.await {
        Ok(_) => Ok(Redirect::to("/settings").into_response()),
        Err(problem) => again(&desk, &caller, problem).await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_ends_after_so_many_days_or_never() {
        assert_eq!(ends(" ").unwrap(), None);
        let in_two = ends("2").unwrap().unwrap();
        assert!((now() + 2 * DAY - in_two).abs() < 5);
        for wrong in ["0", "3651", "-1", "x", "99999999999999999999"] {
            assert!(ends(wrong).is_err(), "{wrong}");
        }
        assert_eq!(day(0), "1970-01-01");
        assert_eq!(day(i64::MAX), format!("second {}", i64::MAX));
    }
}
