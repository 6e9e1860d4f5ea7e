//! One table of a law file, read field by field: typed, with the line of every mistake.
//!
//! A field that nobody took is an unknown field, so a reader cannot forget to refuse one.

use crate::error::{LawError, SourceFile};
use crate::money::Cents;
use crate::names::{Named, Set};
use crate::rate::Rate;
use crate::time::{Day, Moment, Zone, parse_timestamp};
use serde::{Deserialize, Serialize};
use std::cell::RefCell;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// What reading law needs besides the text: Eastern time for bare dates.
#[derive(Clone, Copy)]
pub(crate) struct Source<'a> {
    pub file: &'a SourceFile,
    pub zone: &'a Zone,
}

/// A date as a law file writes it: a bare date is midnight Eastern.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Written {
    /// The moment meant.
    pub moment: Moment,
    /// Whether only a date was written.
    pub bare: bool,
}

impl Written {
    /// The last moment meant: a bare date is known at the end of its Eastern day.
    #[must_use]
    pub fn end(self) -> Moment {
        if !self.bare {
            return self.moment;
        }
        let zone = Zone::named(crate::rulebook::EASTERN).unwrap_or_default();
        Moment(zone.midnight(zone.day(self.moment).plus(1)).0 - 1)
    }

    /// As the file wrote it: the date alone, or the Eastern time with offset.
    #[must_use]
    pub fn show(&self, zone: &Zone) -> String {
        if self.bare {
            zone.day(self.moment).to_string()
        } else {
            zone.show(self.moment)
        }
    }
}

pub(crate) struct Table<'a> {
    pub source: Source<'a>,
    entries: &'a DeTable<'a>,
    start: usize,
    taken: RefCell<Vec<&'a str>>,
}

impl<'a> Table<'a> {
    pub fn new(source: Source<'a>, entries: &'a DeTable<'a>, start: usize) -> Table<'a> {
        Table {
            source,
            entries,
            start,
            taken: RefCell::default(),
        }
    }

    /// The whole file as a table. Floats are refused wherever they stand.
    pub fn root(
        source: Source<'a>,
        parsed: &'a Spanned<DeTable<'a>>,
    ) -> Result<Table<'a>, LawError> {
        refuse_floats(source, parsed.get_ref())?;
        Ok(Table::new(source, parsed.get_ref(), 0))
    }

    pub fn error(&self, field: &str, message: impl Into<String>) -> LawError {
        let at = self
            .entries
            .get_key_value(field)
            .map_or(self.start, |(key, _)| key.span().start);
        self.source.file.error(at, field, message)
    }

    /// The value of `field`, which counts as taken from now on.
    pub fn value(&self, field: &'a str) -> Option<&'a Spanned<DeValue<'a>>> {
        self.taken.borrow_mut().push(field);
        self.entries.get(field)
    }

    pub fn has(&self, field: &str) -> bool {
        self.entries.contains_key(field)
    }

    /// Whether the field is a list of nothing.
    pub fn is_empty_list(&self, field: &str) -> bool {
        let value = self.entries.get(field).map(Spanned::get_ref);
        matches!(value, Some(DeValue::Array(items)) if items.is_empty())
    }

    pub fn keys(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.entries.keys().map(|key| key.get_ref().as_ref())
    }

    pub fn missing(&self, field: &str) -> LawError {
        self.error(field, "is required here")
    }

