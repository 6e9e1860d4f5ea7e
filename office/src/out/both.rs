//! Decisions as JSON lines and as CSV in one go: both texts of a parcel are made while its decision
//! is at hand, go on together as one frame, and are parted where they are written.

use crate::out::{csv, json};
use crate::pass::Sink;
use crate::pass::second::Decided;
use deminimis_clearance::Scratch;
use std::io::{self, Write};

/// The lengths of both texts, which stand before them.
const LENGTHS: usize = 8;

/// Writes frames, for [`Split`].
pub struct Both;

impl Sink for Both {
    fn parcel(&self, decided: &Decided<'_>, scratch: &mut Scratch, out: &mut Vec<u8>) {
        frame(
            out,
            |out| json::Json { array: false }.parcel(decided, scratch, out),
            |out| {
                csv::row(decided, out);
            },
        );
    }
}

/// Appends a frame of what both write.
pub fn frame(out: &mut Vec<u8>, json: impl FnOnce(&mut Vec<u8>), csv: impl FnOnce(&mut Vec<u8>)) {
    let begin = out.len();
    out.extend_from_slice(&[0; LENGTHS]);
    json(out);
    let middle = out.len();
    csv(out);
    let lengths = [middle - begin - LENGTHS, out.len() - middle];
    for (at, length) in lengths.into_iter().enumerate() {
        // A text of one parcel has at most 999 lines and is far from 4 GiB.
        let length = u32::try_from(length).unwrap_or(u32::MAX).to_le_bytes();
        out[begin + at * 4..begin + at * 4 + 4].copy_from_slice(&length);
    }
}

/// Takes frames and writes each of their texts where it belongs.
pub struct Split<J: Write, C: Write> {
    json: J,
    csv: C,
    /// The beginning of a frame whose end has not come yet.
    waiting: Vec<u8>,
    written: u64,
}

impl<J: Write, C: Write> Split<J, C> {
    /// Writes the heading of CSV at once.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn new(json: J, mut csv: C) -> io::Result<Split<J, C>> {
        csv.write_all(csv::HEADER.as_bytes())?;
        Ok(Split {
            json,
            csv,
            waiting: Vec::new(),
            written: 0,
        })
    }

    /// How many parcels were written.
    #[must_use]
    pub fn written(&self) -> u64 {
        self.written
    }

    /// The length of the first frame that waits and of its first text, if all of it is there.
    fn first(&self, from: usize) -> Option<(usize, usize)> {
        let rest = &self.waiting[from..];
        let (lengths, texts) = rest.split_at_checked(LENGTHS)?;
        let length = |at: usize| {
            let bytes = lengths[at..at + 4].try_into().unwrap_or_default();
            u32::from_le_bytes(bytes) as usize
        };
        let (json, csv) = (length(0), length(4));
        (texts.len() >= json + csv).then_some((json, csv))
    }
}

impl<J: Write, C: Write> Write for Split<J, C> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.waiting.extend_from_slice(bytes);
        let mut from = 0;
        while let Some((json, csv)) = self.first(from) {
            let middle = from + LENGTHS + json;
            self.json.write_all(&self.waiting[from + LENGTHS..middle])?;
            self.csv.write_all(&self.waiting[middle..middle + csv])?;
            from = middle + csv;
            self.written += 1;
        }
        self.waiting.drain(..from);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.json.flush()?;
        self.csv.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_parted_however_they_are_cut() {
        let mut frames = Vec::new();
        let texts = [("{}\n", "a\n"), ("", "\"b\nb\"\n"), ("[1]\n", "")];
        for (json, csv) in texts {
            frame(
                &mut frames,
                |out| out.extend_from_slice(json.as_bytes()),
                |out| out.extend_from_slice(csv.as_bytes()),
            );
        }
        for cut in 1..=frames.len() {
            let mut split = Split::new(Vec::new(), Vec::new()).unwrap();
            for part in frames.chunks(cut) {
                split.write_all(part).unwrap();
            }
            assert_eq!(split.json, b"{}\n[1]\n", "cut by {cut}");
            let rows = split.csv.strip_prefix(csv::HEADER.as_bytes()).unwrap();
            assert_eq!(rows, b"a\n\"b\nb\"\n", "cut by {cut}");
            assert!(split.waiting.is_empty() && split.written() == 3);
        }
    }
}
