//! What the guides say about fields in terms of other fields, by `conditions.csv`.
//!
//! A row says: in each record of that kind, when all tests of `when` hold, those of `must` hold.
//! Tests are joined by ` & `; a field of another record is written `10.entry_type_code` (the first
//! of the transaction), and `?SE20.field=V1` asks for any such record.
//!
//! `f` used · `!f` empty · `f=a|b` `f!=a|b` one of, none of · `f^A|C` begins with · `f!~*` does
//! not contain · `f>0` `f<=2500` · `f>=g` not below field g · `f#` digits · `f%11` length ·
//! `f@form` importer, ein, cbp, ssn, date, plain · `+REC` `-REC` the record is there, is not ·
//! `only A B` no other records.

use super::Found;
use crate::messages::catair::layout::{Application, FieldLayout, RecordLayout, Status, layout};
use crate::messages::catair::{table, value};
use std::ops::Range;
use std::sync::LazyLock;

const CONDITIONS: &str = include_str!("../../../../layouts/conditions.csv");

/// The text, which is part of the edition's hash.
pub(in crate::messages::catair) const DATA: &str = CONDITIONS;

struct Condition {
    application: &'static str,
    record: &'static RecordLayout,
    field: &'static FieldLayout,
    when: Vec<Atom>,
    must: Vec<Atom>,
    /// The sentence of `must`, for the reason.
    says: &'static str,
    code: &'static str,
    source: &'static str,
    right: &'static str,
}

