//! Sorts more than fits: sorted runs go to temporary files and are merged.

use crate::pass::PassError;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Seek, Write};

/// What can be sorted.
pub trait Item: Ord + Serialize + DeserializeOwned {
    /// A number by which nearly all items are told apart: of two items the lesser in order has no
    /// greater one.
    fn lead(&self) -> u64;
}

/// Sorts items of one type by their order.
pub struct Sorter<T> {
    items: Vec<T>,
    limit: usize,
    runs: Vec<File>,
}

impl<T: Item> Sorter<T> {
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
        let mut out = BufWriter::new(tempfile::tempfile()?);
        for item in Ordered::new(std::mem::take(&mut self.items)) {
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
    pub fn sorted(self) -> Result<Sorted<T>, PassError> {
        let mut sources = vec![Run::Memory(Ordered::new(self.items))];
        sources.extend(
            self.runs
                .into_iter()
                .map(|file| Run::Disk(BufReader::new(file))),
        );
        let mut heap = BinaryHeap::with_capacity(sources.len());
        if sources.len() == 1 {
            return Ok(Sorted { sources, heap });
        }
        for (at, source) in sources.iter_mut().enumerate() {
            if let Some(item) = source.next()? {
                heap.push(Reverse((item, at)));
            }
        }
        Ok(Sorted { sources, heap })
    }
}

/// Items in memory, handed out in order. They are large: their places are sorted, not they.
struct Ordered<T> {
    items: Vec<Option<T>>,
    places: std::vec::IntoIter<(u64, u32)>,
}

impl<T: Item> Ordered<T> {
    fn new(items: Vec<T>) -> Ordered<T> {
        let places = items.iter().zip(0..).map(|(item, at)| (item.lead(), at));
        let mut places: Vec<(u64, u32)> = places.collect();
        places.sort_unstable_by(|one, other| {
            let whole = || items[one.1 as usize].cmp(&items[other.1 as usize]);
            one.0.cmp(&other.0).then_with(whole)
        });
        Ordered {
            items: items.into_iter().map(Some).collect(),
            places: places.into_iter(),
        }
    }
}

impl<T> Iterator for Ordered<T> {
    type Item = T;

    fn next(&mut self) -> Option<T> {
        let (_, at) = self.places.next()?;
        self.items[at as usize].take()
    }
}

enum Run<T> {
    Memory(Ordered<T>),
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
    /// The next item of each source; not used where there is one source alone.
    heap: BinaryHeap<Reverse<(T, usize)>>,
}

impl<T: Item> Sorted<T> {
    /// The next item.
    pub fn next(&mut self) -> Result<Option<T>, PassError> {
        if let [only] = self.sources.as_mut_slice() {
            return only.next();
        }
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

    impl Item for (u64, String) {
        fn lead(&self) -> u64 {
            self.0 / 2
        }
    }

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
