//! Entry numbers: each is used for one parcel, whoever asks for it and however often.

use super::DeskStore;
use super::sql::{Sql, Value};
use crate::error::StoreError;
use crate::pending::Pending;

/// How many numbers of a range may be in use already, one after the other, before it is given up.
const MOST_TAKEN: usize = 10_000;

/// A parcel that needs a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NumberWanted {
    /// The parcel.
    pub shipment_id: String,
    /// The serial of the number that it brings along; nothing if it is to get one.
    pub own: Option<u32>,
}

/// What became of that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Allotted {
    /// It has this serial, now or since it was asked for first.
    Serial(u32),
    /// The number that it brings along is another parcel's.
    Taken,
    /// The range has none left.
    UsedUp,
}

impl DeskStore {
    /// Gives each parcel of a tenant its number of a filer: its own, the one that it was given
    /// before, or the next of the range (first and last, both included).
    pub fn allot_entry_numbers(
        &self,
        (filer, range): (&str, Option<(u32, u32)>),
        tenant: &str,
        wanted: Vec<NumberWanted>,
        at: i64,
    ) -> Pending<Vec<Allotted>> {
        let (filer, tenant) = (filer.to_owned(), tenant.to_owned());
        self.write(move |sql| {
            let one = |wanted: &NumberWanted| {
                let of = [
                    Value::from(&filer),
                    (&tenant).into(),
                    (&wanted.shipment_id).into(),
                ];
                match wanted.own {
                    Some(own) => keep(sql, &of, own, at),
                    None => give(sql, &of, range, at),
                }
            };
            wanted.iter().map(one).collect()
        })
    }

    /// The parcel of a tenant that has a number, by filer and serial.
    pub fn shipment_of_entry(
        &self,
        tenant: &str,
        filer: &str,
        serial: u32,
    ) -> Pending<Option<String>> {
        let values = [tenant.into(), filer.into(), i64::from(serial).into()];
        let text = "SELECT shipment_id FROM entry_number
            WHERE tenant = $1 AND filer = $2 AND serial = $3";
        self.read(move |sql| sql.one(text, &values)?.map(|row| row.text(0)).transpose())
    }
}

/// Notes a number as a parcel's; whether nobody else has it.
fn note(
    sql: &mut dyn Sql,
    of: &[Value; 3],
    (serial, given): (u32, bool),
    at: i64,
) -> Result<bool, StoreError> {
    let [filer, tenant, shipment] = of.clone();
    let text = "INSERT INTO entry_number (filer, tenant, shipment_id, serial, given, at)
        VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (filer, serial) DO NOTHING";
    let (serial, given) = (i64::from(serial), i64::from(given));
    let values = [
        filer,
        tenant,
        shipment,
        serial.into(),
        given.into(),
        at.into(),
    ];
    Ok(sql.execute(text, &values)? > 0)
}

/// A parcel's own number.
fn keep(sql: &mut dyn Sql, of: &[Value; 3], own: u32, at: i64) -> Result<Allotted, StoreError> {
    if note(sql, of, (own, false), at)? {
        return Ok(Allotted::Serial(own));
    }
    let [filer, tenant, shipment] = of.clone();
    let text = "SELECT serial FROM entry_number
        WHERE filer = $1 AND tenant = $2 AND shipment_id = $3 AND serial = $4";
    let same = sql.one(text, &[filer, tenant, shipment, i64::from(own).into()])?;
    Ok(match same {
        Some(_) => Allotted::Serial(own),
        None => Allotted::Taken,
    })
}

/// The number that a parcel was given before, or the next.
fn give(
    sql: &mut dyn Sql,
    of: &[Value; 3],
    range: Option<(u32, u32)>,
    at: i64,
) -> Result<Allotted, StoreError> {
    let [filer, _, _] = of.clone();
    // Whatever the range is by now: a parcel has one entry.
    let text = "SELECT serial FROM entry_number
        WHERE filer = $1 AND tenant = $2 AND shipment_id = $3 AND given = 1";
    if let Some(row) = sql.one(text, of)? {
        return serial(row.int(0)?).map(Allotted::Serial);
    }
    let Some((first, last)) = range else {
        return Ok(Allotted::UsedUp);
    };
    let ends = [i64::from(first), i64::from(last)];
    let text = "INSERT INTO entry_range (filer, first, next) VALUES ($1, $2, $2)
        ON CONFLICT (filer, first) DO NOTHING";
    sql.execute(text, &[filer.clone(), ends[0].into()])?;
    for _ in 0..MOST_TAKEN {
        // The row is held until the end: who asks at the same time gets the one after.
        let text = "UPDATE entry_range SET next = next + 1
            WHERE filer = $1 AND first = $2 AND next <= $3 RETURNING next - 1";
        let values = [filer.clone(), ends[0].into(), ends[1].into()];
        let Some(row) = sql.one(text, &values)? else {
            return Ok(Allotted::UsedUp);
        };
        let next = serial(row.int(0)?)?;
        if note(sql, of, (next, true), at)? {
            return Ok(Allotted::Serial(next));
        }
    }
    Ok(Allotted::UsedUp)
}

fn serial(number: i64) -> Result<u32, StoreError> {
    let wrong = |_| StoreError::Failure(format!("{number} is no serial of an entry number"));
    u32::try_from(number).map_err(wrong)
}
