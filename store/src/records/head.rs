//! Signed tree heads: what an installation says of its log at a moment.

use crate::codec::corrupt;
use crate::error::StoreError;
use crate::records::keys::{Installation, log_id};
use crate::records::merkle::{Frontier, Hash};
use ed25519_dalek::{Signature, VerifyingKey};

/// What is signed begins with this, so that the signature means nothing elsewhere.
const SIGNED: &[u8] = b"deminimis tree head 1\n";

/// The state of the log at a moment, signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TreeHead {
    /// Which log: SHA-256 of the public key.
    pub log_id: Hash,
    /// How many lines it had.
    pub size: i64,
    /// The root of the tree over them.
    pub root: Hash,
    /// The last hash of the chain over them.
    pub chain: Hash,
    /// When it was signed, in seconds of UTC since 1970, as the caller said.
    pub signed_at: i64,
    /// With what the signature is checked.
    pub public_key: [u8; 32],
    /// Ed25519 over all of the above but the key.
    pub signature: [u8; 64],
}

impl TreeHead {
    /// What is signed: numbers are big-endian.
    fn message(&self) -> Vec<u8> {
        let mut message = SIGNED.to_vec();
        message.extend_from_slice(&self.log_id);
        message.extend_from_slice(&self.size.to_be_bytes());
        message.extend_from_slice(&self.root);
        message.extend_from_slice(&self.chain);
        message.extend_from_slice(&self.signed_at.to_be_bytes());
        message
    }

    /// Whether its own key signed it and is the key of the log that it names.
    #[must_use]
    pub fn is_signed(&self) -> bool {
        let key = VerifyingKey::from_bytes(&self.public_key);
        let signature = Signature::from_bytes(&self.signature);
        log_id(&self.public_key) == self.log_id
            && key.is_ok_and(|key| key.verify_strict(&self.message(), &signature).is_ok())
    }

    pub(crate) fn sign(
        installation: &Installation,
        frontier: &Frontier,
        chain: Hash,
        signed_at: i64,
    ) -> Result<Self, StoreError> {
        let public_key = installation.public_key();
        let mut head = Self {
            log_id: log_id(&public_key),
            size: i64::try_from(frontier.size()).map_err(|_| corrupt("log"))?,
            root: frontier.root(),
            chain,
            signed_at,
            public_key,
            signature: [0; 64],
        };
        head.signature = installation.sign(&head.message());
        Ok(head)
    }
}
