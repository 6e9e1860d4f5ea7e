//! The figures of one number on a day.
//! It must not say which column applies to goods, nor which measures are added: that is law.

use super::table::{Row, Table, Units};
use super::{RateRef, Schedule};
use crate::Number;
use crate::figures::Figure;
use crate::rate::{Program, Programs, Rate};

/// One rate of the special column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SpecialRate {
    /// The programs that give it. Empty for a text that is not understood: then no claim can be
    /// answered from the column but by a person, and the rate says so.
    pub programs: Programs,
    /// The rate.
    pub rate: RateRef,
}

/// The special column of an article.
#[derive(Clone, Copy, Debug)]
pub struct Special<'a> {
    parts: &'a [(Programs, u32)],
    table: u8,
}

impl Special<'_> {
    /// Each rate with its programs, in the order of the text.
    pub fn iter(&self) -> impl Iterator<Item = SpecialRate> + '_ {
        self.parts.iter().map(|(programs, rate)| SpecialRate {
            programs: *programs,
            rate: RateRef::new(self.table, *rate as usize),
        })
    }

    /// The rate that a program gives: its own, else that of a part which names no program, because
    /// such a part may speak of it. `None` if the column gives the program nothing.
    #[must_use]
    pub fn of(&self, program: Program) -> Option<RateRef> {
        let own = self.iter().find(|part| part.programs.contains(program));
        let found = own.or_else(|| self.iter().find(|part| part.programs.is_empty()));
        found.map(|part| part.rate)
    }
}

/// What the schedule prints for a number of eight or ten digits on a day. A line of ten digits has
/// the rates of its eight-digit parent where it prints none of its own.
#[derive(Clone, Copy, Debug)]
pub struct Article<'a> {
    /// The number that was asked for.
    pub number: Number,
    /// The general rate.
    pub general: RateRef,
    /// The special rates.
    pub special: Special<'a>,
    /// The rate of column 2.
    pub column_2: RateRef,
    /// The units of quantity. For eight digits those of its lines if they agree, else none.
    pub units: Units,
    /// The same as printed, joined by `|`.
    pub units_text: &'a str,
    /// Whether a footnote speaks of federal excise tax.
    pub excise: bool,
    /// Headings of chapter 99 in footnotes, separated by blanks: its own, then its parent's.
    pub footnotes: [&'a str; 2],
    /// The first day (included) and the end (not included) of these figures; `None` is open. Days
    /// are those of releases, counted from 1970-01-01.
    pub window: (Option<i32>, Option<i32>),
    /// The release, or span of releases, that printed them.
    pub release: &'a str,
    /// Whether the day is after the last release in hand, so that the figures are carried on.
    pub carried: bool,
}

impl Schedule {
    /// The figures of `number` (eight or ten digits) on `at_day`, days since 1970-01-01.
    ///
    /// `None` for a number that was not printed on that day, for other counts of digits, for
    /// chapters 98 and 99, and for days before the first release in hand. Does not allocate, except
    /// once when rates are first asked for.
    #[must_use]
    pub fn article(&self, number: Number, at_day: i32) -> Option<Article<'_>> {
        let (table, place, until) = self.table_on(at_day)?;
        if !matches!(number.len(), 8 | 10) || number.chapter() >= 98 {
            return None;
        }
        let found = found(table, number, at_day)?;
        let parsed = table.parsed();
        let (from, to) = parsed.spans[usize::from(found.figure.special)];
        let from_release = if place == 0 { i32::MIN } else { table.first };
        let window = (found.window.0.max(from_release), found.window.1.min(until));
        let rate = |index: u16| RateRef::new(place, usize::from(index));
        let text = |index: u16| table.footnotes[usize::from(index)].as_ref();
        Some(Article {
            number,
            general: rate(found.figure.general),
            special: Special {
                parts: &parsed.parts[from as usize..to as usize],
                table: place,
            },
            column_2: rate(found.figure.column_2),
            units: parsed.units[usize::from(found.figure.units)],
            units_text: &table.units[usize::from(found.figure.units)],
            excise: found.figure.excise,
            footnotes: [text(found.figure.footnotes), text(found.parent_footnotes)],
            window: (
                (window.0 != i32::MIN).then_some(window.0),
                (window.1 != i32::MAX).then_some(window.1),
            ),
            release: &table.release,
            carried: at_day > self.last_day(),
        })
    }

    /// A rate.
    #[must_use]
    pub fn rate(&self, rate: RateRef) -> &Rate {
        &self.table(rate.table()).parsed().rates[rate.index()]
    }

    /// The text of a rate, as printed but for spacing.
    #[must_use]
    pub fn rate_text(&self, rate: RateRef) -> &str {
        self.table(rate.table()).rate_text(rate.index())
    }

    /// The numbers that `number` begins and that were printed on the day, in order, itself among
    /// them. Eight digits that have no row of their own are not among them.
    pub fn numbers_of(&self, number: Number, at_day: i32) -> impl Iterator<Item = Number> + '_ {
        let table = self.table_on(at_day).map(|(table, ..)| table);
        let rows = table
            .into_iter()
            .flat_map(move |table| table.rows_of(number));
        rows.filter(move |row| row.holds(at_day))
            .filter_map(|row| row.number())
    }
}

