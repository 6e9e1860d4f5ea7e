//! Decisions as CSV: one row a parcel, the decisive reason with its citation, all rules by name.

use crate::out::figures::{push_cents, push_day, push_key};
use crate::pass::Sink;
use crate::pass::second::Decided;
use crate::read::rejects::guarded;
use deminimis_clearance::Scratch;
use deminimis_clearance::owed::State;
use deminimis_clearance::owed::words::push_heading;
use deminimis_clearance::render::owed::refundable;
use deminimis_clearance::words::{decisive, name_of, why};
use deminimis_law::names::Outcome;
use memchr::{memchr, memchr3};

/// The columns.
pub const HEADER: &str = "shipment_id,outcome,basis,entry_path,person_key,person_basis,day_total_usd,\
day_all_usd,entered_value_usd,records_until,rule,why,cite,findings,questions,\
duty_usd,fees_usd,total_usd,range_low_usd,range_high_usd,refundable_usd,charges\n";

/// Writes CSV rows; the header is the caller's.
pub struct Csv;

impl Sink for Csv {
    fn parcel(&self, decided: &Decided<'_>, _: &mut Scratch, out: &mut Vec<u8>) {
        row(decided, out);
    }
}

/// Appends a row; gives the place of the person's key in what is written.
pub fn row(decided: &Decided<'_>, out: &mut Vec<u8>) -> usize {
    let (law, decision) = (decided.books.law, decided.decision);
    cell(out, &decided.shipment.id);
    plain(out, decision.outcome.as_str());
    plain(out, decision.basis.map_or("", |basis| basis.as_str()));
    plain(out, decision.path.as_str());
    let key_at = out.len();
    if let Some(key) = decided.person {
        push_key(out, key);
    }
    out.push(b',');
    plain(out, decision.person.as_str());
    for total in [decision.day_total, decision.day_all, decision.entered_value] {
        // Without a value in dollars a total is not known: the cell stays empty.
        if !decision.unpriced {
            push_cents(out, total);
        }
        out.push(b',');
    }
    if let Some((day, _)) = decision.records {
        push_day(out, day);
    }
    out.push(b',');
    plain(
        out,
        decisive(law, decision).map_or("", |finding| &law.instrument(finding.rule).id),
    );
    let (why, cite) = why(law, decided.shipment, decision).unwrap_or_default();
    cell(out, &why);
    quoted(out, cite.iter().map(String::as_str), "; ");
    out.push(b',');
    for (at, finding) in decision.findings.iter().enumerate() {
        out.extend_from_slice(if at > 0 { b" " } else { b"" });
        out.extend_from_slice(law.instrument(finding.rule).id.as_bytes());
        out.push(b':');
        out.extend_from_slice(finding.effect.as_str().as_bytes());
    }
    out.push(b',');
    let material = decision.questions.iter().filter(|asked| asked.material);
    let names: Vec<_> = material.map(|asked| name_of(law, asked.what)).collect();
    quoted(out, names.iter().map(String::as_str), " ");
    out.push(b',');
    owed(decided, out);
    out.push(b'\n');
    key_at
}

/// What is owed: totals where they are known, else their range, and every charge by its heading.
fn owed(decided: &Decided<'_>, out: &mut Vec<u8>) {
    let (law, owed) = (decided.books.law, &decided.decision.owed);
    let reckoned = decided.decision.outcome != Outcome::Prohibited;
    for span in [owed.duty, owed.fee_total, owed.total] {
        if let Some(total) = span.known().filter(|_| reckoned) {
            push_cents(out, total);
        }
        out.push(b',');
    }
    let open = reckoned && owed.total.known().is_none();
    for bound in [Some(owed.total.low), owed.total.high] {
        if let Some(bound) = bound.filter(|_| open) {
            push_cents(out, bound);
        }
        out.push(b',');
    }
    if reckoned {
        push_cents(out, refundable(law, owed));
    }
    out.push(b',');
    for (at, charge) in owed.charges.iter().enumerate() {
        out.extend_from_slice(if at > 0 { b" " } else { b"" });
        push_heading(out, law, decided.shipment, charge);
        out.push(b':');
        match charge.state {
            State::Charged | State::Met | State::Exempt | State::Displaced => {
                push_cents(out, charge.amount);
            }
            State::Open | State::NotCovered => {
                out.extend_from_slice(charge.state.word().as_bytes())
            }
        }
    }
}

/// Text of ours that needs no quoting, and a comma.
fn plain(out: &mut Vec<u8>, text: &str) {
    out.extend_from_slice(text.as_bytes());
    out.push(b',');
}

/// Text of anyone, quoted where needed and guarded against spreadsheets, and a comma.
fn cell(out: &mut Vec<u8>, text: &str) {
    quoted(out, std::iter::once(guarded(text).as_ref()), "");
    out.push(b',');
}

fn quoted<'t>(out: &mut Vec<u8>, parts: impl Iterator<Item = &'t str> + Clone, between: &str) {
    let special = |text: &str| {
        let text = text.as_bytes();
        memchr3(b',', b'"', b'\n', text).is_some() || memchr(b'\r', text).is_some()
    };
    let needs = parts.clone().any(special);
    if needs {
        out.push(b'"');
    }
    for (at, part) in parts.enumerate() {
        if at > 0 {
            out.extend_from_slice(between.as_bytes());
        }
        let mut rest = part.as_bytes();
        while let Some(quote) = memchr(b'"', rest) {
            out.extend_from_slice(&rest[..=quote]);
            out.push(b'"');
            rest = &rest[quote + 1..];
        }
        out.extend_from_slice(rest);
    }
    if needs {
        out.push(b'"');
    }
}
