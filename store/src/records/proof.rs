//! A proof that records of a parcel are in a signed log, which anybody can check without the
//! ledger: `examples/verify_record.rs` does. Bytes are hexadecimal digits.

use crate::error::{Refused, StoreError};
use crate::records::head::TreeHead;
use crate::records::hex;
use crate::records::merkle::{Hash, Tree};
use crate::records::read::{Linked, opened};
use crate::records::rows::{LogRow, RecordRow};
use crate::rows::ShipmentKey;
use serde::{Deserialize, Serialize};

/// The form of a proof. Another form gets another number.
const FORM: u32 = 1;

/// What is proven of a parcel: all its records in the log up to a signed head.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proof {
    /// The form of the proof, which is 1.
    pub form: u32,
    /// Whose ledger it is.
    pub tenant: String,
    /// The parcel.
    pub shipment_id: String,
    /// What the installation signed.
    pub head: ProvenHead,
    /// Its records, in the order of the log.
    pub records: Vec<ProvenRecord>,
}

/// A signed head.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProvenHead {
    /// SHA-256 of the public key.
    pub log_id: String,
    /// How many lines the log had.
    pub size: i64,
    /// The root over them.
    pub root: String,
    /// The last hash of the chain.
    pub chain: String,
    /// Seconds of UTC since 1970.
    pub signed_at: i64,
    /// With what the signature is checked.
    pub public_key: String,
    /// Ed25519.
    pub signature: String,
}

/// A record and its path to the root.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProvenRecord {
    /// Its line, from one on.
    pub seq: i64,
    /// Its posting.
    pub position: i64,
    /// The event, or nothing for a claim.
    pub event_id: Option<String>,
    /// The last day on which its values are kept, as days since 1970-01-01.
    pub kept_until: i32,
    /// All its fields.
    pub fields: Vec<ProvenField>,
    /// The siblings from the leaf to the root.
    pub path: Vec<String>,
}

/// A field: what is committed to, and for a public one also the value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProvenField {
    /// Its name.
    pub path: String,
    /// Whether it tells of a person; then its value is not part of a proof.
    pub personal: bool,
    /// SHA-256 of salt and value.
    pub commitment: String,
    /// The salt, unless the value is personal or its time has passed.
    pub salt: Option<String>,
    /// The value, likewise.
    pub value: Option<String>,
}

/// A signed head with the tree under it, from which many parcels are proven.
#[derive(Clone, Debug)]
pub struct SignedTree {
    head: TreeHead,
    tree: Tree,
}

impl SignedTree {
    /// The tree over the leaves under a head, which must be what was signed.
    pub(crate) fn new(head: TreeHead, leaves: Vec<Hash>) -> Result<SignedTree, StoreError> {
        let tree = Tree::new(leaves);
        if !head.is_signed() || tree.root() != head.root {
            return Err(StoreError::Damaged(head.size));
        }
        Ok(SignedTree { head, tree })
    }

    /// The head.
    #[must_use]
    pub fn head(&self) -> &TreeHead {
        &self.head
    }
}

/// Proves these records of a parcel under a head.
pub(crate) fn prove(
    key: &ShipmentKey,
    SignedTree { head, tree }: &SignedTree,
    records: &[Linked],
) -> Result<Proof, StoreError> {
    let under = records.iter().filter(|one| one.line.seq <= head.size);
    let proven = under.map(|one| proven(tree, &one.line, one.whole(key)?));
    let records: Vec<ProvenRecord> = proven.collect::<Result<_, _>>()?;
    if records.is_empty() {
        return Err(Refused::NotUnderHead.into());
    }
    Ok(Proof {
        form: FORM,
        tenant: key.tenant.clone(),
        shipment_id: key.shipment_id.clone(),
        head: ProvenHead {
            log_id: hex::text(&head.log_id),
            size: head.size,
            root: hex::text(&head.root),
            chain: hex::text(&head.chain),
            signed_at: head.signed_at,
            public_key: hex::text(&head.public_key),
            signature: hex::text(&head.signature),
        },
        records,
    })
}

fn proven(tree: &Tree, line: &LogRow, row: &RecordRow) -> Result<ProvenRecord, StoreError> {
    let damaged = || StoreError::Damaged(line.seq);
    let place = usize::try_from(line.seq - 1).map_err(|_| damaged())?;
    if tree.leaves().get(place) != Some(&line.leaf) {
        return Err(damaged());
    }
    let path = tree.inclusion(place).ok_or_else(damaged)?;
    let opened = opened(row, &None).map_err(|_| damaged())?;
    let fields = opened.commitments.into_iter().zip(opened.values);
    let fields = fields.map(|(field, value)| {
        let value = value.ok();
        ProvenField {
            path: field.path,
            personal: field.personal,
            commitment: hex::text(&field.hash),
            salt: value.as_ref().map(|value| hex::text(&value.salt)),
            value: value.as_ref().map(|value| hex::text(&value.value)),
        }
    });
    Ok(ProvenRecord {
        seq: line.seq,
        position: row.position,
        event_id: row.event_id.clone(),
        kept_until: row.kept_until,
        fields: fields.collect(),
        path: path.iter().map(|hash| hex::text(hash)).collect(),
    })
}
