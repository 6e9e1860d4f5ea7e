//! `tariff search`: numbers by the words of their descriptions, ranked by BM25 in whole numbers, so
//! that every machine gives the same order.

use super::LookError;
use super::release::Line;
use super::show::described_by;
use super::store::Stored;
use crate::out::page::Format;
use crate::out::page::{Page, Style};
use deminimis_law::time::Day;
use deminimis_tariff::Number;
use serde_json::{Value, json};
use std::collections::HashMap;

/// How many are shown. More would not be read.
const MOST: usize = 20;
/// Weights and ranks count in parts of this.
const ONE: u64 = 1 << 10;

/// Writes the numbers that fit best.
///
/// # Errors
/// No release is imported, or a stored one or the page cannot be used.
pub fn run(
    stored: &[Stored],
    words: &str,
    at: Day,
    format: Format,
    page: &mut Page<'_>,
) -> Result<(), LookError> {
    if format == Format::Json {
        return Ok(page.json(&json(stored, words, at)?)?);
    }
    let (release, lines) = described_by(stored, at)?.ok_or(LookError::NothingImported)?;
    let found = best(&lines, words);
    if found.is_empty() {
        let said = format!("no description of {release} has any of these words");
        page.say(0, Style::Plain, &said)?;
        return Ok(());
    }
    let rows: Vec<Vec<String>> = found
        .into_iter()
        .map(|hit| vec![hit.number.to_string(), hit.path])
        .collect();
    page.table(0, &[Style::Id, Style::Plain], &rows)?;
    page.say(0, Style::Dim, &format!("descriptions of {release}"))?;
    Ok(())
}

/// The numbers that fit best, for programs.
///
/// # Errors
/// No release is imported, or a stored one cannot be used.
pub fn json(stored: &[Stored], words: &str, at: Day) -> Result<Value, LookError> {
    let (release, lines) = described_by(stored, at)?.ok_or(LookError::NothingImported)?;
    let found = best(&lines, words);
    let all: Vec<Value> = found
        .iter()
        .map(|hit| {
            json!({"number": hit.number.to_string(), "description": hit.path, "rank": hit.rank})
        })
        .collect();
    Ok(json!({"release": release, "words": words, "found": all}))
}

/// A number that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Hit {
    /// The number.
    number: Number,
    /// Its description, behind those it stands under.
    path: String,
    /// The rank: greater fits better.
    rank: u64,
}

/// A number as a text to be searched: its own description and those it stands under.
struct Text {
    number: Number,
    path: String,
    counts: HashMap<String, u64>,
    length: u64,
}

/// The best hits, the best first; of equal ones the lesser number first.
fn best(lines: &[Line], words: &str) -> Vec<Hit> {
    let mut wanted = tokens(words);
    wanted.sort();
    wanted.dedup();
    let texts = texts(lines, &wanted);
    let count = texts.len() as u64;
    let average = texts.iter().map(|text| text.length).sum::<u64>() / count.max(1);
    let mut ranks = vec![0_u64; texts.len()];
    for word in &wanted {
        let with = texts
            .iter()
            .filter(|text| text.counts.contains_key(word))
            .count() as u64;
        let weight = rarity(count, with);
        for (rank, text) in ranks.iter_mut().zip(&texts) {
            let often = text.counts.get(word).copied().unwrap_or(0);
            *rank += weight * saturation(often, text.length, average) / ONE;
        }
    }
    let mut hits: Vec<Hit> = texts
        .into_iter()
        .zip(ranks)
        .filter(|(_, rank)| *rank > 0)
        .map(|(text, rank)| Hit {
            number: text.number,
            path: text.path,
            rank,
        })
        .collect();
    hits.sort_by(|a, b| b.rank.cmp(&a.rank).then(a.number.cmp(&b.number)));
    hits.truncate(MOST);
    hits
}

fn texts(lines: &[Line], wanted: &[String]) -> Vec<Text> {
    let mut above: Vec<(u8, &str)> = Vec::new();
    let mut texts = Vec::new();
    for line in lines {
        above.retain(|(indent, _)| *indent < line.indent);
        above.push((line.indent, &line.description));
        let Some(number) = line.number else {
            continue;
        };
        let parts = above.iter().map(|(_, part)| part.trim_end_matches(':'));
        let path = parts.collect::<Vec<_>>().join(" \u{203a} ");
        let all = tokens(&path);
        let length = all.len() as u64;
        let mut counts = HashMap::new();
        for word in all.into_iter().filter(|word| wanted.contains(word)) {
            *counts.entry(word).or_insert(0) += 1;
        }
        texts.push(Text {
            number,
            path,
            counts,
            length,
        });
    }
    texts
}

