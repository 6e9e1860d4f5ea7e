//! The same article from several origins, one column each.

use super::Told;
use super::reckon::percent;
use super::table::span_words;
use crate::out::page::{Page, Style};
use crate::setup::Setup;
use deminimis_clearance::render::owed::{OwedText, owed};
use deminimis_law::codes::Country;
use deminimis_law::names::Outcome;
use std::io;

/// Writes the columns.
pub fn write(setup: &Setup, columns: &[(Country, Told)], page: &mut Page<'_>) -> io::Result<()> {
    let stacks: Vec<OwedText> = columns
        .iter()
        .map(|(_, told)| owed(setup.books(), &told.reckoned.shipment, &told.reckoned.owed))
        .collect();
    if let Some((_, told)) = columns.first() {
        let shipment = &told.reckoned.shipment;
        let number = shipment.lines.first().and_then(|line| line.number);
        let number = number.map_or_else(String::new, |number| number.to_string());
        let value = told
            .reckoned
            .value()
            .map_or_else(String::new, |value| format!(", ${value}"));
        let title = format!(
            "{number}{value}, by {}, entered {}",
            shipment.mode,
            shipment.entry_when().day
        );
        page.say(0, Style::Bold, &title)?;
        page.gap()?;
    }
    let mut rows = vec![line(
        "",
        columns.iter().map(|(origin, _)| origin.to_string()),
    )];
    rows.push(line(
        "outcome",
        columns.iter().map(|(_, told)| outcome(told)),
    ));
    let by = columns.iter().map(|(_, told)| {
        let by = told.reckoned.by.map_or("none", |path| path.as_str());
        by.to_owned()
    });
    rows.push(line("entry", by));
    for key in keys(&stacks) {
        let cells: Vec<String> = stacks.iter().map(|stack| cell(stack, &key)).collect();
        rows.push(line(format!("{} {}", key.0, key.1).trim(), cells));
    }
    let sums = |pick: fn(&Told) -> String| columns.iter().map(move |(_, told)| pick(told));
    rows.push(line(
        "total",
        sums(|told| span_words(told.reckoned.owed.total)),
    ));
    let share = |told: &Told| {
        told.reckoned
            .effective()
            .map_or_else(|| "?".to_owned(), percent)
    };
    rows.push(line("of the value", sums(share)));
    let refunds = stacks.iter().map(|stack| stack.refundable_usd.clone());
    if stacks.iter().any(|stack| stack.refundable_usd != "0.00") {
        rows.push(line("being refunded", refunds));
    }
    let styles: Vec<Style> = std::iter::once(Style::Id)
        .chain(columns.iter().map(|_| Style::Plain))
        .collect();
    page.table(0, &styles, &rows)?;
    for (origin, told) in columns {
        for question in told.questions.iter().filter(|question| question.material) {
            page.gap()?;
            page.say(
                0,
                Style::Plain,
                &format!("{origin} open, {}: {}", question.what, question.why),
            )?;
        }
    }
    Ok(())
}

fn line(label: &str, cells: impl IntoIterator<Item = String>) -> Vec<String> {
    std::iter::once(label.to_owned()).chain(cells).collect()
}

fn outcome(told: &Told) -> String {
    match told.reckoned.decision.way() {
        Outcome::Free => "free; if entered:",
        Outcome::EntryRequired => "entry required",
        Outcome::Prohibited => "prohibited",
        Outcome::NeedsPerson => "needs a person",
    }
    .to_owned()
}

/// What a row is about: heading and program of a charge, or class and name of a fee.
type Key = (String, String);

/// Every charge and fee of any column, in the order of the first column that has it; the rates of
/// the schedule share a row whatever their column.
fn keys(stacks: &[OwedText]) -> Vec<Key> {
    let mut keys: Vec<Key> = Vec::new();
    for stack in stacks {
        let mut after = 0;
        for key in of(stack).map(|(key, _)| key) {
            match keys.iter().position(|known| *known == key) {
                Some(place) => after = after.max(place + 1),
                None => {
                    keys.insert(after, key);
                    after += 1;
                }
            }
        }
    }
    keys
}

fn of(stack: &OwedText) -> impl Iterator<Item = (Key, String)> {
    let charges = stack
        .lines
        .iter()
        .flat_map(|line| &line.charges)
        .map(|charge| {
            let heading = match &charge.heading {
                Some(heading) => heading.clone(),
                None => charge.heading_candidates.join(" or "),
            };
            let scheduled = !heading.starts_with("99") && !heading.starts_with("98");
            let program = match scheduled && !heading.is_empty() {
                true => "column 1 or 2".to_owned(),
                false => charge.program.clone(),
            };
            let amount = charge.amount_usd.as_deref().unwrap_or("?");
            ((heading, program), format!("{amount} ({})", charge.rate))
        });
    let fees = stack.fees.iter().map(|fee| {
        let class = fee
            .class_code
            .as_deref()
            .map_or_else(String::new, |class| format!("class {class}"));
        let amount = fee.amount_usd.as_deref().unwrap_or("?");
        ((class, fee.fee.clone()), format!("{amount} ({})", fee.rate))
    });
    charges.chain(fees)
}

fn cell(stack: &OwedText, key: &Key) -> String {
    let found = of(stack).find(|(known, _)| known == key);
    found.map_or_else(|| "\u{2013}".to_owned(), |(_, text)| text)
}
