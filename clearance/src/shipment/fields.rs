//! Every field of a shipment: its name, its level, its kind of value and what it means, in one list.
//!
//! Readers, the JSON Schema, the templates and the error messages all come from [`FIELDS`]; adding a
//! field is adding a row. What a field does to a [`super::Shipment`] stands in `build`; a field that
//! no rule reads needs nothing there, its text is kept. The typed answers of a line's `facts` are
//! not here: they are law, listed in `law/us/facts.toml`.

use deminimis_law::names::{
    CustomsStatus, DutyTerms, EntryPath, Mode, Named, PartyKind, PostalMethod, PostalServiceClass,
    Purpose, SplitReason, ValueEvidence,
};

/// A field by its place in [`FIELDS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FieldId(pub u16);

/// Whether a field stands once in a shipment or once in each of its lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// Once in a shipment; in CSV it repeats on every row and must agree.
    Shipment,
    /// Once in a line.
    Line,
}

/// A closed list of names, as a field's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// [`Mode`]
    Mode,
    /// [`EntryPath`]
    EntryPath,
    /// [`PostalMethod`]
    PostalMethod,
    /// [`Purpose`]
    Purpose,
    /// [`CustomsStatus`]
    CustomsStatus,
    /// [`SplitReason`]
    SplitReason,
    /// [`ValueEvidence`]
    ValueEvidence,
    /// [`PostalServiceClass`]
    PostalServiceClass,
    /// [`PartyKind`]
    PartyKind,
    /// [`DutyTerms`]
    DutyTerms,
}

impl Choice {
    /// The names allowed, in the order of the contract.
    #[must_use]
    pub fn names(self) -> Vec<&'static str> {
        fn list<T: Named>() -> Vec<&'static str> {
            T::all().iter().map(|name| name.text()).collect()
        }
        match self {
            Choice::Mode => list::<Mode>(),
            Choice::EntryPath => list::<EntryPath>(),
            Choice::PostalMethod => list::<PostalMethod>(),
            Choice::Purpose => list::<Purpose>(),
            Choice::CustomsStatus => list::<CustomsStatus>(),
            Choice::SplitReason => list::<SplitReason>(),
            Choice::ValueEvidence => list::<ValueEvidence>(),
            Choice::PostalServiceClass => list::<PostalServiceClass>(),
            Choice::PartyKind => list::<PartyKind>(),
            Choice::DutyTerms => list::<DutyTerms>(),
        }
    }
}

/// What a field's value is, and so how it is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Text of at most so many bytes. Line breaks and tabs become spaces.
    Text(u16),
    /// Text about a natural person: as `Text`, and never repeated in a message.
    Personal(u16),
    /// One of a closed list.
    Choice(Choice),
    /// ISO 3166-1 alpha-2.
    Country,
    /// ISO 4217.
    Currency,
    /// HTSUS number of 4, 6, 8 or 10 digits, dots allowed.
    Number,
    /// Decimal text in the line's currency.
    Amount,
    /// Decimal text in United States dollars, at most two decimals.
    Dollars,
    /// Decimal text in kilograms, at most three decimals.
    Kilograms,
    /// Decimal text above zero, at most three decimals.
    Quantity,
    /// A whole number from 1 to 4,294,967,295.
    Count,
    /// `YYYY-MM-DD`, or a timestamp with offset.
    When,
    /// A timestamp with offset.
    Timestamp,
    /// `YYYY-MM-DD`.
    Day,
    /// `true` or `false`.
    Bool,
    /// Codes separated by `;` or spaces; in JSON an array of strings.
    Codes,
}

/// One field of the contract.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// The flat name: the CSV column.
    pub name: &'static str,
    /// The name inside its JSON object: `name` for `consignee_name`.
    pub json: &'static str,
    /// Once in a shipment, or once in a line.
    pub level: Level,
    /// What the value is.
    pub kind: Kind,
    /// Whether a shipment (or a line) without it is refused.
    pub required: bool,
    /// The JSON object that holds it (`consignee`, `bond`, …), if any.
    pub group: Option<&'static str>,
    /// One sentence, with the unit.
    pub doc: &'static str,
}

