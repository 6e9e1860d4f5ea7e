//! What the first pass writes of parcels, each as if it were alone on its day.
//!
//! Most parcels are: for these the draft is what the second pass would write, and they need not be
//! decided again. Drafts lie one behind the other, beyond a limit in a temporary file, and are read
//! back in the same order.

use crate::pass::PassError;
use deminimis_clearance::Decision;
use deminimis_law::names::Outcome;
use deminimis_law::time::Day;
use std::io::{BufReader, BufWriter, Read, Seek, Write};
use tempfile::SpooledTempFile;

/// Drafts up to this size together stay in memory.
const SPOOL: usize = 64 << 20;

/// How much is written or read at once.
const BLOCK: usize = 1 << 16;

/// What is counted of a decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counted {
    /// May it enter free?
    pub outcome: Outcome,
    /// The earliest day to which a rule used was checked.
    pub checked_until: Day,
}

impl Counted {
    /// Of a decision.
    #[must_use]
    pub fn of(decision: &Decision) -> Counted {
        Counted {
            outcome: decision.outcome,
            checked_until: decision.checked_until,
        }
    }
}

/// Bytes before each draft: its length, the outcome's place in the contract, the day.
const HEAD: usize = 9;

/// Drafts being written.
pub struct Drafts(BufWriter<SpooledTempFile>);

impl Drafts {
    /// None is written yet.
    pub fn new() -> Drafts {
        Drafts(BufWriter::with_capacity(
            BLOCK,
            tempfile::spooled_tempfile(SPOOL),
        ))
    }

    /// Adds the draft of the next parcel.
    pub fn push(&mut self, counted: Counted, text: &[u8]) -> Result<(), PassError> {
        let mut head = [0; HEAD];
        head[..4].copy_from_slice(&(text.len() as u32).to_le_bytes());
        head[4] = counted.outcome as u8;
        head[5..].copy_from_slice(&counted.checked_until.0.to_le_bytes());
        self.0.write_all(&head)?;
        Ok(self.0.write_all(text)?)
    }

    /// Goes back to the first.
    pub fn finish(self) -> Result<Written, PassError> {
        let file = self.0.into_inner();
        let mut file = file.map_err(std::io::IntoInnerError::into_error)?;
        file.rewind()?;
        Ok(Written(BufReader::with_capacity(BLOCK, file)))
    }
}

/// Drafts that were written, told in the order of the file.
pub struct Written(BufReader<SpooledTempFile>);

impl Written {
    /// Appends the text of the next draft.
    pub fn next(&mut self, out: &mut Vec<u8>) -> Result<Counted, PassError> {
        let mut head = [0; HEAD];
        self.0.read_exact(&mut head)?;
        let [a, b, c, d, outcome, day @ ..] = head;
        let start = out.len();
        out.resize(start + u32::from_le_bytes([a, b, c, d]) as usize, 0);
        self.0.read_exact(&mut out[start..])?;
        let outcome = Outcome::ALL.get(usize::from(outcome)).copied();
        Ok(Counted {
            outcome: outcome.ok_or(postcard::Error::DeserializeBadEnum)?,
            checked_until: Day(i32::from_le_bytes(day)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drafts_come_back_in_order() {
        let mut drafts = Drafts::new();
        let counted = |at: usize| Counted {
            outcome: Outcome::ALL[at % Outcome::ALL.len()],
            checked_until: Day(at as i32 - 7),
        };
        let text = |at: usize| vec![at as u8; at * 1000];
        for at in 0..100 {
            drafts.push(counted(at), &text(at)).unwrap();
        }
        let mut written = drafts.finish().unwrap();
        for at in 0..100 {
            let mut out = b"before".to_vec();
            assert_eq!(written.next(&mut out).unwrap(), counted(at));
            assert_eq!(out, [b"before", text(at).as_slice()].concat());
        }
        assert!(written.next(&mut Vec::new()).is_err());
    }
}
