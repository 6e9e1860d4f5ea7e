//! Code 128, the symbology of S10 and PAPS numbers, as black and white modules.

use super::{DocumentError, Refusal};
use rxing::oned::{Code128Writer, OneDimensionalCodeWriter};

/// The longest text that is written; longer symbols do not fit a label.
const LONGEST: usize = 32;

/// The modules of a symbol from left to right, black is `true`, without quiet zones.
///
/// # Errors
/// If `text` is empty, longer than 32 characters or has others than printable ASCII.
pub(super) fn code_128(field: &str, text: &str) -> Result<Vec<bool>, DocumentError> {
    let refused = |reason: &str| {
        DocumentError::Refused(vec![Refusal {
            field: field.to_owned(),
            line: None,
            value: Some(text.to_owned()),
            reason: reason.to_owned(),
            allowed: format!("1 to {LONGEST} printable ASCII characters"),
        }])
    };
    if text.is_empty() || text.len() > LONGEST {
        return Err(refused("does not fit a barcode"));
    }
    if !text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
        return Err(refused(
            "has characters that a Code 128 barcode cannot hold",
        ));
    }
    let modules = Code128Writer
        .encode_oned(text)
        .map_err(|_| refused("cannot be written as a barcode"))?;
    let first = modules.iter().position(|black| *black).unwrap_or(0);
    let last = modules.iter().rposition(|black| *black).unwrap_or(0);
    modules
        .get(first..=last)
        .map(<[bool]>::to_vec)
        .ok_or_else(|| refused("cannot be written as a barcode"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_symbol_has_start_check_and_stop() {
        // Start C, 12, 34, check, stop: four symbols of 11 modules and a stop of 13.
        let modules = code_128("s10_number", "1234").expect("a barcode");
        assert_eq!(modules.len(), 4 * 11 + 13);
        let stop: Vec<bool> = "1100011101011".chars().map(|bit| bit == '1').collect();
        assert!(modules.ends_with(&stop));
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        for text in ["", "é", "\n", &"1".repeat(33)] {
            assert!(code_128("s10_number", text).is_err(), "{text:?}");
        }
    }
}