impl Field {
    const fn shipment(name: &'static str, kind: Kind, doc: &'static str) -> Field {
        Field {
            name,
            level: Level::Shipment,
            kind,
            required: false,
            group: None,
            json: name,
            doc,
        }
    }

    const fn line(name: &'static str, kind: Kind, doc: &'static str) -> Field {
        Field {
            name,
            level: Level::Line,
            kind,
            required: false,
            group: None,
            json: name,
            doc,
        }
    }

    const fn required(self) -> Field {
        Field {
            required: true,
            ..self
        }
    }

    const fn within(self, group: &'static str) -> Field {
        Field {
            group: Some(group),
            json: self.name.split_at(group.len() + 1).1,
            ..self
        }
    }

    /// The JSON name where the flat one would stand twice: a weight of a line and of a shipment.
    const fn as_json(self, json: &'static str) -> Field {
        Field { json, ..self }
    }

    /// Whether the value is about a natural person and must not be repeated in messages or logs.
    #[must_use]
    pub const fn is_personal(&self) -> bool {
        matches!(self.kind, Kind::Personal(_))
    }
}

impl FieldId {
    /// The field's row in the list. An id from outside the list gives the first row.
    #[must_use]
    pub const fn get(self) -> &'static Field {
        let at = self.0 as usize;
        &FIELDS[if at < FIELDS.len() { at } else { 0 }]
    }

    /// The field's flat name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.get().name
    }

    /// Finds a field by its flat name.
    #[must_use]
    pub const fn named(name: &str) -> Option<FieldId> {
        let mut slot = slot_of(name);
        while BY_NAME[slot] != u16::MAX {
            if same(FIELDS[BY_NAME[slot] as usize].name, name) {
                return Some(FieldId(BY_NAME[slot]));
            }
            slot = (slot + 1) % SLOTS;
        }
        None
    }

    /// Finds a field by where it stands in JSON: its level, the object within that level (`group`),
    /// and its name there.
    #[must_use]
    pub const fn json(level: Level, group: Option<&str>, key: &str) -> Option<FieldId> {
        let mut slot = json_slot_of(level, group, key);
        while BY_JSON[slot] != u16::MAX {
            let field = &FIELDS[BY_JSON[slot] as usize];
            if field.level as u8 == level as u8
                && same(field.json, key)
                && same_group(field.group, group)
            {
                return Some(FieldId(BY_JSON[slot]));
            }
            slot = (slot + 1) % SLOTS;
        }
        None
    }

    /// Every field in the order of the list.
    pub fn all() -> impl Iterator<Item = FieldId> {
        (0..FIELDS.len() as u16).map(FieldId)
    }

    /// Whether it stands once in a line.
    #[must_use]
    pub const fn is_line(self) -> bool {
        self.0 as usize >= SHIPMENT_FIELDS
    }
}

/// A party of a shipment or of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Party {
    /// As shown on the bill.
    Consignee,
    /// Who sends.
    Shipper,
    /// Who sells.
    Seller,
    /// Who owns the goods.
    Owner,
    /// Who buys.
    Purchaser,
    /// Importer of record.
    ImporterOfRecord,
    /// Where it is delivered.
    DeliveredTo,
    /// Who made the goods of a line.
    Manufacturer,
}

impl Party {
    /// Every party; the last stands in lines.
    pub const ALL: [Party; 8] = [
        Party::Consignee,
        Party::Shipper,
        Party::Seller,
        Party::Owner,
        Party::Purchaser,
        Party::ImporterOfRecord,
        Party::DeliveredTo,
        Party::Manufacturer,
    ];

    /// The party's field at `offset` in the list that all parties share (`party!`).
    #[must_use]
    pub const fn field(self, offset: PartyField) -> FieldId {
        let first = match self {
            Party::Manufacturer => SHIPMENT_FIELDS + LINE.len(),
            _ => SHIPMENT.len() + self as usize * PARTY_FIELDS,
        };
        FieldId((first + offset as usize) as u16)
    }
}

