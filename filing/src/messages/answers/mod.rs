//! What CBP answers: messages to events, events to the state of an entry.
//!
//! [`read()`] makes events of an answer to entry summaries (AX), to cargo releases (SX), or of a
//! status notification (SO). A [`State`] is the set of an entry's events, and what it means is found
//! from the set alone: an answer that comes twice changes nothing, and answers in any order give the
//! same state. The columns and codes of SO are known from one source only; whatever comes from it
//! says so ([`Source::is_single`]).

mod codes;
mod points;
mod read;
mod standing;

pub use codes::{Meaning, meaning_of_status};
pub use points::Point;
pub use read::{Answers, Trouble, read};
pub use standing::{Hold, Release, Standing, SummaryStanding};

use deminimis_law::time::Day;
use serde::Serialize;
use std::collections::BTreeSet;
use std::fmt;

/// Filer code and entry number without hyphens: the name an answer knows an entry by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct EntryKey {
    /// Filer code.
    pub filer: String,
    /// Seven digits and the check digit.
    pub number: String,
}

impl fmt::Display for EntryKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.number.get(..7), self.number.get(7..)) {
            (Some(serial), Some(check)) => write!(out, "{}-{serial}-{check}", self.filer),
            _ => write!(out, "{}-{}", self.filer, self.number),
        }
    }
}

/// When something happened. Answers to what was sent carry the filer's own day of transmission and
/// no time; status notifications carry both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct At {
    /// The day, if it is told.
    pub day: Option<Day>,
    /// Minutes after midnight, if they are told.
    pub minute: Option<u16>,
}

impl fmt::Display for At {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(day) = self.day else {
            return out.write_str("day not told");
        };
        write!(out, "{day}")?;
        match self.minute {
            Some(minute) => write!(out, " {:02}:{:02}", minute / 60, minute % 60),
            None => Ok(()),
        }
    }
}

impl Serialize for At {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Which message an event came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Source {
    /// Answer to entry summaries.
    Ax,
    /// Answer to cargo releases.
    Sx,
    /// Status notification.
    So,
}

impl Source {
    /// Whether its columns and codes are known from one source only.
    #[must_use]
    pub const fn is_single(self) -> bool {
        matches!(self, Source::So)
    }
}

/// A condition that an answer names, and what it points at.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Condition {
    /// Condition code of three places; empty where none was given.
    pub code: String,
    /// `F` fatal, `W` census warning, `P` agency warning, `I` information; of a cargo release `F`
    /// for a refused record and `W` for a warning.
    pub severity: String,
    /// The text that came with it.
    pub narrative: String,
    /// The places that it is about, from the outside in.
    pub points: Vec<Point>,
}

/// How a cargo release was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ReleaseAnswer {
    /// Refused.
    Rejected,
    /// Taken, to be looked at by a person.
    Referred,
    /// Taken with warnings.
    AcceptedWithWarnings,
    /// Taken.
    Accepted,
}

/// What happened to an entry.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum What {
    /// The entry summary was answered.
    Summary {
        /// Whether the action asked for was done.
        accepted: bool,
        /// Version of the summary on file, where it was accepted.
        version: String,
        /// Severity of the worst condition.
        severity: String,
        /// What was done, in CBP's words.
        narrative: String,
        /// Every condition.
        conditions: Vec<Condition>,
    },
    /// The cargo release was answered.
    ReleaseAnswered {
        /// How.
        answer: ReleaseAnswer,
        /// Whether a cancellation was asked for.
        cancels: bool,
        /// In CBP's words.
        narrative: String,
        /// Every condition.
        conditions: Vec<Condition>,
    },
    /// Something became of a bill.
    Bill {
        /// Code of two places.
        code: String,
        /// In CBP's words.
        narrative: String,
        /// The bill, where it was named.
        bill: String,
    },
    /// Something became of the release.
    Release {
        /// Code of two places.
        code: String,
        /// In CBP's words.
        narrative: String,
        /// Day of release, where it was told.
        released_on: Option<String>,
    },
    /// Another agency spoke.
    Agency {
        /// The agency.
        agency: String,
        /// Its status code for the entry.
        code: String,
        /// In its words.
        narrative: String,
    },
}

/// One thing that happened to one entry.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Event {
    /// When.
    pub at: At,
    /// Which message told it.
    pub source: Source,
    /// What.
    #[serde(flatten)]
    pub what: What,
}

/// All that is known to have happened to one entry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State {
    events: BTreeSet<Event>,
}

impl State {
    /// The events in the order of their time.
    pub fn events(&self) -> impl Iterator<Item = &Event> {
        self.events.iter()
    }
}

/// The state after an event: the same for events that come again, and in any order.
#[must_use]
pub fn apply(mut state: State, event: Event) -> State {
    state.events.insert(event);
    state
}
