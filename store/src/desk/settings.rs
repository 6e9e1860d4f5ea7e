//! Settings of a tenant, each as text under its name, with who set it and when; and what the house's
//! own rules said of parcels. What a text means is the desk's to know.

use super::DeskStore;
use super::sql::{Row, Sql, Value};
use super::tracking::{Reckon, TrackEvent, insert, reckoned};
use super::trail::append;
use super::types::AuditLine;
use crate::error::StoreError;
use crate::pending::Pending;

/// A setting as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
    /// Who set it: a key's or a user's id; empty where nobody was noted.
    pub set_by: String,
    /// When; 0 where that was not noted.
    pub set_at: i64,
}

impl DeskStore {
    /// A tenant's settings by name.
    pub fn settings(&self, tenant: &str) -> Pending<Vec<Setting>> {
        let tenant = Value::from(tenant);
        let text =
            "SELECT name, value, set_by, set_at FROM setting WHERE tenant = $1 ORDER BY name";
        self.look(move |sql| {
            let rows = sql.query(text, std::slice::from_ref(&tenant))?;
            rows.iter().map(setting_of).collect()
        })
    }

    /// A setting of a tenant.
    pub fn setting(&self, tenant: &str, name: &str) -> Pending<Option<Setting>> {
        let values = [Value::from(tenant), name.into()];
        let text = "SELECT name, value, set_by, set_at FROM setting
            WHERE tenant = $1 AND name = $2";
        self.look(move |sql| {
            let found = sql.one(text, &values)?;
            found.map(|row| setting_of(&row)).transpose()
        })
    }

    /// Sets a setting of the tenant of a line of the audit, together with that line.
    pub fn set_setting(&self, line: AuditLine, name: &str, value: &str) -> Pending<()> {
        let (name, value) = (name.to_owned(), value.to_owned());
        self.write(move |sql| {
            set(sql, &line, &name, &value)?;
            append(sql, &line)
        })
    }

    /// Sets settings, or takes them away where nothing is given, all of them or none; each leaves a
    /// line in the audit as `by` has it. The names of those that were changed.
    pub fn change_settings(
        &self,
        by: &AuditLine,
        changes: Vec<(String, Option<String>)>,
    ) -> Pending<Vec<String>> {
        let by = by.clone();
        self.write(move |sql| {
            let mut changed = Vec::new();
            for (name, value) in &changes {
                let act = match value {
                    Some(value) => {
                        set(sql, &by, name, value)?;
                        "setting.set"
                    }
                    None => {
                        let text = "DELETE FROM setting WHERE tenant = $1 AND name = $2";
                        if sql.execute(text, &[(&by.tenant).into(), name.into()])? == 0 {
                            continue;
                        }
                        "setting.delete"
                    }
                };
                let line = AuditLine {
                    act: act.to_owned(),
                    about: name.clone(),
                    ..by.clone()
                };
                append(sql, &line)?;
                changed.push(name.clone());
            }
            Ok(changed)
        })
    }

    /// Notes once that a parcel broke rules of the house, and holds it by an event; what was noted
    /// first stands. The parcel may be one that is not followed yet.
    pub fn hold_by_policy(
        &self,
        tenant: &str,
        shipment_id: &str,
        broken: &str,
        event: TrackEvent,
        reckon: Reckon,
    ) -> Pending<String> {
        let (tenant, id) = (tenant.to_owned(), shipment_id.to_owned());
        let broken = broken.to_owned();
        self.write(move |sql| {
            let text = "INSERT INTO house_policy (tenant, shipment_id, broken, at)
                VALUES ($1, $2, $3, $4) ON CONFLICT (tenant, shipment_id) DO NOTHING";
            let values = [
                Value::from(&tenant),
                (&id).into(),
                (&broken).into(),
                event.received_at.into(),
            ];
            if sql.execute(text, &values)? > 0 {
                insert(sql, &tenant, &id, &event)?;
                reckoned(sql, &tenant, &id, None, reckon)?;
                return Ok(broken.clone());
            }
            Ok(broken_of(sql, &tenant, &id)?.unwrap_or_default())
        })
    }

    /// What was noted of a parcel that broke rules of the house.
    pub fn broken_policy(&self, tenant: &str, shipment_id: &str) -> Pending<Option<String>> {
        let (tenant, id) = (tenant.to_owned(), shipment_id.to_owned());
        self.look(move |sql| broken_of(sql, &tenant, &id))
    }
}

fn set(sql: &mut dyn Sql, by: &AuditLine, name: &str, value: &str) -> Result<(), StoreError> {
    let text = "INSERT INTO setting (tenant, name, value, set_by, set_at)
        VALUES ($1, $2, $3, $4, $5) ON CONFLICT (tenant, name) DO UPDATE SET
        value = excluded.value, set_by = excluded.set_by, set_at = excluded.set_at";
    let values = [
        Value::from(&by.tenant),
        name.into(),
        value.into(),
        (&by.who).into(),
        by.at.into(),
    ];
    sql.execute(text, &values).map(drop)
}

fn broken_of(sql: &mut dyn Sql, tenant: &str, id: &str) -> Result<Option<String>, StoreError> {
    let text = "SELECT broken FROM house_policy WHERE tenant = $1 AND shipment_id = $2";
    let row = sql.one(text, &[tenant.into(), id.into()])?;
    row.map(|row| row.text(0)).transpose()
}

fn setting_of(row: &Row) -> Result<Setting, StoreError> {
    Ok(Setting {
        name: row.text(0)?,
        value: row.text(1)?,
        set_by: row.text(2)?,
        set_at: row.int(3)?,
    })
}
