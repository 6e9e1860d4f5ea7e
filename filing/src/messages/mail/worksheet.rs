//! The rows of a month's worksheet, their totals, and by when it is due.

use super::super::parcel::{Parcel, Reading, Refusal, Taken};
use super::article::articles;
use crate::identifiers::codes::schedule_d;
use crate::identifiers::entry_number::is_filer_code;
use crate::identifiers::s10::S10;
use deminimis_law::money::Cents;
use deminimis_law::time::Day;
use std::collections::BTreeMap;

/// The names of the 14 fields, in their order.
pub const COLUMNS: [&str; 14] = [
    "filer code",
    "bond number",
    "description",
    "country of origin",
    "HTSUS numbers",
    "quantity or weight",
    "duty rate",
    "value",
    "total duty",
    "carrier",
    "flight or conveyance number",
    "tracking number",
    "arrival port",
    "arrival date",
];

/// The places of the columns that are amounts.
pub(super) const AMOUNTS: [usize; 2] = [7, 8];

/// The path whose parcels stand on the worksheet.
const PATH: &str = "mail-worksheet";

/// The rule that puts a free gift on it, with zero duty.
const GIFT_RULE: &str = "path.gift-zero-duty-line";

/// One row: an article of a parcel, its cells in the order of [`COLUMNS`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The parcel.
    pub shipment_id: String,
    /// The cells.
    pub cells: [String; 14],
}

/// What became of a parcel that was offered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Placed {
    /// It stands on the worksheet.
    Written,
    /// It arrived in another month.
    OtherMonth,
    /// It enters by another path, which is named.
    OtherPath(&'static str),
    /// It belongs on the worksheet, but cannot be written.
    Refused(Vec<Refusal>),
}

/// A month's worksheet.
#[derive(Clone, Debug, Default)]
pub struct Worksheet {
    /// First and last day of the month.
    month: Option<(Day, Day)>,
    /// The rows, in the order the parcels were offered.
    pub rows: Vec<Row>,
    /// How many parcels they are of.
    pub parcels: u64,
    /// How many of those are gifts.
    pub gifts: u64,
    /// Sum of the values, in dollars.
    pub value: Cents,
    /// Sum of the duties, in dollars.
    pub duty: Cents,
    /// Sum of the fees that the decisions name and no column holds, in dollars.
    pub fees: Cents,
    /// By when it is due, as the decisions say: what is due, the day, and the other day where the
    /// law leaves two; with how many parcels say so.
    pub due: BTreeMap<(String, Option<String>, Option<String>), u64>,
    /// Which parcel has which S10 number.
    numbers: Taken,
}

impl Worksheet {
    /// An empty worksheet of the month from `first` to `last`.
    #[must_use]
    pub fn new(first: Day, last: Day) -> Worksheet {
        Worksheet {
            month: Some((first, last)),
            ..Worksheet::default()
        }
    }

    /// Offers a parcel.
    pub fn add(&mut self, parcel: Parcel<'_>) -> Placed {
        let day = parcel.shipment.arrives_at.day;
        if self
            .month
            .is_some_and(|(first, last)| day < first || last < day)
        {
            return Placed::OtherMonth;
        }
        let decision = parcel.decision;
        let gift = decision
            .findings
            .iter()
            .any(|finding| finding.rule == GIFT_RULE);
        if decision.entry_path != PATH && !gift {
            return Placed::OtherPath(decision.entry_path);
        }
        let made = match made(parcel, gift) {
            Ok(made) => made,
            Err(refusals) => return Placed::Refused(refusals),
        };
        let id = &parcel.shipment.id;
        if let Err(twice) = self.numbers.give("s10_number", &made.s10_number, id) {
            return Placed::Refused(vec![twice]);
        }
        self.count(parcel, &made, gift);
        self.rows.extend(made.rows);
        Placed::Written
    }

    fn count(&mut self, parcel: Parcel<'_>, made: &Made, gift: bool) {
        self.parcels += 1;
        self.gifts += u64::from(gift);
        self.fees = self.fees.plus(made.fees);
        for row in &made.rows {
            let cents = |at: usize| Cents::parse(&row.cells[at]).unwrap_or(Cents(0));
            self.value = self.value.plus(cents(AMOUNTS[0]));
            self.duty = self.duty.plus(cents(AMOUNTS[1]));
        }
        for deadline in &parcel.decision.deadlines {
            if deadline.rule.starts_with("deadline.mail-") {
                let key = (
                    deadline.what.clone(),
                    deadline.due.clone(),
                    deadline.or_due.clone(),
                );
                *self.due.entry(key).or_default() += 1;
            }
        }
    }
}

/// What is made of one parcel.
struct Made {
    rows: Vec<Row>,
    fees: Cents,
    s10_number: String,
}

/// The rows of a parcel, its fees and its number.
fn made(parcel: Parcel<'_>, gift: bool) -> Result<Made, Vec<Refusal>> {
    let mut reading = Reading::new(parcel, "the worksheet");
    let filer = reading.checked("filer_code", None, |text| match is_filer_code(text) {
        true => Ok(()),
        false => Err("is no filer code: three upper-case letters or digits are meant"),
    });
    let bond = reading.needed("bond_number", None);
    let carrier = reading.needed("carrier_code", None);
    let flight = reading.needed("voyage_flight_trip", None);
    let tracking = s10(&mut reading);
    let port = reading.checked("port_of_entry", None, schedule_d);
    let arrival = parcel.shipment.arrives_at.day.to_string();
    let articles = articles(&mut reading, gift.then_some("Free (gift)"));
    let fees = parcel
        .decision
        .owed
        .as_ref()
        .and_then(|owed| owed.fees_usd.as_deref());
    let fees = fees
        .and_then(|fees| Cents::parse(fees).ok())
        .unwrap_or(Cents(0));
    let row = |article: super::Article| Row {
        shipment_id: parcel.shipment.id.clone(),
        cells: [
            filer.to_owned(),
            bond.to_owned(),
            match gift {
                true => format!("GIFT: {}", article.description),
                false => article.description,
            },
            article.country_of_origin,
            article.htsus_numbers.join("; "),
            match (article.quantity, article.unit) {
                (Some(quantity), Some(unit)) => format!("{quantity} {unit}"),
                _ => String::new(),
            },
            article.duty_rate,
            article.value_usd,
            article.duty_usd,
            carrier.to_owned(),
            flight.to_owned(),
            tracking.clone(),
            port.to_owned(),
            arrival.clone(),
        ],
    };
    let rows = articles.into_iter().map(row).collect();
    reading.finish(Made {
        rows,
        fees,
        s10_number: tracking,
    })
}

/// The S10 number, checked, in its usual writing.
pub(in crate::messages) fn s10(reading: &mut Reading<'_>) -> String {
    let text = reading.needed("s10_number", None);
    if text.is_empty() {
        return String::new();
    }
    match S10::parse(text) {
        Ok(number) => number.to_string(),
        Err(wrong) => {
            let right = wrong
                .right
                .map_or(String::new(), |right| format!(" ({right})"));
            reading.refuse(None, "s10_number", text, format!("{}{right}", wrong.reason));
            String::new()
        }
    }
}
