//! Who asks: API keys, passwords and sessions.

pub mod attempts;
pub mod password;
pub mod token;

use crate::problem::{Code, Problem};
use crate::state::Desk;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use deminimis_office::ledger::now;
use deminimis_store::desk::{ApiKey, Invitation, Role};
use std::convert::Infallible;
use std::time::Duration;
use token::{digest, secret};

/// The name of the cookie that holds a session.
pub const COOKIE: &str = "deminimis_session";
/// How long a session lasts, in seconds: a working day.
pub const SESSION: i64 = 12 * 60 * 60;
/// How long an invitation is good, in seconds.
pub const INVITATION: i64 = 7 * 24 * 60 * 60;
/// How an API key begins, so that scanners of repositories know it.
const KEY_BEGINS: &str = "dmk_";

/// Who asks, for whom, and what he may do. There before any handler runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// Whose parcels are reached.
    pub tenant: String,
    /// `key ID` or `user ID`, as the audit names him.
    pub who: String,
    /// What he may do.
    pub role: Role,
    /// Of a session: what every form must send back, and the user's log-in.
    pub session: Option<Stay>,
}

/// What a page needs of a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stay {
    /// What every form must send back.
    pub csrf: String,
    /// What the user typed at log-in.
    pub login: String,
}

impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Caller, Problem> {
        let known = parts.extensions.get::<Caller>().cloned();
        known.ok_or_else(|| Problem::new(Code::Unauthenticated, "nobody said who asks"))
    }
}

/// A caller where there is one.
pub struct MaybeCaller(pub Option<Caller>);

impl<S: Send + Sync> FromRequestParts<S> for MaybeCaller {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<MaybeCaller, Infallible> {
        Ok(MaybeCaller(parts.extensions.get::<Caller>().cloned()))
    }
}

/// Who asks, by the key or the session of a request; nobody if it has neither.
///
/// # Errors
/// A key or a session that is not good (any more), or a store that fails.
pub async fn caller(desk: &Desk, headers: &HeaderMap) -> Result<Option<Caller>, Problem> {
    if let Some(given) = headers.get(header::AUTHORIZATION) {
        let text = given.to_str().unwrap_or_default();
        let key = text.split_once(' ').filter(|(scheme, key)| {
            scheme.eq_ignore_ascii_case("bearer") && key.starts_with(KEY_BEGINS)
        });
        let said = "the Authorization header must be: Bearer, a blank, and an API key";
        let (_, key) = key.ok_or_else(|| Problem::new(Code::Unauthenticated, said))?;
        return by_key(desk, key.trim()).await.map(Some);
    }
    let Some(session) = cookie(headers) else {
        return Ok(None);
    };
    let found = desk.store.session(&digest(session), now()).await?;
    Ok(found.map(|session| Caller {
        tenant: session.user.tenant,
        who: format!("user {}", session.user.user_id),
        role: session.user.role,
        session: Some(Stay {
            csrf: session.csrf,
            login: session.user.login,
        }),
    }))
}

async fn by_key(desk: &Desk, key: &str) -> Result<Caller, Problem> {
    // The hash is looked up and not compared: how long that takes tells nothing of a key.
    let found = desk.store.key(&digest(key)).await?;
    let said = "the API key is unknown, expired or taken back; ask an admin for another";
    let wrong = || Problem::new(Code::Unauthenticated, said);
    let key = found.filter(|key| key.is_good(now())).ok_or_else(wrong)?;
    Ok(Caller {
        tenant: key.tenant,
        who: format!("key {}", key.key_id),
        role: key.role,
        session: None,
    })
}

/// The session's token of a request.
#[must_use]
pub fn cookie(headers: &HeaderMap) -> Option<&str> {
    let all = headers.get_all(header::COOKIE).iter();
    let pairs = all.filter_map(|value| value.to_str().ok());
    let pairs = pairs.flat_map(|value| value.split(';'));
    let mut pairs = pairs.filter_map(|pair| pair.trim().split_once('='));
    pairs
        .find(|(name, _)| *name == COOKIE)
        .map(|(_, value)| value)
}

/// A new API key: what is kept of it, its hash, and the key itself, which is shown once.
///
/// # Errors
/// No random bytes.
pub fn kept_key(
    tenant: &str,
    (name, role): (&str, Role),
    expires_at: Option<i64>,
) -> Result<(ApiKey, [u8; 32], String), Problem> {
    let (id, key) = (secret()?, format!("{KEY_BEGINS}{}", secret()?));
    let kept = ApiKey {
        key_id: id[..16].to_owned(),
        tenant: tenant.to_owned(),
        name: name.to_owned(),
        role,
        created_at: now(),
        expires_at,
        revoked_at: None,
    };
    let hash = digest(&key);
    Ok((kept, hash, key))
}

/// A new invitation: what is kept of it, its hash, and the path of the page that takes it, which is
/// shown once.
///
/// # Errors
/// No random bytes.
pub fn kept_invitation(
    tenant: &str,
    role: Role,
) -> Result<(Invitation, [u8; 32], String), Problem> {
    let token = secret()?;
    let invitation = Invitation {
        tenant: tenant.to_owned(),
        role,
    };
    let hash = digest(&token);
    Ok((invitation, hash, format!("/welcome?token={token}")))
}

/// How long no password of a user is tried after so many wrong ones: nothing for the first four,
/// then twice as long each time, half an hour at most.
#[must_use]
pub fn lock(failures: i64) -> Duration {
    match failures.saturating_sub(5) {
        over @ 0.. => Duration::from_secs((30_u64 << over.min(6)).min(1800)),
        _ => Duration::ZERO,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn wrong_passwords_lock_longer_each_time() {
        let seconds = |failures| lock(failures).as_secs();
        assert_eq!([4, 5, 6, 7].map(seconds), [0, 30, 60, 120]);
        assert_eq!([11, 12, 1000, i64::MAX].map(seconds), [1800; 4]);
    }

    #[test]
    fn the_session_is_found_among_other_cookies() {
        let mut headers = HeaderMap::new();
        assert_eq!(cookie(&headers), None);
        let value = "a=1; deminimis_session=abc; deminimis_sessionx=9";
        headers.insert(header::COOKIE, HeaderValue::from_static(value));
        assert_eq!(cookie(&headers), Some("abc"));
    }
}
