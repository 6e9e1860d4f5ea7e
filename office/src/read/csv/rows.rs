//! Rows of CSV cut into cells.
//!
//! The same rows as the `csv` crate reads with its defaults: cells between commas, quoted where they
//! hold commas, quotes or line breaks, a quote inside quotes doubled, rows ended by `\n`, `\r` or
//! both, empty rows passed over. Ends and quotes are found in vectors, commas between them eight bytes
//! at a time.

use super::super::{MAX_FIELD, MAX_RECORD};
use memchr::{memchr, memchr3};
use std::io::{self, Read};
use std::ops::Range;

/// How much of a file is read at once.
const BLOCK: usize = 1 << 17;

/// The cells of one row, each behind the other with one byte between them.
#[derive(Clone, Debug, Default)]
pub(super) struct Cells {
    bytes: Vec<u8>,
    /// Where each cell ends.
    ends: Vec<u32>,
}

impl Cells {
    /// How many cells there are.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// All cells, with one byte between them that is no part of a letter of UTF-8.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Where a cell lies in [`Cells::bytes`].
    #[inline]
    pub(super) fn range(&self, column: usize) -> Option<Range<usize>> {
        let end = *self.ends.get(column)? as usize;
        let start = match column.checked_sub(1) {
            Some(before) => self.ends[before] as usize + 1,
            None => 0,
        };
        Some(start..end)
    }

    /// A cell; `None` beyond the last.
    #[inline]
    pub(super) fn get(&self, column: usize) -> Option<&[u8]> {
        self.bytes.get(self.range(column)?)
    }

    /// The cells in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = &[u8]> {
        (0..self.len()).filter_map(|column| self.get(column))
    }

    /// Whether the first `columns` cells are the same as those of another row.
    pub(super) fn begins_as(&self, other: &Cells, columns: usize) -> bool {
        let (Some(own), Some(others)) = (self.ends.get(..columns), other.ends.get(..columns))
        else {
            return false;
        };
        // The bytes alone do not tell: a comma may stand in a quoted cell.
        let end = own.last().map_or(0, |end| *end as usize);
        own == others && self.bytes[..end] == other.bytes[..end]
    }

    /// Forgets the cells; the room of a huge row is not kept for the rest of the file.
    fn clear(&mut self) {
        if self.bytes.len() > MAX_FIELD {
            *self = Cells::default();
        }
        self.bytes.clear();
        self.ends.clear();
    }

    /// Takes text without quotes and row ends: every comma ends a cell.
    fn split(&mut self, text: &[u8]) {
        const COMMAS: u64 = u64::from_le_bytes([b','; 8]);
        const LOW: u64 = u64::from_le_bytes([0x7f; 8]);
        let mut at = self.bytes.len() as u32;
        self.bytes.extend_from_slice(text);
        let (words, rest) = text.as_chunks::<8>();
        for word in words {
            let other = u64::from_le_bytes(*word) ^ COMMAS;
            // The high bit of each byte that is a comma; no byte carries into the next.
            let mut commas = !(((other & LOW) + LOW) | other | LOW);
            while commas != 0 {
                self.ends.push(at + commas.trailing_zeros() / 8);
                commas &= commas - 1;
            }
            at += 8;
        }
        for byte in rest {
            if *byte == b',' {
                self.ends.push(at);
            }
            at += 1;
        }
    }

    /// Takes a byte that may be more than text, and says where the next one stands; `None` behind
    /// the end of the row.
    fn take(&mut self, within: Within, byte: u8) -> Option<Within> {
        match (within, byte) {
            (Within::Quotes, _) => return Some(Within::Quote),
            (Within::Start, b'"') => return Some(Within::Quotes),
            (_, b'\n' | b'\r') => return None,
            (Within::Quote, b',') => {
                self.end_cell();
                self.bytes.push(b',');
                return Some(Within::Start);
            }
            _ => self.bytes.push(byte),
        }
        // A quote behind a quote was a doubled one; any other byte goes on as if none had been.
        Some(match (within, byte) {
            (Within::Quote, b'"') => Within::Quotes,
            _ => Within::Plain,
        })
    }

    fn end_cell(&mut self) {
        self.ends.push(self.bytes.len() as u32);
    }
}

/// Reads rows from a file, a block at a time.
pub(super) struct Rows<R> {
    input: R,
    /// What was read; of use from `start` to `end`.
    block: Vec<u8>,
    start: usize,
    end: usize,
}

/// Where in a cell a byte stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Within {
    Start,
    Plain,
    Quotes,
    /// Behind a quote that ends the quotes, unless another follows.
    Quote,
}

impl<R: Read> Rows<R> {
    /// Nothing is read yet.
    pub(super) fn new(input: R) -> Rows<R> {
        Rows {
            input,
            block: vec![0; BLOCK],
            start: 0,
            end: 0,
        }
    }

    /// Passes over bytes that the file begins with, if it does.
    pub(super) fn skip(&mut self, mark: &[u8]) -> io::Result<()> {
        while self.end - self.start < mark.len() && self.fill()? {}
        if self.block[self.start..self.end].starts_with(mark) {
            self.start += mark.len();
        }
        Ok(())
    }

