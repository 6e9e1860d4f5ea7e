//! Checks a proof that the ledger gave of a parcel's records, without the ledger.
//!
//! `verify_record FILE [PUBLIC_KEY]` prints what is proven and ends with 0, or says what does not
//! hold and ends with 1. Without a public key it is only shown that somebody signed the log, and
//! the key is printed so that it can be compared. It shares no code with the ledger: SHA-256,
//! Ed25519 and JSON are libraries, the rest is written from RFC 9162 and the form of a leaf:
//!
//! - a field's commitment is SHA-256(salt ‖ value)
//! - a leaf is SHA-256(0 ‖ 1 ‖ tenant ‖ shipment ‖ has event ‖ event ‖ position ‖ kept until ‖ number
//!   of fields ‖ fields), a field being its path, whether it is personal, and its commitment; texts
//!   have their length before them in four bytes, numbers are big-endian
//! - a node is SHA-256(1 ‖ left ‖ right)

use ed25519_dalek::{Signature, VerifyingKey};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::process::ExitCode;

type Hash = [u8; 32];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    ExitCode::from(run(&arguments))
}

/// Reads the file that the first argument names, tells what came of it, and gives the exit status.
pub fn run(arguments: &[String]) -> u8 {
    let (file, key) = match arguments {
        [file] => (file, None),
        [file, key] => (file, Some(key.as_str())),
        _ => {
            eprintln!("verify_record FILE [PUBLIC_KEY]");
            return 2;
        }
    };
    let read = std::fs::read_to_string(file).map_err(|error| format!("{file}: {error}"));
    match read.and_then(|text| check(&text, key)) {
        Ok(told) => {
            print!("{told}");
            0
        }
        Err(wrong) => {
            eprintln!("NOT PROVEN: {wrong}");
            1
        }
    }
}

/// What the proof proves, in words, or what does not hold.
pub fn check(text: &str, expected_key: Option<&str>) -> Result<String, String> {
    let proof: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
    if number(&proof, "form")? != 1 {
        return Err("this form of proof is not known here".into());
    }
    let (tenant, shipment) = (string(&proof, "tenant")?, string(&proof, "shipment_id")?);
    let head = &proof["head"];
    check_head(head, expected_key)?;
    let size = number(head, "size")?;
    let root: Hash = bytes(head, "root")?;
    let records = proof["records"].as_array().ok_or("records are missing")?;
    if records.is_empty() {
        return Err("it holds no record".into());
    }
    let mut told = format!(
        "shipment {shipment} of {tenant}\nlog {}, {size} lines, signed at {} by {}\n",
        string(head, "log_id")?,
        number(head, "signed_at")?,
        string(head, "public_key")?,
    );
    for record in records {
        let (seq, position) = (number(record, "seq")?, number(record, "position")?);
        let leaf = leaf(tenant, shipment, record)?;
        let path = record["path"].as_array().ok_or("a path is missing")?;
        let path = path.iter().map(|one| {
            let digits = one.as_str().ok_or("a path is not of hashes")?;
            decode(digits).ok_or_else(|| "a path is not of hashes".to_owned())
        });
        let path: Vec<Hash> = path.collect::<Result<_, _>>()?;
        if seq < 1 || seq > size || !included(&leaf, seq - 1, size, &path, &root) {
            return Err(format!("record {seq} is not in the signed log"));
        }
        let event = record["event_id"].as_str().unwrap_or("claim");
        told += &format!("record {seq}, posting {position}, {event}\n");
        told += &fields(record)?;
    }
    Ok(told)
}

fn check_head(head: &Value, expected_key: Option<&str>) -> Result<(), String> {
    let key: [u8; 32] = bytes(head, "public_key")?;
    if let Some(expected) = expected_key
        && decode::<32>(expected) != Some(key)
    {
        return Err("the log is signed with another key than expected".into());
    }
    let log_id: Hash = bytes(head, "log_id")?;
    if Hash::from(Sha256::digest(key)) != log_id {
        return Err("the log's name is not the hash of its key".into());
    }
    let mut message = b"deminimis tree head 1\n".to_vec();
    message.extend_from_slice(&log_id);
    message.extend_from_slice(&number(head, "size")?.to_be_bytes());
    message.extend_from_slice(&bytes::<32>(head, "root")?);
    message.extend_from_slice(&bytes::<32>(head, "chain")?);
    message.extend_from_slice(&number(head, "signed_at")?.to_be_bytes());
    let signature = Signature::from_bytes(&bytes(head, "signature")?);
    let key = VerifyingKey::from_bytes(&key).map_err(|_| "the public key is none")?;
    key.verify_strict(&message, &signature)
        .map_err(|_| "the signature of the head does not hold".into())
}

