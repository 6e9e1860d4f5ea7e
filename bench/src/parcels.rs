//! Made-up parcels, the same on every machine: as rows of CSV, or read into shipments.

use crate::goods::{ARTICLES, MODES, ORIGINS};
use crate::persons::Person;
use deminimis_clearance::shipment::build::PortZones;
use deminimis_clearance::shipment::{Builder, FieldId, Shipment, Texts};
use deminimis_law::Law;
use deminimis_law::time::Day;
use std::io;
use std::path::Path;

/// The columns of a generated file; the last six are the line's.
#[rustfmt::skip]
pub const COLUMNS: [&str; 26] = [
    "shipment_id", "mode", "arrives_at", "filed_at", "country_of_shipment", "purpose", "order_id",
    "house_bill", "master_bill", "tracking_number", "port_of_entry", "carrier_code",
    "consignee_name", "consignee_street", "consignee_city", "consignee_state",
    "consignee_postal_code", "consignee_country", "shipper_name", "shipper_country",
    "description", "sku", "htsus_number", "country_of_origin", "quantity", "line_value",
];

/// How many of [`COLUMNS`] belong to the line.
const OF_LINE: usize = 6;

/// One parcel: its own values, then those of each line.
#[derive(Clone, Debug)]
pub struct Parcel {
    shipment: Vec<String>,
    lines: Vec<[String; OF_LINE]>,
}

impl Parcel {
    /// Its rows, one a line.
    pub fn rows(&self) -> impl Iterator<Item = impl Iterator<Item = &str>> {
        let own = |line| self.shipment.iter().chain(line).map(String::as_str);
        self.lines.iter().map(move |line| own(line.as_slice()))
    }
}

/// The days on which parcels arrive.
#[derive(Clone, Copy, Debug)]
pub struct Span {
    /// The first day.
    pub from: Day,
    /// How many days.
    pub days: u64,
}

impl Span {
    /// 2015-01-01 to 2026-12-31.
    pub const YEARS: Span = Span {
        from: Day(16_436),
        days: 4_383,
    };
    /// April 2025: before the suspension for China, with entry type 86 still open.
    pub const MONTH: Span = Span {
        from: Day(20_179),
        days: 30,
    };
}

/// Makes parcels.
#[derive(Clone, Debug)]
pub struct Maker {
    dice: Dice,
    span: Span,
    persons: u64,
    made: u64,
    /// The person and day of the parcel before, which some parcels share.
    before: (u64, Day),
    /// Lines of each parcel; 0 is one to three.
    lines: usize,
    /// Of a hundred lines, how many lack their origin, and how many their number.
    lacking: u64,
}

impl Maker {
    /// Parcels of a span. About one in thirty goes to the person of the one before on the same
    /// day, and persons recur on other days. One line in a hundred lacks its origin, one its number.
    #[must_use]
    pub fn new(span: Span, parcels: u64) -> Maker {
        Maker {
            dice: Dice::new(321),
            span,
            persons: (parcels * 3 / 5).max(1),
            made: 0,
            before: (0, span.from),
            lines: 0,
            lacking: 1,
        }
    }

    /// The same with a fixed number of lines, each with origin and number.
    #[must_use]
    pub fn of_lines(self, lines: usize) -> Maker {
        Maker {
            lines,
            lacking: 0,
            ..self
        }
    }

    fn parcel(&mut self) -> Parcel {
        let dice = &mut self.dice;
        self.made += 1;
        if dice.below(30) > 0 {
            let day = self.span.from.plus(dice.below(self.span.days) as i32);
            self.before = (dice.below(self.persons), day);
        }
        let (number, day) = self.before;
        let person = Person::of(number);
        let (mode, origin) = (*dice.pick(MODES), *dice.pick(ORIGINS));
        let time = format!("{:02}:{:02}:00-05:00", 6 + dice.below(14), dice.below(60));
        let exact = dice.below(2) == 0;
        let filed = exact && dice.below(3) > 0;
        let purpose = if dice.below(40) == 0 { "gift" } else { "sale" };
        let order = if dice.below(5) == 0 {
            String::new()
        } else {
            format!("SO-{}", 700_000 + number)
        };
        let shipment = vec![
            format!("TBA{:09}", self.made),
            mode.to_owned(),
            if exact {
                format!("{day}T{time}")
            } else {
                day.to_string()
            },
            if filed {
                format!("{}T{time}", day.plus(-1))
            } else {
                String::new()
            },
            origin.to_owned(),
            purpose.to_owned(),
            order,
            format!("HB{:010}", self.made * 7),
            format!(
                "{:03}-{:08}",
                100 + dice.below(40),
                u64::from(day.0.unsigned_abs()) * 40 + dice.below(40)
            ),
            format!("1Z{:016}", self.made * 104_729),
            (*dice.pick(&["2704", "4701", "3901", "5201", "2720"])).to_owned(),
            (*dice.pick(&["FX", "UPS", "DHL", "CX", "KE"])).to_owned(),
            person.name,
            person.street,
            person.place.0.to_owned(),
            person.place.1.to_owned(),
            person.postal_code,
            "US".to_owned(),
            format!(
                "{} Trading Co {}",
                dice.pick(&["Ningbo", "Saigon", "Seoul", "Mendip"]),
                dice.below(400)
            ),
            origin.to_owned(),
        ];
        let count = if self.lines > 0 {
            self.lines
        } else {
            1 + dice.below(5) as usize % 3
        };
        let lines = (0..count)
            .map(|_| line(&mut self.dice, origin, self.lacking))
            .collect();
        Parcel { shipment, lines }
    }
}