/// The fields every party has, in the order of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartyField {
    /// Name.
    Name,
    /// Street.
    Street,
    /// City.
    City,
    /// State or province.
    State,
    /// Postal code.
    PostalCode,
    /// Country.
    Country,
    /// Email.
    Email,
    /// Telephone.
    Phone,
    /// What the party is.
    Kind,
    /// In care of.
    CareOf,
}

const PARTY_FIELDS: usize = 10;

#[rustfmt::skip]
macro_rules! party {
    ($level:ident, $group:literal) => {
        [
            Field::$level(concat!($group, "_name"), Kind::Personal(256), "Name.").within($group),
            Field::$level(concat!($group, "_street"), Kind::Personal(256), "Street and house number.").within($group),
            Field::$level(concat!($group, "_city"), Kind::Text(128), "City.").within($group),
            Field::$level(concat!($group, "_state"), Kind::Text(64), "State or province.").within($group),
            Field::$level(concat!($group, "_postal_code"), Kind::Text(32), "Postal code, kept as text.").within($group),
            Field::$level(concat!($group, "_country"), Kind::Country, "Country.").within($group),
            Field::$level(concat!($group, "_email"), Kind::Personal(254), "Email address.").within($group),
            Field::$level(concat!($group, "_phone"), Kind::Personal(64), "Telephone number.").within($group),
            Field::$level(concat!($group, "_kind"), Kind::Choice(Choice::PartyKind), "What the party is.").within($group),
            Field::$level(concat!($group, "_care_of"), Kind::Personal(256), "In care of.").within($group),
        ]
    };
}

const PARTIES: [[Field; PARTY_FIELDS]; 7] = [
    party!(shipment, "consignee"),
    party!(shipment, "shipper"),
    party!(shipment, "seller"),
    party!(shipment, "owner"),
    party!(shipment, "purchaser"),
    party!(shipment, "importer_of_record"),
    party!(shipment, "delivered_to"),
];

const MANUFACTURER: [Field; PARTY_FIELDS] = party!(line, "manufacturer");

