//! The rows of the record log's tables, the same on every store.

use crate::error::StoreError;
use crate::records::leaf::{Header, leaf, link};
use crate::records::merkle::Hash;
use crate::rows::ShipmentKey;
use crate::types::PersonKey;

/// Bits of what a record has lost.
pub(crate) const ERASED: i16 = 1;
pub(crate) const EXPIRED: i16 = 2;

/// Personal fields with their salts, under the key of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SealedRow {
    pub person: PersonKey,
    pub sealed: Vec<u8>,
}

/// A record without its place in the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RecordRow {
    pub position: i64,
    pub shipment: ShipmentKey,
    pub event_id: Option<String>,
    pub kept_until: i32,
    pub lost: i16,
    /// Packed; never lost.
    pub commitments: Vec<u8>,
    /// Packed values of the public fields.
    pub public: Option<Vec<u8>>,
    pub sealed: Option<SealedRow>,
}

impl RecordRow {
    pub(crate) fn leaf(&self) -> Hash {
        let header = Header {
            tenant: &self.shipment.tenant,
            shipment_id: &self.shipment.shipment_id,
            event_id: self.event_id.as_deref(),
            position: self.position,
            kept_until: self.kept_until,
        };
        leaf(&header, &self.commitments)
    }
}

/// A line of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LogRow {
    pub seq: i64,
    /// Nothing for a line whose record is in another ledger.
    pub position: Option<i64>,
    pub leaf: Hash,
    pub chain: Hash,
}

/// Where the log ends: what the next line is linked to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Tail {
    pub seq: i64,
    pub chain: Hash,
}

impl Tail {
    /// Of an empty log.
    pub(crate) const START: Self = Self {
        seq: 0,
        chain: [0; 32],
    };

    /// The end of the log, from its last two lines and the record of the last. A damaged line is
    /// never built upon.
    pub(crate) fn of(
        before: Option<&LogRow>,
        last: &LogRow,
        record: Option<&RecordRow>,
    ) -> Result<Self, StoreError> {
        let before = before.map_or(Self::START, |row| Self {
            seq: row.seq,
            chain: row.chain,
        });
        let fine = before.seq + 1 == last.seq
            && link(&before.chain, &last.leaf) == last.chain
            && match (last.position, record) {
                (None, _) => true,
                (Some(position), Some(record)) => {
                    record.position == position && record.leaf() == last.leaf
                }
                (Some(_), None) => false,
            };
        if !fine {
            return Err(StoreError::Damaged(last.seq));
        }
        Ok(Self {
            seq: last.seq,
            chain: last.chain,
        })
    }

    /// The line of the next record.
    pub(crate) fn append(&mut self, record: &RecordRow) -> LogRow {
        let leaf = record.leaf();
        self.seq += 1;
        self.chain = link(&self.chain, &leaf);
        LogRow {
            seq: self.seq,
            position: Some(record.position),
            leaf,
            chain: self.chain,
        }
    }
}
