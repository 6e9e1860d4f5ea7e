//! Short codes on a line: program symbols, claimed headings, agencies; and patterns over them.

use serde::{Deserialize, Serialize};

/// A short code (program symbol, heading without dots, agency) of at most 12 ASCII bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Claim([u8; 12]);

impl Claim {
    /// Reads a code; dots and spaces are dropped, letters folded to capitals. `None` if nothing is
    /// left, if it is longer than 12, or if it holds anything but letters, digits, `+`, `*` and `-`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Claim> {
        let (mut bytes, mut at) = ([0_u8; 12], 0);
        for byte in text.bytes().filter(|byte| !matches!(byte, b'.' | b' ')) {
            if at == 12 || !(byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'*' | b'-')) {
                return None;
            }
            bytes[at] = byte.to_ascii_uppercase();
            at += 1;
        }
        (at > 0).then_some(Claim(bytes))
    }

    /// The code as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        let length = self.0.iter().position(|byte| *byte == 0).unwrap_or(12);
        std::str::from_utf8(&self.0[..length]).unwrap_or("")
    }
}

/// Which codes a rule speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ClaimPattern {
    /// Exactly this code.
    Exactly(Claim),
    /// Codes that begin so: `98*`.
    Begins(Claim),
    /// Any code: `*`.
    Any,
    /// Any special program symbol, that is any code that begins with a letter: `program*`.
    Program,
}

impl ClaimPattern {
    /// Reads the pattern as a law file writes it.
    #[must_use]
    pub fn parse(text: &str) -> Option<ClaimPattern> {
        match text {
            "*" => Some(ClaimPattern::Any),
            "program*" => Some(ClaimPattern::Program),
            // A* is a program symbol of its own (GSP, some articles excluded), so a star after a
            // single letter is part of the symbol.
            _ if text.len() > 2 && text.ends_with('*') => {
                Claim::parse(&text[..text.len() - 1]).map(ClaimPattern::Begins)
            }
            _ => Claim::parse(text).map(ClaimPattern::Exactly),
        }
    }

    /// Whether `claim` is meant.
    #[must_use]
    pub fn matches(&self, claim: &Claim) -> bool {
        match self {
            ClaimPattern::Exactly(code) => code == claim,
            ClaimPattern::Begins(start) => claim.as_str().starts_with(start.as_str()),
            ClaimPattern::Any => true,
            ClaimPattern::Program => claim.0[0].is_ascii_alphabetic(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_what_they_say() {
        let claim = |text: &str| Claim::parse(text).unwrap();
        let matches =
            |pattern: &str, text: &str| ClaimPattern::parse(pattern).unwrap().matches(&claim(text));
        assert!(matches("S", "s") && !matches("S", "S+"));
        assert!(matches("98*", "9801.00.10") && !matches("98*", "9903.88.69"));
        assert!(matches("A*", "A*") && !matches("A*", "AU"));
        assert!(matches("program*", "KR") && !matches("program*", "9801.00.10"));
        assert_eq!(Claim::parse("9801.00.10").unwrap().as_str(), "98010010");
        assert_eq!(Claim::parse("a;b"), None);
        assert_eq!(Claim::parse(""), None);
    }
}
