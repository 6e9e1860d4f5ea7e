//! Writes refused shipments as CSV: file, row, shipment_id, field, value, reason.

pub use deminimis_filing::guard::guarded;

use super::Reject;
use std::io::{self, Write};

/// The columns of the file.
pub const COLUMNS: [&str; 6] = ["file", "row", "shipment_id", "field", "value", "reason"];

/// Writes rejects; the header comes with the first.
pub struct RejectWriter<W: Write> {
    out: csv::Writer<W>,
    written: u64,
}

impl<W: Write> RejectWriter<W> {
    /// A writer that has written nothing.
    pub fn new(out: W) -> RejectWriter<W> {
        RejectWriter {
            out: csv::Writer::from_writer(out),
            written: 0,
        }
    }

    /// Writes one.
    ///
    /// # Errors
    /// The output cannot be written.
    pub fn write(&mut self, reject: &Reject) -> io::Result<()> {
        if self.written == 0 {
            self.out.write_record(COLUMNS)?;
        }
        self.written += 1;
        let row = reject.row.to_string();
        let reason = reject.reason.to_string();
        let cells = [
            reject.file.as_str(),
            &row,
            reject.shipment_id.as_deref().unwrap_or(""),
            &reject.field,
            &reject.value,
            &reason,
        ];
        self.out
            .write_record(cells.map(|cell| guarded(cell).into_owned()))?;
        Ok(())
    }

    /// How many were written.
    #[must_use]
    pub fn written(&self) -> u64 {
        self.written
    }

    /// Writes what is held back.
    ///
    /// # Errors
    /// The output cannot be written.
    pub fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::super::RejectReason;
    use super::*;

    #[test]
    fn a_formula_is_not_run() {
        let mut bytes = Vec::new();
        let mut writer = RejectWriter::new(&mut bytes);
        let reject = Reject {
            file: "a.csv".to_owned(),
            row: 3,
            rows: 1,
            shipment_id: Some("=cmd|'/c calc'!A1".to_owned()),
            field: "line_value".to_owned(),
            line: Some(1),
            value: "-5.00".to_owned(),
            reason: RejectReason::NotUtf8,
            consignee: None,
        };
        writer.write(&reject).unwrap();
        writer.flush().unwrap();
        assert_eq!(writer.written(), 1);
        drop(writer);
        let text = String::from_utf8(bytes).unwrap();
        let expected = "file,row,shipment_id,field,value,reason\n\
            a.csv,3,'=cmd|'/c calc'!A1,line_value,'-5.00,is not UTF-8; save the file as UTF-8\n";
        assert_eq!(text, expected);
    }
}
