//! What a rulebook must satisfy as a whole, beyond what each file must.

use crate::error::LawError;
use crate::instrument::{Instrument, Version};
use crate::kind::{Kind, Rule};
use crate::rulebook::Rulebook;
use std::collections::BTreeMap;

/// All defects of the rulebook; `files` says in which file each instrument stands.
pub(crate) fn rulebook(book: &Rulebook, files: &BTreeMap<String, String>) -> Vec<LawError> {
    let mut errors = Vec::new();
    for instrument in &book.instruments {
        let file = files.get(&instrument.id).cloned().unwrap_or_default();
        let mut report = |field: &str, message: String| {
            errors.push(LawError {
                file: file.clone(),
                line: 1,
                field: field.to_owned(),
                message,
            });
        };
        ties(instrument, &mut report);
        gaps(instrument, &mut report);
        lists(book, instrument, &mut report);
    }
    names(book, &mut errors);
    for needed in [crate::facts::ORIGIN_FACT, crate::facts::NUMBER_FACT] {
        if crate::facts::find(&book.facts, needed).is_none() {
            errors.push(LawError {
                file: "facts.toml".to_owned(),
                line: 1,
                field: needed.to_owned(),
                message: "the engine needs this fact to be defined".to_owned(),
            });
        }
    }
    errors
}

/// At no moment may two versions of one publication both be in force: which governs would be a guess.
fn ties(instrument: &Instrument, report: &mut impl FnMut(&str, String)) {
    for (at, a) in instrument.versions.iter().enumerate() {
        for b in &instrument.versions[at + 1..] {
            if a.published.moment == b.published.moment && a.overlaps(b) {
                report(
                    "published",
                    format!(
                        "{}: two versions published together overlap; give the first an `until`",
                        instrument.id
                    ),
                );
            }
        }
    }
}

/// Kinds that must always answer may not pause between versions.
fn gaps(instrument: &Instrument, report: &mut impl FnMut(&str, String)) {
    if !instrument.kind.forbids_gaps() {
        return;
    }
    let last = instrument
        .versions
        .iter()
        .map(|version| version.effective.moment)
        .max();
    for ended in instrument
        .versions
        .iter()
        .filter_map(|version| version.until)
    {
        let held = instrument
            .versions
            .iter()
            .any(|version| version.holds(ended.moment));
        if !held && last.is_some_and(|last| last > ended.moment) {
            report(
                "until",
                format!(
                    "{}: nothing is in force from this end on: a gap",
                    instrument.id
                ),
            );
        }
    }
}

fn lists(book: &Rulebook, instrument: &Instrument, report: &mut impl FnMut(&str, String)) {
    for version in &instrument.versions {
        if let Rule::Group(group) = &version.rule
            && let Some(list) = &group.list
            && !book.lists.iter().any(|known| known.name == *list)
        {
            report(
                "list",
                format!("`{list}` is not a file of the lists folder"),
            );
        }
    }
}

/// Every group that a condition names must exist and be of the right sort.
fn names(book: &Rulebook, errors: &mut Vec<LawError>) {
    let mut refuse = |group: &str, message: &str| {
        errors.push(LawError {
            file: String::new(),
            line: 0,
            field: "when".to_owned(),
            message: format!("`@{group}` {message}"),
        });
    };
    let has = |group: &str, test: fn(&Version) -> bool| -> Option<bool> {
        let found = book
            .instrument(group)
            .filter(|found| found.kind == Kind::Group)?;
        Some(found.versions.iter().all(test))
    };
    for group in book.origins.iter().flat_map(|test| &test.groups) {
        match has(
            group,
            |version| matches!(&version.rule, Rule::Group(group) if !group.origins.is_empty()),
        ) {
            None => refuse(group, "is not a group"),
            Some(false) => refuse(group, "is not a group of origins"),
            Some(true) => {}
        }
    }
    for group in book.numbers.iter().flat_map(|test| &test.groups) {
        match has(
            group,
            |version| matches!(&version.rule, Rule::Group(group) if group.origins.is_empty()),
        ) {
            None => refuse(group, "is not a group"),
            Some(false) => refuse(group, "is a group of origins, not of numbers"),
            Some(true) => {}
        }
    }
}