/// Small letters; the plural counts as the singular.
fn tokens(text: &str) -> Vec<String> {
    let lower = text.to_lowercase();
    let words = lower.split(|c: char| !c.is_alphanumeric());
    words
        .filter(|word| !word.is_empty())
        .map(singular)
        .collect()
}

fn singular(word: &str) -> String {
    match word {
        _ if word.len() <= 3 || word.ends_with("ss") => word.to_owned(),
        _ if word.ends_with("ies") => format!("{}y", &word[..word.len() - 3]),
        _ => word.strip_suffix('s').unwrap_or(word).to_owned(),
    }
}

/// BM25's weight of a word, ln(1 + (N - n + 0.5) / (n + 0.5)), to a constant factor: the order is
/// the same with logarithms to base 2.
fn rarity(texts: u64, with: u64) -> u64 {
    // 1 + (N - n + 1/2) / (n + 1/2) = (2N + 2) / (2n + 1).
    log2(((2 * texts + 2) << 20) / (2 * with + 1)).saturating_sub(20 * ONE)
}

/// The logarithm to base 2 in parts of [`ONE`], by squaring.
fn log2(number: u64) -> u64 {
    let whole = u64::from(number.max(1).ilog2());
    let mut rest = (u128::from(number.max(1)) << 62) >> whole;
    let mut parts = whole * ONE;
    let mut half = ONE / 2;
    while half > 0 {
        rest = (rest * rest) >> 62;
        if rest >> 63 != 0 {
            rest >>= 1;
            parts += half;
        }
        half /= 2;
    }
    parts
}

/// BM25's count of a word with k = 1.2 and b = 0.75, in parts of [`ONE`].
fn saturation(often: u64, length: u64, average: u64) -> u64 {
    // tf * 2.2 / (tf + 1.2 * (0.25 + 0.75 * length / average)), times 10 above and below.
    let longer = 3 * ONE + 9 * length * ONE / average.max(1);
    often * 22 * ONE * ONE / (often * 10 * ONE + longer)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(indent: u8, number: &str, description: &str) -> Line {
        Line {
            indent,
            number: Number::parse(number).ok(),
            description: description.to_owned(),
            ..Line::default()
        }
    }

    fn schedule() -> Vec<Line> {
        vec![
            line(
                0,
                "6109",
                "T-shirts, singlets, tank tops and similar garments, knitted or crocheted:",
            ),
            line(1, "6109.10.00", "Of cotton"),
            line(2, "", "Men's or boys':"),
            line(3, "6109.10.0012", "T-shirts, all white, without pockets"),
            line(1, "6109.90", "Of other textile materials:"),
            line(0, "9503", "Toys; dolls; puzzles:"),
            line(1, "9503.00.00", "Puzzles and parts and accessories thereof"),
        ]
    }

    fn numbers(words: &str) -> Vec<String> {
        let found = best(&schedule(), words);
        found.iter().map(|hit| hit.number.to_string()).collect()
    }

    #[test]
    fn the_best_fit_comes_first_and_the_order_is_fixed() {
        assert_eq!(numbers("white cotton t-shirt")[0], "6109.10.0012");
        assert_eq!(numbers("puzzle"), ["9503.00.00", "9503"]);
        assert_eq!(numbers("dolls"), ["9503", "9503.00.00"]);
        assert_eq!(numbers("submarine"), [] as [&str; 0]);
        assert_eq!(numbers(""), [] as [&str; 0]);
        assert_eq!(numbers("cotton white"), numbers("white COTTON white"));
    }

    #[test]
    fn a_description_stands_behind_those_above_it() {
        let hit = &best(&schedule(), "white")[0];
        let path = "T-shirts, singlets, tank tops and similar garments, knitted or crocheted › Of \
                    cotton › Men's or boys' › T-shirts, all white, without pockets";
        assert_eq!(hit.path, path);
    }

    #[test]
    fn logarithms_are_those_of_the_book() {
        // log2(10) = 3.3219280948…, times 1,024 is 3401.65.
        for (number, parts) in [(1, 0), (2, 1_024), (10, 3_401), (1_024, 10_240), (0, 0)] {
            assert_eq!(log2(number), parts, "{number}");
        }
        assert!(rarity(20_000, 1) > rarity(20_000, 100));
        assert!(rarity(20_000, 20_000) < ONE / 10);
        assert!(saturation(2, 10, 10) > saturation(1, 10, 10));
        assert!(saturation(1, 20, 10) < saturation(1, 10, 10));
        assert_eq!(saturation(0, 10, 10), 0);
    }
}
