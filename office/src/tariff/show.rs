//! `tariff show`: what the schedule prints for a number on a day, and which measures touch it.

use super::LookError;
use super::measures::{self, Goods, Measure};
use super::release::{Line, headings_of_99};
use super::store::{Stored, lines};
use crate::out::page::Format;
use crate::out::page::{Page, Style};
use deminimis_law::Law;
use deminimis_law::codes::Country;
use deminimis_law::time::{Day, When};
use deminimis_tariff::rate::Rate;
use deminimis_tariff::{Article, Known, Number, RateRef, Schedule};
use serde_json::{Value, json};
use std::io;

/// The lines of the release that described numbers on a day: the last before it, else the first
/// after it. None if nothing is imported.
pub(super) fn described_by(
    stored: &[Stored],
    at: Day,
) -> Result<Option<(String, Vec<Line>)>, LookError> {
    let before = stored.iter().rfind(|one| one.identity.day <= at);
    let Some(one) = before.or(stored.first()) else {
        return Ok(None);
    };
    Ok(Some((one.identity.name.clone(), lines(one)?)))
}

/// What is read.
#[derive(Clone, Copy)]
pub struct Books<'a> {
    /// The imported releases, whose lines describe.
    pub stored: &'a [Stored],
    /// The schedule made of them and of the embedded figures.
    pub schedule: &'a Schedule,
    /// The law, for measures.
    pub law: &'a Law,
}

/// What the user asks for.
pub struct Asked<'a> {
    /// The number as written.
    pub number: &'a str,
    /// When it is entered.
    pub at: When,
    /// Only measures on goods of this origin.
    pub origin: Option<Country>,
}

/// What is shown.
struct Shown<'a> {
    law: &'a Law,
    goods: Goods,
    /// Headings that may speak of it; none for what is no line of chapters 1 to 97.
    measures: Option<Vec<Measure>>,
    schedule: &'a Schedule,
    number: Number,
    at: Day,
    /// The name of the release that describes, and the path to the number, the number's own
    /// description last.
    described: Option<(String, Vec<String>)>,
    /// The line itself: chapters 98 and 99 have no other figures.
    line: Option<Line>,
    article: Option<Article<'a>>,
    /// Numbers that it begins, for 4 and 6 digits, with their descriptions.
    begins: Vec<(Number, String)>,
}

/// Writes the number.
///
/// # Errors
/// It is no number, or not in the schedule; a stored release or the page cannot be used.
pub fn run(
    books: &Books<'_>,
    asked: &Asked<'_>,
    format: Format,
    page: &mut Page<'_>,
) -> Result<(), LookError> {
    let shown = shown(books, asked)?;
    match format {
        Format::Json => page.json(&shown.json())?,
        Format::Table => shown.write(page)?,
    }
    Ok(())
}

/// The number for programs.
///
/// # Errors
/// It is no number, or not in the schedule; a stored release cannot be used.
pub fn json(books: &Books<'_>, asked: &Asked<'_>) -> Result<Value, LookError> {
    Ok(shown(books, asked)?.json())
}

fn shown<'a>(books: &Books<'a>, asked: &Asked<'_>) -> Result<Shown<'a>, LookError> {
    let Books {
        stored,
        schedule,
        law,
    } = *books;
    let (text, at) = (asked.number, asked.at.day);
    let number = Number::parse(text.trim()).map_err(|error| {
        let near = schedule.candidates_of_text(text.trim(), at.0);
        LookError::Number {
            text: text.to_owned(),
            reason: format!("{error}{}", or_rather(&near)),
        }
    })?;
    let described = described_by(stored, at)?;
    let line = described
        .as_ref()
        .and_then(|(_, lines)| position(lines, number).map(|place| lines[place].clone()));
    match schedule.knows(number, at.0) {
        Known::Yes => {}
        Known::Special if line.is_some() => {}
        known => return Err(unknown(schedule, number, at, known)),
    }
    let begins = if number.len() < 8 {
        schedule.numbers_of(number, at.0).collect()
    } else {
        Vec::new()
    };
    let describe = |number: Number| {
        let (_, lines) = described.as_ref()?;
        Some(lines[position(lines, number)?].description.clone())
    };
    let begins = begins
        .into_iter()
        .map(|number| (number, describe(number).unwrap_or_default()))
        .collect();
    let article = schedule.article(number, at.0);
    let goods = Goods {
        number,
        at: asked.at.moment,
        origin: asked.origin,
    };
    let measures = article
        .as_ref()
        .and_then(|_| measures::measures(law, goods));
    Ok(Shown {
        law,
        goods,
        measures,
        schedule,
        number,
        at,
        article,
        begins,
        line,
        described: described.map(|(name, lines)| (name, path(&lines, number).unwrap_or_default())),
    })
}

