//! Which numbers the schedule printed, and when, and what it printed beside them. The embedded
//! tables are made when the program is built, so that a start costs nothing.
//! It must not say that a number is invalid: it holds the releases it names and no others.

mod article;
mod table;
#[cfg(test)]
mod tests;

pub use article::{Article, Special, SpecialRate};
pub use table::Units;

use crate::Number;
use std::borrow::Cow;
use std::sync::Arc;
use table::{EMBEDDED, Table};

static EMBEDDED_SCHEDULE: Schedule = Schedule {
    imported: Vec::new(),
    release: None,
    hash: None,
};

/// The numbers of chapters 1 to 97 with their figures, each with the span of releases that printed
/// them: those that the program carries, and imported releases for the days they speak of.
#[derive(Clone)]
pub struct Schedule {
    /// In order of their days.
    imported: Vec<Imported>,
    /// Of all together, where something is imported.
    release: Option<String>,
    hash: Option<String>,
}

/// An imported release and the days for which it speaks.
#[derive(Clone)]
struct Imported {
    table: Arc<Table>,
    from: i32,
    until: i32,
}

/// A release that was imported: its figures of chapters 1 to 97.
#[derive(Clone)]
pub struct Release(Arc<Table>);

/// Why the text of a release cannot be read: the line, and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ReleaseError(String);

/// A rate of a schedule. Only the schedule that gave it can say what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RateRef(u32);

impl RateRef {
    /// A table has at most 65,536 texts of a column and of rates of a special column a few each.
    fn new(table: u8, index: usize) -> RateRef {
        RateRef(u32::from(table) << 24 | (index as u32 & 0x00ff_ffff))
    }
    fn table(self) -> usize {
        (self.0 >> 24) as usize
    }
    fn index(self) -> usize {
        (self.0 & 0x00ff_ffff) as usize
    }
}

/// What the schedule says of a number on a day. Days count from 1970-01-01.
///
/// Windows are by the dates of releases, not by legal dates. An end that is open means "at that
/// end of the releases in hand": before the first release such a number is taken to have existed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    /// It was printed on that day; a number of 4 or 6 digits, if any number that begins so was.
    Yes,
    /// It was printed, but not on that day. The span is the one that ended last before the day,
    /// else the one that begins first after it; for a number that begins others, of one of them.
    OnlyOtherDates {
        /// The first day; `None` if open.
        from: Option<i32>,
        /// The first day after the span; `None` if open.
        until: Option<i32>,
    },
    /// Not in hand. This does not make it invalid: numbers that ended before the first release
    /// held, or that are newer than the last one, are not in the data.
    No,
    /// A number of chapter 98 or 99: special classification and additional duties. Those are
    /// not in this data; the law files carry the ones they use.
    Special,
}

impl Release {
    /// Reads the text form of a release, as `us/README.md` describes it. `hash` is what identifies
    /// the source in decisions.
    ///
    /// # Errors
    /// The line and what is wrong with it.
    pub fn read(text: &str, hash: &str) -> Result<Release, ReleaseError> {
        let table = Table::read(text, hash.to_owned()).map_err(ReleaseError)?;
        Ok(Release(Arc::new(table)))
    }

    /// Its name, for example "2026 Revision 12".
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0.release
    }

    /// Its day.
    #[must_use]
    pub fn day(&self) -> i32 {
        self.0.first
    }

    /// What identifies its source.
    #[must_use]
    pub fn hash(&self) -> &str {
        &self.0.hash
    }
}

