//! The comparison as a table and for programs.

use super::models::{Combine, Model};
use super::ways::Sums;
use crate::out::page::{Page, Style};
use crate::out::style::{dollars, grouped};
use deminimis_clearance::owed::Span;
use deminimis_law::Law;
use deminimis_law::kind::Rule;
use deminimis_law::money::Cents;
use deminimis_law::names::EntryPath;
use deminimis_law::time::Day;
use deminimis_office::duty::table::flush;
use serde_json::{Value, json};
use std::io;

/// How many paths of a model are told with what they need; rarer ones are named.
const PATHS_TOLD: usize = 4;

/// What was compared.
pub struct Told {
    /// Each model, and what all parcels come to under it.
    pub models: Vec<(Model, Sums)>,
    /// Parcels read.
    pub parcels: u64,
    /// Parcels refused.
    pub refused: u64,
    /// First and last day of arrival.
    pub span: (Day, Day),
    /// Parcels a year.
    pub per_year: u64,
    /// The user said how many.
    pub per_year_given: bool,
}

/// A share of an amount, half up to the cent.
pub fn part(amount: Cents, times: u64, of: u64) -> Cents {
    let (times, of) = (i128::from(times), i128::from(of.max(1)));
    let share = (i128::from(amount.0) * times * 2 + of) / (2 * of);
    Cents(i64::try_from(share).unwrap_or(i64::MAX))
}

fn part_of(span: Span, times: u64, of: u64) -> Span {
    Span {
        low: part(span.low, times, of),
        high: span.high.map(|high| part(high, times, of)),
    }
}

/// Which model costs least for certain: at its most not more than any other at its least.
pub fn cheapest(told: &Told) -> Option<usize> {
    let shipped = |(_, sums): &&(Model, Sums)| sums.parcels > 0;
    let each = |sums: &Sums| part_of(sums.total(), 1, sums.parcels);
    let (place, most) = told
        .models
        .iter()
        .enumerate()
        .filter(|(_, one)| shipped(one) && one.1.parcels == told.parcels)
        .filter_map(|(place, (_, sums))| Some((place, each(sums).high?)))
        .min_by_key(|(_, most)| *most)?;
    let others = told
        .models
        .iter()
        .enumerate()
        .filter(|(other, one)| *other != place && shipped(one));
    let none_is_lower = others
        .into_iter()
        .all(|(_, (_, sums))| each(sums).low >= most);
    none_is_lower.then_some(place)
}

/// Writes the comparison.
pub fn write(law: &Law, told: &Told, page: &mut Page<'_>) -> io::Result<()> {
    let (first, last) = told.span;
    let title = format!(
        "{} parcels, arriving {first} to {last}; each parcel on average, and {} a year",
        grouped(u128::from(told.parcels)),
        grouped(u128::from(told.per_year)),
    );
    page.say(0, Style::Bold, &title)?;
    if !told.per_year_given {
        page.say(
            0,
            Style::Dim,
            "The number a year follows from the file's span; --per-year sets it.",
        )?;
    }
    page.gap()?;
    let head = [
        "model", "duty", "fees", "freight", "handling", "a parcel", "a year", "days", "", "entries",
    ];
    let best = cheapest(told);
    let mut rows = vec![head.map(str::to_owned)];
    for (place, (model, sums)) in told.models.iter().enumerate() {
        rows.push(row(told, model, sums, best == Some(place)));
    }
    let figures: Vec<[&str; 8]> = rows
        .iter()
        .map(|row| std::array::from_fn(|at| row[at].as_str()))
        .collect();
    let table: Vec<Vec<String>> = flush(&figures)
        .into_iter()
        .zip(&rows)
        .map(|(figures, row)| vec![figures, row[8].clone(), row[9].clone()])
        .collect();
    page.table(0, &[Style::Id, Style::Good, Style::Dim], &table)?;
    if rows.iter().flatten().any(|cell| cell.ends_with('+')) {
        page.say(
            0,
            Style::Dim,
            "+ is at least: totals are open; `deminimis assess` says of which parcels.",
        )?;
    }
    let mut said_before: Vec<EntryPath> = Vec::new();
    for (model, sums) in &told.models {
        page.gap()?;
        page.say(0, Style::Bold, &format!("{}: {}", model.name, model.title))?;
        for (path, need) in needs(law, model, sums) {
            // What a path needs is the same for every model: it is told once.
            match path.filter(|path| said_before.contains(path)) {
                Some(path) => {
                    let count = sums.paths.get(&path).map_or(0, |taken| taken.0);
                    page.say(2, Style::Plain, &format!("{path} ({count}): as above"))?;
                }
                None => page.say(2, Style::Plain, &need)?,
            }
            said_before.extend(path);
        }
    }
    page.gap()?;
    let said = "Duty and fees are the law's. Freight, handling, storage and days are those of the file of \
                models: put in your own.";
    page.say(0, Style::Dim, said)?;
    if told.refused > 0 {
        let said = format!(
            "{} parcels were refused; `deminimis assess` says why.",
            told.refused
        );
        page.say(0, Style::Bad, &said)?;
    }
    Ok(())
}

/// An average: what it is at least has a plus where more is open.
fn span_short(span: Span) -> String {
    match span.known() {
        Some(amount) => dollars(amount),
        None => format!("{}+", dollars(span.low)),
    }
}

