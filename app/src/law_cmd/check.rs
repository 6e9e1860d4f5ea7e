//! `law check`: runs every case, and looks for versions that no case tests.

use super::Status;
use super::completeness::{UnknownNumbers, incomplete, unknown_numbers};
use super::pinned::unpinned;
use crate::out::page::{Format, Page, Style};
use deminimis_clearance::cases;
use deminimis_law::Law;
use deminimis_law::time::Moment;
use deminimis_office::law::LawContext;
use serde_json::json;
use std::collections::HashMap;
use std::io;

/// What the user asked of the check beyond the cases.
#[derive(Clone, Copy, Debug)]
pub struct Asked {
    /// Name each warning.
    pub verbose: bool,
    /// Change versions and see whether a case notices.
    pub pinned: bool,
}

/// What the check found.
struct Found {
    instruments: usize,
    versions: usize,
    cases: usize,
    pending: usize,
    unmet: Vec<String>,
    incomplete: Vec<String>,
    unpinned: Option<Vec<String>>,
    unknown: Vec<UnknownNumbers>,
}

impl Found {
    fn status(&self) -> Status {
        // What is not pinned is no failure: a version may continue the one before word for word.
        let fine = self.unmet.is_empty() && self.incomplete.is_empty();
        if fine { Status::Fine } else { Status::Unmet }
    }
}

/// Checks the law and writes what was found. Cases run on all law in the rulebook, each as known at
/// its own `known_at`; what the user gave for it is not used.
pub fn run(
    context: &LawContext<'_>,
    asked: Asked,
    format: Format,
    page: &mut Page<'_>,
) -> io::Result<Status> {
    let law = Law::compile_hashed(context.book, None, context.law.hash().into());
    let found = Found {
        instruments: context.book.instruments.len(),
        versions: context
            .book
            .instruments
            .iter()
            .map(|one| one.versions.len())
            .sum(),
        cases: context.cases.cases.len(),
        pending: context
            .cases
            .cases
            .iter()
            .filter(|case| !case.pending.is_empty())
            .count(),
        unmet: unmet(context),
        incomplete: incomplete(&law, context.cases)
            .into_iter()
            .filter(|one| is_added(context, &one.instrument, one.version))
            .map(|one| one.to_string())
            .collect(),
        unpinned: asked
            .pinned
            .then(|| unpinned(context).iter().map(ToString::to_string).collect()),
        unknown: unknown_numbers(&law, context.tariff),
    };
    match format {
        Format::Json => page.json(&json!({
            "instruments": found.instruments,
            "versions": found.versions,
            "cases": found.cases,
            "pending": found.pending,
            "unmet": found.unmet,
            "incomplete": found.incomplete,
            "unpinned": found.unpinned,
            "unknown_numbers": found.unknown.iter().map(|one| json!({
                "place": one.place,
                "count": one.numbers.len(),
                "numbers": asked.verbose.then_some(&one.numbers),
            })).collect::<Vec<_>>(),
        }))?,
        Format::Table => text(context, asked, &found, page)?,
    }
    Ok(found.status())
}

/// How many places are counted by name without `--verbose`.
const MOST_PLACES: usize = 8;

/// Numbers that no release in hand prints: how many each place names, those with most first. A list
/// may have thousands of rows, so only `--verbose` names the numbers.
fn write_unknown(
    context: &LawContext<'_>,
    asked: Asked,
    unknown: &[UnknownNumbers],
    page: &mut Page<'_>,
) -> io::Result<()> {
    if unknown.is_empty() {
        return Ok(());
    }
    let mut places: Vec<&UnknownNumbers> = unknown.iter().collect();
    places.sort_by_key(|place| std::cmp::Reverse(place.numbers.len()));
    let shown = if asked.verbose {
        places.len()
    } else {
        MOST_PLACES.min(places.len())
    };
    let all: usize = unknown.iter().map(|one| one.numbers.len()).sum();
    let text = format!(
        "warning: {all} numbers of {} lists, groups and conditions are in no release in hand ({})",
        places.len(),
        context.tariff.release()
    );
    page.say(0, Style::Dim, &text)?;
    let row = |one: &&UnknownNumbers| {
        let mut row = vec![one.place.clone(), one.numbers.len().to_string()];
        if asked.verbose {
            row.push(one.numbers.join(", "));
        }
        row
    };
    let rows: Vec<Vec<String>> = places[..shown].iter().map(row).collect();
    let styles = [Style::Id, Style::Plain, Style::Dim];
    page.table(2, &styles[..rows.first().map_or(0, Vec::len)], &rows)?;
    if shown < places.len() {
        let rest: usize = places[shown..].iter().map(|one| one.numbers.len()).sum();
        let more = places.len() - shown;
        let text = format!("and {rest} of {more} more; --verbose names every number");
        page.say(2, Style::Dim, &text)?;
    }
    page.gap()
}

fn unmet(context: &LawContext<'_>) -> Vec<String> {
    let mut laws: HashMap<Option<Moment>, Law> = HashMap::new();
    let mut unmet = Vec::new();
    for case in &context.cases.cases {
        let known_at = case.known_at.map(|known_at| known_at.end());
        let law = laws.entry(known_at).or_insert_with(|| {
            Law::compile_hashed(context.book, known_at, context.law.hash().into())
        });
        let models = &context.cases.models;
        if let Err(error) = cases::run(law, context.tariff, case, models, context.persons) {
            unmet.push(error.to_string());
        }
    }
    unmet
}

fn text(
    context: &LawContext<'_>,
    asked: Asked,
    found: &Found,
    page: &mut Page<'_>,
) -> io::Result<()> {
    let unpinned = found.unpinned.as_deref().unwrap_or_default();
    let failures = [
        ("Cases that are not met", found.unmet.as_slice()),
        (
            "Versions without a case on their first moment or the one before",
            &found.incomplete,
        ),
        (
            "Changes of a version that no case of its file notices",
            unpinned,
        ),
    ];
    for (title, lines) in failures.iter().filter(|(_, lines)| !lines.is_empty()) {
        page.say(0, Style::Bold, &format!("{title} ({})", lines.len()))?;
        for line in *lines {
            page.say(2, Style::Bad, line)?;
        }
        page.gap()?;
    }
    write_unknown(context, asked, &found.unknown, page)?;
    if let Some(unpinned) = &found.unpinned
        && unpinned.is_empty()
    {
        page.say(
            0,
            Style::Good,
            "every version is held by a case of its own file",
        )?;
    }
    let counts = format!(
        "{} instruments, {} versions, {} cases ({} pending)",
        found.instruments, found.versions, found.cases, found.pending
    );
    if found.status() == Status::Fine {
        return page.say(0, Style::Good, &format!("{counts}, all pass"));
    }
    let (unmet, missing) = (found.unmet.len(), found.incomplete.len());
    page.say(
        0,
        Style::Bad,
        &format!("{counts}: {unmet} not met, {missing} missing"),
    )
}

/// Whether a version (counted from 1) is what an overlay added, or stands where there is none.
fn is_added(context: &LawContext<'_>, instrument: &str, version: usize) -> bool {
    let known = context.standing;
    let known = known.and_then(|book| book.instrument(instrument));
    known.is_none_or(|known| version > known.versions.len())
}
