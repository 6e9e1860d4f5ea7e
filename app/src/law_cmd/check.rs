//! `law check`: runs every case, and looks for versions that no case tests.

use super::completeness::{incomplete, unknown_numbers};
use super::page::{Page, Style};
use super::pinned::unpinned;
use super::{Format, LawContext, Status};
use deminimis_clearance::cases;
use deminimis_law::Law;
use deminimis_law::time::Moment;
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
    warnings: Vec<String>,
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
    let show = |unknown: (&str, String)| format!("{} {}", unknown.0, unknown.1);
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
            .filter(|one| context.is_added(&one.instrument, one.version))
            .map(|one| one.to_string())
            .collect(),
        unpinned: asked
            .pinned
            .then(|| unpinned(context).iter().map(ToString::to_string).collect()),
        warnings: unknown_numbers(&law, context.tariff)
            .into_iter()
            .map(show)
            .collect(),
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
            "warnings": found.warnings,
        }))?,
        Format::Table => text(context, asked, &found, page)?,
    }
    Ok(found.status())
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
        if let Err(error) = cases::run(law, context.tariff, case, models, context.mark) {
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
    if !found.warnings.is_empty() {
        if asked.verbose {
            found
                .warnings
                .iter()
                .try_for_each(|one| page.say(2, Style::Dim, one))?;
        }
        let more = if asked.verbose {
            ""
        } else {
            "; --verbose names them"
        };
        let release = context.tariff.release();
        let count = found.warnings.len();
        let text = format!("warning: {count} numbers are not in the schedule ({release}){more}");
        page.say(0, Style::Dim, &text)?;
    }
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
