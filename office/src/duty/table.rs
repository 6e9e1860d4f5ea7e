//! The stack of one article as tables that fit the terminal.

use super::questions::Answer;
use super::reckon::{Threshold, Way, percent};
use super::{Told, near_numbers};
use crate::out::page::{Page, Style};
use crate::out::style::dollars;
use crate::setup::Setup;
use deminimis_clearance::owed::Span;
use deminimis_clearance::render::owed::{ChargeText, FeeText, OwedText, owed};
use deminimis_clearance::render::path_rule;
use deminimis_clearance::words;
use deminimis_law::names::{EntryPath, Outcome};
use std::io;

/// Writes what is said of an article.
pub fn write(setup: &Setup, told: &Told, page: &mut Page<'_>) -> io::Result<()> {
    let reckoned = &told.reckoned;
    head(setup, told, page)?;
    if reckoned.by.is_none() {
        return Ok(());
    }
    let text = owed(setup.books(), &reckoned.shipment, &reckoned.owed);
    page.gap()?;
    stack(&text, page)?;
    page.gap()?;
    sums(told, &text, page)?;
    ways(setup, told, page)?;
    questions(told, page)?;
    footer(setup, told, &text, page)
}

fn head(setup: &Setup, told: &Told, page: &mut Page<'_>) -> io::Result<()> {
    let (shipment, decision) = (&told.reckoned.shipment, &told.reckoned.decision);
    let line = shipment.lines.first();
    let number = line.and_then(|line| line.number);
    let number = number.map_or_else(|| "no number".to_owned(), |number| number.to_string());
    let origin = line.and_then(|line| line.origin);
    let origin = origin.map_or_else(|| "?".to_owned(), |origin| origin.to_string());
    let value = told
        .reckoned
        .value()
        .map_or_else(|| "value not known in dollars".to_owned(), dollars);
    let day = shipment.entry_when().day;
    let title = format!(
        "{number} of {origin}, {value}, by {}, entered {day}",
        shipment.mode
    );
    page.say(0, Style::Bold, &title)?;
    if let Some(said) = near_numbers(setup, &told.reckoned) {
        page.say(0, Style::Bad, &said)?;
    }
    let (why, cite) = words::why(&setup.law, shipment, decision).unwrap_or_default();
    let because = match cite {
        _ if why.is_empty() => "what is open below decides it".to_owned(),
        [] => why,
        cite => format!("{why} ({})", cite.join("; ")),
    };
    let said = match decision.way() {
        Outcome::Free => format!(
            "Free on that day, by {}: {because}",
            path_words(decision.path)
        ),
        Outcome::EntryRequired => format!(
            "Entry required, by {}: {because}",
            path_words(decision.path)
        ),
        Outcome::Prohibited => format!("May not enter: {because}"),
        Outcome::NeedsPerson => format!("A person must decide how it enters: {because}"),
    };
    page.say(0, Style::Plain, &said)?;
    if let (true, Some(by)) = (told.reckoned.if_entered, told.reckoned.by) {
        let said = match decision.way() {
            Outcome::Free => "Owed is nothing. If it were entered all the same",
            _ => "What it would come to",
        };
        page.say(0, Style::Plain, &format!("{said}, by {}:", path_words(by)))?;
    }
    if let Some(asked) = shipment.entry_path.filter(|asked| *asked != decision.path) {
        let said = format!(
            "{} is not open to it, so it is not reckoned for that path.",
            path_words(asked)
        );
        page.say(0, Style::Bad, &said)?;
    }
    Ok(())
}

fn path_words(path: EntryPath) -> String {
    match path {
        EntryPath::None => "no entry".to_owned(),
        path => path.as_str().replace('-', " "),
    }
}

/// A total, or the span in which it lies.
pub fn span_words(span: Span) -> String {
    match (span.known(), span.high) {
        (Some(total), _) => dollars(total),
        (None, Some(high)) => format!("{} to {}", dollars(span.low), dollars(high)),
        (None, None) => format!("{} or more", dollars(span.low)),
    }
}

