//! Passwords: hashed by argon2id, a few at a time.
//!
//! A hash takes 19 MiB and some hundredths of a second by design, so it runs apart from the threads
//! that answer, and not more of them than there are places.

use crate::problem::{Code, Problem, failed};
use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use std::sync::OnceLock;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

/// How many are hashed at once.
static PLACES: Semaphore = Semaphore::const_new(2);
/// What is checked where nobody has the log-in, so that this takes as long.
static NOBODY: OnceLock<String> = OnceLock::new();

/// The least and the most letters.
pub const LENGTH: std::ops::RangeInclusive<usize> = 12..=200;

/// The hash of a password that somebody chose.
///
/// # Errors
/// A password that is too short or too long; no room.
pub async fn hash(password: String) -> Result<String, Problem> {
    if !LENGTH.contains(&password.chars().count()) {
        let (least, most) = (LENGTH.start(), LENGTH.end());
        let said = format!("the password must have {least} to {most} letters");
        return Err(Problem::new(Code::BadShipment, said));
    }
    run(move || hashed(&password)).await?
}

/// Whether a password is the one of a hash; of nobody's hash it never is.
///
/// # Errors
/// No room, or the hash is damaged.
pub async fn check(password: String, known: Option<String>) -> Result<bool, Problem> {
    run(move || {
        let nobody = || NOBODY.get_or_init(|| hashed("nobody has this").unwrap_or_default());
        let hash = known.as_ref().unwrap_or_else(nobody);
        let hash = PasswordHash::new(hash).map_err(|error| failed(&error))?;
        let right = Argon2::default().verify_password(password.as_bytes(), &hash);
        Ok(right.is_ok() && known.is_some())
    })
    .await?
}

fn hashed(password: &str) -> Result<String, Problem> {
    let hash = Argon2::default().hash_password(password.as_bytes());
    Ok(hash.map_err(|error| failed(&error))?.to_string())
}

async fn run<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Problem> {
    // The semaphore is never closed.
    let place = PLACES.acquire().await;
    let work = move || {
        // Kept until the work is done, also when nobody waits for it any more.
        let _place = place;
        work()
    };
    spawn_blocking(work).await.map_err(|error| failed(&error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_right_password_alone_is_right() {
        let hash = hash("correct horse battery".to_owned()).await.unwrap();
        assert!(hash.starts_with("$argon2id$") && !hash.contains("horse"));
        let ask = |text: &str, known| check(text.to_owned(), known);
        assert!(
            ask("correct horse battery", Some(hash.clone()))
                .await
                .unwrap()
        );
        assert!(!ask("correct horse batterz", Some(hash)).await.unwrap());
        assert!(!ask("nobody has this", None).await.unwrap());
    }

    #[tokio::test]
    async fn a_short_password_is_refused() {
        assert!(hash("short".to_owned()).await.is_err());
        assert!(hash("x".repeat(201)).await.is_err());
    }
}