impl Schedule {
    /// The schedule that the program carries.
    #[must_use]
    pub fn embedded() -> &'static Schedule {
        &EMBEDDED_SCHEDULE
    }

    /// This schedule with imported releases. Each speaks for the days from its own to the next
    /// release in hand, imported or embedded; of two of one day the later in the list. Of the
    /// embedded ones only the days on which a figure changed are known, and those count.
    ///
    /// `hash` stands for all together in decisions.
    #[must_use]
    pub fn with_releases(&self, releases: &[Release], hash: String) -> Schedule {
        let mut tables: Vec<Arc<Table>> =
            self.imported.iter().map(|one| one.table.clone()).collect();
        for release in releases {
            tables.retain(|held| held.first != release.day());
            tables.push(release.0.clone());
        }
        if tables.is_empty() {
            return self.clone();
        }
        tables.sort_by_key(|table| table.first);
        // More than a reference can tell apart: the latest stand.
        let surplus = tables.len().saturating_sub(usize::from(u8::MAX));
        tables.drain(..surplus);
        let days: Vec<i32> = tables.iter().map(|table| table.first).collect();
        let names: Vec<&str> = [EMBEDDED.release.as_ref()]
            .into_iter()
            .chain(tables.iter().map(|table| table.release.as_ref()))
            .collect();
        let release = names.join("; ");
        let imported = tables.into_iter().enumerate().map(|(place, table)| {
            let next = days.get(place + 1).copied().unwrap_or(i32::MAX);
            Imported {
                from: table.first,
                until: next.min(next_embedded(table.first)),
                table,
            }
        });
        Schedule {
            imported: imported.collect(),
            release: Some(release),
            hash: Some(hash),
        }
    }

    /// The release or span of releases, for example "2025 Basic to 2026 Revision 10"; imported ones
    /// follow behind semicolons.
    #[must_use]
    pub fn release(&self) -> &str {
        self.release.as_deref().unwrap_or(&EMBEDDED.release)
    }

    /// SHA-256 of `us/figures.tsv`, 64 hexadecimal digits; with imported releases what stands for
    /// all together.
    #[must_use]
    pub fn hash(&self) -> &str {
        self.hash.as_deref().unwrap_or(&EMBEDDED.hash)
    }

    /// The days of the first and last release that the program carries. Of the last only an
    /// earliest possible day is known: see `us/README.md`.
    #[must_use]
    pub fn embedded_days(&self) -> (i32, i32) {
        (EMBEDDED.first, EMBEDDED.last)
    }

    /// The imported releases: name, hash, and the days for which each speaks, the end not included
    /// and `None` where it is open.
    pub fn imported(&self) -> impl Iterator<Item = (&str, &str, i32, Option<i32>)> {
        self.imported.iter().map(|one| {
            let until = (one.until != i32::MAX).then_some(one.until);
            (
                one.table.release.as_ref(),
                one.table.hash.as_ref(),
                one.from,
                until,
            )
        })
    }

    /// The texts that stand in the columns of the embedded figures: general and column 2, each
    /// once, then special.
    #[must_use]
    pub fn texts(&self) -> (&[Cow<'static, str>], &[Cow<'static, str>]) {
        (&EMBEDDED.rates, &EMBEDDED.specials)
    }

    /// Whether the schedule has `number` on `at_day`, days since 1970-01-01.
    ///
    /// An eight-digit number is known by its own row or by any ten-digit number that it begins:
    /// more than half of them have no row of their own. A ten-digit number is known by its own
    /// row alone. The eight-digit numbers of watches and clocks (9102.11.10 for one) have no
    /// ten-digit row; ten digits under them are [`Known::No`].
    #[must_use]
    pub fn knows(&self, number: Number, at_day: i32) -> Known {
        if number.chapter() >= 98 {
            return Known::Special;
        }
        if let Some(speaks) = self.imported_on(at_day) {
            return match (
                speaks.table.knows(number, at_day),
                EMBEDDED.knows(number, at_day),
            ) {
                (Known::No, Known::Yes) => Known::OnlyOtherDates {
                    from: None,
                    until: Some(speaks.from),
                },
                (Known::No, other) => other,
                (known, _) => known,
            };
        }
        let known = EMBEDDED.knows(number, at_day);
        let elsewhere = |one: &&Imported| one.table.knows(number, one.from) == Known::Yes;
        match (known, self.imported.iter().find(elsewhere)) {
            (Known::No, Some(one)) => Known::OnlyOtherDates {
                from: Some(one.from),
                until: (one.until != i32::MAX).then_some(one.until),
            },
            _ => known,
        }
    }

    /// How many numbers of ten digits were printed on a day; none before the first release in hand.
    #[must_use]
    pub fn lines_on(&self, at_day: i32) -> usize {
        let table = self.table_on(at_day).map(|(table, ..)| table);
        let rows = table.into_iter().flat_map(Table::all_rows);
        rows.filter(|row| row.digits == 10 && row.holds(at_day))
            .count()
    }

    /// A number for the days between which no figure changes: equal days have equal figures.
    #[must_use]
    pub fn epoch(&self, at_day: i32) -> u16 {
        let printed = EMBEDDED.windows.iter().map(|window| (window.0, window.1));
        let imported = self.imported.iter().map(|one| (one.from, one.until));
        let spans = printed
            .chain(imported)
            .chain([(EMBEDDED.first, EMBEDDED.last + 1)]);
        spans.fold(0, |passed, (from, until)| {
            passed + u16::from(from <= at_day) + u16::from(until <= at_day)
        })
    }

    /// A mark that differs between schedules: what was remembered with one must not answer for
    /// another.
    #[must_use]
    pub fn mark(&self) -> u64 {
        // Eight characters at a time: this is asked for every parcel.
        self.hash()
            .as_bytes()
            .chunks(8)
            .fold(0xcbf2_9ce4_8422_2325, |mark, part| {
                let mut word = [0; 8];
                word[..part.len()].copy_from_slice(part);
                let mixed = (mark ^ u64::from_le_bytes(word)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
                mixed ^ mixed >> 32
            })
    }

    fn imported_on(&self, at_day: i32) -> Option<&Imported> {
        let mut speaks = self.imported.iter();
        speaks.find(|one| one.from <= at_day && at_day < one.until)
    }

    /// The table that speaks for a day, its place for references, and the end of its days.
    fn table_on(&self, at_day: i32) -> Option<(&Table, u8, i32)> {
        let speaks = |one: &Imported| one.from <= at_day && at_day < one.until;
        if let Some(place) = self.imported.iter().position(speaks) {
            let one = &self.imported[place];
            return Some((&one.table, u8::try_from(place + 1).ok()?, one.until));
        }
        let next = self.imported.iter().map(|one| one.from);
        let until = next.filter(|from| *from > at_day).min();
        (at_day >= EMBEDDED.first).then_some((&EMBEDDED, 0, until.unwrap_or(i32::MAX)))
    }

    fn table(&self, place: usize) -> &Table {
        match place.checked_sub(1) {
            None => &EMBEDDED,
            Some(place) => &self.imported[place].table,
        }
    }

    /// The last day of a release in hand.
    fn last_day(&self) -> i32 {
        let imported = self.imported.last().map_or(i32::MIN, |one| one.table.first);
        imported.max(EMBEDDED.last)
    }
}

/// The first day after `day` on which an embedded release changed a figure, began or is known to
/// stand.
fn next_embedded(day: i32) -> i32 {
    let changes = EMBEDDED
        .windows
        .iter()
        .flat_map(|window| [window.0, window.1]);
    let days = changes.chain([EMBEDDED.first, EMBEDDED.last]);
    days.filter(|other| *other > day).min().unwrap_or(i32::MAX)
}
