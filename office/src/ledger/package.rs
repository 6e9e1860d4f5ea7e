//! An audit package of parcels: what was sent, what was decided, the records with their proofs, the
//! law that decided, and how all of it is checked without the ledger.

use crate::law::{list, show};
use crate::ledger::proofs::{record_json, text, values_json};
use crate::ledger::told::hex;
use crate::ledger::{Desk, LedgerError, lost_words};
use crate::out::ENGINE;
use crate::setup::{Setup, SetupError};
use deminimis_store::intake::Lost;
use deminimis_store::{Content, KeptRecord, Refused};
use serde::Serialize;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, BufWriter, Seek, Write};
use std::path::Path;
use zip::write::{SimpleFileOptions, ZipWriter};

/// The most parcels of a package; more go into further ones.
pub const MOST_OF_A_PACKAGE: usize = 2_000;
/// The most bytes of all files before they are packed. A package is made in a file, so that memory
/// holds one parcel at a time and the list of its files.
pub const MOST_BYTES: u64 = 1 << 30;

/// How a package is checked.
const READ_ME: &str = include_str!("package.txt");
/// A program that checks proofs and shares no code with the ledger.
const VERIFIER: &str = include_str!("../../../store/examples/verify_record.rs");

/// Why there is no package.
#[derive(Debug, thiserror::Error)]
pub enum PackageError {
    /// The ledger has no such parcel: its place among those asked for, from 0.
    #[error("the ledger has no parcel of the id in place {0}")]
    Unknown(usize),
    /// No record of a parcel can be proven.
    #[error("the parcel in place {0} cannot be proven: {1}")]
    Unproven(usize, Refused),
    /// It would be too large.
    #[error("the package would have more than {} MiB; ask for fewer parcels", MOST_BYTES >> 20)]
    TooLarge,
    /// The ledger cannot be used.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The law's cases cannot be read.
    #[error(transparent)]
    Setup(#[from] SetupError),
    /// It cannot be packed.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// The files of a package, packed as they come.
struct Files {
    zip: ZipWriter<BufWriter<File>>,
    left: u64,
    listed: Vec<Listed>,
}

/// A file of a package.
#[derive(Serialize)]
struct Listed {
    path: String,
    bytes: usize,
    sha256: String,
}

impl Files {
    fn new(file: File) -> Files {
        Files {
            zip: ZipWriter::new(BufWriter::new(file)),
            left: MOST_BYTES,
            listed: Vec::new(),
        }
    }

    fn add(&mut self, path: &str, bytes: &[u8]) -> Result<(), PackageError> {
        self.left = self
            .left
            .checked_sub(bytes.len() as u64)
            .ok_or(PackageError::TooLarge)?;
        let options = SimpleFileOptions::default();
        self.zip
            .start_file(path, options)
            .map_err(io::Error::other)?;
        self.zip.write_all(bytes)?;
        self.listed.push(Listed {
            path: path.to_owned(),
            bytes: bytes.len(),
            sha256: hex(&Sha256::digest(bytes)),
        });
        Ok(())
    }

    /// What `sha256sum -c` reads, of all files so far.
    fn sums(&mut self) -> Result<(), PackageError> {
        let line = |one: &Listed| format!("{}  {}\n", one.sha256, one.path);
        let text: String = self.listed.iter().map(line).collect();
        self.add("SHA256SUMS", text.as_bytes())
    }

    fn json(&mut self, path: &str, value: &impl Serialize) -> Result<(), PackageError> {
        let mut text = serde_json::to_vec_pretty(value).map_err(io::Error::from)?;
        text.push(b'\n');
        self.add(path, &text)
    }

    fn end(self) -> Result<File, PackageError> {
        let written = self.zip.finish().map_err(io::Error::other)?;
        let written = written.into_inner();
        let mut file = written.map_err(|error| PackageError::Io(error.into_error()))?;
        file.rewind()?;
        Ok(file)
    }
}

/// Makes a package of parcels, as of a moment in seconds of UTC since 1970, in a file without a name
/// in `folder`: it is gone when nobody holds it. What was asked for is told in its list.
///
/// # Errors
/// One of the parcels is not there or cannot be proven, the package would be too large, or the ledger
/// cannot be used.
pub fn package(
    setup: &Setup,
    desk: &Desk,
    ids: &[String],
    asked: &Value,
    made_at: i64,
    folder: &Path,
) -> Result<File, PackageError> {
    let mut files = Files::new(tempfile::tempfile_in(folder)?);
    let mut prover = desk.prover();
    files.add("README.txt", READ_ME.as_bytes())?;
    files.add("verify_record.rs", VERIFIER.as_bytes())?;
    let (mut parcels, mut rulebooks) = (Vec::new(), BTreeSet::new());
    for (place, id) in ids.iter().enumerate() {
        let records = desk.records_of(id)?;
        let Some(last) = records.iter().map(|record| record.seq).max() else {
            return Err(PackageError::Unknown(place));
        };
        let proof = prover.prove(id, last)?;
        let proof = proof.map_err(|why| PackageError::Unproven(place, why))?;
        // Ids are the sender's own and can be any text: a folder has a number.
        let folder = format!("parcels/{:04}", place + 1);
        files.json(&format!("{folder}/input.json"), &input(&records))?;
        let decisions: Vec<Value> = records.iter().map(decision).collect();
        files.json(&format!("{folder}/decisions.json"), &decisions)?;
        files.json(&format!("{folder}/records.json"), &whole(&records))?;
        files.json(&format!("{folder}/proof.json"), &proof)?;
        let of_parcel: BTreeSet<String> = records
            .iter()
            .filter_map(|record| text(record, "law.rulebook"))
            .collect();
        parcels.push(
            json!({ "shipment_id": id, "folder": folder, "records": records.len(),
            "rulebooks": of_parcel }),
        );
        rulebooks.extend(of_parcel);
    }
    let in_hand = setup.law.hash().to_owned();
    let has_law = rulebooks.contains(&in_hand);
    if has_law {
        law(setup, &mut files)?;
    }
    let missing: Vec<&String> = rulebooks.iter().filter(|one| **one != in_hand).collect();
    let manifest = json!({
        "form": 1, "tenant": desk.intake.tenant(), "made_at": made_at, "engine": ENGINE,
        "asked": asked, "parcels": parcels,
        "law": { "in_package": has_law.then_some(&in_hand), "not_in_package": missing },
        "files": files.listed,
    });
    files.json("manifest.json", &manifest)?;
    files.sums()?;
    files.end()
}

/// Every instrument of the law in hand, with its versions, citations and cases.
fn law(setup: &Setup, files: &mut Files) -> Result<(), PackageError> {
    let (law, cases) = (&setup.law, setup.cases()?);
    let listed = list::json(law, None);
    files.json("law/instruments.json", &listed)?;
    let ids = listed.as_array().into_iter().flatten();
    for id in ids.filter_map(|one| one["id"].as_str()) {
        // It was listed a moment ago, so it is there.
        if let Ok(shown) = show::json(law, &cases, id) {
            files.json(&format!("law/{id}.json"), &shown)?;
        }
    }
    Ok(())
}

/// The parcel as it was sent last, field by field; of what is gone, why.
fn input(records: &[KeptRecord]) -> Value {
    let latest = records.last();
    let fields = latest.into_iter().flat_map(|record| &record.fields);
    let gone = |why: &Lost| json!({ "gone": lost_words(why) });
    let mut all = Map::new();
    for field in fields {
        let Some(name) = field.path.strip_prefix("input.") else {
            continue;
        };
        let value = match &field.content {
            Content::Value(value) => String::from_utf8_lossy(value).into_owned().into(),
            Content::Sealed => gone(&Lost::Sealed),
            Content::Erased => gone(&Lost::Erased),
            Content::Expired => gone(&Lost::Expired),
        };
        all.insert(name.to_owned(), value);
    }
    Value::Object(all)
}

/// A record's decision, and with what it was made.
fn decision(record: &KeptRecord) -> Value {
    let read = text(record, "decision").and_then(|text| serde_json::from_str::<Value>(&text).ok());
    json!({
        "line": record.seq, "event": record.event_id, "decision": read,
        "engine": text(record, "engine"), "decided_at": text(record, "decided_at"),
        "rulebook": text(record, "law.rulebook"), "tariff": text(record, "law.tariff"),
        "rates": text(record, "law.rates"), "known_at": text(record, "law.known_at"),
    })
}

/// Records with their values.
fn whole(records: &[KeptRecord]) -> Value {
    let one = |record: &KeptRecord| {
        let mut told = record_json(record);
        told["values"] = values_json(record);
        told
    };
    records.iter().map(one).collect()
}
