//! The text form of the figures, and the compact tables made of it. The build reads the embedded
//! file with this, and the program reads imported schedules with it.
//! It must not parse rates: it keeps their texts, each once.

use std::collections::HashMap;

/// Bits of a row: the ten-digit code, whether it has eight digits, the window, the figure.
pub const CODE_SHIFT: u32 = 30;
/// The bit of ten digits; eight have it unset, so that they stand before those they begin.
pub const TEN: u64 = 1 << 29;
/// Where the index into the windows begins.
pub const WINDOW_SHIFT: u32 = 20;
const WINDOWS: usize = 1 << 9;
/// The bits of the index into the figures.
pub const FIGURE: u64 = (1 << WINDOW_SHIFT) - 1;

/// The heading of the rows in the text form of a release.
pub const COLUMNS: &str =
    "number\tfrom\tuntil\tunits\tgeneral\tspecial\tcolumn_2\texcise\tfootnotes";

/// What is printed beside a number, as indexes into the texts. Index 0 is the empty text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Figure {
    /// Units of quantity, joined by `|`.
    pub units: u16,
    /// The general column.
    pub general: u16,
    /// The special column.
    pub special: u16,
    /// Column 2.
    pub column_2: u16,
    /// Headings of chapter 99, separated by blanks.
    pub footnotes: u16,
    /// Whether federal excise tax may be due.
    pub excise: bool,
}

/// The tables of one file.
#[derive(Debug, Default)]
pub struct Tables {
    /// The name of the release or the span of releases.
    pub release: String,
    /// The day of the first release.
    pub first: i32,
    /// The day of the last release, or the last day on which it is known to be so.
    pub last: i32,
    /// One a number and window, in order.
    pub rows: Vec<u64>,
    /// From (included), until (not included).
    pub windows: Vec<(i32, i32)>,
    /// Each once.
    pub figures: Vec<Figure>,
    /// Texts of units, each once.
    pub units: Vec<String>,
    /// Texts of general and column 2.
    pub rates: Vec<String>,
    /// Texts of special.
    pub specials: Vec<String>,
    /// Texts of footnotes.
    pub footnotes: Vec<String>,
}

/// Texts, each once, with their places. Neighbours are often alike, so the last is looked at first.
struct Once<'a> {
    places: HashMap<&'a str, u16>,
    texts: Vec<String>,
    last: (&'a str, u16),
}

impl<'a> Once<'a> {
    fn new() -> Once<'a> {
        Once {
            places: HashMap::from([("", 0)]),
            texts: vec![String::new()],
            last: ("", 0),
        }
    }

    fn place(&mut self, text: &'a str) -> Option<u16> {
        if text.is_empty() || self.last.0 == text {
            return Some(if text.is_empty() { 0 } else { self.last.1 });
        }
        let next = u16::try_from(self.texts.len()).ok()?;
        let place = *self.places.entry(text).or_insert(next);
        if place == next {
            self.texts.push(text.to_owned());
        }
        self.last = (text, place);
        Some(place)
    }
}

/// Reads the text form.
///
/// # Errors
/// The line and what is wrong with it.
pub fn read(text: &str) -> Result<Tables, String> {
    let mut tables = Tables::default();
    let (mut first, mut last) = (None, None);
    let mut named: HashMap<&str, &str> = HashMap::new();
    let mut lines = text.lines().enumerate();
    for (at, line) in lines.by_ref() {
        let bad = || format!("line {}: {line:?}", at + 1);
        if let Some(comment) = line.strip_prefix("# ") {
            match comment.split_once(": ") {
                Some(("release", name)) => name.clone_into(&mut tables.release),
                Some(("first", date)) => first = Some(day(date).ok_or_else(bad)?),
                Some(("last", date)) => last = Some(day(date).ok_or_else(bad)?),
                _ => {}
            }
        } else if line.starts_with('@') {
            let (name, text) = line.split_once('\t').ok_or_else(bad)?;
            named.insert(name, text);
        } else if line == COLUMNS {
            break;
        } else {
            return Err(bad());
        }
    }
    let dates = first.zip(last).filter(|(first, last)| first <= last);
    (tables.first, tables.last) = dates.ok_or("the dates of first and last are missing")?;
    if tables.release.is_empty() {
        return Err("the name of the release is missing".to_owned());
    }
    read_rows(&mut tables, &named, lines)?;
    Ok(tables)
}

