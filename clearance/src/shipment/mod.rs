//! A shipment as the law reads it: enums, moments, cents and numbers, nothing to allocate.
//!
//! Text that no rule reads (names, addresses, descriptions, filing references) travels beside it in
//! [`Texts`]; both are filled by one [`Builder`] from one table of fields, whatever the file format.

pub mod build;
pub mod fields;
pub mod measures;
pub mod schema;
pub mod texts;

pub use build::{BadField, Builder};
pub use deminimis_law::claim::Claim;
pub use fields::{FIELDS, Field, FieldId};
pub use measures::Measures;
pub use texts::Texts;

use deminimis_law::codes::{Country, Currency};
use deminimis_law::facts::{FactId, FactValue};
use deminimis_law::money::Cents;
use deminimis_law::names::{
    CustomsStatus, EntryPath, Given, Mode, PartyKind, PostalMethod, PostalServiceClass, Purpose,
    Set, SplitReason, ValueEvidence,
};
use deminimis_law::time::{Day, Moment, When};
use deminimis_tariff::Number;

/// One parcel or consignment, the unit of a decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shipment {
    /// The sender's own id.
    pub id: String,
    /// How it crosses the border.
    pub mode: Mode,
    /// Importation; its local day is the person's day.
    pub arrives_at: When,
    /// When the entry is made; `None` means `arrives_at`.
    pub entered_at: Option<When>,
    /// When the filing was transmitted.
    pub filed_at: Option<Moment>,
    /// Loaded on the conveyance that arrived.
    pub loaded_at: Option<When>,
    /// Exportation.
    pub exported_on: Option<Day>,
    /// From where it was shipped.
    pub country_of_shipment: Country,
    /// The path the sender names.
    pub entry_path: Option<EntryPath>,
    /// The carrier's election for mail duty.
    pub postal_method: Option<PostalMethod>,
    /// Why it is sent.
    pub purpose: Purpose,
    /// Carried by an arriving traveller.
    pub accompanied: bool,
    /// Where it comes from in customs terms.
    pub customs_status: CustomsStatus,
    /// Sold to the named consignee before arrival.
    pub sold_before_import: Option<bool>,
    /// Total of the order this parcel is part of.
    pub order_total: Option<Cents>,
    /// In how many parcels the order comes.
    pub order_parcels: Option<u32>,
    /// Why it was split.
    pub split_reason: Option<SplitReason>,
    /// What supports the value.
    pub value_evidence: Option<ValueEvidence>,
    /// Class of the postal item.
    pub postal_service_class: Option<PostalServiceClass>,
    /// Entered at an express consignment hub.
    pub at_express_hub: bool,
    /// The importer of record is foreign.
    pub importer_foreign: Option<bool>,
    /// What the consignee is.
    pub consignee_kind: Option<PartyKind>,
    /// What the shipper is.
    pub shipper_kind: Option<PartyKind>,
    /// Shipper and consignee have the same name (compared as the person rules do).
    pub shipper_is_consignee: bool,
    /// Which fields are given, for rules that ask.
    pub given: Set<Given>,
    /// The articles, 1 to 999.
    pub lines: Vec<Line>,
}

/// One article of a shipment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Country of origin; absent asks.
    pub origin: Option<Country>,
    /// HTSUS number of 4, 6, 8 or 10 digits.
    pub number: Option<Number>,
    /// Value of the whole line (not of a unit) in minor units of `currency`.
    pub value: i64,
    /// Fair retail value of the whole line in the country of shipment, same currency.
    pub fair_retail_value: i64,
    /// Currency of both values.
    pub currency: Currency,
    /// Quantity in thousandths of the unit.
    pub quantity: Option<i64>,
    /// Quantities and units that specific rates ask for.
    pub measures: Measures,
    /// Special program symbols and Chapter 98 and 99 headings claimed.
    pub claims: Vec<Claim>,
    /// Typed answers.
    pub facts: Vec<(FactId, FactValue)>,
    /// Agencies whose data is ready.
    pub pga: Vec<Claim>,
    /// Agencies disclaimed.
    pub pga_disclaim: Vec<Claim>,
}

impl Shipment {
    /// When the entry is made: `entered_at`, else `arrives_at`.
    #[must_use]
    pub fn entry_when(&self) -> When {
        self.entered_at.unwrap_or(self.arrives_at)
    }
}
