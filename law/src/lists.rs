//! Lists that are kept as CSV beside the law: numbers with windows, rates by origin, words, holidays,
//! zones of ports.

use crate::claim::Claim;
use crate::codes::Country;
use crate::error::{LawError, SourceFile};
use crate::names::FloorOver;
use crate::rate::Rate;
use crate::sets::{NumberRange, number_range};
use crate::time::{Day, Moment, Zone, parse_timestamp};
use serde::{Deserialize, Serialize};

/// A list of numbers, each with the window in which it counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NumberList {
    /// The file's name without its ending.
    pub name: String,
    /// The entries in the order of the file.
    pub entries: Vec<ListEntry>,
}

/// One row of a list of numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListEntry {
    /// The numbers it covers.
    pub range: NumberRange,
    /// From when.
    pub from: Moment,
    /// Until when (exclusive).
    pub until: Moment,
}

/// Headings and rates of one program by origin, each with its window.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RateTable {
    /// The file's name without its ending.
    pub name: String,
    /// The rows in the order of the file.
    pub rows: Vec<RateRow>,
}

/// What one origin pays for a time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RateRow {
    /// The origin; `None` is every origin that has no row of its own at the moment.
    pub origin: Option<Country>,
    /// The heading to report; of a floor, where column 1 lies below it.
    pub heading: Claim,
    /// Of a floor: the heading where column 1 reaches it.
    pub heading_met: Option<Claim>,
    /// `None` adds to column 1; else what it tops up.
    pub floor: Option<FloorOver>,
    /// The rate.
    pub rate: Rate,
    /// From when.
    pub from: Moment,
    /// Until when (exclusive).
    pub until: Moment,
    /// First public text.
    pub published: Moment,
    /// Authorities.
    pub cite: Vec<String>,
}

/// Words that an authority names, each with the window in which it counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WordList {
    /// The file's name without its ending.
    pub name: String,
    /// The entries in the order of the file.
    pub entries: Vec<WordEntry>,
}

/// One row of a list of words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WordEntry {
    /// The words as the authority writes them.
    pub text: String,
    /// From when.
    pub from: Moment,
    /// Until when (exclusive).
    pub until: Moment,
}

/// A federal holiday.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holiday {
    /// The day on which offices are closed.
    pub observed: Day,
    /// Its name.
    pub name: String,
}

/// A port of entry whose local zone is known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PortZone {
    /// Schedule D code.
    pub port: String,
    /// Name of the zone.
    pub zone: String,
}

/// What a CSV file of the lists folder holds, by its name.
pub(crate) enum List {
    Numbers(NumberList),
    Rates(RateTable),
    Words(WordList),
    Holidays(Vec<Holiday>),
    Ports(Vec<PortZone>),
}

/// Reads one file of the lists folder.
pub(crate) fn read(file: &SourceFile, zone: &Zone) -> Result<List, LawError> {
    let name = file
        .path
        .rsplit('/')
        .next()
        .and_then(|name| name.strip_suffix(".csv"))
        .unwrap_or("");
    let rows = rows(file)?;
    match name {
        "holidays" => rows
            .iter()
            .map(|row| row.holiday())
            .collect::<Result<_, _>>()
            .map(List::Holidays),
        "ports" => rows
            .iter()
            .map(Row::port)
            .collect::<Result<_, _>>()
            .map(List::Ports),
        _ if name.ends_with("-rates") => Ok(List::Rates(RateTable {
            name: name.to_owned(),
            rows: rows
                .iter()
                .map(|row| row.rate(zone))
                .collect::<Result<_, _>>()?,
        })),
        _ if name.ends_with("-words") => Ok(List::Words(WordList {
            name: name.to_owned(),
            entries: rows
                .iter()
                .map(|row| row.words(zone))
                .collect::<Result<_, _>>()?,
        })),
        _ => {
            let entries = rows
                .iter()
                .map(|row| row.entry(zone))
                .collect::<Result<_, _>>()?;
            Ok(List::Numbers(NumberList {
                name: name.to_owned(),
                entries,
            }))
        }
    }
}

struct Row<'a> {
    file: &'a SourceFile,
    header: std::rc::Rc<csv::StringRecord>,
    record: csv::StringRecord,
}

fn rows(file: &SourceFile) -> Result<Vec<Row<'_>>, LawError> {
    let mut reader = csv::ReaderBuilder::new()
        .comment(Some(b'#'))
        .from_reader(file.text.as_bytes());
    let wrong = |error: csv::Error| LawError {
        file: file.path.clone(),
        line: error
            .position()
            .map_or(1, |position| position.line() as usize),
        field: "row".to_owned(),
        message: error.to_string(),
    };
    let header = std::rc::Rc::new(reader.headers().map_err(wrong)?.clone());
    let row = |record: Result<_, _>| {
        Ok(Row {
            file,
            header: std::rc::Rc::clone(&header),
            record: record.map_err(wrong)?,
        })
    };
    reader.records().map(row).collect()
}

