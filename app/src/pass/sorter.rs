//! Sorts more than fits: sorted runs go to temporary files and are merged.

use crate::pass::PassError;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Seek, Write};

/// Sorts items of one type by their order.
pub struct Sorter<T> {
    items: Vec<T>,
    limit: usize,
    runs: Vec<File>,
}

impl<T: Ord + Serialize + DeserializeOwned> Sorter<T> {
    /// A sorter that holds at most `limit` items in memory.
    pub fn new(limit: usize) -> Sorter<T> {
        Sorter {
            items: Vec::new(),
            limit: limit.max(1),
            runs: Vec::new(),
        }
    }

    /// Adds an item.
    pub fn push(&mut self, item: T) -> Result<(), PassError> {
        self.items.push(item);
        if self.items.len() >= self.limit {
            self.spill()?;
        }
        Ok(())
    }

    fn spill(&mut self) -> Result<(), PassError> {
        self.items.sort_unstable();
        let mut out = BufWriter::new(tempfile::tempfile()?);
        for item in self.items.drain(..) {
            let bytes = postcard::to_allocvec(&item)?;
            out.write_all(&(bytes.len() as u32).to_le_bytes())?;
            out.write_all(&bytes)?;
        }
        let mut file = out
            .into_inner()
            .map_err(std::io::IntoInnerError::into_error)?;
        file.rewind()?;
        self.runs.push(file);
        Ok(())
    }

    /// The items in order.
    pub fn sorted(mut self) -> Result<Sorted<T>, PassError> {
        self.items.sort_unstable();
        let mut sources = vec![Run::Memory(self.items.into_iter())];
        sources.extend(
            self.runs
                .into_iter()
                .map(|file| Run::Disk(BufReader::new(file))),
        );
        let mut heap = BinaryHeap::with_capacity(sources.len());
        for (at, source) in sources.iter_mut().enumerate() {
            if let Some(item) = source.next()? {
                heap.push(Reverse((item, at)));
            }
        }
        Ok(Sorted { sources, heap })
    }
}

enum Run<T> {
    Memory(std::vec::IntoIter<T>),
    Disk(BufReader<File>),
}

impl<T: DeserializeOwned> Run<T> {
    fn next(&mut self) -> Result<Option<T>, PassError> {
        match self {
            Run::Memory(items) => Ok(items.next()),
            Run::Disk(file) => {
                let mut length = [0; 4];
                if file.read(&mut length[..1])? == 0 {
                    return Ok(None);
                }
                file.read_exact(&mut length[1..])?;
                let mut bytes = vec![0; u32::from_le_bytes(length) as usize];
                file.read_exact(&mut bytes)?;
                Ok(Some(postcard::from_bytes(&bytes)?))
            }
        }
    }
}

/// The items of a sorter, in order.
pub struct Sorted<T> {
    sources: Vec<Run<T>>,
    heap: BinaryHeap<Reverse<(T, usize)>>,
}

impl<T: Ord + DeserializeOwned> Sorted<T> {
    /// The next item.
    pub fn next(&mut self) -> Result<Option<T>, PassError> {
        let Some(Reverse((item, at))) = self.heap.pop() else {
            return Ok(None);
        };
        if let Some(next) = self.sources[at].next()? {
            self.heap.push(Reverse((next, at)));
        }
        Ok(Some(item))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_comes_back_in_order() {
        for limit in [1, 2, 7, 1000] {
            let mut sorter = Sorter::new(limit);
            let mut expected: Vec<(u64, String)> = (0..300_u64)
                .map(|n| (n * 7919 % 101, format!("{n}")))
                .collect();
            for item in &expected {
                sorter.push(item.clone()).unwrap();
            }
            let mut sorted = sorter.sorted().unwrap();
            expected.sort();
            for item in expected {
                assert_eq!(sorted.next().unwrap(), Some(item), "limit {limit}");
            }
            assert_eq!(sorted.next().unwrap(), None);
        }
    }
}