fn heading(charge: &ChargeText) -> String {
    match &charge.heading {
        Some(heading) => heading.clone(),
        None => charge.heading_candidates.join(" or "),
    }
}

fn charge_row(charge: &ChargeText) -> [String; 6] {
    let mut cite = charge.cite.join("; ");
    if charge.amount_usd.as_deref() == Some("0.00") || charge.amount_usd.is_none() {
        cite = format!("{}: {cite}", charge.reason);
    }
    if charge.refundable && charge.amount_usd.as_deref() != Some("0.00") {
        cite = format!("being refunded; {cite}");
    }
    let of = match (&charge.quantity, &charge.unit) {
        (Some(quantity), Some(unit)) => format!("{quantity} {unit}"),
        (Some(quantity), None) => quantity.clone(),
        (None, _) => charge.base_usd.clone(),
    };
    [
        heading(charge),
        charge.program.clone(),
        match charge.rate.is_empty() {
            true => "?".to_owned(),
            false => charge.rate.clone(),
        },
        of,
        charge.amount_usd.clone().unwrap_or_else(|| "?".to_owned()),
        cite,
    ]
}

fn fee_row(fee: &FeeText) -> [String; 6] {
    let class = fee.class_code.as_deref();
    let cite = fee.cite.join("; ");
    [
        class.map_or_else(|| "fee".to_owned(), |class| format!("class {class}")),
        fee.fee.clone(),
        fee.rate.clone(),
        fee.base_usd.clone(),
        fee.amount_usd.clone().unwrap_or_else(|| "?".to_owned()),
        format!("paid by {}; {}: {cite}", fee.payer, fee.reason),
    ]
}

fn stack(text: &OwedText, page: &mut Page<'_>) -> io::Result<()> {
    let head = ["heading", "program", "rate", "of", "amount", "law"].map(str::to_owned);
    let charges = text
        .lines
        .iter()
        .flat_map(|line| &line.charges)
        .map(charge_row);
    let fees = text.fees.iter().map(fee_row);
    let rows: Vec<[String; 6]> = std::iter::once(head).chain(charges).chain(fees).collect();
    let figures: Vec<[&str; 3]> = rows
        .iter()
        .map(|row| [&*row[2], &*row[3], &*row[4]])
        .collect();
    let figures = flush(&figures);
    let rows: Vec<Vec<String>> = rows
        .iter()
        .zip(figures)
        .map(|(row, figures)| vec![row[0].clone(), row[1].clone(), figures, row[5].clone()])
        .collect();
    page.table(0, &[Style::Id, Style::Plain, Style::Id, Style::Dim], &rows)
}

/// One cell for several columns of which the first is flush left and the others flush right: a
/// table's own cells all begin at the left, and points of amounts should stand under one another.
pub fn flush<const N: usize>(rows: &[[&str; N]]) -> Vec<String> {
    let width = |column: usize| {
        let widths = rows.iter().map(|row| row[column].chars().count());
        widths.max().unwrap_or(0)
    };
    let widths: [usize; N] = std::array::from_fn(width);
    let line = |row: &[&str; N]| {
        let mut text = String::new();
        for (column, (cell, width)) in row.iter().zip(widths).enumerate() {
            match column {
                0 => text.push_str(&format!("{cell:<width$}")),
                _ => text.push_str(&format!("  {cell:>width$}")),
            }
        }
        text
    };
    rows.iter().map(line).collect()
}

fn sums(told: &Told, text: &OwedText, page: &mut Page<'_>) -> io::Result<()> {
    let owed = &told.reckoned.owed;
    page.field(0, "duty", &span_words(owed.duty))?;
    page.field(0, "fees", &span_words(owed.fee_total))?;
    let share = told.reckoned.effective();
    let share = share.map_or_else(String::new, |share| {
        format!(", {} of the value", percent(share))
    });
    page.field(0, "total", &format!("{}{share}", span_words(owed.total)))?;
    if text.refundable_usd != "0.00" {
        page.field(
            0,
            "refunds",
            &format!("${} of it is being refunded", text.refundable_usd),
        )?;
    }
    threshold(&told.threshold, page)
}

