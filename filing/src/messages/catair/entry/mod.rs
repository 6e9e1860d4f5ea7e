//! Entries: what is filed of one decided parcel, and its records.
//!
//! [`build`] makes an [`Entry`] of a parcel, its decision and the filer's configuration, or says
//! everything that is missing at once. [`write()`] makes the records of an entry, [`read()`] makes an
//! entry of records, and [`batch`] puts entries into a message. Every amount is the decision's;
//! nothing here reckons duty, chooses a path or fills in what was not given.

pub mod batch;
mod bills;
mod build;
mod fill;
mod form;
mod from;
mod gather;
mod header;
mod lines;
mod money;
mod numbers;
mod parties;
mod problem;
mod read;
mod release;
mod summary;
mod tariffs;
pub mod units;

pub use batch::{Batch, NotTaken};
pub use build::{Built, Parcel, build, other_filer, own_number};
pub use form::judge;
pub use from::{Filer, FilerError, NumberRange};
pub use money::Elsewhere;
pub use numbers::{Numbers, NumbersError};
pub use problem::{Problem, Refusal};
pub use read::{Unreadable, read};

use super::Record;
use super::record::FieldError;
use deminimis_law::money::Cents;
use deminimis_law::names::EntryPath;
use deminimis_law::time::Day;
use serde::Deserialize;
use std::fmt;

/// Which message an entry is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Form {
    /// Entry summary that also asks for release (AE, record 10 position 40 `A`).
    Summary,
    /// Cargo release alone (SE): no duty, no fees.
    Release,
}

impl Form {
    /// The application code of its batches.
    #[must_use]
    pub const fn application(self) -> &'static str {
        match self {
            Form::Summary => "AE",
            Form::Release => "SE",
        }
    }
}

/// The entry types that are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EntryType {
    /// Formal consumption entry, free or dutiable.
    Consumption,
    /// Informal entry, free or dutiable.
    Informal,
}

impl EntryType {
    /// The code in the records (AE table 2, SE10 note 2).
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            EntryType::Consumption => "01",
            EntryType::Informal => "11",
        }
    }

    /// The type of a code.
    #[must_use]
    pub fn of_code(code: &str) -> Option<EntryType> {
        match code {
            "01" => Some(EntryType::Consumption),
            "11" => Some(EntryType::Informal),
            _ => None,
        }
    }

    /// The type that files a lawful path; the other paths are not written.
    #[must_use]
    pub const fn of_path(path: EntryPath) -> Option<EntryType> {
        match path {
            EntryPath::Entry01 => Some(EntryType::Consumption),
            EntryPath::Entry11 => Some(EntryType::Informal),
            _ => None,
        }
    }
}

/// What is filed of one parcel. Texts are as the records hold them: capitals, no padding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Filer code, three places.
    pub filer: String,
    /// Entry number without filer code: seven digits and the check digit.
    pub number: String,
    /// Which type of entry.
    pub entry_type: EntryType,
    /// Schedule D code of the port of entry, four digits.
    pub port_of_entry: String,
    /// Mode of transportation code (AE table 3).
    pub mode: String,
    /// Importer of record number with its hyphens.
    pub importer: String,
    /// Whom to ask; a cargo release alone names somebody.
    pub contact: Option<Contact>,
    /// What carried the goods.
    pub conveyance: Conveyance,
    /// Bills, or what stands in their place.
    pub bills: Vec<BillGroup>,
    /// The bills are not in an automated manifest.
    pub non_ams: bool,
    /// The bond, if the entry states one.
    pub bond: Option<Bond>,
    /// Entered in an express consignment sub-port.
    pub express: bool,
    /// Parties of the entry as a whole.
    pub parties: Vec<Party>,
    /// The articles.
    pub lines: Vec<Line>,
    /// What only the summary says; `None` in a cargo release alone.
    pub summary: Option<Summary>,
}

impl Entry {
    /// Which message it is written as.
    #[must_use]
    pub fn form(&self) -> Form {
        match self.summary {
            Some(_) => Form::Summary,
            None => Form::Release,
        }
    }