#[rustfmt::skip]
const SHIPMENT: [Field; 56] = [
    Field::shipment("shipment_id", Kind::Text(128), "The sender's own id, unique within a file.").required(),
    Field::shipment("mode", Kind::Choice(Choice::Mode), "How it crosses the border.").required(),
    Field::shipment("arrives_at", Kind::When, "Importation; its calendar day at the port is the person's day.").required(),
    Field::shipment("entered_at", Kind::When, "When the entry is made; default `arrives_at`; a bare date is noon Eastern."),
    Field::shipment("filed_at", Kind::Timestamp, "When the filing was transmitted."),
    Field::shipment("loaded_at", Kind::When, "Loaded on the conveyance that arrived in the United States."),
    Field::shipment("exported_on", Kind::Day, "Exportation."),
    Field::shipment("country_of_shipment", Kind::Country, "From where it was shipped; not the origin.").required(),
    Field::shipment("entry_path", Kind::Choice(Choice::EntryPath), "The path the sender means to use; judged, not assumed."),
    Field::shipment("postal_method", Kind::Choice(Choice::PostalMethod), "The carrier's election for mail duty."),
    Field::shipment("purpose", Kind::Choice(Choice::Purpose), "Why it is sent; default `sale`."),
    Field::shipment("accompanied", Kind::Bool, "Carried by an arriving traveller; default false."),
    Field::shipment("customs_status", Kind::Choice(Choice::CustomsStatus), "Where the goods come from in customs terms; default `direct`."),
    Field::shipment("sold_before_import", Kind::Bool, "Sold to the named consignee before arrival."),
    Field::shipment("order_id", Kind::Text(128), "The order this parcel is, or is part of."),
    Field::shipment("ordered_on", Kind::Day, "Day of the order."),
    Field::shipment("order_total_usd", Kind::Dollars, "Total of the whole order, in dollars."),
    Field::shipment("order_parcels", Kind::Count, "In how many parcels the order comes."),
    Field::shipment("split_reason", Kind::Choice(Choice::SplitReason), "Why the order was split; only `to_stay_under_limit` denies by itself."),
    Field::shipment("value_evidence", Kind::Choice(Choice::ValueEvidence), "What supports the declared value."),
    Field::shipment("house_bill", Kind::Text(64), "House bill or waybill number."),
    Field::shipment("master_bill", Kind::Text(64), "Master bill or waybill number."),
    Field::shipment("tracking_number", Kind::Text(64), "The carrier's tracking number."),
    Field::shipment("s10_number", Kind::Text(16), "The postal item's S10 number."),
    Field::shipment("postal_service_class", Kind::Choice(Choice::PostalServiceClass), "Class of the postal item."),
    Field::shipment("importer_of_record_number", Kind::Text(32), "Importer of record number.").within("importer_of_record"),
    Field::shipment("importer_of_record_foreign", Kind::Bool, "The importer of record is not resident in the United States.").within("importer_of_record"),
    Field::shipment("port_of_entry", Kind::Text(8), "Port code of entry (Schedule D)."),
    Field::shipment("port_of_unlading", Kind::Text(8), "Port code of unlading (Schedule D)."),
    Field::shipment("foreign_port_of_lading", Kind::Text(8), "Foreign port of lading (Schedule K)."),
    Field::shipment("carrier_code", Kind::Text(8), "Carrier code (SCAC or IATA)."),
    Field::shipment("voyage_flight_trip", Kind::Text(32), "Voyage, flight or trip number."),
    Field::shipment("conveyance_name", Kind::Text(64), "Name of the vessel or other conveyance."),
    Field::shipment("location_firms", Kind::Text(8), "FIRMS code of where the goods lie."),
    Field::shipment("at_express_hub", Kind::Bool, "Entered at an express consignment hub; default false."),
    Field::shipment("state_of_destination", Kind::Text(8), "State of destination, two letters."),
    Field::shipment("country_of_export", Kind::Country, "Country of exportation."),
    Field::shipment("manifest_quantity", Kind::Count, "Packages on the manifest."),
    Field::shipment("manifest_unit", Kind::Text(8), "Unit of the manifest quantity."),
    Field::shipment("gross_weight_kg", Kind::Kilograms, "Gross weight of the shipment, in kilograms."),
    Field::shipment("in_bond_number", Kind::Text(32), "In-bond number."),
    Field::shipment("ftz_number", Kind::Text(32), "Number of the foreign-trade zone."),
    Field::shipment("filer_code", Kind::Text(3), "Filer code, three characters."),
    Field::shipment("entry_number", Kind::Text(16), "Entry number."),
    Field::shipment("payment_type", Kind::Text(2), "Payment type code."),
    Field::shipment("statement_date", Kind::Day, "Preliminary statement print date."),
    Field::shipment("bond_type", Kind::Text(16), "Kind of bond.").within("bond"),
    Field::shipment("bond_number", Kind::Text(32), "Bond number.").within("bond"),
    Field::shipment("bond_surety_code", Kind::Text(8), "Surety code.").within("bond"),
    Field::shipment("bond_amount_usd", Kind::Dollars, "Amount of the bond, in dollars.").within("bond"),
    Field::shipment("power_of_attorney", Kind::Bool, "The filer holds a power of attorney."),
    Field::shipment("incoterm", Kind::Text(8), "Term of delivery."),
    Field::shipment("duty_terms", Kind::Choice(Choice::DutyTerms), "Who pays the duty under the terms of sale."),
    Field::shipment("charges_usd", Kind::Dollars, "Freight and insurance to the first United States port of the whole shipment, in dollars."),
    Field::shipment("freight_usd", Kind::Dollars, "Freight, in dollars; into landed cost, not into customs value."),
    Field::shipment("insurance_usd", Kind::Dollars, "Insurance, in dollars; into landed cost, not into customs value."),
];

