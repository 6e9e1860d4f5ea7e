//! Numbers of importers, consignees and owners: three kinds, told apart by where the hyphens stand.
//!
//! Source: CATAIR cargo release v40, record SE10 positions 22 to 36 (types EI, ANI, 34 and their
//! forms). No kind has a check digit, so only the form is judged. A Social Security number is about
//! a person: no message here repeats a digit of it.

use super::Wrong;
use std::fmt;

/// Which kind of number it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ImporterKind {
    /// Employer identification number, `NN-NNNNNNN` with a suffix of two places or none.
    Employer,
    /// Social Security number, `NNN-NN-NNNN`.
    SocialSecurity,
    /// Assigned by CBP, `YYDDPP-NNNNN`.
    CbpAssigned,
}

impl ImporterKind {
    /// The type code beside the number in record SE10.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            ImporterKind::Employer => "EI",
            ImporterKind::SocialSecurity => "34",
            ImporterKind::CbpAssigned => "ANI",
        }
    }

    /// What the kind is called.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            ImporterKind::Employer => "employer identification number",
            ImporterKind::SocialSecurity => "Social Security number",
            ImporterKind::CbpAssigned => "number assigned by CBP",
        }
    }
}

/// A number with the form of one of the kinds.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct ImporterNumber {
    kind: ImporterKind,
    written: String,
}

impl ImporterNumber {
    /// Reads a number with its hyphens.
    ///
    /// # Errors
    /// Another form. Digits without hyphens are refused, since their kind cannot be told.
    pub fn parse(text: &str) -> Result<ImporterNumber, Wrong> {
        let kind = match shape(text).as_str() {
            "NN-NNNNNNN" => ImporterKind::Employer,
            with if with.len() == 12
                && with.starts_with("NN-NNNNNNN")
                && with[10..].bytes().all(|b| matches!(b, b'N' | b'A')) =>
            {
                ImporterKind::Employer
            }
            "NNN-NN-NNNN" => ImporterKind::SocialSecurity,
            "NNNNNN-NNNNN" => ImporterKind::CbpAssigned,
            "NNNNNNNNN" => {
                return Err(Wrong::new(
                    "nine digits without hyphens: NN-NNNNNNN (employer) or NNN-NN-NNNN (Social \
                     Security) is meant, and which of them cannot be told",
                ));
            }
            "-AAAAAAAAAAA" => {
                return Err(Wrong::new(
                    "this looks like CBP's encrypted form, which messages do not accept",
                ));
            }
            _ => {
                return Err(Wrong::new(
                    "the form is NN-NNNNNNN with a suffix of two places or none, NNN-NN-NNNN, or \
                     YYDDPP-NNNNN",
                ));
            }
        };
        Ok(ImporterNumber {
            kind,
            written: text.to_owned(),
        })
    }

    /// Which kind it is.
    #[must_use]
    pub fn kind(&self) -> ImporterKind {
        self.kind
    }

    /// As written in a record, with hyphens, at most 12 places.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.written
    }

    /// Whether every digit is zero: what stands for an unnamed consignee on types 11 and 12.
    #[must_use]
    pub fn is_zeros(&self) -> bool {
        self.written.bytes().all(|b| matches!(b, b'0' | b'-'))
    }
}

/// Each digit as N, each other letter as A, the rest as it stands.
fn shape(text: &str) -> String {
    let of = |c: char| match c {
        '0'..='9' => 'N',
        'A'..='Z' => 'A',
        other => other,
    };
    text.chars().take(16).map(of).collect()
}

/// A number about a person is not printed by accident.
impl fmt::Debug for ImporterNumber {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "ImporterNumber({:?}, withheld)", self.kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_told_by_their_hyphens() {
        for (text, kind) in [
            ("12-3456789", ImporterKind::Employer),
            ("12-3456789AB", ImporterKind::Employer),
            ("12-345678900", ImporterKind::Employer),
            ("123-45-6789", ImporterKind::SocialSecurity),
            ("260401-00012", ImporterKind::CbpAssigned),
        ] {
            assert_eq!(ImporterNumber::parse(text).unwrap().kind(), kind, "{text}");
        }
        assert!(ImporterNumber::parse("00-0000000").unwrap().is_zeros());
        assert!(!ImporterNumber::parse("12-3456789").unwrap().is_zeros());
    }

    #[test]
    fn refusals_repeat_no_digit() {
        for text in [
            "123456789",
            "12-345678",
            "12-3456789A",
            "12-3456789ab",
            "123-456789",
            "2604010-0012",
            "",
            "-ABCDEFGHIJK",
        ] {
            let wrong = ImporterNumber::parse(text).unwrap_err();
            assert!(
                !wrong.reason.contains(|c: char| c.is_ascii_digit()),
                "{}",
                wrong.reason
            );
        }
        let shown = format!("{:?}", ImporterNumber::parse("123-45-6789").unwrap());
        assert!(!shown.contains("6789"), "{shown}");
    }
}