impl Iterator for Maker {
    type Item = Parcel;

    fn next(&mut self) -> Option<Parcel> {
        Some(self.parcel())
    }
}

fn line(dice: &mut Dice, shipped: &str, lacking: u64) -> [String; OF_LINE] {
    // The common articles come first in the list.
    let count = ARTICLES.len() as u64;
    let place = dice.below(count).min(dice.below(count)) as usize;
    let (description, number, cents) = ARTICLES[place];
    let quantity = 1 + dice.below(3).min(dice.below(4));
    let cents = u64::from(cents) * (80 + dice.below(60)) / 100 * quantity;
    let origin = if dice.below(12) == 0 {
        *dice.pick(ORIGINS)
    } else {
        shipped
    };
    let given = |dice: &mut Dice, text: &str| {
        if dice.below(100) < lacking {
            String::new()
        } else {
            text.to_owned()
        }
    };
    [
        description.to_owned(),
        format!("SKU-{place:03}-{:04}", dice.below(5000)),
        given(dice, number),
        given(dice, origin),
        quantity.to_string(),
        format!("{}.{:02}", cents / 100, cents % 100),
    ]
}

/// Writes at least `rows` rows of CSV with a header; gives the rows and the parcels written.
///
/// # Errors
/// The file cannot be written.
pub fn write_csv(path: &Path, span: Span, rows: u64) -> io::Result<(u64, u64)> {
    let mut out = csv::Writer::from_path(path)?;
    out.write_record(COLUMNS)?;
    let (mut written, mut parcels) = (0, 0);
    for parcel in Maker::new(span, rows / 2) {
        for row in parcel.rows() {
            out.write_record(row.map(str::as_bytes))?;
            written += 1;
        }
        parcels += 1;
        if written >= rows {
            break;
        }
    }
    out.flush()?;
    Ok((written, parcels))
}

/// Reads parcels as the readers of files do.
///
/// # Panics
/// A made-up parcel is refused, which is a defect of this crate.
#[must_use]
pub fn shipments(law: &Law, parcels: impl Iterator<Item = Parcel>) -> Vec<Shipment> {
    let rows = law
        .book()
        .ports
        .iter()
        .map(|row| (row.port.as_str(), row.zone.as_str()));
    let ports = PortZones::from_rows(rows).unwrap_or_else(|zone| panic!("unknown zone {zone}"));
    let mut builder = Builder::new(&law.book().facts, law.zone(), &ports);
    let fields: Vec<FieldId> = COLUMNS
        .iter()
        .filter_map(|name| FieldId::named(name))
        .collect();
    assert_eq!(fields.len(), COLUMNS.len(), "a column that is not a field");
    let mut read = |parcel: Parcel| {
        let (mut shipment, mut texts) = (Shipment::empty(), Texts::new());
        let mut filling = builder.begin(&mut shipment, &mut texts);
        for (at, row) in parcel.rows().enumerate() {
            for (field, text) in fields.iter().zip(row) {
                filling
                    .set(*field, at, text)
                    .unwrap_or_else(|bad| panic!("{bad}"));
            }
        }
        filling.finish().unwrap_or_else(|bad| panic!("{bad}"));
        shipment
    };
    parcels.map(&mut read).collect()
}

/// Repeatable chance: splitmix64.
#[derive(Clone, Debug)]
pub struct Dice(u64);

impl Dice {
    /// Dice that always fall the same way for a seed.
    #[must_use]
    pub fn new(seed: u64) -> Dice {
        Dice(seed)
    }

    /// A number below `bound`, which is not 0.
    pub fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % bound
    }

    /// One of a list, which is not empty.
    pub fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len() as u64) as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_begin_where_they_say() {
        assert_eq!(Span::YEARS.from.to_string(), "2015-01-01");
        assert_eq!(Span::YEARS.from.plus(4_382).to_string(), "2026-12-31");
        assert_eq!(Span::MONTH.from.to_string(), "2025-04-01");
    }
}