fn row(told: &Told, model: &Model, sums: &Sums, best: bool) -> [String; 10] {
    let each = |span: Span| match sums.parcels {
        0 => "\u{2013}".to_owned(),
        parcels => span_short(part_of(span, 1, parcels)),
    };
    let year = match sums.parcels {
        0 => "\u{2013}".to_owned(),
        parcels => span_short(part_of(sums.total(), told.per_year, parcels)),
    };
    [
        model.name.clone(),
        each(sums.duty),
        each(sums.fees),
        each(Span::exactly(sums.freight)),
        each(Span::exactly(sums.keeping)),
        each(sums.total()),
        year,
        model.days.to_string(),
        if best { "cheapest" } else { "" }.to_owned(),
        entries(sums),
    ]
}

fn entries(sums: &Sums) -> String {
    let counts = [
        (sums.free, "free"),
        (sums.entries, "entered"),
        (sums.person, "for a person"),
        (sums.open, "open"),
        (sums.banned, "banned"),
    ];
    let said: Vec<String> = counts
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, said)| format!("{} {said}", grouped(u128::from(*count))))
        .collect();
    said.join(", ")
}

/// What a model needs to be lawful: of its paths, of the instruments it names, and the user's words.
/// Those of a path carry it.
fn needs(law: &Law, model: &Model, sums: &Sums) -> Vec<(Option<EntryPath>, String)> {
    let mut needs = Vec::new();
    let mut paths: Vec<_> = sums.paths.iter().collect();
    // Of equal counts the contract's order stands: the sort is stable.
    paths.sort_by_key(|(_, (count, _))| std::cmp::Reverse(*count));
    let rare = paths.split_off(paths.len().min(PATHS_TOLD));
    for (path, (count, rule)) in paths {
        let Some(rule) = rule else {
            let name = if *path == EntryPath::None {
                "no path"
            } else {
                path.as_str()
            };
            needs.push((
                None,
                format!("{name} ({count}): a person must decide how it enters"),
            ));
            continue;
        };
        let version = law.version(*rule);
        let Rule::Path(rule) = &version.rule else {
            continue;
        };
        let mut parts = vec![
            format!("filed by {}", rule.filer),
            format!("bond: {}", rule.bond),
        ];
        if !rule.needs.is_empty() {
            parts.push(format!("needs {}", rule.needs.join(", ")));
        }
        let said = format!(
            "{path} ({count}): {} [{}]",
            parts.join("; "),
            version.cite.join("; ")
        );
        needs.push((Some(*path), said));
    }
    if !rare.is_empty() {
        let said = rare
            .iter()
            .map(|(path, (count, _))| format!("{path} ({count})"));
        needs.push((
            None,
            format!("and by {}", said.collect::<Vec<_>>().join(", ")),
        ));
    }
    let shared = "parcels of one period share an entry, read by the law of the first one's day";
    let shared = (model.combine != Combine::No).then(|| shared.to_owned());
    let named = model.law.iter().filter_map(|id| instrument(law, id, sums));
    let rest = shared
        .into_iter()
        .chain(named)
        .chain(model.needs.iter().cloned());
    needs.extend(rest.map(|said| (None, said)));
    needs
}

/// What an instrument says at the last entry.
fn instrument(law: &Law, id: &str, sums: &Sums) -> Option<String> {
    let place = law.book().instruments.iter().position(|one| one.id == id)?;
    let rule = law.in_force_at(u16::try_from(place).ok()?, sums.last)?;
    let version = law.version(rule);
    Some(format!(
        "{id}: {} [{}]",
        version.reason,
        version.cite.join("; ")
    ))
}

/// The comparison for programs.
pub fn json(law: &Law, told: &Told) -> Value {
    let span = |span: Span| json!({"low_usd": span.low.to_string(), "high_usd": span.high.map(|high| high.to_string())});
    let best = cheapest(told);
    let models: Vec<Value> = told
        .models
        .iter()
        .enumerate()
        .map(|(place, (model, sums))| {
            let shipped = sums.parcels > 0;
            let each = |total: Span| shipped.then(|| span(part_of(total, 1, sums.parcels)));
            let year = shipped.then(|| span(part_of(sums.total(), told.per_year, sums.parcels)));
            let paths: serde_json::Map<String, Value> = sums
                .paths
                .iter()
                .map(|(path, (count, _))| (path.as_str().to_owned(), json!(count)))
                .collect();
            json!({
                "model": model.name,
                "title": model.title,
                "days": model.days,
                "cheapest": best == Some(place),
                "parcels": sums.parcels,
                "free": sums.free,
                "entries": sums.entries,
                "needs_person": sums.person,
                "open": sums.open,
                "prohibited": sums.banned,
                "paths": paths,
                "all": {
                    "duty": span(sums.duty),
                    "fees": span(sums.fees),
                    "freight_usd": sums.freight.to_string(),
                    "handling_usd": sums.keeping.to_string(),
                    "total": span(sums.total()),
                },
                "per_parcel": each(sums.total()),
                "per_parcel_duty": each(sums.duty),
                "per_parcel_fees": each(sums.fees),
                "per_year": year,
                "needs": needs(law, model, sums).into_iter().map(|need| need.1).collect::<Vec<_>>(),
            })
        })
        .collect();
    json!({
        "parcels": told.parcels,
        "refused": told.refused,
        "from": told.span.0.to_string(),
        "to": told.span.1.to_string(),
        "per_year": told.per_year,
        "law": law.hash(),
        "models": models,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_rounded_half_up_once() {
        for (amount, times, of, share) in [
            (1000, 1, 3, 333),
            (1001, 1, 2, 501),
            (5, 100, 3, 167),
            (0, 9, 0, 0),
        ] {
            assert_eq!(part(Cents(amount), times, of), Cents(share));
        }
    }
}
