//! The facts a rule may ask of a line, and what their absence means.

use crate::sets::NumberRange;
use serde::{Deserialize, Serialize};

/// A fact by its place in the rulebook's list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct FactId(pub u16);

/// What a fact's value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FactType {
    /// Yes or no.
    Bool,
    /// Text; a rule asks whether it is given and not `none`, or whether it equals a text.
    Text,
    /// Dollars.
    Usd,
    /// A share from 0 to 1, as text with at most four decimals.
    Share,
}

/// What it means that a fact was not given (`law/us/facts.toml`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Absence {
    /// Relief must be claimed: absent is not claimed. A question is raised, the outcome stands.
    Claim,
    /// Read off the number; without a number it is presumed or asked for.
    Derived {
        /// Prefixes of the numbers for which the fact is true.
        numbers: Vec<NumberRange>,
        /// The value presumed without a number; `None` asks.
        without_number: Option<bool>,
    },
    /// A cited presumption.
    Presumed(bool),
    /// No lawful default: a person must answer where it matters.
    Material,
    /// Read off the duties that the line bears: whether a heading of Chapter 99 charges it. Where
    /// they are not known it is material.
    Owed,
}

/// One fact of `facts.toml`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    /// The name in a line's `facts`.
    pub name: String,
    /// The type of its value.
    pub kind: FactType,
    /// What absence means.
    pub absence: Absence,
    /// One sentence on what the fact is.
    pub means: String,
    /// Whether its absence is worth a question; a claim may be honoured without being asked for.
    pub asked: bool,
    /// The question put to the sender.
    pub question: String,
    /// Authority for the presumption or the derivation.
    pub cite: Vec<String>,
    /// How well that is supported.
    pub confidence: crate::names::Confidence,
}

/// A typed answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FactValue {
    /// Yes or no.
    Bool(bool),
    /// Text, as its hash: rules compare, they never read.
    Text(TextHash),
    /// Dollars in cents.
    Usd(crate::money::Cents),
    /// A share in ten-thousandths.
    Share(u32),
}

/// Text of a fact, folded to 64 bits so that a line stays small and comparing allocates nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct TextHash(pub u64);

impl TextHash {
    /// The folded text `none`, which means that the fact is given and empty.
    pub const NONE: TextHash = TextHash::of("none");

    /// Folds text without regard to ASCII case (FNV-1a).
    #[must_use]
    pub const fn of(text: &str) -> TextHash {
        let (bytes, mut hash, mut at) = (text.as_bytes(), 0xcbf2_9ce4_8422_2325_u64, 0);
        while at < bytes.len() {
            hash ^= bytes[at].to_ascii_lowercase() as u64;
            hash = hash.wrapping_mul(0x0100_0000_01b3);
            at += 1;
        }
        TextHash(hash)
    }
}

/// Why an answer does not fit its fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FactError {
    /// Not `true` or `false`.
    #[error("must be true or false")]
    NotBool,
    /// Not an amount.
    #[error("must be dollars as text, such as 12.50")]
    NotUsd,
    /// Not a share.
    #[error("must be a share from 0 to 1 as text, such as 0.25")]
    NotShare,
    /// Empty text.
    #[error("must not be empty")]
    Empty,
}

impl Fact {
    /// Reads an answer as this fact's type.
    pub fn read(&self, text: &str) -> Result<FactValue, FactError> {
        match self.kind {
            FactType::Bool => match text {
                "true" => Ok(FactValue::Bool(true)),
                "false" => Ok(FactValue::Bool(false)),
                _ => Err(FactError::NotBool),
            },
            FactType::Text if text.trim().is_empty() => Err(FactError::Empty),
            FactType::Text => Ok(FactValue::Text(TextHash::of(text.trim()))),
            FactType::Usd => crate::money::Cents::parse(text)
                .map(FactValue::Usd)
                .map_err(|_| FactError::NotUsd),
            FactType::Share => crate::money::parse_minor(text, 4)
                .ok()
                .and_then(|share| u32::try_from(share).ok())
                .filter(|share| *share <= 10_000)
                .map(FactValue::Share)
                .ok_or(FactError::NotShare),
        }
    }
}

/// The name of the fact that stands for a line's country of origin.
pub const ORIGIN_FACT: &str = "country_of_origin";

/// The name of the fact that stands for a line's HTSUS number.
pub const NUMBER_FACT: &str = "htsus_number";

/// Finds a fact by name in the rulebook's list, which is sorted by name.
#[must_use]
pub fn find(facts: &[Fact], name: &str) -> Option<FactId> {
    facts
        .binary_search_by(|fact| fact.name.as_str().cmp(name))
        .ok()
        .map(|at| FactId(at as u16))
}
