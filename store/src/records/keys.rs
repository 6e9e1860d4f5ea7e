//! The installation's secret and what is made from it; sealing under a key.
//!
//! One secret of 32 bytes, which the program keeps in a file of its own, gives a key for each
//! purpose. The store never reads that file. Whoever loses the secret loses what is sealed, and
//! nothing else: sums, leaves and proofs need no key.

use crate::error::StoreError;
use crate::types::PersonKey;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use ed25519_dalek::{Signer, SigningKey};
use sha2::{Digest, Sha256};
use std::fmt;

const FOR_PERSONS: &str = "deminimis 2026-11-22 ledger: hashes of persons";
const FOR_BLOCKING: &str = "deminimis 2026-11-22 ledger: hashes of blocking keys";
const FOR_SEALING: &str = "deminimis 2026-11-22 ledger: sealing of persons' keys";
const FOR_DESK: &str = "deminimis 2026-11-22 desk: sealing of secrets that are needed again";
const FOR_SIGNING: &str = "deminimis 2026-11-22 ledger: signing of tree heads";

/// How long a nonce is.
const NONCE: usize = 24;

/// A keyed hash by which a person is looked for; it goes when the person is erased.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BlockingKey(pub [u8; 16]);

/// The keys of one installation.
#[derive(Clone)]
pub struct Installation {
    hash_key: [u8; 32],
    blocking_key: [u8; 32],
    seal_key: [u8; 32],
    desk_key: [u8; 32],
    signing_key: SigningKey,
}

impl fmt::Debug for Installation {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The keys themselves are no one's to read.
        out.debug_struct("Installation").finish_non_exhaustive()
    }
}

impl Installation {
    /// The keys that this secret gives. It should be random.
    #[must_use]
    pub fn from_secret(secret: &[u8; 32]) -> Self {
        Self {
            hash_key: blake3::derive_key(FOR_PERSONS, secret),
            blocking_key: blake3::derive_key(FOR_BLOCKING, secret),
            seal_key: blake3::derive_key(FOR_SEALING, secret),
            desk_key: blake3::derive_key(FOR_DESK, secret),
            signing_key: SigningKey::from_bytes(&blake3::derive_key(FOR_SIGNING, secret)),
        }
    }

    /// A new secret for an installation that has none.
    ///
    /// # Errors
    /// [`StoreError::Failure`] if the system gives no random bytes.
    pub fn new_secret() -> Result<[u8; 32], StoreError> {
        random()
    }

    /// The person whose exact key has these bytes.
    #[must_use]
    pub fn person(&self, exact_key: &[u8]) -> PersonKey {
        PersonKey(short(&self.hash_key, exact_key))
    }

    /// A blocking key as the ledger keeps it.
    #[must_use]
    pub fn blocking(&self, key: &[u8]) -> BlockingKey {
        BlockingKey(short(&self.blocking_key, key))
    }

    /// With what anybody checks the signatures of this installation.
    #[must_use]
    pub fn public_key(&self) -> [u8; 32] {
        self.signing_key.verifying_key().to_bytes()
    }

    pub(crate) fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.signing_key.sign(message).to_bytes()
    }

    /// Seals a secret of the desk that is needed again, such as one that signs. `about` is its id:
    /// under another it does not open.
    ///
    /// # Errors
    /// [`StoreError::Failure`] if the system gives no random bytes.
    pub fn seal_for_desk(&self, about: &str, secret: &[u8]) -> Result<Vec<u8>, StoreError> {
        seal(&self.desk_key, about.as_bytes(), secret)
    }

    /// Opens what [`Installation::seal_for_desk`] sealed; nothing if it is another's or damaged.
    #[must_use]
    pub fn open_for_desk(&self, about: &str, sealed: &[u8]) -> Option<Vec<u8>> {
        open(&self.desk_key, about.as_bytes(), sealed)
    }

    pub(crate) fn seal_key(&self) -> &[u8; 32] {
        &self.seal_key
    }
}

/// The name of a log: the hash of the key that signs its heads.
#[must_use]
pub fn log_id(public_key: &[u8; 32]) -> [u8; 32] {
    Sha256::digest(public_key).into()
}

fn short(key: &[u8; 32], bytes: &[u8]) -> [u8; 16] {
    let hash = blake3::keyed_hash(key, bytes);
    let (first, _) = hash.as_bytes().as_chunks::<16>();
    first[0]
}

pub(crate) fn random<const N: usize>() -> Result<[u8; N], StoreError> {
    let mut bytes = [0; N];
    let filled = getrandom::fill(&mut bytes);
    filled.map_err(|error| StoreError::Failure(error.to_string()))?;
    Ok(bytes)
}

/// Seals bytes under a key. `about` says whose they are; with another they do not open.
pub(crate) fn seal(key: &[u8; 32], about: &[u8], plain: &[u8]) -> Result<Vec<u8>, StoreError> {
    let nonce: [u8; NONCE] = random()?;
    let cipher = XChaCha20Poly1305::new(key.into());
    let payload = Payload {
        msg: plain,
        aad: about,
    };
    let sealed = cipher.encrypt(XNonce::from_slice(&nonce), payload);
    let sealed = sealed.map_err(|_| StoreError::Failure("too long to be sealed".into()))?;
    Ok([nonce.as_slice(), &sealed].concat())
}

/// Opens what was sealed; nothing if a single bit of it, its key or its owner is another.
pub(crate) fn open(key: &[u8; 32], about: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
    let (nonce, sealed) = sealed.split_first_chunk::<NONCE>()?;
    let payload = Payload {
        msg: sealed,
        aad: about,
    };
    let cipher = XChaCha20Poly1305::new(key.into());
    cipher.decrypt(XNonce::from_slice(nonce), payload).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_for_its_owner_and_whole_alone() {
        let sealed = seal(&[1; 32], b"anna", b"Anna Smith").unwrap();
        assert_eq!(open(&[1; 32], b"anna", &sealed).unwrap(), b"Anna Smith");
        assert_eq!(open(&[2; 32], b"anna", &sealed), None);
        assert_eq!(open(&[1; 32], b"anne", &sealed), None);
        for bit in 0..sealed.len() * 8 {
            let mut other = sealed.clone();
            other[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(open(&[1; 32], b"anna", &other), None, "bit {bit}");
        }
        for end in 0..sealed.len() {
            assert_eq!(open(&[1; 32], b"anna", &sealed[..end]), None);
        }
        let again = seal(&[1; 32], b"anna", b"Anna Smith").unwrap();
        assert_ne!(sealed, again, "a nonce came twice");
    }

    #[test]
    fn each_purpose_and_each_secret_has_keys_of_its_own() {
        let one = Installation::from_secret(&[1; 32]);
        let other = Installation::from_secret(&[2; 32]);
        assert_eq!(one.person(b"x"), one.clone().person(b"x"));
        assert_ne!(one.person(b"x"), one.person(b"y"));
        assert_ne!(one.person(b"x"), other.person(b"x"));
        assert_ne!(one.person(b"x").0, one.blocking(b"x").0);
        assert_ne!(one.public_key(), other.public_key());
        let sealed = one.seal_for_desk("w1", b"x").unwrap();
        assert_eq!(one.open_for_desk("w1", &sealed).unwrap(), b"x");
        assert_eq!(one.open_for_desk("w2", &sealed), None);
        assert_eq!(other.open_for_desk("w1", &sealed), None);
        assert_eq!(open(one.seal_key(), b"w1", &sealed), None);
        assert_eq!(format!("{one:?}"), "Installation { .. }");
    }
}
