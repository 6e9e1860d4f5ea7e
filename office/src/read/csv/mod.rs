//! CSV: one row an article, adjacent rows with one id a shipment.
//!
//! Fields of the shipment repeat on its rows and must agree; a repeat may be left empty. A bad row
//! refuses its whole shipment. The rows of a shipment are read straight into the caller's buffers;
//! only one row is held beyond them.

mod row;
mod rows;

use super::plan::Plan;
use super::reject::{PartyKeyMaterial, Problem, shown, shown_id};
use super::{
    Catalog, Counts, Defaults, Ids, Options, Read, ReadError, Reject, RejectReason, Source,
};
use deminimis_clearance::shipment::build::{Builder, Filling};
use deminimis_clearance::shipment::fields::id;
use deminimis_clearance::shipment::{Shipment, Texts};
use deminimis_law::time::Zone;
use row::{Repeats, of_texts, read_row, salvage};
use rows::{Cells, Rows};
use std::io;

/// Reads shipments from CSV.
pub struct CsvSource<'a> {
    file: String,
    rows: Rows<Box<dyn io::Read + 'a>>,
    plan: Plan,
    repeats: Repeats,
    builder: Builder<'a>,
    catalog: Option<&'a Catalog>,
    defaults: Option<&'a Defaults>,
    zone: &'a Zone,
    ids: Ids,
    /// The row read last and not used yet, if `ahead`.
    record: Cells,
    ahead: bool,
    /// The row before `record`.
    before: Cells,
    /// The row number of `record`; the header is row 1.
    row: u64,
    /// The id of the shipment being read.
    group: Vec<u8>,
    counts: Counts,
}

impl<'a> CsvSource<'a> {
    /// Reads the header and plans the columns.
    ///
    /// # Errors
    /// An empty file, or usage: see [`Plan::new`].
    pub fn new(
        input: Box<dyn io::Read + 'a>,
        file: &str,
        options: &Options<'a>,
    ) -> Result<CsvSource<'a>, ReadError> {
        let mut rows = Rows::new(input);
        let mut record = Cells::default();
        // One byte order mark is gone already; programs that append files to each other leave two.
        let first = rows
            .skip(b"\xef\xbb\xbf")
            .and_then(|()| rows.read(&mut record));
        if !first.map_err(|error| failure(file, error))? {
            return Err(ReadError::Empty {
                file: file.to_owned(),
                message: "is empty",
            });
        }
        let header = record
            .iter()
            .map(|name| std::str::from_utf8(name).map(|name| name.trim().to_owned()));
        let header = header
            .collect::<Result<Vec<_>, _>>()
            .map_err(|_| ReadError::Usage {
                file: file.to_owned(),
                message: "the header is not UTF-8; save the file as UTF-8".to_owned(),
            })?;
        let plan = Plan::new(header, options, file)?;
        Ok(CsvSource {
            file: file.to_owned(),
            rows,
            repeats: Repeats::of(&plan),
            plan,
            builder: Builder::new(options.facts, options.zone, options.ports),
            catalog: options.catalog,
            defaults: options.defaults,
            zone: options.zone,
            ids: options.ids.clone(),
            record,
            ahead: false,
            before: Cells::default(),
            row: 1,
            group: Vec::new(),
            counts: Counts::default(),
        })
    }

    /// Reads the next row into `record`; `false` at the end.
    fn advance(&mut self) -> Result<bool, ReadError> {
        self.ahead = self
            .rows
            .read(&mut self.record)
            .map_err(|error| failure(&self.file, error))?;
        if self.ahead {
            self.row += 1;
            self.counts.rows_read += 1;
        }
        Ok(self.ahead)
    }
}

