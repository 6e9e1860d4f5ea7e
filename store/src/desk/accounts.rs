//! Tenants, users, API keys, sessions and invitations.

use super::DeskStore;
use super::sql::{Row, Sql, Value};
use super::types::{ApiKey, Invitation, Role, Session, User};
use crate::error::{Refused, StoreError};
use crate::pending::Pending;

/// A user with what is needed to check a password.
#[derive(Clone, Debug)]
pub struct Login {
    /// Who.
    pub user: User,
    /// The password's hash, as argon2 writes it.
    pub password: String,
    /// Wrong passwords since the last right one.
    pub failures: i64,
}

impl DeskStore {
    /// Whether there is any tenant: an installation without one has not begun.
    pub fn has_tenants(&self) -> Pending<bool> {
        self.read(|sql| Ok(sql.one("SELECT tenant FROM tenant LIMIT 1", &[])?.is_some()))
    }

    /// Makes a tenant; whether it is new.
    pub fn add_tenant(&self, tenant: &str, now: i64) -> Pending<bool> {
        let values = [Value::from(tenant), now.into()];
        let text = "INSERT INTO tenant (tenant, created_at) VALUES ($1, $2)
            ON CONFLICT (tenant) DO NOTHING";
        self.write(move |sql| Ok(sql.execute(text, &values)? > 0))
    }

    /// All tenants.
    pub fn tenants(&self) -> Pending<Vec<String>> {
        self.read(|sql| {
            let rows = sql.query("SELECT tenant FROM tenant ORDER BY tenant", &[])?;
            rows.iter().map(|row| row.text(0)).collect()
        })
    }

    /// Makes a key of which the hash is given.
    pub fn add_key(&self, key: &ApiKey, hash: &[u8; 32]) -> Pending<()> {
        let values = [
            Value::from(&key.key_id),
            (&key.tenant).into(),
            (&key.name).into(),
            hash.as_slice().into(),
            key.role.as_str().into(),
            key.created_at.into(),
            key.expires_at.into(),
        ];
        let text = "INSERT INTO api_key
            (key_id, tenant, name, hash, role, created_at, expires_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7)";
        self.write(move |sql| sql.execute(text, &values).map(drop))
    }

    /// The key of this hash, good or not.
    pub fn key(&self, hash: &[u8; 32]) -> Pending<Option<ApiKey>> {
        let hash = Value::from(hash.as_slice());
        let text = "SELECT key_id, tenant, name, role, created_at, expires_at, revoked_at
            FROM api_key WHERE hash = $1";
        self.look(move |sql| {
            let found = sql.one(text, std::slice::from_ref(&hash))?;
            found.map(|row| key_of(&row)).transpose()
        })
    }

    /// A tenant's keys, the latest first.
    pub fn keys(&self, tenant: &str) -> Pending<Vec<ApiKey>> {
        let tenant = Value::from(tenant);
        let text = "SELECT key_id, tenant, name, role, created_at, expires_at, revoked_at
            FROM api_key WHERE tenant = $1 ORDER BY created_at DESC, key_id";
        self.read(move |sql| {
            let rows = sql.query(text, std::slice::from_ref(&tenant))?;
            rows.iter().map(key_of).collect()
        })
    }

    /// Takes a key back; whether the tenant has a good one of that id.
    pub fn revoke_key(&self, tenant: &str, key_id: &str, now: i64) -> Pending<bool> {
        let values = [Value::from(now), tenant.into(), key_id.into()];
        let text = "UPDATE api_key SET revoked_at = $1
            WHERE tenant = $2 AND key_id = $3 AND revoked_at IS NULL";
        self.write(move |sql| Ok(sql.execute(text, &values)? > 0))
    }