    /// The entered value in whole dollars.
    #[must_use]
    pub fn value_usd(&self) -> u64 {
        let tariffs = self.lines.iter().flat_map(|line| &line.tariffs);
        tariffs.filter_map(|tariff| tariff.value_usd).sum()
    }

    /// Filer code and number as people write them: `XXX-NNNNNNN-C`.
    #[must_use]
    pub fn shown_number(&self) -> String {
        let (serial, check) = self.number.split_at(self.number.len().min(7));
        format!("{}-{serial}-{check}", self.filer)
    }
}

/// Whom CBP may ask about an entry.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contact {
    /// Name.
    pub name: String,
    /// Telephone number, in letters, digits and blanks.
    pub phone: String,
}

/// What carried the goods, as far as the form says it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Conveyance {
    /// SCAC or IATA code.
    pub carrier_code: Option<String>,
    /// Schedule D code.
    pub port_of_unlading: Option<String>,
    /// Arrival at the port of entry.
    pub arrives_on: Option<Day>,
    /// FIRMS code of where the goods lie.
    pub location_firms: Option<String>,
    /// Name of the vessel or other conveyance.
    pub name: Option<String>,
    /// Voyage, flight or trip.
    pub trip: Option<String>,
}

/// The bills under which goods came, from the highest to the lowest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BillGroup {
    /// One to three bills.
    pub bills: Vec<Bill>,
    /// Smallest outside packages under the lowest bill.
    pub quantity: u64,
    /// What is counted; a cargo release names it only beside an arrival.
    pub unit: Option<String>,
    /// The arrival, stated where no automated manifest has the bill.
    pub arrival: Option<Arrival>,
}

/// One bill.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bill {
    /// What it is.
    pub kind: BillKind,
    /// SCAC of who issued it, where the mode has one.
    pub issuer: Option<String>,
    /// Its number without the issuer.
    pub number: String,
}

/// What a bill is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BillKind {
    /// The only bill.
    Simple,
    /// A master bill that has a house bill under it.
    Master,
    /// A house bill.
    House,
    /// An express carrier's tracking number, in a cargo release alone.
    Tracking,
}

/// An arrival that no automated manifest tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrival {
    /// SCAC or IATA code.
    pub carrier_code: String,
    /// Voyage, flight or trip.
    pub trip: String,
    /// Day of arrival.
    pub on: Day,
    /// Name of the conveyance.
    pub name: Option<String>,
}

/// A bond.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bond {
    /// Continuous, or for this transaction alone.
    pub kind: BondKind,
    /// Code of the surety; a cargo release states it of a single bond only.
    pub surety_code: Option<String>,
    /// Amount of a single bond in whole dollars.
    pub amount_usd: Option<u64>,
}

/// How long a bond stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BondKind {
    /// For many transactions.
    Continuous,
    /// For one.
    Single,
}

impl BondKind {
    /// The code in the records.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            BondKind::Continuous => "8",
            BondKind::Single => "9",
        }
    }
}

/// A party and what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Party {
    /// Entity code: `SE` seller, `BY` buyer, `ST` ship to, `CN` consignee, `MF` manufacturer.
    pub role: String,
    /// Who it is.
    pub who: Who,
}

/// Who a party is: by number or by name and address, never both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    /// Qualifier (`EI`, `ANI`, `34`) and number.
    Number(String, String),
    /// Name and address.
    Named {
        /// Name.
        name: String,
        /// Parts of the street address, each with its qualifier.
        address: Vec<(String, String)>,
        /// City.
        city: String,
        /// ISO subdivision code without the country.
        subdivision: Option<String>,
        /// Postal code.
        postal_code: Option<String>,
        /// ISO country code.
        country: String,
    },
}

/// One article.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its place: `001`.
    pub id: String,
    /// Country of origin.
    pub origin: String,
    /// What it is, in words one space apart.
    pub description: Option<String>,
    /// Parties of the line.
    pub parties: Vec<Party>,
    /// HTSUS numbers in the order of reporting.
    pub tariffs: Vec<Tariff>,
    /// What only the summary says of the line.
    pub summary: Option<LineSummary>,
}

