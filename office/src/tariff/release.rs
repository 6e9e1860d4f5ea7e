//! Makes an imported release of an export: its figures in the form of the embedded ones, and its
//! lines with their descriptions.
//! It must not say whether the export is whole.

use super::export::{Export, Row};
use deminimis_law::time::Day;
use deminimis_tariff::{Number, Schedule};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Write as _;

/// Which release an export is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// Its name, for example "2026 Revision 12".
    pub name: String,
    /// Its day.
    pub day: Day,
    /// SHA-256 of the file it came from, 64 hexadecimal digits.
    pub sha256: String,
    /// Where it came from: the file's name, or the address.
    pub source: String,
}

/// What the name of an export says of its release: "hts_2026_rev_10.json.gz" is 2026 Revision 10.
/// The day is known for a Basic edition, which is of the first of January, and where a whole date
/// stands in the name.
#[must_use]
pub fn from_file_name(name: &str) -> (Option<String>, Option<Day>) {
    let lower = name.to_ascii_lowercase();
    let words: Vec<&str> = lower
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    let date = lower
        .char_indices()
        .find_map(|(at, _)| lower.get(at..at + 10).and_then(Day::parse));
    let is_year = |word: &&str| word.len() == 4 && word.bytes().all(|b| b.is_ascii_digit());
    let Some(at) = words.iter().position(is_year) else {
        return (None, date);
    };
    let (year, rest) = (words[at], &words[at + 1..]);
    let number = |text: &str| text.parse::<u8>().ok();
    match rest {
        ["basic", ..] => {
            let first = Day::parse(&format!("{year}-01-01"));
            (Some(format!("{year} Basic")), date.or(first))
        }
        ["rev" | "revision", revision, ..] if number(revision).is_some() => {
            (Some(format!("{year} Revision {revision}")), date)
        }
        [word, ..] => {
            let digits = word.strip_prefix("revision").or(word.strip_prefix("rev"));
            let revision = digits.and_then(number);
            (
                revision.map(|revision| format!("{year} Revision {revision}")),
                date,
            )
        }
        [] => (None, date),
    }
}

/// The figures of chapters 1 to 97 in the text form of `tariff/us/README.md`. Where the export has
/// no footnotes, excise marks and footnotes are those of `standing` on the nearest day it knows:
/// without them excise tax would silently be nought.
#[must_use]
pub fn figures(export: &Export, identity: &Identity, standing: &Schedule) -> String {
    let mut rows: BTreeMap<String, &Row> = BTreeMap::new();
    for row in &export.rows {
        if let Some(number) = row.number
            && matches!(number.len(), 8 | 10)
            && number.chapter() < 98
        {
            rows.insert(number.to_string().replace('.', ""), row);
        }
    }
    let mut specials: HashMap<&str, usize> = HashMap::new();
    let (mut head, mut body) = (String::new(), String::new());
    let (name, day) = (&identity.name, identity.day);
    let _ = writeln!(head, "# release: {name}\n# first: {day}\n# last: {day}");
    let _ = writeln!(
        head,
        "# sha256: {}\n# source: {}",
        identity.sha256, identity.source
    );
    for (number, row) in rows {
        let special = match row.special.as_str() {
            "" => String::new(),
            text => {
                let next = specials.len() + 1;
                let place = *specials.entry(text).or_insert(next);
                if place == next {
                    let _ = writeln!(head, "@{place}\t{text}");
                }
                format!("@{place}")
            }
        };
        let (excise, notes) = notes(row, export.has_footnotes, standing, identity.day);
        let (units, general, column_2) = (&row.units, &row.general, &row.column_2);
        let excise = if excise { "excise" } else { "" };
        let _ = writeln!(
            body,
            "{number}\t\t\t{units}\t{general}\t{special}\t{column_2}\t{excise}\t{notes}"
        );
    }
    format!("{head}{}\n{body}", deminimis_tariff::COLUMNS)
}

/// Whether a footnote speaks of excise tax, and the headings of chapter 99 that footnotes name.
fn notes(row: &Row, given: bool, standing: &Schedule, day: Day) -> (bool, String) {
    if given {
        let headings: BTreeSet<String> = headings_of_99(&row.footnotes).collect();
        let headings: Vec<String> = headings.into_iter().collect();
        return (row.footnotes.contains("Excise Tax"), headings.join(" "));
    }
    let (first, _) = standing.embedded_days();
    let article = row
        .number
        .and_then(|number| standing.article(number, day.0.max(first)));
    article.map_or((false, String::new()), |article| {
        (article.excise, article.footnotes[0].to_owned())
    })
}

/// The eight-digit headings of chapter 99 in a text.
pub fn headings_of_99(text: &str) -> impl Iterator<Item = String> + '_ {
    text.split(|c: char| !c.is_ascii_digit() && c != '.')
        .map(|word| word.trim_matches('.'))
        .filter(|word| word.starts_with("99") && word.len() == 10)
        .filter_map(|word| Number::parse(word).ok())
        .map(|number| number.to_string())
}

/// One line with its description, as kept beside the figures.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// How deep it stands.
    pub indent: u8,
    /// The number; none for a row that only groups others.
    pub number: Option<Number>,
    /// Units, general, special and column 2 as printed: chapters 98 and 99 have no other place.
    pub printed: [String; 4],
    /// Footnotes.
    pub footnotes: String,
    /// What it says.
    pub description: String,
}

/// The lines of an export as text: cells separated by tabs.
#[must_use]
pub fn lines_text(export: &Export) -> String {
    let mut text = String::new();
    for row in &export.rows {
        let number = row.number.map(|number| number.to_string());
        let cells = [
            row.indent.to_string(),
            number.unwrap_or_default(),
            row.units.clone(),
            row.general.clone(),
            row.special.clone(),
            row.column_2.clone(),
            row.footnotes.clone(),
            row.description.clone(),
        ];
        text.push_str(&cells.join("\t"));
        text.push('\n');
    }
    text
}

/// Reads lines back. `None` if the text is damaged.
#[must_use]
pub fn read_lines(text: &str) -> Option<Vec<Line>> {
    text.lines()
        .map(|line| {
            let cells: Vec<&str> = line.split('\t').collect();
            let [
                indent,
                number,
                units,
                general,
                special,
                column_2,
                footnotes,
                description,
            ] = cells.as_slice()
            else {
                return None;
            };
            let number = match *number {
                "" => None,
                number => Some(Number::parse(number).ok()?),
            };
            Some(Line {
                indent: indent.parse().ok()?,
                number,
                printed: [units, general, special, column_2].map(|cell| (*cell).to_owned()),
                footnotes: (*footnotes).to_owned(),
                description: (*description).to_owned(),
            })
        })
        .collect()
}
