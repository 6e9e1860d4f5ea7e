//! Decisions as CSV: one row a parcel, the decisive reason with its citation, all rules by name.

use crate::pass::Sink;
use crate::pass::second::Decided;
use crate::read::rejects::guarded;
use deminimis_clearance::Scratch;
use deminimis_clearance::words::{decisive, name_of, why};
use std::io::Write;

/// The columns.
pub const HEADER: &str = "shipment_id,outcome,basis,entry_path,person_key,person_basis,day_total_usd,\
day_all_usd,entered_value_usd,records_until,rule,why,cite,findings,questions\n";

/// Writes CSV rows; the header is the caller's.
pub struct Csv;

impl Sink for Csv {
    fn parcel(&self, decided: &Decided<'_>, _: &mut Scratch, out: &mut Vec<u8>) {
        let (law, decision) = (decided.books.law, decided.decision);
        cell(out, &decided.shipment.id);
        plain(out, decision.outcome.as_str());
        plain(out, decision.basis.map_or("", |basis| basis.as_str()));
        plain(out, decision.path.as_str());
        if let Some(key) = decided.person {
            let _written = write!(out, "{key}");
        }
        out.push(b',');
        plain(out, decision.person.as_str());
        for total in [decision.day_total, decision.day_all, decision.entered_value] {
            // Without a value in dollars a total is not known: the cell stays empty.
            if !decision.unpriced {
                let _written = write!(out, "{total}");
            }
            out.push(b',');
        }
        if let Some((day, _)) = decision.records {
            let (year, month, day) = day.ymd();
            let _written = write!(out, "{year:04}-{month:02}-{day:02}");
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
        out.push(b'\n');
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
        text.bytes()
            .any(|byte| matches!(byte, b',' | b'"' | b'\n' | b'\r'))
    };
    let needs = parts.clone().any(special);
    if needs {
        out.push(b'"');
    }
    for (at, part) in parts.enumerate() {
        if at > 0 {
            out.extend_from_slice(between.as_bytes());
        }
        for byte in part.bytes() {
            if byte == b'"' {
                out.push(b'"');
            }
            out.push(byte);
        }
    }
    if needs {
        out.push(b'"');
    }
}
