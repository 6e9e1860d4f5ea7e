//! The audit, idempotency keys and settings.

use super::DeskStore;
use super::sql::{Row, Sql, Value};
use super::types::{AuditLine, Seen};
use crate::error::StoreError;
use crate::pending::Pending;

/// How long an idempotency key is remembered, in seconds: a day. After it the ledger's own ids
/// still keep a parcel from being entered twice.
const REMEMBERED: i64 = 24 * 60 * 60;

impl DeskStore {
    /// Appends a line to the audit.
    pub fn audit(&self, line: AuditLine) -> Pending<()> {
        self.write(move |sql| append(sql, &line))
    }

    /// Appends lines to the audit, all or none.
    pub fn audit_all(&self, lines: Vec<AuditLine>) -> Pending<()> {
        self.write(move |sql| lines.iter().try_for_each(|line| append(sql, line)))
    }

    /// Notes the first use of an idempotency key together with the line of the audit that its
    /// request leaves; a use with another body leaves none.
    pub fn audit_once(&self, key: &str, body_hash: &[u8; 32], line: AuditLine) -> Pending<Seen> {
        let (key, hash) = (Value::from(key), Value::from(body_hash.as_slice()));
        self.write(move |sql| {
            let old = "DELETE FROM idempotency WHERE at < $1";
            sql.execute(old, &[(line.at - REMEMBERED).into()])?;
            let tenant = Value::from(&line.tenant);
            let text = "INSERT INTO idempotency (tenant, idempotency_key, body_hash, at)
                VALUES ($1, $2, $3, $4) ON CONFLICT (tenant, idempotency_key) DO NOTHING";
            let values = [tenant.clone(), key.clone(), hash.clone(), line.at.into()];
            let fresh = sql.execute(text, &values)? > 0;
            let known = "SELECT body_hash FROM idempotency
                WHERE tenant = $1 AND idempotency_key = $2 AND body_hash = $3";
            let same = sql
                .one(known, &[tenant, key.clone(), hash.clone()])?
                .is_some();
            if !same {
                return Ok(Seen::Other);
            }
            append(sql, &line)?;
            Ok(if fresh { Seen::New } else { Seen::Same })
        })
    }

    /// A tenant's audit after a line, in order.
    pub fn audit_lines(&self, tenant: &str, after: i64, limit: u32) -> Pending<Vec<AuditLine>> {
        let values = [Value::from(tenant), after.into(), i64::from(limit).into()];
        let text = "SELECT seq, tenant, at, who, act, about FROM audit
            WHERE tenant = $1 AND seq > $2 ORDER BY seq LIMIT $3";
        self.read(move |sql| sql.query(text, &values)?.iter().map(line).collect())
    }

    /// The last lines of a tenant's audit about one id, the last first. Looks through all of the
    /// tenant's audit.
    pub fn audit_about(&self, tenant: &str, about: &str, limit: u32) -> Pending<Vec<AuditLine>> {
        let values = [Value::from(tenant), about.into(), i64::from(limit).into()];
        let text = "SELECT seq, tenant, at, who, act, about FROM audit
            WHERE tenant = $1 AND about = $2 ORDER BY seq DESC LIMIT $3";
        self.read(move |sql| sql.query(text, &values)?.iter().map(line).collect())
    }

    /// A setting of a tenant.
    pub fn setting(&self, tenant: &str, name: &str) -> Pending<Option<String>> {
        let values = [Value::from(tenant), name.into()];
        let text = "SELECT value FROM setting WHERE tenant = $1 AND name = $2";
        self.read(move |sql| sql.one(text, &values)?.map(|row| row.text(0)).transpose())
    }

    /// Sets a setting of a tenant.
    pub fn set_setting(&self, tenant: &str, name: &str, value: &str) -> Pending<()> {
        let values = [Value::from(tenant), name.into(), value.into()];
        let text = "INSERT INTO setting (tenant, name, value) VALUES ($1, $2, $3)
            ON CONFLICT (tenant, name) DO UPDATE SET value = excluded.value";
        self.write(move |sql| sql.execute(text, &values).map(drop))
    }
}

fn append(sql: &mut dyn Sql, line: &AuditLine) -> Result<(), StoreError> {
    let text = "INSERT INTO audit (tenant, at, who, act, about) VALUES ($1, $2, $3, $4, $5)";
    let values = [
        Value::from(&line.tenant),
        line.at.into(),
        (&line.who).into(),
        (&line.act).into(),
        (&line.about).into(),
    ];
    sql.execute(text, &values).map(drop)
}

fn line(row: &Row) -> Result<AuditLine, StoreError> {
    Ok(AuditLine {
        seq: row.int(0)?,
        tenant: row.text(1)?,
        at: row.int(2)?,
        who: row.text(3)?,
        act: row.text(4)?,
        about: row.text(5)?,
    })
}
