//! `law list`: every instrument, grouped by kind.

use super::LawContext;
use super::rule_words::{is_known, kind_title, spans, spans_text, weakest};
use crate::out::page::{Format, Page, Style};
use deminimis_law::Law;
use deminimis_law::instrument::Instrument;
use deminimis_law::kind::Kind;
use serde_json::{Value, json};
use std::io;

/// From this width on an instrument is one line.
const WIDE: usize = 110;

/// Writes the list; `kind` narrows it.
///
/// # Errors
/// The page cannot be written.
pub fn run(
    context: &LawContext<'_>,
    kind: Option<Kind>,
    format: Format,
    page: &mut Page<'_>,
) -> io::Result<()> {
    let law = context.law;
    if format == Format::Json {
        return page.json(&json(law, kind));
    }
    let listed = listed(law, kind);
    for of_kind in listed.chunk_by(|a, b| a.1.kind == b.1.kind) {
        let kind = of_kind[0].1.kind;
        let heading = format!(
            "{} ({}, {})",
            kind_title(kind),
            kind.as_str(),
            of_kind.len()
        );
        page.say(0, Style::Bold, &heading)?;
        let rows: Vec<Vec<String>> = of_kind
            .iter()
            .map(|(place, one)| row(law, *place, one))
            .collect();
        write_rows(&rows, page)?;
        page.gap()?;
    }
    let versions: usize = listed
        .iter()
        .map(|(_, one)| {
            one.versions
                .iter()
                .filter(|version| is_known(law, version))
                .count()
        })
        .sum();
    let count = format!("{} instruments, {versions} versions", listed.len());
    page.say(0, Style::Plain, &count)?;
    let legend = "each with its dates in force, the day to which it was checked, and the least \
                  support of a version";
    page.say(0, Style::Dim, legend)
}

/// The instruments that the law as known has something of, in the order of their kinds.
fn listed(law: &Law, kind: Option<Kind>) -> Vec<(usize, &Instrument)> {
    let wanted = |instrument: &Instrument| {
        let mut versions = instrument.versions.iter();
        kind.is_none_or(|kind| instrument.kind == kind)
            && versions.any(|version| is_known(law, version))
    };
    let all = law.book().instruments.iter().enumerate();
    all.filter(|(_, one)| wanted(one)).collect()
}

/// The list, each instrument in a few fields.
#[must_use]
pub fn json(law: &Law, kind: Option<Kind>) -> Value {
    let listed = listed(law, kind).into_iter();
    listed
        .map(|(place, one)| summary(law, place, one))
        .collect()
}

/// One line an instrument where the page is wide enough, else two.
fn write_rows(rows: &[Vec<String>], page: &mut Page<'_>) -> io::Result<()> {
    if page.width() >= WIDE {
        let styles = [
            Style::Id,
            Style::Plain,
            Style::Plain,
            Style::Dim,
            Style::Plain,
        ];
        return page.table(2, &styles, rows);
    }
    for row in rows {
        if let [id, title, in_force, checked, support] = row.as_slice() {
            page.say(2, Style::Id, id)?;
            page.say(4, Style::Plain, title)?;
            let rest = format!("{in_force}; checked {checked}; {support}");
            page.say(4, Style::Dim, &rest)?;
        }
    }
    Ok(())
}

fn row(law: &Law, place: usize, instrument: &Instrument) -> Vec<String> {
    vec![
        instrument.id.clone(),
        instrument.title.clone(),
        spans_text(law, &spans(law, place)),
        instrument.checked.to_string(),
        weakest(law, instrument).map_or_else(String::new, |one| one.to_string()),
    ]
}

/// An instrument in a few fields.
pub(super) fn summary(law: &Law, place: usize, instrument: &Instrument) -> Value {
    let spans: Vec<Value> = spans(law, place)
        .iter()
        .map(|(from, until)| {
            json!({
                "from": law.zone().show(*from),
                "until": until.map(|until| law.zone().show(until)),
            })
        })
        .collect();
    json!({
        "id": instrument.id,
        "kind": instrument.kind.as_str(),
        "title": instrument.title,
        "in_force": spans,
        "checked": instrument.checked.to_string(),
        "confidence": weakest(law, instrument).map(|one| one.as_str()),
        "versions": instrument.versions.iter().filter(|version| is_known(law, version)).count(),
    })
}
