//! `law timeline`: what was possible when for a plain parcel, as a table and as a picture.

use super::condition_words::mode_word;
use super::probe::{FIRST_YEAR, History, LAST_YEAR, ORIGINS, PLAIN, Period, histories};
use super::svg;
use super::{LawContext, LawError};
use crate::out::page::{Format, Page, Style, boundary};
use deminimis_law::Law;
use deminimis_law::kind::{Kind, Rule};
use deminimis_law::time::Moment;
use serde_json::{Value, json};
use std::fs;
use std::io;
use std::path::Path;

/// Something that opened or closed a basis.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Event {
    /// When.
    pub at: Moment,
    /// The instruments that did it, by title.
    pub titles: Vec<String>,
}

/// Writes the history; draws it into `svg` too, if one is named.
///
/// # Errors
/// The page or the picture cannot be written.
pub fn run(
    context: &LawContext<'_>,
    svg: Option<&Path>,
    format: Format,
    page: &mut Page<'_>,
) -> Result<(), LawError> {
    let law = context.law;
    let histories = histories(law, context.tariff);
    if let Some(path) = svg {
        let picture = svg::picture(law, &histories);
        fs::write(path, picture).map_err(|error| LawError::Picture {
            path: path.to_owned(),
            error,
        })?;
    }
    match format {
        Format::Json => page.json(&json(law, &histories))?,
        Format::Table => text(law, &histories, page)?,
    }
    Ok(())
}

/// When suspensions began and ended between two moments, in the law as known.
pub(super) fn events(law: &Law, from: Moment, until: Moment) -> Vec<Event> {
    let mut events: Vec<Event> = Vec::new();
    let mut add = |at: Moment, title: String| {
        if !(from <= at && at < until) {
            return;
        }
        match events.iter_mut().find(|event| event.at == at) {
            Some(event) => event.titles.push(title),
            None => events.push(Event {
                at,
                titles: vec![title],
            }),
        }
    };
    for (place, instrument) in law.book().instruments.iter().enumerate() {
        let suspends = instrument.versions.iter().any(
            |version| matches!(&version.rule, Rule::Suspension(rule) if !rule.bases.is_empty()),
        );
        if instrument.kind != Kind::Suspension || !suspends {
            continue;
        }
        for (begins, ends) in super::rule_words::spans(law, place) {
            add(begins, instrument.title.clone());
            if let Some(ends) = ends {
                add(ends, format!("{}: ends", instrument.title));
            }
        }
    }
    events.sort_by_key(|event| event.at);
    events
}

fn text(law: &Law, histories: &[History], page: &mut Page<'_>) -> io::Result<()> {
    let title = format!(
        "What was possible for a plain {} ({FIRST_YEAR} to {LAST_YEAR}, Eastern time)",
        PLAIN.title
    );
    page.say(0, Style::Bold, &title)?;
    for origin in ORIGINS {
        page.gap()?;
        page.say(0, Style::Bold, origin.title)?;
        for (modes, periods) in alike(histories.iter().filter(|one| one.origin == origin)) {
            page.say(2, Style::Id, &format!("by {}", modes.join(", ")))?;
            let rows: Vec<Vec<String>> = periods
                .iter()
                .map(|period| {
                    vec![
                        boundary(law, period.from),
                        boundary(law, period.until),
                        period.possible.words(),
                    ]
                })
                .collect();
            page.table(4, &[Style::Plain, Style::Dim, Style::Plain], &rows)?;
        }
    }
    page.gap()?;
    page.say(0, Style::Bold, "Suspensions")?;
    let (from, until) = super::probe::window(law);
    let rows: Vec<Vec<String>> = events(law, from, until)
        .iter()
        .map(|event| vec![boundary(law, event.at), event.titles.join("; ")])
        .collect();
    if rows.is_empty() {
        page.say(2, Style::Plain, "none")?;
    }
    page.table(2, &[Style::Plain, Style::Plain], &rows)?;
    let asked = "Found by asking the assessment at every moment at which a rule may change: one \
                 parcel that is loaded, filed, arrives and is entered at that moment, with nothing \
                 else that day. Each period ends before the second moment.";
    page.gap()?;
    page.say(0, Style::Dim, asked)
}

/// Modes with the same history, told once.
fn alike<'h>(
    histories: impl Iterator<Item = &'h History>,
) -> Vec<(Vec<&'static str>, &'h [Period])> {
    let mut groups: Vec<(Vec<&'static str>, &[Period])> = Vec::new();
    for history in histories {
        let mode = mode_word(history.mode);
        match groups
            .iter_mut()
            .find(|(_, periods)| *periods == history.periods)
        {
            Some((modes, _)) => modes.push(mode),
            None => groups.push((vec![mode], &history.periods)),
        }
    }
    groups
}

/// The history: rows of periods by mode and origin, and what opened or closed a basis.
#[must_use]
pub fn json(law: &Law, histories: &[History]) -> Value {
    let rows: Vec<Value> = histories
        .iter()
        .map(|history| {
            let periods: Vec<Value> = history
                .periods
                .iter()
                .map(|period| {
                    let possible = period.possible;
                    json!({
                        "from": law.zone().show(period.from),
                        "until": law.zone().show(period.until),
                        "outcome": possible.outcome.as_str(),
                        "entry_path": possible.path.as_str(),
                        "also": possible.also.iter().map(|path| path.as_str()).collect::<Vec<_>>(),
                    })
                })
                .collect();
            json!({
                "mode": history.mode.as_str(),
                "origin": history.origin.origin,
                "goods": history.origin.title,
                "periods": periods,
            })
        })
        .collect();
    let (from, until) = super::probe::window(law);
    let events: Vec<Value> = events(law, from, until)
        .iter()
        .map(|event| json!({ "at": law.zone().show(event.at), "titles": event.titles }))
        .collect();
    json!({ "rows": rows, "events": events })
}
