//! What is told of entries: how many of each type and port with their sums, and the list of numbers.

use crate::commands::CommandError;
use crate::commands::files::OutFile;
use crate::out::style::dollars;
use crate::read::rejects::guarded;
use deminimis_filing::messages::catair::entry::Built;
use deminimis_law::money::Cents;
use deminimis_office::entries::{COLUMNS, amounts, cells, elsewhere};
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::Path;

/// Sums of entries of one type and port.
#[derive(Clone, Copy, Debug, Default)]
struct Sums {
    entries: u64,
    value_usd: u64,
    duty: Cents,
    fees: Cents,
    elsewhere: Cents,
}

/// What was written, by type and port.
#[derive(Debug, Default)]
pub struct Totals(BTreeMap<(&'static str, String), Sums>);

impl Totals {
    /// Counts an entry.
    pub fn count(&mut self, built: &Built) {
        let key = (
            built.entry.entry_type.code(),
            built.entry.port_of_entry.clone(),
        );
        let sums = self.0.entry(key).or_default();
        let (duty, fees) = amounts(built);
        sums.entries += 1;
        sums.value_usd += built.entry.value_usd();
        sums.duty = sums.duty.plus(duty);
        sums.fees = sums.fees.plus(fees);
        sums.elsewhere = sums.elsewhere.plus(elsewhere(built));
    }

    /// How many entries there are.
    pub fn entries(&self) -> u64 {
        self.0.values().map(|sums| sums.entries).sum()
    }

    /// The table, a row for each type and port.
    pub fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        if self.0.is_empty() {
            return Ok(());
        }
        writeln!(
            out,
            " type  port  entries         value          duty        fees  paid elsewhere"
        )?;
        for ((entry_type, port), sums) in &self.0 {
            let value = Cents(i64::try_from(sums.value_usd).unwrap_or(0) * 100);
            writeln!(
                out,
                " {entry_type:<4}  {port:<4}  {:>7}  {:>12}  {:>12}  {:>10}  {:>14}",
                sums.entries,
                dollars(value),
                dollars(sums.duty),
                dollars(sums.fees),
                dollars(sums.elsewhere),
            )?;
        }
        writeln!(out)
    }
}

/// Which parcel got which number, as CSV.
pub struct List {
    file: OutFile,
    out: csv::Writer<Box<dyn Write>>,
}

impl List {
    /// Makes the file with its header.
    pub fn open(path: &Path) -> Result<List, CommandError> {
        let file = OutFile::open(path)?;
        let out: Box<dyn Write> = Box::new(file.writer()?);
        let mut out = csv::Writer::from_writer(out);
        out.write_record(COLUMNS).map_err(io::Error::from)?;
        Ok(List { file, out })
    }

    /// Adds an entry.
    pub fn row(&mut self, built: &Built) -> Result<(), CommandError> {
        let cells = cells(built);
        let cells = cells.iter().map(|cell| guarded(cell).into_owned());
        self.out.write_record(cells).map_err(io::Error::from)?;
        Ok(())
    }

    /// Gives the file its name.
    pub fn finish(self) -> Result<(), CommandError> {
        let List { file, mut out } = self;
        out.flush()?;
        drop(out);
        file.finish()?;
        Ok(())
    }
}
