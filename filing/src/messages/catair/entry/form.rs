//! The form of fields of the contract that an entry takes as they are: judged where an entry is made
//! of a parcel, and where a value is set for all parcels that lack one.

use super::BondKind;
use crate::identifiers::{Kind, Wrong, check};
use deminimis_law::money::Cents;

/// What a type of payment may be (AE usage note (y)).
pub(super) const PAYMENT: &str = "1, 2, 3, 5, 6, 7 or 8";
/// What a kind of bond may be.
pub(super) const BOND: &str = "continuous (8) or single (9)";
/// What a surety's code is.
pub(super) const SURETY: &str = "three letters or digits";
/// What a bond's amount is.
pub(super) const AMOUNT: &str = "whole dollars above zero";

/// Whether duty is paid on a daily statement, by the type of payment.
pub(super) fn is_daily(payment: &str) -> bool {
    matches!(payment, "2" | "3" | "5")
}

/// Whether duty is paid on a periodic statement.
pub(super) fn is_periodic(payment: &str) -> bool {
    matches!(payment, "6" | "7" | "8")
}

/// Whether there is such a type of payment.
pub(super) fn is_payment(payment: &str) -> bool {
    payment == "1" || is_daily(payment) || is_periodic(payment)
}

/// The kind of bond of a name or a code, in capital letters.
pub(super) fn bond_kind(text: &str) -> Option<BondKind> {
    match text {
        "CONTINUOUS" | "8" => Some(BondKind::Continuous),
        "SINGLE" | "SINGLE TRANSACTION" | "SINGLE_TRANSACTION" | "9" => Some(BondKind::Single),
        _ => None,
    }
}

/// The whole dollars of a bond; nothing if they are none.
pub(super) fn bond_dollars(text: &str) -> Option<u64> {
    let cents = Cents::parse(text).ok()?.0;
    let whole = cents > 0 && cents % 100 == 0;
    u64::try_from(cents / 100).ok().filter(|_| whole)
}

/// Judges the form that an entry wants of a field of the contract; of a field that it takes as it
/// is, or not at all, nothing is said.
///
/// # Errors
/// What is wrong, and what would be right.
pub fn judge(field: &str, text: &str) -> Result<(), Wrong> {
    let capitals = text.trim().to_ascii_uppercase();
    let meant = |fine: bool, right: &str| match fine {
        true => Ok(()),
        false => Err(Wrong::new(format!("{right} is meant"))),
    };
    match field {
        "filer_code" => check(Kind::FilerCode, text, 0).map(drop),
        "importer_of_record_number" => check(Kind::ImporterNumber, text, 0).map(drop),
        "port_of_entry" | "port_of_unlading" => check(Kind::ScheduleD, text, 0).map(drop),
        "payment_type" => meant(is_payment(text), PAYMENT),
        "bond_type" => meant(bond_kind(&capitals).is_some(), BOND),
        "bond_surety_code" => {
            let fine = capitals.len() == 3 && capitals.bytes().all(|b| b.is_ascii_alphanumeric());
            meant(fine, SURETY)
        }
        "bond_amount_usd" => meant(bond_dollars(text).is_some(), AMOUNT),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_judged_by_the_form_that_an_entry_wants() {
        for (field, right, wrong) in [
            ("filer_code", "WLH", "abc"),
            ("importer_of_record_number", "12-3456789", "123456789"),
            ("port_of_entry", "2704", "27"),
            ("payment_type", "7", "4"),
            ("bond_type", "continuous", "none"),
            ("bond_surety_code", "a12", "12"),
            ("bond_amount_usd", "50000", "0.50"),
        ] {
            assert_eq!(judge(field, right), Ok(()), "{field}");
            let said = judge(field, wrong).unwrap_err();
            assert!(!said.reason.is_empty(), "{field}");
        }
        assert_eq!(judge("voyage_flight_trip", "?"), Ok(()));
    }
}
