//! `tariff status`: what is in hand.

use super::is_json;
use crate::out::page::Format;
use crate::out::page::{Page, Style};
use deminimis_law::time::Day;
use deminimis_office::tariff::store::Stored;
use deminimis_tariff::Schedule;
use serde_json::{Value, json};
use std::io;

/// Writes the status.
pub fn run(
    stored: &[Stored],
    schedule: &Schedule,
    today: Day,
    format: Format,
    page: &mut Page<'_>,
) -> io::Result<()> {
    let embedded = Schedule::embedded();
    let (first, last) = embedded.embedded_days();
    let days: Vec<(i32, Option<i32>)> = schedule.imported().map(|one| (one.2, one.3)).collect();
    if is_json(format) {
        let imported: Vec<Value> = stored
            .iter()
            .zip(&days)
            .map(|(one, (from, until))| {
                json!({
                    "release": one.identity.name,
                    "date": one.identity.day.to_string(),
                    "from": Day(*from).to_string(),
                    "until": until.map(|until| Day(until).to_string()),
                    "lines": schedule.lines_on(*from),
                    "source": one.identity.source,
                    "sha256": one.identity.sha256,
                    "file": one.path.display().to_string(),
                })
            })
            .collect();
        return page.json(&json!({
            "release": schedule.release(),
            "hash": schedule.hash(),
            "embedded": {
                "release": embedded.release(),
                "from": Day(first).to_string(),
                "last_release_not_before": Day(last).to_string(),
                "lines": embedded.lines_on(last),
                "hash": embedded.hash(),
            },
            "imported": imported,
        }));
    }
    page.say(0, Style::Bold, "In the program")?;
    page.field(2, "releases", embedded.release())?;
    let span = format!("from {}; the last is of {} or later", Day(first), Day(last));
    page.field(2, "days", &span)?;
    let lines = format!("{} of ten digits on {}", embedded.lines_on(last), Day(last));
    page.field(2, "numbers", &lines)?;
    page.field(2, "sha256", embedded.hash())?;
    for (one, (from, until)) in stored.iter().zip(&days) {
        page.gap()?;
        page.say(0, Style::Bold, &format!("Imported: {}", one.identity.name))?;
        let until = until.map_or_else(String::new, |until| format!(" until {}", Day(until)));
        page.field(2, "speaks", &format!("from {}{until}", Day(*from)))?;
        page.field(
            2,
            "numbers",
            &format!("{} of ten digits", schedule.lines_on(*from)),
        )?;
        page.field(2, "source", &one.identity.source)?;
        page.field(2, "sha256", &one.identity.sha256)?;
        page.field(2, "file", &one.path.display().to_string())?;
    }
    page.gap()?;
    let newest = stored
        .last()
        .map_or(last, |one| one.identity.day.0.max(last));
    if today.0 > newest {
        let said = format!(
            "Figures for days after {} are carried on from there. `deminimis tariff update` fetches \
             the current release.",
            Day(newest)
        );
        page.say(0, Style::Plain, &said)?;
    }
    page.field(0, "hash", schedule.hash())
}
