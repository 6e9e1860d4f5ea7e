//! What an installation says of its desk.

use deminimis_office::entries::{Filing, FilingError};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// Filers by tenant; one whose configuration cannot be used says why.
pub type Filers = BTreeMap<String, Result<Filing, FilingError>>;

/// How the desk is run.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where it listens. Without TLS it takes loopback addresses alone.
    pub listen: SocketAddr,
    /// The certificate and its key, both PEM.
    pub tls: Option<(PathBuf, PathBuf)>,
    /// Whether a server with TLS on the same machine stands before it, which tells where requests come
    /// from.
    pub behind_proxy: bool,
    /// The data folder, for what is kept in files.
    pub home: PathBuf,
    /// Whether webhooks may be told at private addresses, and without TLS.
    pub allow_private_webhooks: bool,
    /// Who files for which tenant.
    pub filing: Arc<Filers>,
    /// What is refused to whoever asks for too much.
    pub limits: Limits,
}

/// Named limits, each with the answer that tells of it.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes of a request with one parcel or one form (413).
    pub body_bytes: usize,
    /// Bytes of a request with many parcels (413).
    pub many_bytes: usize,
    /// Parcels of one request (422).
    pub parcels: usize,
    /// Requests that are worked on at once (503).
    pub at_once: usize,
    /// Requests of one tenant that are worked on at once (429).
    pub at_once_of_tenant: usize,
    /// How long a request may take, its body included (408 while it is read, else 503), and how long
    /// a client may take nothing of its answer before it is cut off.
    pub time: Duration,
    /// How long the head of a request may take.
    pub head_time: Duration,
    /// Connections at once; more wait to be taken.
    pub connections: usize,
    /// Bytes of the head of a request (431).
    pub head_bytes: usize,
    /// Bytes of the file of a batch, as it is sent (413).
    pub batch_bytes: u64,
    /// Bytes of the file of a batch, unpacked (413).
    pub batch_unpacked: u64,
    /// Parcels of a batch that are decided; one with more fails with these words.
    pub batch_parcels: u64,
    /// Parcels of a batch that are entered, all of which are in memory at once.
    pub batch_entered: u64,
    /// Batches of one tenant that wait (429).
    pub batches_waiting: u32,
    /// Bytes of all files that wait or are worked on, unpacked (503).
    pub waiting_bytes: u64,
    /// Bytes of one tenant's files that wait or are worked on, unpacked (429).
    pub waiting_bytes_of_tenant: u64,
    /// Bytes of all results that are kept (503; a batch that comes to it fails with these words).
    pub result_bytes: u64,
    /// Bytes of one tenant's results that are kept (429; a batch that comes to it fails).
    pub result_bytes_of_tenant: u64,
    /// Batches that are worked on at once.
    pub batches_at_once: usize,
    /// Days for which an ended batch is kept, where the tenant has no setting of its own.
    pub batch_days: u32,
    /// Files that are sent at once (503).
    pub uploads: usize,
    /// Files that are sent at once by one tenant (429).
    pub uploads_of_tenant: usize,
    /// How long the sending of a file may take (408).
    pub upload_time: Duration,
    /// Listeners to events at once, and as many downloads (503).
    pub listeners: usize,
    /// Listeners to events of one tenant at once, and as many downloads (429).
    pub listeners_of_tenant: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            body_bytes: 1 << 20,
            many_bytes: 32 << 20,
            parcels: 10_000,
            at_once: 1024,
            at_once_of_tenant: 768,
            time: Duration::from_secs(30),
            head_time: Duration::from_secs(10),
            connections: 4096,
            head_bytes: 32 << 10,
            batch_bytes: 512 << 20,
            batch_unpacked: 2 << 30,
            batch_parcels: 5_000_000,
            batch_entered: 100_000,
            batches_waiting: 100,
            waiting_bytes: 16 << 30,
            waiting_bytes_of_tenant: 4 << 30,
            result_bytes: 64 << 30,
            result_bytes_of_tenant: 16 << 30,
            batches_at_once: 2,
            batch_days: 30,
            uploads: 16,
            uploads_of_tenant: 4,
            upload_time: Duration::from_secs(30 * 60),
            listeners: 256,
            listeners_of_tenant: 32,
        }
    }
}
