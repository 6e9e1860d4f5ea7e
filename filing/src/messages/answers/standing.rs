//! What a state means: how summary and release stand, what holds the goods, and what to do.

use super::codes::{Meaning, meaning_of_status};
use super::{At, Condition, Event, ReleaseAnswer, State, What};
use serde::Serialize;
use std::collections::BTreeMap;

/// How the entry summary stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SummaryStanding {
    /// Nothing was answered.
    #[default]
    Unanswered,
    /// On file without a condition, or with information only.
    Accepted,
    /// On file, with a warning that asks for an answer.
    AcceptedWithWarnings,
    /// Refused: what was on file before may be gone.
    Rejected,
    /// Taken off file as asked.
    Deleted,
}

/// How the release stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Release {
    /// Nothing was answered.
    #[default]
    Unanswered,
    /// The request was refused.
    Rejected,
    /// The request is on file.
    Accepted,
    /// A person at CBP looks at it.
    UnderReview,
    /// Documents are asked for.
    DocumentsRequired,
    /// May be admitted.
    Admissible,
    /// Released.
    Released,
    /// Not released.
    NotReleased,
    /// Withheld because of the de minimis limit.
    WithheldDeMinimis,
    /// Cancelled.
    Cancelled,
}

/// A hold that has not ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Hold {
    /// Whose.
    pub of: &'static str,
    /// The bill that is held; empty where the answer names none.
    pub bill: String,
    /// Since when.
    pub since: At,
}

/// What a state means.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Standing {
    /// The entry summary.
    pub summary: SummaryStanding,
    /// The release.
    pub release: Release,
    /// Holds that have not ended, by name.
    pub holds: Vec<Hold>,
    /// Conditions of the latest answers.
    pub conditions: Vec<Condition>,
    /// What to do, in the order in which it came up.
    pub todo: Vec<String>,
    /// Something of this is known by one source only.
    pub single_source: bool,
}

impl State {
    /// What the state means. Of two answers that tell no time of day, the accepting one counts as
    /// the later: what was refused is sent again, and what was accepted is not.
    #[must_use]
    pub fn standing(&self) -> Standing {
        let mut found = Found::default();
        for event in self.events() {
            found.event(event);
        }
        found.standing()
    }
}

/// What is found while the events are gone through in the order of their time.
#[derive(Default)]
struct Found<'a> {
    summary: SummaryStanding,
    release: Release,
    /// The latest word on each hold of each bill: since when and what it asks for, or nothing if it
    /// ended.
    holds: BTreeMap<(&'static str, &'a str), Option<(At, &'static str)>>,
    of_summary: &'a [Condition],
    of_release: &'a [Condition],
    /// What the latest word of each kind asks for.
    todo: BTreeMap<(u8, &'a str), &'static str>,
    single_source: bool,
}

impl<'a> Found<'a> {
    fn event(&mut self, event: &'a Event) {
        self.single_source |= event.source.is_single();
        match &event.what {
            What::Summary {
                accepted,
                severity,
                narrative,
                conditions,
                ..
            } => {
                self.of_summary = conditions;
                self.summary = match (accepted, severity.as_str()) {
                    (false, _) => SummaryStanding::Rejected,
                    (true, _) if narrative.contains("DELETED") => SummaryStanding::Deleted,
                    (true, "W" | "P") => SummaryStanding::AcceptedWithWarnings,
                    (true, _) => SummaryStanding::Accepted,
                };
            }
            What::ReleaseAnswered {
                answer,
                cancels,
                conditions,
                ..
            } => {
                self.of_release = conditions;
                if *cancels {
                    // A cancellation that is refused leaves the entry as it was.
                    use ReleaseAnswer::{Accepted, AcceptedWithWarnings};
                    if matches!(answer, Accepted | AcceptedWithWarnings) {
                        self.release = Release::Cancelled;
                    }
                    return;
                }
                // What CBP says of the goods later stands above the answer to the request.
                if self.release.is_of_request() {
                    self.release = match answer {
                        ReleaseAnswer::Rejected => Release::Rejected,
                        ReleaseAnswer::Referred => Release::UnderReview,
                        ReleaseAnswer::AcceptedWithWarnings | ReleaseAnswer::Accepted => {
                            Release::Accepted
                        }
                    };
                }
            }
            What::Bill { code, bill, .. } => self.status("SO50", code, bill, event.at),
            What::Release { code, .. } => self.status("SO60", code, "", event.at),
            What::Agency { agency, code, .. } => self.status("SO70", code, agency, event.at),
        }
    }

    fn status(&mut self, record: &str, code: &str, about: &'a str, at: At) {
        let (meaning, todo) = meaning_of_status(record, code);
        let kind = record.as_bytes().get(2).copied().unwrap_or(0);
        let release = match meaning {
            Meaning::Hold(of) => {
                self.holds.insert((of, about), Some((at, todo)));
                return;
            }
            Meaning::HoldEnded(of) => {
                self.holds.insert((of, about), None);
                return;
            }
            Meaning::Review => Some(Release::UnderReview),
            Meaning::Documents => Some(Release::DocumentsRequired),
            Meaning::Admissible => Some(Release::Admissible),
            Meaning::Released | Meaning::ReleaseDateChanged => Some(Release::Released),
            Meaning::NotReleased => Some(Release::NotReleased),
            Meaning::WithheldDeMinimis => Some(Release::WithheldDeMinimis),
            Meaning::Cancelled => Some(Release::Cancelled),
            Meaning::Progress
            | Meaning::BillTrouble
            | Meaning::CancelSoon
            | Meaning::Information => None,
        };
        self.release = release.unwrap_or(self.release);
        self.todo.insert((kind, about), todo);
    }

    fn standing(self) -> Standing {
        let held = self.holds.iter();
        let held: Vec<_> = held
            .filter_map(|(hold, told)| Some((*hold, (*told)?)))
            .collect();
        let holds = held.iter().map(|((of, bill), (since, _))| Hold {
            of,
            bill: (*bill).to_owned(),
            since: *since,
        });
        let mut todo: Vec<String> = Vec::new();
        match self.summary {
            SummaryStanding::Rejected => {
                todo.push("correct what the conditions name and send the summary again".to_owned());
            }
            SummaryStanding::AcceptedWithWarnings => todo
                .push("correct what the warnings name, or override each census warning".to_owned()),
            SummaryStanding::Unanswered | SummaryStanding::Accepted | SummaryStanding::Deleted => {}
        }
        if self.release == Release::Rejected {
            todo.push("correct what the conditions name and send the release again".to_owned());
        }
        let of_holds = held.iter().map(|((_, bill), (_, todo))| (*bill, *todo));
        let asked = self.todo.iter().map(|((_, about), todo)| (*about, *todo));
        let asked = of_holds.chain(asked).filter(|(_, todo)| !todo.is_empty());
        let settled = matches!(self.release, Release::Released | Release::Cancelled);
        todo.extend(
            asked
                .filter(|_| !settled)
                .map(|(about, todo)| match about.is_empty() {
                    true => todo.to_owned(),
                    false => format!("{about}: {todo}"),
                }),
        );
        let conditions = self.of_summary.iter().chain(self.of_release);
        Standing {
            summary: self.summary,
            release: self.release,
            holds: holds.collect(),
            conditions: conditions.cloned().collect(),
            todo,
            single_source: self.single_source,
        }
    }
}

impl Release {
    /// Whether only the request was answered, and nothing told of the goods.
    fn is_of_request(self) -> bool {
        matches!(
            self,
            Release::Unanswered | Release::Rejected | Release::Accepted | Release::UnderReview
        )
    }
}