fn leaf(tenant: &str, shipment: &str, record: &Value) -> Result<Hash, String> {
    let mut bytes_of = vec![0, 1];
    put(&mut bytes_of, tenant);
    put(&mut bytes_of, shipment);
    let event = match &record["event_id"] {
        Value::Null => None,
        Value::String(event) => Some(event.as_str()),
        _ => return Err("an event is not a text".into()),
    };
    bytes_of.push(u8::from(event.is_some()));
    put(&mut bytes_of, event.unwrap_or_default());
    bytes_of.extend_from_slice(&number(record, "position")?.to_be_bytes());
    let kept_until = i32::try_from(number(record, "kept_until")?);
    let kept_until = kept_until.map_err(|_| "kept_until is not a day")?;
    bytes_of.extend_from_slice(&kept_until.to_be_bytes());
    let fields = record["fields"].as_array().ok_or("fields are missing")?;
    bytes_of.extend_from_slice(&length(fields.len()));
    for field in fields {
        put(&mut bytes_of, string(field, "path")?);
        let personal = field["personal"].as_bool().ok_or("personal is missing")?;
        bytes_of.push(u8::from(personal));
        bytes_of.extend_from_slice(&bytes::<32>(field, "commitment")?);
    }
    Ok(Sha256::digest(bytes_of).into())
}

/// Tells the fields, each value checked against its commitment.
fn fields(record: &Value) -> Result<String, String> {
    let mut told = String::new();
    for field in record["fields"].as_array().into_iter().flatten() {
        let path = string(field, "path")?;
        let text = match (&field["salt"], &field["value"]) {
            (Value::Null, Value::Null) => "(not disclosed)".into(),
            (Value::String(salt), Value::String(value)) => {
                let salt: [u8; 16] = decode(salt).ok_or("a salt is not of 16 bytes")?;
                let value = decode_all(value).ok_or("a value is not hexadecimal")?;
                let hash = Sha256::new().chain_update(salt).chain_update(&value);
                if Hash::from(hash.finalize()) != bytes::<32>(field, "commitment")? {
                    return Err(format!("{path} is not what was committed to"));
                }
                String::from_utf8(value).unwrap_or_else(|_| "(bytes)".into())
            }
            _ => {
                return Err(format!(
                    "{path} has a value without its salt or the reverse"
                ));
            }
        };
        told += &format!("  {path} = {text}\n");
    }
    Ok(told)
}

/// RFC 9162, section 2.1.3.2.
fn included(leaf: &Hash, index: i64, size: i64, path: &[Hash], root: &Hash) -> bool {
    let (mut first, mut last, mut hash) = (index, size - 1, *leaf);
    for sibling in path {
        if last == 0 {
            return false;
        }
        if first % 2 == 1 || first == last {
            hash = node(sibling, &hash);
            while first % 2 == 0 && first != 0 {
                (first, last) = (first / 2, last / 2);
            }
        } else {
            hash = node(&hash, sibling);
        }
        (first, last) = (first / 2, last / 2);
    }
    last == 0 && hash == *root
}

fn node(left: &Hash, right: &Hash) -> Hash {
    let hash = Sha256::new().chain_update([1]);
    hash.chain_update(left)
        .chain_update(right)
        .finalize()
        .into()
}

fn put(bytes: &mut Vec<u8>, text: &str) {
    bytes.extend_from_slice(&length(text.len()));
    bytes.extend_from_slice(text.as_bytes());
}

fn length(length: usize) -> [u8; 4] {
    u32::try_from(length).unwrap_or(u32::MAX).to_be_bytes()
}

fn string<'a>(of: &'a Value, name: &str) -> Result<&'a str, String> {
    of[name]
        .as_str()
        .ok_or_else(|| format!("{name} is missing"))
}

fn number(of: &Value, name: &str) -> Result<i64, String> {
    of[name]
        .as_i64()
        .ok_or_else(|| format!("{name} is missing"))
}

fn bytes<const N: usize>(of: &Value, name: &str) -> Result<[u8; N], String> {
    let wrong = || format!("{name} is not of {N} bytes");
    decode(string(of, name)?).ok_or_else(wrong)
}

fn decode<const N: usize>(digits: &str) -> Option<[u8; N]> {
    decode_all(digits)?.try_into().ok()
}

fn decode_all(digits: &str) -> Option<Vec<u8>> {
    let (pairs, rest) = digits.as_bytes().as_chunks::<2>();
    if !rest.is_empty() || !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return None;
    }
    let pair = |pair: &[u8; 2]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    pairs.iter().map(pair).collect()
}
