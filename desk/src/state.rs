//! What all requests share: the law in hand, the ledger, and the desk's own store.

use crate::auth::attempts::Attempts;
use crate::batches::Batches;
use crate::config::Config;
use crate::guard::Gate;
use crate::index::Index;
use crate::places::Places;
use crate::settings::{Cache, OfTenant};
use axum::body::Bytes;
use deminimis_office::ledger::{LedgerError, OpenLedger, Place, now};
use deminimis_office::read::defaults::BadDefault;
use deminimis_office::setup::Setup;
use deminimis_store::StoreError;
use deminimis_store::desk::{AuditLine, DeskStore};
use metrics_exporter_prometheus::PrometheusHandle;
use serde_json::Value;
use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::timeout;

/// The desk: one for the program, shared by all requests.
pub struct Desk {
    /// The law and the tables that every answer reads.
    pub setup: Arc<Setup>,
    /// What the desk keeps besides the ledger.
    pub store: DeskStore,
    /// How it is run.
    pub config: Config,
    /// How many requests are on their way.
    pub gate: Gate,
    /// The description of the API.
    pub openapi: Value,
    /// The same as it is told: anybody may ask for it, as often as he likes.
    pub openapi_text: Bytes,
    /// What is counted.
    pub metrics: PrometheusHandle,
    /// Files of parcels that are worked off in the background.
    pub batches: Batches,
    /// Whether the desk ends.
    ending: watch::Sender<bool>,
    /// Who tried to log in how often.
    pub attempts: Attempts,
    /// Who reads the whole record log, which takes memory and time for each of its lines.
    pub log_readers: Arc<Places>,
    /// Who looks at persons and searches records, which reads many parcels.
    pub searches: Arc<Places>,
    /// What tenants have set, as it was read lately.
    pub settings: Cache,
    /// How far the list of parcels is.
    pub index: Index,
    /// The picture of the law's timeline, drawn when it is first asked for.
    pub timeline: OnceLock<String>,
    ledger: OpenLedger,
    tenants: RwLock<HashMap<String, Arc<OpenLedger>>>,
}

/// Why the desk cannot begin.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The ledger cannot be used.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// What the configuration says of all parcels cannot be used.
    #[error("[filing.defaults] {0}")]
    Defaults(#[from] BadDefault),
    /// The desk's own store cannot be used.
    #[error("{place}: {error}")]
    Store {
        /// Where it is.
        place: String,
        /// Why.
        error: StoreError,
    },
}

/// Opens what the desk keeps beside a ledger, and makes it if it is not there.
///
/// # Errors
/// It cannot be used.
pub fn open_store(place: &Place) -> Result<DeskStore, OpenError> {
    let store = match place {
        Place::Sqlite(path) => {
            let folder = path.parent().unwrap_or(Path::new(""));
            DeskStore::open_sqlite(&folder.join("desk.sqlite"))
        }
        Place::Postgres(url) => DeskStore::open_postgres(url),
    };
    store.map_err(|error| OpenError::Store {
        place: place.to_string(),
        error,
    })
}

impl Desk {
    /// Opens the ledger and the desk's store, and makes what is not there. Beside an SQLite ledger
    /// the desk's own file is `desk.sqlite` in the same folder.
    ///
    /// # Errors
    /// One of the two cannot be used.
    pub fn open(
        setup: Arc<Setup>,
        place: &Place,
        config: Config,
        metrics: PrometheusHandle,
    ) -> Result<Desk, OpenError> {
        OfTenant::nothing(&setup, &config)?;
        let ledger = OpenLedger::open(place, "default", &setup, true)?;
        let store = open_store(place)?;
        let openapi = crate::openapi::described(&setup);
        let openapi_text = openapi.to_string().into();
        Ok(Desk {
            gate: Gate::new(&config.limits),
            batches: Batches::new(&config),
            ending: watch::Sender::new(false),
            setup,
            store,
            config,
            openapi,
            openapi_text,
            metrics,
            attempts: Attempts::default(),
            searches: Places::new("looks at persons and records are on their way", 4, 2),
            log_readers: Places::new("readings of the record log are on their way", 4, 2),
            settings: Cache::default(),
            index: Index::default(),
            timeline: OnceLock::new(),
            ledger,
            tenants: RwLock::default(),
        })
    }

    /// Tells all that goes on in the background, and answers without an end, that the desk ends.
    pub fn end(&self) {
        self.ending.send_replace(true);
    }

    /// Whether the desk ends.
    #[must_use]
    pub fn is_ending(&self) -> bool {
        *self.ending.borrow()
    }

    /// Waits until the desk ends.
    pub async fn ended(&self) {
        // The sender lives as long as the desk.
        let _ = self.ending.subscribe().wait_for(|ending| *ending).await;
    }

    /// Waits so long; whether the desk ends.
    pub async fn ends_within(&self, time: Duration) -> bool {
        timeout(time, self.ended()).await.is_ok()
    }

    /// The ledger as one tenant sees it.
    pub fn ledger(&self, tenant: &str) -> Arc<OpenLedger> {
        let known = self.tenants.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(ledger) = known.get(tenant) {
            return Arc::clone(ledger);
        }
        drop(known);
        let ledger = Arc::new(self.ledger.of_tenant(tenant, &self.setup));
        let mut known = self.tenants.write().unwrap_or_else(PoisonError::into_inner);
        // Another request may have been quicker; either will do.
        Arc::clone(known.entry(tenant.to_owned()).or_insert(ledger))
    }

    /// A line of the audit: who did what about which, now.
    #[must_use]
    pub fn line(&self, caller: &crate::auth::Caller, act: &str, about: &str) -> AuditLine {
        AuditLine {
            seq: 0,
            tenant: caller.tenant.clone(),
            at: now(),
            who: caller.who.clone(),
            act: act.to_owned(),
            about: about.to_owned(),
        }
    }
}
