//! From what the caller wants kept to rows: salts are drawn, values are committed to, personal
//! ones are sealed under the key of their person.

use crate::codec::corrupt;
use crate::error::{Refused, StoreError};
use crate::records::keys::{Installation, open, random, seal};
use crate::records::leaf::{Commitment, Salted, pack_commitments, pack_values, put};
use crate::records::rows::{RecordRow, SealedRow};
use crate::records::types::Record;
use crate::rows::ShipmentKey;
use crate::types::PersonKey;
use std::collections::{BTreeSet, HashMap};

/// How long all values of a record may be together, and how long an answer.
pub(crate) const LONGEST: usize = 16 << 20;

/// A record that a batch made.
#[derive(Clone, Debug)]
pub(crate) struct NewRecord {
    /// As in the batch's entries: a place in their list until they are numbered.
    pub position: i64,
    pub shipment: ShipmentKey,
    pub event_id: Option<String>,
    pub person: PersonKey,
    pub record: Record,
}

/// A person within a tenant.
pub(crate) type Whose = (String, PersonKey);

impl Record {
    /// What cannot be committed to, or could not be sealed.
    pub(crate) fn check(&self, has_keys: bool) -> Result<(), StoreError> {
        let mut paths: BTreeSet<&str> = BTreeSet::new();
        let length: usize = self.fields.iter().map(|field| field.value.len()).sum();
        let fits = |path: &str| (1..=200).contains(&path.len());
        let fine = self.fields.len() <= 10_000
            && length <= LONGEST
            && self
                .fields
                .iter()
                .all(|field| fits(&field.path) && paths.insert(&field.path));
        if !fine {
            return Err(Refused::BadRecord.into());
        }
        if !has_keys && self.fields.iter().any(|field| field.personal) {
            return Err(Refused::NoKeys.into());
        }
        Ok(())
    }
}

/// The keys of persons, as loaded and as made.
#[derive(Debug, Default)]
pub(crate) struct Secrets {
    keys: HashMap<Whose, [u8; 32]>,
    /// New ones, sealed under the installation's key.
    pub new: Vec<(Whose, Vec<u8>)>,
}

impl Secrets {
    /// Takes a key as the ledger has it.
    pub(crate) fn add(
        &mut self,
        installation: &Installation,
        whose: Whose,
        sealed: &[u8],
    ) -> Result<(), StoreError> {
        let key = open_secret(installation, &whose, sealed)?;
        self.keys.insert(whose, key);
        Ok(())
    }

    /// The key of a person, a new one if it has none.
    pub(crate) fn of(
        &mut self,
        installation: &Installation,
        whose: &Whose,
    ) -> Result<[u8; 32], StoreError> {
        if let Some(key) = self.keys.get(whose) {
            return Ok(*key);
        }
        let key = random()?;
        let sealed = seal(installation.seal_key(), &about_key(whose), &key)?;
        self.keys.insert(whose.clone(), key);
        self.new.push((whose.clone(), sealed));
        Ok(key)
    }
}

/// Opens a person's key. One that does not open is damage or another installation's.
pub(crate) fn open_secret(
    installation: &Installation,
    whose: &Whose,
    sealed: &[u8],
) -> Result<[u8; 32], StoreError> {
    let key = open(installation.seal_key(), &about_key(whose), sealed);
    let key = key.and_then(|key| key.try_into().ok());
    key.ok_or_else(|| corrupt("person's key"))
}

fn about_key(whose: &Whose) -> Vec<u8> {
    let mut about = b"key of a person\0".to_vec();
    put(&mut about, whose.0.as_bytes());
    about.extend_from_slice(&whose.1.0);
    about
}

/// What binds a sealed row to its record and its person.
pub(crate) fn about_row(whose: &Whose, position: i64) -> Vec<u8> {
    let mut about = b"fields of a record\0".to_vec();
    put(&mut about, whose.0.as_bytes());
    about.extend_from_slice(&whose.1.0);
    about.extend_from_slice(&position.to_be_bytes());
    about
}

/// Whose keys these records need, each once.
pub(crate) fn wanted(records: &[NewRecord]) -> Vec<Whose> {
    let personal = |one: &&NewRecord| one.record.fields.iter().any(|field| field.personal);
    let whose = |one: &NewRecord| (one.shipment.tenant.clone(), one.person);
    let wanted: BTreeSet<Whose> = records.iter().filter(personal).map(whose).collect();
    wanted.into_iter().collect()
}

/// The rows of these records, in their order.
pub(crate) fn rows(
    installation: Option<&Installation>,
    secrets: &mut Secrets,
    records: &[NewRecord],
) -> Result<Vec<RecordRow>, StoreError> {
    let row = |one: &NewRecord| row(installation, secrets, one);
    records.iter().map(row).collect()
}

fn row(
    installation: Option<&Installation>,
    secrets: &mut Secrets,
    one: &NewRecord,
) -> Result<RecordRow, StoreError> {
    let (mut commitments, mut public, mut personal) = (Vec::new(), Vec::new(), Vec::new());
    for field in &one.record.fields {
        let salted = Salted {
            salt: random()?,
            value: field.value.clone(),
        };
        commitments.push(Commitment {
            path: field.path.clone(),
            personal: field.personal,
            hash: salted.hash(),
        });
        let values = if field.personal {
            &mut personal
        } else {
            &mut public
        };
        values.push(salted);
    }
    let sealed = match (personal.is_empty(), installation) {
        (true, _) => None,
        (false, None) => return Err(Refused::NoKeys.into()),
        (false, Some(installation)) => {
            let whose = (one.shipment.tenant.clone(), one.person);
            let key = secrets.of(installation, &whose)?;
            let about = about_row(&whose, one.position);
            Some(SealedRow {
                person: one.person,
                sealed: seal(&key, &about, &pack_values(&personal))?,
            })
        }
    };
    Ok(RecordRow {
        position: one.position,
        shipment: one.shipment.clone(),
        event_id: one.event_id.clone(),
        kept_until: one.record.kept_until,
        lost: 0,
        commitments: pack_commitments(&commitments),
        public: Some(pack_values(&public)),
        sealed,
    })
}

/// Seals the personal fields of a record for another person, who has it after a split.
pub(crate) fn reseal(
    installation: &Installation,
    secrets: &mut Secrets,
    tenant: &str,
    position: i64,
    from: &SealedRow,
    to: PersonKey,
) -> Result<SealedRow, StoreError> {
    let (whose, theirs) = ((tenant.to_owned(), from.person), (tenant.to_owned(), to));
    let key = secrets.of(installation, &whose)?;
    let plain = open(&key, &about_row(&whose, position), &from.sealed);
    let plain = plain.ok_or_else(|| corrupt("sealed field"))?;
    let key = secrets.of(installation, &theirs)?;
    Ok(SealedRow {
        person: to,
        sealed: seal(&key, &about_row(&theirs, position), &plain)?,
    })
}
