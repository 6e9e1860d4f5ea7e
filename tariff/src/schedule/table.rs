//! One table of figures: the embedded one, or that of an imported release.
//! It must not choose between tables.

use crate::figures::{self, CODE_SHIFT, FIGURE, Figure, TEN, Tables, WINDOW_SHIFT};
use crate::rate::{Programs, Rate, Unit, read_special};
use crate::{Known, Number};
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::OnceLock;

type Texts = Cow<'static, [Cow<'static, str>]>;

/// The rows of `us/figures.tsv` in its order, eight bytes each, little endian.
static ROWS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/rows.bin"));
/// Borrowed throughout, so that a start of the program copies and parses nothing.
pub static EMBEDDED: Table = include!(concat!(env!("OUT_DIR"), "/table.rs"));

/// A table of figures. Where a column of texts is indexed, 0 is the empty text.
#[derive(Debug)]
pub struct Table {
    pub release: Cow<'static, str>,
    pub hash: Cow<'static, str>,
    pub first: i32,
    pub last: i32,
    pub rows: Cow<'static, [[u8; 8]]>,
    pub windows: Cow<'static, [(i32, i32)]>,
    pub figures: Cow<'static, [Figure]>,
    pub units: Texts,
    pub rates: Texts,
    pub specials: Texts,
    pub footnotes: Texts,
    /// What the texts say. Parsed when a rate is first asked for: many runs never do.
    pub parsed: OnceLock<Parsed>,
}

/// The units of quantity that a number asks for, at most three.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Units {
    list: [Option<Unit>; 3],
    count: u8,
}

impl Units {
    /// How many quantities are asked for.
    #[must_use]
    pub const fn count(self) -> usize {
        self.count as usize
    }

    /// Each unit; `None` for one that this program does not know.
    pub fn iter(self) -> impl Iterator<Item = Option<Unit>> {
        self.list.into_iter().take(self.count())
    }

    fn read(text: &str) -> Units {
        let mut units = Units::default();
        let texts = text.split('|').flat_map(|one| one.split(" and "));
        for (place, one) in texts
            .map(str::trim)
            .filter(|one| !one.is_empty())
            .enumerate()
        {
            let Some(slot) = units.list.get_mut(place) else {
                break;
            };
            *slot = Unit::parse(one);
            units.count += 1;
        }
        units
    }
}

/// The texts of a table, understood.
#[derive(Clone, Debug)]
pub struct Parsed {
    /// By index of the rate's text, then those that only the special column has.
    pub rates: Vec<Rate>,
    /// The texts of the latter.
    pub more_texts: Vec<String>,
    /// By index of the special text: a span of `parts`.
    pub spans: Vec<(u32, u32)>,
    /// Programs, and the index of their rate.
    pub parts: Vec<(Programs, u32)>,
    /// By index of the text.
    pub units: Vec<Units>,
}

/// A row, unpacked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    pub code: u64,
    pub digits: u8,
    pub window: (i32, i32),
    pub figure: Figure,
}

impl Row {
    pub fn holds(&self, day: i32) -> bool {
        self.window.0 <= day && day < self.window.1
    }

    pub fn number(&self) -> Option<Number> {
        let digits = if self.digits == 8 {
            self.code / 100
        } else {
            self.code
        };
        Number::from_digits(digits, self.digits)
    }
}

impl Table {
    /// Reads the text form of the figures.
    pub fn read(text: &str, hash: String) -> Result<Table, String> {
        let tables: Tables = figures::read(text)?;
        let owned = |texts: Vec<String>| Cow::Owned(texts.into_iter().map(Cow::Owned).collect());
        let rows = tables.rows.iter().map(|row| row.to_le_bytes()).collect();
        Ok(Table {
            release: Cow::Owned(tables.release),
            hash: Cow::Owned(hash),
            first: tables.first,
            last: tables.last,
            rows: Cow::Owned(rows),
            windows: Cow::Owned(tables.windows),
            figures: Cow::Owned(tables.figures),
            units: owned(tables.units),
            rates: owned(tables.rates),
            specials: owned(tables.specials),
            footnotes: owned(tables.footnotes),
            parsed: OnceLock::new(),
        })
    }