enum Atom {
    Field(Place, &'static str, Test),
    There(&'static str),
    Absent(&'static str),
    Only(Vec<&'static str>),
}

enum Place {
    /// The record that is judged.
    Here,
    /// The first record of that kind in the transaction.
    First(&'static str),
    /// Any record of that kind in the transaction.
    Any(&'static str),
}

enum Test {
    Used,
    Empty,
    In(Vec<&'static str>),
    NotIn(Vec<&'static str>),
    Begins(Vec<&'static str>),
    Without(&'static str),
    Above(u64),
    AtMost(u64),
    NotBelow(&'static str),
    Digits,
    Length(usize),
    Form(&'static str),
}

/// Read by a test, as the other tables are.
static ROWS: LazyLock<Vec<Condition>> =
    LazyLock::new(|| read().expect("conditions.csv is read by tests"));

fn read() -> Result<Vec<Condition>, String> {
    let rows = table::rows::<8>("conditions", CONDITIONS);
    rows.map(|row| {
        let [application, record, field, when, must, code, source, right] = row?;
        let wrong = |what: &str| format!("conditions.csv {application} {record} {field}: {what}");
        let record = layout(application, record).ok_or_else(|| wrong("no such record"))?;
        let field = record.field(field).ok_or_else(|| wrong("no such field"))?;
        let atoms = |text: &'static str| {
            let parts = text.split(" & ").filter(|it| !it.is_empty());
            parts
                .map(|it| atom(it).ok_or_else(|| wrong(it)))
                .collect::<Result<Vec<_>, _>>()
        };
        let (when, must, says) = (atoms(when)?, atoms(must)?, must);
        Ok(Condition {
            application,
            record,
            field,
            when,
            must,
            says,
            code,
            source,
            right,
        })
    })
    .collect()
}

fn atom(text: &'static str) -> Option<Atom> {
    if let Some(records) = text.strip_prefix("only ") {
        return Some(Atom::Only(records.split(' ').collect()));
    }
    if let Some(record) = text.strip_prefix('+') {
        return Some(Atom::There(record));
    }
    if let Some(record) = text.strip_prefix('-') {
        return Some(Atom::Absent(record));
    }
    let (empty, text) = text
        .strip_prefix('!')
        .map_or((false, text), |it| (true, it));
    let (any, text) = text
        .strip_prefix('?')
        .map_or((false, text), |it| (true, it));
    let (record, text) = text
        .split_once('.')
        .map_or((None, text), |(a, b)| (Some(a), b));
    let place = match record {
        None => Place::Here,
        Some(record) if any => Place::Any(record),
        Some(record) => Place::First(record),
    };
    let name = text.find(|it: char| !(it.is_ascii_lowercase() || it.is_ascii_digit() || it == '_'));
    let (field, rest) = text.split_at(name.unwrap_or(text.len()));
    let list = |text: &'static str| text.split('|').collect::<Vec<_>>();
    let test = if empty {
        Test::Empty
    } else if rest.is_empty() {
        Test::Used
    } else if let Some(rest) = rest.strip_prefix("!=") {
        Test::NotIn(list(rest))
    } else if let Some(rest) = rest.strip_prefix("!~") {
        Test::Without(rest)
    } else if let Some(rest) = rest.strip_prefix("<=") {
        Test::AtMost(rest.parse().ok()?)
    } else if let Some(rest) = rest.strip_prefix(">=") {
        Test::NotBelow(rest)
    } else if let Some(rest) = rest.strip_prefix('>') {
        Test::Above(rest.parse().ok()?)
    } else if let Some(rest) = rest.strip_prefix('=') {
        Test::In(list(rest))
    } else if let Some(rest) = rest.strip_prefix('^') {
        Test::Begins(list(rest))
    } else if rest == "#" {
        Test::Digits
    } else if let Some(rest) = rest.strip_prefix('%') {
        Test::Length(rest.parse().ok()?)
    } else {
        Test::Form(rest.strip_prefix('@')?)
    };
    Some(Atom::Field(place, field, test))
}

/// Judges one transaction.
pub(super) fn judge(found: &mut Found, application: &Application, transaction: Range<usize>) {
    let of_application = |it: &&Condition| it.application == application.application;
    for condition in ROWS.iter().filter(of_application) {
        let is_judged = |place: &usize| found.line(*place).layout() == Some(condition.record);
        let places: Vec<usize> = transaction.clone().filter(is_judged).collect();
        if places.is_empty() {
            continue;
        }
        // What is asked of other records is the same for every record of the transaction: looked
        // for once, so that a summary of many lines is not gone through for each of them.
        let elsewhere = |atom: &Atom| elsewhere(found, atom, &transaction);
        let when: Vec<_> = condition.when.iter().map(elsewhere).collect();
        let must: Vec<_> = condition.must.iter().map(elsewhere).collect();
        for place in places {
            // That a mandatory field is empty has been said.
            let empty = found.text(place, condition.field.name).is_empty();
            if empty && condition.field.status == Status::Mandatory {
                continue;
            }
            let holds = |(atom, known): (&Atom, &Known)| match (atom, known) {
                (_, Known::Elsewhere(answer)) => *answer,
                (Atom::Field(_, field, test), Known::Here) => passes(found, place, field, test),
                (_, Known::Here) => None,
            };
            let mut whens = condition.when.iter().zip(&when);
            let mut musts = condition.must.iter().zip(&must);
            if whens.all(|one| holds(one) == Some(true))
                && musts.any(|one| holds(one) == Some(false))
            {
                let reason = format!("does not meet: {}", condition.says);
                let right = condition.right;
                found
                    .add_field(place, condition.field, reason, right, condition.code)
                    .source = condition.source;
            }
        }
    }
}

/// What is known of a test before a record is judged.
enum Known {
    /// Nothing: it asks the record itself.
    Here,
    /// Whether it holds; `None` where the record it asks is not there or its number unreadable.
    Elsewhere(Option<bool>),
}

/// The answer of a test that asks other records of the transaction.
fn elsewhere(found: &Found, atom: &Atom, transaction: &Range<usize>) -> Known {
    let tags = || transaction.clone().filter_map(|it| found.line(it).layout());
    let answer = || match atom {
        Atom::There(record) => Some(tags().any(|it| it.record == *record)),
        Atom::Absent(record) => Some(tags().all(|it| it.record != *record)),
        Atom::Only(records) => Some(tags().all(|it| records.contains(&it.record))),
        Atom::Field(at, field, test) => match at {
            Place::Here => None,
            Place::First(record) => {
                let first = transaction.clone().find(|it| found.is(*it, record))?;
                passes(found, first, field, test)
            }
            Place::Any(record) => {
                let mut all = transaction.clone().filter(|it| found.is(*it, record));
                Some(all.any(|it| passes(found, it, field, test) == Some(true)))
            }
        },
    };
    match atom {
        Atom::Field(Place::Here, ..) => Known::Here,
        _ => Known::Elsewhere(answer()),
    }
}

fn passes(found: &Found, place: usize, field: &str, test: &Test) -> Option<bool> {
    let text = found.text(place, field);
    let number = || text.parse::<u64>().ok();
    Some(match test {
        Test::Used => !text.is_empty(),
        Test::Empty => text.is_empty(),
        Test::In(values) => values.contains(&text),
        Test::NotIn(values) => !values.contains(&text),
        Test::Begins(values) => values.iter().any(|it| text.starts_with(it)),
        Test::Without(sign) => !text.contains(sign),
        Test::Above(limit) => number().is_some_and(|it| it > *limit),
        Test::AtMost(limit) => number()? <= *limit,
        Test::NotBelow(other) => number()? >= found.number(place, other)?,
        Test::Digits => text.bytes().all(|it| it.is_ascii_digit()),
        Test::Length(length) => text.len() == *length,
        Test::Form(form) => text.is_empty() || has_form(form, text),
    })
}

fn has_form(form: &str, text: &str) -> bool {
    match form {
        "ein" => like(text, "00-0000000") || like(text, "00-0000000XX"),
        "cbp" => like(text, "000000-00000"),
        "ssn" => like(text, "000-00-0000"),
        "importer" => ["ein", "cbp", "ssn"].iter().any(|it| has_form(it, text)),
        "date" => value::date(text.as_bytes()).is_ok(),
        "plain" => text
            .bytes()
            .all(|it| it.is_ascii_uppercase() || it.is_ascii_digit()),
        _ => false,
    }
}

/// Whether a text follows a pattern of digits (`0`), letters or digits (`X`) and hyphens.
fn like(text: &str, pattern: &str) -> bool {
    text.len() == pattern.len()
        && text
            .bytes()
            .zip(pattern.bytes())
            .all(|(byte, sign)| match sign {
                b'0' => byte.is_ascii_digit(),
                b'X' => byte.is_ascii_alphanumeric(),
                _ => byte == sign,
            })
}
