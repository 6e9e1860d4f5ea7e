//! The list of parcels: what is looked for among all of a tenant, read off the ledger.

use super::DeskStore;
use super::sql::{Row, Value};
use crate::error::StoreError;
use crate::pending::Pending;

/// A parcel of the list. Nothing in it tells of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Whose ledger it is in.
    pub tenant: String,
    /// The sender's own id.
    pub shipment_id: String,
    /// Its place in the ledger.
    pub position: i64,
    /// The day on which it counts, as days since 1970-01-01.
    pub day: i32,
    /// `reserved`, `posted` or `voided`.
    pub state: String,
    /// The contract's outcome.
    pub outcome: String,
    /// The contract's path.
    pub entry_path: String,
    /// What is owed in all, in cents; nothing where it is not known or nothing can be owed.
    pub owed_cents: Option<i64>,
}

/// Which parcels of the list are wanted. What is empty asks for nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// How the id begins.
    pub id: String,
    /// The outcome.
    pub outcome: String,
    /// The state.
    pub state: String,
    /// The first day, as days since 1970-01-01.
    pub from: Option<i32>,
    /// The last day.
    pub until: Option<i32>,
    /// Only parcels that were entered before the one at this place.
    pub before: Option<i64>,
}

/// Which rows are wanted, by the values that [`values`] gives.
macro_rules! wanted {
    () => {
        "WHERE tenant = $1 AND position < $2 AND ($3 = '' OR outcome = $3)
            AND ($4 = '' OR state = $4)
            AND ($5 = '' OR substr(shipment_id, 1, length($5)) = $5)
            AND day >= $6 AND day <= $7
            ORDER BY position DESC LIMIT $8"
    };
}

impl DeskStore {
    /// How far the ledger was read for the list: the last place that is in it for certain.
    pub fn parcels_read(&self) -> Pending<i64> {
        self.read(|sql| {
            let row = sql.one("SELECT position FROM parcel_read WHERE one = 1", &[])?;
            row.map_or(Ok(0), |row| row.int(0))
        })
    }

    /// Takes parcels into the list, or as they stand now where they are in it, and notes how far
    /// the ledger was read.
    pub fn list_parcels(&self, parcels: Vec<Listed>, read: i64) -> Pending<()> {
        let text = "INSERT INTO parcel
            (tenant, shipment_id, position, day, state, outcome, entry_path, owed_cents)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
            ON CONFLICT (tenant, shipment_id) DO UPDATE SET position = excluded.position,
            day = excluded.day, state = excluded.state, outcome = excluded.outcome,
            entry_path = excluded.entry_path, owed_cents = excluded.owed_cents";
        let so_far = "INSERT INTO parcel_read (one, position) VALUES (1, $1)
            ON CONFLICT (one) DO UPDATE SET position = excluded.position";
        self.write(move |sql| {
            for parcel in &parcels {
                let values = [
                    Value::from(&parcel.tenant),
                    (&parcel.shipment_id).into(),
                    parcel.position.into(),
                    i64::from(parcel.day).into(),
                    (&parcel.state).into(),
                    (&parcel.outcome).into(),
                    (&parcel.entry_path).into(),
                    parcel.owed_cents.into(),
                ];
                sql.execute(text, &values)?;
            }
            sql.execute(so_far, &[read.into()]).map(drop)
        })
    }

    /// A tenant's parcels that are wanted, the last entered first, `limit` at most.
    pub fn find_parcels(&self, tenant: &str, wanted: &Wanted, limit: u32) -> Pending<Vec<Listed>> {
        let values = values(tenant, wanted, limit);
        let text = concat!(
            "SELECT tenant, shipment_id, position, day, state, outcome, entry_path, owed_cents
            FROM parcel ",
            wanted!()
        );
        self.read(move |sql| sql.query(text, &values)?.iter().map(listed).collect())
    }

    /// The places of a tenant's parcels that are wanted, in the same order.
    pub fn places_of_parcels(
        &self,
        tenant: &str,
        wanted: &Wanted,
        limit: u32,
    ) -> Pending<Vec<i64>> {
        let values = values(tenant, wanted, limit);
        let text = concat!("SELECT position FROM parcel ", wanted!());
        self.read(move |sql| {
            sql.query(text, &values)?
                .iter()
                .map(|row| row.int(0))
                .collect()
        })
    }
}

fn values(tenant: &str, wanted: &Wanted, limit: u32) -> [Value; 8] {
    [
        Value::from(tenant),
        wanted.before.unwrap_or(i64::MAX).into(),
        (&wanted.outcome).into(),
        (&wanted.state).into(),
        (&wanted.id).into(),
        i64::from(wanted.from.unwrap_or(i32::MIN)).into(),
        i64::from(wanted.until.unwrap_or(i32::MAX)).into(),
        i64::from(limit).into(),
    ]
}

impl DeskStore {
    /// The ids of a tenant's parcels that count on a day, the last entered first, `limit` at most.
    pub fn parcels_of_day(&self, tenant: &str, day: i32, limit: u32) -> Pending<Vec<String>> {
        let values = [
            Value::from(tenant),
            i64::from(day).into(),
            i64::from(limit).into(),
        ];
        let text = "SELECT shipment_id FROM parcel
            WHERE tenant = $1 AND day = $2 AND state <> 'voided'
            ORDER BY position DESC LIMIT $3";
        self.read(move |sql| {
            let rows = sql.query(text, &values)?;
            rows.iter().map(|row| row.text(0)).collect()
        })
    }
}

fn listed(row: &Row) -> Result<Listed, StoreError> {
    let day = row.int(3)?;
    let far = |_| StoreError::Failure(format!("{day} is no day of a parcel"));
    Ok(Listed {
        tenant: row.text(0)?,
        shipment_id: row.text(1)?,
        position: row.int(2)?,
        day: i32::try_from(day).map_err(far)?,
        state: row.text(4)?,
        outcome: row.text(5)?,
        entry_path: row.text(6)?,
        owed_cents: row.maybe_int(7)?,
    })
}
