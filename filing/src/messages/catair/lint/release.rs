//! What a cargo release (SE) counts and adds: bills, parties, consignees' values, line numbers.

use super::entry::unique;
use super::{Found, Severity, TYPE_86, TYPE_86_END};
use crate::messages::catair::value;
use std::collections::BTreeMap;
use std::ops::Range;

/// Legal bills of one grouping, by their types (SE v40 p.46, 47).
const BILLS: [&str; 5] = ["R", "T", "MH", "IR", "IMH"];

/// Judges one transaction of the batch that the A record `header` begins.
pub(super) fn judge(found: &mut Found, transaction: Range<usize>, header: Option<usize>) {
    if found.text(transaction.start, "entry_type_code") == "86" {
        type_86(found, transaction.start, header);
    }
    bills(found, &transaction);
    let lines = lines_of(found, &transaction);
    let header = transaction.start..lines.first().map_or(transaction.end, |it| it.start);
    let parties = groups(found, &header, "SE30");
    unique(found, &starts(&parties), "entity_code", "");
    for party in &parties {
        address(found, party, ["SE35", "SE36"]);
    }
    for (index, line) in lines.iter().enumerate() {
        let number = format!("{:03}", index + 1);
        if found.text(line.start, "line_item_identifier") != number {
            let reason = "lines are numbered from 001 without gaps";
            found.add_named(line.start, "line_item_identifier", reason, number, "");
        }
        let parties = groups(found, line, "SE50");
        unique(found, &starts(&parties), "entity_code", "");
        for party in &parties {
            address(found, party, ["SE55", "SE56"]);
        }
    }
    let action = found.text(transaction.start, "action_code");
    if matches!(action, "A" | "R") {
        required(found, &transaction, &parties, &lines);
        consignees(found, &transaction, &parties, &lines);
    }
}

/// A message sent before the end could be right; without a date of transmission nobody knows.
fn type_86(found: &mut Found, place: usize, header: Option<usize>) {
    let right = "an entry type that can be filed";
    found.add_named(place, "entry_type_code", TYPE_86, right, "");
    let date = header.map_or("", |it| found.text(it, "transmission_date"));
    let after = value::date(date.as_bytes()).is_ok()
        && (&date[4..], &date[..4]) >= (TYPE_86_END.0, TYPE_86_END.1);
    if let Some(last) = found.findings.last_mut().filter(|_| !after) {
        last.severity = Severity::Warning;
    }
}

fn starts(groups: &[Range<usize>]) -> Vec<usize> {
    groups.iter().map(|it| it.start).collect()
}

/// The lines: each from its SE40 to the next, or to a security filing.
fn lines_of(found: &Found, transaction: &Range<usize>) -> Vec<Range<usize>> {
    let end = transaction
        .clone()
        .find(|it| found.is(*it, "SF10"))
        .unwrap_or(transaction.end);
    groups(found, &(transaction.start..end), "SE40")
}

/// Parts of a range that a record begins.
fn groups(found: &Found, range: &Range<usize>, record: &str) -> Vec<Range<usize>> {
    let mut groups: Vec<Range<usize>> = Vec::new();
    for place in range.clone() {
        if found.is(place, record) {
            groups.push(place..place + 1);
        } else if let Some(last) = groups.last_mut() {
            last.end = place + 1;
        }
    }
    groups
}

/// The types of bills in their groupings, and the conveyance that a bill outside AMS needs.
fn bills(found: &mut Found, transaction: &Range<usize>) {
    let mut open = String::new();
    let mut outside = None;
    for place in transaction.clone() {
        if !found.is(place, "SE15") {
            continue;
        }
        open.push_str(found.text(place, "bill_type_indicator"));
        if found.text(place, "non_ams_indicator") == "Y" {
            outside = outside.or(Some(place));
        }
        let next = found.message.lines.get(place + 1);
        let more = next.is_some_and(|it| it.is("SE15"));
        let conveyance = next.is_some_and(|it| it.is("SE16"));
        let complete = BILLS.contains(&open.as_str());
        let going_on = BILLS.iter().any(|it| it.starts_with(&open));
        if !complete && going_on && more {
            continue;
        }
        if !complete {
            let reason = format!("bills of types {open} are no grouping");
            let right = "R, T, M H, I R or I M H";
            found.add_named(place, "bill_type_indicator", reason, right, "");
        }
        if let Some(outside) = outside.filter(|_| !conveyance) {
            let reason = "a bill outside AMS without its conveyance";
            let right = "a record SE16 behind the bill";
            found.add_named(outside, "non_ams_indicator", reason, right, "");
        }
        open.clear();
        outside = None;
    }
}

