//! Work that waits or reckons, away from the threads that answer.

use crate::problem::{Code, FieldError, Problem, failed};
use crate::state::Desk;
use deminimis_law::time::Day;
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

/// How much is reckoned at once: more would only make each of them slower.
static PLACES: Semaphore = Semaphore::const_new(4);
/// How many parcels are made ready to be entered at once. They do not wait for longer reckonings; and
/// where hundreds come at once, a thread for each would only take turns with the others.
static ENTRIES: Semaphore = Semaphore::const_new(4);

/// Does what waits for the ledger or a file.
pub(crate) async fn waiting<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    let done = spawn_blocking(work).await;
    done.map_err(|error| failed(&error))?
}

/// Does what is work for the processor, few at once.
pub(crate) async fn reckoning<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    in_turn(&PLACES, work).await
}

/// How long a search waits for a place.
const PATIENCE: Duration = Duration::from_secs(10);

/// Searches among many parcels, few at once of each tenant: what was begun goes on also where who
/// asked has gone, so that its place is held until it ends.
pub(crate) async fn searching<T: Send + 'static>(
    desk: &Desk,
    tenant: &str,
    work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    let place = desk.searches.wait(tenant, PATIENCE).await?;
    waiting(move || {
        let _place = place;
        work()
    })
    .await
}

/// Makes a parcel ready to be entered, few at once.
pub(crate) async fn entering<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    in_turn(&ENTRIES, work).await
}

async fn in_turn<T: Send + 'static>(
    places: &'static Semaphore,
    work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    // The semaphores are never closed.
    let place = places.acquire().await;
    waiting(move || {
        // Who asked may have gone: the place is held for as long as the work goes on.
        let _place = place;
        work()
    })
    .await
}

/// A day of a parameter or a field.
pub(crate) fn day(
    text: Option<&str>,
    bad: impl FnOnce(&'static str) -> Problem,
) -> Result<Option<Day>, Problem> {
    let Some(text) = text else { return Ok(None) };
    let day = Day::parse(text);
    day.map(Some)
        .ok_or_else(|| bad("must be a day, such as 2025-04-01"))
}

/// A parameter that is not right, and what would be.
pub(crate) fn bad_parameter(name: &str, reason: impl std::fmt::Display) -> Problem {
    Problem::new(Code::BadRequest, format!("{name} {reason}"))
}

/// A field of a body that is not right, and what would be.
pub(crate) fn bad_field(pointer: &str, value: &str, reason: impl std::fmt::Display) -> Problem {
    let field = field(pointer, value, reason);
    Problem::new(Code::BadShipment, field.detail.clone()).with(vec![field])
}

/// What is said of a field; of its value no more than 80 characters.
pub(crate) fn field(pointer: &str, value: &str, reason: impl std::fmt::Display) -> FieldError {
    FieldError {
        pointer: pointer.to_owned(),
        detail: reason.to_string(),
        value: value.chars().take(80).collect(),
        shipment_id: None,
        row: None,
    }
}

/// Whether something of that id can be there: no id of a store is longer or has a zero byte.
pub(crate) fn can_be_an_id(id: &str) -> bool {
    (1..=200).contains(&id.len()) && !id.contains('\0')
}
