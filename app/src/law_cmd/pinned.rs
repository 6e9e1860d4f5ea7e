//! Whether the cases of an instrument hold its dates: each version is moved by a day, then taken
//! away, and some case of its own file must notice.

use crate::out::page;
use deminimis_clearance::cases;
use deminimis_law::case::Case;
use deminimis_law::time::Moment;
use deminimis_law::{Law, Rulebook};
use deminimis_office::law::LawContext;
use std::collections::HashMap;
use std::sync::Arc;

/// A change of a version that no case of its own file notices.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{instrument}, version from {effective}: no case of its file fails when it is {change}")]
pub struct Unpinned {
    /// The instrument.
    pub instrument: String,
    /// The version, from 1.
    pub version: usize,
    /// Its first moment.
    pub effective: String,
    /// What was done to it.
    pub change: &'static str,
}

#[derive(Clone, Copy)]
enum Change {
    Later,
    Gone,
}

impl Change {
    fn name(self) -> &'static str {
        match self {
            Change::Later => "moved to the next day",
            Change::Gone => "taken away",
        }
    }
}

/// Every version of every kind that speaks which its own cases do not hold.
#[must_use]
pub fn unpinned(context: &LawContext<'_>) -> Vec<Unpinned> {
    let mut found = Vec::new();
    for (place, instrument) in context.book.instruments.iter().enumerate() {
        if !instrument.kind.speaks() {
            continue;
        }
        let own: Vec<&Case> = context.cases.own(&instrument.id).collect();
        for (at, version) in instrument.versions.iter().enumerate() {
            for change in [Change::Later, Change::Gone] {
                let Some(book) = changed(context, place, at, change) else {
                    continue;
                };
                if !notices(context, &book, &own) {
                    found.push(Unpinned {
                        instrument: instrument.id.clone(),
                        version: at + 1,
                        effective: page::date(context.law, version.effective),
                        change: change.name(),
                    });
                }
            }
        }
    }
    found
}

/// The rulebook with one version changed; `None` where the change leaves nothing to compare.
fn changed(
    context: &LawContext<'_>,
    place: usize,
    at: usize,
    change: Change,
) -> Option<Arc<Rulebook>> {
    let mut book = Rulebook::clone(context.book);
    let version = &mut book.instruments[place].versions[at];
    let later = match change {
        Change::Later => {
            let zone = context.law.zone();
            let midnight = zone.midnight(zone.day(version.effective.moment));
            let next = zone.midnight(zone.day(version.effective.moment).plus(1));
            Moment(next.0 + version.effective.moment.0 - midnight.0)
        }
        // A version that never begins. Its place stays, so that the others keep theirs.
        Change::Gone => Moment::MAX,
    };
    if version.until.is_some_and(|until| until.moment <= later) {
        if matches!(change, Change::Later) {
            return None;
        }
        version.until = None;
    }
    version.effective.moment = later;
    Some(Arc::new(book))
}

fn notices(context: &LawContext<'_>, book: &Arc<Rulebook>, own: &[&Case]) -> bool {
    let mut laws: HashMap<Option<Moment>, Law> = HashMap::new();
    own.iter().any(|case| {
        let known_at = case.known_at.map(|known_at| known_at.end());
        // The hash names the law in decisions; no case can expect it, so it is not reckoned anew.
        let law = laws
            .entry(known_at)
            .or_insert_with(|| Law::compile_hashed(book, known_at, context.law.hash().into()));
        cases::run(
            law,
            context.tariff,
            case,
            &context.cases.models,
            context.persons,
        )
        .is_err()
    })
}
