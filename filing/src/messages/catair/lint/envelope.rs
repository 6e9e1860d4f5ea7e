//! Batches and blocks: what must be there, and that trailers say what their headers say.

use super::{Found, Severity};
use crate::messages::catair::application;
use crate::messages::catair::envelope::{Batch, Block};

/// Fields of an A record that its Z record repeats.
const BATCH: [&str; 4] = [
    "sender_receiver_site_code",
    "sender_receiver_id_code",
    "transmission_date",
    "sender_receiver_office_code",
];

/// Fields of a B record that its Y record repeats.
const BLOCK: [&str; 4] = [
    "processing_district_port_code",
    "processing_filer_code",
    "application_identifier_code",
    "processing_filer_office_code",
];

/// Judges the envelopes of the message. A part without any envelope record has none to judge.
pub(super) fn judge(found: &mut Found) {
    let batches = found.message.batches();
    let any = |batch: &Batch| {
        let mut blocks = batch.blocks.iter();
        batch.header.is_some()
            || batch.trailer.is_some()
            || blocks.any(|it| it.header.is_some() || it.trailer.is_some())
    };
    if !batches.iter().any(any) {
        return;
    }
    for batch in &batches {
        batch_of(found, batch);
        for block in &batch.blocks {
            block_of(found, batch, block);
        }
    }
}

fn batch_of(found: &mut Found, batch: &Batch) {
    let places = batch
        .blocks
        .iter()
        .flat_map(|it| [it.header, it.trailer])
        .flatten();
    let content = batch.blocks.iter().flat_map(|it| it.content.clone());
    let all = || batch.header.into_iter().chain(batch.trailer);
    let (first, last) = {
        let mut all: Vec<usize> = all().chain(places).chain(content).collect();
        all.sort_unstable();
        match (all.first(), all.last()) {
            (Some(first), Some(last)) => (*first, *last),
            _ => return,
        }
    };
    match (batch.header, batch.trailer) {
        (Some(header), Some(trailer)) => {
            same(found, header, trailer, &BATCH, "X14");
            if batch.blocks.is_empty() {
                let right = "at least one block B … Y";
                found.add(header, (1, 1), "the batch holds no block", right, "X03");
            }
        }
        (Some(_), None) => {
            let right = "a record Z behind the last block";
            found.add(last, (1, 1), "the batch has no end", right, "X06");
        }
        (None, _) => {
            let right = "a record A before the first block";
            found.add(first, (1, 1), "the batch has no header", right, "X01");
        }
    }
    if let Some(header) = batch.header {
        let code = found.text(header, "application_identifier_code");
        if !code.is_empty() && application(code).is_none() {
            let field = "application_identifier_code";
            let reason = format!("the records of application {code} are not in the table");
            found.add_named(header, field, reason, "AE AX SE SX or SO", "");
            if let Some(last) = found.findings.last_mut() {
                last.severity = Severity::Warning;
            }
        }
    }
}

fn block_of(found: &mut Found, batch: &Batch, block: &Block) {
    let first = block.header.unwrap_or(block.content.start);
    let last = block
        .trailer
        .unwrap_or(block.content.end.max(first + 1) - 1);
    let Some(header) = block.header else {
        let right = "a record B before the first transaction";
        found.add(first, (1, 1), "the block has no header", right, "X03");
        return;
    };
    if let Some(trailer) = block.trailer {
        same(found, header, trailer, &BLOCK, "X32");
        count(found, block, trailer);
    } else {
        let right = "a record Y behind the last transaction";
        found.add(last, (1, 1), "the block has no end", right, "X05");
    }
    if let Some(of_batch) = batch.header {
        let field = "application_identifier_code";
        let (mine, its) = (found.text(header, field), found.text(of_batch, field));
        if !mine.is_empty() && !its.is_empty() && mine != its {
            let reason = format!("the batch is of application {its}");
            found.add_named(header, field, reason, its, "X19");
        }
    }
    preparer(found, header);
    if block.content.is_empty() {
        found.add(
            header,
            (1, 1),
            "the block holds nothing",
            "at least one transaction",
            "X04",
        );
        return;
    }
    let begins = block
        .transactions
        .first()
        .map_or(block.content.end, |it| it.start);
    let its_own = |place: usize| {
        let section = found.line(place).layout().map_or("", |it| it.section);
        application(section).is_some() || section == "PG"
    };
    if let Some(place) = (block.content.start..begins).find(|place| its_own(*place)) {
        let length = found.line(place).tag().len();
        let right = "the first record of a transaction";
        found.add(
            place,
            (1, length),
            "no transaction has begun here",
            right,
            "X33",
        );
    }
}

/// Who prepared the block, where another than its filer did.
fn preparer(found: &mut Found, header: usize) {
    let given = |found: &Found, field: &str| !found.text(header, field).is_empty();
    let port = given(found, "preparer_district_port_code");
    let filer = given(found, "preparer_filer_code");
    if port && !filer {
        let reason = "the preparer's port stands without its filer code";
        found.add_named(
            header,
            "preparer_filer_code",
            reason,
            "the preparer's filer code",
            "X25",
        );
    }
    if filer && !port {
        let reason = "the preparer's filer code stands without its port";
        found.add_named(
            header,
            "preparer_district_port_code",
            reason,
            "the preparer's port",
            "X24",
        );
    }
}

/// CBP counts the records of a block it sends.
fn count(found: &mut Found, block: &Block, trailer: usize) {
    let Some(said) = found.number(trailer, "output_transaction_image_count") else {
        return;
    };
    let there = block.content.len();
    if u64::try_from(there) != Ok(said) {
        let reason = format!("the block has {there} records between B and Y");
        let field = "output_transaction_image_count";
        found.add_named(trailer, field, reason, format!("{there:05}"), "");
    }
}

fn same(found: &mut Found, header: usize, trailer: usize, fields: &[&str], code: &str) {
    if found
        .line(trailer)
        .layout()
        .is_some_and(|it| it.section == "ACE")
    {
        return;
    }
    for field in fields {
        let (said, answered) = (found.text(header, field), found.text(trailer, field));
        if said != answered {
            let tag = found.line(header).tag();
            let reason = format!("{:?} in record {tag}", said);
            let right = if said.is_empty() { "spaces" } else { said };
            found.add_named(trailer, field, reason, right, code);
        }
    }
}
