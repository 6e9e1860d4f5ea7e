//! Positions for postings, asked for with what a group reads, when it is not yet known how many it
//! needs. What is left is for the next group, as long as nobody else took any since.
//!
//! Positions are taken under the locks of the persons, so that they rise along each person's ledger;
//! those of a transaction that fails are lost.

use crate::error::StoreError;
use crate::postgres::together::Ask;
use std::collections::VecDeque;
use tokio_postgres::Row;

/// Positions that were taken and not used.
#[derive(Debug, Default)]
pub(super) struct Positions {
    free: VecDeque<i64>,
    /// The last that was taken, used or not.
    last: i64,
}

impl Positions {
    /// Asks for as many as it takes to have `count`, and at least for one: what comes shows whether
    /// those that are free are still the last that anybody took.
    pub(super) fn ask(&self, count: usize) -> Ask<'static> {
        let more = count.saturating_sub(self.free.len()).max(1);
        let more = i64::try_from(more).unwrap_or(i64::MAX);
        Ask::new("SELECT nextval('ledger_position') FROM generate_series(1, $1::bigint)").with(more)
    }

    /// Reads the first that a group asked for. Those that were free are too old if somebody else took
    /// some since: that one's may be higher and of the same person.
    pub(super) fn read(&mut self, rows: &[Row]) -> Result<(), StoreError> {
        let first: Option<i64> = rows.first().map(|row| row.try_get(0)).transpose()?;
        if first != self.last.checked_add(1) {
            self.free.clear();
        }
        self.read_more(rows)
    }

    /// Reads more for the same group, whose locks it holds.
    pub(super) fn read_more(&mut self, rows: &[Row]) -> Result<(), StoreError> {
        for row in rows {
            self.last = row.try_get(0)?;
            self.free.push_back(self.last);
        }
        Ok(())
    }

    pub(super) fn len(&self) -> usize {
        self.free.len()
    }

    /// The next ones. What is left of a list that somebody else took from in between is dropped up
    /// to there.
    pub(super) fn take(&mut self, count: usize) -> Vec<i64> {
        let taken = self.free.drain(..count.min(self.free.len())).collect();
        let mut own = self.last;
        let ours = |free: &&i64| {
            let is = **free == own;
            own -= 1;
            is
        };
        let ours = self.free.iter().rev().take_while(ours).count();
        self.free.drain(..self.free.len() - ours);
        taken
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(free: &[i64]) -> Positions {
        Positions {
            free: free.iter().copied().collect(),
            last: free.last().copied().unwrap_or(0),
        }
    }

    #[test]
    fn what_is_left_is_what_nobody_took_from_in_between() {
        let mut positions = with(&[3, 4, 7, 8, 9]);
        assert_eq!(positions.take(1), [3]);
        assert_eq!(positions.free, [7, 8, 9]);
        assert_eq!(positions.take(3), [7, 8, 9]);
        assert_eq!((positions.len(), positions.last), (0, 9));
        let mut positions = with(&[1, 2, 3]);
        assert_eq!(positions.take(2), [1, 2]);
        assert_eq!(positions.free, [3]);
    }
}