    pub fn text(&self, field: &'a str) -> Result<Option<&'a str>, LawError> {
        match self.value(field).map(Spanned::get_ref) {
            None => Ok(None),
            Some(DeValue::String(text)) if !text.trim().is_empty() => Ok(Some(text.as_ref())),
            Some(_) => Err(self.error(field, "must be text that is not empty")),
        }
    }

    pub fn need_text(&self, field: &'a str) -> Result<String, LawError> {
        self.text(field)?
            .map(str::to_owned)
            .ok_or_else(|| self.missing(field))
    }

    pub fn texts(&self, field: &'a str) -> Result<Vec<&'a str>, LawError> {
        let Some(value) = self.value(field) else {
            return Ok(Vec::new());
        };
        let DeValue::Array(items) = value.get_ref() else {
            return Err(self.error(field, "must be a list of texts"));
        };
        items
            .iter()
            .map(|item| match item.get_ref() {
                DeValue::String(text) if !text.trim().is_empty() => Ok(text.as_ref()),
                _ => Err(self.error(field, "must hold only texts that are not empty")),
            })
            .collect()
    }

    pub fn bool(&self, field: &'a str) -> Result<Option<bool>, LawError> {
        match self.value(field).map(Spanned::get_ref) {
            None => Ok(None),
            Some(DeValue::Boolean(value)) => Ok(Some(*value)),
            Some(_) => Err(self.error(field, "must be true or false")),
        }
    }

    /// A field that says something where it stands, and nothing where it is left out.
    pub fn truth(&self, field: &'a str) -> Result<Option<()>, LawError> {
        match self.bool(field)? {
            None => Ok(None),
            Some(true) => Ok(Some(())),
            Some(false) => Err(self.error(field, "can only be true")),
        }
    }

    pub fn integer(&self, field: &'a str) -> Result<Option<i64>, LawError> {
        match self.value(field).map(Spanned::get_ref) {
            None => Ok(None),
            Some(DeValue::Integer(value)) => value
                .to_string()
                .parse()
                .map(Some)
                .map_err(|_| self.error(field, "is too large a whole number")),
            Some(_) => Err(self.error(field, "must be a whole number")),
        }
    }

    pub fn usd(&self, field: &'a str) -> Result<Option<Cents>, LawError> {
        let Some(text) = self.text(field)? else {
            return Ok(None);
        };
        Cents::parse(text).map(Some).map_err(|error| {
            self.error(
                field,
                format!("`{text}` {error}; write dollars as quoted text, such as \"800.00\""),
            )
        })
    }

    pub fn need_usd(&self, field: &'a str) -> Result<Cents, LawError> {
        self.usd(field)?.ok_or_else(|| self.missing(field))
    }

    pub fn rate(&self, field: &'a str) -> Result<Option<Rate>, LawError> {
        let Some(text) = self.text(field)? else {
            return Ok(None);
        };
        let wrong = || self.error(field, format!("`{text}` is not a share such as \"12.5 %\""));
        Rate::parse(text).map(Some).ok_or_else(wrong)
    }

    /// A date (midnight Eastern) or a timestamp with offset.
    pub fn when(&self, field: &'a str) -> Result<Option<Written>, LawError> {
        let Some(value) = self.value(field) else {
            return Ok(None);
        };
        let text = match value.get_ref() {
            DeValue::Datetime(date) => date.to_string(),
            DeValue::String(text) => text.to_string(),
            _ => return Err(self.error(field, "must be a date or a timestamp with offset")),
        };
        if let Some(day) = Day::parse(&text) {
            return Ok(Some(Written {
                moment: self.source.zone.midnight(day),
                bare: true,
            }));
        }
        match parse_timestamp(&text) {
            Ok(moment) => Ok(Some(Written {
                moment,
                bare: false,
            })),
            Err(error) => Err(self.error(field, format!("`{text}` {error}"))),
        }
    }

    pub fn need_when(&self, field: &'a str) -> Result<Written, LawError> {
        self.when(field)?.ok_or_else(|| self.missing(field))
    }

    pub fn name<T: Named>(&self, field: &'a str) -> Result<Option<T>, LawError> {
        let Some(text) = self.text(field)? else {
            return Ok(None);
        };
        self.named(field, text).map(Some)
    }

    pub fn need_name<T: Named>(&self, field: &'a str) -> Result<T, LawError> {
        self.name(field)?.ok_or_else(|| self.missing(field))
    }

    pub fn set<T: Named>(&self, field: &'a str) -> Result<Set<T>, LawError> {
        let mut set = Set::EMPTY;
        self.list(field)?
            .into_iter()
            .for_each(|value| set.add(value));
        Ok(set)
    }

    pub fn list<T: Named>(&self, field: &'a str) -> Result<Vec<T>, LawError> {
        let texts = self.texts(field)?.into_iter();
        texts.map(|text| self.named(field, text)).collect()
    }

    fn named<T: Named>(&self, field: &str, text: &str) -> Result<T, LawError> {
        T::all()
            .iter()
            .copied()
            .find(|value| value.text() == text)
            .ok_or_else(|| {
                let known: Vec<_> = T::all().iter().map(|value| value.text()).collect();
                self.error(
                    field,
                    format!("`{text}` is not one of {}", known.join(", ")),
                )
            })
    }

    /// The tables of `[[field]]`.
    pub fn tables(&self, field: &'a str) -> Result<Vec<Table<'a>>, LawError> {
        let Some(value) = self.value(field) else {
            return Ok(Vec::new());
        };
        let DeValue::Array(items) = value.get_ref() else {
            return Err(self.error(field, "must be a list of tables"));
        };
        items
            .iter()
            .map(|item| match item.get_ref() {
                DeValue::Table(entries) => Ok(Table::new(self.source, entries, item.span().start)),
                _ => Err(self.error(field, "must hold only tables")),
            })
            .collect()
    }

    pub fn table(&self, field: &'a str) -> Result<Option<Table<'a>>, LawError> {
        match self.value(field) {
            None => Ok(None),
            Some(value) => match value.get_ref() {
                DeValue::Table(entries) => {
                    Ok(Some(Table::new(self.source, entries, value.span().start)))
                }
                _ => Err(self.error(field, "must be a table")),
            },
        }
    }

    /// Refuses what nobody took.
    pub fn finish(&self) -> Result<(), LawError> {
        let taken = self.taken.borrow();
        match self.keys().find(|key| !taken.contains(key)) {
            None => Ok(()),
            Some(key) => Err(self.error(key, "is not a field that belongs here")),
        }
    }
}

fn refuse_floats(source: Source<'_>, table: &DeTable<'_>) -> Result<(), LawError> {
    table
        .iter()
        .try_for_each(|(key, value)| refuse_float(source, key.get_ref(), value))
}

fn refuse_float(
    source: Source<'_>,
    field: &str,
    value: &Spanned<DeValue<'_>>,
) -> Result<(), LawError> {
    let Range { start, .. } = value.span();
    match value.get_ref() {
        DeValue::Float(_) => Err(source.file.error(
            start,
            field,
            "is a float; write numbers with a point as quoted text",
        )),
        DeValue::Array(items) => items
            .iter()
            .try_for_each(|item| refuse_float(source, field, item)),
        DeValue::Table(entries) => refuse_floats(source, entries),
        _ => Ok(()),
    }
}
