//! Log-in, log-out, and the link of an invitation.

use super::form::InForm;
use super::{Head, page};
use crate::api::body::InQuery;
use crate::api::keys::named;
use crate::auth::token::{digest, secret};
use crate::auth::{COOKIE, MaybeCaller, SESSION, cookie, lock, password};
use crate::peer::Peer;
use crate::problem::{Code, Problem};
use crate::state::Desk;
use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use deminimis_office::ledger::now;
use deminimis_store::desk::{AuditLine, Login, User};
use deminimis_store::{Refused, StoreError};
use serde::Deserialize;
use std::sync::Arc;
use std::time::Instant;

/// What is said whatever was wrong: whether there is such a login is nobody's business.
const WRONG: &str = "The login or the password is not right, or too many wrong ones were tried. \
                     Check both; after several tries wait a while.";
/// Of a link.
const ENDED: &str = "this invitation was used, has ended or never was; ask an admin for another";

#[derive(Template)]
#[template(path = "login.html")]
struct LogInPage<'a> {
    head: Head,
    login: &'a str,
    wrong: &'static str,
}

#[derive(Template)]
#[template(path = "welcome.html")]
struct WelcomePage<'a> {
    head: Head,
    token: &'a str,
    role: &'static str,
    login: &'a str,
    wrong: &'a str,
    least: usize,
    most: usize,
}

/// What is typed at log-in.
#[derive(Deserialize)]
pub struct LogIn {
    login: String,
    password: String,
}

/// The token of a link.
#[derive(Deserialize)]
pub struct Invited {
    #[serde(default)]
    token: String,
}

/// What somebody who was invited chooses.
#[derive(Deserialize)]
pub struct Chosen {
    token: String,
    login: String,
    password: String,
}

/// The page of the log-in.
pub async fn ask(MaybeCaller(caller): MaybeCaller) -> Result<Response, Problem> {
    if caller.is_some() {
        return Ok(Redirect::to("/").into_response());
    }
    page(&LogInPage {
        head: Head::new(None, ""),
        login: "",
        wrong: "",
    })
}

/// Begins a session for whoever knows a login and its password.
pub async fn log_in(
    State(desk): State<Arc<Desk>>,
    Extension(peer): Extension<Peer>,
    MaybeCaller(caller): MaybeCaller,
    headers: HeaderMap,
    InForm(form): InForm<LogIn>,
) -> Result<Response, Problem> {
    ours(&headers)?;
    let login = form.login.trim();
    if !desk.attempts.allow(peer.address, login, Instant::now()) {
        let said = "too many log-ins were tried from here or for this login; wait a minute";
        return Err(Problem::new(Code::TooMany, said).after(60));
    }
    if let Some(user) = known(&desk, login, form.password).await? {
        return begin(&desk, &user, peer, &headers).await;
    }
    let told = page(&LogInPage {
        head: Head::new(caller.as_ref(), ""),
        login,
        wrong: WRONG,
    })?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, told).into_response())
}

/// The user of this login and password; nobody if one is wrong, if too many wrong ones were tried
/// before, or if the user was shut out. All of these take as long.
async fn known(desk: &Desk, login: &str, password: String) -> Result<Option<User>, Problem> {
    // No login of the store is longer or has a zero byte.
    let fine = login.chars().count() <= 100 && !login.contains('\0');
    let fine = fine && password.chars().count() <= *password::LENGTH.end();
    let found = match fine {
        true => desk.store.login(login).await?,
        false => None,
    };
    let may_try =
        |found: &&Login| found.user.locked_until <= now() && found.user.disabled_at.is_none();
    let hash = found.as_ref().filter(may_try);
    let hash = hash.map(|found| found.password.clone());
    let (tried, password) = (hash.is_some(), if fine { password } else { String::new() });
    let right = password::check(password, hash).await?;
    let Some(found) = found else {
        return Ok(None);
    };
    if right {
        return Ok(Some(found.user));
    }
    if tried {
        let until = now() + lock(found.failures + 1).as_secs() as i64;
        let failed = desk.store.login_failed(&found.user.user_id, until);
        failed.await?;
    }
    desk.store
        .audit(of_user(&found.user, "session.refuse"))
        .await?;
    Ok(None)
}

fn of_user(user: &User, act: &str) -> AuditLine {
    AuditLine {
        seq: 0,
        tenant: user.tenant.clone(),
        at: now(),
        who: format!("user {}", user.user_id),
        act: act.to_owned(),
        about: user.user_id.clone(),
    }
}