/// The figures of a number with what it inherits.
struct Found {
    figure: Figure,
    parent_footnotes: u16,
    window: (i32, i32),
}

fn found(table: &Table, number: Number, day: i32) -> Option<Found> {
    let eight = number.first(8)?;
    let (wanted, _) = number.range10();
    let (mut own, mut parent) = (None, None);
    for row in table.rows_of(eight).take_while(|row| row.code <= wanted) {
        match row.digits {
            _ if !row.holds(day) => {}
            8 => parent = Some(row),
            _ if number.len() == 10 && row.code == wanted => own = Some(row),
            _ => {}
        }
    }
    if number.len() == 8 {
        return match parent {
            Some(row) => Some(whole(table, row, day)),
            None => joint(table, eight, day),
        };
    }
    let own = own?;
    let mut found = Found {
        figure: own.figure,
        parent_footnotes: 0,
        window: own.window,
    };
    let Some(parent) = parent else {
        return Some(found);
    };
    found.parent_footnotes = parent.figure.footnotes;
    found.figure.excise |= parent.figure.excise;
    // The columns are inherited together, but one line prints column 2 alone.
    if own.figure.general == 0 {
        found.figure.general = parent.figure.general;
        if own.figure.special == 0 {
            found.figure.special = parent.figure.special;
        }
    }
    if own.figure.column_2 == 0 {
        found.figure.column_2 = parent.figure.column_2;
    }
    if found.figure != own.figure {
        found.window.0 = own.window.0.max(parent.window.0);
        found.window.1 = own.window.1.min(parent.window.1);
    }
    Some(found)
}

/// An eight-digit row; its units are those of its lines if they agree.
fn whole(table: &Table, row: Row, day: i32) -> Found {
    let mut figure = row.figure;
    let number = row.number();
    let mut lines = number
        .into_iter()
        .flat_map(|number| table.rows_of(number))
        .filter(|row| row.digits == 10 && row.holds(day));
    if figure.units == 0
        && let Some(first) = lines.next()
        && lines.all(|line| line.figure.units == first.figure.units)
    {
        figure.units = first.figure.units;
    }
    Found {
        figure,
        parent_footnotes: 0,
        window: row.window,
    }
}

/// Eight digits without a row of their own: what their lines agree on. Where they do not, nothing
/// is printed for all of them, and index 0 says so.
fn joint(table: &Table, eight: Number, day: i32) -> Option<Found> {
    let mut lines = table.rows_of(eight).filter(|row| row.holds(day));
    let first = lines.next()?;
    let mut found = Found {
        figure: first.figure,
        parent_footnotes: 0,
        window: first.window,
    };
    let agree = |mine: &mut u16, its: u16| {
        if *mine != its {
            *mine = 0;
        }
    };
    for line in lines {
        agree(&mut found.figure.general, line.figure.general);
        agree(&mut found.figure.special, line.figure.special);
        agree(&mut found.figure.column_2, line.figure.column_2);
        agree(&mut found.figure.units, line.figure.units);
        agree(&mut found.figure.footnotes, line.figure.footnotes);
        found.figure.excise |= line.figure.excise;
        found.window.0 = found.window.0.max(line.window.0);
        found.window.1 = found.window.1.min(line.window.1);
    }
    Some(found)
}
