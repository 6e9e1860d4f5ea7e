//! The installation's secret: what the ledger keeps of persons and bodies are hashes keyed with it.
//!
//! Names and addresses can be guessed. Without the secret nobody can test a guess against a ledger,
//! nor tell by their keys that two installations know the same person.

use super::body::Fields;
use crate::types::PersonKey;
use deminimis_clearance::day::DayRecord;
use deminimis_clearance::shipment::Texts;
use deminimis_clearance::shipment::fields::id;
use deminimis_law::facts::Fact;
use deminimis_person::Key;

/// The secret, as a key for each use, so that no hash of one use is one of another. There is no
/// `Debug`, so that it does not come into a log by accident.
#[derive(Clone)]
pub struct Secret {
    person: [u8; 32],
    mark: [u8; 32],
    body: [u8; 32],
    proof: [u8; 32],
}

impl Secret {
    /// Of the 32 bytes that an installation keeps. Another secret makes other persons of all.
    #[must_use]
    pub fn new(bytes: &[u8; 32]) -> Secret {
        // The contexts are part of every key in every ledger: they are never changed.
        let key = |context| blake3::derive_key(context, bytes);
        Secret {
            person: key("deminimis ledger 1: persons"),
            mark: key("deminimis ledger 1: orders and master bills"),
            body: key("deminimis ledger 1: bodies"),
            proof: key("deminimis ledger 1: proof of the secret"),
        }
    }

    /// What shows that a ledger is used with the secret it was made with.
    #[must_use]
    pub fn proof(&self) -> [u8; 32] {
        self.proof
    }

    /// The key of a person whom the exact rules know.
    pub(super) fn person(&self, person: Key) -> PersonKey {
        self.short(b"person", &person.0)
    }

    /// The key of whoever a parcel is for whose bill does not say who.
    pub(super) fn nobody(&self, shipment_id: &str) -> PersonKey {
        self.short(b"nobody", shipment_id.as_bytes())
    }

    fn short(&self, what: &[u8; 6], bytes: &[u8]) -> PersonKey {
        let mut hash = blake3::Hasher::new_keyed(&self.person);
        hash.update(what).update(bytes);
        let mut key = [0; 16];
        hash.finalize_xof().fill(&mut key);
        PersonKey(key)
    }

    /// Hashes of the order and of the master bill that a parcel is of, where the walk has them.
    pub(super) fn marks(&self, record: &DayRecord, texts: &Texts) -> (Option<u64>, Option<u64>) {
        let mark = |field, has: bool| {
            let text = texts.get(field).filter(|_| has)?;
            let mut mark = [0; 8];
            let mut hash = blake3::Hasher::new_keyed(&self.mark);
            hash.update(text.as_bytes()).finalize_xof().fill(&mut mark);
            Some(u64::from_le_bytes(mark))
        };
        (
            mark(id::ORDER_ID, record.order.is_some()),
            mark(id::MASTER_BILL, record.bill.is_some()),
        )
    }

    /// The hash of all that the sender said of a parcel.
    pub(super) fn body(
        &self,
        fields: &Fields,
        texts: &Texts,
        facts: &[Fact],
        said: &str,
    ) -> [u8; 32] {
        let mut hash = blake3::Hasher::new_keyed(&self.body);
        fields.tell(texts, facts, said, |bytes| {
            hash.update(bytes);
        });
        *hash.finalize().as_bytes()
    }
}