#[rustfmt::skip]
const LINE: [Field; 26] = [
    Field::line("description", Kind::Text(2048), "What the article is.").required(),
    Field::line("sku", Kind::Text(128), "The sender's article number; the key into the catalog."),
    Field::line("htsus_number", Kind::Number, "HTSUS number of 4, 6, 8 or 10 digits, dots allowed, kept as text."),
    Field::line("country_of_origin", Kind::Country, "Country of origin; absent asks."),
    Field::line("quantity", Kind::Quantity, "Quantity in `unit`."),
    Field::line("unit", Kind::Text(8), "Unit of quantity."),
    Field::line("quantity_2", Kind::Quantity, "Second quantity, in `unit_2`."),
    Field::line("unit_2", Kind::Text(8), "Second unit."),
    Field::line("quantity_3", Kind::Quantity, "Third quantity, in `unit_3`."),
    Field::line("unit_3", Kind::Text(8), "Third unit."),
    Field::line("net_weight_kg", Kind::Kilograms, "Net weight of the line, in kilograms."),
    Field::line("line_gross_weight_kg", Kind::Kilograms, "Gross weight of the line, in kilograms.").as_json("gross_weight_kg"),
    Field::line("line_value", Kind::Amount, "Value of the whole line (not of a unit), in `currency`.").required(),
    Field::line("currency", Kind::Currency, "Currency of the line's values; default USD."),
    Field::line("fair_retail_value", Kind::Amount, "Fair retail value of the whole line in the country of shipment, in `currency`; default `line_value`."),
    Field::line("line_charges_usd", Kind::Dollars, "Freight and insurance to the first United States port for the line, in dollars.").as_json("charges_usd"),
    Field::line("claims", Kind::Codes, "Special program symbols and Chapter 98 and 99 headings claimed."),
    Field::line("origin_certificate", Kind::Text(128), "Reference of the certificate of origin."),
    Field::line("manufacturer_id", Kind::Text(15), "Manufacturer identification code."),
    Field::line("related_parties", Kind::Bool, "Buyer and seller are related."),
    Field::line("invoice_number", Kind::Text(64), "Invoice number."),
    Field::line("license_type", Kind::Text(16), "Kind of license.").within("license"),
    Field::line("license_number", Kind::Text(32), "License number.").within("license"),
    Field::line("ruling_number", Kind::Text(32), "Number of the binding ruling."),
    Field::line("pga", Kind::Codes, "Agencies whose data is ready."),
    Field::line("pga_disclaim", Kind::Codes, "Agencies disclaimed."),
];

/// How many fields stand at shipment level; they come first in [`FIELDS`].
pub const SHIPMENT_FIELDS: usize = SHIPMENT.len() + PARTIES.len() * PARTY_FIELDS;

/// How many fields stand in a line.
pub const LINE_FIELDS: usize = LINE.len() + MANUFACTURER.len();

/// Every field: those of the shipment, its parties, those of a line, the line's manufacturer.
pub static FIELDS: [Field; SHIPMENT_FIELDS + LINE_FIELDS] = {
    let (mut all, mut at) = ([SHIPMENT[0]; SHIPMENT_FIELDS + LINE_FIELDS], 0);
    while at < all.len() {
        all[at] = if at < SHIPMENT.len() {
            SHIPMENT[at]
        } else if at < SHIPMENT_FIELDS {
            let of = at - SHIPMENT.len();
            PARTIES[of / PARTY_FIELDS][of % PARTY_FIELDS]
        } else if at < SHIPMENT_FIELDS + LINE.len() {
            LINE[at - SHIPMENT_FIELDS]
        } else {
            MANUFACTURER[at - SHIPMENT_FIELDS - LINE.len()]
        };
        at += 1;
    }
    // A consignee is the only party without whom there is no one person of the day.
    all[Party::Consignee.field(PartyField::Name).0 as usize].required = true;
    all
};

const REQUIRED_COUNT: usize = {
    let (mut count, mut at) = (0, 0);
    while at < FIELDS.len() {
        count += FIELDS[at].required as usize;
        at += 1;
    }
    count
};

/// The fields without which a shipment or a line is refused.
pub static REQUIRED: [FieldId; REQUIRED_COUNT] = {
    let (mut list, mut next, mut at) = ([FieldId(0); REQUIRED_COUNT], 0, 0);
    while at < FIELDS.len() {
        if FIELDS[at].required {
            list[next] = FieldId(at as u16);
            next += 1;
        }
        at += 1;
    }
    list
};

/// Slots of the name table: a power of two above twice the number of fields.
const SLOTS: usize = 512;