fn threshold(threshold: &Threshold, page: &mut Page<'_>) -> io::Result<()> {
    if let Some(less) = threshold.formal_costs_less {
        let said = format!(
            "a formal entry costs less for values of {} to {}: at the first {} against {}",
            dollars(less.from),
            dollars(less.until),
            dollars(less.formal),
            dollars(less.informal)
        );
        page.field(0, "threshold", &said)?;
    }
    let Some(until) = threshold.informal_until else {
        return Ok(());
    };
    let never = match threshold.formal_never_less {
        true => "; up to there a formal one never costs less",
        false => "",
    };
    let said = format!("informal entry is open up to {}{never}", dollars(until));
    page.field(0, "informal", &said)
}

fn ways(setup: &Setup, told: &Told, page: &mut Page<'_>) -> io::Result<()> {
    if told.ways.len() < 2 {
        return Ok(());
    }
    page.gap()?;
    page.say(0, Style::Bold, "Lawful ways of entering")?;
    let row = |way: &Way| {
        let rule = path_rule(&setup.law, &told.reckoned.decision, way.path);
        let (filer, time) = rule.map_or_else(Default::default, |rule| {
            (rule.filer.clone(), rule.time.clone())
        });
        let total = match way.free {
            true => "free".to_owned(),
            false => span_words(way.total),
        };
        let mark = if way.cheapest { "cheapest" } else { "" };
        vec![
            path_words(way.path),
            total,
            mark.to_owned(),
            format!("{filer}; {time}"),
        ]
    };
    let rows: Vec<Vec<String>> = told.ways.iter().map(row).collect();
    page.table(2, &[Style::Id, Style::Id, Style::Good, Style::Dim], &rows)
}

fn questions(told: &Told, page: &mut Page<'_>) -> io::Result<()> {
    for (material, title) in [(true, "Open"), (false, "Relief that is not claimed")] {
        let mut asked = told
            .questions
            .iter()
            .filter(|one| one.material == material)
            .peekable();
        if asked.peek().is_none() {
            continue;
        }
        page.gap()?;
        page.say(0, Style::Bold, title)?;
        for question in asked {
            page.say(
                2,
                Style::Plain,
                &format!("{}: {}", question.what, question.why),
            )?;
            let rows: Vec<Vec<String>> = question
                .answers
                .iter()
                .map(|answer| vec![answer.answer.clone(), comes_to(told, answer)])
                .collect();
            page.table(4, &[Style::Plain, Style::Plain], &rows)?;
        }
    }
    Ok(())
}

/// What an answer comes to, and how the parcel then enters where that is not the same.
fn comes_to(told: &Told, answer: &Answer) -> String {
    let total = span_words(answer.total);
    let by = answer
        .path
        .map_or_else(String::new, |path| format!(" by {}", path_words(path)));
    match answer.outcome {
        Outcome::Free => format!("free; {total}{by} if entered"),
        Outcome::Prohibited => "it may not enter".to_owned(),
        Outcome::NeedsPerson => format!("a person must decide; {total}{by}"),
        Outcome::EntryRequired if answer.path == told.reckoned.by => total,
        Outcome::EntryRequired => format!("{total}{by}"),
    }
}

fn footer(setup: &Setup, told: &Told, text: &OwedText, page: &mut Page<'_>) -> io::Result<()> {
    page.gap()?;
    if let Some(note) = &text.note {
        page.say(0, Style::Dim, note)?;
    }
    let decision = &told.reckoned.decision;
    let hash = setup.law.hash();
    let checked = match decision.checked_until.0 {
        i32::MAX => String::new(),
        _ => format!(" checked to {}", decision.checked_until),
    };
    let said = format!(
        "law {}{checked} \u{b7} schedule {}",
        &hash[..12.min(hash.len())],
        setup.tariff.release()
    );
    page.say(0, Style::Dim, &said)
}
