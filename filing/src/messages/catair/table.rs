//! The tables of `filing/layouts/`, read once from the text that is part of the program.

use super::layout::{
    Application, Class, Confidence, Direction, FieldLayout, RecordLayout, Section, Status,
};
use super::lint;
use std::sync::LazyLock;

const RECORDS: &str = include_str!("../../../layouts/records.csv");
const SECTIONS: &str = include_str!("../../../layouts/sections.csv");
const APPLICATIONS: &str = include_str!("../../../layouts/applications.csv");

/// What the edition's hash is made of.
pub(super) const DATA: [&str; 5] = [
    RECORDS,
    SECTIONS,
    APPLICATIONS,
    lint::order::DATA,
    lint::conditions::DATA,
];

/// The tables, with the ways to find a record by its first columns.
pub(super) struct Table {
    pub records: Vec<RecordLayout>,
    pub sections: Vec<Section>,
    pub applications: Vec<Application>,
    /// For each application, and then `IN`, `OUT` and `ACE`: first columns to record.
    tags: Vec<Tags>,
}

/// First columns of records, packed and sorted, with the place of the record.
struct Tags(Vec<(u32, usize)>);

/// The tables are part of the program and a test reads every row of them, so that a wrong row is
/// found when the program is built and not when a message comes in.
pub(super) static TABLE: LazyLock<Table> =
    LazyLock::new(|| read().expect("the tables of filing/layouts are read by tests"));

/// Where the tags of the envelopes stand behind those of the applications.
pub(super) enum Envelope {
    In,
    Out,
    Ace,
}

impl Table {
    /// The record of an application whose control identifier begins these bytes.
    pub fn of_application(
        &'static self,
        application: &Application,
        bytes: &[u8],
    ) -> Option<&'static RecordLayout> {
        let same = |it: &Application| std::ptr::eq(it, application);
        let place = self.applications.iter().position(same)?;
        self.find(place, bytes)
    }

    /// The envelope record that these bytes begin with.
    pub fn of_envelope(
        &'static self,
        envelope: Envelope,
        bytes: &[u8],
    ) -> Option<&'static RecordLayout> {
        let place = match envelope {
            Envelope::In => 0,
            Envelope::Out => 1,
            Envelope::Ace => 2,
        };
        self.find(self.applications.len() + place, bytes)
    }

    fn find(&'static self, place: usize, bytes: &[u8]) -> Option<&'static RecordLayout> {
        let tags = &self.tags[place].0;
        [4, 2, 1].into_iter().find_map(|length| {
            let key = pack(bytes.get(..length)?);
            let at = tags.binary_search_by_key(&key, |(tag, _)| *tag).ok()?;
            Some(&self.records[tags[at].1])
        })
    }
}

/// At most four bytes as one number; shorter tags end in zeros, which no tag contains.
fn pack(tag: &[u8]) -> u32 {
    let mut four = [0; 4];
    four[..tag.len()].copy_from_slice(tag);
    u32::from_be_bytes(four)
}

fn read() -> Result<Table, String> {
    let sections = rows::<4>("sections", SECTIONS)
        .map(section)
        .collect::<Result<Vec<_>, _>>()?;
    let mut records: Vec<RecordLayout> = Vec::new();
    for row in rows::<9>("records", RECORDS) {
        add(&mut records, &sections, row?)?;
    }
    let applications = rows::<5>("applications", APPLICATIONS);
    let applications = applications
        .map(application)
        .collect::<Result<Vec<_>, _>>()?;
    let of_sections = |names: &[&str]| {
        let mut tags = Vec::new();
        for name in names {
            for (place, record) in records.iter().enumerate() {
                let key = pack(record.record.as_bytes());
                if record.section == *name && tags.iter().all(|(tag, _)| *tag != key) {
                    tags.push((key, place));
                }
            }
        }
        tags.sort_unstable();
        Tags(tags)
    };
    let mut tags: Vec<Tags> = applications
        .iter()
        .map(|it| of_sections(&it.sections))
        .collect();
    tags.extend(["IN", "OUT", "ACE"].map(|name| of_sections(&[name])));
    Ok(Table {
        records,
        sections,
        applications,
        tags,
    })
}

