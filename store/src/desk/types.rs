//! What the desk keeps of people, keys and acts.

use std::fmt;

/// Who may do what; each may do what those before it may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Looks, without personal data of consignees.
    Viewer,
    /// Screens, enters and follows parcels.
    Operator,
    /// Tells persons apart, erases, exports audits.
    Compliance,
    /// Gives out keys and settings.
    Admin,
}

impl Role {
    /// All, the least first.
    pub const ALL: [Role; 4] = [Role::Viewer, Role::Operator, Role::Compliance, Role::Admin];

    /// Its name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Role::Viewer => "viewer",
            Role::Operator => "operator",
            Role::Compliance => "compliance",
            Role::Admin => "admin",
        }
    }

    /// The role of this name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|role| role.as_str() == text)
    }
}

impl fmt::Display for Role {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}

/// An API key, of which only the hash is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiKey {
    /// Its public name, which logs and the audit use.
    pub key_id: String,
    /// Whose parcels it reaches.
    pub tenant: String,
    /// What its owner calls it.
    pub name: String,
    /// What it may do.
    pub role: Role,
    /// When it was made.
    pub created_at: i64,
    /// From when it is not taken any more.
    pub expires_at: Option<i64>,
    /// When it was taken back.
    pub revoked_at: Option<i64>,
}

impl ApiKey {
    /// Whether it is taken at a moment.
    #[must_use]
    pub fn is_good(&self, now: i64) -> bool {
        self.revoked_at.is_none() && self.expires_at.is_none_or(|end| now < end)
    }
}

/// Somebody who logs in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// Its id.
    pub user_id: String,
    /// Whose parcels it reaches.
    pub tenant: String,
    /// What is typed at log-in.
    pub login: String,
    /// What it may do.
    pub role: Role,
    /// When it was made.
    pub created_at: i64,
    /// When it was shut out.
    pub disabled_at: Option<i64>,
    /// Until when no password is tried, after too many wrong ones.
    pub locked_until: i64,
}

/// A user's stay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Who.
    pub user: User,
    /// What every form must send back.
    pub csrf: String,
    /// When it ends.
    pub expires_at: i64,
}

/// A link that lets somebody choose a login and a password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    /// Whose parcels the user will reach.
    pub tenant: String,
    /// What the user may do.
    pub role: Role,
}

/// An invitation that nobody has used yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invited {
    /// The hash of its link.
    pub hash: Vec<u8>,
    /// What the user may do.
    pub role: Role,
    /// From when it is not good any more.
    pub expires_at: i64,
}

/// One line of the audit: who did what about which.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditLine {
    /// Its place; set by the store.
    pub seq: i64,
    /// Whose.
    pub tenant: String,
    /// When.
    pub at: i64,
    /// A key's or a user's id.
    pub who: String,
    /// What, such as `shipment.read`.
    pub act: String,
    /// About which: an id that is no personal data.
    pub about: String,
}

/// Whether an idempotency key was used before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen {
    /// Never.
    New,
    /// With the same body.
    Same,
    /// With another body.
    Other,
}
