//! Three hundred messages and more, each with one thing wrong: lint finds that thing, in that
//! record and column, with that code. The mutation says what it broke.

mod catair;

use deminimis_filing::messages::catair::lint::{Finding, lint};
use deminimis_filing::messages::catair::{Class, FieldLayout, Message, Status, decode, encode};
use std::collections::BTreeMap;

/// One wrong message, and what must be found.
struct Mutant {
    kind: &'static str,
    what: String,
    lines: Vec<Vec<u8>>,
    /// Number of the record, from 1.
    record: usize,
    /// First column of the finding.
    column: usize,
    /// CBP's code, where there is one for it.
    code: Option<&'static str>,
    /// Words of the reason.
    reason: &'static str,
}

fn lines(message: &Message) -> Vec<Vec<u8>> {
    message
        .lines
        .iter()
        .map(|line| line.bytes().to_vec())
        .collect()
}

fn bytes(lines: &[Vec<u8>]) -> Vec<u8> {
    lines
        .iter()
        .flat_map(|line| [&line[..], b"\n"].concat())
        .collect()
}

/// Mutations of one column or field, for every record of a message.
fn columns(message: &Message, into: &mut Vec<Mutant>) {
    for (place, line) in message.lines.iter().enumerate() {
        let layout = line.layout().expect("known");
        let mut add = |kind, what: &str, column, code, reason, change: &dyn Fn(&mut Vec<u8>)| {
            let mut lines = lines(message);
            change(&mut lines[place]);
            let what = format!("{} {what}", layout.record);
            into.push(Mutant {
                kind,
                what,
                lines,
                record: place + 1,
                column,
                code,
                reason,
            });
        };
        for filler in &layout.fillers {
            let at = filler.end;
            add("filler", "filler", at, Some("X39"), "filler", &|line| {
                line[at - 1] = b'Q'
            });
        }
        for field in &layout.fields {
            let used: Vec<usize> = (field.start..=field.end)
                .filter(|at| line.bytes()[at - 1] != b' ')
                .collect();
            let Some(last) = used.last().copied() else {
                continue;
            };
            of_field(field, last, &mut add);
        }
        let short = 79 - place % 7;
        let last = place + 1 == message.lines.len();
        let code = last.then_some("X42");
        add("short", "short", short + 1, code, "columns", &|line| {
            line.truncate(short)
        });
        add("long", "long", 81, None, "81 columns", &|line| {
            line.push(b'Q')
        });
        let at = 5 + place % 70;
        add(
            "non-standard",
            "bell",
            at,
            Some("X40"),
            "printable",
            &|line| line[at - 1] = 7,
        );
    }
}

type Add<'a> = dyn FnMut(&'static str, &str, usize, Option<&'static str>, &'static str, &dyn Fn(&mut Vec<u8>))
    + 'a;

fn of_field(field: &FieldLayout, last: usize, add: &mut Add) {
    let (start, end, name) = (field.start, field.end, field.name);
    if field.status == Status::Mandatory {
        let empty = |line: &mut Vec<u8>| line[start - 1..end].fill(b' ');
        add(
            "mandatory",
            name,
            start,
            None,
            "mandatory and empty",
            &empty,
        );
    }
    match field.class {
        Class::A | Class::AN | Class::X => {
            let lower = |line: &mut Vec<u8>| line[last - 1] = b'q';
            add(
                "lower case",
                name,
                last,
                None,
                "not allowed in class",
                &lower,
            );
            if field.class != Class::X {
                let sign = |line: &mut Vec<u8>| line[last - 1] = b'#';
                add("sign", name, last, None, "not allowed in class", &sign);
            }
        }
        Class::N | Class::SN => {
            let letter = |line: &mut Vec<u8>| line[last - 1] = b'Q';
            add(
                "letter in a number",
                name,
                last,
                None,
                "not allowed in class",
                &letter,
            );
            if field.class == Class::N && end > start {
                let space = |line: &mut Vec<u8>| line[start - 1] = b' ';
                add("unpadded", name, start, None, "spaces in a number", &space);
            }
        }
        Class::D => {
            let month = |line: &mut Vec<u8>| line[start - 1..end].copy_from_slice(b"133126");
            add("date", name, start, None, "no such month", &month);
            let day = |line: &mut Vec<u8>| line[start - 1..end].copy_from_slice(b"022926");
            add("date", name, start, None, "no such day", &day);
        }
        Class::S => {}
    }
}

/// The place of a record, counted among those of its kind.
fn place_of(message: &Message, tag: &str, nth: usize) -> usize {
    let all = message.lines.iter().enumerate();
    let mut places = all.filter(|(_, line)| line.is(tag)).map(|(place, _)| place);
    places.nth(nth).unwrap_or_else(|| panic!("no {tag} {nth}"))
}

