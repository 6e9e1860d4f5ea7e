//! Fetches an export over the network, bounded in size and time, and says whether it may take the
//! place of what is in hand.

use deminimis_office::tariff::export::{Export, ExportError, MOST_BYTES};
use deminimis_office::tariff::store::{Stored, lines};
use deminimis_tariff::Schedule;
use std::io;
use std::time::Duration;
use ureq::Agent;
use ureq::http::Uri;

/// Where the USITC gives the current release.
pub const USITC: &str =
    "https://hts.usitc.gov/reststop/exportList?from=0100&to=9999&format=JSON&styles=false";
/// The export takes the USITC about a minute.
const LONGEST: Duration = Duration::from_secs(300);
/// The rows and ten-digit lines of a release differ from those of the one before by less than this.
const PERCENT: usize = 2;

/// Fetches an export. Plain HTTP is for this machine alone: what decides duty must come from whom it
/// claims to come from.
pub fn fetch(address: &str) -> io::Result<Vec<u8>> {
    let failed = |why: String| io::Error::other(format!("{address}: {why}"));
    let uri: Uri = address
        .parse()
        .map_err(|error| failed(format!("not an address: {error}")))?;
    let local = matches!(uri.host(), Some("127.0.0.1" | "localhost" | "[::1]"));
    let plain = uri.scheme_str() == Some("http");
    if !(uri.scheme_str() == Some("https") || (plain && local)) {
        return Err(failed("only https is allowed".to_owned()));
    }
    let config = Agent::config_builder()
        .timeout_global(Some(LONGEST))
        .https_only(!plain)
        .max_redirects(if plain { 0 } else { 3 })
        .http_status_as_error(false)
        .user_agent(concat!("deminimis/", env!("CARGO_PKG_VERSION")));
    let config = if local { config.proxy(None) } else { config };
    let agent: Agent = config.build().into();
    let said = |error: ureq::Error| match error {
        ureq::Error::BodyExceedsLimit(_) => failed(ExportError::TooLarge.to_string()),
        other => failed(other.to_string()),
    };
    let mut response = agent
        .get(address)
        .header("Accept", "application/json")
        .call()
        .map_err(said)?;
    if response.status() != 200 {
        return Err(failed(format!("answered {}", response.status())));
    }
    let kind = response.headers().get("content-type");
    let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let form = kind.split(';').next().unwrap_or_default().trim();
    let known = [
        "application/json",
        "text/json",
        "text/csv",
        "application/gzip",
    ];
    if !known.iter().any(|known| form.eq_ignore_ascii_case(known)) {
        let why = format!("answered `{kind}` where an export is application/json");
        return Err(failed(why));
    }
    let body = response.body_mut().with_config().limit(MOST_BYTES);
    body.read_to_vec().map_err(said)
}

/// Refuses an export that is not whole, or that has noticeably fewer or more lines than the release
/// in hand: a broken answer must not replace a good schedule.
pub fn check(export: &Export, stored: &[Stored], schedule: &Schedule) -> Result<(), ExportError> {
    export.check_whole()?;
    let last = stored.last().map_or(schedule.embedded_days().1, |one| {
        one.release.day().max(schedule.embedded_days().1)
    });
    near(
        "numbers of ten digits",
        export.lines(),
        schedule.lines_on(last),
    )?;
    // Rows are known of imported releases alone; whose lines are lost cannot be compared with.
    if let Some(rows) = stored.last().and_then(|one| lines(one).ok()) {
        near("rows", export.rows.len(), rows.len())?;
    }
    Ok(())
}

fn near(what: &str, has: usize, had: usize) -> Result<(), ExportError> {
    if has.abs_diff(had) * 100 <= had * PERCENT {
        return Ok(());
    }
    Err(ExportError::NotWhole(format!(
        "{has} {what} where the last release has {had}; at most {PERCENT} percent may differ (a \
         file that is right can be taken in with `tariff import`)"
    )))
}