fn or_rather(near: &[Number]) -> String {
    let near: Vec<String> = near.iter().map(Number::to_string).collect();
    match near.as_slice() {
        [] => String::new(),
        all => format!("\n  nearest: {}", all.join(", ")),
    }
}

fn unknown(schedule: &Schedule, number: Number, at: Day, known: Known) -> LookError {
    let near = or_rather(&schedule.candidates(number, at.0));
    let said = match known {
        Known::Special => format!(
            "{number}: chapters 98 and 99 are shown from an imported release alone, and none in \
             hand has it"
        ),
        Known::OnlyOtherDates { from, until } => {
            let from = from.map_or_else(String::new, |from| format!(" from {}", Day(from)));
            let until = until.map_or_else(String::new, |until| format!(" until {}", Day(until)));
            format!("{number} is not in the schedule of {at}; it was printed{from}{until}{near}")
        }
        Known::Yes | Known::No => format!("{number} is not in the schedule of {at}{near}"),
    };
    LookError::NotThere(said)
}

/// The row of a number; eight digits without a row of their own are described by their line `00`.
fn position(lines: &[Line], number: Number) -> Option<usize> {
    let find = |wanted: Number| lines.iter().position(|line| line.number == Some(wanted));
    find(number).or_else(|| {
        let line = (number.len() == 8).then(|| Number::from_digits(number.digits() * 100, 10));
        find(line??)
    })
}

/// The descriptions above a number and its own.
fn path(lines: &[Line], number: Number) -> Option<Vec<String>> {
    let place = position(lines, number)?;
    let mut path = vec![lines[place].description.clone()];
    let mut indent = lines[place].indent;
    for line in lines[..place].iter().rev() {
        if line.indent < indent {
            path.push(line.description.clone());
            indent = line.indent;
        }
    }
    path.reverse();
    Some(path)
}

/// The text of a rate, and what was read from it where that is not the same to the eye.
fn rate_words(schedule: &Schedule, rate: RateRef) -> String {
    let (text, read) = (schedule.rate_text(rate), schedule.rate(rate));
    match read {
        Rate::NeedsPerson(_) if text.is_empty() => read.to_string(),
        _ if squeezed(text) == squeezed(&read.to_string()) => text.to_owned(),
        _ => format!("{text} ({read})"),
    }
}

fn squeezed(text: &str) -> String {
    text.replace([' ', '/'], "").replace("per", "")
}

