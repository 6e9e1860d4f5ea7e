//! From records back to an [`Entry`].
//!
//! An entry is read only if it is all that the records say: what was read is written again, and
//! any byte that differs refuses it, with its record and column. So a message of another filer that
//! uses more of the records is told apart, and never read in part.

mod release;
mod summary;

use super::{
    Arrival, Bill, BillGroup, BillKind, Conveyance, Entry, EntryType, Party, Who, of_mmddyy, write,
};
use crate::messages::catair;
use crate::messages::catair::record::FieldError;
use deminimis_law::money::Cents;
use deminimis_law::time::Day;

/// Why records are no entry of the forms that are written here. Records count from 1 within the
/// transaction.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// A record that entries here do not have, or at a place where they do not have it.
    #[error("record {at} ({tag}) is no part of the entries that are written here")]
    Record {
        /// Which record.
        at: usize,
        /// Its identifier.
        tag: String,
    },
    /// A field that does not read.
    #[error("record {at}: {error}")]
    Field {
        /// Which record.
        at: usize,
        /// What is wrong.
        error: FieldError,
    },
    /// A field whose value has no meaning here.
    #[error("record {at} ({tag}) {field} {value:?} has no meaning here")]
    Value {
        /// Which record.
        at: usize,
        /// Its identifier.
        tag: String,
        /// The field.
        field: &'static str,
        /// Its value.
        value: String,
    },
    /// The records say more than the entry does, or say it otherwise.
    #[error("record {at} column {column} is not as the entry would be written")]
    Otherwise {
        /// Which record.
        at: usize,
        /// The first column that differs, from 1.
        column: usize,
    },
}

/// Reads the records of one transaction.
///
/// # Errors
/// They are not an entry, or not wholly.
pub fn read(records: &[catair::Line<'_>]) -> Result<Entry, Unreadable> {
    let mut reader = Reader::default();
    for (record, at) in records.iter().zip(1..) {
        reader.record(&One { record, at })?;
    }
    let entry = reader.entry.ok_or_else(|| Unreadable::Record {
        at: 1,
        tag: String::new(),
    })?;
    let written = write(&entry).map_err(|error| Unreadable::Field { at: 0, error })?;
    for (at, pair) in (0..written.len().max(records.len())).map(|at| {
        let ours = written.get(at).map(|record| &record.as_bytes()[..]);
        (
            at + 1,
            (
                ours.unwrap_or(&[]),
                records.get(at).map_or(&[][..], |line| line.bytes()),
            ),
        )
    }) {
        let (ours, theirs) = pair;
        if ours != theirs {
            let same = ours.iter().zip(theirs).take_while(|(a, b)| a == b).count();
            return Err(Unreadable::Otherwise {
                at,
                column: same + 1,
            });
        }
    }
    Ok(entry)
}

/// One record and its place.
struct One<'a> {
    record: &'a catair::Line<'a>,
    at: usize,
}

impl One<'_> {
    fn get(&self, field: &'static str) -> Result<String, Unreadable> {
        let text = self.record.get(field);
        text.map(str::to_owned)
            .map_err(|error| Unreadable::Field { at: self.at, error })
    }

    fn may(&self, field: &'static str) -> Result<Option<String>, Unreadable> {
        Ok(Some(self.get(field)?).filter(|text| !text.is_empty()))
    }

    fn value(&self, field: &'static str) -> Unreadable {
        Unreadable::Value {
            at: self.at,
            tag: self.record.tag().into_owned(),
            field,
            value: self.get(field).unwrap_or_default(),
        }
    }

    fn may_number(&self, field: &'static str) -> Result<Option<u64>, Unreadable> {
        let text = self.may(field)?;
        let number = text.map(|text| text.parse::<u64>().map_err(|_| self.value(field)));
        number.transpose()
    }

    fn number(&self, field: &'static str) -> Result<u64, Unreadable> {
        self.may_number(field)?.ok_or_else(|| self.value(field))
    }

    fn cents(&self, field: &'static str) -> Result<Cents, Unreadable> {
        let cents = i64::try_from(self.number(field)?);
        cents.map(Cents).map_err(|_| self.value(field))
    }

    fn may_day(&self, field: &'static str) -> Result<Option<Day>, Unreadable> {
        let text = self.may(field)?;
        let day = text.map(|text| of_mmddyy(&text).ok_or_else(|| self.value(field)));
        day.transpose()
    }

    fn day(&self, field: &'static str) -> Result<Day, Unreadable> {
        self.may_day(field)?.ok_or_else(|| self.value(field))
    }

    fn misplaced(&self) -> Unreadable {
        Unreadable::Record {
            at: self.at,
            tag: self.record.tag().into_owned(),
        }
    }
}

/// The entry as far as it is read.
#[derive(Default)]
struct Reader {
    entry: Option<Entry>,
    /// Surety and amount of a single bond of a cargo release, which stand in references.
    surety_code: Option<String>,
}

