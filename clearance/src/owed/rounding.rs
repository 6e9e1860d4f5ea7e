//! Every rounding of what is owed, each with its authority. Nothing else here rounds.

use deminimis_law::money::Cents;
use deminimis_law::names::EntryPath;
use deminimis_law::rate::{Rate, WHOLE};
use deminimis_tariff::rate::Exact;

/// The value of an article as a path enters it: whole dollars on entries filed through the
/// broker's interface, fractions under fifty cents left out and others taken as a dollar
/// (19 CFR 159.3(a)); cents where the carrier or a worksheet states it.
#[must_use]
pub fn entered_value(value: Cents, path: EntryPath) -> Cents {
    if keeps_cents(path) {
        value
    } else {
        Cents((value.0.saturating_add(50)) / 100 * 100)
    }
}

/// Whether values of a path keep their cents.
#[must_use]
pub fn keeps_cents(path: EntryPath) -> bool {
    matches!(
        path,
        EntryPath::MailWorksheet
            | EntryPath::MailCarrier
            | EntryPath::MailEntry
            | EntryPath::ManifestRelease
            | EntryPath::Entry86
            | EntryPath::None
    )
}

/// A share of a value to the cent, half a cent taken as a whole one (19 CFR 159.3; the field's
/// practice of rounding each charge once).
#[must_use]
pub fn share(of: Cents, rate: Rate) -> Cents {
    if let Some(count) = of.0.checked_mul(i64::from(rate.0)) {
        return millionths(count);
    }
    let whole = i128::from(WHOLE);
    let exact = i128::from(of.0) * i128::from(rate.0);
    Cents(((exact * 2 + whole) / (whole * 2)) as i64)
}

/// What a sum of two parts that come to a share, each rounded half up, cannot fall below: rounding
/// takes less than half a cent off each.
#[must_use]
pub fn share_at_least(of: Cents, rate: Rate) -> Cents {
    Cents((i128::from(of.0) * i128::from(rate.0) / i128::from(WHOLE)) as i64)
}

/// So many millionths of a cent to the cent, half up, once.
#[must_use]
pub fn millionths(count: i64) -> Cents {
    let (whole, rest) = (count / i64::from(WHOLE), count % i64::from(WHOLE));
    Cents(whole + i64::from(rest * 2 >= i64::from(WHOLE)))
}

/// An exact amount of duty to the cent, half up, once.
#[must_use]
pub fn duty(exact: Exact) -> Cents {
    let (numer, denom) = exact.parts();
    Cents(((numer * 2 + denom) / (denom * 2)) as i64)
}