/// A party has a name with its address, or an identifier without one.
fn address(found: &mut Found, party: &Range<usize>, records: [&str; 2]) {
    let place = party.start;
    let named = !found.text(place, "entity_name").is_empty();
    let identified = !found.text(place, "entity_identifier").is_empty();
    let until = party
        .clone()
        .skip(1)
        .find(|it| found.is(*it, "SE40") || found.is(*it, "SE60"));
    let own = place + 1..until.unwrap_or(party.end);
    for record in records {
        let there = own.clone().find(|it| found.is(*it, record));
        if named && there.is_none() {
            let right = format!("a record {record} behind it");
            let reason = format!("a named party without {record}");
            found.add_named(place, "entity_name", reason, right, "");
        }
        if let Some(there) = there.filter(|_| identified && !named) {
            let reason = "an address of a party that is given by its identifier";
            found.add(there, (1, 4), reason, format!("no record {record}"), "");
        }
    }
}

/// Manufacturer and consignee stand at each line, or once in the header for all lines.
fn required(
    found: &mut Found,
    transaction: &Range<usize>,
    header: &[Range<usize>],
    lines: &[Range<usize>],
) {
    // Type 86 has its consignee in the header, and of the others the seller only.
    let short = found.text(transaction.start, "entry_type_code") == "86";
    let needed = if short { ["SE", "CN"] } else { ["MF", "CN"] };
    for code in needed {
        if header
            .iter()
            .any(|it| found.text(it.start, "entity_code") == code)
        {
            continue;
        }
        if short && code == "CN" {
            let reason = "type 86 without a consignee in the header";
            found.add(transaction.start, (20, 21), reason, "an SE30 with CN", "");
            continue;
        }
        for line in lines {
            let at_line = groups(found, line, "SE50");
            if !at_line
                .iter()
                .any(|it| found.text(it.start, "entity_code") == code)
            {
                let reason = format!("no party {code} at this line, nor in the header");
                let right = format!("an SE50 with {code}, or one SE30 with {code} for all lines");
                found.add_named(line.start, "line_item_identifier", reason, right, "");
            }
        }
    }
}

/// Values of the lines of each consignee that is given by name and address.
fn consignees(
    found: &mut Found,
    transaction: &Range<usize>,
    header: &[Range<usize>],
    lines: &[Range<usize>],
) {
    // SE v40 p.57, 67: under these dollars for one name and address.
    let limit = match found.text(transaction.start, "entry_type_code") {
        "11" => 2_500,
        "86" => 800,
        _ => return,
    };
    let is_consignee = |found: &Found, it: &&Range<usize>| {
        found.text(it.start, "entity_code") == "CN"
            && !found.text(it.start, "entity_name").is_empty()
    };
    let of_all = header.iter().find(|it| is_consignee(found, it)).cloned();
    // Name and address as the records have them, to their sum and first place.
    let mut sums: BTreeMap<Vec<u8>, (u64, usize)> = BTreeMap::new();
    for line in lines {
        let at_line = groups(found, line, "SE50");
        let own = at_line.iter().find(|it| is_consignee(found, it)).cloned();
        let Some(party) = own.or_else(|| of_all.clone()) else {
            continue;
        };
        let parts = party.clone().filter(|place| {
            *place == party.start
                || ["SE35", "SE36", "SE55", "SE56"]
                    .iter()
                    .any(|it| found.is(*place, it))
        });
        // Header and line records of one address differ in their identifiers only.
        let key = parts.flat_map(|place| found.line(place).bytes().iter().skip(4).copied());
        let entry = sums.entry(key.collect()).or_insert((0, party.start));
        let mut worth = entry.0;
        for place in line
            .clone()
            .filter(|it| found.is(*it, "SE60"))
            .collect::<Vec<_>>()
        {
            match found.number(place, "line_item_value") {
                Some(value) => worth = worth.saturating_add(value),
                None if found.text(place, "line_item_value").is_empty() => {
                    let reason = "the consignee is given by name, so the value must be";
                    let right = "the value in whole dollars";
                    found.add_named(place, "line_item_value", reason, right, "");
                }
                None => {}
            }
        }
        entry.0 = worth;
    }
    for (sum, place) in sums.into_values() {
        if sum >= limit {
            let reason = format!("the lines of this name and address add to {sum} dollars");
            let right = format!("less than {limit} dollars, or the consignee's identifier");
            found.add_named(place, "entity_name", reason, right, "");
        }
    }
}