fn read_rows<'a>(
    tables: &mut Tables,
    named: &HashMap<&'a str, &'a str>,
    lines: impl Iterator<Item = (usize, &'a str)>,
) -> Result<(), String> {
    let (mut units, mut rates) = (Once::new(), Once::new());
    let (mut specials, mut footnotes) = (Once::new(), Once::new());
    let mut windows: HashMap<(i32, i32), usize> = HashMap::new();
    let mut figures: HashMap<Figure, usize> = HashMap::new();
    let mut same: Option<(Figure, usize)> = None;
    let mut before: Option<(u64, i32)> = None;
    for (at, line) in lines {
        let bad = || format!("line {}: {line:?}", at + 1);
        let mut rest = line.split('\t');
        let cells: [&str; 9] = std::array::from_fn(|_| rest.next().unwrap_or("\t"));
        let [
            number,
            from,
            until,
            unit,
            general,
            special,
            column_2,
            excise,
            notes,
        ] = cells;
        if notes == "\t" || line.bytes().filter(|b| *b == b'\t').count() != 8 {
            return Err(bad());
        }
        let code = code(number).ok_or_else(bad)?;
        let window = window(from, until).ok_or_else(bad)?;
        let sorted =
            before.is_none_or(|(last, end)| code > last || (code == last && window.0 >= end));
        if !sorted {
            return Err(format!("{}: unsorted or overlapping", bad()));
        }
        before = Some((code, window.1));
        let special = match special.starts_with('@') {
            true => named.get(special).copied().ok_or_else(bad)?,
            false => special,
        };
        let figure = Figure {
            units: units.place(unit).ok_or_else(bad)?,
            general: rates.place(general).ok_or_else(bad)?,
            special: specials.place(special).ok_or_else(bad)?,
            column_2: rates.place(column_2).ok_or_else(bad)?,
            footnotes: footnotes.place(notes).ok_or_else(bad)?,
            excise: match excise {
                "" => false,
                "excise" => true,
                _ => return Err(bad()),
            },
        };
        let window_at = *windows.entry(window).or_insert_with(|| {
            tables.windows.push(window);
            tables.windows.len() - 1
        });
        let figure_at = match same.filter(|(held, _)| *held == figure) {
            Some((_, place)) => place,
            None => *figures.entry(figure).or_insert_with(|| {
                tables.figures.push(figure);
                tables.figures.len() - 1
            }),
        };
        same = Some((figure, figure_at));
        if window_at >= WINDOWS || figure_at as u64 > FIGURE {
            return Err(format!("{}: too many windows or figures", bad()));
        }
        tables
            .rows
            .push(code | (window_at as u64) << WINDOW_SHIFT | figure_at as u64);
    }
    tables.units = units.texts;
    tables.rates = rates.texts;
    tables.specials = specials.texts;
    tables.footnotes = footnotes.texts;
    Ok(())
}

/// The code of a number of eight or ten digits, at its place in a row.
fn code(number: &str) -> Option<u64> {
    let sound = matches!(number.len(), 8 | 10) && number.bytes().all(|b| b.is_ascii_digit());
    let digits = number.parse::<u64>().ok().filter(|_| sound)?;
    Some(match number.len() {
        8 => (digits * 100) << CODE_SHIFT,
        _ => digits << CODE_SHIFT | TEN,
    })
}

fn window(from: &str, until: &str) -> Option<(i32, i32)> {
    let open = |text: &str, end: i32| match text {
        "" => Some(end),
        date => day(date),
    };
    let window = (open(from, i32::MIN)?, open(until, i32::MAX)?);
    (window.0 < window.1).then_some(window)
}

/// Days since 1970-01-01 of a date `YYYY-MM-DD` of the Gregorian calendar, for years after 1970.
#[must_use]
pub fn day(text: &str) -> Option<i32> {
    let mut parts = text.split('-').map(|part| part.parse::<i32>().ok());
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    if parts.next().is_some() || !(1970..2100).contains(&year) {
        return None;
    }
    // No year of the range is a centurial exception: 2000 is a leap year and 2100 is outside.
    let leap = year % 4 == 0;
    let february = if leap { 29 } else { 28 };
    let lengths = [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let month = usize::try_from(month)
        .ok()
        .filter(|m| (1..=12).contains(m))?;
    if !(1..=lengths[month - 1]).contains(&day) {
        return None;
    }
    let years = (year - 1970) * 365 + (year - 1969) / 4;
    Some(years + lengths[..month - 1].iter().sum::<i32>() + day - 1)
}