/// One HTSUS number of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tariff {
    /// Eight or ten digits, no dots.
    pub number: String,
    /// Whole dollars entered under it: nothing but under the number of the article.
    pub value_usd: Option<u64>,
    /// Duty under it; `None` in a cargo release alone.
    pub duty: Option<Cents>,
    /// Quantities; none in a cargo release alone.
    pub quantities: Vec<Quantity>,
}

/// A quantity in a unit of CATAIR Appendix C.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quantity {
    /// Hundredths of the unit; `None` where the unit asks for none (`X`).
    pub hundredths: Option<u64>,
    /// The unit's code.
    pub unit: String,
}

/// An amount under a class code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClassAmount {
    /// Accounting class code, three places.
    pub class: String,
    /// The amount.
    pub amount: Cents,
}

/// What the summary says of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineSummary {
    /// Country of export.
    pub export_country: String,
    /// Day of export.
    pub exported_on: Day,
    /// Special program claimed.
    pub program: Option<String>,
    /// Freight, insurance and other charges in whole dollars.
    pub charges_usd: u64,
    /// Schedule K code of the foreign port of lading.
    pub lading_port: Option<String>,
    /// Gross weight in whole kilograms.
    pub gross_weight_kg: u64,
    /// Whether buyer and seller are related.
    pub related_parties: Option<bool>,
    /// Number of a binding ruling.
    pub ruling: Option<String>,
    /// Manufacturer identification code.
    pub manufacturer_id: Option<String>,
    /// Number of the party the goods were sold to.
    pub sold_to: Option<String>,
    /// Type and number of a license, certificate or permit.
    pub license: Option<(String, String)>,
    /// Fees reckoned line by line.
    pub fees: Vec<ClassAmount>,
}

/// What the summary says of the entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// Whether the summary also asks for release.
    pub certified: bool,
    /// `P` personal, `X` sample; `None` for a regular commercial shipment.
    pub usage: Option<String>,
    /// How it is paid.
    pub payment: Payment,
    /// Number of the consignee, where one is stated.
    pub consignee_number: Option<String>,
    /// The day for which the law was read.
    pub estimated_entry_on: Day,
    /// Day of importation.
    pub imported_on: Day,
    /// State of destination, two letters.
    pub state: Option<String>,
    /// Fees of the entry as a whole.
    pub header_fees: Vec<ClassAmount>,
    /// Every fee class with its total.
    pub fee_totals: Vec<ClassAmount>,
    /// All duty.
    pub duty: Cents,
    /// All fees that are filed.
    pub fees: Cents,
}

/// How an entry is paid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payment {
    /// Payment type code.
    pub kind: String,
    /// Print date of the preliminary statement.
    pub statement_on: Option<Day>,
    /// Month of the periodic statement, two digits.
    pub month: Option<String>,
    /// Client branch on the statement.
    pub branch: Option<String>,
}

/// The records of an entry, for a block of its form.
///
/// # Errors
/// A value of the entry does not fit its columns; an entry that [`build`] made has none.
pub fn write(entry: &Entry) -> Result<Vec<Record>, FieldError> {
    match &entry.summary {
        Some(summary) => summary::records(entry, summary),
        None => release::records(entry),
    }
}

/// A day as records write it: MMDDYY.
pub(crate) fn mmddyy(day: Day) -> String {
    let (year, month, day) = day.ymd();
    format!("{month:02}{day:02}{:02}", year.rem_euclid(100))
}

/// The day of six digits MMDDYY, in the years 2000 to 2099.
pub(crate) fn of_mmddyy(text: &str) -> Option<Day> {
    if text.len() != 6 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let part = |from: usize| text[from..from + 2].parse::<u32>().ok();
    Day::new(2000 + part(4)?.cast_signed(), part(0)?, part(2)?)
}

impl fmt::Display for EntryType {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(self.code())
    }
}