    /// Uses an invitation to make a user; nothing if the link is not good any more. A login that is
    /// taken is refused, and the link stays good.
    pub fn accept(
        &self,
        link: &[u8; 32],
        (user_id, login, password): (&str, &str, &str),
        now: i64,
    ) -> Pending<Option<User>> {
        let link = Value::from(link.as_slice());
        let (user_id, login) = (user_id.to_owned(), login.to_owned());
        let password = password.to_owned();
        self.write(move |sql| {
            let used = "UPDATE invitation SET used_at = $1
                WHERE hash = $2 AND used_at IS NULL AND expires_at > $1";
            if sql.execute(used, &[now.into(), link.clone()])? == 0 {
                return Ok(None);
            }
            let of = "SELECT tenant, role FROM invitation WHERE hash = $1";
            let Some(row) = sql.one(of, std::slice::from_ref(&link))? else {
                return Ok(None);
            };
            let taken = "SELECT user_id FROM desk_user WHERE login = $1";
            if sql.one(taken, &[(&login).into()])?.is_some() {
                return Err(Refused::Exists.into());
            }
            let user = User {
                user_id: user_id.clone(),
                tenant: row.text(0)?,
                login: login.clone(),
                role: role_of(&row, 1)?,
                created_at: now,
                disabled_at: None,
                locked_until: 0,
            };
            insert(sql, &user, &password)?;
            Ok(Some(user))
        })
    }

    /// Keeps an invitation, of which the link's hash is given.
    pub fn invite(&self, link: &[u8; 32], invitation: &Invitation, expires_at: i64) -> Pending<()> {
        let values = [
            Value::from(link.as_slice()),
            (&invitation.tenant).into(),
            invitation.role.as_str().into(),
            expires_at.into(),
        ];
        let text = "INSERT INTO invitation (hash, tenant, role, expires_at)
            VALUES ($1, $2, $3, $4)";
        self.write(move |sql| sql.execute(text, &values).map(drop))
    }

    /// Whether an invitation is still good, and what for.
    pub fn invitation(&self, link: &[u8; 32], now: i64) -> Pending<Option<Invitation>> {
        let values = [Value::from(link.as_slice()), now.into()];
        let text = "SELECT tenant, role FROM invitation
            WHERE hash = $1 AND used_at IS NULL AND expires_at > $2";
        self.read(move |sql| {
            let found = sql.one(text, &values)?;
            let read = |row: Row| {
                Ok(Invitation {
                    tenant: row.text(0)?,
                    role: role_of(&row, 1)?,
                })
            };
            found.map(read).transpose()
        })
    }

    /// Who logs in under this name.
    pub fn login(&self, login: &str) -> Pending<Option<Login>> {
        let login = Value::from(login);
        let text = "SELECT user_id, tenant, login, role, created_at, disabled_at, locked_until,
            password, failures FROM desk_user WHERE login = $1";
        self.read(move |sql| {
            let found = sql.one(text, std::slice::from_ref(&login))?;
            let read = |row: Row| {
                Ok(Login {
                    user: user_of(&row)?,
                    password: row.text(7)?,
                    failures: row.int(8)?,
                })
            };
            found.map(read).transpose()
        })
    }

    /// Notes a wrong password, and until when no further is tried.
    pub fn login_failed(&self, user_id: &str, locked_until: i64) -> Pending<()> {
        let values = [Value::from(locked_until), user_id.into()];
        let text = "UPDATE desk_user SET failures = failures + 1, locked_until = $1
            WHERE user_id = $2";
        self.write(move |sql| sql.execute(text, &values).map(drop))
    }

    /// Begins a session after a right password. Sessions that ended go.
    pub fn begin_session(
        &self,
        user_id: &str,
        (hash, csrf): (&[u8; 32], &str),
        now: i64,
        expires_at: i64,
    ) -> Pending<()> {
        let user_id = Value::from(user_id);
        let (hash, csrf) = (Value::from(hash.as_slice()), Value::from(csrf));
        self.write(move |sql| {
            sql.execute(
                "DELETE FROM desk_session WHERE expires_at <= $1",
                &[now.into()],
            )?;
            let good = "UPDATE desk_user SET failures = 0, locked_until = 0 WHERE user_id = $1";
            sql.execute(good, std::slice::from_ref(&user_id))?;
            let text = "INSERT INTO desk_session (hash, user_id, csrf, created_at, expires_at)
                VALUES ($1, $2, $3, $4, $5)";
            let (hash, user, csrf) = (hash.clone(), user_id.clone(), csrf.clone());
            sql.execute(text, &[hash, user, csrf, now.into(), expires_at.into()])?;
            Ok(())
        })
    }