impl Row<'_> {
    fn error(&self, field: &str, message: &str) -> LawError {
        LawError {
            file: self.file.path.clone(),
            line: self
                .record
                .position()
                .map_or(1, |position| position.line() as usize),
            field: field.to_owned(),
            message: message.to_owned(),
        }
    }

    fn field(&self, name: &str) -> Result<&str, LawError> {
        let at = self.header.iter().position(|column| column == name);
        at.and_then(|at| self.record.get(at))
            .ok_or_else(|| self.error(name, "column is missing"))
    }

    fn moment(&self, name: &str, zone: &Zone, absent: Moment) -> Result<Moment, LawError> {
        match self.field(name)? {
            "" => Ok(absent),
            text => match Day::parse(text) {
                Some(day) => Ok(zone.midnight(day)),
                None => parse_timestamp(text)
                    .map_err(|_| self.error(name, "must be a date or a timestamp with offset")),
            },
        }
    }

    fn need_cite(&self) -> Result<(), LawError> {
        match self.field("cite")? {
            "" => Err(self.error("cite", "every row needs a citation")),
            _ => Ok(()),
        }
    }

    fn words(&self, zone: &Zone) -> Result<WordEntry, LawError> {
        self.need_cite()?;
        let text = self.field("text")?.trim();
        if text.is_empty() {
            return Err(self.error("text", "must not be empty"));
        }
        Ok(WordEntry {
            text: text.to_owned(),
            from: self.moment("from", zone, Moment::MIN)?,
            until: self.moment("until", zone, Moment::MAX)?,
        })
    }

    fn entry(&self, zone: &Zone) -> Result<ListEntry, LawError> {
        self.need_cite()?;
        let prefix = self.field("prefix")?;
        Ok(ListEntry {
            range: number_range(prefix)
                .ok_or_else(|| self.error("prefix", "must be 2, 4, 6, 8 or 10 digits"))?,
            from: self.moment("from", zone, Moment::MIN)?,
            until: self.moment("until", zone, Moment::MAX)?,
        })
    }

    fn rate(&self, zone: &Zone) -> Result<RateRow, LawError> {
        let heading = |field| -> Result<Option<Claim>, LawError> {
            match self.field(field)? {
                "" => Ok(None),
                text => Claim::parse(text)
                    .filter(|_| text.starts_with("99"))
                    .map(Some)
                    .ok_or_else(|| self.error(field, "must be a heading of Chapter 99")),
            }
        };
        let floor = match self.field("form")? {
            "additive" => None,
            "floor-general" => Some(FloorOver::General),
            "floor-general-or-special" => Some(FloorOver::GeneralOrSpecial),
            _ => {
                let forms = "must be additive, floor-general or floor-general-or-special";
                return Err(self.error("form", forms));
            }
        };
        let origin = match self.field("origin")? {
            "*" => None,
            text => Some(
                Country::parse(text)
                    .ok_or_else(|| self.error("origin", "must be an ISO alpha-2 code or *"))?,
            ),
        };
        let cite: Vec<String> = self.field("cite")?.split("; ").map(str::to_owned).collect();
        if cite.iter().any(String::is_empty) {
            return Err(self.error("cite", "every row needs a citation"));
        }
        Ok(RateRow {
            origin,
            heading: heading("heading")?
                .ok_or_else(|| self.error("heading", "every row needs a heading"))?,
            heading_met: heading("heading_met")?,
            floor,
            rate: Rate::parse(self.field("rate")?)
                .ok_or_else(|| self.error("rate", "must be a share such as 12.5 %"))?,
            from: self.moment("from", zone, Moment::MIN)?,
            until: self.moment("until", zone, Moment::MAX)?,
            published: self.moment("published", zone, Moment::MIN)?,
            cite,
        })
    }

    fn holiday(&self) -> Result<Holiday, LawError> {
        let observed = Day::parse(self.field("observed")?);
        Ok(Holiday {
            observed: observed.ok_or_else(|| self.error("observed", "must be a date"))?,
            name: self.field("name")?.to_owned(),
        })
    }

    fn port(&self) -> Result<PortZone, LawError> {
        let (port, zone) = (
            self.field("port")?.to_owned(),
            self.field("zone")?.to_owned(),
        );
        if Zone::named(&zone).is_none() {
            return Err(self.error("zone", "is not a time zone"));
        }
        Ok(PortZone { port, zone })
    }
}