impl Shown<'_> {
    fn write(&self, page: &mut Page<'_>) -> io::Result<()> {
        let heading = format!("{}  on {}", self.number, self.at);
        page.say(0, Style::Bold, &heading)?;
        if let Some((_, path)) = &self.described {
            for (depth, description) in path.iter().enumerate() {
                let own = depth + 1 == path.len();
                let style = if own { Style::Plain } else { Style::Dim };
                page.say(2 + 2 * depth.min(10), style, description)?;
            }
        }
        match (&self.article, &self.line) {
            (Some(article), _) => self.write_article(article, page)?,
            (None, Some(line)) if self.number.len() >= 8 => write_line(line, page)?,
            _ => {}
        }
        if !self.begins.is_empty() {
            page.gap()?;
            let rows: Vec<Vec<String>> = self.begins.iter().map(|one| self.row(one)).collect();
            let styles = [Style::Id, Style::Plain, Style::Plain, Style::Plain];
            page.table(2, &styles, &rows)?;
        }
        if let Some(measures) = &self.measures {
            measures::write(self.law, self.goods, measures, page)?;
        }
        page.gap()?;
        match &self.described {
            Some((name, _)) => page.say(0, Style::Dim, &format!("descriptions of {name}")),
            None => {
                let said =
                    "descriptions come with an imported release: see `deminimis tariff import`";
                page.say(0, Style::Dim, said)
            }
        }
    }

    fn write_article(&self, article: &Article<'_>, page: &mut Page<'_>) -> io::Result<()> {
        let rate = |rate| rate_words(self.schedule, rate);
        let units = match article.units_text {
            "" if self.number.len() == 8 => "by line".to_owned(),
            "" => "none".to_owned(),
            text => text.replace('|', ", "),
        };
        page.field(2, "units", &units)?;
        page.field(2, "general", &rate(article.general))?;
        let mut label = "special";
        for one in article.special.iter() {
            let programs = match one.programs.is_empty() {
                true => String::new(),
                false => format!(" for {}", one.programs),
            };
            page.field(2, label, &format!("{}{programs}", rate(one.rate)))?;
            label = "";
        }
        page.field(2, "column 2", &rate(article.column_2))?;
        let footnotes: Vec<String> = article
            .footnotes
            .iter()
            .flat_map(|text| headings_of_99(text))
            .collect();
        if !footnotes.is_empty() {
            page.field(2, "footnotes", &format!("see {}", footnotes.join(", ")))?;
        }
        if article.excise {
            page.field(
                2,
                "excise",
                "federal excise tax may be due: a footnote says so",
            )?;
        }
        let (from, until) = article.window;
        let from = from.map_or_else(String::new, |from| format!(", so from {}", Day(from)));
        let until = until.map_or_else(String::new, |until| format!(", until {}", Day(until)));
        let printed = format!("{}{from}{until}", article.release);
        page.field(2, "printed in", &printed)?;
        if article.carried {
            let said = "the day is after the last release in hand";
            page.field(2, "carried on", said)?;
        }
        Ok(())
    }

    fn row(&self, (number, description): &(Number, String)) -> Vec<String> {
        let article = self.schedule.article(*number, self.at.0);
        let (units, general) = article.map_or((String::new(), String::new()), |article| {
            let general = self.schedule.rate_text(article.general);
            (article.units_text.replace('|', ", "), general.to_owned())
        });
        vec![number.to_string(), units, general, description.clone()]
    }

    fn json(&self) -> Value {
        let rate = |rate: RateRef| {
            let read = self.schedule.rate(rate);
            json!({
                "text": self.schedule.rate_text(rate),
                "read": read.to_string(),
                "shape": read.shape().words(),
            })
        };
        let article = self.article.as_ref().map(|article| {
            let special = article.special.iter().map(|one| {
                let programs: Vec<&str> = one.programs.iter().map(|one| one.symbol()).collect();
                json!({"programs": programs, "rate": rate(one.rate)})
            });
            let units = article.units_text.split('|').filter(|unit| !unit.is_empty());
            json!({
                "units": units.collect::<Vec<_>>(),
                "general": rate(article.general),
                "special": special.collect::<Vec<_>>(),
                "column_2": rate(article.column_2),
                "footnotes": article.footnotes.iter().flat_map(|text| headings_of_99(text)).collect::<Vec<_>>(),
                "excise": article.excise,
                "from": article.window.0.map(|day| Day(day).to_string()),
                "until": article.window.1.map(|day| Day(day).to_string()),
                "release": article.release,
                "carried": article.carried,
            })
        });
        let begins: Vec<Value> = self
            .begins
            .iter()
            .map(|(number, description)| {
                json!({"number": number.to_string(), "description": description})
            })
            .collect();
        let printed = self.line.as_ref().filter(|_| self.article.is_none());
        let printed = printed.map(|line| {
            let [units, general, special, column_2] = &line.printed;
            json!({"units": units, "general": general, "special": special, "column_2": column_2,
                   "footnotes": line.footnotes})
        });
        json!({
            "number": self.number.to_string(),
            "at": self.at.to_string(),
            "path": self.described.as_ref().map(|(_, path)| path),
            "described_by": self.described.as_ref().map(|(name, _)| name),
            "figures": article,
            "measures": self.measures.as_ref().map(|found| measures::json(self.law, found)),
            "printed": printed,
            "begins": begins,
        })
    }
}

/// A line of chapters 98 and 99 as printed: its rates are law, and the law's files carry them.
fn write_line(line: &Line, page: &mut Page<'_>) -> io::Result<()> {
    let labels = ["units", "general", "special", "column 2"];
    for (label, text) in labels.iter().zip(&line.printed) {
        if !text.is_empty() {
            page.field(2, label, text)?;
        }
    }
    if !line.footnotes.is_empty() {
        page.field(2, "footnotes", &line.footnotes)?;
    }
    Ok(())
}
