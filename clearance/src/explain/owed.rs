//! What is owed, as a table for a terminal: one row a charge and a fee.

use super::amount::{dollars_of, grouped};
use super::page::{Page, wrap};
use super::tree::graded;
use super::{Explanation, named};
use crate::render::TotalText;
use crate::render::owed::{ChargeText, FeeText, LineText, OwedText};

/// At most so many lines are shown with their charges.
const LINES: usize = 20;
/// A rate longer than this stands among the words of its row.
const RATE: usize = 20;
/// The fewest columns that words need beside the figures.
const WORDS: usize = 18;
/// And the most that they take.
const MOST_WORDS: usize = 44;

/// A row: what charges, the words for it, the rate, the base, the amount and the authority.
struct Row {
    label: String,
    words: String,
    rate: String,
    base: String,
    amount: String,
    cite: String,
}

/// How wide each column is.
struct Columns {
    label: usize,
    words: usize,
    rate: usize,
    base: usize,
    amount: usize,
}

impl Explanation {
    /// What is owed by the path taken. Nothing is said of what may not enter, or of what a person
    /// must decide before anything can be reckoned.
    pub(super) fn owed(&self, page: &mut Page) {
        let Some(owed) = &self.decision.owed else {
            return;
        };
        page.gap();
        if self.decision.entry_path == "none" && owed.total_usd.is_none() {
            page.paragraph("Owed  Not reckoned: how it enters is not decided.", 0, 2);
            return;
        }
        page.paragraph(&format!("Owed  {}", headline(owed)), 0, 2);
        self.charges(page, owed);
        if owed.refundable_usd != "0.00" {
            let words = format!(
                "Of this {} is refundable.",
                dollars_of(&owed.refundable_usd)
            );
            page.paragraph(&words, 2, 4);
        }
        if let Some(note) = &owed.note {
            page.paragraph(&super::capital(&format!("{note}.")), 2, 4);
        }
        for (why, lines) in self.kept_open() {
            let words = match lines.is_empty() {
                true => why.to_owned(),
                false => format!("{why} ({})", named(&lines)),
            };
            page.entry("open", Some(36), &words, "");
        }
        if let Some(from) = &self.formal_from {
            let words = format!(
                "From a value of {} on a formal entry (type 01) owes less than an informal one (type 11): {} against {}.",
                dollars_of(&from.value_usd),
                dollars_of(&from.formal_usd),
                dollars_of(&from.informal_usd)
            );
            page.paragraph(&words, 2, 4);
        }
    }

    /// What keeps the total from being known, each with its lines; no lines where all are meant.
    pub(super) fn kept_open(&self) -> Vec<(&str, Vec<u16>)> {
        let mut all: Vec<(&str, Vec<u16>)> = Vec::new();
        let owed = self.decision.owed.iter();
        for open in owed
            .flat_map(|owed| &owed.open)
            .filter(|open| open.material)
        {
            match all.iter_mut().find(|(why, _)| *why == open.why) {
                Some((_, lines)) => lines.extend(open.line),
                None => all.push((&open.why, open.line.into_iter().collect())),
            }
        }
        for (_, lines) in &mut all {
            if lines.len() == self.parcel.lines.len() {
                lines.clear();
            }
        }
        all
    }

    fn charges(&self, page: &mut Page, owed: &OwedText) {
        let several = self.parcel.lines.len() > 1;
        let shown = &owed.lines[..owed.lines.len().min(LINES)];
        let of_line = |line: &LineText| line.charges.iter().map(charge_row).collect::<Vec<_>>();
        let groups: Vec<Vec<Row>> = shown.iter().map(of_line).collect();
        let fees: Vec<Row> = owed.fees.iter().map(fee_row).collect();
        let columns = Columns::of(groups.iter().flatten().chain(&fees), page.width);
        for (line, rows) in shown.iter().zip(&groups) {
            if several {
                let name = match line.line {
                    Some(line) => format!("line {line}"),
                    None => "the package".to_owned(),
                };
                page.paragraph(&name, 2, 4);
            }
            rows.iter()
                .for_each(|row| row.write(page, columns.as_ref()));
        }
        if owed.lines.len() > LINES {
            page.paragraph(
                &format!("and {} more lines", owed.lines.len() - LINES),
                2,
                4,
            );
        }
        if several && !fees.is_empty() {
            page.line("  fees");
        }
        fees.iter()
            .for_each(|row| row.write(page, columns.as_ref()));
    }
}

/// The total, or the least and the most it may be.
fn headline(owed: &OwedText) -> String {
    match (&owed.total_usd, &owed.range_low_usd, &owed.range_high_usd) {
        (Some(total), ..) => dollars_of(total),
        (None, Some(low), Some(high)) => format!("{} to {}", dollars_of(low), dollars_of(high)),
        (None, Some(low), None) if low != "0.00" => {
            format!("{} or more: the amount is not known", dollars_of(low))
        }
        _ => "The amount is not known.".to_owned(),
    }
}

