//! What the law is, was and will be, as the rulebook has it: for people on a page, for programs as
//! JSON, and as a picture.
//!
//! Everything shown here is read from the compiled law or found by asking the assessment. No date,
//! limit or rule of law is written in this module.

pub mod at;
mod condition_words;
pub mod diff;
mod duty_words;
pub mod list;
mod on_path;
mod probe;
pub mod rule_words;
pub mod show;
mod svg;
pub mod timeline;

pub use condition_words::{condition, or_list};
pub use probe::{History, Period, Possible, histories};
pub use svg::picture;

use deminimis_clearance::cases::PersonRules;
use deminimis_law::time::{When, WhenError, parse_when};
use deminimis_law::{CaseBook, Law, Rulebook};
use deminimis_tariff::Schedule;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

/// The law that is shown, all of it given by the caller.
#[derive(Clone, Copy)]
pub struct LawContext<'a> {
    /// The rulebook, all of it.
    pub book: &'a Arc<Rulebook>,
    /// The cases that stand with it.
    pub cases: &'a CaseBook,
    /// The rulebook compiled for the `known_at` that the user gave.
    pub law: &'a Law,
    /// The rulebook before overlays, whose own cases are not among `cases`.
    pub standing: Option<&'a Rulebook>,
    /// The schedule.
    pub tariff: &'a Schedule,
    /// How cases tell persons apart.
    pub persons: PersonRules,
}

/// Why the law cannot be shown.
#[derive(Debug, thiserror::Error)]
pub enum LawError {
    /// A moment that cannot be read.
    #[error("`{text}` {reason}")]
    When {
        /// What was written.
        text: String,
        /// What is wrong with it.
        reason: WhenError,
    },
    /// No instrument has this id.
    #[error("there is no instrument `{id}`{}", did_you_mean(nearest))]
    NoInstrument {
        /// What was written.
        id: String,
        /// The nearest ids, the nearest first.
        nearest: Vec<String>,
    },
    /// The picture cannot be written.
    #[error("{}: {error}", path.display())]
    Picture {
        /// Where it should have gone.
        path: PathBuf,
        /// What was in the way.
        error: io::Error,
    },
    /// The answer cannot be written.
    #[error(transparent)]
    Out(#[from] io::Error),
}

impl LawError {
    /// Whether the user can mend it by asking another way (exit status 2).
    #[must_use]
    pub fn is_usage(&self) -> bool {
        matches!(self, LawError::When { .. } | LawError::NoInstrument { .. })
    }
}

/// Reads a moment: a bare date is noon Eastern, so that what starts at 00:01 of the day applies.
///
/// # Errors
/// It is neither a date nor a timestamp with offset.
pub fn moment(law: &Law, text: &str) -> Result<When, LawError> {
    parse_when(text, law.zone()).map_err(|reason| LawError::When {
        text: text.to_owned(),
        reason,
    })
}

fn did_you_mean(nearest: &[String]) -> String {
    if nearest.is_empty() {
        return "; `deminimis law list` names them all".to_owned();
    }
    format!("; nearest: {}", nearest.join(", "))
}
