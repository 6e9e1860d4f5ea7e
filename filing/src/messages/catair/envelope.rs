//! Batches, blocks and transactions within a message, and the trailers that answer headers.

use super::layout::{Application, application, layout};
use super::message::Message;
use super::record::{FieldError, Record};
use std::ops::Range;

/// One batch: `A { B { transactions } Y } Z`, as far as its records are there. Places count the
/// lines of the message from 0.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Batch {
    /// Place of its A record.
    pub header: Option<usize>,
    /// Its blocks.
    pub blocks: Vec<Block>,
    /// Place of its Z record.
    pub trailer: Option<usize>,
}

/// One block of a batch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Block {
    /// Place of its B record.
    pub header: Option<usize>,
    /// Its records between B and Y.
    pub content: Range<usize>,
    /// Its transactions, each from its first record on; records before the first one are in
    /// `content` only.
    pub transactions: Vec<Range<usize>>,
    /// Place of its Y record.
    pub trailer: Option<usize>,
}

impl Message<'_> {
    /// The message's batches. A part of a message without envelope is one batch with one block.
    pub fn batches(&self) -> Vec<Batch> {
        let mut batches: Vec<Batch> = Vec::new();
        // Whether the batch and the block begun last take further records.
        let (mut in_batch, mut in_block) = (false, false);
        for (place, line) in self.lines.iter().enumerate() {
            let first = line.bytes().first();
            if first == Some(&b'A') || !in_batch {
                batches.push(Batch::default());
                (in_batch, in_block) = (true, false);
            }
            let Some(batch) = batches.last_mut() else {
                continue;
            };
            match first {
                Some(b'A') => batch.header = Some(place),
                Some(b'Z') => {
                    batch.trailer = Some(place);
                    in_batch = false;
                }
                _ => {
                    if first == Some(&b'B') || !in_block {
                        batch.blocks.push(Block {
                            content: place..place,
                            ..Block::default()
                        });
                        in_block = true;
                    }
                    let Some(block) = batch.blocks.last_mut() else {
                        continue;
                    };
                    match first {
                        Some(b'B') => {
                            block.header = Some(place);
                            block.content = place + 1..place + 1;
                        }
                        Some(b'Y') => {
                            block.trailer = Some(place);
                            in_block = false;
                        }
                        _ => block.content.end = place + 1,
                    }
                }
            }
        }
        for batch in &mut batches {
            let named = self.application_of(batch);
            for block in &mut batch.blocks {
                block.transactions = self.transactions(block, named);
            }
        }
        batches
    }

    /// The application of a batch: as its A record says, else as its first B record says, else
    /// the one that its first record begins.
    pub fn application_of(&self, batch: &Batch) -> Option<&'static Application> {
        let code = |place: usize| self.lines[place].get("application_identifier_code").ok();
        let header = batch.header.or_else(|| batch.blocks.first()?.header);
        if let Some(place) = header {
            return application(code(place)?);
        }
        let first = self
            .lines
            .get(batch.blocks.first()?.content.start)?
            .layout()?;
        let has = |it: &&Application| it.sections.contains(&first.section);
        super::applications().iter().find(has)
    }

    fn transactions(
        &self,
        block: &Block,
        application: Option<&'static Application>,
    ) -> Vec<Range<usize>> {
        let Some(application) = application else {
            return Vec::new();
        };
        let mut transactions: Vec<Range<usize>> = Vec::new();
        for place in block.content.clone() {
            if self.lines[place]
                .bytes()
                .starts_with(application.begins.as_bytes())
            {
                transactions.push(place..place + 1);
            } else if let Some(last) = transactions.last_mut() {
                last.end = place + 1;
            }
        }
        transactions
    }
}

/// The Y record that ends the block of a filer's B record.
///
/// # Errors
/// The record given is not the B record of a filer.
pub fn block_trailer(header: &Record) -> Result<Record, FieldError> {
    const SAME: [&str; 4] = [
        "processing_district_port_code",
        "processing_filer_code",
        "application_identifier_code",
        "processing_filer_office_code",
    ];
    answer(header, "B", "Y", &SAME)
}

/// The Z record that ends the batch of a filer's A record.
///
/// # Errors
/// The record given is not the A record of a filer.
pub fn batch_trailer(header: &Record) -> Result<Record, FieldError> {
    const SAME: [&str; 4] = [
        "sender_receiver_site_code",
        "sender_receiver_id_code",
        "transmission_date",
        "sender_receiver_office_code",
    ];
    answer(header, "A", "Z", &SAME)
}

fn answer(header: &Record, from: &str, to: &str, same: &[&str]) -> Result<Record, FieldError> {
    let is = header.layout().section == "IN" && header.layout().record == from;
    let Some(layout) = layout("IN", to).filter(|_| is) else {
        return Err(FieldError {
            record: header.layout().record.to_owned(),
            start: 1,
            end: 1,
            field: "control_identifier".to_owned(),
            value: header.layout().record.to_owned(),
            reason: "does not begin what a filer sends".to_owned(),
            right: format!("a record {from}"),
        });
    };
    let mut record = Record::new(layout);
    for field in same {
        record.set(field, header.get(field)?)?;
    }
    Ok(record)
}
