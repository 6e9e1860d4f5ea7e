//! What a tenant sets for its house: what is filled in where parcels say nothing, the house's own
//! rules, and for how long things are kept.
//!
//! A setting is read strictly, by the parser and the checks of a parcel's own field where it is one,
//! and kept as JSON under its name. What is in force is the tenant's, else what `deminimis.toml`
//! says, else the default. It is read anew after [`FRESH`], so that another program over the same
//! database sees a change within that time; what changes here is seen at once.

mod known;
mod value;

pub use known::{BOND, FILING, Kind, Known, POLICY, RETENTION, all, named};
pub use value::read;

use crate::auth::Caller;
use crate::config::Config;
use crate::policy::Policy;
use crate::problem::{Code, Problem, failed};
use crate::state::Desk;
use deminimis_clearance::shipment::FieldId;
use deminimis_law::money::Cents;
use deminimis_office::read::Defaults;
use deminimis_office::read::defaults::BadDefault;
use deminimis_office::setup::Setup;
use deminimis_store::desk::Setting;
use known::{DELIVERIES_DAYS, KEEP_BATCHES, KEEP_DELIVERIES, SHIPMENTS_A_DAY, VALUE_A_DAY};
use serde_json::{Map, Value, json};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use value::{books, unread};

/// After what time the store is asked again.
pub const FRESH: Duration = Duration::from_secs(5);

/// A setting as it is in force.
#[derive(Clone, Debug)]
pub struct InForce {
    /// Its name.
    pub name: String,
    /// Its value; null where there is none.
    pub value: Value,
    /// `tenant`, `deminimis.toml` or `default`.
    pub from: &'static str,
    /// Who set it, where the tenant has.
    pub set_by: Option<String>,
    /// When.
    pub set_at: Option<i64>,
    /// What it says.
    pub about: &'static str,
}

/// What is in force for a tenant.
#[derive(Debug)]
pub struct OfTenant {
    /// What is filled in where a parcel says nothing.
    pub defaults: Defaults,
    /// The house's own rules.
    pub policy: Policy,
    /// Days for which an ended batch is kept.
    pub keep_batches_days: u32,
    /// Days for which deliveries of webhooks are kept.
    pub keep_deliveries_days: u32,
    /// Every setting.
    pub told: Vec<InForce>,
}

impl OfTenant {
    /// What is in force for a tenant that has set nothing.
    ///
    /// # Errors
    /// The configuration has a field that cannot be a default.
    pub fn nothing(setup: &Setup, config: &Config) -> Result<OfTenant, BadDefault> {
        OfTenant::of(
            setup,
            config,
            &HashMap::new(),
            config.filing_defaults.clone(),
        )
    }

    /// What is in force for a tenant with settings of its own.
    fn new(setup: &Setup, config: &Config, kept: Vec<Setting>) -> Result<OfTenant, Problem> {
        let mut own = HashMap::new();
        let mut filled = config.filing_defaults.clone();
        for setting in kept {
            // Carriers are kept among the settings too.
            let Some(known) = named(&setting.name) else {
                continue;
            };
            let value: Value = serde_json::from_str(&setting.value).map_err(|e| failed(&e))?;
            let fields = match read(setup, known, &value, "") {
                Ok(fields) => fields,
                // An earlier version took any text for a number of days.
                Err(_) if [KEEP_BATCHES, KEEP_DELIVERIES].contains(&known.name) => {
                    tracing::warn!(setting = known.name, "does not read; the default is taken");
                    continue;
                }
                Err(errors) => return Err(unread(known, &errors)),
            };
            if matches!(known.kind, Kind::Field | Kind::Bond) {
                filled.retain(|(name, _)| !is_part(known, name) && !is_one_with(known, name));
                filled.extend(fields);
            }
            own.insert(known.name, (value, setting));
        }
        let in_force = OfTenant::of(setup, config, &own, filled);
        in_force.map_err(|error| failed(&error))
    }

    fn of(
        setup: &Setup,
        config: &Config,
        own: &HashMap<&'static str, (Value, Setting)>,
        filled: Vec<(String, String)>,
    ) -> Result<OfTenant, BadDefault> {
        let defaults = Defaults::new(&filled, books(setup))?;
        let value = |name: &str| own.get(name).map(|(value, _)| value);
        let whole = |name: &str| {
            let number = value(name).and_then(Value::as_u64);
            number.and_then(|number| u32::try_from(number).ok())
        };
        let since = POLICY.iter().filter_map(|rule| own.get(rule.name));
        let dollars = value(VALUE_A_DAY).and_then(Value::as_str);
        Ok(OfTenant {
            defaults,
            policy: Policy {
                shipments_a_day: whole(SHIPMENTS_A_DAY),
                value_a_day: dollars.and_then(|text| Cents::parse(text).ok()),
                since: since.map(|(_, setting)| setting.set_at).max().unwrap_or(0),
            },
            keep_batches_days: whole(KEEP_BATCHES).unwrap_or(config.limits.batch_days),
            keep_deliveries_days: whole(KEEP_DELIVERIES).unwrap_or(DELIVERIES_DAYS),
            told: told(config, own),
        })
    }
}