    /// The session of this hash, if it is good and its user not shut out.
    pub fn session(&self, hash: &[u8; 32], now: i64) -> Pending<Option<Session>> {
        let values = [Value::from(hash.as_slice()), now.into()];
        let text = "SELECT u.user_id, u.tenant, u.login, u.role, u.created_at, u.disabled_at,
            u.locked_until, s.csrf, s.expires_at
            FROM desk_session s JOIN desk_user u ON u.user_id = s.user_id
            WHERE s.hash = $1 AND s.expires_at > $2 AND u.disabled_at IS NULL";
        self.look(move |sql| {
            let found = sql.one(text, &values)?;
            let read = |row: Row| {
                Ok(Session {
                    user: user_of(&row)?,
                    csrf: row.text(7)?,
                    expires_at: row.int(8)?,
                })
            };
            found.map(read).transpose()
        })
    }

    /// Ends a session.
    pub fn end_session(&self, hash: &[u8; 32]) -> Pending<()> {
        let hash = Value::from(hash.as_slice());
        let text = "DELETE FROM desk_session WHERE hash = $1";
        self.write(move |sql| sql.execute(text, std::slice::from_ref(&hash)).map(drop))
    }

    /// A tenant's users by login.
    pub fn users(&self, tenant: &str) -> Pending<Vec<User>> {
        let tenant = Value::from(tenant);
        let text = "SELECT user_id, tenant, login, role, created_at, disabled_at, locked_until
            FROM desk_user WHERE tenant = $1 ORDER BY login";
        self.read(move |sql| {
            let rows = sql.query(text, std::slice::from_ref(&tenant))?;
            rows.iter().map(user_of).collect()
        })
    }

    /// Gives a user another role, or shuts it out and ends its sessions; whether the tenant has it.
    pub fn change_user(
        &self,
        tenant: &str,
        user_id: &str,
        role: Role,
        disabled_at: Option<i64>,
    ) -> Pending<bool> {
        let (tenant, user_id) = (Value::from(tenant), Value::from(user_id));
        self.write(move |sql| {
            let text = "UPDATE desk_user SET role = $1, disabled_at = $2
                WHERE tenant = $3 AND user_id = $4";
            let (tenant_again, user) = (tenant.clone(), user_id.clone());
            let tenant = tenant.clone();
            let known = sql.execute(
                text,
                &[role.as_str().into(), disabled_at.into(), tenant, user],
            )? > 0;
            if known && disabled_at.is_some() {
                // Nor does one come back by an invitation of his own making.
                let withdrawn = "UPDATE invitation SET expires_at = $1
                    WHERE tenant = $2 AND used_at IS NULL";
                sql.execute(withdrawn, &[disabled_at.into(), tenant_again.clone()])?;
                let ended = "DELETE FROM desk_session WHERE user_id = $1";
                sql.execute(ended, std::slice::from_ref(&user_id))?;
            }
            Ok(known)
        })
    }
}

fn insert(sql: &mut dyn Sql, user: &User, password: &str) -> Result<(), StoreError> {
    let text = "INSERT INTO desk_user
        (user_id, tenant, login, password, role, created_at, failures, locked_until)
        VALUES ($1, $2, $3, $4, $5, $6, 0, 0)";
    let values = [
        Value::from(&user.user_id),
        (&user.tenant).into(),
        (&user.login).into(),
        password.into(),
        user.role.as_str().into(),
        user.created_at.into(),
    ];
    sql.execute(text, &values).map(drop)
}

fn role_of(row: &Row, at: usize) -> Result<Role, StoreError> {
    let text = row.text(at)?;
    let unknown = || StoreError::Failure(format!("there is no role `{text}`"));
    Role::parse(&text).ok_or_else(unknown)
}

fn key_of(row: &Row) -> Result<ApiKey, StoreError> {
    Ok(ApiKey {
        key_id: row.text(0)?,
        tenant: row.text(1)?,
        name: row.text(2)?,
        role: role_of(row, 3)?,
        created_at: row.int(4)?,
        expires_at: row.maybe_int(5)?,
        revoked_at: row.maybe_int(6)?,
    })
}

fn user_of(row: &Row) -> Result<User, StoreError> {
    Ok(User {
        user_id: row.text(0)?,
        tenant: row.text(1)?,
        login: row.text(2)?,
        role: role_of(row, 3)?,
        created_at: row.int(4)?,
        disabled_at: row.maybe_int(5)?,
        locked_until: row.int(6)?,
    })
}
