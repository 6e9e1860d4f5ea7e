//! Each record by itself: its length, the characters of its fields, its fillers, what it lacks.

use super::{Found, Severity};
use crate::messages::catair::dictionary;
use crate::messages::catair::layout::{Class, FieldLayout, RecordLayout, Status};
use crate::messages::catair::record::COLUMNS;
use crate::messages::catair::value;

/// Judges every record of the message.
pub(super) fn judge(found: &mut Found) {
    for place in 0..found.message.lines.len() {
        length(found, place);
        let Some(layout) = found.line(place).layout() else {
            unknown(found, place);
            continue;
        };
        if standard(found, place) {
            fields(found, place, layout);
        }
    }
}

fn length(found: &mut Found, place: usize) {
    let columns = found.line(place).bytes().len();
    if columns == COLUMNS {
        return;
    }
    let last = place + 1 == found.message.lines.len();
    let code = if columns < COLUMNS && last { "X42" } else { "" };
    let (start, end) = if columns < COLUMNS {
        (columns + 1, COLUMNS)
    } else {
        (COLUMNS + 1, columns)
    };
    found.add(
        place,
        (start, end),
        format!("the record has {columns} columns"),
        "80 columns",
        code,
    );
}

fn unknown(found: &mut Found, place: usize) {
    let first = found.line(place).bytes().len().clamp(1, 4);
    let reason = "no record of the application begins so";
    found.add(
        place,
        (1, first),
        reason,
        "a record of the application's guide",
        "X34",
    );
}

/// Whether every byte can be typed; the first that cannot is found.
fn standard(found: &mut Found, place: usize) -> bool {
    let bytes = found.line(place).bytes();
    let Some(at) = bytes.iter().position(|byte| !(b' '..=b'~').contains(byte)) else {
        return true;
    };
    let right = "the signs of a keyboard, in ASCII";
    found.add(
        place,
        (at + 1, at + 1),
        "a byte that is no printable sign",
        right,
        "X40",
    );
    false
}

fn fields(found: &mut Found, place: usize, layout: &'static RecordLayout) {
    let bytes = found.line(place).bytes();
    let by_cbp = found.written_by_cbp(place);
    // What one transcription leaves out need not be empty, so its gaps are not judged.
    let fillers = layout
        .fillers
        .iter()
        .filter(|_| !(by_cbp && layout.section == "SO"));
    for filler in fillers {
        let columns = filler.of(bytes);
        if let Some(at) = columns.iter().position(|byte| *byte != b' ') {
            let end = columns.iter().rposition(|byte| *byte != b' ').unwrap_or(at);
            let columns = (filler.start + at, filler.start + end);
            found
                .add(place, columns, "data in a filler", "spaces", "X39")
                .source = filler.source;
        }
    }
    for field in &layout.fields {
        field_of(found, place, layout, field, by_cbp);
    }
}

fn field_of(
    found: &mut Found,
    place: usize,
    layout: &'static RecordLayout,
    field: &'static FieldLayout,
    by_cbp: bool,
) {
    let bytes = found.line(place).bytes();
    let columns = field.of(bytes);
    if columns.iter().all(|byte| *byte == b' ') {
        // CBP's own records use the space as a value.
        if field.status == Status::Mandatory && !by_cbp && field.start <= bytes.len() {
            let code = dictionary::about(layout.record, (field.start, field.end), "MISSING");
            let right = format!("{} of {} columns", field.class.accepts(), field.len());
            let reason = format!("{} is mandatory and empty", field.words());
            found.add_field(place, field, reason, right, code.unwrap_or_default());
        }
        return;
    }
    if field.end > bytes.len() {
        return;
    }
    // Narratives of class AN contain signs in CBP's own answers.
    let field_as = match field.class {
        Class::AN if by_cbp => FieldLayout {
            class: Class::X,
            ..*field
        },
        _ => *field,
    };
    let Some(misfit) = value::judge(&field_as, columns) else {
        return;
    };
    let words = match field.class {
        Class::N | Class::SN => "NON-NUMERICS",
        Class::D => "NOT A KNOWN DATE",
        _ => "UNKNOWN FORMAT",
    };
    let code = dictionary::about(layout.record, (field.start, field.end), words);
    let leads = columns[0] == b' ' && misfit.reason.starts_with("begins");
    let finding = found.add_field(
        place,
        field,
        misfit.reason,
        misfit.right,
        code.unwrap_or_default(),
    );
    (finding.start, finding.end) = misfit.columns;
    if leads {
        // CBP discards leading spaces of text and goes on.
        finding.severity = Severity::Warning;
    }
}
