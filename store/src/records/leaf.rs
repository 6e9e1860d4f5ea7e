//! What a record's leaf commits to, byte for byte.
//!
//! A leaf is SHA-256 over a zero byte and the record's canonical form: the parcel, the event, the
//! position, the last day of keeping, and for each field its path, whether it is personal, and
//! SHA-256(salt ‖ value). The salts keep anybody from guessing a value that was erased; without a
//! value and its salt the leaf still verifies.
//!
//! Numbers are big-endian, texts and bytes have their length before them as 32 bits.

use crate::codec::corrupt;
use crate::error::StoreError;
use crate::records::merkle::{Hash, leaf_hash};
use sha2::{Digest, Sha256};

/// The form of a leaf. Another form gets another number.
const FORM: u8 = 1;

/// How many random bytes hide a value.
pub(crate) const SALT: usize = 16;

/// A field as its leaf has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Commitment {
    pub path: String,
    pub personal: bool,
    pub hash: Hash,
}

/// A value with what hides it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Salted {
    pub salt: [u8; SALT],
    pub value: Vec<u8>,
}

impl Salted {
    pub(crate) fn hash(&self) -> Hash {
        let mut hash = Sha256::new();
        hash.update(self.salt);
        hash.update(&self.value);
        hash.finalize().into()
    }
}

/// What stands before the fields.
pub(crate) struct Header<'a> {
    pub tenant: &'a str,
    pub shipment_id: &'a str,
    pub event_id: Option<&'a str>,
    pub position: i64,
    pub kept_until: i32,
}

pub(crate) fn put(bytes: &mut Vec<u8>, part: &[u8]) {
    // A part of four gigabytes does not get this far: the whole record is bounded on its way in.
    let length = u32::try_from(part.len()).unwrap_or(u32::MAX);
    bytes.extend_from_slice(&length.to_be_bytes());
    bytes.extend_from_slice(part);
}

/// The leaf of a record, from its header and its commitments in their packed form.
pub(crate) fn leaf(header: &Header<'_>, commitments: &[u8]) -> Hash {
    let mut bytes = vec![FORM];
    put(&mut bytes, header.tenant.as_bytes());
    put(&mut bytes, header.shipment_id.as_bytes());
    bytes.push(u8::from(header.event_id.is_some()));
    put(&mut bytes, header.event_id.unwrap_or_default().as_bytes());
    bytes.extend_from_slice(&header.position.to_be_bytes());
    bytes.extend_from_slice(&header.kept_until.to_be_bytes());
    bytes.extend_from_slice(commitments);
    leaf_hash(&bytes)
}

/// The next hash of the chain.
pub(crate) fn link(previous: &Hash, leaf: &Hash) -> Hash {
    let mut hash = Sha256::new();
    hash.update(previous);
    hash.update(leaf);
    hash.finalize().into()
}

/// The commitments as the end of the canonical form has them; this is also how they are stored.
pub(crate) fn pack_commitments(fields: &[Commitment]) -> Vec<u8> {
    let count = u32::try_from(fields.len()).unwrap_or(u32::MAX);
    let mut bytes = count.to_be_bytes().to_vec();
    for field in fields {
        put(&mut bytes, field.path.as_bytes());
        bytes.push(u8::from(field.personal));
        bytes.extend_from_slice(&field.hash);
    }
    bytes
}

pub(crate) fn unpack_commitments(bytes: &[u8]) -> Result<Vec<Commitment>, StoreError> {
    let read = |mut rest: Reader<'_>| {
        let count = rest.number()?;
        let mut fields = Vec::new();
        for _ in 0..count {
            fields.push(Commitment {
                path: String::from_utf8(rest.part()?.to_vec()).ok()?,
                personal: match rest.take::<1>()? {
                    [0] => false,
                    [1] => true,
                    _ => return None,
                },
                hash: rest.take()?,
            });
        }
        rest.end().then_some(fields)
    };
    read(Reader(bytes)).ok_or_else(|| corrupt("record's commitments"))
}

pub(crate) fn pack_values(values: &[Salted]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for one in values {
        bytes.extend_from_slice(&one.salt);
        put(&mut bytes, &one.value);
    }
    bytes
}

pub(crate) fn unpack_values(bytes: &[u8]) -> Result<Vec<Salted>, StoreError> {
    let read = |mut rest: Reader<'_>| {
        let mut values = Vec::new();
        while !rest.end() {
            values.push(Salted {
                salt: rest.take()?,
                value: rest.part()?.to_vec(),
            });
        }
        Some(values)
    };
    read(Reader(bytes)).ok_or_else(|| corrupt("record's values"))
}

/// Reads parts from the front; gives nothing where there is no such part.
pub(crate) struct Reader<'a>(pub &'a [u8]);

impl<'a> Reader<'a> {
    pub(crate) fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (first, rest) = self.0.split_first_chunk::<N>()?;
        self.0 = rest;
        Some(*first)
    }

    pub(crate) fn number(&mut self) -> Option<u32> {
        self.take().map(u32::from_be_bytes)
    }

    pub(crate) fn part(&mut self) -> Option<&'a [u8]> {
        let length = usize::try_from(self.number()?).ok()?;
        let (part, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(part)
    }

    pub(crate) fn end(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_reads_back_and_what_is_cut_does_not() {
        let fields: Vec<Commitment> = (0..3_u8)
            .map(|number| Commitment {
                path: format!("lines.{number}"),
                personal: number == 1,
                hash: [number; 32],
            })
            .collect();
        let packed = pack_commitments(&fields);
        assert_eq!(unpack_commitments(&packed), Ok(fields));
        for end in 0..packed.len() {
            assert!(unpack_commitments(&packed[..end]).is_err(), "cut at {end}");
        }
        let values: Vec<Salted> = (0..3_u8)
            .map(|number| Salted {
                salt: [number; SALT],
                value: vec![number; 5 + usize::from(number)],
            })
            .collect();
        assert_eq!(unpack_values(&pack_values(&values)), Ok(values));
        assert!(unpack_values(&[1; 17]).is_err());
    }

    #[test]
    fn every_part_of_a_record_changes_its_leaf() {
        let of = |tenant, shipment_id, event_id, position, kept_until, commitments: &[u8]| {
            let header = Header {
                tenant,
                shipment_id,
                event_id,
                position,
                kept_until,
            };
            leaf(&header, commitments)
        };
        let all = [
            of("ab", "c", None, 1, 2, &[0]),
            of("a", "bc", None, 1, 2, &[0]),
            of("ab", "c", Some(""), 1, 2, &[0]),
            of("ab", "c", Some("e"), 1, 2, &[0]),
            of("ab", "c", None, 2, 2, &[0]),
            of("ab", "c", None, 1, 3, &[0]),
            of("ab", "c", None, 1, 2, &[1]),
        ];
        for (at, one) in all.iter().enumerate() {
            assert!(!all[at + 1..].contains(one), "leaf {at} is not its own");
        }
    }
}