/// A total in a few words; nothing where no bound is known.
pub(super) fn total_words(total: &TotalText) -> Option<String> {
    match (&total.owed_usd, &total.range_low_usd, &total.range_high_usd) {
        (Some(total), ..) => Some(dollars_of(total)),
        (None, Some(low), Some(high)) => {
            Some(format!("{} to {}", dollars_of(low), dollars_of(high)))
        }
        _ => None,
    }
}

fn charge_row(charge: &ChargeText) -> Row {
    let label = match (&charge.heading, charge.program.as_str()) {
        (Some(heading), _) => heading.clone(),
        (None, "mail") => "mail".to_owned(),
        (None, "general" | "column 2") => "column".to_owned(),
        (None, _) => "open".to_owned(),
    };
    let mut words = charge.reason.clone();
    if charge.heading.is_none() && !charge.heading_candidates.is_empty() {
        words = format!("{}: {words}", charge.heading_candidates.join(" or "));
    }
    if charge.state == "met" {
        words.push_str("; column 1 reaches it");
    }
    if charge.refundable && charge.state == "charged" {
        words.push_str("; refundable");
    }
    let rate = in_words(&mut words, &charge.rate);
    Row {
        label,
        words: graded(&words, charge.confidence),
        base: match charge.state {
            "exempt" | "not_covered" => String::new(),
            _ => format!("of {}", grouped(&charge.base_usd)),
        },
        rate,
        amount: amount(charge.amount_usd.as_deref()),
        cite: charge.cite.join("; "),
    }
}

fn fee_row(fee: &FeeText) -> Row {
    let mut words = fee.reason.clone();
    if fee.payer != IMPORTER {
        words.push_str(&format!("; paid by the {}", fee.payer));
    }
    // A flat fee has no base, and its reason names the amount; one that is not in hand has neither.
    let flat = fee.rate.starts_with('$') || fee.state == "not_covered";
    let rate = match flat {
        true => String::new(),
        false => in_words(&mut words, &fee.rate),
    };
    Row {
        label: match &fee.class_code {
            Some(code) => format!("class {code}"),
            None => "fee".to_owned(),
        },
        words: graded(&words, fee.confidence),
        rate,
        base: match flat {
            true => String::new(),
            false => format!("of {}", grouped(&fee.base_usd)),
        },
        amount: amount(fee.amount_usd.as_deref()),
        cite: fee.cite.join("; "),
    }
}

/// An amount for its column.
fn amount(usd: Option<&str>) -> String {
    usd.map_or_else(|| "open".to_owned(), grouped)
}

/// Who pays a fee unless another is named.
const IMPORTER: &str = "importer of record";

/// The rate for its column; a long one goes to the words.
fn in_words(words: &mut String, rate: &str) -> String {
    if rate.chars().count() <= RATE {
        return rate.to_owned();
    }
    words.push_str(&format!(": {rate}"));
    String::new()
}

impl Columns {
    /// As wide as the rows ask for; nothing where the words would have no room.
    fn of<'r>(rows: impl Iterator<Item = &'r Row>, width: usize) -> Option<Columns> {
        let count = |text: &str| text.chars().count();
        let mut columns = Columns {
            label: 0,
            words: 0,
            rate: 0,
            base: 0,
            amount: 0,
        };
        for row in rows {
            columns.label = columns.label.max(count(&row.label));
            columns.words = columns.words.max(count(&row.words));
            columns.rate = columns.rate.max(count(&row.rate));
            columns.base = columns.base.max(count(&row.base));
            columns.amount = columns.amount.max(count(&row.amount));
        }
        let figures = columns.rate + columns.base + columns.amount;
        let room = width.checked_sub(2 + columns.label + 2 + 2 + figures + 4)?;
        columns.words = columns.words.min(room).min(MOST_WORDS);
        (room >= WORDS).then_some(columns)
    }

    fn words_from(&self) -> usize {
        2 + self.label + 2
    }
}

impl Row {
    /// Writes the row in its columns, its words wrapped within theirs; without columns its figures
    /// stand below the words. The citation stands at the right of the first line with room for it.
    fn write(&self, page: &mut Page, columns: Option<&Columns>) {
        let Some(columns) = columns else {
            page.paragraph(&format!("{}  {}", self.label, self.words), 2, 4);
            let figures = [&self.rate, &self.base, &self.amount];
            let figures: Vec<&str> = figures.iter().map(|text| text.as_str()).collect();
            let figures = figures.join(" ");
            page.cited(figures.trim_start(), &self.cite, 4, 4);
            return;
        };
        let from = columns.words_from();
        let mut chunks = wrap(&self.words, columns.words, 0, 0).into_iter();
        let head = format!(
            "  {:label$}  {:words$}  {:>rate$} {:base$}  {:>amount$}",
            self.label,
            chunks.next().unwrap_or_default(),
            self.rate,
            self.base,
            self.amount,
            label = columns.label,
            words = columns.words,
            rate = columns.rate,
            base = columns.base,
            amount = columns.amount,
        );
        let mut lines = vec![head];
        lines.extend(chunks.map(|chunk| format!("{}{chunk}", " ".repeat(from))));
        page.at_right(lines, &self.cite, from);
    }
}