/// Field by the hash of its name, open addressing; `u16::MAX` is free.
static BY_NAME: [u16; SLOTS] = {
    let (mut table, mut at) = ([u16::MAX; SLOTS], 0);
    while at < FIELDS.len() {
        let mut slot = slot_of(FIELDS[at].name);
        while table[slot] != u16::MAX {
            assert!(
                !same(FIELDS[table[slot] as usize].name, FIELDS[at].name),
                "a field stands twice"
            );
            slot = (slot + 1) % SLOTS;
        }
        table[slot] = at as u16;
        at += 1;
    }
    table
};

/// Field by the hash of its place in JSON, as [`BY_NAME`].
static BY_JSON: [u16; SLOTS] = {
    let (mut table, mut at) = ([u16::MAX; SLOTS], 0);
    while at < FIELDS.len() {
        let mut slot = json_slot_of(FIELDS[at].level, FIELDS[at].group, FIELDS[at].json);
        while table[slot] != u16::MAX {
            slot = (slot + 1) % SLOTS;
        }
        table[slot] = at as u16;
        at += 1;
    }
    table
};

/// The objects that stand in a shipment.
pub const SHIPMENT_GROUPS: [&str; 8] = [
    "consignee",
    "shipper",
    "seller",
    "owner",
    "purchaser",
    "importer_of_record",
    "delivered_to",
    "bond",
];

/// The objects that stand in a line, besides `facts`.
pub const LINE_GROUPS: [&str; 2] = ["manufacturer", "license"];

const FNV_START: u32 = 0x811c_9dc5;

const fn fnv(mut hash: u32, text: &str) -> u32 {
    let (bytes, mut at) = (text.as_bytes(), 0);
    while at < bytes.len() {
        hash = (hash ^ bytes[at] as u32).wrapping_mul(0x0100_0193);
        at += 1;
    }
    hash
}

const fn slot_of(name: &str) -> usize {
    let hash = fnv(FNV_START, name);
    (hash ^ (hash >> 16)) as usize % SLOTS
}

/// JSON keys are looked up for every value read, so their hash takes a few bytes and not all: the
/// lengths, and letters that differ between names of one object.
const fn json_slot_of(level: Level, group: Option<&str>, key: &str) -> usize {
    let mut hash = sample(level as u32, key);
    if let Some(group) = group {
        hash = sample(hash, group);
    }
    (hash ^ (hash >> 15)) as usize % SLOTS
}

/// Folds the length and four bytes of a text into a hash.
const fn sample(hash: u32, text: &str) -> u32 {
    let (bytes, length) = (text.as_bytes(), text.len());
    if length == 0 {
        return hash;
    }
    let word = u32::from_le_bytes([
        bytes[0],
        bytes[length / 3],
        bytes[length / 2],
        bytes[length - 1],
    ]);
    (hash ^ word ^ ((length as u32) << 13)).wrapping_mul(0x9e37_79b1)
}

const fn same_group(one: Option<&str>, other: Option<&str>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => same(one, other),
        (None, None) => true,
        _ => false,
    }
}

const fn same(one: &str, other: &str) -> bool {
    let (one, other, mut at) = (one.as_bytes(), other.as_bytes(), 0);
    if one.len() != other.len() {
        return false;
    }
    while at < one.len() {
        if one[at] != other[at] {
            return false;
        }
        at += 1;
    }
    true
}

/// The fields that code names, found when the program is built.
pub mod id {
    use super::FieldId;

    macro_rules! ids {
        ($($constant:ident = $name:literal),+ $(,)?) => {
            $(
                #[doc = concat!("`", $name, "`")]
                pub const $constant: FieldId = match FieldId::named($name) {
                    Some(field) => field,
                    None => panic!("no such field"),
                };
            )+
        };
    }

    /// The quantities of a line.
    pub const QUANTITIES: [FieldId; 3] = [QUANTITY, QUANTITY_2, QUANTITY_3];
    /// Their units.
    pub const UNITS: [FieldId; 3] = [UNIT, UNIT_2, UNIT_3];