    /// The next row; `false` at the end.
    pub(super) fn read(&mut self, row: &mut Cells) -> io::Result<bool> {
        row.clear();
        loop {
            let unused = &self.block[self.start..self.end];
            let ends = unused
                .iter()
                .position(|byte| !matches!(byte, b'\n' | b'\r'));
            self.start += ends.unwrap_or(unused.len());
            if self.start < self.end {
                break;
            }
            if !self.fill()? {
                return Ok(false);
            }
        }
        let (mut within, mut taken) = (Within::Start, 0);
        loop {
            if self.start == self.end {
                if taken >= MAX_RECORD {
                    return Err(too_long());
                }
                if !self.fill()? {
                    break;
                }
            }
            let unused = &self.block[self.start..self.end];
            let text = match within {
                Within::Start | Within::Plain => memchr3(b'\n', b'"', b'\r', unused),
                Within::Quotes => memchr(b'"', unused),
                Within::Quote => Some(0),
            };
            let text = &unused[..text.unwrap_or(unused.len())];
            let next = unused.get(text.len()).copied();
            let used = text.len() + usize::from(next.is_some());
            if within == Within::Quotes {
                row.bytes.extend_from_slice(text);
            } else if let Some(last) = text.last() {
                row.split(text);
                within = match last {
                    b',' => Within::Start,
                    _ => Within::Plain,
                };
            }
            (self.start, taken) = (self.start + used, taken + used);
            let Some(next) = next else { continue };
            match row.take(within, next) {
                Some(then) => within = then,
                None => break,
            }
        }
        row.end_cell();
        Ok(true)
    }

    /// Reads more behind what is not used yet, which is less than a block; `false` at the end.
    fn fill(&mut self) -> io::Result<bool> {
        self.block.copy_within(self.start..self.end, 0);
        (self.start, self.end) = (0, self.end - self.start);
        loop {
            match self.input.read(&mut self.block[self.end..]) {
                Ok(read) => {
                    self.end += read;
                    return Ok(read > 0);
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }
}

fn too_long() -> io::Error {
    io::Error::new(
        io::ErrorKind::InvalidData,
        "a record of more than 64 MiB: a quote may be opened and never closed",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Hands out at most so many bytes at once.
    struct Slow<'a>(&'a [u8], usize);

    impl Read for Slow<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let most = buffer.len().min(self.1);
            self.0.read(&mut buffer[..most])
        }
    }

    fn ours(text: &[u8], at_once: usize) -> Vec<Vec<Vec<u8>>> {
        let mut rows = Rows::new(Slow(text, at_once));
        let (mut row, mut all) = (Cells::default(), Vec::new());
        while rows.read(&mut row).unwrap() {
            all.push(row.iter().map(<[u8]>::to_vec).collect());
        }
        all
    }

    fn theirs(text: &[u8]) -> Vec<Vec<Vec<u8>>> {
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .from_reader(text);
        let rows = reader.byte_records().map(Result::unwrap);
        rows.map(|row| row.iter().map(<[u8]>::to_vec).collect())
            .collect()
    }

    #[test]
    fn rows_are_those_of_the_csv_crate() {
        for text in [
            "",
            "\n\r\n",
            "a",
            "a,",
            ",",
            "a,b\r\nc,d",
            "a\rb\r",
            "\"",
            "\"\"",
            "\"a",
            "\"a\"",
            "\"a\"\"b\",c",
            "\"a\"b,c\n",
            "a\"b\"\n",
            "\"a\"b\"c,d\"\n",
            "\"a,\nb\",c\n\n\nd",
            "aaaaaaa,bbbbbbb,ccccccc,\u{fffd},ddddddddddd\n",
            " \n",
            "\"a\" ,b",
            "a,\"\",\n,",
        ] {
            for at_once in [1, 2, 3, 1000] {
                assert_eq!(
                    ours(text.as_bytes(), at_once),
                    theirs(text.as_bytes()),
                    "{text:?}"
                );
            }
        }
    }

    #[test]
    fn a_row_longer_than_a_block_is_read_whole() {
        let long = "x".repeat(3 * BLOCK);
        for text in [format!("a,{long}\nb"), format!("a,\"{long}\"\nb")] {
            assert_eq!(ours(text.as_bytes(), BLOCK), theirs(text.as_bytes()));
        }
    }

    #[test]
    fn a_quote_that_is_never_closed_is_not_taken_into_memory() {
        for start in ["\"", "x"] {
            let input = start.as_bytes().chain(io::repeat(b'x'));
            let error = Rows::new(input).read(&mut Cells::default()).unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::InvalidData);
            assert!(error.to_string().contains("64 MiB"), "{error}");
        }
    }

    #[test]
    fn the_beginning_is_compared_by_cells() {
        let row = |text: &str| {
            let mut row = Cells::default();
            Rows::new(text.as_bytes()).read(&mut row).unwrap();
            row
        };
        assert!(row("a,b,c").begins_as(&row("a,b,d"), 2));
        assert!(!row("a,b,c").begins_as(&row("a,b,d"), 3));
        assert!(!row("\"a,b\",c").begins_as(&row("a,\"b,c\""), 2));
        assert!(!row("a").begins_as(&row("a"), 2));
    }

    proptest! {
        #[test]
        fn any_rows_are_those_of_the_csv_crate(
            text in "([a-c\u{e9}]{0,9}[,\"\n\r ]{0,3}){0,12}",
            at_once in 1..40_usize,
        ) {
            prop_assert_eq!(ours(text.as_bytes(), at_once), theirs(text.as_bytes()));
        }
    }
}
