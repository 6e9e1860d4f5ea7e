//! Entries as one message: A, blocks of B, entries, Y, and Z.
//!
//! The same entries in the same order give the same bytes: the day of transmission, the password
//! and the numbers are arguments. A block holds the entries of one processing port; a cargo release
//! block at most 999 of them (version 40, usage map).

use super::fill::fill;
use super::from::Filer;
use super::problem::Problem;
use super::{Entry, Form, mmddyy, write};
use crate::messages::catair::envelope::{batch_trailer, block_trailer};
use crate::messages::catair::lint::{Severity, lint};
use crate::messages::catair::record::FieldError;
use crate::messages::catair::{Message, Record};
use deminimis_law::time::Day;
use std::collections::BTreeMap;

/// The most cargo releases in a block.
const RELEASES: usize = 999;

/// Districts whose entries may stand in one block (batch and block control, usage note (c)).
const ONE_DISTRICT: [&str; 3] = ["10", "46", "47"];

/// Entries that are being put into a message.
#[derive(Clone, Debug)]
pub struct Batch<'a> {
    filer: &'a Filer,
    form: Form,
    sent_on: Day,
    password: &'a str,
    /// Entries by processing port, each in the order it was added.
    blocks: BTreeMap<String, Vec<Vec<Record>>>,
    entries: usize,
}

/// An entry that this batch does not take.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotTaken {
    /// A value does not fit its columns.
    #[error(transparent)]
    Field(#[from] FieldError),
    /// The entry is of the other form.
    #[error("the entry is of another form than the batch")]
    Form,
    /// The program's own lint finds errors in what would be written.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Unsound(Vec<Problem>),
    /// The port of entry lies in another district than the processing port.
    #[error("port {entry} and processing port {processing} are of different districts")]
    District {
        /// Port of the entry.
        entry: String,
        /// Port of the batch.
        processing: String,
    },
}

impl<'a> Batch<'a> {
    /// An empty batch.
    #[must_use]
    pub fn new(filer: &'a Filer, form: Form, sent_on: Day, password: &'a str) -> Batch<'a> {
        Batch {
            filer,
            form,
            sent_on,
            password,
            blocks: BTreeMap::new(),
            entries: 0,
        }
    }

    /// Whether an entry of that port of entry can be processed in this batch.
    ///
    /// # Errors
    /// The port is of another district than the configured processing port.
    pub fn takes(&self, port_of_entry: &str) -> Result<(), NotTaken> {
        let Some(processing) = &self.filer.processing_port else {
            return Ok(());
        };
        let district = |port: &str| port.get(..2).unwrap_or("").to_owned();
        let (mine, its) = (district(processing), district(port_of_entry));
        let joint = |one: &str| ONE_DISTRICT.contains(&one);
        if mine == its || (joint(&mine) && joint(&its)) {
            return Ok(());
        }
        Err(NotTaken::District {
            entry: port_of_entry.to_owned(),
            processing: processing.clone(),
        })
    }

    /// Adds an entry.
    ///
    /// # Errors
    /// It does not belong into this batch, or does not fit its records; the batch is as it was.
    pub fn add(&mut self, entry: &Entry) -> Result<(), NotTaken> {
        if entry.form() != self.form {
            return Err(NotTaken::Form);
        }
        self.takes(&entry.port_of_entry)?;
        let records = write(entry)?;
        let port = self.filer.processing_port.as_ref();
        let port = port.unwrap_or(&entry.port_of_entry).clone();
        self.judge(&port, &records)?;
        self.blocks.entry(port).or_default().push(records);
        self.entries += 1;
        Ok(())
    }

    /// What is written is judged as whatever comes from elsewhere is.
    fn judge(&self, port: &str, records: &Vec<Record>) -> Result<(), NotTaken> {
        let alone = self.around([(port, std::slice::from_ref(records))])?;
        let errors = lint(&alone).findings.into_iter();
        let errors = errors.filter(|found| found.severity == Severity::Error);
        let problems: Vec<Problem> = errors.map(Problem::found).collect();
        match problems.is_empty() {
            true => Ok(()),
            false => Err(NotTaken::Unsound(problems)),
        }
    }

    /// How many entries it holds.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries
    }

    /// Whether it holds none; a message of none may not be sent.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries == 0
    }

    /// The message.
    ///
    /// # Errors
    /// A value of the configuration or the password does not fit the envelope.
    pub fn message(&self) -> Result<Message<'static>, FieldError> {
        let blocks = self.blocks.iter();
        self.around(blocks.map(|(port, entries)| (port.as_str(), entries.as_slice())))
    }

    /// Entries by processing port in their envelope.
    fn around<'r>(
        &self,
        blocks: impl IntoIterator<Item = (&'r str, &'r [Vec<Record>])>,
    ) -> Result<Message<'static>, FieldError> {
        let application = self.form.application();
        let office = self.filer.office_code.as_deref().unwrap_or("");
        let header = fill(
            "IN",
            "A",
            &[
                ("sender_receiver_site_code", self.filer.site_code.as_str()),
                ("sender_receiver_id_code", self.filer.sender()),
                ("communication_password", self.password),
                ("transmission_date", &mmddyy(self.sent_on)),
                ("application_identifier_code", application),
                ("sender_receiver_office_code", office),
            ],
        )?;
        let trailer = batch_trailer(&header)?;
        let mut message = Message::default();
        message.push(header);
        let most = match self.form {
            Form::Summary => usize::MAX,
            Form::Release => RELEASES,
        };
        for (port, entries) in blocks {
            for some in entries.chunks(most) {
                let header = fill(
                    "IN",
                    "B",
                    &[
                        ("processing_district_port_code", port),
                        ("processing_filer_code", &self.filer.filer_code),
                        ("application_identifier_code", application),
                        ("processing_filer_office_code", office),
                    ],
                )?;
                let trailer = block_trailer(&header)?;
                message.push(header);
                for record in some.iter().flatten() {
                    message.push(record.clone());
                }
                message.push(trailer);
            }
        }
        message.push(trailer);
        Ok(message)
    }
}