/// Every setting with its value and where that is from; after them what the configuration says of
/// other fields of parcels.
fn told(config: &Config, own: &HashMap<&'static str, (Value, Setting)>) -> Vec<InForce> {
    let mut told: Vec<InForce> = all()
        .map(|known| match own.get(known.name) {
            Some((value, setting)) => InForce {
                name: known.name.to_owned(),
                value: value.clone(),
                from: "tenant",
                set_by: Some(setting.set_by.clone()),
                set_at: Some(setting.set_at),
                about: known.about,
            },
            None => inherited(config, known),
        })
        .collect();
    let others = config.filing_defaults.iter();
    let others = others.filter(|(name, _)| !FILING.iter().any(|known| is_part(*known, name)));
    told.extend(others.map(|(name, text)| InForce {
        name: name.clone(),
        value: json!(text),
        from: "deminimis.toml",
        set_by: None,
        set_at: None,
        about: "A field of the parcel, filled where it says nothing; set in deminimis.toml alone",
    }));
    told
}

/// What is in force of a setting that the tenant has not set.
/// Whether two fields tell of one thing, such as the importer: none is made of two.
fn is_one_with(known: Known, name: &str) -> bool {
    let group = |name: &str| FieldId::named(name).and_then(|field| field.get().group);
    group(known.name).is_some_and(|own| group(name) == Some(own))
}

fn inherited(config: &Config, known: Known) -> InForce {
    let limits = &config.limits;
    let toml = "deminimis.toml";
    let in_file = |flat: &str| {
        let found = config.filing_defaults.iter().find(|(name, _)| name == flat);
        found.map(|(_, text)| json!(text))
    };
    let (value, from) = match known.kind {
        Kind::Field => match in_file(known.name) {
            Some(text) => (text, toml),
            None => (Value::Null, "default"),
        },
        Kind::Bond => {
            let parts = BOND.iter();
            let parts = parts.filter_map(|(key, flat)| Some(((*key).to_owned(), in_file(flat)?)));
            let parts: Map<String, Value> = parts.collect();
            match parts.is_empty() {
                false => (Value::Object(parts), toml),
                true => (Value::Null, "default"),
            }
        }
        Kind::Whole { .. } if known.name == KEEP_BATCHES => {
            let from = if config.batch_days_in_file {
                toml
            } else {
                "default"
            };
            (json!(limits.batch_days), from)
        }
        Kind::Whole { .. } if known.name == KEEP_DELIVERIES => (json!(DELIVERIES_DAYS), "default"),
        Kind::Whole { .. } | Kind::Dollars => (Value::Null, "default"),
    };
    InForce {
        name: known.name.to_owned(),
        value,
        from,
        set_by: None,
        set_at: None,
        about: known.about,
    }
}

/// Whether a field of a parcel is what a setting says, or part of it.
fn is_part(known: Known, flat: &str) -> bool {
    match known.kind {
        Kind::Field => known.name == flat,
        Kind::Bond => BOND.iter().any(|(_, part)| *part == flat),
        Kind::Whole { .. } | Kind::Dollars => false,
    }
}

/// What tenants have in force, as it was read lately.
#[derive(Default)]
pub struct Cache(Mutex<Read>);

#[derive(Default)]
struct Read {
    known: HashMap<String, (Instant, Arc<OfTenant>)>,
    /// How often something was changed here: what was read before a change is not kept after it.
    changes: u64,
}

impl Cache {
    fn lock(&self) -> std::sync::MutexGuard<'_, Read> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn changed(&self, tenant: &str) {
        let mut read = self.lock();
        read.changes += 1;
        read.known.remove(tenant);
    }
}

impl Desk {
    /// What is in force for a tenant.
    ///
    /// # Errors
    /// The store cannot be read, or has a setting that does not read.
    pub async fn settings(&self, tenant: &str) -> Result<Arc<OfTenant>, Problem> {
        let changes = {
            let read = self.settings.lock();
            if let Some((at, known)) = read.known.get(tenant)
                && at.elapsed() < FRESH
            {
                return Ok(Arc::clone(known));
            }
            read.changes
        };
        let at = Instant::now();
        let kept = self.store.settings(tenant).await?;
        let found = Arc::new(OfTenant::new(&self.setup, &self.config, kept)?);
        let mut read = self.settings.lock();
        if read.changes == changes {
            let known = (at, Arc::clone(&found));
            read.known.insert(tenant.to_owned(), known);
        }
        Ok(found)
    }

    /// Changes settings of the caller's tenant, all or none: each to a value, or back to what it is
    /// without one. `at` gives the JSON Pointer of a setting's value in what was sent. Whether any
    /// was set that was taken away, or is another now.
    ///
    /// # Errors
    /// What is not right, each with its place.
    pub async fn change_settings(
        &self,
        caller: &Caller,
        changes: Vec<(Known, Option<Value>)>,
        at: impl Fn(Known) -> String,
    ) -> Result<bool, Problem> {
        let mut errors = Vec::new();
        let mut texts = Vec::new();
        for (known, value) in &changes {
            if let Some(value) = value {
                let read = read(&self.setup, *known, value, &at(*known));
                errors.extend(read.err().into_iter().flatten());
            }
            let text = value.as_ref().map(Value::to_string);
            texts.push((known.name.to_owned(), text));
        }
        if let Some(first) = errors.first() {
            let said = format!("{} {}", first.pointer, first.detail);
            return Err(Problem::new(Code::BadShipment, said).with(errors));
        }
        let line = self.line(caller, "setting", "");
        let changed = self.store.change_settings(&line, texts).await?;
        self.settings.changed(&caller.tenant);
        Ok(!changed.is_empty())
    }
}
