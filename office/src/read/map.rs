//! A user's own columns, named in a TOML file (`--map FILE`); presets are such files too.
//!
//! ```toml
//! title = "Our shop's export"
//! optional = false              # true: columns below that the file lacks are passed over
//! ignore_rest = true            # true: columns not named here are passed over
//! ignore = ["Notes"]            # columns to pass over
//!
//! [row]
//! shipment_id = "InvoiceNo"     # adjacent rows with one value form a shipment
//!
//! [columns]                     # their column = our field, or a list of our fields
//! "Ship To Name" = "consignee_name"
//! "Alcohol?" = "facts.alcohol"
//!
//! [constants]                   # our field = a value for every row that has none
//! mode = "air"
//!
//! [totals]                      # a line's total from the price of one and the quantity
//! line_value = { unit_price = "UnitPrice", quantity = "Quantity" }
//!
//! [dates]                       # %Y %m %b %d %H %M %S %z; a time needs %z or a zone
//! arrives_at = { column = "InvoiceDate", form = "%Y-%m-%d %H:%M:%S", zone = "Europe/London" }
//!
//! [join]                        # several columns with a space between
//! consignee_name = ["First", "Last"]
//!
//! [strip]                       # a column without what it begins with
//! consignee_postal_code = { column = "Zip", prefix = "'" }
//!
//! [values.purpose]              # their words for ours; a word that is not listed is refused
//! column = "Contents"
//! words = { merchandise = "sale", gift = "gift" }
//!
//! [[refuse]]                    # rows that are no parcel; the reason is shown in the rejects
//! column = "Quantity"
//! when = "negative"             # negative, zero, not_positive, empty; or begins = "C"; or equals = "x"
//! reason = "a cancellation: its quantity is negative"
//! ```
//!
//! Totals are exact: price (at most 6 decimals) times quantity (at most 3) as integers, rounded half
//! up to the currency's last place only where the product has more decimals than that. Column names
//! are compared without regard to case and surrounding spaces.

use serde::Deserialize;
use std::collections::BTreeMap;

/// A column mapping as written.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Map {
    /// What the file is an export of.
    #[serde(default)]
    pub title: String,
    /// Whether columns that the file lacks are passed over.
    #[serde(default)]
    pub optional: bool,
    /// Whether columns that the map does not name are passed over.
    #[serde(default)]
    pub ignore_rest: bool,
    /// Columns to pass over.
    #[serde(default)]
    pub ignore: Vec<String>,
    /// What makes rows one shipment.
    #[serde(default)]
    pub row: Row,
    /// Their column, our fields.
    #[serde(default)]
    pub columns: BTreeMap<String, OneOrMore>,
    /// Our field, a value for every row that has none.
    #[serde(default)]
    pub constants: BTreeMap<String, String>,
    /// Our field, a price of one and a quantity.
    #[serde(default)]
    pub totals: BTreeMap<String, Total>,
    /// Our field, a date in a named form.
    #[serde(default)]
    pub dates: BTreeMap<String, DateColumn>,
    /// Our field, the columns that make it up.
    #[serde(default)]
    pub join: BTreeMap<String, Vec<String>>,
    /// Our field, a column without its beginning.
    #[serde(default)]
    pub strip: BTreeMap<String, Strip>,
    /// Our field, a column with their words for ours.
    #[serde(default)]
    pub values: BTreeMap<String, Words>,
    /// Rows that are no parcel.
    #[serde(default)]
    pub refuse: Vec<Refuse>,
}

/// What makes rows one shipment.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// The column whose equal values in adjacent rows make one shipment.
    pub shipment_id: Option<String>,
}

/// One name or a list of names.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum OneOrMore {
    /// One.
    One(String),
    /// A list.
    More(Vec<String>),
}

impl OneOrMore {
    /// The names.
    #[must_use]
    pub fn names(&self) -> &[String] {
        match self {
            OneOrMore::One(name) => std::slice::from_ref(name),
            OneOrMore::More(names) => names,
        }
    }
}

/// A line's total: the price of one times the quantity.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Total {
    /// Their column with the price of one.
    pub unit_price: String,
    /// Their column with the quantity.
    pub quantity: String,
}

/// A date in a named form.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DateColumn {
    /// Their column.
    pub column: String,
    /// The form.
    pub form: String,
    /// The zone of its times, if they give no offset.
    pub zone: Option<String>,
}

/// A column without what it begins with.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Strip {
    /// Their column.
    pub column: String,
    /// What is taken off once, where it stands.
    pub prefix: String,
}

/// A column with their words for ours.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// Their column.
    pub column: String,
    /// Their word, ours.
    pub words: BTreeMap<String, String>,
}

/// A rule that refuses rows.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Refuse {
    /// Their column.
    pub column: String,
    /// A test by name.
    pub when: Option<When>,
    /// True where the value begins with this.
    pub begins: Option<String>,
    /// True where the value is this.
    pub equals: Option<String>,
    /// What the sender is told.
    pub reason: String,
}

/// A test of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum When {
    /// Begins with a minus sign.
    Negative,
    /// Only zeros.
    Zero,
    /// Negative or zero.
    NotPositive,
    /// Nothing but spaces.
    Empty,
}

impl When {
    /// Whether the test is met.
    #[must_use]
    pub fn holds(self, text: &str) -> bool {
        let text = text.trim();
        let negative = text.starts_with('-');
        let zero = text.contains('0') && text.bytes().all(|byte| matches!(byte, b'0' | b'.'));
        match self {
            When::Negative => negative,
            When::Zero => zero,
            When::NotPositive => negative || zero,
            When::Empty => text.is_empty(),
        }
    }
}

impl Map {
    /// Reads a map.
    ///
    /// # Errors
    /// What is wrong, with its line.
    pub fn parse(text: &str) -> Result<Map, String> {
        let map: Map = toml::from_str(text).map_err(|error| error.to_string())?;
        for rule in &map.refuse {
            let tests = [
                rule.when.is_some(),
                rule.begins.is_some(),
                rule.equals.is_some(),
            ];
            if tests.iter().filter(|given| **given).count() != 1 {
                return Err(format!(
                    "the rule for column {:?} needs exactly one of when, begins, equals",
                    rule.column
                ));
            }
        }
        Ok(map)
    }
}