impl Reader {
    fn record(&mut self, one: &One<'_>) -> Result<(), Unreadable> {
        let tag = one.record.tag();
        if self.entry.is_none() {
            self.entry = Some(match tag.as_ref() {
                "10" => summary::control(one)?,
                "SE10" => release::release_header(one)?,
                _ => return Err(one.misplaced()),
            });
            return Ok(());
        }
        let Some(entry) = &mut self.entry else {
            return Err(one.misplaced());
        };
        match tag.as_ref() {
            "SE20" => reference(entry, &mut self.surety_code, one),
            "SE30" | "SE50" | "SE35" | "SE55" | "SE36" | "SE56" => party(entry, &tag, one),
            "SE16" => arrival(entry, one),
            _ if entry.summary.is_some() => summary::of_summary(entry, &tag, one),
            _ => release::of_release(entry, &tag, one),
        }
    }
}

fn empty(one: &One<'_>) -> Result<Entry, Unreadable> {
    let entry_type = EntryType::of_code(&one.get("entry_type_code")?);
    Ok(Entry {
        filer: one.get("entry_filer_code")?,
        number: one.get("entry_number")?,
        entry_type: entry_type.ok_or_else(|| one.value("entry_type_code"))?,
        port_of_entry: String::new(),
        mode: one.get("mode_of_transportation_code")?,
        importer: String::new(),
        contact: None,
        conveyance: Conveyance::default(),
        bills: Vec::new(),
        non_ams: false,
        bond: None,
        express: false,
        parties: Vec::new(),
        lines: Vec::new(),
        summary: None,
    })
}

/// SE16, beside the bills before it.
fn arrival(entry: &mut Entry, one: &One<'_>) -> Result<(), Unreadable> {
    let group = entry.bills.last_mut().ok_or_else(|| one.misplaced())?;
    group.quantity = one.number("quantity")?;
    group.unit = one.may("unit_of_measure")?;
    group.arrival = Some(Arrival {
        carrier_code: one.get("carrier_code")?,
        trip: one.get("voyage_flight_trip_manifest_number")?,
        on: one.day("date_of_arrival")?,
        name: one.may("conveyance_name")?,
    });
    Ok(())
}

fn reference(
    entry: &mut Entry,
    surety_code: &mut Option<String>,
    one: &One<'_>,
) -> Result<(), Unreadable> {
    let reference = one.get("reference_identifier")?;
    match one.get("reference_identifier_qualifier")?.as_str() {
        "EXP" => entry.express = true,
        "NAM" => entry.non_ams = true,
        "V1" => *surety_code = Some(reference),
        "AMT" => {
            let amount = one.number("reference_identifier")?;
            let bond = entry.bond.as_mut().ok_or_else(|| one.misplaced())?;
            bond.amount_usd = Some(amount);
            bond.surety_code = surety_code.take();
        }
        _ => return Err(one.value("reference_identifier_qualifier")),
    }
    Ok(())
}

/// The records of a party, of the entry (`SE3n`) or of the line before it (`SE5n`).
fn party(entry: &mut Entry, tag: &str, one: &One<'_>) -> Result<(), Unreadable> {
    let parties = match tag.as_bytes()[2] {
        b'3' => &mut entry.parties,
        _ => match entry.lines.last_mut() {
            Some(line) => &mut line.parties,
            None => return Err(one.misplaced()),
        },
    };
    if tag.ends_with('0') {
        let who = match one.may("entity_identifier_qualifier")? {
            Some(qualifier) => Who::Number(qualifier, one.get("entity_identifier")?),
            None => Who::Named {
                name: one.get("entity_name")?,
                address: Vec::new(),
                city: String::new(),
                subdivision: None,
                postal_code: None,
                country: String::new(),
            },
        };
        parties.push(Party {
            role: one.get("entity_code")?,
            who,
        });
        return Ok(());
    }
    let last = parties.last_mut().map(|party| &mut party.who);
    let Some(Who::Named {
        address,
        city,
        subdivision,
        postal_code,
        country,
        ..
    }) = last
    else {
        return Err(one.misplaced());
    };
    if tag.ends_with('5') {
        for (qualifier, part) in [
            ("address_component_qualifier_1", "address_information_1"),
            ("address_component_qualifier_2", "address_information_2"),
        ] {
            if let Some(qualifier) = one.may(qualifier)? {
                address.push((qualifier, one.get(part)?));
            }
        }
    } else {
        *city = one.get("city_name")?;
        *subdivision = one.may("country_sub_entity_code")?;
        *postal_code = one.may("postal_code")?;
        *country = one.get("country_code")?;
    }
    Ok(())
}

/// A bill under another makes that one a master bill.
fn add_bill(group: &mut BillGroup, bill: Bill) {
    if bill.kind == BillKind::House
        && let Some(first) = group.bills.last_mut()
    {
        first.kind = BillKind::Master;
    }
    group.bills.push(bill);
}