    /// The rows that `number` begins, itself among them, in order.
    pub fn rows_of(&self, number: Number) -> impl Iterator<Item = Row> + '_ {
        let (first, last) = number.range10();
        let start = self
            .rows
            .partition_point(|row| u64::from_le_bytes(*row) >> CODE_SHIFT < first);
        let len = number.len();
        self.rows[start..]
            .iter()
            .map(|row| self.row(u64::from_le_bytes(*row)))
            .take_while(move |row| row.code <= last)
            .filter(move |row| row.digits >= len)
    }

    /// Every row, in order.
    pub fn all_rows(&self) -> impl Iterator<Item = Row> + '_ {
        let rows = self.rows.iter();
        rows.map(|row| self.row(u64::from_le_bytes(*row)))
    }

    fn row(&self, row: u64) -> Row {
        Row {
            code: row >> CODE_SHIFT,
            digits: if row & TEN == 0 { 8 } else { 10 },
            window: self.windows[(row >> WINDOW_SHIFT & 0x1ff) as usize],
            figure: self.figures[(row & FIGURE) as usize],
        }
    }

    /// See [`Schedule::knows`](crate::Schedule::knows).
    pub fn knows(&self, number: Number, day: i32) -> Known {
        let mut nearest: Option<(i32, i32)> = None;
        let mut last: Option<Row> = None;
        for row in self.rows_of(number) {
            if row.holds(day) {
                return Known::Yes;
            }
            let mut window = row.window;
            // A change of figures splits a window; the number was printed throughout.
            if let Some(last) = last
                && (last.code, last.digits, last.window.1) == (row.code, row.digits, window.0)
            {
                window.0 = last.window.0;
            }
            last = Some(Row { window, ..row });
            nearest = Some(nearest.map_or(window, |held| nearer(held, window, day)));
        }
        nearest.map_or(Known::No, |(from, until)| Known::OnlyOtherDates {
            from: (from != i32::MIN).then_some(from),
            until: (until != i32::MAX).then_some(until),
        })
    }

    /// The texts, understood.
    pub fn parsed(&self) -> &Parsed {
        self.parsed.get_or_init(|| self.parse())
    }

    /// The text of a rate, by the index that [`Parsed`] uses.
    pub fn rate_text(&self, index: usize) -> &str {
        match self.rates.get(index) {
            Some(text) => text,
            None => &self.parsed().more_texts[index - self.rates.len()],
        }
    }

    fn parse(&self) -> Parsed {
        let mut places: HashMap<String, usize> = HashMap::with_capacity(self.rates.len());
        let mut rates: Vec<Rate> = Vec::with_capacity(self.rates.len());
        for text in self.rates.iter() {
            places.insert(text.to_string(), rates.len());
            rates.push(Rate::read(text));
        }
        let (mut more_texts, mut spans, mut parts) = (Vec::new(), Vec::new(), Vec::new());
        for text in self.specials.iter() {
            let from = parts.len() as u32;
            for part in read_special(text) {
                // A text without a program is not the rate of its words: see `read_special`.
                let key = match part.programs.is_empty() {
                    true => format!("({})", part.text),
                    false => part.text.clone(),
                };
                let place = *places.entry(key).or_insert_with(|| {
                    more_texts.push(part.text);
                    rates.push(part.rate);
                    rates.len() - 1
                });
                parts.push((part.programs, place as u32));
            }
            spans.push((from, parts.len() as u32));
        }
        Parsed {
            rates,
            more_texts,
            spans,
            parts,
            units: self.units.iter().map(|text| Units::read(text)).collect(),
        }
    }
}

/// Of two windows that do not hold the day: the one that ended last before it, else the one that
/// begins first after it. The past one is preferred because an old number is the common mistake.
pub fn nearer(held: (i32, i32), other: (i32, i32), at_day: i32) -> (i32, i32) {
    match (held.1 <= at_day, other.1 <= at_day) {
        (true, false) => held,
        (false, true) => other,
        (true, true) if other.1 > held.1 => other,
        (false, false) if other.0 < held.0 => other,
        // Pieces of one window come in order, each with the start of the first.
        (false, false) if other.0 == held.0 && other.1 > held.1 => other,
        _ => held,
    }
}