    ids! {
        SHIPMENT_ID = "shipment_id", MODE = "mode", ARRIVES_AT = "arrives_at",
        ENTERED_AT = "entered_at", FILED_AT = "filed_at", LOADED_AT = "loaded_at",
        EXPORTED_ON = "exported_on", COUNTRY_OF_SHIPMENT = "country_of_shipment",
        ENTRY_PATH = "entry_path", POSTAL_METHOD = "postal_method", PURPOSE = "purpose",
        ACCOMPANIED = "accompanied", CUSTOMS_STATUS = "customs_status",
        SOLD_BEFORE_IMPORT = "sold_before_import", ORDER_ID = "order_id",
        ORDER_TOTAL_USD = "order_total_usd", ORDER_PARCELS = "order_parcels",
        SPLIT_REASON = "split_reason", VALUE_EVIDENCE = "value_evidence",
        HOUSE_BILL = "house_bill", MASTER_BILL = "master_bill", S10_NUMBER = "s10_number",
        POSTAL_SERVICE_CLASS = "postal_service_class", PORT_OF_ENTRY = "port_of_entry",
        AT_EXPRESS_HUB = "at_express_hub", FILER_CODE = "filer_code",
        POWER_OF_ATTORNEY = "power_of_attorney",
        IMPORTER_NUMBER = "importer_of_record_number",
        IMPORTER_FOREIGN = "importer_of_record_foreign",
        BOND_TYPE = "bond_type", BOND_NUMBER = "bond_number",
        BOND_SURETY_CODE = "bond_surety_code", BOND_AMOUNT_USD = "bond_amount_usd",
        CONSIGNEE_NAME = "consignee_name", CONSIGNEE_KIND = "consignee_kind",
        SHIPPER_NAME = "shipper_name", SHIPPER_KIND = "shipper_kind",
        DESCRIPTION = "description", SKU = "sku", HTSUS_NUMBER = "htsus_number",
        COUNTRY_OF_ORIGIN = "country_of_origin", QUANTITY = "quantity",
        LINE_VALUE = "line_value", CURRENCY = "currency",
        FAIR_RETAIL_VALUE = "fair_retail_value", CLAIMS = "claims",
        UNIT = "unit", QUANTITY_2 = "quantity_2", UNIT_2 = "unit_2",
        QUANTITY_3 = "quantity_3", UNIT_3 = "unit_3", NET_WEIGHT_KG = "net_weight_kg",
        MANUFACTURER_ID = "manufacturer_id", PGA = "pga", PGA_DISCLAIM = "pga_disclaim",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_is_found_by_its_name_and_explained() {
        for id in FieldId::all() {
            assert_eq!(FieldId::named(id.name()), Some(id));
            assert!(
                id.get().doc.ends_with('.') && id.get().doc.len() > 3,
                "{}",
                id.name()
            );
            assert_eq!(id.is_line(), id.get().level == Level::Line);
        }
        assert_eq!(FieldId::named("nonsense"), None);
        assert_eq!(FieldId::named(""), None);
    }

    #[test]
    fn parties_stand_where_their_enum_says() {
        let names: Vec<_> = Party::ALL
            .iter()
            .map(|party| party.field(PartyField::CareOf).name())
            .collect();
        assert_eq!(
            names,
            [
                "consignee_care_of",
                "shipper_care_of",
                "seller_care_of",
                "owner_care_of",
                "purchaser_care_of",
                "importer_of_record_care_of",
                "delivered_to_care_of",
                "manufacturer_care_of"
            ]
        );
        assert_eq!(Party::Consignee.field(PartyField::Name).get().json, "name");
    }

    #[test]
    fn json_names_are_unique_within_their_object() {
        let mut seen = std::collections::BTreeSet::new();
        for id in FieldId::all() {
            let field = id.get();
            assert!(
                seen.insert((id.is_line(), field.group, field.json)),
                "{}",
                id.name()
            );
            assert_eq!(
                FieldId::json(field.level, field.group, field.json),
                Some(id)
            );
            if let Some(group) = field.group {
                let groups: &[&str] = match field.level {
                    Level::Shipment => &SHIPMENT_GROUPS,
                    Level::Line => &LINE_GROUPS,
                };
                assert!(groups.contains(&group), "{group}");
            }
        }
    }
}