/// A session of its own for every log-in: what a browser brought is ended, so that nobody can be
/// made to use one that another knows.
async fn begin(
    desk: &Desk,
    user: &User,
    peer: Peer,
    headers: &HeaderMap,
) -> Result<Response, Problem> {
    if let Some(old) = cookie(headers) {
        desk.store.end_session(&digest(old)).await?;
    }
    let (token, csrf, at) = (secret()?, secret()?, now());
    let begun = (&digest(&token), csrf.as_str());
    desk.store
        .begin_session(&user.user_id, begun, at, at + SESSION)
        .await?;
    desk.store.audit(of_user(user, "session.begin")).await?;
    let kept = set_cookie(peer, &token, SESSION);
    Ok(([(header::SET_COOKIE, kept)], Redirect::to("/")).into_response())
}

fn set_cookie(peer: Peer, token: &str, seconds: i64) -> String {
    let secure = if peer.is_secure { "; Secure" } else { "" };
    format!("{COOKIE}={token}; HttpOnly; SameSite=Strict; Path=/; Max-Age={seconds}{secure}")
}

/// Ends the session.
pub async fn log_out(
    State(desk): State<Arc<Desk>>,
    Extension(peer): Extension<Peer>,
    MaybeCaller(caller): MaybeCaller,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    if let Some(session) = cookie(&headers) {
        desk.store.end_session(&digest(session)).await?;
    }
    if let Some(caller) = caller {
        let line = desk.line(&caller, "session.end", "");
        desk.store.audit(line).await?;
    }
    let gone = set_cookie(peer, "", 0);
    Ok(([(header::SET_COOKIE, gone)], Redirect::to("/login")).into_response())
}

/// The page on which somebody who was invited chooses a login and a password.
pub async fn welcome(
    State(desk): State<Arc<Desk>>,
    MaybeCaller(caller): MaybeCaller,
    InQuery(Invited { token }): InQuery<Invited>,
) -> Result<Response, Problem> {
    let invitation = desk.store.invitation(&digest(&token), now()).await?;
    let invitation = invitation.ok_or_else(|| Problem::new(Code::NotFound, ENDED))?;
    page(&WelcomePage {
        head: Head::new(caller.as_ref(), ""),
        token: &token,
        role: invitation.role.as_str(),
        login: "",
        wrong: "",
        least: *password::LENGTH.start(),
        most: *password::LENGTH.end(),
    })
}

/// Makes the user and begins its first session.
pub async fn accept(
    State(desk): State<Arc<Desk>>,
    Extension(peer): Extension<Peer>,
    MaybeCaller(caller): MaybeCaller,
    headers: HeaderMap,
    InForm(form): InForm<Chosen>,
) -> Result<Response, Problem> {
    ours(&headers)?;
    if !desk
        .attempts
        .allow(peer.address, &form.token, Instant::now())
    {
        let said = "too many tries from here; wait a minute";
        return Err(Problem::new(Code::TooMany, said).after(60));
    }
    let link = digest(&form.token);
    let invitation = desk.store.invitation(&link, now()).await?;
    let invitation = invitation.ok_or_else(|| Problem::new(Code::NotFound, ENDED))?;
    let wrong = match made(&desk, &link, &form).await {
        Ok(user) => return begin(&desk, &user, peer, &headers).await,
        Err(problem) if problem.status() == StatusCode::UNPROCESSABLE_ENTITY => problem,
        Err(problem) => return Err(problem),
    };
    let told = page(&WelcomePage {
        head: Head::new(caller.as_ref(), ""),
        token: &form.token,
        role: invitation.role.as_str(),
        login: form.login.trim(),
        wrong: wrong.detail(),
        least: *password::LENGTH.start(),
        most: *password::LENGTH.end(),
    })?;
    Ok((wrong.status(), told).into_response())
}

async fn made(desk: &Desk, link: &[u8; 32], form: &Chosen) -> Result<User, Problem> {
    let login = named(form.login.trim()).map_err(|_| {
        let said = "the login must have 1 to 100 letters and no control character";
        Problem::new(Code::BadShipment, said)
    })?;
    let hash = password::hash(form.password.clone()).await?;
    let user_id = secret()?;
    let accepted = desk
        .store
        .accept(link, (&user_id[..16], login, &hash), now())
        .await;
    match accepted {
        Ok(Some(user)) => {
            desk.store.audit(of_user(&user, "user.accept")).await?;
            Ok(user)
        }
        Ok(None) => Err(Problem::new(Code::NotFound, ENDED)),
        Err(StoreError::Refused(Refused::Exists)) => {
            let said = "this login is taken; choose another";
            Err(Problem::new(Code::BadShipment, said))
        }
        Err(error) => Err(error.into()),
    }
}

/// Another site's page could log somebody in as somebody else; there is no session yet whose token
/// a form could bring, but browsers tell where a form comes from.
fn ours(headers: &HeaderMap) -> Result<(), Problem> {
    let from = headers.get("sec-fetch-site");
    let from = from.and_then(|from| from.to_str().ok());
    match from {
        Some("cross-site" | "same-site") => {
            let said = "the form was sent from another site; open the log-in of this desk";
            Err(Problem::new(Code::BadForm, said))
        }
        _ => Ok(()),
    }
}