/// A change of one field's value: record (counted among those of its kind), field, new value.
type Change = (&'static str, usize, &'static str, &'static str);

/// Sets a field and says at which record and column the finding must be.
fn change(
    message: &Message,
    kind: &'static str,
    (tag, nth, field, value): Change,
    found_at: (&str, usize, &str),
    code: Option<&'static str>,
    reason: &'static str,
) -> Mutant {
    let place_of = |tag: &str, nth: usize| place_of(message, tag, nth);
    let place = place_of(tag, nth);
    let mut lines = lines(message);
    let mut record = message.lines[place].to_record().expect("a record");
    record
        .set(field, value)
        .unwrap_or_else(|error| panic!("{error}"));
    lines[place] = record.as_bytes().to_vec();
    let (tag, nth, name) = found_at;
    let at = place_of(tag, nth);
    let layout = message.lines[at].layout().expect("known");
    let column = layout.field(name).map_or(1, |field| field.start);
    let what = format!("{tag} {field}={value}");
    Mutant {
        kind,
        what,
        lines,
        record: at + 1,
        column,
        code,
        reason,
    }
}

/// Changes of one field each: message, kind, record (counted among those of its kind), field, new
/// value, field at which the finding must be, CBP's code where there is one.
const CHANGES: &str = include_str!("catair/mutations.csv");

fn changes(summaries: &Message, release: &Message, into: &mut Vec<Mutant>) {
    for row in CHANGES.lines().skip(1) {
        let cells: Vec<&'static str> = row.split(',').collect();
        let [of, kind, record, nth, field, value, at, code] = cells[..] else {
            panic!("{row}");
        };
        let message = match of {
            "summary" => summaries,
            "release" => release,
            _ => panic!("{row}"),
        };
        let nth = nth.parse().expect("a number");
        let it = (record, nth, field, value);
        let code = Some(code).filter(|code| !code.is_empty());
        into.push(change(message, kind, it, (record, nth, at), code, ""));
    }
}

/// Records that are taken away: what, which, where the finding is, its code.
const AWAY: &[(&str, usize, &str, usize, &str)] = &[
    ("A", 0, "B", 0, "X01"),
    ("B", 0, "10", 0, "X03"),
    ("Y", 0, "90", 1, "X05"),
    ("Z", 0, "Y", 0, "X06"),
    ("11", 0, "10", 0, "X37"),
    ("90", 0, "10", 0, "701"),
    ("22", 0, "23", 0, "X35"),
    ("40", 1, "50", 2, "X35"),
    ("50", 2, "40", 1, "X37"),
    ("OI", 0, "PG01", 0, "X35"),
    ("SE30", 0, "SE35", 0, "X35"),
    ("88", 0, "53", 0, "735"),
    ("89", 0, "34", 0, "715"),
    ("89", 1, "62", 0, "716"),
    ("34", 0, "89", 0, "717"),
];

/// Records that come once too often: which, and the code.
const TWICE: &[(&str, &str)] = &[
    ("11", "X36"),
    ("20", "X36"),
    ("SE13", "X36"),
    ("21", "X36"),
    ("34", "X36"),
    ("SE36", "X36"),
    ("OI", "X36"),
    ("52", "X36"),
    ("60", "X36"),
    ("88", "X36"),
    ("90", "X36"),
    ("40", "518"),
    ("47", "520"),
];

fn structure(message: &Message, into: &mut Vec<Mutant>) {
    let place_of = |tag: &str, nth: usize| place_of(message, tag, nth);
    for (tag, nth, at, at_nth, code) in AWAY {
        let place = place_of(tag, *nth);
        let mut lines = lines(message);
        lines.remove(place);
        let found = place_of(at, *at_nth);
        let record = found + usize::from(found < place);
        let what = format!("without {tag}");
        let column = match *code {
            "715" | "716" | "717" => {
                message.lines[found].layout().expect("known").fields[usize::from(*code == "717")]
                    .start
            }
            "701" => 3,
            "X37" if *tag == "11" => 3,
            _ => 1,
        };
        let code = Some(*code);
        into.push(Mutant {
            kind: "away",
            what,
            lines,
            record,
            column,
            code,
            reason: "",
        });
    }
    for (tag, code) in TWICE {
        let place = place_of(tag, 0);
        let mut lines = lines(message);
        lines.insert(place + 1, lines[place].clone());
        let column = match *code {
            "518" | "520" => message.lines[place].layout().expect("known").fields[0].start,
            _ => 1,
        };
        let (what, code) = (format!("{tag} twice"), Some(*code));
        let record = place + 2;
        into.push(Mutant {
            kind: "twice",
            what,
            lines,
            record,
            column,
            code,
            reason: "",
        });
    }
    // A record that nobody knows, behind each record of the transactions.
    for place in 2..message.lines.len() - 2 {
        let mut lines = lines(message);
        lines.insert(place + 1, format!("{:80}", "77UNKNOWN").into_bytes());
        let (code, reason) = (Some("X34"), "begins so");
        let what = format!("unknown behind {}", message.lines[place].tag());
        let record = place + 2;
        into.push(Mutant {
            kind: "unknown",
            what,
            lines,
            record,
            column: 1,
            code,
            reason,
        });
    }
    // Totals in the middle of the lines are out of sequence, and so is all that comes behind.
    for tag in ["11", "20", "21", "34", "SE20"] {
        let (from, to) = (place_of(tag, 0), place_of("90", 0));
        let mut lines = lines(message);
        let line = lines.remove(from);
        lines.insert(to - 1, line);
        let (what, code) = (format!("{tag} behind the lines"), Some("X35"));
        let reason = "out of sequence";
        into.push(Mutant {
            kind: "moved",
            what,
            lines,
            record: to,
            column: 1,
            code,
            reason,
        });
    }
}

fn envelope(message: &Message, into: &mut Vec<Mutant>) {
    for (tag, field, value, code) in [
        ("Z", "sender_receiver_site_code", "4702", "X14"),
        ("Z", "sender_receiver_id_code", "N02", "X14"),
        ("Z", "transmission_date", "112126", "X14"),
        ("Z", "sender_receiver_office_code", "", "X14"),
        ("Y", "processing_district_port_code", "4702", "X32"),
        ("Y", "processing_filer_code", "N02", "X32"),
        ("Y", "application_identifier_code", "QP", "X32"),
        ("Y", "processing_filer_office_code", "02", "X32"),
        ("B", "application_identifier_code", "QQ", "X19"),
        ("B", "preparer_district_port_code", "4702", ""),
    ] {
        let at = if value == "4702" && tag == "B" {
            "preparer_filer_code"
        } else {
            field
        };
        let code = if code.is_empty() { "X25" } else { code };
        let it = (tag, 0, field, value);
        into.push(change(
            message,
            "envelope",
            it,
            (tag, 0, at),
            Some(code),
            "",
        ));
    }
}

fn finds(finding: &Finding, mutant: &Mutant) -> bool {
    finding.record_number == mutant.record
        && finding.start == mutant.column
        && mutant.code.is_none_or(|code| finding.code == Some(code))
        && finding.reason.contains(mutant.reason)
        && !finding.right.is_empty()
}

#[test]
fn the_messages_without_mutation_are_clean() {
    for message in [catair::summaries(), catair::release()] {
        let report = lint(&message);
        assert!(report.findings.is_empty(), "{:#?}", report.findings);
        let again = encode(&message);
        assert_eq!(lint(&decode(&again)), report, "read again it is the same");
    }
}

#[test]
fn each_mutation_is_found_where_it_is() {
    let (summaries, release) = (catair::summaries(), catair::release());
    let mut mutants = Vec::new();
    columns(&summaries, &mut mutants);
    columns(&release, &mut mutants);
    structure(&summaries, &mut mutants);
    envelope(&summaries, &mut mutants);
    envelope(&release, &mut mutants);
    changes(&summaries, &release, &mut mutants);
    let over = ("SE60", 2, "line_item_value", "1300");
    let at = ("SE30", 1, "entity_name");
    mutants.push(change(
        &release,
        "condition of a release",
        over,
        at,
        None,
        "add to 2500",
    ));
    let (mut kinds, mut missed) = (BTreeMap::new(), Vec::new());
    for mutant in &mutants {
        *kinds.entry(mutant.kind).or_insert(0) += 1;
        let bytes = bytes(&mutant.lines);
        let report = lint(&decode(&bytes));
        if !report.has_errors() || !report.findings.iter().any(|it| finds(it, mutant)) {
            let found: Vec<_> = report
                .findings
                .iter()
                .map(|it| (it.record_number, it.start, it.code, it.reason.clone()))
                .collect();
            missed.push(format!(
                "{} {}: wanted {} {} {:?} {:?}, found {found:?}",
                mutant.kind, mutant.what, mutant.record, mutant.column, mutant.code, mutant.reason
            ));
        }
    }
    println!("{} mutations: {kinds:?}", mutants.len());
    assert!(
        missed.is_empty(),
        "{} missed:\n{}",
        missed.len(),
        missed.join("\n")
    );
    assert!(mutants.len() >= 300 && kinds.len() >= 15, "{kinds:?}");
}
