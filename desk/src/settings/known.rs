//! The settings that there are: how each is written, and what it says.

/// How a setting is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A field of the contract, as text.
    Field,
    /// An object with the fields of a bond, as texts.
    Bond,
    /// A whole number.
    Whole {
        /// The least.
        least: u32,
        /// The most.
        most: u32,
    },
    /// Dollars as decimal text, more than none.
    Dollars,
}

/// A setting that there is.
#[derive(Clone, Copy, Debug)]
pub struct Known {
    /// Its name.
    pub name: &'static str,
    /// How it is written.
    pub kind: Kind,
    /// What it says.
    pub about: &'static str,
}

const fn known(name: &'static str, kind: Kind, about: &'static str) -> Known {
    Known { name, kind, about }
}

/// The most days for which something is kept.
const DAYS: Kind = Kind::Whole {
    least: 1,
    most: 3650,
};

/// What is filled in where a parcel says nothing.
pub const FILING: [Known; 5] = [
    known(
        "filer_code",
        Kind::Field,
        "Filer code: three capital letters or digits",
    ),
    known("bond", Kind::Bond, "The bond, filled whole or not at all"),
    known(
        "payment_type",
        Kind::Field,
        "Payment type: 1, 2, 3, 5, 6, 7 or 8",
    ),
    known(
        "importer_of_record_number",
        Kind::Field,
        "Number of the importer of record, such as 12-3456789",
    ),
    known(
        "port_of_entry",
        Kind::Field,
        "Port of entry: four digits of Schedule D",
    ),
];

/// The house's own rules.
pub const POLICY: [Known; 2] = [
    known(
        SHIPMENTS_A_DAY,
        Kind::Whole {
            least: 1,
            most: 10_000,
        },
        "The most parcels of one person on one day",
    ),
    known(
        VALUE_A_DAY,
        Kind::Dollars,
        "The most that one person imports on one day, in dollars",
    ),
];

/// How long things are kept.
pub const RETENTION: [Known; 2] = [
    known(
        KEEP_BATCHES,
        DAYS,
        "Days for which a file that was worked off is kept with its results",
    ),
    known(
        KEEP_DELIVERIES,
        DAYS,
        "Days for which it is kept what webhooks were told",
    ),
];

/// The fields of a bond: as the setting and the contract's object have them, and flat.
pub const BOND: [(&str, &str); 4] = [
    ("type", "bond_type"),
    ("number", "bond_number"),
    ("surety_code", "bond_surety_code"),
    ("amount_usd", "bond_amount_usd"),
];

pub(super) const SHIPMENTS_A_DAY: &str = "shipments_a_day";
pub(super) const VALUE_A_DAY: &str = "value_a_day_usd";
pub(super) const KEEP_BATCHES: &str = "keep_batches_days";
pub(super) const KEEP_DELIVERIES: &str = "keep_deliveries_days";
/// Days for which deliveries are kept by default.
pub(super) const DELIVERIES_DAYS: u32 = 30;

/// All settings.
pub fn all() -> impl Iterator<Item = Known> {
    FILING.into_iter().chain(POLICY).chain(RETENTION)
}

/// The setting of a name.
#[must_use]
pub fn named(name: &str) -> Option<Known> {
    all().find(|known| known.name == name)
}