impl Source for CsvSource<'_> {
    fn next(
        &mut self,
        shipment: &mut Shipment,
        texts: &mut Texts,
    ) -> Result<Option<Read>, ReadError> {
        if !self.ahead && !self.advance()? {
            if self.row == 1 {
                let file = self.file.clone();
                return Err(ReadError::Empty {
                    file,
                    message: "has a header and no rows",
                });
            }
            return Ok(None);
        }
        self.counts.shipments_read += 1;
        let first = self.row;
        self.group.clear();
        self.group
            .extend_from_slice(id_of(&self.record, self.plan.id_column));

        let mut filling = self.builder.begin(shipment, texts);
        let (mut rows, mut problem) = (0_u32, None);
        loop {
            if problem.is_none()
                && let Err(found) = read_row(
                    &self.plan,
                    &self.repeats,
                    (&self.record, (rows > 0).then_some(&self.before)),
                    &mut filling,
                    rows as usize,
                )
            {
                let consignee = salvage(&self.plan, &self.record, filling.texts(), self.zone);
                problem = Some((self.row, found, consignee));
            }
            rows += 1;
            // The reader's own fields, not `self.advance()`: the filling borrows the builder.
            std::mem::swap(&mut self.record, &mut self.before);
            let read = self.rows.read(&mut self.record);
            self.ahead = read.map_err(|error| failure(&self.file, error))?;
            if !self.ahead {
                break;
            }
            self.row += 1;
            self.counts.rows_read += 1;
            let id = id_of(&self.record, self.plan.id_column);
            if id != self.group || id.is_empty() {
                break;
            }
        }

        let fresh = self.group.is_empty() || self.ids.insert(&self.group);
        if problem.is_none() && !fresh {
            let duplicate = Problem {
                field: id::SHIPMENT_ID.name().to_owned(),
                line: None,
                value: shown(&String::from_utf8_lossy(&self.group)),
                reason: RejectReason::Duplicate,
            };
            problem = Some((first, duplicate, of_texts(filling.texts(), self.zone)));
        }
        if problem.is_none() {
            let done = complete(&mut filling, &self.plan, (self.catalog, self.defaults))
                .and_then(|()| filling.finish());
            if let Err(bad) = done {
                let row = first + bad.line.unwrap_or(0) as u64;
                problem = Some((row, Problem::flat(bad), of_texts(texts, self.zone)));
            }
        }
        let read = match problem {
            None => Read::Shipment { row: first, rows },
            Some(problem) => refused(&self.file, &self.group, rows, texts, problem),
        };
        self.counts.handed_out(&read);
        Ok(Some(read))
    }

    fn counts(&self) -> Counts {
        self.counts
    }
}

/// A problem, the row it stands in, and who the shipment was for.
type Found = (u64, Problem, Option<PartyKeyMaterial>);

/// The refusal of a shipment of `rows` rows.
fn refused(file: &str, group: &[u8], rows: u32, texts: &Texts, found: Found) -> Read {
    let (row, problem, consignee) = found;
    Read::Refused(Box::new(Reject {
        file: file.to_owned(),
        row,
        rows,
        shipment_id: shown_id(texts, std::str::from_utf8(group).ok()),
        field: problem.field,
        line: problem.line,
        value: problem.value,
        reason: problem.reason,
        consignee,
    }))
}

fn failure(file: &str, error: io::Error) -> ReadError {
    ReadError::Failure {
        file: file.to_owned(),
        error,
    }
}

/// The id cell of a row, trimmed; empty if the row has none.
fn id_of(record: &Cells, column: usize) -> &[u8] {
    record.get(column).unwrap_or(b"").trim_ascii()
}

/// Catalog, constants and defaults, where the rows left fields open.
fn complete(
    filling: &mut Filling,
    plan: &Plan,
    (catalog, defaults): (Option<&Catalog>, Option<&Defaults>),
) -> Result<(), deminimis_clearance::shipment::BadField> {
    if let Some(catalog) = catalog {
        catalog.fill(filling)?;
    }
    plan.constants.fill(filling)?;
    defaults.map_or(Ok(()), |defaults| defaults.fill(filling))
}