/// The rows of a table below its heading. No value of these tables contains a comma, except in
/// the last column, which takes the rest of the row.
pub(super) fn rows<const N: usize>(
    table: &'static str,
    text: &'static str,
) -> impl Iterator<Item = Result<[&'static str; N], String>> {
    text.lines().enumerate().skip(1).map(move |(number, line)| {
        let mut parts = line.splitn(N, ',');
        let row = std::array::from_fn(|_| parts.next());
        let whole = row.iter().all(Option::is_some);
        let row = row.map(Option::unwrap_or_default);
        if whole {
            Ok(row)
        } else {
            Err(format!("{table}.csv row {}: {line}", number + 1))
        }
    })
}

fn section(row: Result<[&'static str; 4], String>) -> Result<Section, String> {
    let [section, edition, confidence, guide] = row?;
    let confidence = match confidence {
        "read" => Confidence::Read,
        "single" => Confidence::Single,
        other => return Err(format!("sections.csv: confidence {other}")),
    };
    Ok(Section {
        section,
        edition,
        confidence,
        guide,
    })
}

fn application(row: Result<[&'static str; 5], String>) -> Result<Application, String> {
    let [application, direction, sections, begins, meaning] = row?;
    let direction = match direction {
        "in" => Direction::In,
        "out" => Direction::Out,
        other => return Err(format!("applications.csv: direction {other}")),
    };
    let sections = sections.split(' ').collect();
    Ok(Application {
        application,
        direction,
        sections,
        begins,
        meaning,
    })
}

/// Puts one row of columns to its record, which must go on where the row before it ended.
fn add(
    records: &mut Vec<RecordLayout>,
    sections: &[Section],
    row: [&'static str; 9],
) -> Result<(), String> {
    let [
        section,
        record,
        start,
        end,
        class,
        status,
        decimals,
        name,
        source,
    ] = row;
    let wrong = |what: &str| format!("records.csv {section} {record} {name}: {what}");
    let column = |text: &str| text.parse::<usize>().map_err(|_| wrong("no column"));
    let (start, end) = (column(start)?, column(end)?);
    let field = FieldLayout {
        name,
        start,
        end,
        class: class_of(class).ok_or_else(|| wrong("unknown class"))?,
        status: status_of(status).ok_or_else(|| wrong("unknown status"))?,
        decimals: decimals
            .parse()
            .map_err(|_| wrong("no number of decimals"))?,
        source,
    };
    if start == 1 {
        let confidence = sections.iter().find(|it| it.section == section);
        let confidence = confidence
            .ok_or_else(|| wrong("unknown section"))?
            .confidence;
        let (fields, fillers) = (Vec::new(), Vec::new());
        records.push(RecordLayout {
            section,
            record,
            fields,
            fillers,
            confidence,
            source,
        });
        return if end == record.len() {
            Ok(())
        } else {
            Err(wrong("not its identifier"))
        };
    }
    let into = records.last_mut().ok_or_else(|| wrong("no record begun"))?;
    let before = into
        .fields
        .iter()
        .chain(&into.fillers)
        .map(|it| it.end)
        .max();
    if (into.section, into.record) != (section, record)
        || before.unwrap_or(record.len()) + 1 != start
        || !(start..=80).contains(&end)
    {
        return Err(wrong("columns do not go on from the row before"));
    }
    if name == "filler" {
        into.fillers.push(field)
    } else {
        into.fields.push(field)
    }
    Ok(())
}

fn class_of(text: &str) -> Option<Class> {
    let all = [
        Class::A,
        Class::N,
        Class::SN,
        Class::AN,
        Class::D,
        Class::X,
        Class::S,
    ];
    all.into_iter().find(|class| class.code() == text)
}

fn status_of(text: &str) -> Option<Status> {
    match text {
        "M" => Some(Status::Mandatory),
        "C" => Some(Status::Conditional),
        "O" => Some(Status::Optional),
        _ => None,
    }
}
